//! `domesday allocation`: allocation tokens (RFC 8495), made in batches, shown once, and taken back.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Halt, Registry, Where, fault};
use super::out::{self, Report, hint};
use crate::epp::types::DomainName;
use crate::flow::allocation::{self, MOST, New};
use crate::policy::{Currency, Decimal};
use crate::store::allocation::{AllocationOp, AllocationPrice, AllocationRow, BatchRow, Terms};

/// A command on allocation tokens.
#[derive(Debug, Subcommand)]
pub enum AllocationCommand {
    /// Make tokens, and print them this once
    Make(Box<Make>),
    /// List the batches, or the tokens of one, without what they say
    List(List),
    /// Take tokens back that were not used
    Revoke(Revoke),
}

fn op(text: &str) -> Result<AllocationOp, String> {
    AllocationOp::parse(text).ok_or_else(|| "a token is for create or transfer".to_owned())
}

/// What the tokens open.
#[derive(Debug, Args)]
pub struct Make {
    /// What to call the batch
    label: String,
    /// How many; with names, how many for each
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
    /// A name that a token is bound to, and opens where it is reserved; each name has tokens of its own
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
    /// In that zone only
    #[arg(long, value_name = "ZONE")]
    zone: Vec<String>,
    /// For that registrar only
    #[arg(long, value_name = "ID")]
    registrar: Vec<String>,
    /// For create or transfer; for create without it
    #[arg(long, value_name = "OPERATION", value_parser = op)]
    op: Vec<AllocationOp>,
    /// For so many years only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=99))]
    years: Vec<u8>,
    /// What the operation costs with it, whatever the period; the usual price without it
    #[arg(long, value_name = "AMOUNT")]
    price: Option<String>,
    /// The currency of the price; that of the server's profile without it
    #[arg(long, value_name = "CODE", requires = "price")]
    currency: Option<String>,
    /// From that moment on
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// Until that moment
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    #[command(flatten)]
    at: Change,
}

/// Which tokens.
#[derive(Debug, Args)]
pub struct List {
    /// The tokens of that batch
    batch: Option<i64>,
    /// How many at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Which tokens.
#[derive(Debug, Args)]
pub struct Revoke {
    /// The part of a token before its hyphen
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    token: Vec<String>,
    /// Every token of that batch
    #[arg(long, value_name = "BATCH")]
    batch: Option<i64>,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &AllocationCommand) -> anyhow::Result<Report> {
    match command {
        AllocationCommand::Make(args) => make(args).await,
        AllocationCommand::List(args) => list(args).await,
        AllocationCommand::Revoke(args) => revoke(args).await,
    }
}

fn names(texts: &[String]) -> anyhow::Result<Vec<DomainName>> {
    let name = |text: &String| {
        DomainName::parse(text)
            .map_err(|e| hint(format!("{text:?} is not a domain name: {e}"), "write it in A-labels"))
    };
    texts.iter().map(name).collect()
}

fn price(args: &Make, registry: &Registry) -> anyhow::Result<Option<AllocationPrice>> {
    let Some(text) = &args.price else { return Ok(None) };
    let currency = match &args.currency {
        Some(letters) => Currency::try_from(letters.clone()).map_err(|fault| hint(fault, "as EUR"))?,
        None => registry.gate.profile().account.bill.currency.clone(),
    };
    let amount = Decimal::parse(text).filter(|amount| !amount.is_negative());
    let amount = amount.and_then(|amount| amount.minor(&currency));
    let amount =
        amount.ok_or_else(|| hint(format!("{text:?} is no price in {currency}"), "write it as 50.00"))?;
    Ok(Some(AllocationPrice { amount, currency: currency.to_string() }))
}

async fn make(args: &Make) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let bound = names(&args.name)?;
    let total = bound.len().max(1) * args.count as usize;
    if total > MOST {
        return Err(hint(format!("{total} tokens are too many"), format!("a batch has {MOST} at most")));
    }
    let moment = |text: &Option<String>| text.as_deref().map(given::moment).transpose();
    let terms = Terms {
        operations: if args.op.is_empty() { vec![AllocationOp::Create] } else { args.op.clone() },
        zones: names(&args.zone)?,
        named: !bound.is_empty(),
        registrars: args.registrar.iter().map(|id| given::id(id)).collect::<anyhow::Result<_>>()?,
        years: args.years.clone(),
        price: price(args, &registry)?,
        from: moment(&args.from)?,
        until: moment(&args.until)?,
    };
    if let (Some(from), Some(until)) = (terms.from, terms.until)
        && until <= from
    {
        return Err(hint("the tokens would end before they begin", "name a later --until"));
    }
    let each = |name: Option<&DomainName>| -> Vec<New> {
        (0..args.count).map(|_| (allocation::draw(), name.cloned())).collect()
    };
    let tokens: Vec<New> =
        if bound.is_empty() { each(None) } else { bound.iter().flat_map(|name| each(Some(name))).collect() };
    let work = (args.label.clone(), terms, tokens.clone());
    let batch = registry
        .change("allocation:make", args.label.clone(), move |cx| {
            let (label, terms, tokens) = work.clone();
            Box::pin(async move {
                for id in &terms.registrars {
                    if cx.tx.registrar(id).await?.is_none() {
                        let advice = "`domesday registrar list` shows them all";
                        return fault(format!("there is no registrar {id}"), advice);
                    }
                }
                for (_, name) in &tokens {
                    let Some(name) = name else { continue };
                    if crate::flow::zone::even_off(cx, name).await?.is_none() {
                        return fault(
                            format!("{name} is in no zone of this registry"),
                            "see `domesday zone list`",
                        );
                    }
                }
                Ok::<_, Halt>(allocation::make(cx, &label, terms, &tokens).await?)
            })
        })
        .await?;
    // A token of a dry run opens nothing, so it is not shown.
    let shown: Vec<Value> = match registry.is_dry() {
        true => Vec::new(),
        false => tokens
            .iter()
            .map(|(text, name)| json!({ "token": text.expose(), "name": name.as_ref().map(DomainName::as_str) }))
            .collect(),
    };
    let mut text = registry.done(&format!("{total} tokens were made, batch {}.", batch.id));
    if !registry.is_dry() {
        text.push_str(" They are shown this once:");
        for (token, name) in &tokens {
            let name = name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            text.push_str(&format!("\n{}{name}", token.expose()));
        }
    }
    let document = json!({
        "dry_run": registry.is_dry(), "batch": batch_told(&batch), "count": total, "tokens": shown,
    });
    Ok(Report::new(document, text))
}

fn batch_told(batch: &BatchRow) -> Value {
    json!({
        "id": batch.id, "label": batch.label, "made": batch.made_at.to_string(), "terms": terms_told(&batch.terms),
    })
}

fn terms_told(terms: &Terms) -> Value {
    json!({
        "operations": terms.operations.iter().map(|op| op.name()).collect::<Vec<_>>(),
        "zones": terms.zones, "named": terms.named, "registrars": terms.registrars, "years": terms.years,
        "price": terms.price, "from": terms.from.map(|at| at.to_string()),
        "until": terms.until.map(|at| at.to_string()),
    })
}

/// What became of a token.
fn state(row: &AllocationRow) -> &'static str {
    match (row.used_at, row.revoked_at) {
        (Some(_), _) => "used",
        (None, Some(_)) => "revoked",
        (None, None) => "unused",
    }
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let limit = args.limit;
    let Some(id) = args.batch else {
        let batches = registry.look(move |tx| Box::pin(tx.allocation_batches(limit))).await?;
        let cells = batches.iter().map(|b| {
            let ops: Vec<_> = b.terms.operations.iter().map(|op| op.name()).collect();
            [b.id.to_string(), b.label.clone(), ops.join(" "), b.made_at.to_string()]
        });
        let table = out::table(["batch", "label", "for", "made"], cells);
        let shown: Vec<_> = batches.iter().map(batch_told).collect();
        return Ok(Report::new(json!({ "batches": shown }), table));
    };
    let found = registry
        .look(move |tx| {
            Box::pin(async move {
                let Some(batch) = tx.allocation_batch(id).await? else { return Ok(None) };
                Ok(Some((batch, tx.allocations_in(id, i64::MIN, limit).await?)))
            })
        })
        .await?;
    let Some((batch, rows)) = found else {
        return Err(hint(format!("there is no batch {id}"), "`domesday allocation list` shows them all"));
    };
    let mut counts = BTreeMap::<&str, usize>::new();
    for row in &rows {
        *counts.entry(state(row)).or_default() += 1;
    }
    let cell = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = rows.iter().map(|row| {
        let used = row.used_at.map(|at| at.to_string()).unwrap_or_default();
        [row.selector.clone(), state(row).to_owned(), cell(&row.object), cell(&row.registrar), used]
    });
    let table = out::table(["token", "state", "name", "registrar", "used"], cells);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "token": row.selector, "state": state(row), "name": row.object, "registrar": row.registrar,
                    "operation": row.operation, "used": row.used_at.map(|at| at.to_string()) })
        })
        .collect();
    Ok(Report::new(json!({ "batch": batch_told(&batch), "counts": counts, "tokens": shown }), table))
}

async fn revoke(args: &Revoke) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    // What stands behind the hyphen is nobody's business here.
    let selector = |text: &String| text.split('-').next().unwrap_or_default().to_owned();
    let tokens: Vec<String> = args.token.iter().map(selector).collect();
    let (batch, object) = (args.batch, args.batch.map_or_else(|| tokens.join(" "), |id| id.to_string()));
    let revoked = registry
        .change("allocation:revoke", object.clone(), move |cx| {
            let tokens = tokens.clone();
            Box::pin(async move {
                let mut revoked = 0;
                if let Some(id) = batch {
                    if cx.tx.allocation_batch(id).await?.is_none() {
                        let advice = "`domesday allocation list` shows them all";
                        return fault(format!("there is no batch {id}"), advice);
                    }
                    revoked = cx.tx.allocation_revoke_batch(id, cx.now).await?;
                    cx.changed(format!("allocation batch {id}"), json!({ "revoked": revoked }));
                }
                for selector in &tokens {
                    let row = cx.tx.allocation_by_selector(selector).await?;
                    let Some(row) = row else {
                        let advice = "`domesday allocation list BATCH` shows them all";
                        return fault(format!("there is no token {selector}"), advice);
                    };
                    if !cx.tx.allocation_revoke(row.id, cx.now).await? {
                        let fate = state(&row);
                        return fault(format!("the token {selector} is {fate} already"), "it opens nothing");
                    }
                    revoked += 1;
                    cx.changed(format!("allocation token {selector}"), json!({ "revoked": true }));
                }
                Ok::<_, Halt>(revoked)
            })
        })
        .await?;
    let text = registry.done(&format!("{revoked} tokens were taken back."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "revoked": revoked }), text))
}
