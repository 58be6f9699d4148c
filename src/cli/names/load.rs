//! A file of names against the lists of a zone: what it would change, and changing it, a thousand names in a
//! transaction. A load that was stopped half way goes on when it is run again.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use super::{file, kind, shown, zone_of};
use crate::cli::open::{Change, Halt, Registry, Where};
use crate::cli::out::Report;
use crate::epp::types::DomainName;
use crate::store::listed::{ListKind, ListedRow};

/// Names of one transaction.
const BATCH: usize = 1_000;
/// Entries read at once.
const PAGE: i64 = 5_000;
/// Differences that are shown to people.
const SHOWN: usize = 50;

/// Which file, of which zone.
#[derive(Debug, Args)]
pub struct Source {
    /// A CSV file; its first line names the columns: name, list, class, reason, from, until
    file: PathBuf,
    /// The zone whose lists they are
    #[arg(long)]
    zone: String,
    /// Every line is of that list: blocked, reserved or premium
    #[arg(long, value_name = "KIND", value_parser = kind)]
    list: Option<ListKind>,
    /// The file is all there is: what it does not have is taken off the lists (off that of --list only)
    #[arg(long)]
    replace: bool,
}

/// A file to load.
#[derive(Debug, Args)]
pub struct Load {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    at: Change,
}

/// A file to compare.
#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    at: Where,
}

/// What a file changes.
#[derive(Debug, Default)]
struct Difference {
    added: Vec<ListedRow>,
    /// Before and after.
    changed: Vec<(ListedRow, ListedRow)>,
    removed: Vec<ListedRow>,
    same: usize,
}

/// Says what a file would change.
///
/// # Errors
/// What stands in the way.
pub async fn diff(args: &Diff) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (_, difference) = compare(&registry, &args.source).await?;
    let mut lines = Vec::new();
    lines.extend(difference.added.iter().map(|row| format!("+ {}", told(row))));
    for (before, after) in &difference.changed {
        lines.push(format!("- {}", told(before)));
        lines.push(format!("+ {}", told(after)));
    }
    lines.extend(difference.removed.iter().map(|row| format!("- {}", told(row))));
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("  and {more} more; --json has them all"));
    }
    lines.push(difference.summary());
    let changed =
        |(before, after): &(ListedRow, ListedRow)| json!({ "before": shown(before), "after": shown(after) });
    let document = json!({
        "added": difference.added.iter().map(shown).collect::<Vec<_>>(),
        "changed": difference.changed.iter().map(changed).collect::<Vec<_>>(),
        "removed": difference.removed.iter().map(shown).collect::<Vec<_>>(),
        "same": difference.same,
    });
    Ok(Report::new(document, lines.join("\n")))
}

/// Loads a file.
///
/// # Errors
/// What stands in the way.
pub async fn load(args: &Load) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (zone, difference) = compare(&registry, &args.source).await?;
    let summary = difference.summary();
    let counts = json!({
        "dry_run": registry.is_dry(), "zone": zone.as_str(), "added": difference.added.len(),
        "changed": difference.changed.len(), "removed": difference.removed.len(), "same": difference.same,
    });
    if !registry.is_dry() {
        write(&registry, &zone, difference).await?;
    }
    let text = registry.done(&format!("Lists of {zone}: {summary}"));
    Ok(Report::new(counts, text))
}

async fn write(registry: &Registry, zone: &DomainName, difference: Difference) -> anyhow::Result<()> {
    let after = difference.changed.into_iter().map(|(_, after)| after);
    let put: Vec<ListedRow> = difference.added.into_iter().chain(after).collect();
    for rows in put.chunks(BATCH) {
        let (rows, zone) = (Arc::new(rows.to_vec()), zone.clone());
        registry
            .change("names:load", zone.to_string(), move |cx| {
                let (rows, zone) = (Arc::clone(&rows), zone.clone());
                Box::pin(async move {
                    let numbered: Vec<ListedRow> =
                        rows.iter().map(|row| ListedRow { id: cx.ids.next(), ..row.clone() }).collect();
                    cx.tx.listed_put(&numbered).await?;
                    cx.changed(format!("{zone} names"), json!({ "put": brief(&rows) }));
                    Ok::<_, Halt>(())
                })
            })
            .await?;
    }
    for rows in difference.removed.chunks(BATCH) {
        let (rows, zone) = (Arc::new(rows.to_vec()), zone.clone());
        registry
            .change("names:load", zone.to_string(), move |cx| {
                let (rows, zone) = (Arc::clone(&rows), zone.clone());
                Box::pin(async move {
                    let keys: Vec<_> = rows.iter().map(|row| (row.name.clone(), row.list)).collect();
                    cx.tx.listed_delete(&keys).await?;
                    cx.changed(format!("{zone} names"), json!({ "removed": brief(&rows) }));
                    Ok::<_, Halt>(())
                })
            })
            .await?;
    }
    Ok(())
}

/// Entries as an audit row has them, a thousand at once.
fn brief(rows: &[ListedRow]) -> Value {
    rows.iter().map(told).collect()
}

fn told(row: &ListedRow) -> String {
    let mut text = format!("{} {}", row.name, row.list.name());
    for (word, value) in [("class", &row.class), ("reason", &row.reason)] {
        if !value.is_empty() {
            text.push_str(&format!(" {word}={value}"));
        }
    }
    for (word, at) in [("from", row.from), ("until", row.until)] {
        if let Some(at) = at {
            text.push_str(&format!(" {word}={at}"));
        }
    }
    text
}

async fn compare(registry: &Registry, source: &Source) -> anyhow::Result<(DomainName, Difference)> {
    let zone = zone_of(registry, &source.zone).await?;
    let wanted = file::read(&source.file, &zone, source.list)?;
    let mut there = HashMap::new();
    for row in all(registry, &zone).await? {
        if source.list.is_none_or(|list| list == row.list) {
            there.insert((row.name.clone(), row.list), row);
        }
    }
    let mut difference = Difference::default();
    for row in wanted {
        match there.remove(&(row.name.clone(), row.list)) {
            None => difference.added.push(row),
            Some(before) if before == (ListedRow { id: before.id, ..row.clone() }) => difference.same += 1,
            Some(before) => difference.changed.push((before, row)),
        }
    }
    if source.replace {
        difference.removed = there.into_values().collect();
        difference.removed.sort_by_key(|row| row.id);
    }
    Ok((zone, difference))
}

/// Every entry of a zone, read in parts.
///
/// # Errors
/// The database's.
pub async fn all(registry: &Registry, zone: &DomainName) -> anyhow::Result<Vec<ListedRow>> {
    let mut rows: Vec<ListedRow> = Vec::new();
    loop {
        let (zone, after) = (zone.clone(), rows.last().map_or(0, |row| row.id));
        let page = registry
            .look(move |tx| Box::pin(async move { tx.listed_page(&zone, after, PAGE).await }))
            .await?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}

impl Difference {
    fn summary(&self) -> String {
        format!(
            "{} added, {} changed, {} removed, {} as before.",
            self.added.len(),
            self.changed.len(),
            self.removed.len(),
            self.same
        )
    }
}
