//! What waits for somebody's consent: a host for the registrant of the domain above it, then for its administrator; a
//! change of administrator for the new one. Each has its days. A host that waits has its name and serves nobody.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::admin::{self, Wanted};
use super::place;
use crate::epp::notice::{HostNotice, Notice, WhyNot};
use crate::epp::ns::Ns;
use crate::epp::types::{DomainName, HostStatus};
use crate::flow::pending::{self, Decision, Stands};
use crate::gate::{Cx, Stop};
use crate::policy::HostPolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::host::HostRow;
use crate::store::pending::{PendingKind, PendingRow, Waits};

/// What is to be done: the data of the action.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    /// The administrator's number and handle; `None` where the host is its sponsor's.
    admin: Option<(i64, crate::epp::types::ContactId)>,
    /// Whether the administrator has to agree.
    agrees: bool,
}

/// Begins to wait with a host that is to be created: for the registrant of the domain above, for its administrator.
///
/// # Errors
/// The database's trouble.
pub(super) async fn create(
    cx: &mut Cx<'_>,
    host: &HostRow,
    wanted: Option<&Wanted>,
    registrant_agrees: bool,
    policy: &HostPolicy,
) -> Result<(), Stop> {
    let agrees = wanted.is_some_and(|wanted| !wanted.is_own(cx));
    let state = if registrant_agrees { Waits::Registrant } else { Waits::Administrator };
    begin(cx, PendingKind::HostCreate, host, (wanted, agrees), (state, policy)).await
}

/// Begins to wait for the new administrator of a host. The caller stores the host.
///
/// # Errors
/// The database's trouble.
pub(super) async fn change(
    cx: &mut Cx<'_>,
    host: &mut HostRow,
    wanted: &Wanted,
    policy: &HostPolicy,
) -> Result<(), Stop> {
    host.statuses.insert(HostStatus::PendingUpdate, None);
    begin(cx, PendingKind::HostAdmin, host, (Some(wanted), true), (Waits::Administrator, policy)).await
}

async fn begin(
    cx: &mut Cx<'_>,
    kind: PendingKind,
    host: &HostRow,
    (wanted, agrees): (Option<&Wanted>, bool),
    (state, policy): (Waits, &HostPolicy),
) -> Result<(), Stop> {
    let deadline = cx.now.plus_days(policy.ns_admin_days);
    let asked = Asked { admin: wanted.map(|wanted| (wanted.id, wanted.handle.clone())), agrees };
    let row = pending::begun(cx, kind, (host.id, host.name.to_string()), (state, deadline), &asked)?;
    cx.tx.pending_insert(&row).await?;
    if let Some(wanted) = wanted.filter(|_| state == Waits::Administrator) {
        admin::ask(cx, &host.name, wanted, deadline);
    }
    let handle = wanted.map(|wanted| wanted.handle.clone());
    cx.changed(
        host.name.as_str(),
        json!({ kind.name(): { "waits_for": state.name(), "administrator": handle } }),
    );
    Ok(())
}

/// What becomes of a host, or of the change of its administrator, after a decision.
///
/// # Errors
/// The database's trouble.
pub(crate) async fn decide(cx: &mut Cx<'_>, row: PendingRow, decision: Decision) -> Result<Stands, Stop> {
    let asked: Asked = pending::data(&row)?;
    let Some(host) = cx.tx.host_by_id(row.object).await? else {
        cx.tx.pending_delete(row.id).await?;
        return Ok(Stands::Failed);
    };
    let wanted = match &asked.admin {
        None => None,
        Some((id, _)) => match cx.tx.contact_by_id(*id).await? {
            Some(contact) => Some(admin::standing(cx, contact).await?),
            None => return fail(cx, row, host, WhyNot::AdminGone).await,
        },
    };
    match (decision, row.state) {
        (Decision::Accept, Waits::Registrant) if asked.agrees => {
            let deadline = cx.now.plus_days(admin::policy_of(cx, &host).await?.ns_admin_days);
            if let Some(wanted) = &wanted {
                admin::ask(cx, &host.name, wanted, deadline);
            }
            pending::wait_on(cx, row, (Waits::Administrator, deadline)).await
        }
        (Decision::Accept | Decision::Complete(_), _) => finish(cx, row, host, wanted).await,
        (Decision::Reject, Waits::Registrant) => fail(cx, row, host, WhyNot::RegistrantRejected).await,
        (Decision::TimeOut, Waits::Registrant) => fail(cx, row, host, WhyNot::RegistrantExpired).await,
        (Decision::Reject, _) => fail(cx, row, host, WhyNot::AdminRejected).await,
        (Decision::TimeOut, _) => fail(cx, row, host, WhyNot::AdminExpired).await,
        (Decision::Cancel, _) => fail(cx, row, host, WhyNot::Cancelled).await,
    }
}

/// Everybody agreed.
async fn finish(
    cx: &mut Cx<'_>,
    row: PendingRow,
    mut host: HostRow,
    wanted: Option<Wanted>,
) -> Result<Stands, Stop> {
    cx.tx.pending_delete(row.id).await?;
    let done = pending::ended(cx, &row, &host.name, true);
    let notice = match (row.kind, wanted) {
        (PendingKind::HostAdmin, Some(wanted)) => {
            host.statuses.remove(HostStatus::PendingUpdate);
            host.updater = Some(cx.registrar().clone());
            host.updated_at = Some(cx.now);
            admin::appoint(cx, &mut host, &wanted, &row.registrar).await?;
            HostNotice::AdminChanged { done, admin: wanted.handle }
        }
        (_, wanted) => {
            host.statuses.remove(HostStatus::PendingCreate);
            host.admin = wanted.map(|wanted| wanted.id);
            cx.changed(host.name.as_str(), json!({ "created": true }));
            HostNotice::Created(done)
        }
    };
    cx.tx.host_update(&host).await?;
    cx.notify(&row.registrar, Notice::Host(notice));
    Ok(Stands::Done)
}

/// Somebody did not: the name is free again, or the host has the administrator it had.
async fn fail(cx: &mut Cx<'_>, row: PendingRow, mut host: HostRow, why: WhyNot) -> Result<Stands, Stop> {
    cx.tx.pending_delete(row.id).await?;
    let done = pending::ended(cx, &row, &host.name, false);
    cx.changed(host.name.as_str(), json!({ row.kind.name(): { "failed": why.name() } }));
    let notice = if row.kind == PendingKind::HostCreate {
        cx.tx.host_delete(host.id).await?;
        HostNotice::NotCreated { done, why }
    } else {
        host.statuses.remove(HostStatus::PendingUpdate);
        cx.tx.host_update(&host).await?;
        HostNotice::AdminNotChanged { done, why }
    };
    cx.notify(&row.registrar, Notice::Host(notice));
    Ok(Stands::Failed)
}

/// Ends what waits about the hosts below a domain that goes, or goes to another registrar.
///
/// # Errors
/// The database's trouble.
pub(crate) async fn stop_below(cx: &mut Cx<'_>, domain: i64) -> Result<(), Stop> {
    for row in cx.tx.pending_below(domain).await? {
        if let Some(host) = cx.tx.host_by_id(row.object).await? {
            fail(cx, row, host, WhyNot::DomainGone).await?;
        }
    }
    Ok(())
}

/// The registrar whose contact is asked to administer a host says what it thinks of that.
///
/// # Errors
/// [`Reason::NotOffered`], [`Reason::NotFound`], [`Reason::NothingToAnswer`], [`Reason::NotAsked`],
/// [`Reason::ZoneOff`], or the database's trouble.
pub(super) async fn answer(cx: &mut Cx<'_>, name: &DomainName, decision: Decision) -> Result<(), Stop> {
    super::check_offered(cx)?;
    let host = super::find(cx, name).await?;
    let refused = |reason| Refusal::new(reason).on(Ns::Host, "name", name.as_str());
    let waits = cx.tx.pending_of(host.id).await?;
    let asks = waits.into_iter().find(|row| row.state == Waits::Administrator);
    let Some(row) = asks else { return Err(refused(Reason::NothingToAnswer).into()) };
    let Asked { admin: asked, .. } = pending::data(&row)?;
    let contact = match asked {
        None => None,
        Some((id, _)) => cx.tx.contact_by_id(id).await?,
    };
    let own = match contact {
        None => false,
        Some(contact) => admin::standing(cx, contact).await?.is_own(cx),
    };
    if !own {
        return Err(refused(Reason::NotAsked).into());
    }
    place::place_of(cx, &host).await?;
    decide(cx, row, decision).await.map(drop)
}
