//! Work on the service that comes near, or has ended.

use super::lease::Lease;
use super::{BATCH, MOST, START, counted};
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Tells registrars, in the order it was due.
pub(super) async fn pass(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let (mut after, mut total) = (START, 0);
    loop {
        let from = after;
        let due = gate
            .db()
            .read(move |tx| Box::pin(async move { tx.maintenance_due(from, now, BATCH as i64).await }))
            .await?;
        for row in &due {
            if !lease.held().await? {
                return Ok(total);
            }
            after = (row.due.map_or(now, |(at, _)| at), row.id);
            let (id, name) = (row.id, row.id.to_string());
            let result = gate
                .run_job("maintenance:due", name.clone(), move |cx| {
                    Box::pin(async move { flow::maintenance::due(cx, id).await })
                })
                .await;
            total += counted("maintenance:due", &name, &result);
        }
        if due.len() < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}
