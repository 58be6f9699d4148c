//! Domain commands (RFC 5731).

pub mod application;
pub mod authority;
pub mod autorenew;
pub mod by_registry;
pub mod change;
pub mod check;
pub mod contacts;
pub mod create;
pub mod delete;
mod dnskey;
pub mod due;
mod fee;
mod gone;
pub mod grace;
pub mod hold;
pub mod info;
pub mod issue;
mod judge;
pub mod label;
pub mod marks;
pub mod name;
pub mod name_servers;
mod ns_admin;
pub mod period;
pub mod purge;
pub mod reactivate;
pub mod registrant;
pub mod renew;
pub mod renewal;
pub mod request_code;
pub mod restore;
mod sec_dns;
pub mod status;
pub mod transfer;
pub mod undelete;
pub mod update;
pub mod update_code;
pub mod variants;
pub mod verification;
pub mod withdraw;

pub(crate) use judge::Application;

use crate::epp::ns::Ns;
use crate::epp::types::DomainName;
use crate::flow::zone::{self, Zone};
use crate::gate::{Cx, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;

/// The domain a command names.
///
/// # Errors
/// [`Reason::NotFound`]
pub(crate) async fn find(cx: &mut Cx<'_>, name: &DomainName) -> Result<DomainRow, Stop> {
    match cx.tx.domain_by_name(name).await? {
        Some(domain) => Ok(domain),
        None => Err(on_name(Reason::NotFound, name).into()),
    }
}

/// The domain a command names, for its sponsor only.
///
/// # Errors
/// [`Reason::NotFound`], [`Reason::NotSponsor`]
pub(crate) async fn find_own(cx: &mut Cx<'_>, name: &DomainName) -> Result<DomainRow, Stop> {
    let domain = find(cx, name).await?;
    if domain.registrar != *cx.registrar() {
        return Err(on_name(Reason::NotSponsor, name).into());
    }
    Ok(domain)
}

/// The rules of a registered domain's zone.
///
/// # Errors
/// [`Reason::ZoneOff`] where the operator switched the zone off.
pub(crate) async fn zone_of(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<Zone, Stop> {
    match zone::of(cx, &domain.name).await? {
        Some(zone) => Ok(zone),
        None => Err(on_name(Reason::ZoneOff, &domain.name).into()),
    }
}

/// A refusal that names the domain.
pub(crate) fn on_name(reason: Reason, name: &DomainName) -> Refusal {
    Refusal::new(reason).on(Ns::Domain, "name", name.as_str())
}
