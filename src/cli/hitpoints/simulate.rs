//! `domesday hitpoints simulate`: a registrar's log under another profile.
//!
//! The audit trail has every command that could change something, with its code and its reason. It is replayed in
//! order: what the faults would have cost, when the registrar would have been warned and blocked, and which of its
//! later commands a block would have refused. A command that was refused for a block in truth has no outcome of its
//! own, so it costs nothing here. The limit is that of today's portfolio, the domains whose faults cost nothing are those
//! that have the mark today, and nobody lifts a block.

use clap::Args;
use serde_json::{Value, json};

use super::profile;
use crate::cli::given;
use crate::cli::open::{Registry, Where};
use crate::cli::out::{self, Report};
use crate::cli::registrar::unknown;
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::gate::hit::{self, Crossed};
use crate::policy::{CounterReset, HitPolicy};
use crate::store::audit::AuditRow;
use crate::store::hit::HitRow;

/// Rows read at a time.
const BATCH: i64 = 500;
/// Refused commands that are named one by one; the rest is counted.
const NAMED: usize = 100;

/// Whose log, and which rules.
#[derive(Debug, Args)]
pub struct Simulate {
    registrar: String,
    /// The profile to judge by
    #[arg(long, value_name = "NAME")]
    profile: String,
    /// Where to begin: a day, or a moment with its zone
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    #[command(flatten)]
    at: Where,
}

/// What happened on one day of the profile's zone.
#[derive(Clone, Debug, Default, PartialEq)]
struct Day {
    day: i64,
    points: i64,
    limit: i64,
    faults: u64,
    refused: u64,
    events: Vec<(&'static str, Ts, i64)>,
}

/// A replay as far as it came.
#[derive(Debug, Default)]
struct Replay {
    row: HitRow,
    days: Vec<Day>,
    commands: u64,
    refused: Vec<AuditRow>,
    /// What the last faults cost, where points go one day after their fault.
    costs: Vec<(Ts, i64)>,
}

pub(super) async fn run(args: &Simulate) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let of = given::id(&args.registrar)?;
    let from = args.from.as_deref().map(given::moment).transpose()?.unwrap_or(Ts(0));
    let policy = profile(&registry, &args.profile)?;
    let replay = replay(&registry, &of, &policy, from).await?;
    Ok(report(&of, &args.profile, &policy, &replay))
}

async fn replay(
    registry: &Registry,
    of: &RegistrarId,
    policy: &HitPolicy,
    from: Ts,
) -> anyhow::Result<Replay> {
    let (wanted, most) = (of.clone(), policy.limit.domains_that_matter());
    let portfolio = registry
        .look(move |tx| {
            Box::pin(async move {
                if tx.registrar(&wanted).await?.is_none() {
                    return Ok(None);
                }
                tx.hit_portfolio(&wanted, most, Ts(i64::MAX)).await.map(Some)
            })
        })
        .await?;
    let Some(portfolio) = portfolio else { return Err(unknown(of.as_str())) };
    let mut replay = Replay::default();
    let mut after = (Ts(from.0.saturating_sub(1)), i64::MAX);
    loop {
        let (wanted, policy_of) = (of.clone(), policy.clone());
        let (at, id) = after;
        let rows = registry
            .look(move |tx| {
                Box::pin(async move {
                    let mut found = Vec::new();
                    for row in tx.audit_after(wanted.as_str(), at, id, BATCH).await? {
                        let free = lost_race(tx, &policy_of, &row).await?
                            || hit::is_exempt(tx, &policy_of, &row.command, &row.object).await?;
                        found.push((row, free));
                    }
                    Ok(found)
                })
            })
            .await?;
        let Some((last, _)) = rows.last() else { return Ok(replay) };
        after = (last.at, last.id);
        for (row, free) in rows {
            replay.command(policy, portfolio, row, free);
        }
    }
}

/// Whether a name that was taken had been registered by another registrar a moment before.
async fn lost_race(
    tx: &mut crate::store::Tx,
    policy: &HitPolicy,
    row: &AuditRow,
) -> Result<bool, crate::store::StoreError> {
    if policy.race_grace_s == 0 || row.command != "domain:create" || row.code != 2302 {
        return Ok(false);
    }
    let winner = tx.audit_last_create(&row.object, row.at).await?;
    Ok(winner.is_some_and(|won| won.registrar != row.registrar && hit::lost_race(policy, won.at, row.at)))
}

impl Replay {
    fn command(&mut self, policy: &HitPolicy, portfolio: i64, row: AuditRow, free: bool) {
        let now = row.at;
        self.commands += 1;
        self.row = hit::rolled(std::mem::take(&mut self.row), policy, now, portfolio);
        if policy.counter_reset == CounterReset::Rolling {
            self.costs.retain(|(at, _)| *at > now.plus_days(-1));
            self.row.points = self.costs.iter().map(|(_, cost)| cost).sum();
        }
        let (day, limit) = (self.row.day, hit::limit(&self.row));
        if self.days.last().is_none_or(|last| last.day != day) {
            self.days.push(Day { day, limit, ..Day::default() });
        }
        let Some(today) = self.days.last_mut() else { return };
        if !hit::is_scored(policy, &row.command) {
            return;
        }
        if hit::blocked(&self.row, policy, now).is_some() {
            today.refused += 1;
            if policy.block.refused_extends {
                self.row.blocked_until = Some(now.plus_seconds(policy.block.for_s));
            }
            self.refused.push(row);
            return;
        }
        let code = u16::try_from(row.code).unwrap_or(0);
        let cost = if code < 2000 || free || !policy.scores_door(&row.source) {
            0
        } else {
            hit::points(policy, &row.command, code, &row.reason)
        };
        if cost == 0 {
            return;
        }
        self.costs.push((now, cost));
        today.faults += 1;
        today.points += cost;
        for notice in hit::add(&mut self.row, policy, cost, now) {
            let (what, level) = match notice {
                Crossed::Warning { level } => ("warned", level),
                Crossed::Limit { level } => ("reached", level),
            };
            today.events.push((what, now, level));
        }
        if let Some(until) = hit::blocked(&self.row, policy, now) {
            today.events.push(("blocked_until", until, self.row.points));
        }
    }
}

fn report(of: &RegistrarId, name: &str, policy: &HitPolicy, replay: &Replay) -> Report {
    let days: Vec<&Day> = replay.days.iter().filter(|d| d.faults > 0 || d.refused > 0).collect();
    let event = |(what, at, level): &(&str, Ts, i64)| match *what {
        "blocked_until" => format!("blocked until {}", policy.zone.show(*at)),
        what => format!("{what} {level} at {}", policy.zone.show(*at)),
    };
    let rows = days.iter().map(|d| {
        let events = d.events.iter().map(event).collect::<Vec<_>>().join("; ");
        let points = format!("{} of {}", d.points, d.limit);
        [date(d.day), d.faults.to_string(), points, d.refused.to_string(), events]
    });
    let mut text = out::table(["day", "faults", "points", "refused", "events"], rows);
    text.push_str(&format!(
        "\n{} commands replayed under {name}; {} of them would have been refused for a block.",
        replay.commands,
        replay.refused.len()
    ));
    if !policy.enabled {
        text.push_str("\nThis profile scores nothing.");
    }
    let shown: Vec<Value> = days
        .iter()
        .map(|d| {
            json!({
                "day": date(d.day), "faults": d.faults, "points": d.points, "limit": d.limit, "refused": d.refused,
                "events": d.events.iter().map(|(what, at, level)| {
                    json!({ "event": what, "at": policy.zone.show(*at), "points": level })
                }).collect::<Vec<_>>(),
            })
        })
        .collect();
    let refused: Vec<Value> = replay
        .refused
        .iter()
        .take(NAMED)
        .map(|r| {
            json!({
                "at": policy.zone.show(r.at), "command": r.command, "object": r.object, "code": r.code,
                "reference": r.svtrid,
            })
        })
        .collect();
    let document = json!({
        "registrar": of.as_str(), "profile": name, "scored": policy.enabled, "commands": replay.commands,
        "days": shown, "refused": replay.refused.len(), "first_refused": refused,
    });
    Report::new(document, text)
}

fn date(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}
