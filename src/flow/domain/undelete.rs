//! `domain:undelete`: a scheduled deletion is taken back. A registry's own command, without XML of the RFCs.

use serde_json::json;

use super::{find_own, hold, on_name, zone_of};
use crate::epp::command::{ContactRole, DomainUndelete};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::management;
use crate::flow::status::{self, Verb};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::DeleteMode;
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:undelete", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Takes a deletion back that is scheduled and not done yet.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::NotOffered`]
/// - [`Reason::StatusProhibits`]
/// - [`Reason::NoDeletionScheduled`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainUndelete, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find_own(cx, &command.name).await?;
    let zone = zone_of(cx, &domain).await?;
    management::permit(cx, &domain, Some(ContactRole::Admin), &zone.policy.management).await?;
    if zone.policy.delete.mode != DeleteMode::Scheduled {
        return Err(Reason::NotOffered.into());
    }
    status::permit(&domain.statuses, Verb::Update, Ns::Domain)?;
    let Some(at) = domain.life.delete_at.take() else {
        return Err(on_name(Reason::NoDeletionScheduled, &domain.name).into());
    };
    hold::tell_stopped(cx, &mut domain);
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(&domain).await?;
    cx.changed(domain.name.as_str(), json!({ "delete_at": { "before": at.to_string(), "after": null } }));
    Ok(Reply::Done)
}
