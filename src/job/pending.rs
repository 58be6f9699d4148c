//! Deadlines of actions that wait for somebody.

use super::lease::Lease;
use super::list::{List, Piece, work_off};
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Ends what nobody decided in time, in the order it was due.
pub(super) async fn pass(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let list = List {
        work: "pending:due",
        due: |tx, from, now, most| {
            Box::pin(async move {
                let rows = tx.pending_due(from, now, most).await?;
                Ok(rows.into_iter().map(|r| Piece { place: (r.deadline, r.id), object: r.name }).collect())
            })
        },
        done: |cx, id| Box::pin(flow::pending::due(cx, id)),
    };
    work_off(gate, lease, &list).await
}
