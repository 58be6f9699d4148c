//! Contact commands (RFC 5733). Contacts belong to no zone: the server profile's rules hold for all of them.

pub mod check;
pub mod cleanup;
pub mod create;
pub mod delete;
pub mod info;
mod postal;
pub mod transfer;
pub mod update;

use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::types::{AddlEmail, AuthInfo, ContactId, Disclose, email};
use crate::flow::token::{self, Guarded};
use crate::flow::{auth, management};
use crate::gate::{Cx, Stop};
use crate::policy::ContactPolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::RoidKind;
use crate::store::contact::ContactRow;
use crate::store::management::Managed;

/// A refusal that names the contact.
fn on_id(reason: Reason, id: &ContactId) -> Refusal {
    Refusal::new(reason).on(Ns::Contact, "id", id.as_str())
}

/// The contact a command names.
async fn find(cx: &mut Cx<'_>, id: &ContactId) -> Result<ContactRow, Stop> {
    let found = cx.tx.contact_by_handle(id).await?;
    found.ok_or_else(|| Refusal::new(Reason::NotFound).on(Ns::Contact, "id", id.as_str()).into())
}

/// Only the sponsor changes a contact.
fn check_sponsor(cx: &Cx<'_>, contact: &ContactRow) -> Result<(), Refusal> {
    if contact.registrar == *cx.registrar() {
        return Ok(());
    }
    Err(Refusal::new(Reason::NotSponsor).on(Ns::Contact, "id", contact.handle.as_str()))
}

/// A contact that its registrant manages is left alone.
async fn check_managed(cx: &mut Cx<'_>, contact: &ContactRow) -> Result<(), Stop> {
    if !management::is_registrants(cx, Managed::Contact, contact.id, &cx.rules.management).await? {
        return Ok(());
    }
    Err(Refusal::new(Reason::RegistrantManages).on(Ns::Contact, "id", contact.handle.as_str()).into())
}

/// The authorization information must be this contact's; a roid that names another object makes it another's.
async fn check_auth_fits(cx: &mut Cx<'_>, contact: &ContactRow, given: &AuthInfo) -> Result<(), Stop> {
    token::unguessed(cx, Guarded::Contact(&contact.handle), cx.rules.auth.max_wrong_per_day).await?;
    let meant = given.roid.as_ref().map(|roid| cx.roid_object(roid));
    let here = meant.is_none_or(|object| object == Some((RoidKind::Contact, contact.id)));
    if auth::fits(contact.auth.as_deref(), &given.pw) && here {
        return Ok(());
    }
    Err(Refusal::new(Reason::WrongAuthInfo).on(Ns::Contact, "authInfo", "").into())
}

/// What to store of a second e-mail address; an empty one is none, and cannot be the first one to use.
fn second_address(given: Option<&AddlEmail>) -> Result<Option<AddlEmail>, Refusal> {
    match given {
        None => Ok(None),
        Some(given) if given.email.is_empty() && !given.primary => Ok(None),
        Some(given) if email::is_international(&given.email) => Ok(Some(given.clone())),
        Some(given) => {
            let at = Ns::Ext(Ext::AddlEmail);
            Err(Refusal::new(Reason::BadEmail).on(
                at,
                "email",
                given.email.chars().take(255).collect::<String>(),
            ))
        }
    }
}

/// What to store for a disclose preference: each element once, in the schema's order.
fn disclosed(given: &Disclose, policy: &ContactPolicy) -> Result<Disclose, Refusal> {
    if !policy.disclose {
        return Err(Refusal::new(Reason::DisclosePolicy).on(Ns::Contact, "disclose", ""));
    }
    let mut fields = given.fields.clone();
    fields.sort_unstable();
    fields.dedup();
    Ok(Disclose { flag: given.flag, fields })
}

/// Whether the registry keeps identifiers of that beginning to itself.
fn is_kept(id: &ContactId, policy: &ContactPolicy) -> bool {
    let key = id.key();
    policy.id_forbidden_prefix.iter().any(|prefix| key.starts_with(prefix.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::types::{DiscloseField, PostalForm};
    use crate::policy::Policies;

    #[test]
    fn identifiers_are_compared_without_case_also_by_their_beginning() {
        let policy = &Policies::load(&[]).unwrap().profile("gtld").unwrap().zone.contact;
        assert!(is_kept(&ContactId::parse("CLONE-1").unwrap(), policy));
        assert!(!is_kept(&ContactId::parse("my-clone").unwrap(), policy));
    }

    #[test]
    fn disclose_is_stored_once_each_in_order_or_refused() {
        let mut policy = Policies::load(&[]).unwrap().profile("gtld").unwrap().zone.contact.clone();
        let (email, name) = (DiscloseField::Email, DiscloseField::Name(PostalForm::Int));
        let given = Disclose { flag: false, fields: vec![email, name, email] };
        assert_eq!(disclosed(&given, &policy).unwrap().fields, [name, email]);
        policy.disclose = false;
        assert_eq!(disclosed(&given, &policy).unwrap_err().reason, Reason::DisclosePolicy);
    }
}
