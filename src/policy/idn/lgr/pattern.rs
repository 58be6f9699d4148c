//! Rules over a whole label (RFC 7940 section 6.3). A rule is matched by the set of all places it can have come to, so
//! that the work grows with the label and the rule, and never with the ways one matches the other.

use std::sync::Arc;

use super::class::Class;

/// Places in a label of 63 characters: one bit for each, and one for its end.
pub(super) type Places = u64;

/// The longest label that is matched.
pub(super) const MAX_LABEL: usize = 63;

/// A rule: its parts, one behind the other.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) parts: Vec<Part>,
    /// Parts, all references followed.
    pub(super) weight: usize,
    /// Whether it is about one place of a label.
    pub(super) anchored: bool,
}

/// A part and how often it stands there.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) least: usize,
    pub(super) most: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Any code point.
    Any,
    /// A code point or sequence.
    Text(Vec<char>),
    /// A code point of a set.
    Class(Arc<Class>),
    /// One of several.
    Choice(Vec<Vec<Part>>),
    /// Another rule.
    Rule(Arc<Rule>),
    /// The beginning of the label.
    Start,
    /// Its end.
    End,
    /// The place the rule is asked about.
    Anchor,
    /// What stands before.
    Behind(Vec<Part>),
    /// What comes next.
    Ahead(Vec<Part>),
}

/// A label, and the place a context is asked about: where the item begins and where it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'l> {
    pub(super) label: &'l [char],
    pub(super) anchor: Option<(usize, usize)>,
}

impl Rule {
    /// Whether it matches somewhere in the label. A rule that is not about a place is about the label as a whole.
    pub(super) fn matches(&self, place: Place<'_>) -> bool {
        place.label.len() <= MAX_LABEL
            && (0..=place.label.len()).any(|from| sequence(&self.parts, place, 1 << from) != 0)
    }
}

/// Where one can come to from those places.
fn sequence(parts: &[Part], place: Place<'_>, from: Places) -> Places {
    parts.iter().fold(from, |at, part| if at == 0 { 0 } else { counted(part, place, at) })
}

fn counted(part: &Part, place: Place<'_>, from: Places) -> Places {
    let mut at = from;
    for _ in 0..part.least {
        at = once(&part.kind, place, at);
    }
    let (mut all, mut new) = (at, at);
    for _ in part.least..part.most {
        new = once(&part.kind, place, new) & !all;
        if new == 0 {
            break;
        }
        all |= new;
    }
    all
}

fn once(kind: &Kind, place: Place<'_>, from: Places) -> Places {
    let label = place.label;
    match kind {
        Kind::Rule(rule) => sequence(&rule.parts, place, from),
        Kind::Choice(ways) => ways.iter().fold(0, |all, way| all | sequence(way, place, from)),
        _ => each(from).fold(0, |all, at| {
            all | match kind {
                Kind::Any if at < label.len() => 1 << (at + 1),
                Kind::Class(class) if label.get(at).is_some_and(|c| class.has(*c)) => 1 << (at + 1),
                Kind::Text(text) if label[at..].starts_with(text) => 1 << (at + text.len()),
                Kind::Start if at == 0 => 1 << at,
                Kind::End if at == label.len() => 1 << at,
                Kind::Anchor => match place.anchor {
                    Some((begin, end)) if begin == at => 1 << end,
                    _ => 0,
                },
                Kind::Ahead(parts) if sequence(parts, place, 1 << at) != 0 => 1 << at,
                Kind::Behind(parts)
                    if (0..=at).any(|from| sequence(parts, place, 1 << from) & (1 << at) != 0) =>
                {
                    1 << at
                }
                _ => 0,
            }
        }),
    }
}

/// The places of a set, from left to right.
fn each(places: Places) -> impl Iterator<Item = usize> {
    (0..64).filter(move |at| places & (1 << at) != 0)
}
