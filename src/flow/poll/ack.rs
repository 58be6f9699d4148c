//! `<poll op="ack">` (RFC 5730 section 2.9.2.3).
use crate::epp::command::PollAck;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec = Spec { name: "poll:ack", login: Login::Required, access: Access::Write, object: None };

/// Runs it.
///
/// # Errors
/// Its refusals.
pub async fn run(_command: &PollAck, _cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Err(Reason::NotOffered.into())
}
