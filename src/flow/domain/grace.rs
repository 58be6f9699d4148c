//! Grace periods (RFC 3915 section 3.1): a domain that is deleted soon after a step that cost something gives back
//! what that step cost. Several run at once; each is a row of its own.

use crate::clock::Ts;
use crate::epp::types::RgpStatus;
use crate::flow::money;
use crate::gate::{Cx, Stop};
use crate::policy::{BillOp, GracePolicy};
use crate::store::domain::DomainRow;
use crate::store::life::{Grace, GraceKind};
use crate::store::transfer::TransferRow;

/// Transfers by their prices: of a domain that was registered, or of one that was deleted.
pub(super) const TRANSFERS: &[BillOp] = &[BillOp::Transfer, BillOp::QuarantineTransfer];

/// Begins the grace period of a step that was just done for a domain and added that many months, where the zone has
/// one. It is noted since the step was asked for, which is when it may have been charged.
///
/// # Errors
/// The database's trouble.
pub async fn begin(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    kind: GraceKind,
    (months, asked): (i32, Ts),
    policy: &GracePolicy,
) -> Result<(), Stop> {
    let days = match kind {
        GraceKind::Add => policy.add_days,
        GraceKind::AutoRenew => policy.autorenew_days,
        GraceKind::Renew => policy.renew_days,
        GraceKind::Transfer => policy.transfer_days,
    };
    if days == 0 {
        return Ok(());
    }
    let grace = Grace {
        kind,
        since: asked,
        until: cx.now.plus_days(days),
        months: i64::from(months),
        registrar: domain.registrar.clone(),
    };
    Ok(cx.tx.grace_insert(domain.id, &grace).await?)
}

/// Ends the grace periods of a domain that is deleted: its sponsor gets back what the steps cost, and the time they
/// added is taken off again. Says how much came back, in the currency's smallest unit.
///
/// # Errors
/// The database's trouble.
pub async fn give_back(cx: &mut Cx<'_>, domain: &mut DomainRow) -> Result<i64, Stop> {
    let running = cx.tx.grace_of(domain.id, cx.now).await?;
    let mut total = 0;
    for grace in running.iter().filter(|grace| grace.registrar == domain.registrar) {
        for op in paid(grace.kind) {
            total += money::refund(cx, &grace.registrar, *op, domain.name.as_str(), grace.since).await?;
        }
        if grace.kind != GraceKind::Add {
            let months = i32::try_from(grace.months).unwrap_or(0);
            domain.expires_at = domain.expires_at.plus_months(-months).unwrap_or(domain.expires_at);
        }
    }
    cx.tx.grace_delete(domain.id).await?;
    Ok(total)
}

/// What a delete of a domain would give back now.
///
/// # Errors
/// The database's trouble.
pub async fn credit(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<i64, Stop> {
    let running = cx.tx.grace_of(domain.id, cx.now).await?;
    // Periods of one kind look back over one another; each charge counts once, as it is given back once.
    let mut since: Vec<(GraceKind, Ts)> = Vec::new();
    for grace in running.iter().filter(|grace| grace.registrar == domain.registrar) {
        match since.iter_mut().find(|(kind, _)| *kind == grace.kind) {
            Some((_, first)) => *first = grace.since.min(*first),
            None => since.push((grace.kind, grace.since)),
        }
    }
    let mut total = 0;
    for (kind, since) in since {
        let name = domain.name.as_str();
        total += money::cost_since(cx, &domain.registrar, paid(kind), name, since).await?.0;
    }
    Ok(total)
}

/// What a step was charged as.
const fn paid(kind: GraceKind) -> &'static [BillOp] {
    match kind {
        GraceKind::Add => &[BillOp::Create],
        GraceKind::AutoRenew => &[BillOp::AutoRenew],
        GraceKind::Renew => &[BillOp::Renew],
        GraceKind::Transfer => TRANSFERS,
    }
}

/// Ends the grace periods of a domain that changes hands. A renewal by the registry that came while the transfer
/// waited is undone by the transfer, whose end was reckoned before; the old sponsor gets back what it cost.
///
/// # Errors
/// The database's trouble.
pub async fn unrenew(cx: &mut Cx<'_>, domain: &DomainRow, moved: &TransferRow) -> Result<(), Stop> {
    let running = cx.tx.grace_of(domain.id, cx.now).await?;
    let undone = |grace: &&Grace| grace.kind == GraceKind::AutoRenew && grace.since >= moved.requested_at;
    for grace in running.iter().filter(undone).filter(|_| moved.months > 0) {
        let name = domain.name.as_str();
        money::refund(cx, &grace.registrar, BillOp::AutoRenew, name, grace.since).await?;
    }
    Ok(cx.tx.grace_delete(domain.id).await?)
}

/// The periods a domain is in now, in the schema's order (RFC 3915 section 3.1): every grace period that runs, or, once
/// it was deleted, how far that is.
///
/// # Errors
/// The database's trouble.
pub async fn periods(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<Vec<RgpStatus>, Stop> {
    if let Some(hold) = &domain.life.hold {
        return Ok(vec![match hold.report_due_at {
            Some(_) => RgpStatus::PendingRestore,
            None if cx.now < hold.until => RgpStatus::RedemptionPeriod,
            None => RgpStatus::PendingDelete,
        }]);
    }
    let running = cx.tx.grace_of(domain.id, cx.now).await?;
    let mut periods: Vec<_> = running
        .iter()
        .map(|grace| match grace.kind {
            GraceKind::Add => RgpStatus::AddPeriod,
            GraceKind::AutoRenew => RgpStatus::AutoRenewPeriod,
            GraceKind::Renew => RgpStatus::RenewPeriod,
            GraceKind::Transfer => RgpStatus::TransferPeriod,
        })
        .collect();
    periods.sort_unstable();
    periods.dedup();
    Ok(periods)
}
