//! Money moved by a hand: the operator's deposits, corrections and refunds, and what lets gated operations through for
//! a while.

use super::{Draft, enter, is_short, rules_of, unlocked};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::gate::{Cx, Stop};
use crate::policy::BillPolicy;
use crate::store::StoreError;
use crate::store::ledger::{BalanceRow, Entry, EntryKind};

/// Moves money: a deposit or a correction, in the currency of the account's rules and in its smallest unit. `None`
/// where the account's rules know no money.
///
/// # Errors
/// The database's trouble, also when the account is not there.
pub async fn adjust(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    kind: EntryKind,
    amount: i64,
    reason: &str,
) -> Result<Option<BalanceRow>, Stop> {
    let Some(rules) = rules_of(cx, account).await? else { return Ok(None) };
    let row = cx.tx.balance(account, &rules.bill.currency).await?;
    let draft = Draft { amount, reason, ..Draft::of(kind) };
    Ok(Some(enter(cx, &rules.bill, account, &rules.bill.currency, row, &[draft]).await?))
}

/// Why a charge was not given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRefunded {
    /// The account has no such entry.
    NoEntry,
    /// It is no charge.
    NoCharge,
    /// It was given back already.
    Already,
}

/// Gives one charge back, by its number within the account. The charge and the account afterwards.
///
/// # Errors
/// The database's trouble.
pub async fn refund_entry(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    bill: &BillPolicy,
    entry: i64,
    reason: &str,
) -> Result<Result<(Entry, BalanceRow), NotRefunded>, StoreError> {
    let currency = &bill.currency;
    let found = cx.tx.ledger_after(account, currency, entry - 1, 1).await?;
    let Some(charged) = found.into_iter().find(|found| found.entry == entry) else {
        return Ok(Err(NotRefunded::NoEntry));
    };
    let Some(op) = charged.op.filter(|_| charged.kind == EntryKind::Charge) else {
        return Ok(Err(NotRefunded::NoCharge));
    };
    let open = cx.tx.ledger_charges(account, &charged.object, op, charged.at).await?;
    if open.iter().all(|open| open.id != charged.id) {
        return Ok(Err(NotRefunded::Already));
    }
    let row = cx.tx.balance(account, currency).await?;
    let draft = Draft { reason, ..Draft::back(&charged) };
    let row = enter(cx, bill, account, currency, row, &[draft]).await?;
    Ok(Ok((charged, row)))
}

/// Gives an account a credit limit of its own, in the currency's smallest unit; `None` for the profile's again.
///
/// # Errors
/// The database's trouble.
pub async fn set_credit(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    bill: &BillPolicy,
    limit: Option<i64>,
) -> Result<(BalanceRow, BalanceRow), StoreError> {
    let before = cx.tx.balance(account, &bill.currency).await?;
    let mut row = BalanceRow { credit_limit: limit, ..before.clone() };
    cx.tx.balance_put(account, &bill.currency, &mut row).await?;
    Ok((before, row))
}

/// Why an account was not unlocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotUnlocked {
    /// Its funds are not short; the quota is not touched.
    NotShort,
    /// It is unlocked already.
    Already,
    /// The registrar used its own this month.
    QuotaUsed,
}

/// Lets an account's gated operations through for that many days: by the operator, or by the registrar itself, from
/// its quota of the calendar month and for the days of its profile. The row before and after.
///
/// # Errors
/// The database's trouble.
pub async fn unlock(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    bill: &BillPolicy,
    days: i64,
    by_self: bool,
) -> Result<Result<(BalanceRow, BalanceRow), NotUnlocked>, StoreError> {
    let before = cx.tx.balance(account, &bill.currency).await?;
    let month = bill.zone.month(cx.now);
    let used = unlocks(bill, &before, cx.now);
    if by_self {
        if unlocked(&before, cx.now).is_some() {
            return Ok(Err(NotUnlocked::Already));
        }
        // Not even the smallest amount is there.
        if !is_short(bill, &before, 1, cx.now) {
            return Ok(Err(NotUnlocked::NotShort));
        }
        if used >= i64::from(bill.self_unlock.per_month) {
            return Ok(Err(NotUnlocked::QuotaUsed));
        }
    }
    let mut row = BalanceRow {
        unlocked_until: Some(cx.now.plus_days(days)),
        month,
        unlocks: used + i64::from(by_self),
        ..before.clone()
    };
    cx.tx.balance_put(account, &bill.currency, &mut row).await?;
    Ok(Ok((before, row)))
}

/// How often the registrar unlocked itself in the month of that moment.
#[must_use]
pub fn unlocks(bill: &BillPolicy, row: &BalanceRow, now: Ts) -> i64 {
    if row.month == bill.zone.month(now) { row.unlocks } else { 0 }
}
