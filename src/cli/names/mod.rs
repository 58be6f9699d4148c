//! `domesday names`: the lists of a zone, names that are blocked, reserved or premium.

mod csv;
mod file;
mod load;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Halt, Registry, Where, fault};
use super::out::{self, Report, hint};
use crate::epp::types::DomainName;
use crate::flow::listed;
use crate::flow::zone;
use crate::store::listed::{ListKind, ListedRow};

/// A command on the lists of names.
#[derive(Debug, Subcommand)]
pub enum NamesCommand {
    /// Put the names of a file on a zone's lists
    Load(load::Load),
    /// Say what loading a file would change
    Diff(load::Diff),
    /// List names, or print the file of them
    List(List),
    /// Put a name on a list, or change its entry
    Add(Add),
    /// Take a name off a list
    Remove(Remove),
}

/// Which entries.
#[derive(Debug, Args)]
pub struct List {
    /// The zone
    #[arg(long)]
    zone: String,
    /// Of that list only: blocked, reserved or premium
    #[arg(long, value_name = "KIND", value_parser = kind)]
    list: Option<ListKind>,
    /// This name only
    #[arg(long)]
    name: Option<String>,
    /// How many at most; a file has all
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// As a file that `names load` reads
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    at: Where,
}

/// An entry.
#[derive(Debug, Args)]
pub struct Add {
    name: String,
    /// blocked, reserved or premium
    #[arg(value_parser = kind)]
    list: ListKind,
    /// The class of a premium name, whose prices it has
    #[arg(long)]
    class: Option<String>,
    /// What registrars are told, in 32 characters at most
    #[arg(long)]
    reason: Option<String>,
    /// From that moment on; at once without it
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// Until that moment; for ever without it
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    #[command(flatten)]
    at: Change,
}

/// Which entry.
#[derive(Debug, Args)]
pub struct Remove {
    name: String,
    /// blocked, reserved or premium
    #[arg(value_parser = kind)]
    list: ListKind,
    #[command(flatten)]
    at: Change,
}

fn kind(text: &str) -> Result<ListKind, String> {
    ListKind::parse(text).ok_or_else(|| format!("no such list; {}", file::kinds()))
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &NamesCommand) -> anyhow::Result<Report> {
    match command {
        NamesCommand::Load(args) => load::load(args).await,
        NamesCommand::Diff(args) => load::diff(args).await,
        NamesCommand::List(args) => list(args).await,
        NamesCommand::Add(args) => add(args).await,
        NamesCommand::Remove(args) => remove(args).await,
    }
}

/// The zone of that name, which must be one of this registry's.
async fn zone_of(registry: &Registry, text: &str) -> anyhow::Result<DomainName> {
    let none = || hint(format!("there is no zone {text}"), "`domesday zone list` shows them all");
    let wanted = DomainName::parse(text).map_err(|_| none())?;
    let zones = registry.look(|tx| Box::pin(async { tx.zone_list().await })).await?;
    zones.into_iter().map(|zone| zone.name).find(|zone| *zone == wanted).ok_or_else(none)
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let zone = zone_of(&registry, &args.zone).await?;
    let of_list = |row: &ListedRow| args.list.is_none_or(|list| list == row.list);
    let mut rows = match &args.name {
        Some(text) => {
            let name = file::name(text, &zone).map_err(|fault| hint(fault, "write it in A-labels"))?;
            registry.look(move |tx| Box::pin(async move { tx.listed(&name).await })).await?
        }
        None => load::all(&registry, &zone).await?,
    };
    rows.retain(of_list);
    if args.csv {
        let text = file::written(&rows);
        return Ok(Report::new(json!({ "csv": text }), text));
    }
    let count = rows.len();
    rows.truncate(args.limit);
    let at = |at: Option<crate::clock::Ts>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    let cells = rows.iter().map(|row| {
        [
            row.name.to_string(),
            row.list.name().to_owned(),
            row.class.clone(),
            row.reason.clone(),
            at(row.from),
            at(row.until),
        ]
    });
    let mut text = out::table(file::COLUMNS, cells);
    if count > rows.len() {
        text.push_str(&format!("\n{} of {count}", rows.len()));
    }
    let shown: Vec<_> = rows.iter().map(shown).collect();
    Ok(Report::new(json!({ "zone": zone.as_str(), "count": count, "names": shown }), text))
}

fn shown(row: &ListedRow) -> Value {
    let at = |at: Option<crate::clock::Ts>| at.map(|at| at.to_string());
    json!({
        "name": row.name.as_str(), "list": row.list.name(), "class": row.class, "reason": row.reason,
        "from": at(row.from), "until": at(row.until),
    })
}

fn name_of(text: &str) -> anyhow::Result<DomainName> {
    DomainName::parse(text)
        .map_err(|e| hint(format!("{text:?} is not a domain name: {e}"), "write it in A-labels"))
}

async fn add(args: &Add) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = name_of(&args.name)?;
    let moment = |text: &Option<String>| text.as_deref().map(given::moment).transpose();
    let entry = ListedRow {
        id: 0,
        zone: name.clone(),
        name,
        list: args.list,
        class: args.class.clone().unwrap_or_default(),
        reason: args.reason.clone().unwrap_or_default(),
        from: moment(&args.from)?,
        until: moment(&args.until)?,
    };
    let row = registry
        .change("names:add", entry.name.to_string(), move |cx| {
            let entry = entry.clone();
            Box::pin(async move {
                let Some(zone) = zone::even_off(cx, &entry.name).await? else {
                    return fault(
                        format!("{} is in no zone of this registry", entry.name),
                        "see `domesday zone list`",
                    );
                };
                let row = ListedRow { id: cx.ids.next(), zone: zone.name, ..entry };
                if let Err(wrong) = listed::check(&row) {
                    return fault(wrong, "`domesday names add --help` says what an entry has");
                }
                let before = cx.tx.listed(&row.name).await?.into_iter().find(|b| b.list == row.list);
                cx.tx.listed_put(std::slice::from_ref(&row)).await?;
                let detail = json!({ "before": before.as_ref().map(shown), "after": shown(&row) });
                cx.changed(row.name.to_string(), detail);
                Ok::<_, Halt>(row)
            })
        })
        .await?;
    let text = registry.done(&format!("{} is {} now.", row.name, row.list.name()));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "entry": shown(&row) }), text))
}

async fn remove(args: &Remove) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, list) = (name_of(&args.name)?, args.list);
    let wanted = name.clone();
    registry
        .change("names:remove", name.to_string(), move |cx| {
            let name = wanted.clone();
            Box::pin(async move {
                let before = cx.tx.listed(&name).await?.into_iter().find(|row| row.list == list);
                let Some(before) = before else {
                    return fault(
                        format!("{name} is not {}", list.name()),
                        "`domesday names list` shows what is",
                    );
                };
                cx.tx.listed_delete(&[(name.clone(), list)]).await?;
                cx.changed(name.to_string(), json!({ "before": shown(&before), "after": null }));
                Ok::<_, Halt>(())
            })
        })
        .await?;
    let text = registry.done(&format!("{name} is {} no longer.", list.name()));
    let document = json!({ "dry_run": registry.is_dry(), "name": name.as_str(), "list": list.name() });
    Ok(Report::new(document, text))
}
