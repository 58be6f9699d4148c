//! `<contact:update>` (RFC 5733 section 3.2.5).

use serde_json::json;

use super::postal;
use crate::epp::command::{ContactUpdate, PostalChange};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{Phone, PostalForm, PostalInfo};
use crate::flow::auth;
use crate::flow::status::Change;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::ZonePolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::contact::ContactRow;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "contact:update", login: Login::Required, access: Access::Write, object: Some(Ns::Contact) };

/// Changes a contact: removals first, then additions, then changes.
///
/// # Refusals
/// [`Reason::NothingToUpdate`], [`Reason::NotFound`], [`Reason::NotSponsor`],
/// [`Reason::RegistrantManages`], [`Reason::StatusProhibits`],
/// [`Reason::DuplicateInCommand`], [`Reason::StatusNotSettable`], [`Reason::NotThere`],
/// [`Reason::AlreadyThere`], [`Reason::PostalIncomplete`], [`Reason::PostalFormNotTaken`],
/// [`Reason::CharNotAccepted`], [`Reason::DisclosePolicy`],
/// [`Reason::AuthInfoPolicy`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactUpdate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    check_not_empty(command)?;
    let mut contact = super::find(cx, &command.id).await?;
    super::check_sponsor(cx, &contact)?;
    super::check_managed(cx, &contact).await?;
    let statuses =
        Change { add: &command.add, rem: &command.rem, more: command.chg || command.addl_email.is_some() };
    statuses.permit(&contact.statuses, Ns::Contact)?;
    contact.statuses = statuses.apply(&contact.statuses, |_| true, Ns::Contact)?;
    change(&mut contact, command, cx.rules)?;
    contact.updater = Some(cx.registrar().clone());
    contact.updated_at = Some(cx.now);
    cx.tx.contact_update(&contact).await?;
    cx.changed(contact.handle.as_str(), detail(command));
    Ok(Reply::Done)
}

/// An update says something, and where it has a `chg`, something stands in it.
fn check_not_empty(command: &ContactUpdate) -> Result<(), Refusal> {
    let nothing = |element, text: &'static str| {
        Err(Refusal::new(Reason::NothingToUpdate).on(Ns::Contact, element, "").detail(text))
    };
    if command.postal.iter().any(|(_, change)| *change == PostalChange::default()) {
        return nothing("postalInfo", "the postalInfo is empty");
    }
    let changes = !command.postal.is_empty()
        || command.voice.is_some()
        || command.fax.is_some()
        || command.email.is_some()
        || command.auth.is_some()
        || command.disclose.is_some();
    // An extension may be all there is, with a chg that says only that something changes.
    if command.chg && !changes && command.addl_email.is_none() {
        return nothing("chg", "the chg is empty");
    }
    if command.add.is_empty() && command.rem.is_empty() && !changes && command.addl_email.is_none() {
        return Err(Reason::NothingToUpdate.into());
    }
    Ok(())
}

/// What `chg` says.
fn change(contact: &mut ContactRow, command: &ContactUpdate, rules: &ZonePolicy) -> Result<(), Refusal> {
    for (at, (form, change)) in command.postal.iter().enumerate() {
        if command.postal[..at].iter().any(|(earlier, _)| earlier == form) {
            return Err(Refusal::new(Reason::DuplicateInCommand).on(Ns::Contact, "postalInfo", form.name()));
        }
        let place = match form {
            PostalForm::Int => &mut contact.postal_int,
            PostalForm::Loc => &mut contact.postal_loc,
        };
        let info = merged(place.take(), *form, change)?;
        postal::check(*form, &info, &rules.contact)?;
        *place = Some(info);
    }
    if let Some(voice) = &command.voice {
        contact.voice = Some(voice.clone()).filter(is_told);
    }
    if let Some(fax) = &command.fax {
        contact.fax = Some(fax.clone()).filter(is_told);
    }
    if let Some(email) = &command.email {
        contact.email.clone_from(email);
    }
    if let Some(given) = &command.addl_email {
        contact.addl_email = super::second_address(Some(given))?;
    }
    if let Some(disclose) = &command.disclose {
        contact.disclose = Some(super::disclosed(disclose, &rules.contact)?);
    }
    if let Some(given) = &command.auth {
        auth::check(given, &rules.auth, Ns::Contact)?;
        contact.auth = auth::stored(&given.pw);
    }
    Ok(())
}

/// A postal form after the change. The parts that are not named stay; a form that is new has none to keep.
fn merged(
    before: Option<PostalInfo>,
    form: PostalForm,
    change: &PostalChange,
) -> Result<PostalInfo, Refusal> {
    let mut info = match (before, &change.name, &change.addr) {
        (Some(info), _, _) => info,
        (None, Some(name), Some(addr)) => PostalInfo { name: name.clone(), org: None, addr: addr.clone() },
        (None, _, _) => {
            return Err(Refusal::new(Reason::PostalIncomplete).on(Ns::Contact, "postalInfo", form.name()));
        }
    };
    if let Some(name) = &change.name {
        info.name.clone_from(name);
    }
    if let Some(org) = &change.org {
        info.org = Some(org.clone()).filter(|org| !org.is_empty());
    }
    if let Some(addr) = &change.addr {
        info.addr.clone_from(addr);
    }
    Ok(info)
}

fn is_told(phone: &Phone) -> bool {
    !phone.number.is_empty()
}

/// Which parts were changed; personal data is not written to the audit trail.
fn detail(command: &ContactUpdate) -> serde_json::Value {
    let names = |statuses: &crate::flow::status::Named<_>| -> Vec<&'static str> {
        statuses.iter().map(|(s, _)| crate::epp::types::Status::name(*s)).collect()
    };
    let parts = [
        ("voice", command.voice.is_some()),
        ("fax", command.fax.is_some()),
        ("email", command.email.is_some()),
        ("addlEmail", command.addl_email.is_some()),
        ("authInfo", command.auth.is_some()),
        ("disclose", command.disclose.is_some()),
    ];
    let postal = command.postal.iter().map(|(form, _)| form.name());
    let parts: Vec<&str> =
        postal.chain(parts.into_iter().filter_map(|(part, there)| there.then_some(part))).collect();
    json!({ "add": names(&command.add), "rem": names(&command.rem), "chg": parts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::types::{ContactId, ContactStatus, Postal};

    fn update() -> ContactUpdate {
        ContactUpdate {
            id: ContactId::parse("sh8013").unwrap(),
            add: vec![],
            rem: vec![],
            chg: false,
            postal: vec![],
            voice: None,
            fax: None,
            email: None,
            auth: None,
            disclose: None,
            addl_email: None,
        }
    }

    fn address(city: &str) -> Postal {
        Postal { city: city.to_owned(), cc: "CA".to_owned(), ..Postal::default() }
    }

    #[test]
    fn an_update_says_something() {
        let reason = |c: &ContactUpdate| check_not_empty(c).err().map(|r| r.reason);
        let nothing = Some(Reason::NothingToUpdate);
        assert_eq!(reason(&update()), nothing);
        assert_eq!(reason(&ContactUpdate { chg: true, ..update() }), nothing);
        let status = vec![(ContactStatus::ClientDeleteProhibited, None)];
        assert_eq!(reason(&ContactUpdate { add: status.clone(), ..update() }), None);
        assert_eq!(reason(&ContactUpdate { add: status, chg: true, ..update() }), nothing);
        let hollow = vec![(PostalForm::Int, PostalChange::default())];
        assert_eq!(reason(&ContactUpdate { postal: hollow, chg: true, ..update() }), nothing);
        let fax = Some(Phone::default());
        assert_eq!(reason(&ContactUpdate { fax, chg: true, ..update() }), None);
    }

    #[test]
    fn a_postal_form_keeps_what_is_not_named() {
        let before = PostalInfo { name: "John".into(), org: Some("Example".into()), addr: address("Dulles") };
        let change = PostalChange { addr: Some(address("Ottawa")), ..PostalChange::default() };
        let after = merged(Some(before.clone()), PostalForm::Int, &change).unwrap();
        assert_eq!(after, PostalInfo { addr: address("Ottawa"), ..before.clone() });
        let no_org = PostalChange { org: Some(String::new()), ..PostalChange::default() };
        assert_eq!(merged(Some(before), PostalForm::Int, &no_org).unwrap().org, None);
    }

    #[test]
    fn a_new_postal_form_is_whole() {
        let name = Some("Jo".to_owned());
        let part = PostalChange { name: name.clone(), ..PostalChange::default() };
        let refused = merged(None, PostalForm::Loc, &part).unwrap_err();
        assert_eq!(refused.reason, Reason::PostalIncomplete);
        let whole = PostalChange { name, addr: Some(address("Oslo")), org: None };
        assert_eq!(merged(None, PostalForm::Loc, &whole).unwrap().addr.city, "Oslo");
    }
}
