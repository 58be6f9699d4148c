//! Work whose pieces stand in a list, in the order they are due.

use super::lease::Lease;
use super::{BATCH, MOST, START, counted};
use crate::clock::Ts;
use crate::gate::{Cx, Gate, Stop};
use crate::store::{StoreError, Task, Tx};

/// A piece of work that is due.
pub(super) struct Piece {
    /// When it was due, and its number: where it stands in the list.
    pub place: (Ts, i64),
    /// What it is about, for the audit; may be empty.
    pub object: String,
}

/// Asks for that many pieces behind a place that are due at a moment.
type Due = for<'a> fn(&'a mut Tx, (Ts, i64), Ts, i64) -> Task<'a, Result<Vec<Piece>, StoreError>>;

/// A list of such pieces, and what is done with one.
pub(super) struct List {
    /// The name of the work in audit and log.
    pub work: &'static str,
    /// That many pieces behind a place that are due at a moment.
    pub due: Due,
    /// Does the piece of a number, which may be done already; says whether it was.
    pub done: for<'a, 't> fn(&'a mut Cx<'t>, i64) -> Task<'a, Result<bool, Stop>>,
}

/// Does what is due, in the order it was due, as long as the lease is this process's.
pub(super) async fn work_off(gate: &Gate, lease: &mut Lease, list: &List) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let (mut after, mut total) = (START, 0);
    let (read, done) = (list.due, list.done);
    loop {
        let from = after;
        let due = gate.db().read(move |tx| read(tx, from, now, BATCH as i64)).await?;
        for piece in &due {
            if !lease.held().await? {
                return Ok(total);
            }
            after = piece.place;
            let id = piece.place.1;
            let result = gate.run_job(list.work, piece.object.clone(), move |cx| done(cx, id)).await;
            total += counted(list.work, &format!("{} {id}", piece.object), &result);
        }
        if due.len() < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}
