//! An address or a prefix goes off a list of the account.

use serde_json::json;

use super::{entries, guard, rules};
use crate::epp::command::{AddressChange, AddressList};
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
    let of = cx.registrar();
    let there = match command.list {
        AddressList::Epp => cx.tx.allow_delete(of, command.prefix).await?,
        AddressList::Web => cx.tx.web_allow_delete(of, command.prefix).await?,
    };
    if !there {
        return Err(Reason::AddressNotListed.into());
    }
    let after = entries(cx, command.list).await?;
    guard(cx, command, [&before, &after], &acl).await?;
    let detail = json!({ "list": command.list.name(), "removed": command.prefix.to_string() });
    cx.changed(of.to_string(), detail);
    Ok(Reply::Done)
}
