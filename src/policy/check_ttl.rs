//! What the types of the knobs of lifetimes do not say.

use std::collections::BTreeMap;

use super::check::{Broken, that};
use super::{NsMode, TtlBounds, ZonePolicy};

/// Types the schema of RFC 9803 has a name for; of the others it has room for one.
const NAMED: &[&str] = &["NS", "DS", "DNAME", "A", "AAAA"];
const ADDRESSES: &[&str] = &["A", "AAAA"];
/// The highest the schema has.
const MOST: u32 = 2_147_483_647;

/// The first rule a zone's lifetimes break.
pub(super) fn zone(zone: &ZonePolicy) -> Result<(), Broken> {
    for (within, all) in [("domain", &zone.ttl.domain), ("host", &zone.ttl.host)] {
        bounds(within, all)?;
    }
    let key = |within, record: &str| format!("zone.ttl.{within}.{record}");
    // RFC 9803 section 1.2.1.2.1: where hosts are objects, their addresses are not the domain's.
    for record in ADDRESSES.iter().filter(|record| zone.ttl.domain.contains_key(**record)) {
        that(zone.ns.mode == NsMode::HostAttr, &[&key("domain", record), "zone.ns.mode"], || {
            format!("addresses belong to host objects here; write {record} under zone.ttl.host")
        })?;
    }
    for record in zone.ttl.host.keys() {
        that(ADDRESSES.contains(&record.as_str()), &[&key("host", record)], || {
            format!("of a host its addresses are published, A and AAAA, and no {record}")
        })?;
    }
    Ok(())
}

fn bounds(within: &str, all: &BTreeMap<String, TtlBounds>) -> Result<(), Broken> {
    let mut others = all.keys().filter(|record| !NAMED.contains(&record.as_str()));
    if let (Some(_), Some(second)) = (others.next(), others.next()) {
        return that(false, &[&format!("zone.ttl.{within}.{second}")], || {
            format!("an answer has room for one type beside {}, and {second} is another", NAMED.join(", "))
        });
    }
    for (record, bounds) in all {
        let key = format!("zone.ttl.{within}.{record}");
        that(is_mnemonic(record), &[&key], || {
            format!("{record:?} is no record type; write its name in upper case")
        })?;
        let TtlBounds { min, default, max } = *bounds;
        that(min < max && (min..=max).contains(&default) && max <= MOST, &[&key], || {
            format!(
                "{min}, {default}, {max}: the lowest is below the highest, {MOST} at most, and the default between"
            )
        })?;
    }
    Ok(())
}

/// RFC 6895 section 3.1.
fn is_mnemonic(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    text == "A"
        || text.len() > 1
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && !text.ends_with('-')
            && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn lifetimes_hold_together() {
        let policies = Policies::load(&[]).unwrap();
        let day = "{ min = 60, default = 3600, max = 86400 }";
        for (rules, expected) in [
            (format!("ttl.domain.ns = {day}"), "\"ns\" is no record type"),
            (format!("ttl.domain.A = {day}"), "addresses belong to host objects here"),
            (format!("ttl.host.NS = {day}"), "no NS"),
            (format!("ttl.domain.DELEG = {day}\nttl.domain.MX = {day}"), "MX is another"),
            ("ttl.domain.NS = { min = 60, default = 60, max = 60 }".to_owned(), "60, 60, 60: the lowest"),
            ("ttl.domain.NS = { min = 60, default = 59, max = 90 }".to_owned(), "60, 59, 90: the lowest"),
        ] {
            let fault = policies.zone("gtld", &rules).unwrap_err().to_string();
            assert!(fault.contains(expected), "{rules}: {fault}");
        }
        let attributes = format!("ns.mode = \"host_attr\"\nttl.domain.A = {day}\nttl.domain.DELEG = {day}");
        assert!(policies.zone("gtld", &attributes).is_ok());
    }
}
