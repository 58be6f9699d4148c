//! Transport and session: the knobs of one server.

use serde::{Deserialize, Serialize};

use super::ExtPolicy;
use super::{CltridPolicy, GreetingPolicy, MaintenancePolicy, Oversize};

/// Transport and session: the rules of one server, whatever zones it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerPolicy {
    /// Largest frame, its four length octets included.
    pub frame_max_bytes: u32,
    /// What a longer one is answered.
    pub frame_oversize: Oversize,
    /// TLS versions and client certificates.
    pub tls: TlsPolicy,
    /// Deadlines and caps.
    pub session: SessionPolicy,
    /// Extensions.
    pub ext: ExtPolicy,
    /// Transaction identifiers of clients.
    pub cltrid: CltridPolicy,
    /// The greeting.
    pub greeting: GreetingPolicy,
    /// Work on the service.
    pub maintenance: MaintenancePolicy,
}

/// TLS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsPolicy {
    /// The oldest protocol version.
    pub min_version: TlsVersion,
    /// Whether a client certificate is needed.
    pub client_cert: ClientCert,
    /// Whether a user without a pinned certificate may log in (with any certificate the transport let in).
    pub pin_required: bool,
}

/// A TLS version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TlsVersion {
    /// TLS 1.2 and later.
    #[serde(rename = "1.2")]
    V12,
    /// TLS 1.3 only.
    #[serde(rename = "1.3")]
    V13,
}

/// Whether a client certificate is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientCert {
    /// Without one the handshake fails.
    Required,
    /// One is checked when sent.
    Optional,
    /// None is asked for.
    None,
}

/// Deadlines and caps of sessions. Seconds; 0 never.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPolicy {
    /// From accept to the end of the TLS handshake.
    pub handshake_timeout_s: u64,
    /// From the greeting to a successful login.
    pub login_timeout_s: u64,
    /// From the first octet of a frame to its last, and for a reply to be taken by the peer.
    pub frame_timeout_s: u64,
    /// Without a frame after login.
    pub idle_timeout_s: u64,
    /// From accept to the end, whatever happens.
    pub max_lifetime_s: u64,
    /// Connections of one process.
    pub max_connections: usize,
    /// Connections of one address to one process.
    pub max_per_address: usize,
    /// Logged-in sessions of one account over all processes.
    pub max_per_account: u32,
    /// Failed logins on one connection before it is closed with 2501.
    pub login_attempts_per_connection: u32,
    /// Errors of one code in a row on one connection: the one that makes the number is the last, answered in its
    /// closing form.
    pub same_error_disconnect: u32,
    /// From the signal to stop until connections are cut.
    pub shutdown_grace_s: u64,
    /// Whether the last answer before the server stops says so: 1500 where it would be 1000. The schema has no such
    /// form of the other codes, so they stay as they are.
    pub shutdown_code_shift: bool,
}
