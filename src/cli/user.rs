//! `domesday user`: the login names of registrars.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::given::{self, NewPassword};
use super::open::{Change, Halt, Where, fault};
use super::out::{self, Report};
use super::registrar::{unknown, yes_or_no};
use crate::gate::Cx;
use crate::store::account::UserRow;

/// A command on users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user of a registrar
    Add(Add),
    /// Give a user a new password
    SetPassword(SetPassword),
    /// Let a user not log in
    Disable(One),
    /// Let a user log in
    Enable(One),
    /// List the users
    List(List),
}

/// A new user.
#[derive(Debug, Args)]
pub struct Add {
    /// The login name: 3 to 16 characters
    id: String,
    /// The account it acts for
    #[arg(long, value_name = "ID")]
    registrar: String,
    #[command(flatten)]
    password: NewPassword,
    #[command(flatten)]
    at: Change,
}

/// Whose password.
#[derive(Debug, Args)]
pub struct SetPassword {
    id: String,
    #[command(flatten)]
    password: NewPassword,
    #[command(flatten)]
    at: Change,
}

/// Which user.
#[derive(Debug, Args)]
pub struct One {
    id: String,
    #[command(flatten)]
    at: Change,
}

/// Whose users.
#[derive(Debug, Args)]
pub struct List {
    /// Only the users of this registrar
    #[arg(long, value_name = "ID")]
    registrar: Option<String>,
    #[command(flatten)]
    at: Where,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &UserCommand) -> anyhow::Result<Report> {
    match command {
        UserCommand::Add(args) => add(args).await,
        UserCommand::SetPassword(args) => set_password(args).await,
        UserCommand::Disable(args) => enabled(args, false).await,
        UserCommand::Enable(args) => enabled(args, true).await,
        UserCommand::List(args) => list(args).await,
    }
}

/// Adds a user inside a change.
pub(super) async fn insert(cx: &mut Cx<'_>, row: &UserRow, hash: &str) -> Result<(), Halt> {
    if !cx.tx.user_insert(row, hash).await? {
        return fault(
            format!("user {} is there already", row.id),
            "login names are unique over all registrars; choose another",
        );
    }
    cx.changed(format!("user {}", row.id), shown(row));
    Ok(())
}

async fn add(args: &Add) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (id, of, now) = (given::id(&args.id)?, given::id(&args.registrar)?, registry.now());
    let row =
        UserRow { id: id.clone(), registrar: of.clone(), enabled: true, created_at: now, updated_at: now };
    let profile = registry.profile_of(&of).await?;
    let password = args.password.hashed(&registry.gate, &id, profile.as_deref()).await?;
    let (new, hash) = (row.clone(), password.hash);
    registry
        .change("user:add", id.to_string(), move |cx| {
            let (row, hash) = (new.clone(), hash.clone());
            Box::pin(async move {
                if cx.tx.registrar(&row.registrar).await?.is_none() {
                    return fault(
                        format!("there is no registrar {}", row.registrar),
                        "`domesday registrar list` shows them all",
                    );
                }
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

async fn set_password(args: &SetPassword) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let profile = registry.profile_of_user(&id).await?;
    let password = args.password.hashed(&registry.gate, &id, profile.as_deref()).await?;
    let (wanted, hash) = (id.clone(), password.hash);
    registry
        .change("user:set-password", id.to_string(), move |cx| {
            let (id, hash) = (wanted.clone(), hash.clone());
            Box::pin(async move {
                if !cx.tx.user_password(&id, &hash, cx.now).await? {
                    return fault(format!("there is no user {id}"), "`domesday user list` shows them all");
                }
                cx.changed(id.to_string(), json!({ "password": "changed" }));
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

async fn enabled(args: &One, enabled: bool) -> anyhow::Result<Report> {
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

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let only = args.registrar.as_deref().map(given::id).transpose()?;
    let wanted = only.clone();
    let users = registry
        .look(move |tx| {
            Box::pin(async move {
                let registrars = match wanted {
                    None => tx.registrars().await?,
                    Some(id) => tx.registrar(&id).await?.into_iter().collect(),
                };
                let mut users = Vec::new();
                for registrar in &registrars {
                    users.extend(tx.users_of(&registrar.id).await?);
                }
                Ok((!registrars.is_empty()).then_some(users))
            })
        })
        .await?;
    let users = match (users, only) {
        (None, Some(id)) => return Err(unknown(id.as_str())),
        (users, _) => users.unwrap_or_default(),
    };
    let rows = users
        .iter()
        .map(|u| [u.id.to_string(), u.registrar.to_string(), yes_or_no(u.enabled), u.created_at.to_string()]);
    let table = out::table(["user", "registrar", "enabled", "created"], rows);
    Ok(Report::new(json!({ "users": users.iter().map(shown).collect::<Vec<_>>() }), table))
}

pub(super) fn shown(row: &UserRow) -> Value {
    json!({
        "id": row.id.as_str(), "registrar": row.registrar.as_str(), "enabled": row.enabled,
        "created_at": row.created_at.to_string(), "updated_at": row.updated_at.to_string(),
    })
}
