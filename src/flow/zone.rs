//! The zone a command's name belongs to, with the rules that hold there now.

use std::sync::Arc;

use crate::epp::types::DomainName;
use crate::gate::{Cx, Stop};
use crate::policy::ZonePolicy;
use crate::store::StoreError;
use crate::store::zone::ZoneRow;

/// A zone and its rules.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The zone's name.
    pub name: DomainName,
    /// Its rules.
    pub policy: Arc<ZonePolicy>,
}

/// Where a name belongs.
#[derive(Clone, Debug)]
pub enum Held {
    /// In no zone of this registry.
    Elsewhere,
    /// In a zone that takes no commands now.
    SwitchedOff,
    /// In (or at) this zone.
    By(Zone),
}

/// The zone that holds the name, also where the name is the zone itself or lies more than one label below it.
/// `None` where this registry serves none, or the zone is switched off.
///
/// # Errors
/// Only the database's troubles.
pub async fn of(cx: &mut Cx<'_>, name: &DomainName) -> Result<Option<Zone>, Stop> {
    match held(cx, name).await? {
        Held::By(zone) => Ok(Some(zone)),
        Held::Elsewhere | Held::SwitchedOff => Ok(None),
    }
}

/// The zone of a name, also one that takes no commands now: what was asked for before goes on.
///
/// # Errors
/// Only the database's troubles.
pub async fn even_off(cx: &mut Cx<'_>, name: &DomainName) -> Result<Option<Zone>, Stop> {
    match cx.tx.zone_of(name).await? {
        None => Ok(None),
        Some(row) => Ok(Some(ruled(cx, row)?)),
    }
}

/// Where the name belongs, a zone that is switched off told apart from one of another registry.
///
/// # Errors
/// Only the database's troubles.
pub async fn held(cx: &mut Cx<'_>, name: &DomainName) -> Result<Held, Stop> {
    let Some(row) = cx.tx.zone_of(name).await? else { return Ok(Held::Elsewhere) };
    if !row.enabled {
        return Ok(Held::SwitchedOff);
    }
    Ok(Held::By(ruled(cx, row)?))
}

/// The zone of a registered name, also while it is switched off: for work of the registry itself, which goes on then.
///
/// # Errors
/// The database's troubles; a zone that is gone is one of them.
pub async fn registered_in(cx: &mut Cx<'_>, name: &DomainName) -> Result<Zone, Stop> {
    let zone = even_off(cx, name).await?;
    Ok(zone.ok_or(StoreError::Shape("the zone of a registered name is gone"))?)
}

/// A zone with its rules. Profile and overrides were checked when the operator set them; a file that was changed
/// since is a fault of the server, not of the command.
fn ruled(cx: &Cx<'_>, row: ZoneRow) -> Result<Zone, StoreError> {
    let policy = cx.policies.zone(&row.profile, &row.overrides).map_err(|cause| {
        tracing::error!(%cause, zone = %row.name, "the rules of a zone cannot be used");
        StoreError::Shape("a zone's rules cannot be used")
    })?;
    Ok(Zone { name: row.name, policy })
}
