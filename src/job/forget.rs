//! What is kept for a time only: messages nobody collects, mail, the log of logins, faults, wrong
//! codes, and what limits counted. A pass
//! forgets a bounded number of each; the next goes on.

use super::lease::Lease;
use super::{BATCH, MOST, counted};
use crate::clock::Ts;
use crate::epp::notice::Notice;
use crate::epp::types::RegistrarId;
use crate::flow;
use crate::gate::{Cx, Gate, Stop, notice};
use crate::policy::PollPolicy;
use crate::store::outbox::MailState;
use crate::store::poll::Neglected;
use crate::store::{StoreError, Task, Tx};

/// Days a mail is kept after it was written, if it was sent.
const SENT_DAYS: i64 = 30;

/// Days the count of a day's protected transactions is kept.
const DAYS_KEPT: i64 = 100;

/// The profiles whose accounts have such a rule: name, days.
fn ruled(gate: &Gate, days: fn(&PollPolicy) -> i64) -> Vec<(String, i64)> {
    let rules = |name: &str| gate.policies().account(name).ok().map(|rules| days(&rules.poll));
    let all = gate.policies().names().filter_map(|name| Some((name.to_owned(), rules(name)?)));
    all.filter(|(_, days)| *days > 0).collect()
}

/// Messages that nobody acknowledged in time, account by account, with an audit row each.
pub(super) async fn queues(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    neglected(gate, lease, "poll:expire", Neglected::All, |poll| poll.retention_days).await
}

/// Tells registrars that do not acknowledge their messages, as often as their profile says.
pub(super) async fn reminders(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    neglected(gate, lease, "poll:remind", Neglected::Untold, |poll| poll.unack_reminder_days).await
}

async fn neglected(
    gate: &Gate,
    lease: &mut Lease,
    command: &'static str,
    which: Neglected,
    days: fn(&PollPolicy) -> i64,
) -> Result<usize, StoreError> {
    let mut done = 0;
    for (profile, days) in ruled(gate, days) {
        let server = gate.profile().id.clone();
        let before = gate.clock().now().plus_days(-days);
        // A registry has some thousands of registrars at most: one that fails is in nobody's way.
        let found = gate.db().read(move |tx| {
            Box::pin(async move { tx.poll_neglected(which, &profile, &server, before, MOST as i64).await })
        });
        for of in found.await? {
            if !lease.held().await? {
                return Ok(done);
            }
            let whose = of.clone();
            let result = gate
                .run_job(command, of.to_string(), move |cx| {
                    let of = whose.clone();
                    Box::pin(async move {
                        match which {
                            Neglected::All => expire(cx, &of, before).await,
                            Neglected::Untold => remind(cx, &of, before).await,
                        }
                    })
                })
                .await;
            done += counted(command, of.as_str(), &result);
        }
    }
    Ok(done)
}

async fn expire(cx: &mut Cx<'_>, of: &RegistrarId, before: Ts) -> Result<bool, Stop> {
    let count = cx.tx.poll_expire(of, before, BATCH as i64).await?;
    cx.changed(of.to_string(), serde_json::json!({ "messages_expired": count }));
    Ok(count > 0)
}

async fn remind(cx: &mut Cx<'_>, of: &RegistrarId, before: Ts) -> Result<bool, Stop> {
    let Some(mut settings) = cx.tx.mail_settings(of).await? else { return Ok(false) };
    let Some(head) = cx.tx.poll_head(of).await? else { return Ok(false) };
    if head.queued >= before || settings.reminded_at.is_some_and(|at| at > before) {
        return Ok(false);
    }
    settings.reminded_at = Some(cx.now);
    cx.tx.mail_settings_put(of, &settings).await?;
    let rules = cx.account_rules(of).await?;
    // A queue that is frozen is nobody's neglect.
    if notice::poll_is_on(&settings, &rules.poll) {
        cx.notify(of, Notice::QueueNeglected { count: head.count, since: head.queued });
        cx.changed(of.to_string(), serde_json::json!({ "reminded": head.count }));
    }
    Ok(true)
}

/// Mail that was sent some time ago, and mail that was not sent for as long as a message would have waited.
pub(super) async fn mails(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let days = gate.profile().account.poll.retention_days;
    let mut done = 0;
    for (state, days) in [(MailState::Sent, SENT_DAYS), (MailState::Dead, days), (MailState::Waiting, days)] {
        if days == 0 {
            continue;
        }
        let before = gate.clock().now().plus_days(-days);
        let old = gate
            .db()
            .read(move |tx| Box::pin(async move { tx.mails_before(state, before, BATCH as i64).await }))
            .await?;
        if old.is_empty() {
            continue;
        }
        if !lease.held().await? {
            return Ok(done);
        }
        if state != MailState::Sent {
            tracing::warn!(mails = old.len(), state = state.name(), "mail that was never sent is forgotten");
        }
        done += old.len();
        gate.db()
            .write(move |tx| {
                let old = old.clone();
                Box::pin(async move {
                    for id in old {
                        tx.mail_delete(id).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(done)
}

/// Logins that were tried long ago (S85), by the server's own profile: many belong to no account.
pub(super) async fn logins(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let days = gate.profile().account.login_log.retention_days;
    if days == 0 {
        return Ok(0);
    }
    let before = gate.clock().now().plus_days(-days);
    prune(
        gate,
        lease,
        before,
        |tx, before| Box::pin(tx.login_attempts_before(before)),
        |tx, before, most| Box::pin(tx.login_attempts_prune(before, most)),
    )
    .await
}

/// Faults that the profile of the server keeps no longer.
pub(super) async fn faults(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let before = gate.clock().now().plus_days(-gate.profile().account.hit.log_retention_days);
    prune(
        gate,
        lease,
        before,
        |tx, before| Box::pin(tx.hit_events_before(before)),
        |tx, before, most| Box::pin(tx.hit_events_prune(before, most)),
    )
    .await
}

/// Wrong codes of days that are over.
pub(super) async fn wrong_codes(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let today = flow::token::day(gate.clock().now());
    prune(
        gate,
        lease,
        today,
        |tx, day| Box::pin(tx.wrong_codes_before(day)),
        |tx, day, most| Box::pin(tx.wrong_codes_prune(day, most)),
    )
    .await
}

/// What rate rules counted in windows that are over.
pub(super) async fn windows(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    // Clocks of several processes differ; none of them still counts in a window that ended a minute ago.
    let before = gate.clock().now().plus_seconds(-60);
    prune(
        gate,
        lease,
        before,
        |tx, before| Box::pin(tx.rate_has_over(before)),
        |tx, before, most| Box::pin(tx.rate_prune(before, most)),
    )
    .await
}

/// Protected transactions of days long past.
pub(super) async fn days(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let before = gate.clock().now().plus_days(-DAYS_KEPT);
    prune(
        gate,
        lease,
        before,
        |tx, day| Box::pin(tx.protected_before(day)),
        |tx, day, most| Box::pin(tx.protected_prune(day, most)),
    )
    .await
}

/// What a transaction is asked.
type Asked<'a, T> = Task<'a, Result<T, StoreError>>;

/// Forgets what is older than that, a batch in a transaction, and says how much that was. Where nothing is that old,
/// nothing is written.
async fn prune<M: Copy + Send + Sync + 'static>(
    gate: &Gate,
    lease: &mut Lease,
    before: M,
    is_there: for<'a> fn(&'a mut Tx, M) -> Asked<'a, bool>,
    batch: for<'a> fn(&'a mut Tx, M, i64) -> Asked<'a, u64>,
) -> Result<usize, StoreError> {
    if !gate.db().read(move |tx| is_there(tx, before)).await? {
        return Ok(0);
    }
    let mut total = 0;
    loop {
        if !lease.held().await? {
            return Ok(total);
        }
        let done = gate.db().write(move |tx| batch(tx, before, BATCH as i64)).await?;
        let done = usize::try_from(done).unwrap_or(usize::MAX);
        total += done;
        if done < BATCH || total >= MOST {
            return Ok(total);
        }
    }
}
