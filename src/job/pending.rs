//! Deadlines of actions that wait for somebody.

use super::lease::Lease;
use super::{BATCH, MOST, START, counted};
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Ends what nobody decided in time, in the order it was due.
pub(super) async fn pass(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let (mut after, mut total) = (START, 0);
    loop {
        let from = after;
        let due = gate
            .db()
            .read(move |tx| Box::pin(async move { tx.pending_due(from, now, BATCH as i64).await }))
            .await?;
        for row in &due {
            if !lease.held().await? {
                return Ok(total);
            }
            after = (row.deadline, row.id);
            let id = row.id;
            let result = gate
                .run_job("pending:due", row.name.clone(), move |cx| {
                    Box::pin(async move { flow::pending::due(cx, id).await })
                })
                .await;
            total += counted("pending:due", &row.name, &result);
        }
        if due.len() < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}
