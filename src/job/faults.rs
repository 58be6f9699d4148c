//! Faults that are old enough to be forgotten.

use super::BATCH;
use crate::gate::Gate;
use crate::store::StoreError;

/// Forgets faults that the profile of the server keeps no longer. A pass forgets a bounded number; the next goes on.
pub(super) async fn forget(gate: &Gate) -> Result<usize, StoreError> {
    let before = gate.clock().now().plus_days(-gate.profile().account.hit.log_retention_days);
    let old = gate.db().read(move |tx| Box::pin(async move { tx.hit_events_before(before).await })).await?;
    if !old {
        return Ok(0);
    }
    let done = gate
        .db()
        .write(move |tx| Box::pin(async move { tx.hit_events_prune(before, BATCH as i64).await }))
        .await?;
    Ok(usize::try_from(done).unwrap_or(usize::MAX))
}
