//! `<domain:renew>` (RFC 5731 section 3.2.3).

use serde_json::json;

use super::{find_own, period, zone_of};
use crate::epp::command::{ContactRole, DomainRenew};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::status::{self, Verb};
use crate::flow::{management, money};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::BillOp;
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:renew", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Makes a registration run longer, from where it ends. `curExpDate` must be that day, so that a renew whose
/// answer was lost does not count twice.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::RegistrantManages`](crate::refusal::Reason::RegistrantManages)
/// - [`Reason::StatusProhibits`]
/// - [`Reason::NotOurZone`]
/// - [`Reason::WrongExpiryDate`]
/// - [`Reason::PeriodUnit`]
/// - [`Reason::PeriodOutOfRange`]
/// - [`Reason::ExpiryTooFar`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainRenew, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find_own(cx, &command.name).await?;
    status::permit(&domain.statuses, Verb::Renew, Ns::Domain)?;
    let zone = zone_of(cx, &domain).await?;
    management::permit(cx, &domain, Some(ContactRole::Billing), &zone.policy.management).await?;
    if command.current_expiry != domain.expires_at.date() {
        let given = command.current_expiry.to_string();
        return Err(Refusal::new(Reason::WrongExpiryDate).on(Ns::Domain, "curExpDate", given).into());
    }
    let policy = &zone.policy.period;
    let months = period::months(command.period, policy)?;
    let before = domain.expires_at;
    domain.expires_at = period::end(before, months, cx.now, policy)?;
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(&domain).await?;
    money::charge(
        cx,
        &money::Charge {
            account: &domain.registrar,
            op: BillOp::Renew,
            zone: domain.zone.as_str(),
            units: period::years(months),
            object: domain.name.as_str(),
        },
    )
    .await?;
    cx.changed(
        domain.name.as_str(),
        json!({ "expires": { "before": before.to_string(), "after": domain.expires_at.to_string() } }),
    );
    Ok(Reply::DomainRenewed { name: domain.name, expires: domain.expires_at })
}
