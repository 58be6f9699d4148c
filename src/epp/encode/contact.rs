//! Answers about contacts (RFC 5733 section 3).

use super::{one_line, open_data, statuses};
use crate::clock::Ts;
use crate::epp::ns::Ns;
use crate::epp::reply::ContactData;
use crate::epp::types::{ContactId, Disclose, DiscloseField, Phone, PostalForm, PostalInfo};
use crate::epp::xml::writer::Writer;

/// `contact:infData`
pub(super) fn info(w: &mut Writer, data: &ContactData) {
    let element = open_data(w, Ns::Contact, "contact:infData");
    w.leaf("contact:id", &data.id);
    w.leaf("contact:roid", &data.roid);
    statuses(w, "contact:status", 7, &data.statuses);
    for (form, postal) in &data.postal {
        postal_info(w, *form, postal);
    }
    phone(w, "contact:voice", data.voice.as_ref());
    phone(w, "contact:fax", data.fax.as_ref());
    w.leaf("contact:email", &data.email);
    w.leaf("contact:clID", &data.sponsor);
    w.leaf("contact:crID", &data.creator);
    w.leaf("contact:crDate", &data.created);
    w.leaf_if("contact:upID", data.updater.as_ref());
    w.leaf_if("contact:upDate", data.updated.as_ref());
    w.leaf_if("contact:trDate", data.transferred.as_ref());
    if data.auth_set {
        w.open("contact:authInfo", &[]);
        w.empty("contact:pw", &[]);
        w.close("contact:authInfo");
    }
    if let Some(preference) = &data.disclose {
        disclose(w, preference);
    }
    w.close(element);
}

/// `contact:creData`
pub(super) fn created(w: &mut Writer, id: &ContactId, created: Ts) {
    let element = open_data(w, Ns::Contact, "contact:creData");
    w.leaf("contact:id", id);
    w.leaf("contact:crDate", &created);
    w.close(element);
}

fn postal_info(w: &mut Writer, form: PostalForm, info: &PostalInfo) {
    w.open("contact:postalInfo", &[("type", &form.name())]);
    w.leaf("contact:name", &one_line(&info.name));
    w.leaf_if("contact:org", info.org.as_deref().map(one_line).as_ref());
    w.open("contact:addr", &[]);
    for street in &info.addr.street {
        w.leaf("contact:street", &one_line(street));
    }
    w.leaf("contact:city", &one_line(&info.addr.city));
    w.leaf_if("contact:sp", info.addr.sp.as_deref().map(one_line).as_ref());
    w.leaf_if("contact:pc", info.addr.pc.as_ref());
    w.leaf("contact:cc", &info.addr.cc);
    w.close("contact:addr");
    w.close("contact:postalInfo");
}

fn phone(w: &mut Writer, name: &'static str, phone: Option<&Phone>) {
    match phone {
        None => {}
        Some(Phone { number, x: None }) => w.leaf(name, number),
        Some(Phone { number, x: Some(x) }) => w.leaf_with(name, &[("x", x)], number),
    }
}

fn disclose(w: &mut Writer, preference: &Disclose) {
    w.open("contact:disclose", &[("flag", &u8::from(preference.flag))]);
    // The order of the fields is the schema's; they may have been kept in another one.
    let mut fields = preference.fields.clone();
    fields.sort_unstable();
    fields.dedup();
    for field in fields {
        match field {
            DiscloseField::Name(form) => w.empty("contact:name", &[("type", &form.name())]),
            DiscloseField::Org(form) => w.empty("contact:org", &[("type", &form.name())]),
            DiscloseField::Addr(form) => w.empty("contact:addr", &[("type", &form.name())]),
            DiscloseField::Voice => w.empty("contact:voice", &[]),
            DiscloseField::Fax => w.empty("contact:fax", &[]),
            DiscloseField::Email => w.empty("contact:email", &[]),
        }
    }
    w.close("contact:disclose");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::body;
    use super::*;
    use crate::epp::command::{Command, Request};
    use crate::epp::decode;
    use crate::epp::reply::Reply;
    use crate::epp::types::{ContactStatus, Postal, RegistrarId, RoId};
    use crate::epp::xml::{source, tree::Tree};

    #[test]
    fn every_element_has_its_place() {
        let registrar = RegistrarId::parse("abc").unwrap();
        let addr = Postal {
            street: vec!["1 A St".into(), String::new()],
            city: "Gent".into(),
            sp: None,
            pc: Some("9000".into()),
            cc: "BE".into(),
        };
        let data = ContactData {
            id: ContactId::parse("Sh8013").unwrap(),
            roid: RoId::parse("C1-REP").unwrap(),
            statuses: [ContactStatus::Linked, ContactStatus::ClientDeleteProhibited].into_iter().collect(),
            postal: vec![(PostalForm::Loc, PostalInfo { name: "Jö & <D> 😀".into(), org: None, addr })],
            voice: Some(Phone { number: "+1.23".into(), x: Some("4\"5".into()) }),
            fax: Some(Phone { number: "+1.24".into(), x: None }),
            email: "a@b.tld".into(),
            sponsor: registrar.clone(),
            creator: registrar,
            created: Ts(0),
            updater: None,
            updated: None,
            transferred: None,
            auth_set: true,
            disclose: Some(Disclose {
                flag: true,
                fields: vec![
                    DiscloseField::Email,
                    DiscloseField::Org(PostalForm::Loc),
                    DiscloseField::Org(PostalForm::Int),
                ],
            }),
            addl_email: None,
        };
        assert_eq!(
            body(Reply::ContactInfo(Box::new(data))),
            "<resData><contact:infData xmlns:contact=\"urn:ietf:params:xml:ns:contact-1.0\"><contact:id>Sh8013</contact:id>\
             <contact:roid>C1-REP</contact:roid><contact:status s=\"clientDeleteProhibited\"/><contact:status s=\"linked\"/>\
             <contact:postalInfo type=\"loc\"><contact:name>Jö &amp; &lt;D&gt; 😀</contact:name><contact:addr>\
             <contact:street>1 A St</contact:street><contact:street></contact:street><contact:city>Gent</contact:city>\
             <contact:pc>9000</contact:pc><contact:cc>BE</contact:cc></contact:addr></contact:postalInfo>\
             <contact:voice x=\"4&quot;5\">+1.23</contact:voice><contact:fax>+1.24</contact:fax><contact:email>a@b.tld</contact:email>\
             <contact:clID>abc</contact:clID><contact:crID>abc</contact:crID><contact:crDate>1970-01-01T00:00:00.000Z</contact:crDate>\
             <contact:authInfo><contact:pw/></contact:authInfo><contact:disclose flag=\"1\"><contact:org type=\"int\"/>\
             <contact:org type=\"loc\"/><contact:email/></contact:disclose></contact:infData></resData>"
        );
    }

    /// A create as a client would send it.
    fn create(name: &str, city: &str) -> String {
        let mut w = Writer::document();
        w.open("epp", &[("xmlns", &Ns::Epp.uri())]);
        w.open("command", &[]);
        w.open("create", &[]);
        w.open("contact:create", &[("xmlns:contact", &Ns::Contact.uri())]);
        w.leaf("contact:id", &"sh8013");
        w.open("contact:postalInfo", &[("type", &"loc")]);
        w.leaf("contact:name", &name);
        w.open("contact:addr", &[]);
        w.leaf("contact:city", &city);
        w.leaf("contact:cc", &"BE");
        w.close("contact:addr");
        w.close("contact:postalInfo");
        w.leaf("contact:email", &"a@b.tld");
        w.open("contact:authInfo", &[]);
        w.empty("contact:pw", &[]);
        w.close("contact:authInfo");
        w.close("contact:create");
        w.close("create");
        w.close("command");
        w.close("epp");
        w.finish()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn texts_survive_the_way_in_and_out(name in "[\\t\\n\\r -\\u{D7FF}\\u{E000}-\\u{FFFD}😀-😎]{1,255}", city in "[ -~]{1,20}") {
            let frame = create(&name, &city);
            let Ok(Request::Command(envelope)) = decode(frame.as_bytes()) else { panic!("{frame}") };
            let Command::ContactCreate(create) = envelope.command else { panic!("{frame}") };
            let (form, postal) = &create.postal[0];
            prop_assert_eq!(&postal.name, &one_line(&name));
            prop_assert_eq!(&postal.addr.city, &city);
            let mut w = Writer::document();
            w.open("r", &[("xmlns:contact", &Ns::Contact.uri())]);
            postal_info(&mut w, *form, postal);
            w.close("r");
            let text = w.finish();
            let (text, encoding) = source::read(text.as_bytes()).unwrap();
            let tree = Tree::read(&text, encoding).unwrap();
            let info = tree.root().children().next().unwrap();
            prop_assert_eq!(info.child("name").unwrap().text(), &postal.name);
            prop_assert_eq!(info.child("addr").and_then(|addr| addr.child("city")).unwrap().text(), &city);
        }
    }
}
