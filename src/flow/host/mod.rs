//! Host commands (RFC 5732). A registry whose name servers are attributes of domains has no host objects.

pub mod accept;
pub mod address;
pub(crate) mod admin;
pub(crate) mod approval;
pub mod check;
pub mod create;
pub mod delete;
pub mod info;
mod place;
pub mod reject;
pub mod update;

use crate::epp::ns::Ns;
use crate::epp::types::{DomainName, Status};
use crate::gate::{Cx, Stop};
use crate::policy::NsMode;
use crate::refusal::{Reason, Refusal};
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

/// While something is pending with the domain above a host, the host stays as it is: it may be about to move
/// with the domain, or to go with it.
async fn settled_superordinate(cx: &mut Cx<'_>, host: &HostRow) -> Result<(), Stop> {
    let Some(id) = host.superordinate else { return Ok(()) };
    let Some(domain) = cx.tx.domain_by_id(id).await? else { return Ok(()) };
    let pending = domain.statuses.iter().map(|(status, _)| *status).find(|s| s.name().starts_with("pending"));
    match pending {
        None => Ok(()),
        Some(status) => Err(place::status_above(&host.name, &domain.name, status.name()).into()),
    }
}
