//! `<contact:transfer>`, `op="query"` (RFC 5733 section 3.1.3).

use crate::epp::command::ContactTransfer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::transfer;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "contact:transfer-query",
    login: Login::Required,
    access: Access::Read,
    object: Some(Ns::Contact),
};

/// Shows how the last transfer of a contact stands or ended: to both of its registrars, to the sponsor, and to
/// whoever has the authorization information.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::NotFound`], [`Reason::WrongAuthInfo`], [`Reason::NotPartyToTransfer`],
/// [`Reason::NoTransferKnown`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactTransfer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let contact = super::super::find(cx, &command.id).await?;
    let last = cx.tx.transfer_of(contact.id).await?;
    // A party need not have the authorization information, which a transfer unsets.
    if !transfer::is_party(last.as_ref(), cx.registrar(), &contact.registrar) {
        let given = command.auth.as_ref();
        let given = given.ok_or_else(|| super::super::on_id(Reason::NotPartyToTransfer, &contact.handle))?;
        super::super::check_auth_fits(cx, &contact, given).await?;
    }
    let last = last.ok_or_else(|| super::super::on_id(Reason::NoTransferKnown, &contact.handle))?;
    Ok(Reply::ContactTransfer(last.data(contact.handle)))
}
