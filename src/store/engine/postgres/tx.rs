//! A transaction on a pooled connection, with as few round trips as its statements allow.
//!
//! BEGIN travels with the first query, and what ends a transaction that changed nothing is not waited for.

use std::future::{Future, poll_fn, ready};
use std::task::Poll;
use std::time::Duration;

use deadpool_postgres::Object;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use super::super::{Row, Value};
use super::fault::{Stage, classify, lost};
use super::{Postgres, value};
use crate::store::StoreError;

/// How long the server may take for one answer. It gives up on a statement sooner, so this is a broken network.
const ANSWER_WAIT: Duration = Duration::from_secs(30);
/// The same for statements that may take long: migrations.
const LONG_WAIT: Duration = Duration::from_secs(3_600);

/// Statements that travel together.
const IN_FLIGHT: usize = 64;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
}

impl Mode {
    const fn begin(self) -> &'static str {
        match self {
            Self::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
            Self::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }
}

/// Owns the connection while a work runs on it.
#[derive(Debug)]
pub struct PostgresTx {
    db: Postgres,
    /// `None` once the connection broke.
    client: Option<Object>,
    mode: Mode,
    /// Whether BEGIN was sent and nothing that ends it.
    open: bool,
    /// The first statement that failed: Postgres goes on with nothing after it.
    fault: Option<StoreError>,
    patience: Duration,
}

impl PostgresTx {
    pub(super) fn new(db: Postgres, client: Object, mode: Mode) -> Self {
        Self { db, client: Some(client), mode, open: false, fault: None, patience: ANSWER_WAIT }
    }

    pub(crate) async fn query(&mut self, sql: &'static str, args: &[Value]) -> Result<Vec<Row>, StoreError> {
        let fresh = !self.open;
        match self.query_once(sql, args).await {
            // A reader that has seen nothing yet may begin elsewhere.
            Err(StoreError::Again(_)) if fresh && self.mode == Mode::Read => {
                self.discard();
                self.client = Some(self.db.client().await?);
                self.fault = None;
                self.query_once(sql, args).await
            }
            done => done,
        }
    }

    async fn query_once(&mut self, sql: &'static str, args: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.statement(sql).await?;
        // Should BEGIN fail, what follows it runs by itself, which only a SELECT may.
        if !sql.starts_with("SELECT") {
            self.begin().await?;
        }
        let begin = if self.open { None } else { Some(self.mode.begin()) };
        self.open = true;
        let Some(client) = &self.client else { return Err(gone()) };
        let args = parameters(args);
        let work = async {
            let rows = client.query(&statement, &args);
            let rows = match begin {
                None => rows.await?,
                Some(begin) => {
                    // Both are on their way before either is answered, in this order.
                    let (begun, rows) = tokio::join!(biased; client.batch_execute(begin), rows);
                    begun.and(rows)?
                }
            };
            rows.iter().map(value::row).collect()
        };
        let done = within(self.patience, work).await;
        self.noted(done)
    }

    pub(crate) async fn exec(&mut self, sql: &'static str, args: &[Value]) -> Result<u64, StoreError> {
        let statement = self.statement(sql).await?;
        self.begin().await?;
        let Some(client) = &self.client else { return Err(gone()) };
        let done = within(self.patience, client.execute(&statement, &parameters(args))).await;
        self.noted(done)
    }

    pub(crate) async fn exec_each(&mut self, sql: &'static str, rows: &[Row]) -> Result<u64, StoreError> {
        let statement = self.statement(sql).await?;
        self.begin().await?;
        let mut touched = 0;
        for some in rows.chunks(IN_FLIGHT) {
            let Some(client) = &self.client else { return Err(gone()) };
            let args: Vec<_> = some.iter().map(|row| parameters(&row.0)).collect();
            let flights = args.iter().map(|args| client.execute(&statement, args));
            let done = within(self.patience, in_flight(flights)).await;
            touched += self.noted(done)?;
        }
        Ok(touched)
    }

    /// Runs statements that are not kept, such as a migration's, which may take long.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.begin().await?;
        self.patience = LONG_WAIT;
        let Some(client) = &self.client else { return Err(gone()) };
        let work = async {
            client.batch_execute("SET LOCAL statement_timeout = 0").await?;
            client.batch_execute(sql).await
        };
        let done = within(self.patience, work).await;
        self.noted(done)
    }

    /// Prepares a statement and runs nothing.
    pub(crate) async fn prepare(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.begin().await?;
        self.statement(sql).await.map(drop)
    }

    pub(crate) async fn undo(&mut self) -> Result<(), StoreError> {
        if self.open {
            let Some(client) = &self.client else { return Err(gone()) };
            let begin = self.mode.begin();
            let work = async {
                let (ended, begun) =
                    tokio::join!(biased; client.batch_execute("ROLLBACK"), client.batch_execute(begin));
                ended.and(begun)
            };
            let done = within(self.patience, work).await;
            self.fault = None;
            return self.noted(done);
        }
        self.fault = None;
        Ok(())
    }

    /// Ends the transaction as the work's result asks, and says what it comes to: a failed statement cannot be
    /// talked away, and nothing is done before the server says that it is committed.
    pub(super) async fn end<T>(mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        let done = self.fault.take().map_or(done, Err);
        let Some(client) = &self.client else { return done };
        if !self.open {
            return done;
        }
        if done.is_err() || self.mode == Mode::Read {
            // Answers come in the order of the questions, so whoever has the connection next comes after this.
            let rollback = client.batch_execute("ROLLBACK");
            tokio::select! {
                biased;
                _ = rollback => {}
                () = ready(()) => {}
            }
            self.open = false;
            return done;
        }
        match within(self.patience, client.batch_execute("COMMIT")).await {
            Ok(Ok(())) => {
                self.open = false;
                done
            }
            Ok(Err(cause)) => {
                let (cause, sound) = classify(&cause, Stage::Commit);
                // After a refused COMMIT no transaction is open.
                self.open = !sound;
                Err(cause)
            }
            Err(Silence) => Err(lost("the server does not answer".into(), Stage::Commit)),
        }
    }

    /// Sends BEGIN by itself, in front of a statement that changes something.
    async fn begin(&mut self) -> Result<(), StoreError> {
        self.sound()?;
        if self.open {
            return Ok(());
        }
        self.open = true;
        let Some(client) = &self.client else { return Err(gone()) };
        let done = within(self.patience, client.batch_execute(self.mode.begin())).await;
        self.noted(done)
    }

    async fn statement(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        self.sound()?;
        let Some(client) = &self.client else { return Err(gone()) };
        let text = self.db.0.texts.of(sql);
        let done = within(self.patience, client.prepare_cached(&text)).await;
        self.noted(done)
    }

    fn sound(&self) -> Result<(), StoreError> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn noted<T>(&mut self, done: Result<Result<T, tokio_postgres::Error>, Silence>) -> Result<T, StoreError> {
        let (cause, sound) = match done {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(cause)) => classify(&cause, Stage::Before),
            Err(Silence) => (StoreError::Database("the server does not answer".into()), false),
        };
        if !sound {
            self.discard();
        }
        self.fault = Some(cause.clone());
        Err(cause)
    }

    /// Closes the connection instead of handing it back: it is broken, or in the middle of something.
    fn discard(&mut self) {
        self.open = false;
        drop(self.client.take().map(Object::take));
    }
}

impl Drop for PostgresTx {
    /// A transaction that was not ended, because whoever waited for it went away, ends with its connection.
    fn drop(&mut self) {
        if self.open {
            self.discard();
        }
    }
}

/// No answer in time.
struct Silence;

async fn within<T>(patience: Duration, work: impl Future<Output = T>) -> Result<T, Silence> {
    tokio::time::timeout(patience, work).await.map_err(|_| Silence)
}

fn gone() -> StoreError {
    StoreError::Again("the connection was lost".into())
}

fn parameters(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// Sends every statement before it waits for the first answer; the rows they touched, or the first failure.
async fn in_flight<E>(flights: impl Iterator<Item = impl Future<Output = Result<u64, E>>>) -> Result<u64, E> {
    let mut flights: Vec<_> = flights.map(Box::pin).collect();
    // Being polled is what sends a statement. Answers come in order, so only the first one out is asked again.
    let mut early: Vec<Option<Result<u64, E>>> = Vec::with_capacity(flights.len());
    poll_fn(|cx| {
        for flight in &mut flights {
            early.push(match flight.as_mut().poll(cx) {
                Poll::Ready(done) => Some(done),
                Poll::Pending => None,
            });
        }
        Poll::Ready(())
    })
    .await;
    let mut touched = 0;
    for (flight, early) in flights.iter_mut().zip(early) {
        touched += match early {
            Some(done) => done?,
            None => flight.await?,
        };
    }
    Ok(touched)
}
