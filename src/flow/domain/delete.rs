//! `<domain:delete>` (RFC 5731 section 3.2.2), and the purge at the end of it.

use std::collections::BTreeMap;

use serde_json::json;

use super::{find_own, on_name, sec_dns, zone_of};
use crate::epp::command::{ContactRole, DomainDelete};
use crate::epp::notice::{MOST_LISTED, Notice};
use crate::epp::ns::Ns;
use crate::epp::reply::{PendingData, Reply};
use crate::epp::types::{DomainName, DomainStatus, RegistrarId};
use crate::flow::management;
use crate::flow::status::{self, Verb};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;
use crate::store::domain::DomainRow;
use crate::store::host::HostRow;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:delete", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Deletes a domain: at once while it is new, else after a time in which nothing of it is published.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::RegistrantManages`](crate::refusal::Reason::RegistrantManages)
/// - [`Reason::StatusProhibits`]
/// - [`Reason::HasSubordinates`]
/// - [`Reason::NotOurZone`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainDelete, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find_own(cx, &command.name).await?;
    status::permit(&domain.statuses, Verb::Delete, Ns::Domain)?;
    if let Some(host) = cx.tx.hosts_below(domain.id).await?.first() {
        return Err(on_name(Reason::HasSubordinates, &domain.name).detail(host.name.to_string()).into());
    }
    let zone = zone_of(cx, &domain).await?;
    management::permit(cx, &domain, Some(ContactRole::Admin), &zone.policy.management).await?;
    if cx.now < domain.created_at.plus_days(zone.policy.grace.add_days) {
        remove(cx, &domain).await?;
        return Ok(Reply::Done);
    }
    let days = zone.policy.delete.redemption_days + zone.policy.delete.pending_delete_days;
    let purge_at = cx.now.plus_days(days);
    domain.statuses.insert(DomainStatus::PendingDelete, None);
    domain.purge_at = Some(purge_at);
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    domain.delete_cltrid = cx.cltrid.map(ToString::to_string);
    domain.delete_svtrid = Some(cx.svtrid.to_owned());
    cx.tx.domain_update(&domain).await?;
    cx.changed(domain.name.as_str(), json!({ "deleted": { "purge_at": purge_at.to_string() } }));
    Ok(Reply::Pending)
}

/// Ends a pending delete whose time has come: the sponsor is told, the name is free. Says whether there was
/// anything to do; a domain that was restored or purged meanwhile is left alone.
///
/// # Errors
/// The database's trouble.
pub async fn end(cx: &mut Cx<'_>, id: i64) -> Result<bool, Stop> {
    let Some(domain) = cx.tx.domain_by_id(id).await? else { return Ok(false) };
    if domain.purge_at.is_none_or(|at| cx.now < at) {
        return Ok(false);
    }
    purge(cx, &domain).await?;
    if let Some(svtrid) = &domain.delete_svtrid {
        let done = PendingData {
            name: domain.name.clone(),
            success: true,
            cltrid: domain.delete_cltrid.clone(),
            svtrid: svtrid.clone(),
            at: cx.now,
        };
        cx.notify(&domain.registrar, Notice::DomainDeleted(done));
    }
    Ok(true)
}

/// Removes a domain with its links and private hosts; its name is free from then on.
///
/// A delete is refused while hosts below the domain exist, and none can be created below a deleted one; should
/// there be one all the same, it goes with its domain, and whoever used it is told (RFC 9874).
///
/// # Errors
/// The database's trouble.
pub async fn purge(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    // The store hands long lists out in parts.
    let mut gone = Gone::new();
    loop {
        let hosts = cx.tx.hosts_below(domain.id).await?;
        if hosts.is_empty() {
            tell_users(cx, domain, gone);
            return remove(cx, domain).await;
        }
        for host in hosts {
            unlink(cx, domain, &host, &mut gone).await?;
            cx.tx.host_delete(host.id).await?;
            cx.changed(host.name.as_str(), json!({ "purged": true }));
        }
    }
}

/// What registrars lose with a domain: each host with the domain that used it.
type Gone = BTreeMap<RegistrarId, Vec<(DomainName, DomainName)>>;

/// Tells each registrar once what went, or as often as its list needs.
fn tell_users(cx: &mut Cx<'_>, domain: &DomainRow, gone: Gone) {
    for (registrar, hosts) in gone {
        for part in hosts.chunks(MOST_LISTED) {
            cx.notify(&registrar, Notice::HostsDeleted { domain: domain.name.clone(), hosts: part.to_vec() });
        }
    }
}

/// Takes a host that goes with its domain off every domain that uses it.
async fn unlink(cx: &mut Cx<'_>, domain: &DomainRow, host: &HostRow, gone: &mut Gone) -> Result<(), Stop> {
    loop {
        let users = cx.tx.domains_using_host(host.id).await?;
        if users.is_empty() {
            return Ok(());
        }
        for user in users {
            cx.tx.domain_name_server_delete(user.id, host.id).await?;
            if user.id == domain.id {
                continue;
            }
            cx.changed(user.name.as_str(), json!({ "ns": { "removed": [host.name] } }));
            sec_dns::server_taken(cx, &user).await?;
            gone.entry(user.registrar).or_default().push((host.name.clone(), user.name));
        }
    }
}

/// Removes a domain below which no host is.
async fn remove(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    cx.tx.domain_delete(domain.id).await?;
    cx.changed(domain.name.as_str(), json!({ "purged": true }));
    Ok(())
}
