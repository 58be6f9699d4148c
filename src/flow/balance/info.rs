//! `<balance:info>`: what the account has, and what it can spend.

use crate::epp::ns::Ns;
use crate::epp::reply::{BalanceData, Reply};
use crate::flow::money;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::BillMode;
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "balance:info", login: Login::Required, access: Access::Read, object: Some(Ns::Balance) };

/// Shows the acting account's own balance, in the currency of its rules. `availableCredit` is what gated operations
/// can still spend: the balance and the credit limit without what is reserved. `creditThreshold` is the highest level
/// below which the registrar is told.
///
/// # Refusals
/// [`Reason::NoBalance`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let of = cx.registrar();
    let rules = cx.account_rules(of).await?;
    let bill = &rules.bill;
    if bill.mode == BillMode::Off {
        return Err(Reason::NoBalance.into());
    }
    let row = cx.tx.balance(of, &bill.currency).await?;
    let show = |amount: i64| bill.currency.show(amount);
    let threshold = bill.watermarks.iter().max().and_then(|level| level.minor(&bill.currency)).unwrap_or(0);
    Ok(Reply::BalanceInfo(BalanceData {
        credit_limit: show(money::credit_limit(bill, &row)),
        balance: show(row.amount),
        available: show(money::available(bill, &row)),
        threshold: show(threshold),
    }))
}
