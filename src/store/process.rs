//! Running servers: each takes a number of its own when it starts, and says now and then that it is still there.

use super::{Db, Ids, Record, StoreError, Tx};
use crate::clock::Ts;

crate::statements! {
    COUNT_UP = "UPDATE counter SET value = value + 1 WHERE name = 'process'";
    COUNT = "SELECT value FROM counter WHERE name = 'process'";
    INSERT = "INSERT INTO process (id, node, started_at, seen_at) VALUES (?1, ?2, ?3, ?3)";
    SEEN = "UPDATE process SET seen_at = ?2 WHERE id = ?1";
    DELETE = "DELETE FROM process WHERE id = ?1";
    DELETE_SESSIONS = "DELETE FROM session WHERE process = ?1";
    DELETE_NODE = "DELETE FROM process WHERE node = ?1";
    DELETE_NODE_SESSIONS = "DELETE FROM session WHERE process IN (SELECT id FROM process WHERE node = ?1)";
    DELETE_OLD = "DELETE FROM process WHERE seen_at < ?1";
    DELETE_OLD_SESSIONS = "DELETE FROM session WHERE process IN (SELECT id FROM process WHERE seen_at < ?1)";
    LIST = "SELECT id, node, started_at, seen_at FROM process ORDER BY id LIMIT 1000";
}

/// A process that was not seen for that long is gone, and its sessions with it.
pub const PROCESS_GONE_SECONDS: i64 = 60;

/// A running server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number, the upper part of every identifier it makes.
    pub id: i64,
    /// Where it runs, in its operator's words.
    pub node: String,
    /// When it started.
    pub started_at: Ts,
    /// When it last said that it is there.
    pub seen_at: Ts,
}

impl Record for Process {
    fn read(row: &mut super::Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { id: row.get()?, node: row.get()?, started_at: row.get()?, seen_at: row.get()? })
    }
}

impl Db {
    /// Takes the next process number for the server on that node, for good. What an earlier server of the same
    /// node left behind, its sessions and leases, is removed: it is gone, or this one could not start.
    ///
    /// # Errors
    /// When the number could not be made durable.
    pub async fn register(&self, node: &str, now: Ts) -> Result<Ids, StoreError> {
        let node = node.to_owned();
        let process = self
            .write(move |tx| {
                let node = node.clone();
                Box::pin(async move {
                    let process = tx.process_number().await?;
                    tx.exec(DELETE_NODE_SESSIONS, crate::args![&node]).await?;
                    tx.leases_of_node_end(&node).await?;
                    tx.exec(DELETE_NODE, crate::args![&node]).await?;
                    tx.exec(INSERT, crate::args![process, &node, now]).await?;
                    Ok(process)
                })
            })
            .await?;
        Ok(Ids::of_process(process))
    }

    /// Identifiers for a program that serves nobody, such as an operator's command.
    ///
    /// # Errors
    /// When the number could not be made durable.
    pub async fn ids(&self) -> Result<Ids, StoreError> {
        self.write(|tx| Box::pin(tx.process_number())).await.map(Ids::of_process)
    }

    /// Says that the process is there; says itself whether the database still knows it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn process_seen(&self, process: i64, now: Ts) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move { Ok(tx.exec(SEEN, crate::args![process, now]).await? > 0) })
        })
        .await
    }

    /// Says that the process ends: its sessions no longer count.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn process_gone(&self, process: i64) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.exec(DELETE_SESSIONS, crate::args![process]).await?;
                tx.exec(DELETE, crate::args![process]).await.map(drop)
            })
        })
        .await
    }

    /// Removes the processes that were not seen for [`PROCESS_GONE_SECONDS`] and their sessions; says how many
    /// sessions those were.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn processes_sweep(&self, now: Ts) -> Result<u64, StoreError> {
        let before = now.plus_seconds(-PROCESS_GONE_SECONDS);
        self.write(move |tx| {
            Box::pin(async move {
                let sessions = tx.exec(DELETE_OLD_SESSIONS, crate::args![before]).await?;
                tx.exec(DELETE_OLD, crate::args![before]).await?;
                Ok(sessions)
            })
        })
        .await
    }
}

impl Tx {
    /// The running servers, in the order they started.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn processes(&mut self) -> Result<Vec<Process>, StoreError> {
        self.all(LIST, &[]).await
    }

    fn process_number(&mut self) -> super::Task<'_, Result<i64, StoreError>> {
        Box::pin(async {
            self.exec(COUNT_UP, &[]).await?;
            self.one(COUNT, &[]).await?.ok_or(StoreError::Shape("there is no counter of processes"))
        })
    }
}
