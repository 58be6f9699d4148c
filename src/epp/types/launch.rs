//! Launch phases (RFC 8334): what commands say of them, and what answers do.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{DomainName, Secret};
use crate::clock::Ts;
use crate::epp::smd::{Mark, SignedMark};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// In the schema's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the wire and in the database.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The one of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

words! {
    /// A kind of phase (section 2.3).
    PhaseKind {
        /// `sunrise`
        Sunrise = "sunrise",
        /// `landrush`
        Landrush = "landrush",
        /// `claims`
        Claims = "claims",
        /// `open`
        Open = "open",
        /// `custom`
        Custom = "custom",
    }
}

words! {
    /// How an application stands (section 2.4).
    ApplicationStatus {
        /// It has to be looked at.
        PendingValidation = "pendingValidation",
        /// It follows the rules.
        Validated = "validated",
        /// It does not; a change may mend it.
        Invalid = "invalid",
        /// It waits to be chosen.
        PendingAllocation = "pendingAllocation",
        /// The domain is registered.
        Allocated = "allocated",
        /// It will not be.
        Rejected = "rejected",
        /// What its name says.
        Custom = "custom",
    }
}

impl ApplicationStatus {
    /// Whether it ends there.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Allocated | Self::Rejected)
    }
}

words! {
    /// A form of the check (section 3.1).
    CheckForm {
        /// Which names need a claims notice.
        Claims = "claims",
        /// Which names can be had in a phase.
        Avail = "avail",
        /// Which names match a trademark.
        Trademark = "trademark",
    }
}

words! {
    /// What a create makes (section 3.3.1).
    LaunchObject {
        /// An application.
        Application = "application",
        /// A registration.
        Registration = "registration",
    }
}

/// A phase as a client or the registry names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchPhaseName {
    /// Its kind.
    pub kind: PhaseKind,
    /// Its sub-phase, or its whole name where it is a custom one.
    pub name: Option<String>,
}

impl fmt::Display for LaunchPhaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            None => f.write_str(self.kind.name()),
            Some(name) => write!(f, "{} ({name})", self.kind.name()),
        }
    }
}

/// `launch:check`
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchCheck {
    /// The form.
    pub form: CheckForm,
    /// The phase that is meant.
    pub phase: Option<LaunchPhaseName>,
}

/// `launch:info`
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchInfo {
    /// The phase that is meant.
    pub phase: LaunchPhaseName,
    /// The application; none: the domain.
    pub application: Option<String>,
    /// Whether the marks are to be shown.
    pub include_mark: bool,
}

/// An application as an update, a delete or an answer names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchId {
    /// Its phase.
    pub phase: LaunchPhaseName,
    /// Its identifier.
    pub application: String,
}

/// `launch:create`
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchCreate {
    /// The phase that is meant.
    pub phase: LaunchPhaseName,
    /// What is expected to be made.
    pub object: Option<LaunchObject>,
    /// Proofs of a trademark, all of one kind.
    pub proofs: Vec<Proof>,
    /// Claims notices.
    pub notices: Vec<ClaimsNotice>,
}

/// What a create has to do with a launch.
#[derive(Clone, Debug, PartialEq)]
pub enum Launching {
    /// The client says so.
    Asked(Box<LaunchCreate>),
    /// The registry allocates that application.
    Granted(i64),
}

/// A proof of a trademark (section 2.6).
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// `launch:codeMark`
    CodeMark {
        /// A secret of the mark, and whose.
        code: Option<MarkCode>,
        /// What the mark is.
        mark: Option<Mark>,
    },
    /// `smd:signedMark`, or one that was encoded; nothing of it is verified yet.
    Signed(SignedMark),
}

/// A code of a mark: a secret that a validator knows.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkCode {
    /// The code.
    pub code: Secret,
    /// Who knows it.
    pub validator: Option<String>,
}

/// `launch:notice`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimsNotice {
    /// Its identifier.
    pub id: String,
    /// Whose it is; none: the trademark clearinghouse.
    pub validator: Option<String>,
    /// Until when it can be used.
    pub not_after: Ts,
    /// When the holder accepted it.
    pub accepted: Ts,
}

/// The validator that is meant where none is named (section 2.2).
pub const CLEARINGHOUSE: &str = "tmch";

/// `launch:chkData`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimsChecked {
    /// The phase, as it was asked.
    pub phase: Option<LaunchPhaseName>,
    /// In the order asked.
    pub names: Vec<Claimed>,
}

/// Whether a name has claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claimed {
    /// As it was asked.
    pub name: String,
    /// Whether there are.
    pub exists: bool,
    /// Validators and their keys.
    pub keys: Vec<(String, String)>,
}

/// `launch:infData`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaunchData {
    /// The phase.
    pub phase: LaunchPhaseName,
    /// The application, where it is one.
    pub application: Option<String>,
    /// How it stands.
    pub status: Option<LaunchStatus>,
    /// Its marks, where they were asked for.
    pub marks: Vec<Mark>,
}

/// How an application stands, with words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchStatus {
    /// The status.
    pub status: ApplicationStatus,
    /// The name of a custom one.
    pub name: Option<String>,
    /// Why, in English.
    pub note: Option<String>,
}

/// `creData` of an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Applied {
    /// The name it is for.
    pub name: DomainName,
    /// When.
    pub created: Ts,
    /// Which application it is.
    pub id: LaunchId,
}
