//! Zones whose tables were changed: their domains are indexed anew.

use super::lease::Lease;
use super::{MOST, done};
use crate::flow::domain::variants;
use crate::flow::zone;
use crate::gate::{Ended, Gate};
use crate::store::StoreError;

/// Indexes what is not indexed by the tables its zone has now, a bounded number of domains.
pub(super) async fn index(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let zones = gate.db().read(|tx| Box::pin(async move { tx.zone_list().await })).await?;
    let mut total = 0;
    for row in zones {
        // A zone whose rules cannot be used takes no names either.
        let Ok(policy) = gate.policies().zone(&row.profile, &row.overrides) else { continue };
        let name = row.name.clone();
        let state = gate.db().read(move |tx| Box::pin(async move { tx.variant_state(&name).await })).await?;
        if state.fingerprint == variants::fingerprint(&policy.idn) {
            continue;
        }
        while total < MOST && lease.held().await? {
            let name = row.name.clone();
            let result = gate
                .run_registry("job", "domain:index", row.name.to_string(), move |cx| {
                    let name = name.clone();
                    Box::pin(async move {
                        let zone = zone::registered_in(cx, &name).await?;
                        Ok(match variants::index_some(cx, &zone).await? {
                            Some(some) => Ended::Keep(Some(some)),
                            None => Ended::Undo(None),
                        })
                    })
                })
                .await;
            match done("domain:index", row.name.as_str(), result).flatten() {
                Some(some) => total += some.max(1),
                None => break,
            }
        }
    }
    Ok(total)
}
