//! Answers about domains (RFC 5731 section 3).

use super::{open_data, statuses};
use crate::clock::Ts;
use crate::epp::ns::Ns;
use crate::epp::reply::DomainData;
use crate::epp::types::{Applied, DomainName};
use crate::epp::xml::writer::Writer;

/// `domain:infData`
pub(super) fn info(w: &mut Writer, data: &DomainData) {
    let element = open_data(w, Ns::Domain, "domain:infData");
    w.leaf("domain:name", &data.name);
    w.leaf("domain:roid", &data.roid);
    statuses(w, "domain:status", 11, &data.statuses);
    w.leaf_if("domain:registrant", data.registrant.as_ref());
    for (role, id) in &data.contacts {
        w.leaf_with("domain:contact", &[("type", &role.name())], id);
    }
    name_servers(w, data);
    for host in &data.hosts {
        w.leaf("domain:host", host);
    }
    w.leaf("domain:clID", &data.sponsor);
    w.leaf_if("domain:crID", data.creator.as_ref());
    w.leaf_if("domain:crDate", data.created.as_ref());
    w.leaf_if("domain:upID", data.updater.as_ref());
    w.leaf_if("domain:upDate", data.updated.as_ref());
    w.leaf_if("domain:exDate", data.expires.as_ref());
    w.leaf_if("domain:trDate", data.transferred.as_ref());
    if let Some(token) = &data.token {
        w.open("domain:authInfo", &[]);
        w.leaf("domain:pw", &token.pw.expose());
        w.close("domain:authInfo");
    } else if data.auth_set {
        w.open("domain:authInfo", &[]);
        w.empty("domain:pw", &[]);
        w.close("domain:authInfo");
    }
    w.close(element);
}

fn name_servers(w: &mut Writer, data: &DomainData) {
    if data.ns_objects.is_empty() && data.ns_attributes.is_empty() {
        return;
    }
    w.open("domain:ns", &[]);
    for host in &data.ns_objects {
        w.leaf("domain:hostObj", host);
    }
    // The schema has room for one of the two forms.
    if data.ns_objects.is_empty() {
        for (host, addrs) in &data.ns_attributes {
            w.open("domain:hostAttr", &[]);
            w.leaf("domain:hostName", host);
            super::host::addresses(w, "domain:hostAddr", addrs);
            w.close("domain:hostAttr");
        }
    }
    w.close("domain:ns");
}

/// `domain:creData`
pub(super) fn created(w: &mut Writer, name: &DomainName, created: Ts, expires: Ts) {
    let element = open_data(w, Ns::Domain, "domain:creData");
    w.leaf("domain:name", name);
    w.leaf("domain:crDate", &created);
    w.leaf("domain:exDate", &expires);
    w.close(element);
}

/// `domain:creData` of an application: nothing is registered that could end.
pub(super) fn applied(w: &mut Writer, applied: &Applied) {
    let element = open_data(w, Ns::Domain, "domain:creData");
    w.leaf("domain:name", &applied.name);
    w.leaf("domain:crDate", &applied.created);
    w.close(element);
}

/// `domain:renData`
pub(super) fn renewed(w: &mut Writer, name: &DomainName, expires: Ts) {
    let element = open_data(w, Ns::Domain, "domain:renData");
    w.leaf("domain:name", name);
    w.leaf("domain:exDate", &expires);
    w.close(element);
}

#[cfg(test)]
mod tests {
    use super::super::tests::body;
    use super::*;
    use crate::epp::command::ContactRole;
    use crate::epp::reply::Reply;
    use crate::epp::types::{ContactId, DomainStatus, HostAddrs, RegistrarId, RoId};

    #[test]
    fn every_element_has_its_place() {
        let name = |text| DomainName::parse(text).unwrap();
        let id = |text| ContactId::parse(text).unwrap();
        let registrar = |text| RegistrarId::parse(text).unwrap();
        let addrs = HostAddrs(vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()]);
        let mut data = DomainData {
            name: name("a.tld"),
            roid: RoId::parse("D1-REP").unwrap(),
            statuses: [DomainStatus::Ok].into_iter().collect(),
            registrant: Some(id("jd1234")),
            contacts: vec![(ContactRole::Admin, id("sh1")), (ContactRole::Tech, id("sh2"))],
            ns_objects: vec![name("ns.a.tld")],
            ns_attributes: vec![],
            hosts: vec![name("ns.a.tld")],
            sponsor: registrar("abc"),
            creator: Some(registrar("def")),
            created: Some(Ts(0)),
            updater: Some(registrar("ghi")),
            updated: Some(Ts(1_000)),
            expires: Some(Ts(2_000)),
            transferred: Some(Ts(3_000)),
            auth_set: true,
            sec_dns: None,
            rgp: vec![],
            ttl: vec![],
            token: None,
            launch: None,
        };
        let date = |at: u8| format!("1970-01-01T00:00:00.00{at}Z");
        let head = "<resData><domain:infData xmlns:domain=\"urn:ietf:params:xml:ns:domain-1.0\"><domain:name>a.tld</domain:name>\
            <domain:roid>D1-REP</domain:roid>";
        assert_eq!(
            body(Reply::DomainInfo(Box::new(data.clone()))),
            format!(
                "{head}<domain:status s=\"ok\"/><domain:registrant>jd1234</domain:registrant><domain:contact type=\"admin\">sh1\
                 </domain:contact><domain:contact type=\"tech\">sh2</domain:contact><domain:ns><domain:hostObj>ns.a.tld</domain:hostObj>\
                 </domain:ns><domain:host>ns.a.tld</domain:host><domain:clID>abc</domain:clID><domain:crID>def</domain:crID>\
                 <domain:crDate>{}</domain:crDate><domain:upID>ghi</domain:upID><domain:upDate>{}</domain:upDate><domain:exDate>{}\
                 </domain:exDate><domain:trDate>{}</domain:trDate><domain:authInfo><domain:pw/></domain:authInfo></domain:infData></resData>",
                date(0),
                date(1),
                date(2),
                date(3)
            )
        );
        data.ns_objects.clear();
        data.ns_attributes = vec![(name("ns.a.tld"), addrs), (name("ns.b.tld"), HostAddrs::default())];
        assert!(body(Reply::DomainInfo(Box::new(data.clone()))).contains(
            "<domain:ns><domain:hostAttr><domain:hostName>ns.a.tld</domain:hostName><domain:hostAddr ip=\"v4\">192.0.2.1</domain:hostAddr>\
             <domain:hostAddr ip=\"v6\">2001:db8::1</domain:hostAddr></domain:hostAttr><domain:hostAttr><domain:hostName>ns.b.tld\
             </domain:hostName></domain:hostAttr></domain:ns>"
        ));
        let least = DomainData {
            statuses: [].into_iter().collect(),
            registrant: None,
            contacts: vec![],
            ns_attributes: vec![],
            hosts: vec![],
            creator: None,
            created: None,
            updater: None,
            updated: None,
            expires: None,
            transferred: None,
            auth_set: false,
            token: None,
            launch: None,
            ..data
        };
        assert_eq!(
            body(Reply::DomainInfo(Box::new(least))),
            format!("{head}<domain:clID>abc</domain:clID></domain:infData></resData>")
        );
    }
}
