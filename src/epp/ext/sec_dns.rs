//! DNS security (RFC 5910): delegation signers or keys of a domain in its create, its update and its info.

use super::{Codec, Ext, InCommand, open};
use crate::epp::command::Command;
use crate::epp::reply::Reply;
use crate::epp::types::{DsData, KeyData, SecDnsData, SecDnsRecords, SecDnsRemoval, SecDnsUpdate};
use crate::epp::xml::shape::{MANY, Part, Shape, many, one, opt, optional};
use crate::epp::xml::simple::{self, Simple};
use crate::epp::xml::tree::El;
use crate::epp::xml::writer::Writer;
use crate::refusal::{Reason, Refusal};

const OCTET: Shape = Shape::Text(Simple::Unsigned(255), &[]);
const TWO_OCTETS: Shape = Shape::Text(Simple::Unsigned(65_535), &[]);
const SECONDS: Shape = Shape::Text(Simple::Positive, &[]);
const HEX: Shape = Shape::Text(Simple::Hex, &[]);
const BASE_64: Shape = Shape::Text(Simple::Base64, &[]);
const BOOLEAN: Shape = Shape::Text(Simple::Boolean, &[]);
const KEY: Shape = Shape::Sequence(
    &[one("flags", &TWO_OCTETS), one("protocol", &OCTET), one("alg", &OCTET), one("pubKey", &BASE_64)],
    &[],
);
const DS: Shape = Shape::Sequence(
    &[
        one("keyTag", &TWO_OCTETS),
        one("alg", &OCTET),
        one("digestType", &OCTET),
        one("digest", &HEX),
        opt("keyData", &KEY),
    ],
    &[],
);
const MANY_DS: Part = many("dsData", 1, MANY, &DS);
const MANY_KEYS: Part = many("keyData", 1, MANY, &KEY);
const LIFE: Part = opt("maxSigLife", &SECONDS);
const DATA: Shape = Shape::Either(&[&[LIFE, MANY_DS], &[LIFE, MANY_KEYS]]);
const REMOVAL: Shape = Shape::Choice(&[one("all", &BOOLEAN), MANY_DS, MANY_KEYS]);
const CHANGE: Shape = Shape::Sequence(&[LIFE], &[]);
const UPDATE: Shape = Shape::Sequence(
    &[opt("rem", &REMOVAL), opt("add", &DATA), opt("chg", &CHANGE)],
    &[optional("urgent", Simple::Boolean)],
);

pub(super) const CODEC: Codec = Codec {
    name: "secDNS-1.1",
    uri: "urn:ietf:params:xml:ns:secDNS-1.1",
    prefix: "secDNS",
    declaration: "xmlns:secDNS",
    globals: &["create", "update", "infData"],
    commands: &[
        InCommand { element: "create", shape: &DATA, read: create },
        InCommand { element: "update", shape: &UPDATE, read: update },
    ],
    secrets: &[],
    answer,
};

fn create(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainCreate(create) = command else { return Ok(false) };
    create.sec_dns = Some(data(el)?);
    Ok(true)
}

fn update(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainUpdate(update) = command else { return Ok(false) };
    let rem = match el.child("rem") {
        None => None,
        Some(rem) => match rem.child("all") {
            None => Some(SecDnsRemoval::Records(records(rem)?)),
            // Section 5.2.5: false asks for nothing.
            Some(all) => (simple::boolean(&all.token()) == Some(true)).then_some(SecDnsRemoval::All),
        },
    };
    update.sec_dns = Some(SecDnsUpdate {
        urgent: el.attr_token("urgent").and_then(|urgent| simple::boolean(&urgent)) == Some(true),
        rem,
        add: el.child("add").map(data).transpose()?,
        max_sig_life: el.child("chg").map(life).transpose()?.flatten(),
    });
    Ok(true)
}

fn data(el: El<'_>) -> Result<SecDnsData, Refusal> {
    Ok(SecDnsData { max_sig_life: life(el)?, records: records(el)? })
}

fn life(el: El<'_>) -> Result<Option<u32>, Refusal> {
    let seconds = |el: El<'_>| simple::positive(&el.token()).ok_or_else(|| el.refuse(Reason::BadValue));
    el.child("maxSigLife").map(seconds).transpose()
}

fn records(el: El<'_>) -> Result<SecDnsRecords, Refusal> {
    if el.child("keyData").is_some() {
        return el.children_named("keyData").map(key).collect::<Result<_, _>>().map(SecDnsRecords::Keys);
    }
    el.children_named("dsData").map(ds).collect::<Result<_, _>>().map(SecDnsRecords::Ds)
}

fn ds(el: El<'_>) -> Result<DsData, Refusal> {
    Ok(DsData {
        key_tag: number(el, "keyTag")?,
        alg: number(el, "alg")?,
        digest_type: number(el, "digestType")?,
        digest: el.need("digest")?.token().to_ascii_uppercase(),
        key: el.child("keyData").map(key).transpose()?,
    })
}

fn key(el: El<'_>) -> Result<KeyData, Refusal> {
    let pub_key = el.need("pubKey")?.token().replace(' ', "");
    Ok(KeyData {
        flags: number(el, "flags")?,
        protocol: number(el, "protocol")?,
        alg: number(el, "alg")?,
        pub_key,
    })
}

/// The shape bounds a number to what its type holds.
fn number<T: TryFrom<u32>>(el: El<'_>, name: &'static str) -> Result<T, Refusal> {
    let el = el.need(name)?;
    let number = simple::unsigned(&el.token()).and_then(|n| T::try_from(n).ok());
    number.ok_or_else(|| el.refuse(Reason::BadValue))
}

fn answer(w: &mut Writer, reply: &Reply) {
    let Some(records) = reply.domain_shown().and_then(|data| data.sec_dns.as_ref()) else { return };
    open(w, Ext::SecDns, "secDNS:infData");
    match records {
        SecDnsRecords::Ds(all) => all.iter().for_each(|ds| write_ds(w, ds)),
        SecDnsRecords::Keys(all) => all.iter().for_each(|key| write_key(w, key)),
    }
    w.close("secDNS:infData");
}

fn write_ds(w: &mut Writer, ds: &DsData) {
    w.open("secDNS:dsData", &[]);
    w.leaf("secDNS:keyTag", &ds.key_tag);
    w.leaf("secDNS:alg", &ds.alg);
    w.leaf("secDNS:digestType", &ds.digest_type);
    w.leaf("secDNS:digest", &ds.digest);
    ds.key.iter().for_each(|key| write_key(w, key));
    w.close("secDNS:dsData");
}

fn write_key(w: &mut Writer, key: &KeyData) {
    w.open("secDNS:keyData", &[]);
    w.leaf("secDNS:flags", &key.flags);
    w.leaf("secDNS:protocol", &key.protocol);
    w.leaf("secDNS:alg", &key.alg);
    w.leaf("secDNS:pubKey", &key.pub_key);
    w.close("secDNS:keyData");
}
