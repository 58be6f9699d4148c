//! Login, logout and poll (RFC 5730 sections 2.9.1 and 2.9.2.3).

use super::IDENTIFIER;
use crate::epp::command::{Command, Login, PollAck};
use crate::epp::types::{RegistrarId, Secret};
use crate::epp::xml::shape::{MANY, Part, Shape, many, one, opt, optional, required};
use crate::epp::xml::simple::{ANY, Simple};
use crate::epp::xml::tree::El;
use crate::refusal::{Reason, Refusal};

const PASSWORD: Shape = Shape::Text(Simple::Token(6, 16), &[]);
const VERSION: Shape = Shape::Text(Simple::Version, &[]);
const LANGUAGE: Shape = Shape::Text(Simple::Language, &[]);
// Any text is taken for a URI: one that is none names no service of this server.
const URI: Shape = Shape::Text(Simple::Token(0, ANY), &[]);
const OPTIONS: Shape = Shape::Sequence(&[one("version", &VERSION), one("lang", &LANGUAGE)], &[]);
const EXTENSIONS: Shape = Shape::Sequence(&[many("extURI", 1, MANY, &URI)], &[]);
const SERVICES: Shape =
    Shape::Sequence(&[many("objURI", 1, MANY, &URI), opt("svcExtension", &EXTENSIONS)], &[]);
const LOGIN_PARTS: &[Part] = &[
    one("clID", &IDENTIFIER),
    one("pw", &PASSWORD),
    opt("newPW", &PASSWORD),
    one("options", &OPTIONS),
    one("svcs", &SERVICES),
];
const LOGIN: Shape = Shape::Sequence(LOGIN_PARTS, &[]);
const POLL: Shape =
    Shape::Empty(&[required("op", Simple::OneOf(&["ack", "req"])), optional("msgID", Simple::Token(0, ANY))]);

/// Reads a session command.
pub(super) fn read(verb: El<'_>, name: &mut &'static str) -> Result<Command, Refusal> {
    match verb.name() {
        "login" => {
            *name = "login";
            LOGIN.check(verb)?;
            login(verb).map(Command::Login)
        }
        "logout" => {
            *name = "logout";
            Shape::Any.check(verb).map(|()| Command::Logout)
        }
        _ => {
            POLL.check(verb)?;
            Ok(poll(verb, name))
        }
    }
}

fn login(el: El<'_>) -> Result<Login, Refusal> {
    let user = el.need("clID")?;
    let options = el.need("options")?;
    let services = el.need("svcs")?;
    let version = options.need("version")?;
    if version.token() != "1.0" {
        return Err(version.refuse(Reason::BadVersion));
    }
    let uris =
        |parent: El<'_>, name| parent.children_named(name).map(|uri| uri.token().into_owned()).collect();
    Ok(Login {
        user: RegistrarId::parse(&user.token())
            .map_err(|fault| user.refuse(Reason::BadValue).detail(fault.0))?,
        pw: Secret::new(el.need("pw")?.token()),
        new_pw: el.child("newPW").map(|pw| Secret::new(pw.token())),
        version: version.token().into_owned(),
        lang: options.need("lang")?.token().into_owned(),
        objects: uris(services, "objURI"),
        extensions: services.child("svcExtension").map(|inner| uris(inner, "extURI")).unwrap_or_default(),
    })
}

fn poll(el: El<'_>, name: &mut &'static str) -> Command {
    if el.attr_token("op").as_deref() == Some("ack") {
        *name = "poll:ack";
        Command::PollAck(PollAck { id: el.attr_token("msgID").map(|id| id.into_owned()) })
    } else {
        *name = "poll:req";
        Command::PollRequest
    }
}
