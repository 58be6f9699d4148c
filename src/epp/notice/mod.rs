//! What a registrar is told of: one closed catalogue, whatever the channel (a poll message or a mail).
//!
//! ```text
//! application the notices of applications in a launch, whole
//! audience  who a kind is for
//! contact   contacts that the registry removes
//! code      the mail that brings a transfer code, which is to no registrar
//! kind      every kind: its number in the catalogue, its tag, its words and its trigger
//! letter    a notice as mail
//! maintenance  work on the service, with all of that in one file
//! mailing   what the operator writes to registrars
//! changed   what others did to an object, with all of that in one file
//! operator  what the registry does to a domain, with all of that in one file
//! text      a notice in words, in every language of ours
//! hosts     what happens to hosts, whole
//! fields    a notice as KEY: value pairs, for mail and for machines
//! waiting   the notices of what was asked for and done later, whole
//! sample    one notice of every kind, for `domesday poll kinds`
//! ```
//!
//! # Adding a notice
//! 1. A row in the table of `kind.rs`; the numbers are those of the registries' catalogue (N1 to N59), and one number
//!    can have several kinds.
//! 2. A variant of [`Notice`] with what it has to say as typed values, never a secret, and its arm in [`Notice::kind`],
//!    in `text.rs` (a short sentence in each language, without what the data says already), in `fields.rs` and, where
//!    the registrar's client gets an object with it, in [`Notice::data`].
//! 3. A sample in `sample.rs`; a test fails where one is missing.
//! 4. `cx.notify(&registrar, Notice::..)` in the flow of its cause: the gate writes it in the cause's transaction.
//!    Where one cause has much to say to one registrar, collect it and notify once, with the list.
//! 5. A line in the table of `conformance/notices.rs` with the work that makes it happen.
//!
//! Length: one closed list of notices, each with its fields.

mod application;
mod audience;
mod changed;
mod code;
mod contact;
mod fields;
mod hosts;
mod kind;
mod letter;
mod mailing;
mod maintenance;
mod operator;
mod sample;
mod text;
mod waiting;

pub use application::ApplicationNotice;
pub use audience::Audience;
pub use changed::Changed;
pub use code::{CodeMail, MARK};
pub use hosts::{Gone, HostNotice, WhyNot};
pub use kind::Kind;
pub use letter::{BEGIN, END, Letter};
pub use mailing::{About, Mailing, Words};
pub use maintenance::{MaintenanceNotice, maintenance_sample};
pub use operator::{Deed, Marked};
pub use sample::samples;
pub use waiting::Waiting;

use crate::clock::Ts;
use crate::epp::command::AddressList;
use crate::epp::reply::{ContactData, DomainData, MessageData, PendingData, TransferData};
use crate::epp::types::{ChangeData, ContactId, DomainName, RegistrarId, TokenOperation, TokenRole};

/// Most things one notice lists; a cause that has more to say says it in several.
pub const MOST_LISTED: usize = 100;

/// What happened, as far as a registrar is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// N1: faulty commands have cost a part of the limit.
    HitpointsWarning {
        /// The points at which the registrar is told.
        level: i64,
        /// Its points.
        points: i64,
        /// Its limit.
        limit: i64,
    },
    /// N2: the limit is reached, the account is blocked.
    HitpointsReached {
        /// The points at which.
        level: i64,
        /// Until when, in the calendar the points are counted by.
        until: String,
    },
    /// N3: the block is lifted.
    Unblocked {
        /// By the registrar itself, else by the registry.
        by_self: bool,
        /// The points the account has from now on.
        points: i64,
    },
    /// N4: the balance fell below a level.
    Watermark {
        /// The level, in the currency's units.
        level: String,
        /// The balance.
        balance: String,
        /// ISO 4217.
        currency: String,
    },
    /// N5: the renewals of this month are going to cost more than there is.
    ExpectedShortfall {
        /// The month, as 202603.
        month: i64,
        /// What is going to be charged until its end, in the currency's units.
        amount: String,
        /// The balance.
        balance: String,
        /// ISO 4217.
        currency: String,
    },
    /// N6: the balance fell below what the account may owe.
    Overdrawn {
        /// The balance, in the currency's units.
        balance: String,
        /// ISO 4217.
        currency: String,
        /// The operations that are refused until it is paid.
        refused: Vec<&'static str>,
    },
    /// N7: the day's protected transactions are used up.
    ProtectedReached {
        /// How many there were.
        max: i64,
        /// When there are some again.
        until: Ts,
    },
    /// N8: a list of the account's addresses was changed.
    AccessListChanged {
        /// That of EPP, or of the portal.
        list: AddressList,
        /// What was put on it.
        added: Vec<String>,
        /// What was taken off it.
        removed: Vec<String>,
        /// Who did it: a user of the account, or the registry.
        by: RegistrarId,
    },
    /// N8: a user's password for EPP was changed.
    EppPasswordChanged {
        /// Whose.
        user: RegistrarId,
        /// Who did it: the user, or the registry.
        by: RegistrarId,
    },
    /// N8: the poll switch was changed.
    PollSwitched {
        /// Whether poll is on now.
        on: bool,
        /// Who did it.
        by: RegistrarId,
    },
    /// N9: nobody acknowledges the oldest message.
    QueueNeglected {
        /// How many wait.
        count: u64,
        /// Since when the oldest does.
        since: Ts,
    },
    /// N9, N10: what the operator writes.
    Mailing(Mailing),
    /// N9: work on the service.
    Maintenance(Box<MaintenanceNotice>),
    /// N23: the registry, or the administrator of its name servers, changed the DNSSEC data of a domain, which is now this.
    DnssecChanged(Box<DomainData>),
    /// N25: a change of registrant waits for the new holder to accept the terms.
    RegistrantTermsRequested(Awaited),
    /// N26: a change of registrant waits for the new holder's identity.
    RegistrantIdentityRequested(Awaited),
    /// N27: the terms were not accepted in time.
    RegistrantTermsExpired(PendingData<DomainName>),
    /// N28: the identity was not proven in time.
    RegistrantIdentityExpired(PendingData<DomainName>),
    /// N29: the identity could not be proven.
    RegistrantIdentityRejected(PendingData<DomainName>),
    /// N30: a change of registrant is done.
    RegistrantChanged {
        /// The action that ended.
        done: PendingData<DomainName>,
        /// The new holder.
        registrant: ContactId,
    },
    /// N31: a change of registrant is not done for another reason.
    RegistrantNotChanged {
        /// The action that ended.
        done: PendingData<DomainName>,
        /// The new holder does not want it; else it was cancelled.
        rejected: bool,
    },
    /// N32: an object came to the registrar, at once and not by its own command.
    TransferredIn(Transferred),
    /// N33: an object went from the registrar to another, at once.
    TransferredAway(Transferred),
    /// N34: another registrar asks for an object.
    TransferRequested(Transferred),
    /// N34: the losing registrar agreed.
    TransferApproved(Transferred),
    /// N34: nobody answered in time.
    TransferAutoApproved(Transferred),
    /// N34: the losing registrar did not agree.
    TransferRejected(Transferred),
    /// N34: the registrar that asked no longer wants it, or the registry ended it.
    TransferCancelled(Transferred),
    /// N24: another registrar changed a domain's name servers, with a token or as their administrator.
    NameServersChanged {
        /// The domain as it is now.
        data: Box<DomainData>,
        /// The other registrar.
        by: RegistrarId,
        /// Name servers that were added.
        added: Vec<DomainName>,
        /// Name servers that were removed.
        removed: Vec<DomainName>,
    },
    /// N35: the registry undid a transfer.
    TransferUndone(Transferred),
    /// N36: the mail with a transfer code that the registrar asked for did not arrive.
    CodeBounced {
        /// The domain.
        domain: DomainName,
        /// Where it was sent.
        email: String,
    },
    /// N55: the registry removed a contact that no domain has, which was this.
    ContactRemoved(Box<ContactData>),
    /// N37: the registry made a token for a domain by its own hand.
    TokenIssued(TokenOf),
    /// N37: the registry took a domain's token back.
    TokenRetracted(TokenOf),
    /// N37: a domain's token is over unused.
    TokenExpired(TokenOf),
    /// N38: a domain is to be deleted, as its sponsor asked.
    DeletionScheduled {
        /// The domain.
        domain: DomainName,
        /// When.
        at: Ts,
    },
    /// N38: a registration ended and was not renewed.
    DomainEnded {
        /// The domain, on hold from now on.
        held: Held,
        /// Suspended until it is restored, else deleted.
        suspended: bool,
    },
    /// N38: the registry deleted a domain.
    DomainWithdrawn {
        /// The domain, on hold from now on.
        held: Held,
        /// Why.
        reason: String,
    },
    /// N38: no report of a restore came in time.
    RestoreReportMissed(Held),
    /// N39: a deleted domain was purged.
    DomainDeleted(PendingData<DomainName>),
    /// What was asked for and is done later, or not at all.
    Waiting(Waiting),
    /// N39: a deletion that was scheduled is done, and the domain on hold.
    DomainHeld {
        /// The domain as it is now.
        data: Box<DomainData>,
        /// How long it is on hold.
        held: Held,
    },
    /// N39: a domain was purged that no command of its sponsor waits for.
    DomainPurged(Box<DomainData>),
    /// N40: a deletion that was answered with 1001 does not take place.
    DeletionStopped(PendingData<DomainName>),
    /// N41: the registry renewed a domain.
    DomainRenewed(Box<DomainData>),
    /// N21: somebody else than its sponsor changed an object, or is about to.
    Changed(Box<Changed>),
    /// N42 to N45, N47: the registry did something to a domain.
    Marked(Marked),
    /// N56, N57: an application in a launch goes on.
    Application(ApplicationNotice),
    /// N56 to N59: something happened to hosts.
    Host(HostNotice),
}

/// A domain on hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The domain.
    pub domain: DomainName,
    /// Until when it can be brought back.
    pub until: Ts,
    /// When it is purged.
    pub purge: Ts,
}

/// A token, without what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenOf {
    /// The domain.
    pub domain: DomainName,
    /// In whose name it was made.
    pub role: TokenRole,
    /// What it is for.
    pub operation: TokenOperation,
    /// The first moment it opens nothing.
    pub expires: Ts,
}

/// What was, or is to be, transferred, and how that stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Transferred {
    /// A domain.
    Domain(TransferData<DomainName>),
    /// A contact.
    Contact(TransferData<ContactId>),
}

/// What an action waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Awaited {
    /// The domain it is about.
    pub domain: DomainName,
    /// Until when.
    pub deadline: Ts,
}

impl Notice {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static Kind {
        match self {
            Self::HitpointsWarning { .. } => &kind::HITPOINTS_WARNING,
            Self::HitpointsReached { .. } => &kind::HITPOINTS_REACHED,
            Self::Unblocked { .. } => &kind::UNBLOCKED,
            Self::Watermark { .. } => &kind::WATERMARK,
            Self::ExpectedShortfall { .. } => &kind::EXPECTED_SHORTFALL,
            Self::Overdrawn { .. } => &kind::OVERDRAWN,
            Self::ProtectedReached { .. } => &kind::PROTECTED_REACHED,
            Self::AccessListChanged { .. } => &kind::ACCESS_LIST_CHANGED,
            Self::EppPasswordChanged { .. } => &kind::EPP_PASSWORD_CHANGED,
            Self::PollSwitched { .. } => &kind::POLL_SWITCHED,
            Self::QueueNeglected { .. } => &kind::QUEUE_NEGLECTED,
            Self::Mailing(mailing) => mailing.kind(),
            Self::Maintenance(notice) => notice.kind(),
            Self::DnssecChanged(_) => &kind::DNSSEC_CHANGED,
            Self::RegistrantTermsRequested(_) => &kind::REGISTRANT_TERMS_REQUESTED,
            Self::RegistrantIdentityRequested(_) => &kind::REGISTRANT_IDENTITY_REQUESTED,
            Self::RegistrantTermsExpired(_) => &kind::REGISTRANT_TERMS_EXPIRED,
            Self::RegistrantIdentityExpired(_) => &kind::REGISTRANT_IDENTITY_EXPIRED,
            Self::RegistrantIdentityRejected(_) => &kind::REGISTRANT_IDENTITY_REJECTED,
            Self::RegistrantChanged { .. } => &kind::REGISTRANT_CHANGED,
            Self::RegistrantNotChanged { .. } => &kind::REGISTRANT_NOT_CHANGED,
            Self::NameServersChanged { .. } => &kind::NAME_SERVERS_CHANGED,
            Self::TransferUndone(_) => &kind::TRANSFER_UNDONE,
            Self::CodeBounced { .. } => &kind::CODE_BOUNCED,
            Self::ContactRemoved(_) => &kind::CONTACT_REMOVED,
            Self::TokenIssued(_) => &kind::TOKEN_ISSUED,
            Self::TokenRetracted(_) => &kind::TOKEN_RETRACTED,
            Self::TokenExpired(_) => &kind::TOKEN_EXPIRED,
            Self::TransferredIn(_) => &kind::TRANSFERRED_IN,
            Self::TransferredAway(_) => &kind::TRANSFERRED_AWAY,
            Self::TransferRequested(_) => &kind::TRANSFER_REQUESTED,
            Self::TransferApproved(_) => &kind::TRANSFER_APPROVED,
            Self::TransferAutoApproved(_) => &kind::TRANSFER_AUTO_APPROVED,
            Self::TransferRejected(_) => &kind::TRANSFER_REJECTED,
            Self::TransferCancelled(_) => &kind::TRANSFER_CANCELLED,
            Self::DeletionScheduled { .. } => &kind::DELETION_SCHEDULED,
            Self::DomainEnded { .. } => &kind::DOMAIN_ENDED,
            Self::DomainWithdrawn { .. } => &kind::DOMAIN_WITHDRAWN,
            Self::RestoreReportMissed(_) => &kind::RESTORE_REPORT_MISSED,
            Self::DomainDeleted(_) => &kind::DOMAIN_DELETED,
            Self::Waiting(what) => what.kind(),
            Self::DomainHeld { .. } => &kind::DOMAIN_HELD,
            Self::DomainPurged(_) => &kind::DOMAIN_PURGED,
            Self::DeletionStopped(_) => &kind::DELETION_STOPPED,
            Self::DomainRenewed(_) => &kind::DOMAIN_RENEWED,
            Self::Changed(_) => &kind::CHANGED,
            Self::Marked(marked) => marked.kind(),
            Self::Application(what) => what.kind(),
            Self::Host(what) => what.kind(),
        }
    }

    /// The object a poll message of it carries in `<resData>`.
    #[must_use]
    pub fn data(&self) -> Option<MessageData> {
        match self {
            Self::TransferUndone(what)
            | Self::TransferredIn(what)
            | Self::TransferredAway(what)
            | Self::TransferRequested(what)
            | Self::TransferApproved(what)
            | Self::TransferAutoApproved(what)
            | Self::TransferRejected(what)
            | Self::TransferCancelled(what) => Some(match what {
                Transferred::Domain(data) => MessageData::DomainTransfer(data.clone()),
                Transferred::Contact(data) => MessageData::ContactTransfer(data.clone()),
            }),
            Self::ContactRemoved(gone) => Some(MessageData::ContactInfo(gone.clone())),
            Self::Maintenance(notice) => {
                Some(MessageData::Maintenance(Box::new(notice.item.clone()), notice.poll))
            }
            Self::DnssecChanged(after) => Some(MessageData::DomainInfo(after.clone())),
            Self::RegistrantTermsExpired(done)
            | Self::RegistrantIdentityExpired(done)
            | Self::RegistrantIdentityRejected(done)
            | Self::RegistrantChanged { done, .. }
            | Self::RegistrantNotChanged { done, .. }
            | Self::DeletionStopped(done)
            | Self::DomainDeleted(done) => Some(MessageData::DomainPending(done.clone())),
            Self::Waiting(what) => what.data(),
            Self::Changed(changed) => Some(changed.data.clone()),
            Self::Host(what) => what.data(),
            Self::Application(what) => Some(what.data()),
            Self::DomainHeld { data, .. }
            | Self::NameServersChanged { data, .. }
            | Self::DomainPurged(data)
            | Self::DomainRenewed(data) => Some(MessageData::DomainInfo(data.clone())),
            Self::CodeBounced { .. }
            | Self::TokenIssued(_)
            | Self::TokenRetracted(_)
            | Self::TokenExpired(_)
            | Self::HitpointsWarning { .. }
            | Self::HitpointsReached { .. }
            | Self::Unblocked { .. }
            | Self::Watermark { .. }
            | Self::ExpectedShortfall { .. }
            | Self::Overdrawn { .. }
            | Self::ProtectedReached { .. }
            | Self::AccessListChanged { .. }
            | Self::EppPasswordChanged { .. }
            | Self::PollSwitched { .. }
            | Self::QueueNeglected { .. }
            | Self::Mailing(_)
            | Self::RegistrantTermsRequested(_)
            | Self::RegistrantIdentityRequested(_)
            | Self::DeletionScheduled { .. }
            | Self::DomainEnded { .. }
            | Self::DomainWithdrawn { .. }
            | Self::RestoreReportMissed(_)
            | Self::Marked(_) => None,
        }
    }
}

impl Notice {
    /// What was done to the object in its data, where it says that itself.
    #[must_use]
    pub fn change(&self) -> Option<&ChangeData> {
        match self {
            Self::Changed(changed) => Some(&changed.change),
            _ => None,
        }
    }

    /// The one domain whose change it tells, where its message shows that domain or has room for it (RFC 8590).
    #[must_use]
    pub fn changed_domain(&self) -> Option<&DomainName> {
        match self {
            Self::DnssecChanged(data) | Self::DomainPurged(data) | Self::DomainRenewed(data) => {
                Some(&data.name)
            }
            Self::DomainHeld { data, .. } | Self::NameServersChanged { data, .. } => Some(&data.name),
            Self::DomainEnded { held, .. } | Self::DomainWithdrawn { held, .. } => Some(&held.domain),
            Self::RestoreReportMissed(held) => Some(&held.domain),
            Self::Marked(marked) => Some(&marked.domain),
            Self::Waiting(what) => what.changed_domain(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::types::Lang;

    #[test]
    fn every_kind_has_a_sample_that_says_something_in_every_language() {
        let samples = samples();
        for kind in Kind::ALL {
            assert!(samples.iter().any(|s| s.kind() == *kind), "no sample of {}", kind.tag);
        }
        for notice in &samples {
            for lang in Lang::ALL {
                let text = notice.text(*lang);
                assert!(!text.is_empty() && !text.contains(['\n', '\r']), "{text:?}");
            }
            for (key, value) in notice.fields() {
                assert!(key.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{key}");
                assert!(!value.contains(['\n', '\r']), "{key}: {value:?}");
            }
        }
    }

    #[test]
    fn tags_are_unique_and_plain() {
        for (at, kind) in Kind::ALL.iter().enumerate() {
            assert!(kind.tag.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", kind.tag);
            assert!(Kind::ALL[..at].iter().all(|other| other.tag != kind.tag), "{}", kind.tag);
            assert_eq!(Kind::parse(kind.tag), Some(*kind));
            // A machine tells them apart by these two.
            let same = |other: &&Kind| (other.topic, other.action) == (kind.topic, kind.action);
            assert!(!Kind::ALL[..at].iter().any(same), "{} {}", kind.topic, kind.action);
            assert!((1..=59).contains(&kind.number), "{}", kind.tag);
        }
    }
}
