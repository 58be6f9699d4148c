//! `domesday limits`: how much a registrar may ask for in a time, what it used of it, and numbers of its own.

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Registry, Where, fault};
use super::out::{self, Report, hint};
use super::registrar::unknown;
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::gate::{protected, rate};
use crate::policy::{AccountPolicy, RateKey};
use crate::store::rate::{OwnLimit, PROTECTED, Window};

/// A command on limits.
#[derive(Debug, Subcommand)]
pub enum LimitsCommand {
    /// Show a registrar's limits and what it used of them
    Show(Show),
    /// Give a registrar a number of its own, from its next command on
    Set(Set),
    /// Take a registrar's own number away again
    Clear(Clear),
    /// Let a registrar begin its day and its windows anew
    Reset(Reset),
}

/// Whose limits.
#[derive(Debug, Args)]
pub struct Show {
    registrar: String,
    #[command(flatten)]
    at: Where,
}

/// A number of its own.
#[derive(Debug, Args)]
pub struct Set {
    registrar: String,
    /// The name of a rate rule, or `protected`
    limit: String,
    /// How many
    #[arg(value_parser = clap::value_parser!(u32))]
    max: u32,
    #[command(flatten)]
    at: Change,
}

/// Which number to take away.
#[derive(Debug, Args)]
pub struct Clear {
    registrar: String,
    /// The name of a rate rule, or `protected`
    limit: String,
    #[command(flatten)]
    at: Change,
}

/// Whose counters.
#[derive(Debug, Args)]
pub struct Reset {
    registrar: String,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &LimitsCommand) -> anyhow::Result<Report> {
    match command {
        LimitsCommand::Show(args) => show(args).await,
        LimitsCommand::Set(args) => set(args).await,
        LimitsCommand::Clear(args) => clear(args).await,
        LimitsCommand::Reset(args) => reset(args).await,
    }
}

/// A limit as it stands.
struct Limit {
    name: String,
    of: &'static str,
    max: i64,
    own: bool,
    /// Not known for rules that count addresses: a registrar has many.
    used: Option<i64>,
    until: Ts,
}

async fn show(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (registrar, rules) = account(&registry, &args.registrar).await?;
    let (asked, of, now) = (Arc::clone(&rules), registrar.clone(), registry.now());
    let limits = registry
        .look(move |tx| {
            Box::pin(async move {
                let own = tx.own_limits(&of).await?;
                let own = |name: &str| own.iter().find(|limit| limit.rule == name).map(|limit| limit.max);
                let mut limits = Vec::new();
                if asked.protected.enabled {
                    let (day, until) = protected::day(now, &asked.protected)?;
                    let used = Some(tx.protected_used(&of, day).await?);
                    let max = own(PROTECTED).unwrap_or(i64::from(asked.protected.max));
                    let own = own(PROTECTED).is_some();
                    limits.push(Limit { name: PROTECTED.to_owned(), of: "account", max, own, used, until });
                }
                for rule in &asked.rate {
                    let (begins_at, ends_at) = rate::window(rule, now);
                    let max = own(&rule.name).unwrap_or(i64::from(rule.max));
                    let window = Window { rule: rule.name.clone(), key: of.to_string(), begins_at, ends_at };
                    let (of, used) = match rule.key {
                        RateKey::Ip => ("address", None),
                        RateKey::Account => {
                            ("account", Some(max - tx.rate_left(&window, None, max).await?.0))
                        }
                    };
                    let own = own(&rule.name).is_some();
                    limits.push(Limit { name: rule.name.clone(), of, max, own, used, until: ends_at });
                }
                Ok(limits)
            })
        })
        .await?;
    let rows = limits.iter().map(|limit| {
        let whose = if limit.own { "its own" } else { "the profile's" };
        let used = limit.used.map_or_else(|| "by address".to_owned(), |used| used.to_string());
        [
            limit.name.clone(),
            limit.of.to_owned(),
            limit.max.to_string(),
            whose.to_owned(),
            used,
            limit.until.to_string(),
        ]
    });
    let text = out::table(["limit", "of one", "most", "whose number", "used", "until"], rows);
    let shown: Vec<_> = limits.iter().map(shown).collect();
    Ok(Report::new(json!({ "registrar": registrar.as_str(), "limits": shown }), text))
}

fn shown(limit: &Limit) -> Value {
    json!({
        "limit": limit.name, "of": limit.of, "max": limit.max, "own": limit.own, "used": limit.used,
        "until": limit.until.to_string(),
    })
}

async fn set(args: &Set) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (registrar, rules) = account(&registry, &args.registrar).await?;
    let limit = OwnLimit { rule: named(&rules, &args.limit)?, max: i64::from(args.max) };
    let work = (registrar.clone(), limit.clone());
    registry
        .change("limits:set", registrar.to_string(), move |cx| {
            let (registrar, limit) = work.clone();
            Box::pin(async move {
                cx.tx.own_limit_set(&registrar, &limit, cx.now).await?;
                cx.changed(registrar.to_string(), json!({ "limit": limit.rule, "max": limit.max }));
                Ok(())
            })
        })
        .await?;
    let OwnLimit { rule, max } = limit;
    let text = registry.done(&format!("Registrar {registrar} has a number of its own for {rule}: {max}."));
    let document =
        json!({ "dry_run": registry.is_dry(), "registrar": registrar.as_str(), "limit": rule, "max": max });
    Ok(Report::new(document, text))
}

async fn clear(args: &Clear) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (registrar, _) = account(&registry, &args.registrar).await?;
    let work = (registrar.clone(), args.limit.clone());
    registry
        .change("limits:clear", registrar.to_string(), move |cx| {
            let (registrar, limit) = work.clone();
            Box::pin(async move {
                if !cx.tx.own_limit_delete(&registrar, &limit).await? {
                    return fault(
                        format!("{registrar} has no number of its own for {limit:?}"),
                        format!("`domesday limits show {registrar}` shows them"),
                    );
                }
                cx.changed(registrar.to_string(), json!({ "limit": limit, "max": null }));
                Ok(())
            })
        })
        .await?;
    let limit = &args.limit;
    let text = registry.done(&format!("Registrar {registrar} has the profile's number for {limit} again."));
    let document = json!({ "dry_run": registry.is_dry(), "registrar": registrar.as_str(), "limit": limit });
    Ok(Report::new(document, text))
}

async fn reset(args: &Reset) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (registrar, rules) = account(&registry, &args.registrar).await?;
    let work = Arc::new((registrar.clone(), rules));
    let used = registry
        .change("limits:reset", registrar.to_string(), move |cx| {
            let work = Arc::clone(&work);
            Box::pin(async move {
                let (registrar, rules) = &*work;
                let (day, _) = protected::day(cx.now, &rules.protected)?;
                let used = cx.tx.protected_used(registrar, day).await?;
                cx.tx.protected_reset(registrar, day).await?;
                for rule in rules.rate.iter().filter(|rule| rule.key == RateKey::Account) {
                    cx.tx.rate_reset(&rule.name, registrar.as_str()).await?;
                }
                cx.changed(registrar.to_string(), json!({ "reset": { "protected": used } }));
                Ok(used)
            })
        })
        .await?;
    let text = registry.done(&format!("Registrar {registrar} begins anew; it had used {used} today."));
    let document =
        json!({ "dry_run": registry.is_dry(), "registrar": registrar.as_str(), "protected": used });
    Ok(Report::new(document, text))
}

/// A registrar that is there, and the rules it is under.
async fn account(registry: &Registry, id: &str) -> anyhow::Result<(RegistrarId, Arc<AccountPolicy>)> {
    let registrar = given::id(id)?;
    let of = registrar.clone();
    let row = registry.look(move |tx| Box::pin(async move { tx.registrar(&of).await })).await?;
    let Some(row) = row else { return Err(unknown(id)) };
    Ok((registrar, registry.gate.account_rules(row.profile.as_deref())?))
}

/// The name of a limit the account has.
fn named(rules: &AccountPolicy, name: &str) -> anyhow::Result<String> {
    let mut known: Vec<&str> = rules.rate.iter().map(|rule| rule.name.as_str()).collect();
    known.push(PROTECTED);
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    Err(hint(format!("there is no limit {name:?}"), format!("the account has {}", known.join(", "))))
}
