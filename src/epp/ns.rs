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
    /// An extension's.
    Ext(Ext),
}

impl Ns {
    /// The namespaces of the core, RFC 5730 to 5733.
    pub const CORE: &'static [Self] = &[Self::Epp, Self::Domain, Self::Host, Self::Contact];

    /// The object services, in the order the greeting lists them (RFC 5730 section 2.4).
    pub const OBJECTS: &'static [Self] = &[Self::Domain, Self::Contact, Self::Host];

    /// The URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Epp => "urn:ietf:params:xml:ns:epp-1.0",
            Self::Domain => "urn:ietf:params:xml:ns:domain-1.0",
            Self::Host => "urn:ietf:params:xml:ns:host-1.0",
            Self::Contact => "urn:ietf:params:xml:ns:contact-1.0",
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

/// The object services and extensions a client named at login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Services(u64);

impl Services {
    /// A set of those.
    #[must_use]
    pub fn of(objects: &[Ns], extensions: &[Ext]) -> Self {
        let bits = extensions.iter().map(|ext| Self::bit(Ns::Ext(*ext)));
        Self(objects.iter().map(|ns| Self::bit(*ns)).chain(bits).fold(0, |all, bit| all | bit))
    }

    /// Whether that one was named.
    #[must_use]
    pub fn has(self, ns: Ns) -> bool {
        self.0 & Self::bit(ns) != 0
    }

    fn bit(ns: Ns) -> u64 {
        1 << match ns {
            Ns::Epp => 0,
            Ns::Domain => 1,
            Ns::Host => 2,
            Ns::Contact => 3,
            Ns::Ext(ext) => 4 + ext as u32,
        }
    }
}
