//! `<poll op="ack">` (RFC 5730 section 2.9.2.3): takes a message out of the queue.
//!
//! Any message of the own queue can be acknowledged, not only the oldest: two sessions of one registrar, or a
//! message that another process queued in between, then cannot make a client acknowledge what it never saw.

use crate::epp::command::PollAck;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec = Spec { name: "poll:ack", login: Login::Required, access: Access::Write, object: None };

/// Takes the message out and says how many are left.
///
/// # Refusals
/// - [`Reason::PollOff`]
/// - [`Reason::MessageIdMissing`]
/// - [`Reason::NoSuchMessage`]: unknown, another registrar's, or acknowledged already; [`Reason::MessageIdUnknown`]
///   where the profile says so.
///
/// # Errors
/// Its refusals and the database's troubles.
pub async fn run(command: &PollAck, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let rules = super::rules(cx).await?;
    let Some(id) = &command.id else { return Err(Reason::MessageIdMissing.into()) };
    let reason =
        if rules.poll.missing_ack_code == 2005 { Reason::MessageIdUnknown } else { Reason::NoSuchMessage };
    let unknown = || Refusal::new(reason).on(Ns::Epp, "poll", id);
    let number: i64 = id.parse().map_err(|_| unknown())?;
    // One message has one identifier: `+7` and `007` are not `7`.
    if number.to_string() != *id {
        return Err(unknown().into());
    }
    if !cx.tx.poll_delete(number, cx.registrar()).await? {
        return Err(unknown().into());
    }
    cx.changed("poll", serde_json::json!({ "acknowledged": id }));
    let count = cx.tx.poll_count(cx.registrar()).await?;
    Ok(Reply::Acknowledged { id: id.clone(), count })
}
