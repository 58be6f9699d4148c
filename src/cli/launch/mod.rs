//! `domesday launch`: the phases of a zone, the applications in them, and what they are judged by.

mod load;
mod show;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::open::{Change, Halt, Where, fault};
use super::out::{Report, hint};
use crate::epp::types::{ApplicationStatus, LaunchStatus};
use crate::flow::launch::decide::{self, Decided, Undecided};
use crate::store::launch::ApplicationRow;

/// A command on launches.
#[derive(Debug, Subcommand)]
pub enum LaunchCommand {
    /// Show the phases of a zone, and which of them hold now
    Phases(show::Phases),
    /// List applications, first come first
    List(show::List),
    /// Show one application, with its proofs
    Show(show::Show),
    /// Find that an application follows the rules
    Validate(Decide),
    /// Find that an application does not follow the rules; its registrar may mend it
    Invalidate(Decide),
    /// Let a validated application wait to be chosen
    Await(Decide),
    /// Give an application a status of your own
    Status(Custom),
    /// Reject an application
    Reject(Decide),
    /// Register the domain of an application, and reject the others for its name
    Allocate(Allocate),
    /// Load a list of labels with claims (DNL) in the place of the last one
    LoadDnl(load::LoadDnl),
    /// Load a list of revoked signed marks (SMDRL) in the place of the last one
    LoadRevoked(load::LoadFile),
    /// Load the root certificates of signers of marks in the place of those there are
    LoadRoots(load::LoadFile),
    /// Load lists of revoked certificates of signers of marks in the place of those there are
    LoadCrl(load::LoadFile),
    /// Show what was loaded, and when
    Lists(Where),
}

/// Which application.
#[derive(Debug, Args)]
pub struct Decide {
    /// The application's identifier
    id: i64,
    /// Why, in English; the registrar is told
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    at: Change,
}

/// Which application, and how it stands.
#[derive(Debug, Args)]
pub struct Custom {
    /// The name of the status
    #[arg(long, value_name = "NAME")]
    name: String,
    #[command(flatten)]
    what: Decide,
}

/// Which application.
#[derive(Debug, Args)]
pub struct Allocate {
    /// The application's identifier
    id: i64,
    #[command(flatten)]
    at: Change,
}

/// A status in listings.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "camelCase")]
pub enum Status {
    PendingValidation,
    Validated,
    Invalid,
    PendingAllocation,
    Allocated,
    Rejected,
    Custom,
}

impl From<Status> for ApplicationStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::PendingValidation => Self::PendingValidation,
            Status::Validated => Self::Validated,
            Status::Invalid => Self::Invalid,
            Status::PendingAllocation => Self::PendingAllocation,
            Status::Allocated => Self::Allocated,
            Status::Rejected => Self::Rejected,
            Status::Custom => Self::Custom,
        }
    }
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &LaunchCommand) -> anyhow::Result<Report> {
    use ApplicationStatus as S;
    match command {
        LaunchCommand::Phases(args) => show::phases(args).await,
        LaunchCommand::List(args) => show::list(args).await,
        LaunchCommand::Show(args) => show::show(args).await,
        LaunchCommand::Validate(args) => step(args, "launch:validate", S::Validated, None).await,
        LaunchCommand::Invalidate(args) => step(args, "launch:invalidate", S::Invalid, None).await,
        LaunchCommand::Await(args) => step(args, "launch:await", S::PendingAllocation, None).await,
        LaunchCommand::Status(args) => {
            step(&args.what, "launch:status", S::Custom, Some(args.name.clone())).await
        }
        LaunchCommand::Reject(args) => reject(args).await,
        LaunchCommand::Allocate(args) => allocate(args).await,
        LaunchCommand::LoadDnl(args) => load::claims(args).await,
        LaunchCommand::LoadRevoked(args) => load::revoked(args).await,
        LaunchCommand::LoadRoots(args) => load::roots(args).await,
        LaunchCommand::LoadCrl(args) => load::crls(args).await,
        LaunchCommand::Lists(at) => load::lists(at).await,
    }
}

async fn step(
    args: &Decide,
    command: &'static str,
    to: ApplicationStatus,
    name: Option<String>,
) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (id, to) = (args.id, LaunchStatus { status: to, name, note: args.note.clone() });
    let row = registry
        .change(command, format!("application {id}"), move |cx| {
            let to = to.clone();
            Box::pin(async move { done(id, decide::step(cx, id, to).await?) })
        })
        .await?;
    let text = registry.done(&format!("Application {id} for {} is {}.", row.name, row.status.status.name()));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "application": shown(&row) }), text))
}

async fn reject(args: &Decide) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (id, note) = (args.id, args.note.clone());
    let row = registry
        .change("launch:reject", format!("application {id}"), move |cx| {
            let note = note.clone();
            Box::pin(async move { done(id, decide::reject(cx, id, note).await?) })
        })
        .await?;
    let text = registry.done(&format!("Application {id} for {} is rejected.", row.name));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "application": shown(&row) }), text))
}

async fn allocate(args: &Allocate) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = args.id;
    let row = registry.look(move |tx| Box::pin(async move { tx.application_by_id(id).await })).await?;
    let Some(row) = row else { return Err(gone(id)) };
    let (row, others) = registry
        .change_for(&row.registrar, "launch:allocate", format!("application {id}"), move |cx| {
            Box::pin(async move { done(id, decide::allocate(cx, id).await?) })
        })
        .await?;
    let text = registry.done(&format!(
        "{} is registered for {} by application {id}; {others} other applications are rejected.",
        row.name, row.registrar
    ));
    let document = json!({ "dry_run": registry.is_dry(), "application": shown(&row), "rejected": others });
    Ok(Report::new(document, text))
}

const LIST: &str = "`domesday launch list` shows the applications";

fn gone(id: i64) -> anyhow::Error {
    hint(format!("there is no application {id}"), LIST)
}

fn done<T>(id: i64, decided: Decided<T>) -> Result<T, Halt> {
    match decided {
        Ok(done) => Ok(done),
        Err(Undecided::Gone) => fault(format!("there is no application {id}"), LIST),
        Err(Undecided::Stands(status)) => fault(
            format!("application {id} is {}, from where that is no step", status.name()),
            "pendingValidation leads to validated or invalid, validated to pendingAllocation, both of these to allocated",
        ),
        Err(Undecided::Refused(refusal)) => fault(
            format!("application {id} cannot be registered: {refusal}"),
            "a create would be refused like that",
        ),
    }
}

/// Without its proofs, some of which are secret.
fn shown(row: &ApplicationRow) -> Value {
    json!({
        "id": row.id.to_string(), "name": row.name.as_str(), "zone": row.zone.as_str(),
        "registrar": row.registrar.as_str(), "created_at": row.created_at.to_string(),
        "updated_at": row.updated_at.map(|at| at.to_string()), "phase": row.phase.kind.name(),
        "phase_name": row.phase.name, "status": row.status.status.name(), "status_name": row.status.name,
        "note": row.status.note,
    })
}
