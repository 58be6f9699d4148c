//! What the registry itself does to a domain, by its operator or by timed work: hold, violation, name servers taken
//! away, registry lock, and the end of a registrar's contract. Each is a mark with its statuses, an audit row and a
//! notice to the sponsor.

use serde_json::json;

use super::{change, hold, verification};
use crate::clock::Ts;
use crate::epp::notice::{Deed, Marked, Notice};
use crate::epp::types::{ChangeOperation, DomainName, DomainStatus};
use crate::flow::zone;
use crate::gate::{Cx, Stop};
use crate::store::domain::DomainRow;
use crate::store::mark::{Mark, MarkRow};

/// What the operator asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Set a mark, with words and, where something is to be done, until when.
    Set(Mark, String, Option<Ts>),
    /// Take a mark away.
    Clear(Mark),
    /// Take the lock off until then; it comes back by itself.
    PauseLock(Ts),
}

/// Why an order is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMarked {
    /// There is no such domain.
    #[error("there is no such domain")]
    NoDomain,
    /// The mark is set already.
    #[error("it is that already")]
    Already,
    /// The mark is not set.
    #[error("it is not that")]
    NotSet,
    /// The zone has no registry lock.
    #[error("its zone has no registry lock (zone.locks.registry_lock)")]
    NoLock,
}

/// Does it.
///
/// # Errors
/// The database's troubles.
pub async fn order(cx: &mut Cx<'_>, name: &DomainName, order: &Order) -> Result<Result<(), NotMarked>, Stop> {
    let Some(domain) = cx.tx.domain_by_name(name).await? else { return Ok(Err(NotMarked::NoDomain)) };
    if matches!(order, Order::Set(Mark::Lock, ..)) && !has_lock(cx, &domain).await? {
        return Ok(Err(NotMarked::NoLock));
    }
    let (deed, cleared) = match order {
        Order::Set(mark, detail, until) => match set(cx, &domain, *mark, detail, *until).await? {
            false => return Ok(Err(NotMarked::Already)),
            true => (deed_of(*mark, detail, *until), None),
        },
        Order::Clear(mark) => match clear(cx, &domain, *mark).await? {
            None => return Ok(Err(NotMarked::NotSet)),
            Some(row) => (undone(&row), Some(row.mark)),
        },
        Order::PauseLock(until) => match clear(cx, &domain, Mark::Lock).await? {
            None => return Ok(Err(NotMarked::NotSet)),
            Some(row) => {
                set(cx, &domain, Mark::LockPaused, &row.detail, Some(*until)).await?;
                (Some(Deed::LockPaused(*until)), Some(Mark::Lock))
            }
        },
    };
    settle(cx, domain, cleared, deed).await?;
    Ok(Ok(()))
}

/// Puts a lock on again whose pause is over; says whether it still was.
///
/// # Errors
/// The database's troubles.
pub async fn resume_lock(cx: &mut Cx<'_>, domain: i64) -> Result<bool, Stop> {
    let Some(domain) = cx.tx.domain_by_id(domain).await? else { return Ok(false) };
    let marks = cx.tx.marks_of(domain.id).await?;
    let over =
        |row: &&MarkRow| row.mark == Mark::LockPaused && row.until.is_some_and(|until| until <= cx.now);
    let Some(paused) = marks.iter().find(over) else { return Ok(false) };
    cx.tx.mark_delete(domain.id, Mark::LockPaused).await?;
    set(cx, &domain, Mark::Lock, &paused.detail, None).await?;
    settle(cx, domain, None, Some(Deed::LockResumed)).await?;
    Ok(true)
}

async fn has_lock(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<bool, Stop> {
    let zone = zone::of(cx, &domain.name).await?;
    Ok(zone.is_some_and(|zone| zone.policy.locks.registry_lock))
}

async fn set(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    mark: Mark,
    detail: &str,
    until: Option<Ts>,
) -> Result<bool, Stop> {
    let row = MarkRow { domain: domain.id, mark, detail: detail.to_owned(), since: cx.now, until };
    // A lock that is put on ends its own pause.
    if mark == Mark::Lock {
        cx.tx.mark_delete(domain.id, Mark::LockPaused).await?;
    }
    Ok(cx.tx.mark_insert(&row).await?)
}

/// Takes a mark away; a lock also while it pauses.
async fn clear(cx: &mut Cx<'_>, domain: &DomainRow, mark: Mark) -> Result<Option<MarkRow>, Stop> {
    let marks = cx.tx.marks_of(domain.id).await?;
    let is_it = |row: &MarkRow| row.mark == mark || (mark == Mark::Lock && row.mark == Mark::LockPaused);
    let Some(row) = marks.into_iter().find(is_it) else { return Ok(None) };
    cx.tx.mark_delete(domain.id, row.mark).await?;
    Ok(Some(row))
}

/// Gives the domain the statuses its marks ask for, takes those of the mark away that is no more, as far as neither
/// another nor a holder without an identity asks for them, and tells the sponsor. A dispute ends a scheduled deletion.
async fn settle(
    cx: &mut Cx<'_>,
    mut domain: DomainRow,
    cleared: Option<Mark>,
    deed: Option<Deed>,
) -> Result<(), Stop> {
    let change = change::begin(cx, &domain, ChangeOperation::Update, None).await?;
    let marks = cx.tx.marks_of(domain.id).await?;
    for status in cleared.iter().flat_map(|mark| mark.statuses()) {
        domain.statuses.remove(*status);
    }
    for status in marks.iter().flat_map(|row| row.mark.statuses()) {
        domain.statuses.insert(*status, None);
    }
    if marks.iter().any(|row| row.mark == Mark::Hold) {
        hold::unschedule(cx, &mut domain);
    }
    if verification::holds(cx, domain.id).await? {
        domain.statuses.insert(DomainStatus::ServerHold, None);
    }
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(&domain).await?;
    let marks: Vec<_> = marks.iter().map(|row| row.mark.name()).collect();
    cx.changed(domain.name.as_str(), json!({ "marks": marks, "statuses": domain.statuses.to_text() }));
    if let Some(deed) = deed {
        cx.notify(&domain.registrar, Notice::Marked(Marked { domain: domain.name.clone(), deed }));
    }
    change::end(cx, change, &domain).await
}

/// What the sponsor is told of a mark that is set.
fn deed_of(mark: Mark, detail: &str, until: Option<Ts>) -> Option<Deed> {
    Some(match mark {
        Mark::Hold => Deed::Held(detail.to_owned()),
        Mark::Violation => Deed::Violation(detail.to_owned(), until),
        Mark::RevokedNs => Deed::NsRevoked,
        Mark::Lock => Deed::Locked,
        Mark::OutOfService => Deed::OutOfService(until),
        Mark::LockPaused => Deed::LockPaused(until?),
        // Told by the control of identity, with what is to be done.
        Mark::Unproven => return None,
    })
}

/// What the sponsor is told of a mark that is taken away; of a violation or a move that is settled, nothing.
fn undone(row: &MarkRow) -> Option<Deed> {
    match row.mark {
        Mark::Hold => Some(Deed::HoldLifted(row.detail.clone())),
        Mark::RevokedNs => Some(Deed::NsRestored),
        Mark::Lock | Mark::LockPaused => Some(Deed::Unlocked),
        Mark::Violation | Mark::OutOfService | Mark::Unproven => None,
    }
}
