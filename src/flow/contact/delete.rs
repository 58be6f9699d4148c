//! `<contact:delete>` (RFC 5733 section 3.2.2).

use serde_json::json;

use crate::epp::command::ContactDelete;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::status::{self, Verb};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "contact:delete", login: Login::Required, access: Access::Write, object: Some(Ns::Contact) };

/// Removes a contact that no domain uses.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::NotFound`], [`Reason::NotSponsor`],
/// [`Reason::RegistrantManages`], [`Reason::StatusProhibits`], [`Reason::Linked`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactDelete, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    if !cx.rules.contact.delete {
        return Err(Reason::NotOffered.into());
    }
    let contact = super::find(cx, &command.id).await?;
    super::check_sponsor(cx, &contact)?;
    super::check_managed(cx, &contact).await?;
    status::permit(&contact.statuses, Verb::Delete, Ns::Contact)?;
    if cx.tx.contact_linked(contact.id).await? {
        return Err(Refusal::new(Reason::Linked).on(Ns::Contact, "id", contact.handle.as_str()).into());
    }
    cx.tx.transfer_delete(contact.id).await?;
    cx.tx.contact_delete(contact.id).await?;
    let roid = cx.roid(crate::store::RoidKind::Contact, contact.id)?;
    cx.changed(contact.handle.as_str(), json!({ "deleted": true, "roid": roid }));
    Ok(Reply::Done)
}
