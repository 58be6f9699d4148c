//! Replies as plain data. The flows make [`Reply`], the gate wraps it in a [`Response`],
//! [`encode`](super::encode) writes it. The data of poll messages are the same types, stored as JSON.
//!
//! Length: one list of what can be answered, with its data.

use serde::{Deserialize, Serialize};

use super::command::ContactRole;
use super::ns::{Ns, Services};
use super::types::{
    AddlEmail, Applied, ChangeData, ClTrid, ClaimsChecked, ContactId, ContactStatus, Disclose, DomainName,
    DomainStatus, FeeAnswer, HostAddrs, HostStatus, Lang, LaunchData, Maintenance, MaintenancePoll,
    Management, Phone, PostalForm, PostalInfo, RegistrarId, RgpStatus, RoId, SecDnsRecords, Secret,
    SecurityEvent, StatusSet, TokenOperation, TtlShown,
};
use crate::clock::Ts;
use crate::refusal::Refusal;

/// How a command ended, with the result code it is answered by (RFC 5730 section 3).
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// 1000, 1001, 1300, 1301 or 1500, with its data.
    Done(Reply),
    /// 2xxx.
    Refused(Refusal),
}

/// Everything one `<response>` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The result and its data.
    pub outcome: Outcome,
    /// Takes the place of the outcome's own code: the `x5xx` form when the session ends with this answer.
    pub code: u16,
    /// The client's transaction identifier.
    pub cltrid: Option<ClTrid>,
    /// Ours.
    pub svtrid: String,
    /// Language of the standard text.
    pub lang: Lang,
    /// What its reader named at login: an answer carries nothing else.
    pub services: Services,
}

/// What a successful command answers with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// 1000 and nothing else: update, delete that is done at once.
    Done,
    /// 1000 to a login, with what its client should know about its security (`loginSec:loginSecData`).
    LoggedIn(Vec<SecurityEvent>),
    /// 1001 and nothing else: a delete that takes its time.
    Pending,
    /// 1500.
    LoggedOut,
    /// 1300.
    NoMessages,
    /// 1301.
    Message(Box<Message>),
    /// 1000 after an ack: the id that was acknowledged and how many wait still.
    Acknowledged {
        /// The message's identifier.
        id: String,
        /// Messages left.
        count: u64,
    },
    /// `domain:chkData`
    DomainChecked(Vec<Checked>),
    /// `contact:chkData`
    ContactChecked(Vec<Checked>),
    /// `host:chkData`
    HostChecked(Vec<Checked>),
    /// `domain:infData`
    DomainInfo(Box<DomainData>),
    /// `contact:infData`
    ContactInfo(Box<ContactData>),
    /// `host:infData`
    HostInfo(Box<HostData>),
    /// What the account has.
    BalanceInfo(BalanceData),
    /// `maint:infData` with a list.
    MaintenanceList(Vec<Maintenance>),
    /// `maint:infData` with one item.
    MaintenanceItem(Box<Maintenance>),
    /// `domain:creData`
    DomainCreated {
        /// The domain.
        name: DomainName,
        /// When.
        created: Ts,
        /// Until when.
        expires: Ts,
        /// Whether the registry has yet to do it: 1001.
        #[serde(default)]
        pending: bool,
    },
    /// 1001: `domain:creData` of an application (`launch:creData`, RFC 8334).
    Applied(Box<Applied>),
    /// 1000 without an object: which names have claims (`launch:chkData`).
    ClaimsChecked(Box<ClaimsChecked>),
    /// `contact:creData`
    ContactCreated {
        /// The contact.
        id: ContactId,
        /// When.
        created: Ts,
    },
    /// `host:creData`
    HostCreated {
        /// The host.
        name: DomainName,
        /// When.
        created: Ts,
        /// Whether somebody has yet to agree: 1001.
        #[serde(default)]
        pending: bool,
    },
    /// `domain:renData`
    DomainRenewed {
        /// The domain.
        name: DomainName,
        /// Until when.
        expires: Ts,
    },
    /// 1000 to an update that restored a domain or asked for it, with the periods it is in now (`rgp:upData`).
    DomainRestored {
        /// The domain.
        name: DomainName,
        /// The periods, in the schema's order.
        rgp: Vec<RgpStatus>,
    },
    /// `domain:trnData`; 1001 to a request that waits, else 1000.
    DomainTransfer(TransferData<DomainName>),
    /// `contact:trnData`
    ContactTransfer(TransferData<ContactId>),
    /// One of the others, with what it says of fees (RFC 8748).
    WithFee(Box<Reply>, Box<FeeAnswer>),
}

impl Reply {
    /// It without what it says of fees: whoever looks for a kind of answer looks at this.
    #[must_use]
    pub fn plain(&self) -> &Self {
        match self {
            Self::WithFee(reply, _) => reply.plain(),
            plain => plain,
        }
    }

    /// What it says of fees.
    #[must_use]
    pub fn fee(&self) -> Option<&FeeAnswer> {
        match self {
            Self::WithFee(_, fee) => Some(fee),
            _ => None,
        }
    }

    /// The result code.
    #[must_use]
    pub fn code(&self) -> u16 {
        match self.plain() {
            Self::Pending
            | Self::Applied(_)
            | Self::DomainCreated { pending: true, .. }
            | Self::HostCreated { pending: true, .. } => 1001,
            Self::DomainTransfer(t) if t.answer_to_request && t.status == TransferStatus::Pending => 1001,
            Self::ContactTransfer(t) if t.answer_to_request && t.status == TransferStatus::Pending => 1001,
            Self::NoMessages => 1300,
            Self::Message(_) => 1301,
            Self::LoggedOut => 1500,
            _ => 1000,
        }
    }

    /// The data of its message, if it is one that has any.
    #[must_use]
    pub fn message_data(&self) -> Option<&MessageData> {
        match self.plain() {
            Self::Message(message) => message.data.as_ref(),
            _ => None,
        }
    }

    /// The domain it shows whole, in the answer to an info or in a message.
    #[must_use]
    pub fn domain_shown(&self) -> Option<&DomainData> {
        match (self.plain(), self.message_data()) {
            (Self::DomainInfo(data), _) | (_, Some(MessageData::DomainInfo(data))) => Some(data),
            _ => None,
        }
    }

    /// What it says of a launch: of the domain or application it shows, or of an application that ended.
    #[must_use]
    pub fn launch_shown(&self) -> Option<&LaunchData> {
        match self.message_data() {
            Some(MessageData::ApplicationEnded(ended)) => Some(&ended.launch),
            _ => self.domain_shown().and_then(|data| data.launch.as_ref()),
        }
    }

    /// The contact it shows whole, likewise.
    #[must_use]
    pub fn contact_shown(&self) -> Option<&ContactData> {
        match (self.plain(), self.message_data()) {
            (Self::ContactInfo(data), _) | (_, Some(MessageData::ContactInfo(data))) => Some(data),
            _ => None,
        }
    }
}

/// A queued message (RFC 5730 section 2.9.2.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its identifier, for the ack.
    pub id: String,
    /// Messages waiting, this one included.
    pub count: u64,
    /// When it was queued.
    pub queued: Ts,
    /// What happened, in words.
    pub text: String,
    /// What happened, as data of the moment it happened.
    pub data: Option<MessageData>,
    /// What was done to the object that the data show, where their reader did not do it (`changePoll:changeData`).
    #[serde(default)]
    pub change: Option<Box<ChangeData>>,
}

/// Data a message carries in `<resData>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageData {
    /// `domain:trnData`
    DomainTransfer(TransferData<DomainName>),
    /// `contact:trnData`
    ContactTransfer(TransferData<ContactId>),
    /// `domain:panData`
    DomainPending(PendingData<DomainName>),
    /// `contact:panData`
    ContactPending(PendingData<ContactId>),
    /// `host:panData`
    HostPending(PendingData<DomainName>),
    /// `domain:infData`
    DomainInfo(Box<DomainData>),
    /// `contact:infData`
    ContactInfo(Box<ContactData>),
    /// `host:infData`
    HostInfo(Box<HostData>),
    /// `maint:infData`, with why it is told.
    Maintenance(Box<Maintenance>, MaintenancePoll),
    /// `domain:panData` of an application, with `launch:infData` (RFC 8334 section 2.5).
    ApplicationEnded(Box<ApplicationEnd>),
}

impl MessageData {
    /// The namespace of its element.
    #[must_use]
    pub fn namespace(&self) -> Ns {
        match self {
            Self::DomainTransfer(_)
            | Self::DomainPending(_)
            | Self::DomainInfo(_)
            | Self::ApplicationEnded(_) => Ns::Domain,
            Self::ContactTransfer(_) | Self::ContactPending(_) | Self::ContactInfo(_) => Ns::Contact,
            Self::HostPending(_) | Self::HostInfo(_) => Ns::Host,
            Self::Maintenance(..) => Ns::Maintenance,
        }
    }
}

/// The end of an action that was answered with 1001 (`panData`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingData<N> {
    /// The object.
    pub name: N,
    /// Whether it succeeded.
    pub success: bool,
    /// The clTRID of the command that began it.
    pub cltrid: Option<String>,
    /// The svTRID of the command that began it.
    pub svtrid: String,
    /// When it ended.
    pub at: Ts,
}

/// The end of an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApplicationEnd {
    /// The create that made it.
    pub done: PendingData<DomainName>,
    /// Which it was, and how it ended.
    pub launch: LaunchData,
}

/// One answer of a check; the name or identifier as it is compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Domain or host name, or contact identifier.
    pub name: String,
    /// Why it is not available; at most 32 characters. `None` is available.
    pub unavailable: Option<String>,
}

/// How a transfer stands (`eppcom:trStatusType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the schema's names")]
pub enum TransferStatus {
    ClientApproved,
    ClientCancelled,
    ClientRejected,
    Pending,
    ServerApproved,
    ServerCancelled,
}

impl TransferStatus {
    /// In the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::ClientApproved,
        Self::ClientCancelled,
        Self::ClientRejected,
        Self::Pending,
        Self::ServerApproved,
        Self::ServerCancelled,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientApproved => "clientApproved",
            Self::ClientCancelled => "clientCancelled",
            Self::ClientRejected => "clientRejected",
            Self::Pending => "pending",
            Self::ServerApproved => "serverApproved",
            Self::ServerCancelled => "serverCancelled",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.name() == name)
    }
}

/// `trnData` of a domain or a contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferData<N> {
    /// The object.
    pub name: N,
    /// How it stands.
    pub status: TransferStatus,
    /// Who asked.
    pub requester: RegistrarId,
    /// When.
    pub requested: Ts,
    /// Who answers or answered.
    pub actor: RegistrarId,
    /// By when, or when.
    pub acted: Ts,
    /// Where the registration will end, or ends, if the transfer moves that.
    pub expires: Option<Ts>,
    /// Whether this answers the request itself, which is then 1001 while pending.
    #[serde(skip)]
    pub answer_to_request: bool,
}

/// `domain:infData`. What the asker may not see is left empty by the flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainData {
    /// The domain.
    pub name: DomainName,
    /// Its identifier.
    pub roid: RoId,
    /// Statuses, `ok` and `inactive` included where they hold.
    pub statuses: StatusSet<DomainStatus>,
    /// The holder.
    pub registrant: Option<ContactId>,
    /// Other contacts.
    pub contacts: Vec<(ContactRole, ContactId)>,
    /// Name servers as objects.
    pub ns_objects: Vec<DomainName>,
    /// Name servers as attributes; one of the two lists is empty.
    pub ns_attributes: Vec<(DomainName, HostAddrs)>,
    /// Subordinate hosts.
    pub hosts: Vec<DomainName>,
    /// The sponsor.
    pub sponsor: RegistrarId,
    /// The creator.
    pub creator: Option<RegistrarId>,
    /// When it was created.
    pub created: Option<Ts>,
    /// Who changed it last.
    pub updater: Option<RegistrarId>,
    /// When it was changed last.
    pub updated: Option<Ts>,
    /// When the registration ends.
    pub expires: Option<Ts>,
    /// When it was transferred last.
    pub transferred: Option<Ts>,
    /// Whether to show an empty `<domain:pw/>`: the sponsor learns that a password is set (RFC 9154).
    pub auth_set: bool,
    /// DNSSEC data, where there is any (`secDNS:infData`, RFC 5910).
    #[serde(default)]
    pub sec_dns: Option<SecDnsRecords>,
    /// The registry's periods the domain is in, in the schema's order (`rgp:infData`, RFC 3915).
    #[serde(default)]
    pub rgp: Vec<RgpStatus>,
    /// Lifetimes of records that were asked for (`ttl:infData`, RFC 9803).
    #[serde(default)]
    pub ttl: Vec<TtlShown>,
    /// What it has to do with a launch, where that was asked (`launch:infData`, RFC 8334).
    #[serde(default)]
    pub launch: Option<LaunchData>,
    /// The code of the registry's making, for who may have one made. Never part of a message.
    #[serde(skip)]
    pub token: Option<ShownToken>,
}

/// A code of the registry's making that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownToken {
    /// Its text.
    pub pw: Secret,
    /// What it is for.
    pub operation: TokenOperation,
    /// The first moment it opens nothing.
    pub expires: Ts,
}

/// `contact:infData`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactData {
    /// The contact.
    pub id: ContactId,
    /// Its identifier.
    pub roid: RoId,
    /// Statuses, `ok` and `linked` included where they hold.
    pub statuses: StatusSet<ContactStatus>,
    /// One or two postal forms.
    pub postal: Vec<(PostalForm, PostalInfo)>,
    /// Telephone.
    pub voice: Option<Phone>,
    /// Fax.
    pub fax: Option<Phone>,
    /// E-mail address.
    pub email: String,
    /// The sponsor.
    pub sponsor: RegistrarId,
    /// The creator.
    pub creator: RegistrarId,
    /// When it was created.
    pub created: Ts,
    /// Who changed it last.
    pub updater: Option<RegistrarId>,
    /// When it was changed last.
    pub updated: Option<Ts>,
    /// When it was transferred last.
    pub transferred: Option<Ts>,
    /// Whether to show an empty `<contact:pw/>`.
    pub auth_set: bool,
    /// Disclose preference.
    pub disclose: Option<Disclose>,
    /// A second e-mail address (RFC 9873).
    #[serde(default)]
    pub addl_email: Option<AddlEmail>,
}

/// `balance:infData`: amounts of the account's currency, with a decimal point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceData {
    /// How far below zero the balance may be.
    pub credit_limit: String,
    /// What the account has.
    pub balance: String,
    /// What it can still spend.
    pub available: String,
    /// The level below which it is told.
    pub threshold: String,
}

/// `host:infData`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostData {
    /// The host.
    pub name: DomainName,
    /// Its identifier.
    pub roid: RoId,
    /// Statuses, `ok` and `linked` included where they hold.
    pub statuses: StatusSet<HostStatus>,
    /// Addresses.
    pub addrs: HostAddrs,
    /// The sponsor.
    pub sponsor: RegistrarId,
    /// The creator.
    pub creator: RegistrarId,
    /// When it was created.
    pub created: Ts,
    /// Who changed it last.
    pub updater: Option<RegistrarId>,
    /// When it was changed last.
    pub updated: Option<Ts>,
    /// When it was transferred last.
    pub transferred: Option<Ts>,
    /// Lifetimes of records that were asked for (`ttl:infData`, RFC 9803).
    #[serde(default)]
    pub ttl: Vec<TtlShown>,
    /// The contact that administers it, where one was appointed; no XML of the RFCs carries it.
    #[serde(default)]
    pub admin: Option<ContactId>,
    /// Who manages it; no XML of the RFCs carries it.
    #[serde(default = "by_registrar")]
    pub management: Management,
}

/// Who managed what was noted before anybody else could.
fn by_registrar() -> Management {
    Management::Registrar
}

/// The greeting (RFC 5730 section 2.4).
#[derive(Clone, Debug, PartialEq)]
pub struct Greeting {
    /// Server name, 3 to 64 characters.
    pub server: String,
    /// Now.
    pub at: Ts,
    /// Languages.
    pub langs: Vec<Lang>,
    /// Object URIs.
    pub objects: Vec<&'static str>,
    /// Extension URIs.
    pub extensions: Vec<&'static str>,
}
