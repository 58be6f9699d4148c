//! `<poll op="req">` (RFC 5730 section 2.9.2.3): the oldest message, as often as it is asked for.

use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};

/// What the command needs.
pub const SPEC: Spec = Spec { name: "poll:req", login: Login::Required, access: Access::Read, object: None };

/// Shows the oldest message; it stays until it is acknowledged.
///
/// # Refusals
/// - [`Reason::PollOff`](crate::refusal::Reason::PollOff)
///
/// # Errors
/// Its refusal and the database's troubles.
pub async fn run(cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::rules(cx).await?;
    let head = cx.tx.poll_head(cx.registrar()).await?;
    Ok(head.map_or(Reply::NoMessages, |message| Reply::Message(Box::new(message))))
}
