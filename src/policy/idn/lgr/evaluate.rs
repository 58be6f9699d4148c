//! What a table says of a label, and of its variants (RFC 7940 section 8).

use std::collections::BTreeSet;
use std::fmt;

use super::pattern::{MAX_LABEL, Place};
use super::{Action, Item, Table, Trigger, When};

/// Ways through a label that are followed before its variants are called too many.
const MAX_WAYS: usize = 20_000;

/// What becomes of a label (the IANA registry of dispositions).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disposition {
    /// It is a label.
    Valid,
    /// It is for the holder of the label it is a variant of, who may ask for it.
    Allocatable,
    /// It comes with the label it is a variant of.
    Activated,
    /// It is for nobody.
    Blocked,
    /// It is no label.
    Invalid,
    /// One of the table's own, which this registry gives no meaning.
    Other(String),
}

impl Disposition {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "valid" => Self::Valid,
            "allocatable" => Self::Allocatable,
            "activated" => Self::Activated,
            "blocked" => Self::Blocked,
            "invalid" => Self::Invalid,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Whether a label can be registered with it.
    #[must_use]
    pub fn is_registrable(&self) -> bool {
        matches!(self, Self::Valid | Self::Allocatable | Self::Activated)
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Valid => "valid",
            Self::Allocatable => "allocatable",
            Self::Activated => "activated",
            Self::Blocked => "blocked",
            Self::Invalid => "invalid",
            Self::Other(name) => name,
        })
    }
}

/// What a table says of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What becomes of it.
    pub disposition: Disposition,
    /// The first code point that the table does not have, or not there.
    pub lacks: Option<char>,
}

/// A variant of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantLabel {
    /// As people read it.
    pub label: String,
    /// What becomes of it, the label it is a variant of being registered.
    pub disposition: Disposition,
}

/// RFC 7940 section 7.6, behind the table's own.
pub(super) fn standard_actions() -> Vec<Action> {
    let one = |kind: &Disposition| vec![kind.to_string()];
    let action = |disposition: Disposition, variants| Action { disposition, when: None, variants };
    let any = |disposition: Disposition| action(disposition.clone(), Trigger::Any(one(&disposition)));
    vec![
        any(Disposition::Invalid),
        any(Disposition::Blocked),
        any(Disposition::Allocatable),
        action(Disposition::Activated, Trigger::All(one(&Disposition::Activated))),
        action(Disposition::Valid, Trigger::None),
    ]
}

impl When {
    fn holds(&self, label: &[char], at: usize, length: usize) -> bool {
        self.rule.matches(Place { label, anchor: Some((at, at + length)) }) == self.matches
    }
}

fn holds(when: Option<&When>, label: &[char], at: usize, length: usize) -> bool {
    when.is_none_or(|when| when.holds(label, at, length))
}

impl Action {
    /// `kinds` are the types of the mappings that made the label; `only` says that nothing stands as it was.
    fn fires(&self, label: &[char], kinds: &[&str], only: bool) -> bool {
        let of = |wanted: &[String]| {
            !kinds.is_empty() && kinds.iter().all(|kind| wanted.iter().any(|w| w == kind))
        };
        let variants = match &self.variants {
            Trigger::None => true,
            Trigger::Any(wanted) => kinds.iter().any(|kind| wanted.iter().any(|w| w == kind)),
            Trigger::All(wanted) => of(wanted),
            Trigger::Only(wanted) => only && of(wanted),
        };
        variants
            && self
                .when
                .as_ref()
                .is_none_or(|when| when.rule.matches(Place { label, anchor: None }) == when.matches)
    }
}

impl Table {
    /// Judges a label that somebody asks for.
    #[must_use]
    pub fn judge(&self, label: &str) -> Judged {
        let label: Vec<char> = label.chars().collect();
        let invalid = |lacks| Judged { disposition: Disposition::Invalid, lacks };
        if label.is_empty() || label.len() > MAX_LABEL {
            return invalid(None);
        }
        let ends = self.ends(&label);
        if !ends[0] {
            return invalid(self.first_lacking(&label));
        }
        // The label as it stands: a mapping of a code point to itself counts.
        let (mut at, mut kinds, mut only) = (0, Vec::new(), true);
        while at < label.len() {
            let Some((length, item)) = self.at(&label, at).find(|(length, _)| ends[at + length]) else {
                return invalid(label.get(at).copied());
            };
            match reflexive(item, &label, at, length) {
                Some(kind) => kinds.push(kind),
                None => only = false,
            }
            at += length;
        }
        Judged { disposition: self.dispose(&label, &kinds, only), lacks: None }
    }

    /// The variants of a label that are labels themselves, in the order of their text; `None` when they are too many to
    /// follow.
    #[must_use]
    pub fn variants(&self, label: &str) -> Option<Vec<VariantLabel>> {
        let mut found = self.walk(label, None)?;
        found.sort_by(|a, b| a.label.cmp(&b.label));
        Some(found)
    }

    /// What becomes of one variant of a label; `None` where it is none.
    #[must_use]
    pub fn variant(&self, label: &str, variant: &str) -> Option<Disposition> {
        let wanted: Vec<char> = variant.chars().collect();
        self.walk(label, Some(&wanted))?.into_iter().next().map(|found| found.disposition)
    }

    fn walk(&self, label: &str, wanted: Option<&[char]>) -> Option<Vec<VariantLabel>> {
        let label: Vec<char> = label.chars().collect();
        if label.is_empty() || label.len() > MAX_LABEL {
            return Some(Vec::new());
        }
        let mut walk = Walk {
            table: self,
            ends: self.ends(&label),
            label: &label,
            wanted,
            ways: 0,
            seen: BTreeSet::new(),
            found: Vec::new(),
        };
        walk.seen.insert(label.clone());
        let through = walk.step(0, &mut Vec::new(), &mut Vec::new(), true);
        through.then_some(walk.found)
    }

    /// The items that stand at that place in their context, the longest first.
    fn at<'s>(&'s self, label: &'s [char], at: usize) -> impl Iterator<Item = (usize, &'s Item)> {
        let most = self.longest.min(label.len() - at);
        (1..=most).rev().filter_map(move |length| {
            let item = self.items.get(&label[at..at + length])?;
            holds(item.when.as_ref(), label, at, length).then_some((length, item))
        })
    }

    /// From which places on the label is made of items.
    fn ends(&self, label: &[char]) -> Vec<bool> {
        let mut ends = vec![false; label.len() + 1];
        ends[label.len()] = true;
        for at in (0..label.len()).rev() {
            ends[at] = self.at(label, at).any(|(length, _)| ends[at + length]);
        }
        ends
    }

    /// Where a label that is not made of items stops to be.
    fn first_lacking(&self, label: &[char]) -> Option<char> {
        let mut reached = vec![false; label.len() + 1];
        reached[0] = true;
        let mut furthest = 0;
        for at in 0..label.len() {
            if reached[at] {
                furthest = at;
                for (length, _) in self.at(label, at) {
                    reached[at + length] = true;
                }
            }
        }
        label.get(furthest).copied()
    }

    fn dispose(&self, label: &[char], kinds: &[&str], only: bool) -> Disposition {
        let fired = self.actions.iter().find(|action| action.fires(label, kinds, only));
        fired.map_or(Disposition::Invalid, |action| action.disposition.clone())
    }
}

/// The type of an item's mapping to itself, where it has one here.
fn reflexive<'i>(item: &'i Item, label: &[char], at: usize, length: usize) -> Option<&'i str> {
    let own = item
        .variants
        .iter()
        .find(|v| v.to == label[at..at + length] && holds(v.when.as_ref(), label, at, length));
    own.map(|v| v.kind.as_str())
}

/// The ways from a label to its variants.
struct Walk<'w> {
    table: &'w Table,
    label: &'w [char],
    /// See [`Table::ends`].
    ends: Vec<bool>,
    /// The one variant that is looked for.
    wanted: Option<&'w [char]>,
    ways: usize,
    seen: BTreeSet<Vec<char>>,
    found: Vec<VariantLabel>,
}

impl<'w> Walk<'w> {
    /// Follows every way from that place on; says whether they were few enough.
    fn step(&mut self, at: usize, made: &mut Vec<char>, kinds: &mut Vec<&'w str>, only: bool) -> bool {
        if self.wanted.is_some_and(|wanted| !wanted.starts_with(made)) || made.len() > MAX_LABEL {
            return true;
        }
        self.ways += 1;
        if self.ways > MAX_WAYS {
            return false;
        }
        let (table, label) = (self.table, self.label);
        if at == label.len() {
            self.arrive(made, kinds, only);
            return true;
        }
        for (length, item) in table.at(label, at) {
            if !self.ends[at + length] {
                continue;
            }
            let own = reflexive(item, label, at, length);
            let kept = made.len();
            made.extend_from_slice(&label[at..at + length]);
            kinds.extend(own);
            let few = self.step(at + length, made, kinds, only && own.is_some());
            made.truncate(kept);
            if own.is_some() {
                kinds.pop();
            }
            if !few {
                return false;
            }
            for variant in &item.variants {
                let itself = variant.to == label[at..at + length];
                if itself || variant.kind == "invalid" || !holds(variant.when.as_ref(), label, at, length) {
                    continue;
                }
                made.extend_from_slice(&variant.to);
                kinds.push(&variant.kind);
                let few = self.step(at + length, made, kinds, only);
                made.truncate(kept);
                kinds.pop();
                if !few {
                    return false;
                }
            }
        }
        true
    }

    fn arrive(&mut self, made: &[char], kinds: &[&str], only: bool) {
        if self.wanted.is_some_and(|wanted| wanted != made) || !self.seen.insert(made.to_vec()) {
            return;
        }
        // A variant is a label of this table, or none that anybody can have.
        if !self.table.ends(made)[0] {
            return;
        }
        let disposition = self.table.dispose(made, kinds, only);
        if disposition != Disposition::Invalid {
            self.found.push(VariantLabel { label: made.iter().collect(), disposition });
        }
    }
}
