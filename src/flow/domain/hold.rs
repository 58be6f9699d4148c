//! The time between deletion and purge: redemption, quarantine. A domain on hold is not published and has
//! `pendingDelete`; what brings it back, and for how long, the zone says (S136, S142-S145).

use serde_json::json;

use super::{grace, marks, registrant, renewal};
use crate::clock::Ts;
use crate::epp::notice::{Held, Notice, Waiting};
use crate::epp::reply::PendingData;
use crate::epp::types::DomainStatus;
use crate::flow::host::approval;
use crate::gate::{Cx, Stop};
use crate::policy::{AutoDelete, DeleteMode, ExpiryAction, HoldEnd, ZonePolicy};
use crate::store::domain::DomainRow;
use crate::store::life::{Hold, HoldCause, Life};

/// Puts a domain on hold, and stores it: a transfer, a change of its holder and hosts below that wait are off, what runs in grace is
/// given back, what was scheduled is past, and the hosts below are marked where the zone marks them. It cannot fail for
/// what other objects do with the domain (S142). Says how much came back, in the currency's smallest unit.
///
/// # Errors
/// The database's trouble.
pub async fn begin(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    policy: &ZonePolicy,
    cause: HoldCause,
) -> Result<i64, Stop> {
    super::transfer::stop(cx, domain).await?;
    registrant::stop(cx, domain).await?;
    approval::stop_below(cx, domain.id).await?;
    let credit = grace::give_back(cx, domain).await?;
    let until = cx.now.plus_days(policy.hold.days);
    let hold = Hold { cause, since: cx.now, until, expires_at: domain.expires_at, report_due_at: None };
    domain.life = Life { renew_at: None, delete_at: None, hold: Some(hold), ..domain.life.clone() };
    if cause == HoldCause::Deleted && policy.delete.mode == DeleteMode::Pending {
        domain.life.auto_renew = false;
        domain.expires_at = domain.expires_at.min(cx.now);
    }
    domain.purge_at = Some(purge_at(until, policy));
    domain.statuses.insert(DomainStatus::PendingDelete, None);
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(domain).await?;
    if policy.subordinate.auto_delete == AutoDelete::Mark {
        marks::set(cx, domain).await?;
    }
    note(cx, domain, cause.name());
    Ok(credit)
}

/// When a domain that can be brought back until then is purged.
pub(super) fn purge_at(until: Ts, policy: &ZonePolicy) -> Ts {
    match policy.hold.then {
        HoldEnd::PendingDelete => until.plus_days(policy.hold.pending_delete_days),
        HoldEnd::Release => policy.calendar.zone.slot(until, policy.hold.release_slots),
    }
}

/// Whether a domain is on hold and can still be brought back.
#[must_use]
pub fn is_open(domain: &DomainRow, now: Ts) -> bool {
    domain.life.hold.as_ref().is_some_and(|hold| now < hold.until)
}

/// Takes a domain off hold, and stores it: registered again, until when it was before or as the caller says. Marks of
/// hosts below are lifted, and whoever waits for the end of the deletion learns that there is none (N40).
///
/// # Errors
/// The database's trouble.
pub async fn lift(cx: &mut Cx<'_>, domain: &mut DomainRow, policy: &ZonePolicy) -> Result<(), Stop> {
    let Some(hold) = domain.life.hold.take() else { return Ok(()) };
    domain.expires_at = domain.expires_at.max(hold.expires_at);
    if hold.cause == HoldCause::Deleted && policy.delete.mode == DeleteMode::Pending {
        let registrar = domain.registrar.clone();
        domain.life.auto_renew = renewal::default_of(cx, &registrar, policy).await?;
    }
    renewal::reckon(domain, policy);
    domain.purge_at = None;
    domain.statuses.remove(DomainStatus::PendingDelete);
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    tell_stopped(cx, domain);
    cx.tx.domain_update(domain).await?;
    marks::lift(cx, domain).await
}

/// Tells the sponsor that a deletion it was answered 1001 for does not take place, and forgets that command.
pub(super) fn tell_stopped(cx: &mut Cx<'_>, domain: &mut DomainRow) {
    let cltrid = domain.delete_cltrid.take();
    let Some(svtrid) = domain.delete_svtrid.take() else { return };
    let name = domain.name.clone();
    let data = PendingData { name, success: false, cltrid, svtrid, at: cx.now };
    cx.notify(&domain.registrar, Notice::DeletionStopped(data));
}

/// Takes a scheduled deletion off a domain, and tells the sponsor, who asked for it. The caller stores the domain.
pub(super) fn unschedule(cx: &mut Cx<'_>, domain: &mut DomainRow) {
    if domain.life.delete_at.take().is_some() {
        tell_stopped(cx, domain);
    }
}

/// Tells the sponsor that a scheduled deletion was done (N39).
///
/// # Errors
/// The database's trouble.
pub(super) async fn tell_deleted(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    let data = Box::new(super::info::as_sponsor(cx, domain).await?);
    cx.notify(&domain.registrar, Notice::DomainHeld { data, held: held(domain) });
    Ok(())
}

/// Tells the sponsor that the registration ended (N38).
pub(super) fn tell_ended(cx: &mut Cx<'_>, domain: &DomainRow, action: ExpiryAction) {
    let suspended = action == ExpiryAction::Suspend;
    cx.notify(&domain.registrar, Notice::DomainEnded { held: held(domain), suspended });
}

/// Tells the sponsor that the registry deleted the domain, and why (N38).
pub fn tell_by_registry(cx: &mut Cx<'_>, domain: &DomainRow, reason: &str) {
    cx.notify(&domain.registrar, Notice::DomainWithdrawn { held: held(domain), reason: reason.to_owned() });
}

/// Until when a domain can be brought back and when it is purged.
pub(super) fn held(domain: &DomainRow) -> Held {
    let until = domain.life.hold.as_ref().map_or(domain.expires_at, |hold| hold.until);
    Held { domain: domain.name.clone(), until, purge: domain.purge_at.unwrap_or(until) }
}

fn note(cx: &mut Cx<'_>, domain: &DomainRow, cause: &str) {
    let purge = domain.purge_at.map(|at| at.to_string());
    let until = domain.life.hold.as_ref().map(|hold| hold.until.to_string());
    cx.changed(
        domain.name.as_str(),
        json!({ "on_hold": { "cause": cause, "until": until, "purge_at": purge } }),
    );
}

/// Tells the sponsor that the registry itself brought a domain back (N21).
///
/// # Errors
/// The database's trouble.
pub async fn tell_brought_back(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    let data = Box::new(super::info::as_sponsor(cx, domain).await?);
    cx.notify(&domain.registrar, Notice::Waiting(Waiting::DomainUpdated(data)));
    Ok(())
}
