//! `domesday check-config`: everything that can be known before the server starts.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::out::Report;
use crate::config::Config;

/// The file to check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// Checks the file and what it points to.
///
/// # Errors
/// The first fault.
pub async fn run(args: &CheckArgs) -> anyhow::Result<Report> {
    let config = Config::load(&args.config)?;
    let policies = config.policies()?;
    let _profile = policies.profile(&config.profile)?;
    readable(&config.tls.certificate)?;
    let masked = config.masked();
    let text = toml::to_string(&masked)?;
    let head = format!("# {} is good. In force:\n", args.config.display());
    Ok(Report::new(json!({ "good": true, "config": masked }), head + &text))
}

fn readable(path: &Path) -> anyhow::Result<()> {
    std::fs::read(path).map(drop).with_context(|| path.display().to_string())
}
