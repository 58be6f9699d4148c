//! The knobs of what waits for somebody: acceptance of terms, control of identity, change of registrant.

use serde::{Deserialize, Serialize};

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
