use crate::epp::command::{Command, Envelope, Request};
use crate::epp::decode;
use crate::epp::encode;
use crate::epp::reply::{Message, MessageData, Outcome, Response};
use crate::epp::types::{DomainName, Lang, ReportText, Restore, RgpStatus};
use crate::refusal::Reason;

use super::*;

/// A frame with these elements in its extension.
fn frame(object: &str, verb: &str, extension: &str) -> String {
    format!(
        "<epp xmlns='{}' xmlns:rgp='{}'><command><{verb}><{verb} xmlns='urn:ietf:params:xml:ns:{object}-1.0'><name>a.tld</name>\
         </{verb}></{verb}><extension>{extension}</extension></command></epp>",
        Ns::Epp.uri(),
        Ext::Rgp.uri(),
    )
}

fn update(extension: &str) -> Result<Box<Envelope>, (Reason, String)> {
    match decode(frame("domain", "update", extension).as_bytes()) {
        Ok(Request::Command(envelope)) => Ok(envelope),
        Ok(Request::Hello) => unreachable!("a command is no hello"),
        Err(rejected) => Err((
            rejected.refusal.reason,
            rejected.refusal.at.map(|at| at.name.to_string()).unwrap_or_default(),
        )),
    }
}

fn fits(envelope: &Envelope) -> Vec<Fit> {
    envelope.extensions.iter().map(|carried| carried.fit).collect()
}

const REQUEST: &str = "<rgp:update><rgp:restore op=' request '/></rgp:update>";
const REPORT: &str = "<rgp:update><rgp:restore op='report'><rgp:report><rgp:preData>was <x:y xmlns:x='urn:x'>so</x:y> </rgp:preData>\
    <rgp:postData/><rgp:delTime>2026-07-10T22:00:00.0Z</rgp:delTime><rgp:resTime>2026-07-20T22:00:00+02:00</rgp:resTime>\
    <rgp:resReason lang='fr'>une erreur</rgp:resReason><rgp:statement>one</rgp:statement><rgp:statement>two</rgp:statement>\
    <rgp:other>more</rgp:other></rgp:report></rgp:restore></rgp:update>";

#[test]
fn a_restore_becomes_a_typed_field_of_the_update() {
    let envelope = update(REQUEST).unwrap();
    assert_eq!(fits(&envelope), [Fit::Here]);
    let Command::DomainUpdate(command) = envelope.command else { panic!("no update") };
    assert_eq!(command.restore, Some(Restore::Request));
    let Command::DomainUpdate(command) = update(REPORT).unwrap().command else { panic!("no update") };
    let Some(Restore::Report(report)) = command.restore else { panic!("no report") };
    let text = |lang: &str, text: &str| ReportText { lang: lang.into(), text: text.into() };
    assert_eq!((report.pre_data.as_str(), report.post_data.as_str()), ("was so", ""));
    assert_eq!(report.deleted_at.to_string(), "2026-07-10T22:00:00.000Z");
    assert_eq!(report.restored_at.to_string(), "2026-07-20T20:00:00.000Z");
    assert_eq!(report.reason, text("fr", "une erreur"));
    assert_eq!(report.statements, [text("en", "one"), text("en", "two")]);
    assert_eq!(report.other.as_deref(), Some("more"));
}

#[test]
fn what_breaks_the_schema_is_told_before_anything_else() {
    let no_report = "<rgp:update><rgp:restore op='report'/></rgp:update>";
    for (extension, reason, at) in [
        (no_report.to_owned(), Reason::RestoreReportMissing, "restore"),
        (REPORT.replace("op='report'", "op='request'"), Reason::UnexpectedElement, "report"),
        (REPORT.replace("op='report'", "op='undo'"), Reason::BadValue, "restore"),
        (REPORT.replace("22:00:00.0Z", "22:00"), Reason::BadValue, "delTime"),
        (REPORT.replace("<rgp:postData/>", "<rgp:postData a='b'/>"), Reason::NotSchemaValid, "postData"),
        (REPORT.replace("<rgp:postData/>", ""), Reason::MissingElement, "postData"),
        (REPORT.replace("lang='fr'", "lang='f_r'"), Reason::BadValue, "resReason"),
        ("<rgp:renew/>".to_owned(), Reason::UnexpectedElement, "renew"),
        ("<rgp:update/>".to_owned(), Reason::MissingElement, "restore"),
        (format!("{no_report}<rgp:update/>"), Reason::MissingElement, "restore"),
    ] {
        assert_eq!(update(&extension), Err((reason, at.to_owned())), "{extension}");
    }
}

#[test]
fn an_element_without_a_place_is_noted() {
    assert_eq!(fits(&update(&format!("{REQUEST}{REQUEST}")).unwrap()), [Fit::Here, Fit::Twice]);
    assert_eq!(fits(&update("<rgp:infData/>").unwrap()), [Fit::Elsewhere]);
    let other = decode(frame("host", "update", REQUEST).as_bytes());
    let Ok(Request::Command(envelope)) = other else { panic!("{other:?}") };
    assert_eq!(fits(&envelope), [Fit::Elsewhere]);
    let envelope = update(&format!("<x xmlns='urn:x'/>{REQUEST}")).unwrap();
    assert_eq!((envelope.unknown_extensions.len(), fits(&envelope)), (1, vec![Fit::Here]));
}

#[test]
fn an_answer_carries_what_its_client_logged_in_for() {
    let name = DomainName::parse("a.tld").unwrap();
    let rgp = vec![RgpStatus::AddPeriod, RgpStatus::RenewPeriod];
    let write = |reply: Reply, extensions: &[Ext]| {
        let code = reply.code();
        let services = Services::of(&[], extensions);
        let outcome = Outcome::Done(reply);
        encode::response(&Response {
            outcome,
            code,
            cltrid: None,
            svtrid: "SV-1".into(),
            lang: Lang::En,
            services,
        })
    };
    let restored = Reply::DomainRestored { name, rgp };
    let expected = "</result><extension><rgp:upData xmlns:rgp=\"urn:ietf:params:xml:ns:rgp-1.0\"><rgp:rgpStatus s=\"addPeriod\"/>\
        <rgp:rgpStatus s=\"renewPeriod\"/></rgp:upData></extension><trID>";
    let with = write(restored.clone(), &[Ext::Rgp]);
    assert!(with.contains(expected), "{with}");
    assert!(write(restored, &[Ext::SecureAuthInfo]).contains("</result><trID>"));
    assert!(write(Reply::Done, Ext::ALL).contains("</result><trID>"));
    let message = Message {
        id: "1".into(),
        count: 1,
        queued: crate::clock::Ts(0),
        text: "t".into(),
        data: None,
        change: None,
    };
    assert!(!write(Reply::Message(Box::new(message)), Ext::ALL).contains("extension"));
}

#[test]
fn nothing_of_a_message_is_lost_to_a_client_that_cannot_read_it() {
    let info = crate::epp::notice::samples()
        .iter()
        .find_map(|notice| match notice.data() {
            Some(MessageData::DomainInfo(mut data)) => {
                data.rgp = vec![RgpStatus::AddPeriod];
                Some(MessageData::DomainInfo(data))
            }
            _ => None,
        })
        .unwrap();
    let message = Message {
        id: "1".into(),
        count: 1,
        queued: crate::clock::Ts(0),
        text: "t".into(),
        data: Some(info),
        change: None,
    };
    let write = |services: Services| {
        let outcome = Outcome::Done(Reply::Message(Box::new(message.clone())));
        let response =
            Response { outcome, code: 1301, cltrid: None, svtrid: "SV-1".into(), lang: Lang::En, services };
        encode::response(&response)
    };
    let count = |text: &str, what: &str| text.matches(what).count();
    // Everything was named.
    let text = write(Services::of(Ns::OBJECTS, Ext::ALL).moving(Ns::OBJECTS, Ext::ALL));
    assert_eq!((count(&text, "extValue"), count(&text, "<resData>"), count(&text, "<extension>")), (0, 1, 1));
    // Nothing was: two elements stand elsewhere, and the containers are not there.
    let text = write(Services::default().moving(Ns::OBJECTS, Ext::ALL));
    assert_eq!(
        (count(&text, "<extValue>"), count(&text, "<resData>"), count(&text, "<extension>")),
        (2, 0, 0)
    );
    let of = |uri: &str| format!("</value><reason>{uri} not in login services</reason></extValue>");
    assert!(text.contains(&of(Ns::Domain.uri())) && text.contains(&of(Ext::Rgp.uri())), "{text}");
    // Only what the server speaks is told of.
    let text = write(Services::of(&[Ns::Domain], &[]).moving(Ns::OBJECTS, &[Ext::SecDns]));
    assert_eq!((count(&text, "extValue"), count(&text, "<resData>"), count(&text, "rgp")), (0, 1, 0));
}

#[test]
fn the_table_has_each_extension_once() {
    for ext in Ext::ALL {
        assert_eq!((Ext::parse(ext.name()), Ext::from_uri(ext.uri())), (Some(*ext), Some(*ext)));
        assert_eq!(ext.declaration(), format!("xmlns:{}", ext.prefix()));
        assert!(ext.globals().len() >= ext.codec().commands.len());
        assert!(ext.codec().commands.iter().all(|known| ext.globals().contains(&known.element)));
    }
    // A command's element and an answer's are told apart by the tests that compare parser and schemas.
    let of_answers = |ext: &Ext| ext.globals().iter().filter(|name| name.ends_with("Data")).count();
    assert!(Ext::ALL.iter().all(|ext| ext.globals().len() == ext.codec().commands.len() + of_answers(ext)));
}
