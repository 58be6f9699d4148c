//! `<contact:create>` (RFC 5733 section 3.2.1).

use serde_json::json;

use super::postal;
use crate::epp::command::ContactCreate;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{Phone, PostalForm, PostalInfo, StatusSet};
use crate::flow::{auth, management};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::ZonePolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::contact::ContactRow;
use crate::store::management::Managed;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "contact:create", login: Login::Required, access: Access::Write, object: Some(Ns::Contact) };

/// Creates a contact. Whether its identifier is free is decided by the insert itself, so that of two who want it
/// one is told.
///
/// # Refusals
/// [`Reason::ManagementNotOffered`], [`Reason::NameReserved`], [`Reason::DuplicateInCommand`], [`Reason::AuthInfoPolicy`],
/// [`Reason::DisclosePolicy`], [`Reason::PostalFormNotTaken`], [`Reason::CharNotAccepted`], [`Reason::BadEmail`], [`Reason::Exists`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactCreate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let model = management::of_new(cx, command.management, &cx.rules.management).await?;
    let contact = contact(command, cx)?;
    if !cx.tx.contact_insert(&contact).await? {
        return Err(Refusal::new(Reason::Exists).on(Ns::Contact, "id", command.id.as_str()).into());
    }
    management::store(cx, Managed::Contact, contact.id, model).await?;
    cx.tx.contact_is_new(contact.id, cx.now).await?;
    // Personal data is not written to the audit trail, from which it could not be taken out again.
    cx.changed(command.id.as_str(), json!({ "created": true, "auth": contact.auth.is_some() }));
    Ok(Reply::ContactCreated { id: command.id.clone(), created: cx.now })
}

/// The contact to be stored.
fn contact(command: &ContactCreate, cx: &Cx<'_>) -> Result<ContactRow, Refusal> {
    let ZonePolicy { contact: policy, auth: auth_policy, .. } = cx.rules;
    if super::is_kept(&command.id, policy) {
        let refusal = Refusal::new(Reason::NameReserved).on(Ns::Contact, "id", command.id.as_str());
        return Err(refusal.detail("identifiers that begin like this one are kept by the registry"));
    }
    auth::check(&command.auth, auth_policy, Ns::Contact)?;
    for (form, info) in &command.postal {
        postal::check(*form, info, policy)?;
    }
    Ok(ContactRow {
        id: cx.ids.next(),
        handle: command.id.clone(),
        registrar: cx.registrar().clone(),
        creator: cx.registrar().clone(),
        created_at: cx.now,
        updater: None,
        updated_at: None,
        transferred_at: None,
        statuses: StatusSet::default(),
        postal_int: only(&command.postal, PostalForm::Int)?,
        postal_loc: only(&command.postal, PostalForm::Loc)?,
        voice: told(command.voice.as_ref()),
        fax: told(command.fax.as_ref()),
        email: command.email.clone(),
        addl_email: super::second_address(command.addl_email.as_ref())?,
        disclose: command.disclose.as_ref().map(|d| super::disclosed(d, policy)).transpose()?,
        auth: auth::stored(&command.auth.pw),
        identified_at: None,
    })
}

/// The postal information of one form, of which there can be one.
fn only(postal: &[(PostalForm, PostalInfo)], form: PostalForm) -> Result<Option<PostalInfo>, Refusal> {
    let mut of_form = postal.iter().filter(|(f, _)| *f == form).map(|(_, info)| info);
    let info = of_form.next().cloned();
    if of_form.next().is_some() {
        return Err(Refusal::new(Reason::DuplicateInCommand).on(Ns::Contact, "postalInfo", form.name()));
    }
    Ok(info.map(|info| PostalInfo { org: info.org.filter(|org| !org.is_empty()), ..info }))
}

/// A telephone number; the empty one is none.
fn told(phone: Option<&Phone>) -> Option<Phone> {
    phone.filter(|phone| !phone.number.is_empty()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_comes_once() {
        let info = PostalInfo { name: "J".into(), org: Some(String::new()), ..PostalInfo::default() };
        let (int, loc) = ((PostalForm::Int, info.clone()), (PostalForm::Loc, info));
        let both = [int.clone(), loc];
        assert_eq!(only(&both, PostalForm::Int).unwrap().unwrap().org, None);
        assert_eq!(only(&both[..1], PostalForm::Loc).unwrap(), None);
        let twice = only(&[int.clone(), int], PostalForm::Int).unwrap_err();
        assert_eq!(twice.reason, Reason::DuplicateInCommand);
    }
}
