//! The repertoire: code points, ranges and sequences with their variants (RFC 7940 section 5).

use super::xml::Element;
use super::{Fault, Item, Table, Variant, When};

/// Code points of a sequence.
const MAX_SEQUENCE: usize = 32;
/// Code points of one table.
const MAX_ITEMS: usize = 200_000;

/// A context that was named before the rules were read: of an item, or of its variant with that place.
pub(super) struct Context {
    item: Vec<char>,
    variant: Option<usize>,
    rule: String,
    matches: bool,
    line: usize,
}

/// Reads `<data>`; what it says of contexts is bound once the rules are known.
pub(super) fn read(data: &Element, table: &mut Table) -> Result<Vec<Context>, Fault> {
    let mut contexts = Vec::new();
    for element in &data.children {
        match element.name.as_str() {
            "char" => character(element, table, &mut contexts)?,
            "range" => range(element, table, &mut contexts)?,
            _ => return Err(element.fault(format!("<{}> does not belong in <data>", element.name))),
        }
        if table.items.len() > MAX_ITEMS {
            return Err(element.fault(format!("a table has at most {MAX_ITEMS} code points")));
        }
    }
    if table.items.is_empty() {
        return Err(data.fault("a table without a code point takes no label"));
    }
    Ok(contexts)
}

/// Gives the contexts their rules.
pub(super) fn bind(contexts: Vec<Context>, table: &mut Table) -> Result<(), Fault> {
    for Context { item, variant, rule, matches, line } in contexts {
        let Some(found) = table.rules.get(&rule).cloned() else {
            return Err(Fault { line, what: format!("there is no rule {rule:?}") });
        };
        let when = Some(When { rule: found, matches });
        let Some(entry) = table.items.get_mut(&item) else { continue };
        match variant {
            None => entry.when = when,
            Some(nth) => {
                if let Some(variant) = entry.variants.get_mut(nth) {
                    variant.when = when;
                }
            }
        }
    }
    Ok(())
}

/// One or several code points in hexadecimal.
pub(super) fn points(element: &Element, text: &str) -> Result<Vec<char>, Fault> {
    let mut found = Vec::new();
    for part in text.split_whitespace() {
        let digits = (4..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit());
        let c = u32::from_str_radix(part, 16).ok().filter(|_| digits).and_then(char::from_u32);
        found.push(c.ok_or_else(|| element.fault(format!("{part:?} is not a code point of 4 to 6 digits")))?);
    }
    match found.len() {
        0 => Err(element.fault("a code point is missing")),
        n if n > MAX_SEQUENCE => {
            Err(element.fault(format!("a sequence has at most {MAX_SEQUENCE} code points")))
        }
        _ => Ok(found),
    }
}

/// `when` or `not-when`.
fn context(element: &Element) -> Result<Option<(String, bool)>, Fault> {
    match (element.attribute("when"), element.attribute("not-when")) {
        (None, None) => Ok(None),
        (Some(rule), None) => Ok(Some((rule.to_owned(), true))),
        (None, Some(rule)) => Ok(Some((rule.to_owned(), false))),
        (Some(_), Some(_)) => Err(element.fault("a context is said by when or by not-when, not by both")),
    }
}

fn tags(element: &Element) -> Result<Vec<String>, Fault> {
    let tags: Vec<String> = element.words("tag").into_iter().map(str::to_owned).collect();
    match tags.iter().enumerate().find(|(n, tag)| tags[..*n].contains(tag)) {
        Some((_, tag)) => Err(element.fault(format!("the tag {tag:?} is there twice"))),
        None => Ok(tags),
    }
}

fn character(element: &Element, table: &mut Table, contexts: &mut Vec<Context>) -> Result<(), Fault> {
    element.only(&["cp", "tag", "when", "not-when"])?;
    let text = points(element, element.need("cp")?)?;
    let tags = tags(element)?;
    if text.len() > 1 && !tags.is_empty() {
        return Err(element.fault("a sequence has no tags"));
    }
    let mut item = Item { when: None, tags, variants: Vec::new() };
    for child in &element.children {
        if child.name != "var" {
            return Err(child.fault(format!("<{}> does not belong in <char>", child.name)));
        }
        variant(child, &text, &mut item, contexts)?;
    }
    insert(element, table, text, item, contexts)
}

fn variant(
    element: &Element,
    from: &[char],
    item: &mut Item,
    contexts: &mut Vec<Context>,
) -> Result<(), Fault> {
    element.only(&["cp", "type", "when", "not-when"])?;
    let to = points(element, element.need("cp")?)?;
    let kind = element.attribute("type").unwrap_or("").to_owned();
    if kind.starts_with('_') || kind.contains(char::is_whitespace) {
        return Err(element.fault(format!("{kind:?} is not a type of variants")));
    }
    let context = context(element)?;
    if context.is_none()
        && item.variants.iter().any(|v| v.to == to && v.when.is_none() && !named(contexts, from, v, item))
    {
        return Err(element.fault("the variant is there twice"));
    }
    if let Some((rule, matches)) = context {
        let variant = Some(item.variants.len());
        contexts.push(Context { item: from.to_vec(), variant, rule, matches, line: element.line });
    }
    item.variants.push(Variant { to, kind, when: None });
    Ok(())
}

/// Whether a variant has a context that is not bound yet.
fn named(contexts: &[Context], from: &[char], variant: &Variant, item: &Item) -> bool {
    let nth = item.variants.iter().position(|v| std::ptr::eq(v, variant));
    contexts.iter().rev().any(|context| context.item == from && context.variant == nth)
}

fn range(element: &Element, table: &mut Table, contexts: &mut Vec<Context>) -> Result<(), Fault> {
    element.only(&["first-cp", "last-cp", "tag", "when", "not-when"])?;
    if let Some(child) = element.children.first() {
        return Err(child.fault("a range has no variants"));
    }
    let one = |name: &str| match points(element, element.need(name)?)?.as_slice() {
        [one] => Ok(*one),
        _ => Err(element.fault(format!("{name} is one code point"))),
    };
    let (first, last) = (one("first-cp")?, one("last-cp")?);
    if first > last || (first..=last).count() > MAX_ITEMS {
        return Err(element.fault("the range ends before it begins, or is too long"));
    }
    let tags = tags(element)?;
    for c in first..=last {
        let item = Item { when: None, tags: tags.clone(), variants: Vec::new() };
        insert(element, table, vec![c], item, contexts)?;
    }
    Ok(())
}

fn insert(
    element: &Element,
    table: &mut Table,
    text: Vec<char>,
    item: Item,
    contexts: &mut Vec<Context>,
) -> Result<(), Fault> {
    if let Some((rule, matches)) = context(element)? {
        contexts.push(Context { item: text.clone(), variant: None, rule, matches, line: element.line });
    }
    table.longest = table.longest.max(text.len());
    match table.items.insert(text, item) {
        None => Ok(()),
        Some(_) => Err(element.fault("the code point is there twice")),
    }
}
