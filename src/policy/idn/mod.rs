//! Internationalised names: what IDNA2008 takes at all ([`idna2008`]), the tables a zone takes its labels by ([`lgr`]), and
//! which of its labels are variants of one another ([`Variants`]).
//!
//! A label is first a U-label, then one that a table of the zone takes. The first table in the zone's order that does is
//! the label's own, and is stored with the domain. What is a variant of what, the tables of the zone say together: a
//! label under one of them may be the variant of a label under another.

pub mod idna2008;
pub mod lgr;
mod script;
mod table;
mod unicode;
mod variant;

use std::collections::BTreeMap;
use std::sync::Arc;

use idna2008::point;
use lgr::{Disposition, Fault, Table, VariantLabel};
pub use variant::Variants;

/// Every table this program knows, by its tag: those built in, and the operator's own.
#[derive(Clone, Debug, Default)]
pub struct Tables(BTreeMap<String, Arc<Table>>);

impl Tables {
    /// Reads the tables built in and the operator's: (tag, text) pairs. One of the operator's takes the place of one built
    /// in that has its tag.
    ///
    /// # Errors
    /// The tag of the first table that cannot be read, and why.
    pub fn load(own: &[(String, String)]) -> Result<Self, (String, Fault)> {
        let mut tables = BTreeMap::new();
        let built_in = table::BUILT_IN.iter().map(|(tag, text)| (*tag, *text));
        for (tag, text) in built_in.chain(own.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))) {
            let read = Table::read(text).map_err(|fault| (tag.to_owned(), fault))?;
            tables.insert(tag.to_owned(), Arc::new(read));
        }
        Ok(Self(tables))
    }

    /// Tags and tables, by tag.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.0.iter().map(|(tag, table)| (tag.as_str(), &**table))
    }

    /// The tables of a zone, in its order.
    ///
    /// # Errors
    /// A tag nobody knows, one that is named twice, or tables whose variants do not fit together.
    pub fn of_zone(&self, tags: &[String]) -> Result<ZoneTables, String> {
        let mut tables: Vec<(String, Arc<Table>)> = Vec::with_capacity(tags.len());
        for tag in tags {
            let Some(table) = self.0.get(tag) else {
                let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
                return Err(format!("there is no table {tag:?}; known are {}", known.join(", ")));
            };
            if tables.iter().any(|(other, _)| other == tag) {
                return Err(format!("the table {tag:?} is named twice"));
            }
            tables.push((tag.clone(), Arc::clone(table)));
        }
        let variants = Variants::new(tables.iter().flat_map(|(_, table)| table.pairs()))?;
        let fingerprint = variants.fingerprint();
        Ok(ZoneTables { tables, variants, fingerprint })
    }
}

/// The tables of one zone.
#[derive(Clone, Debug, Default)]
pub struct ZoneTables {
    tables: Vec<(String, Arc<Table>)>,
    variants: Variants,
    fingerprint: String,
}

impl PartialEq for ZoneTables {
    fn eq(&self, other: &Self) -> bool {
        let tags = |all: &Self| all.tables.iter().map(|(tag, _)| tag.clone()).collect::<Vec<_>>();
        tags(self) == tags(other) && self.variants == other.variants
    }
}

impl ZoneTables {
    /// Whether the zone has none, and so no internationalised names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// What is a variant of what.
    #[must_use]
    pub fn variants(&self) -> &Variants {
        &self.variants
    }

    /// Tells these variants from others; empty where there are none.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The first table in force on that day (`2026-11-24`) that takes the label.
    ///
    /// # Errors
    /// What keeps the tables from taking it, in words.
    pub fn choose(&self, label: &str, day: &str) -> Result<&str, String> {
        let mut why = Vec::new();
        for (tag, table) in &self.tables {
            if !table.meta.holds_on(day) {
                why.push(format!("{tag} is not in force"));
                continue;
            }
            let judged = table.judge(label);
            match (judged.disposition.is_registrable(), judged.lacks) {
                (true, _) => return Ok(tag),
                (false, Some(c)) => why.push(format!("{tag} does not have {} there", point(c))),
                (false, None) => why.push(format!("{tag} finds it {}", judged.disposition)),
            }
        }
        why.truncate(3);
        Err(format!("no table of this zone takes it: {}", why.join(", ")))
    }

    /// The variants of a label that a table takes; for a label without a table, by the first that takes it. `None`
    /// where they are too many to follow.
    #[must_use]
    pub fn variants_of(&self, label: &str, tag: Option<&str>) -> Option<Vec<VariantLabel>> {
        self.table_of(label, tag).map_or_else(|| Some(Vec::new()), |table| table.variants(label))
    }

    /// What becomes of a variant of a label that is registered; `None` where the label's table knows no such variant.
    #[must_use]
    pub fn variant(&self, label: &str, tag: Option<&str>, variant: &str) -> Option<Disposition> {
        self.table_of(label, tag)?.variant(label, variant)
    }

    fn table_of(&self, label: &str, tag: Option<&str>) -> Option<&Table> {
        let named = tag.and_then(|tag| self.tables.iter().find(|(other, _)| other == tag));
        let takes = |(_, table): &&(String, Arc<Table>)| table.judge(label).disposition.is_registrable();
        named.or_else(|| self.tables.iter().find(takes)).map(|(_, table)| &**table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "2026-11-24";

    fn zone(tags: &[&str]) -> ZoneTables {
        let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
        Tables::load(&[]).unwrap().of_zone(&tags).unwrap()
    }

    #[test]
    fn the_first_table_that_takes_a_label_is_its_own() {
        let zone = zone(&["de", "fr"]);
        assert_eq!(zone.choose("müller", DAY), Ok("de"));
        assert_eq!(zone.choose("été", DAY), Ok("fr"));
        assert_eq!(zone.choose("ü", DAY), Ok("de"), "both have it");
        let fault = zone.choose("smørrebrød", DAY).unwrap_err();
        assert_eq!(
            fault,
            "no table of this zone takes it: de does not have U+00F8 there, fr does not have U+00F8 there"
        );
    }

    #[test]
    fn variants_are_the_zones_and_their_disposition_the_tables() {
        let zone = zone(&["fr-x-accent", "de"]);
        let index = |label: &str| zone.variants().index(label);
        assert_eq!(index("été"), index("ete"));
        assert_eq!(zone.variant("été", Some("fr-x-accent"), "ete"), Some(Disposition::Activated));
        assert_eq!(zone.variant("ete", None, "été"), Some(Disposition::Allocatable));
        assert_eq!(zone.variant("ete", None, "ota"), None);
    }

    #[test]
    fn a_zone_names_tables_that_are_there_and_each_once() {
        let all = Tables::load(&[]).unwrap();
        assert!(all.of_zone(&["xx".to_owned()]).unwrap_err().contains("known are da, de"));
        assert!(all.of_zone(&["de".to_owned(), "de".to_owned()]).unwrap_err().contains("twice"));
    }

    #[test]
    fn a_table_of_the_operators_takes_the_place_of_one_built_in() {
        let own = "<lgr xmlns=\"urn:ietf:params:xml:ns:lgr-1.0\"><data><char cp=\"00E6\"/></data></lgr>";
        let all = Tables::load(&[("da".to_owned(), own.to_owned())]).unwrap();
        let zone = all.of_zone(&["da".to_owned()]).unwrap();
        assert!(zone.choose("æ", DAY).is_ok() && zone.choose("ø", DAY).is_err());
        let (tag, fault) = Tables::load(&[("x".to_owned(), "<lgr/>".to_owned())]).unwrap_err();
        assert_eq!((tag.as_str(), fault.line), ("x", 1));
    }
}
