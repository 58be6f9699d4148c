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
        sec: None,
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

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, run};
    use super::*;

    const LOGIN: &str = "<login><clID> Client X </clID><pw> foo\tBAR2 </pw><newPW>bar-FOO2</newPW><options><version>1.0</version>\
        <lang>en</lang></options><svcs><objURI>urn:a</objURI><objURI>\nurn:b </objURI><svcExtension><extURI>urn:c</extURI></svcExtension>\
        </svcs></login>";

    #[test]
    fn a_login_is_read_whole() {
        let Ok(Command::Login(login)) = run(LOGIN) else { panic!("no login") };
        assert_eq!(login.user.as_str(), "Client X");
        assert_eq!(login.pw.expose(), "foo BAR2");
        assert_eq!(login.new_pw.as_ref().map(Secret::expose), Some("bar-FOO2"));
        assert_eq!((&*login.version, &*login.lang), ("1.0", "en"));
        assert_eq!(login.objects, ["urn:a", "urn:b"]);
        assert_eq!(login.extensions, ["urn:c"]);
        let least = LOGIN
            .replace("<newPW>bar-FOO2</newPW>", "")
            .replace("<svcExtension><extURI>urn:c</extURI></svcExtension>", "");
        let Ok(Command::Login(login)) = run(&least) else { panic!("no login") };
        assert_eq!((login.new_pw, login.extensions), (None, vec![]));
    }

    #[test]
    fn a_login_follows_its_schema() {
        for (from, to, reason, at, text) in [
            ("Client X", "Cl", Reason::BadValue, "clID", "Cl"),
            ("Client X", "ClientX0123456789", Reason::BadValue, "clID", "ClientX0123456789"),
            (" foo\tBAR2 ", "SECRE", Reason::BadValue, "pw", ""),
            (" foo\tBAR2 ", "SECRET01234567890", Reason::BadValue, "pw", ""),
            ("bar-FOO2", "SECRE", Reason::BadValue, "newPW", ""),
            ("<newPW>bar-FOO2</newPW>", "<newPW a='b'>bar-FOO2</newPW>", Reason::NotSchemaValid, "newPW", ""),
            ("1.0", "2.0", Reason::BadVersion, "version", "2.0"),
            ("1.0", "0.1", Reason::BadValue, "version", "0.1"),
            ("1.0", "1", Reason::BadValue, "version", "1"),
            (">en<", ">e_n<", Reason::BadValue, "lang", "e_n"),
            ("<extURI>urn:c</extURI>", "", Reason::MissingElement, "extURI", ""),
            ("<objURI>urn:a</objURI><objURI>\nurn:b </objURI>", "", Reason::MissingElement, "objURI", ""),
            (
                "<options><version>1.0</version><lang>en</lang></options>",
                "",
                Reason::MissingElement,
                "options",
                "",
            ),
            ("</svcs>", "</svcs><x/>", Reason::UnexpectedElement, "x", ""),
            ("<login>", "<login>SECRET", Reason::NotSchemaValid, "login", ""),
        ] {
            let broken = LOGIN.replace(from, to);
            assert_ne!(broken, LOGIN, "{from}");
            assert_eq!(refused(&broken), (reason, at.to_owned(), text.to_owned()), "{to}");
        }
    }

    #[test]
    fn polls_are_told_apart() {
        assert_eq!(run("<poll op='req'/>"), Ok(Command::PollRequest));
        assert_eq!(run("<poll op=' req ' msgID='1'><!-- c --></poll>"), Ok(Command::PollRequest));
        let ack = |id: Option<&str>| Ok(Command::PollAck(PollAck { id: id.map(str::to_owned) }));
        assert_eq!(run("<poll op='ack'/>"), ack(None));
        assert_eq!(run("<poll op='ack' msgID=''/>"), ack(Some("")));
        assert_eq!(run("<poll op='ack' msgID=' 12  3&#10;'/>"), ack(Some("12 3")));
        for bad in [
            "<poll/>",
            "<poll op='REQ'/>",
            "<poll op='req'> </poll>",
            "<poll op='req'><a/></poll>",
            "<poll op='req' id='1'/>",
            "<poll op='req' xml:lang='en'/>",
        ] {
            assert_eq!(refused(bad).0.code(), 2001, "{bad}");
        }
    }

    #[test]
    fn logout_has_no_type_of_its_own() {
        assert_eq!(run("<logout/>"), Ok(Command::Logout));
        assert_eq!(run("<logout a='b'><x xmlns=''/>text</logout>"), Ok(Command::Logout));
    }
}
