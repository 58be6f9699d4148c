//! Where a host lies: below a domain of this registry, which then decides who may have it, or elsewhere.

use std::sync::Arc;

use crate::epp::ns::Ns;
use crate::epp::types::{DomainName, HostAddrs, Status};
use crate::flow::status::{Verb, obstacle};
use crate::flow::zone::{self, Held};
use crate::gate::{Cx, Stop};
use crate::policy::ZonePolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::host::HostRow;

use super::address;

/// Where a host lies.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In no zone of this registry.
    Elsewhere,
    /// Below a domain of this registry, or of that domain's very name.
    Below {
        /// The domain's number.
        domain: i64,
        /// The rules of its zone.
        policy: Arc<ZonePolicy>,
    },
}

impl Place {
    /// The domain above.
    pub(super) fn superordinate(&self) -> Option<i64> {
        match self {
            Self::Elsewhere => None,
            Self::Below { domain, .. } => Some(*domain),
        }
    }

    /// The rules of its zone, where it has one here.
    pub(super) fn policy(&self) -> Option<&ZonePolicy> {
        match self {
            Self::Elsewhere => None,
            Self::Below { policy, .. } => Some(policy),
        }
    }

    /// The rules it is under: those of the zone, or those of hosts elsewhere.
    pub(super) fn rules<'a>(&'a self, elsewhere: &'a ZonePolicy) -> &'a ZonePolicy {
        self.policy().unwrap_or(elsewhere)
    }

    /// A host below a domain of this registry is published with its addresses, so it has some; of a host
    /// elsewhere another registry tells the addresses, so it has none (RFC 5732 section 1.1). Those that the
    /// command adds must be acceptable; those from before stay as they are. `missing` is the reason when none is
    /// left.
    pub(super) fn check_addrs(
        &self,
        addrs: &HostAddrs,
        added: &HostAddrs,
        missing: Reason,
    ) -> Result<(), Refusal> {
        match (self, addrs.0.first()) {
            (Self::Elsewhere, None) => Ok(()),
            (Self::Elsewhere, Some(addr)) => {
                Err(Refusal::new(Reason::AddressNotAccepted).on(Ns::Host, "addr", addr.to_string()))
            }
            (Self::Below { policy, .. }, None) => {
                let refusal = Refusal::new(missing).on(Ns::Host, "addr", "");
                // The last of several is another matter than the first.
                let is_new = missing == Reason::AddressMissing;
                Err(if is_new { refusal.coded(policy.glue.missing_code.get()) } else { refusal })
            }
            (Self::Below { policy, .. }, Some(_)) => {
                address::check(added, &policy.host, Ns::Host, "addr")?;
                address::check_count(addrs, &policy.host, Ns::Host, "addr")
            }
        }
    }
}

/// The place a host has already.
///
/// # Refusals
/// [`Reason::ZoneOff`]
pub(super) async fn place_of(cx: &mut Cx<'_>, host: &HostRow) -> Result<Place, Stop> {
    let Some(domain) = host.superordinate else { return Ok(Place::Elsewhere) };
    match zone::of(cx, &host.name).await? {
        Some(zone) => Ok(Place::Below { domain, policy: zone.policy }),
        None => Err(Refusal::new(Reason::ZoneOff).on(Ns::Host, "name", host.name.as_str()).into()),
    }
}

/// The place of a name that the acting registrar wants for a host.
///
/// # Refusals
/// [`Reason::NotOurZone`], [`Reason::ZoneOff`], [`Reason::NoSuperordinate`], [`Reason::SuperordinateNotOwn`],
/// [`Reason::SuperordinateStatus`]
pub(super) async fn place_for(cx: &mut Cx<'_>, name: &DomainName) -> Result<Place, Stop> {
    let on = |reason| Refusal::new(reason).on(Ns::Host, "name", name.as_str());
    let zone = match zone::held(cx, name).await? {
        Held::By(zone) => zone,
        Held::Elsewhere if name.parent().is_some() => return Ok(Place::Elsewhere),
        Held::Elsewhere => return Err(on(Reason::NotOurZone).detail(NO_HOST_NAME).into()),
        Held::SwitchedOff => return Err(on(Reason::ZoneOff).into()),
    };
    let registered =
        registered_above(name, &zone.name).ok_or_else(|| on(Reason::NotOurZone).detail(NO_HOST_NAME))?;
    let domain = cx.tx.domain_by_name(&registered).await?.ok_or_else(|| on(Reason::NoSuperordinate))?;
    if domain.registrar != *cx.registrar() && !zone.policy.host.below_foreign_domain {
        return Err(on(Reason::SuperordinateNotOwn).into());
    }
    if let Some(status) = obstacle(&domain.statuses, Verb::Update) {
        return Err(status_above(name, &domain.name, status.name()).into());
    }
    Ok(Place::Below { domain: domain.id, policy: zone.policy })
}

/// Of a zone's own name, and of one without a dot.
const NO_HOST_NAME: &str = "a host has the name of a domain, or one below it";

/// The name directly below the zone that a name lies below, or is; `None` for the zone itself.
fn registered_above(name: &DomainName, zone: &DomainName) -> Option<DomainName> {
    name.self_and_ancestors().into_iter().find(|above| above.parent().as_ref() == Some(zone))
}

/// The refusal of a command on that host for a status of the domain above.
pub(super) fn status_above(host: &DomainName, domain: &DomainName, status: &'static str) -> Refusal {
    Refusal::new(Reason::SuperordinateStatus)
        .on(Ns::Host, "name", host.as_str())
        .detail(format!("{domain} has {status}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_above_is_one_label_below_the_zone() {
        let name = |text: &str| DomainName::parse(text).unwrap();
        let above = |host: &str, zone: &str| registered_above(&name(host), &name(zone));
        assert_eq!(above("ns1.a.example.tld", "tld"), Some(name("example.tld")));
        assert_eq!(above("example.tld", "tld"), Some(name("example.tld")));
        assert_eq!(above("ns.example.co.tld", "co.tld"), Some(name("example.co.tld")));
        assert_eq!(above("tld", "tld"), None);
        assert_eq!(above("co.tld", "co.tld"), None);
    }
}
