//! `domesday domain`: what the registry holds about a domain, its own deletions and restores, and what it
//! does about transfers by hand.

mod grounds;
mod life;
mod mark;
mod show;
mod transfer;

use clap::Subcommand;

use super::out::{Report, hint};
use crate::epp::types::DomainName;

/// A command on domains.
#[derive(Debug, Subcommand)]
pub enum DomainCommand {
    /// Show all that is held about a domain
    Show(show::Show),
    /// Delete a domain as the registry: on hold now, whatever is below it, and purged when that is over
    Delete(life::Delete),
    /// Bring a deleted domain back as the registry, at no cost
    Restore(life::Restore),
    /// Ask for the identity of a domain's holder; `domesday pending` says what came of it
    Verify(life::Verify),
    /// The identity of a holder that proved none in time is proven after all: end the hold
    Proven(life::Proven),
    #[command(flatten)]
    Mark(mark::MarkCommand),
    /// Give a domain back to the registrar it was transferred from
    TransferUndo(transfer::Undo),
    /// Tokens that open a domain to another registrar
    #[command(subcommand)]
    Token(transfer::TokenCommand),
}

/// Runs it.
///
/// # Errors
/// When there is no such domain, or what stands in the way.
pub async fn run(command: &DomainCommand) -> anyhow::Result<Report> {
    match command {
        DomainCommand::Show(args) => show::run(args).await,
        DomainCommand::Delete(args) => life::delete(args).await,
        DomainCommand::Restore(args) => life::restore(args).await,
        DomainCommand::Verify(args) => life::verify(args).await,
        DomainCommand::Proven(args) => life::proven(args).await,
        DomainCommand::Mark(command) => mark::run(command).await,
        DomainCommand::TransferUndo(args) => transfer::undo(args).await,
        DomainCommand::Token(command) => transfer::token(command).await,
    }
}

fn named(text: &str) -> anyhow::Result<DomainName> {
    DomainName::parse(text)
        .map_err(|e| hint(format!("{text:?} is not a domain name: {e}"), "write it in A-labels"))
}

fn unknown(name: &DomainName) -> anyhow::Error {
    hint(format!("there is no domain {name}"), GONE)
}

/// What may have become of a domain that is not there.
const GONE: &str = "it may be purged, or in another registry";
