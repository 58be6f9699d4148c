//! Transfers of domains (RFC 5731 sections 3.1.3 and 3.2.4): one file per operation, and how they end.

pub mod approve;
pub mod cancel;
pub mod query;
pub mod reject;
pub mod request;

use serde_json::json;

use super::{authority, find, grace, period, renewal};
use crate::epp::command::DomainTransfer;
use crate::epp::notice::Transferred;
use crate::epp::reply::Reply;
use crate::epp::types::DomainStatus;
use crate::flow::transfer::{Decision, check_decision, decided, tell};
use crate::flow::{money, zone};
use crate::gate::{Cx, Stop};
use crate::policy::BillOp;
use crate::store::domain::DomainRow;
use crate::store::life::GraceKind;
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
    conclude(cx, domain, pending, Decision::TimeOut).await?;
    Ok(true)
}

/// Ends a pending transfer of a domain that goes on hold: there is nothing left to hand over. The caller stores the
/// domain.
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
    cx.tx.transfer_put(&row).await?;
    tell(cx, &row, || domain.name.clone(), Transferred::Domain);
    note(cx, domain, &row);
    Ok(())
}

/// A decision by one of the parties. Authorization information is not needed, but must fit if given.
async fn decide(command: &DomainTransfer, cx: &mut Cx<'_>, decision: Decision) -> Result<Reply, Stop> {
    let domain = find(cx, &command.name).await?;
    let last = cx.tx.transfer_of(domain.id).await?;
    let pending = check_decision(last, decision, cx.registrar(), &domain.registrar)?;
    if let Some(given) = &command.auth {
        authority::check(cx, &domain, given).await?;
    }
    let name = domain.name.clone();
    let row = conclude(cx, domain, pending, decision).await?;
    Ok(Reply::DomainTransfer(row.data(name)))
}

/// Brings a pending transfer to its end and tells the other party.
async fn conclude(
    cx: &mut Cx<'_>,
    mut domain: DomainRow,
    pending: TransferRow,
    decision: Decision,
) -> Result<TransferRow, Stop> {
    let row = decided(pending, decision, cx.registrar(), cx.now);
    domain.statuses.remove(DomainStatus::PendingTransfer);
    if decision.moves() {
        hand_over(cx, &mut domain, &row).await?;
    }
    cx.tx.domain_update(&domain).await?;
    let cost = cost(&domain, &row);
    if decision.moves() {
        money::success(cx, &cost, row.requested_at).await?;
    } else {
        money::failure(cx, &cost, row.requested_at).await?;
    }
    cx.tx.transfer_put(&row).await?;
    tell(cx, &row, || domain.name.clone(), Transferred::Domain);
    note(cx, &domain, &row);
    Ok(row)
}

/// Gives a domain to the registrar that asked for it: the registration runs longer by what was asked, the old
/// authorization information fits no more (RFC 9154 section 5.3), and the hosts below the domain come along
/// (RFC 5731 section 3.2.4). The caller stores the row.
async fn hand_over(cx: &mut Cx<'_>, domain: &mut DomainRow, row: &TransferRow) -> Result<(), Stop> {
    domain.registrar = row.requester.clone();
    domain.transferred_at = Some(cx.now);
    domain.expires_at = row.expires_at.unwrap_or(domain.expires_at);
    domain.auth = None;
    taken_over(cx, domain, row).await?;
    Ok(cx.tx.hosts_move(domain.id, &row.requester, cx.now).await?)
}

/// Who asks for a domain pays for it.
fn cost<'a>(domain: &'a DomainRow, row: &'a TransferRow) -> money::Charge<'a> {
    money::Charge {
        account: &row.requester,
        op: BillOp::Transfer,
        zone: domain.zone.as_str(),
        units: period::years(i32::try_from(row.months).unwrap_or(0)),
        object: domain.name.as_str(),
    }
}

/// A domain begins anew with its new sponsor: what was to be given back to the old one is not, a deletion the old one
/// scheduled is off, and whether it is renewed is the new account's choice.
async fn taken_over(cx: &mut Cx<'_>, domain: &mut DomainRow, row: &TransferRow) -> Result<(), Stop> {
    let zone = zone::registered_in(cx, &domain.name).await?;
    domain.life.delete_at = None;
    domain.life.auto_renew = renewal::default_of(cx, &row.requester, &zone.policy).await?;
    renewal::reckon(domain, &zone.policy);
    grace::unrenew(cx, domain, row).await?;
    let months = i32::try_from(row.months).unwrap_or(0);
    grace::begin(cx, domain, GraceKind::Transfer, months, &zone.policy.grace).await
}

fn note(cx: &mut Cx<'_>, domain: &DomainRow, row: &TransferRow) {
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
