//! `domesday allow`: the addresses a registrar connects from. A change counts at once, without a restart.

use std::net::IpAddr;

use clap::{Args, Subcommand};
use ipnet::{IpNet, Ipv4Net};
use serde_json::{Value, json};

use super::door;
use super::given;
use super::open::{Change, Halt, Where, fault};
use super::out::{self, Report, hint};
use super::registrar::unknown;
use crate::clock::Ts;
use crate::epp::command::AddressList;
use crate::epp::notice::Notice;
use crate::epp::types::RegistrarId;
use crate::flow::access::{self, Lockout, Unfit};
use crate::gate::Cx;
use crate::policy::{AccountPolicy, AclPolicy, EmptyMeans};
use crate::store::access::AllowEntry;
use crate::store::{PROCESS_GONE_SECONDS, StoreError, Tx};

/// A command on address lists.
#[derive(Debug, Subcommand)]
pub enum AllowCommand {
    /// Let a registrar connect from an address or a prefix
    Add(Add),
    /// Take an address or a prefix off a registrar's list
    Remove(Remove),
    /// List a registrar's addresses
    List(List),
    /// Say who lists an address, and which door would let it in
    Test(door::Test),
    /// List the addresses that were turned away, by the hour
    Refused(door::RefusedArgs),
}

/// A new entry.
#[derive(Debug, Args)]
pub struct Add {
    registrar: String,
    /// An address, or a prefix as 192.0.2.0/24
    prefix: String,
    /// Which list: that of EPP, or of the portal
    #[arg(long, default_value = "epp", value_parser = ["epp", "web"])]
    kind: String,
    /// Until when it counts: a day or a moment
    #[arg(long, value_name = "WHEN")]
    expires: Option<String>,
    /// In your words
    #[arg(long, default_value = "")]
    note: String,
    /// Even if it locks out whoever is logged in, or everybody
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    at: Change,
}

/// An entry to take off.
#[derive(Debug, Args)]
pub struct Remove {
    registrar: String,
    /// The address or prefix as it is listed
    prefix: String,
    /// Which list: that of EPP, or of the portal
    #[arg(long, default_value = "epp", value_parser = ["epp", "web"])]
    kind: String,
    /// Even if it locks out whoever is logged in, or everybody
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    at: Change,
}

/// Whose list.
#[derive(Debug, Args)]
pub struct List {
    registrar: String,
    /// Which list: that of EPP, or of the portal
    #[arg(long, default_value = "epp", value_parser = ["epp", "web"])]
    kind: String,
    #[command(flatten)]
    at: Where,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &AllowCommand) -> anyhow::Result<Report> {
    match command {
        AllowCommand::Add(args) => add(args).await,
        AllowCommand::Remove(args) => remove(args).await,
        AllowCommand::List(args) => list(args).await,
        AllowCommand::Test(args) => door::test(args).await,
        AllowCommand::Refused(args) => door::refused(args).await,
    }
}

async fn add(args: &Add) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let now = registry.now();
    let registrar = given::id(&args.registrar)?;
    let profile = registry.profile_of(&registrar).await?;
    let list = list_of(&args.kind);
    let acl = acl_of(&*registry.gate.account_rules(profile.as_deref())?, list).clone();
    let entry = AllowEntry {
        registrar,
        prefix: fitting(&args.prefix, &acl)?,
        note: args.note.clone(),
        expires_at: args.expires.as_deref().map(given::moment).transpose()?,
        created_at: now,
    };
    if entry.expires_at.is_some_and(|end| end <= now) {
        return Err(hint("the entry would never count", "--expires lies in the past"));
    }
    let (new, force) = (entry.clone(), args.force);
    registry
        .change("allow:add", entry.registrar.to_string(), move |cx| {
            let (entry, acl) = (new.clone(), acl.clone());
            Box::pin(async move {
                if cx.tx.registrar(&entry.registrar).await?.is_none() {
                    return fault(
                        format!("there is no registrar {}", entry.registrar),
                        "`domesday registrar list` shows them all",
                    );
                }
                let before = entries(cx.tx, &entry.registrar, list).await?;
                let new = match list {
                    AddressList::Epp => cx.tx.allow_insert(&entry).await?,
                    AddressList::Web => cx.tx.web_allow_insert(&entry).await?,
                };
                if !new {
                    return fault(
                        format!("{} is listed already", entry.prefix),
                        "to change it, remove it first",
                    );
                }
                let after = entries(cx.tx, &entry.registrar, list).await?;
                if access::is_too_long(&after, &acl, cx.now) {
                    let most = acl.max_entries;
                    return fault(
                        format!("the list of {} would have more than {most} entries", entry.registrar),
                        "remove one, or raise max_entries of account.epp_acl or account.web_acl in the profile",
                    );
                }
                if !force {
                    guard(cx, list, &entry.registrar, [&before, &after], &acl).await?;
                }
                cx.changed(entry.registrar.to_string(), json!({ "allowed": shown(&entry, cx.now) }));
                let (added, by) = (vec![entry.prefix.to_string()], cx.actor.user.clone());
                let removed = Vec::new();
                cx.notify(&entry.registrar, Notice::AccessListChanged { list, added, removed, by });
                Ok(())
            })
        })
        .await?;
    let text = registry.done(&format!("Registrar {} may connect from {}.", entry.registrar, entry.prefix));
    let document = json!({ "dry_run": registry.is_dry(), "registrar": entry.registrar.as_str(), "entry": shown(&entry, now) });
    Ok(Report::new(document, text))
}

async fn remove(args: &Remove) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (registrar, prefix) = (given::id(&args.registrar)?, prefix(&args.prefix)?);
    let (of, force) = (registrar.clone(), args.force);
    let profile = registry.profile_of(&registrar).await?;
    let list = list_of(&args.kind);
    let acl = acl_of(&*registry.gate.account_rules(profile.as_deref())?, list).clone();
    registry
        .change("allow:remove", registrar.to_string(), move |cx| {
            let (of, acl) = (of.clone(), acl.clone());
            Box::pin(async move {
                let before = entries(cx.tx, &of, list).await?;
                let there = match list {
                    AddressList::Epp => cx.tx.allow_delete(&of, prefix).await?,
                    AddressList::Web => cx.tx.web_allow_delete(&of, prefix).await?,
                };
                if !there {
                    return fault(
                        format!("{prefix} is not on the list of {of}"),
                        format!("`domesday allow list {of}` shows it"),
                    );
                }
                let after = entries(cx.tx, &of, list).await?;
                if !force {
                    guard(cx, list, &of, [&before, &after], &acl).await?;
                }
                cx.changed(of.to_string(), json!({ "removed": prefix.to_string() }));
                let (removed, by) = (vec![prefix.to_string()], cx.actor.user.clone());
                let added = Vec::new();
                cx.notify(&of, Notice::AccessListChanged { list, added, removed, by });
                Ok(())
            })
        })
        .await?;
    let text = registry.done(&format!("Registrar {registrar} may no longer connect from {prefix}."));
    let document = json!({ "dry_run": registry.is_dry(), "registrar": registrar.as_str(), "removed": prefix.to_string() });
    Ok(Report::new(document, text))
}

/// The list of that name.
fn list_of(kind: &str) -> AddressList {
    if kind == AddressList::Web.name() { AddressList::Web } else { AddressList::Epp }
}

/// The rules of a list.
fn acl_of(rules: &AccountPolicy, list: AddressList) -> &AclPolicy {
    match list {
        AddressList::Epp => &rules.epp_acl,
        AddressList::Web => &rules.web_acl,
    }
}

async fn entries(tx: &mut Tx, of: &RegistrarId, list: AddressList) -> Result<Vec<AllowEntry>, StoreError> {
    match list {
        AddressList::Epp => tx.allow_entries(of).await,
        AddressList::Web => tx.web_allow_entries(of).await,
    }
}

/// Refuses a change that would keep out whoever is logged in, or everybody.
async fn guard(
    cx: &mut Cx<'_>,
    list: AddressList,
    of: &RegistrarId,
    [before, after]: [&[AllowEntry]; 2],
    acl: &AclPolicy,
) -> Result<(), Halt> {
    let live = match list {
        AddressList::Epp => cx.tx.session_addresses(of, cx.now.plus_seconds(-PROCESS_GONE_SECONDS)).await?,
        AddressList::Web => Vec::new(),
    };
    let advice =
        "say --force if that is what you want; sessions that are open go on unless check_at names `command`";
    match access::lockout(before, after, &live, acl.empty_means, cx.now) {
        None => Ok(()),
        Some(Lockout::Live(out)) => {
            let out: Vec<_> = out.iter().map(ToString::to_string).collect();
            fault(format!("{of} is logged in from {}, and could not log in again", out.join(", ")), advice)
        }
        Some(Lockout::Everybody) => fault(format!("no address could connect for {of} any more"), advice),
    }
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (registrar, now) = (given::id(&args.registrar)?, registry.now());
    let kind = list_of(&args.kind);
    let of = registrar.clone();
    let found = registry
        .look(move |tx| {
            Box::pin(async move {
                let known = tx.registrar(&of).await?.is_some();
                Ok(if known { Some(entries(tx, &of, kind).await?) } else { None })
            })
        })
        .await?;
    let Some(entries) = found else { return Err(unknown(registrar.as_str())) };
    let profile = registry.profile_of(&registrar).await?;
    let empty_means = acl_of(&*registry.gate.account_rules(profile.as_deref())?, kind).empty_means;
    let text = if entries.is_empty() {
        match empty_means {
            EmptyMeans::Allow => "The list is empty: every address may connect.".to_owned(),
            EmptyMeans::Deny => "The list is empty: no address may connect.".to_owned(),
        }
    } else {
        let rows = entries.iter().map(|e| {
            let end = e.expires_at.map_or_else(|| "for ever".to_owned(), |end| end.to_string());
            [e.prefix.to_string(), state(e, now).to_owned(), end, e.note.clone()]
        });
        out::table(["prefix", "state", "until", "note"], rows)
    };
    let shown: Vec<_> = entries.iter().map(|e| shown(e, now)).collect();
    let document = json!({ "registrar": registrar.as_str(), "empty_means": empty_means, "entries": shown });
    Ok(Report::new(document, text))
}

/// An address or a prefix; v4-mapped ones are IPv4, as the transport sees them.
fn prefix(text: &str) -> anyhow::Result<IpNet> {
    let advice = "write an address, or a prefix as 192.0.2.0/24 or 2001:db8::/48";
    let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let net = net.map_err(|_| hint(format!("{text:?} is neither an address nor a prefix"), advice))?;
    if net.trunc() != net {
        let advice = format!("the prefix of that length is {}", net.trunc());
        return Err(hint(format!("{text} names an address inside a prefix"), advice));
    }
    match net {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => match v6.network().to_ipv4_mapped() {
            Some(v4) => Ok(IpNet::V4(Ipv4Net::new(v4, v6.prefix_len() - 96)?)),
            None => Ok(net),
        },
        _ => Ok(net),
    }
}

/// A prefix that the profile's rules let on a list.
fn fitting(text: &str, acl: &AclPolicy) -> anyhow::Result<IpNet> {
    let net = prefix(text)?;
    access::check(net, acl).map(|()| net).map_err(|unfit| {
        let advice = match unfit {
            Unfit::TooWide { shortest, .. } => {
                format!("the profile takes prefixes of /{shortest} and longer")
            }
            Unfit::NotPublic(_) => "the profile has public_only for the list".to_owned(),
        };
        hint(unfit.to_string(), advice)
    })
}

pub(super) fn state(entry: &AllowEntry, now: Ts) -> &'static str {
    if access::counts(entry, now) { "good" } else { "over" }
}

fn shown(entry: &AllowEntry, now: Ts) -> Value {
    json!({
        "prefix": entry.prefix.to_string(), "state": state(entry, now), "note": entry.note,
        "expires_at": entry.expires_at.map(|end| end.to_string()), "created_at": entry.created_at.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_read_as_the_transport_sees_addresses() {
        assert_eq!(prefix("192.0.2.1").unwrap().to_string(), "192.0.2.1/32");
        assert_eq!(prefix("::ffff:192.0.2.0/120").unwrap().to_string(), "192.0.2.0/24");
        assert_eq!(prefix("2001:db8::/48").unwrap().to_string(), "2001:db8::/48");
        assert!(prefix("192.0.2.1/24").is_err() && prefix("here").is_err());
    }
}
