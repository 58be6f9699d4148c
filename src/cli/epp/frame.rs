//! Frames the client writes: elements in the namespaces of RFC 5730 to 5733, escaped.

use super::document::Element;
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::types::SENTINEL;

/// Characters of the longest password of the core (RFC 5730, `pwType`).
const CORE_PASSWORD: usize = 16;

/// An element with content that is XML already.
#[must_use]
pub fn tag(name: &str, attributes: &[(&str, &str)], content: &str) -> String {
    let mut out = format!("<{name}");
    for (name, value) in attributes {
        out.push_str(&format!(" {name}=\"{}\"", quick_xml::escape::escape(*value)));
    }
    if content.is_empty() { out + "/>" } else { format!("{out}>{content}</{name}>") }
}

/// An element with a text.
#[must_use]
pub fn leaf(name: &str, text: &str) -> String {
    tag(name, &[], &quick_xml::escape::minimal_escape(text))
}

/// An element for each of the texts.
#[must_use]
pub fn leaves<S: AsRef<str>>(name: &str, texts: &[S]) -> String {
    texts.iter().map(|text| leaf(name, text.as_ref())).collect()
}

/// An element with a text, or nothing.
#[must_use]
pub fn maybe(name: &str, text: Option<&str>) -> String {
    text.map(|text| leaf(name, text)).unwrap_or_default()
}

/// A whole frame around that content.
#[must_use]
pub fn epp(content: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<epp xmlns=\"{}\">{content}</epp>", Ns::Epp.uri())
}

/// `<hello/>`
#[must_use]
pub fn hello() -> String {
    epp("<hello/>")
}

/// A command with that content of its own.
#[must_use]
pub fn command(content: &str) -> String {
    epp(&tag("command", &[], &format!("{content}{}", leaf("clTRID", &cltrid()))))
}

/// A command on an object: `<verb><object:verb>..`.
#[must_use]
pub fn object(ns: Ns, verb: &str, operation: Option<&str>, content: &str) -> String {
    command(&on_object(ns, verb, operation, content))
}

/// A command on an object with an element of an extension, if there is one.
#[must_use]
pub fn extended(ns: Ns, verb: &str, content: &str, extension: &str) -> String {
    command(&(on_object(ns, verb, None, content) + &around(extension)))
}

/// The same of a transfer, with its operation.
#[must_use]
pub fn transfer(ns: Ns, operation: &str, content: &str, extension: &str) -> String {
    command(&(on_object(ns, "transfer", Some(operation), content) + &around(extension)))
}

fn around(extension: &str) -> String {
    if extension.is_empty() { String::new() } else { tag("extension", &[], extension) }
}

fn on_object(ns: Ns, verb: &str, operation: Option<&str>, content: &str) -> String {
    let (prefix, uri) = (ns.prefix(), ns.uri());
    let inner = tag(&format!("{prefix}:{verb}"), &[(&format!("xmlns:{prefix}"), uri)], content);
    let operation: Vec<_> = operation.map(|op| ("op", op)).into_iter().collect();
    tag(verb, &operation, &inner)
}

/// `<login>` with every service of the greeting.
#[must_use]
pub fn login(greeting: &Element, user: &str, password: &str, lang: &str) -> String {
    let texts = |name: &str| greeting.all(name).iter().map(|e| e.text.clone()).collect::<Vec<_>>();
    let extensions = match texts("extURI") {
        uris if uris.is_empty() => String::new(),
        uris => tag("svcExtension", &[], &leaves("extURI", &uris)),
    };
    let sec = Ext::LoginSec;
    let knows = texts("extURI").iter().any(|uri| uri == sec.uri());
    // What is longer than the core takes stands in the extension (RFC 8807 section 4.1).
    let beyond = (knows && password.chars().count() > CORE_PASSWORD).then_some(password);
    let extension = if knows { security(sec, beyond) } else { String::new() };
    let password = if beyond.is_some() { SENTINEL } else { password };
    let services = tag("svcs", &[], &(leaves("objURI", &texts("objURI")) + &extensions));
    let options = tag("options", &[], &(leaf("version", "1.0") + &leaf("lang", lang)));
    let login = tag("login", &[], &(leaf("clID", user) + &leaf("pw", password) + &options + &services));
    command(&(login + &extension))
}

/// Who logs in by which program, and the password that the login has no room for.
fn security(sec: Ext, password: Option<&str>) -> String {
    let (prefix, app) = (sec.prefix(), concat!("domesday ", env!("CARGO_PKG_VERSION")));
    let agent = leaf(&format!("{prefix}:app"), app) + &leaf(&format!("{prefix}:os"), std::env::consts::OS);
    let content =
        tag(&format!("{prefix}:userAgent"), &[], &agent) + &maybe(&format!("{prefix}:pw"), password);
    let namespace = format!("xmlns:{prefix}");
    tag("extension", &[], &tag(&format!("{prefix}:loginSec"), &[(&namespace, sec.uri())], &content))
}

/// `<logout/>`
#[must_use]
pub fn logout() -> String {
    command("<logout/>")
}

/// A transaction identifier that no other command of this process has.
fn cltrid() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(1);
    format!("cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_names_every_service_of_the_greeting() {
        let greeting = "<epp><greeting><svcMenu><version>1.0</version><objURI>o1</objURI><objURI>o2</objURI>\
                        <svcExtension><extURI>x1</extURI></svcExtension></svcMenu></greeting></epp>";
        let frame = login(&Element::parse(greeting).unwrap(), "me", "a<b", "en");
        let login = Element::parse(&frame).unwrap();
        assert_eq!(login.all("objURI").len(), 2);
        assert_eq!(login.first("extURI").unwrap().text, "x1");
        assert_eq!(login.first("pw").unwrap().text, "a<b");
        assert!(!frame.contains("loginSec"));
    }

    #[test]
    fn a_long_password_stands_in_the_extension_where_the_greeting_has_it() {
        let uri = Ext::LoginSec.uri();
        let greeting = format!(
            "<epp><greeting><svcMenu><svcExtension><extURI>{uri}</extURI></svcExtension></svcMenu></greeting></epp>"
        );
        let greeting = Element::parse(&greeting).unwrap();
        let long = login(&greeting, "me", "a password of 24 letters", "en");
        assert!(long.contains("<pw>[LOGIN-SECURITY]</pw>"), "{long}");
        assert!(
            long.contains(
                "<loginSec:pw>a password of 24 letters</loginSec:pw></loginSec:loginSec></extension>"
            ),
            "{long}"
        );
        let short = login(&greeting, "me", "16 letters of it", "en");
        assert!(short.contains("<pw>16 letters of it</pw>") && !short.contains("loginSec:pw"), "{short}");
        assert!(short.contains("<loginSec:app>domesday "), "{short}");
        let old = Element::parse("<epp><greeting/></epp>").unwrap();
        assert!(!login(&old, "me", "a password of 24 letters", "en").contains("loginSec"));
    }
}
