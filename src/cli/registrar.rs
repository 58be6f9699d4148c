//! `domesday registrar`: the accounts that sponsor objects.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::given::{self, NewPassword};
use super::open::{Change, Halt, Where, fault};
use super::out::{self, Report, hint};
use super::{mailing, user};
use crate::epp::types::Management;
use crate::gate::{Gate, notice};
use crate::store::account::{RegistrarRow, UserRow};

/// A command on registrars.
#[derive(Debug, Subcommand)]
pub enum RegistrarCommand {
    /// Add a registrar
    Add(Add),
    /// Show a registrar with its users and addresses
    Show(Show),
    /// List the registrars
    List(Where),
    /// Change a registrar
    Set(Set),
    /// Show or change where a registrar wants to have its mail, and in which languages
    Mail(mailing::Mail),
}

/// A new registrar.
#[derive(Debug, Args)]
pub struct Add {
    /// Its identifier: 3 to 16 characters
    id: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// Where the registry writes to
    #[arg(long)]
    email: Option<String>,
    /// Its own cap of sessions; the profile's without it
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(i64).range(1..))]
    max_sessions: Option<i64>,
    /// The profile whose account rules it is under; the server's without it
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Whether the domains it creates or takes over are renewed when they end
    #[arg(long, value_enum)]
    renewal: Option<Renewal>,
    /// Add a user of the same name as well
    #[arg(long)]
    with_user: bool,
    #[command(flatten)]
    password: NewPassword,
    #[command(flatten)]
    at: Change,
}

/// What an account wants to happen when its domains end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Renewal {
    /// They are renewed
    Auto,
    /// They expire
    Expire,
    /// As the profile of their zone says
    Profile,
}

impl Renewal {
    fn stored(self) -> Option<bool> {
        match self {
            Self::Auto => Some(true),
            Self::Expire => Some(false),
            Self::Profile => None,
        }
    }

    fn of(stored: Option<bool>) -> &'static str {
        match stored {
            Some(true) => "auto",
            Some(false) => "expire",
            None => "the profile's default",
        }
    }
}

/// Which registrar.
#[derive(Debug, Args)]
pub struct Show {
    id: String,
    #[command(flatten)]
    at: Where,
}

/// What to change of a registrar.
#[derive(Debug, Args)]
pub struct Set {
    id: String,
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// Where the registry writes to; empty for nowhere
    #[arg(long)]
    email: Option<String>,
    /// Its own cap of sessions; 0 for the profile's
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(i64).range(0..))]
    max_sessions: Option<i64>,
    /// The profile whose account rules it is under; empty for the server's
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Who manages what it creates or takes over, where a zone lets it choose: registrar, registrant, or default
    #[arg(long, value_name = "MODEL", value_parser = ["registrar", "registrant", "default"])]
    management: Option<String>,
    /// Whether the domains it creates or takes over are renewed when they end, where the zone lets it choose
    #[arg(long, value_enum)]
    renewal: Option<Renewal>,
    /// Whether its messages wait to be polled, or go by mail
    #[arg(long, value_name = "on|off", value_parser = mailing::on_or_off)]
    poll: Option<bool>,
    /// Let its users log in
    #[arg(long, conflicts_with = "disable")]
    enable: bool,
    /// Let its users not log in
    #[arg(long)]
    disable: bool,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &RegistrarCommand) -> anyhow::Result<Report> {
    match command {
        RegistrarCommand::Add(args) => add(args).await,
        RegistrarCommand::Show(args) => show(args).await,
        RegistrarCommand::List(at) => list(at).await,
        RegistrarCommand::Set(args) => set(args).await,
        RegistrarCommand::Mail(args) => mailing::run(args).await,
    }
}

async fn add(args: &Add) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (id, now) = (given::id(&args.id)?, registry.now());
    let row = RegistrarRow {
        id: id.clone(),
        name: args.name.clone(),
        email: args.email.clone().filter(|email| !email.is_empty()),
        enabled: true,
        max_sessions: args.max_sessions,
        profile: profile(&registry.gate, args.profile.as_deref())?,
        created_at: now,
        updated_at: now,
        auto_renew: args.renewal.and_then(Renewal::stored),
    };
    let password = if args.with_user {
        Some(args.password.hashed(&registry.gate, &id, row.profile.as_deref()).await?)
    } else {
        None
    };
    let (insert, hash) = (row.clone(), password.as_ref().map(|p| p.hash.clone()));
    registry
        .change("registrar:add", id.to_string(), move |cx| {
            let (row, hash) = (insert.clone(), hash.clone());
            Box::pin(async move {
                if !cx.tx.registrar_insert(&row).await? {
                    return fault(
                        format!("registrar {} is there already", row.id),
                        "change it with `registrar set`",
                    );
                }
                cx.changed(row.id.to_string(), shown(&row));
                if let Some(hash) = hash {
                    let user = UserRow::new(row.id.clone(), row.id.clone(), row.created_at);
                    user::insert(cx, &user, &hash).await?;
                }
                Ok(())
            })
        })
        .await?;
    let made = password.and_then(|p| p.made);
    let mut text = registry.done(&format!("Registrar {id} added."));
    if let Some(password) = &made {
        text.push_str(&format!("\nPassword of user {id}: {}", **password));
    }
    let document = json!({
        "dry_run": registry.is_dry(), "registrar": shown(&row), "user": args.with_user.then(|| id.to_string()),
        "password": made.as_ref().map(|p| p.as_str()),
    });
    Ok(Report::new(document, text))
}

async fn show(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let wanted = id.clone();
    let found = registry
        .look(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.registrar(&wanted).await? else { return Ok(None) };
                let users = tx.users_of(&wanted).await?;
                let (allow, waiting) = (tx.allow_entries(&wanted).await?, tx.poll_count(&wanted).await?);
                let management = tx.account_management(&wanted).await?;
                let settings = tx.mail_settings(&wanted).await?.unwrap_or_default();
                Ok(Some((row, users, allow, waiting, (management, settings))))
            })
        })
        .await?;
    let Some((row, users, allow, waiting, (management, settings))) = found else {
        return Err(unknown(id.as_str()));
    };
    let mut document = shown(&row);
    document["users"] = users.iter().map(user::shown).collect();
    document["allow"] = allow.iter().map(|entry| json!(entry.prefix.to_string())).collect();
    document["messages"] = json!(waiting);
    document["management"] = json!(management);
    let rules = registry.gate.account_rules(row.profile.as_deref())?;
    let poll = notice::poll_is_on(&settings, &rules.poll);
    document["poll"] = json!(poll);
    let joined = |texts: Vec<String>| if texts.is_empty() { "none".to_owned() } else { texts.join(" ") };
    let text = out::list([
        ("registrar", row.id.to_string()),
        ("name", row.name.clone()),
        ("e-mail", row.email.clone().unwrap_or_else(|| "none".to_owned())),
        ("enabled", yes_or_no(row.enabled)),
        (
            "sessions",
            row.max_sessions.map_or_else(|| "the profile's cap".to_owned(), |n| format!("at most {n}")),
        ),
        ("renewal", Renewal::of(row.auto_renew).to_owned()),
        ("rules", row.profile.clone().unwrap_or_else(|| "the server's profile".to_owned())),
        (
            "users",
            joined(users.iter().filter(|u| u.deleted_at.is_none()).map(|u| u.id.to_string()).collect()),
        ),
        ("addresses", joined(allow.iter().map(|entry| entry.prefix.to_string()).collect())),
        ("management", management.map_or("the profile's default", Management::name).to_owned()),
        ("messages", waiting.to_string()),
        ("poll", if poll { "on" } else { "off" }.to_owned()),
        ("created", row.created_at.to_string()),
        ("changed", row.updated_at.to_string()),
    ]);
    Ok(Report::new(json!({ "registrar": document }), text))
}

async fn list(at: &Where) -> anyhow::Result<Report> {
    let registry = at.open().await?;
    let rows = registry.look(|tx| Box::pin(tx.registrars())).await?;
    let cells = rows.iter().map(|r| {
        let email = r.email.clone().unwrap_or_default();
        [r.id.to_string(), r.name.clone(), email, yes_or_no(r.enabled), r.created_at.to_string()]
    });
    let table = out::table(["registrar", "name", "e-mail", "enabled", "created"], cells);
    Ok(Report::new(json!({ "registrars": rows.iter().map(shown).collect::<Vec<_>>() }), table))
}

async fn set(args: &Set) -> anyhow::Result<Report> {
    if args.name.is_none()
        && args.email.is_none()
        && args.max_sessions.is_none()
        && args.profile.is_none()
        && args.management.is_none()
        && args.renewal.is_none()
        && args.poll.is_none()
        && !args.enable
        && !args.disable
    {
        return Err(hint(
            "nothing to change",
            "say --name, --email, --max-sessions, --profile, --management, --renewal, --poll, --enable or --disable",
        ));
    }
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let (name, email, max_sessions) = (args.name.clone(), args.email.clone(), args.max_sessions);
    let rules = match &args.profile {
        Some(name) => Some(profile(&registry.gate, Some(name))?),
        None => None,
    };
    let enabled = if args.enable { Some(true) } else { args.disable.then_some(false) };
    let (wanted, renewal, poll) = (id.clone(), args.renewal, args.poll);
    let management = args.management.clone();
    let row = registry
        .change("registrar:set", id.to_string(), move |cx| {
            let management = management.clone();
            let (id, name, email, rules) = (wanted.clone(), name.clone(), email.clone(), rules.clone());
            Box::pin(async move {
                let Some(before) = cx.tx.registrar(&id).await? else {
                    return fault(
                        format!("there is no registrar {id}"),
                        "`domesday registrar list` shows them all",
                    );
                };
                let after = RegistrarRow {
                    name: name.unwrap_or_else(|| before.name.clone()),
                    email: email.map_or_else(|| before.email.clone(), |e| Some(e).filter(|e| !e.is_empty())),
                    max_sessions: max_sessions.map_or(before.max_sessions, |n| Some(n).filter(|n| *n > 0)),
                    profile: rules.unwrap_or_else(|| before.profile.clone()),
                    enabled: enabled.unwrap_or(before.enabled),
                    auto_renew: renewal.map_or(before.auto_renew, Renewal::stored),
                    updated_at: cx.now,
                    ..before.clone()
                };
                cx.tx.registrar_update(&after).await?;
                cx.changed(id.to_string(), json!({ "before": shown(&before), "after": shown(&after) }));
                if let Some(model) = &management {
                    let (before, after) = (cx.tx.account_management(&id).await?, Management::parse(model));
                    cx.tx.account_management_set(&id, after).await?;
                    cx.changed(format!("{id} management"), json!({ "before": before, "after": after }));
                }
                if let Some(on) = poll {
                    mailing::switch(cx, &id, on).await?;
                }
                Ok::<_, Halt>(after)
            })
        })
        .await?;
    let text = registry.done(&format!("Registrar {id} changed."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "registrar": shown(&row) }), text))
}

/// The profile of that name, which must be there; empty for the server's.
fn profile(gate: &Gate, name: Option<&str>) -> anyhow::Result<Option<String>> {
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(None) };
    gate.policies().account(name).map_err(|fault| {
        let known: Vec<_> = gate.policies().names().collect();
        hint(fault.to_string(), format!("known are {}", known.join(", ")))
    })?;
    Ok(Some(name.to_owned()))
}

/// The error of a registrar that is not there.
pub fn unknown(id: &str) -> anyhow::Error {
    hint(format!("there is no registrar {id}"), "`domesday registrar list` shows them all")
}

pub(super) fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

pub(super) fn shown(row: &RegistrarRow) -> Value {
    json!({
        "id": row.id.as_str(), "name": row.name, "email": row.email, "enabled": row.enabled,
        "max_sessions": row.max_sessions, "profile": row.profile, "auto_renew": row.auto_renew, "created_at": row.created_at.to_string(),
        "updated_at": row.updated_at.to_string(),
    })
}
