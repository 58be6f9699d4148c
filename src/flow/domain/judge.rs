//! The rules of a registration for what is not registered yet: an application is judged by them when it is made and
//! each time it is changed.

use super::{contacts, name_servers, sec_dns};
use crate::epp::command::{ContactRole, DomainCreate, NameServers};
use crate::epp::types::{ContactId, DomainName};
use crate::flow::zone::Zone;
use crate::gate::{Cx, Stop};
use crate::policy::ZonePolicy;
use crate::refusal::Refusal;
use crate::store::link::Named;

/// The rules for applications.
#[derive(Clone, Copy, Debug)]
pub struct Application;

impl Application {
    /// Judges contacts, name servers and DNSSEC data as a create's, and says which of the objects it names exist.
    ///
    /// # Errors
    /// What a create would be refused for.
    pub(crate) async fn judge(cx: &mut Cx<'_>, wanted: &DomainCreate, zone: &Zone) -> Result<Named, Stop> {
        let policy = &zone.policy;
        let mut handles: Vec<&ContactId> = wanted.registrant.iter().collect();
        handles.extend(wanted.contacts.iter().map(|(_, id)| id));
        let hosts: Vec<&DomainName> = name_servers::objects(wanted.ns.as_ref()).iter().collect();
        let found = cx.tx.domain_named(None, &handles, &hosts).await?;
        contacts::check_named(&wanted.contacts, &policy.contacts)?;
        wanted.registrant.as_ref().map_or(Ok(0), |id| contacts::resolve_registrant(id, &found))?;
        let linked = contacts::resolve(&wanted.contacts, &found)?;
        let roles: Vec<ContactRole> = linked.iter().map(|(role, _)| *role).collect();
        contacts::check_bounds(wanted.registrant.is_some(), &roles, &policy.contacts)?;
        if let Some(servers) = &wanted.ns {
            name_servers::check_form(servers, &policy.ns)?;
        }
        let count = wanted.ns.as_ref().map_or(0, |ns| name_servers::names(ns).len());
        name_servers::check_count(count, &policy.ns)?;
        Self::name_servers(&wanted.name, wanted.ns.as_ref(), &found, policy)?;
        if let Some(given) = &wanted.sec_dns {
            sec_dns::accept(given, &wanted.name, &policy.dnssec)?;
        }
        Ok(found)
    }

    /// Judges name servers that are not linked yet.
    ///
    /// # Errors
    /// What a create would be refused for.
    pub(crate) fn name_servers(
        name: &DomainName,
        servers: Option<&NameServers>,
        found: &Named,
        policy: &ZonePolicy,
    ) -> Result<(), Refusal> {
        servers.map_or(Ok(()), |servers| name_servers::judge(name, servers, found, policy))
    }
}
