//! The end of a domain: it is removed with what belongs to it, and its name is free.

use serde_json::json;

use super::gone::Told;
use super::{change, sec_dns};
use crate::epp::notice::{HostNotice, Notice};
use crate::epp::reply::PendingData;
use crate::epp::types::ChangeOperation;
use crate::flow::contact::cleanup;
use crate::flow::host::{admin, approval, info};
use crate::flow::waiting;
use crate::gate::{Cx, Stop};
use crate::store::domain::DomainRow;
use crate::store::host::HostRow;

/// Purges a domain whose time on hold is over, and tells its sponsor: as the end of the command that deleted it
/// where that was answered with 1001, else with the domain as it was (N39).
///
/// # Errors
/// The database's trouble.
pub async fn end(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    let notice = match &domain.delete_svtrid {
        Some(svtrid) => Notice::DomainDeleted(PendingData {
            name: domain.name.clone(),
            success: true,
            cltrid: domain.delete_cltrid.clone(),
            svtrid: svtrid.clone(),
            at: cx.now,
        }),
        None => {
            // What ends a command of the sponsor's own is none of this.
            let change = change::begin(cx, domain, ChangeOperation::AutoPurge, Some("purge")).await?;
            change::purged(cx, change);
            Notice::DomainPurged(Box::new(super::info::as_sponsor(cx, domain).await?))
        }
    };
    purge(cx, domain).await?;
    cx.notify(&domain.registrar, notice);
    Ok(())
}

/// Removes a domain with its links and private hosts; its name is free from then on.
///
/// A sponsor's delete is refused while hosts below the domain serve others, and none can be created below a deleted
/// one; those that are there all the same go with it, and whoever has or uses one is told (RFC 9874, S145).
///
/// # Errors
/// The database's trouble.
pub async fn purge(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    approval::stop_below(cx, domain.id).await?;
    // The store hands long lists out in parts.
    let mut told = Told::default();
    loop {
        let hosts = cx.tx.hosts_below(domain.id).await?;
        if hosts.is_empty() {
            told.tell(cx, domain, HostNotice::Deleted);
            return remove(cx, domain).await;
        }
        for host in hosts {
            let (data, having) = (info::shown(cx, host.clone()).await?, admin::run_by(cx, &host).await?);
            unlink(cx, domain, &host, &mut told).await?;
            told.host(data, having);
            cx.tx.host_delete(host.id).await?;
            cx.changed(host.name.as_str(), json!({ "purged": true }));
        }
    }
}

/// Takes a host that goes with its domain off every domain that uses it.
async fn unlink(cx: &mut Cx<'_>, domain: &DomainRow, host: &HostRow, told: &mut Told) -> Result<(), Stop> {
    loop {
        let users = cx.tx.domains_using_host(host.id).await?;
        if users.is_empty() {
            return Ok(());
        }
        for user in users {
            if user.id == domain.id {
                cx.tx.domain_name_server_delete(user.id, host.id).await?;
                continue;
            }
            let change = change::begin_at(cx, user.id, &user.registrar, ChangeOperation::Update).await?;
            cx.tx.domain_name_server_delete(user.id, host.id).await?;
            cx.changed(user.name.as_str(), json!({ "ns": { "removed": [host.name] } }));
            sec_dns::server_taken(cx, &user).await?;
            if let Some((change, row)) = change {
                change::end(cx, change, &row).await?;
            }
            told.user(host, user);
        }
    }
}

/// Removes a domain below which no host is.
async fn remove(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    cleanup::all_left(cx, domain.id).await?;
    cx.tx.domain_delete(domain.id).await?;
    cx.changed(domain.name.as_str(), json!({ "purged": true }));
    waiting::released(cx, &domain.name).await
}
