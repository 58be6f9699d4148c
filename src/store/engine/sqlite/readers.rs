//! Read-only connections, called on the thread of whoever reads: a hop to another thread costs more than the read.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::tx::fault;
use super::{closed, connect};
use crate::store::StoreError;

/// Connections that are kept while nobody reads. At most as many are busy as threads poll reads.
const KEPT: usize = 32;

/// The pool.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    /// `None` once closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::new(Some(Vec::new())) }
    }

    /// The connection that was used last, whose cache is warm, or a new one.
    pub(super) fn take(&self) -> Result<Connection, StoreError> {
        let kept =
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut().ok_or_else(closed)?.pop();
        match kept {
            Some(conn) => Ok(conn),
            None => self.open(),
        }
    }

    pub(super) fn put(&self, conn: Connection) {
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            && idle.len() < KEPT
        {
            idle.push(conn);
        }
    }

    /// Closes the idle connections, and each busy one when it comes back.
    pub(super) fn close(&self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn open(&self) -> Result<Connection, StoreError> {
        let conn = connect(&self.path)?;
        let settings = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;";
        conn.execute_batch(settings).map_err(|cause| fault(&cause))?;
        Ok(conn)
    }
}
