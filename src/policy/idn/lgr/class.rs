//! Sets of code points (RFC 7940 section 6.2).

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::data::points;
use super::xml::Element;
use super::{Fault, Table};
use crate::policy::idn::unicode::Property;

/// Sets inside sets that one class may be made of, all references followed.
const MAX_WEIGHT: usize = 1_000;

/// A set of code points, by what it is made of.
#[derive(Clone, Debug)]
pub(super) struct Class {
    set: Set,
    weight: usize,
}

#[derive(Clone, Debug)]
enum Set {
    Points(Vec<RangeInclusive<char>>),
    Tagged(BTreeSet<char>),
    Property(Property),
    Union(Vec<Arc<Class>>),
    Intersection(Vec<Arc<Class>>),
    Difference(Arc<Class>, Arc<Class>),
    OneOfTwo(Arc<Class>, Arc<Class>),
    Complement(Arc<Class>),
}

impl Class {
    pub(super) fn has(&self, c: char) -> bool {
        match &self.set {
            Set::Points(ranges) => ranges.iter().any(|range| range.contains(&c)),
            Set::Tagged(set) => set.contains(&c),
            Set::Property(property) => property.holds(c),
            Set::Union(sets) => sets.iter().any(|set| set.has(c)),
            Set::Intersection(sets) => sets.iter().all(|set| set.has(c)),
            Set::Difference(set, less) => set.has(c) && !less.has(c),
            Set::OneOfTwo(one, other) => one.has(c) != other.has(c),
            Set::Complement(set) => !set.has(c),
        }
    }
}

/// Whether an element stands for a set.
pub(super) fn is_class(name: &str) -> bool {
    matches!(name, "class" | "union" | "intersection" | "difference" | "symmetric-difference" | "complement")
}

/// Reads a set, named or not. The attribute `count` is its rule's matter.
pub(super) fn read(element: &Element, table: &Table) -> Result<Arc<Class>, Fault> {
    element.only(&["name", "by-ref", "from-tag", "property", "count"])?;
    if element.name == "class" {
        return simple(element, table);
    }
    if ["by-ref", "from-tag", "property"].iter().any(|name| element.attribute(name).is_some()) {
        return Err(element.fault(format!("<{}> is made of the sets inside it", element.name)));
    }
    let mut sets = Vec::with_capacity(element.children.len());
    for child in &element.children {
        if !is_class(&child.name) {
            return Err(child.fault(format!("<{}> is not a set of code points", child.name)));
        }
        if child.attribute("name").is_some() || child.attribute("count").is_some() {
            return Err(child.fault("a set inside a set has neither name nor count"));
        }
        sets.push(read(child, table)?);
    }
    let weight = sets.iter().map(|set| set.weight).sum::<usize>() + 1;
    if weight > MAX_WEIGHT {
        return Err(element.fault(format!("a set is made of at most {MAX_WEIGHT} others")));
    }
    let set = match (element.name.as_str(), sets.as_slice()) {
        ("complement", [one]) => Set::Complement(Arc::clone(one)),
        ("difference", [one, less]) => Set::Difference(Arc::clone(one), Arc::clone(less)),
        ("symmetric-difference", [one, other]) => Set::OneOfTwo(Arc::clone(one), Arc::clone(other)),
        ("union", [_, _, ..]) => Set::Union(sets),
        ("intersection", [_, _, ..]) => Set::Intersection(sets),
        ("complement", _) => return Err(element.fault("<complement> is of one set")),
        ("union" | "intersection", _) => {
            return Err(element.fault(format!("<{}> is of two sets or more", element.name)));
        }
        _ => return Err(element.fault(format!("<{}> is of two sets", element.name))),
    };
    Ok(Arc::new(Class { set, weight }))
}

/// `<class>`: by reference, by tag, by property, or by its code points.
fn simple(element: &Element, table: &Table) -> Result<Arc<Class>, Fault> {
    if let Some(child) = element.children.first() {
        return Err(child.fault(format!("<{}> does not belong in <class>", child.name)));
    }
    let text = element.text.trim();
    let by = (element.attribute("by-ref"), element.attribute("from-tag"), element.attribute("property"));
    let set = match by {
        (Some(name), None, None) if text.is_empty() => {
            if element.attribute("name").is_some() {
                return Err(element.fault("a class has a name or a reference, not both"));
            }
            return table
                .classes
                .get(name)
                .cloned()
                .ok_or_else(|| element.fault(format!("the class {name:?} is not defined above")));
        }
        (None, Some(tag), None) if text.is_empty() => {
            let tagged = table.items.iter().filter(|(_, item)| item.tags.iter().any(|t| t == tag));
            let set: BTreeSet<char> = tagged.filter_map(|(text, _)| text.first().copied()).collect();
            if set.is_empty() {
                return Err(element.fault(format!("no code point has the tag {tag:?}")));
            }
            Set::Tagged(set)
        }
        (None, None, Some(property)) if text.is_empty() => {
            let known = Property::parse(property);
            Set::Property(known.ok_or_else(|| {
                element.fault(format!("{property:?} is not a value of gc, sc, ccc, bc, jt, InSC or Dep"))
            })?)
        }
        (None, None, None) => Set::Points(listed(element, text)?),
        _ => return Err(element.fault("a class is made by one of by-ref, from-tag, property and a list")),
    };
    Ok(Arc::new(Class { set, weight: 1 }))
}

/// `0061 0063-0065`
fn listed(element: &Element, text: &str) -> Result<Vec<RangeInclusive<char>>, Fault> {
    let one = |text: &str| match points(element, text)?.as_slice() {
        [one] => Ok(*one),
        _ => Err(element.fault(format!("{text:?} is not one code point"))),
    };
    let mut ranges = Vec::new();
    for part in text.split_whitespace() {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let range = one(first)?..=one(last)?;
        if range.is_empty() {
            return Err(element.fault(format!("{part:?} ends before it begins")));
        }
        ranges.push(range);
    }
    Ok(ranges)
}
