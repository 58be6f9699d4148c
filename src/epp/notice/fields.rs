//! Notices as pairs, for structured mail and for the machines that read it.

use std::fmt::Display;

use super::{Awaited, Held, Notice, Transferred};
use crate::epp::reply::{PendingData, TransferData};
use crate::epp::types::{DomainName, SecDnsRecords};

/// A key of capital letters, and its value in one line.
pub type Field = (&'static str, String);

impl Notice {
    /// What it says, as KEY: value pairs in the order they are written. A key can come more than once.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        match self {
            Self::HitpointsWarning { level, points, limit } => {
                vec![field("LEVEL", level), field("POINTS", points), field("LIMIT", limit)]
            }
            Self::HitpointsReached { level, until } => vec![field("LEVEL", level), field("UNTIL", until)],
            Self::Unblocked { by_self, points } => {
                let by = if *by_self { "registrar" } else { "registry" };
                vec![field("BY", by), field("POINTS", points)]
            }
            Self::Watermark { level, balance, currency } => {
                vec![field("LEVEL", level), field("BALANCE", balance), field("CURRENCY", currency)]
            }
            Self::ExpectedShortfall { month, amount, balance, currency } => vec![
                field("MONTH", month),
                field("AMOUNT", amount),
                field("BALANCE", balance),
                field("CURRENCY", currency),
            ],
            Self::Overdrawn { balance, currency, refused } => {
                let mut fields = vec![field("BALANCE", balance), field("CURRENCY", currency)];
                fields.extend(refused.iter().map(|op| field("REFUSED", op)));
                fields
            }
            Self::ProtectedReached { max, until } => vec![field("LEVEL", max), field("UNTIL", until)],
            Self::NameServersChanged { data, by, added, removed } => {
                let mut fields = vec![field("DOMAIN", &data.name), field("BY", by)];
                fields.extend(data.ns_objects.iter().map(|host| field("NS", host)));
                fields.extend(data.ns_attributes.iter().map(|(host, _)| field("NS", host)));
                fields.extend(added.iter().map(|host| field("ADDED", host)));
                fields.extend(removed.iter().map(|host| field("REMOVED", host)));
                fields
            }
            Self::ContactRemoved(gone) => super::contact::fields(gone),
            Self::CodeBounced { domain, email } => vec![field("DOMAIN", domain), field("EMAIL", email)],
            Self::TokenIssued(token) | Self::TokenRetracted(token) | Self::TokenExpired(token) => vec![
                field("DOMAIN", &token.domain),
                field("ROLE", token.role.name()),
                field("OPERATION", token.operation.name()),
                field("UNTIL", token.expires),
            ],
            Self::TransferUndone(what)
            | Self::TransferredIn(what)
            | Self::TransferredAway(what)
            | Self::TransferRequested(what)
            | Self::TransferApproved(what)
            | Self::TransferAutoApproved(what)
            | Self::TransferRejected(what)
            | Self::TransferCancelled(what) => match what {
                Transferred::Domain(data) => transfer("DOMAIN", data),
                Transferred::Contact(data) => transfer("CONTACT", data),
            },
            Self::AccessListChanged { list, added, removed, by } => {
                let mut fields = vec![field("LIST", list.name()), field("BY", by)];
                fields.extend(added.iter().map(|prefix| field("ADDED", prefix)));
                fields.extend(removed.iter().map(|prefix| field("REMOVED", prefix)));
                fields
            }
            Self::EppPasswordChanged { user, by } => vec![field("USER", user), field("BY", by)],
            Self::PollSwitched { on, by } => {
                vec![field("POLL", if *on { "on" } else { "off" }), field("BY", by)]
            }
            Self::QueueNeglected { count, since } => vec![field("COUNT", count), field("SINCE", since)],
            Self::Maintenance(notice) => notice.fields(),
            Self::Mailing(mailing) => {
                mailing.words.iter().map(|(_, words)| field("SUBJECT", &words.subject)).collect()
            }
            Self::DnssecChanged(after) => {
                vec![
                    field("DOMAIN", &after.name),
                    field("RECORDS", after.sec_dns.as_ref().map_or(0, SecDnsRecords::len)),
                ]
            }
            Self::RegistrantTermsRequested(Awaited { domain, deadline })
            | Self::RegistrantIdentityRequested(Awaited { domain, deadline }) => {
                vec![field("DOMAIN", domain), field("UNTIL", deadline)]
            }
            Self::RegistrantTermsExpired(done)
            | Self::RegistrantIdentityExpired(done)
            | Self::RegistrantIdentityRejected(done)
            | Self::DeletionStopped(done)
            | Self::DomainDeleted(done) => pending(done),
            Self::DeletionScheduled { domain, at } => vec![field("DOMAIN", domain), field("DATE", at)],
            Self::DomainEnded { held: of, suspended } => {
                let mut fields = held(of);
                fields.push(field("SUSPENDED", u8::from(*suspended)));
                fields
            }
            Self::DomainWithdrawn { held: of, reason } => {
                let mut fields = held(of);
                fields.push(field("REASON", reason));
                fields
            }
            Self::DomainHeld { held: of, .. } | Self::RestoreReportMissed(of) => held(of),
            Self::DomainPurged(data) | Self::DomainRenewed(data) => {
                let mut fields = vec![field("DOMAIN", &data.name)];
                fields.extend(data.expires.map(|at| field("EXPIRES", at)));
                fields
            }
            Self::RegistrantNotChanged { done, rejected } => {
                let mut fields = pending(done);
                fields.push(field("REASON", if *rejected { "rejected" } else { "cancelled" }));
                fields
            }
            Self::RegistrantChanged { done, registrant } => {
                let mut fields = pending(done);
                fields.push(field("REGISTRANT", registrant));
                fields
            }
            Self::Waiting(what) => what.fields(),
            Self::Application(what) => what.fields(),
            Self::Marked(marked) => marked.fields(),
            Self::Changed(changed) => changed.fields(),
            Self::Host(what) => what.fields(),
        }
    }
}

fn transfer<N: Display>(key: &'static str, data: &TransferData<N>) -> Vec<Field> {
    let mut fields = vec![
        field(key, &data.name),
        field("STATUS", data.status.name()),
        field("REQUESTER", &data.requester),
        field("REQUESTED", data.requested),
        field("ACTOR", &data.actor),
        field("DATE", data.acted),
    ];
    fields.extend(data.expires.map(|at| field("EXPIRES", at)));
    fields
}

fn held(held: &Held) -> Vec<Field> {
    vec![field("DOMAIN", &held.domain), field("UNTIL", held.until), field("PURGED", held.purge)]
}

pub(super) fn pending(done: &PendingData<DomainName>) -> Vec<Field> {
    ended("DOMAIN", done)
}

/// How something that waited ended, of an object of that kind.
pub(super) fn ended(key: &'static str, done: &PendingData<DomainName>) -> Vec<Field> {
    vec![
        field(key, &done.name),
        field("SUCCESS", u8::from(done.success)),
        field("DATE", done.at),
        field("TRANSACTION", &done.svtrid),
    ]
}

/// A value's line breaks would be lines of their own.
pub(super) fn field(key: &'static str, value: impl Display) -> Field {
    (key, value.to_string().replace(['\r', '\n'], " "))
}
