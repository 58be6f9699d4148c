//! `<domain:renew>` (RFC 5731 section 3.2.3).

use serde_json::json;

use super::{find_own, grace, period, renewal, zone_of};
use crate::clock::Ts;
use crate::epp::command::{ContactRole, DomainRenew};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::status::{self, Verb};
use crate::flow::{management, money};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::BillOp;
use crate::policy::{RenewPolicy, RenewUntil};
use crate::refusal::{Reason, Refusal};
use crate::store::life::GraceKind;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:renew", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Makes a registration run longer, from where it ends. `curExpDate` must be that day, so that a renew whose
/// answer was lost does not count twice.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::RegistrantManages`]
/// - [`Reason::StatusProhibits`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::NotOffered`]
/// - [`Reason::NotRenewableYet`]
/// - [`Reason::NotRenewableAnyMore`]
/// - [`Reason::WrongExpiryDate`]
/// - [`Reason::PeriodUnit`]
/// - [`Reason::PeriodOutOfRange`]
/// - [`Reason::ExpiryTooFar`]
/// - [`Reason::FeeMissing`]
/// - [`Reason::FeeTooLow`]
/// - [`Reason::FeeCurrency`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainRenew, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find_own(cx, &command.name).await?;
    let zone = zone_of(cx, &domain).await?;
    management::permit(cx, &domain, Some(ContactRole::Billing), &zone.policy.management).await?;
    if !zone.policy.renew.enabled {
        return Err(Reason::NotOffered.into());
    }
    status::permit(&domain.statuses, Verb::Renew, Ns::Domain)?;
    check_time(domain.expires_at, cx.now, &zone.policy.renew)?;
    if command.current_expiry != domain.expires_at.date() {
        let given = command.current_expiry.to_string();
        return Err(Refusal::new(Reason::WrongExpiryDate).on(Ns::Domain, "curExpDate", given).into());
    }
    let policy = &zone.policy.period;
    let months = period::months(command.period, policy)?;
    let before = domain.expires_at;
    let code = zone.policy.renew.too_far_code.get();
    domain.expires_at = period::end(before, months, cx.now, policy).map_err(|far| far.coded(code))?;
    renewal::reckon(&mut domain, &zone.policy);
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(&domain).await?;
    let fee = money::charge(
        cx,
        &money::Charge {
            account: &domain.registrar,
            op: BillOp::Renew,
            zone: domain.zone.as_str(),
            units: period::years(months),
            object: domain.name.as_str(),
            fee: money::FeeTerms::of(command.fee.as_ref(), &zone.policy, BillOp::Renew),
        },
    )
    .await?;
    grace::begin(cx, &domain, GraceKind::Renew, (months, cx.now), &zone.policy.grace).await?;
    cx.changed(
        domain.name.as_str(),
        json!({ "expires": { "before": before.to_string(), "after": domain.expires_at.to_string() } }),
    );
    Ok(fee.with(Reply::DomainRenewed { name: domain.name, expires: domain.expires_at }))
}

/// Some zones take a renewal only shortly before the end, or only until then.
fn check_time(expires_at: Ts, now: Ts, policy: &RenewPolicy) -> Result<(), Refusal> {
    let refused = |reason, at: Ts| {
        let refusal = Refusal::new(reason).on(Ns::Domain, "curExpDate", expires_at.date().to_string());
        Err(refusal.detail(at.to_string()))
    };
    if policy.until == RenewUntil::Expiry && expires_at <= now {
        return refused(Reason::NotRenewableAnyMore, expires_at);
    }
    match expires_at.plus_months(-policy.window_months) {
        Some(from) if policy.window_months > 0 && now < from => refused(Reason::NotRenewableYet, from),
        _ => Ok(()),
    }
}
