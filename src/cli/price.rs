//! `domesday price`: what operations cost, by zone, period and date, over the prices of the profiles.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Halt, Where, fault};
use super::out::{self, Report, hint};
use crate::epp::types::DomainName;
use crate::policy::{BillOp, Currency, Decimal};
use crate::store::ledger::PriceRow;

/// A command on prices.
#[derive(Debug, Subcommand)]
pub enum PriceCommand {
    /// Set what an operation costs from a day on
    Set(Set),
    /// List the prices of the profiles and the operator's
    List(List),
}

fn op(text: &str) -> Result<BillOp, String> {
    BillOp::parse(text).ok_or_else(|| {
        let known: Vec<_> = BillOp::ALL.iter().map(|op| op.name()).collect();
        format!("no such operation; there are {}", known.join(", "))
    })
}

/// What costs how much.
#[derive(Debug, Args)]
pub struct Set {
    /// create, renew, auto_renew, transfer, restore, reactivate, quarantine_transfer or registrant_change
    #[arg(value_parser = op)]
    op: BillOp,
    /// As 50.00; `none` ends the price: what stands behind it holds again
    amount: String,
    /// For premium names of that class
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// In that zone only
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// For periods of so many years only; without it for each year
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=99))]
    years: Option<i64>,
    /// From that moment on; from now without it
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// The currency; that of the server's profile without it
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Set a price for a time that has begun: what was charged stays charged
    #[arg(long)]
    past: bool,
    #[command(flatten)]
    at: Change,
}

/// Which registry.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    at: Where,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &PriceCommand) -> anyhow::Result<Report> {
    match command {
        PriceCommand::Set(args) => set(args).await,
        PriceCommand::List(args) => list(args).await,
    }
}

async fn set(args: &Set) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let currency = match &args.currency {
        Some(letters) => Currency::try_from(letters.clone()).map_err(|fault| hint(fault, "as EUR"))?,
        None => registry.gate.profile().account.bill.currency.clone(),
    };
    let amount = match args.amount.as_str() {
        "none" => None,
        text => {
            let amount = Decimal::parse(text).filter(|amount| !amount.is_negative());
            let minor = amount.and_then(|amount| amount.minor(&currency));
            let advice = "write it as 50.00, or none";
            Some(minor.ok_or_else(|| hint(format!("{text:?} is no price in {currency}"), advice))?)
        }
    };
    let from = match &args.from {
        Some(text) => given::moment(text)?,
        None => registry.now(),
    };
    if args.from.is_some() && from < registry.now() && !args.past {
        let advice = "--past sets it all the same; what was charged stays charged";
        return Err(hint("that moment has passed", advice));
    }
    let zone = match &args.zone {
        None => String::new(),
        Some(zone) => DomainName::parse(zone)
            .map_err(|fault| hint(format!("{zone:?} is no zone"), fault.to_string()))?
            .to_string(),
    };
    let class = args.class.clone().unwrap_or_default();
    let row = PriceRow { op: args.op, currency, class, zone, years: args.years.unwrap_or(0), from, amount };
    let kept = row.clone();
    registry
        .change("price:set", args.op.to_string(), move |cx| {
            let row = kept.clone();
            Box::pin(async move {
                let zones = cx.tx.zone_list().await?;
                if !row.zone.is_empty() && zones.iter().all(|zone| zone.name.as_str() != row.zone) {
                    let advice = "`domesday zone list` shows them all";
                    return fault(format!("there is no zone {}", row.zone), advice);
                }
                cx.tx.price_set(&row, cx.now).await?;
                cx.changed(row.op.name(), shown(&row));
                Ok::<_, Halt>(())
            })
        })
        .await?;
    let place = if row.zone.is_empty() { "every zone".to_owned() } else { format!("zone {}", row.zone) };
    let what = match row.amount {
        Some(amount) => format!("costs {} {}", row.currency.show(amount), row.currency),
        None => format!("has no price of the operator's in {}", row.currency),
    };
    let period = if row.years > 0 { format!(" for {} years", row.years) } else { String::new() };
    let class = if row.class.is_empty() { String::new() } else { format!(" of class {}", row.class) };
    let text = registry.done(&format!("{}{class}{period} in {place} {what} from {from} on.", row.op));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "price": shown(&row) }), text))
}

fn shown(row: &PriceRow) -> Value {
    json!({
        "op": row.op.name(), "currency": row.currency.as_str(), "class": row.class, "zone": row.zone, "years": row.years,
        "from": row.from.to_string(), "amount": row.amount.map(|amount| row.currency.show(amount)),
    })
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let prices = registry.look(|tx| Box::pin(async { tx.prices().await })).await?;
    let bill = &registry.gate.profile().account.bill;
    let profile = registry.gate.profile().id.clone();
    let none = String::new();
    let standard = bill.prices.iter().map(|priced| (&none, priced));
    let premium =
        bill.classes.iter().flat_map(|(class, prices)| prices.iter().map(move |priced| (class, priced)));
    let own = standard.chain(premium).map(|(class, (op, price))| {
        [
            op.to_string(),
            of_class(class),
            "every".to_owned(),
            "each".to_owned(),
            format!("profile {profile}"),
            price.to_string(),
            bill.currency.to_string(),
        ]
    });
    let set = prices.iter().map(|row| {
        [
            row.op.to_string(),
            of_class(&row.class),
            if row.zone.is_empty() { "every".to_owned() } else { row.zone.clone() },
            if row.years > 0 { row.years.to_string() } else { "each".to_owned() },
            row.from.to_string(),
            row.amount.map_or_else(|| "none".to_owned(), |amount| row.currency.show(amount)),
            row.currency.to_string(),
        ]
    });
    let text = out::table(["op", "class", "zone", "years", "from", "price", "currency"], own.chain(set));
    let document = json!({
        "profile": { "id": profile, "currency": bill.currency.as_str(), "prices": bill.prices,
                     "classes": bill.classes },
        "prices": prices.iter().map(shown).collect::<Vec<_>>(),
    });
    Ok(Report::new(document, text))
}

fn of_class(class: &str) -> String {
    if class.is_empty() { "every".to_owned() } else { class.to_owned() }
}
