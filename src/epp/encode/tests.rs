//! Answers as a whole, and what all objects have in common.

use proptest::prelude::*;

use super::*;
use crate::clock::Ts;
use crate::epp::ext::Ext;
use crate::epp::ns::Services;
use crate::epp::reply::TransferStatus;
use crate::epp::types::{ClTrid, ContactId, DomainName, DomainStatus, RegistrarId};
use crate::epp::xml::{source, tree::Tree};
use crate::refusal::Reason;

fn answer(outcome: Outcome, lang: Lang) -> String {
    let code = match &outcome {
        Outcome::Done(reply) => reply.code(),
        Outcome::Refused(refusal) => refusal.code(),
    };
    let cltrid = ClTrid::parse("A<b>&\"c").ok();
    let services = Services::of(Ns::OBJECTS, Ext::ALL);
    response(&Response { outcome, code, cltrid, svtrid: "SV-1".into(), lang, services })
}

/// What stands between the start of the response and its transaction identifiers.
pub(super) fn body(reply: Reply) -> String {
    let text = answer(Outcome::Done(reply), Lang::En);
    let (_, rest) = text.split_once("</result>").unwrap();
    rest.split_once("<trID>").unwrap().0.to_owned()
}

fn refused(refusal: Refusal) -> String {
    let text = answer(Outcome::Refused(refusal), Lang::En);
    let (_, rest) = text.split_once("</msg>").unwrap();
    rest.split_once("</result>").unwrap().0.to_owned()
}

#[test]
fn a_plain_answer_is_exactly_this() {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\">";
    let trid = "<trID><clTRID>A&lt;b&gt;&amp;\"c</clTRID><svTRID>SV-1</svTRID></trID></response></epp>";
    assert_eq!(
        answer(Outcome::Done(Reply::Done), Lang::En),
        format!(
            "{head}<response><result code=\"1000\"><msg>Command completed successfully</msg></result>{trid}"
        )
    );
    assert_eq!(
        answer(Outcome::Done(Reply::LoggedOut), Lang::Fr),
        format!(
            "{head}<response><result code=\"1500\"><msg lang=\"fr\">La commande a réussi; fin de la session</msg></result>{trid}"
        )
    );
}

#[test]
fn a_code_may_take_the_place_of_the_reply_s_own() {
    let outcome = Outcome::Refused(Reason::BadCredentials.into());
    let text = response(&Response {
        outcome,
        code: 2501,
        cltrid: None,
        svtrid: "SV-1".into(),
        lang: Lang::En,
        services: Services::default(),
    });
    assert!(
        text.contains("<result code=\"2501\"><msg>Authentication error; server closing connection</msg>"),
        "{text}"
    );
    assert!(text.contains("<trID><svTRID>SV-1</svTRID></trID>"), "{text}");
}

#[test]
fn a_refusal_names_the_element_and_the_reason() {
    let name = Refusal::new(Reason::BadName).on(Ns::Domain, "name", "a<b").detail("x\ny");
    assert_eq!(
        refused(name),
        "<extValue><value><domain:name xmlns:domain=\"urn:ietf:params:xml:ns:domain-1.0\">a&lt;b</domain:name></value>\
         <reason>the name is not a valid host name: x y</reason></extValue>"
    );
    assert_eq!(
        refused(Reason::NotLoggedIn.into()),
        "<extValue><value><command/></value><reason>log in first</reason></extValue>"
    );
    let at = |uri: &'static str, name: &'static str| {
        let text = refused(Refusal::new(Reason::ExtensionUnknown).at(Offender {
            uri: uri.into(),
            name: name.into(),
            text: "t".into(),
        }));
        text.split_once("<value>").unwrap().1.split_once("</value><reason>").unwrap().0.to_owned()
    };
    assert_eq!(at("urn:ietf:params:xml:ns:epp-1.0", "clTRID"), "<clTRID>t</clTRID>");
    assert_eq!(at("urn:x", "a"), "<x:a xmlns:x=\"urn:x\">t</x:a>");
    assert_eq!(at("urn:x", "a b"), "<x:value xmlns:x=\"urn:x\">t</x:value>");
    for odd in
        ["", "a b", "urn:<", "urn:é", "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"]
    {
        assert_eq!(at(odd, "a"), "<a xmlns=\"\">t</a>", "{odd}");
    }
}

#[test]
fn the_queue_is_shown_where_it_must_be_and_nowhere_else() {
    assert_eq!(body(Reply::NoMessages), "");
    assert_eq!(body(Reply::Acknowledged { id: "7".into(), count: 0 }), "");
    assert_eq!(body(Reply::Acknowledged { id: "7".into(), count: 2 }), "<msgQ count=\"2\" id=\"7\"/>");
    let message = super::super::reply::Message {
        id: "7".into(),
        count: 2,
        queued: Ts(0),
        text: "a & b".into(),
        data: None,
        change: None,
    };
    assert_eq!(
        body(Reply::Message(Box::new(message))),
        "<msgQ count=\"2\" id=\"7\"><qDate>1970-01-01T00:00:00.000Z</qDate><msg>a &amp; b</msg></msgQ>"
    );
}

#[test]
fn a_check_answers_in_order_with_short_reasons() {
    let all = vec![
        Checked { name: "a.tld".into(), unavailable: None },
        Checked { name: "b<".into(), unavailable: Some("é".repeat(40)) },
        Checked { name: "c.tld".into(), unavailable: Some(String::new()) },
    ];
    let reason = "é".repeat(32);
    assert_eq!(
        body(Reply::HostChecked(all)),
        format!(
            "<resData><host:chkData xmlns:host=\"urn:ietf:params:xml:ns:host-1.0\"><host:cd><host:name avail=\"1\">a.tld</host:name>\
             </host:cd><host:cd><host:name avail=\"0\">b&lt;</host:name><host:reason>{reason}</host:reason></host:cd><host:cd>\
             <host:name avail=\"0\">c.tld</host:name></host:cd></host:chkData></resData>"
        )
    );
}

#[test]
fn a_contact_s_transfer_has_no_end_date() {
    let id = RegistrarId::parse("abc").unwrap();
    let transfer = TransferData {
        name: ContactId::parse("sh8013").unwrap(),
        status: TransferStatus::Pending,
        requester: id.clone(),
        requested: Ts(0),
        actor: id,
        acted: Ts(1_000),
        expires: Some(Ts(0)),
        answer_to_request: true,
    };
    assert_eq!(
        body(Reply::ContactTransfer(transfer)),
        "<resData><contact:trnData xmlns:contact=\"urn:ietf:params:xml:ns:contact-1.0\"><contact:id>sh8013</contact:id>\
         <contact:trStatus>pending</contact:trStatus><contact:reID>abc</contact:reID>\
         <contact:reDate>1970-01-01T00:00:00.000Z</contact:reDate><contact:acID>abc</contact:acID>\
         <contact:acDate>1970-01-01T00:00:00.001Z</contact:acDate></contact:trnData></resData>"
    );
}

#[test]
fn an_ended_action_names_the_command_that_began_it() {
    let pending = PendingData {
        name: DomainName::parse("a.tld").unwrap(),
        success: false,
        cltrid: Some("C-1".into()),
        svtrid: "S-1".into(),
        at: Ts(0),
    };
    let mut w = begin();
    message_data(&mut w, &MessageData::DomainPending(pending));
    assert!(w.finish().ends_with(
        "<domain:panData xmlns:domain=\"urn:ietf:params:xml:ns:domain-1.0\"><domain:name paResult=\"0\">a.tld</domain:name>\
         <domain:paTRID><clTRID>C-1</clTRID><svTRID>S-1</svTRID></domain:paTRID>\
         <domain:paDate>1970-01-01T00:00:00.000Z</domain:paDate></domain:panData>"
    ));
}

#[test]
fn a_greeting_says_what_is_offered() {
    let menu = Greeting {
        server: "R & D".into(),
        at: Ts(0),
        langs: Lang::ALL.to_vec(),
        objects: vec!["urn:o"],
        extensions: vec![],
    };
    let text = greeting(&menu);
    assert!(text.contains(
        "<svID>R &amp; D</svID><svDate>1970-01-01T00:00:00.000Z</svDate><svcMenu><version>1.0</version>"
    ));
    assert!(text.contains("<lang>en</lang><lang>fr</lang><objURI>urn:o</objURI></svcMenu><dcp>"));
    let text = greeting(&Greeting { extensions: vec!["urn:e"], ..menu });
    assert!(
        text.contains("<objURI>urn:o</objURI><svcExtension><extURI>urn:e</extURI></svcExtension></svcMenu>")
    );
}

#[test]
fn statuses_stop_where_the_schema_does() {
    let mut set = StatusSet::default();
    for status in DomainStatus::ALL {
        set.insert(*status, Some(Note { lang: "en".into(), text: "a\nb".into() }));
    }
    let mut w = begin();
    statuses(&mut w, "domain:status", 11, &set);
    let text = w.finish();
    assert_eq!(text.matches("<domain:status ").count(), 11);
    assert!(text.contains("<domain:status s=\"clientHold\" lang=\"en\">a b</domain:status>"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_refusal_quotes_stays_one_element(uri in ".{0,20}", name in ".{0,12}", text in any::<String>(), detail in any::<String>()) {
        let offender = Offender { uri: uri.into(), name: name.into(), text: text.clone() };
        let refusal = Refusal::new(Reason::BadValue).at(offender).detail(detail);
        let frame = answer(Outcome::Refused(refusal), Lang::Fr);
        let (text_read, encoding) = source::read(frame.as_bytes()).unwrap();
        let tree = Tree::read(&text_read, encoding).unwrap();
        let quoted = tree.root().descendants().find(|el| el.is(Ns::Epp, "value")).unwrap();
        prop_assert_eq!(quoted.children().count(), 1);
        let expected: String = text.chars().map(|c| if chars::is_char(c) { c } else { '\u{FFFD}' }).collect();
        prop_assert_eq!(quoted.children().next().unwrap().text(), expected);
    }
}
