//! `domesday domain delete` and `restore`: the registry's own, which need no funds and stop at no status (S142).

use clap::Args;
use serde_json::json;

use super::GONE;
use crate::cli::open::{Change, Halt, fault};
use crate::cli::out::Report;
use crate::epp::types::DomainStatus;
use crate::flow::{domain::hold, zone};
use crate::store::life::HoldCause;

/// Which domain, and why.
#[derive(Debug, Args)]
pub struct Delete {
    name: String,
    /// Why: kept in the audit trail and told to the sponsor
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    at: Change,
}

/// Which domain, and why.
#[derive(Debug, Args)]
pub struct Restore {
    name: String,
    /// Why: kept in the audit trail
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    at: Change,
}

/// Puts a domain on hold.
///
/// # Errors
/// When there is none of that name, it is not registered yet, or it is on hold already.
pub(super) async fn delete(args: &Delete) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, reason) = (super::named(&args.name)?, args.reason.clone());
    let wanted = name.clone();
    let purge_at = registry
        .change("domain:delete", name.to_string(), move |cx| {
            let (name, reason) = (wanted.clone(), reason.clone());
            Box::pin(async move {
                let Some(mut domain) = cx.tx.domain_by_name(&name).await? else {
                    return fault(format!("there is no domain {name}"), GONE);
                };
                if let Some(held) = &domain.life.hold {
                    return fault(
                        format!("{name} is on hold since {}", held.since),
                        "`domesday domain show` says until when",
                    );
                }
                if domain.statuses.has(DomainStatus::PendingCreate) {
                    return fault(
                        format!("{name} is not registered yet"),
                        format!("`domesday pending cancel {name}` takes the registration back"),
                    );
                }
                let zone = zone::registered_in(cx, &name).await?;
                hold::begin(cx, &mut domain, &zone.policy, HoldCause::Registry).await?;
                hold::tell_by_registry(cx, &domain, &reason);
                cx.changed("reason", json!(reason));
                Ok::<_, Halt>(domain.purge_at)
            })
        })
        .await?;
    let purge_at = purge_at.map(|at| at.to_string());
    let text = format!("{name} is on hold and is purged at {}.", purge_at.as_deref().unwrap_or("no time"));
    let document = json!({ "dry_run": registry.is_dry(), "name": name.as_str(), "purge_at": purge_at });
    Ok(Report::new(document, registry.done(&text)))
}

/// Takes a domain off hold.
///
/// # Errors
/// When there is none of that name, or it is not on hold.
pub(super) async fn restore(args: &Restore) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, reason) = (super::named(&args.name)?, args.reason.clone());
    let wanted = name.clone();
    let expires_at = registry
        .change("domain:restore", name.to_string(), move |cx| {
            let (name, reason) = (wanted.clone(), reason.clone());
            Box::pin(async move {
                let Some(mut domain) = cx.tx.domain_by_name(&name).await? else {
                    return fault(format!("there is no domain {name}"), GONE);
                };
                if domain.life.hold.is_none() {
                    return fault(format!("{name} is not on hold"), "there is nothing to bring back");
                }
                let zone = zone::registered_in(cx, &name).await?;
                hold::lift(cx, &mut domain, &zone.policy).await?;
                cx.changed("reason", json!(reason));
                Ok::<_, Halt>(domain.expires_at)
            })
        })
        .await?;
    let text = format!("{name} is registered again; its registration ends at {expires_at}.");
    let document =
        json!({ "dry_run": registry.is_dry(), "name": name.as_str(), "expires_at": expires_at.to_string() });
    Ok(Report::new(document, registry.done(&text)))
}
