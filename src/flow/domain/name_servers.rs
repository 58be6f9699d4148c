//! Name servers of a domain in the zone's one form: host objects, or attributes that are hosts private to the
//! domain (RFC 5731 section 1.1).

use crate::epp::command::NameServers;
use crate::epp::ns::Ns;
use crate::epp::types::{DomainName, HostAddrs, StatusSet};
use crate::flow::host::address;
use crate::gate::{Cx, Stop};
use crate::policy::{NsMode, NsPolicy, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::host::HostRow;
use crate::store::link::Named;

/// The names in the order of the command.
#[must_use]
pub fn names(servers: &NameServers) -> Vec<&DomainName> {
    match servers {
        NameServers::Objects(names) => names.iter().collect(),
        NameServers::Attributes(hosts) => hosts.iter().map(|(name, _)| name).collect(),
    }
}

/// The names that are to be looked up as host objects.
#[must_use]
pub fn objects(servers: Option<&NameServers>) -> &[DomainName] {
    match servers {
        Some(NameServers::Objects(names)) => names,
        _ => &[],
    }
}

/// Refuses the form the zone does not use, and a name that stands twice.
///
/// # Errors
/// [`Reason::HostModel`], [`Reason::DuplicateInCommand`]
pub fn check_form(servers: &NameServers, policy: &NsPolicy) -> Result<(), Refusal> {
    match (servers, policy.mode) {
        (NameServers::Objects(_), NsMode::HostObj) | (NameServers::Attributes(_), NsMode::HostAttr) => {}
        (NameServers::Objects(_), NsMode::HostAttr) => {
            return Err(Refusal::new(Reason::HostModel).on(Ns::Domain, "hostObj", "").detail("hostAttr"));
        }
        (NameServers::Attributes(_), NsMode::HostObj) => {
            return Err(Refusal::new(Reason::HostModel).on(Ns::Domain, "hostAttr", "").detail("hostObj"));
        }
    }
    let names = names(servers);
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        None => Ok(()),
        Some((_, twice)) => Err(on_host(Reason::DuplicateInCommand, servers, twice)),
    }
}

/// Refuses too few or too many.
///
/// # Errors
/// [`Reason::TooFewNameServers`], [`Reason::TooManyNameServers`]
pub fn check_count(count: usize, policy: &NsPolicy) -> Result<(), Refusal> {
    let refused = |reason, limit: String| Err(Refusal::new(reason).on(Ns::Domain, "ns", "").detail(limit));
    if count < policy.min {
        return refused(Reason::TooFewNameServers, format!("at least {}", policy.min))
            .map_err(|refusal| refusal.coded(policy.too_few_code.get()));
    }
    if count > policy.max {
        return refused(Reason::TooManyNameServers, format!("at most {}", policy.max));
    }
    Ok(())
}

/// Makes the hosts a command names into hosts that can be linked: objects are found, attributes are created.
///
/// # Errors
/// [`Reason::NoSuchHost`], [`Reason::NameServerNotUsable`], [`Reason::NameServerMarked`], [`Reason::NameServerAwaited`],
/// [`Reason::AddressMissing`],
/// [`Reason::AddressNotAccepted`], [`Reason::TooManyAddresses`], [`Reason::AddressNotPublic`], or the
/// database's trouble.
pub async fn resolve(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    servers: &NameServers,
    found: &Named,
    rules: &ZonePolicy,
) -> Result<Vec<i64>, Stop> {
    match servers {
        NameServers::Objects(names) => Ok(usable(servers, names, found)?),
        NameServers::Attributes(hosts) => {
            for (name, addrs) in hosts {
                check_attribute(&domain.name, name, addrs, rules)?;
            }
            create_private(cx, domain, hosts).await
        }
    }
}

/// Judges what [`resolve`] would make, and makes nothing.
///
/// # Errors
/// As [`resolve`].
pub(super) fn judge(
    domain: &DomainName,
    servers: &NameServers,
    found: &Named,
    rules: &ZonePolicy,
) -> Result<(), Refusal> {
    match servers {
        NameServers::Objects(names) => usable(servers, names, found).map(drop),
        NameServers::Attributes(hosts) => {
            hosts.iter().try_for_each(|(name, addrs)| check_attribute(domain, name, addrs, rules))
        }
    }
}

/// A host below a domain of this registry serves only with an address: without one, nobody could reach it.
fn usable(servers: &NameServers, names: &[DomainName], found: &Named) -> Result<Vec<i64>, Refusal> {
    let number = |name| {
        let host = found.host(name).ok_or_else(|| on_host(Reason::NoSuchHost, servers, name))?;
        if host.superordinate.is_some() && !host.has_addrs {
            return Err(on_host(Reason::NameServerNotUsable, servers, name));
        }
        if host.marked {
            return Err(on_host(Reason::NameServerMarked, servers, name));
        }
        if host.awaited {
            return Err(on_host(Reason::NameServerAwaited, servers, name));
        }
        Ok(host.id)
    };
    names.iter().map(number).collect()
}

/// An attribute has addresses exactly where they are glue: at or below the very domain.
fn check_attribute(
    domain: &DomainName,
    name: &DomainName,
    addrs: &HostAddrs,
    rules: &ZonePolicy,
) -> Result<(), Refusal> {
    let inside = name == domain || name.is_below(domain);
    match (inside, addrs.0.is_empty()) {
        (true, true) => {
            let refusal = Refusal::new(Reason::AddressMissing).coded(rules.glue.missing_code.get());
            return Err(refusal.on(Ns::Domain, "hostName", name.as_str()));
        }
        (false, false) => {
            let refusal = Refusal::new(Reason::AddressNotAccepted).on(Ns::Domain, "hostName", name.as_str());
            return Err(refusal.detail(format!("hosts below {domain} have addresses here")));
        }
        _ => {}
    }
    address::check(addrs, &rules.host, Ns::Domain, "hostAddr")
}

/// Hosts of the domain's own, seen by nobody else.
async fn create_private(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    hosts: &[(DomainName, HostAddrs)],
) -> Result<Vec<i64>, Stop> {
    let mut numbers = Vec::with_capacity(hosts.len());
    for (name, addrs) in hosts {
        let row = HostRow {
            id: cx.ids.next(),
            name: name.clone(),
            private_to: domain.id,
            superordinate: Some(domain.id),
            registrar: domain.registrar.clone(),
            creator: cx.registrar().clone(),
            created_at: cx.now,
            updater: None,
            updated_at: None,
            transferred_at: None,
            statuses: StatusSet::default(),
            addrs: addrs.clone(),
            admin: None,
        };
        if !cx.tx.host_insert(&row).await? {
            return Err(Refusal::new(Reason::AlreadyThere).on(Ns::Domain, "hostName", name.as_str()).into());
        }
        numbers.push(row.id);
    }
    Ok(numbers)
}

/// A refusal that names a host by the element it came in.
pub(super) fn on_host(reason: Reason, servers: &NameServers, name: &DomainName) -> Refusal {
    let element = match servers {
        NameServers::Objects(_) => "hostObj",
        NameServers::Attributes(_) => "hostName",
    };
    Refusal::new(reason).on(Ns::Domain, element, name.as_str())
}

/// Hosts with their places from `first` on.
#[must_use]
pub fn in_order(hosts: &[i64], first: i64) -> Vec<(i64, i64)> {
    hosts.iter().copied().zip(first..).collect()
}
