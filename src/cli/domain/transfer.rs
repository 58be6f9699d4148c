//! `domesday domain transfer-undo` and `domesday domain token`: what the registry does about transfers by hand.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::grounds::Why;
use super::named;
use crate::cli::open::{Change, Halt, fault};
use crate::cli::out::Report;
use crate::epp::types::{TokenOperation, TokenRole};
use crate::flow::domain::{issue, transfer};
use crate::gate::Stop;

/// Which transfer to undo.
#[derive(Debug, Args)]
pub struct Undo {
    name: String,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    at: Change,
}

/// Tokens by the registry's hand.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token in the place of the one there is, and print it once
    Issue(Issue),
    /// Take a domain's token or mailed code back
    Retract(Retract),
}

/// Which token.
#[derive(Debug, Args)]
pub struct Issue {
    name: String,
    /// What it is for
    #[arg(long, value_enum)]
    operation: For,
    /// In whose name it is made
    #[arg(long = "as", value_enum, default_value = "registrant")]
    role: Who,
    #[command(flatten)]
    at: Change,
}

/// Whose.
#[derive(Debug, Args)]
pub struct Retract {
    name: String,
    #[command(flatten)]
    at: Change,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum For {
    Transfer,
    Redelegation,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Who {
    Registrant,
    Proxy,
    Registrar,
    NameServerAdministrator,
}

/// Undoes a transfer.
///
/// # Errors
/// When there is none to undo.
pub async fn undo(args: &Undo) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = named(&args.name)?;
    let (of, why) = (name.clone(), args.why.grounds());
    let row = registry
        .change("domain:transfer-undo", name.to_string(), move |cx| {
            let (of, grounds) = (of.clone(), why.clone());
            Box::pin(async move {
                cx.on_grounds(grounds);
                let undone = transfer::undo::run(cx, &of).await;
                undone
                    .map_err(|stop| refused(stop, "`domesday domain show` says how the last transfer stands"))
            })
        })
        .await?;
    let text = format!("{name} is {}'s again; {} is told so too.", row.loser, row.requester);
    let document = json!({
        "dry_run": registry.is_dry(), "domain": name.as_str(), "registrar": row.loser.as_str(),
        "lost_by": row.requester.as_str(),
    });
    Ok(Report::new(document, registry.done(&text)))
}

/// Makes a token, or takes one back.
///
/// # Errors
/// When the zone has none, or there is no such domain.
pub async fn token(command: &TokenCommand) -> anyhow::Result<Report> {
    match command {
        TokenCommand::Issue(args) => issue_one(args).await,
        TokenCommand::Retract(args) => retract(args).await,
    }
}

async fn issue_one(args: &Issue) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = named(&args.name)?;
    let operation = match args.operation {
        For::Transfer => TokenOperation::Transfer,
        For::Redelegation => TokenOperation::Redelegation,
    };
    let role = match args.role {
        Who::Registrant => TokenRole::Owner,
        Who::Proxy => TokenRole::Proxy,
        Who::Registrar => TokenRole::Registrar,
        Who::NameServerAdministrator => TokenRole::NameServerAdministrator,
    };
    let of = name.clone();
    let made = registry
        .change("token:issue", name.to_string(), move |cx| {
            let of = of.clone();
            Box::pin(async move {
                let made = issue::run(cx, &of, role, operation).await;
                made.map_err(|stop| {
                    refused(stop, "`domesday policy show` says what tokens the zone's profile has")
                })
            })
        })
        .await?;
    // A token of a dry run opens nothing, so it is not shown.
    let code = if registry.is_dry() { None } else { Some(made.code.expose().to_owned()) };
    let until = made.row.expires_at.to_string();
    let text = registry.done(&format!("{name} has a token until {until}."));
    let text =
        code.as_ref().map_or_else(|| text.clone(), |code| format!("{text} It is shown this once: {code}"));
    let document = json!({
        "dry_run": registry.is_dry(), "domain": name.as_str(), "token": code, "expires_at": until,
    });
    Ok(Report::new(document, text))
}

async fn retract(args: &Retract) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let name = named(&args.name)?;
    let of = name.clone();
    registry
        .change("token:retract", name.to_string(), move |cx| {
            let of = of.clone();
            Box::pin(async move {
                let ended = issue::retract(cx, &of).await;
                match ended.map_err(|stop| refused(stop, "it may be purged, or in another registry"))? {
                    Some(_) => Ok(()),
                    None => fault(format!("{of} has no token or code"), "it may have been used, or be over"),
                }
            })
        })
        .await?;
    let text = registry.done(&format!("The token of {name} opens nothing any more."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "domain": name.as_str() }), text))
}

/// What a rule refuses is the operator's fault, told in words.
fn refused(stop: Stop, advice: &str) -> Halt {
    match stop {
        Stop::Refused(refusal) => Halt::fault(refusal.text(), advice),
        store @ Stop::Store(_) => store.into(),
    }
}
