//! The knobs of a zone: names, periods, contacts, hosts. Those of a domain's life are in [`life`](super::life).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::life::{
    AutoRenewPolicy, CalendarPolicy, DeletePolicy, ExpiryPolicy, GracePolicy, HoldPolicy, RenewPolicy,
    RestorePolicy, SubordinatePolicy,
};
use super::pending::{
    CreatePolicy, ManagementPolicy, RegistrantChangePolicy, TermsPolicy, VerificationPolicy,
    WaitingListPolicy,
};
use super::{
    Charset, CleanupPolicy, DnssecPolicy, FeePolicy, GluePolicy, IdnPolicy, LaunchPolicy, LocksPolicy,
    PostalRule, RefusalCode, TransferPolicy, TtlPolicy, WithdrawPolicy,
};

/// The rules of a zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZonePolicy {
    /// Labels.
    pub name: NamePolicy,
    /// Internationalised names.
    pub idn: IdnPolicy,
    /// Registration periods.
    pub period: PeriodPolicy,
    /// Name servers.
    pub ns: NsPolicy,
    /// Host objects.
    pub host: HostPolicy,
    /// Addresses of hosts below domains of this registry.
    pub glue: GluePolicy,
    /// DNSSEC data.
    pub dnssec: DnssecPolicy,
    /// Lifetimes of records.
    pub ttl: TtlPolicy,
    /// Contacts of a domain.
    pub contacts: ContactsPolicy,
    /// Contact objects.
    pub contact: ContactPolicy,
    /// Statuses.
    pub status: StatusPolicy,
    /// Days and months.
    pub calendar: CalendarPolicy,
    /// Renewal by command.
    pub renew: RenewPolicy,
    /// The end of a registration.
    pub expiry: ExpiryPolicy,
    /// Renewal by the registry.
    pub autorenew: AutoRenewPolicy,
    /// Locks.
    pub locks: LocksPolicy,
    /// Deletion by command.
    pub delete: DeletePolicy,
    /// Between deletion and purge.
    pub hold: HoldPolicy,
    /// Bringing a domain back.
    pub restore: RestorePolicy,
    /// Hosts below a domain that is deleted.
    pub subordinate: SubordinatePolicy,
    /// Grace periods.
    pub grace: GracePolicy,
    /// Transfers.
    pub transfer: TransferPolicy,
    /// Fees that a client agrees to.
    pub fee: FeePolicy,
    /// Giving domains back.
    pub withdraw: WithdrawPolicy,
    /// Authorization information.
    pub auth: AuthPolicy,
    /// Checks.
    pub check: CheckPolicy,
    /// Registrations.
    pub create: CreatePolicy,
    /// Management models.
    pub management: ManagementPolicy,
    /// Waiting lists.
    pub waiting_list: WaitingListPolicy,
    /// Acceptance of terms.
    pub terms: TermsPolicy,
    /// Control of identity.
    pub verification: VerificationPolicy,
    /// Change of registrant.
    pub registrant_change: RegistrantChangePolicy,
    /// The launch.
    pub launch: LaunchPolicy,
}

/// Labels directly below the zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamePolicy {
    /// Fewest characters of a label.
    pub min_len: usize,
    /// Most characters of a label.
    pub max_len: usize,
    /// Labels nobody can register.
    pub reserved: Vec<String>,
    /// Whether a name without its zone is taken (`foo` for `foo.example`), where the zone is the only one that does.
    pub suffix_optional: bool,
    /// The code when a label has more characters than any can have.
    pub overlong_code: RefusalCode,
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
    /// The code where it would end later.
    pub ahead_code: RefusalCode,
    /// The code where a period is longer or shorter.
    pub range_code: RefusalCode,
    /// The code where it is no number a period can have (1 to 99); asked of the server's profile.
    pub number_code: RefusalCode,
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
    /// The code when there are fewer.
    pub too_few_code: RefusalCode,
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
    /// Whether a host can be given another name; else 2102.
    pub rename: bool,
    /// Whether a host can have an administrator that is not its registrar, who has to agree; where registrants manage
    /// domains, they agree to hosts below theirs.
    pub ns_admin: bool,
    /// Days in which whoever has to agree can do so.
    pub ns_admin_days: i64,
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
    /// Whether contacts can be checked; else 2101.
    pub check: bool,
    /// Whether contacts can be deleted; else 2101.
    pub delete: bool,
    /// In which form postal information is taken.
    pub postal: PostalRule,
    /// Which characters postal information may have.
    pub charset: Charset,
    /// Characters postal information may not have beside those.
    pub banned_chars: Vec<char>,
    /// When one that no domain has is removed.
    pub cleanup: CleanupPolicy,
}

/// Statuses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusPolicy {
    /// Statuses a client may set on a domain.
    pub client_settable: Vec<String>,
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
    /// Wrong ones a registrar may try in a day (UTC) on one domain or contact; 0 for no bound.
    pub max_wrong_per_day: i64,
}

/// Checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckPolicy {
    /// Most names in one command.
    pub max_names: usize,
}
