//! What the operator does: every movement of money says why, and leaves its audit row.

use clap::Args;
use serde_json::json;

use super::{bill, bill_within, changed, minor};
use crate::cli::given;
use crate::cli::open::{Change, Halt, fault};
use crate::cli::out::{Report, hint};
use crate::epp::types::RegistrarId;
use crate::flow::money::{self, NotRefunded, NotUnlocked};
use crate::policy::{BillMode, Decimal};
use crate::store::ledger::EntryKind;

fn amount(text: &str) -> Result<Decimal, String> {
    Decimal::try_from(text.to_owned())
}

/// Why money moves.
#[derive(Debug, Args)]
pub struct Why {
    /// Why, for the statement: an invoice, a bank's reference
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: String,
    #[command(flatten)]
    at: Change,
}

/// Whose money, and how much.
#[derive(Debug, Args)]
pub struct Deposit {
    registrar: String,
    /// As 250.00, in the currency of the registrar's rules
    #[arg(value_parser = amount)]
    amount: Decimal,
    #[command(flatten)]
    why: Why,
}

/// Whose balance, and by how much.
#[derive(Debug, Args)]
pub struct Correct {
    registrar: String,
    /// As 4.00 or -4.00, in the currency of the registrar's rules
    #[arg(value_parser = amount, allow_negative_numbers = true)]
    amount: Decimal,
    #[command(flatten)]
    why: Why,
}

/// Which charge.
#[derive(Debug, Args)]
pub struct Refund {
    registrar: String,
    /// The number of the charge in the registrar's statement
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    entry: i64,
    #[command(flatten)]
    why: Why,
}

/// Whose credit, and how much.
#[derive(Debug, Args)]
pub struct Credit {
    registrar: String,
    /// How far below zero funds still suffice; without it the profile decides again
    #[arg(value_parser = amount)]
    limit: Option<Decimal>,
    #[command(flatten)]
    at: Change,
}

/// Whose gate, and for how long.
#[derive(Debug, Args)]
pub struct Unlock {
    registrar: String,
    /// For how many days
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(i64).range(1..=366), conflicts_with = "by_self")]
    days: i64,
    /// As the registrar itself does: for the days of its profile, and only from its quota of the calendar month
    #[arg(long = "self")]
    by_self: bool,
    #[command(flatten)]
    at: Change,
}

pub(super) async fn deposit(args: &Deposit) -> anyhow::Result<Report> {
    if args.amount <= Decimal::default() {
        let advice = "`domesday ledger correct` takes money away";
        return Err(hint(format!("{} is no deposit", args.amount), advice));
    }
    moved("ledger:deposit", EntryKind::Deposit, &args.registrar, args.amount, &args.why).await
}

pub(super) async fn correct(args: &Correct) -> anyhow::Result<Report> {
    if args.amount == Decimal::default() {
        return Err(hint("0.00 corrects nothing", "say by how much, with a minus for less"));
    }
    moved("ledger:correct", EntryKind::Correction, &args.registrar, args.amount, &args.why).await
}

async fn moved(
    command: &'static str,
    kind: EntryKind,
    of: &str,
    amount: Decimal,
    why: &Why,
) -> anyhow::Result<Report> {
    let registry = why.at.open().await?;
    let of = given::id(of)?;
    let bill = bill(&registry, &of).await?;
    let minor = minor(amount, &bill.currency)?;
    let (account, reason) = (of.clone(), why.reason.clone());
    let row = registry
        .change(command, of.to_string(), move |cx| {
            let (account, reason) = (account.clone(), reason.clone());
            Box::pin(async move {
                let currency = bill_within(cx, &account).await?.currency;
                let Some(row) = money::adjust(cx, &account, kind, minor, &reason).await? else {
                    return gone(&account);
                };
                let detail = json!({
                    "amount": currency.show(minor), "balance": currency.show(row.amount),
                    "currency": currency.as_str(), "reason": reason,
                });
                cx.changed(account.to_string(), detail);
                Ok(row)
            })
        })
        .await?;
    let what = match kind {
        EntryKind::Deposit => format!("{amount} {} were taken in for {of}.", bill.currency),
        _ => format!("The balance of {of} was corrected by {amount} {}.", bill.currency),
    };
    Ok(changed(&registry, &what, &of, &bill, &row))
}

/// Its rules were changed in between.
fn gone<T>(of: &RegistrarId) -> Result<T, Halt> {
    fault(format!("registrar {of} is under rules that know no money"), "account.bill.mode says so")
}

pub(super) async fn refund(args: &Refund) -> anyhow::Result<Report> {
    let registry = args.why.at.open().await?;
    let of = given::id(&args.registrar)?;
    let bill = bill(&registry, &of).await?;
    let (account, entry, reason) = (of.clone(), args.entry, args.why.reason.clone());
    let (charge, row) = registry
        .change("ledger:refund", of.to_string(), move |cx| {
            let (account, reason) = (account.clone(), reason.clone());
            Box::pin(async move {
                let bill = bill_within(cx, &account).await?;
                let advice = "`domesday ledger statement` lists the charges";
                match money::refund_entry(cx, &account, &bill, entry, &reason).await? {
                    Ok((charge, row)) => {
                        let detail = json!({
                            "entry": entry, "object": charge.object, "amount": bill.currency.show(-charge.amount),
                            "balance": bill.currency.show(row.amount), "reason": reason,
                        });
                        cx.changed(account.to_string(), detail);
                        Ok((charge, row))
                    }
                    Err(NotRefunded::NoEntry) => fault(format!("{account} has no entry {entry}"), advice),
                    Err(NotRefunded::NoCharge) => {
                        fault(format!("entry {entry} of {account} is no charge"), advice)
                    }
                    Err(NotRefunded::Already) => {
                        fault(format!("entry {entry} of {account} was given back already"), advice)
                    }
                }
            })
        })
        .await?;
    let (amount, op) = (bill.currency.show(-charge.amount), charge.op.map_or("", |op| op.name()));
    let what = format!("{amount} {} for {op} {} were given back to {of}.", bill.currency, charge.object);
    Ok(changed(&registry, &what, &of, &bill, &row))
}

pub(super) async fn credit(args: &Credit) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let of = given::id(&args.registrar)?;
    let bill = bill(&registry, &of).await?;
    if args.limit.is_some_and(Decimal::is_negative) {
        return Err(hint("a credit limit is not less than nothing", "without a limit the profile decides"));
    }
    let limit = args.limit.map(|limit| minor(limit, &bill.currency)).transpose()?;
    let account = of.clone();
    let row = registry
        .change("ledger:credit", of.to_string(), move |cx| {
            let account = account.clone();
            Box::pin(async move {
                let bill = bill_within(cx, &account).await?;
                let (before, row) = money::set_credit(cx, &account, &bill, limit).await?;
                let show = |limit: Option<i64>| limit.map(|limit| bill.currency.show(limit));
                let detail = json!({ "before": show(before.credit_limit), "after": show(row.credit_limit) });
                cx.changed(account.to_string(), json!({ "credit_limit": detail }));
                Ok::<_, Halt>(row)
            })
        })
        .await?;
    let shown = bill.currency.show(money::credit_limit(&bill, &row));
    let what = format!("The credit limit of {of} is {shown} {}.", bill.currency);
    Ok(changed(&registry, &what, &of, &bill, &row))
}

pub(super) async fn unlock(args: &Unlock) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (of, by_self) = (given::id(&args.registrar)?, args.by_self);
    let bill = bill(&registry, &of).await?;
    if bill.mode != BillMode::Prepaid || bill.gated_ops.is_empty() {
        return Err(hint(format!("nothing of {of} waits for funds"), "its profile gates no operation"));
    }
    let days = if by_self { bill.self_unlock.for_days } else { args.days };
    let account = of.clone();
    let row = registry
        .change("ledger:unlock", of.to_string(), move |cx| {
            let account = account.clone();
            Box::pin(async move {
                let bill = bill_within(cx, &account).await?;
                match money::unlock_for(cx, &account, &bill, days, by_self).await? {
                    Ok((_, row)) => {
                        let until = row.unlocked_until.map(|until| bill.zone.show(until));
                        let detail = json!({ "unlocked_until": until, "self_unlocks": row.unlocks });
                        cx.changed(account.to_string(), detail);
                        Ok(row)
                    }
                    Err(NotUnlocked::NotShort | NotUnlocked::Already) => fault(
                        format!("registrar {account}: nothing waits for funds"),
                        "`domesday ledger balance` says how it stands",
                    ),
                    Err(NotUnlocked::QuotaUsed) => fault(
                        format!("registrar {account}: it has used its unlocks of this month"),
                        "the operator unlocks it, without --self",
                    ),
                }
            })
        })
        .await?;
    let until = row.unlocked_until.map(|until| bill.zone.show(until)).unwrap_or_default();
    let what = format!("Nothing of {of} waits for funds until {until}.");
    Ok(changed(&registry, &what, &of, &bill, &row))
}
