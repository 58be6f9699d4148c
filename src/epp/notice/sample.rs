//! One notice of every kind, as the list of kinds shows it.

use super::{About, Awaited, Held, Mailing, Notice, TokenOf, Transferred, Words, changed, hosts, waiting};
use crate::clock::Ts;
use crate::epp::command::AddressList;
use crate::epp::reply::{ContactData, DomainData, HostData, PendingData, TransferData, TransferStatus};
use crate::epp::types::{
    ContactId, ContactStatus, DomainName, DomainStatus, HostAddrs, HostStatus, Lang, Management, Postal,
    PostalForm, PostalInfo, RegistrarId, RoId, TokenOperation, TokenRole,
};

/// One notice of every kind at least.
#[must_use]
pub fn samples() -> Vec<Notice> {
    let at = Ts(1_767_225_600_000_000);
    let (balance, currency) = ("-4.00".to_owned(), "EUR".to_owned());
    let mut samples = vec![
        Notice::HitpointsWarning { level: 80, points: 80, limit: 100 },
        Notice::HitpointsReached { level: 100, until: at.plus_days(1).to_string() },
        Notice::Unblocked { by_self: true, points: 0 },
        Notice::Watermark { level: "0.00".to_owned(), balance: balance.clone(), currency: currency.clone() },
        Notice::ExpectedShortfall {
            month: 202_601,
            amount: "12.00".to_owned(),
            balance: "4.00".to_owned(),
            currency: currency.clone(),
        },
        Notice::Overdrawn {
            balance: balance.clone(),
            currency: currency.clone(),
            refused: vec!["create", "transfer"],
        },
        Notice::Overdrawn { balance, currency, refused: Vec::new() },
        Notice::ProtectedReached { max: 100, until: at.plus_days(1) },
    ];
    samples.extend(account(at));
    samples.extend(mailings());
    if let Some(data) = domain(at).map(Box::new) {
        samples.push(Notice::DnssecChanged(data.clone()));
        samples.push(Notice::Waiting(waiting::Waiting::DomainActivated(data.clone())));
        samples.push(Notice::Waiting(waiting::Waiting::DomainUpdated(data)));
    }
    samples.extend(super::maintenance::samples(at));
    let changes = domain(at).map(|data| changed::samples(&data, at)).unwrap_or_default();
    samples.extend(changes.into_iter().map(|changed| Notice::Changed(Box::new(changed))));
    samples.extend(transfers(at));
    samples.extend(contact(at).map(|gone| Notice::ContactRemoved(Box::new(gone))));
    samples.extend(pending(at));
    samples.extend(
        names("foo.example").into_iter().flat_map(|name| waiting::samples(&name, at)).map(Notice::Waiting),
    );
    samples.extend(lives(at));
    if let (Some(domain), Some(one), Some(two), Some(user)) =
        (names("foo.example"), names("ns1.foo.example"), names("ns2.foo.example"), names("bar.example"))
    {
        samples.extend(super::application::samples(&domain, at).into_iter().map(Notice::Application));
        samples.extend(super::operator::samples(&domain, at));
        samples.extend(registrar("other").zip(self::domain(at).map(Box::new)).map(|(by, data)| {
            let (added, removed) = (vec![one], vec![two.clone()]);
            Notice::NameServersChanged { data, by, added, removed }
        }));
        if let (Some(data), Some(by), Ok(admin)) = (host(at), registrar("other"), ContactId::parse("NSA-1")) {
            let all = hosts::samples(&data, &two, &domain, &user, (&by, &admin));
            samples.extend(all.into_iter().map(Notice::Host));
        }
    }
    samples
}

/// What was changed about an account.
fn account(at: Ts) -> Vec<Notice> {
    let (Some(user), Some(by)) = (registrar("losing"), registrar("registry")) else { return Vec::new() };
    let prefix = || vec!["192.0.2.1/32".to_owned()];
    vec![
        Notice::AccessListChanged {
            list: AddressList::Epp,
            added: prefix(),
            removed: Vec::new(),
            by: by.clone(),
        },
        Notice::AccessListChanged {
            list: AddressList::Web,
            added: Vec::new(),
            removed: prefix(),
            by: by.clone(),
        },
        Notice::EppPasswordChanged { by: user.clone(), user },
        Notice::PollSwitched { on: false, by },
        Notice::QueueNeglected { count: 3, since: at },
    ]
}

fn mailings() -> Vec<Notice> {
    use About as A;
    let words = [
        (Lang::En, "Work on the service on Sunday", "From 06:00 to 06:30 UTC commands are not answered."),
        (Lang::Fr, "Travaux dimanche", "De 06:00 à 06:30 UTC, les commandes restent sans réponse."),
    ];
    let words: Vec<_> = words
        .iter()
        .map(|(lang, subject, body)| {
            (*lang, Words { subject: (*subject).to_owned(), body: (*body).to_owned() })
        })
        .collect();
    [A::Maintenance, A::Newsletter, A::Legal, A::Report, A::Abuse, A::WrongData]
        .map(|about| Notice::Mailing(Mailing { about, words: words.clone() }))
        .to_vec()
}

/// A domain without DNSSEC data.
fn domain(at: Ts) -> Option<DomainData> {
    let sponsor = registrar("sponsor")?;
    Some(DomainData {
        name: names("foo.example")?,
        roid: RoId::parse("D1-EXAMPLE").ok()?,
        statuses: [DomainStatus::Ok].into_iter().collect(),
        registrant: None,
        contacts: Vec::new(),
        ns_objects: names("ns1.bar.example").into_iter().collect(),
        ns_attributes: Vec::new(),
        hosts: Vec::new(),
        creator: Some(sponsor.clone()),
        sponsor,
        created: Some(at),
        updater: None,
        updated: None,
        expires: at.plus_months(12),
        transferred: None,
        auth_set: true,
        token: None,
        launch: None,
        sec_dns: None,
        rgp: Vec::new(),
        ttl: Vec::new(),
    })
}

/// A host below that domain.
fn host(at: Ts) -> Option<HostData> {
    let sponsor = registrar("sponsor")?;
    Some(HostData {
        name: names("ns1.foo.example")?,
        roid: RoId::parse("H1-EXAMPLE").ok()?,
        statuses: [HostStatus::Linked, HostStatus::PendingDelete].into_iter().collect(),
        addrs: HostAddrs::from_text("192.0.2.1"),
        creator: sponsor.clone(),
        sponsor,
        created: at,
        updater: None,
        updated: None,
        transferred: None,
        ttl: Vec::new(),
        admin: None,
        management: Management::Registrar,
    })
}

/// A contact that no domain has.
fn contact(at: Ts) -> Option<ContactData> {
    let sponsor = registrar("sponsor")?;
    let addr = Postal { city: "Brussels".to_owned(), cc: "BE".to_owned(), ..Postal::default() };
    let postal = PostalInfo { name: "Jo Example".to_owned(), org: None, addr };
    Some(ContactData {
        id: ContactId::parse("HOLDER-1").ok()?,
        roid: RoId::parse("C1-EXAMPLE").ok()?,
        statuses: [ContactStatus::Ok].into_iter().collect(),
        postal: vec![(PostalForm::Loc, postal)],
        voice: None,
        fax: None,
        email: "jo@foo.example".to_owned(),
        creator: sponsor.clone(),
        sponsor,
        created: at,
        updater: None,
        updated: None,
        transferred: None,
        auth_set: false,
        disclose: None,
        addl_email: None,
    })
}

/// Actions that were answered with 1001, what they wait for and how they end.
fn pending(at: Ts) -> Vec<Notice> {
    let (Some(name), Ok(registrant)) = (names("foo.example"), ContactId::parse("HOLDER-2")) else {
        return Vec::new();
    };
    let awaited = Awaited { domain: name.clone(), deadline: at.plus_days(14) };
    let ended = |success| {
        let (cltrid, svtrid) = (Some("ABC-12345".to_owned()), "DD-1-1".to_owned());
        PendingData { name: name.clone(), success, cltrid, svtrid, at }
    };
    vec![
        Notice::RegistrantTermsRequested(awaited.clone()),
        Notice::RegistrantIdentityRequested(awaited),
        Notice::RegistrantTermsExpired(ended(false)),
        Notice::RegistrantIdentityExpired(ended(false)),
        Notice::RegistrantIdentityRejected(ended(false)),
        Notice::RegistrantChanged { done: ended(true), registrant },
        Notice::RegistrantNotChanged { done: ended(false), rejected: true },
        Notice::RegistrantNotChanged { done: ended(false), rejected: false },
        Notice::DomainDeleted(ended(true)),
    ]
}

/// How registrations go on and end.
fn lives(at: Ts) -> Vec<Notice> {
    let Some(data) = domain(at).map(Box::new) else { return Vec::new() };
    let name = data.name.clone();
    let held = Held { domain: name.clone(), until: at.plus_days(30), purge: at.plus_days(35) };
    let (cltrid, svtrid) = (Some("ABC-12345".to_owned()), "DD-1-1".to_owned());
    vec![
        Notice::DeletionScheduled { domain: name.clone(), at: at.plus_days(7) },
        Notice::DomainEnded { held: held.clone(), suspended: true },
        Notice::DomainWithdrawn { held: held.clone(), reason: "by court order".to_owned() },
        Notice::RestoreReportMissed(held.clone()),
        Notice::DomainHeld { data: data.clone(), held },
        Notice::DomainPurged(data.clone()),
        Notice::DeletionStopped(PendingData { name, success: false, cltrid, svtrid, at }),
        Notice::DomainRenewed(data),
    ]
}

fn transfers(at: Ts) -> Vec<Notice> {
    let (Some(name), Some(gaining), Some(losing)) =
        (names("foo.example"), registrar("gaining"), registrar("losing"))
    else {
        return Vec::new();
    };
    let data = |status| {
        Transferred::Domain(TransferData {
            name: name.clone(),
            status,
            requester: gaining.clone(),
            requested: at,
            actor: losing.clone(),
            acted: at.plus_days(5),
            // A transfer that came to nothing adds nothing.
            expires: at.plus_months(12).filter(|_| !ended_without(status)),
            answer_to_request: false,
        })
    };
    let token =
        |role, operation| TokenOf { domain: name.clone(), role, operation, expires: at.plus_days(14) };
    let mut all = vec![
        Notice::TransferUndone(data(TransferStatus::ServerCancelled)),
        Notice::CodeBounced { domain: name.clone(), email: "holder@foo.example".to_owned() },
        Notice::TokenIssued(token(TokenRole::Owner, TokenOperation::Transfer)),
        Notice::TokenRetracted(token(TokenRole::Proxy, TokenOperation::Redelegation)),
        Notice::TokenExpired(token(TokenRole::Registrar, TokenOperation::Transfer)),
        Notice::TransferredIn(data(TransferStatus::ServerApproved)),
        Notice::TransferredAway(data(TransferStatus::ServerApproved)),
        Notice::TransferRequested(data(TransferStatus::Pending)),
        Notice::TransferApproved(data(TransferStatus::ClientApproved)),
        Notice::TransferAutoApproved(data(TransferStatus::ServerApproved)),
        Notice::TransferRejected(data(TransferStatus::ClientRejected)),
        Notice::TransferCancelled(data(TransferStatus::ClientCancelled)),
        Notice::TransferCancelled(data(TransferStatus::ServerCancelled)),
    ];
    all.extend(ContactId::parse("HOLDER-1").ok().map(|name| {
        Notice::TransferRequested(Transferred::Contact(TransferData {
            name,
            status: TransferStatus::Pending,
            requester: gaining.clone(),
            requested: at,
            actor: losing.clone(),
            acted: at.plus_days(5),
            expires: None,
            answer_to_request: false,
        }))
    }));
    all
}

fn ended_without(status: TransferStatus) -> bool {
    use TransferStatus as S;
    matches!(status, S::ClientRejected | S::ClientCancelled | S::ServerCancelled)
}

fn names(text: &str) -> Option<DomainName> {
    DomainName::parse(text).ok()
}

fn registrar(text: &str) -> Option<RegistrarId> {
    RegistrarId::parse(text).ok()
}
