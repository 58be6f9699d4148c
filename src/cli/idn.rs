//! `domesday idn`: the tables internationalised labels are taken by, what they say of a label, and the variants of names.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::open::{Change, Registry, Where, fault};
use super::out::{self, Report, hint};
use super::policy::Profiles;
use crate::epp::types::DomainName;
use crate::flow::domain::{label, variants};
use crate::flow::zone::{self, Zone};
use crate::gate::Ended;
use crate::policy::idn::{ZoneTables, idna2008};
use crate::store::variant::Indexed;

/// A command on internationalised names.
#[derive(Debug, Subcommand)]
pub enum IdnCommand {
    /// List every table: those built in, and the files TAG.xml beside your own profiles
    Tables(Profiles),
    /// Say what IDNA2008 and tables make of a label, without a registry
    Check(Check),
    /// Show the variants of a name, and who has them
    Variants(Name),
    /// Index the domains of a zone by its tables now; a running server does so by itself
    Reindex(Zones),
}

/// Which label, by which tables.
#[derive(Debug, Args)]
pub struct Check {
    /// As people read it, or its A-label
    label: String,
    /// A table; several in the order they are asked. Without it those of the profile
    #[arg(long = "table", value_name = "TAG", conflicts_with = "profile")]
    tables: Vec<String>,
    /// The profile whose zone part names the tables; the server's without it
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    profiles: Profiles,
}

/// Which name.
#[derive(Debug, Args)]
pub struct Name {
    /// Registered or not, as people read it or in A-labels
    name: String,
    #[command(flatten)]
    at: Where,
}

/// Which zone.
#[derive(Debug, Args)]
pub struct Zones {
    zone: String,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &IdnCommand) -> anyhow::Result<Report> {
    match command {
        IdnCommand::Tables(profiles) => tables(profiles),
        IdnCommand::Check(args) => check(args),
        IdnCommand::Variants(args) => of_name(args).await,
        IdnCommand::Reindex(args) => reindex(args).await,
    }
}

fn tables(profiles: &Profiles) -> anyhow::Result<Report> {
    let (policies, _) = profiles.read()?;
    let all: Vec<_> = policies.tables().iter().collect();
    let rows = all.iter().map(|(tag, table)| {
        let meta = &table.meta;
        let counts = [table.size(), table.mappings(), table.rule_count()].map(|n| n.to_string());
        let [points, mappings, rules] = counts;
        [
            (*tag).to_owned(),
            meta.languages.join(" "),
            meta.version.clone(),
            meta.date.clone(),
            points,
            mappings,
            rules,
        ]
    });
    let text = out::table(["table", "for", "version", "date", "code points", "variants", "rules"], rows);
    let shown: Vec<Value> = all
        .iter()
        .map(|(tag, table)| {
            let meta = &table.meta;
            let scopes: Vec<_> =
                meta.scopes.iter().map(|(kind, name)| json!({ "type": kind, "name": name })).collect();
            json!({
                "table": tag, "languages": meta.languages, "version": meta.version, "date": meta.date,
                "scopes": scopes, "valid_from": meta.from, "valid_until": meta.until, "unicode": meta.unicode,
                "description": meta.description, "code_points": table.size(), "variants": table.mappings(),
                "rules": table.rule_count(),
            })
        })
        .collect();
    Ok(Report::new(json!({ "tables": shown }), text))
}

/// The label as people read it, whichever form was given.
fn as_read(text: &str) -> anyhow::Result<String> {
    let text = text.to_lowercase();
    if !text.starts_with("xn--") {
        return Ok(text);
    }
    let (read, fault) = idna::domain_to_unicode(&text);
    let back = idna::domain_to_ascii_strict(&read);
    if fault.is_err() || read.is_ascii() || back.as_deref().ok() != Some(text.as_str()) {
        return Err(hint(format!("{text:?} is not an A-label"), "give the label as people read it"));
    }
    Ok(read)
}

fn check(args: &Check) -> anyhow::Result<Report> {
    let (policies, servers) = args.profiles.read()?;
    let label = as_read(&args.label)?;
    let tables: ZoneTables = if args.tables.is_empty() {
        let profile = policies.profile(args.profile.as_deref().unwrap_or(&servers))?;
        (*profile.zone.idn.read).clone()
    } else {
        policies
            .tables()
            .of_zone(&args.tables)
            .map_err(|why| hint(why, "`domesday idn tables` lists them"))?
    };
    let day: String = crate::clock::Clock::system().now().to_string().chars().take(10).collect();
    let form = idna2008::check(&label, false).map_err(|fault| fault.to_string());
    let chosen = if label.is_ascii() { Ok(None) } else { tables.choose(&label, &day).map(Some) };
    let good = form.is_ok() && chosen.is_ok();
    let verdict = match (&form, &chosen) {
        (Err(why), _) => format!("{label} is no label: {why}."),
        (_, Err(why)) => format!("{label} is a label, but {why}."),
        (_, Ok(None)) => format!("{label} is a label and needs no table."),
        (_, Ok(Some(tag))) => format!("{label} is a label of the table {tag}."),
    };
    let a_label = idna::domain_to_ascii_strict(&label).ok();
    let index = tables.variants().index(&label);
    let variants = match (&form, &chosen) {
        (Ok(()), Ok(tag)) => tables.variants_of(&label, *tag).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut text = verdict.clone();
    if let Some(a_label) = a_label.as_ref().filter(|a| **a != label) {
        text.push_str(&format!("\nA-label {a_label}"));
    }
    if let Some(index) = index.as_ref().filter(|index| **index != label) {
        text.push_str(&format!("\nindex   {index}"));
    }
    if !variants.is_empty() {
        let rows = variants.iter().map(|v| [v.label.clone(), v.disposition.to_string()]);
        text.push_str(&format!("\n{}", out::table(["variant", "disposition"], rows)));
    }
    let shown: Vec<Value> = variants
        .iter()
        .map(|v| json!({ "label": v.label, "disposition": v.disposition.to_string() }))
        .collect();
    let document = json!({
        "label": label, "a_label": a_label, "good": good, "verdict": verdict, "idna2008": form.err(),
        "table": chosen.as_ref().ok().copied().flatten(), "why_not": chosen.as_ref().err(), "index": index,
        "variants": shown,
    });
    Ok(Report::new(document, text))
}

/// What is known of a name's variants.
struct Known {
    label: label::Label,
    /// Variants by the table: label, disposition, name.
    listed: Vec<(String, String, Option<DomainName>)>,
    held: Option<Vec<Indexed>>,
    bundled: Vec<String>,
}

async fn of_name(args: &Name) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let ascii = idna::domain_to_ascii_strict(&args.name.to_lowercase()).unwrap_or_else(|_| args.name.clone());
    let name = DomainName::parse(&ascii)
        .map_err(|e| hint(format!("{:?} is not a domain name: {e}", args.name), "write it with its zone"))?;
    let wanted = name.clone();
    let known = registry
        .gate
        .run_registry("cli", "idn:variants", name.to_string(), move |cx| {
            let name = wanted.clone();
            Box::pin(async move {
                let Some(zone) = zone::even_off(cx, &name).await? else { return Ok(Ended::Undo(None)) };
                let label = match label::admit(&zone, &name, cx.now) {
                    Ok(label) => label,
                    Err(refusal) => return Ok(Ended::Undo(Some(Err(refusal.text())))),
                };
                let held = variants::held(cx, &zone, &label).await?;
                let own = held.iter().flatten().find(|row| row.name == name);
                let bundled = match own {
                    Some(own) => cx.tx.variants_bundled(own.id).await?,
                    None => Vec::new(),
                };
                let listed = listed(&zone, &label);
                Ok(Ended::Undo(Some(Ok(Known { label, listed, held, bundled }))))
            })
        })
        .await?;
    match known {
        None => Err(hint(
            format!("{name} is in no zone of this registry"),
            "`domesday zone list` shows the zones",
        )),
        Some(Err(why)) => Err(hint(format!("{name}: {why}"), "`domesday idn check` says more about a label")),
        Some(Ok(known)) => Ok(shown(&name, &known)),
    }
}

fn listed(zone: &Zone, label: &label::Label) -> Vec<(String, String, Option<DomainName>)> {
    let variants = zone.policy.idn.read.variants_of(&label.read, label.table.as_deref()).unwrap_or_default();
    let listed = variants.into_iter().map(|v| {
        let name = label::written(&v.label, zone);
        (v.label, v.disposition.to_string(), name)
    });
    listed.collect()
}

fn shown(name: &DomainName, known: &Known) -> Report {
    let held: &[Indexed] = known.held.as_deref().unwrap_or(&[]);
    let holder = |name: Option<&DomainName>| {
        held.iter().find(|row| Some(&row.name) == name).map(|row| row.registrar.to_string())
    };
    let comes =
        |name: Option<&DomainName>| name.is_some_and(|name| known.bundled.iter().any(|b| b == name.as_str()));
    let state = |name: Option<&DomainName>| match holder(name) {
        Some(registrar) => format!("registered by {registrar}"),
        None if comes(name) => "comes with it".to_owned(),
        None => "-".to_owned(),
    };
    let mut text = format!("{name} ({})", known.label.read);
    text.push_str(&format!("\ntable   {}", known.label.table.as_deref().unwrap_or("-")));
    text.push_str(&format!(
        "\nindex   {}",
        known.label.index.as_deref().unwrap_or("- (nothing in it has a variant)")
    ));
    text.push_str(&format!("\nitself  {}", state(Some(name))));
    if known.held.is_none() {
        text.push_str("\nThe zone is being indexed; who has variants is not known yet.");
    }
    let wire = |name: Option<&DomainName>| name.map_or_else(|| "-".to_owned(), ToString::to_string);
    let rows: Vec<[String; 4]> = known
        .listed
        .iter()
        .map(|(label, disposition, name)| {
            [label.clone(), wire(name.as_ref()), disposition.clone(), state(name.as_ref())]
        })
        .collect();
    let document = json!({
        "name": name.as_str(), "label": known.label.read, "table": known.label.table, "index": known.label.index,
        "indexed": known.held.is_some(), "bundled": known.bundled,
        "registered": held.iter().map(|row| json!({
            "name": row.name.as_str(), "registrar": row.registrar.as_str(), "created_at": row.created_at.to_string(),
        })).collect::<Vec<_>>(),
        "variants": known.listed.iter().map(|(label, disposition, name)| json!({
            "label": label, "name": name.as_ref().map(DomainName::as_str), "disposition": disposition,
            "registrar": holder(name.as_ref()), "bundled": comes(name.as_ref()),
        })).collect::<Vec<_>>(),
    });
    if !rows.is_empty() {
        text.push_str(&format!("\n{}", out::table(["variant", "name", "disposition", "state"], rows)));
    }
    Report::new(document, text)
}

async fn reindex(args: &Zones) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = DomainName::parse(&args.zone)
        .map_err(|e| hint(format!("{:?} is not a zone: {e}", args.zone), "write it in A-labels"))?;
    let mut looked_at = 0;
    while let Some(some) = step(&registry, &name).await? {
        looked_at += some;
        if registry.is_dry() {
            break;
        }
    }
    let text = registry.done(&match looked_at {
        0 => format!("The domains of {name} are indexed by its tables."),
        _ => format!("{looked_at} domains looked at; those of {name} are indexed by its tables."),
    });
    Ok(Report::new(
        json!({ "dry_run": registry.is_dry(), "zone": name.as_str(), "looked_at": looked_at }),
        text,
    ))
}

async fn step(registry: &Registry, name: &DomainName) -> anyhow::Result<Option<usize>> {
    let wanted = name.clone();
    registry
        .change("idn:reindex", name.to_string(), move |cx| {
            let name = wanted.clone();
            Box::pin(async move {
                match zone::even_off(cx, &name).await? {
                    Some(zone) if zone.name == name => Ok(variants::index_some(cx, &zone).await?),
                    _ => fault(format!("there is no zone {name}"), "`domesday zone list` shows them all"),
                }
            })
        })
        .await
}
