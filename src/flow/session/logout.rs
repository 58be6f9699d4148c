//! `<logout>` (RFC 5730 section 2.9.1.2): the gate ends the login, the transport closes after the answer.

use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};

/// What the command needs.
pub const SPEC: Spec = Spec { name: "logout", login: Login::Required, access: Access::Read, object: None };

/// Runs it.
///
/// # Errors
/// None of its own.
#[expect(clippy::unused_async, reason = "flows share one shape")]
pub async fn run(_cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Ok(Reply::LoggedOut)
}
