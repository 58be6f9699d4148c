//! Notices of hosts: those that go with the domain above them.

use super::fields::{Field, field};
use super::{Kind, kind};
use crate::epp::reply::{HostData, MessageData};
use crate::epp::types::{DomainName, Lang};

/// What happened to hosts.
#[derive(Clone, Debug, PartialEq)]
pub enum HostNotice {
    /// N59: hosts went with the domain above them.
    Deleted(Gone),
    /// N59: hosts are marked for deletion with the domain above them.
    Marked(Gone),
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
            Self::Deleted(_) => &kind::HOSTS_DELETED,
            Self::Marked(_) => &kind::HOSTS_MARKED,
        }
    }

    /// The object a poll message of it carries.
    pub(super) fn data(&self) -> Option<MessageData> {
        match self {
            Self::Deleted(gone) | Self::Marked(gone) => gone.data.clone().map(MessageData::HostInfo),
        }
    }

    /// What it says, as pairs.
    pub(super) fn fields(&self) -> Vec<Field> {
        match self {
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

/// One of every kind: of that host and another, below that domain, which a third domain uses.
pub(super) fn samples(
    data: &HostData,
    other: &DomainName,
    domain: &DomainName,
    user: &DomainName,
) -> Vec<HostNotice> {
    let gone = |hosts: &[&DomainName], user: Option<&DomainName>| {
        let hosts: Vec<_> = hosts.iter().map(|host| ((*host).clone(), user.cloned())).collect();
        let data = (hosts.len() == 1).then(|| Box::new(data.clone()));
        Gone { domain: domain.clone(), hosts, data }
    };
    let (one, two) = ([&data.name], [&data.name, other]);
    vec![
        HostNotice::Deleted(gone(&one, Some(user))),
        HostNotice::Deleted(gone(&two, Some(user))),
        HostNotice::Deleted(gone(&two, None)),
        HostNotice::Marked(gone(&one, Some(user))),
        HostNotice::Marked(gone(&one, None)),
    ]
}
