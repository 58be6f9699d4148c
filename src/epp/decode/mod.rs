//! Frames to commands (RFC 5730 section 2).
//!
//! The order of judgement: characters and XML, the frame around the command, the command against its shape (all
//! 2001), and only then values that the schema lets through and the standards or this server do not (2005 and
//! others). What the published schemas refuse is 2001, with these exceptions: an unknown command 2000, a command
//! the object does not have 2101, an unknown object 2307, another protocol version 2100, unknown extensions
//! (which the gate answers) 2103, authorization information that is no password 2102.

mod balance;
mod contact;
mod domain;
mod host;
mod maintenance;
mod session;

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::command::{Command, Envelope, Rejected, Request};
use super::ext::{self, Carried};
use super::ns::Ns;
use super::types::{
    AuthInfo, ClTrid, ContactId, DomainName, HostAddr, NameFault, Note, RoId, Secret, Status,
};
use super::xml::shape::{Part, Shape, check_container, one, optional, required, unexpected};
use super::xml::simple::{ANY, Simple};
use super::xml::source;
use super::xml::tree::{El, Space, Tree};
use crate::refusal::{Offender, Reason, Refusal};

/// Namespace of the types that the object mappings share; nothing on the wire is in it.
const EPPCOM: &str = "urn:ietf:params:xml:ns:eppcom-1.0";

// Shapes that more than one mapping uses.
const LABEL: Shape = Shape::Text(Simple::Token(1, 255), &[]);
const IDENTIFIER: Shape = Shape::Text(Simple::Token(3, 16), &[]);
const PASSWORD: Shape = Shape::Text(Simple::Line(0, ANY), &[optional("roid", Simple::RoId)]);
const FOREIGN_AUTH: Shape = Shape::Foreign(EPPCOM, 1, &[]);
const AUTH_PW: Part = one("pw", &PASSWORD);
const AUTH_EXT: Part = one("ext", &FOREIGN_AUTH);
const AUTH: Shape = Shape::Choice(&[AUTH_PW, AUTH_EXT]);
const HOST_ADDR: Shape = Shape::Text(Simple::Token(3, 45), &[optional("ip", Simple::OneOf(&["v4", "v6"]))]);

const CLTRID: Shape = Shape::Text(Simple::Token(3, 64), &[]);
const OBJECT: Shape = Shape::Foreign(Ns::Epp.uri(), 1, &[]);
const TRANSFER: Shape = Shape::Foreign(
    Ns::Epp.uri(),
    1,
    &[required("op", Simple::OneOf(&["approve", "cancel", "query", "reject", "request"]))],
);
const EXTENSION: Shape = Shape::Foreign(Ns::Epp.uri(), usize::MAX, &[]);

/// The object commands of RFC 5730 section 2.9.2 and 2.9.3.
const VERBS: &[(&str, &Shape)] = &[
    ("check", &OBJECT),
    ("create", &OBJECT),
    ("delete", &OBJECT),
    ("info", &OBJECT),
    ("renew", &OBJECT),
    ("transfer", &TRANSFER),
    ("update", &OBJECT),
];

/// Reads one frame, without its length in front.
///
/// # Errors
/// Why the frame is no command this server can run, with the client's transaction identifier where it has one.
pub fn decode(frame: &[u8]) -> Result<Request, Box<Rejected>> {
    let unread = |refusal| Box::new(Rejected { refusal, cltrid: None, name: INVALID });
    let (text, encoding) = source::read(frame).map_err(unread)?;
    let tree = Tree::read(&text, encoding).map_err(unread)?;
    let root = tree.root();
    let cltrid = find_cltrid(root);
    let mut name = INVALID;
    match request(root, &mut name) {
        Ok(None) => Ok(Request::Hello),
        Ok(Some((command, (extensions, unknown_extensions)))) => {
            let envelope = Envelope { command, extensions, unknown_extensions, cltrid };
            Ok(Request::Command(Box::new(envelope)))
        }
        Err(refusal) => Err(Box::new(Rejected { refusal, cltrid, name })),
    }
}

/// The extension elements of a command: those of extensions this server could speak, and the rest.
type Extensions = (Vec<Carried>, Vec<Offender>);

/// The name of a frame that was not understood.
const INVALID: &str = "invalid";

/// The one valid `clTRID` of a command, wherever in it that stands: an answer to a broken frame should have it.
fn find_cltrid(root: El<'_>) -> Option<ClTrid> {
    let command = Some(root).filter(|el| el.is(Ns::Epp, "epp"))?.child("command")?;
    let mut all = command.children_named("clTRID");
    match (all.next(), all.next()) {
        (Some(el), None) => CLTRID.check(el).ok().and_then(|()| ClTrid::parse(&el.token()).ok()),
        _ => None,
    }
}

/// The frame around the command. `None` is a hello.
fn request(root: El<'_>, name: &mut &'static str) -> Result<Option<(Command, Extensions)>, Refusal> {
    if !root.is(Ns::Epp, "epp") {
        return Err(unexpected(root));
    }
    check_container(root)?;
    let mut children = root.children();
    let Some(first) = children.next() else {
        return Err(Refusal::new(Reason::MissingElement).on(Ns::Epp, "command", ""));
    };
    if let Some(second) = children.next() {
        return Err(unexpected(second));
    }
    match first.name() {
        _ if first.space() != Space::Known(Ns::Epp) => Err(unexpected(first)),
        "hello" => Shape::Any.check(first).map(|()| None),
        "command" => command(first, name).map(Some),
        // Protocol extensions are a kind of command (RFC 3735 section 2.4), and this server has none.
        "extension" => Err(Refusal::new(Reason::UnknownCommand).at(first.bare_offender())),
        _ => Err(unexpected(first)),
    }
}

/// `epp:commandType`: a command, then perhaps extensions, then perhaps a clTRID.
fn command(el: El<'_>, name: &mut &'static str) -> Result<(Command, Extensions), Refusal> {
    check_container(el)?;
    let mut children = el.children().peekable();
    let verb = match children.next() {
        Some(first) if first.space() != Space::Known(Ns::Epp) => return Err(unexpected(first)),
        Some(first) if !matches!(first.name(), "extension" | "clTRID") => first,
        _ => return Err(Refusal::new(Reason::MissingElement).at(el.bare_offender())),
    };
    let object = VERBS.iter().find(|(known, _)| *known == verb.name());
    if object.is_none() && !matches!(verb.name(), "login" | "logout" | "poll") {
        return Err(Refusal::new(Reason::UnknownCommand).at(verb.bare_offender()));
    }
    let extension = children.next_if(|child| child.is(Ns::Epp, "extension"));
    let cltrid = children.next_if(|child| child.is(Ns::Epp, "clTRID"));
    if let Some(rest) = children.next() {
        return Err(unexpected(rest));
    }
    if let Some(extension) = extension {
        EXTENSION.check(extension)?;
        ext::check(extension)?;
    }
    cltrid.map_or(Ok(()), |cltrid| CLTRID.check(cltrid))?;
    let mut command = match object {
        Some((_, shape)) => object_command(verb, shape, name)?,
        None => session::read(verb, name)?,
    };
    let extensions = extension.map(|el| ext::read(el, &mut command)).transpose()?.unwrap_or_default();
    Ok((command, extensions))
}

/// A command on an object: the element inside tells which kind of object.
fn object_command(verb: El<'_>, shape: &Shape, name: &mut &'static str) -> Result<Command, Refusal> {
    shape.check(verb)?;
    let Some(body) = verb.children().next() else { return Err(unexpected(verb)) };
    let ns = match body.space() {
        Space::Known(ns) if Ns::OBJECTS.contains(&ns) => ns,
        _ => return Err(Refusal::new(Reason::ObjectUnknown).at(body.bare_offender())),
    };
    let op = verb.attr_token("op");
    *name = command_name(ns, verb.name(), op.as_deref());
    if matches!(ns, Ns::Balance | Ns::Maintenance) && verb.name() != "info" {
        return Err(Refusal::new(Reason::NotForThisObject).at(body.bare_offender()));
    }
    if ns == Ns::Host && matches!(verb.name(), "renew" | "transfer") {
        return Err(Refusal::new(Reason::NotForThisObject).at(body.bare_offender()));
    }
    if ns == Ns::Contact && verb.name() == "renew" {
        return Err(Refusal::new(Reason::NotForThisObject).at(body.bare_offender()));
    }
    if body.name() != verb.name() {
        return Err(unexpected(body));
    }
    match ns {
        Ns::Domain => domain::read(body, op.as_deref()),
        Ns::Contact => contact::read(body, op.as_deref()),
        Ns::Balance => balance::read(body),
        Ns::Maintenance => maintenance::read(body),
        _ => host::read(body),
    }
}

/// The names by which the flows' table knows the object commands.
fn command_name(ns: Ns, verb: &str, op: Option<&str>) -> &'static str {
    const NAMES: &[&str] = &[
        "domain:check",
        "domain:info",
        "domain:create",
        "domain:delete",
        "domain:renew",
        "domain:transfer-query",
        "domain:transfer-request",
        "domain:transfer-approve",
        "domain:transfer-reject",
        "domain:transfer-cancel",
        "domain:update",
        "contact:check",
        "contact:info",
        "contact:create",
        "contact:delete",
        "contact:transfer-query",
        "contact:transfer-request",
        "contact:transfer-approve",
        "contact:transfer-reject",
        "contact:transfer-cancel",
        "contact:update",
        "host:check",
        "host:info",
        "host:create",
        "host:delete",
        "host:update",
        "balance:info",
        "maintenance:info",
    ];
    let object = if ns == Ns::Maintenance { "maintenance" } else { ns.prefix() };
    let fits = |name: &&&str| {
        let action = name.strip_prefix(object).and_then(|rest| rest.strip_prefix(':'));
        let rest = action.and_then(|action| action.strip_prefix(verb));
        match op {
            None => rest == Some(""),
            Some(op) => rest.and_then(|rest| rest.strip_prefix('-')) == Some(op),
        }
    };
    NAMES.iter().find(fits).copied().unwrap_or(INVALID)
}

// Values that more than one mapping uses. The shapes were checked: only what schemas cannot say is left to refuse.

fn domain_name(el: El<'_>) -> Result<DomainName, Refusal> {
    DomainName::parse(&el.token()).map_err(|fault| {
        let too_long = matches!(fault, NameFault::TooLong | NameFault::LabelTooLong);
        let reason = if too_long { Reason::NameTooLong } else { Reason::BadName };
        el.refuse(reason).detail(fault.to_string())
    })
}

fn contact_id(el: El<'_>) -> Result<ContactId, Refusal> {
    ContactId::parse(&el.token()).map_err(|fault| el.refuse(Reason::BadValue).detail(fault.0))
}

/// `host:addrType`: the text must be an address of the stated kind, written in full.
fn host_addr(el: El<'_>) -> Result<HostAddr, Refusal> {
    let text = el.token();
    let parsed = match el.attr_token("ip").as_deref() {
        Some("v6") => text.parse::<Ipv6Addr>().ok().map(HostAddr::V6),
        _ => text.parse::<Ipv4Addr>().ok().map(HostAddr::V4),
    };
    parsed.ok_or_else(|| el.refuse(Reason::BadAddress))
}

/// A checked authInfo element. `None` is its removal by an element `null`, where the shape knows one.
fn auth_info(el: El<'_>) -> Result<Option<AuthInfo>, Refusal> {
    if let Some(foreign) = el.child("ext") {
        return Err(Refusal::new(Reason::AuthInfoForm).at(foreign.bare_offender()));
    }
    let Some(pw) = el.child("pw") else { return Ok(None) };
    let roid = match pw.attr_token("roid") {
        None => None,
        Some(text) => Some(RoId::parse(&text).map_err(|fault| pw.refuse(Reason::BadValue).detail(fault.0))?),
    };
    Ok(Some(AuthInfo { pw: Secret::new(pw.line()), roid }))
}

/// Authorization information of a command that cannot remove it.
fn auth_password(el: El<'_>) -> Result<AuthInfo, Refusal> {
    auth_info(el)?.ok_or_else(|| Refusal::new(Reason::MissingElement).at(el.bare_offender()))
}

/// The statuses of an update, each with its text in words, if it has one.
fn statuses<S: Status>(el: El<'_>) -> Result<Vec<(S, Option<Note>)>, Refusal> {
    let status = |el: El<'_>| {
        let status =
            el.attr_token("s").and_then(|name| S::parse(&name)).ok_or_else(|| el.refuse(Reason::BadValue))?;
        let text = el.line();
        let lang = || el.attr_token("lang").map_or_else(|| "en".to_owned(), Cow::into_owned);
        let note = (!text.is_empty()).then(|| Note { lang: lang(), text: text.into_owned() });
        Ok((status, note))
    };
    el.children_named("status").map(status).collect()
}

#[cfg(test)]
mod tests;
