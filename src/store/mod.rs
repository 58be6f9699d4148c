//! The database: one SQL text per statement for SQLite and Postgres.
//!
//! # The portable subset
//! - Parameters are `?1 ?2 ..`; the Postgres engine writes them as `$1 $2 ..` when it prepares a statement, so no
//!   statement holds a question mark or a dollar sign for another purpose.
//! - Types are BIGINT, TEXT and BYTEA. Times are BIGINT microseconds UTC from our clock, booleans BIGINT 0 and 1,
//!   structures TEXT holding JSON. No `now()`, no sequences, no arrays, no identity columns: ids are made by us.
//! - Names are stored as lower-case A-labels; what is compared without regard to case has a key column.
//! - An insert that may collide says `ON CONFLICT DO NOTHING`, and the count of rows says whether it did.
//! - `CAST(SUM(x) AS BIGINT)`, `LIMIT` on every query that can return many rows, an index for every query.
//! - Texts are never ordered or compared with `<` (collations differ); bytes and integers may be.
//! - What cannot be said in one text is in the table of `dialect.rs`, which has four entries and room for one more:
//!   the migrations' BIGINT, BYTEA and end of a table, and how to ask whether a table is there.
//! - After a statement that failed, every further one of the transaction fails the same way, on both engines, until
//!   [`Tx::undo`].

pub mod access;
pub mod account;
pub mod allocation;
mod among;
pub mod audit;
pub mod claim;
pub mod contact;
pub mod copy;
mod dialect;
pub mod domain;
pub mod ds;
mod engine;
pub mod hit;
pub mod host;
pub mod idle;
mod ids;
pub mod launch;
pub mod lease;
pub mod ledger;
pub mod life;
pub mod link;
pub mod listed;
pub mod login;
pub mod mail;
pub mod maintenance;
pub mod management;
pub mod mark;
mod migrate;
pub mod ns_admin;
pub mod outbox;
pub mod pending;
pub mod pin;
pub mod poll;
mod process;
pub mod rate;
pub mod refused;
pub mod session;
pub mod token;
pub mod transfer;
pub mod ttl;
pub mod variant;
pub mod waiting;
pub mod zone;

use std::future::Future;
use std::pin::Pin;

pub use engine::{FromValue, Reader, Record, Row, Value, describe_metrics};
pub use ids::{Ids, RoidKind, roid_local, roid_object};
pub use migrate::Migration;
pub use process::{PROCESS_GONE_SECONDS, Process};

/// Every file's statements. A test prepares each on both engines, so each file that has some is named here.
pub const ALL_STATEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("access", access::STATEMENTS),
    ("account", account::STATEMENTS),
    ("allocation", allocation::STATEMENTS),
    ("audit", audit::STATEMENTS),
    ("claim", claim::STATEMENTS),
    ("contact", contact::STATEMENTS),
    ("copy", copy::STATEMENTS),
    ("domain", domain::STATEMENTS),
    ("ds", ds::STATEMENTS),
    ("hit", hit::STATEMENTS),
    ("host", host::STATEMENTS),
    ("idle", idle::STATEMENTS),
    ("lease", lease::STATEMENTS),
    ("launch", launch::STATEMENTS),
    ("ledger balance", ledger::balance::STATEMENTS),
    ("ledger entry", ledger::entry::STATEMENTS),
    ("ledger price", ledger::price::STATEMENTS),
    ("ledger proof", ledger::proof::STATEMENTS),
    ("ledger shortfall", ledger::shortfall::STATEMENTS),
    ("ledger waiting", ledger::waiting::STATEMENTS),
    ("life", life::STATEMENTS),
    ("link", link::STATEMENTS),
    ("listed", listed::STATEMENTS),
    ("login", login::STATEMENTS),
    ("mail", mail::STATEMENTS),
    ("maintenance", maintenance::STATEMENTS),
    ("management", management::STATEMENTS),
    ("mark", mark::STATEMENTS),
    ("migrate", migrate::STATEMENTS),
    ("ns_admin", ns_admin::STATEMENTS),
    ("outbox", outbox::STATEMENTS),
    ("pending", pending::STATEMENTS),
    ("pin", pin::STATEMENTS),
    ("poll", poll::STATEMENTS),
    ("process", process::STATEMENTS),
    ("rate", rate::STATEMENTS),
    ("refused", refused::STATEMENTS),
    ("session", session::STATEMENTS),
    ("token", token::STATEMENTS),
    ("transfer", transfer::STATEMENTS),
    ("ttl", ttl::STATEMENTS),
    ("variant", variant::STATEMENTS),
    ("waiting", waiting::STATEMENTS),
    ("zone", zone::STATEMENTS),
];

/// What can go wrong between us and a database.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database asks for the transaction to run again (40001, 40P01, SQLITE_BUSY).
    #[error("the transaction must run again: {0}")]
    Again(String),
    /// A key was taken, or taken away, by another transaction since this one looked (Postgres 23503, 23505). Run
    /// again, the work sees that itself. One that never looks ends with [`Self::Database`].
    #[error("a key is missing or taken: {0}")]
    Key(String),
    /// A row that is not what the code expects.
    #[error("unexpected data: {0}")]
    Shape(&'static str),
    /// The database cannot be reached, or refused.
    #[error("{0}")]
    Database(String),
}

/// A boxed future, which is what crosses from the gate into a transaction.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An open transaction of either engine.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite: the writer's connection inside a savepoint, or a reader's snapshot.
    Sqlite(engine::sqlite::SqliteTx),
    /// On Postgres: a pooled connection.
    Postgres(engine::postgres::PostgresTx),
}

/// A registry's database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// An embedded file.
    Sqlite(engine::sqlite::Sqlite),
    /// A server.
    Postgres(engine::postgres::Postgres),
}

impl Tx {
    /// The first row of a statement, or none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn one<R: Record>(
        &mut self,
        sql: &'static str,
        args: &[Value],
    ) -> Result<Option<R>, StoreError> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Every row of a statement.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all<R: Record>(&mut self, sql: &'static str, args: &[Value]) -> Result<Vec<R>, StoreError> {
        let rows = match self {
            Self::Sqlite(tx) => tx.query(sql, args)?,
            Self::Postgres(tx) => tx.query(sql, args).await?,
        };
        rows.into_iter().map(|mut row| R::read(&mut Reader::new(&mut row))).collect()
    }

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn exec(&mut self, sql: &'static str, args: &[Value]) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => tx.exec(sql, args),
            Self::Postgres(tx) => tx.exec(sql, args).await,
        }
    }

    /// Runs one statement for each row of parameters, in order, and says how many rows it touched. On Postgres they
    /// travel together.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn exec_each(&mut self, sql: &'static str, rows: &[Row]) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => tx.exec_each(sql, rows),
            Self::Postgres(tx) => tx.exec_each(sql, rows).await,
        }
    }

    /// Runs statements that are not kept prepared: a migration's.
    async fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.batch(sql),
            Self::Postgres(tx) => tx.batch(sql).await,
        }
    }

    /// Asks the engine whether it understands a statement, without running it.
    ///
    /// # Errors
    /// When it does not.
    pub async fn prepare(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.prepare(sql),
            Self::Postgres(tx) => tx.prepare(sql).await,
        }
    }

    /// Undoes everything since the transaction began, and goes on in a fresh one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn undo(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.undo(),
            Self::Postgres(tx) => tx.undo().await,
        }
    }
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://..` and applies no migration.
    ///
    /// # Errors
    /// When the address is not understood or the database cannot be reached.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Ok(Self::Sqlite(engine::sqlite::Sqlite::open(path)?))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres(engine::postgres::Postgres::open(url).await?))
        } else {
            Err(StoreError::Database("a database is named sqlite:PATH or postgres://..".to_owned()))
        }
    }

    /// Runs `work` in a write transaction and returns once its changes are durable. The work commits when it
    /// returns `Ok` and is undone when it returns `Err`. It runs again from its start, a bounded number of times,
    /// when the engine asks for that, so it keeps no state outside the transaction.
    ///
    /// On SQLite all works run one after another on the writer's thread, many in one durable commit, each in a
    /// savepoint of its own; they must not wait for anything but the transaction.
    ///
    /// # Errors
    /// What the work returned, or what kept the commit from being durable.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send + Sync + 'static,
    {
        match self {
            Self::Sqlite(db) => db.write(work).await,
            Self::Postgres(db) => db.write(work).await,
        }
    }

    /// Runs `work` on one consistent snapshot that it cannot change.
    ///
    /// # Errors
    /// What the work returned.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send,
        F: for<'a> FnOnce(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send,
    {
        match self {
            Self::Sqlite(db) => db.read(work).await,
            Self::Postgres(db) => db.read(work).await,
        }
    }
}

impl Db {
    /// Whether transactions run side by side, so that those that change one row undo one another.
    #[must_use]
    pub const fn runs_side_by_side(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read(|tx| Box::pin(async { tx.one::<i64>(PING, &[]).await.map(drop) })).await
    }

    /// Finishes the writes that were asked for, brings the file in order and closes it. Every clone is closed.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => db.close().await,
            Self::Postgres(db) => db.close(),
        }
    }
}

const PING: &str = "SELECT CAST(1 AS BIGINT)";

/// Declares a file's statements as constants and lists them for the test that prepares each on both engines.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* const $name: &str = $sql;)*
        /// The statements of this file, by name.
        pub const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name),)*];
    };
}

/// A name from the database, which holds only valid ones.
pub(crate) fn domain_name(text: &str) -> Result<crate::epp::types::DomainName, StoreError> {
    crate::epp::types::DomainName::parse(text).map_err(|_| StoreError::Shape("a stored name is not a name"))
}

/// A registrar's identifier from the database.
pub(crate) fn registrar_id(text: &str) -> Result<crate::epp::types::RegistrarId, StoreError> {
    crate::epp::types::RegistrarId::parse(text)
        .map_err(|_| StoreError::Shape("a stored identifier is too long"))
}
