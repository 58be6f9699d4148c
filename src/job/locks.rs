//! Registry locks that were taken off for a while and come back.

use super::{BATCH, done};
use crate::flow::domain::by_registry;
use crate::gate::Gate;
use crate::store::StoreError;
use crate::store::mark::Mark;

/// Puts locks on again whose pause is over, a bounded number; the next pass goes on.
pub(super) async fn resume(gate: &Gate) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let due = gate
        .db()
        .read(move |tx| Box::pin(async move { tx.marks_due(Mark::LockPaused, now, BATCH as i64).await }))
        .await?;
    let mut total = 0;
    for row in due {
        let (id, name) = (row.domain, row.domain.to_string());
        let result = gate
            .run_job("domain:lock", name.clone(), move |cx| {
                Box::pin(async move { by_registry::resume_lock(cx, id).await })
            })
            .await;
        total += usize::from(done("domain:lock", &name, result).unwrap_or(false));
    }
    Ok(total)
}
