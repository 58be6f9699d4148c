//! The answer of who is asked to administer a host: no. A registry's own command.

use super::approval;
use crate::epp::command::HostAnswer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::pending::Decision;
use crate::gate::{Access, Cx, Login, Spec, Stop};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:reject", login: Login::Required, access: Access::Write, object: Some(Ns::Host) };

/// Does not agree to administer a host.
///
/// # Refusals
/// [`Reason::NotOffered`](crate::refusal::Reason::NotOffered),
/// [`Reason::NotFound`](crate::refusal::Reason::NotFound),
/// [`Reason::NothingToAnswer`](crate::refusal::Reason::NothingToAnswer),
/// [`Reason::NotAsked`](crate::refusal::Reason::NotAsked),
/// [`Reason::ZoneOff`](crate::refusal::Reason::ZoneOff)
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostAnswer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    approval::answer(cx, &command.name, Decision::Reject).await?;
    Ok(Reply::Done)
}
