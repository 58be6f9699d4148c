//! Hosts below a domain on hold: marked `pendingDelete`, they go with it or stay with it (S143-S145). A marked host
//! serves whom it served; nobody new can use it, and its name is nobody's until it is gone.

use serde_json::json;

use super::gone::Told;
use crate::epp::notice::HostNotice;
use crate::epp::types::HostStatus;
use crate::flow::host::{admin, info};
use crate::gate::{Cx, Stop};
use crate::store::domain::DomainRow;

/// Marks the hosts below a domain and tells who has them, and the sponsors of the domains that use them: those need
/// other name servers (N59).
///
/// # Errors
/// The database's trouble.
pub async fn set(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    let mut told = Told::default();
    for mut host in cx.tx.hosts_below(domain.id).await? {
        if host.statuses.has(HostStatus::PendingDelete) {
            continue;
        }
        host.statuses.insert(HostStatus::PendingDelete, None);
        cx.tx.host_update(&host).await?;
        cx.changed(host.name.as_str(), json!({ "marked_for_deletion": true }));
        for user in cx.tx.domains_using_host(host.id).await? {
            if user.id != domain.id {
                told.user(&host, user);
            }
        }
        let having = admin::run_by(cx, &host).await?;
        told.host(info::shown(cx, host).await?, having);
    }
    told.tell(cx, domain, HostNotice::Marked);
    Ok(())
}

/// Takes the marks off again.
///
/// # Errors
/// The database's trouble.
pub async fn lift(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    for mut host in cx.tx.hosts_below(domain.id).await? {
        if host.statuses.remove(HostStatus::PendingDelete) {
            cx.tx.host_update(&host).await?;
            cx.changed(host.name.as_str(), json!({ "marked_for_deletion": false }));
        }
    }
    Ok(())
}
