//! Work on the service (RFC 9167): the operator announces, changes and calls it off, and every registrar is told of
//! each, of its coming and of its end.

pub mod info;

use serde_json::json;

use crate::clock::Ts;
use crate::epp::notice::{MaintenanceNotice, Notice};
use crate::epp::types::{Maintenance, MaintenancePoll};
use crate::gate::{Cx, Stop};
use crate::store::maintenance::MaintenanceRow;

/// Announces work. Its identifier is its number.
///
/// # Errors
/// The database's trouble.
pub async fn announce(
    cx: &mut Cx<'_>,
    item: Maintenance,
    courtesy_hours: i64,
) -> Result<MaintenanceRow, Stop> {
    let id = cx.ids.next();
    let item = Maintenance { id: id.to_string(), created: cx.now, updated: None, ..item };
    let row = MaintenanceRow { id, due: next(&item, cx.now, courtesy_hours), item, cancelled_at: None };
    cx.tx.maintenance_insert(&row).await?;
    tell(cx, &row, MaintenancePoll::Create).await?;
    Ok(row)
}

/// Stores how announced work is now.
///
/// # Errors
/// The database's trouble.
pub async fn change(
    cx: &mut Cx<'_>,
    row: &MaintenanceRow,
    courtesy_hours: i64,
) -> Result<MaintenanceRow, Stop> {
    let item = Maintenance { updated: Some(cx.now), ..row.item.clone() };
    let row = MaintenanceRow { due: next(&item, cx.now, courtesy_hours), item, ..row.clone() };
    cx.tx.maintenance_update(&row).await?;
    tell(cx, &row, MaintenancePoll::Update).await?;
    Ok(row)
}

/// Calls work off.
///
/// # Errors
/// The database's trouble.
pub async fn cancel(cx: &mut Cx<'_>, row: MaintenanceRow) -> Result<MaintenanceRow, Stop> {
    let item = Maintenance { updated: Some(cx.now), ..row.item };
    let row = MaintenanceRow { item, cancelled_at: Some(cx.now), due: None, ..row };
    cx.tx.maintenance_update(&row).await?;
    tell(cx, &row, MaintenancePoll::Delete).await?;
    Ok(row)
}

/// Tells registrars of what has come; says whether it had.
///
/// # Errors
/// The database's trouble.
pub async fn due(cx: &mut Cx<'_>, id: i64) -> Result<bool, Stop> {
    let Some(row) = cx.tx.maintenance(id).await? else { return Ok(false) };
    let Some((_, poll)) = row.due.filter(|(at, _)| *at <= cx.now) else { return Ok(false) };
    let after = (poll == MaintenancePoll::Courtesy).then_some((row.item.ends, MaintenancePoll::End));
    let row = MaintenanceRow { due: after, ..row };
    cx.tx.maintenance_update(&row).await?;
    // After a time without a server the work can be over: then its end is all there is to tell.
    if poll == MaintenancePoll::End || row.item.ends > cx.now {
        tell(cx, &row, poll).await?;
    }
    Ok(true)
}

/// What the clock tells registrars of next.
fn next(item: &Maintenance, now: Ts, courtesy_hours: i64) -> Option<(Ts, MaintenancePoll)> {
    let courtesy = item.starts.plus_seconds(-courtesy_hours * 3600);
    if courtesy_hours > 0 && courtesy > now {
        return Some((courtesy, MaintenancePoll::Courtesy));
    }
    Some((item.ends, MaintenancePoll::End))
}

async fn tell(cx: &mut Cx<'_>, row: &MaintenanceRow, poll: MaintenancePoll) -> Result<(), Stop> {
    let told = cx.tx.registrars().await?;
    for registrar in told.iter().filter(|registrar| registrar.enabled) {
        let notice = MaintenanceNotice { item: row.item.clone(), poll };
        cx.notify(&registrar.id, Notice::Maintenance(Box::new(notice)));
    }
    cx.changed(format!("maintenance {}", row.id), json!({ "told": poll.name(), "item": row.item }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::notice::maintenance_sample;

    #[test]
    fn a_reminder_comes_before_the_work_and_its_end_after() {
        let item = maintenance_sample(Ts(0));
        let courtesy = item.starts.plus_seconds(-24 * 3600);
        assert_eq!(next(&item, courtesy.plus_seconds(-1), 24), Some((courtesy, MaintenancePoll::Courtesy)));
        assert_eq!(next(&item, courtesy, 24), Some((item.ends, MaintenancePoll::End)));
        assert_eq!(next(&item, Ts(0), 0), Some((item.ends, MaintenancePoll::End)));
    }
}
