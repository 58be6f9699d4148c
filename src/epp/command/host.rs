//! The commands on hosts (RFC 5732).

use super::AskedName;
use crate::epp::types::{ContactId, DomainName, HostAddrs, HostStatus, Management, Note, Ttl, TtlView};

/// RFC 5732 section 3.1.1.
#[derive(Clone, Debug, PartialEq)]
pub struct HostCheck {
    /// In the order asked.
    pub names: Vec<AskedName>,
}

/// RFC 5732 section 3.1.2.
#[derive(Clone, Debug, PartialEq)]
pub struct HostInfo {
    /// The host.
    pub name: DomainName,
    /// Which lifetimes of records to show (RFC 9803).
    pub ttl: Option<TtlView>,
}

/// RFC 5732 section 3.2.1.
#[derive(Clone, Debug, PartialEq)]
pub struct HostCreate {
    /// The host.
    pub name: DomainName,
    /// Its addresses.
    pub addrs: HostAddrs,
    /// Lifetimes of records (RFC 9803).
    pub ttl: Vec<Ttl>,
    /// The contact that is to administer it; no XML of the RFCs carries it.
    pub admin: Option<ContactId>,
    /// Who is to manage it; no XML of the RFCs carries it. `None`: by the account's default.
    pub management: Option<Management>,
}

impl HostCreate {
    /// A create as RFC 5732 has it.
    #[must_use]
    pub fn of(name: DomainName, addrs: HostAddrs) -> Self {
        Self { name, addrs, ttl: Vec::new(), admin: None, management: None }
    }
}

/// RFC 5732 section 3.2.2.
#[derive(Clone, Debug, PartialEq)]
pub struct HostDelete {
    /// The host.
    pub name: DomainName,
}

/// What an update adds to or removes from a host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostAddRem {
    /// Addresses.
    pub addrs: HostAddrs,
    /// Statuses.
    pub statuses: Vec<(HostStatus, Option<Note>)>,
}

/// RFC 5732 section 3.2.5.
#[derive(Clone, Debug, PartialEq)]
pub struct HostUpdate {
    /// The host.
    pub name: DomainName,
    /// `host:add`
    pub add: Option<HostAddRem>,
    /// `host:rem`
    pub rem: Option<HostAddRem>,
    /// The new name.
    pub new_name: Option<DomainName>,
    /// Lifetimes of records (RFC 9803).
    pub ttl: Vec<Ttl>,
    /// The contact that is to administer it; no XML of the RFCs carries it.
    pub admin: Option<ContactId>,
}

impl HostUpdate {
    /// An update of nothing.
    #[must_use]
    pub fn of(name: DomainName) -> Self {
        Self { name, add: None, rem: None, new_name: None, ttl: Vec::new(), admin: None }
    }
}
