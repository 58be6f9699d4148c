//! Namespaces: the ones this server knows, their prefixes on the wire, and what a client named at login.

use super::ext::Ext;

/// A namespace this server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ns {
    /// RFC 5730.
    Epp,
    /// RFC 5731.
    Domain,
    /// RFC 5732.
    Host,
    /// RFC 5733.
    Contact,
    /// The balance of an account; offered where the server's profile says so.
    Balance,
    /// RFC 9167: work on the service; offered where the server's profile says so.
    Maintenance,
    /// An extension's.
    Ext(Ext),
}

impl Ns {
    /// The namespaces of the core, RFC 5730 to 5733, of the balance and of work on the service.
    pub const CORE: &'static [Self] =
        &[Self::Epp, Self::Domain, Self::Host, Self::Contact, Self::Balance, Self::Maintenance];

    /// The object services, in the order the greeting lists them (RFC 5730 section 2.4). A server may offer fewer.
    pub const OBJECTS: &'static [Self] =
        &[Self::Domain, Self::Contact, Self::Host, Self::Balance, Self::Maintenance];

    /// The URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Epp => "urn:ietf:params:xml:ns:epp-1.0",
            Self::Domain => "urn:ietf:params:xml:ns:domain-1.0",
            Self::Host => "urn:ietf:params:xml:ns:host-1.0",
            Self::Contact => "urn:ietf:params:xml:ns:contact-1.0",
            Self::Balance => "http://www.verisign.com/epp/balance-1.0",
            Self::Maintenance => "urn:ietf:params:xml:ns:epp:maintenance-1.0",
            Self::Ext(ext) => ext.uri(),
        }
    }

    /// The prefix this server writes.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Epp => "epp",
            Self::Domain => "domain",
            Self::Host => "host",
            Self::Contact => "contact",
            Self::Balance => "balance",
            Self::Maintenance => "maint",
            Self::Ext(ext) => ext.prefix(),
        }
    }

    /// How that prefix is declared.
    pub(in crate::epp) const fn declaration(self) -> &'static str {
        match self {
            Self::Epp => "xmlns",
            Self::Domain => "xmlns:domain",
            Self::Host => "xmlns:host",
            Self::Contact => "xmlns:contact",
            Self::Balance => "xmlns:balance",
            Self::Maintenance => "xmlns:maint",
            Self::Ext(ext) => ext.declaration(),
        }
    }

    /// The known namespace of a URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        let core = Self::CORE.iter().copied().find(|ns| ns.uri() == uri);
        core.or_else(|| Ext::from_uri(uri).map(Self::Ext))
    }
}

/// The object services and extensions a client named at login, and what is done with the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Services {
    named: u64,
    moved: u64,
}

impl Services {
    /// A set of those.
    #[must_use]
    pub fn of(objects: &[Ns], extensions: &[Ext]) -> Self {
        Self { named: bits(objects, extensions), moved: 0 }
    }

    /// With those, as far as they were not named, moved out of the way in messages instead of left out (RFC 9038).
    #[must_use]
    pub fn moving(self, objects: &[Ns], extensions: &[Ext]) -> Self {
        Self { moved: bits(objects, extensions) & !self.named, ..self }
    }

    /// Whether that one was named.
    #[must_use]
    pub fn has(self, ns: Ns) -> bool {
        self.named & bit(ns) != 0
    }

    /// Whether its data is moved out of the way in messages.
    #[must_use]
    pub fn moves(self, ns: Ns) -> bool {
        self.moved & bit(ns) != 0
    }
}

fn bits(objects: &[Ns], extensions: &[Ext]) -> u64 {
    let extensions = extensions.iter().map(|ext| Ns::Ext(*ext));
    objects.iter().copied().chain(extensions).fold(0, |all, ns| all | bit(ns))
}

fn bit(ns: Ns) -> u64 {
    1 << match ns {
        Ns::Epp => 0,
        Ns::Domain => 1,
        Ns::Host => 2,
        Ns::Contact => 3,
        Ns::Balance => 4,
        Ns::Maintenance => 5,
        Ns::Ext(ext) => 6 + ext as u32,
    }
}
