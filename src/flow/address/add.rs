//! An address or a prefix comes on a list of the account.

use serde_json::json;

use super::{entries, guard, rules, take_off, tell};
use crate::epp::command::{AddressChange, AddressList};
use crate::epp::reply::Reply;
use crate::flow::access;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::FirstEntryBy;
use crate::refusal::{Reason, Refusal};
use crate::store::access::AllowEntry;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "address:add", login: Login::Required, access: Access::Write, object: None };

/// Adds it; what is listed already stays as it is, unless its time is over.
///
/// # Refusals
/// [`Reason::AddressUnfit`], [`Reason::FirstAddressByRegistry`], [`Reason::AddressListFull`],
/// [`Reason::AddressLocksOut`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &AddressChange, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let acl = rules(cx, command.list).await?;
    access::check(command.prefix, &acl)
        .map_err(|unfit| Refusal::new(Reason::AddressUnfit).detail(unfit.to_string()))?;
    let before = entries(cx, command.list).await?;
    if before.is_empty() && acl.first_entry_by == FirstEntryBy::Operator {
        return Err(Reason::FirstAddressByRegistry.into());
    }
    if before.iter().any(|entry| entry.prefix == command.prefix && !access::counts(entry, cx.now)) {
        take_off(cx, command).await?;
    }
    let entry = AllowEntry {
        registrar: cx.registrar().clone(),
        prefix: command.prefix,
        note: command.note.clone(),
        expires_at: None,
        created_at: cx.now,
    };
    let new = match command.list {
        AddressList::Epp => cx.tx.allow_insert(&entry).await?,
        AddressList::Web => cx.tx.web_allow_insert(&entry).await?,
    };
    if !new {
        return Ok(Reply::Done);
    }
    let after = entries(cx, command.list).await?;
    if access::is_too_long(&after, &acl, cx.now) {
        return Err(Refusal::new(Reason::AddressListFull)
            .detail(format!("at most {}", acl.max_entries))
            .into());
    }
    guard(cx, command, [&before, &after], &acl).await?;
    let added = command.prefix.to_string();
    cx.changed(cx.registrar().to_string(), json!({ "list": command.list.name(), "added": added }));
    tell(cx, command.list, vec![added], Vec::new());
    Ok(Reply::Done)
}
