//! A label as the zone's tables see it: whether it is one of IDNA2008 and of a table, and its index among its variants.

use super::name::{self, as_read};
use super::on_name;
use crate::clock::Ts;
use crate::epp::types::DomainName;
use crate::flow::zone::Zone;
use crate::policy::VariantPolicy;
use crate::policy::idn::idna2008;
use crate::policy::idn::lgr::Disposition;
use crate::refusal::{Reason, Refusal};

/// The first label of a name that can be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// As people read it.
    pub read: String,
    /// The table that takes it; `None` for one of letters, digits and hyphens.
    pub table: Option<String>,
    /// Its index with its zone; `None` where nothing in it has a variant.
    pub index: Option<String>,
}

impl Label {
    /// What is stored as its index: an internationalised label without variants is its own.
    #[must_use]
    pub fn stored(&self, zone: &DomainName) -> Option<String> {
        self.index.clone().or_else(|| self.table.is_some().then(|| indexed(&self.read, zone)))
    }
}

/// Reads a name's first label by the rules of its zone. What a zone's name is written in the direction of, binds its
/// names too (RFC 5893).
///
/// # Errors
/// [`Reason::BadName`], [`Reason::NameNotPermitted`]
pub fn admit(zone: &Zone, name: &DomainName, now: Ts) -> Result<Label, Refusal> {
    let idn = &zone.policy.idn;
    let read = as_read(name.first_label()).into_owned();
    let not_permitted = |why: String| on_name(Reason::NameNotPermitted, name).detail(why);
    let (above, _) = idna::domain_to_unicode(zone.name.as_str());
    let right_to_left = idna2008::is_right_to_left(&above);
    let international = name.first_label().starts_with("xn--");
    if international && idn.read.is_empty() {
        return Err(not_permitted("this zone has no internationalised names".to_owned()));
    }
    if !international && !idn.ascii {
        return Err(not_permitted("this zone has internationalised names only".to_owned()));
    }
    if international || right_to_left {
        idna2008::check(&read, right_to_left)
            .map_err(|fault| on_name(Reason::BadName, name).detail(fault.to_string()))?;
    }
    let table = if international {
        let day: String = now.to_string().chars().take(10).collect();
        Some(idn.read.choose(&read, &day).map_err(not_permitted)?.to_owned())
    } else {
        None
    };
    let variants = idn.read.variants();
    let index = if variants.touches(&read) {
        let index = variants.index(&read);
        let index =
            index.ok_or_else(|| not_permitted("it has more variants than can be followed".to_owned()))?;
        Some(indexed(&index, &zone.name))
    } else {
        None
    };
    Ok(Label { read, table, index })
}

fn indexed(label: &str, zone: &DomainName) -> String {
    format!("{label}.{zone}")
}

/// The variants that come with a name, where its zone bundles them: those its table activates and that could be
/// registered by themselves.
///
/// # Errors
/// [`Reason::NameNotPermitted`] where they are more than the zone gives with one name.
pub fn bundle(zone: &Zone, name: &DomainName, label: &Label, now: Ts) -> Result<Vec<DomainName>, Refusal> {
    let idn = &zone.policy.idn;
    if idn.variants != VariantPolicy::Bundled || label.index.is_none() {
        return Ok(Vec::new());
    }
    let most = idn.max_bundled;
    let too_many =
        || on_name(Reason::NameNotPermitted, name).detail(format!("more than {most} variants come with it"));
    let variants = idn.read.variants_of(&label.read, label.table.as_deref()).ok_or_else(too_many)?;
    let activated = variants.iter().filter(|variant| variant.disposition == Disposition::Activated);
    let names = activated.filter_map(|variant| written(&variant.label, zone));
    let names: Vec<DomainName> = names
        .filter(|name| name::registrable(Some(zone), name).is_ok() && admit(zone, name, now).is_ok())
        .collect();
    if names.len() > most { Err(too_many()) } else { Ok(names) }
}

/// The name a label of a zone has on the wire, if it can have one.
#[must_use]
pub fn written(label: &str, zone: &Zone) -> Option<DomainName> {
    let ascii = idna::domain_to_ascii_strict(label).ok()?;
    DomainName::parse(&format!("{ascii}.{}", zone.name)).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::policy::Policies;

    /// Each a brings a b and a c along.
    const TABLE: &str = "<lgr xmlns=\"urn:ietf:params:xml:ns:lgr-1.0\"><data>\
        <char cp=\"0061\"><var cp=\"0062\" type=\"activated\"/><var cp=\"00E9\" type=\"activated\"/></char>\
        <range first-cp=\"0062\" last-cp=\"0063\"/><char cp=\"00E9\"/></data></lgr>";

    fn zone(name: &str, rules: &str) -> Zone {
        let tables = [("own".to_owned(), TABLE.to_owned())];
        let policies = Policies::load_with(&[], &tables).unwrap();
        let policy = policies.zone("demo", rules).unwrap();
        Zone { name: DomainName::parse(name).unwrap(), policy: Arc::clone(&policy) }
    }

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    #[test]
    fn a_name_brings_no_more_than_its_zone_gives() {
        let rules = "idn = { tables = [\"own\"], variants = \"bundled\", max_bundled = 2 }";
        let zone = zone("example", rules);
        let comes = |text: &str| {
            let name = name(text);
            let label = admit(&zone, &name, Ts(0)).unwrap();
            bundle(&zone, &name, &label, Ts(0))
                .map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(comes("ca.example").unwrap(), ["cb.example", "xn--c-bga.example"]);
        assert_eq!(comes("cb.example").unwrap(), Vec::<String>::new());
        let refusal = comes("aa.example").unwrap_err();
        assert_eq!(refusal.reason, Reason::NameNotPermitted);
        assert!(refusal.text().ends_with("more than 2 variants come with it"), "{refusal}");
    }

    #[test]
    fn a_zone_that_is_written_from_the_right_binds_its_names() {
        let zone = zone("xn--4dbrk0ce", "");
        for (label, good) in [("abc", true), ("1abc", false), ("abc1", true)] {
            let admitted = admit(&zone, &name(&format!("{label}.xn--4dbrk0ce")), Ts(0));
            assert_eq!(admitted.is_ok(), good, "{label}");
        }
    }
}
