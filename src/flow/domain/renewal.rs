//! Who renews a domain, and when: the default of its sponsor's account or of its zone, and the day the registry
//! looks at it (S116, S139).

use crate::epp::types::RegistrarId;
use crate::gate::{Cx, Stop};
use crate::policy::{ExpiryMode, ZonePolicy};
use crate::store::domain::DomainRow;

/// Whether a domain that an account creates or takes over is renewed by the registry: the account's own default,
/// where the zone lets it have one, else the zone's.
///
/// # Errors
/// The database's trouble.
pub async fn default_of(cx: &mut Cx<'_>, registrar: &RegistrarId, policy: &ZonePolicy) -> Result<bool, Stop> {
    if !policy.autorenew.account_default {
        return Ok(policy.autorenew.default);
    }
    let row = cx.tx.registrar(registrar).await?;
    Ok(row.and_then(|row| row.auto_renew).unwrap_or(policy.autorenew.default))
}

/// Notes when the registry looks at a registration that ends, after that end was moved: then, or at the end of that
/// month by the zone's calendar.
pub fn reckon(domain: &mut DomainRow, policy: &ZonePolicy) {
    domain.life.renew_at = match policy.expiry.mode {
        ExpiryMode::Exact => None,
        ExpiryMode::MonthEnd => Some(policy.calendar.zone.month_end(domain.expires_at)),
    };
}
