//! Host commands (RFC 5732). A registry whose name servers are attributes of domains has no host objects.

pub mod address;
pub mod check;
pub mod create;
pub mod delete;
pub mod info;
mod place;
pub mod update;

use crate::epp::ns::Ns;
use crate::epp::types::{DomainName, Status};
use crate::gate::{Cx, Stop};
use crate::policy::NsMode;
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::host::HostRow;

/// A registry with host attributes offers no host command.
fn check_offered(cx: &Cx<'_>) -> Result<(), Refusal> {
    match cx.rules.ns.mode {
        NsMode::HostObj => Ok(()),
        NsMode::HostAttr => Err(Reason::NotOffered.into()),
    }
}

/// The host a command names.
async fn find(cx: &mut Cx<'_>, name: &DomainName) -> Result<HostRow, Stop> {
    let found = cx.tx.host_by_name(name).await?;
    found.ok_or_else(|| Refusal::new(Reason::NotFound).on(Ns::Host, "name", name.as_str()).into())
}

/// Only the sponsor changes a host.
fn check_sponsor(cx: &Cx<'_>, host: &HostRow) -> Result<(), Refusal> {
    if host.registrar == *cx.registrar() {
        return Ok(());
    }
    Err(Refusal::new(Reason::NotSponsor).on(Ns::Host, "name", host.name.as_str()))
}

/// The domain above a host. While something is pending there, the host stays as it is: it may be about to move
/// with the domain, or to go with it.
async fn settled_superordinate(cx: &mut Cx<'_>, host: &HostRow) -> Result<Option<DomainRow>, Stop> {
    let Some(id) = host.superordinate else { return Ok(None) };
    let Some(domain) = cx.tx.domain_by_id(id).await? else { return Ok(None) };
    let pending = domain.statuses.iter().map(|(status, _)| *status).find(|s| s.name().starts_with("pending"));
    match pending {
        None => Ok(Some(domain)),
        Some(status) => Err(place::status_above(&host.name, &domain.name, status.name()).into()),
    }
}
