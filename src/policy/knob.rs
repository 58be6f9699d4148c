//! The knobs of a profile (requirements section 4.2), as far as they are used. Names follow the registries' terms;
//! units are in the names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::CodePoints;

/// A profile whole: what one file says after everything it extends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    pub id: String,
    /// Transport and session.
    pub server: ServerPolicy,
    /// Access and credentials.
    pub account: AccountPolicy,
    /// Names, periods, contacts, hosts, life cycle.
    pub zone: ZonePolicy,
}

/// Transport and session: the rules of one server, whatever zones it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerPolicy {
    /// Largest frame, its four length octets included.
    pub frame_max_bytes: u32,
    /// TLS versions and client certificates.
    pub tls: TlsPolicy,
    /// Deadlines and caps.
    pub session: SessionPolicy,
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
    /// From the signal to stop until connections are cut.
    pub shutdown_grace_s: u64,
}

/// Access and credentials: the rules of the accounts on one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountPolicy {
    /// Address list for EPP (S28-S31).
    pub epp_acl: AclPolicy,
    /// Passwords of EPP users.
    pub epp_pw: PasswordPolicy,
}

/// Address list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AclPolicy {
    /// Most entries of one account.
    pub max_entries: u32,
    /// Shortest IPv4 prefix.
    pub min_prefix_v4: u8,
    /// Shortest IPv6 prefix.
    pub min_prefix_v6: u8,
    /// What an account without entries means.
    pub empty_means: EmptyMeans,
    /// Where the list is asked. At `accept` an address nobody lists is turned away before TLS.
    pub check_at: Vec<AclMoment>,
}

/// What an empty address list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyMeans {
    /// No address may.
    Deny,
    /// Every address may.
    Allow,
}

/// When an address list is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AclMoment {
    /// When the connection arrives.
    Accept,
    /// At login.
    Login,
    /// At every command: a removed address ends live sessions too.
    Command,
}

/// Password rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Fewest characters.
    pub min_len: usize,
    /// Most characters.
    pub max_len: usize,
    /// Of upper case, lower case, digits and others, how many kinds at least.
    pub min_classes: u8,
    /// Whether a new password must differ from the old one.
    pub differs_from_old: bool,
}

/// The rules of a zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZonePolicy {
    /// Labels.
    pub name: NamePolicy,
    /// Registration periods.
    pub period: PeriodPolicy,
    /// Name servers.
    pub ns: NsPolicy,
    /// Host objects and glue.
    pub host: HostPolicy,
    /// Contacts of a domain.
    pub contacts: ContactsPolicy,
    /// Contact objects.
    pub contact: ContactPolicy,
    /// Statuses.
    pub status: StatusPolicy,
    /// Deletion and what follows.
    pub delete: DeletePolicy,
    /// Grace periods.
    pub grace: GracePolicy,
    /// Transfers.
    pub transfer: TransferPolicy,
    /// Authorization information.
    pub auth: AuthPolicy,
    /// Checks.
    pub check: CheckPolicy,
}

/// Labels directly below the zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamePolicy {
    /// Fewest characters of a label.
    pub min_len: usize,
    /// Most characters of a label.
    pub max_len: usize,
    /// Code points beyond letters, digits and hyphen: single characters and ranges (`"à-ö"`). Empty: no
    /// internationalised names.
    pub code_points: CodePoints,
    /// Labels nobody can register.
    pub reserved: Vec<String>,
}

/// Registration periods, in years unless said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodPolicy {
    /// Shortest.
    pub min_years: u8,
    /// Longest.
    pub max_years: u8,
    /// When the command names none.
    pub default_years: u8,
    /// Whether unit `m` is taken, in whole years.
    pub months_accepted: bool,
    /// How far ahead a registration may end.
    pub max_ahead_months: i32,
}

/// Name servers of a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NsPolicy {
    /// Host objects or host attributes.
    pub mode: NsMode,
    /// Fewest.
    pub min: usize,
    /// Most.
    pub max: usize,
}

/// The form of name servers (RFC 5731 section 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NsMode {
    /// `domain:hostObj`
    HostObj,
    /// `domain:hostAttr`
    HostAttr,
}

/// Host objects and glue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostPolicy {
    /// Most addresses of one host.
    pub max_addrs: usize,
    /// Whether only addresses of the public internet are taken.
    pub public_addr_only: bool,
    /// Whether the address ranges set aside for documentation (RFC 5737, RFC 3849) count as public.
    pub documentation_addr: bool,
    /// Whether a host may be created below a domain of another registrar.
    pub below_foreign_domain: bool,
}

/// Contacts of a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactsPolicy {
    /// Whether a registrant is required.
    pub registrant_required: bool,
    /// Bounds by role; a role that is not listed, or has at most 0, is not used.
    pub roles: BTreeMap<String, RoleBounds>,
}

/// How many contacts of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleBounds {
    /// Fewest.
    pub min: usize,
    /// Most.
    pub max: usize,
}

/// Contact objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactPolicy {
    /// Whether a disclose preference is taken; else 2308 (RFC 5733 section 2.9).
    pub disclose: bool,
    /// Beginnings of identifiers the registry keeps to itself, in lower case.
    pub id_forbidden_prefix: Vec<String>,
    /// Whether contacts can be transferred; else 2101.
    pub transfer: bool,
}

/// Statuses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusPolicy {
    /// Statuses a client may set on a domain.
    pub client_settable: Vec<String>,
}

/// Deletion and what follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeletePolicy {
    /// Days a deleted domain can be restored.
    pub redemption_days: i64,
    /// Days after that until it is purged.
    pub pending_delete_days: i64,
}

/// Grace periods, in days; 0 has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GracePolicy {
    /// After create: a delete purges at once.
    pub add_days: i64,
}

/// Transfers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferPolicy {
    /// Whether a request waits for the losing registrar or is done at once.
    pub mode: TransferMode,
    /// Days until the server approves by itself.
    pub auto_approve_days: i64,
    /// Years a transfer adds when the command names no period.
    pub adds_years: u8,
    /// Days after create and after a transfer in which none is taken.
    pub lock_days: i64,
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

/// Authorization information.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthPolicy {
    /// Fewest characters of one that is not empty.
    pub min_len: usize,
    /// Most characters.
    pub max_len: usize,
    /// Of upper case, lower case, digits and others, how many kinds at least.
    pub min_classes: u8,
}

/// Checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckPolicy {
    /// Most names in one command.
    pub max_names: usize,
}
