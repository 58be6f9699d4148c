//! Access and credentials: the knobs of the accounts on one server.

use serde::{Deserialize, Serialize};

use super::{
    BillPolicy, ChangePollPolicy, CharClass, HitPolicy, IdentityPolicy, LoginLogPolicy, LoginSecPolicy,
    NotifyPolicy, PollPolicy, ProtectedPolicy, RateRule, RolesPolicy, ThrottlePolicy,
};

/// Access and credentials: the rules of the accounts on one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountPolicy {
    /// Address list for EPP (S28-S31).
    pub epp_acl: AclPolicy,
    /// Passwords of EPP users.
    pub epp_pw: PasswordPolicy,
    /// Address list for the portal (S32-S35).
    pub web_acl: AclPolicy,
    /// Passwords for the portal (S83).
    pub web_pw: PasswordPolicy,
    /// Which users an account has (S102-S107, C33).
    pub identity: IdentityPolicy,
    /// What a login is told of its own security, and when a password is too old.
    pub login_sec: LoginSecPolicy,
    /// When failed logins are answered without being tried.
    pub login_throttle: ThrottlePolicy,
    /// How much may be asked in a time.
    pub rate: Vec<RateRule>,
    /// How much of the zone may be changed in a day.
    pub protected: ProtectedPolicy,
    /// What meta-roles allow (S185).
    pub roles: RolesPolicy,
    /// Hitpoints.
    pub hit: HitPolicy,
    /// Money (S178-S183).
    pub bill: BillPolicy,
    /// Message queues.
    pub poll: PollPolicy,
    /// Changes of its objects that a registrar did not make itself.
    pub change_poll: ChangePollPolicy,
    /// Which notices there are.
    pub notify: NotifyPolicy,
    /// The log of logins.
    pub login_log: LoginLogPolicy,
}

/// Address list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AclPolicy {
    /// Most entries of one account; 0 for no bound.
    pub max_entries: u32,
    /// Shortest IPv4 prefix.
    pub min_prefix_v4: u8,
    /// Shortest IPv6 prefix.
    pub min_prefix_v6: u8,
    /// Whether entries are of the public internet only.
    pub public_only: bool,
    /// What an account without entries means.
    pub empty_means: EmptyMeans,
    /// Where the list is asked. At `accept` an address nobody lists is turned away before TLS; who comes is not known
    /// yet, so it is the server's profile that says so.
    pub check_at: Vec<AclMoment>,
    /// Who makes the first entry.
    pub first_entry_by: FirstEntryBy,
}

/// Who makes the first entry of an address list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstEntryBy {
    /// The registrar, as every other.
    #[serde(rename = "self")]
    Registrar,
    /// The registry.
    Operator,
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
    /// The kinds there must be.
    pub require: Vec<CharClass>,
    /// Whether a new password must differ from the old one.
    pub differs_from_old: bool,
}
