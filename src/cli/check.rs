//! `domesday check-config`: everything that can be known before the server starts.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use super::out::{Report, hint};
use crate::config::{Config, SAMPLE, masked_url};
use crate::net::tls::Tls;
use crate::store::Db;
use crate::telemetry;

/// The file to check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Open the database as well, and see whether its tables are up to date
    #[arg(long)]
    database: bool,
}

/// A command on configurations.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print a configuration that shows every key with its default
    Sample,
}

/// Checks the file and what it points to.
///
/// # Errors
/// The first fault.
pub async fn run(args: &CheckArgs) -> anyhow::Result<Report> {
    let config = Config::load(&args.config)?;
    let policies = config.policies()?;
    let profile = policies.profile(&config.profile).map_err(|fault| {
        let known: Vec<_> = policies.names().collect();
        hint(fault.to_string(), format!("known are {}", known.join(", ")))
    })?;
    Tls::load(config.tls_files(), &profile.server.tls)?;
    telemetry::subscriber(config.log.format, &config.log_filter(), std::io::sink)?;
    let pending = if args.database { Some(pending(&config).await?) } else { None };
    let masked = config.masked();
    let mut text = format!("# {} is good. In force:\n{}", args.config.display(), toml::to_string(&masked)?);
    if let Some(pending) = pending {
        text.push_str(&format!(
            "\n# The database answers; {pending} migrations wait, which a start applies.\n"
        ));
    }
    let document = json!({ "good": true, "config": masked, "migrations_pending": pending });
    Ok(Report::new(document, text))
}

/// Prints the sample.
///
/// # Errors
/// None in practice: the defaults can be written.
pub fn config(command: &ConfigCommand) -> anyhow::Result<Report> {
    match command {
        ConfigCommand::Sample => Ok(Report::new(serde_json::to_value(Config::default())?, SAMPLE)),
    }
}

/// How many migrations the database lacks. A SQLite file that is not there is made by the first start.
async fn pending(config: &Config) -> anyhow::Result<usize> {
    let db = super::open::database(config).await?;
    let shown = || format!("the database {}", masked_url(&config.database));
    let migrations = Db::migrations(&db).await.with_context(shown)?;
    Ok(migrations.iter().filter(|m| m.applied_at.is_none()).count())
}
