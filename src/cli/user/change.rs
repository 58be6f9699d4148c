//! Users added, changed and deleted.

use std::str::FromStr;

use clap::Args;
use serde_json::json;

use super::{One, check, insert, shown};
use crate::cli::given::{self, NewPassword};
use crate::cli::open::{Change, Halt, fault};
use crate::cli::out::{Report, hint};
use crate::epp::notice::Notice;
use crate::policy::{Roles, Service};
use crate::store::account::UserRow;

/// A new user.
#[derive(Debug, Args)]
pub struct Add {
    /// The login name: 3 to 16 characters
    id: String,
    /// The account it acts for
    #[arg(long, value_name = "ID")]
    registrar: String,
    #[command(flatten)]
    duties: Duties,
    #[command(flatten)]
    password: NewPassword,
    #[command(flatten)]
    at: Change,
}

/// What to change of a user.
#[derive(Debug, Args)]
pub struct Set {
    id: String,
    #[command(flatten)]
    duties: Duties,
    #[command(flatten)]
    at: Change,
}

/// Where a user logs in, and what it may do there.
#[derive(Debug, Args)]
struct Duties {
    /// The one service it logs in to: epp, das or dsu; a new user's is epp
    #[arg(long, value_parser = service)]
    service: Option<Service>,
    /// Its meta-roles: registrar, proxy, payer, name_server_administrator with commas between them, `all` or `none`;
    /// a new user has all
    #[arg(long)]
    roles: Option<Wanted>,
}

/// Meta-roles as the command line says them.
#[derive(Clone, Debug)]
struct Wanted(Roles);

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(Roles::all())),
            "none" => Ok(Self(Roles::default())),
            _ => Roles::parse(text).map(Self).map_err(|name| format!("there is no meta-role {name:?}")),
        }
    }
}

fn service(text: &str) -> Result<Service, String> {
    Service::parse(text).ok_or_else(|| "say epp, das or dsu".to_owned())
}

/// Whose password.
#[derive(Debug, Args)]
pub struct SetPassword {
    id: String,
    /// For the portal, by its own rules, not for EPP
    #[arg(long)]
    web: bool,
    #[command(flatten)]
    password: NewPassword,
    #[command(flatten)]
    at: Change,
}

pub(super) async fn add(args: &Add) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (id, of, now) = (given::id(&args.id)?, given::id(&args.registrar)?, registry.now());
    let service = args.duties.service.unwrap_or(Service::Epp);
    let roles = args.duties.roles.clone().map_or_else(Roles::all, |wanted| wanted.0);
    let row = UserRow { service, roles, ..UserRow::new(id.clone(), of.clone(), now) };
    let profile = registry.profile_of(&of).await?;
    let password = args.password.hashed(&registry.gate, &id, profile.as_deref()).await?;
    let (new, hash) = (row.clone(), password.hash);
    let identity = registry.gate.account_rules(profile.as_deref())?.identity.clone();
    registry
        .change("user:add", id.to_string(), move |cx| {
            let (row, hash, identity) = (new.clone(), hash.clone(), identity.clone());
            Box::pin(async move {
                if cx.tx.registrar(&row.registrar).await?.is_none() {
                    return fault(
                        format!("there is no registrar {}", row.registrar),
                        "`domesday registrar list` shows them all",
                    );
                }
                check(cx, &row, &identity).await?;
                insert(cx, &row, &hash).await
            })
        })
        .await?;
    let mut text = registry.done(&format!("User {id} of registrar {of} added."));
    if let Some(password) = &password.made {
        text.push_str(&format!("\nPassword: {}", **password));
    }
    let password = password.made.as_ref().map(|p| p.as_str());
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "user": shown(&row), "password": password }), text))
}

pub(super) async fn set_password(args: &SetPassword) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let profile = registry.profile_of_user(&id).await?;
    let web = args.web;
    let password = match web {
        false => args.password.hashed(&registry.gate, &id, profile.as_deref()).await?,
        true => args.password.hashed_for_web(&registry.gate, &id, profile.as_deref()).await?,
    };
    let (wanted, hash) = (id.clone(), password.hash);
    registry
        .change("user:set-password", id.to_string(), move |cx| {
            let (id, hash) = (wanted.clone(), hash.clone());
            Box::pin(async move {
                let user = cx.tx.user(&id).await?;
                let Some(user) = user.filter(|user| user.deleted_at.is_none()) else {
                    return fault(format!("there is no user {id}"), "`domesday user list` shows them all");
                };
                let which = if web { "web_password" } else { "password" };
                match web {
                    false => cx.tx.user_password(&id, &hash, cx.now).await?,
                    true => cx.tx.user_web_password(&id, &hash, cx.now).await?,
                };
                cx.changed(id.to_string(), json!({ which: "changed" }));
                if !web && user.service == Service::Epp {
                    let by = cx.actor.user.clone();
                    cx.notify(&user.registrar, Notice::EppPasswordChanged { user: id, by });
                }
                Ok(())
            })
        })
        .await?;
    let mut text = registry.done(&format!("User {id} has a new password."));
    if let Some(password) = &password.made {
        text.push_str(&format!("\nPassword: {}", **password));
    }
    let password = password.made.as_ref().map(|p| p.as_str());
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "user": id.as_str(), "password": password }), text))
}

pub(super) async fn enabled(args: &One, enabled: bool) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let wanted = id.clone();
    let command = if enabled { "user:enable" } else { "user:disable" };
    registry
        .change(command, id.to_string(), move |cx| {
            let id = wanted.clone();
            Box::pin(async move {
                if !cx.tx.user_enabled(&id, enabled, cx.now).await? {
                    return fault(format!("there is no user {id}"), "`domesday user list` shows them all");
                }
                cx.changed(id.to_string(), json!({ "enabled": enabled }));
                Ok(())
            })
        })
        .await?;
    let text = registry.done(&format!("User {id} can {}log in.", if enabled { "" } else { "no longer " }));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "user": id.as_str(), "enabled": enabled }), text))
}

pub(super) async fn set(args: &Set) -> anyhow::Result<Report> {
    if args.duties.service.is_none() && args.duties.roles.is_none() {
        return Err(hint("nothing to change", "say --service or --roles"));
    }
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let (wanted, service, roles) = (id.clone(), args.duties.service, args.duties.roles.clone());
    let profile = registry.profile_of_user(&id).await?;
    let identity = registry.gate.account_rules(profile.as_deref())?.identity.clone();
    let row = registry
        .change("user:set", id.to_string(), move |cx| {
            let (id, roles, identity) = (wanted.clone(), roles.clone(), identity.clone());
            Box::pin(async move {
                let Some(before) = cx.tx.user(&id).await?.filter(|user| user.deleted_at.is_none()) else {
                    return fault(format!("there is no user {id}"), "`domesday user list` shows them all");
                };
                let after = UserRow {
                    service: service.unwrap_or(before.service),
                    roles: roles.map_or_else(|| before.roles.clone(), |wanted| wanted.0),
                    updated_at: cx.now,
                    ..before.clone()
                };
                check(cx, &after, &identity).await?;
                cx.tx.user_duties(&id, after.service, &after.roles, cx.now).await?;
                cx.changed(id.to_string(), json!({ "before": shown(&before), "after": shown(&after) }));
                Ok::<_, Halt>(after)
            })
        })
        .await?;
    let text = registry.done(&format!("User {id} changed; its sessions know at their next command."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "user": shown(&row) }), text))
}

pub(super) async fn delete(args: &One) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let wanted = id.clone();
    registry
        .change("user:delete", id.to_string(), move |cx| {
            let id = wanted.clone();
            Box::pin(async move {
                if !cx.tx.user_delete(&id, cx.now).await? {
                    return fault(format!("there is no user {id}"), "`domesday user list` shows them all");
                }
                cx.changed(id.to_string(), json!({ "deleted": true }));
                Ok(())
            })
        })
        .await?;
    let text = registry.done(&format!("User {id} deleted; its sessions end at their next command."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "user": id.as_str(), "deleted": true }), text))
}
