//! The commands of RFC 5730 to 5733 as plain data. [`decode`](super::decode) makes them, the flows run them.
//!
//! Length: one list of plain types, in which a command is found faster than in parts of it.

mod desk;
mod host;
mod own;

use jiff::civil::Date;
pub use own::{DomainAutoRenew, DomainReactivate, DomainRequestCode, DomainUndelete, HostAnswer};

use super::ext::Carried;
use super::types::{
    AddlEmail, AuthInfo, ClTrid, ContactId, ContactStatus, Disclose, DomainName, DomainStatus, FeeCheck,
    FeeGiven, HostAddrs, LaunchCheck, LaunchId, LaunchInfo, Launching, LoginSec, Management, NameFault, Note,
    Period, Phone, Postal, PostalForm, PostalInfo, RegistrarId, Restore, SecDnsData, SecDnsUpdate, Secret,
    Ttl, TtlView,
};
use crate::clock::Ts;
use crate::refusal::{Offender, Refusal};

pub use desk::{AddressChange, AddressList};
pub use host::{HostAddRem, HostCheck, HostCreate, HostDelete, HostInfo, HostUpdate};

/// What a frame asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// `<hello/>`
    Hello,
    /// `<command>`
    Command(Box<Envelope>),
}

/// A command with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The command.
    pub command: Command,
    /// Extension elements, in document order.
    pub extensions: Vec<Carried>,
    /// Extension elements whose namespace this server does not know, in document order.
    pub unknown_extensions: Vec<Offender>,
    /// The client's transaction identifier.
    pub cltrid: Option<ClTrid>,
}

/// A frame that could not become a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// Why; mostly 2000, 2001, 2005, 2100, 2101, 2102 or 2307.
    pub refusal: Refusal,
    /// The client's transaction identifier, where it could be read.
    pub cltrid: Option<ClTrid>,
    /// The name of the command as far as it was understood, for logs and audit (`domain:create`).
    pub name: &'static str,
}

/// One command.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "each variant is the command of its name in RFC 5730 to 5733, or of the desk"
)]
pub enum Command {
    Login(Login),
    Logout,
    PollRequest,
    PollAck(PollAck),
    DomainCheck(DomainCheck),
    DomainInfo(DomainInfo),
    DomainCreate(DomainCreate),
    DomainDelete(DomainDelete),
    DomainRenew(DomainRenew),
    DomainTransferQuery(DomainTransfer),
    DomainTransferRequest(DomainTransfer),
    DomainWithdraw(DomainWithdraw),
    DomainTransferApprove(DomainTransfer),
    DomainTransferReject(DomainTransfer),
    DomainTransferCancel(DomainTransfer),
    DomainUpdate(DomainUpdate),
    DomainUndelete(DomainUndelete),
    DomainReactivate(DomainReactivate),
    DomainAutoRenew(DomainAutoRenew),
    DomainRequestCode(DomainRequestCode),
    ContactCheck(ContactCheck),
    ContactInfo(ContactInfo),
    ContactCreate(ContactCreate),
    ContactDelete(ContactDelete),
    ContactTransferQuery(ContactTransfer),
    ContactTransferRequest(ContactTransfer),
    ContactTransferApprove(ContactTransfer),
    ContactTransferReject(ContactTransfer),
    ContactTransferCancel(ContactTransfer),
    ContactUpdate(ContactUpdate),
    HostCheck(HostCheck),
    HostInfo(HostInfo),
    HostCreate(HostCreate),
    HostDelete(HostDelete),
    HostUpdate(HostUpdate),
    HostAccept(HostAnswer),
    HostReject(HostAnswer),
    BalanceInfo,
    MaintenanceInfo(MaintenanceInfo),
    MoneyUnlock,
    HitpointsUnblock,
    AddressAdd(AddressChange),
    AddressRemove(AddressChange),
}

/// RFC 5730 section 2.9.1.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Login {
    /// The login name.
    pub user: RegistrarId,
    /// The password.
    pub pw: Secret,
    /// The password from the next login on.
    pub new_pw: Option<Secret>,
    /// As sent; the schema lets only `1.0` through.
    pub version: String,
    /// As sent.
    pub lang: String,
    /// Object service URIs.
    pub objects: Vec<String>,
    /// Extension URIs.
    pub extensions: Vec<String>,
    /// What stands beside the core (RFC 8807).
    pub sec: Option<LoginSec>,
}

/// RFC 5730 section 2.9.2.3, `op="ack"`.
#[derive(Clone, Debug, PartialEq)]
pub struct PollAck {
    /// The message; `None` when the attribute is missing, which is 2003.
    pub id: Option<String>,
}

/// A name in a check: what was sent, and the name it is, if it is one. A bad name makes its own answer
/// unavailable and leaves the others alone (RST epp-04).
#[derive(Clone, Debug, PartialEq)]
pub struct AskedName {
    /// The collapsed token as sent.
    pub raw: String,
    /// The name.
    pub name: Result<DomainName, NameFault>,
}

/// RFC 5731 section 3.1.1.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainCheck {
    /// In the order asked.
    pub names: Vec<AskedName>,
    /// An allocation token they are checked with (RFC 8495).
    pub allocation: Option<Secret>,
    /// What is asked of fees (RFC 8748).
    pub fee: Option<FeeCheck>,
    /// What of a launch is asked (RFC 8334).
    pub launch: Option<LaunchCheck>,
}

/// The `hosts` attribute of a domain info.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostsFilter {
    /// Delegated and subordinate.
    #[default]
    All,
    /// Delegated only.
    Delegated,
    /// Neither.
    None,
    /// Subordinate only.
    Subordinate,
}

/// RFC 5731 section 3.1.2.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainInfo {
    /// The domain.
    pub name: DomainName,
    /// Which hosts to list.
    pub hosts: HostsFilter,
    /// To see more than a stranger sees.
    pub auth: Option<AuthInfo>,
    /// Which lifetimes of records to show (RFC 9803).
    pub ttl: Option<TtlView>,
    /// Whether its allocation token is asked for (RFC 8495).
    pub allocation: bool,
    /// What of a launch is asked (RFC 8334).
    pub launch: Option<LaunchInfo>,
}

/// Name servers in one of the two forms (RFC 5731 section 1.1).
#[derive(Clone, Debug, PartialEq)]
pub enum NameServers {
    /// `domain:hostObj`
    Objects(Vec<DomainName>),
    /// `domain:hostAttr`
    Attributes(Vec<(DomainName, HostAddrs)>),
}

/// Role of a domain's contact; the registrant stands apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactRole {
    /// `admin`
    Admin,
    /// `billing`
    Billing,
    /// `tech`
    Tech,
}

impl ContactRole {
    /// In the schema's order.
    pub const ALL: &'static [Self] = &[Self::Admin, Self::Billing, Self::Tech];

    /// The attribute's value, also the form in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Billing => "billing",
            Self::Tech => "tech",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.name() == name)
    }
}

/// RFC 5731 section 3.2.1.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainCreate {
    /// The domain.
    pub name: DomainName,
    /// How long; the zone's default when absent.
    pub period: Option<Period>,
    /// Name servers.
    pub ns: Option<NameServers>,
    /// The holder.
    pub registrant: Option<ContactId>,
    /// Other contacts.
    pub contacts: Vec<(ContactRole, ContactId)>,
    /// The initial authorization information; empty leaves it unset.
    pub auth: AuthInfo,
    /// When the holder accepted the registry's terms, where the registrar asked for it.
    pub terms_accepted: Option<Ts>,
    /// DNSSEC data (RFC 5910).
    pub sec_dns: Option<SecDnsData>,
    /// Lifetimes of records (RFC 9803).
    pub ttl: Vec<Ttl>,
    /// The fee that is agreed to (RFC 8748).
    pub fee: Option<FeeGiven>,
    /// Who is to manage it; the default where it is not said.
    pub management: Option<Management>,
    /// An allocation token (RFC 8495).
    pub allocation: Option<Secret>,
    /// What it has to do with a launch (RFC 8334).
    pub launch: Option<Launching>,
}

impl DomainCreate {
    /// A create with nothing but what it needs.
    #[must_use]
    pub fn of(name: DomainName, auth: AuthInfo) -> Self {
        Self {
            name,
            period: None,
            ns: None,
            registrant: None,
            contacts: Vec::new(),
            auth,
            sec_dns: None,
            ttl: Vec::new(),
            fee: None,
            terms_accepted: None,
            management: None,
            allocation: None,
            launch: None,
        }
    }
}

/// RFC 5731 section 3.2.2.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainDelete {
    /// The domain.
    pub name: DomainName,
    /// The day it is to be deleted; today when absent or past. XML of the RFCs has none.
    pub on: Option<Date>,
    /// Whether a day that was named before may be replaced.
    pub overwrite: bool,
    /// The application that is withdrawn (RFC 8334); none: the domain is deleted.
    pub launch: Option<LaunchId>,
}

/// RFC 5731 section 3.2.3.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainRenew {
    /// The domain.
    pub name: DomainName,
    /// The day the registration ends now, which keeps a repeated renew from renewing twice.
    pub current_expiry: Date,
    /// How long; the zone's default when absent.
    pub period: Option<Period>,
    /// The fee that is agreed to (RFC 8748).
    pub fee: Option<FeeGiven>,
}

/// RFC 5731 sections 3.1.3 and 3.2.4; the operation is in the [`Command`] variant.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainTransfer {
    /// The domain.
    pub name: DomainName,
    /// What the transfer adds to the registration.
    pub period: Option<Period>,
    /// The authorization information.
    pub auth: Option<AuthInfo>,
    /// What a request gives anew; no XML of the standard carries it.
    pub anew: Option<Box<TransferAnew>>,
    /// An allocation token of a request (RFC 8495).
    pub allocation: Option<Secret>,
    /// The fee that is agreed to (RFC 8748).
    pub fee: Option<FeeGiven>,
}

/// What a transfer request gives anew, in zones where it may.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransferAnew {
    /// The holder.
    pub registrant: Option<NewRegistrant>,
    /// The contacts, which replace those there were; none: they are copied.
    pub contacts: Vec<(ContactRole, ContactId)>,
    /// The name servers, which replace those there were.
    pub ns: Option<NameServers>,
}

/// The holder after a transfer.
#[derive(Clone, Debug, PartialEq)]
pub enum NewRegistrant {
    /// A copy of the holder there was.
    Auto,
    /// That contact.
    Contact(ContactId),
}

/// Gives a domain back to the registry. No XML of the standard carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainWithdraw {
    /// The domain.
    pub name: DomainName,
}

/// The authorization information that asks for a transfer token, where the registry makes those.
pub const TRANSFER_KEYWORD: &str = "autotransfer";
/// The authorization information that asks for a token for a change of name servers.
pub const REDELEGATION_KEYWORD: &str = "autoredel";

/// What an update adds to or removes from a domain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DomainAddRem {
    /// Name servers.
    pub ns: Option<NameServers>,
    /// Contacts.
    pub contacts: Vec<(ContactRole, ContactId)>,
    /// Statuses.
    pub statuses: Vec<(DomainStatus, Option<Note>)>,
}

/// A change of authorization information; `None` inside is `<domain:null/>`.
pub type AuthChange = Option<AuthInfo>;

/// RFC 5731 section 3.2.5.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainUpdate {
    /// The domain.
    pub name: DomainName,
    /// `domain:add`
    pub add: Option<DomainAddRem>,
    /// `domain:rem`
    pub rem: Option<DomainAddRem>,
    /// Whether there was a `domain:chg`, even an empty one.
    pub chg: bool,
    /// The new registrant; `Some(None)` removes it.
    pub registrant: Option<Option<ContactId>>,
    /// The new authorization information.
    pub auth: Option<AuthChange>,
    /// DNSSEC data (RFC 5910).
    pub sec_dns: Option<SecDnsUpdate>,
    /// Lifetimes of records (RFC 9803).
    pub ttl: Vec<Ttl>,
    /// The restoration of a deleted domain (RFC 3915).
    pub restore: Option<Restore>,
    /// The fee that is agreed to (RFC 8748).
    pub fee: Option<FeeGiven>,
    /// When the new registrant accepted the registry's terms, where the registrar asked for it.
    pub terms_accepted: Option<Ts>,
    /// The application that is changed (RFC 8334); none: the domain is.
    pub launch: Option<LaunchId>,
}

impl DomainUpdate {
    /// An update of nothing.
    #[must_use]
    pub fn of(name: DomainName) -> Self {
        Self {
            name,
            add: None,
            rem: None,
            chg: false,
            registrant: None,
            auth: None,
            sec_dns: None,
            ttl: Vec::new(),
            restore: None,
            fee: None,
            terms_accepted: None,
            launch: None,
        }
    }
}

/// RFC 5733 section 3.1.1.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactCheck {
    /// In the order asked.
    pub ids: Vec<ContactId>,
}

/// RFC 5733 section 3.1.2.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactInfo {
    /// The contact.
    pub id: ContactId,
    /// To see a contact of another registrar.
    pub auth: Option<AuthInfo>,
}

/// RFC 5733 section 3.2.1.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactCreate {
    /// The identifier.
    pub id: ContactId,
    /// One or two postal forms.
    pub postal: Vec<(PostalForm, PostalInfo)>,
    /// Telephone.
    pub voice: Option<Phone>,
    /// Fax.
    pub fax: Option<Phone>,
    /// E-mail address.
    pub email: String,
    /// The initial authorization information; empty leaves it unset.
    pub auth: AuthInfo,
    /// Disclose preference.
    pub disclose: Option<Disclose>,
    /// Who is to manage it; the default where it is not said.
    pub management: Option<Management>,
    /// A second e-mail address (RFC 9873).
    pub addl_email: Option<AddlEmail>,
}

/// RFC 5733 section 3.2.2.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactDelete {
    /// The contact.
    pub id: ContactId,
}

/// RFC 5733 sections 3.1.3 and 3.2.4.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactTransfer {
    /// The contact.
    pub id: ContactId,
    /// The authorization information.
    pub auth: Option<AuthInfo>,
}

/// A change of one postal form: what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PostalChange {
    /// Name.
    pub name: Option<String>,
    /// Organisation; an empty text removes it.
    pub org: Option<String>,
    /// Address, replaced whole.
    pub addr: Option<Postal>,
}

/// RFC 5733 section 3.2.5.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactUpdate {
    /// The contact.
    pub id: ContactId,
    /// Statuses to add.
    pub add: Vec<(ContactStatus, Option<Note>)>,
    /// Statuses to remove.
    pub rem: Vec<(ContactStatus, Option<Note>)>,
    /// Whether there was a `contact:chg`, even an empty one.
    pub chg: bool,
    /// Postal forms to change or to add.
    pub postal: Vec<(PostalForm, PostalChange)>,
    /// Telephone; an empty number removes it.
    pub voice: Option<Phone>,
    /// Fax; an empty number removes it.
    pub fax: Option<Phone>,
    /// E-mail address.
    pub email: Option<String>,
    /// The new authorization information; an empty one unsets it.
    pub auth: Option<AuthInfo>,
    /// Disclose preference.
    pub disclose: Option<Disclose>,
    /// The second e-mail address (RFC 9873).
    pub addl_email: Option<AddlEmail>,
}

/// RFC 9167 section 4.1.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaintenanceInfo {
    /// What is not over.
    List,
    /// One, by its identifier.
    Item(String),
}
