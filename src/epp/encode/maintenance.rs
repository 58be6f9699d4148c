//! Answers and messages about work on the service (RFC 9167 section 4.1).

use super::open_data;
use crate::epp::ns::Ns;
use crate::epp::types::{Maintenance, MaintenanceEnvironment, MaintenancePoll};
use crate::epp::xml::writer::Writer;

/// `maint:infData` with a list.
pub(super) fn list(w: &mut Writer, all: &[Maintenance]) {
    let element = open_data(w, Ns::Maintenance, "maint:infData");
    w.open("maint:list", &[]);
    for item in all {
        w.open("maint:listItem", &[]);
        id(w, item);
        w.leaf("maint:start", &item.starts);
        w.leaf("maint:end", &item.ends);
        dates(w, item);
        w.close("maint:listItem");
    }
    w.close("maint:list");
    w.close(element);
}

/// `maint:infData` with one item; messages say why they tell of it.
pub(super) fn item(w: &mut Writer, item: &Maintenance, poll: Option<MaintenancePoll>) {
    let element = open_data(w, Ns::Maintenance, "maint:infData");
    w.open("maint:item", &[]);
    id(w, item);
    for text in &item.types {
        w.leaf("maint:type", text);
    }
    w.leaf_if("maint:pollType", poll.map(MaintenancePoll::name).as_ref());
    w.open("maint:systems", &[]);
    for system in &item.systems {
        w.open("maint:system", &[]);
        w.leaf("maint:name", &system.name);
        w.leaf_if("maint:host", system.host.as_ref());
        w.leaf("maint:impact", &system.impact.name());
        w.close("maint:system");
    }
    w.close("maint:systems");
    let kind = item.environment.name();
    match &item.environment {
        MaintenanceEnvironment::Custom(name) => {
            w.empty("maint:environment", &[("type", &kind), ("name", name)]);
        }
        _ => w.empty("maint:environment", &[("type", &kind)]),
    }
    w.leaf("maint:start", &item.starts);
    w.leaf("maint:end", &item.ends);
    w.leaf("maint:reason", &if item.emergency { "emergency" } else { "planned" });
    w.leaf_if("maint:detail", item.detail.as_ref());
    for text in &item.descriptions {
        w.leaf_with("maint:description", &[("lang", &text.lang)], &text.text);
    }
    if !item.tlds.is_empty() {
        w.open("maint:tlds", &[]);
        for tld in &item.tlds {
            w.leaf("maint:tld", tld);
        }
        w.close("maint:tlds");
    }
    if let Some((connection, implementation)) = &item.intervention {
        w.open("maint:intervention", &[]);
        w.leaf("maint:connection", connection);
        w.leaf("maint:implementation", implementation);
        w.close("maint:intervention");
    }
    dates(w, item);
    w.close("maint:item");
    w.close(element);
}

fn id(w: &mut Writer, item: &Maintenance) {
    match &item.name {
        Some(name) => w.leaf_with("maint:id", &[("name", name)], &item.id),
        None => w.leaf("maint:id", &item.id),
    }
}

fn dates(w: &mut Writer, item: &Maintenance) {
    w.leaf("maint:crDate", &item.created);
    w.leaf_if("maint:upDate", item.updated.as_ref());
}
