//! Charges whose month has ended.

use crate::flow::money;
use crate::gate::Gate;
use crate::store::StoreError;

use super::{BATCH, MOST, counted};

/// Books what waited for its month's end, in the order it was due, for each account in one entry after the other.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn month_ends(gate: &Gate) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let now = gate.clock().now();
        let due =
            gate.db().read(move |tx| Box::pin(async move { tx.ledger_due(now, BATCH as i64).await })).await?;
        let mut accounts: Vec<_> = due.iter().map(|w| (w.registrar.clone(), w.currency.clone())).collect();
        accounts.dedup();
        let mut done = 0;
        for (account, currency) in accounts {
            let whose = account.to_string();
            let result = gate
                .run_job("ledger:month-end", whose.clone(), move |cx| {
                    let (account, currency) = (account.clone(), currency.clone());
                    Box::pin(async move { money::month_end(cx, &account, &currency, BATCH as i64).await })
                })
                .await;
            done += counted("ledger:month-end", &whose, &result);
        }
        total += done;
        // Of each account a batch; a pass books a bounded number, the next goes on.
        if done == 0 || total >= MOST / BATCH {
            return Ok(total);
        }
    }
}
