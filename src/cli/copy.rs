//! `domesday copy`: a registry moves from one database to another, of either engine, and is proven to have arrived.

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::open::database;
use super::out::{self, Report, hint};
use crate::config::{Config, masked_url};
use crate::store::Db;
use crate::store::copy::{Progress, copy};

/// From where to where.
#[derive(Debug, Args)]
#[command(after_help = "\
The target is new: it is made, or was migrated and never used. Stop the servers of the source first, or what they
change meanwhile stays behind. An address with a password is better given by DOMESDAY_COPY_FROM and DOMESDAY_COPY_TO.")]
pub struct CopyArgs {
    /// The registry: sqlite:PATH or postgres://..
    #[arg(long, value_name = "URL", env = "DOMESDAY_COPY_FROM", hide_env_values = true)]
    from: String,
    /// The new database
    #[arg(long, value_name = "URL", env = "DOMESDAY_COPY_TO", hide_env_values = true)]
    to: String,
    /// Only see whether both can be opened and the source is complete
    #[arg(long)]
    dry_run: bool,
}

/// Copies, and shows how far it is on a terminal.
///
/// # Errors
/// When either cannot be opened, the target is in use, or what arrived differs.
pub async fn run(args: &CopyArgs) -> anyhow::Result<Report> {
    let (from, to) = (masked_url(&args.from), masked_url(&args.to));
    let source = database(&Config { database: args.from.clone(), ..Config::default() }).await?;
    if source.migrations().await.context("the source")?.iter().any(|m| m.applied_at.is_none()) {
        return Err(hint(
            "the source does not have this program's tables",
            "run `domesday migrate` on it first",
        ));
    }
    if args.dry_run {
        let there = args.to.strip_prefix("sqlite:").is_none_or(|path| std::path::Path::new(path).exists());
        if there {
            Db::open(&args.to).await.with_context(|| to.clone())?;
        }
        let text = format!("{from} would be copied to {to}, if that was never used.");
        return Ok(Report::new(json!({ "dry_run": true, "from": from, "to": to }), text));
    }
    let target = Db::open(&args.to).await.with_context(|| to.clone())?;
    target.migrate().await.with_context(|| to.clone())?;
    let bar = bar();
    let shown = bar.clone();
    let copied = copy(&source, &target, move |at| show(&shown, at)).await;
    bar.finish_and_clear();
    let copied = copied
        .map_err(|fault| hint(fault.to_string(), "copy into a new database; the source is unchanged"))?;
    let rows = copied.tables.iter().map(|t| [t.table.to_owned(), t.rows.to_string(), t.checksum.clone()]);
    let table = out::table(["table", "rows", "sum of SHA-256"], rows);
    let total: u64 = copied.tables.iter().map(|t| t.rows).sum();
    let tables: Vec<_> = copied
        .tables
        .iter()
        .map(|t| json!({ "table": t.table, "rows": t.rows, "checksum": t.checksum }))
        .collect();
    let document = json!({ "dry_run": false, "from": from, "to": to, "rows": total, "tables": tables });
    let text = format!("{table}\n{total} rows are in {to}, each compared with its source.");
    Ok(Report::new(document, text))
}

/// Without colours, on standard error, and nothing at all where that is no terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = "{msg:26} [{bar:30}] {human_pos} of {human_len} rows, {eta} left";
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, at: Progress) {
    let doing = if at.comparing { "comparing" } else { "copying" };
    bar.set_length(at.total);
    bar.set_position(at.done);
    bar.set_message(format!("{doing} {}", at.table));
}
