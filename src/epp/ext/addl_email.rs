//! A second e-mail address of a contact (RFC 9873), which may have letters of any script before its at sign.

use super::{Codec, Ext, InCommand, open};
use crate::epp::command::Command;
use crate::epp::reply::Reply;
use crate::epp::types::AddlEmail;
use crate::epp::xml::shape::{Shape, one, optional};
use crate::epp::xml::simple::{self, ANY, Simple};
use crate::epp::xml::tree::El;
use crate::epp::xml::writer::Writer;
use crate::refusal::Refusal;

const EMAIL: Shape = Shape::Text(Simple::Token(0, ANY), &[optional("primary", Simple::Boolean)]);
const ADDL_EMAIL: Shape = Shape::Sequence(&[one("email", &EMAIL)], &[]);

pub(super) const CODEC: Codec = Codec {
    name: "addlEmail-1.0",
    uri: "urn:ietf:params:xml:ns:epp:addlEmail-1.0",
    prefix: "addlEmail",
    declaration: "xmlns:addlEmail",
    globals: &["addlEmail"],
    commands: &[InCommand { element: "addlEmail", shape: &ADDL_EMAIL, read }],
    secrets: &[],
    answer,
};

fn read(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let place = match command {
        Command::ContactCreate(create) => &mut create.addl_email,
        Command::ContactUpdate(update) => &mut update.addl_email,
        _ => return Ok(false),
    };
    let email = el.need("email")?;
    let primary = email.attr_token("primary").and_then(|text| simple::boolean(&text)) == Some(true);
    *place = Some(AddlEmail { email: email.token().into_owned(), primary });
    Ok(true)
}

fn answer(w: &mut Writer, reply: &Reply) {
    let contact = reply.contact_shown();
    let Some(AddlEmail { email, primary }) = contact.and_then(|data| data.addl_email.as_ref()) else {
        return;
    };
    open(w, Ext::AddlEmail, "addlEmail:addlEmail");
    match primary {
        true => w.leaf_with("addlEmail:email", &[("primary", primary)], email),
        false => w.leaf("addlEmail:email", email),
    }
    w.close("addlEmail:addlEmail");
}
