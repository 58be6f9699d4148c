//! Commands that charge one account take turns before they go to the database: its balance is one row, and transactions
//! that change a row side by side undo one another (shared by all of the account's sessions on this process).
//!
//! Nobody is asked beforehand what costs something: a command that charged its account once waits for its turn from
//! then on. Between processes the version of the row decides, so this is for speed alone; on an engine that runs one
//! write after the other there is nothing to line up for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::epp::types::RegistrarId;

/// A line for each account, in which one waits for the other: for charges here, for refusals in `hit`.
#[derive(Debug, Default)]
pub(super) struct Lines(Mutex<BTreeMap<RegistrarId, Arc<tokio::sync::Mutex<()>>>>);

impl Lines {
    /// Waits in an account's line.
    pub(super) async fn turn(&self, of: &RegistrarId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lines.entry(of.clone()).or_default())
        };
        turn.lock_owned().await
    }
}

/// Whose turn it is to charge.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Names of commands that charged an account.
    payers: Mutex<BTreeMap<RegistrarId, BTreeSet<&'static str>>>,
    lines: Lines,
}

impl Turns {
    /// Waits until no other command that charges the account runs; `None` for a command that is not known to.
    pub(super) async fn turn(&self, of: &RegistrarId, command: &str) -> Option<OwnedMutexGuard<()>> {
        let pays = {
            let payers = self.payers.lock().unwrap_or_else(PoisonError::into_inner);
            payers.get(of).is_some_and(|commands| commands.contains(command))
        };
        if pays { Some(self.lines.turn(of).await) } else { None }
    }

    /// A command charged its account.
    pub(super) fn charged(&self, of: &RegistrarId, command: &'static str) {
        let mut payers = self.payers.lock().unwrap_or_else(PoisonError::into_inner);
        if !payers.get(of).is_some_and(|commands| commands.contains(command)) {
            payers.entry(of.clone()).or_default().insert(command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn commands_that_charged_wait_for_one_another() {
        let (turns, of) = (Turns::default(), RegistrarId::parse("alpha").unwrap());
        assert!(turns.turn(&of, "domain:create").await.is_none());
        turns.charged(&of, "domain:create");
        turns.charged(&of, "domain:renew");
        let first = turns.turn(&of, "domain:create").await.unwrap();
        assert!(turns.turn(&of, "domain:update").await.is_none());
        let (renew, other) = (turns.turn(&of, "domain:renew"), RegistrarId::parse("beta").unwrap());
        tokio::pin!(renew);
        assert!(futures_are_pending(&mut renew).await);
        assert!(turns.turn(&other, "domain:create").await.is_none());
        drop(first);
        assert!(renew.await.is_some());
    }

    async fn futures_are_pending<F: Future + Unpin>(future: &mut F) -> bool {
        std::future::poll_fn(|cx| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(cx).is_pending())
        })
        .await
    }
}
