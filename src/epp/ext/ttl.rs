//! How long resolvers keep the records of domains and hosts (RFC 9803): creates and updates set it, an info shows it
//! to who asks.

use super::{Codec, Ext, InCommand, open};
use crate::epp::command::Command;
use crate::epp::reply::{MessageData, Reply};
use crate::epp::types::{RecordType, Ttl, TtlShown, TtlView};
use crate::epp::xml::shape::{MANY, Part, Shape, many, optional, required};
use crate::epp::xml::simple::{self, Simple};
use crate::epp::xml::tree::El;
use crate::epp::xml::writer::Writer;
use crate::refusal::{Reason, Refusal};

/// What `for` says of a type that the schema does not name.
const CUSTOM: &str = "custom";
const TTL: Shape = Shape::Text(
    Simple::Seconds,
    &[
        required("for", Simple::OneOf(&["NS", "DS", "DNAME", "A", "AAAA", CUSTOM])),
        optional("custom", Simple::Mnemonic),
    ],
);
const TTLS: Part = many("ttl", 1, MANY, &TTL);
const CHOSEN: Shape = Shape::Unique(&TTLS, "for");
const INFO: Shape = Shape::Empty(&[optional("policy", Simple::Boolean)]);

pub(super) const CODEC: Codec = Codec {
    name: "ttl-1.0",
    uri: "urn:ietf:params:xml:ns:epp:ttl-1.0",
    prefix: "ttl",
    declaration: "xmlns:ttl",
    globals: &["info", "create", "update", "infData"],
    commands: &[
        InCommand { element: "info", shape: &INFO, read: info },
        InCommand { element: "create", shape: &CHOSEN, read: create },
        InCommand { element: "update", shape: &CHOSEN, read: update },
    ],
    secrets: &[],
    answer,
};

fn info(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let place = match command {
        Command::DomainInfo(info) => &mut info.ttl,
        Command::HostInfo(info) => &mut info.ttl,
        _ => return Ok(false),
    };
    let policy = el.attr_token("policy").and_then(|text| simple::boolean(&text)) == Some(true);
    *place = Some(if policy { TtlView::Policy } else { TtlView::Chosen });
    Ok(true)
}

fn create(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let place = match command {
        Command::DomainCreate(create) => &mut create.ttl,
        Command::HostCreate(create) => &mut create.ttl,
        _ => return Ok(false),
    };
    *place = all(el)?;
    Ok(true)
}

fn update(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let place = match command {
        Command::DomainUpdate(update) => &mut update.ttl,
        Command::HostUpdate(update) => &mut update.ttl,
        _ => return Ok(false),
    };
    *place = all(el)?;
    Ok(true)
}

fn all(el: El<'_>) -> Result<Vec<Ttl>, Refusal> {
    el.children_named("ttl").map(ttl).collect()
}

/// The schema does not say that `custom` stands beside `for="custom"`, there and nowhere else; RFC 9803 section 1.2.1
/// does.
fn ttl(el: El<'_>) -> Result<Ttl, Refusal> {
    let (of, custom) = (el.attr_token("for"), el.attr_token("custom"));
    let mnemonic = match (of.as_deref(), custom) {
        (Some(CUSTOM), Some(custom)) => custom,
        (Some(CUSTOM), None) => return Err(el.refuse(Reason::TtlTypeMissing)),
        (Some(of), None) => of.into(),
        (of, Some(_)) => {
            let of = of.unwrap_or_default().to_owned();
            let refusal = el.refuse(Reason::TtlTypeNotTaken);
            return Err(refusal.detail(format!("{of} is no custom type, so it has no custom attribute")));
        }
        (None, None) => return Err(el.refuse(Reason::BadValue)),
    };
    let record = RecordType::parse(&mnemonic).ok_or_else(|| el.refuse(Reason::BadValue))?;
    let text = el.token();
    let seconds = match &*text {
        "" => None,
        digits => Some(simple::seconds(digits).ok_or_else(|| el.refuse(Reason::BadValue))?),
    };
    Ok(Ttl { record, seconds })
}

fn answer(w: &mut Writer, reply: &Reply) {
    let shown = match (reply.domain_shown(), reply, reply.message_data()) {
        (Some(domain), ..) => &domain.ttl,
        (None, Reply::HostInfo(host), _) | (None, _, Some(MessageData::HostInfo(host))) => &host.ttl,
        _ => return,
    };
    if shown.is_empty() {
        return;
    }
    open(w, Ext::Ttl, "ttl:infData");
    shown.iter().for_each(|ttl| write(w, ttl));
    w.close("ttl:infData");
}

fn write(w: &mut Writer, ttl: &TtlShown) {
    let named = ttl.record.is_named();
    let of = if named { ttl.record.as_str() } else { CUSTOM };
    let mut attrs: Vec<(&str, &dyn std::fmt::Display)> = vec![("for", &of)];
    if !named {
        attrs.push(("custom", &ttl.record));
    }
    if let Some((min, default, max)) = &ttl.bounds {
        attrs.extend([("min", min as &dyn std::fmt::Display), ("default", default), ("max", max)]);
    }
    match &ttl.seconds {
        Some(seconds) => w.leaf_with("ttl:ttl", &attrs, seconds),
        None => w.empty("ttl:ttl", &attrs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::command::Request;
    use crate::epp::decode;

    fn read(inside: &str) -> Result<Vec<Ttl>, (Reason, u16)> {
        let frame = format!(
            "<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'><command><update>\
             <host:update xmlns:host='urn:ietf:params:xml:ns:host-1.0'><host:name>ns.a.tld</host:name></host:update>\
             </update><extension><ttl:update xmlns:ttl='urn:ietf:params:xml:ns:epp:ttl-1.0'>{inside}</ttl:update>\
             </extension></command></epp>"
        );
        match decode(frame.as_bytes()) {
            Ok(Request::Command(envelope)) => match envelope.command {
                Command::HostUpdate(update) => Ok(update.ttl),
                other => panic!("{other:?}"),
            },
            Ok(Request::Hello) => panic!("a hello"),
            Err(rejected) => Err((rejected.refusal.reason, rejected.refusal.code())),
        }
    }

    #[test]
    fn lifetimes_are_seconds_by_record_type() {
        let ttl = |record: &str, seconds| Ttl { record: RecordType::parse(record).unwrap(), seconds };
        assert_eq!(
            read(
                "<ttl:ttl for='A'> 0300 </ttl:ttl><ttl:ttl for='AAAA'/><ttl:ttl for='custom' custom=' DELEG '>+0\
                 </ttl:ttl>"
            ),
            Ok(vec![ttl("A", Some(300)), ttl("AAAA", None), ttl("DELEG", Some(0))])
        );
        assert_eq!(read("<ttl:ttl for='A'>2147483647</ttl:ttl>"), Ok(vec![ttl("A", Some(2_147_483_647))]));
        for (inside, reason, code) in [
            ("", Reason::MissingElement, 2001),
            ("<ttl:ttl for='A'>2147483648</ttl:ttl>", Reason::BadValue, 2001),
            ("<ttl:ttl for='A'>-1</ttl:ttl>", Reason::BadValue, 2001),
            ("<ttl:ttl for='a'>1</ttl:ttl>", Reason::BadValue, 2001),
            ("<ttl:ttl>1</ttl:ttl>", Reason::NotSchemaValid, 2001),
            ("<ttl:ttl for='custom' custom='B'>1</ttl:ttl>", Reason::BadValue, 2001),
            ("<ttl:ttl for='A' min='1'>1</ttl:ttl>", Reason::NotSchemaValid, 2001),
            ("<ttl:ttl for='A'>1</ttl:ttl><ttl:ttl for=' A '>2</ttl:ttl>", Reason::NotSchemaValid, 2001),
            ("<ttl:ttl for='custom'>1</ttl:ttl>", Reason::TtlTypeMissing, 2003),
            ("<ttl:ttl for='A' custom='A'>1</ttl:ttl>", Reason::TtlTypeNotTaken, 2306),
        ] {
            assert_eq!(read(inside), Err((reason, code)), "{inside}");
        }
    }
}
