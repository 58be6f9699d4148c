//! `domesday domain hold|lift|violation|..`: what the registry does to a domain. The sponsor is told of it.

use clap::{Args, Subcommand};
use serde_json::json;

use super::grounds::Why;
use crate::cli::given;
use crate::cli::open::{Change, Halt, fault};
use crate::cli::out::{Report, hint};
use crate::clock::Ts;
use crate::flow::domain::by_registry::{self, Order};
use crate::store::mark::Mark;

/// Months a domain has to find another registrar.
const MONTHS_TO_MOVE: i32 = 2;

/// Something the registry does to a domain.
#[derive(Debug, Subcommand)]
pub enum MarkCommand {
    /// Stop updates, transfers and deletion of a domain: a dispute, a court's order
    Hold(Hold),
    /// End a hold
    Lift(One),
    /// Say that a domain violates the terms, and until when that is to end
    Violation(Violation),
    /// The violation is settled
    Settle(One),
    /// Take the place of a domain's name servers; transfers that fail then cost no hitpoints
    RevokeNs(One),
    /// Give a domain its name servers back
    RestoreNs(One),
    /// Put the registry lock on
    Lock(One),
    /// Take the registry lock off, for good or for a while
    Unlock(Unlock),
    /// The contract with its registrar ended: a domain is to find another
    OutOfService(OutOfService),
    /// A domain has found another registrar
    InService(One),
}

/// Which domain.
#[derive(Debug, Args)]
pub struct One {
    name: String,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    at: Change,
}

/// Which domain, and why.
#[derive(Debug, Args)]
pub struct Hold {
    name: String,
    /// What it is about, in a word: dispute, court
    #[arg(long, default_value = "dispute")]
    kind: String,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    at: Change,
}

/// Which domain, which rule, until when.
#[derive(Debug, Args)]
pub struct Violation {
    name: String,
    /// The rule, in your words
    rule: String,
    /// Until when it is to end: a day or a moment
    #[arg(long, value_name = "WHEN")]
    deadline: String,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    at: Change,
}

/// Which domain, until when.
#[derive(Debug, Args)]
pub struct Unlock {
    name: String,
    /// When the lock comes back by itself: a day or a moment
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    at: Change,
}

/// Which domain, until when.
#[derive(Debug, Args)]
pub struct OutOfService {
    name: String,
    /// Until when it can move: a day or a moment; two months without it
    #[arg(long, value_name = "WHEN")]
    deadline: Option<String>,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &MarkCommand) -> anyhow::Result<Report> {
    let set = |mark| Order::Set(mark, String::new(), None);
    match command {
        MarkCommand::Hold(x) => {
            let order = Order::Set(Mark::Hold, x.kind.clone(), None);
            give(&x.name, (&x.at, &x.why), "domain:hold", move |_| Ok(order)).await
        }
        MarkCommand::Lift(x) => {
            give(&x.name, (&x.at, &x.why), "domain:lift", |_| Ok(Order::Clear(Mark::Hold))).await
        }
        MarkCommand::Violation(x) => {
            give(&x.name, (&x.at, &x.why), "domain:violation", |now| {
                let deadline = to_come(&x.deadline, now)?;
                Ok(Order::Set(Mark::Violation, x.rule.clone(), Some(deadline)))
            })
            .await
        }
        MarkCommand::Settle(x) => {
            give(&x.name, (&x.at, &x.why), "domain:settle", |_| Ok(Order::Clear(Mark::Violation))).await
        }
        MarkCommand::RevokeNs(x) => {
            give(&x.name, (&x.at, &x.why), "domain:revoke-ns", |_| Ok(set(Mark::RevokedNs))).await
        }
        MarkCommand::RestoreNs(x) => {
            give(&x.name, (&x.at, &x.why), "domain:restore-ns", |_| Ok(Order::Clear(Mark::RevokedNs))).await
        }
        MarkCommand::Lock(x) => give(&x.name, (&x.at, &x.why), "domain:lock", |_| Ok(set(Mark::Lock))).await,
        MarkCommand::Unlock(x) => {
            give(&x.name, (&x.at, &x.why), "domain:unlock", |now| match &x.until {
                None => Ok(Order::Clear(Mark::Lock)),
                Some(until) => to_come(until, now).map(Order::PauseLock),
            })
            .await
        }
        MarkCommand::OutOfService(x) => {
            give(&x.name, (&x.at, &x.why), "domain:out-of-service", |now| {
                let deadline = match &x.deadline {
                    Some(deadline) => to_come(deadline, now)?,
                    None => now.plus_months(MONTHS_TO_MOVE).unwrap_or(now),
                };
                Ok(Order::Set(Mark::OutOfService, String::new(), Some(deadline)))
            })
            .await
        }
        MarkCommand::InService(x) => {
            give(&x.name, (&x.at, &x.why), "domain:in-service", |_| Ok(Order::Clear(Mark::OutOfService)))
                .await
        }
    }
}

async fn give(
    name: &str,
    (at, why): (&Change, &Why),
    command: &'static str,
    order: impl FnOnce(Ts) -> anyhow::Result<Order>,
) -> anyhow::Result<Report> {
    let registry = at.open().await?;
    let domain = super::named(name)?;
    let work = (domain.clone(), order(registry.now())?, why.grounds());
    registry
        .change(command, domain.to_string(), move |cx| {
            let (domain, order, grounds) = work.clone();
            Box::pin(async move {
                cx.on_grounds(grounds);
                match by_registry::order(cx, &domain, &order).await? {
                    Ok(()) => Ok::<_, Halt>(()),
                    Err(why) => fault(
                        format!("{domain}: {why}"),
                        format!("`domesday domain show {domain}` says how it stands"),
                    ),
                }
            })
        })
        .await?;
    let text = registry.done(&format!("{command} {domain}: done; its registrar is told."));
    Ok(Report::new(
        json!({ "dry_run": registry.is_dry(), "command": command, "domain": domain.as_str() }),
        text,
    ))
}

/// A moment in the future.
fn to_come(text: &str, now: Ts) -> anyhow::Result<Ts> {
    let at = given::moment(text)?;
    if at > now { Ok(at) } else { Err(hint(format!("{text} lies in the past"), "say when it is to be over")) }
}
