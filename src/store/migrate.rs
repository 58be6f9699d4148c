//! Migrations: the files of `migrations/`, embedded, applied in order and under a lock.
//!
//! A migration is applied once and never changes afterwards: the database remembers its checksum, and a program
//! whose file differs, or that does not know a migration the database has, refuses to go on. Processes that start
//! together wait for one another at the row with version 0.

use sha2::{Digest, Sha256};

use super::dialect::Dialect;
use super::{Db, Reader, Record, StoreError, Tx};
use crate::clock::{Clock, Ts};

/// Every migration in order: its name and its text. A new one is added at the end; nothing here changes once released.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_base", include_str!("../../migrations/0001_base.sql")),
    ("0002_objects", include_str!("../../migrations/0002_objects.sql")),
    ("0003_profiles", include_str!("../../migrations/0003_profiles.sql")),
    ("0004_hitpoints", include_str!("../../migrations/0004_hitpoints.sql")),
    ("0005_users", include_str!("../../migrations/0005_users.sql")),
    ("0006_limit", include_str!("../../migrations/0006_limit.sql")),
    ("0007_pending", include_str!("../../migrations/0007_pending.sql")),
    ("0008_ledger", include_str!("../../migrations/0008_ledger.sql")),
    ("0009_notice", include_str!("../../migrations/0009_notice.sql")),
    ("0010_dnssec", include_str!("../../migrations/0010_dnssec.sql")),
    ("0011_management", include_str!("../../migrations/0011_management.sql")),
    ("0012_life", include_str!("../../migrations/0012_life.sql")),
    ("0013_mail", include_str!("../../migrations/0013_mail.sql")),
    ("0014_mark", include_str!("../../migrations/0014_mark.sql")),
    ("0015_addl_email", include_str!("../../migrations/0015_addl_email.sql")),
    ("0016_waiting", include_str!("../../migrations/0016_waiting.sql")),
    ("0017_token", include_str!("../../migrations/0017_token.sql")),
    ("0018_code_mail", include_str!("../../migrations/0018_code_mail.sql")),
    ("0019_ns_admin", include_str!("../../migrations/0019_ns_admin.sql")),
    ("0020_lease", include_str!("../../migrations/0020_lease.sql")),
    ("0021_names", include_str!("../../migrations/0021_names.sql")),
    ("0022_login_sec", include_str!("../../migrations/0022_login_sec.sql")),
    ("0023_token", include_str!("../../migrations/0023_token.sql")),
    ("0026_variants", include_str!("../../migrations/0026_variants.sql")),
    ("0027_contact_idle", include_str!("../../migrations/0027_contact_idle.sql")),
    ("0024_launch", include_str!("../../migrations/0024_launch.sql")),
    ("0028_change_poll", include_str!("../../migrations/0028_change_poll.sql")),
];

crate::statements! {
    LIST = "SELECT version, name, checksum, applied_at FROM schema_migration WHERE version > 0 ORDER BY version LIMIT 10000";
    INSERT = "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)";
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (\
    version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";
const LOCK: &str = "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (0, 'lock', '', 0) \
    ON CONFLICT DO NOTHING; \
    UPDATE schema_migration SET applied_at = applied_at + 1 WHERE version = 0";

/// Two processes that create the first table at the same moment fail on a name inside Postgres' own tables.
const TABLE_TRIES: usize = 5;

/// A migration and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// Its file's name without the ending.
    pub name: String,
    /// When it was applied; `None` while it waits.
    pub applied_at: Option<Ts>,
}

struct Applied {
    version: i64,
    name: String,
    checksum: String,
    at: Ts,
}

impl Record for Applied {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { version: row.get()?, name: row.get()?, checksum: row.get()?, at: row.get()? })
    }
}

impl Db {
    /// Applies every migration the database does not have, and names them.
    ///
    /// # Errors
    /// When the database has a migration that this program does not know or knows otherwise, or refuses one.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.migrate_to(MIGRATIONS).await
    }

    /// Every migration this program knows, and whether the database has it.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrations(&self) -> Result<Vec<Migration>, StoreError> {
        let has_table = Dialect::of(self).has_table;
        let applied = self
            .read(move |tx| {
                Box::pin(async move {
                    let found = tx.one::<i64>(has_table, crate::args!["schema_migration"]).await?;
                    if found == Some(0) { Ok(Vec::new()) } else { tx.all::<Applied>(LIST, &[]).await }
                })
            })
            .await?;
        compare(MIGRATIONS, &applied)?;
        let known = MIGRATIONS.iter().zip(1..).map(|((name, _), version)| Migration {
            version,
            name: (*name).to_owned(),
            applied_at: applied.iter().find(|a| a.version == version).map(|a| a.at),
        });
        Ok(known.collect())
    }

    async fn migrate_to(&self, known: &'static [(&str, &str)]) -> Result<Vec<String>, StoreError> {
        self.create_table().await?;
        let dialect = Dialect::of(self);
        let mut done = Vec::new();
        while let Some(name) = self.write(move |tx| Box::pin(apply_next(tx, known, dialect))).await? {
            tracing::info!(migration = name, "migration applied");
            done.push(name.to_owned());
        }
        Ok(done)
    }

    async fn create_table(&self) -> Result<(), StoreError> {
        let table = Dialect::of(self).migration(TABLE);
        let mut tries = 1;
        loop {
            let table = table.clone();
            let done = self
                .write(move |tx| {
                    let table = table.clone();
                    Box::pin(async move { tx.batch(&table).await })
                })
                .await;
            match done {
                Err(StoreError::Database(_)) if tries < TABLE_TRIES => tries += 1,
                done => return done,
            }
        }
    }
}

/// Applies the first migration that is missing, alone in its transaction.
async fn apply_next(
    tx: &mut Tx,
    known: &'static [(&str, &str)],
    dialect: &Dialect,
) -> Result<Option<&'static str>, StoreError> {
    tx.batch(LOCK).await?;
    let applied = tx.all::<Applied>(LIST, &[]).await?;
    compare(known, &applied)?;
    let Some((name, sql)) = known.get(applied.len()) else { return Ok(None) };
    tx.batch(&dialect.migration(sql)).await?;
    let version = i64::try_from(applied.len() + 1).unwrap_or(i64::MAX);
    tx.exec(INSERT, crate::args![version, *name, checksum(sql), Clock::system().now()]).await?;
    Ok(Some(name))
}

/// The database's migrations must be the first ones of this program's.
fn compare(known: &[(&str, &str)], applied: &[Applied]) -> Result<(), StoreError> {
    for (applied, version) in applied.iter().zip(1..) {
        if applied.version != version {
            return Err(StoreError::Database(format!(
                "the database lacks migration {version} but has later ones"
            )));
        }
        let index = usize::try_from(version - 1).unwrap_or(usize::MAX);
        let Some((name, sql)) = known.get(index) else {
            return Err(StoreError::Database(format!(
                "the database has migration {}, which this program does not know: it was made by a newer one",
                applied.name
            )));
        };
        if applied.name != *name || applied.checksum != checksum(sql) {
            return Err(StoreError::Database(format!(
                "migration {} was edited after it was applied to this database",
                applied.name
            )));
        }
    }
    Ok(())
}

fn checksum(sql: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(sql.as_bytes()))
}
