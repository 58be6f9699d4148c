//! `domesday poll`: what waits in a registrar's queue, and what can come to wait there.

use clap::{Args, Subcommand};
use serde_json::json;

use super::given;
use super::open::Where;
use super::out::{self, Report};
use super::registrar::unknown;
use crate::epp::notice::{Kind, Notice, samples};
use crate::epp::types::Lang;

/// A command on message queues.
#[derive(Debug, Subcommand)]
pub enum PollCommand {
    /// List the oldest messages of a registrar's queue
    List(List),
    /// List every kind of notice: what causes it, who gets it and what it says
    Kinds,
}

/// Whose queue.
#[derive(Debug, Args)]
pub struct List {
    registrar: String,
    /// How many messages at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Runs it.
///
/// # Errors
/// When there is no such registrar.
pub async fn run(command: &PollCommand) -> anyhow::Result<Report> {
    match command {
        PollCommand::List(args) => list(args).await,
        PollCommand::Kinds => Ok(kinds()),
    }
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let of = given::id(&args.registrar)?;
    let limit = args.limit;
    let wanted = of.clone();
    let found = registry
        .look(move |tx| {
            Box::pin(async move {
                if tx.registrar(&wanted).await?.is_none() {
                    return Ok(None);
                }
                Ok(Some((tx.poll_count(&wanted).await?, tx.poll_list(&wanted, limit).await?)))
            })
        })
        .await?;
    let Some((count, messages)) = found else {
        return Err(unknown(of.as_str()));
    };
    let rows =
        messages.iter().map(|m| [m.id.to_string(), m.queued.to_string(), m.kind.clone(), m.text.clone()]);
    let text = format!("{}\n{count} waiting.", out::table(["id", "queued", "kind", "text"], rows));
    let shown: Vec<_> = messages
        .iter()
        .map(|m| {
            json!({
                "id": m.id.to_string(), "queued_at": m.queued.to_string(), "kind": m.kind, "text": m.text,
                "fields": m.fields,
            })
        })
        .collect();
    Ok(Report::new(json!({ "registrar": of.as_str(), "count": count, "messages": shown }), text))
}

/// Every kind, with its samples.
fn kinds() -> Report {
    let samples = samples();
    let (mut text, mut rows) = (String::new(), Vec::new());
    for kind in Kind::ALL {
        let code = kind.code.map_or_else(String::new, |code| format!("/{code}"));
        text.push_str(&format!("N{} {}  {}/{}{code}\n", kind.number, kind.tag, kind.topic, kind.action));
        text.push_str(&format!("    when    {}\n    to      {}\n", kind.trigger, kind.audience.channel()));
        let shown: Vec<_> = samples.iter().filter(|s| s.kind() == *kind).collect();
        let fields: Vec<_> = shown.first().map(|s| s.fields()).unwrap_or_default();
        let keys = fields.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(" ");
        text.push_str(&format!("    fields  {keys}\n"));
        for sample in &shown {
            text.push_str(&format!("    sample  {}\n", sample.text(Lang::En)));
        }
        let told: Vec<_> = shown
            .iter()
            .map(|s| json!({ "text": texts(s), "fields": s.fields(), "data": s.data() }))
            .collect();
        rows.push(json!({
            "number": kind.number, "kind": kind.tag, "topic": kind.topic, "action": kind.action,
            "code": kind.code, "trigger": kind.trigger, "audience": kind.audience.channel(), "samples": told,
        }));
    }
    Report::new(json!({ "kinds": rows }), text)
}

fn texts(notice: &Notice) -> serde_json::Value {
    Lang::ALL.iter().map(|lang| (lang.tag().to_owned(), json!(notice.text(*lang)))).collect()
}
