//! Address lists as the registrar's own staff edits them at the desk (S28-S35, S90). The operator's commands follow the
//! same rules of entries and can do what the staff cannot: begin a list where only the registry may, and lock out.

pub mod add;
pub mod remove;

use crate::epp::command::{AddressChange, AddressList};
use crate::epp::notice::Notice;
use crate::flow::access::{self, Lockout};
use crate::gate::{Cx, Stop};
use crate::policy::AclPolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::PROCESS_GONE_SECONDS;
use crate::store::access::AllowEntry;

/// The rules of that list.
async fn rules(cx: &mut Cx<'_>, list: AddressList) -> Result<AclPolicy, Stop> {
    let rules = cx.account_rules(cx.registrar()).await?;
    Ok(match list {
        AddressList::Epp => rules.epp_acl.clone(),
        AddressList::Web => rules.web_acl.clone(),
    })
}

/// The list itself.
async fn entries(cx: &mut Cx<'_>, list: AddressList) -> Result<Vec<AllowEntry>, Stop> {
    let of = cx.registrar();
    Ok(match list {
        AddressList::Epp => cx.tx.allow_entries(of).await?,
        AddressList::Web => cx.tx.web_allow_entries(of).await?,
    })
}

/// Takes it off; says whether it was listed.
async fn take_off(cx: &mut Cx<'_>, command: &AddressChange) -> Result<bool, Stop> {
    let of = cx.registrar();
    Ok(match command.list {
        AddressList::Epp => cx.tx.allow_delete(of, command.prefix).await?,
        AddressList::Web => cx.tx.web_allow_delete(of, command.prefix).await?,
    })
}

/// A list for EPP that was changed is told of (N8).
fn tell(cx: &mut Cx<'_>, list: AddressList, added: Vec<String>, removed: Vec<String>) {
    let by = cx.actor.user.clone();
    cx.notify(cx.registrar(), Notice::AccessListChanged { list, added, removed, by });
}

/// Nobody locks the account out by mistake.
async fn guard(
    cx: &mut Cx<'_>,
    command: &AddressChange,
    [before, after]: [&[AllowEntry]; 2],
    acl: &AclPolicy,
) -> Result<(), Stop> {
    let live = match command.list {
        AddressList::Epp => {
            let since = cx.now.plus_seconds(-PROCESS_GONE_SECONDS);
            cx.tx.session_addresses(cx.registrar(), since).await?
        }
        AddressList::Web => Vec::new(),
    };
    let who = match access::lockout(before, after, &live, acl.empty_means, cx.now) {
        None => return Ok(()),
        Some(Lockout::Live(out)) => {
            format!("logged in from {}", out.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Some(Lockout::Everybody) => "no address could connect".to_owned(),
    };
    Err(Refusal::new(Reason::AddressLocksOut).detail(who).into())
}
