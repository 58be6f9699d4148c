//! Timed work: what the registry does by itself when its time has come. One file per kind of work.
//!
//! A pass asks the database what is due and does each piece in a transaction of its own that looks again, so that
//! two servers on one database, or a pass that was cut off, do nothing twice. Work that was missed while no server
//! ran is done in the order it was due; renewals, deletions and transfers also as of the moment they were due. A pass
//! does a bounded number of pieces; where more wait, the next follows at once.

mod due;
mod forget;
mod locks;
pub mod mail;
mod money;
mod pending;
mod token;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use crate::clock::Ts;
use crate::gate::Gate;
use crate::store::{StoreError, Task};

/// How long a server waits between passes.
const EVERY: Duration = Duration::from_secs(5);

/// How many pieces are asked for in one go.
const BATCH: usize = 100;

/// How many pieces one pass does.
const MOST: usize = 5_000;

/// Before everything that is due: no moment, no number. A list of what is due is read from here on, each part behind
/// the last piece of the one before, so that pieces that fail are in nobody's way.
const START: (Ts, i64) = (Ts(i64::MIN), i64::MIN);

/// Runs passes until `stop` completes; a pass that has begun is finished. One that fails is logged and tried again.
pub async fn run(gate: Gate, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        let pause = match pass(&gate).await {
            Ok(done) if done >= MOST => Duration::ZERO,
            Ok(_) => EVERY,
            Err(cause) => {
                tracing::error!(%cause, "timed work failed; it is tried again");
                EVERY
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(cause) = gate.write_turned_away().await {
        tracing::error!(%cause, "the last addresses that were turned away were not written");
    }
}

/// Does what is due now, bounded, and says how much that was. A kind of work whose list cannot be read is in the way
/// of no other kind, as long as the database answers at all.
///
/// # Errors
/// When the database cannot be asked, for any kind of work. A piece that fails is logged and left for the next pass.
pub async fn pass(gate: &Gate) -> Result<usize, StoreError> {
    let kinds: [Task<'_, Result<usize, StoreError>>; 13] = [
        Box::pin(async { gate.sweep_limits().await.map(|()| 0) }),
        Box::pin(async { gate.write_turned_away().await.map(|()| 0) }),
        Box::pin(due::work(gate)),
        Box::pin(pending::pass(gate)),
        Box::pin(money::month_ends(gate)),
        Box::pin(token::tokens(gate)),
        Box::pin(forget::wrong_codes(gate)),
        Box::pin(forget::faults(gate)),
        Box::pin(forget::queues(gate)),
        Box::pin(forget::mails(gate)),
        Box::pin(forget::logins(gate)),
        Box::pin(forget::reminders(gate)),
        Box::pin(locks::resume(gate)),
    ];
    let (mut total, mut failed) = (0, None);
    for kind in kinds {
        match kind.await {
            Ok(done) => total += done,
            Err(cause) => {
                failed = failed.or(Some(cause));
                if gate.db().ping().await.is_err() {
                    break;
                }
            }
        }
    }
    failed.map_or(Ok(total), Err)
}

/// A piece that was done, or one whose failure is logged.
fn counted(work: &str, object: &str, result: &Result<bool, StoreError>) -> usize {
    usize::from(done(work, object, result.as_ref()).copied().unwrap_or(false))
}

/// A piece's outcome, or nothing where it failed, which is logged.
fn done<T>(work: &str, object: &str, result: Result<T, impl std::fmt::Display>) -> Option<T> {
    result
        .inspect_err(|cause| {
            tracing::error!(%cause, work, object, "a piece of timed work failed; it is tried again");
        })
        .ok()
}
