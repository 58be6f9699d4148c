//! A registration that is done later (S120-S123): the name is taken, the domain waits in `pendingCreate` for the holder
//! to accept the terms and for the registry to complete it. How it ended comes as a message.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{grace, verification};
use crate::epp::notice::{Notice, Waiting};
use crate::epp::reply::PendingData;
use crate::epp::types::{DomainName, DomainStatus};
use crate::flow::contact::cleanup;
use crate::flow::money::{self, Charge};
use crate::flow::pending::{self, Decision, Stands};
use crate::flow::{allocation, identity, management, waiting, zone};
use crate::gate::{Cx, Stop};
use crate::policy::{BillOp, Risk, ZonePolicy};
use crate::store::allocation::AllocationOp;
use crate::store::contact::ContactRow;
use crate::store::domain::DomainRow;
use crate::store::life::GraceKind;
use crate::store::management::Managed;
use crate::store::pending::{PendingKind, PendingRow, Waits};

/// What is to be done: the data of the action.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    /// Years of the registration, for its price.
    years: u8,
}

/// What a registration costs.
pub(super) fn charge(domain: &DomainRow, years: u8) -> Charge<'_> {
    Charge {
        account: &domain.registrar,
        op: BillOp::Create,
        zone: domain.zone.as_str(),
        units: years,
        object: domain.name.as_str(),
        fee: money::FeeTerms::default(),
    }
}

/// Begins to wait: for the holder to accept the terms, or for the registry only.
///
/// # Errors
/// The database's trouble.
pub(super) async fn begin(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    years: u8,
    accepted: bool,
    policy: &ZonePolicy,
) -> Result<(), Stop> {
    let next = if accepted {
        (Waits::Registry, cx.now.plus_seconds(policy.create.complete_after_s))
    } else {
        (Waits::Terms, cx.now.plus_days(policy.terms.accept_days))
    };
    let object = (domain.id, domain.name.to_string());
    let row = pending::begun(cx, PendingKind::DomainCreate, object, next, &Asked { years })?;
    let id = number(cx).unwrap_or(row.id);
    Ok(cx.tx.pending_insert(&PendingRow { id, ..row }).await?)
}

/// The number behind the svTRID, which the registrar was told (S123).
fn number(cx: &Cx<'_>) -> Option<i64> {
    let (_, number) = cx.svtrid.rsplit_once('-').filter(|_| cx.rules.create.tracking_no)?;
    number.parse().ok()
}

/// What becomes of a registration after a decision.
///
/// # Errors
/// The database's trouble.
pub(crate) async fn decide(cx: &mut Cx<'_>, row: PendingRow, decision: Decision) -> Result<Stands, Stop> {
    let Some(domain) = cx.tx.domain_by_id(row.object).await? else {
        cx.tx.pending_delete(row.id).await?;
        return Ok(Stands::Failed);
    };
    let zone = zone::even_off(cx, &domain.name).await?;
    let Some(policy) = zone.map(|zone| zone.policy) else {
        return fail(cx, row, domain, Waiting::CreateCancelled).await;
    };
    match (decision, row.state) {
        (Decision::Accept, Waits::Terms) => {
            let next = (Waits::Registry, cx.now.plus_seconds(policy.create.complete_after_s));
            pending::wait_on(cx, row, next).await
        }
        (Decision::Complete(risk), _) => finish(cx, row, domain, risk, &policy).await,
        (Decision::Accept | Decision::TimeOut, Waits::Registry) => {
            finish(cx, row, domain, None, &policy).await
        }
        (Decision::Reject | Decision::TimeOut, Waits::Terms) => {
            fail(cx, row, domain, Waiting::CreateTermsExpired).await
        }
        _ => fail(cx, row, domain, Waiting::CreateCancelled).await,
    }
}

/// Registers the domain, active or not.
async fn finish(
    cx: &mut Cx<'_>,
    row: PendingRow,
    mut domain: DomainRow,
    assessed: Option<Risk>,
    policy: &ZonePolicy,
) -> Result<Stands, Stop> {
    let holder = match domain.registrant {
        None => None,
        Some(id) => cx.tx.contact_by_id(id).await?,
    };
    // What was checked when it was asked for can have changed since.
    if let Some(holder) = &holder {
        let model = cx.tx.management(Managed::Domain, domain.id).await?;
        let named = Some((holder.id, &holder.handle));
        match management::check_registrant(cx, named, model, &policy.management).await {
            Err(Stop::Refused(_)) => return fail(cx, row, domain, Waiting::CreateModelDiffers).await,
            checked => checked?,
        }
    }
    let unproven = |holder: &ContactRow| identity::missing(holder, &policy.verification);
    let by_itself =
        if holder.as_ref().is_some_and(unproven) { policy.verification.risk } else { Risk::Green };
    let risk = assessed.unwrap_or(by_itself);
    let Asked { years } = pending::data(&row)?;
    money::success(cx, &charge(&domain, years), row.started_at).await?;
    cx.tx.pending_delete(row.id).await?;
    domain.statuses.remove(DomainStatus::PendingCreate);
    if !risk.is_active() {
        domain.statuses.insert(DomainStatus::ServerHold, None);
    }
    cx.tx.domain_update(&domain).await?;
    let added = (i32::from(years) * 12, row.started_at);
    grace::begin(cx, &domain, GraceKind::Add, added, &policy.grace).await?;
    if risk != Risk::Green {
        verification::begin(cx, &row, !risk.is_active(), policy).await?;
    }
    let (done, assessed) = (pending::ended(cx, &row, &domain.name, true), risk.name());
    let told = if risk.is_active() {
        Waiting::DomainCreated { done, risk: assessed }
    } else {
        Waiting::DomainCreatedInactive { done, risk: assessed }
    };
    cx.notify(&row.registrar, Notice::Waiting(told));
    cx.changed(
        domain.name.as_str(),
        json!({ "created": { "risk": risk.name(), "active": risk.is_active() } }),
    );
    Ok(Stands::Done)
}

/// Frees the name again.
async fn fail(
    cx: &mut Cx<'_>,
    row: PendingRow,
    domain: DomainRow,
    why: fn(PendingData<DomainName>) -> Waiting,
) -> Result<Stands, Stop> {
    money::failure(cx, &charge(&domain, 0), row.started_at).await?;
    allocation::give_back(cx, AllocationOp::Create, &domain.name, row.started_at).await?;
    cleanup::all_left(cx, domain.id).await?;
    cx.tx.domain_delete(domain.id).await?;
    let notice = Notice::Waiting(why(pending::ended(cx, &row, &domain.name, false)));
    cx.changed(domain.name.as_str(), json!({ "not_created": notice.kind().tag }));
    cx.notify(&row.registrar, notice);
    waiting::released(cx, &domain.name).await?;
    Ok(Stands::Failed)
}
