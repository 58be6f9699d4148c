//! The registry undoes a transfer: the domain goes back as if it had never left (N35).

use super::hand_over::{Before, change_name_servers, relink};
use super::{note, rules};
use crate::epp::command::{ContactRole, NameServers};
use crate::epp::notice::{Notice, Transferred};
use crate::epp::ns::Ns;
use crate::epp::reply::TransferStatus;
use crate::epp::types::{ChangeOperation, DomainName, HostAddrs, Status};
use crate::flow::contact::cleanup;
use crate::flow::domain::{change, find, grace, hold, name_servers, on_name, renewal};
use crate::flow::host::approval;
use crate::flow::{money, token};
use crate::gate::{Cx, Stop};
use crate::policy::{NsMode, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;
use crate::store::domain::DomainRow;
use crate::store::management::Managed;
use crate::store::transfer::TransferRow;

/// Gives a domain back to the registrar it was taken from, with its hosts, the contacts and name servers that are
/// still there, who manages and renews it, and the end of its registration; time that was bought since stays. A deletion
/// that was scheduled since is off. Both registrars are told. The row handed back says who they are. What the transfer
/// cost is given back.
///
/// # Errors
/// [`Reason::NotFound`], [`Reason::NoTransferKnown`] where nothing moved or it moved on since,
/// [`Reason::StatusProhibits`], or the database's trouble.
pub async fn run(cx: &mut Cx<'_>, name: &DomainName) -> Result<TransferRow, Stop> {
    let mut domain = find(cx, name).await?;
    let last = cx.tx.transfer_of(domain.id).await?;
    let moved = last.filter(|row| row.requester == domain.registrar && row.requester != row.loser);
    let Some((row, before)) = moved.and_then(|row| row.before_it.clone().map(|before| (row, before))) else {
        return Err(on_name(Reason::NoTransferKnown, name).into());
    };
    let pending = domain.statuses.iter().map(|(status, _)| *status).find(|s| s.name().starts_with("pending"));
    if let Some(pending) = pending {
        let refusal = Refusal::new(Reason::StatusProhibits).on(Ns::Domain, "status", pending.name());
        return Err(refusal.detail(pending.name()).into());
    }
    let change = change::begin(cx, &domain, ChangeOperation::Transfer, Some("cancel")).await?;
    let before: Before =
        serde_json::from_str(&before).map_err(|_| StoreError::Shape("what a transfer took the place of"))?;
    let bought_since = row.expires_at.is_some_and(|end| end != domain.expires_at);
    domain.expires_at = match (row.expires_at, bought_since) {
        (None, _) => domain.expires_at,
        (Some(_), false) => before.expires_at,
        (Some(_), true) => {
            let months = i32::try_from(row.months).unwrap_or(0);
            domain.expires_at.plus_months(-months).unwrap_or(domain.expires_at)
        }
    };
    let policy = rules(cx, name).await?;
    domain.life.auto_renew = before.auto_renew.unwrap_or(domain.life.auto_renew);
    renewal::reckon(&mut domain, &policy);
    hold::unschedule(cx, &mut domain);
    cx.tx.grace_delete(domain.id).await?;
    if let Some(model) = before.management {
        cx.tx.management_set(Managed::Domain, domain.id, model).await?;
    }
    domain.registrar = row.loser.clone();
    domain.transferred_at = Some(cx.now);
    domain.auth = None;
    token::end(cx, &domain).await?;
    approval::stop_below(cx, domain.id).await?;
    cx.tx.hosts_move(domain.id, &row.loser, cx.now).await?;
    put_back(cx, &mut domain, &before, &policy).await?;
    let undone = TransferRow {
        status: TransferStatus::ServerCancelled,
        actor: cx.registry.clone(),
        acted_at: cx.now,
        due_at: None,
        before_it: None,
        ..row
    };
    cx.tx.domain_update(&domain).await?;
    for op in grace::TRANSFERS {
        money::refund(cx, &undone.requester, *op, domain.name.as_str(), undone.requested_at).await?;
    }
    cx.tx.transfer_put(&undone).await?;
    for party in [&undone.loser, &undone.requester] {
        let data = Transferred::Domain(undone.data(domain.name.clone()));
        cx.notify(party, Notice::TransferUndone(data));
    }
    change::moved(cx, change, &undone.loser, &domain, "cancel").await?;
    note(cx, &domain, &undone);
    Ok(undone)
}

/// Contacts and name servers as they were, as far as they still exist. Those of now stay where the zone would have too
/// few otherwise.
async fn put_back(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    before: &Before,
    policy: &ZonePolicy,
) -> Result<(), Stop> {
    let now: Vec<(ContactRole, i64)> = cx
        .tx
        .domain_contacts(domain.id)
        .await?
        .iter()
        .filter_map(|contact| contact.role.map(|role| (role, contact.id)))
        .collect();
    let mut then = Vec::with_capacity(before.contacts.len());
    for (role, id) in &before.contacts {
        if cx.tx.contact_by_id(*id).await?.is_some() {
            then.push((*role, *id));
        }
    }
    // Copies take the place of what is gone.
    let there = |role: &ContactRole| before.contacts.iter().filter(|(r, _)| r == role).count();
    for (role, id) in &now {
        if then.iter().filter(|(r, _)| r == role).count() < there(role) {
            then.push((*role, *id));
        }
    }
    relink(cx, domain.id, &now, &then).await?;
    if let Some(holder) = before.registrant
        && cx.tx.contact_by_id(holder).await?.is_some()
    {
        let copy = domain.registrant.replace(holder);
        cleanup::left(cx, copy.filter(|copy| *copy != holder)).await?;
    }
    if let Some(servers) = &before.ns {
        put_back_name_servers(cx, domain, servers, policy).await?;
    }
    Ok(())
}

async fn put_back_name_servers(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    servers: &[(DomainName, HostAddrs)],
    policy: &ZonePolicy,
) -> Result<(), Stop> {
    let servers = match policy.ns.mode {
        NsMode::HostAttr => NameServers::Attributes(servers.to_vec()),
        NsMode::HostObj => {
            let names: Vec<&DomainName> = servers.iter().map(|(name, _)| name).collect();
            let found = cx.tx.domain_named(None, &[], &names).await?;
            NameServers::Objects(
                names.into_iter().filter(|name| found.host(name).is_some()).cloned().collect(),
            )
        }
    };
    if name_servers::check_count(name_servers::names(&servers).len(), &policy.ns).is_err() {
        return Ok(());
    }
    change_name_servers(cx, domain, &servers, policy).await.map(drop)
}
