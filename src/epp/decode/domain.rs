//! Domain commands (RFC 5731 section 3).
//!
//! Length: the elements of one object, read in the order of its schema.

use super::{
    AUTH, AUTH_EXT, AUTH_PW, HOST_ADDR, IDENTIFIER, LABEL, auth_info, auth_password, contact_id, domain_name,
    host_addr, statuses,
};
use crate::epp::command::{
    AskedName, Command, ContactRole, DomainAddRem, DomainCheck, DomainCreate, DomainDelete, DomainInfo,
    DomainRenew, DomainTransfer, DomainUpdate, HostsFilter, NameServers,
};
use crate::epp::types::{ContactId, DomainName, HostAddrs, Period, PeriodUnit};
use crate::epp::xml::shape::{MANY, Shape, many, one, opt, optional, required};
use crate::epp::xml::simple::{self, ANY, Simple};
use crate::epp::xml::tree::El;
use crate::refusal::{Reason, Refusal};

const PERIOD: Shape = Shape::Text(Simple::Count, &[required("unit", Simple::OneOf(&["y", "m"]))]);
const HOST_ATTR: Shape =
    Shape::Sequence(&[one("hostName", &LABEL), many("hostAddr", 0, MANY, &HOST_ADDR)], &[]);
const NS: Shape = Shape::Choice(&[many("hostObj", 1, MANY, &LABEL), many("hostAttr", 1, MANY, &HOST_ATTR)]);
const CONTACT: Shape =
    Shape::Text(Simple::Token(3, 16), &[optional("type", Simple::OneOf(&["admin", "billing", "tech"]))]);
const ANYTHING: Shape = Shape::Any;
const CREATE: Shape = Shape::Sequence(
    &[
        one("name", &LABEL),
        opt("period", &PERIOD),
        opt("ns", &NS),
        opt("registrant", &IDENTIFIER),
        many("contact", 0, MANY, &CONTACT),
        one("authInfo", &AUTH),
    ],
    &[],
);
const ONE_NAME: Shape = Shape::Sequence(&[one("name", &LABEL)], &[]);
const MANY_NAMES: Shape = Shape::Sequence(&[many("name", 1, MANY, &LABEL)], &[]);
const INFO_NAME: Shape =
    Shape::Text(Simple::Token(1, 255), &[optional("hosts", Simple::OneOf(&["all", "del", "none", "sub"]))]);
const INFO: Shape = Shape::Sequence(&[one("name", &INFO_NAME), opt("authInfo", &AUTH)], &[]);
const DATE: Shape = Shape::Text(Simple::Date, &[]);
const RENEW: Shape =
    Shape::Sequence(&[one("name", &LABEL), one("curExpDate", &DATE), opt("period", &PERIOD)], &[]);
const TRANSFER: Shape =
    Shape::Sequence(&[one("name", &LABEL), opt("period", &PERIOD), opt("authInfo", &AUTH)], &[]);
const STATUS: Shape = Shape::Text(
    Simple::Line(0, ANY),
    &[
        required(
            "s",
            Simple::OneOf(&[
                "clientDeleteProhibited",
                "clientHold",
                "clientRenewProhibited",
                "clientTransferProhibited",
                "clientUpdateProhibited",
                "inactive",
                "ok",
                "pendingCreate",
                "pendingDelete",
                "pendingRenew",
                "pendingTransfer",
                "pendingUpdate",
                "serverDeleteProhibited",
                "serverHold",
                "serverRenewProhibited",
                "serverTransferProhibited",
                "serverUpdateProhibited",
            ]),
        ),
        optional("lang", Simple::Language),
    ],
);
const ADD_REM: Shape = Shape::Sequence(
    &[opt("ns", &NS), many("contact", 0, MANY, &CONTACT), many("status", 0, 11, &STATUS)],
    &[],
);
const AUTH_CHANGE: Shape = Shape::Choice(&[AUTH_PW, AUTH_EXT, one("null", &ANYTHING)]);
const REGISTRANT_CHANGE: Shape = Shape::Text(Simple::Token(0, 16), &[]);
const CHANGE: Shape =
    Shape::Sequence(&[opt("registrant", &REGISTRANT_CHANGE), opt("authInfo", &AUTH_CHANGE)], &[]);
const UPDATE: Shape = Shape::Sequence(
    &[one("name", &LABEL), opt("add", &ADD_REM), opt("rem", &ADD_REM), opt("chg", &CHANGE)],
    &[],
);

/// Reads a domain command.
pub(super) fn read(el: El<'_>, op: Option<&str>) -> Result<Command, Refusal> {
    match el.name() {
        "check" => {
            MANY_NAMES.check(el)?;
            Ok(Command::DomainCheck(DomainCheck {
                names: asked_names(el),
                allocation: None,
                fee: None,
                launch: None,
            }))
        }
        "create" => {
            CREATE.check(el)?;
            create(el).map(Command::DomainCreate)
        }
        "delete" => {
            ONE_NAME.check(el)?;
            Ok(Command::DomainDelete(DomainDelete {
                name: domain_name(el.need("name")?)?,
                on: None,
                overwrite: false,
                launch: None,
            }))
        }
        "info" => {
            INFO.check(el)?;
            info(el).map(Command::DomainInfo)
        }
        "renew" => {
            RENEW.check(el)?;
            renew(el).map(Command::DomainRenew)
        }
        "transfer" => {
            TRANSFER.check(el)?;
            let variant = match op {
                Some("request") => Command::DomainTransferRequest,
                Some("approve") => Command::DomainTransferApprove,
                Some("reject") => Command::DomainTransferReject,
                Some("cancel") => Command::DomainTransferCancel,
                _ => Command::DomainTransferQuery,
            };
            transfer(el).map(variant)
        }
        _ => {
            UPDATE.check(el)?;
            update(el).map(Command::DomainUpdate)
        }
    }
}

/// The names of a check; one that is no name is the answer's business, not the frame's.
pub(super) fn asked_names(el: El<'_>) -> Vec<AskedName> {
    let asked = |name: El<'_>| {
        let raw = name.token().into_owned();
        AskedName { name: DomainName::parse(&raw), raw }
    };
    el.children_named("name").map(asked).collect()
}

fn create(el: El<'_>) -> Result<DomainCreate, Refusal> {
    Ok(DomainCreate {
        name: domain_name(el.need("name")?)?,
        period: el.child("period").map(period).transpose()?,
        ns: el.child("ns").map(name_servers).transpose()?,
        registrant: el.child("registrant").map(contact_id).transpose()?,
        contacts: contacts(el)?,
        auth: auth_password(el.need("authInfo")?)?,
        terms_accepted: None,
        sec_dns: None,
        ttl: Vec::new(),
        fee: None,
        management: None,
        allocation: None,
        launch: None,
    })
}

fn info(el: El<'_>) -> Result<DomainInfo, Refusal> {
    let name = el.need("name")?;
    Ok(DomainInfo {
        name: domain_name(name)?,
        hosts: match name.attr_token("hosts").as_deref() {
            Some("del") => HostsFilter::Delegated,
            Some("none") => HostsFilter::None,
            Some("sub") => HostsFilter::Subordinate,
            _ => HostsFilter::All,
        },
        auth: el.child("authInfo").map(auth_password).transpose()?,
        ttl: None,
        allocation: false,
        launch: None,
    })
}

fn renew(el: El<'_>) -> Result<DomainRenew, Refusal> {
    let date = el.need("curExpDate")?;
    Ok(DomainRenew {
        name: domain_name(el.need("name")?)?,
        current_expiry: simple::date(&date.token()).ok_or_else(|| date.refuse(Reason::BadValue))?,
        period: el.child("period").map(period).transpose()?,
        fee: None,
    })
}

fn transfer(el: El<'_>) -> Result<DomainTransfer, Refusal> {
    Ok(DomainTransfer {
        name: domain_name(el.need("name")?)?,
        period: el.child("period").map(period).transpose()?,
        auth: el.child("authInfo").map(auth_password).transpose()?,
        anew: None,
        allocation: None,
        fee: None,
    })
}

fn update(el: El<'_>) -> Result<DomainUpdate, Refusal> {
    let change = el.child("chg");
    let inside = |name| change.and_then(|chg| chg.child(name));
    Ok(DomainUpdate {
        name: domain_name(el.need("name")?)?,
        add: el.child("add").map(add_rem).transpose()?,
        rem: el.child("rem").map(add_rem).transpose()?,
        chg: change.is_some(),
        registrant: inside("registrant").map(registrant).transpose()?,
        auth: inside("authInfo").map(auth_info).transpose()?,
        sec_dns: None,
        ttl: Vec::new(),
        fee: None,
        restore: None,
        terms_accepted: None,
        launch: None,
    })
}

fn add_rem(el: El<'_>) -> Result<DomainAddRem, Refusal> {
    Ok(DomainAddRem {
        ns: el.child("ns").map(name_servers).transpose()?,
        contacts: contacts(el)?,
        statuses: statuses(el)?,
    })
}

/// `domain:clIDChgType`: an empty one removes the registrant. The schema lets identifiers of one and two characters
/// through, which no contact can have.
fn registrant(el: El<'_>) -> Result<Option<ContactId>, Refusal> {
    let id = el.token();
    if id.is_empty() {
        return Ok(None);
    }
    ContactId::parse(&id).map(Some).map_err(|_| el.refuse(Reason::NoSuchContact))
}

fn period(el: El<'_>) -> Result<Period, Refusal> {
    let unit = match el.attr_token("unit").as_deref() {
        Some("m") => PeriodUnit::Months,
        _ => PeriodUnit::Years,
    };
    let count = simple::count(&el.token()).ok_or_else(|| el.refuse(Reason::BadValue))?;
    Ok(Period { count, unit })
}

/// The schema does not insist on the type of a contact; without it nobody knows what the contact is for.
fn contacts(el: El<'_>) -> Result<Vec<(ContactRole, ContactId)>, Refusal> {
    let contact = |el: El<'_>| {
        let role = el.attr_token("type").and_then(|name| ContactRole::parse(&name));
        Ok((role.ok_or_else(|| el.refuse(Reason::ContactTypeMissing))?, contact_id(el)?))
    };
    el.children_named("contact").map(contact).collect()
}

fn name_servers(el: El<'_>) -> Result<NameServers, Refusal> {
    if el.child("hostObj").is_some() {
        return el
            .children_named("hostObj")
            .map(domain_name)
            .collect::<Result<_, _>>()
            .map(NameServers::Objects);
    }
    let attribute = |el: El<'_>| {
        let addrs = el.children_named("hostAddr").map(host_addr).collect::<Result<_, _>>()?;
        Ok((domain_name(el.need("hostName")?)?, HostAddrs(addrs)))
    };
    el.children_named("hostAttr").map(attribute).collect::<Result<_, _>>().map(NameServers::Attributes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, run};
    use super::*;
    use crate::epp::types::{AuthInfo, DomainStatus, Note, RoId, Secret};

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    fn id(text: &str) -> ContactId {
        ContactId::parse(text).unwrap()
    }

    const CREATE: &str = "<create><domain:create><domain:name> EXAMPLE.com </domain:name><domain:period unit='y'> 02 </domain:period>\
        <domain:ns><domain:hostObj>ns1.example.net</domain:hostObj><domain:hostObj>ns2.example.net</domain:hostObj></domain:ns>\
        <domain:registrant>jd1234</domain:registrant><domain:contact type='admin'>sh8013</domain:contact>\
        <domain:contact type='tech'>sh8013</domain:contact><domain:authInfo><domain:pw> a\n\tb </domain:pw></domain:authInfo>\
        </domain:create></create>";

    #[test]
    fn a_create_is_read_whole() {
        let expected = DomainCreate {
            name: name("example.com"),
            period: Some(Period { count: 2, unit: PeriodUnit::Years }),
            ns: Some(NameServers::Objects(vec![name("ns1.example.net"), name("ns2.example.net")])),
            registrant: Some(id("jd1234")),
            contacts: vec![(ContactRole::Admin, id("sh8013")), (ContactRole::Tech, id("sh8013"))],
            // Blanks at the ends of a password count.
            auth: AuthInfo { pw: Secret::new(" a  b "), roid: None },
            terms_accepted: None,
            sec_dns: None,
            ttl: Vec::new(),
            fee: None,
            management: None,
            allocation: None,
            launch: None,
        };
        assert_eq!(run(CREATE), Ok(Command::DomainCreate(expected)));
        let attributes = "<create><domain:create><domain:name>a.tld</domain:name><domain:ns><domain:hostAttr><domain:hostName>ns.a.tld\
            </domain:hostName><domain:hostAddr>192.0.2.1</domain:hostAddr><domain:hostAddr ip='v6'>2001:DB8::1</domain:hostAddr>\
            </domain:hostAttr><domain:hostAttr><domain:hostName>ns.b.tld</domain:hostName></domain:hostAttr></domain:ns>\
            <domain:authInfo><domain:pw/></domain:authInfo></domain:create></create>";
        let Ok(Command::DomainCreate(create)) = run(attributes) else { panic!("no create") };
        let addrs = HostAddrs(vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()]);
        let expected = vec![(name("ns.a.tld"), addrs), (name("ns.b.tld"), HostAddrs::default())];
        assert_eq!(create.ns, Some(NameServers::Attributes(expected)));
        assert_eq!((create.auth.pw.expose(), create.period, create.contacts.len()), ("", None, 0));
    }

    #[test]
    fn a_create_is_refused_by_what_is_wrong_with_it() {
        let host_attr = "<domain:hostAttr><domain:hostName>a.b</domain:hostName><domain:hostAddr>::1</domain:hostAddr></domain:hostAttr>";
        for (from, to, reason, at, text) in [
            ("EXAMPLE.com", "", Reason::BadValue, "name", ""),
            ("EXAMPLE.com", "a_b.com", Reason::BadName, "name", "a_b.com"),
            (" 02 ", "0", Reason::BadValue, "period", "0"),
            (" 02 ", "100", Reason::BadValue, "period", "100"),
            (" 02 ", "+2", Reason::BadValue, "period", "+2"),
            ("unit='y'", "unit='d'", Reason::BadValue, "period", "02"),
            (" unit='y'", "", Reason::NotSchemaValid, "period", "02"),
            ("unit='y'", "domain:unit='y'", Reason::NotSchemaValid, "period", ""),
            ("ns1.example.net", "-", Reason::BadName, "hostObj", "-"),
            (
                "<domain:hostObj>ns2.example.net</domain:hostObj>",
                host_attr,
                Reason::UnexpectedElement,
                "hostAttr",
                "",
            ),
            ("jd1234", "jd", Reason::BadValue, "registrant", "jd"),
            ("'admin'", "'owner'", Reason::BadValue, "contact", "sh8013"),
            (" type='admin'", "", Reason::ContactTypeMissing, "contact", "sh8013"),
            ("<domain:pw> a\n\tb </domain:pw>", "", Reason::MissingElement, "pw", ""),
            ("<domain:pw> a\n\tb </domain:pw>", "<domain:null/>", Reason::UnexpectedElement, "null", ""),
            (
                "<domain:pw> a\n\tb </domain:pw>",
                "<domain:pw/><domain:pw/>",
                Reason::UnexpectedElement,
                "pw",
                "",
            ),
            (
                "<domain:pw> a\n\tb </domain:pw>",
                "<domain:ext><x xmlns='u'/></domain:ext>",
                Reason::AuthInfoForm,
                "ext",
                "",
            ),
            ("<domain:pw> a\n\tb </domain:pw>", "<domain:ext/>", Reason::MissingElement, "ext", ""),
            ("<domain:pw>", "<domain:pw roid='x-y_z'>", Reason::BadValue, "pw", ""),
            (
                "<domain:registrant>jd1234</domain:registrant>",
                "<contact:registrant>jd1234</contact:registrant>",
                Reason::UnexpectedElement,
                "registrant",
                "",
            ),
            (
                "</domain:authInfo>",
                "</domain:authInfo><domain:registrant>jd1234</domain:registrant>",
                Reason::UnexpectedElement,
                "registrant",
                "",
            ),
        ] {
            let broken = CREATE.replacen(from, to, 1);
            assert_ne!(broken, CREATE, "{from}");
            assert_eq!(refused(&broken), (reason, at.to_owned(), text.to_owned()), "{to}");
        }
        let empty_ns =
            "<create><domain:create><domain:name>a.tld</domain:name><domain:ns/></domain:create></create>";
        assert_eq!(refused(empty_ns).0, Reason::MissingElement);
    }

    #[test]
    fn queries_and_transfers_are_read() {
        let info = |hosts: &str| {
            format!("<info><domain:info><domain:name{hosts}>a.tld</domain:name></domain:info></info>")
        };
        for (hosts, expected) in [
            ("", HostsFilter::All),
            (" hosts='all'", HostsFilter::All),
            (" hosts=' del '", HostsFilter::Delegated),
            (" hosts='sub'", HostsFilter::Subordinate),
            (" hosts='none'", HostsFilter::None),
        ] {
            let expected = DomainInfo {
                name: name("a.tld"),
                hosts: expected,
                auth: None,
                ttl: None,
                allocation: false,
                launch: None,
            };
            assert_eq!(run(&info(hosts)), Ok(Command::DomainInfo(expected)), "{hosts}");
        }
        assert_eq!(refused(&info(" hosts='ALL'")).0, Reason::BadValue);
        let transfer = |op: &str| {
            format!(
                "<transfer op='{op}'><domain:transfer><domain:name>a.tld</domain:name><domain:period unit='m'>12</domain:period>\
                 <domain:authInfo><domain:pw roid='AB_C-D'>x&lt;y</domain:pw></domain:authInfo></domain:transfer></transfer>"
            )
        };
        let data = DomainTransfer {
            name: name("a.tld"),
            period: Some(Period { count: 12, unit: PeriodUnit::Months }),
            auth: Some(AuthInfo { pw: Secret::new("x<y"), roid: Some(RoId::parse("AB_C-D").unwrap()) }),
            anew: None,
            allocation: None,
            fee: None,
        };
        assert_eq!(run(&transfer("query")), Ok(Command::DomainTransferQuery(data.clone())));
        assert_eq!(run(&transfer("request")), Ok(Command::DomainTransferRequest(data.clone())));
        assert_eq!(run(&transfer("approve")), Ok(Command::DomainTransferApprove(data.clone())));
        assert_eq!(run(&transfer("reject")), Ok(Command::DomainTransferReject(data.clone())));
        assert_eq!(run(&transfer("cancel")), Ok(Command::DomainTransferCancel(data)));
        assert_eq!(
            run("<delete><domain:delete><domain:name>a.tld</domain:name></domain:delete></delete>"),
            Ok(Command::DomainDelete(DomainDelete {
                name: name("a.tld"),
                on: None,
                overwrite: false,
                launch: None
            }))
        );
    }

    #[test]
    fn a_renew_names_a_day() {
        let renew = |date: &str| {
            run(&format!(
                "<renew><domain:renew><domain:name>a.tld</domain:name><domain:curExpDate>{date}</domain:curExpDate></domain:renew></renew>"
            ))
        };
        for good in ["2028-02-29", " 2028-02-29\n", "2028-02-29Z", "2028-02-29+05:30"] {
            let current_expiry = jiff::civil::date(2028, 2, 29);
            let expected = DomainRenew { name: name("a.tld"), current_expiry, period: None, fee: None };
            assert_eq!(renew(good), Ok(Command::DomainRenew(expected)), "{good}");
        }
        for bad in ["", "2027-02-29", "2028-02-29T00:00:00Z", "28-02-29"] {
            assert_eq!(renew(bad).unwrap_err().refusal.reason, Reason::BadValue, "{bad}");
        }
    }

    #[test]
    fn an_update_keeps_what_is_there_apart_from_what_is_empty() {
        let update = |inner: &str| match run(&format!(
            "<update><domain:update><domain:name>a.tld</domain:name>{inner}</domain:update></update>"
        )) {
            Ok(Command::DomainUpdate(update)) => Ok(update),
            Ok(other) => panic!("{other:?}"),
            Err(rejected) => Err(rejected.refusal),
        };
        let nothing = update("").unwrap();
        assert_eq!(
            (nothing.add, nothing.rem, nothing.chg, nothing.registrant, nothing.auth),
            (None, None, false, None, None)
        );
        let empty = update("<domain:add/><domain:rem/><domain:chg/>").unwrap();
        assert_eq!(
            (empty.add, empty.rem, empty.chg),
            (Some(DomainAddRem::default()), Some(DomainAddRem::default()), true)
        );
        let full = update(
            "<domain:add><domain:status s='clientHold' lang='fr'> pas\tpayé </domain:status><domain:status s='ok'/></domain:add>\
             <domain:chg><domain:registrant/><domain:authInfo><domain:null/></domain:authInfo></domain:chg>",
        )
        .unwrap();
        let note = Some(Note { lang: "fr".into(), text: " pas payé ".into() });
        assert_eq!(full.add.unwrap().statuses, [(DomainStatus::ClientHold, note), (DomainStatus::Ok, None)]);
        assert_eq!((full.registrant, full.auth), (Some(None), Some(None)));
        let change = |inner: &str| update(&format!("<domain:chg>{inner}</domain:chg>"));
        assert_eq!(
            change("<domain:registrant>abc</domain:registrant>").unwrap().registrant,
            Some(Some(id("abc")))
        );
        assert_eq!(
            change("<domain:registrant>ab</domain:registrant>").unwrap_err().reason,
            Reason::NoSuchContact
        );
        let auth = change("<domain:authInfo><domain:pw/></domain:authInfo>").unwrap().auth;
        assert_eq!(auth, Some(Some(AuthInfo { pw: Secret::new(""), roid: None })));
        let many = "<domain:status s='ok'/>".repeat(12);
        for bad in [
            "<domain:rem/><domain:add/>",
            "<domain:add/><domain:add/>",
            "<domain:add><domain:status s='linked'/></domain:add>",
            "<domain:add><domain:status/></domain:add>",
            "<domain:add><domain:status s='ok' lang='e_n'/></domain:add>",
            "<domain:chg><domain:authInfo/></domain:chg>",
            &format!("<domain:add>{many}</domain:add>"),
        ] {
            assert_eq!(update(bad).unwrap_err().code(), 2001, "{bad}");
        }
    }
}
