//! Deadlines of actions that wait for somebody.

use super::{BATCH, counted};
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Ends what nobody decided in time, in the order it was due.
pub(super) async fn pass(gate: &Gate) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let now = gate.clock().now();
        let due = gate
            .db()
            .read(move |tx| Box::pin(async move { tx.pending_due(now, BATCH as i64).await }))
            .await?;
        let mut done = 0;
        for row in &due {
            let id = row.id;
            let result = gate
                .run_job("pending:due", row.name.clone(), move |cx| {
                    Box::pin(async move { flow::pending::due(cx, id).await })
                })
                .await;
            done += counted("pending:due", &row.name, &result);
        }
        total += done;
        if done == 0 || due.len() < BATCH {
            return Ok(total);
        }
    }
}
