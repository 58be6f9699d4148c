//! The knobs of transfers: which commands there are, what opens a domain to another registrar, and what goes along.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::CodeFormat;
use super::user::named;

/// Transfers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferPolicy {
    /// Whether a request waits for the losing registrar or is done at once.
    pub mode: TransferMode,
    /// The commands there are; another is 2102, and any is 2101 where there is none.
    pub ops: BTreeSet<TransferOp>,
    /// Days until the server approves by itself.
    pub auto_approve_days: i64,
    /// Years a transfer adds when the command names no period.
    pub adds_years: u8,
    /// Whether those years begin at the transfer, and not where the registration would have ended.
    pub restarts_period: bool,
    /// Days after create and after a transfer in which none is taken.
    pub lock_days: i64,
    /// What opens a domain to another registrar.
    pub code: CodePolicy,
    /// Whether a domain's name servers can be changed by another registrar with a token for that.
    pub redelegation_token: bool,
    /// What becomes of the contacts.
    pub contacts: TransferContacts,
    /// Whether a deleted domain can be transferred while it is kept.
    pub from_hold: bool,
    /// Who needs no code.
    pub without_code: WithoutCode,
}

named! {
    /// A transfer command, by its `op`.
    TransferOp {
        /// Ask for a domain.
        Request = "request",
        /// Ask how a transfer stands.
        Query = "query",
        /// Agree.
        Approve = "approve",
        /// Refuse.
        Reject = "reject",
        /// Take a request back.
        Cancel = "cancel",
    }
}

/// How a transfer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferMode {
    /// It waits for the losing registrar.
    Pending,
    /// The authorization information is consent enough.
    Immediate,
}

/// What opens a domain to another registrar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodePolicy {
    /// Who makes it, and how it comes to whom.
    pub kind: CodeKind,
    /// How one of the registry's making is written: text with `{role}`, `{op}`, `{hexN}` (N digits of base 16) and
    /// `{digitsN}` in it. Not used with `client_set`, whose form `zone.auth` says.
    pub format: CodeFormat,
    /// Days one of the registry's making lives.
    pub ttl_days: i64,
    /// Whether asking again for a mailed code lets it live `ttl_days` from then on.
    pub extend_on_resend: bool,
    /// How often a mailed code is sent.
    pub max_mails: i64,
    /// Most characters of the address a mailed code may come with.
    pub url_max: usize,
}

/// Who makes the code, and how it comes to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// The sponsor sets it, as RFC 5731 has it; it lives until it is changed.
    ClientSet,
    /// The registry makes it when a registrar asks, and mails it to the registrant.
    MailedCode,
    /// The registry makes it when the sponsor asks, and shows it to the sponsor.
    RegistryToken,
}

/// What becomes of a domain's contacts when it is transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferContacts {
    /// They stay linked, and the losing registrar's.
    Keep,
    /// Copies of all of them that belong to the gaining registrar take their place.
    Clone,
    /// A copy of the registrant takes its place; the other contacts go.
    CloneRegistrant,
    /// The request names them; who is not named is copied.
    Respecify,
}

/// Whose transfer request needs no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutCode {
    /// Nobody's.
    Never,
    /// That of the registrar whose hosts all the name servers of the domain are.
    LinkedNsAdmin,
}

/// A registrar gives a domain back to the registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawPolicy {
    /// Whether a registrar can give a domain back to the registry.
    pub enabled: bool,
}
