//! Actions that wait for somebody (answered with 1001): how each is decided, and what a passed deadline means.
//!
//! What an action is about, the file of its command knows; this one finds it and hands it over. An action is decided
//! in one transaction that removes its row, so that of two who decide at once one finds nothing left.

use crate::clock::Ts;
use crate::epp::reply::PendingData;
use crate::epp::types::DomainName;
use crate::flow::domain::{application, registrant, verification};
use crate::flow::host::approval;
use crate::flow::waiting;
use crate::gate::{Cx, Stop};
use crate::policy::Risk;
use crate::store::StoreError;
use crate::store::pending::{PendingKind, PendingRow, Waits};

/// What somebody says to an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Whoever was asked agrees: the terms are accepted, the identity is proven.
    Accept,
    /// Whoever was asked does not.
    Reject,
    /// The registry has all it needs: nothing is waited for any more. A registration can be assessed by hand.
    Complete(Option<Risk>),
    /// It is taken back.
    Cancel,
    /// Nobody said anything in time.
    TimeOut,
}

/// How an action stands after a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It waits for something else now.
    Waits(Waits, Ts),
    /// It was done.
    Done,
    /// It will not be done.
    Failed,
}

/// The row of an action that begins now, by the acting registrar's command.
///
/// # Errors
/// Never for data of ours.
pub fn begun<T: serde::Serialize>(
    cx: &Cx<'_>,
    kind: PendingKind,
    object: (i64, String),
    (state, deadline): (Waits, Ts),
    data: &T,
) -> Result<PendingRow, Stop> {
    let data = serde_json::to_string(data).map_err(|_| StoreError::Shape("data of a pending action"))?;
    Ok(PendingRow {
        id: cx.ids.next(),
        kind,
        object: object.0,
        name: object.1,
        registrar: cx.registrar().clone(),
        started_at: cx.now,
        state,
        deadline,
        cltrid: cx.cltrid.map(ToString::to_string),
        svtrid: cx.svtrid.to_owned(),
        data,
    })
}

/// The data of an action.
///
/// # Errors
/// When it is not of that kind.
pub fn data<T: serde::de::DeserializeOwned>(row: &PendingRow) -> Result<T, Stop> {
    Ok(serde_json::from_str(&row.data).map_err(|_| StoreError::Shape("data of a pending action"))?)
}

/// The next step of an action begins.
///
/// # Errors
/// The database's trouble.
pub async fn wait_on(
    cx: &mut Cx<'_>,
    row: PendingRow,
    (state, deadline): (Waits, Ts),
) -> Result<Stands, Stop> {
    cx.changed(row.name.as_str(), serde_json::json!({ row.kind.name(): { "waits_for": state.name() } }));
    cx.tx.pending_move(&PendingRow { state, deadline, ..row }).await?;
    Ok(Stands::Waits(state, deadline))
}

/// How an action ended (RFC 5731 and 5732 section 3.3).
#[must_use]
pub fn ended(cx: &Cx<'_>, row: &PendingRow, name: &DomainName, success: bool) -> PendingData<DomainName> {
    let (name, cltrid, svtrid) = (name.clone(), row.cltrid.clone(), row.svtrid.clone());
    PendingData { name, success, cltrid, svtrid, at: cx.now }
}

/// Decides an action. `None` where it waits no longer: somebody was faster.
///
/// # Errors
/// The database's trouble.
pub async fn decide(cx: &mut Cx<'_>, id: i64, decision: Decision) -> Result<Option<Stands>, Stop> {
    let Some(row) = cx.tx.pending_by_id(id).await? else { return Ok(None) };
    let stands = match row.kind {
        PendingKind::DomainCreate => application::decide(cx, row, decision).await?,
        PendingKind::RegistrantChange => registrant::decide(cx, row, decision).await?,
        PendingKind::WaitingOffer => waiting::decide(cx, row, decision).await?,
        PendingKind::Verification => verification::decide(cx, row, decision).await?,
        PendingKind::HostCreate | PendingKind::HostAdmin => approval::decide(cx, row, decision).await?,
    };
    Ok(Some(stands))
}

/// What becomes of an action whose deadline has come. Says whether there was anything to do; one that was decided
/// meanwhile, or has another deadline, is left alone.
///
/// # Errors
/// The database's trouble.
pub async fn due(cx: &mut Cx<'_>, id: i64) -> Result<bool, Stop> {
    let row = cx.tx.pending_by_id(id).await?;
    if row.is_none_or(|row| cx.now < row.deadline) {
        return Ok(false);
    }
    Ok(decide(cx, id, Decision::TimeOut).await?.is_some())
}
