//! `domesday zone`: the zones this registry serves and the rules each picks.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::open::{Change, Halt, Registry, Where, fault};
use super::out::{self, Report, hint};
use crate::epp::types::DomainName;
use crate::store::zone::ZoneRow;

/// A command on zones.
#[derive(Debug, Subcommand)]
pub enum ZoneCommand {
    /// Add a zone
    Add(Add),
    /// List the zones
    List(Where),
    /// Change a zone's rules
    Set(Set),
}

/// A new zone.
#[derive(Debug, Args)]
pub struct Add {
    name: String,
    /// The profile whose zone part rules it; the server's without it
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// A rule of its own, as ns.mode=host_attr or period.max_years=5
    #[arg(value_name = "KEY=VALUE")]
    overrides: Vec<String>,
    #[command(flatten)]
    at: Change,
}

/// What to change of a zone.
#[derive(Debug, Args)]
pub struct Set {
    name: String,
    /// The profile whose zone part rules it
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// A rule of its own, as ns.mode=host_attr; KEY= takes it back
    #[arg(value_name = "KEY=VALUE")]
    overrides: Vec<String>,
    /// Let the zone take commands
    #[arg(long, conflicts_with = "disable")]
    enable: bool,
    /// Let the zone take no commands
    #[arg(long)]
    disable: bool,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &ZoneCommand) -> anyhow::Result<Report> {
    match command {
        ZoneCommand::Add(args) => add(args).await,
        ZoneCommand::List(at) => list(&at.open().await?).await,
        ZoneCommand::Set(args) => set(args).await,
    }
}

async fn add(args: &Add) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = zone_name(&args.name)?;
    let now = registry.now();
    let row = ZoneRow {
        name,
        profile: args.profile.clone().unwrap_or_else(|| registry.gate.profile().id.clone()),
        overrides: overridden("", &assignments(&args.overrides)?)?,
        enabled: true,
        created_at: now,
        updated_at: now,
    };
    insert(&registry, row.clone()).await?;
    let text = registry.done(&format!("Zone {} added, ruled by {}.", row.name, row.profile));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "zone": shown(&row) }), text))
}

/// Adds a zone whose rules hold together.
///
/// # Errors
/// When they do not, or the zone is there already.
pub async fn insert(registry: &Registry, row: ZoneRow) -> anyhow::Result<()> {
    registry.gate.policies().zone(&row.profile, &row.overrides)?;
    let object = row.name.to_string();
    registry
        .change("zone:add", object, move |cx| {
            let row = row.clone();
            Box::pin(async move {
                if !cx.tx.zone_insert(&row).await? {
                    return fault(
                        format!("zone {} is there already", row.name),
                        "change it with `domesday zone set`",
                    );
                }
                cx.changed(row.name.to_string(), shown(&row));
                Ok(())
            })
        })
        .await
}

async fn set(args: &Set) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = zone_name(&args.name)?;
    if args.profile.is_none() && args.overrides.is_empty() && !args.enable && !args.disable {
        return Err(hint("nothing to change", "say KEY=VALUE, --profile, --enable or --disable"));
    }
    let (profile, assigned) = (args.profile.clone(), assignments(&args.overrides)?);
    let enabled = if args.enable { Some(true) } else { args.disable.then_some(false) };
    let changed = registry
        .change("zone:set", name.to_string(), move |cx| {
            let (name, profile, assigned) = (name.clone(), profile.clone(), assigned.clone());
            Box::pin(async move {
                let Some(before) = cx.tx.zone_list().await?.into_iter().find(|z| z.name == name) else {
                    return fault(format!("there is no zone {name}"), "`domesday zone list` shows them all");
                };
                let Ok(overrides) = overridden(&before.overrides, &assigned) else {
                    return fault(
                        "the zone's own rules are no TOML",
                        "the database was changed by another program",
                    );
                };
                let after = ZoneRow {
                    profile: profile.unwrap_or_else(|| before.profile.clone()),
                    overrides,
                    enabled: enabled.unwrap_or(before.enabled),
                    updated_at: cx.now,
                    ..before.clone()
                };
                if let Err(e) = cx.policies.zone(&after.profile, &after.overrides) {
                    return fault(e.to_string(), "the keys are those of a profile's [zone] part");
                }
                cx.tx.zone_update(&after).await?;
                cx.changed(name.to_string(), json!({ "before": shown(&before), "after": shown(&after) }));
                Ok::<_, Halt>(after)
            })
        })
        .await?;
    let text = registry.done(&format!("Zone {} changed.", changed.name));
    let text = format!("{text}\n{}", listed(std::slice::from_ref(&changed)));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "zone": shown(&changed) }), text))
}

async fn list(registry: &Registry) -> anyhow::Result<Report> {
    let zones = registry.look(|tx| Box::pin(tx.zone_list())).await?;
    let all: Vec<_> = zones.iter().map(shown).collect();
    Ok(Report::new(json!({ "zones": all }), listed(&zones)))
}

fn listed(zones: &[ZoneRow]) -> String {
    let rows = zones.iter().map(|z| {
        let state = if z.enabled { "yes" } else { "no" };
        let own = z.overrides.trim().replace('\n', ", ");
        [z.name.to_string(), z.profile.clone(), own, state.to_owned(), z.updated_at.to_string()]
    });
    out::table(["zone", "rules", "own rules", "enabled", "changed"], rows)
}

fn shown(zone: &ZoneRow) -> Value {
    json!({
        "name": zone.name.as_str(), "rules": zone.profile, "overrides": zone.overrides, "enabled": zone.enabled,
        "created_at": zone.created_at.to_string(), "updated_at": zone.updated_at.to_string(),
    })
}

/// A zone's name: A-labels, in lower case.
pub fn zone_name(text: &str) -> anyhow::Result<DomainName> {
    DomainName::parse(text)
        .map_err(|e| hint(format!("{text:?} is not a zone's name: {e}"), "write it in A-labels"))
}

/// A key's path and its new value; without one it is taken back.
type Assignment = (Vec<String>, Option<toml::Value>);

/// Reads `KEY=VALUE`. A value is TOML; what is not is a text.
fn assignments(texts: &[String]) -> anyhow::Result<Vec<Assignment>> {
    let one = |text: &String| {
        let Some((key, value)) = text.split_once('=') else {
            return Err(hint(format!("{text:?} sets nothing"), "write it as KEY=VALUE"));
        };
        let path = key.trim().split('.').map(str::to_owned).collect();
        Ok((path, Some(value.trim()).filter(|v| !v.is_empty()).map(parsed)))
    };
    texts.iter().map(one).collect()
}

/// The overrides with the assignments laid in: one dotted key a line.
fn overridden(before: &str, assignments: &[Assignment]) -> Result<String, toml::de::Error> {
    let mut table: toml::Table = before.parse()?;
    for (path, value) in assignments {
        lay_in(&mut table, path, value.clone());
    }
    let mut lines = Vec::new();
    flatten("", &table, &mut lines);
    Ok(lines.concat())
}

fn parsed(text: &str) -> toml::Value {
    let line = format!("value = {text}");
    let value = line.parse::<toml::Table>().ok().and_then(|mut table| table.remove("value"));
    value.unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

fn lay_in(table: &mut toml::Table, path: &[String], value: Option<toml::Value>) {
    match (path, value) {
        ([], _) => {}
        ([key], None) => {
            table.remove(key);
        }
        ([key], Some(value)) => {
            table.insert(key.clone(), value);
        }
        ([key, rest @ ..], value) => {
            let below = table.entry(key).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if !below.is_table() {
                *below = toml::Value::Table(toml::Table::new());
            }
            if let Some(below) = below.as_table_mut() {
                lay_in(below, rest, value);
            }
        }
    }
}

/// Tables become dotted keys, so that the overrides read as they are set.
fn flatten(above: &str, table: &toml::Table, lines: &mut Vec<String>) {
    for (key, value) in table {
        let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let key = if bare { key.clone() } else { toml::Value::String(key.clone()).to_string() };
        let path = if above.is_empty() { key } else { format!("{above}.{key}") };
        match value {
            toml::Value::Table(below) => flatten(&path, below, lines),
            value => lines.push(format!("{path} = {value}\n")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(before: &str, assignments: &[&str]) -> String {
        let texts: Vec<_> = assignments.iter().map(|a| (*a).to_owned()).collect();
        overridden(before, &super::assignments(&texts).unwrap()).unwrap()
    }

    #[test]
    fn rules_are_laid_in_and_taken_back() {
        let one = over("", &["ns.mode=host_attr", "period.max_years=5", "name.reserved=[\"a\"]"]);
        assert_eq!(one, "name.reserved = [\"a\"]\nns.mode = \"host_attr\"\nperiod.max_years = 5\n");
        assert_eq!(
            over(&one, &["ns.mode=", "period.max_years=3"]),
            "name.reserved = [\"a\"]\nperiod.max_years = 3\n"
        );
        assert!(assignments(&["nothing".to_owned()]).is_err());
    }

    #[test]
    fn what_is_laid_in_is_a_zones_rule() {
        let all = crate::policy::Policies::load(&[]).unwrap();
        let rules = over("", &["contacts.roles.admin={ min = 0, max = 1 }", "ns.min=2"]);
        assert_eq!(all.zone("gtld", &rules).unwrap().ns.min, 2);
        assert!(
            all.zone("gtld", &over("", &["ns.mod=host_attr"])).unwrap_err().to_string().contains("`mode`")
        );
    }
}
