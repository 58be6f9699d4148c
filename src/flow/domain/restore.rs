//! Bringing a deleted domain back by request and report (RFC 3915): an update that asks for nothing else.
//!
//! Where a zone wants both, the request puts the domain back into the published zone, and time stands still for its
//! redemption until the report is there, or too late. Where it wants a report alone, that is the restore. Funds are
//! never asked for (S138).

use serde_json::json;

use super::hold::{self, purge_at};
use super::{grace, on_name, period, renewal};
use crate::clock::Ts;
use crate::epp::ext::Ext;
use crate::epp::notice::Notice;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{DomainStatus, FeeGiven, FeeVerb, Restore, RestoreReport};
use crate::flow::zone::Zone;
use crate::flow::{money, status};
use crate::gate::{Cx, Stop};
use crate::policy::{BillOp, FeeRequired, RestoreCharge, RestoreMode, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::life::Hold;

/// Asks for a restore, or reports one.
///
/// # Errors
/// [`Reason::NotOffered`], [`Reason::RestoreRequestNotTaken`], [`Reason::NotOnHold`], [`Reason::StatusProhibits`],
/// [`Reason::RestorePending`], [`Reason::RestoreNotRequested`], [`Reason::RestoreReportTime`], [`Reason::FeeMissing`],
/// [`Reason::FeeTooLow`], [`Reason::FeeCurrency`], or the database's trouble.
pub async fn run(
    cx: &mut Cx<'_>,
    mut domain: DomainRow,
    zone: &Zone,
    (asked, said): (&Restore, Option<&FeeGiven>),
) -> Result<Reply, Stop> {
    let policy = &zone.policy;
    match (policy.restore.mode, asked) {
        (RestoreMode::Reactivate, _) => return Err(Reason::NotOffered.into()),
        (RestoreMode::RgpReport, Restore::Request) => {
            return Err(on_name(Reason::RestoreRequestNotTaken, &domain.name).into());
        }
        (RestoreMode::Rgp2, _) | (RestoreMode::RgpReport, Restore::Report(_)) => {}
    }
    let mut fee = money::Assessed::default();
    let mut held = check_hold(&domain, cx.now)?;
    if domain.statuses.has(DomainStatus::ServerUpdateProhibited) {
        return Err(status::prohibits(DomainStatus::ServerUpdateProhibited, Ns::Domain).into());
    }
    match (asked, held.report_due_at) {
        (Restore::Request, Some(due)) => {
            return Err(on_name(Reason::RestorePending, &domain.name)
                .detail(format!("it is due by {due}"))
                .into());
        }
        (Restore::Request, None) => {
            let days = policy.restore.report_days;
            let due = cx.now.plus_days(days);
            held.report_due_at = Some(due);
            held.until = held.until.plus_days(days);
            domain.life.hold = Some(held);
            domain.purge_at = None;
            domain.updater = Some(cx.registrar().clone());
            domain.updated_at = Some(cx.now);
            cx.tx.domain_update(&domain).await?;
            agree(cx, &domain, policy, (said, false, true)).await?;
            fee = charge(cx, &domain, policy, RestoreCharge::Restore).await?;
            cx.changed(domain.name.as_str(), json!({ "restore": { "report_due": due.to_string() } }));
        }
        (Restore::Report(_), None) if policy.restore.mode == RestoreMode::Rgp2 => {
            return Err(on_name(Reason::RestoreNotRequested, &domain.name).into());
        }
        (Restore::Report(report), requested) => {
            if policy.restore.deltime_check {
                check_time(report, &held)?;
            }
            agree(cx, &domain, policy, (said, true, requested.is_none())).await?;
            if requested.is_none() {
                fee = charge(cx, &domain, policy, RestoreCharge::Restore).await?;
            }
            fee = fee.and(back(cx, &mut domain, policy).await?);
            let expires = domain.expires_at.to_string();
            cx.changed(domain.name.as_str(), json!({ "restored": { "expires": expires, "report": report } }));
        }
    }
    let rgp = grace::periods(cx, &domain).await?;
    Ok(fee.with(Reply::DomainRestored { name: domain.name, rgp }))
}

/// The hold of a domain that can be brought back at that moment.
fn check_hold(domain: &DomainRow, now: Ts) -> Result<Hold, Refusal> {
    let held = domain.life.hold.clone().filter(|hold| now < hold.until || hold.report_due_at.is_some());
    held.ok_or_else(|| on_name(Reason::NotOnHold, &domain.name))
}

/// A report names the moment of deletion; sent without fractions of seconds as often as with.
fn check_time(report: &RestoreReport, held: &Hold) -> Result<(), Refusal> {
    if report.deleted_at.0.div_euclid(Ts::SECOND) == held.since.0.div_euclid(Ts::SECOND) {
        return Ok(());
    }
    let refusal = Refusal::new(Reason::RestoreReportTime);
    Err(refusal
        .on(Ns::Ext(Ext::Rgp), "delTime", report.deleted_at.to_string())
        .detail(format!("that was {}", held.since)))
}

/// Takes the domain off hold. Where a year belongs to a restore, it is added if it fits below the limit.
async fn back(cx: &mut Cx<'_>, domain: &mut DomainRow, policy: &ZonePolicy) -> Result<money::Assessed, Stop> {
    let longer = longer(domain, cx.now, policy);
    hold::lift(cx, domain, policy).await?;
    let Some(longer) = longer else { return Ok(money::Assessed::default()) };
    domain.expires_at = longer;
    renewal::reckon(domain, policy);
    cx.tx.domain_update(domain).await?;
    charge(cx, domain, policy, RestoreCharge::Renew).await
}

/// Where the registration ends with the year that belongs to a restore; `None` where none does, or it does not fit.
fn longer(domain: &DomainRow, now: Ts, policy: &ZonePolicy) -> Option<Ts> {
    if !policy.restore.charge.contains(&RestoreCharge::Renew) {
        return None;
    }
    let held = domain.life.hold.as_ref().map_or(domain.expires_at, |hold| hold.expires_at);
    period::end(domain.expires_at.max(held), 12, now, &policy.period).ok()
}

/// What a restore is charged as, with the years of each: what its request costs, or its report alone, and what the report
/// costs that brings the domain back. Of a name without a domain, what it would be.
#[must_use]
pub(super) fn charged_as(
    domain: Option<&DomainRow>,
    now: Ts,
    policy: &ZonePolicy,
) -> [Option<(BillOp, u8)>; 2] {
    let charges = |what| policy.restore.charge.contains(&what);
    let year = domain.map_or(charges(RestoreCharge::Renew), |domain| longer(domain, now, policy).is_some());
    [
        charges(RestoreCharge::Restore).then(|| bill_op(RestoreCharge::Restore)),
        year.then(|| bill_op(RestoreCharge::Renew)),
    ]
}

const fn bill_op(what: RestoreCharge) -> (BillOp, u8) {
    match what {
        RestoreCharge::Restore => (BillOp::Restore, 0),
        RestoreCharge::Renew => (BillOp::Renew, 1),
        RestoreCharge::Reactivate => (BillOp::Reactivate, 0),
    }
}

/// Holds what the client says of the fee against everything this command charges. Whoever agreed to a request need not
/// agree to its report once more.
async fn agree(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    policy: &ZonePolicy,
    (said, brings_back, first): (Option<&FeeGiven>, bool, bool),
) -> Result<(), Stop> {
    let [asking, year] = charged_as(Some(domain), cx.now, policy);
    let ops = asking.filter(|_| first).into_iter().chain(year.filter(|_| brings_back));
    let charges: Vec<_> = ops.map(|op| cost(domain, op, money::FeeTerms::default())).collect();
    if charges.is_empty() {
        return money::agree_to_nothing(cx, said).await;
    }
    let terms = money::FeeTerms::of(said, policy, BillOp::Restore);
    let required = if first { terms.required } else { FeeRequired::Never };
    money::agree_to(cx, &charges, &money::FeeTerms { required, ..terms }).await
}

fn cost<'a>(domain: &'a DomainRow, (op, units): (BillOp, u8), fee: money::FeeTerms<'a>) -> money::Charge<'a> {
    money::Charge {
        account: &domain.registrar,
        op,
        zone: domain.zone.as_str(),
        units,
        object: domain.name.as_str(),
        fee,
    }
}

/// What bringing a domain back costs its sponsor, who agreed to it.
async fn charge(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    policy: &ZonePolicy,
    what: RestoreCharge,
) -> Result<money::Assessed, Stop> {
    if !policy.restore.charge.contains(&what) {
        return Ok(money::Assessed::default());
    }
    let charge = cost(domain, bill_op(what), money::FeeTerms::default());
    Ok(money::charge(cx, &charge).await?.of(FeeVerb::Restore))
}

/// Takes a restore back whose report did not come: the domain is in redemption again, with the time it had left when
/// the restore was asked for (RFC 3915 section 2).
///
/// # Errors
/// The database's trouble.
pub async fn missed(cx: &mut Cx<'_>, domain: &mut DomainRow, policy: &ZonePolicy) -> Result<(), Stop> {
    let Some(hold) = &mut domain.life.hold else { return Ok(()) };
    hold.report_due_at = None;
    let until = hold.until;
    domain.purge_at = Some(purge_at(until, policy));
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(domain).await?;
    cx.notify(&domain.registrar, Notice::RestoreReportMissed(hold::held(domain)));
    cx.changed(domain.name.as_str(), json!({ "restore": "no report" }));
    Ok(())
}
