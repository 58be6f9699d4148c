//! Charges whose month has ended, and those for which the money is going to be missing.

use crate::flow::money::{self, shortfall};
use crate::gate::{Ended, Gate};
use crate::policy::BillMode;
use crate::store::StoreError;

use super::lease::Lease;
use super::{BATCH, MOST, START, counted, done};

/// Books what waited for its month's end, in the order it was due, for each account in one entry after the other. An
/// account that cannot be charged is not tried again before the next pass.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn month_ends(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
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
            if !lease.held().await? {
                return Ok(total);
            }
            let (whose, charged) = (account.0.to_string(), account.clone());
            let result = gate
                .run_registry("job", "ledger:month-end", whose.clone(), move |cx| {
                    let (account, currency) = charged.clone();
                    Box::pin(async move {
                        let booked = money::month_end(cx, &account, &currency, BATCH as i64).await?;
                        Ok(if booked > 0 { Ended::Keep(booked) } else { Ended::Undo(0) })
                    })
                })
                .await;
            match done("ledger:month-end", &whose, result) {
                Some(booked) => total += booked,
                None => failed.push(account),
            }
        }
        // Of each account a batch; a pass books a bounded number, the next goes on.
        if due.len() < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}

/// Looks once a month, some days before its end, whether each account can pay the renewals to come.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn shortfalls(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let (now, mut total) = (gate.clock().now(), 0);
    let names: Vec<String> = gate.policies().names().map(str::to_owned).collect();
    for name in names {
        let Ok(rules) = gate.policies().account(&name) else { continue };
        let bill = &rules.bill;
        let begins = bill.zone.month_end(now).plus_days(-bill.shortfall_days);
        if bill.mode == BillMode::Off || bill.shortfall_days == 0 || now < begins {
            continue;
        }
        let (server, currency, month) =
            (gate.profile().id.clone(), bill.currency.clone(), bill.zone.month(now));
        let unseen = gate.db().read(move |tx| {
            Box::pin(async move { tx.shortfall_unseen(&name, &server, &currency, month, MOST as i64).await })
        });
        for account in unseen.await? {
            if !lease.held().await? {
                return Ok(total);
            }
            let whose = account.to_string();
            let result = gate
                .run_job("ledger:shortfall", whose.clone(), move |cx| {
                    let account = account.clone();
                    Box::pin(async move { shortfall::look(cx, &account).await })
                })
                .await;
            total += counted("ledger:shortfall", &whose, &result);
        }
    }
    Ok(total)
}
