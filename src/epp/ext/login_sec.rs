//! Security of logins (RFC 8807): a login says what program it comes from and may have longer passwords; the answer, a
//! refusal too, says what its client should know about the password, the certificate and the connection.

use super::{Codec, Ext, InCommand, open};
use crate::epp::command::Command;
use crate::epp::reply::Reply;
use crate::epp::types::{LoginSec, Secret, SecurityEvent, UserAgent};
use crate::epp::xml::shape::{Shape, opt};
use crate::epp::xml::simple::{ANY, Simple};
use crate::epp::xml::tree::El;
use crate::epp::xml::writer::Writer;
use crate::refusal::{Reason, Refusal};

const TOKEN: Shape = Shape::Text(Simple::Token(0, ANY), &[]);
const PASSWORD: Shape = Shape::Text(Simple::Token(6, ANY), &[]);
const AGENT: Shape = Shape::Sequence(&[opt("app", &TOKEN), opt("tech", &TOKEN), opt("os", &TOKEN)], &[]);
const LOGIN_SEC: Shape =
    Shape::Sequence(&[opt("userAgent", &AGENT), opt("pw", &PASSWORD), opt("newPW", &PASSWORD)], &[]);

pub(super) const CODEC: Codec = Codec {
    name: "loginSec-1.0",
    uri: "urn:ietf:params:xml:ns:epp:loginSec-1.0",
    prefix: "loginSec",
    declaration: "xmlns:loginSec",
    globals: &["loginSec", "loginSecData"],
    commands: &[InCommand { element: "loginSec", shape: &LOGIN_SEC, read }],
    secrets: &["pw", "newPW"],
    answer,
};

fn read(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let agent = el.child("userAgent");
    // The schema wants one part at least, which a sequence of optional ones cannot say.
    if let Some(agent) = agent.filter(|agent| agent.children().next().is_none()) {
        return Err(Refusal::new(Reason::MissingElement).at(agent.bare_offender()));
    }
    let Command::Login(login) = command else { return Ok(false) };
    let secret = |name| el.child(name).map(|pw| Secret::new(pw.token()));
    let (pw, new_pw) = (secret("pw"), secret("newPW"));
    let part = |name| Some(UserAgent::part(&agent?.child(name)?.token()));
    let agent = UserAgent { app: part("app"), tech: part("tech"), os: part("os") };
    login.sec = Some(LoginSec { agent, pw, new_pw });
    Ok(true)
}

fn answer(w: &mut Writer, reply: &Reply) {
    if let Reply::LoggedIn(told) = reply {
        events(w, told);
    }
}

/// Writes what a client is told, or nothing: the schema has no element without an event in it.
pub(super) fn events(w: &mut Writer, told: &[SecurityEvent]) {
    if told.is_empty() {
        return;
    }
    open(w, Ext::LoginSec, "loginSec:loginSecData");
    for event in told {
        let (kind, level, lang) = (event.kind.name(), event.level.name(), event.lang.tag());
        let duration = event.duration();
        let mut attrs: Vec<(&str, &dyn std::fmt::Display)> = vec![("type", &kind)];
        attrs.extend(event.name.as_ref().map(|name| ("name", name as _)));
        attrs.push(("level", &level));
        attrs.extend(event.expires.as_ref().map(|at| ("exDate", at as _)));
        attrs.extend(event.value.as_ref().map(|value| ("value", value as _)));
        attrs.extend(duration.as_ref().map(|duration| ("duration", duration as _)));
        attrs.push(("lang", &lang));
        w.leaf_with("loginSec:event", &attrs, &event.text.replace(['\t', '\n', '\r'], " "));
    }
    w.close("loginSec:loginSecData");
}
