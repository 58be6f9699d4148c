//! A transaction on a SQLite connection: the writer's savepoint or a reader's snapshot.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, params_from_iter};

use super::super::{Row, Value};
use crate::store::StoreError;

/// Owns the connection while a work runs on it.
#[derive(Debug)]
pub struct SqliteTx {
    conn: Connection,
    /// The first statement that failed. Postgres goes on with nothing after a failure, so neither does this.
    fault: Option<StoreError>,
    scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Savepoint,
    Snapshot,
}

impl SqliteTx {
    /// A work of its own inside the writer's transaction.
    pub(super) fn savepoint(conn: Connection) -> Self {
        Self { conn, fault: None, scope: Scope::Savepoint }
    }

    /// A reader's snapshot, taken at its first statement.
    pub(super) fn read(conn: Connection) -> Result<Self, StoreError> {
        step(&conn, "BEGIN DEFERRED")?;
        Ok(Self { conn, fault: None, scope: Scope::Snapshot })
    }

    pub(crate) fn query(&mut self, sql: &'static str, args: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.sound()?;
        let done = rows(&self.conn, sql, args);
        self.noted(done)
    }

    pub(crate) fn exec(&mut self, sql: &'static str, args: &[Value]) -> Result<u64, StoreError> {
        self.sound()?;
        let done = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params_from_iter(args)))
            .map(|touched| touched as u64);
        self.noted(done)
    }

    pub(crate) fn exec_each(&mut self, sql: &'static str, rows: &[Row]) -> Result<u64, StoreError> {
        rows.iter().try_fold(0, |touched, row| Ok(touched + self.exec(sql, &row.0)?))
    }

    /// Runs statements that are not kept, such as a migration's.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.sound()?;
        let done = self.conn.execute_batch(sql);
        self.noted(done)
    }

    /// Prepares a statement and runs nothing.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        self.sound()?;
        let done = self.conn.prepare(sql).map(drop);
        self.noted(done)
    }

    pub(crate) fn undo(&mut self) -> Result<(), StoreError> {
        match self.scope {
            Scope::Savepoint => step(&self.conn, "ROLLBACK TO work")?,
            Scope::Snapshot => {
                step(&self.conn, "ROLLBACK")?;
                step(&self.conn, "BEGIN DEFERRED")?;
            }
        }
        self.fault = None;
        Ok(())
    }

    /// The connection, and what the work comes to: a failed statement cannot be talked away.
    pub(super) fn into_parts<T>(self, done: Result<T, StoreError>) -> (Connection, Result<T, StoreError>) {
        (self.conn, self.fault.map_or(done, Err))
    }

    /// Ends a snapshot; the connection comes back if it is fit for another.
    pub(super) fn end<T>(self, done: Result<T, StoreError>) -> (Option<Connection>, Result<T, StoreError>) {
        let (conn, done) = self.into_parts(done);
        let ended = step(&conn, "COMMIT").or_else(|_| step(&conn, "ROLLBACK"));
        (ended.is_ok().then_some(conn), done)
    }

    fn sound(&self) -> Result<(), StoreError> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn noted<T>(&mut self, done: rusqlite::Result<T>) -> Result<T, StoreError> {
        done.map_err(|cause| {
            let cause = fault(&cause);
            self.fault = Some(cause.clone());
            cause
        })
    }
}

/// Runs one of the statements that frame a work.
pub(super) fn step(conn: &Connection, sql: &str) -> Result<(), StoreError> {
    let done = conn.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
    done.map(drop).map_err(|cause| fault(&cause))
}

/// What an error means to us. SQLite's messages name tables and columns, never values.
pub(super) fn fault(cause: &rusqlite::Error) -> StoreError {
    match cause.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Again(cause.to_string()),
        _ => StoreError::Database(cause.to_string()),
    }
}

fn rows(conn: &Connection, sql: &str, args: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut found = statement.query(params_from_iter(args))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let values = (0..columns).map(|column| row.get_ref(column).map(value));
        rows.push(Row(values.collect::<rusqlite::Result<_>>()?));
    }
    Ok(rows)
}

/// No statement of ours yields a float, and no text is other than UTF-8; should one, its reader finds a NULL
/// where it expected a value and says so.
fn value(column: ValueRef<'_>) -> Value {
    match column {
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map_or(Value::Null, |text| Value::Text(text.to_owned()))
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
