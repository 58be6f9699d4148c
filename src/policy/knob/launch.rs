//! The launch of a zone: the knobs of its phases, of claims and of trademark proofs (RFC 8334).

use serde::{Deserialize, Serialize};

use crate::clock::Ts;

/// The launch of a zone. Without phases there is none: the zone is open to everybody, and takes no application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchPolicy {
    /// The phases, each a table: `phase`, `name` (of a sub-phase), `from` and `until` (RFC 3339), `form`, `claims`,
    /// `proof`, `models` and `labels`. Several may be in force at once; outside of them nothing can be registered.
    pub phases: Vec<LaunchPhase>,
    /// The forms of the check command that are answered; the others are 2307.
    pub checks: Vec<LaunchCheckForm>,
    /// Most marks of one create.
    pub max_marks: usize,
    /// Days after which the acceptance of a claims notice is too old.
    pub accepted_max_days: i64,
    /// Whether a signed mark is taken only while there is a revocation list of its certificates that is not over.
    pub crl_required: bool,
}

/// A phase of a launch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchPhase {
    /// What kind of phase it is.
    pub phase: LaunchPhaseKind,
    /// The sub-phase, or the name of a custom phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its first moment.
    pub from: Moment,
    /// The first moment after it; none: it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// What a create makes.
    pub form: LaunchForm,
    /// Whether a label with claims needs a claims notice.
    #[serde(default)]
    pub claims: bool,
    /// Whether a create proves a trademark.
    #[serde(default)]
    pub proof: ProofRule,
    /// How it may prove one.
    #[serde(default)]
    pub models: Vec<MarkModel>,
    /// The labels that can be had in it; none are named: all of them.
    #[serde(default)]
    pub labels: Vec<String>,
}

impl LaunchPhase {
    /// Whether it is in force at that moment.
    #[must_use]
    pub fn covers(&self, at: Ts) -> bool {
        self.from.0 <= at && self.until.is_none_or(|until| at < until.0)
    }

    /// Whether it is the phase of that kind and name.
    #[must_use]
    pub fn is(&self, kind: &str, name: Option<&str>) -> bool {
        self.phase.name() == kind && self.name.as_deref() == name
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident $rename:literal { $($(#[$about:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = $rename)]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// Its name in profiles.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// A kind of phase (RFC 8334 section 2.3).
    LaunchPhaseKind "lowercase" {
        /// Holders of trademarks.
        Sunrise = "sunrise",
        /// Everybody, with a way to choose among many.
        Landrush = "landrush",
        /// Everybody, who is told of claims first.
        Claims = "claims",
        /// The steady state.
        Open = "open",
        /// A phase of the registry's own, which has a name.
        Custom = "custom",
    }
}

words! {
    /// A form of the check command (RFC 8334 section 3.1).
    LaunchCheckForm "lowercase" {
        /// Which names need a claims notice.
        Claims = "claims",
        /// Which names can be had in a phase.
        Avail = "avail",
        /// Which names match a trademark.
        Trademark = "trademark",
    }
}

words! {
    /// What a create makes in a phase.
    LaunchForm "lowercase" {
        /// An application, of which the registry chooses.
        Application = "application",
        /// A registration: first come, first served.
        Registration = "registration",
    }
}

words! {
    /// How a create proves a trademark (RFC 8334 section 2.6).
    MarkModel "snake_case" {
        /// A code.
        Code = "code",
        /// What the mark is.
        Mark = "mark",
        /// Both.
        CodeWithMark = "code_with_mark",
        /// A signed mark, as XML or encoded.
        SignedMark = "signed_mark",
    }
}

/// Whether a create proves a trademark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofRule {
    /// It does not.
    #[default]
    None,
    /// It may.
    Optional,
    /// It must.
    Required,
}

/// A moment in a profile: RFC 3339, as `2026-12-01T00:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(pub Ts);

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let at: Result<jiff::Timestamp, _> = text.parse();
        at.map(|at| Self(Ts::from_timestamp(at)))
            .map_err(|_| format!("{text:?} is no moment; write it as \"2026-12-01T00:00:00Z\""))
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.0.timestamp().to_string()
    }
}
