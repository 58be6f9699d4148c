//! What an error of Postgres means to us. No text made here holds a parameter's value.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// Where a transaction was when the error came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before its COMMIT was sent: whatever happened, nothing stays.
    Before,
    /// While it was committing.
    Commit,
}

/// The error of a statement, and whether the connection is still good for anything.
pub(super) fn classify(cause: &Error, stage: Stage) -> (StoreError, bool) {
    let text = text(cause);
    let Some(code) = cause.code() else {
        // A parameter that cannot be written as its column's type is found before anything is sent.
        if stage == Stage::Before && !is_transport(cause) {
            return (StoreError::Database(text), true);
        }
        return (lost(text, stage), false);
    };
    if matches!(*code, SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED) {
        return (StoreError::Again(text), true);
    }
    if matches!(*code, SqlState::UNIQUE_VIOLATION | SqlState::FOREIGN_KEY_VIOLATION) {
        return (StoreError::Key(text), true);
    }
    match code.code().get(..2) {
        // Connection exceptions and a server that is shutting down; 40003 says that nobody knows.
        Some("08") => (lost(text, stage), false),
        _ if *code == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN => (lost(text, stage), false),
        _ if is_shutdown(code) => (lost(text, stage), false),
        _ => (StoreError::Database(text), true),
    }
}

/// A connection that broke: harmless before the commit, unknown during it, and then never run again.
pub(super) fn lost(text: String, stage: Stage) -> StoreError {
    match stage {
        Stage::Before => StoreError::Again(text),
        Stage::Commit => StoreError::Database(format!("it is not known whether a commit was done: {text}")),
    }
}

/// Whether a server that refused a connection may accept one in a moment.
pub(super) fn may_pass(cause: &Error) -> bool {
    match cause.code() {
        None => is_transport(cause) && !is_distrust(cause),
        Some(code) => {
            is_shutdown(code) || *code == SqlState::TOO_MANY_CONNECTIONS || code.code().starts_with("08")
        }
    }
}

/// The server's message and code. Data exceptions (class 22) quote the value, so of them only the code is told.
pub(super) fn text(cause: &Error) -> String {
    match cause.as_db_error() {
        Some(db) if db.code().code().starts_with("22") => {
            format!("a value does not fit its column ({})", db.code().code())
        }
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => match cause.source() {
            Some(source) => format!("{cause}: {source}"),
            None => cause.to_string(),
        },
    }
}

fn is_shutdown(code: &SqlState) -> bool {
    matches!(*code, SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW)
        || code.code() == "57P05"
        || code.code() == "25P03"
}

/// A certificate that is refused, or an answer that is no TLS: it will be so the next time too.
fn is_distrust(cause: &Error) -> bool {
    let inner = cause.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    inner.is_some_and(|inner| inner.kind() == std::io::ErrorKind::InvalidData)
}

/// The driver does not let its kinds of error be matched; closed and input/output are what a broken connection
/// gives, and of the rest none has such a source.
fn is_transport(cause: &Error) -> bool {
    let mut source = cause.source();
    while let Some(inner) = source {
        if inner.is::<std::io::Error>() {
            return true;
        }
        source = inner.source();
    }
    cause.is_closed()
}
