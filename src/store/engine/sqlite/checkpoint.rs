//! Moving the log into the database beside the writer, so that no commit has to wait for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use metrics::gauge;
use rusqlite::Connection;

use super::super::count;
use super::{BUSY_WAIT, connect};
use crate::store::StoreError;

/// How often the log is moved while there are commits.
const PAUSE: Duration = Duration::from_millis(500);
/// Under unbroken load the log is never quite empty and grows; above this the writer lets it start over.
const LOG_MAX_BYTES: u64 = 64 << 20;
/// How long the writer then waits for readers to let go of the log. If they do not, it grows until they do.
const RESTART_WAIT: Duration = Duration::from_millis(200);
const PAGE_BYTES: u64 = 4_096;

#[derive(Debug, Default)]
struct Shared {
    /// Whether anything was committed since the log was last moved.
    written: AtomicBool,
    log_bytes: AtomicU64,
}

/// The writer's hold on the thread that moves the log.
#[derive(Debug)]
pub(super) struct Checkpointer {
    shared: Arc<Shared>,
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let conn = connect(path)?;
        let shared = Arc::new(Shared { written: AtomicBool::new(true), log_bytes: AtomicU64::new(0) });
        let (stop, stopped) = channel();
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("sqlite-checkpoint".into())
            .spawn(move || serve(&conn, &theirs, &stopped))
            .map_err(|cause| StoreError::Database(format!("no thread for checkpoints: {cause}")))?;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread) })
    }

    /// Called between two groups with the writer's connection.
    pub(super) fn committed(&self, conn: &Connection) {
        self.shared.written.store(true, Ordering::Relaxed);
        if self.shared.log_bytes.load(Ordering::Relaxed) <= LOG_MAX_BYTES {
            return;
        }
        let restart = || {
            conn.busy_timeout(RESTART_WAIT)?;
            let done = checkpoint(conn, "PRAGMA wal_checkpoint(RESTART)");
            conn.busy_timeout(BUSY_WAIT)?;
            done
        };
        match restart() {
            // Asked again only after the next measurement, whatever came of it.
            Ok(_) => self.shared.log_bytes.store(0, Ordering::Relaxed),
            Err(cause) => tracing::warn!(%cause, "the log could not start over"),
        }
    }

    pub(super) fn stop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpoint thread ended in a panic");
        }
    }
}

fn serve(conn: &Connection, shared: &Shared, stopped: &Receiver<()>) {
    while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
        if !shared.written.swap(false, Ordering::Relaxed) {
            continue;
        }
        match checkpoint(conn, "PRAGMA wal_checkpoint(PASSIVE)") {
            Ok(pages) => {
                let bytes = pages.saturating_mul(PAGE_BYTES);
                shared.log_bytes.store(bytes, Ordering::Relaxed);
                gauge!(count::WAL_BYTES).set(bytes as f64);
            }
            Err(cause) => tracing::warn!(%cause, "the log could not be moved into the database"),
        }
    }
}

/// Runs a checkpoint and says how many pages the log holds.
fn checkpoint(conn: &Connection, sql: &str) -> rusqlite::Result<u64> {
    let pages: i64 = conn.query_row(sql, [], |row| row.get(1))?;
    Ok(u64::try_from(pages).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn database() -> (tempfile::TempDir, Connection) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test.db");
        drop(std::fs::File::create(&path).unwrap());
        let conn = connect(&path).unwrap();
        conn.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (b BLOB) STRICT;").unwrap();
        (dir, conn)
    }

    fn write(conn: &Connection) {
        conn.execute("INSERT INTO t (b) VALUES (zeroblob(1000000))", []).unwrap();
    }

    #[test]
    fn the_log_is_moved_beside_the_writer() {
        let (dir, conn) = database();
        let path = dir.path().join("test.db");
        let mut checkpointer = Checkpointer::start(&path).unwrap();
        write(&conn);
        assert!(std::fs::metadata(&path).unwrap().len() < 1_000_000, "commits move nothing");
        checkpointer.committed(&conn);
        let begun = Instant::now();
        while std::fs::metadata(&path).unwrap().len() < 1_000_000 {
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing was moved");
            thread::sleep(Duration::from_millis(20));
        }
        checkpointer.stop();
    }

    #[test]
    fn a_log_that_grew_too_long_starts_over() {
        let (dir, conn) = database();
        let mut checkpointer = Checkpointer::start(&dir.path().join("test.db")).unwrap();
        checkpointer.stop();
        let pages = || checkpoint(&conn, "PRAGMA wal_checkpoint(PASSIVE)").unwrap();
        write(&conn);
        checkpointer.shared.log_bytes.store(LOG_MAX_BYTES, Ordering::Relaxed);
        checkpointer.committed(&conn);
        write(&conn);
        assert!(pages() > 450, "within the bound it goes on");
        // A reader that holds on to the log delays it, for a moment only.
        write(&conn);
        let reader = connect(&dir.path().join("test.db")).unwrap();
        reader.execute_batch("BEGIN; SELECT COUNT(*) FROM t;").unwrap();
        write(&conn);
        let held = pages();
        checkpointer.shared.log_bytes.store(LOG_MAX_BYTES + 1, Ordering::Relaxed);
        checkpointer.committed(&conn);
        write(&conn);
        assert!(pages() > held, "what the reader needs stays");
        reader.execute_batch("COMMIT").unwrap();
        checkpointer.shared.log_bytes.store(LOG_MAX_BYTES + 1, Ordering::Relaxed);
        checkpointer.committed(&conn);
        write(&conn);
        assert!(pages() < 300, "only the last write is in it");
    }
}
