//! `domesday domain show`: all that the registry holds about a domain, except its authorization information.

use clap::Args;
use serde_json::json;

use super::unknown;
use crate::cli::open::Where;
use crate::cli::out::{self, Report};
use crate::clock::Ts;
use crate::epp::types::DomainName;
use crate::store::domain::DomainRow;
use crate::store::link::{LinkedContact, NameServer};
use crate::store::mark::MarkRow;
use crate::store::token::TokenRow;
use crate::store::transfer::TransferRow;
use crate::store::{RoidKind, StoreError, Tx, roid_local};

/// Which domain.
#[derive(Debug, Args)]
pub struct Show {
    name: String,
    #[command(flatten)]
    at: Where,
}

/// A domain with what belongs to it.
struct Whole {
    domain: DomainRow,
    contacts: Vec<LinkedContact>,
    name_servers: Vec<NameServer>,
    transfer: Option<TransferRow>,
    marks: Vec<MarkRow>,
    token: Option<TokenRow>,
}

/// Runs it.
///
/// # Errors
/// When there is no such domain.
pub(super) async fn run(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = super::named(&args.name)?;
    let wanted = name.clone();
    let Some(whole) = registry.look(move |tx| Box::pin(find(tx, wanted))).await? else {
        return Err(unknown(&name));
    };
    let roid =
        format!("{}-{}", roid_local(RoidKind::Domain, whole.domain.id), registry.gate.names().repository);
    Ok(report(&whole, &roid))
}

async fn find(tx: &mut Tx, name: DomainName) -> Result<Option<Whole>, StoreError> {
    let Some(domain) = tx.domain_by_name(&name).await? else { return Ok(None) };
    let contacts = tx.domain_contacts(domain.id).await?;
    let name_servers = tx.domain_name_servers(domain.id).await?;
    let transfer = tx.transfer_of(domain.id).await?;
    let marks = tx.marks_of(domain.id).await?;
    let token = tx.token_of(domain.id).await?;
    Ok(Some(Whole { domain, contacts, name_servers, transfer, marks, token }))
}

fn report(whole: &Whole, roid: &str) -> Report {
    let Whole { domain, contacts, name_servers, transfer, marks, token } = whole;
    let time = |at: Option<Ts>| at.map(|at| at.to_string());
    let statuses: Vec<String> = domain.statuses.to_text().split_whitespace().map(str::to_owned).collect();
    let registrant = contacts.iter().find(|c| c.role.is_none()).map(|c| c.handle.to_string());
    let contacts: Vec<(&str, String)> =
        contacts.iter().filter_map(|c| c.role.map(|role| (role.name(), c.handle.to_string()))).collect();
    let servers: Vec<(String, String)> =
        name_servers.iter().map(|ns| (ns.name.to_string(), ns.addrs.to_text())).collect();
    let document = json!({
        "name": domain.name.as_str(), "roid": roid, "zone": domain.zone.as_str(),
        "registrar": domain.registrar.as_str(), "statuses": statuses, "registrant": registrant,
        "contacts": contacts.iter().map(|(role, id)| json!({ "role": role, "id": id })).collect::<Vec<_>>(),
        "name_servers": servers.iter().map(|(name, addrs)| json!({
            "name": name, "addresses": addrs.split_whitespace().collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "creator": domain.creator.as_str(), "created_at": domain.created_at.to_string(),
        "updater": domain.updater.as_ref().map(|id| id.as_str()), "updated_at": time(domain.updated_at),
        "transferred_at": time(domain.transferred_at), "expires_at": domain.expires_at.to_string(),
        "marks": marks.iter().map(|m| json!({
            "mark": m.mark.name(), "detail": m.detail, "since": m.since.to_string(), "until": time(m.until),
        })).collect::<Vec<_>>(),
        "auto_renew": domain.life.auto_renew, "delete_at": time(domain.life.delete_at),
        "published": domain.is_published(), "purge_at": time(domain.purge_at),
        "hold": domain.life.hold.as_ref().map(|hold| json!({
            "cause": hold.cause.name(), "since": hold.since.to_string(), "until": hold.until.to_string(),
            "report_due_at": time(hold.report_due_at),
        })), "auth_info_set": domain.auth.is_some(),
        "transfer": transfer.as_ref().map(|t| json!({
            "status": t.status.name(), "requester": t.requester.as_str(), "requested_at": t.requested_at.to_string(),
            "actor": t.actor.as_str(), "acted_at": t.acted_at.to_string(), "due_at": time(t.due_at),
        })),
        "token": token.as_ref().map(|t| json!({
            "operation": t.operation.name(), "role": t.role.name(), "issuer": t.issuer.as_str(), "mails": t.mails,
            "created_at": t.created_at.to_string(), "expires_at": t.expires_at.to_string(),
            "used_at": time(t.used_at), "retracted_at": time(t.retracted_at),
        })),
    });
    let mut rows = vec![
        ("domain", domain.name.to_string()),
        ("roid", roid.to_owned()),
        ("zone", domain.zone.to_string()),
        ("registrar", domain.registrar.to_string()),
        ("statuses", if statuses.is_empty() { "none set".to_owned() } else { statuses.join(" ") }),
    ];
    rows.extend(registrant.iter().map(|id| ("registrant", id.clone())));
    rows.extend(contacts.iter().map(|(role, id)| (*role, id.clone())));
    rows.extend(
        servers.iter().map(|(name, addrs)| ("name server", format!("{name} {addrs}").trim().to_owned())),
    );
    rows.push(("created", format!("{} by {}", domain.created_at, domain.creator)));
    if let (Some(at), Some(by)) = (domain.updated_at, &domain.updater) {
        rows.push(("changed", format!("{at} by {by}")));
    }
    rows.extend(domain.transferred_at.iter().map(|at| ("transferred", at.to_string())));
    rows.extend(marks.iter().map(|m| {
        let until = m.until.map(|until| format!(", until {until}")).unwrap_or_default();
        let said = format!("{} {}", m.mark.name(), m.detail);
        ("mark", format!("{} since {}{until}", said.trim(), m.since))
    }));
    let renewed = if domain.life.auto_renew { "renewed then" } else { "not renewed" };
    rows.push(("expires", format!("{}, {renewed}", domain.expires_at)));
    rows.extend(domain.life.delete_at.iter().map(|at| ("is deleted", at.to_string())));
    if let Some(hold) = &domain.life.hold {
        rows.push(("on hold", format!("since {} ({}), until {}", hold.since, hold.cause.name(), hold.until)));
        rows.extend(hold.report_due_at.iter().map(|at| ("report due", at.to_string())));
    }
    rows.push(("published", if domain.is_published() { "yes" } else { "no" }.to_owned()));
    rows.extend(domain.purge_at.iter().map(|at| ("is purged", at.to_string())));
    rows.push(("authInfo", if domain.auth.is_some() { "set" } else { "not set" }.to_owned()));
    rows.extend(token.iter().map(|t| ("token", token_told(t))));
    rows.extend(transfer.iter().map(|t| {
        (
            "transfer",
            format!("{} by {}, asked by {} at {}", t.status.name(), t.actor, t.requester, t.requested_at),
        )
    }));
    Report::new(document, out::list(rows))
}

/// A code of the registry's making, without what it says.
fn token_told(token: &TokenRow) -> String {
    let end = match (token.used_at, token.retracted_at) {
        (Some(at), _) => format!("used {at}"),
        (None, Some(at)) => format!("ended {at}"),
        (None, None) => format!("until {}", token.expires_at),
    };
    format!("{}-{} by {}, {end}", token.role.name(), token.operation.name(), token.issuer)
}
