//! Timed work: what the registry does by itself when its time has come. One file per kind of work.
//!
//! A pass asks the database what is due. Several servers on one database share the work: each kind is one server's at a
//! time, by a lease (see `lease.rs`). Each piece is done in a transaction of its own that looks again, so that a pass
//! that was cut off and taken over does nothing twice. Work that was missed while no server
//! ran is done in the order it was due; renewals, deletions and transfers also as of the moment they were due. A pass
//! does a bounded number of pieces; where more wait, the next follows at once.

mod contact;
mod due;
mod forget;
mod lease;
mod list;
mod locks;
pub mod mail;
mod maintenance;
mod money;
mod pending;
mod token;
mod variants;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use lease::Lease;

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

/// A kind of work: does what is due of it, bounded, as long as the lease is this process's, and says how much that was.
type Kind = for<'a> fn(&'a Gate, &'a mut Lease) -> Task<'a, Result<usize, StoreError>>;

/// Every kind of work that any server may do, by the name of its lease.
const KINDS: &[(&str, Kind)] = &[
    ("rate-windows", |gate, lease| Box::pin(forget::windows(gate, lease))),
    ("protected-days", |gate, lease| Box::pin(forget::days(gate, lease))),
    ("due", |gate, lease| Box::pin(due::work(gate, lease))),
    ("pending", |gate, lease| Box::pin(pending::pass(gate, lease))),
    ("month-ends", |gate, lease| Box::pin(money::month_ends(gate, lease))),
    ("shortfalls", |gate, lease| Box::pin(money::shortfalls(gate, lease))),
    ("tokens", |gate, lease| Box::pin(token::tokens(gate, lease))),
    ("contacts", |gate, lease| Box::pin(contact::clean_up(gate, lease))),
    ("wrong-codes", |gate, lease| Box::pin(forget::wrong_codes(gate, lease))),
    ("faults", |gate, lease| Box::pin(forget::faults(gate, lease))),
    ("queues", |gate, lease| Box::pin(forget::queues(gate, lease))),
    ("mails", |gate, lease| Box::pin(forget::mails(gate, lease))),
    ("logins", |gate, lease| Box::pin(forget::logins(gate, lease))),
    ("reminders", |gate, lease| Box::pin(forget::reminders(gate, lease))),
    ("locks", |gate, lease| Box::pin(locks::resume(gate, lease))),
    ("variants", |gate, lease| Box::pin(variants::index(gate, lease))),
    ("maintenance", |gate, lease| Box::pin(maintenance::pass(gate, lease))),
];

/// Does what is due now, bounded, and says how much that was. What another server is at is left to it. A kind of work
/// whose list cannot be read is in the way of no other kind, as long as the database answers at all.
///
/// # Errors
/// When the database cannot be asked, for any kind of work. A piece that fails is logged and left for the next pass.
pub async fn pass(gate: &Gate) -> Result<usize, StoreError> {
    let (mut total, mut failed) = (0, None);
    // What a server saw itself, only that server can write.
    if let Err(cause) = gate.write_turned_away().await {
        failed = Some(cause);
    }
    for (name, work) in KINDS {
        let mut lease = Lease::of(gate, name);
        let done = work(gate, &mut lease).await;
        let given = lease.give().await;
        match done.and_then(|done| given.map(|()| done)) {
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
