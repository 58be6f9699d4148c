//! Codes whose time is over, and wrong ones that are counted no longer.

use super::{BATCH, counted};
use crate::flow;
use crate::gate::Gate;
use crate::store::StoreError;

/// Notes the end of every code whose time is over.
pub(super) async fn tokens(gate: &Gate) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let now = gate.clock().now();
        let due =
            gate.db().read(move |tx| Box::pin(async move { tx.tokens_due(now, BATCH as i64).await })).await?;
        let mut done = 0;
        for row in &due {
            let domain = row.object;
            let result = gate
                .run_job("token:expire", String::new(), move |cx| {
                    Box::pin(async move { flow::token::expire(cx, domain).await })
                })
                .await;
            done += counted("token:expire", &domain.to_string(), &result);
        }
        total += done;
        if done == 0 || due.len() < BATCH {
            return Ok(total);
        }
    }
}

/// Forgets wrong codes of days that are over.
pub(super) async fn wrong_codes(gate: &Gate) -> Result<(), StoreError> {
    let today = flow::token::day(gate.clock().now());
    if !gate.db().read(move |tx| Box::pin(async move { tx.wrong_codes_before(today).await })).await? {
        return Ok(());
    }
    gate.db().write(move |tx| Box::pin(async move { tx.wrong_codes_forget(today).await })).await
}
