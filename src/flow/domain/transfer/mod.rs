//! Transfers of domains (RFC 5731 sections 3.1.3 and 3.2.4): one file per operation, and how they end.

pub mod approve;
pub mod cancel;
mod consent;
mod hand_over;
pub mod query;
pub mod reject;
pub mod request;
pub mod undo;

use std::sync::Arc;

pub(super) use hand_over::{Going, hand_over};
use serde_json::json;

use super::{authority, find, period};
use crate::epp::command::DomainTransfer;
use crate::epp::notice::Transferred;
use crate::epp::reply::Reply;
use crate::epp::types::{DomainName, DomainStatus};
use crate::flow::domain::on_name;
use crate::flow::transfer::{Decision, check_decision, decided, tell};
use crate::flow::{allocation, money, zone};
use crate::gate::{Cx, Stop};
use crate::policy::{BillOp, TransferOp, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::allocation::AllocationOp;
use crate::store::domain::DomainRow;
use crate::store::transfer::TransferRow;

/// The server's own decision on a transfer nobody answered in time (R06): it is approved. Says whether there was
/// anything to do; a transfer that ended meanwhile is left alone.
///
/// # Errors
/// The database's trouble.
pub async fn time_out(cx: &mut Cx<'_>, id: i64) -> Result<bool, Stop> {
    let Some(domain) = cx.tx.domain_by_id(id).await? else { return Ok(false) };
    let due = |row: &TransferRow| row.is_pending() && row.due_at.is_some_and(|at| at <= cx.now);
    let Some(pending) = cx.tx.transfer_of(id).await?.filter(due) else { return Ok(false) };
    let policy = rules(cx, &domain.name).await?;
    conclude(cx, domain, pending, Decision::TimeOut, &policy).await?;
    Ok(true)
}

/// Ends a pending transfer of a domain that goes on hold: there is nothing left to hand over, and nothing to pay for.
/// The caller stores the domain.
///
/// # Errors
/// The database's trouble.
pub async fn stop(cx: &mut Cx<'_>, domain: &mut DomainRow) -> Result<(), Stop> {
    if !domain.statuses.remove(DomainStatus::PendingTransfer) {
        return Ok(());
    }
    let pending = cx.tx.transfer_of(domain.id).await?.filter(TransferRow::is_pending);
    let Some(pending) = pending else { return Ok(()) };
    let row = decided(pending, Decision::Stop, cx.registrar(), cx.now);
    money::failure(cx, &cost(domain, &row, BillOp::Transfer), row.requested_at).await?;
    allocation::give_back(cx, AllocationOp::Transfer, &domain.name, row.requested_at).await?;
    cx.tx.transfer_put(&row).await?;
    tell(cx, &row, || domain.name.clone(), Transferred::Domain);
    note(cx, domain, &row);
    Ok(())
}

/// The rules of a domain's zone, also while that is switched off: what was asked for before comes to its end.
async fn rules(cx: &mut Cx<'_>, name: &DomainName) -> Result<Arc<ZonePolicy>, Stop> {
    Ok(zone::registered_in(cx, name).await?.policy)
}

/// Refuses a command that the domain's zone does not have.
///
/// # Errors
/// [`Reason::NotOffered`] where it has none of them, [`Reason::OpNotOffered`]
fn check_offered(policy: &ZonePolicy, op: TransferOp) -> Result<(), Refusal> {
    let offered = &policy.transfer.ops;
    if offered.contains(&op) {
        return Ok(());
    }
    Err(if offered.is_empty() { Reason::NotOffered.into() } else { Reason::OpNotOffered.into() })
}

/// A decision by one of the parties. Authorization information is not needed, but must fit if given.
async fn decide(command: &DomainTransfer, cx: &mut Cx<'_>, decision: Decision) -> Result<Reply, Stop> {
    let domain = find(cx, &command.name).await?;
    let policy = rules(cx, &domain.name).await?;
    if let Some(op) = decision.op() {
        check_offered(&policy, op)?;
    }
    let last = cx.tx.transfer_of(domain.id).await?;
    let pending = check_decision(last, decision, cx.registrar(), &domain.registrar, |reason| {
        on_name(reason, &domain.name)
    })?;
    if let Some(given) = &command.auth {
        authority::check(cx, &domain, given).await?;
    }
    let name = domain.name.clone();
    let row = conclude(cx, domain, pending, decision, &policy).await?;
    Ok(Reply::DomainTransfer(row.data(name)))
}

/// Brings a pending transfer to its end and tells the other party.
async fn conclude(
    cx: &mut Cx<'_>,
    mut domain: DomainRow,
    pending: TransferRow,
    decision: Decision,
    policy: &ZonePolicy,
) -> Result<TransferRow, Stop> {
    let mut row = decided(pending, decision, cx.registrar(), cx.now);
    domain.statuses.remove(DomainStatus::PendingTransfer);
    if decision.moves() {
        hand_over(cx, &mut domain, &mut row, &Going { policy, anew: None, management: None }).await?;
    }
    cx.tx.domain_update(&domain).await?;
    let cost = cost(&domain, &row, BillOp::Transfer);
    if decision.moves() {
        money::success(cx, &cost, row.requested_at).await?;
    } else {
        money::failure(cx, &cost, row.requested_at).await?;
        allocation::give_back(cx, AllocationOp::Transfer, &domain.name, row.requested_at).await?;
    }
    cx.tx.transfer_put(&row).await?;
    tell(cx, &row, || domain.name.clone(), Transferred::Domain);
    note(cx, &domain, &row);
    Ok(row)
}

/// Who asks for a domain pays for it.
fn cost<'a>(domain: &'a DomainRow, row: &'a TransferRow, op: BillOp) -> money::Charge<'a> {
    money::Charge {
        account: &row.requester,
        op,
        zone: domain.zone.as_str(),
        units: period::years(i32::try_from(row.months).unwrap_or(0)),
        object: domain.name.as_str(),
        fee: money::FeeTerms::default(),
    }
}

pub(super) fn note(cx: &mut Cx<'_>, domain: &DomainRow, row: &TransferRow) {
    let detail = json!({
        "transfer": {
            "status": row.status.name(),
            "requester": row.requester,
            "loser": row.loser,
            "expires": domain.expires_at.to_string(),
        }
    });
    cx.changed(domain.name.as_str(), detail);
}
