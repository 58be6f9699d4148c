//! `domain:reactivate`: a deleted domain comes back as it was. A registry's own command, without XML of the RFCs.

use serde_json::json;

use super::{find_own, hold, on_name, zone_of};
use crate::epp::command::{ContactRole, DomainReactivate};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::DomainStatus;
use crate::flow::{management, money, status};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::{BillOp, RestoreCharge, RestoreMode};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "domain:reactivate",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Domain),
};

/// Brings a domain back from hold: with the contacts, name servers and the end it had. An end that has passed
/// meanwhile is dealt with at once by timed work.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::NotOffered`]
/// - [`Reason::NotOnHold`]
/// - [`Reason::StatusProhibits`]
/// - [`Reason::FundsShort`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainReactivate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find_own(cx, &command.name).await?;
    let zone = zone_of(cx, &domain).await?;
    management::permit(cx, &domain, Some(ContactRole::Admin), &zone.policy.management).await?;
    if zone.policy.restore.mode != RestoreMode::Reactivate {
        return Err(Reason::NotOffered.into());
    }
    if !hold::is_open(&domain, cx.now) {
        return Err(on_name(Reason::NotOnHold, &domain.name).into());
    }
    if domain.statuses.has(DomainStatus::ServerUpdateProhibited) {
        return Err(status::prohibits(DomainStatus::ServerUpdateProhibited, Ns::Domain).into());
    }
    if zone.policy.restore.charge.contains(&RestoreCharge::Reactivate) {
        let cost = money::Charge {
            account: &domain.registrar,
            op: BillOp::Reactivate,
            zone: domain.zone.as_str(),
            units: 0,
            object: domain.name.as_str(),
            fee: money::FeeTerms::default(),
        };
        money::charge(cx, &cost).await?;
    }
    hold::lift(cx, &mut domain, &zone.policy).await?;
    cx.changed(domain.name.as_str(), json!({ "reactivated": { "expires": domain.expires_at.to_string() } }));
    Ok(Reply::Done)
}
