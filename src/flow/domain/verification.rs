//! A registered domain whose holder has yet to prove an identity: published meanwhile, or on hold until then. One that
//! proves none is on hold, by a mark, until it does after all or the domain has another holder.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{change, info};
use crate::epp::notice::{Notice, Waiting};
use crate::epp::types::{ChangeOperation, DomainStatus};
use crate::flow::identity;
use crate::flow::pending::{self, Decision, Stands};
use crate::flow::zone;
use crate::gate::{Cx, Stop};
use crate::policy::{Risk, ZonePolicy};
use crate::store::domain::DomainRow;
use crate::store::mark::{Mark, MarkRow};
use crate::store::pending::{PendingKind, PendingRow, Waits};

/// What is to be done: the data of the action.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    /// Whether the domain is on hold for it.
    held: bool,
}

/// Begins to wait for the holder of a domain that was just registered.
///
/// # Errors
/// The database's trouble.
pub(super) async fn begin(
    cx: &mut Cx<'_>,
    registration: &PendingRow,
    held: bool,
    policy: &ZonePolicy,
) -> Result<(), Stop> {
    let object = (registration.object, registration.name.clone());
    let row = row(cx, object, held, policy)?;
    // The command that asked is the registration's, and so is its registrar.
    let PendingRow { registrar, cltrid, svtrid, .. } = registration.clone();
    Ok(cx.tx.pending_insert(&PendingRow { registrar, cltrid, svtrid, ..row }).await?)
}

fn row(cx: &Cx<'_>, object: (i64, String), held: bool, policy: &ZonePolicy) -> Result<PendingRow, Stop> {
    let until = cx.now.plus_days(policy.verification.days);
    pending::begun(cx, PendingKind::Verification, object, (Waits::Identity, until), &Asked { held })
}

/// Controls the holder of a domain that a command registers at once, where that is to be (N18). Stores the domain
/// where it goes on hold for it.
///
/// # Errors
/// The database's trouble.
pub(super) async fn of_new(cx: &mut Cx<'_>, domain: &mut DomainRow, policy: &ZonePolicy) -> Result<(), Stop> {
    let risk = policy.verification.risk;
    if risk == Risk::Green || !is_missing(cx, domain, policy).await? {
        return Ok(());
    }
    require(cx, domain, !risk.is_active(), policy).await?;
    if !risk.is_active() {
        cx.tx.domain_update(domain).await?;
    }
    Ok(())
}

async fn is_missing(cx: &mut Cx<'_>, domain: &DomainRow, policy: &ZonePolicy) -> Result<bool, Stop> {
    let Some(holder) = domain.registrant else { return Ok(false) };
    let holder = cx.tx.contact_by_id(holder).await?;
    Ok(holder.is_some_and(|holder| identity::missing(&holder, &policy.verification)))
}

/// Begins to wait, and tells the sponsor (N18). The caller stores the domain.
async fn require(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    held: bool,
    policy: &ZonePolicy,
) -> Result<(), Stop> {
    let row = row(cx, (domain.id, domain.name.to_string()), held, policy)?;
    cx.tx.pending_insert(&PendingRow { registrar: domain.registrar.clone(), ..row.clone() }).await?;
    if held {
        domain.statuses.insert(DomainStatus::ServerHold, None);
    }
    let told = Waiting::VerificationRequired { domain: domain.name.clone(), held, deadline: row.deadline };
    cx.notify(&domain.registrar, Notice::Waiting(told));
    cx.changed(
        domain.name.as_str(),
        json!({ "verification": { "until": row.deadline.to_string(), "held": held } }),
    );
    Ok(())
}

/// The registry picks a domain whose holder is to prove an identity. `false` where that is asked for already, or was
/// not proven.
///
/// # Errors
/// The database's trouble.
pub async fn ask(cx: &mut Cx<'_>, mut domain: DomainRow, held: bool) -> Result<bool, Stop> {
    if !waiting(cx, domain.id).await?.is_empty() || is_marked(cx, domain.id).await? {
        return Ok(false);
    }
    let policy = zone::registered_in(cx, &domain.name).await?.policy;
    require(cx, &mut domain, held, &policy).await?;
    store(cx, &mut domain).await?;
    Ok(true)
}

/// The identity of a holder that proved none in time is proven after all: the hold ends. `false` where it is not
/// missing.
///
/// # Errors
/// The database's trouble.
pub async fn proven_late(cx: &mut Cx<'_>, mut domain: DomainRow) -> Result<bool, Stop> {
    if !cx.tx.mark_delete(domain.id, Mark::Unproven).await? {
        return Ok(false);
    }
    if let Some(holder) = domain.registrant {
        cx.tx.contact_identified(holder, cx.now).await?;
    }
    lift(cx, &mut domain).await?;
    store(cx, &mut domain).await?;
    tell_active(cx, &domain).await?;
    cx.changed(domain.name.as_str(), json!({ "verification": { "proven": true } }));
    Ok(true)
}

/// What was asked of a holder is nothing to the next one: who has yet to prove an identity has its own time for that,
/// and of others nothing is asked any more. The caller stores the domain, which has its new holder already.
///
/// # Errors
/// The database's trouble.
pub(super) async fn holder_changed(cx: &mut Cx<'_>, domain: &mut DomainRow) -> Result<(), Stop> {
    let rows = waiting(cx, domain.id).await?;
    let failed = cx.tx.mark_delete(domain.id, Mark::Unproven).await?;
    if rows.is_empty() && !failed {
        return Ok(());
    }
    let mut held = failed;
    for row in &rows {
        held |= pending::data::<Asked>(row)?.held;
        cx.tx.pending_delete(row.id).await?;
    }
    let policy = zone::registered_in(cx, &domain.name).await?.policy;
    if is_missing(cx, domain, &policy).await? {
        return require(cx, domain, held, &policy).await;
    }
    if held {
        lift(cx, domain).await?;
    }
    cx.notify(&domain.registrar, Notice::Waiting(Waiting::VerificationCancelled(domain.name.clone())));
    Ok(())
}

async fn waiting(cx: &mut Cx<'_>, domain: i64) -> Result<Vec<PendingRow>, Stop> {
    let mut rows = cx.tx.pending_of(domain).await?;
    rows.retain(|row| row.kind == PendingKind::Verification);
    Ok(rows)
}

async fn is_marked(cx: &mut Cx<'_>, domain: i64) -> Result<bool, Stop> {
    Ok(cx.tx.marks_of(domain).await?.iter().any(|row| row.mark == Mark::Unproven))
}

/// Whether a domain is on hold until its holder proves an identity.
///
/// # Errors
/// The database's trouble.
pub(super) async fn holds(cx: &mut Cx<'_>, domain: i64) -> Result<bool, Stop> {
    for row in waiting(cx, domain).await? {
        if pending::data::<Asked>(&row)?.held {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Ends the hold, unless a mark asks for it: name servers that the registry took stay taken.
async fn lift(cx: &mut Cx<'_>, domain: &mut DomainRow) -> Result<(), Stop> {
    let marks = cx.tx.marks_of(domain.id).await?;
    if !marks.iter().any(|row| row.mark.statuses().contains(&DomainStatus::ServerHold)) {
        domain.statuses.remove(DomainStatus::ServerHold);
    }
    Ok(())
}

async fn store(cx: &mut Cx<'_>, domain: &mut DomainRow) -> Result<(), Stop> {
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    Ok(cx.tx.domain_update(domain).await?)
}

async fn tell_active(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    let data = Box::new(info::as_sponsor(cx, domain).await?);
    cx.notify(&domain.registrar, Notice::Waiting(Waiting::DomainActivated(data)));
    Ok(())
}

/// What becomes of the domain after a decision: published, or on hold.
///
/// # Errors
/// The database's trouble.
pub(crate) async fn decide(cx: &mut Cx<'_>, row: PendingRow, decision: Decision) -> Result<Stands, Stop> {
    let asked: Asked = pending::data(&row)?;
    cx.tx.pending_delete(row.id).await?;
    let Some(mut domain) = cx.tx.domain_by_id(row.object).await? else { return Ok(Stands::Failed) };
    let change = change::begin(cx, &domain, ChangeOperation::Update, None).await?;
    let done = matches!(decision, Decision::Accept | Decision::Complete(_) | Decision::Cancel);
    if done {
        if decision == Decision::Accept
            && let Some(holder) = domain.registrant
        {
            cx.tx.contact_identified(holder, cx.now).await?;
        }
        if asked.held {
            lift(cx, &mut domain).await?;
        }
    } else {
        let mark = MarkRow {
            domain: domain.id,
            mark: Mark::Unproven,
            detail: String::new(),
            since: cx.now,
            until: None,
        };
        cx.tx.mark_insert(&mark).await?;
        domain.statuses.insert(DomainStatus::ServerHold, None);
    }
    store(cx, &mut domain).await?;
    let name = domain.name.clone();
    match (done, asked.held) {
        (true, true) => tell_active(cx, &domain).await?,
        (true, false) if decision == Decision::Cancel => {
            cx.notify(&domain.registrar, Notice::Waiting(Waiting::VerificationCancelled(name)));
        }
        (true, false) => cx.notify(&domain.registrar, Notice::Waiting(Waiting::IdentityProven(name))),
        (false, _) => {
            let expired = decision == Decision::TimeOut;
            let told = Waiting::IdentityNotProven { domain: name, expired, deadline: row.deadline };
            cx.notify(&domain.registrar, Notice::Waiting(told));
        }
    }
    change::end(cx, change, &domain).await?;
    cx.changed(
        domain.name.as_str(),
        json!({ "verification": { "proven": done && decision != Decision::Cancel } }),
    );
    Ok(if done { Stands::Done } else { Stands::Failed })
}
