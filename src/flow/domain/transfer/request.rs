//! `<domain:transfer>`, op="request" (RFC 5731 section 3.2.4).

use super::consent::{self, Consent};
use super::{Going, check_offered, cost, hand_over, note};
use crate::clock::Ts;
use crate::epp::command::{DomainTransfer, TransferAnew};
use crate::epp::notice::Transferred;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{DomainStatus, Period, StatusSet};
use crate::flow::domain::{find, hold, on_name, period, zone_of};
use crate::flow::status::{self, Verb};
use crate::flow::token;
use crate::flow::transfer::{Asked, requested, tell};
use crate::flow::{allocation, money};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::{BillOp, TransferContacts, TransferOp, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::transfer::TransferKind;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "domain:transfer-request",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Domain),
};

/// Asks for a domain of another registrar. By the zone's rules the request waits for the sponsor, or is done. Where a
/// transfer may name a new holder, the sponsor itself can ask for that.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::NotOffered`]
/// - [`Reason::OwnObject`]
/// - [`Reason::NothingAnew`]
/// - [`Reason::AuthInfoMissing`]
/// - [`Reason::TransferPending`]
/// - [`Reason::StatusProhibits`]
/// - [`Reason::WrongAuthInfo`]
/// - [`Reason::TooManyWrongCodes`]
/// - [`Reason::AllocationTokenWrong`]
/// - [`Reason::TooNewForTransfer`]
/// - [`Reason::PeriodUnit`]
/// - [`Reason::PeriodOutOfRange`]
/// - [`Reason::ExpiryTooFar`]
/// - [`Reason::FundsShort`]
/// - [`Reason::FeeMissing`]
/// - [`Reason::FeeTooLow`]
/// - [`Reason::FeeCurrency`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainTransfer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find(cx, &command.name).await?;
    let zone = zone_of(cx, &domain).await?;
    let policy = &zone.policy;
    check_offered(policy, TransferOp::Request)?;
    let anew = command.anew.as_deref();
    check_anew(cx, &domain, anew, policy)?;
    if domain.statuses.has(DomainStatus::PendingTransfer) {
        return Err(on_name(Reason::TransferPending, &domain.name).into());
    }
    let held = policy.transfer.from_hold && hold::is_open(&domain, cx.now);
    status::permit(
        &if held { without_hold(&domain) } else { domain.statuses.clone() },
        Verb::Transfer,
        Ns::Domain,
    )?;
    let consent = consent::given(cx, command, &domain, policy).await?;
    check_age(&domain, cx.now, policy.transfer.lock_days)?;
    let (op, added) = asked_for(&domain, command.period, cx.now, policy)?;
    let years = period::years(added.map_or(0, |(months, _)| months));
    let allocation = allocation::of_transfer(cx, command, &zone, years).await?;

    let loser = domain.registrar.clone();
    let asked = Asked {
        object: domain.id,
        kind: TransferKind::Domain,
        loser: &loser,
        months: added.map_or(0, |(months, _)| i64::from(months)),
        expires_at: added.map(|(_, end)| end),
        mode: policy.transfer.mode,
        auto_approve_days: policy.transfer.auto_approve_days,
        consented: consent.is_given(),
    };
    let mut row = requested(cx, &asked);
    if row.is_pending() {
        domain.statuses.insert(DomainStatus::PendingTransfer, None);
    } else {
        if let Consent::Token(token) = consent {
            token::spend(cx, token).await?;
        }
        if held {
            hold::lift(cx, &mut domain, policy).await?;
        }
        hand_over(cx, &mut domain, &mut row, &Going { policy, anew, management: None }).await?;
    }
    cx.tx.domain_update(&domain).await?;
    allocation::spend(cx, allocation, &domain.name).await?;
    let said = money::FeeTerms::of(command.fee.as_ref(), policy, op);
    let charge = money::Charge { fee: said, ..cost(&domain, &row, op) };
    let fee = if row.is_pending() {
        money::request(cx, &charge).await?
    } else {
        money::charge(cx, &charge).await?
    };
    cx.tx.transfer_put(&row).await?;
    tell(cx, &row, || domain.name.clone(), Transferred::Domain);
    note(cx, &domain, &row);
    let mut data = row.data(domain.name);
    data.answer_to_request = true;
    Ok(fee.with(Reply::DomainTransfer(data)))
}

/// What a request for a domain is charged as, and what it adds to its registration: months and the end. A domain that was
/// deleted begins anew where the zone lets it be asked for.
///
/// # Errors
/// [`Reason::PeriodUnit`], [`Reason::PeriodOutOfRange`], [`Reason::ExpiryTooFar`]
pub(in crate::flow::domain) fn asked_for(
    domain: &DomainRow,
    period: Option<Period>,
    now: Ts,
    policy: &ZonePolicy,
) -> Result<(BillOp, Option<(i32, Ts)>), Refusal> {
    let held = policy.transfer.from_hold && hold::is_open(domain, now);
    let from = if held || policy.transfer.restarts_period { now } else { domain.expires_at };
    let op = if held { BillOp::QuarantineTransfer } else { BillOp::Transfer };
    Ok((op, added(period, from, now, policy)?))
}

/// A registrar asks for what it has not; where transfers may name a new holder, its own domain can have one.
fn check_anew(
    cx: &Cx<'_>,
    domain: &DomainRow,
    anew: Option<&TransferAnew>,
    policy: &ZonePolicy,
) -> Result<(), Refusal> {
    if anew.is_some() && policy.transfer.contacts != TransferContacts::Respecify {
        return Err(on_name(Reason::NothingAnew, &domain.name));
    }
    let new_holder = anew.is_some_and(|anew| anew.registrant.is_some());
    if *cx.registrar() == domain.registrar && !new_holder {
        return Err(Reason::OwnObject.into());
    }
    Ok(())
}

/// The statuses of a domain as if it were not deleted.
fn without_hold(domain: &DomainRow) -> StatusSet<DomainStatus> {
    let mut statuses = domain.statuses.clone();
    statuses.remove(DomainStatus::PendingDelete);
    statuses
}

/// Some zones take no transfer for a while after a create or a transfer.
fn check_age(domain: &DomainRow, now: Ts, lock_days: i64) -> Result<(), Refusal> {
    let free = domain.transferred_at.unwrap_or(domain.created_at).plus_days(lock_days);
    if free <= now {
        return Ok(());
    }
    Err(on_name(Reason::TooNewForTransfer, &domain.name).detail(format!("possible from {free} on")))
}

/// The months a transfer adds and where the registration then ends; nothing in a zone whose transfers add none.
/// A period that was asked for must fit below the limit. The one the zone adds by itself is left out where it
/// does not fit: a domain that is registered as far ahead as can be would otherwise be bound to its registrar.
pub(in crate::flow::domain) fn added(
    asked: Option<Period>,
    expires_at: Ts,
    now: Ts,
    policy: &ZonePolicy,
) -> Result<Option<(i32, Ts)>, Refusal> {
    let by_itself = i32::from(policy.transfer.adds_years) * 12;
    if asked.is_none() {
        let fits = (by_itself > 0).then(|| period::end(expires_at, by_itself, now, &policy.period).ok());
        return Ok(fits.flatten().map(|end| (by_itself, end)));
    }
    let months = period::months(asked, &policy.period)?;
    if by_itself == 0 {
        let refusal =
            Refusal::new(Reason::PeriodOutOfRange).on(Ns::Domain, "period", (months / 12).to_string());
        return Err(refusal.detail("a transfer adds no time in this zone"));
    }
    Ok(Some((months, period::end(expires_at, months, now, &policy.period)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::types::PeriodUnit;
    use crate::policy::Policies;

    fn reached(asked: Option<u8>, years_left: i32, overrides: &str) -> Result<Option<i32>, Reason> {
        let policy = Policies::load(&[]).unwrap().zone("gtld", overrides).unwrap();
        let now = Ts::from_timestamp("2026-05-01T00:00:00Z".parse().unwrap());
        let expires = now.plus_months(years_left * 12).unwrap();
        let asked = asked.map(|count| Period { count, unit: PeriodUnit::Years });
        let added = added(asked, expires, now, &policy).map_err(|r| r.reason)?;
        Ok(added.map(|(months, end)| {
            assert_eq!(expires.plus_months(months), Some(end));
            months
        }))
    }

    #[test]
    fn a_transfer_adds_what_fits() {
        assert_eq!(reached(None, 1, ""), Ok(Some(12)));
        assert_eq!(reached(Some(2), 1, ""), Ok(Some(24)));
        assert_eq!(reached(None, 10, ""), Ok(None));
        assert_eq!(reached(Some(1), 10, ""), Err(Reason::ExpiryTooFar));
        assert_eq!(reached(Some(11), 0, ""), Err(Reason::PeriodOutOfRange));
        assert_eq!(reached(None, 1, "transfer.adds_years = 0"), Ok(None));
        assert_eq!(reached(Some(1), 1, "transfer.adds_years = 0"), Err(Reason::PeriodOutOfRange));
    }
}
