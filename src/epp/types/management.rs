//! Who manages an object.

use serde::{Deserialize, Serialize};

/// Who manages a domain, contact or host: the registrar that sponsors it, or the registrant (S128).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Management {
    /// The registrar.
    Registrar,
    /// The registrant; a registrar does what a role of its own lets it do.
    Registrant,
}

impl Management {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Registrar, Self::Registrant];

    /// The name in the database, in profiles and to operators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registrar => "registrar",
            Self::Registrant => "registrant",
        }
    }

    /// The model of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|model| model.name() == name)
    }
}
