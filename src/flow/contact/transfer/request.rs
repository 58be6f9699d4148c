//! `<contact:transfer>`, `op="request"` (RFC 5733 section 3.2.4).

use crate::epp::command::ContactTransfer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::ContactStatus;
use crate::flow::status::{self, Verb};
use crate::flow::transfer::{self, Asked};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::store::transfer::TransferKind;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "contact:transfer-request",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Contact),
};

/// Asks for a contact of another registrar: it waits for that registrar's answer, or is done at once, as the
/// registry's rules say.
///
/// # Refusals
/// [`Reason::NotOffered`](crate::refusal::Reason::NotOffered),
/// [`Reason::NotFound`](crate::refusal::Reason::NotFound),
/// [`Reason::OwnObject`](crate::refusal::Reason::OwnObject),
/// [`Reason::AuthInfoMissing`](crate::refusal::Reason::AuthInfoMissing),
/// [`Reason::WrongAuthInfo`](crate::refusal::Reason::WrongAuthInfo),
/// [`Reason::TransferPending`](crate::refusal::Reason::TransferPending),
/// [`Reason::StatusProhibits`](crate::refusal::Reason::StatusProhibits)
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactTransfer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let mut contact = super::super::find(cx, &command.id).await?;
    let handle = contact.handle.clone();
    let on = |reason| super::super::on_id(reason, &handle);
    let (by, sponsor) = (cx.registrar(), &contact.registrar);
    let given = transfer::check_requester(by, sponsor, command.auth.as_ref(), Ns::Contact, on)?;
    super::super::check_auth_fits(cx, &contact, given).await?;
    let last = cx.tx.transfer_of(contact.id).await?;
    transfer::check_none_pending(last.as_ref(), on)?;
    status::permit(&contact.statuses, Verb::Transfer, Ns::Contact)?;

    let rules = &cx.rules.transfer;
    let row = transfer::requested(
        cx,
        &Asked {
            object: contact.id,
            kind: TransferKind::Contact,
            loser: &contact.registrar,
            months: 0,
            expires_at: None,
            mode: rules.mode,
            auto_approve_days: rules.auto_approve_days,
            consented: true,
        },
    );
    let mut data = if row.is_pending() {
        contact.statuses.insert(ContactStatus::PendingTransfer, None);
        cx.tx.contact_update(&contact).await?;
        cx.tx.transfer_put(&row).await?;
        super::note(cx, &contact, &row);
        row.data(contact.handle)
    } else {
        super::end(cx, contact, &row, true).await?
    };
    data.answer_to_request = true;
    Ok(Reply::ContactTransfer(data))
}
