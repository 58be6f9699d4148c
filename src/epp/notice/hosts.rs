//! Notices of hosts: what somebody has to agree to, and how that ended; hosts that go with the domain above them, and
//! those that somebody else removed.

use super::fields::{Field, ended, field};
use super::{Kind, kind};
use crate::clock::Ts;
use crate::epp::reply::{HostData, MessageData, PendingData};
use crate::epp::types::{ContactId, DomainName, Lang, RegistrarId};

/// What happened to hosts.
#[derive(Clone, Debug, PartialEq)]
pub enum HostNotice {
    /// N56: everybody agreed, and the host is created.
    Created(PendingData<DomainName>),
    /// N57: the host is not created.
    NotCreated {
        /// The create that ended.
        done: PendingData<DomainName>,
        /// Why not.
        why: WhyNot,
    },
    /// N58: a contact of the registrar is asked to administer a host.
    AdminRequested {
        /// The host.
        host: DomainName,
        /// The contact.
        admin: ContactId,
        /// Until when it can agree.
        deadline: Ts,
    },
    /// N58: the new administrator agreed.
    AdminChanged {
        /// The change that ended.
        done: PendingData<DomainName>,
        /// The new administrator.
        admin: ContactId,
    },
    /// N58: the administrator is who it was.
    AdminNotChanged {
        /// The change that ended.
        done: PendingData<DomainName>,
        /// Why.
        why: WhyNot,
    },
    /// N58: a host that the registrar has got another administrator.
    AdminReplaced {
        /// The host.
        host: DomainName,
        /// The new administrator.
        admin: ContactId,
    },
    /// N59: hosts went with the domain above them.
    Deleted(Gone),
    /// N59: hosts are marked for deletion with the domain above them.
    Marked(Gone),
    /// N59: a host that the registrar has was deleted by another.
    Removed {
        /// The host as it was.
        data: Box<HostData>,
        /// Who deleted it.
        by: RegistrarId,
    },
}

/// Why something that waited for somebody's consent is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The registrant of the domain above does not agree.
    RegistrantRejected,
    /// The registrant said nothing in time.
    RegistrantExpired,
    /// The administrator-to-be does not agree.
    AdminRejected,
    /// The administrator-to-be said nothing in time.
    AdminExpired,
    /// The contact that was asked for is gone.
    AdminGone,
    /// The domain above goes, or goes to another registrar.
    DomainGone,
    /// It was taken back.
    Cancelled,
}

impl WhyNot {
    const ALL: &'static [Self] = &[
        Self::RegistrantRejected,
        Self::RegistrantExpired,
        Self::AdminRejected,
        Self::AdminExpired,
        Self::AdminGone,
        Self::DomainGone,
        Self::Cancelled,
    ];

    /// Its name, for machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RegistrantRejected => "registrant-rejected",
            Self::RegistrantExpired => "registrant-expired",
            Self::AdminRejected => "administrator-rejected",
            Self::AdminExpired => "administrator-expired",
            Self::AdminGone => "administrator-gone",
            Self::DomainGone => "domain-gone",
            Self::Cancelled => "cancelled",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::RegistrantRejected => "the registrant of the domain above does not agree",
            Self::RegistrantExpired => "the registrant of the domain above did not agree in time",
            Self::AdminRejected => "the administrator does not agree",
            Self::AdminExpired => "the administrator did not agree in time",
            Self::AdminGone => "the contact that was to administer it is gone",
            Self::DomainGone => "the domain above it is deleted or has another registrar",
            Self::Cancelled => "it was cancelled",
        }
    }

    const fn french(self) -> &'static str {
        match self {
            Self::RegistrantRejected => "le titulaire du domaine n'est pas d'accord",
            Self::RegistrantExpired => "le titulaire du domaine n'a pas donné son accord à temps",
            Self::AdminRejected => "l'administrateur n'est pas d'accord",
            Self::AdminExpired => "l'administrateur n'a pas donné son accord à temps",
            Self::AdminGone => "le contact qui devait l'administrer n'existe plus",
            Self::DomainGone => "le domaine est supprimé ou a changé de bureau d'enregistrement",
            Self::Cancelled => "la demande a été annulée",
        }
    }
}

/// Hosts that go with a domain, as far as they are a registrar's business.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    /// The domain above them.
    pub domain: DomainName,
    /// Each host, with the registrar's domain that uses it where one does; at most
    /// [`MOST_LISTED`](super::MOST_LISTED).
    pub hosts: Vec<(DomainName, Option<DomainName>)>,
    /// The host as it is, or was, where it is one only.
    pub data: Option<Box<HostData>>,
}

impl HostNotice {
    /// Its kind.
    pub(super) const fn kind(&self) -> &'static Kind {
        match self {
            Self::Created(_) => &kind::HOST_CREATED,
            Self::NotCreated { .. } => &kind::HOST_NOT_CREATED,
            Self::AdminRequested { .. } => &kind::HOST_ADMIN_REQUESTED,
            Self::AdminChanged { .. } => &kind::HOST_ADMIN_CHANGED,
            Self::AdminNotChanged { .. } => &kind::HOST_ADMIN_NOT_CHANGED,
            Self::AdminReplaced { .. } => &kind::HOST_ADMIN_REPLACED,
            Self::Deleted(_) => &kind::HOSTS_DELETED,
            Self::Marked(_) => &kind::HOSTS_MARKED,
            Self::Removed { .. } => &kind::HOST_REMOVED,
        }
    }

    /// The object a poll message of it carries.
    pub(super) fn data(&self) -> Option<MessageData> {
        match self {
            Self::Created(done)
            | Self::NotCreated { done, .. }
            | Self::AdminChanged { done, .. }
            | Self::AdminNotChanged { done, .. } => Some(MessageData::HostPending(done.clone())),
            Self::AdminRequested { .. } | Self::AdminReplaced { .. } => None,
            Self::Deleted(gone) | Self::Marked(gone) => gone.data.clone().map(MessageData::HostInfo),
            Self::Removed { data, .. } => Some(MessageData::HostInfo(data.clone())),
        }
    }

    /// What it says, as pairs.
    pub(super) fn fields(&self) -> Vec<Field> {
        match self {
            Self::Created(done) => ended("HOST", done),
            Self::NotCreated { done, why } | Self::AdminNotChanged { done, why } => {
                let mut fields = ended("HOST", done);
                fields.push(field("CAUSE", why.name()));
                fields
            }
            Self::AdminRequested { host, admin, deadline } => {
                vec![field("HOST", host), field("CONTACT", admin), field("UNTIL", deadline)]
            }
            Self::AdminChanged { done, admin } => {
                let mut fields = ended("HOST", done);
                fields.push(field("CONTACT", admin));
                fields
            }
            Self::AdminReplaced { host, admin } => vec![field("HOST", host), field("CONTACT", admin)],
            Self::Removed { data, by } => vec![field("HOST", &data.name), field("BY", by)],
            Self::Deleted(gone) | Self::Marked(gone) => {
                let mut fields = vec![field("DELETED", &gone.domain)];
                for (host, user) in &gone.hosts {
                    fields.push(field("HOST", host));
                    fields.extend(user.iter().map(|user| field("DOMAIN", user)));
                }
                fields
            }
        }
    }

    /// What happened, in one line of that language.
    pub(super) fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Fr => self.french(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Created(_) => "Host created.".to_owned(),
            Self::NotCreated { why, .. } => format!("Host not created: {}.", why.english()),
            Self::AdminRequested { host, admin, deadline } => {
                format!("Contact {admin} is asked to administer name server {host}, until {deadline}.")
            }
            Self::AdminChanged { admin, .. } => format!("Administrator changed to {admin}."),
            Self::AdminNotChanged { why, .. } => format!("Administrator not changed: {}.", why.english()),
            Self::AdminReplaced { host, admin } => {
                format!("Name server {host} is administered by contact {admin} now.")
            }
            Self::Removed { data, by } => format!("Name server {} was deleted by {by}.", data.name),
            Self::Deleted(gone) => match gone.one() {
                Some(host) => format!("Name server {} was deleted with {}.", said(host, "of"), gone.domain),
                None => format!("Name servers were deleted with {}: {}.", gone.domain, gone.listed("of")),
            },
            Self::Marked(gone) => {
                let what = format!("Name servers are going to be deleted with {}", gone.domain);
                let needed = if gone.is_used() { "; your domains need others" } else { "" };
                format!("{what}{needed}: {}.", gone.listed("of"))
            }
        }
    }

    fn french(&self) -> String {
        match self {
            Self::Created(_) => "Serveur de noms créé.".to_owned(),
            Self::NotCreated { why, .. } => format!("Serveur de noms non créé : {}.", why.french()),
            Self::AdminRequested { host, admin, deadline } => format!(
                "Le contact {admin} est prié d'administrer le serveur de noms {host}, jusqu'au {deadline}."
            ),
            Self::AdminChanged { admin, .. } => format!("Le nouvel administrateur est {admin}."),
            Self::AdminNotChanged { why, .. } => format!("Administrateur inchangé : {}.", why.french()),
            Self::AdminReplaced { host, admin } => {
                format!("Le serveur de noms {host} est désormais administré par le contact {admin}.")
            }
            Self::Removed { data, by } => {
                format!("Le serveur de noms {} a été supprimé par {by}.", data.name)
            }
            Self::Deleted(gone) => match gone.one() {
                Some(host) => {
                    format!("Le serveur de noms {} a été supprimé avec {}.", said(host, "de"), gone.domain)
                }
                None => {
                    format!(
                        "Des serveurs de noms ont été supprimés avec {} : {}.",
                        gone.domain,
                        gone.listed("de")
                    )
                }
            },
            Self::Marked(gone) => {
                let what = format!("Des serveurs de noms vont être supprimés avec {}", gone.domain);
                let needed = if gone.is_used() { " ; il en faut d'autres à vos domaines" } else { "" };
                format!("{what}{needed} : {}.", gone.listed("de"))
            }
        }
    }
}

impl Gone {
    fn one(&self) -> Option<&(DomainName, Option<DomainName>)> {
        self.hosts.first().filter(|_| self.hosts.len() == 1)
    }

    fn is_used(&self) -> bool {
        self.hosts.iter().any(|(_, user)| user.is_some())
    }

    fn listed(&self, of: &str) -> String {
        self.hosts.iter().map(|host| said(host, of)).collect::<Vec<_>>().join(", ")
    }
}

/// `ns1.a.example of b.example`
fn said((host, user): &(DomainName, Option<DomainName>), of: &str) -> String {
    match user {
        None => host.to_string(),
        Some(user) => format!("{host} {of} {user}"),
    }
}

/// One of every kind: of that host and another, below that domain, which a third domain uses; by that registrar, with
/// that contact.
pub(super) fn samples(
    data: &HostData,
    other: &DomainName,
    domain: &DomainName,
    user: &DomainName,
    (by, admin): (&RegistrarId, &ContactId),
) -> Vec<HostNotice> {
    let gone = |hosts: &[&DomainName], user: Option<&DomainName>| {
        let hosts: Vec<_> = hosts.iter().map(|host| ((*host).clone(), user.cloned())).collect();
        let data = (hosts.len() == 1).then(|| Box::new(data.clone()));
        Gone { domain: domain.clone(), hosts, data }
    };
    let (one, two) = ([&data.name], [&data.name, other]);
    let (host, admin, at) = (data.name.clone(), admin.clone(), data.created);
    let done = |success| {
        let (cltrid, svtrid) = (Some("ABC-12345".to_owned()), "DD-1-1".to_owned());
        PendingData { name: host.clone(), success, cltrid, svtrid, at }
    };
    let mut samples = vec![HostNotice::Created(done(true))];
    samples.extend(WhyNot::ALL.iter().map(|why| HostNotice::NotCreated { done: done(false), why: *why }));
    samples.extend([
        HostNotice::AdminRequested { host: host.clone(), admin: admin.clone(), deadline: at.plus_days(14) },
        HostNotice::AdminChanged { done: done(true), admin: admin.clone() },
        HostNotice::AdminNotChanged { done: done(false), why: WhyNot::AdminRejected },
        HostNotice::AdminReplaced { host: host.clone(), admin },
        HostNotice::Deleted(gone(&one, Some(user))),
        HostNotice::Deleted(gone(&two, Some(user))),
        HostNotice::Deleted(gone(&two, None)),
        HostNotice::Marked(gone(&one, Some(user))),
        HostNotice::Marked(gone(&one, None)),
        HostNotice::Removed { data: Box::new(data.clone()), by: by.clone() },
    ]);
    samples
}
