//! Domain commands (RFC 5731 section 3).

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
            Ok(Command::DomainCheck(DomainCheck { names: asked_names(el) }))
        }
        "create" => {
            CREATE.check(el)?;
            create(el).map(Command::DomainCreate)
        }
        "delete" => {
            ONE_NAME.check(el)?;
            Ok(Command::DomainDelete(DomainDelete { name: domain_name(el.need("name")?)? }))
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
    })
}

fn renew(el: El<'_>) -> Result<DomainRenew, Refusal> {
    let date = el.need("curExpDate")?;
    Ok(DomainRenew {
        name: domain_name(el.need("name")?)?,
        current_expiry: simple::date(&date.token()).ok_or_else(|| date.refuse(Reason::BadValue))?,
        period: el.child("period").map(period).transpose()?,
    })
}

fn transfer(el: El<'_>) -> Result<DomainTransfer, Refusal> {
    Ok(DomainTransfer {
        name: domain_name(el.need("name")?)?,
        period: el.child("period").map(period).transpose()?,
        auth: el.child("authInfo").map(auth_password).transpose()?,
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
