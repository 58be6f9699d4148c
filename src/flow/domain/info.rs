//! `<domain:info>` (RFC 5731).
use crate::epp::command::DomainInfo;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:info", login: Login::Required, access: Access::Read, object: Some(Ns::Domain) };

/// Runs it.
///
/// # Errors
/// Its refusals.
pub async fn run(_command: &DomainInfo, _cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Err(Reason::NotOffered.into())
}
