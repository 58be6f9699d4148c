//! `domesday allow test` and `domesday allow refused`: which addresses get in, and which were turned away.

use std::net::IpAddr;

use clap::Args;
use serde_json::{Value, json};

use super::allow::state;
use super::open::{Registry, Where};
use super::out::{self, Report, hint};
use crate::flow::access;
use crate::policy::{AclMoment, EmptyMeans};
use crate::store::access::AllowEntry;
use crate::store::account::RegistrarRow;

/// An address to try.
#[derive(Debug, Args)]
pub struct Test {
    /// Where a client comes from
    address: String,
    #[command(flatten)]
    at: Where,
}

/// How far back, and how much.
#[derive(Debug, Args)]
pub struct RefusedArgs {
    /// How many hours back
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(i64).range(1..=720))]
    hours: i64,
    /// How many rows at most
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Who lists an address, and which door would let it in.
///
/// # Errors
/// When it is no address.
pub async fn test(args: &Test) -> anyhow::Result<Report> {
    let address = args.address.parse::<IpAddr>().map_err(|_| {
        hint(format!("{:?} is no address", args.address), "write it as 192.0.2.7 or 2001:db8::7")
    })?;
    let address = address.to_canonical();
    let registry = args.at.open().await?;
    let now = registry.now();
    let (holding, registrars) = registry
        .look(move |tx| {
            Box::pin(async move { Ok((tx.allow_holding(address).await?, tx.registrars().await?)) })
        })
        .await?;
    let asked_at_accept = registry.gate.profile().account.epp_acl.check_at.contains(&AclMoment::Accept);
    let listed = holding.iter().any(|entry| access::counts(entry, now));
    let accept = match (asked_at_accept, listed) {
        (false, _) => "open to every address",
        (true, true) => "lets it in",
        (true, false) => "turns it away",
    };
    let mut doors = Vec::new();
    for row in &registrars {
        let lists = holding.iter().any(|entry| entry.registrar == row.id);
        if let Some(shown) = door(&registry, row, lists, address).await? {
            doors.push((row.id.to_string(), shown));
        }
    }
    let entries = holding.iter().map(|e| {
        let end = e.expires_at.map_or_else(|| "for ever".to_owned(), |end| end.to_string());
        [e.registrar.to_string(), e.prefix.to_string(), state(e, now).to_owned(), end, e.note.clone()]
    });
    let listed = out::table(["registrar", "prefix", "state", "until", "note"], entries);
    let logins =
        doors.iter().map(|(id, [login, command])| [id.clone(), (*login).to_owned(), (*command).to_owned()]);
    let logins = out::table(["registrar", "login", "commands of a session"], logins);
    let text = format!("{listed}\nConnections: {accept}.\n\n{logins}");
    let document = json!({
        "address": address.to_string(), "accept": accept,
        "entries": holding.iter().map(|e| entry(e, state(e, now))).collect::<Vec<_>>(),
        "registrars": doors.iter().map(|(id, [login, command])| {
            json!({ "registrar": id, "login": login, "command": command })
        }).collect::<Vec<_>>(),
    });
    Ok(Report::new(document, text))
}

/// What login and command say of the address for a registrar that lists it, or lets everybody in; none for others.
async fn door(
    registry: &Registry,
    row: &RegistrarRow,
    lists: bool,
    address: IpAddr,
) -> anyhow::Result<Option<[&'static str; 2]>> {
    let rules = registry.gate.account_rules(row.profile.as_deref())?;
    let acl = &rules.epp_acl;
    let asks = |moment| acl.check_at.contains(&moment);
    if !lists && asks(AclMoment::Login) && acl.empty_means == EmptyMeans::Deny {
        return Ok(None);
    }
    let (of, now) = (row.id.clone(), registry.now());
    let list = registry.look(move |tx| Box::pin(async move { tx.allow_entries(&of).await })).await?;
    let allowed = access::lets_in(&list, address, acl.empty_means, now);
    let word = |asked, allowed| match (asked, allowed) {
        (false, _) => "not asked",
        (true, true) => "lets it in",
        (true, false) => "turns it away",
    };
    Ok(Some([word(asks(AclMoment::Login), allowed), word(asks(AclMoment::Command), allowed)]))
}

fn entry(entry: &AllowEntry, state: &str) -> Value {
    json!({
        "registrar": entry.registrar.as_str(), "prefix": entry.prefix.to_string(), "state": state,
        "note": entry.note, "expires_at": entry.expires_at.map(|end| end.to_string()),
    })
}

/// The addresses that were turned away.
///
/// # Errors
/// The database's.
pub async fn refused(args: &RefusedArgs) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (since, limit) = (registry.now().plus_seconds(-args.hours * 3600), args.limit);
    let rows = registry.look(move |tx| Box::pin(async move { tx.refused_since(since, limit).await })).await?;
    let cells = rows.iter().map(|r| {
        let (hour, last) = (r.hour.to_string(), r.last_at.to_string());
        [hour, r.address.clone(), r.door.clone(), r.count.to_string(), last]
    });
    let table = out::table(["hour", "address", "door", "times", "last"], cells);
    let shown: Vec<_> = rows
        .iter()
        .map(|r| {
            json!({
                "hour": r.hour.to_string(), "address": r.address, "door": r.door, "count": r.count,
                "last_at": r.last_at.to_string(),
            })
        })
        .collect();
    Ok(Report::new(json!({ "refused": shown }), table))
}
