//! Codes whose time is over.

use super::lease::Lease;
use super::list::{List, Piece, work_off};
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Notes the end of every code whose time is over.
pub(super) async fn tokens(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let list = List {
        work: "token:expire",
        due: |tx, from, now, most| {
            Box::pin(async move {
                let rows = tx.tokens_due(from, now, most).await?;
                // The domain's name is not known yet; its audit row says it.
                let piece = |place| Piece { place, object: String::new() };
                Ok(rows.iter().map(|row| piece((row.due_at.unwrap_or(now), row.object))).collect())
            })
        },
        done: |cx, domain| Box::pin(flow::token::expire(cx, domain)),
    };
    work_off(gate, lease, &list).await
}
