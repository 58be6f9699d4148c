//! `<host:info>` (RFC 5732 section 3.1.2).

use crate::epp::command::HostInfo;
use crate::epp::ns::Ns;
use crate::epp::reply::{HostData, Reply};
use crate::epp::types::HostStatus;
use crate::flow::{status, ttl, zone};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::store::host::HostRow;
use crate::store::{RoidKind, StoreError};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:info", login: Login::Required, access: Access::Read, object: Some(Ns::Host) };

/// Shows a host to every registrar.
///
/// # Refusals
/// [`Reason::NotOffered`](crate::refusal::Reason::NotOffered),
/// [`Reason::NotFound`](crate::refusal::Reason::NotFound)
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostInfo, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let host = super::find(cx, &command.name).await?;
    let (id, below) = (host.id, host.superordinate.is_some());
    let mut data = shown(cx, host).await?;
    if let Some(asked) = command.ttl {
        // Of a host elsewhere nothing is published here.
        let zone = if below { zone::even_off(cx, &data.name).await? } else { None };
        data.ttl = ttl::shown(cx, id, asked, zone.as_ref().map(|zone| &zone.policy.ttl.host)).await?;
    }
    Ok(Reply::HostInfo(Box::new(data)))
}

/// A host as it is shown.
///
/// # Errors
/// The database's trouble.
pub async fn shown(cx: &mut Cx<'_>, host: HostRow) -> Result<HostData, Stop> {
    let beside =
        cx.tx.host_beside(host.id).await?.ok_or(StoreError::Shape("a host is gone that was there"))?;
    let linked = beside.linked.then_some(HostStatus::Linked);
    Ok(HostData {
        roid: cx.roid(RoidKind::Host, host.id)?,
        name: host.name,
        statuses: status::shown(&host.statuses, HostStatus::Ok, linked),
        addrs: host.addrs,
        sponsor: host.registrar,
        creator: host.creator,
        created: host.created_at,
        updater: host.updater,
        updated: host.updated_at,
        transferred: host.transferred_at,
        ttl: Vec::new(),
        admin: beside.admin,
        management: beside.management,
    })
}
