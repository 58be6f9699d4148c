//! Label generation rulesets (RFC 7940): the tables that say which labels a zone takes and which of them are the same
//! to a reader. One file is one [`Table`].
//!
//! What a table is read into is small: items (a code point or a sequence, with its context and its variants), named
//! classes and rules, and actions in their order. Every reference is resolved while it is read, so that nothing is
//! looked up by name afterwards and no reference goes round in a circle.

mod class;
mod data;
mod evaluate;
mod meta;
mod pattern;
mod rules;
mod xml;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use evaluate::{Disposition, Judged, VariantLabel};
pub use meta::Meta;

use class::Class;
use pattern::Rule;

/// What is wrong with a table, for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// In words.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for Fault {}

/// One ruleset.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it says about itself.
    pub meta: Meta,
    /// Code points and sequences, by their text.
    items: BTreeMap<Vec<char>, Item>,
    /// The longest of them.
    longest: usize,
    rules: BTreeMap<String, Arc<Rule>>,
    classes: BTreeMap<String, Arc<Class>>,
    /// The table's own, then the standard's.
    actions: Vec<Action>,
}

/// A code point or sequence that labels are made of.
#[derive(Clone, Debug, Default)]
struct Item {
    when: Option<When>,
    tags: Vec<String>,
    variants: Vec<Variant>,
}

/// A context: a rule that must match here, or must not.
#[derive(Clone, Debug)]
struct When {
    rule: Arc<Rule>,
    matches: bool,
}

/// What can stand in the place of an item.
#[derive(Clone, Debug)]
struct Variant {
    to: Vec<char>,
    /// Empty for none.
    kind: String,
    when: Option<When>,
}

/// What becomes of a label for which its conditions hold.
#[derive(Clone, Debug)]
struct Action {
    disposition: Disposition,
    when: Option<When>,
    variants: Trigger,
}

/// What an action asks of the types of the variants in a label.
#[derive(Clone, Debug)]
enum Trigger {
    /// Nothing.
    None,
    /// One of them is there.
    Any(Vec<String>),
    /// There are some, and all are of these.
    All(Vec<String>),
    /// The same, and nothing stands as it was.
    Only(Vec<String>),
}

impl Table {
    /// Reads a file's text.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let root = xml::read(text)?;
        if root.name != "lgr" {
            return Err(root.fault(format!("the outermost element is <{}>, not <lgr>", root.name)));
        }
        let mut table = Self::default();
        let mut parts = root.children.iter().peekable();
        if let Some(meta) = parts.next_if(|part| part.name == "meta") {
            table.meta = Meta::read(meta)?;
        }
        let Some(data) = parts.next_if(|part| part.name == "data") else {
            return Err(root.fault("there is no <data> behind <meta>"));
        };
        let contexts = data::read(data, &mut table)?;
        if let Some(rules) = parts.next_if(|part| part.name == "rules") {
            rules::read(rules, &mut table)?;
        }
        if let Some(more) = parts.next() {
            return Err(more.fault(format!("<{}> does not belong here", more.name)));
        }
        data::bind(contexts, &mut table)?;
        table.actions.extend(evaluate::standard_actions());
        Ok(table)
    }

    /// How many code points and sequences it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.items.len()
    }

    /// How many variant mappings it has, those of a code point to itself not counted.
    #[must_use]
    pub fn mappings(&self) -> usize {
        self.pairs().count()
    }

    /// How many named rules it has.
    #[must_use]
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// Every pair of texts that are variants of one another, whatever their types and contexts.
    pub fn pairs(&self) -> impl Iterator<Item = (&[char], &[char])> {
        self.items.iter().flat_map(|(from, item)| {
            item.variants
                .iter()
                .filter(move |v| v.to != *from)
                .map(move |v| (from.as_slice(), v.to.as_slice()))
        })
    }
}

#[cfg(test)]
mod tests;
