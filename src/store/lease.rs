//! Leases: which process does a kind of timed work for the next while, so that several on one database share the work.
//!
//! A lease is for a time: who takes one and dies keeps it no longer than that. It says who works, not that the work is
//! right: each piece of timed work looks again in a transaction of its own.

use super::{StoreError, Tx};
use crate::clock::Ts;

crate::statements! {
    TAKE = "INSERT INTO lease (name, holder, until) VALUES (?1, ?2, ?4) ON CONFLICT (name) DO UPDATE \
            SET holder = excluded.holder, until = excluded.until WHERE lease.holder = ?2 OR lease.until <= ?3";
    GIVE = "DELETE FROM lease WHERE name = ?1 AND holder = ?2";
    DELETE_NODE = "DELETE FROM lease WHERE holder IN (SELECT id FROM process WHERE node = ?1)";
}

impl Tx {
    /// Takes a lease until then, or goes on with one the process has; says whether it has it now. Another process's is
    /// left alone until its time is over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn lease_take(
        &mut self,
        name: &str,
        holder: i64,
        now: Ts,
        until: Ts,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(TAKE, crate::args![name, holder, now, until]).await? > 0)
    }

    /// Gives a lease back before its time is over, if the process still has it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn lease_give(&mut self, name: &str, holder: i64) -> Result<(), StoreError> {
        self.exec(GIVE, crate::args![name, holder]).await.map(drop)
    }

    /// Ends what earlier processes of a node left behind.
    ///
    /// # Errors
    /// [`StoreError`]
    pub(super) async fn leases_of_node_end(&mut self, node: &str) -> Result<(), StoreError> {
        self.exec(DELETE_NODE, crate::args![node]).await.map(drop)
    }
}
