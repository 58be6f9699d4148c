//! What a sponsor is told of changes of its domains that it did not make itself (RFC 8590): the state before is taken in
//! front of the change, the state after behind it. Who joins that to the notice of the change is the gate.

use super::info;
use crate::epp::reply::MessageData;
use crate::epp::types::{ChangeOperation, RegistrarId};
use crate::gate::{Change, Cx, Stop};
use crate::store::domain::DomainRow;

/// A change that has begun.
#[derive(Debug)]
#[must_use = "a change that is begun is told when it is done"]
pub struct Begun(Option<Change>);

/// Begins a change of a domain, before anything of it was written. Nothing is noted where its sponsor acts, or its account's
/// rules do not tell of such a change.
///
/// # Errors
/// The database's trouble.
pub async fn begin(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    operation: ChangeOperation,
    op: Option<&'static str>,
) -> Result<Begun, Stop> {
    let to = &domain.registrar;
    if !cx.tells(to, operation).await? {
        return Ok(Begun(None));
    }
    let before = Some(shown(cx, domain).await?);
    Ok(Begun(Some(Change { to: to.clone(), operation, op, before, after: None })))
}

/// Begins a change of a domain of which the number and the sponsor are known alone; its row is read where it is told.
///
/// # Errors
/// The database's trouble.
pub(super) async fn begin_at(
    cx: &mut Cx<'_>,
    id: i64,
    sponsor: &RegistrarId,
    operation: ChangeOperation,
) -> Result<Option<(Begun, DomainRow)>, Stop> {
    if !cx.tells(sponsor, operation).await? {
        return Ok(None);
    }
    let Some(domain) = cx.tx.domain_by_id(id).await? else { return Ok(None) };
    Ok(Some((begin(cx, &domain, operation, None).await?, domain)))
}

/// Ends a change of a domain that is still its sponsor's: everything of it was written.
///
/// # Errors
/// The database's trouble.
pub async fn end(cx: &mut Cx<'_>, begun: Begun, domain: &DomainRow) -> Result<(), Stop> {
    if let Some(change) = begun.0 {
        let after = Some(shown(cx, domain).await?);
        cx.tell_change(Change { after, ..change });
    }
    Ok(())
}

/// Ends a change after which the domain is no longer there.
pub(super) fn purged(cx: &mut Cx<'_>, begun: Begun) {
    if let Some(change) = begun.0 {
        cx.tell_change(change);
    }
}

/// Ends a transfer: who had the domain learns how it was, who has it how it is. Neither sees what is the other's.
///
/// # Errors
/// The database's trouble.
pub(super) async fn moved(
    cx: &mut Cx<'_>,
    begun: Begun,
    to: &RegistrarId,
    domain: &DomainRow,
    op: &'static str,
) -> Result<(), Stop> {
    purged(cx, begun);
    if cx.tells(to, ChangeOperation::Transfer).await? {
        let after = Some(shown(cx, domain).await?);
        let operation = ChangeOperation::Transfer;
        cx.tell_change(Change { to: to.clone(), operation, op: Some(op), before: None, after });
    }
    Ok(())
}

async fn shown(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<MessageData, Stop> {
    Ok(MessageData::DomainInfo(Box::new(info::as_sponsor(cx, domain).await?)))
}
