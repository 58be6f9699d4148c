//! Changes of objects that their sponsor did not make (RFC 8590).

use serde::{Deserialize, Serialize};

use super::Note;
use crate::clock::Ts;

/// What was done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the schema's names")]
pub enum ChangeOperation {
    Create,
    Delete,
    Renew,
    Transfer,
    Update,
    Restore,
    AutoRenew,
    AutoDelete,
    AutoPurge,
    Custom,
}

impl ChangeOperation {
    /// In the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Create,
        Self::Delete,
        Self::Renew,
        Self::Transfer,
        Self::Update,
        Self::Restore,
        Self::AutoRenew,
        Self::AutoDelete,
        Self::AutoPurge,
        Self::Custom,
    ];

    /// The name on the wire and in profiles.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Renew => "renew",
            Self::Transfer => "transfer",
            Self::Update => "update",
            Self::Restore => "restore",
            Self::AutoRenew => "autoRenew",
            Self::AutoDelete => "autoDelete",
            Self::AutoPurge => "autoPurge",
            Self::Custom => "custom",
        }
    }
}

/// The case behind a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseId {
    /// By which procedure.
    pub kind: CaseKind,
    /// Its number there.
    pub id: String,
}

/// A procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseKind {
    /// Uniform Domain-Name Dispute-Resolution Policy.
    Udrp,
    /// Uniform Rapid Suspension.
    Urs,
    /// Another, by its name.
    Custom(String),
}

impl CaseKind {
    /// The procedure of a name; what is no other is a custom one.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "udrp" => Self::Udrp,
            "urs" => Self::Urs,
            name => Self::Custom(name.to_owned()),
        }
    }

    /// The type on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Udrp => "udrp",
            Self::Urs => "urs",
            Self::Custom(_) => "custom",
        }
    }
}

/// Why the registry changes something, as far as a registrar is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// The case.
    pub case: Option<CaseId>,
    /// In words.
    pub reason: Option<Note>,
}

/// `changePoll:changeData`: what happened to the object that a message shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeData {
    /// Whether the message shows the object as it was; else as it is.
    pub before: bool,
    /// What was done.
    pub operation: ChangeOperation,
    /// Which kind of that; of a custom operation its name.
    pub op: Option<String>,
    /// When.
    pub at: Ts,
    /// The transaction it was done in.
    pub svtrid: String,
    /// Who did it.
    pub who: String,
    /// Why.
    #[serde(default)]
    pub grounds: Grounds,
}

impl ChangeData {
    /// `before` or `after`.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        if self.before { "before" } else { "after" }
    }
}
