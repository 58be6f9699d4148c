//! An address or a prefix goes off a list of the account.

use serde_json::json;

use super::{entries, guard, rules, take_off, tell};
use crate::epp::command::AddressChange;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "address:remove", login: Login::Required, access: Access::Write, object: None };

/// Removes it.
///
/// # Refusals
/// [`Reason::AddressNotListed`], [`Reason::AddressLocksOut`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &AddressChange, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let acl = rules(cx, command.list).await?;
    let before = entries(cx, command.list).await?;
    if !take_off(cx, command).await? {
        return Err(Reason::AddressNotListed.into());
    }
    let after = entries(cx, command.list).await?;
    guard(cx, command, [&before, &after], &acl).await?;
    let removed = command.prefix.to_string();
    cx.changed(cx.registrar().to_string(), json!({ "list": command.list.name(), "removed": removed }));
    tell(cx, command.list, Vec::new(), vec![removed]);
    Ok(Reply::Done)
}
