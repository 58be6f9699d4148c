//! Registry locks that were taken off for a while and come back.

use super::lease::Lease;
use super::{BATCH, MOST, START, counted};
use crate::flow::domain::by_registry;
use crate::gate::Gate;
use crate::store::StoreError;
use crate::store::mark::Mark;

/// Puts locks on again whose pause is over, in the order it was over.
pub(super) async fn resume(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let (mut after, mut total) = (START, 0);
    loop {
        let from = after;
        let due = gate
            .db()
            .read(move |tx| {
                Box::pin(async move { tx.marks_due(Mark::LockPaused, from, now, BATCH as i64).await })
            })
            .await?;
        for row in &due {
            if !lease.held().await? {
                return Ok(total);
            }
            after = (row.until.unwrap_or(now), row.domain);
            let (id, name) = (row.domain, row.domain.to_string());
            let result = gate
                .run_job("domain:lock", name.clone(), move |cx| {
                    Box::pin(async move { by_registry::resume_lock(cx, id).await })
                })
                .await;
            total += counted("domain:lock", &name, &result);
        }
        if due.len() < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}
