//! `<login>` (RFC 5730 section 2.9.1.1).

use crate::epp::command;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Gate, Login, Session, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec = Spec { name: "login", login: Login::Forbidden, access: Access::Write, object: None };

/// A login while logged in.
///
/// # Errors
/// Always: the gate authenticates before there is a context.
pub async fn run(_command: &command::Login, _cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Err(Reason::AlreadyLoggedIn.into())
}

/// Logs a session in.
///
/// # Errors
/// Its refusals.
pub async fn authenticate(
    _gate: &Gate,
    _session: &mut Session,
    _login: &command::Login,
    _svtrid: &str,
) -> Result<Reply, Refusal> {
    Err(Reason::NotOffered.into())
}
