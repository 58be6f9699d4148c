//! `domesday domain`: what the registry holds about a domain, and its own deletions and restores.

mod life;
mod mark;
mod show;

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
    #[command(flatten)]
    Mark(mark::MarkCommand),
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
        DomainCommand::Mark(command) => mark::run(command).await,
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
