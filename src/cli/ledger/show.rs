//! What registrars have, their statements, and the proof that both agree.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{bill, shown};
use crate::cli::given;
use crate::cli::open::Where;
use crate::cli::out::{self, Report};
use crate::flow::money;
use crate::policy::BillMode;
use crate::store::ledger::Entry;

/// Whose; all without it.
#[derive(Debug, Args)]
pub struct Balance {
    registrar: Option<String>,
    #[command(flatten)]
    at: Where,
}

/// Whose, and how far back.
#[derive(Debug, Args)]
pub struct Statement {
    registrar: String,
    /// How many entries at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    /// Only entries before this number, to go on from an earlier page
    #[arg(long, value_name = "ENTRY", value_parser = clap::value_parser!(i64).range(1..))]
    before: Option<i64>,
    #[command(flatten)]
    at: Where,
}

/// Whose; all without it.
#[derive(Debug, Args)]
pub struct Verify {
    registrar: Option<String>,
    #[command(flatten)]
    at: Where,
}

pub(super) async fn balance(args: &Balance) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let accounts = match &args.registrar {
        Some(of) => {
            let of = given::id(of)?;
            let bill = bill(&registry, &of).await?;
            vec![(of, bill)]
        }
        None => {
            let rows = registry.look(|tx| Box::pin(async { tx.registrars().await })).await?;
            let mut accounts = Vec::new();
            for row in rows {
                let bill = registry.gate.account_rules(row.profile.as_deref())?.bill.clone();
                if bill.mode != BillMode::Off {
                    accounts.push((row.id, bill));
                }
            }
            accounts
        }
    };
    let now = registry.now();
    let found = registry
        .look(move |tx| {
            Box::pin(async move {
                let mut found = Vec::new();
                for (of, bill) in accounts {
                    let row = tx.balance(&of, &bill.currency).await?;
                    // Until the end of the month.
                    let until = bill.zone.next_month(now).unwrap_or(now);
                    let owed = tx.ledger_waiting_sum(&of, &bill.currency, until).await?;
                    found.push((of, bill, row, owed));
                }
                Ok(found)
            })
        })
        .await?;
    let documents: Vec<_> = found
        .iter()
        .map(|(of, bill, row, owed)| {
            let mut document = shown(of, bill, row, now);
            document["due_at_month_end"] = json!(bill.currency.show(*owed));
            document
        })
        .collect();
    let rows = found.iter().map(|(of, bill, row, owed)| {
        let amount = |minor: i64| bill.currency.show(minor);
        let gate = match money::unlocked(row, now) {
            Some(until) => format!("open until {}", bill.zone.show(until)),
            None if money::is_short(bill, row, 1, now) && !bill.gated_ops.is_empty() => "short".to_owned(),
            None => "open".to_owned(),
        };
        [
            of.to_string(),
            bill.currency.to_string(),
            amount(row.amount),
            amount(row.reserved),
            amount(money::credit_limit(bill, row)),
            amount(money::available(bill, row)),
            amount(*owed),
            gate,
        ]
    });
    let head = ["registrar", "currency", "balance", "reserved", "credit", "available", "month end", "gate"];
    let text = out::table(head, rows);
    Ok(Report::new(json!({ "balances": documents }), text))
}

pub(super) async fn statement(args: &Statement) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let of = given::id(&args.registrar)?;
    let bill = bill(&registry, &of).await?;
    let (wanted, currency) = (of.clone(), bill.currency.clone());
    let (before, limit) = (args.before.unwrap_or(i64::MAX), args.limit);
    let entries = registry
        .look(move |tx| Box::pin(async move { tx.ledger_before(&wanted, &currency, before, limit).await }))
        .await?;
    let what = |entry: &Entry| entry.op.map_or("", |op| op.name()).to_owned();
    let rows = entries.iter().map(|entry| {
        [
            entry.entry.to_string(),
            bill.zone.show(entry.at),
            entry.kind.name().to_owned(),
            what(entry),
            entry.object.clone(),
            if entry.years > 0 { entry.years.to_string() } else { String::new() },
            bill.currency.show(entry.amount),
            bill.currency.show(entry.balance),
            entry.svtrid.clone(),
            entry.reason.clone(),
        ]
    });
    let head = ["entry", "date", "kind", "op", "object", "years", "amount", "balance", "reference", "reason"];
    let text = out::table(head, rows);
    let documents: Vec<_> = entries
        .iter()
        .map(|entry| {
            json!({
                "entry": entry.entry, "date": bill.zone.show(entry.at), "kind": entry.kind.name(),
                "op": what(entry), "object": entry.object, "zone": entry.zone, "years": entry.years,
                "amount": bill.currency.show(entry.amount), "balance": bill.currency.show(entry.balance),
                "reference": entry.svtrid, "reason": entry.reason, "source": entry.source, "user": entry.user,
            })
        })
        .collect();
    let document =
        json!({ "registrar": of.as_str(), "currency": bill.currency.as_str(), "entries": documents });
    Ok(Report::new(document, text))
}

pub(super) async fn verify(args: &Verify, json: bool) -> anyhow::Result<ExitCode> {
    let registry = args.at.open().await?;
    let of = args.registrar.as_deref().map(given::id).transpose()?;
    let proofs = registry
        .look(move |tx| {
            Box::pin(async move {
                let mut proofs = Vec::new();
                for standing in tx.balances(of.as_ref()).await? {
                    let proof = tx.ledger_proof(&standing).await?;
                    proofs.push((standing, proof));
                }
                Ok(proofs)
            })
        })
        .await?;
    let agree = proofs.iter().all(|(_, proof)| proof.faults.is_empty());
    let mut text = String::new();
    for (standing, proof) in &proofs {
        let (of, currency) = (&standing.registrar, &standing.currency);
        for fault in &proof.faults {
            text.push_str(&format!("{of} {currency}: {fault}\n"));
        }
    }
    let entries: i64 = proofs.iter().map(|(_, proof)| proof.entries).sum();
    let verdict = if agree { "Balances and ledger agree" } else { "Balances and ledger do not agree" };
    text.push_str(&format!("{verdict}: {} balances, {entries} entries.", proofs.len()));
    let balances: Vec<_> = proofs
        .iter()
        .map(|(standing, proof)| {
            json!({
                "registrar": standing.registrar.as_str(), "currency": standing.currency.as_str(),
                "balance": standing.currency.show(standing.balance.amount), "entries": proof.entries,
                "sum": standing.currency.show(proof.sum), "faults": proof.faults,
            })
        })
        .collect();
    Report::new(json!({ "agree": agree, "balances": balances }), text).print(json)?;
    Ok(if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
