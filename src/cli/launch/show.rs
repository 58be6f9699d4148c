//! Phases and applications, as they are.

use clap::Args;
use serde_json::{Value, json};

use super::{Status, gone, shown};
use crate::cli::open::Where;
use crate::cli::out::{self, Report, hint};
use crate::cli::zone::zone_name;
use crate::epp::types::{ApplicationStatus, DomainName};

/// Which zone.
#[derive(Debug, Args)]
pub struct Phases {
    /// The zone
    zone: String,
    #[command(flatten)]
    at: Where,
}

/// Which applications.
#[derive(Debug, Args)]
pub struct List {
    /// For this name only
    name: Option<String>,
    /// In this status only
    #[arg(long)]
    status: Option<Status>,
    /// How many at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Which application.
#[derive(Debug, Args)]
pub struct Show {
    /// Its identifier
    id: i64,
    #[command(flatten)]
    at: Where,
}

pub(super) async fn phases(args: &Phases) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, now) = (zone_name(&args.zone)?, registry.now());
    let wanted = name.clone();
    let zones = registry.look(|tx| Box::pin(tx.zone_list())).await?;
    let Some(zone) = zones.into_iter().find(|zone| zone.name == wanted) else {
        return Err(hint(format!("there is no zone {name}"), "`domesday zone list` shows them all"));
    };
    let policy = registry.gate.policies().zone(&zone.profile, &zone.overrides)?;
    let mut all = Vec::new();
    let mut rows = Vec::new();
    for phase in &policy.launch.phases {
        let (from, until) = (String::from(phase.from), phase.until.map(String::from));
        let holds = phase.covers(now);
        let models: Vec<_> = phase.models.iter().map(|model| model.name()).collect();
        all.push(json!({ "phase": phase, "holds_now": holds }));
        rows.push([
            phase.phase.name().to_owned(),
            phase.name.clone().unwrap_or_default(),
            from,
            until.unwrap_or_else(|| "open end".to_owned()),
            phase.form.name().to_owned(),
            models.join(", "),
            if phase.claims { "yes" } else { "no" }.to_owned(),
            if holds { "yes" } else { "no" }.to_owned(),
        ]);
    }
    let head = ["phase", "name", "from", "until", "makes", "marks", "claims", "holds now"];
    let text = if rows.is_empty() {
        format!("Zone {name} has no phases: it is open to everybody.")
    } else {
        out::table(head, rows)
    };
    Ok(Report::new(json!({ "zone": name.as_str(), "phases": all }), text))
}

pub(super) async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = args.name.as_deref().map(name_of).transpose()?;
    let (status, limit) = (args.status.map(ApplicationStatus::from), args.limit);
    let rows = registry
        .look(move |tx| {
            Box::pin(async move {
                let Some(name) = &name else { return tx.application_list(status, limit).await };
                let mut all = tx.applications_of(name).await?;
                all.retain(|row| status.is_none_or(|status| row.status.status == status));
                Ok(all)
            })
        })
        .await?;
    let cells = rows.iter().map(|row| {
        let status = row.status.name.clone().unwrap_or_else(|| row.status.status.name().to_owned());
        let (phase, since) = (row.phase.to_string(), row.created_at.to_string());
        [row.id.to_string(), row.name.to_string(), row.registrar.to_string(), phase, status, since]
    });
    let table = out::table(["id", "name", "registrar", "phase", "status", "since"], cells);
    Ok(Report::new(json!({ "applications": rows.iter().map(shown).collect::<Vec<_>>() }), table))
}

/// With everything that was brought for it: whoever looks at it has to see the codes.
pub(super) async fn show(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = args.id;
    let row = registry.look(move |tx| Box::pin(async move { tx.application_by_id(id).await })).await?;
    let Some(row) = row else { return Err(gone(id)) };
    let data: Value = serde_json::from_str(&row.data).unwrap_or(Value::Null);
    let text = out::list([
        ("application", row.id.to_string()),
        ("for", row.name.to_string()),
        ("registrar", row.registrar.to_string()),
        ("phase", row.phase.to_string()),
        ("asked", row.created_at.to_string()),
        ("status", row.status.name.clone().unwrap_or_else(|| row.status.status.name().to_owned())),
        ("why", row.status.note.clone().unwrap_or_default()),
        ("clTRID", row.cltrid.clone().unwrap_or_default()),
        ("svTRID", row.svtrid.clone()),
        ("asks for", serde_json::to_string_pretty(&data).unwrap_or_default()),
    ]);
    let mut document = shown(&row);
    document["data"] = data;
    Ok(Report::new(json!({ "application": document }), text))
}

fn name_of(text: &str) -> anyhow::Result<DomainName> {
    DomainName::parse(text)
        .map_err(|e| hint(format!("{text:?} is not a domain name: {e}"), "write it in A-labels"))
}
