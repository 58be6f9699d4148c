//! Answers about domains (RFC 5731 section 3).

use super::{open_data, statuses};
use crate::clock::Ts;
use crate::epp::ns::Ns;
use crate::epp::reply::DomainData;
use crate::epp::types::DomainName;
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
    if data.auth_set {
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

/// `domain:renData`
pub(super) fn renewed(w: &mut Writer, name: &DomainName, expires: Ts) {
    let element = open_data(w, Ns::Domain, "domain:renData");
    w.leaf("domain:name", name);
    w.leaf("domain:exDate", &expires);
    w.close(element);
}
