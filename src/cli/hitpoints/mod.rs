//! `domesday hitpoints`: how registrars stand with their faulty commands, and what lifts a block.

mod simulate;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Halt, Registry, Where, fault};
use super::out::{self, Report, hint};
use super::registrar::{unknown, yes_or_no};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::gate::hit::{self, NotLifted};
use crate::gate::{Cx, Gate};
use crate::policy::HitPolicy;
use crate::store::hit::HitRow;
use crate::store::{StoreError, Task, Tx};

/// A command on hitpoints.
#[derive(Debug, Subcommand)]
pub enum HitpointsCommand {
    /// Show a registrar's points, limit, block and quota
    Show(Show),
    /// List the faults that cost points and the blocks that were lifted, newest first
    History(History),
    /// Lift a registrar's block
    Unblock(Unblock),
    /// Give a registrar a limit of its own, in the place of its portfolio's
    Limit(Limit),
    /// Replay a registrar's log under another profile and say what would have happened
    Simulate(simulate::Simulate),
}

/// Whose.
#[derive(Debug, Args)]
pub struct Show {
    registrar: String,
    #[command(flatten)]
    at: Where,
}

/// Whose, and how far back.
#[derive(Debug, Args)]
pub struct History {
    registrar: String,
    /// How many of each at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Whose, and on whose account.
#[derive(Debug, Args)]
pub struct Unblock {
    registrar: String,
    /// As the registrar itself does: only from its quota of the calendar month
    #[arg(long = "self")]
    by_self: bool,
    #[command(flatten)]
    at: Change,
}

/// Whose, and which.
#[derive(Debug, Args)]
pub struct Limit {
    registrar: String,
    /// The points; without them the portfolio decides again
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    points: Option<i64>,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &HitpointsCommand) -> anyhow::Result<Report> {
    match command {
        HitpointsCommand::Show(args) => show(args).await,
        HitpointsCommand::History(args) => history(args).await,
        HitpointsCommand::Unblock(args) => unblock(args).await,
        HitpointsCommand::Limit(args) => limit(args).await,
        HitpointsCommand::Simulate(args) => simulate::run(args).await,
    }
}

/// How an account stands at a moment: its row as it counts then, and the rules it counts by.
async fn standing(
    tx: &mut Tx,
    gate: &Gate,
    of: &RegistrarId,
    now: Ts,
) -> Result<Option<(HitRow, HitPolicy)>, StoreError> {
    let Some(registrar) = tx.registrar(of).await? else { return Ok(None) };
    let policy = gate.account_rules(registrar.profile.as_deref())?.hit.clone();
    let row = hit::standing(tx, of, &policy, now).await?;
    Ok(Some((row, policy)))
}

async fn show(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (of, now) = (given::id(&args.registrar)?, registry.now());
    let (gate, wanted) = (registry.gate.clone(), of.clone());
    let found =
        registry.look(move |tx| Box::pin(async move { standing(tx, &gate, &wanted, now).await })).await?;
    let Some((row, policy)) = found else { return Err(unknown(of.as_str())) };
    let until = hit::blocked(&row, &policy, now);
    let time = |at: Ts| policy.zone.show(at);
    let mut lines = vec![
        ("registrar", of.to_string()),
        ("scored", yes_or_no(policy.enabled)),
        ("points", format!("{} of {}", row.points, hit::limit(&row))),
        ("self-unblocks", format!("{} of {} this month", row.unblocks, policy.self_unblocks_per_month)),
        ("blocked", until.map_or_else(|| "no".to_owned(), |until| format!("until {}", time(until)))),
    ];
    if let (Some(_), Some(at)) = (until, row.exceeded_at) {
        lines.push(("exceeded", time(at)));
    }
    let document = json!({ "hitpoints": shown(&of, &row, &policy, now) });
    Ok(Report::new(document, out::list(lines)))
}

fn shown(of: &RegistrarId, row: &HitRow, policy: &HitPolicy, now: Ts) -> Value {
    let until = hit::blocked(row, policy, now);
    json!({
        "registrar": of.as_str(), "scored": policy.enabled, "points": row.points, "limit": hit::limit(row),
        "own_limit": row.limit_override, "blocked": until.is_some(),
        "blocked_until": until.map(|at| policy.zone.show(at)),
        "exceeded_at": row.exceeded_at.filter(|_| until.is_some()).map(|at| policy.zone.show(at)),
        "self_unblocks": row.unblocks, "self_unblocks_allowed": policy.self_unblocks_per_month,
    })
}

async fn history(args: &History) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (of, limit) = (given::id(&args.registrar)?, args.limit);
    let wanted = of.clone();
    let found = registry
        .look(move |tx| {
            Box::pin(async move {
                let Some(registrar) = tx.registrar(&wanted).await? else { return Ok(None) };
                let events = tx.hit_events(&wanted, limit).await?;
                Ok(Some((registrar, events, tx.hit_unblocks(&wanted, limit).await?)))
            })
        })
        .await?;
    let Some((registrar, events, unblocks)) = found else { return Err(unknown(of.as_str())) };
    let zone = &registry.gate.account_rules(registrar.profile.as_deref())?.hit.zone;
    let rows = events.iter().map(|e| {
        let (date, points) = (zone.show(e.at), e.points.to_string());
        [date, e.object.clone(), e.communication.clone(), e.reference.clone(), points, e.source.clone()]
    });
    let mut text = out::table(["date", "object", "communication", "reference", "hitpoints", "source"], rows);
    for lifted in &unblocks {
        let by = by_whom(lifted.by_self);
        text.push_str(&format!(
            "\n{} block lifted by {by} at {} points",
            zone.show(lifted.at),
            lifted.points
        ));
    }
    let events: Vec<_> = events
        .iter()
        .map(|e| {
            json!({
                "date": zone.show(e.at), "object": e.object, "communication": e.communication,
                "reference": e.reference, "hitpoints": e.points, "source": e.source, "code": e.code,
                "reason": e.reason,
            })
        })
        .collect();
    let unblocks: Vec<_> = unblocks
        .iter()
        .map(|u| {
            json!({
                "date": zone.show(u.at), "by": by_whom(u.by_self), "points": u.points,
                "blocked_until": zone.show(u.blocked_until),
            })
        })
        .collect();
    let document = json!({ "registrar": of.as_str(), "events": events, "unblocks": unblocks });
    Ok(Report::new(document, text))
}

fn by_whom(by_self: bool) -> &'static str {
    if by_self { "the registrar" } else { "the operator" }
}

async fn unblock(args: &Unblock) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (of, by_self) = (given::id(&args.registrar)?, args.by_self);
    let (row, policy) = change(&registry, "hitpoints:unblock", &of, move |cx, of, policy| {
        Box::pin(async move {
            match hit::unblock(cx, of, policy, by_self).await? {
                Ok((_, row)) => Ok(Ok(row)),
                Err(NotLifted::NotBlocked) => {
                    Ok(Err(("it is not blocked", "`domesday hitpoints show` says how it stands")))
                }
                Err(NotLifted::QuotaUsed) => Ok(Err((
                    "it has used its unblocks of this month",
                    "the operator lifts the block, without --self, once the cause is found",
                ))),
            }
        })
    })
    .await?;
    let text = registry.done(&format!("The block of {of} is lifted."));
    let document =
        json!({ "dry_run": registry.is_dry(), "hitpoints": shown(&of, &row, &policy, registry.now()) });
    Ok(Report::new(document, text))
}

async fn limit(args: &Limit) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (of, points) = (given::id(&args.registrar)?, args.points);
    let (row, policy) = change(&registry, "hitpoints:limit", &of, move |cx, of, policy| {
        Box::pin(async move {
            let mut row = hit::standing(cx.tx, of, policy, cx.now).await?;
            row.limit_override = points;
            cx.tx.hit_state_put(of, &row).await?;
            Ok(Ok(row))
        })
    })
    .await?;
    let text = registry.done(&format!("The limit of {of} is {}.", hit::limit(&row)));
    let document =
        json!({ "dry_run": registry.is_dry(), "hitpoints": shown(&of, &row, &policy, registry.now()) });
    Ok(Report::new(document, text))
}

/// What a change refuses: what is the case, and what to do.
type Objection = (&'static str, &'static str);

/// Changes an account's row, with its audit row.
async fn change<F>(
    registry: &Registry,
    command: &'static str,
    of: &RegistrarId,
    work: F,
) -> anyhow::Result<(HitRow, HitPolicy)>
where
    F: for<'a, 't> Fn(
            &'a mut Cx<'t>,
            &'a RegistrarId,
            &'a HitPolicy,
        ) -> Task<'a, Result<Result<HitRow, Objection>, StoreError>>
        + Clone
        + Send
        + Sync
        + 'static,
{
    let (gate, wanted) = (registry.gate.clone(), of.clone());
    registry
        .change(command, of.to_string(), move |cx| {
            let (gate, of, work) = (gate.clone(), wanted.clone(), work.clone());
            Box::pin(async move {
                let Some((row, policy)) = standing(cx.tx, &gate, &of, cx.now).await? else {
                    return fault(
                        format!("there is no registrar {of}"),
                        "`domesday registrar list` shows them all",
                    );
                };
                let before = shown(&of, &row, &policy, cx.now);
                let row = match work(cx, &of, &policy).await? {
                    Ok(row) => row,
                    Err((what, advice)) => return fault(format!("registrar {of}: {what}"), advice),
                };
                let after = shown(&of, &row, &policy, cx.now);
                cx.changed(of.to_string(), json!({ "before": before, "after": after }));
                Ok::<_, Halt>((row, policy))
            })
        })
        .await
}

/// The profile of that name.
fn profile(registry: &Registry, name: &str) -> anyhow::Result<HitPolicy> {
    let policies = registry.gate.policies();
    let known = || format!("there are: {}", policies.names().collect::<Vec<_>>().join(", "));
    let rules = policies.account(name).map_err(|e| hint(e.to_string(), known()))?;
    Ok(rules.hit.clone())
}
