//! Contacts that no domain has: since when is noted where a domain gives one up, and after a time the registry removes
//! them (`zone.contact.cleanup`).

use serde_json::json;

use super::info;
use crate::clock::Ts;
use crate::epp::notice::Notice;
use crate::epp::types::{ContactStatus, Status};
use crate::flow::status::{self, Verb};
use crate::gate::{Cx, Stop};
use crate::policy::CleanupPolicy;
use crate::store::RoidKind;
use crate::store::contact::ContactRow;

/// Notes that a domain has those contacts no longer. Whether another has is looked at when their time is over.
///
/// # Errors
/// The database's trouble.
pub(in crate::flow) async fn left(
    cx: &mut Cx<'_>,
    contacts: impl IntoIterator<Item = i64>,
) -> Result<(), Stop> {
    for contact in contacts {
        cx.tx.contact_left(contact, cx.now).await?;
    }
    Ok(())
}

/// Notes that the contacts of a domain that is going to be removed are no longer its.
///
/// # Errors
/// The database's trouble.
pub(in crate::flow) async fn all_left(cx: &mut Cx<'_>, domain: i64) -> Result<(), Stop> {
    let mut contacts: Vec<i64> = cx.tx.domain_contacts(domain).await?.iter().map(|link| link.id).collect();
    contacts.sort_unstable();
    contacts.dedup();
    left(cx, contacts).await
}

/// Notes that a contact is waited for until then, so that it is not removed meanwhile.
///
/// # Errors
/// The database's trouble.
pub(in crate::flow) async fn awaited(cx: &mut Cx<'_>, contact: i64, until: Ts) -> Result<(), Stop> {
    Ok(cx.tx.contact_idle_from(contact, until).await?)
}

/// After how many days a contact is removed; `None` where it never is.
#[must_use]
pub fn days(used: bool, policy: &CleanupPolicy) -> Option<i64> {
    Some(if used { policy.unused_days } else { policy.never_used_days }).filter(|days| *days > 0)
}

/// Removes a contact that no domain has had for so long, and tells its sponsor (N55). One that must not be deleted, or
/// waits for a name, stays, and its time begins anew. Says whether there was anything to do.
///
/// # Errors
/// The database's trouble.
pub async fn remove(cx: &mut Cx<'_>, contact: i64) -> Result<bool, Stop> {
    let policy = &cx.rules.contact.cleanup;
    let Some(idle) = cx.tx.contact_idle(contact).await? else { return Ok(false) };
    let Some(days) = days(idle.used, policy) else { return Ok(false) };
    if idle.since.plus_days(days) > cx.now || cx.tx.contact_linked(contact).await? {
        return Ok(false);
    }
    let Some(row) = cx.tx.contact_by_id(contact).await? else { return Ok(false) };
    if let Some(why) = kept(cx, &row).await? {
        cx.tx.contact_idle_from(contact, cx.now).await?;
        cx.changed(row.handle.as_str(), json!({ "kept": why }));
        return Ok(true);
    }
    let roid = cx.roid(RoidKind::Contact, row.id)?;
    cx.changed(
        row.handle.as_str(),
        json!({ "deleted": true, "roid": roid, "used": idle.used, "idle_since": idle.since.to_string() }),
    );
    cx.tx.transfer_delete(row.id).await?;
    cx.tx.contact_delete(row.id).await?;
    let sponsor = row.registrar.clone();
    let data = Box::new(info::data(cx, row, false)?);
    cx.notify(&sponsor, Notice::ContactRemoved(data));
    Ok(true)
}

/// What keeps a contact that no domain has.
async fn kept(cx: &mut Cx<'_>, row: &ContactRow) -> Result<Option<&'static str>, Stop> {
    if let Some(status) = status::obstacle::<ContactStatus>(&row.statuses, Verb::Delete) {
        return Ok(Some(status.name()));
    }
    let waits = cx.tx.waiting_has(&row.handle.key()).await?;
    Ok(waits.then_some("waits for a name"))
}
