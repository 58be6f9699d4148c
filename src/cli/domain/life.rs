//! `domesday domain delete` and `restore`: the registry's own, which need no funds and stop at no status (S142).

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::GONE;
use super::grounds::Case;
use crate::cli::open::{Change, Halt, fault};
use crate::cli::out::Report;
use crate::epp::types::{ChangeOperation, DomainName, DomainStatus};
use crate::flow::domain::{change, hold, verification};
use crate::flow::zone;
use crate::gate::{Cx, Stop};
use crate::store::Task;
use crate::store::domain::DomainRow;
use crate::store::life::HoldCause;

/// Which domain, and why.
#[derive(Debug, Args)]
pub struct Delete {
    name: String,
    /// Why: kept in the audit trail and told to the sponsor
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    case: Case,
    #[command(flatten)]
    at: Change,
}

/// Which domain, and why.
#[derive(Debug, Args)]
pub struct Restore {
    name: String,
    /// Why: kept in the audit trail and told to the sponsor
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    case: Case,
    #[command(flatten)]
    at: Change,
}

/// Which domain.
#[derive(Debug, Args)]
pub struct Verify {
    name: String,
    /// Put it on hold until the identity is proven
    #[arg(long)]
    hold: bool,
    #[command(flatten)]
    at: Change,
}

/// Which domain.
#[derive(Debug, Args)]
pub struct Proven {
    name: String,
    #[command(flatten)]
    at: Change,
}

/// Asks for the identity of a domain's holder.
///
/// # Errors
/// When there is no such domain that is registered, or it is asked for already.
pub(super) async fn verify(args: &Verify) -> anyhow::Result<Report> {
    let (name, held) = (super::named(&args.name)?, args.hold);
    let stands = "`domesday pending show` and `domesday domain show` say how it stands";
    control(&args.at, "domain:verify", name, stands, move |cx, domain| {
        Box::pin(verification::ask(cx, domain, held))
    })
    .await
}

/// Ends the hold of a domain whose holder proved no identity in time.
///
/// # Errors
/// When there is no such domain, or its holder's identity is not missing.
pub(super) async fn proven(args: &Proven) -> anyhow::Result<Report> {
    let name = super::named(&args.name)?;
    let stands = "while it is asked for, `domesday pending accept` is the way";
    control(&args.at, "domain:proven", name, stands, |cx, domain| {
        Box::pin(verification::proven_late(cx, domain))
    })
    .await
}

async fn control<F>(
    at: &Change,
    command: &'static str,
    name: DomainName,
    advice: &'static str,
    work: F,
) -> anyhow::Result<Report>
where
    F: for<'a, 't> Fn(&'a mut Cx<'t>, DomainRow) -> Task<'a, Result<bool, Stop>> + Send + Sync + 'static,
{
    let registry = at.open().await?;
    let (wanted, work) = (name.clone(), Arc::new(work));
    registry
        .change(command, name.to_string(), move |cx| {
            let (name, work) = (wanted.clone(), Arc::clone(&work));
            Box::pin(async move {
                let Some(domain) = cx.tx.domain_by_name(&name).await? else {
                    return fault(format!("there is no domain {name}"), GONE);
                };
                if domain.statuses.has(DomainStatus::PendingCreate) {
                    return fault(
                        format!("{name} is not registered yet"),
                        format!("`domesday pending complete {name} --risk BLUE` registers it so"),
                    );
                }
                match work(cx, domain).await? {
                    true => Ok::<_, Halt>(()),
                    false => fault(format!("{name}: there is nothing to do"), advice),
                }
            })
        })
        .await?;
    let document = json!({ "dry_run": registry.is_dry(), "command": command, "domain": name.as_str() });
    Ok(Report::new(document, registry.done(&format!("{command} {name}: done; its registrar is told."))))
}

/// Puts a domain on hold.
///
/// # Errors
/// When there is none of that name, it is not registered yet, or it is on hold already.
pub(super) async fn delete(args: &Delete) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (name, reason) = (super::named(&args.name)?, args.reason.clone());
    let (wanted, why) = (name.clone(), args.case.grounds(&args.reason));
    let purge_at = registry
        .change("domain:delete", name.to_string(), move |cx| {
            let (name, reason, grounds) = (wanted.clone(), reason.clone(), why.clone());
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
                cx.on_grounds(grounds);
                let begun = change::begin(cx, &domain, ChangeOperation::Delete, None).await?;
                hold::begin(cx, &mut domain, &zone.policy, HoldCause::Registry).await?;
                hold::tell_by_registry(cx, &domain, &reason);
                change::end(cx, begun, &domain).await?;
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
    let (wanted, why) = (name.clone(), args.case.grounds(&args.reason));
    let expires_at = registry
        .change("domain:restore", name.to_string(), move |cx| {
            let (name, reason, grounds) = (wanted.clone(), reason.clone(), why.clone());
            Box::pin(async move {
                let Some(mut domain) = cx.tx.domain_by_name(&name).await? else {
                    return fault(format!("there is no domain {name}"), GONE);
                };
                if domain.life.hold.is_none() {
                    return fault(format!("{name} is not on hold"), "there is nothing to bring back");
                }
                let zone = zone::registered_in(cx, &name).await?;
                cx.on_grounds(grounds);
                let begun = change::begin(cx, &domain, ChangeOperation::Restore, Some("report")).await?;
                // A delete that was answered with 1001 ends with its own message.
                let answered = domain.delete_svtrid.is_some();
                hold::lift(cx, &mut domain, &zone.policy).await?;
                if !answered {
                    hold::tell_brought_back(cx, &domain).await?;
                }
                change::end(cx, begun, &domain).await?;
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
