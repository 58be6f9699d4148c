//! The variants of a zone: which labels are the same to a reader, by all its tables together.
//!
//! Every text that stands in a mapping belongs to a set; one of the set stands for all, and an **index label** is the label
//! with all of it so written (RFC 7940 section 8.5). Two labels are variants of one another exactly if their index labels
//! are equal. Mappings are taken in both directions and through one another, without regard to their types and contexts:
//! the index says who may not have a label beside whom, and errs on the safe side.
//!
//! The longest text of a set stands for it, and among those the first. So writing it out only ever lengthens a label or
//! goes down in the order of code points; that every order of doing so leads to one index is proven when the tables are
//! put together ([`Variants::new`]), by the places where two texts overlap.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::idna2008::point;

/// Replacements in one label before it is given up.
const MAX_STEPS: usize = 1_000;

/// The sets of texts that are variants, as replacements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variants {
    /// What is replaced, by its text.
    rules: BTreeMap<Vec<char>, Vec<char>>,
    /// What stands for a set.
    heads: BTreeSet<Vec<char>>,
    longest: usize,
}

impl Variants {
    /// Puts mappings together.
    ///
    /// # Errors
    /// Where a label would have two indexes, or none.
    pub fn new<'p>(pairs: impl Iterator<Item = (&'p [char], &'p [char])>) -> Result<Self, String> {
        let mut sets: Vec<BTreeSet<Vec<char>>> = Vec::new();
        let mut of: BTreeMap<Vec<char>, usize> = BTreeMap::new();
        for (from, to) in pairs {
            let (a, b) = (of.get(from).copied(), of.get(to).copied());
            let at = match (a, b) {
                (Some(a), Some(b)) if a != b => {
                    let moved = std::mem::take(&mut sets[b]);
                    of.extend(moved.iter().map(|text| (text.clone(), a)));
                    sets[a].extend(moved);
                    a
                }
                (Some(at), _) | (None, Some(at)) => at,
                (None, None) => {
                    sets.push(BTreeSet::new());
                    sets.len() - 1
                }
            };
            for text in [from, to] {
                of.insert(text.to_vec(), at);
                sets[at].insert(text.to_vec());
            }
        }
        let mut variants = Self::default();
        for set in sets.iter().filter(|set| !set.is_empty()) {
            let Some(head) = set.iter().min_by_key(|text| (Reverse(text.len()), (*text).clone())) else {
                continue;
            };
            for text in set.iter().filter(|text| *text != head) {
                variants.rules.insert(text.clone(), head.clone());
            }
            variants.heads.insert(head.clone());
        }
        variants.longest = variants.rules.keys().map(Vec::len).max().unwrap_or(0);
        variants.prove()?;
        Ok(variants)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The index label; `None` where the label never comes to an end of being written out.
    #[must_use]
    pub fn index(&self, label: &str) -> Option<String> {
        let characters: Vec<char> = label.chars().collect();
        self.written_out(characters).map(|index| index.into_iter().collect())
    }

    /// Whether anything in the label has a variant.
    #[must_use]
    pub fn touches(&self, label: &str) -> bool {
        let label: Vec<char> = label.chars().collect();
        let longest = self.heads.iter().map(Vec::len).max().unwrap_or(0).max(self.longest);
        (0..label.len()).any(|at| {
            (1..=longest.min(label.len() - at)).any(|length| {
                let text = &label[at..at + length];
                self.rules.contains_key(text) || self.heads.contains(text)
            })
        })
    }

    /// What tells these variants from others: the empty text where there are none.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let mut digest = Sha256::new();
        for (from, to) in &self.rules {
            let text = |text: &[char]| text.iter().collect::<String>();
            digest.update(format!("{}>{};", text(from), text(to)));
        }
        data_encoding::HEXLOWER.encode(&digest.finalize())
    }

    /// Replaces until nothing is left to be, the leftmost and there the longest first.
    fn written_out(&self, mut label: Vec<char>) -> Option<Vec<char>> {
        for _ in 0..MAX_STEPS {
            let Some((at, length, to)) = self.first_in(&label) else { return Some(label) };
            label.splice(at..at + length, to.iter().copied());
        }
        None
    }

    fn first_in(&self, label: &[char]) -> Option<(usize, usize, &Vec<char>)> {
        (0..label.len()).find_map(|at| {
            let most = self.longest.min(label.len() - at);
            (1..=most)
                .rev()
                .find_map(|length| self.rules.get(&label[at..at + length]).map(|to| (at, length, to)))
        })
    }

    /// Where two texts that are replaced overlap, or one lies in the other, both ways must lead to the same.
    fn prove(&self) -> Result<(), String> {
        let fault = |one: &[char], other: &[char]| {
            let named = |text: &[char]| text.iter().map(|c| point(*c)).collect::<Vec<_>>().join(" ");
            format!(
                "the variants of {} and {} overlap, so that a label has two indexes",
                named(one),
                named(other)
            )
        };
        for (from, to) in &self.rules {
            if self.written_out(to.clone()).is_none() {
                return Err(fault(from, to));
            }
        }
        // Texts of one character never overlap with others of one.
        let long: Vec<&Vec<char>> = self.rules.keys().filter(|text| text.len() > 1).collect();
        for one in long {
            for (at, length) in inside(one) {
                let Some(to) = self.rules.get(&one[at..at + length]) else { continue };
                let mut other = one.clone();
                other.splice(at..at + length, to.iter().copied());
                let first = self.rules.get(one).and_then(|to| self.written_out(to.clone()));
                if first.is_none() || first != self.written_out(other) {
                    return Err(fault(one, &one[at..at + length]));
                }
            }
            for shared in 1..one.len() {
                let tail = &one[one.len() - shared..];
                let begins = self.rules.range(tail.to_vec()..).take_while(|(text, _)| text.starts_with(tail));
                for (other, other_to) in begins.filter(|(other, _)| other.len() > shared) {
                    let mut left = self.rules.get(one).cloned().unwrap_or_default();
                    left.extend_from_slice(&other[shared..]);
                    let mut right = one[..one.len() - shared].to_vec();
                    right.extend_from_slice(other_to);
                    let left = self.written_out(left);
                    if left.is_none() || left != self.written_out(right) {
                        return Err(fault(one, other));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Every shorter piece of a text.
fn inside(text: &[char]) -> impl Iterator<Item = (usize, usize)> {
    let whole = text.len();
    (0..whole).flat_map(move |at| {
        (1..=whole - at).filter(move |length| *length < whole).map(move |length| (at, length))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn variants(pairs: &[(&str, &str)]) -> Result<Variants, String> {
        let pairs: Vec<(Vec<char>, Vec<char>)> =
            pairs.iter().map(|(a, b)| (a.chars().collect(), b.chars().collect())).collect();
        Variants::new(pairs.iter().map(|(a, b)| (a.as_slice(), b.as_slice())))
    }

    #[test]
    fn labels_that_are_the_same_to_a_reader_have_one_index() {
        let german = variants(&[("ß", "ss"), ("ä", "ae"), ("ö", "oe")]).unwrap();
        for label in ["strasse", "straße"] {
            assert_eq!(german.index(label).unwrap(), "strasse");
            assert!(german.touches(label));
        }
        assert_eq!(german.index("masße"), german.index("maßse"));
        assert!(!german.touches("haus"));
        assert!(!german.is_empty() && variants(&[]).unwrap().is_empty());
    }

    #[test]
    fn mappings_hold_both_ways_and_through_one_another() {
        let all = variants(&[("b", "a"), ("c", "b"), ("d", "x"), ("c", "d")]).unwrap();
        let index = all.index("a");
        assert!(["b", "c", "d", "x"].iter().all(|label| all.index(label) == index));
        assert_ne!(all.index("e"), index);
    }

    #[test]
    fn variants_without_one_index_are_refused() {
        assert_eq!(
            variants(&[("ab", "xy"), ("cd", "yz")]).unwrap_err(),
            "the variants of U+0078 U+0079 and U+0079 U+007A overlap, so that a label has two indexes"
        );
        assert!(variants(&[("ab", "xy"), ("cd", "y")]).is_err(), "one lies in the other");
        assert!(variants(&[("a", "ab")]).is_err(), "written out without an end");
    }

    #[test]
    fn a_change_of_variants_is_seen() {
        let one = variants(&[("ß", "ss")]).unwrap();
        assert_eq!(variants(&[]).unwrap().fingerprint(), "");
        assert_eq!(one.fingerprint(), variants(&[("ss", "ß")]).unwrap().fingerprint());
        assert_ne!(one.fingerprint(), variants(&[("ß", "ss"), ("ä", "ae")]).unwrap().fingerprint());
    }

    proptest! {
        /// Whatever is replaced by a variant, in either direction, leaves the index.
        #[test]
        fn every_variant_has_the_index_of_its_label(
            label in "[a-eßäsxy]{1,12}",
            picks in proptest::collection::vec((0_usize..12, 0_usize..8), 0..8),
        ) {
            let pairs = [("ß", "ss"), ("ä", "ae"), ("x", "b"), ("y", "x")];
            let all = variants(&pairs).unwrap();
            let mut other = label.clone();
            for (at, which) in picks {
                let (a, b) = pairs[which / 2];
                let (from, to) = if which % 2 == 0 { (a, b) } else { (b, a) };
                let places: Vec<usize> = other.match_indices(from).map(|(at, _)| at).collect();
                if let Some(place) = places.get(at % places.len().max(1)) {
                    other.replace_range(*place..*place + from.len(), to);
                }
            }
            prop_assert_eq!(all.index(&label), all.index(&other));
        }
    }
}
