//! Answers about hosts (RFC 5732 section 3).

use super::{open_data, statuses};
use crate::clock::Ts;
use crate::epp::ns::Ns;
use crate::epp::reply::HostData;
use crate::epp::types::{DomainName, HostAddrs};
use crate::epp::xml::writer::Writer;

/// `host:infData`
pub(super) fn info(w: &mut Writer, data: &HostData) {
    let element = open_data(w, Ns::Host, "host:infData");
    w.leaf("host:name", &data.name);
    w.leaf("host:roid", &data.roid);
    statuses(w, "host:status", 7, &data.statuses);
    addresses(w, "host:addr", &data.addrs);
    w.leaf("host:clID", &data.sponsor);
    w.leaf("host:crID", &data.creator);
    w.leaf("host:crDate", &data.created);
    w.leaf_if("host:upID", data.updater.as_ref());
    w.leaf_if("host:upDate", data.updated.as_ref());
    w.leaf_if("host:trDate", data.transferred.as_ref());
    w.close(element);
}

/// `host:creData`
pub(super) fn created(w: &mut Writer, name: &DomainName, created: Ts) {
    let element = open_data(w, Ns::Host, "host:creData");
    w.leaf("host:name", name);
    w.leaf("host:crDate", &created);
    w.close(element);
}

/// `host:addrType`, of which domains have a use as well.
pub(super) fn addresses(w: &mut Writer, name: &'static str, addrs: &HostAddrs) {
    for addr in &addrs.0 {
        let family = if addr.is_ipv4() { "v4" } else { "v6" };
        // The schema asks for three characters, and "::" is an address of two.
        let text = addr.to_string();
        let text = if text.len() < 3 { "::0".to_owned() } else { text };
        w.leaf_with(name, &[("ip", &family)], &text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::body;
    use super::*;
    use crate::epp::reply::Reply;
    use crate::epp::types::{HostStatus, Management, RegistrarId, RoId};

    #[test]
    fn every_element_has_its_place() {
        let registrar = RegistrarId::parse("abc").unwrap();
        let data = HostData {
            name: DomainName::parse("ns.a.tld").unwrap(),
            roid: RoId::parse("H1-REP").unwrap(),
            statuses: [HostStatus::Ok].into_iter().collect(),
            addrs: HostAddrs(vec!["192.0.2.1".parse().unwrap(), "::".parse().unwrap()]),
            sponsor: registrar.clone(),
            creator: registrar.clone(),
            created: Ts(0),
            updater: Some(registrar),
            updated: Some(Ts(0)),
            transferred: Some(Ts(0)),
            ttl: vec![],
            admin: None,
            management: Management::Registrar,
        };
        let date = "1970-01-01T00:00:00.000Z";
        assert_eq!(
            body(Reply::HostInfo(Box::new(data))),
            format!(
                "<resData><host:infData xmlns:host=\"urn:ietf:params:xml:ns:host-1.0\"><host:name>ns.a.tld</host:name>\
                 <host:roid>H1-REP</host:roid><host:status s=\"ok\"/><host:addr ip=\"v4\">192.0.2.1</host:addr>\
                 <host:addr ip=\"v6\">::0</host:addr><host:clID>abc</host:clID><host:crID>abc</host:crID><host:crDate>{date}</host:crDate>\
                 <host:upID>abc</host:upID><host:upDate>{date}</host:upDate><host:trDate>{date}</host:trDate></host:infData></resData>"
            )
        );
    }
}
