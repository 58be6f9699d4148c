//! `<poll op="req">` (RFC 5730 section 2.9.2.3).
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec = Spec { name: "poll:req", login: Login::Required, access: Access::Read, object: None };

/// Runs it.
///
/// # Errors
/// Its refusals.
pub async fn run(_cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Err(Reason::NotOffered.into())
}
