//! `domesday check-config`: everything that can be known before the server starts.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use super::out::{Report, hint};
use crate::config::{Config, SAMPLE, masked_url};
use crate::net::tls::Tls;
use crate::policy::{Policies, Profile};
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
    /// Print a profile whole, with everything it extends
    Profile {
        /// Its name; the names of all without it
        name: Option<String>,
        /// The folder of your own profiles
        #[arg(long, value_name = "DIR")]
        profiles_dir: Option<PathBuf>,
    },
}

/// Checks the file and what it points to.
///
/// # Errors
/// The first fault.
pub async fn run(args: &CheckArgs) -> anyhow::Result<Report> {
    let config = Config::load(&args.config)?;
    let policies = config.policies()?;
    let profile = found(&policies, &config.profile)?;
    Tls::load(config.tls_files(), &profile.server.tls)?;
    bindable(config.listen)?;
    super::post::mailer(&config.mail)?;
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

/// Prints the sample or a profile.
///
/// # Errors
/// When there is no such profile.
pub fn config(command: &ConfigCommand) -> anyhow::Result<Report> {
    match command {
        ConfigCommand::Sample => Ok(Report::new(serde_json::to_value(Config::default())?, SAMPLE)),
        ConfigCommand::Profile { name, profiles_dir } => {
            let policies = crate::config::policies(profiles_dir.as_deref().unwrap_or(Path::new("")))?;
            let Some(name) = name else {
                let names: Vec<&str> = policies.names().collect();
                return Ok(Report::new(json!({ "profiles": names }), names.join("\n")));
            };
            let profile = found(&policies, name)?;
            Ok(Report::new(serde_json::to_value(&*profile)?, toml::to_string(&*profile)?))
        }
    }
}

/// Whether the address is one of this machine's. Its port may be in use by the server that is running already.
fn bindable(listen: SocketAddr) -> anyhow::Result<()> {
    match TcpListener::bind((listen.ip(), 0)) {
        Ok(_) => Ok(()),
        Err(cause) => {
            let advice = "name an address of this machine, or [::] or 0.0.0.0 for all of them";
            Err(hint(format!("listen: {}: {cause}", listen.ip()), advice))
        }
    }
}

fn found(policies: &Policies, name: &str) -> anyhow::Result<Arc<Profile>> {
    policies.profile(name).map_err(|fault| {
        let known: Vec<_> = policies.names().collect();
        hint(fault.to_string(), format!("known are {}", known.join(", ")))
    })
}

/// How many migrations the database lacks. A SQLite file that is not there is made by the first start.
async fn pending(config: &Config) -> anyhow::Result<usize> {
    let db = super::open::database(config).await?;
    let shown = || format!("the database {}", masked_url(&config.database));
    let migrations = Db::migrations(&db).await.with_context(shown)?;
    Ok(migrations.iter().filter(|m| m.applied_at.is_none()).count())
}
