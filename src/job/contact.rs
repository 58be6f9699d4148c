//! Contacts that no domain has had for long.

use super::lease::Lease;
use super::{BATCH, MOST, START, counted};
use crate::flow::contact::cleanup;
use crate::gate::Gate;
use crate::store::StoreError;
use crate::store::idle::IdleContact;

/// Removes contacts by the rules of the server's profile, those that were never used and those that were.
pub(super) async fn clean_up(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let mut total = 0;
    for used in [false, true] {
        let Some(days) = cleanup::days(used, &gate.profile().zone.contact.cleanup) else { continue };
        total += those(gate, lease, used, days).await?;
    }
    Ok(total)
}

async fn those(gate: &Gate, lease: &mut Lease, used: bool, days: i64) -> Result<usize, StoreError> {
    let since = gate.clock().now().plus_days(-days);
    let (mut after, mut total) = (START, 0);
    loop {
        let from = after;
        let found = gate.db().read(move |tx| {
            Box::pin(async move {
                let found = tx.contacts_idle(used, from, since, BATCH as i64).await?;
                let mut sorted: (Vec<IdleContact>, Vec<IdleContact>) = Default::default();
                for idle in found {
                    let linked = tx.contact_linked(idle.contact).await?;
                    if linked { sorted.0.push(idle) } else { sorted.1.push(idle) }
                }
                Ok(sorted)
            })
        });
        let (linked, idle) = found.await?;
        let seen = linked.len() + idle.len();
        after = linked.iter().chain(&idle).map(|one| (one.since, one.contact)).max().unwrap_or(after);
        if !lease.held().await? {
            return Ok(total);
        }
        total += linked.len();
        if !linked.is_empty() {
            let settle = gate.db().write(move |tx| {
                let linked = linked.clone();
                Box::pin(async move {
                    for one in &linked {
                        tx.contact_idle_settle(one).await?;
                    }
                    Ok(())
                })
            });
            settle.await?;
        }
        for one in idle {
            if !lease.held().await? {
                return Ok(total);
            }
            let handle = one.handle.to_string();
            let result = gate
                .run_job("contact:clean-up", handle.clone(), move |cx| {
                    Box::pin(async move { cleanup::remove(cx, one.contact).await })
                })
                .await;
            total += counted("contact:clean-up", &handle, &result);
        }
        if seen < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}
