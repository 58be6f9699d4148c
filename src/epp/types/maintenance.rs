//! Work on the service that the registry announces (RFC 9167).

use serde::{Deserialize, Serialize};

use super::DomainName;
use crate::clock::Ts;

/// Work on the service, as its item shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// Of which kinds it is, in English.
    pub types: Vec<String>,
    /// What it touches, at least one thing.
    pub systems: Vec<MaintenanceSystem>,
    /// Where.
    pub environment: MaintenanceEnvironment,
    /// When it begins.
    pub starts: Ts,
    /// When it ends.
    pub ends: Ts,
    /// Whether it could not wait.
    pub emergency: bool,
    /// A page with more of it.
    pub detail: Option<String>,
    /// What it is, in languages.
    pub descriptions: Vec<MaintenanceText>,
    /// Which zones; none: all.
    pub tlds: Vec<DomainName>,
    /// Whether clients have to connect anew, and whether they have to change.
    pub intervention: Option<(bool, bool)>,
    /// When it was announced.
    pub created: Ts,
    /// When that was changed last.
    pub updated: Option<Ts>,
}

/// A system that is touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceSystem {
    /// As people call it: `EPP`.
    pub name: String,
    /// The host, by name or address.
    pub host: Option<String>,
    /// How much.
    pub impact: MaintenanceImpact,
}

/// A text in a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceText {
    /// The language's tag.
    pub lang: String,
    /// The text.
    pub text: String,
}

/// Makes an enum of the schema's words.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[expect(missing_docs, reason = "the schema's words")]
        pub enum $name { $($variant,)* }

        impl $name {
            /// In the schema's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $word,)* } }

            /// What that word stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == word)
            }
        }
    )*};
}

words! {
    /// How much of a system is away.
    MaintenanceImpact { None = "none", Partial = "partial", Full = "full", }
    /// Why a message tells of it.
    MaintenancePoll {
        Create = "create",
        Update = "update",
        Delete = "delete",
        Courtesy = "courtesy",
        End = "end",
    }
}

/// An environment of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaintenanceEnvironment {
    /// The one that counts.
    Production,
    /// Operational test and evaluation.
    Ote,
    /// Staging.
    Staging,
    /// Development.
    Dev,
    /// Another, by its name.
    Custom(String),
}

impl MaintenanceEnvironment {
    /// The word of its type on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Ote => "ote",
            Self::Staging => "staging",
            Self::Dev => "dev",
            Self::Custom(_) => "custom",
        }
    }

    /// The environment of that word, or of that name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let known = [Self::Production, Self::Ote, Self::Staging, Self::Dev];
        known.into_iter().find(|known| known.name() == name).unwrap_or_else(|| Self::Custom(name.to_owned()))
    }
}
