//! Contacts in words.

use std::borrow::Cow;

use super::{Words, WordsFault, contact_id, fault, model};
use crate::epp::command::{Command, ContactCreate};
use crate::epp::types::{AuthInfo, Postal, PostalForm, PostalInfo, Secret, country, email};
use crate::epp::xml::simple::{self, Simple};

/// `contact:create`
pub(super) fn create(w: &mut Words) -> Result<Command, WordsFault> {
    let id = w.object(contact_id)?;
    let form = w.maybe("postal", |form| match form {
        "int" => Ok(PostalForm::Int),
        "loc" => Ok(PostalForm::Loc),
        _ => fault("postal= is int or loc"),
    })?;
    let form = form.unwrap_or(PostalForm::Int);
    let line = |min| move |text: &str| postal_text(simple::normalize(text), Simple::Line(min, 255), form);
    let code = |text: &str| postal_text(simple::collapse(text), Simple::Token(0, 16), form);
    let cc = w.needed("cc", |code| country::parse(code).map_or_else(|| fault("cc= is no country"), Ok))?;
    let addr = Postal {
        street: w.maybe("street", line(0))?.into_iter().collect(),
        city: w.needed("city", line(1))?,
        sp: None,
        pc: w.maybe("pc", code)?.filter(|pc| !pc.is_empty()),
        cc: cc.to_owned(),
    };
    let info = PostalInfo { name: w.needed("name", line(1))?, org: None, addr };
    let auth = w.auth()?.unwrap_or(AuthInfo { pw: Secret::default(), roid: None });
    Ok(Command::ContactCreate(ContactCreate {
        id,
        postal: vec![(form, info)],
        voice: None,
        fax: None,
        email: w.needed("email", |given| {
            if email::is_address(given) { Ok(given.to_owned()) } else { fault("email= is no address") }
        })?,
        auth,
        disclose: None,
        addl_email: None,
        management: w.maybe("management", model)?,
    }))
}

/// A text of an address within the bounds of the schema, by which every answer is judged; ASCII where the form asks for
/// that (RFC 5733 section 2.4).
fn postal_text(text: Cow<'_, str>, bounds: Simple, form: PostalForm) -> Result<String, WordsFault> {
    if let Err(wanted) = bounds.check(&text) {
        return fault(format_args!("{text:?} has not {wanted}"));
    }
    if form == PostalForm::Int && !text.is_ascii() {
        return fault(format_args!("{text:?} is not ASCII, which postal=loc lets it be"));
    }
    Ok(text.into_owned())
}
