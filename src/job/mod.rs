//! Timed work: what the registry does by itself when its time has come.
//!
//! A pass asks the database what is due and does each piece in a transaction of its own that looks again, so that
//! two servers on one database, or a pass that was cut off, do nothing twice. Work that was missed while no server
//! ran is done in the order it was due.

mod pending;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use crate::flow;
use crate::gate::Gate;
use crate::store::transfer::TransferKind;
use crate::store::{StoreError, Tx};

/// How long a server waits between passes.
const EVERY: Duration = Duration::from_secs(5);

/// How many pieces a pass looks at in one go; it goes on while it finds more.
const BATCH: usize = 100;

/// Runs passes until `stop` completes; a pass that has begun is finished. One that fails is logged and tried again.
pub async fn run(gate: Gate, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        if let Err(cause) = pass(&gate).await {
            tracing::error!(%cause, "timed work failed; it is tried again");
        }
        tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
    if let Err(cause) = gate.write_turned_away().await {
        tracing::error!(%cause, "the last addresses that were turned away were not written");
    }
}

/// Does everything that is due now and says how much that was.
///
/// # Errors
/// When the database cannot be asked. A piece that fails is logged and left for the next pass.
pub async fn pass(gate: &Gate) -> Result<usize, StoreError> {
    gate.sweep_limits().await?;
    gate.write_turned_away().await?;
    Ok(transfers(gate).await?
        + pending::pass(gate).await?
        + purges(gate).await?
        + forgotten_faults(gate).await?)
}

/// Transfers nobody answered in time: the server decides (RFC 5731 section 3.2.4, standards R06).
async fn transfers(gate: &Gate) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let now = gate.clock().now();
        let due = gate.db().read(move |tx| Box::pin(async move { due_transfers(tx, now).await })).await?;
        let mut done = 0;
        for (kind, object, name) in &due {
            let (kind, object) = (*kind, *object);
            let result = gate
                .run_job("transfer:time-out", name.clone(), move |cx| {
                    Box::pin(async move {
                        match kind {
                            TransferKind::Domain => flow::domain::transfer::time_out(cx, object).await,
                            TransferKind::Contact => flow::contact::transfer::time_out(cx, object).await,
                        }
                    })
                })
                .await;
            done += counted("transfer:time-out", name, &result);
        }
        total += done;
        if done == 0 || due.len() < BATCH {
            return Ok(total);
        }
    }
}

async fn due_transfers(
    tx: &mut Tx,
    now: crate::clock::Ts,
) -> Result<Vec<(TransferKind, i64, String)>, StoreError> {
    let mut due = Vec::new();
    for row in tx.transfers_due(now, BATCH as i64).await? {
        let name = match row.kind {
            TransferKind::Domain => tx.domain_by_id(row.object).await?.map(|d| d.name.to_string()),
            TransferKind::Contact => tx.contact_by_id(row.object).await?.map(|c| c.handle.to_string()),
        };
        due.push((row.kind, row.object, name.unwrap_or_default()));
    }
    Ok(due)
}

/// Deleted domains whose time is over.
async fn purges(gate: &Gate) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let now = gate.clock().now();
        let due = gate
            .db()
            .read(move |tx| Box::pin(async move { tx.domains_to_purge(now, BATCH as i64).await }))
            .await?;
        let mut done = 0;
        for (id, name) in &due {
            let (id, name) = (*id, name.to_string());
            let result = gate
                .run_job("domain:purge", name.clone(), move |cx| {
                    Box::pin(async move { flow::domain::delete::end(cx, id).await })
                })
                .await;
            done += counted("domain:purge", &name, &result);
        }
        total += done;
        if done == 0 || due.len() < BATCH {
            return Ok(total);
        }
    }
}

/// Faults that the profile of the server keeps no longer. A pass forgets a bounded number; the next goes on.
async fn forgotten_faults(gate: &Gate) -> Result<usize, StoreError> {
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

/// A piece that was done, or one whose failure is logged.
fn counted(work: &str, object: &str, result: &Result<bool, StoreError>) -> usize {
    match result {
        Ok(done) => usize::from(*done),
        Err(cause) => {
            tracing::error!(%cause, work, object, "a piece of timed work failed; it is tried again");
            0
        }
    }
}
