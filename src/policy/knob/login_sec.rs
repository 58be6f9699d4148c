//! What a login is told of its own security (RFC 8807), and when a password is too old.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The security of logins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginSecPolicy {
    /// Days a password for EPP is good for; 0 for ever.
    pub pw_max_age_days: i64,
    /// Days before that from which its user is warned.
    pub pw_warn_days: i64,
    /// What an older password opens.
    pub pw_expired: Expired,
    /// Days before the end of a client certificate, or of its registration, from which its user is warned; 0 never.
    pub certificate_warn_days: i64,
    /// Cipher suites that are warned of, by the names of the IANA's list.
    pub weak_ciphers: BTreeSet<String>,
    /// Versions of TLS that are warned of: `TLSv1.2`.
    pub weak_protocols: BTreeSet<String>,
    /// Failed logins with the name from which on its user is warned; 0 never.
    pub failed_warn: u32,
    /// The time they are counted in.
    pub failed_window_s: i64,
}

/// What a password that is too old opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expired {
    /// Nothing but its own change.
    Refuse,
    /// Everything, with an error told.
    Warn,
}
