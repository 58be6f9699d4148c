//! Whether an account can pay what its domains cost until the month's end (N5).

use super::{Wanted, quote, rules_of};
use crate::epp::notice::Notice;
use crate::epp::types::RegistrarId;
use crate::flow::zone;
use crate::gate::{Cx, Stop};
use crate::policy::BillOp;

/// Adds up what an account is going to be charged until the end of this month of its calendar: charges that wait, and
/// the renewals of its domains at today's prices. Where that is more than it has, it is told. Says whether there was
/// anything to do: each account is looked at once a month.
///
/// # Errors
/// The database's trouble.
pub async fn look(cx: &mut Cx<'_>, account: &RegistrarId) -> Result<bool, Stop> {
    let Some(rules) = rules_of(cx, account).await? else { return Ok(false) };
    let bill = &rules.bill;
    let (month, until) = (bill.zone.month(cx.now), bill.zone.month_end(cx.now));
    if !cx.tx.shortfall_seen(account, &bill.currency, month).await? {
        return Ok(false);
    }
    let mut owed = cx.tx.ledger_waiting_sum(account, &bill.currency, until).await?;
    for renewals in cx.tx.renewals_until(account, until, cx.now).await? {
        let of = zone::registered_in(cx, &renewals.zone).await?;
        let units = of.policy.period.default_years;
        let zone = renewals.zone.as_str();
        let class = Some(renewals.class.as_str()).filter(|class| !class.is_empty());
        let one = Wanted { op: BillOp::AutoRenew, zone, units, class, token: None };
        let each = quote(cx, bill, &one).await?.map_or(0, |quote| quote.amount);
        owed = owed.saturating_add(each.saturating_mul(renewals.count));
    }
    let balance = cx.tx.balance(account, &bill.currency).await?.amount;
    let (amount, has) = (bill.currency.show(owed), bill.currency.show(balance));
    if owed > balance && owed > 0 {
        cx.notify(
            account,
            Notice::ExpectedShortfall {
                month,
                amount: amount.clone(),
                balance: has.clone(),
                currency: bill.currency.to_string(),
            },
        );
    }
    cx.changed(
        account.to_string(),
        serde_json::json!({ "month": month, "expected": amount, "balance": has, "currency": bill.currency.as_str() }),
    );
    Ok(true)
}
