//! `<host:delete>` (RFC 5732 section 3.2.2).

use serde_json::json;

use crate::epp::command::HostDelete;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::status::{self, Verb};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::RoidKind;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:delete", login: Login::Required, access: Access::Write, object: Some(Ns::Host) };

/// Removes a host that no domain uses.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::NotFound`], [`Reason::NotSponsor`], [`Reason::StatusProhibits`],
/// [`Reason::SuperordinateStatus`], [`Reason::ZoneOff`], [`Reason::Linked`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostDelete, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let host = super::find(cx, &command.name).await?;
    super::check_sponsor(cx, &host)?;
    status::permit(&host.statuses, Verb::Delete, Ns::Host)?;
    let above = super::settled_superordinate(cx, &host).await?;
    super::place::place_of(cx, &host, above.as_ref()).await?;
    if cx.tx.host_linked(host.id).await? {
        return Err(Refusal::new(Reason::Linked).on(Ns::Host, "name", host.name.as_str()).into());
    }
    cx.tx.host_delete(host.id).await?;
    let roid = cx.roid(RoidKind::Host, host.id)?;
    cx.changed(host.name.as_str(), json!({ "deleted": true, "roid": roid, "addr": host.addrs }));
    Ok(Reply::Done)
}
