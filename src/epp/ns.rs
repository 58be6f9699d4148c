//! Namespaces: the ones this server knows, their prefixes on the wire, and what the greeting announces.

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
}

impl Ns {
    /// Every known namespace.
    pub const ALL: &'static [Self] = &[Self::Epp, Self::Domain, Self::Host, Self::Contact];

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
        }
    }

    /// The known namespace of a URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|ns| ns.uri() == uri)
    }
}

/// Extensions announced in the greeting (RFC 5730 section 2.4, RFC 7451). A row here is a promise that it works.
pub const EXTENSIONS: &[&str] = &[
    // RFC 9154: authorization information is stored hashed, never returned, and unset after a transfer.
    "urn:ietf:params:xml:ns:epp:secure-authinfo-transfer-1.0",
];
