//! `<host:create>` (RFC 5732).
use crate::epp::command::HostCreate;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:create", login: Login::Required, access: Access::Write, object: Some(Ns::Host) };

/// Runs it.
///
/// # Errors
/// Its refusals.
pub async fn run(_command: &HostCreate, _cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Err(Reason::NotOffered.into())
}
