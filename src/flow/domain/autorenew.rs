//! `domain:autorenew`: whether the registry renews a domain when its registration ends (S139). A registry's own
//! command, without XML of the RFCs.

use serde_json::json;

use super::{find_own, zone_of};
use crate::epp::command::{ContactRole, DomainAutoRenew};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::management;
use crate::flow::status::{self, Verb};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "domain:autorenew",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Domain),
};

/// Switches automatic renewal of one domain on or off, until its registration ends.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::RegistrantManages`]
/// - [`Reason::NotOffered`]
/// - [`Reason::StatusProhibits`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainAutoRenew, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find_own(cx, &command.name).await?;
    let zone = zone_of(cx, &domain).await?;
    management::permit(cx, &domain, Some(ContactRole::Billing), &zone.policy.management).await?;
    if !zone.policy.autorenew.per_domain {
        return Err(Reason::NotOffered.into());
    }
    status::permit(&domain.statuses, Verb::Update, Ns::Domain)?;
    let before = std::mem::replace(&mut domain.life.auto_renew, command.on);
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(&domain).await?;
    cx.changed(domain.name.as_str(), json!({ "auto_renew": { "before": before, "after": command.on } }));
    Ok(Reply::Done)
}
