//! Frames as a whole: what stands around a command, and what all commands have in common.

use proptest::prelude::*;

use super::*;
use crate::epp::types::NameFault;

/// The command in a frame with the prefixes that the samples of the standards use.
pub(super) fn run(inner: &str) -> Result<Command, Rejected> {
    let frame = format!(
        "<epp xmlns='{}' xmlns:domain='{}' xmlns:contact='{}' xmlns:host='{}'><command>{inner}<clTRID>ABC-1</clTRID></command></epp>",
        Ns::Epp.uri(),
        Ns::Domain.uri(),
        Ns::Contact.uri(),
        Ns::Host.uri()
    );
    match decode(frame.as_bytes()) {
        Ok(Request::Command(envelope)) => {
            assert_eq!(envelope.cltrid.as_ref().map(ClTrid::as_str), Some("ABC-1"));
            Ok(envelope.command)
        }
        Ok(Request::Hello) => unreachable!("a command is no hello"),
        Err(rejected) => Err(*rejected),
    }
}

/// Why a command is refused, and the element that is named, with its text.
pub(super) fn refused(inner: &str) -> (Reason, String, String) {
    let refusal = run(inner).expect_err(inner).refusal;
    let at = refusal.at.unwrap_or_else(|| Box::new(Offender::new(Ns::Epp, "", "")));
    (refusal.reason, at.name.into_owned(), at.text)
}

fn reason(frame: &str) -> Reason {
    decode(frame.as_bytes()).expect_err(frame).refusal.reason
}

const CHECK: &str =
    "<check><d:check xmlns:d='urn:ietf:params:xml:ns:domain-1.0'><d:name>a.tld</d:name></d:check></check>";

fn epp(inner: &str) -> String {
    format!("<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'>{inner}</epp>")
}

#[test]
fn a_frame_may_be_written_in_many_ways() {
    let plain = epp(&format!("<command>{CHECK}<clTRID> A\tB  C </clTRID></command>"));
    let expected = decode(plain.as_bytes()).unwrap();
    let Request::Command(envelope) = &expected else { unreachable!() };
    assert_eq!(envelope.cltrid.as_ref().map(ClTrid::as_str), Some("A B C"));
    let prefixed = "<x:epp xmlns:x='urn:ietf:params:xml:ns:epp-1.0'><x:command><x:check>\
        <check xmlns='urn:ietf:params:xml:ns:domain-1.0'><name>a<!-- -->.<![CDATA[tl]]>&#100;\n</name></check>\
        </x:check><x:clTRID>A B C</x:clTRID></x:command></x:epp>";
    let spaced = plain.replace('>', ">\r\n\t").replace("a.tld", "\r\n a.tld <!-- c --> <?p?>");
    let declared =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!-- c -->{plain}\n");
    for frame in [prefixed, &spaced, &declared, &format!("\u{FEFF}{plain}")] {
        assert_eq!(decode(frame.as_bytes()).as_ref(), Ok(&expected), "{frame}");
    }
    let wide = format!("\u{FEFF}{plain}");
    let le: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(decode(&le).as_ref(), Ok(&expected));
    assert_eq!(decode(&be).as_ref(), Ok(&expected));
}

#[test]
fn hello_may_hold_anything() {
    for hello in ["<hello/>", "<hello a='b'> text <x xmlns='urn:x'/></hello>", "<hello><foo/></hello>"] {
        assert_eq!(decode(epp(hello).as_bytes()), Ok(Request::Hello), "{hello}");
    }
    let xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    for bad in [
        "<hello/><hello/>".to_owned(),
        "<hello/>text".to_owned(),
        format!("<hello {xsi} xsi:nil='true'/>"),
        format!("<hello><x {xsi} xsi:type='y'/></hello>"),
        "<hello><d:check xmlns:d='urn:ietf:params:xml:ns:domain-1.0'/></hello>".to_owned(),
    ] {
        assert_eq!(reason(&epp(&bad)).code(), 2001, "{bad}");
    }
    assert_eq!(
        decode(epp(&format!("<hello {xsi} xsi:schemaLocation='a b'/>")).as_bytes()),
        Ok(Request::Hello)
    );
}

#[test]
fn what_is_not_a_command_is_refused() {
    for (frame, expected) in [
        ("<epp/>", Reason::UnexpectedElement),
        ("<epp xmlns='urn:ietf:params:xml:ns:epp-2.0'><hello/></epp>", Reason::UnexpectedElement),
        ("<hello xmlns='urn:ietf:params:xml:ns:epp-1.0'/>", Reason::UnexpectedElement),
    ] {
        assert_eq!(reason(frame), expected, "{frame}");
    }
    let logout = "<logout/>";
    for (inner, expected) in [
        (String::new(), Reason::MissingElement),
        ("<greeting/>".into(), Reason::UnexpectedElement),
        ("<response/>".into(), Reason::UnexpectedElement),
        ("<hello xmlns=''/>".into(), Reason::UnexpectedElement),
        ("<extension><x xmlns='urn:x'/></extension>".into(), Reason::UnknownCommand),
        ("<command/>".into(), Reason::MissingElement),
        ("<command><clTRID>ABC</clTRID></command>".into(), Reason::MissingElement),
        ("<command><restore/></command>".into(), Reason::UnknownCommand),
        ("<command><restore xmlns='urn:x'/></command>".into(), Reason::UnexpectedElement),
        (format!("<command>text{logout}</command>"), Reason::NotSchemaValid),
        (format!("<command a='b'>{logout}</command>"), Reason::NotSchemaValid),
        (format!("<command>{logout}{logout}</command>"), Reason::UnexpectedElement),
        (format!("<command>{logout}<clTRID>ABC</clTRID><clTRID>ABC</clTRID></command>"), Reason::UnexpectedElement),
        (format!("<command>{logout}<clTRID>AB</clTRID></command>"), Reason::BadValue),
        (format!("<command>{logout}<clTRID>{}</clTRID></command>", "x".repeat(65)), Reason::BadValue),
        (format!("<command>{logout}<extension/></command>"), Reason::MissingElement),
        (format!("<command>{logout}<extension><a xmlns=''/></extension></command>"), Reason::UnexpectedElement),
        (format!("<command>{logout}<extension><logout/></extension></command>"), Reason::UnexpectedElement),
        (format!("<command>{logout}<clTRID>ABC</clTRID><extension><a xmlns='u'/></extension></command>"), Reason::UnexpectedElement),
        (format!("<command>{logout}<ClTRID>ABC</ClTRID></command>"), Reason::UnexpectedElement),
        ("<command><check/></command>".into(), Reason::MissingElement),
        ("<command><check><check/></check></command>".into(), Reason::UnexpectedElement),
        ("<command><check><x xmlns='urn:x'/></check></command>".into(), Reason::ObjectUnknown),
        (format!("<command>{}</command>", CHECK.replace("d:check", "d:info")), Reason::UnexpectedElement),
        (format!("<command>{}</command>", CHECK.replace("</check>", "<y xmlns='urn:y'/></check>")), Reason::UnexpectedElement),
        ("<command><renew><h:renew xmlns:h='urn:ietf:params:xml:ns:host-1.0'/></renew></command>".into(), Reason::NotForThisObject),
        ("<command><renew><h:renew xmlns:h='urn:ietf:params:xml:ns:contact-1.0'/></renew></command>".into(), Reason::NotForThisObject),
        ("<command><transfer op='query'><h:transfer xmlns:h='urn:ietf:params:xml:ns:host-1.0'/></transfer></command>".into(), Reason::NotForThisObject),
        ("<command><transfer><h:transfer xmlns:h='urn:ietf:params:xml:ns:host-1.0'/></transfer></command>".into(), Reason::NotSchemaValid),
        ("<command><transfer op='x'><h:transfer xmlns:h='urn:ietf:params:xml:ns:host-1.0'/></transfer></command>".into(), Reason::BadValue),
    ] {
        assert_eq!(reason(&epp(&inner)), expected, "{inner}");
    }
}

#[test]
fn extensions_are_listed_without_their_content() {
    let frame = epp(&format!(
        "<command>{CHECK}<extension><a xmlns='urn:a'>secret</a><b:b xmlns:b='urn:b'/></extension></command>"
    ));
    let Ok(Request::Command(envelope)) = decode(frame.as_bytes()) else { panic!("{frame}") };
    let listed: Vec<_> = envelope.unknown_extensions.iter().map(|o| (&*o.uri, &*o.name, &*o.text)).collect();
    assert_eq!(listed, [("urn:a", "a", ""), ("urn:b", "b", "")]);
    assert_eq!(envelope.cltrid, None);
}

#[test]
fn a_broken_command_keeps_its_transaction_identifier() {
    let id = |inner: &str| decode(epp(inner).as_bytes()).unwrap_err().cltrid.map(|id| id.to_string());
    assert_eq!(id("<command><foo/><clTRID>ABC</clTRID></command>").as_deref(), Some("ABC"));
    assert_eq!(id("<command><clTRID>ABC</clTRID><logout/></command>").as_deref(), Some("ABC"));
    assert_eq!(id("<command><logout/><clTRID>AB</clTRID></command>"), None);
    assert_eq!(id("<command><logout/><clTRID>ABC</clTRID><clTRID>DEF</clTRID></command>"), None);
    assert_eq!(id("<command><logout/><clTRID><b/>ABC</clTRID></command>"), None);
    assert_eq!(decode(b"<epp><command><clTRID>ABC</clTRID></command></epp>").unwrap_err().cltrid, None);
}

#[test]
fn commands_have_the_names_of_the_flows() {
    let name = |inner: &str| run(inner).unwrap_err().name;
    assert_eq!(name("<check><domain:check/></check>"), "domain:check");
    assert_eq!(name("<transfer op=' request'><contact:transfer/></transfer>"), "contact:transfer-request");
    assert_eq!(name("<login/>"), "login");
    assert_eq!(name("<renew><host:renew/></renew>"), "invalid");
    assert_eq!(name("<foo/>"), "invalid");
    assert_eq!(command_name(Ns::Contact, "update", None), "contact:update");
    assert_eq!(command_name(Ns::Contact, "transfer", None), INVALID);
}

#[test]
fn the_schema_comes_before_the_values() {
    let create = |name: &str, rest: &str| {
        format!("<create><host:create><host:name>{name}</host:name>{rest}</host:create></create>")
    };
    assert_eq!(refused(&create("-bad-", "")).0, Reason::BadName);
    assert_eq!(refused(&create("-bad-", "<host:foo/>")).0, Reason::UnexpectedElement);
    assert_eq!(refused(&create("-bad-", "<host:addr>1</host:addr>")).0, Reason::BadValue);
}

#[test]
fn offenders_are_short_and_never_secret() {
    let long = "x".repeat(300);
    let (reason, name, text) =
        refused(&format!("<delete><host:delete><host:name>{long}</host:name></host:delete></delete>"));
    assert_eq!((reason, &*name, text.len()), (Reason::BadValue, "name", 255));
    let (_, name, text) = refused(
        "<info><domain:info><domain:name>a.b</domain:name><domain:authInfo><domain:pw roid='x'>SECRET</domain:pw></domain:authInfo></domain:info></info>",
    );
    assert_eq!((&*name, &*text), ("pw", ""));
    let (_, name, text) = refused(
        "<info><domain:info><domain:name>a.b</domain:name><domain:password>SECRET</domain:password></domain:info></info>",
    );
    assert_eq!((&*name, &*text), ("password", ""));
}

#[test]
fn asked_names_keep_their_fault() {
    let command = run("<check><host:check><host:name> NS.Example </host:name><host:name>-a</host:name></host:check></check>").unwrap();
    let Command::HostCheck(check) = command else { panic!("{command:?}") };
    assert_eq!(check.names[0].raw, "NS.Example");
    assert_eq!(check.names[0].name.as_ref().map(DomainName::as_str), Ok("ns.example"));
    assert_eq!(check.names[1].name, Err(NameFault::Hyphen));
}

/// Pieces that put together come near to frames.
const PIECES: &[&str] = &[
    "<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'>",
    "</epp>",
    "<command>",
    "</command>",
    "<login>",
    "</login>",
    "<poll op='req'/>",
    "<check>",
    "</check>",
    "<d:check xmlns:d='urn:ietf:params:xml:ns:domain-1.0'>",
    "</d:check>",
    "<d:name>",
    "</d:name>",
    "<",
    ">",
    "&",
    ";",
    "&#x",
    "'",
    "\"",
    "=",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0'?>",
    "<?",
    "?>",
    "<!DOCTYPE",
    "xmlns:",
    ":",
    "/>",
    "</",
    " ",
    "\r\n",
    "é",
    "\u{FFFE}",
    "x",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn any_pieces_are_answered(picks in proptest::collection::vec(proptest::sample::select(PIECES), 0..40), utf16 in any::<bool>()) {
        let text = picks.concat();
        let wide = || std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let bytes: Vec<u8> = if utf16 { wide() } else { text.clone().into_bytes() };
        if let Err(rejected) = decode(&bytes) {
            prop_assert!(rejected.refusal.code() >= 2000);
        }
    }

    #[test]
    fn any_token_comes_back_as_itself(text in "[ -~é😀]{3,64}") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let frame = epp(&format!("<command><logout/><clTRID>{escaped}</clTRID></command>"));
        let expected = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        match decode(frame.as_bytes()) {
            Ok(Request::Command(envelope)) => prop_assert_eq!(envelope.cltrid, ClTrid::parse(&expected).ok()),
            other => prop_assert!(expected.chars().count() < 3, "{:?}", other),
        }
    }
}
