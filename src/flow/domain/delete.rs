//! `<domain:delete>` (RFC 5731 section 3.2.2).

use serde_json::json;

use super::{find_own, grace, hold, on_name, purge, zone_of};
use crate::clock::Ts;
use crate::epp::command::{ContactRole, DomainDelete};
use crate::epp::notice::Notice;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::launch;
use crate::flow::status::{self, Verb};
use crate::flow::{management, money};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::{DeleteMode, DeleteSpread, ManualDelete, ZonePolicy};
use crate::refusal::Reason;
use crate::store::domain::DomainRow;
use crate::store::life::{GraceKind, HoldCause};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:delete", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Deletes a domain: at once while it is new, else it goes on hold, now or on a day the command may name. A day
/// that is past, or none, is today.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::RegistrantManages`]
/// - [`Reason::StatusProhibits`]
/// - [`Reason::HasSubordinates`]
/// - [`Reason::SubordinatesServe`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::DeleteDayNotTaken`]
/// - [`Reason::DeletionScheduled`]
/// - [`Reason::NoApplications`]
/// - [`Reason::NoSuchApplication`]
/// - [`Reason::OtherLaunchPhase`]
/// - [`Reason::ApplicationDecided`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainDelete, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    if let Some(application) = &command.launch {
        return launch::delete(cx, command, application).await;
    }
    let mut domain = find_own(cx, &command.name).await?;
    status::permit(&domain.statuses, Verb::Delete, Ns::Domain)?;
    let zone = zone_of(cx, &domain).await?;
    let policy = &zone.policy;
    management::permit(cx, &domain, Some(ContactRole::Admin), &policy.management).await?;
    if command.on.is_some() && !policy.delete.date_ext {
        return Err(on_name(Reason::DeleteDayNotTaken, &domain.name).into());
    }
    check_below(cx, &domain, policy.subordinate.manual_delete).await?;
    if command.on.is_none() && is_new(cx, &domain).await? {
        let credit = grace::give_back(cx, &mut domain).await?;
        purge::purge(cx, &domain).await?;
        return Ok(money::credited(cx, &domain.registrar, credit).await?.with(Reply::Done));
    }
    if let Some(at) = domain.life.delete_at.filter(|_| !command.overwrite) {
        return Err(on_name(Reason::DeletionScheduled, &domain.name).detail(format!("at {at}")).into());
    }
    let at = match policy.delete.mode {
        DeleteMode::ImmediateRgp | DeleteMode::Pending => cx.now,
        DeleteMode::Scheduled => moment(command, cx.now, policy),
    };
    let takes_time = policy.delete.success_code == 1001;
    domain.delete_cltrid = cx.cltrid.filter(|_| takes_time).map(ToString::to_string);
    domain.delete_svtrid = takes_time.then(|| cx.svtrid.to_owned());
    let mut credit = 0;
    if at <= cx.now {
        credit = hold::begin(cx, &mut domain, policy, HoldCause::Deleted).await?;
    } else {
        schedule(cx, &mut domain, at).await?;
    }
    let reply = if takes_time { Reply::Pending } else { Reply::Done };
    Ok(money::credited(cx, &domain.registrar, credit).await?.with(reply))
}

/// Host objects below the domain keep it from being deleted: all of them, or those that serve others (S141).
async fn check_below(cx: &mut Cx<'_>, domain: &DomainRow, which: ManualDelete) -> Result<(), Stop> {
    for host in cx.tx.hosts_below(domain.id).await? {
        let keeps = match which {
            ManualDelete::Any => Some(Reason::HasSubordinates),
            ManualDelete::Serving => {
                cx.tx.host_serves_another(host.id, domain.id).await?.then_some(Reason::SubordinatesServe)
            }
        };
        if let Some(reason) = keeps {
            return Err(on_name(reason, &domain.name).detail(host.name.to_string()).into());
        }
    }
    Ok(())
}

async fn is_new(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<bool, Stop> {
    let running = cx.tx.grace_of(domain.id, cx.now).await?;
    Ok(running.iter().any(|grace| grace.kind == GraceKind::Add && grace.registrar == domain.registrar))
}

/// When on the day that was asked for: as it begins, or at one of its full hours that are still to come.
fn moment(command: &DomainDelete, now: Ts, policy: &ZonePolicy) -> Ts {
    let zone = &policy.calendar.zone;
    let today = zone.date(now);
    let day = command.on.unwrap_or(today).max(today);
    match policy.delete.spread {
        DeleteSpread::Off => zone.begins(day).max(now),
        DeleteSpread::RandomHour => {
            let hours = zone.full_hours(day, now);
            hours[rand::random_range(0..hours.len())]
        }
    }
}

/// Notes when the domain is to be deleted. The hour is told in a message (N38): the reply has no room for it.
async fn schedule(cx: &mut Cx<'_>, domain: &mut DomainRow, at: Ts) -> Result<(), Stop> {
    let before = domain.life.delete_at.replace(at);
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(domain).await?;
    cx.notify(&domain.registrar, Notice::DeletionScheduled { domain: domain.name.clone(), at });
    let before = before.map(|at| at.to_string());
    cx.changed(domain.name.as_str(), json!({ "delete_at": { "before": before, "after": at.to_string() } }));
    Ok(())
}
