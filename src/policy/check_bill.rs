//! What the types of the knobs of money do not say.

use super::check::{Broken, that};
use super::{BillMode, BillPolicy, Decimal};

/// The first rule the knobs of money break.
pub(super) fn bill(bill: &BillPolicy) -> Result<(), Broken> {
    let prices = bill.prices.iter().map(|(op, price)| (format!("prices.{op}"), *price));
    let levels = bill.watermarks.iter().map(|level| ("watermarks".to_owned(), *level));
    let limit = std::iter::once(("credit_limit".to_owned(), bill.credit_limit));
    let classes = bill.classes.iter().flat_map(|(class, prices)| {
        prices.iter().map(move |(op, price)| (format!("classes.{class}.{op}"), *price))
    });
    for (key, amount) in prices.chain(classes).chain(levels).chain(limit) {
        check_amount(bill, &format!("account.bill.{key}"), amount)?;
    }
    for op in &bill.gated_ops {
        that(op.is_growth(), &["account.bill.gated_ops"], || {
            format!("{op} is upkeep, which never waits for funds")
        })?;
    }
    that(
        bill.gated_ops.is_empty() || bill.mode == BillMode::Prepaid,
        &["account.bill.gated_ops", "account.bill.mode"],
        || format!("nothing waits for funds in mode {}; gated_ops are for prepaid", bill.mode),
    )?;
    that((0..=28).contains(&bill.shortfall_days), &["account.bill.shortfall_days"], || {
        format!("a month has no more than 28 days to look ahead, and {} are not there", bill.shortfall_days)
    })?;
    let unlock = &bill.self_unlock;
    that(unlock.per_month == 0 || unlock.for_days > 0, &["account.bill.self_unlock.for_days"], || {
        format!("an unlock lasts a day at least, not {}", unlock.for_days)
    })?;
    that(
        unlock.per_month == 0 || bill.mode != BillMode::Postpaid,
        &["account.bill.self_unlock", "account.bill.mode"],
        || format!("there is nothing to unlock in mode {}, where nothing waits for funds", bill.mode),
    )
}

fn check_amount(bill: &BillPolicy, key: &str, amount: Decimal) -> Result<(), Broken> {
    that(!amount.is_negative(), &[key], || format!("{amount} is less than nothing"))?;
    that(amount.minor(&bill.currency).is_some(), &[key, "account.bill.currency"], || {
        format!("{amount} is no amount of {}, which has {} digits", bill.currency, bill.currency.digits())
    })
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn a_wrong_knob_is_told_with_its_line_and_reason() {
        for (text, expected) in [
            ("prices = { create = \"-1.00\" }", "line 4: -1.00 is less than nothing"),
            ("prices = { create = \"1.005\" }", "line 4: 1.005 is no amount of EUR, which has 2 digits"),
            ("classes = { gold = { create = \"1.005\" } }", "line 4: 1.005 is no amount of EUR"),
            ("watermarks = [\"5.00\", \"-5.00\"]", "line 4: -5.00 is less than nothing"),
            (
                "mode = \"prepaid\"\ngated_ops = [\"create\", \"restore\"]",
                "line 5: restore is upkeep, which never waits for funds",
            ),
            ("gated_ops = [\"create\"]", "line 4: nothing waits for funds in mode postpaid"),
            (
                "self_unlock = { per_month = 1, for_days = 0 }",
                "line 4: an unlock lasts a day at least, not 0",
            ),
            (
                "mode = \"postpaid\"\ngated_ops = []\nself_unlock = { per_month = 1, for_days = 3 }",
                "line 6: there is nothing to unlock in mode postpaid, where nothing waits for funds",
            ),
            (
                "shortfall_days = 29",
                "line 4: a month has no more than 28 days to look ahead, and 29 are not there",
            ),
            ("currency = \"euro\"", "line 4: \"euro\" is no currency"),
            ("credit_limit = \"much\"", "line 4: \"much\" is no amount"),
        ] {
            let text = format!("id = \"own\"\nextends = \"gtld\"\n[account.bill]\n{text}");
            let fault = Policies::load(&[("own".to_owned(), text.clone())]).unwrap_err().to_string();
            assert!(fault.starts_with(&format!("profile \"own\": {expected}")), "{text}: {fault}");
        }
    }
}
