//! Copying a registry into an empty database of either engine, and proving that it arrived.
//!
//! The source is read in one snapshot, table by table in an order in which every reference finds its row, in
//! batches by primary key. Afterwards the copy is read back: every table must have as many rows and the same
//! checksum, which is the sum of its rows' SHA-256, so that the engines may sort texts differently. A copy that
//! stopped half way is not empty any more: it is thrown away and begun again.
//!
//! Running servers, their sessions and what they count for a minute stay behind; they belong to the programs that use the source.

mod tables;

use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};

use tables::Table;
pub use tables::{LEFT_BEHIND, TABLES};

use super::{Db, Row, StoreError, Tx, Value};

/// Rows of one batch.
const BATCH: i64 = 500;

crate::statements! {
    // A new database has one row already: the counter of processes, at zero.
    COUNTER_USED = "SELECT COUNT(*) FROM counter WHERE value > 0";
    COUNTER_CLEAR = "DELETE FROM counter";
    PROCESSES = "SELECT COUNT(*) FROM process";
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The table it is at.
    pub table: &'static str,
    /// Rows of that table that were copied, or compared.
    pub done: u64,
    /// Rows it has.
    pub total: u64,
    /// Whether the copy is being compared already.
    pub comparing: bool,
}

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Each table in the order of the copy.
    pub tables: Vec<TableReport>,
}

/// What was copied of one table; the copy has the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// Its name.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
    /// The sum of their SHA-256, in hexadecimal digits.
    pub checksum: String,
}

/// Copies a registry into a database that was migrated and never used.
///
/// # Errors
/// When either lacks migrations, the target is in use, or the copy differs from its source.
pub async fn copy(
    from: &Db,
    to: &Db,
    mut progress: impl FnMut(Progress) + Send + 'static,
) -> Result<Report, StoreError> {
    refuse_unmigrated(from, "source").await?;
    refuse_unmigrated(to, "target").await?;
    to.read(|tx| Box::pin(refuse_used(tx))).await?;
    to.write(|tx| Box::pin(tx.exec(COUNTER_CLEAR, &[]))).await?;
    let target = to.clone();
    let (sent, mut progress) = from
        .read(move |tx| {
            Box::pin(async move {
                let mut tables = Vec::new();
                for table in TEXTS.iter() {
                    tables.push(walk(tx, table, Some(&target), &mut progress).await?);
                }
                Ok((tables, progress))
            })
        })
        .await?;
    let arrived = to
        .read(move |tx| {
            Box::pin(async move {
                let mut tables = Vec::new();
                for table in TEXTS.iter() {
                    tables.push(walk(tx, table, None, &mut progress).await?);
                }
                Ok(tables)
            })
        })
        .await?;
    match sent.iter().zip(&arrived).find(|(sent, arrived)| sent != arrived) {
        None => Ok(Report { tables: sent }),
        Some((sent, arrived)) => Err(StoreError::Database(format!(
            "the copy of table {} differs from its source ({} rows sent, {} found); throw it away",
            sent.table, sent.rows, arrived.rows
        ))),
    }
}

async fn refuse_unmigrated(db: &Db, which: &str) -> Result<(), StoreError> {
    match db.migrations().await?.iter().find(|migration| migration.applied_at.is_none()) {
        None => Ok(()),
        Some(first) => Err(StoreError::Database(format!("the {which} lacks migration {}", first.name))),
    }
}

async fn refuse_used(tx: &mut Tx) -> Result<(), StoreError> {
    let mut used = count(tx, COUNTER_USED).await? + count(tx, PROCESSES).await?;
    for table in TEXTS.iter().filter(|table| table.name != "counter") {
        used += count(tx, table.count).await?;
    }
    if used == 0 {
        return Ok(());
    }
    Err(StoreError::Database("the target is in use: a registry is copied into a new database".into()))
}

/// Reads a table in batches, writes each to the target if there is one, and adds the rows up.
async fn walk(
    tx: &mut Tx,
    table: &'static Texts,
    to: Option<&Db>,
    progress: &mut (impl FnMut(Progress) + Send),
) -> Result<TableReport, StoreError> {
    let mut sum = Checksum::default();
    let total = count(tx, table.count).await?;
    let mut rows: Vec<Row> = tx.all(table.first, &[]).await?;
    while let Some(last) = rows.last() {
        let after = last.0[..table.key].to_vec();
        rows.iter().for_each(|row| sum.add(row));
        if let Some(to) = to {
            let batch = Arc::new(rows);
            to.write(move |tx| {
                let batch = Arc::clone(&batch);
                Box::pin(async move { tx.exec_each(table.insert, &batch).await })
            })
            .await?;
        }
        progress(Progress { table: table.name, done: sum.rows, total, comparing: to.is_none() });
        rows = tx.all(table.next, &after).await?;
    }
    Ok(TableReport { table: table.name, rows: sum.rows, checksum: sum.text() })
}

async fn count(tx: &mut Tx, sql: &'static str) -> Result<u64, StoreError> {
    let n = tx.one::<i64>(sql, &[]).await?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// A table's statements, its key's columns first.
struct Texts {
    name: &'static str,
    /// How many of the first columns are the key.
    key: usize,
    count: &'static str,
    first: &'static str,
    next: &'static str,
    insert: &'static str,
}

/// Made once from [`TABLES`]; a statement lives as long as the program, so these few are left in memory.
static TEXTS: LazyLock<Vec<Texts>> = LazyLock::new(|| TABLES.iter().map(Texts::new).collect());

impl Texts {
    fn new(&(name, key, others): &Table) -> Self {
        let key: Vec<&str> = key.split_whitespace().collect();
        let columns: Vec<&str> = key.iter().copied().chain(others.split_whitespace()).collect();
        let (listed, keys) = (columns.join(", "), key.join(", "));
        let select = format!("SELECT {listed} FROM {name}");
        let order = format!("ORDER BY {keys} LIMIT {BATCH}");
        Self {
            name,
            key: key.len(),
            count: format!("SELECT COUNT(*) FROM {name}").leak(),
            first: format!("{select} {order}").leak(),
            next: format!("{select} WHERE ({keys}) > ({}) {order}", places(key.len())).leak(),
            insert: format!("INSERT INTO {name} ({listed}) VALUES ({})", places(columns.len())).leak(),
        }
    }
}

fn places(n: usize) -> String {
    (1..=n).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ")
}

/// The sum of the rows' SHA-256, in which their order plays no part.
#[derive(Debug, Default)]
struct Checksum {
    rows: u64,
    sum: [u64; 4],
}

impl Checksum {
    fn add(&mut self, row: &Row) {
        let mut digest = Sha256::new();
        for value in &row.0 {
            let (kind, bytes): (u8, &[u8]) = match value {
                Value::Null => (0, &[]),
                Value::Int(n) => (1, &n.to_be_bytes()),
                Value::Text(text) => (2, text.as_bytes()),
                Value::Bytes(bytes) => (3, bytes),
            };
            digest.update([kind]);
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        }
        for (part, word) in self.sum.iter_mut().zip(digest.finalize().chunks_exact(8)) {
            *part = word.iter().fold(0_u64, |n, byte| (n << 8) | u64::from(*byte)).wrapping_add(*part);
        }
        self.rows += 1;
    }

    fn text(&self) -> String {
        self.sum.iter().map(|part| format!("{part:016x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(rows: &[&[Value]]) -> String {
        let mut sum = Checksum::default();
        rows.iter().for_each(|row| sum.add(&Row(row.to_vec())));
        sum.text()
    }

    #[test]
    fn a_checksum_tells_rows_apart_and_not_their_order() {
        let (a, b) = ([Value::from("ab"), Value::Null], [Value::from("a"), Value::from("b")]);
        assert_eq!(sum(&[&a, &b]), sum(&[&b, &a]));
        let different = [
            sum(&[]),
            sum(&[&a]),
            sum(&[&b]),
            sum(&[&a, &a]),
            sum(&[&[Value::from("a"), Value::from("")]]),
            sum(&[&[Value::from(vec![97_u8]), Value::from("b")]]),
            sum(&[&[Value::Int(1)]]),
        ];
        let distinct: std::collections::HashSet<_> = different.iter().collect();
        assert_eq!(distinct.len(), different.len());
    }
}
