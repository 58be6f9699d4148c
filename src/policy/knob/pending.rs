//! The knobs of what waits for somebody: acceptance of terms, control of identity, change of registrant.

use serde::{Deserialize, Serialize};

/// Registrations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreatePolicy {
    /// Done at once, or answered with 1001 and done by the registry later.
    pub mode: CreateMode,
    /// Seconds after which the registry completes by itself what waits for nobody else; 0: at its next pass over timed
    /// work.
    pub complete_after_s: i64,
    /// Whether the number of a registration that waits stands behind the svTRID of its answer; asked of the server's
    /// profile.
    pub tracking_no: bool,
    /// Whether a domain that its registrar manages has contacts beside the registrant; else a create that names some
    /// is refused.
    pub registrar_managed_contacts: bool,
}

/// When a registration is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateMode {
    /// By the command.
    Sync,
    /// Later; a message tells how it ended.
    Async,
}

/// Waiting lists for names that are registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingListPolicy {
    /// Whether there are any.
    pub enabled: bool,
    /// Days the first has to accept the offer of a name that became free.
    pub offer_days: i64,
    /// Days the token is good that accepting gives.
    pub token_days: i64,
    /// Hexadecimal digits of that token.
    pub token_digits: usize,
}

/// Who manages objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagementPolicy {
    /// The models there are: `registrar`, and where registrants manage domains of their own, `registrant`.
    pub models: Vec<String>,
    /// The one of them that holds where neither the command nor the account says one.
    pub default: String,
}

/// How the holder of a domain changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrantChangePolicy {
    /// By an update at once, by an update that may wait for terms and identity, or by a transfer only.
    pub mode: RegistrantChangeMode,
}

/// How the holder of a domain changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrantChangeMode {
    /// An update changes it at once, along with anything else.
    Update,
    /// Only a transfer does; an update that names a registrant is refused.
    Transfer,
    /// An update asks for it, alone in its command; it is done once nothing is missing.
    Async,
}

/// The registry's terms, which a holder accepts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsPolicy {
    /// Whether a command can say when the holder accepted; without it the registry asks the holder.
    pub token: TermsToken,
    /// Days an acceptance may lie back.
    pub past_days: i64,
    /// Hours it may lie ahead, for clocks that differ.
    pub future_hours: i64,
    /// Days the holder has when the registry asks.
    pub accept_days: i64,
}

/// Whether a command says when the terms were accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermsToken {
    /// Nobody is asked for an acceptance.
    Off,
    /// A command may say it; the registry asks where it does not.
    Optional,
    /// A registration must say it.
    Required,
}

/// The control of holders' identities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerificationPolicy {
    /// Whose identity is controlled.
    pub checked: Checked,
    /// The country whose holders are controlled where only those are (ISO 3166-1, two letters).
    pub home_country: String,
    /// Days a holder has to prove an identity.
    pub days: i64,
    /// How a registration is assessed whose holder has yet to prove an identity; it decides whether the domain is
    /// active meanwhile.
    pub risk: Risk,
}

/// How a registration is assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Risk {
    /// Active, and nothing is asked.
    #[serde(rename = "green")]
    Green,
    /// Active, and an identity is asked for.
    #[serde(rename = "yellow")]
    Yellow,
    /// Not active before the identity is proven.
    #[serde(rename = "blue")]
    Blue,
    /// Not active before the identity is proven.
    #[serde(rename = "red")]
    Red,
    /// Not assessed, and not active before the identity is proven.
    #[serde(rename = "n/a")]
    NotAssessed,
}

impl Risk {
    /// Every assessment.
    pub const ALL: &'static [Self] = &[Self::Green, Self::Yellow, Self::Blue, Self::Red, Self::NotAssessed];

    /// The name in messages and to operators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "GREEN",
            Self::Yellow => "YELLOW",
            Self::Blue => "BLUE",
            Self::Red => "RED",
            Self::NotAssessed => "N/A",
        }
    }

    /// The assessment of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|risk| risk.name().eq_ignore_ascii_case(name))
    }

    /// Whether the domain is published before an identity is proven.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Green | Self::Yellow)
    }
}

/// Whose identity is controlled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// Nobody's.
    Nobody,
    /// That of holders in the registry's own country.
    Home,
    /// Everybody's.
    Everybody,
}
