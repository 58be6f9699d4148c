//! `domesday waiting`: who waits for which name, and offers made and accepted in the place of those who wait.

use clap::{Args, Subcommand};
use serde_json::json;

use super::open::{Change, Where, fault};
use super::out::{self, Report, hint};
use crate::epp::types::{ContactId, DomainName};
use crate::flow::pending::{self, Decision};
use crate::flow::{waiting, zone};
use crate::store::waiting::Place;

/// A command on waiting lists.
#[derive(Debug, Subcommand)]
pub enum WaitingCommand {
    /// Put a contact at the end of a name's list
    Add(Position),
    /// Take a contact off a name's list
    Remove(Position),
    /// List who waits, first come first
    List(List),
    /// Offer a name that is free to the first who waits for it
    Offer(Name),
    /// Accept an offer in the place of its holder, and show the token
    Accept(Name),
}

/// Who waits for what.
#[derive(Debug, Args)]
pub struct Position {
    name: String,
    /// The contact that waits
    contact: String,
    #[command(flatten)]
    at: Change,
}

/// Which list.
#[derive(Debug, Args)]
pub struct List {
    /// Of this name only
    name: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Which name.
#[derive(Debug, Args)]
pub struct Name {
    name: String,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &WaitingCommand) -> anyhow::Result<Report> {
    match command {
        WaitingCommand::Add(args) => add(args).await,
        WaitingCommand::Remove(args) => remove(args).await,
        WaitingCommand::List(args) => list(args).await,
        WaitingCommand::Offer(args) => offer(args).await,
        WaitingCommand::Accept(args) => accept(args).await,
    }
}

fn name_of(text: &str) -> anyhow::Result<DomainName> {
    DomainName::parse(text)
        .map_err(|e| hint(format!("{text:?} is not a domain name: {e}"), "write it in A-labels"))
}

async fn add(args: &Position) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, holder) = (name_of(&args.name)?, ContactId::parse(&args.contact)?);
    let wanted = (name.clone(), holder.clone());
    registry
        .change("waiting:add", name.to_string(), move |cx| {
            let (name, holder) = wanted.clone();
            Box::pin(async move {
                let lists = match zone::even_off(cx, &name).await? {
                    Some(zone) => zone.policy.waiting_list.enabled,
                    None => false,
                };
                if !lists {
                    return fault(format!("there is no waiting list for {name}"), "see `zone.waiting_list`");
                }
                if cx.tx.domain_by_name(&name).await?.is_none() {
                    return fault(format!("{name} is not registered"), "who wants it can register it");
                }
                if cx.tx.contact_by_handle(&holder).await?.is_none() {
                    return fault(format!("there is no contact {holder}"), "it is made by a registrar");
                }
                if !cx.tx.waiting_insert(cx.ids.next(), &name, &holder.key(), cx.now).await? {
                    return fault(format!("{holder} waits for {name} already"), "nobody waits twice");
                }
                cx.changed(format!("{name} waiting list"), json!({ "added": holder }));
                Ok(())
            })
        })
        .await?;
    let text = registry.done(&format!("{holder} waits for {name}."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "name": name.as_str(), "contact": holder }), text))
}

async fn remove(args: &Position) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, holder) = (name_of(&args.name)?, ContactId::parse(&args.contact)?);
    let wanted = (name.clone(), holder.clone());
    registry
        .change("waiting:remove", name.to_string(), move |cx| {
            let (name, holder) = wanted.clone();
            Box::pin(async move {
                let list = cx.tx.waiting_of(&name).await?;
                let Some(position) = list.into_iter().find(|position| position.holder == holder.key()) else {
                    return fault(
                        format!("{holder} does not wait for {name}"),
                        "`waiting list` shows who does",
                    );
                };
                // What is offered to it goes to the next.
                if let Some(row) = cx.tx.pending_of(position.id).await?.first() {
                    pending::decide(cx, row.id, Decision::Cancel).await?;
                } else {
                    cx.tx.waiting_delete(position.id).await?;
                }
                cx.changed(format!("{name} waiting list"), json!({ "removed": holder }));
                Ok(())
            })
        })
        .await?;
    let text = registry.done(&format!("{holder} no longer waits for {name}."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "name": name.as_str(), "contact": holder }), text))
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, limit) = (args.name.as_deref().map(name_of).transpose()?, args.limit);
    let rows = registry
        .look(move |tx| {
            Box::pin(async move {
                match &name {
                    Some(name) => tx.waiting_of(name).await,
                    None => tx.waiting_list(limit).await,
                }
            })
        })
        .await?;
    let cells = rows
        .iter()
        .map(|p| [p.name.to_string(), p.holder.clone(), p.state.name().to_owned(), p.added_at.to_string()]);
    let table = out::table(["name", "contact", "state", "since"], cells);
    let shown: Vec<_> = rows
        .iter()
        .map(|p| {
            json!({ "name": p.name.as_str(), "contact": p.holder, "state": p.state.name(),
                    "since": p.added_at.to_string() })
        })
        .collect();
    Ok(Report::new(json!({ "waiting": shown }), table))
}

async fn offer(args: &Name) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = name_of(&args.name)?;
    let wanted = name.clone();
    let holder = registry
        .change("waiting:offer", name.to_string(), move |cx| {
            let name = wanted.clone();
            Box::pin(async move {
                if cx.tx.domain_by_name(&name).await?.is_some() {
                    return fault(format!("{name} is registered"), "it is offered when it becomes free");
                }
                if let Some(position) = cx.tx.waiting_offered(&name).await? {
                    return fault(
                        format!("{name} is offered to {} already", position.holder),
                        "take that off the list first",
                    );
                }
                waiting::released(cx, &name).await?;
                match cx.tx.waiting_offered(&name).await? {
                    Some(position) => Ok(position.holder),
                    None => fault(format!("nobody waits for {name}"), "anybody can register it"),
                }
            })
        })
        .await?;
    let text = registry.done(&format!("{name} is offered to {holder}."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "name": name.as_str(), "contact": holder }), text))
}

async fn accept(args: &Name) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = name_of(&args.name)?;
    let wanted = name.clone();
    let (token, until) = registry
        .change("waiting:accept", name.to_string(), move |cx| {
            let name = wanted.clone();
            Box::pin(async move {
                let digits = match zone::even_off(cx, &name).await? {
                    Some(zone) => zone.policy.waiting_list.token_digits,
                    None => return fault(format!("{name} is in no zone of this registry"), LISTS),
                };
                let token = waiting::draw(digits);
                match waiting::accept(cx, &name, &token).await? {
                    Some(row) => Ok((token, row.deadline)),
                    None => match cx.tx.waiting_offered(&name).await? {
                        Some(position) if position.state == Place::Accepted => {
                            fault(format!("the offer of {name} is accepted already"), LISTS)
                        }
                        _ => fault(format!("{name} is offered to nobody"), LISTS),
                    },
                }
            })
        })
        .await?;
    // A token of a dry run opens nothing, so it is not shown.
    let token = (!registry.is_dry()).then(|| token.expose());
    let shown = token.map_or_else(String::new, |token| format!(" Its token is {token}."));
    let text = registry.done(&format!("The offer of {name} is accepted until {until}.{shown}"));
    let document = json!({
        "dry_run": registry.is_dry(), "name": name.as_str(), "token": token, "until": until.to_string(),
    });
    Ok(Report::new(document, text))
}

const LISTS: &str = "`domesday waiting list` shows who waits for what";
