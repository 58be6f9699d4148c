//! How money moves: entries of the ledger with the balance they make, and charges that wait.

use super::Charge;
use super::funds::tell;
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::gate::{Cx, Stop};
use crate::policy::{BillOp, BillPolicy, ChargeWhen, Currency};
use crate::store::StoreError;
use crate::store::ledger::{BalanceRow, Entry, EntryKind, Waiting};

/// What is to be entered in the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Why.
    pub kind: EntryKind,
    /// What was charged.
    pub op: Option<BillOp>,
    /// The object.
    pub object: &'a str,
    /// Its zone.
    pub zone: &'a str,
    /// Years of the period.
    pub years: i64,
    /// What it adds to the balance, in the currency's smallest unit.
    pub amount: i64,
    /// Why, in words.
    pub reason: &'a str,
    /// The charge it gives back.
    pub refunds: Option<i64>,
    /// The operation it comes from, where it waited.
    pub waited: Option<&'a Waiting>,
}

impl<'a> Draft<'a> {
    /// One of that kind, with nothing else in it.
    #[must_use]
    pub const fn of(kind: EntryKind) -> Self {
        Self {
            kind,
            op: None,
            object: "",
            zone: "",
            years: 0,
            amount: 0,
            reason: "",
            refunds: None,
            waited: None,
        }
    }

    /// One that gives a charge back.
    #[must_use]
    pub fn back(charge: &'a Entry) -> Self {
        Self {
            op: charge.op,
            object: &charge.object,
            zone: &charge.zone,
            years: charge.years,
            amount: -charge.amount,
            refunds: Some(charge.id),
            ..Self::of(EntryKind::Refund)
        }
    }
}

/// Enters movements in the ledger and the balance they make, and tells the registrar what it has to know of it.
///
/// # Errors
/// [`StoreError::Again`] when the balance changed since the row was read; the database's trouble.
pub async fn enter(
    cx: &mut Cx<'_>,
    bill: &BillPolicy,
    account: &RegistrarId,
    currency: &Currency,
    mut row: BalanceRow,
    drafts: &[Draft<'_>],
) -> Result<BalanceRow, StoreError> {
    let before = row.clone();
    let mut entries = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let sum = row.amount.checked_add(draft.amount);
        row.amount = sum.ok_or(StoreError::Shape("a balance is larger than any amount of money"))?;
        row.entries += 1;
        entries.push(Entry {
            id: cx.ids.next(),
            registrar: account.clone(),
            currency: currency.clone(),
            entry: row.entries,
            at: cx.now,
            kind: draft.kind,
            op: draft.op,
            object: draft.object.to_owned(),
            zone: draft.zone.to_owned(),
            years: draft.years,
            amount: draft.amount,
            balance: row.amount,
            svtrid: draft.waited.map_or_else(|| cx.svtrid.to_owned(), |w| w.svtrid.clone()),
            reason: draft.reason.to_owned(),
            source: draft.waited.map_or_else(|| cx.actor.source.to_owned(), |w| w.source.clone()),
            user: draft.waited.map_or_else(|| cx.actor.user.to_string(), |w| w.user.clone()),
            refunds: draft.refunds,
        });
    }
    cx.tx.balance_put(account, currency, &mut row).await?;
    cx.charged(account);
    cx.tx.ledger_insert(&entries).await?;
    if *currency == bill.currency {
        tell(cx, bill, account, &before, &row);
    }
    Ok(row)
}

/// When an operation is charged.
pub(super) fn when(bill: &BillPolicy, op: BillOp) -> ChargeWhen {
    bill.charge_when.get(&op).copied().unwrap_or(ChargeWhen::Success)
}

/// Charges, now or when the month ends; the account afterwards.
pub(super) async fn book(
    cx: &mut Cx<'_>,
    bill: &BillPolicy,
    charge: &Charge<'_>,
    price: i64,
    row: BalanceRow,
) -> Result<BalanceRow, Stop> {
    if price == 0 {
        return Ok(row);
    }
    if when(bill, charge.op) == ChargeWhen::MonthEnd {
        let due = bill.zone.next_month(cx.now).ok_or(StoreError::Shape("a month at the calendar's end"))?;
        return wait(cx, &bill.currency, charge, price, row, Some(due)).await;
    }
    let draft = Draft {
        op: Some(charge.op),
        object: charge.object,
        zone: charge.zone,
        years: charge.units.into(),
        amount: -price,
        ..Draft::of(EntryKind::Charge)
    };
    Ok(enter(cx, bill, charge.account, &bill.currency, row, &[draft]).await?)
}

/// Lets a charge wait: until its month ends, or, without a date, until what was asked for is done. What waits of an
/// operation that can be gated is reserved: it is no longer there for another one.
pub(super) async fn wait(
    cx: &mut Cx<'_>,
    currency: &Currency,
    charge: &Charge<'_>,
    price: i64,
    mut row: BalanceRow,
    due_at: Option<Ts>,
) -> Result<BalanceRow, Stop> {
    if price == 0 {
        return Ok(row);
    }
    if charge.op.is_growth() {
        let sum = row.reserved.checked_add(price);
        row.reserved = sum.ok_or(StoreError::Shape("more is reserved than any amount of money"))?;
        cx.tx.balance_put(charge.account, currency, &mut row).await?;
        cx.charged(charge.account);
    }
    let waiting = Waiting {
        id: cx.ids.next(),
        registrar: charge.account.clone(),
        currency: currency.clone(),
        at: cx.now,
        due_at,
        op: charge.op,
        object: charge.object.to_owned(),
        zone: charge.zone.to_owned(),
        years: charge.units.into(),
        amount: price,
        svtrid: cx.svtrid.to_owned(),
        source: cx.actor.source.to_owned(),
        user: cx.actor.user.to_string(),
    };
    cx.tx.ledger_wait(&waiting).await?;
    Ok(row)
}

/// Ends the waiting of a charge. The account's row without its reserve is handed back, for the caller to write.
pub(super) async fn release(cx: &mut Cx<'_>, waiting: &Waiting) -> Result<BalanceRow, Stop> {
    let mut row = cx.tx.balance(&waiting.registrar, &waiting.currency).await?;
    release_from(cx, &mut row, waiting).await?;
    Ok(row)
}

/// The same with the account's row, which was read before.
pub(super) async fn release_from(
    cx: &mut Cx<'_>,
    row: &mut BalanceRow,
    waiting: &Waiting,
) -> Result<(), Stop> {
    cx.tx.ledger_waited(waiting.id).await?;
    if waiting.op.is_growth() {
        row.reserved -= waiting.amount;
    }
    Ok(())
}
