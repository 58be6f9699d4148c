//! `domesday migrate`: the database's tables.

use clap::Args;
use serde_json::json;

use super::open::Change;
use super::out::{self, Report};
use crate::store::Db;

/// Which database, and whether to change it.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    at: Change,
    /// Only say which migrations the database has
    #[arg(long)]
    status: bool,
}

/// Applies what is missing, or only says what that is.
///
/// # Errors
/// The database's.
pub async fn run(args: &MigrateArgs) -> anyhow::Result<Report> {
    let config = args.at.at.settings()?;
    let looking = args.status || args.at.dry_run;
    // Making a new file is what this command is for, but not in a dry run.
    let db = if looking { super::open::database(&config).await? } else { Db::open(&config.database).await? };
    let applied = if looking { Vec::new() } else { db.migrate().await? };
    let all = db.migrations().await?;
    let pending = all.iter().filter(|m| m.applied_at.is_none()).count();
    let rows = all.iter().map(|m| {
        let at = m.applied_at.map_or_else(|| "waits".to_owned(), |at| at.to_string());
        [m.version.to_string(), m.name.clone(), at]
    });
    let table = out::table(["version", "name", "applied"], rows);
    let summary = match (looking, pending, applied.len()) {
        (true, 0, _) => "The database has every migration.".to_owned(),
        (true, n, _) => format!("{n} would be applied."),
        (false, _, 0) => "Nothing was missing.".to_owned(),
        (false, _, n) => format!("{n} applied."),
    };
    let migrations: Vec<_> = all
        .iter()
        .map(|m| json!({ "version": m.version, "name": m.name, "applied_at": m.applied_at.map(|at| at.to_string()) }))
        .collect();
    Ok(Report::new(
        json!({ "applied": applied, "pending": pending, "migrations": migrations }),
        format!("{table}\n{summary}"),
    ))
}
