//! `<maint:info>` (RFC 9167 section 4.1.3).

use crate::epp::command::MaintenanceInfo;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "maintenance:info",
    login: Login::Required,
    access: Access::Read,
    object: Some(Ns::Maintenance),
};

/// Shows one announcement, also after its end, or lists those that are not over, by their end. What was called off is
/// not there any more.
///
/// # Refusals
/// [`Reason::NoSuchMaintenance`]
///
/// # Errors
/// Its refusal, and the database's troubles.
pub async fn run(command: &MaintenanceInfo, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let id = match command {
        MaintenanceInfo::List => {
            let rows = cx.tx.maintenance_ahead(cx.now).await?;
            return Ok(Reply::MaintenanceList(rows.into_iter().map(|row| row.item).collect()));
        }
        MaintenanceInfo::Item(id) => id,
    };
    let unknown = || Refusal::new(Reason::NoSuchMaintenance).on(Ns::Maintenance, "id", id);
    // One announcement has one identifier: `+7` and `007` are not `7`.
    let number: i64 = id.parse().map_err(|_| unknown())?;
    let row = cx.tx.maintenance(number).await?;
    let row = row.filter(|row| row.item.id == *id && row.cancelled_at.is_none());
    Ok(Reply::MaintenanceItem(Box::new(row.ok_or_else(unknown)?.item)))
}
