//! `domesday pending`: what waits for somebody, and saying it in their place. A sandbox has no holders to ask; its
//! operator accepts the terms, proves the identity, or lets the time pass.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::open::{Change, Where, fault};
use super::out::{self, Report, hint};
use crate::epp::types::DomainName;
use crate::flow::pending::{self, Decision, Stands};
use crate::policy::Risk;
use crate::store::pending::PendingRow;
use crate::store::{StoreError, Tx};

/// A command on actions that wait.
#[derive(Debug, Subcommand)]
pub enum PendingCommand {
    /// List what waits, the nearest deadline first
    List(List),
    /// Show what waits about one object
    Show(Show),
    /// Say in the place of whoever is asked: yes
    Accept(Decide),
    /// Say in the place of whoever is asked: no
    Reject(Decide),
    /// Wait for nothing any more and do it
    Complete(Complete),
    /// Take it back
    Cancel(Decide),
}

/// How many.
#[derive(Debug, Args)]
pub struct List {
    /// How many at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Which.
#[derive(Debug, Args)]
pub struct Show {
    /// The action's number, or its domain or host
    which: String,
    #[command(flatten)]
    at: Where,
}

/// Which.
#[derive(Debug, Args)]
pub struct Decide {
    /// The action's number, or its domain or host
    which: String,
    #[command(flatten)]
    at: Change,
}

/// Which, and how it is assessed.
#[derive(Debug, Args)]
pub struct Complete {
    /// Assess a registration: GREEN and YELLOW are active, BLUE, RED and N/A wait for the holder's identity
    #[arg(long, value_parser = risk)]
    risk: Option<Risk>,
    #[command(flatten)]
    what: Decide,
}

fn risk(text: &str) -> Result<Risk, String> {
    Risk::parse(text).ok_or_else(|| format!("{text:?} is none of GREEN, YELLOW, BLUE, RED, N/A"))
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &PendingCommand) -> anyhow::Result<Report> {
    match command {
        PendingCommand::List(args) => list(args).await,
        PendingCommand::Show(args) => show(args).await,
        PendingCommand::Accept(args) => decide(args, "pending:accept", Decision::Accept).await,
        PendingCommand::Reject(args) => decide(args, "pending:reject", Decision::Reject).await,
        PendingCommand::Complete(args) => {
            decide(&args.what, "pending:complete", Decision::Complete(args.risk)).await
        }
        PendingCommand::Cancel(args) => decide(args, "pending:cancel", Decision::Cancel).await,
    }
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let limit = args.limit;
    let rows = registry.look(move |tx| Box::pin(async move { tx.pending_list(limit).await })).await?;
    let cells = rows.iter().map(|row| {
        let [id, kind] = [row.id.to_string(), row.kind.name().to_owned()];
        let [state, deadline] = [row.state.name().to_owned(), row.deadline.to_string()];
        [id, kind, row.name.clone(), row.registrar.to_string(), state, deadline]
    });
    let table = out::table(["id", "what", "of", "registrar", "waits for", "until"], cells);
    Ok(Report::new(json!({ "pending": rows.iter().map(shown).collect::<Vec<_>>() }), table))
}

async fn show(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let which = args.which.clone();
    let rows = registry.look(move |tx| Box::pin(async move { find(tx, &which).await })).await?;
    if rows.is_empty() {
        return Err(nothing(&args.which));
    }
    let texts: Vec<String> = rows
        .iter()
        .map(|row| {
            out::list([
                ("action", row.id.to_string()),
                ("what", row.kind.name().to_owned()),
                ("of", row.name.clone()),
                ("registrar", row.registrar.to_string()),
                ("asked", row.started_at.to_string()),
                ("waits for", row.state.name().to_owned()),
                ("until", row.deadline.to_string()),
                ("clTRID", row.cltrid.clone().unwrap_or_default()),
                ("svTRID", row.svtrid.clone()),
                ("to do", row.data.clone()),
            ])
        })
        .collect();
    Ok(Report::new(json!({ "pending": rows.iter().map(shown).collect::<Vec<_>>() }), texts.join("\n")))
}

async fn decide(args: &Decide, command: &'static str, decision: Decision) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let which = args.which.clone();
    let (row, stands) = registry
        .change(command, args.which.clone(), move |cx| {
            let which = which.clone();
            Box::pin(async move {
                let mut rows = find(cx.tx, &which).await?;
                let Some(row) = rows.pop() else {
                    return fault(format!("nothing waits about {which}"), LISTS);
                };
                if !rows.is_empty() {
                    return fault(format!("several things wait about {which}"), "say the number of one");
                }
                let stands = pending::decide(cx, row.id, decision).await?;
                Ok((row, stands))
            })
        })
        .await?;
    let text = match stands {
        Some(Stands::Waits(state, until)) => {
            format!("{} waits for {} until {until} now.", row.name, state.name())
        }
        Some(Stands::Done) => format!("The {} of {} is done.", row.kind.name(), row.name),
        Some(Stands::Failed) => format!("The {} of {} is not done.", row.kind.name(), row.name),
        None => return Err(nothing(&args.which)),
    };
    let (state, until) = match stands {
        Some(Stands::Waits(state, until)) => (state.name(), Some(until.to_string())),
        Some(Stands::Done) => ("done", None),
        _ => ("failed", None),
    };
    let document = json!({
        "dry_run": registry.is_dry(), "id": row.id.to_string(), "name": row.name, "state": state, "deadline": until,
    });
    Ok(Report::new(document, registry.done(&text)))
}

/// What waits under that number or about that object.
async fn find(tx: &mut Tx, which: &str) -> Result<Vec<PendingRow>, StoreError> {
    if let Ok(id) = which.parse() {
        return Ok(tx.pending_by_id(id).await?.into_iter().collect());
    }
    let Ok(name) = DomainName::parse(which) else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    if let Some(domain) = tx.domain_by_name(&name).await? {
        rows.extend(tx.pending_of(domain.id).await?);
    }
    if let Some(position) = tx.waiting_offered(&name).await? {
        rows.extend(tx.pending_of(position.id).await?);
    }
    if let Some(host) = tx.host_by_name(&name).await? {
        rows.extend(tx.pending_of(host.id).await?);
    }
    Ok(rows)
}

const LISTS: &str = "`domesday pending list` shows what waits";

fn nothing(which: &str) -> anyhow::Error {
    hint(format!("nothing waits about {which}"), LISTS)
}

fn shown(row: &PendingRow) -> Value {
    json!({
        "id": row.id.to_string(), "kind": row.kind.name(), "name": row.name, "registrar": row.registrar.as_str(),
        "started_at": row.started_at.to_string(), "state": row.state.name(), "deadline": row.deadline.to_string(),
        "cltrid": row.cltrid, "svtrid": row.svtrid,
        "data": serde_json::from_str::<Value>(&row.data).unwrap_or(Value::Null),
    })
}
