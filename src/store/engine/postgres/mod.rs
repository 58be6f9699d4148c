//! Postgres, or a distributed engine that speaks its protocol: a pool of connections, every write SERIALIZABLE and
//! run again when the database asks for it.
//!
//! `postgres://user:password@host/database?sslmode=verify-full&sslrootcert=FILE&pool_size=16`

mod address;
mod fault;
mod patience;
mod tls;
mod tx;
mod value;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use metrics::{counter, gauge, histogram};

use self::address::Address;
use self::patience::Patience;
use self::tx::Mode;
pub use self::tx::PostgresTx;
use super::caught::caught;
use super::count;
use crate::store::{StoreError, Task, Tx};

/// How long a command may wait for a connection of the pool.
const POOL_WAIT: Duration = Duration::from_secs(10);
/// How long opening a connection may take, its settings included.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// How long a command waits for a server that refuses connections, as one does while it restarts.
const RESTART_WAIT: Duration = Duration::from_secs(4);
/// How often a work runs again over a key that another transaction took; more often the fault is the work's own.
const KEY_TRIES: u32 = 4;
/// What every connection begins with. The server gives up on a statement before we give up on the server.
const SETTINGS: &str = "SET statement_timeout = 15000; SET idle_in_transaction_session_timeout = 60000";

/// A database server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Postgres(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pool: Pool,
    texts: Texts,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls::connector(&address)? {
            Some(tls) => Manager::from_config(address.config, tls, config),
            None => Manager::from_config(address.config, tokio_postgres::NoTls, config),
        };
        let settings = Hook::async_fn(|client, _| {
            Box::pin(async move { client.batch_execute(SETTINGS).await.map_err(HookError::Backend) })
        });
        let pool = Pool::builder(manager)
            .max_size(address.pool_size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(POOL_WAIT))
            .create_timeout(Some(CONNECT_WAIT))
            .post_create(settings)
            .build()
            .map_err(|cause| StoreError::Database(cause.to_string()))?;
        let db = Self(Arc::new(Inner { pool, texts: Texts::default() }));
        drop(db.client().await?);
        Ok(db)
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send + Sync + 'static,
    {
        let mut patience = Patience::default();
        let mut keys = 0..KEY_TRIES;
        loop {
            let cause = match self.attempt(&work).await {
                Ok(done) => return Ok(done),
                Err(cause @ StoreError::Again(_)) => cause,
                Err(StoreError::Key(cause)) => match keys.next() {
                    Some(_) => StoreError::Again(cause),
                    None => return Err(StoreError::Database(cause)),
                },
                Err(cause) => return Err(cause),
            };
            let Some(pause) = patience.next() else {
                counter!(count::RETRIES_EXHAUSTED).increment(1);
                return Err(cause);
            };
            counter!(count::RETRIES).increment(1);
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt<T, F>(&self, work: &F) -> Result<T, StoreError>
    where
        F: for<'a> Fn(&'a mut Tx) -> Task<'a, Result<T, StoreError>>,
    {
        let mut tx = Tx::Postgres(PostgresTx::new(self.clone(), self.client().await?, Mode::Write));
        let done = caught(|| work(&mut tx)).await;
        let Tx::Postgres(tx) = tx else { return done };
        let begun = Instant::now();
        let done = tx.end(done).await;
        histogram!(count::COMMIT_SECONDS).record(begun.elapsed().as_secs_f64());
        done
    }

    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send,
        F: for<'a> FnOnce(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send,
    {
        let mut tx = Tx::Postgres(PostgresTx::new(self.clone(), self.client().await?, Mode::Read));
        let done = caught(|| work(&mut tx)).await;
        match tx {
            Tx::Postgres(tx) => tx.end(done).await,
            Tx::Sqlite(_) => done,
        }
    }

    /// Closes the idle connections, and each busy one when it comes back.
    pub(crate) fn close(&self) {
        self.0.pool.close();
    }

    /// A connection. While the server refuses them, which a restart or a fail-over makes it do for a moment, this
    /// tries again for a bounded time.
    async fn client(&self) -> Result<Object, StoreError> {
        let mut patience = Patience::default();
        let begun = Instant::now();
        loop {
            let got = self.0.pool.get().await;
            gauge!(count::QUEUE).set(self.0.pool.status().waiting as f64);
            let cause = match got {
                Ok(client) => return Ok(client),
                Err(cause) => cause,
            };
            let (text, transient) = match cause {
                PoolError::Backend(cause) | PoolError::PostCreateHook(HookError::Backend(cause)) => {
                    (fault::text(&cause), fault::may_pass(&cause))
                }
                PoolError::Timeout(TimeoutType::Wait) => {
                    ("no connection of the pool became free".to_owned(), false)
                }
                cause => (cause.to_string(), false),
            };
            match patience.next() {
                Some(pause) if transient && begun.elapsed() < RESTART_WAIT => tokio::time::sleep(pause).await,
                _ => return Err(StoreError::Database(text)),
            }
        }
    }
}

/// The statements as Postgres writes them, rewritten once each. The text of a statement is static, so where it
/// lies says which it is.
#[derive(Debug, Default)]
struct Texts(RwLock<HashMap<(usize, usize), Arc<str>>>);

impl Texts {
    fn of(&self, sql: &'static str) -> Arc<str> {
        let key = (sql.as_ptr() as usize, sql.len());
        if let Some(text) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(text);
        }
        let text: Arc<str> = numbered(sql).into();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&text));
        text
    }
}

/// `?1 ?2` as `$1 $2`. No statement of ours holds a question mark for another purpose.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}
