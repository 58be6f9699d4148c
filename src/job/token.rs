//! Codes whose time is over.

use super::lease::Lease;
use super::{BATCH, MOST, START, counted};
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Notes the end of every code whose time is over.
pub(super) async fn tokens(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let (mut after, mut total) = (START, 0);
    loop {
        let from = after;
        let due = gate
            .db()
            .read(move |tx| Box::pin(async move { tx.tokens_due(from, now, BATCH as i64).await }))
            .await?;
        for row in &due {
            if !lease.held().await? {
                return Ok(total);
            }
            after = (row.due_at.unwrap_or(now), row.object);
            let domain = row.object;
            let result = gate
                .run_job("token:expire", String::new(), move |cx| {
                    Box::pin(async move { flow::token::expire(cx, domain).await })
                })
                .await;
            total += counted("token:expire", &domain.to_string(), &result);
        }
        if due.len() < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}
