//! `domesday poll list`: what waits in a registrar's queue.

use clap::{Args, Subcommand};
use serde_json::json;

use super::open::Where;
use super::out::{self, Report, hint};
use crate::epp::types::RegistrarId;

/// A command on message queues.
#[derive(Debug, Subcommand)]
pub enum PollCommand {
    /// List the oldest messages of a registrar's queue
    List(List),
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
pub async fn run(PollCommand::List(args): &PollCommand) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let of = RegistrarId::parse(&args.registrar)?;
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
        return Err(hint(format!("there is no registrar {of}"), "`domesday registrar list` shows them all"));
    };
    let rows = messages.iter().map(|m| [m.id.clone(), m.queued.to_string(), m.text.clone()]);
    let text = format!("{}\n{count} waiting.", out::table(["id", "queued", "text"], rows));
    let shown: Vec<_> = messages
        .iter()
        .map(|m| json!({ "id": m.id, "queued_at": m.queued.to_string(), "text": m.text, "data": m.data }))
        .collect();
    Ok(Report::new(json!({ "registrar": of.as_str(), "count": count, "messages": shown }), text))
}
