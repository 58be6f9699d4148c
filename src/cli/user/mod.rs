//! `domesday user`: the login names of registrars, which service each belongs to and what it may do there.

mod attempts;
mod change;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Halt, Where, fault};
use super::out::{self, Report, hint};
use super::registrar::{unknown, yes_or_no};
use crate::gate::Cx;
use crate::policy::{IdentityModel, IdentityPolicy, Service};
use crate::store::account::UserRow;

/// A command on users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user of a registrar
    Add(change::Add),
    /// Show a user
    Show(Show),
    /// List the users
    List(List),
    /// Change a user's service or meta-roles
    Set(change::Set),
    /// Give a user a new password
    SetPassword(change::SetPassword),
    /// Let a user not log in; its sessions end at their next command
    Disable(One),
    /// Let a user log in
    Enable(One),
    /// Delete a user: it never logs in again, and nobody else gets its name
    Delete(One),
    /// The logins that were tried with a name, newest first
    Attempts(attempts::Attempts),
    /// Forget the failed logins that the throttle counts
    Unthrottle(attempts::Unthrottle),
}

/// Which user.
#[derive(Debug, Args)]
pub struct One {
    id: String,
    #[command(flatten)]
    at: Change,
}

/// Which user to look at.
#[derive(Debug, Args)]
pub struct Show {
    id: String,
    #[command(flatten)]
    at: Where,
}

/// Whose users.
#[derive(Debug, Args)]
pub struct List {
    /// Only the users of this registrar
    #[arg(long, value_name = "ID")]
    registrar: Option<String>,
    /// The deleted ones too
    #[arg(long)]
    deleted: bool,
    #[command(flatten)]
    at: Where,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &UserCommand) -> anyhow::Result<Report> {
    match command {
        UserCommand::Add(args) => change::add(args).await,
        UserCommand::Show(args) => show(args).await,
        UserCommand::List(args) => list(args).await,
        UserCommand::Set(args) => change::set(args).await,
        UserCommand::SetPassword(args) => change::set_password(args).await,
        UserCommand::Disable(args) => change::enabled(args, false).await,
        UserCommand::Enable(args) => change::enabled(args, true).await,
        UserCommand::Delete(args) => change::delete(args).await,
        UserCommand::Attempts(args) => attempts::list(args).await,
        UserCommand::Unthrottle(args) => attempts::unthrottle(args).await,
    }
}

/// Adds a user inside a change.
pub(super) async fn insert(cx: &mut Cx<'_>, row: &UserRow, hash: &str) -> Result<(), Halt> {
    if !cx.tx.user_insert(row, hash).await? {
        return fault(
            format!("user {} is there already", row.id),
            "login names are unique over all registrars, those of deleted users too; choose another",
        );
    }
    cx.changed(format!("user {}", row.id), shown(row));
    Ok(())
}

/// Refuses a user that the profile has no place for.
async fn check(cx: &mut Cx<'_>, row: &UserRow, policy: &IdentityPolicy) -> Result<(), Halt> {
    if !policy.service_types.contains(&row.service) {
        let known: Vec<_> = policy.service_types.iter().map(|service| service.name()).collect();
        return fault(
            format!("the profile has no users of service {}", row.service),
            format!("its account.identity.service_types are {}", known.join(", ")),
        );
    }
    if policy.model == IdentityModel::ServiceUsers || row.service != Service::Epp {
        return Ok(());
    }
    let users = cx.tx.users_of(&row.registrar).await?;
    let counts = |u: &&UserRow| u.id != row.id && u.service == Service::Epp && u.deleted_at.is_none();
    match users.iter().find(counts) {
        None => Ok(()),
        Some(one) => fault(
            format!("registrar {} has its one EPP user, {}", row.registrar, one.id),
            "the profile's account.identity.model is single; with service_users an account has several",
        ),
    }
}

async fn show(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let wanted = id.clone();
    let found = registry.look(move |tx| Box::pin(async move { tx.user(&wanted).await })).await?;
    let Some(row) = found else { return Err(nobody(id.as_str())) };
    let text = out::list([
        ("user", row.id.to_string()),
        ("registrar", row.registrar.to_string()),
        ("service", row.service.to_string()),
        ("roles", roles(&row)),
        ("enabled", yes_or_no(row.enabled)),
        ("created", row.created_at.to_string()),
        ("changed", row.updated_at.to_string()),
        ("deleted", row.deleted_at.map_or_else(|| "no".to_owned(), |at| at.to_string())),
    ]);
    Ok(Report::new(json!({ "user": shown(&row) }), text))
}

fn roles(row: &UserRow) -> String {
    let text = row.roles.to_text();
    if text.is_empty() { "none".to_owned() } else { text }
}

/// The error of a user that is not there.
fn nobody(id: &str) -> anyhow::Error {
    hint(format!("there is no user {id}"), "`domesday user list` shows them all")
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
    let users: Vec<_> = users.into_iter().filter(|u| args.deleted || u.deleted_at.is_none()).collect();
    let rows = users.iter().map(|u| {
        let enabled = if u.deleted_at.is_some() { "deleted".to_owned() } else { yes_or_no(u.enabled) };
        let service = u.service.to_string();
        [u.id.to_string(), u.registrar.to_string(), service, roles(u), enabled, u.created_at.to_string()]
    });
    let table = out::table(["user", "registrar", "service", "roles", "enabled", "created"], rows);
    Ok(Report::new(json!({ "users": users.iter().map(shown).collect::<Vec<_>>() }), table))
}

pub(super) fn shown(row: &UserRow) -> Value {
    json!({
        "id": row.id.as_str(), "registrar": row.registrar.as_str(), "enabled": row.enabled,
        "service": row.service.name(), "roles": row.roles.names().collect::<Vec<_>>(),
        "created_at": row.created_at.to_string(), "updated_at": row.updated_at.to_string(),
        "deleted_at": row.deleted_at.map(|at| at.to_string()),
    })
}
