//! Charges whose month has ended.

use crate::flow::money;
use crate::gate::Gate;
use crate::store::StoreError;

use super::{BATCH, MOST, START, counted};

/// Books what waited for its month's end, in the order it was due, for each account in one entry after the other. An
/// account that cannot be charged is not tried again before the next pass.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn month_ends(gate: &Gate) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let (mut after, mut total) = (START, 0);
    let mut failed = Vec::new();
    loop {
        let from = after;
        let due = gate
            .db()
            .read(move |tx| Box::pin(async move { tx.ledger_due(from, now, BATCH as i64).await }))
            .await?;
        let mut accounts = Vec::new();
        for waiting in &due {
            after = (waiting.due_at.unwrap_or(now), waiting.id);
            let account = (waiting.registrar.clone(), waiting.currency.clone());
            if !accounts.contains(&account) && !failed.contains(&account) {
                accounts.push(account);
            }
        }
        for account in accounts {
            let (whose, charged) = (account.0.to_string(), account.clone());
            let result = gate
                .run_job("ledger:month-end", whose.clone(), move |cx| {
                    let (account, currency) = charged.clone();
                    Box::pin(async move { money::month_end(cx, &account, &currency, BATCH as i64).await })
                })
                .await;
            total += counted("ledger:month-end", &whose, &result);
            if result.is_err() {
                failed.push(account);
            }
        }
        // Of each account a batch; a pass books a bounded number, the next goes on.
        if due.len() < BATCH || total >= MOST / BATCH {
            return Ok(total);
        }
    }
}
