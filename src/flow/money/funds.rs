//! Whether funds suffice, and what a registrar is told of its balance.

use super::Charge;
use crate::clock::Ts;
use crate::epp::notice::Notice;
use crate::epp::types::RegistrarId;
use crate::gate::{Cx, Stop};
use crate::policy::{BillMode, BillPolicy, GateRule};
use crate::refusal::{Reason, Refusal};
use crate::store::ledger::BalanceRow;

/// How far below zero funds still suffice, in the currency's smallest unit.
#[must_use]
pub fn credit_limit(bill: &BillPolicy, row: &BalanceRow) -> i64 {
    row.credit_limit.or_else(|| bill.credit_limit.minor(&bill.currency)).unwrap_or(0)
}

/// What an account can still spend on gated operations, in the currency's smallest unit.
#[must_use]
pub fn available(bill: &BillPolicy, row: &BalanceRow) -> i64 {
    row.amount.saturating_sub(row.reserved).saturating_add(credit_limit(bill, row))
}

/// Whether operations that wait for funds are let through for a while, and until when.
#[must_use]
pub fn unlocked(row: &BalanceRow, now: Ts) -> Option<Ts> {
    row.unlocked_until.filter(|until| now < *until)
}

/// Whether there are too few funds for a gated operation of that price.
#[must_use]
pub fn is_short(bill: &BillPolicy, row: &BalanceRow, price: i64, now: Ts) -> bool {
    let free = available(bill, row);
    let short = match bill.gate_rule {
        GateRule::BalanceCovers => free < price,
        GateRule::BalanceNonneg => free < 0,
    };
    short && unlocked(row, now).is_none()
}

/// How the account stands, where funds suffice or do not matter.
pub(super) async fn gated(
    cx: &mut Cx<'_>,
    bill: &BillPolicy,
    charge: &Charge<'_>,
    price: i64,
) -> Result<BalanceRow, Stop> {
    let waits = bill.mode == BillMode::Prepaid && bill.gated_ops.contains(&charge.op);
    if price == 0 && !waits {
        return Ok(BalanceRow::default());
    }
    let row = cx.tx.balance(charge.account, &bill.currency).await?;
    if waits && is_short(bill, &row, price, cx.now) {
        let detail = match bill.gate_rule {
            GateRule::BalanceCovers => format!("it costs {} {}", bill.currency.show(price), bill.currency),
            GateRule::BalanceNonneg => "the balance is below zero".to_owned(),
        };
        return Err(Refusal::new(Reason::FundsShort).detail(detail).into());
    }
    Ok(row)
}

/// Tells a registrar that its balance fell below a level, once each time it does, and when growth has to wait.
pub(super) fn tell(
    cx: &mut Cx<'_>,
    bill: &BillPolicy,
    account: &RegistrarId,
    before: &BalanceRow,
    after: &BalanceRow,
) {
    let (show, currency) = (|amount: i64| bill.currency.show(amount), bill.currency.to_string());
    let balance = show(after.amount);
    for level in fallen_below(bill, before.amount, after.amount) {
        let (balance, currency) = (balance.clone(), currency.clone());
        cx.notify(account, Notice::Watermark { level: show(level), balance, currency });
    }
    let floor = -credit_limit(bill, after);
    if bill.mode == BillMode::Prepaid && before.amount >= floor && after.amount < floor {
        let refused = bill.gated_ops.iter().map(|op| op.name()).collect();
        cx.notify(account, Notice::Overdrawn { balance, currency, refused });
    }
}

/// The watermarks that were passed on the way down, the highest first.
fn fallen_below(bill: &BillPolicy, before: i64, after: i64) -> Vec<i64> {
    let levels = bill.watermarks.iter().filter_map(|level| level.minor(&bill.currency));
    let mut passed: Vec<i64> = levels.filter(|level| before >= *level && after < *level).collect();
    passed.sort_unstable_by(|a, b| b.cmp(a));
    passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    fn bill(text: &str) -> BillPolicy {
        let text = format!("id = \"own\"\nextends = \"gtld\"\n[account.bill]\nmode = \"prepaid\"\n{text}");
        let all = Policies::load(&[("own".to_owned(), text)]).unwrap();
        all.profile("own").unwrap().account.bill.clone()
    }

    fn row(amount: i64) -> BalanceRow {
        BalanceRow { amount, ..BalanceRow::default() }
    }

    #[test]
    fn funds_are_short_by_the_rule_of_the_profile() {
        let (covers, nonneg) =
            (bill("gate_rule = \"balance_covers\""), bill("gate_rule = \"balance_nonneg\""));
        let now = Ts(1_000);
        for (amount, price, short_of_cover, below_zero) in [
            (400, 400, false, false),
            (399, 400, true, false),
            (0, 1, true, false),
            (0, 0, false, false),
            (-1, 0, true, true),
        ] {
            assert_eq!(is_short(&covers, &row(amount), price, now), short_of_cover, "{amount} {price}");
            assert_eq!(is_short(&nonneg, &row(amount), price, now), below_zero, "{amount} {price}");
        }
        // What is reserved is not there, and credit is.
        let reserved = BalanceRow { reserved: 100, ..row(400) };
        assert!(is_short(&covers, &reserved, 301, now) && !is_short(&covers, &reserved, 300, now));
        let credit = bill("credit_limit = \"5.00\"");
        assert!(is_short(&credit, &row(0), 501, now) && !is_short(&credit, &row(0), 500, now));
        let own = BalanceRow { credit_limit: Some(0), ..row(0) };
        assert!(is_short(&credit, &own, 1, now));
    }

    #[test]
    fn an_unlock_lasts_until_its_moment() {
        let (bill, until) = (bill(""), Some(Ts(1_000)));
        let unlocked = BalanceRow { unlocked_until: until, ..row(-5) };
        assert!(!is_short(&bill, &unlocked, 1, Ts(999)) && is_short(&bill, &unlocked, 1, Ts(1_000)));
    }

    #[test]
    fn a_level_is_told_when_it_is_passed_downwards() {
        let bill = bill("watermarks = [\"5.00\", \"10.00\"]");
        for (before, after, passed) in [
            (1_000, 999, vec![1_000]),
            (1_001, 1_000, vec![]),
            (2_000, 0, vec![1_000, 500]),
            (999, 500, vec![]),
            (0, 2_000, vec![]),
        ] {
            assert_eq!(fallen_below(&bill, before, after), passed, "{before} {after}");
        }
    }
}
