//! A block that is lifted: by the registrar itself, from its quota of the calendar month, or by the operator.

use super::{blocked, lift, rolled};
use crate::clock::Ts;
use crate::epp::notice::Notice;
use crate::epp::types::RegistrarId;
use crate::gate::Cx;
use crate::policy::{CounterReset, HitPolicy};
use crate::store::hit::{HitRow, HitUnblock};
use crate::store::{StoreError, Tx};

/// Why a block was not lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLifted {
    /// There is none; the quota is not touched (C8).
    NotBlocked,
    /// The registrar used its own this month (S77).
    QuotaUsed,
}

/// How an account stands at a moment, its row as it counts then.
///
/// # Errors
/// The database's.
pub async fn standing(
    tx: &mut Tx,
    of: &RegistrarId,
    policy: &HitPolicy,
    now: Ts,
) -> Result<HitRow, StoreError> {
    let row = tx.hit_state(of).await?;
    let domains = tx.hit_portfolio(of, policy.limit.domains_that_matter(), policy.portfolio_of(now)).await?;
    counted(tx, of, row, policy, now, domains).await
}

/// An account's row as it counts at a moment: its points are those of the day, or of the last 24 hours.
///
/// # Errors
/// The database's.
pub async fn counted(
    tx: &mut Tx,
    of: &RegistrarId,
    row: HitRow,
    policy: &HitPolicy,
    now: Ts,
    domains: i64,
) -> Result<HitRow, StoreError> {
    let mut row = rolled(row, policy, now, domains);
    if policy.counter_reset == CounterReset::Rolling {
        let lifted = tx.hit_unblocks(of, 1).await?.first().map(|last| last.at);
        let lifted = lifted.filter(|_| policy.unblock_resets_counter).unwrap_or(Ts(0));
        row.points = tx.hit_points_since(of, lifted.max(now.plus_days(-1))).await?;
    }
    Ok(row)
}

/// Lifts an account's block, notes it and tells the registrar; the row before and after.
///
/// # Errors
/// The database's.
pub async fn unblock(
    cx: &mut Cx<'_>,
    of: &RegistrarId,
    policy: &HitPolicy,
    by_self: bool,
) -> Result<Result<(HitRow, HitRow), NotLifted>, StoreError> {
    let before = standing(cx.tx, of, policy, cx.now).await?;
    let Some(until) = blocked(&before, policy, cx.now) else { return Ok(Err(NotLifted::NotBlocked)) };
    if by_self && before.unblocks >= i64::from(policy.self_unblocks_per_month) {
        return Ok(Err(NotLifted::QuotaUsed));
    }
    let mut row = before.clone();
    lift(&mut row, policy, by_self);
    let lifted = HitUnblock {
        id: cx.ids.next(),
        registrar: of.clone(),
        at: cx.now,
        month: row.month,
        by_self,
        points: before.points,
        blocked_until: until,
    };
    cx.tx.hit_unblock(&lifted).await?;
    cx.tx.hit_state_put(of, &row).await?;
    cx.notify(of, Notice::Unblocked { by_self, points: row.points });
    Ok(Ok((before, row)))
}
