//! Money (S178-S183): what an operation costs whom, whether funds suffice for it, and when it is charged.
//!
//! Only what makes a portfolio grow can wait for funds; upkeep is charged whatever the balance is. An operation that
//! is asked for now and done later (a transfer that waits for an answer) reserves its price when it is asked for, so
//! that no number of open requests takes more than there is.

mod book;
mod fee;
mod funds;
mod hand;
mod month;
pub mod shortfall;
pub mod unlock;

use std::sync::Arc;

use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::flow::{allocation, listed};
use crate::gate::{Cx, Stop};
use crate::policy::{AccountPolicy, BillMode, BillOp, BillPolicy, ChargeWhen};
use crate::store::ledger::Waiting;

pub use book::{Draft, enter};
use book::{book, release, wait, when};
use fee::assessed;
pub use fee::{
    Assessed, FeeTerms, Quote, Wanted, agree_to, agree_to_nothing, cost_since, credited, description,
    grace_days, in_currency, line, needs_saying, quote, since,
};
use funds::gated;
pub use funds::{available, credit_limit, is_short, unlocked};
pub use hand::{NotRefunded, NotUnlocked, adjust, refund_entry, set_credit, unlock as unlock_for, unlocks};
pub use month::month_end;

/// An operation somebody pays for.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    /// Who pays.
    pub account: &'a RegistrarId,
    /// What.
    pub op: BillOp,
    /// In which zone.
    pub zone: &'a str,
    /// Years of the period; 0 where there is none.
    pub units: u8,
    /// Of which object: a domain's name.
    pub object: &'a str,
    /// What the client says of the fee.
    pub fee: FeeTerms<'a>,
}

/// Charges an operation that is asked for and done by the same command; call it last, when nothing else refuses. What
/// costs nothing, and everything where money is off, writes nothing.
///
/// # Errors
/// [`Reason::FundsShort`](crate::refusal::Reason::FundsShort) where the operation waits for funds and there are too few;
/// [`Reason::FeeMissing`](crate::refusal::Reason::FeeMissing), [`Reason::FeeTooLow`](crate::refusal::Reason::FeeTooLow) and
/// [`Reason::FeeCurrency`](crate::refusal::Reason::FeeCurrency) where the client did not agree to what it costs,
/// [`Reason::ClassUnpriced`](crate::refusal::Reason::ClassUnpriced) where nobody knows that; the database's trouble.
pub async fn charge(cx: &mut Cx<'_>, charge: &Charge<'_>) -> Result<Assessed, Stop> {
    let rules = cx.account_rules(charge.account).await?;
    let price = agreed(cx, &rules.bill, charge).await?;
    if rules.bill.mode == BillMode::Off {
        return assessed(cx, &rules.bill, charge, price, Default::default()).await;
    }
    let row = gated(cx, &rules.bill, charge, price).await?;
    let row = book(cx, &rules.bill, charge, price, row).await?;
    assessed(cx, &rules.bill, charge, price, (row, false)).await
}

/// Asks for an operation that is done later: it is refused here or not at all. Ends with [`success`] or [`failure`].
///
/// # Errors
/// As [`charge`].
pub async fn request(cx: &mut Cx<'_>, charge: &Charge<'_>) -> Result<Assessed, Stop> {
    let rules = cx.account_rules(charge.account).await?;
    let price = agreed(cx, &rules.bill, charge).await?;
    if rules.bill.mode == BillMode::Off {
        return assessed(cx, &rules.bill, charge, price, Default::default()).await;
    }
    let row = gated(cx, &rules.bill, charge, price).await?;
    let waits = when(&rules.bill, charge.op) != ChargeWhen::Request;
    let row = if waits {
        wait(cx, &rules.bill.currency, charge, price, row, None).await?
    } else {
        book(cx, &rules.bill, charge, price, row).await?
    };
    assessed(cx, &rules.bill, charge, price, (row, waits && price > 0)).await
}

/// What an operation costs, to which its client agrees.
async fn agreed(cx: &mut Cx<'_>, bill: &BillPolicy, charge: &Charge<'_>) -> Result<i64, Stop> {
    let quote = fee::quoted(cx, bill, charge).await?;
    fee::agree(cx, bill, charge.object, &charge.fee, quote)?;
    Ok(quote.amount)
}

/// Charges what was asked for at `requested` and is done now, at the price of the request, whatever the balance is. What
/// was reserved for it is free again, also where nothing is charged any more.
///
/// # Errors
/// The database's trouble.
pub async fn success(cx: &mut Cx<'_>, charge: &Charge<'_>, requested: Ts) -> Result<(), Stop> {
    let rules = cx.account_rules(charge.account).await?;
    let off = rules.bill.mode == BillMode::Off;
    let Charge { account, op, object, .. } = *charge;
    let asked = cx.tx.ledger_waiting(account, object, op, requested).await?;
    if let Some(waiting) = asked.into_iter().find(|row| row.due_at.is_none()) {
        if off {
            return let_go(cx, &waiting).await;
        }
        let row = release(cx, &waiting).await?;
        let bill = BillPolicy { currency: waiting.currency, ..rules.bill.clone() };
        return book(cx, &bill, charge, waiting.amount, row).await.map(drop);
    }
    if off || !cx.tx.ledger_charges(account, object, op, requested).await?.is_empty() {
        return Ok(());
    }
    // Asked for when it cost nothing yet, or with a token that makes it cost nothing.
    let token = allocation::price_at(cx, op, object, requested).await?;
    let price = match token.filter(|token| token.currency == rules.bill.currency.as_str()) {
        Some(token) => token.amount,
        None => price(cx, &rules.bill, charge).await?,
    };
    let row = cx.tx.balance(account, &rules.bill.currency).await?;
    book(cx, &rules.bill, charge, price, row).await.map(drop)
}

/// Ends the waiting of a charge that is never booked.
async fn let_go(cx: &mut Cx<'_>, waiting: &Waiting) -> Result<(), Stop> {
    let mut row = release(cx, waiting).await?;
    if waiting.op.is_growth() {
        cx.tx.balance_put(&waiting.registrar, &waiting.currency, &mut row).await?;
    }
    Ok(())
}

/// Gives back what an operation took that was asked for at `requested` and came to nothing.
///
/// # Errors
/// The database's trouble.
pub async fn failure(cx: &mut Cx<'_>, charge: &Charge<'_>, requested: Ts) -> Result<(), Stop> {
    refund(cx, charge.account, charge.op, charge.object, requested).await.map(drop)
}

/// Gives back what an operation on an object cost an account since then, each charge once, and says how much that was
/// in the currency's smallest unit. What waits for its month's end is not charged then. What was taken is given back
/// also where nothing is charged any more.
///
/// # Errors
/// The database's trouble.
pub async fn refund(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    op: BillOp,
    object: &str,
    since: Ts,
) -> Result<i64, Stop> {
    let rules = cx.account_rules(account).await?;
    let mut total = 0;
    for waiting in cx.tx.ledger_waiting(account, object, op, since).await? {
        let_go(cx, &waiting).await?;
        total += waiting.amount;
    }
    for charged in cx.tx.ledger_charges(account, object, op, since).await? {
        let row = cx.tx.balance(account, &charged.currency).await?;
        total -= charged.amount;
        enter(cx, &rules.bill, account, &charged.currency, row, &[Draft::back(&charged)]).await?;
    }
    Ok(total)
}

/// The rules of an account, unless they charge nothing.
async fn rules_of(cx: &mut Cx<'_>, account: &RegistrarId) -> Result<Option<Arc<AccountPolicy>>, Stop> {
    let rules = cx.account_rules(account).await?;
    Ok(Some(rules).filter(|rules| rules.bill.mode != BillMode::Off))
}

/// What the operation costs at this moment, whatever somebody was told of it before.
async fn price(cx: &mut Cx<'_>, bill: &BillPolicy, charge: &Charge<'_>) -> Result<i64, Stop> {
    // What an application reserves is named by the name it is for, and its number.
    let name = charge.object.split_once(' ').map_or(charge.object, |(name, _)| name);
    let class = listed::class_of(cx, name).await?;
    let wanted = Wanted {
        op: charge.op,
        zone: charge.zone,
        units: charge.units,
        class: class.as_deref(),
        token: None,
    };
    if let Some(quote) = quote(cx, bill, &wanted).await? {
        return Ok(quote.amount);
    }
    // It was registered before its class had a price, or is no longer priced.
    let quote = quote(cx, bill, &Wanted { class: None, ..wanted }).await?;
    Ok(quote.map_or(0, |quote| quote.amount))
}
