//! The zone a command's name belongs to, with the rules that hold there now.

use std::sync::Arc;

use crate::epp::types::DomainName;
use crate::gate::{Cx, Stop};
use crate::policy::ZonePolicy;
use crate::store::StoreError;

/// A zone and its rules.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The zone's name.
    pub name: DomainName,
    /// Its rules.
    pub policy: Arc<ZonePolicy>,
}

/// The zone that holds the name, also where the name is the zone itself or lies more than one label below it.
/// `None` where this registry serves none, or the zone is switched off.
///
/// # Errors
/// Only the database's troubles.
pub async fn of(cx: &mut Cx<'_>, name: &DomainName) -> Result<Option<Zone>, Stop> {
    let Some(row) = cx.tx.zone_of(name).await? else { return Ok(None) };
    if !row.enabled {
        return Ok(None);
    }
    // Profile and overrides were checked when the operator set them; a file that was changed since is a fault of
    // the server, not of the command.
    let policy = cx.policies.zone(&row.profile, &row.overrides).map_err(|cause| {
        tracing::error!(%cause, zone = %row.name, "the rules of a zone cannot be used");
        StoreError::Shape("a zone's rules cannot be used")
    })?;
    Ok(Some(Zone { name: row.name, policy }))
}
