//! Who does a kind of timed work: one process for a while, whoever comes first.
//!
//! A process takes the lease of a kind before its first piece, goes on with it while it works, and gives it back at
//! the end. Meanwhile others leave that kind alone and do another, so that servers on one database share the work
//! rather than try each piece twice. One that dies, or hangs for longer than a lease lasts, is taken over from; should
//! it go on after all, each piece looks again in a transaction of its own, and nothing is done twice. Where nothing is
//! due there is no lease, and nothing is written.

use crate::clock::Ts;
use crate::gate::Gate;
use crate::store::StoreError;

/// Seconds for which a kind of work is its holder's. More than any piece takes.
pub(super) const LEASE_S: i64 = 60;

/// A process's claim to a kind of work.
#[derive(Debug)]
pub(super) struct Lease {
    gate: Gate,
    kind: &'static str,
    /// Until when it holds, once it was taken.
    until: Option<Ts>,
}

impl Lease {
    /// A claim that was not made yet.
    pub(super) fn of(gate: &Gate, kind: &'static str) -> Self {
        Self { gate: gate.clone(), kind, until: None }
    }

    /// Whether this process is to do the next piece. Takes the lease where nobody has it, and goes on with it once half
    /// its time is over. After `false` there is nothing more to do: another process does it.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub(super) async fn held(&mut self) -> Result<bool, StoreError> {
        let now = self.gate.clock().now();
        if self.until.is_some_and(|until| now.plus_seconds(LEASE_S / 2) < until) {
            return Ok(true);
        }
        let (kind, holder, until) = (self.kind, self.gate.ids().process(), now.plus_seconds(LEASE_S));
        let take = self
            .gate
            .db()
            .write(move |tx| Box::pin(async move { tx.lease_take(kind, holder, now, until).await }));
        let taken = take.await?;
        self.until = taken.then_some(until);
        Ok(taken)
    }

    /// Gives it back.
    ///
    /// # Errors
    /// When the database cannot be asked; it is over by itself then.
    pub(super) async fn give(self) -> Result<(), StoreError> {
        if self.until.is_none() {
            return Ok(());
        }
        let (kind, holder) = (self.kind, self.gate.ids().process());
        self.gate.db().write(move |tx| Box::pin(async move { tx.lease_give(kind, holder).await })).await
    }
}
