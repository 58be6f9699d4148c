//! `<contact:info>` (RFC 5733 section 3.1.2).

use crate::epp::command::ContactInfo;
use crate::epp::ns::Ns;
use crate::epp::reply::{ContactData, Reply};
use crate::epp::types::{ContactStatus, PostalForm};
use crate::flow::status;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::RoidKind;
use crate::store::contact::ContactRow;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "contact:info", login: Login::Required, access: Access::Read, object: Some(Ns::Contact) };

/// Shows a contact to its sponsor, and to whoever has its authorization information. What is given must fit, also
/// when the sponsor gives it, who can so find out whether the one at hand is the one that is set (RFC 9154).
///
/// # Refusals
/// [`Reason::NotFound`], [`Reason::WrongAuthInfo`], [`Reason::NotSponsor`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactInfo, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let contact = super::find(cx, &command.id).await?;
    let sponsor = contact.registrar == *cx.registrar();
    match &command.auth {
        Some(given) => super::check_auth_fits(cx, &contact, given).await?,
        None if sponsor => {}
        None => {
            return Err(Refusal::new(Reason::NotSponsor)
                .on(Ns::Contact, "id", contact.handle.as_str())
                .detail("others see a contact with its authorization information")
                .into());
        }
    }
    let linked = cx.tx.contact_linked(contact.id).await?;
    let mut data = data(cx, contact, linked)?;
    data.auth_set &= sponsor;
    Ok(Reply::ContactInfo(Box::new(data)))
}

/// Everything about a contact.
pub(super) fn data(cx: &Cx<'_>, contact: ContactRow, linked: bool) -> Result<ContactData, Stop> {
    let linked = linked.then_some(ContactStatus::Linked);
    let forms = [(PostalForm::Int, contact.postal_int), (PostalForm::Loc, contact.postal_loc)];
    Ok(ContactData {
        roid: cx.roid(RoidKind::Contact, contact.id)?,
        id: contact.handle,
        statuses: status::shown(&contact.statuses, ContactStatus::Ok, linked),
        postal: forms.into_iter().filter_map(|(form, info)| info.map(|info| (form, info))).collect(),
        voice: contact.voice,
        fax: contact.fax,
        email: contact.email,
        sponsor: contact.registrar,
        creator: contact.creator,
        created: contact.created_at,
        updater: contact.updater,
        updated: contact.updated_at,
        transferred: contact.transferred_at,
        auth_set: contact.auth.is_some(),
        disclose: contact.disclose,
        addl_email: contact.addl_email,
    })
}
