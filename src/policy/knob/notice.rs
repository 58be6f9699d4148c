//! How registrars are told what happens: poll, mail in its place, and how long what waits is kept.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Message queues (S24-S27, C15).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollPolicy {
    /// Whether a registrar has a poll switch. Without one `default_on` holds for everybody.
    pub opt_in: bool,
    /// Whether poll is on for a registrar that has not switched it.
    pub default_on: bool,
    /// What becomes of events while poll is off.
    pub fallback: PollFallback,
    /// Days a message waits to be acknowledged, and a mail to be sent; 0 for ever.
    pub retention_days: i64,
    /// The code of an acknowledgement of a message that is not there: 2303, or 2005.
    pub missing_ack_code: u16,
    /// Days after which a registrar that does not acknowledge its oldest message is told by mail, and again each time
    /// they have passed; 0 never.
    pub unack_reminder_days: i64,
}

/// What becomes of events while poll is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PollFallback {
    /// Nobody is told.
    None,
    /// Structured mail to the registrar's automated address.
    Mail,
}

/// Which notices there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifyPolicy {
    /// Kinds of notices nobody gets, by the names `domesday poll kinds` lists.
    pub disabled_kinds: BTreeSet<String>,
}

/// The log of logins (S85).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginLogPolicy {
    /// Days an attempt is kept; 0 for ever.
    pub retention_days: i64,
}
