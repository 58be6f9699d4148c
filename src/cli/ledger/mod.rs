//! `domesday ledger`: what registrars have, how it came about, and what the operator does about it.

mod change;
mod show;

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::open::{Halt, Registry, fault};
use super::out::{Report, hint};
use super::registrar::unknown;
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::flow::money;
use crate::gate::Cx;
use crate::policy::{BillMode, BillPolicy, Currency, Decimal};
use crate::store::ledger::BalanceRow;

/// A command on money.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Show what registrars have, owe and can spend
    Balance(show::Balance),
    /// List a registrar's entries, newest first
    Statement(show::Statement),
    /// Prove that every balance is what its entries make
    Verify(show::Verify),
    /// Take in a registrar's money
    Deposit(change::Deposit),
    /// Put a registrar's balance right, upwards or downwards
    Correct(change::Correct),
    /// Give a charge back
    Refund(change::Refund),
    /// Give a registrar a credit limit of its own
    Credit(change::Credit),
    /// Let a registrar's gated operations through for some days
    Unlock(change::Unlock),
}

/// Runs it: 1 is the exit code of a proof that fails.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &LedgerCommand, json: bool) -> anyhow::Result<ExitCode> {
    let report = match command {
        LedgerCommand::Verify(args) => return show::verify(args, json).await,
        LedgerCommand::Balance(args) => show::balance(args).await?,
        LedgerCommand::Statement(args) => show::statement(args).await?,
        LedgerCommand::Deposit(args) => change::deposit(args).await?,
        LedgerCommand::Correct(args) => change::correct(args).await?,
        LedgerCommand::Refund(args) => change::refund(args).await?,
        LedgerCommand::Credit(args) => change::credit(args).await?,
        LedgerCommand::Unlock(args) => change::unlock(args).await?,
    };
    report.print(json)?;
    Ok(ExitCode::SUCCESS)
}

/// The rules by which an account is billed.
async fn bill(registry: &Registry, of: &RegistrarId) -> anyhow::Result<BillPolicy> {
    let wanted = of.clone();
    let row = registry.look(move |tx| Box::pin(async move { tx.registrar(&wanted).await })).await?;
    let row = row.ok_or_else(|| unknown(of.as_str()))?;
    let bill = registry.gate.account_rules(row.profile.as_deref())?.bill.clone();
    if bill.mode == BillMode::Off {
        let advice = "account.bill.mode of its profile says so";
        return Err(hint(format!("registrar {of} is under rules that know no money"), advice));
    }
    Ok(bill)
}

/// The same within a change, for a registrar that is there.
async fn bill_within(cx: &mut Cx<'_>, of: &RegistrarId) -> Result<BillPolicy, Halt> {
    if cx.tx.registrar(of).await?.is_none() {
        return fault(format!("there is no registrar {of}"), "`domesday registrar list` shows them all");
    }
    Ok(cx.account_rules(of).await?.bill.clone())
}

/// An amount of a currency, in its smallest unit.
fn minor(amount: Decimal, currency: &Currency) -> anyhow::Result<i64> {
    amount.minor(currency).ok_or_else(|| {
        let digits = currency.digits();
        hint(format!("{amount} is no amount of {currency}"), format!("{currency} has {digits} digits"))
    })
}

fn shown(of: &RegistrarId, bill: &BillPolicy, row: &BalanceRow, now: Ts) -> Value {
    let amount = |minor: i64| bill.currency.show(minor);
    let until = money::unlocked(row, now).map(|until| bill.zone.show(until));
    json!({
        "registrar": of.as_str(), "currency": bill.currency.as_str(), "balance": amount(row.amount),
        "reserved": amount(row.reserved), "credit_limit": amount(money::credit_limit(bill, row)),
        "own_credit_limit": row.credit_limit.map(amount), "available": amount(money::available(bill, row)),
        "entries": row.entries, "short": money::is_short(bill, row, 1, now), "unlocked_until": until,
        "self_unlocks": money::unlocks(bill, row, now), "self_unlocks_allowed": bill.self_unlock.per_month,
    })
}

/// What was changed, with how the account stands afterwards.
fn changed(registry: &Registry, what: &str, of: &RegistrarId, bill: &BillPolicy, row: &BalanceRow) -> Report {
    let balance = format!("The balance is {} {}.", bill.currency.show(row.amount), bill.currency);
    let text = registry.done(&format!("{what} {balance}"));
    let document = json!({ "dry_run": registry.is_dry(), "ledger": shown(of, bill, row, registry.now()) });
    Report::new(document, text)
}
