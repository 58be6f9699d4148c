//! SQLite: one writer thread that commits in groups, readers called inline, checkpoints beside the writer.
//!
//! ```text
//! write() --> bounded queue --> writer thread: BEGIN, a savepoint per work, COMMIT, all answers
//! read()  --> a read-only connection of the pool, on the caller's own thread
//!             checkpoint thread: wal_checkpoint(PASSIVE) while there is something to move
//! ```

mod checkpoint;
mod readers;
mod tx;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{mpsc, oneshot};

use self::readers::Readers;
pub use self::tx::SqliteTx;
use self::tx::fault;
use self::writer::{Job, Message, Writer};
use super::caught::caught;
use crate::store::{StoreError, Task, Tx};

/// Works that may wait for the writer.
const QUEUE: usize = 1_024;
/// How long a work may wait for a place in the queue.
const QUEUE_WAIT: Duration = Duration::from_secs(10);
/// How long a connection waits for another process that holds a lock.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Statements each connection keeps prepared; the program has fewer.
const STATEMENTS_KEPT: usize = 512;

/// A database file, its writer and its readers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sqlite(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// `None` only while the last clone is dropped.
    queue: Option<mpsc::Sender<Message>>,
    readers: Readers,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Sqlite {
    pub(crate) fn open(path: &str) -> Result<Self, StoreError> {
        if path.is_empty() || path.starts_with(':') {
            return Err(StoreError::Database("sqlite: names a file; there is no database in memory".into()));
        }
        let path = PathBuf::from(path);
        create_private(&path)?;
        let (queue, works) = mpsc::channel(QUEUE);
        let writer = Writer::open(path.clone())?;
        let readers = Readers::new(path);
        readers.put(readers.take()?);
        let writer = thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || writer.run(works))
            .map_err(|cause| StoreError::Database(format!("no thread for the writer: {cause}")))?;
        Ok(Self(Arc::new(Inner { queue: Some(queue), readers, writer: Mutex::new(Some(writer)) })))
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send + Sync + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Work(Box::new(Job::new(work, reply)))).await?;
        answer.await.map_err(|_| closed())?
    }

    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send,
        F: for<'a> FnOnce(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send,
    {
        let mut tx = Tx::Sqlite(SqliteTx::read(self.0.readers.take()?)?);
        let done = caught(|| work(&mut tx)).await;
        // A connection that cannot end its snapshot, or whose future was dropped half way, is closed instead.
        let Tx::Sqlite(tx) = tx else { return done };
        let (conn, done) = tx.end(done);
        if let Some(conn) = conn {
            self.0.readers.put(conn);
        }
        done
    }

    /// Lets the writer finish what has queued, checkpoints and closes the file. Later works are refused.
    pub(crate) async fn close(&self) {
        let (reply, answer) = oneshot::channel();
        if self.send(Message::Close(reply)).await.is_ok() {
            // An error says that the writer is gone already.
            let _ = answer.await;
        }
        self.0.readers.close();
        self.0.join();
    }

    async fn send(&self, message: Message) -> Result<(), StoreError> {
        let queue = self.0.queue.as_ref().ok_or_else(closed)?;
        let message = match queue.try_send(message) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(closed()),
            Err(mpsc::error::TrySendError::Full(message)) => message,
        };
        match tokio::time::timeout(QUEUE_WAIT, queue.send(message)).await {
            Ok(sent) => sent.map_err(|_| closed()),
            Err(_) => Err(StoreError::Database("the writer's queue stayed full".into())),
        }
    }
}

impl Inner {
    /// Waits for the writer's thread, unless this is it: a work may hold the last clone of its own database.
    fn join(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer
            && writer.thread().id() != thread::current().id()
            && writer.join().is_err()
        {
            tracing::error!("the writer's thread ended in a panic");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Without a sender the writer finishes what has queued and ends. It waits for nobody, so neither does this
        // wait for long, even on a thread of the runtime.
        self.queue = None;
        self.readers.close();
        self.join();
    }
}

fn closed() -> StoreError {
    StoreError::Database("the database was closed".into())
}

/// The file holds password hashes: when it is new, only its owner may read it. SQLite gives its companions the
/// same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(path).map(drop);
    opened.map_err(|cause| StoreError::Database(format!("{}: {cause}", path.display())))
}

/// A connection with the settings they all share.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY_WAIT)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        conn.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
             PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 0;",
        )?;
        Ok(conn)
    };
    open().map_err(|cause| match fault(&cause) {
        StoreError::Database(text) => StoreError::Database(format!("{}: {text}", path.display())),
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn table(dir: &tempfile::TempDir) -> Sqlite {
        let db = Sqlite::open(dir.path().join("test.db").to_str().unwrap()).unwrap();
        db.write(|tx| {
            Box::pin(async {
                let Tx::Sqlite(tx) = tx else { unreachable!() };
                tx.batch("CREATE TABLE t (n INTEGER NOT NULL PRIMARY KEY) STRICT")
            })
        })
        .await
        .unwrap();
        db
    }

    async fn numbers(db: &Sqlite) -> Vec<i64> {
        db.read(|tx| Box::pin(tx.all("SELECT n FROM t ORDER BY n", &[]))).await.unwrap()
    }

    async fn insert(db: &Sqlite, n: i64) -> Result<u64, StoreError> {
        db.write(move |tx| {
            Box::pin(async move { tx.exec("INSERT INTO t (n) VALUES (?1)", crate::args![n]).await })
        })
        .await
    }

    #[tokio::test]
    async fn the_build_leaves_out_what_makes_prepared_reads_parse_again() {
        let dir = tempfile::tempdir().unwrap();
        let db = table(&dir).await;
        let options: Vec<String> =
            db.read(|tx| Box::pin(tx.all("PRAGMA compile_options", &[]))).await.unwrap();
        assert!(options.iter().any(|option| option.starts_with("THREADSAFE")), "{options:?}");
        assert!(!options.iter().any(|option| option.contains("STAT4")), "{options:?}");
    }

    #[tokio::test]
    async fn a_work_that_waits_for_something_else_is_given_up_and_the_writer_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let db = table(&dir).await;
        let waits = db.write(|_| Box::pin(std::future::pending::<Result<(), StoreError>>())).await;
        assert!(waits.unwrap_err().to_string().contains("waited"));
        insert(&db, 1).await.unwrap();
        assert_eq!(numbers(&db).await, [1]);
    }

    #[tokio::test]
    async fn after_closing_the_file_stands_alone() {
        let dir = tempfile::tempdir().unwrap();
        let db = table(&dir).await;
        insert(&db, 1).await.unwrap();
        db.close().await;
        assert!(insert(&db, 2).await.is_err());
        let files: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(files, ["test.db"]);
    }

    #[tokio::test]
    async fn a_work_may_hold_the_last_clone_of_its_database() {
        let dir = tempfile::tempdir().unwrap();
        let db = table(&dir).await;
        let (path, clone) = (dir.path().join("test.db"), db.clone());
        let task = tokio::spawn(async move {
            let held = clone.clone();
            clone
                .write(move |tx| {
                    let held = held.clone();
                    Box::pin(async move {
                        let done = tx.exec("INSERT INTO t (n) VALUES (?1)", crate::args![7]).await;
                        drop(held);
                        done
                    })
                })
                .await
        });
        task.await.unwrap().unwrap();
        drop(db);
        let db = Sqlite::open(path.to_str().unwrap()).unwrap();
        assert_eq!(numbers(&db).await, [7]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_its_owner_may_read_the_file() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let _db = table(&dir).await;
        for file in std::fs::read_dir(dir.path()).unwrap() {
            assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
        }
    }
}
