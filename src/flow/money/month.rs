//! Charges that waited for the end of their month.

use super::book::{Draft, release_from};
use super::enter;
use crate::epp::types::RegistrarId;
use crate::gate::{Cx, Stop};
use crate::policy::Currency;
use crate::store::ledger::EntryKind;

/// Books what an account owes of months that have ended, so many charges at most and in the order they were due; says
/// how many. They are owed whatever the account's rules say by now.
///
/// # Errors
/// The database's trouble.
pub async fn month_end(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    currency: &Currency,
    most: i64,
) -> Result<usize, Stop> {
    let due = cx.tx.ledger_due_of(account, currency, cx.now, most).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let rules = cx.account_rules(account).await?;
    let mut row = cx.tx.balance(account, currency).await?;
    let (mut drafts, mut total) = (Vec::with_capacity(due.len()), 0_i64);
    for waiting in &due {
        release_from(cx, &mut row, waiting).await?;
        total = total.saturating_add(waiting.amount);
        drafts.push(Draft {
            op: Some(waiting.op),
            object: &waiting.object,
            zone: &waiting.zone,
            years: waiting.years,
            amount: -waiting.amount,
            reason: "month end",
            waited: Some(waiting),
            ..Draft::of(EntryKind::Charge)
        });
    }
    let row = enter(cx, &rules.bill, account, currency, row, &drafts).await?;
    let detail = serde_json::json!({
        "charges": drafts.len(), "amount": currency.show(total), "balance": currency.show(row.amount),
        "currency": currency.as_str(),
    });
    cx.changed(account.to_string(), detail);
    Ok(drafts.len())
}
