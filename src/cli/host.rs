//! `domesday host`: what the registry holds about a name server, and who administers it.

use clap::{Args, Subcommand};
use serde_json::json;

use super::open::Where;
use super::out::{self, Report, hint};
use crate::epp::types::DomainName;
use crate::store::host::HostRow;
use crate::store::link::HostUser;
use crate::store::ns_admin::{HostBeside, Server};
use crate::store::pending::PendingRow;
use crate::store::{RoidKind, StoreError, Tx, roid_local};

/// A command on hosts.
#[derive(Debug, Subcommand)]
pub enum HostCommand {
    /// Show all that is held about a host
    Show(Show),
}

/// Which host.
#[derive(Debug, Args)]
pub struct Show {
    name: String,
    #[command(flatten)]
    at: Where,
}

/// A host with what belongs to it.
struct Whole {
    host: HostRow,
    beside: HostBeside,
    server: Server,
    above: Option<DomainName>,
    users: Vec<HostUser>,
    waits: Vec<PendingRow>,
}

/// Runs it.
///
/// # Errors
/// When there is no such host.
pub async fn run(command: &HostCommand) -> anyhow::Result<Report> {
    let HostCommand::Show(args) = command;
    let registry = args.at.open().await?;
    let name = DomainName::parse(&args.name)
        .map_err(|e| hint(format!("{:?} is not a host name: {e}", args.name), "write it in A-labels"))?;
    let wanted = name.clone();
    let Some(whole) = registry.look(move |tx| Box::pin(find(tx, wanted))).await? else {
        return Err(hint(
            format!("there is no host {name}"),
            "hosts that are attributes stand with their domain",
        ));
    };
    let roid = format!("{}-{}", roid_local(RoidKind::Host, whole.host.id), registry.gate.names().repository);
    Ok(report(&whole, &roid))
}

async fn find(tx: &mut Tx, name: DomainName) -> Result<Option<Whole>, StoreError> {
    let Some(host) = tx.host_by_name(&name).await? else { return Ok(None) };
    let (beside, server) = (tx.host_beside(host.id).await?, tx.server(host.id).await?);
    let Some((beside, server)) = beside.zip(server) else { return Ok(None) };
    let above = match host.superordinate {
        None => None,
        Some(id) => tx.domain_by_id(id).await?.map(|domain| domain.name),
    };
    let users = tx.domains_using_host(host.id).await?;
    let waits = tx.pending_of(host.id).await?;
    Ok(Some(Whole { host, beside, server, above, users, waits }))
}

fn report(whole: &Whole, roid: &str) -> Report {
    let Whole { host, beside, server, above, users, waits } = whole;
    let admin = beside.admin.as_ref().map(ToString::to_string);
    let run_by = server.run_by().map(ToString::to_string);
    let statuses: Vec<String> = host.statuses.to_text().split_whitespace().map(str::to_owned).collect();
    let addrs: Vec<String> = host.addrs.0.iter().map(ToString::to_string).collect();
    let above = above.as_ref().map(ToString::to_string);
    let document = json!({
        "name": host.name.as_str(), "roid": roid, "registrar": host.registrar.as_str(),
        "management": beside.management.name(), "administrator": admin, "administered_by": run_by,
        "statuses": statuses, "addresses": addrs, "below": above,
        "creator": host.creator.as_str(), "created_at": host.created_at.to_string(),
        "updater": host.updater.as_ref().map(|id| id.as_str()),
        "updated_at": host.updated_at.map(|at| at.to_string()),
        "transferred_at": host.transferred_at.map(|at| at.to_string()),
        "domains": users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(),
        "pending": waits.iter().map(|row| json!({
            "id": row.id.to_string(), "kind": row.kind.name(), "waits_for": row.state.name(),
            "deadline": row.deadline.to_string(),
        })).collect::<Vec<_>>(),
    });
    let mut rows = vec![
        ("host", host.name.to_string()),
        ("roid", roid.to_owned()),
        ("registrar", host.registrar.to_string()),
        ("management", beside.management.name().to_owned()),
    ];
    let by = run_by.unwrap_or_else(|| "the person behind the contact".to_owned());
    rows.push((
        "administrator",
        match admin {
            None => "the registrar".to_owned(),
            Some(id) => format!("{id}, for which {by} acts"),
        },
    ));
    rows.push(("statuses", if statuses.is_empty() { "none set".to_owned() } else { statuses.join(" ") }));
    rows.extend(addrs.into_iter().map(|addr| ("address", addr)));
    rows.extend(above.into_iter().map(|name| ("below", name)));
    rows.push(("created", format!("{} by {}", host.created_at, host.creator)));
    if let (Some(at), Some(by)) = (host.updated_at, &host.updater) {
        rows.push(("changed", format!("{at} by {by}")));
    }
    rows.extend(host.transferred_at.iter().map(|at| ("transferred", at.to_string())));
    rows.extend(waits.iter().map(|row| {
        ("waits", format!("{} for {} until {}", row.kind.name(), row.state.name(), row.deadline))
    }));
    rows.extend(users.iter().map(|user| ("serves", user.name.to_string())));
    Report::new(document, out::list(rows))
}
