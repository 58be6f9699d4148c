//! Work on the service that comes near, or has ended.

use super::lease::Lease;
use super::list::{List, Piece, work_off};
use crate::clock::Ts;
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Tells registrars, in the order it was due.
pub(super) async fn pass(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let list = List {
        work: "maintenance:due",
        due: |tx, from, now, most| {
            Box::pin(async move {
                let rows = tx.maintenance_due(from, now, most).await?;
                let place = |due: Option<(Ts, _)>, id| (due.map_or(now, |(at, _)| at), id);
                let piece = |id: i64, due| Piece { place: place(due, id), object: id.to_string() };
                Ok(rows.into_iter().map(|row| piece(row.id, row.due)).collect())
            })
        },
        done: |cx, id| Box::pin(flow::maintenance::due(cx, id)),
    };
    work_off(gate, lease, &list).await
}
