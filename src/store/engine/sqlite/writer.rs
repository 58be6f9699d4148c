//! The writer: the only connection that writes, and the thread that owns it.
//!
//! Works that queue while a commit is on its way to the disk run one after another in the next transaction, each in
//! a savepoint of its own, and one sync makes them all durable. No work is answered before that.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use metrics::{counter, gauge, histogram};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::super::caught::caught;
use super::super::count;
use super::checkpoint::Checkpointer;
use super::tx::{SqliteTx, fault, step};
use super::{BUSY_WAIT, connect};
use crate::store::{StoreError, Task, Tx};

/// Most works of one commit: enough that syncs no longer matter, few enough that the first does not wait long.
const GROUP: usize = 64;
/// How long a work that waits, although it must not, may hold up all others.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two tries to turn the write-ahead log on.
const SWITCH_PAUSE: Duration = Duration::from_millis(20);

/// What the writer is asked to do.
pub(super) enum Message {
    /// Run this in the next group.
    Work(Box<dyn Work>),
    /// Finish and say so.
    Close(oneshot::Sender<()>),
}

/// A work of any result type.
pub(super) trait Work: Send {
    /// Whether nobody waits for it any more.
    fn abandoned(&self) -> bool;
    /// Runs it on that connection, inside a savepoint, and says whether its changes stay.
    fn run(&mut self, conn: Connection) -> (Option<Connection>, bool);
    /// Answers what it came to, if its group was committed.
    fn answer(self: Box<Self>, group: Result<(), StoreError>);
}

/// A work with its result on the way to whoever waits for it.
pub(super) struct Job<T, F> {
    work: F,
    done: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job<T, F> {
    pub(super) fn new(work: F, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work, done: None, reply }
    }
}

impl<T, F> Work for Job<T, F>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send + Sync + 'static,
{
    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(&mut self, conn: Connection) -> (Option<Connection>, bool) {
        let mut tx = Tx::Sqlite(SqliteTx::savepoint(conn));
        let done = finish(caught(|| (self.work)(&mut tx)));
        let Tx::Sqlite(tx) = tx else { return (None, false) };
        let (conn, done) = tx.into_parts(done);
        let stays = done.is_ok();
        self.done = Some(done);
        (Some(conn), stays)
    }

    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        let done = match (group, self.done) {
            // What failed by itself says why, whatever became of the others.
            (_, Some(Err(cause))) => Err(cause),
            (Err(cause), _) => Err(cause),
            (Ok(()), Some(Ok(done))) => Ok(done),
            (Ok(()), None) => Err(StoreError::Shape("a work that did not run")),
        };
        // Whoever asked may have gone; the work is as durable as it would be otherwise.
        let _ = self.reply.send(done);
    }
}

/// Polls a work to its end on this thread. It waits for nothing but its transaction, whose statements return at
/// once, so the first poll is the last; one that waits for something else is given up after a while.
fn finish<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let mut work = pin!(work);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let begun = Instant::now();
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        let left = PATIENCE.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(StoreError::Shape("a write waited for something other than its transaction"));
        }
        thread::park_timeout(left);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The writer's own state.
pub(super) struct Writer {
    path: PathBuf,
    /// `None` after a failure that leaves the connection in doubt; the next group opens another.
    conn: Option<Connection>,
    checkpointer: Checkpointer,
}

impl Writer {
    pub(super) fn open(path: PathBuf) -> Result<Self, StoreError> {
        let conn = open(&path)?;
        let checkpointer = Checkpointer::start(&path)?;
        Ok(Self { path, conn: Some(conn), checkpointer })
    }

    /// Serves the queue until it is closed.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut closing = None;
        while closing.is_none()
            && let Some(first) = queue.blocking_recv()
        {
            let mut works = Vec::new();
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Work(work) => works.push(work),
                    Message::Close(reply) => closing = Some(reply),
                }
                next = if works.len() < GROUP && closing.is_none() { queue.try_recv().ok() } else { None };
            }
            gauge!(count::QUEUE).set(queue.len() as f64);
            works.retain(|work| !work.abandoned());
            if !works.is_empty() {
                self.group(works);
            }
        }
        queue.close();
        self.end();
        if let Some(reply) = closing {
            let _ = reply.send(());
        }
    }

    /// One transaction: every work, one commit, then every answer.
    fn group(&mut self, mut works: Vec<Box<dyn Work>>) {
        let begun = Instant::now();
        histogram!(count::GROUP_SIZE).record(works.len() as f64);
        let done = self.transact(&mut works);
        if let Err(cause) = &done {
            tracing::error!(%cause, works = works.len(), "a group of writes was not committed");
            counter!(count::GROUPS_LOST).increment(1);
        }
        histogram!(count::COMMIT_SECONDS).record(begun.elapsed().as_secs_f64());
        for work in works {
            work.answer(done.clone());
        }
        if done.is_ok()
            && let Some(conn) = &self.conn
        {
            self.checkpointer.committed(conn);
        }
    }

    fn transact(&mut self, works: &mut [Box<dyn Work>]) -> Result<(), StoreError> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => open(&self.path)?,
        };
        if let Err(cause) = step(&conn, "BEGIN IMMEDIATE") {
            self.conn = conn.is_autocommit().then_some(conn);
            return Err(cause);
        }
        for work in works {
            step(&conn, "SAVEPOINT work")?;
            let (back, stays) = work.run(conn);
            conn = back.ok_or(StoreError::Shape("a work kept its transaction"))?;
            // Some failures, such as a full disk, make SQLite roll everything back by itself.
            if conn.is_autocommit() {
                self.conn = Some(conn);
                return Err(StoreError::Database("the transaction of the group was lost".into()));
            }
            if !stays {
                step(&conn, "ROLLBACK TO work")?;
            }
            step(&conn, "RELEASE work")?;
        }
        // A connection dropped on the way out of an error above rolls back as it closes.
        step(&conn, "COMMIT")?;
        self.conn = Some(conn);
        Ok(())
    }

    /// Leaves one file behind, without its log, if no other process uses it.
    fn end(mut self) {
        self.checkpointer.stop();
        if let Some(conn) = self.conn.take() {
            let done = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(cause) = done {
                tracing::warn!(%cause, "the log was not moved into the database while closing; it will be");
            }
        }
    }
}

fn open(path: &std::path::Path) -> Result<Connection, StoreError> {
    let conn = connect(path)?;
    let mode = switch_to_log(&conn)?;
    if mode != "wal" {
        return Err(StoreError::Database(format!("{}: no write-ahead log: {mode}", path.display())));
    }
    conn.execute_batch("PRAGMA cache_size = -65536;").map_err(|cause| fault(&cause))?;
    Ok(conn)
}

/// Turns the write-ahead log on. Of several processes that open a new file at the same moment SQLite turns all but
/// one away at once, without the wait it has for other locks; so they try again for as long as that wait.
fn switch_to_log(conn: &Connection) -> Result<String, StoreError> {
    let mut waited = Duration::ZERO;
    loop {
        let mode = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match mode.map_err(|cause| fault(&cause)) {
            Err(StoreError::Again(_)) if waited < BUSY_WAIT => {
                std::thread::sleep(SWITCH_PAUSE);
                waited += SWITCH_PAUSE;
            }
            done => return done,
        }
    }
}
