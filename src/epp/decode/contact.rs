//! Contact commands (RFC 5733 section 3).

use super::{AUTH, IDENTIFIER, auth_password, contact_id, statuses};
use crate::epp::command::{
    Command, ContactCheck, ContactCreate, ContactDelete, ContactInfo, ContactTransfer, ContactUpdate,
    PostalChange,
};
use crate::epp::types::{Disclose, DiscloseField, Phone, Postal, PostalForm, PostalInfo, country, email};
use crate::epp::xml::shape::{AttrRule, MANY, Part, Shape, many, one, opt, optional, required};
use crate::epp::xml::simple::{self, ANY, Simple};
use crate::epp::xml::tree::El;
use crate::refusal::{Reason, Refusal};

const FORM: &[AttrRule] = &[required("type", Simple::OneOf(&["loc", "int"]))];
const LINE: Shape = Shape::Text(Simple::Line(1, 255), &[]);
const OPTIONAL_LINE: Shape = Shape::Text(Simple::Line(0, 255), &[]);
const POSTAL_CODE: Shape = Shape::Text(Simple::Token(0, 16), &[]);
const COUNTRY: Shape = Shape::Text(Simple::Token(2, 2), &[]);
const PHONE: Shape = Shape::Text(Simple::Phone, &[optional("x", Simple::Token(0, ANY))]);
const EMAIL: Shape = Shape::Text(Simple::Token(1, ANY), &[]);
const ADDR: Shape = Shape::Sequence(
    &[
        many("street", 0, 3, &OPTIONAL_LINE),
        one("city", &LINE),
        opt("sp", &OPTIONAL_LINE),
        opt("pc", &POSTAL_CODE),
        one("cc", &COUNTRY),
    ],
    &[],
);
const POSTAL: Shape =
    Shape::Sequence(&[one("name", &LINE), opt("org", &OPTIONAL_LINE), one("addr", &ADDR)], FORM);
const POSTAL_CHANGE: Shape =
    Shape::Sequence(&[opt("name", &LINE), opt("org", &OPTIONAL_LINE), opt("addr", &ADDR)], FORM);
const FORM_ONLY: Shape = Shape::Empty(FORM);
const ANYTHING: Shape = Shape::Any;
const DISCLOSE: Shape = Shape::Sequence(
    &[
        many("name", 0, 2, &FORM_ONLY),
        many("org", 0, 2, &FORM_ONLY),
        many("addr", 0, 2, &FORM_ONLY),
        opt("voice", &ANYTHING),
        opt("fax", &ANYTHING),
        opt("email", &ANYTHING),
    ],
    &[required("flag", Simple::Boolean)],
);
const CREATE: Shape = Shape::Sequence(
    &[
        one("id", &IDENTIFIER),
        many("postalInfo", 1, 2, &POSTAL),
        opt("voice", &PHONE),
        opt("fax", &PHONE),
        one("email", &EMAIL),
        one("authInfo", &AUTH),
        opt("disclose", &DISCLOSE),
    ],
    &[],
);
const ONE_ID: Shape = Shape::Sequence(&[one("id", &IDENTIFIER)], &[]);
const MANY_IDS: Shape = Shape::Sequence(&[many("id", 1, MANY, &IDENTIFIER)], &[]);
const ID_AND_AUTH: Shape = Shape::Sequence(&[one("id", &IDENTIFIER), opt("authInfo", &AUTH)], &[]);
const STATUS: Shape = Shape::Text(
    Simple::Line(0, ANY),
    &[
        required(
            "s",
            Simple::OneOf(&[
                "clientDeleteProhibited",
                "clientTransferProhibited",
                "clientUpdateProhibited",
                "linked",
                "ok",
                "pendingCreate",
                "pendingDelete",
                "pendingTransfer",
                "pendingUpdate",
                "serverDeleteProhibited",
                "serverTransferProhibited",
                "serverUpdateProhibited",
            ]),
        ),
        optional("lang", Simple::Language),
    ],
);
const ADD_REM: Shape = Shape::Sequence(&[many("status", 1, 7, &STATUS)], &[]);
const CHANGE_PARTS: &[Part] = &[
    many("postalInfo", 0, 2, &POSTAL_CHANGE),
    opt("voice", &PHONE),
    opt("fax", &PHONE),
    opt("email", &EMAIL),
    opt("authInfo", &AUTH),
    opt("disclose", &DISCLOSE),
];
const CHANGE: Shape = Shape::Sequence(CHANGE_PARTS, &[]);
const UPDATE: Shape = Shape::Sequence(
    &[one("id", &IDENTIFIER), opt("add", &ADD_REM), opt("rem", &ADD_REM), opt("chg", &CHANGE)],
    &[],
);

/// Reads a contact command.
pub(super) fn read(el: El<'_>, op: Option<&str>) -> Result<Command, Refusal> {
    match el.name() {
        "check" => {
            MANY_IDS.check(el)?;
            let ids = el.children_named("id").map(contact_id).collect::<Result<_, _>>()?;
            Ok(Command::ContactCheck(ContactCheck { ids }))
        }
        "create" => {
            CREATE.check(el)?;
            create(el).map(Command::ContactCreate)
        }
        "delete" => {
            ONE_ID.check(el)?;
            Ok(Command::ContactDelete(ContactDelete { id: contact_id(el.need("id")?)? }))
        }
        "info" => {
            ID_AND_AUTH.check(el)?;
            let auth = el.child("authInfo").map(auth_password).transpose()?;
            Ok(Command::ContactInfo(ContactInfo { id: contact_id(el.need("id")?)?, auth }))
        }
        "transfer" => {
            ID_AND_AUTH.check(el)?;
            let variant = match op {
                Some("request") => Command::ContactTransferRequest,
                Some("approve") => Command::ContactTransferApprove,
                Some("reject") => Command::ContactTransferReject,
                Some("cancel") => Command::ContactTransferCancel,
                _ => Command::ContactTransferQuery,
            };
            let auth = el.child("authInfo").map(auth_password).transpose()?;
            Ok(variant(ContactTransfer { id: contact_id(el.need("id")?)?, auth }))
        }
        _ => {
            UPDATE.check(el)?;
            update(el).map(Command::ContactUpdate)
        }
    }
}

fn create(el: El<'_>) -> Result<ContactCreate, Refusal> {
    let given = |phone: Phone| (phone != Phone::default()).then_some(phone);
    Ok(ContactCreate {
        id: contact_id(el.need("id")?)?,
        postal: forms(el, postal_info)?,
        voice: el.child("voice").map(phone).and_then(given),
        fax: el.child("fax").map(phone).and_then(given),
        email: email_address(el.need("email")?)?,
        auth: auth_password(el.need("authInfo")?)?,
        disclose: el.child("disclose").map(disclose),
        management: None,
        addl_email: None,
    })
}

fn update(el: El<'_>) -> Result<ContactUpdate, Refusal> {
    let change = el.child("chg");
    let inside = |name| change.and_then(|chg| chg.child(name));
    Ok(ContactUpdate {
        id: contact_id(el.need("id")?)?,
        add: el.child("add").map(statuses).transpose()?.unwrap_or_default(),
        rem: el.child("rem").map(statuses).transpose()?.unwrap_or_default(),
        chg: change.is_some(),
        postal: change.map(|chg| forms(chg, postal_change)).transpose()?.unwrap_or_default(),
        voice: inside("voice").map(phone),
        fax: inside("fax").map(phone),
        email: inside("email").map(email_address).transpose()?,
        auth: inside("authInfo").map(auth_password).transpose()?,
        disclose: inside("disclose").map(disclose),
        addl_email: None,
    })
}

/// One or two postal forms; the schema lets one form come twice, which would leave open what holds.
fn forms<T>(
    el: El<'_>,
    read: impl Fn(El<'_>, PostalForm) -> Result<T, Refusal>,
) -> Result<Vec<(PostalForm, T)>, Refusal> {
    let mut all: Vec<(PostalForm, T)> = Vec::with_capacity(2);
    for info in el.children_named("postalInfo") {
        let form = postal_form(info);
        if all.iter().any(|(other, _)| *other == form) {
            return Err(Refusal::new(Reason::DuplicateInCommand)
                .at(info.bare_offender())
                .detail(form.name()));
        }
        all.push((form, read(info, form)?));
    }
    Ok(all)
}

fn postal_form(el: El<'_>) -> PostalForm {
    if el.attr_token("type").as_deref() == Some("loc") { PostalForm::Loc } else { PostalForm::Int }
}

fn postal_info(el: El<'_>, form: PostalForm) -> Result<PostalInfo, Refusal> {
    Ok(PostalInfo {
        name: line(el.need("name")?, form)?,
        org: filled(el.child("org"), form)?,
        addr: postal(el.need("addr")?, form)?,
    })
}

fn postal_change(el: El<'_>, form: PostalForm) -> Result<PostalChange, Refusal> {
    Ok(PostalChange {
        name: el.child("name").map(|name| line(name, form)).transpose()?,
        org: el.child("org").map(|org| line(org, form)).transpose()?,
        addr: el.child("addr").map(|addr| postal(addr, form)).transpose()?,
    })
}

fn postal(el: El<'_>, form: PostalForm) -> Result<Postal, Refusal> {
    let pc = match el.child("pc") {
        Some(pc) if !pc.token().is_empty() => Some(check_form(pc, pc.token().into_owned(), form)?),
        _ => None,
    };
    let cc = el.need("cc")?;
    Ok(Postal {
        street: el.children_named("street").map(|street| line(street, form)).collect::<Result<_, _>>()?,
        city: line(el.need("city")?, form)?,
        sp: filled(el.child("sp"), form)?,
        pc,
        cc: country::parse(&cc.token()).ok_or_else(|| cc.refuse(Reason::BadCountry))?.to_owned(),
    })
}

fn line(el: El<'_>, form: PostalForm) -> Result<String, Refusal> {
    check_form(el, el.line().into_owned(), form)
}

/// An optional line; an empty one is the same as none.
fn filled(el: Option<El<'_>>, form: PostalForm) -> Result<Option<String>, Refusal> {
    let text = el.map(|el| line(el, form)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// The internationalised form is a subset of UTF-8 that 7-bit ASCII can represent (RFC 5733 section 2.4).
fn check_form(el: El<'_>, text: String, form: PostalForm) -> Result<String, Refusal> {
    if form == PostalForm::Int && !text.is_ascii() { Err(el.refuse(Reason::NotAscii)) } else { Ok(text) }
}

fn phone(el: El<'_>) -> Phone {
    let x = el.attr_token("x").filter(|x| !x.is_empty()).map(|x| x.into_owned());
    Phone { number: el.token().into_owned(), x }
}

fn email_address(el: El<'_>) -> Result<String, Refusal> {
    let text = el.token();
    if email::is_address(&text) { Ok(text.into_owned()) } else { Err(el.refuse(Reason::BadEmail)) }
}

fn disclose(el: El<'_>) -> Disclose {
    let field = |el: El<'_>| match el.name() {
        "name" => DiscloseField::Name(postal_form(el)),
        "org" => DiscloseField::Org(postal_form(el)),
        "addr" => DiscloseField::Addr(postal_form(el)),
        "voice" => DiscloseField::Voice,
        "fax" => DiscloseField::Fax,
        _ => DiscloseField::Email,
    };
    let mut fields: Vec<_> = el.children().map(field).collect();
    fields.sort_unstable();
    fields.dedup();
    Disclose { flag: el.attr_token("flag").and_then(|flag| simple::boolean(&flag)).unwrap_or(false), fields }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, run};
    use super::*;
    use crate::epp::types::{AuthInfo, ContactId, ContactStatus, Secret};

    const CREATE: &str = "<create><contact:create><contact:id> Sh8013 </contact:id><contact:postalInfo type='int'><contact:name>John\tDoe\
        </contact:name><contact:org/><contact:addr><contact:street>123 A St.</contact:street><contact:street/><contact:city>Dulles\
        </contact:city><contact:pc> 20166 </contact:pc><contact:cc>us</contact:cc></contact:addr></contact:postalInfo>\
        <contact:postalInfo type='loc'><contact:name>Jöhn &amp; Dœ 😀</contact:name><contact:addr><contact:city>Gent</contact:city>\
        <contact:sp>VA</contact:sp><contact:cc>BE</contact:cc></contact:addr></contact:postalInfo><contact:voice x=' 12  34 '>+1.7035555555\
        </contact:voice><contact:fax/><contact:email>jdoe@example.com</contact:email><contact:authInfo><contact:pw>2fooBAR</contact:pw>\
        </contact:authInfo><contact:disclose flag='0'><contact:name type='loc'/><contact:name type='int'/><contact:voice/><contact:email/>\
        </contact:disclose></contact:create></create>";

    #[test]
    fn a_create_is_read_whole() {
        let Ok(Command::ContactCreate(create)) = run(CREATE) else { panic!("no create") };
        assert_eq!(create.id.as_str(), "Sh8013");
        let [(PostalForm::Int, int), (PostalForm::Loc, loc)] = &*create.postal else {
            panic!("{:?}", create.postal)
        };
        assert_eq!((&*int.name, &int.org, &int.addr.sp), ("John Doe", &None, &None));
        assert_eq!(int.addr.street, ["123 A St.", ""]);
        assert_eq!((int.addr.pc.as_deref(), &*int.addr.cc), (Some("20166"), "US"));
        assert_eq!((&*loc.name, loc.addr.sp.as_deref()), ("Jöhn & Dœ 😀", Some("VA")));
        assert_eq!(create.voice, Some(Phone { number: "+1.7035555555".into(), x: Some("12 34".into()) }));
        assert_eq!(create.fax, None);
        assert_eq!(create.email, "jdoe@example.com");
        assert_eq!(create.auth, AuthInfo { pw: Secret::new("2fooBAR"), roid: None });
        let fields = vec![
            DiscloseField::Name(PostalForm::Int),
            DiscloseField::Name(PostalForm::Loc),
            DiscloseField::Voice,
            DiscloseField::Email,
        ];
        assert_eq!(create.disclose, Some(Disclose { flag: false, fields }));
    }

    #[test]
    fn a_create_is_refused_by_what_is_wrong_with_it() {
        for (from, to, reason, at) in [
            (" Sh8013 ", "Sh", Reason::BadValue, "id"),
            (
                "type='loc'><contact:name>",
                "type='int'><contact:name>",
                Reason::DuplicateInCommand,
                "postalInfo",
            ),
            (" type='loc'><contact:name>", "><contact:name>", Reason::NotSchemaValid, "postalInfo"),
            ("John\tDoe", "Jöhn", Reason::NotAscii, "name"),
            ("John\tDoe", "", Reason::BadValue, "name"),
            ("123 A St.", "Straße", Reason::NotAscii, "street"),
            (" 20166 ", "é", Reason::NotAscii, "pc"),
            (" 20166 ", "12345678901234567", Reason::BadValue, "pc"),
            (
                "<contact:street/>",
                "<contact:street/><contact:street/><contact:street/>",
                Reason::UnexpectedElement,
                "street",
            ),
            (">us<", ">xx<", Reason::BadCountry, "cc"),
            (">us<", ">usa<", Reason::BadValue, "cc"),
            ("+1.7035555555", "17035555555", Reason::BadValue, "voice"),
            ("<contact:fax/>", "<contact:fax y=''/>", Reason::NotSchemaValid, "fax"),
            ("jdoe@example.com", "jdoe@example", Reason::BadEmail, "email"),
            ("jdoe@example.com", " ", Reason::BadValue, "email"),
            (" flag='0'", "", Reason::NotSchemaValid, "disclose"),
            ("flag='0'", "flag='no'", Reason::BadValue, "disclose"),
            (
                "<contact:name type='loc'/>",
                "<contact:name type='loc'> </contact:name>",
                Reason::NotSchemaValid,
                "name",
            ),
            ("<contact:name type='loc'/>", "<contact:name/>", Reason::NotSchemaValid, "name"),
            (
                "<contact:voice/>",
                "<contact:voice/><contact:name type='int'/>",
                Reason::UnexpectedElement,
                "name",
            ),
        ] {
            let broken = CREATE.replacen(from, to, 1);
            assert_ne!(broken, CREATE, "{from}");
            let (found, name, _) = refused(&broken);
            assert_eq!((found, &*name), (reason, at), "{to}");
        }
    }

    #[test]
    fn an_update_keeps_what_is_there_apart_from_what_is_empty() {
        let update = |inner: &str| {
            run(&format!(
                "<update><contact:update><contact:id>sh8013</contact:id>{inner}</contact:update></update>"
            ))
        };
        let Ok(Command::ContactUpdate(empty)) = update("<contact:chg/>") else { panic!("no update") };
        assert!(empty.chg && empty.postal.is_empty() && empty.add.is_empty() && empty.email.is_none());
        let Ok(Command::ContactUpdate(full)) = update(
            "<contact:add><contact:status s='clientDeleteProhibited'/></contact:add><contact:chg><contact:postalInfo type='loc'><contact:org/>\
             </contact:postalInfo><contact:voice/><contact:disclose flag='true'/></contact:chg>",
        ) else {
            panic!("no update")
        };
        assert_eq!(full.add, [(ContactStatus::ClientDeleteProhibited, None)]);
        let change = PostalChange { name: None, org: Some(String::new()), addr: None };
        assert_eq!(full.postal, [(PostalForm::Loc, change)]);
        assert_eq!((full.voice, full.fax), (Some(Phone::default()), None));
        assert_eq!(full.disclose, Some(Disclose { flag: true, fields: vec![] }));
        for bad in [
            "<contact:add/>",
            "<contact:rem/>",
            "<contact:chg><contact:authInfo><contact:null/></contact:authInfo></contact:chg>",
            "<contact:chg><contact:email/></contact:chg>",
            &format!("<contact:add>{}</contact:add>", "<contact:status s='ok'/>".repeat(8)),
        ] {
            assert_eq!(update(bad).unwrap_err().refusal.code(), 2001, "{bad}");
        }
    }

    #[test]
    fn the_smaller_commands_are_read() {
        let id = |text| ContactId::parse(text).unwrap();
        assert_eq!(
            run(
                "<check><contact:check><contact:id>abc</contact:id><contact:id>DEF</contact:id></contact:check></check>"
            ),
            Ok(Command::ContactCheck(ContactCheck { ids: vec![id("abc"), id("DEF")] }))
        );
        assert_eq!(
            run("<delete><contact:delete><contact:id>abc</contact:id></contact:delete></delete>"),
            Ok(Command::ContactDelete(ContactDelete { id: id("abc") }))
        );
        assert_eq!(
            run(
                "<transfer op='cancel'><contact:transfer><contact:id>abc</contact:id></contact:transfer></transfer>"
            ),
            Ok(Command::ContactTransferCancel(ContactTransfer { id: id("abc"), auth: None }))
        );
        assert_eq!(
            refused("<check><contact:check><contact:id>ab</contact:id></contact:check></check>").0,
            Reason::BadValue
        );
    }
}
