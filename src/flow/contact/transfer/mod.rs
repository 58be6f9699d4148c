//! Transfers of contacts (RFC 5733 sections 3.1.3 and 3.2.4): one file per operation; here what they share.

pub mod approve;
pub mod cancel;
pub mod query;
pub mod reject;
pub mod request;

use serde_json::json;

use crate::epp::command::ContactTransfer;
use crate::epp::notice::Transferred;
use crate::epp::reply::{Reply, TransferData};
use crate::epp::types::{ContactId, ContactStatus};
use crate::flow::management;
use crate::flow::transfer::{self, Decision};
use crate::gate::{Cx, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;
use crate::store::contact::ContactRow;
use crate::store::transfer::TransferRow;

/// A registry without contact transfers has none of the five operations.
fn check_offered(cx: &Cx<'_>) -> Result<(), Refusal> {
    if cx.rules.contact.transfer { Ok(()) } else { Err(Reason::NotOffered.into()) }
}

/// A registrar's decision on a pending transfer. Authorization information is not needed, but must fit if given.
async fn decide(command: &ContactTransfer, decision: Decision, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    check_offered(cx)?;
    let contact = super::find(cx, &command.id).await?;
    let last = cx.tx.transfer_of(contact.id).await?;
    let pending = transfer::check_decision(last, decision, cx.registrar(), &contact.registrar, |reason| {
        super::on_id(reason, &contact.handle)
    })?;
    if let Some(given) = &command.auth {
        super::check_auth_fits(cx, &contact, given).await?;
    }
    let by = cx.registrar();
    let ended = transfer::decided(pending, decision, by, cx.now);
    Ok(Reply::ContactTransfer(end(cx, contact, &ended, decision.moves()).await?))
}

/// Approves the pending transfer of a contact that nobody answered in time. Says whether there was anything to do:
/// the answer may have come while this work waited.
///
/// # Errors
/// Only the database's troubles.
pub async fn time_out(cx: &mut Cx<'_>, contact: i64) -> Result<bool, Stop> {
    let last = cx.tx.transfer_of(contact).await?;
    let due = |row: &TransferRow| row.is_pending() && row.due_at.is_some_and(|due| due <= cx.now);
    let Some(pending) = last.filter(due) else { return Ok(false) };
    let missing = StoreError::Shape("a pending transfer without its contact");
    let contact = cx.tx.contact_by_id(contact).await?.ok_or(missing)?;
    let ended = transfer::decided(pending, Decision::TimeOut, cx.registry, cx.now);
    end(cx, contact, &ended, true).await?;
    Ok(true)
}

/// Stores a transfer that came to its end, hands the contact over if it `moves`, and tells the other side. A
/// transfer uses the authorization information up: the new sponsor sets its own (RFC 9154).
async fn end(
    cx: &mut Cx<'_>,
    mut contact: ContactRow,
    ended: &TransferRow,
    moves: bool,
) -> Result<TransferData<ContactId>, Stop> {
    contact.statuses.remove(ContactStatus::PendingTransfer);
    if moves {
        contact.registrar = ended.requester.clone();
        contact.transferred_at = Some(ended.acted_at);
        contact.auth = None;
    }
    cx.tx.contact_update(&contact).await?;
    if moves {
        management::contact_moved(cx, contact.id, &contact.registrar).await?;
    }
    cx.tx.transfer_put(ended).await?;
    note(cx, &contact, ended);
    Ok(ended.data(contact.handle))
}

/// Tells the other side, and the audit trail.
fn note(cx: &mut Cx<'_>, contact: &ContactRow, row: &TransferRow) {
    transfer::tell(cx, row, || contact.handle.clone(), Transferred::Contact);
    let detail = json!({ "transfer": row.status, "from": row.loser, "to": row.requester });
    cx.changed(contact.handle.as_str(), detail);
}
