//! `domesday maintenance`: work on the service, of which registrars are told (RFC 9167).

use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::given;
use super::open::{Change, Halt, Registry, Where, fault};
use super::out::{self, Report, hint};
use crate::clock::Ts;
use crate::epp::types::{
    DomainName, Maintenance, MaintenanceEnvironment, MaintenanceImpact, MaintenanceSystem, MaintenanceText,
};
use crate::flow::maintenance;
use crate::gate::Cx;
use crate::store::maintenance::MaintenanceRow;

/// A command on work on the service.
#[derive(Debug, Subcommand)]
pub enum MaintenanceCommand {
    /// Announce work, and tell every registrar
    Add(Add),
    /// List work, the last to end first
    List(List),
    /// Change what was announced, and tell every registrar
    Change(Alter),
    /// Call work off, and tell every registrar
    Cancel(One),
}

/// A system, how much of it is away, and its host.
#[derive(Clone, Debug)]
struct System(MaintenanceSystem);

impl FromStr for System {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("{text:?}: write it as EPP=full, or EPP=full@epp.registry.example");
        let (name, rest) = text.split_once('=').ok_or_else(form)?;
        let (impact, host) = rest.split_once('@').map_or((rest, None), |(impact, host)| (impact, Some(host)));
        let impact = MaintenanceImpact::parse(impact).ok_or("the impact is none, partial or full")?;
        // `eppcom:labelType`
        let fits =
            |text: &str| !text.trim().is_empty() && text.len() <= 255 && !text.chars().any(char::is_control);
        if !fits(name) || host.is_some_and(|host| !fits(host)) {
            return Err(form());
        }
        Ok(Self(MaintenanceSystem { name: name.to_owned(), host: host.map(str::to_owned), impact }))
    }
}

/// A text in a language.
#[derive(Clone, Debug)]
struct Text(MaintenanceText);

impl FromStr for Text {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (lang, words) = text.split_once('=').ok_or("write it as en=TEXT")?;
        let tag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if !lang.split('-').all(tag) || !lang.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(format!("{lang:?} is no language"));
        }
        if words.trim().is_empty() || words.chars().any(char::is_control) {
            return Err("a text is one line".to_owned());
        }
        Ok(Self(MaintenanceText { lang: lang.to_owned(), text: words.to_owned() }))
    }
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Why {
    Planned,
    Emergency,
}

/// What of it can be said when it is announced and later.
#[derive(Debug, Args)]
struct What {
    /// What it is called
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Of which kind it is
    #[arg(long = "type", value_name = "TEXT")]
    types: Vec<String>,
    /// Whether it could wait
    #[arg(long, value_enum)]
    reason: Option<Why>,
    /// production, ote, staging, dev, or another environment by its name
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// A page with more of it
    #[arg(long, value_name = "URL")]
    detail: Option<String>,
    /// What it is, in a language
    #[arg(long, value_name = "LANG=TEXT")]
    description: Vec<Text>,
    /// A zone it touches; all without it
    #[arg(long, value_name = "ZONE")]
    tld: Vec<String>,
    /// Whether clients have to connect anew
    #[arg(long, value_name = "true|false", requires = "implementation")]
    connection: Option<bool>,
    /// Whether clients have to be changed
    #[arg(long, value_name = "true|false", requires = "connection")]
    implementation: Option<bool>,
}

/// Work to announce.
#[derive(Debug, Args)]
pub struct Add {
    /// When it begins
    #[arg(long, value_name = "WHEN")]
    start: String,
    /// When it ends
    #[arg(long, value_name = "WHEN")]
    end: String,
    /// A system it touches and how much of that is away: EPP=full, EPP=partial@epp.registry.example
    #[arg(long, value_name = "SYSTEM=IMPACT", required = true)]
    system: Vec<System>,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    at: Change,
}

/// Work to change; what is not named stays, and a list that is named takes the place of the one there was.
#[derive(Debug, Args)]
pub struct Alter {
    /// Its number
    id: i64,
    /// When it begins
    #[arg(long, value_name = "WHEN")]
    start: Option<String>,
    /// When it ends
    #[arg(long, value_name = "WHEN")]
    end: Option<String>,
    /// A system it touches and how much of that is away
    #[arg(long, value_name = "SYSTEM=IMPACT")]
    system: Vec<System>,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    at: Change,
}

/// Which work.
#[derive(Debug, Args)]
pub struct One {
    /// Its number
    id: i64,
    #[command(flatten)]
    at: Change,
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

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &MaintenanceCommand) -> anyhow::Result<Report> {
    match command {
        MaintenanceCommand::Add(args) => add(args).await,
        MaintenanceCommand::List(args) => list(args).await,
        MaintenanceCommand::Change(args) => change(args).await,
        MaintenanceCommand::Cancel(args) => cancel(args).await,
    }
}

/// Work with what the operator says of it.
fn said(mut item: Maintenance, systems: &[System], what: &What) -> anyhow::Result<Maintenance> {
    // `xs:token`, as the name and the page are, has no other blanks.
    let token = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(name) = &what.name {
        item.name = Some(token(name)).filter(|name| !name.is_empty());
    }
    if !what.types.is_empty() {
        item.types = what.types.iter().map(token).collect();
    }
    if !systems.is_empty() {
        item.systems = systems.iter().map(|System(system)| system.clone()).collect();
    }
    if let Some(why) = what.reason {
        item.emergency = why == Why::Emergency;
    }
    if let Some(name) = &what.environment {
        item.environment = MaintenanceEnvironment::named(&token(name));
    }
    if let Some(page) = &what.detail {
        if !page.starts_with("http")
            || !page.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&b))
        {
            return Err(hint(
                format!("{page:?} is no page"),
                "write it as https://www.registry.example/notice",
            ));
        }
        item.detail = Some(page.clone());
    }
    if !what.description.is_empty() {
        item.descriptions = what.description.iter().map(|Text(text)| text.clone()).collect();
    }
    if !what.tld.is_empty() {
        let zone = |text: &String| {
            DomainName::parse(text).map_err(|e| hint(format!("{text:?} is no zone"), e.to_string()))
        };
        item.tlds = what.tld.iter().map(zone).collect::<anyhow::Result<_>>()?;
    }
    item.intervention = what.connection.zip(what.implementation).or(item.intervention);
    if item.ends <= item.starts {
        return Err(hint("the work would end before it begins", "name a later --end"));
    }
    Ok(item)
}

fn courtesy(registry: &Registry) -> i64 {
    registry.gate.profile().server.maintenance.courtesy_hours
}

async fn add(args: &Add) -> anyhow::Result<Report> {
    let (starts, ends) = (given::moment(&args.start)?, given::moment(&args.end)?);
    let blank = Maintenance {
        id: String::new(),
        name: None,
        types: Vec::new(),
        systems: Vec::new(),
        environment: MaintenanceEnvironment::Production,
        starts,
        ends,
        emergency: false,
        detail: None,
        descriptions: Vec::new(),
        tlds: Vec::new(),
        intervention: None,
        created: Ts(0),
        updated: None,
    };
    let item = said(blank, &args.system, &args.what)?;
    let registry = args.at.open().await?;
    if item.ends <= registry.now() {
        return Err(hint("that work is over", "name a later --end"));
    }
    let hours = courtesy(&registry);
    let row = registry
        .change("maintenance:add", String::new(), move |cx| {
            let item = item.clone();
            Box::pin(async move {
                zones(cx, &item).await?;
                Ok::<_, Halt>(maintenance::announce(cx, item, hours).await?)
            })
        })
        .await?;
    Ok(told(&registry, &row, "is announced"))
}

/// Zones that are named are zones of this registry.
async fn zones(cx: &mut Cx<'_>, item: &Maintenance) -> Result<(), Halt> {
    for tld in &item.tlds {
        if cx.tx.zone_of(tld).await?.is_none_or(|zone| zone.name != *tld) {
            return fault(format!("there is no zone {tld}"), "`domesday zone list` shows them all");
        }
    }
    Ok(())
}

/// Work that can still be changed.
async fn open(cx: &mut Cx<'_>, id: i64) -> Result<MaintenanceRow, Halt> {
    match cx.tx.maintenance(id).await? {
        None => fault(format!("there is no work {id}"), "`domesday maintenance list` shows it all"),
        Some(row) if row.cancelled_at.is_some() => {
            fault(format!("work {id} is called off"), "announce it anew")
        }
        Some(row) if row.item.ends <= cx.now => fault(format!("work {id} is over"), "announce what is new"),
        Some(row) => Ok(row),
    }
}

async fn change(args: &Alter) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (id, hours) = (args.id, courtesy(&registry));
    let found = registry.look(move |tx| Box::pin(tx.maintenance(id))).await?;
    let Some(before) = found else {
        return Err(hint(format!("there is no work {id}"), "`domesday maintenance list` shows it all"));
    };
    let moment = |text: &Option<String>| text.as_deref().map(given::moment).transpose();
    let mut item = before.item.clone();
    item.starts = moment(&args.start)?.unwrap_or(item.starts);
    item.ends = moment(&args.end)?.unwrap_or(item.ends);
    let item = said(item, &args.system, &args.what)?;
    if item == before.item {
        return Err(hint("nothing is to be changed", "name what is"));
    }
    let row = registry
        .change("maintenance:change", id.to_string(), move |cx| {
            let (item, before) = (item.clone(), before.item.clone());
            Box::pin(async move {
                let row = open(cx, id).await?;
                if row.item != before {
                    return fault(format!("work {id} was changed meanwhile"), "look at it, and try again");
                }
                zones(cx, &item).await?;
                Ok::<_, Halt>(maintenance::change(cx, &MaintenanceRow { item, ..row }, hours).await?)
            })
        })
        .await?;
    Ok(told(&registry, &row, "has changed"))
}

async fn cancel(args: &One) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = args.id;
    let row = registry
        .change("maintenance:cancel", id.to_string(), move |cx| {
            Box::pin(async move {
                let row = open(cx, id).await?;
                Ok::<_, Halt>(maintenance::cancel(cx, row).await?)
            })
        })
        .await?;
    Ok(told(&registry, &row, "is called off"))
}

fn told(registry: &Registry, row: &MaintenanceRow, what: &str) -> Report {
    let (starts, ends) = (row.item.starts, row.item.ends);
    let text =
        registry.done(&format!("Work {} from {starts} to {ends} {what}; every registrar is told.", row.id));
    Report::new(json!({ "dry_run": registry.is_dry(), "id": row.id, "maintenance": row.item }), text)
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (limit, now) = (args.limit, registry.now());
    let rows = registry.look(move |tx| Box::pin(tx.maintenance_list(limit))).await?;
    let state = |row: &MaintenanceRow| match row.cancelled_at {
        Some(_) => "called off",
        None if row.item.ends <= now => "over",
        None if row.item.starts <= now => "under way",
        None => "ahead",
    };
    let systems = |row: &MaintenanceRow| {
        let each = row.item.systems.iter().map(|s| format!("{}={}", s.name, s.impact.name()));
        each.collect::<Vec<_>>().join(" ")
    };
    let cells = rows.iter().map(|row| {
        [
            row.id.to_string(),
            state(row).to_owned(),
            row.item.starts.to_string(),
            row.item.ends.to_string(),
            systems(row),
        ]
    });
    let table = out::table(["work", "state", "start", "end", "systems"], cells);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| json!({ "id": row.id, "state": state(row), "maintenance": row.item }))
        .collect();
    Ok(Report::new(json!({ "maintenance": shown }), table))
}
