//! Change of a domain's holder (S153-S163): at once, or step by step where the new holder has to accept the terms or
//! prove an identity. Each step has its time. Money never stops it: the fee is taken on success only.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::verification;
use crate::clock::Ts;
use crate::epp::command::DomainUpdate;
use crate::epp::notice::{Awaited, Notice};
use crate::epp::ns::Ns;
use crate::epp::reply::{PendingData, Reply};
use crate::epp::types::{ContactId, DomainName, DomainStatus, FeeVerb, Management};
use crate::flow::contact::cleanup;
use crate::flow::domain::variants;
use crate::flow::money::{self, Charge, FeeTerms};
use crate::flow::pending::{self, Decision, Stands, ended};
use crate::flow::zone::{self, Zone};
use crate::flow::{identity, management, terms, token};
use crate::gate::{Cx, Stop};
use crate::policy::{BillOp, TermsPolicy, VerificationPolicy, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::contact::ContactRow;
use crate::store::domain::DomainRow;
use crate::store::pending::{PendingKind, PendingRow, Waits};

/// What is to be done: the data of the action.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    /// The new holder's number.
    registrant: i64,
    /// And handle, for whoever reads the action.
    handle: ContactId,
}

/// Changes the holder at once where nothing is missing, else begins to wait.
///
/// # Errors
/// [`Reason::RegistrantNotAlone`], [`Reason::RegistrantMissing`], [`Reason::NoSuchContact`],
/// [`Reason::AlreadyThere`], [`Reason::ContactNotOwn`], [`Reason::RegistrantOfVariants`], [`Reason::TermsMoment`],
/// [`Reason::FeeMissing`], [`Reason::FeeTooLow`], [`Reason::FeeCurrency`]
pub async fn request(
    cx: &mut Cx<'_>,
    command: &DomainUpdate,
    mut domain: DomainRow,
    zone: &Zone,
) -> Result<Reply, Stop> {
    let Some(Some(handle)) = &command.registrant else {
        return Err(Refusal::new(Reason::RegistrantMissing).on(Ns::Domain, "registrant", "").into());
    };
    let new = holder(cx, &domain, handle).await?;
    variants::keep_registrant(cx, zone, &domain, (Some(new.id), Some(&new.handle))).await?;
    let named = Some((new.id, &new.handle));
    management::check_registrant(cx, named, Management::Registrar, &zone.policy.management).await?;
    let accepted = terms::accepted(command.terms_accepted, cx.now, &zone.policy.terms, false)?;
    let said = FeeTerms::of(command.fee.as_ref(), &zone.policy, BillOp::RegistrantChange);
    money::agree_to(cx, &[cost(&domain)], &said).await?;
    let asked = Asked { registrant: new.id, handle: new.handle.clone() };
    let Some(next) = missing(&new, accepted, cx.now, &zone.policy) else {
        apply(cx, &mut domain, asked.registrant, &asked.handle).await?;
        let (of, what) = (domain.name.as_str(), (FeeVerb::Update, &[BillOp::RegistrantChange][..]));
        let fee = money::since(cx, &domain.registrar, what, of, (cx.now, 0)).await?;
        return Ok(fee.with(Reply::Done));
    };
    domain.statuses.insert(DomainStatus::PendingUpdate, None);
    cx.tx.domain_update(&domain).await?;
    cleanup::awaited(cx, asked.registrant, next.1).await?;
    let object = (domain.id, domain.name.to_string());
    let row = pending::begun(cx, PendingKind::RegistrantChange, object, next, &asked)?;
    cx.tx.pending_insert(&row).await?;
    announce(cx, &domain.name, &row);
    cx.changed(
        domain.name.as_str(),
        json!({ "registrant": { "asked": handle, "waits_for": next.0.name() } }),
    );
    Ok(Reply::Pending)
}

/// The contact that is to be the new holder. It and the old one are of the registrar's own portfolio (S155).
async fn holder(cx: &mut Cx<'_>, domain: &DomainRow, handle: &ContactId) -> Result<ContactRow, Stop> {
    let refused = |reason| Refusal::new(reason).on(Ns::Domain, "registrant", handle.as_str());
    let new = cx.tx.contact_by_handle(handle).await?.ok_or_else(|| refused(Reason::NoSuchContact))?;
    if domain.registrant == Some(new.id) {
        return Err(refused(Reason::AlreadyThere).into());
    }
    let old = match domain.registrant {
        None => None,
        Some(id) => cx.tx.contact_by_id(id).await?,
    };
    if old.iter().chain([&new]).any(|contact| contact.registrar != domain.registrar) {
        return Err(refused(Reason::ContactNotOwn).into());
    }
    Ok(new)
}

/// The next thing that is missing, and until when it can be had.
fn missing(new: &ContactRow, accepted: bool, now: Ts, policy: &ZonePolicy) -> Option<(Waits, Ts)> {
    let ZonePolicy { terms: TermsPolicy { accept_days, .. }, verification, .. } = policy;
    let VerificationPolicy { days, .. } = verification;
    if !accepted {
        return Some((Waits::Terms, now.plus_days(*accept_days)));
    }
    identity::missing(new, verification).then(|| (Waits::Identity, now.plus_days(*days)))
}

/// What becomes of a change after a decision.
///
/// # Errors
/// The database's trouble.
pub(crate) async fn decide(cx: &mut Cx<'_>, row: PendingRow, decision: Decision) -> Result<Stands, Stop> {
    let asked: Asked = pending::data(&row)?;
    let Some(domain) = cx.tx.domain_by_id(row.object).await? else {
        cx.tx.pending_delete(row.id).await?;
        return Ok(Stands::Failed);
    };
    // The new holder may be gone, or be another registrar's by now.
    let new = cx.tx.contact_by_id(asked.registrant).await?;
    let new = new.filter(|contact| contact.registrar == domain.registrar);
    match (decision, row.state, new) {
        (Decision::Accept, Waits::Terms, Some(new)) => {
            let Some(zone) = zone::even_off(cx, &domain.name).await? else {
                return fail(cx, row, domain, None).await;
            };
            match missing(&new, true, cx.now, &zone.policy) {
                Some(next) => {
                    cleanup::awaited(cx, new.id, next.1).await?;
                    announce(
                        cx,
                        &domain.name,
                        &PendingRow { state: next.0, deadline: next.1, ..row.clone() },
                    );
                    pending::wait_on(cx, row, next).await
                }
                None => finish(cx, row, domain, &asked).await,
            }
        }
        (Decision::Accept, Waits::Identity, Some(new)) => {
            cx.tx.contact_identified(new.id, cx.now).await?;
            finish(cx, row, domain, &asked).await
        }
        (Decision::Complete(_), _, Some(_)) => finish(cx, row, domain, &asked).await,
        (decision, ..) => fail(cx, row, domain, Some(decision)).await,
    }
}

/// Nothing is missing any more.
async fn finish(
    cx: &mut Cx<'_>,
    row: PendingRow,
    mut domain: DomainRow,
    asked: &Asked,
) -> Result<Stands, Stop> {
    cx.tx.pending_delete(row.id).await?;
    domain.statuses.remove(DomainStatus::PendingUpdate);
    apply(cx, &mut domain, asked.registrant, &asked.handle).await?;
    let done = ended(cx, &row, &domain.name, true);
    cx.notify(&row.registrar, Notice::RegistrantChanged { done, registrant: asked.handle.clone() });
    Ok(Stands::Done)
}

/// It will not be done.
async fn fail(
    cx: &mut Cx<'_>,
    row: PendingRow,
    mut domain: DomainRow,
    decision: Option<Decision>,
) -> Result<Stands, Stop> {
    give_up(cx, &mut domain, &row, decision).await?;
    cx.tx.domain_update(&domain).await?;
    Ok(Stands::Failed)
}

/// Ends a change that waits, of a domain that goes on hold: nothing else is pending then (RFC 5731 section 2.3). The
/// caller stores the domain.
///
/// # Errors
/// The database's trouble.
pub(super) async fn stop(cx: &mut Cx<'_>, domain: &mut DomainRow) -> Result<(), Stop> {
    if !domain.statuses.has(DomainStatus::PendingUpdate) {
        return Ok(());
    }
    for row in cx.tx.pending_of(domain.id).await? {
        if row.kind == PendingKind::RegistrantChange {
            give_up(cx, domain, &row, None).await?;
        }
    }
    Ok(())
}

/// Forgets the action and tells how it ended. The caller stores the domain.
async fn give_up(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    row: &PendingRow,
    decision: Option<Decision>,
) -> Result<(), Stop> {
    cx.tx.pending_delete(row.id).await?;
    domain.statuses.remove(DomainStatus::PendingUpdate);
    let why: fn(PendingData<DomainName>) -> Notice = match (decision, row.state) {
        (Some(Decision::TimeOut), Waits::Terms) => Notice::RegistrantTermsExpired,
        (Some(Decision::TimeOut), Waits::Identity) => Notice::RegistrantIdentityExpired,
        (Some(Decision::Reject), Waits::Identity) => Notice::RegistrantIdentityRejected,
        (Some(Decision::Reject), _) => |done| Notice::RegistrantNotChanged { done, rejected: true },
        _ => |done| Notice::RegistrantNotChanged { done, rejected: false },
    };
    let notice = why(ended(cx, row, &domain.name, false));
    cx.changed(domain.name.as_str(), json!({ "registrant": { "not_changed": notice.kind().tag } }));
    cx.notify(&row.registrar, notice);
    Ok(())
}

/// Gives the domain its new holder, and stores it.
///
/// # Errors
/// The database's trouble.
pub async fn apply(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    registrant: i64,
    handle: &ContactId,
) -> Result<(), Stop> {
    let before = domain.registrant.replace(registrant);
    cleanup::left(cx, before.filter(|old| *old != registrant)).await?;
    // Who holds it now did not agree to what the code is for.
    token::end(cx, domain).await?;
    verification::holder_changed(cx, domain).await?;
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(domain).await?;
    charge(cx, domain).await?;
    cx.changed(domain.name.as_str(), json!({ "registrant": { "after": handle } }));
    Ok(())
}

/// Tells the registrar what the change waits for.
fn announce(cx: &mut Cx<'_>, domain: &DomainName, row: &PendingRow) {
    let awaited = Awaited { domain: domain.clone(), deadline: row.deadline };
    let notice = match row.state {
        Waits::Terms => Notice::RegistrantTermsRequested(awaited),
        _ => Notice::RegistrantIdentityRequested(awaited),
    };
    cx.notify(&row.registrar, notice);
}

/// What a change of registrant costs.
pub(super) fn cost(domain: &DomainRow) -> Charge<'_> {
    Charge {
        account: &domain.registrar,
        op: BillOp::RegistrantChange,
        zone: domain.zone.as_str(),
        units: 0,
        object: domain.name.as_str(),
        fee: money::FeeTerms::default(),
    }
}

/// Takes the fee of a change that is done, whatever the balance is (S162, S163).
///
/// # Errors
/// The database's trouble.
async fn charge(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    money::success(cx, &cost(domain), cx.now).await
}
