//! `<host:delete>` (RFC 5732 section 3.2.2).

use serde_json::json;

use crate::epp::command::HostDelete;
use crate::epp::notice::{HostNotice, Notice};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::status::{self, Verb};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::RoidKind;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:delete", login: Login::Required, access: Access::Write, object: Some(Ns::Host) };

/// Removes a host that no domain uses. Of its sponsor and its administrator, who did not do it is told.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::NotFound`], [`Reason::NotSponsor`], [`Reason::NotNsAdmin`],
/// [`Reason::StatusProhibits`],
/// [`Reason::SuperordinateStatus`], [`Reason::ZoneOff`], [`Reason::Linked`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostDelete, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let host = super::find(cx, &command.name).await?;
    super::admin::permit(cx, &host).await?;
    status::permit(&host.statuses, Verb::Delete, Ns::Host)?;
    super::settled_superordinate(cx, &host).await?;
    super::place::place_of(cx, &host).await?;
    if cx.tx.host_linked(host.id).await? {
        return Err(Refusal::new(Reason::Linked).on(Ns::Host, "name", host.name.as_str()).into());
    }
    let others = super::admin::run_by(cx, &host).await?;
    let data = super::info::shown(cx, host.clone()).await?;
    cx.tx.host_delete(host.id).await?;
    let by = cx.registrar().clone();
    for registrar in others.iter().filter(|registrar| **registrar != by) {
        let data = Box::new(data.clone());
        cx.notify(registrar, Notice::Host(HostNotice::Removed { data, by: by.clone() }));
    }
    let roid = cx.roid(RoidKind::Host, host.id)?;
    cx.changed(host.name.as_str(), json!({ "deleted": true, "roid": roid, "addr": host.addrs }));
    Ok(Reply::Done)
}
