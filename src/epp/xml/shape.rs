//! The schemas' content models as tables, and the one judge of them.
//!
//! Every frame is held against its shape before a value is made of it, so what breaks the schema is 2001 even when
//! something else in the frame is wrong as well. Shapes follow the published schemas to the letter, with one
//! exception: `xsi:type` is refused. Types come from the schema, never from the frame.

use super::chars::is_blank;
use super::simple::Simple;
use super::tree::{El, Space};
use crate::epp::ns::Ns;
use crate::refusal::{Offender, Reason, Refusal};

/// No bound on how often an element may come.
pub(in crate::epp) const MANY: usize = usize::MAX;

/// What an element may hold.
#[derive(Debug)]
pub(in crate::epp) enum Shape {
    /// `xs:anyType`: elements declared without a type.
    Any,
    /// Text and anything else in any order, and attributes.
    Mixed(&'static [AttrRule]),
    /// Attributes only, not even white space.
    Empty(&'static [AttrRule]),
    /// A text and attributes.
    Text(Simple, &'static [AttrRule]),
    /// Elements in this order, and attributes.
    Sequence(&'static [Part], &'static [AttrRule]),
    /// Elements of one of these kinds.
    Choice(&'static [Part]),
    /// Elements in the order of one of these, which differ in their last.
    Either(&'static [&'static [Part]]),
    /// Elements of one kind, no two with the same value of that attribute (`xs:unique`).
    Unique(&'static Part, &'static str),
    /// Elements of any namespace but that one, so many at most, and attributes.
    Foreign(&'static str, usize, &'static [AttrRule]),
}

/// One element of a content model.
#[derive(Debug)]
pub(in crate::epp) struct Part {
    name: &'static str,
    /// Its namespace, where that is not the one of the element it stands in.
    ns: Option<&'static str>,
    min: usize,
    max: usize,
    shape: &'static Shape,
}

/// One attribute; all of them are in no namespace.
#[derive(Debug)]
pub(in crate::epp) struct AttrRule {
    name: &'static str,
    required: bool,
    value: Simple,
}

/// An element that comes once.
pub(in crate::epp) const fn one(name: &'static str, shape: &'static Shape) -> Part {
    Part { name, ns: None, min: 1, max: 1, shape }
}

/// An element that may come once.
pub(in crate::epp) const fn opt(name: &'static str, shape: &'static Shape) -> Part {
    Part { name, ns: None, min: 0, max: 1, shape }
}

/// An element that comes `min` to `max` times.
pub(in crate::epp) const fn many(name: &'static str, min: usize, max: usize, shape: &'static Shape) -> Part {
    Part { name, ns: None, min, max, shape }
}

/// An element of another namespace that comes `min` to `max` times.
pub(in crate::epp) const fn elsewhere(
    ns: &'static str,
    name: &'static str,
    min: usize,
    max: usize,
    shape: &'static Shape,
) -> Part {
    Part { name, ns: Some(ns), min, max, shape }
}

/// An attribute that must be there.
pub(in crate::epp) const fn required(name: &'static str, value: Simple) -> AttrRule {
    AttrRule { name, required: true, value }
}

/// An attribute that may be there.
pub(in crate::epp) const fn optional(name: &'static str, value: Simple) -> AttrRule {
    AttrRule { name, required: false, value }
}

impl Shape {
    /// Whether the element is of this shape. The depth of shapes bounds the recursion.
    pub(in crate::epp) fn check(&self, el: El<'_>) -> Result<(), Refusal> {
        match self {
            Self::Any => check_any(std::iter::once(el).chain(el.descendants()), el),
            Self::Mixed(attrs) => {
                check_attrs(el, attrs)?;
                check_any(el.descendants(), el)
            }
            Self::Empty(attrs) => {
                check_attrs(el, attrs)?;
                no_children(el)?;
                if el.text().is_empty() { Ok(()) } else { Err(text_not_allowed(el)) }
            }
            Self::Text(value, attrs) => {
                check_attrs(el, attrs)?;
                no_children(el)?;
                value.check(el.text()).map_err(|wanted| el.refuse(Reason::BadValue).detail(wanted))
            }
            Self::Sequence(parts, attrs) => {
                check_attrs(el, attrs)?;
                only_elements(el)?;
                check_sequence(el, parts)
            }
            Self::Choice(parts) => {
                check_container(el)?;
                let Some(first) = el.children().next() else {
                    return Err(missing(el, parts.first().map_or("", |part| part.name)));
                };
                match parts.iter().find(|part| part.is(el, first)) {
                    Some(part) => check_sequence(el, std::slice::from_ref(part)),
                    None => Err(unexpected(first)),
                }
            }
            Self::Unique(part, attr) => {
                check_container(el)?;
                check_sequence(el, std::slice::from_ref(part))?;
                check_unique(el, attr)
            }
            Self::Either(all) => {
                check_container(el)?;
                let meant = |parts: &&&[Part]| {
                    parts.last().is_some_and(|last| el.children().any(|child| last.is(el, child)))
                };
                let parts = all.iter().find(meant).or(all.first());
                parts.map_or(Ok(()), |parts| check_sequence(el, parts))
            }
            Self::Foreign(except, max, attrs) => {
                check_attrs(el, attrs)?;
                only_elements(el)?;
                check_foreign(el, except, *max)
            }
        }
    }
}

/// An element with nothing but elements in it, and no attributes of its own.
pub(in crate::epp) fn check_container(el: El<'_>) -> Result<(), Refusal> {
    check_attrs(el, &[])?;
    only_elements(el)
}

impl Part {
    /// Local elements are in the namespace of the element they stand in.
    fn is(&self, parent: El<'_>, child: El<'_>) -> bool {
        let at_home = match self.ns {
            None => child.space() == parent.space(),
            Some(ns) => child.uri() == ns,
        };
        at_home && child.name() == self.name
    }
}

fn check_sequence(el: El<'_>, parts: &[Part]) -> Result<(), Refusal> {
    let mut children = el.children().peekable();
    for (at, part) in parts.iter().enumerate() {
        let mut found = 0;
        while found < part.max
            && let Some(child) = children.next_if(|child| part.is(el, *child))
        {
            part.shape.check(child)?;
            found += 1;
        }
        if found < part.min {
            // Either something is missing before what follows, or what follows has no place here at all.
            let later = parts.get(at + 1..).unwrap_or(&[]);
            return Err(match children.next() {
                Some(child) if !later.iter().any(|part| part.is(el, child)) => unexpected(child),
                _ => missing(el, part.name),
            });
        }
    }
    children.next().map_or(Ok(()), |rest| Err(unexpected(rest)))
}

fn check_unique(el: El<'_>, attr: &'static str) -> Result<(), Refusal> {
    let mut seen = Vec::new();
    for child in el.children() {
        let value = child.attr_token(attr);
        if seen.contains(&value) {
            let refusal = child.refuse(Reason::NotSchemaValid);
            return Err(refusal.detail(format!("attribute {attr} has the value of another")));
        }
        seen.push(value);
    }
    Ok(())
}

fn check_foreign(el: El<'_>, except: &str, max: usize) -> Result<(), Refusal> {
    let mut found = 0;
    for child in el.children() {
        found += 1;
        if found > max || child.space() == Space::None || child.uri() == except {
            return Err(unexpected(child));
        }
    }
    if found == 0 { Err(el.refuse(Reason::MissingElement)) } else { Ok(()) }
}

/// Anything may stand in an element without a type, as long as it does not use the names that the schemas declare.
fn check_any<'t>(all: impl Iterator<Item = El<'t>>, el: El<'t>) -> Result<(), Refusal> {
    for inside in all {
        let foreign = |name: &str| matches!(name, "nil" | "type");
        if let Some(attr) = inside.attrs().iter().find(|a| inside.schema_attr(a).is_some_and(foreign)) {
            return Err(attr_not_allowed(inside, attr.name));
        }
    }
    match el.descendants().find(|inside| is_global(*inside)) {
        Some(global) => Err(unexpected(global)),
        None => Ok(()),
    }
}

fn is_global(el: El<'_>) -> bool {
    match el.space() {
        Space::Known(Ns::Epp) => el.name() == "epp",
        Space::Known(Ns::Ext(ext)) => ext.globals().contains(&el.name()),
        Space::Known(_) => matches!(
            el.name(),
            "check"
                | "create"
                | "delete"
                | "info"
                | "renew"
                | "transfer"
                | "update"
                | "chkData"
                | "creData"
                | "infData"
                | "panData"
                | "renData"
                | "trnData"
        ),
        _ => false,
    }
}

fn check_attrs(el: El<'_>, rules: &[AttrRule]) -> Result<(), Refusal> {
    for attr in el.attrs() {
        match attr.space {
            Space::None => {
                let Some(rule) = rules.iter().find(|rule| rule.name == attr.name) else {
                    return Err(attr_not_allowed(el, attr.name));
                };
                rule.value.check(&attr.value).map_err(|wanted| {
                    el.refuse(Reason::BadValue).detail(format!("attribute {}, {wanted}", rule.name))
                })?;
            }
            _ => match el.schema_attr(attr) {
                Some("schemaLocation" | "noNamespaceSchemaLocation") => {}
                _ => return Err(attr_not_allowed(el, attr.name)),
            },
        }
    }
    match rules.iter().find(|rule| rule.required && el.attr(rule.name).is_none()) {
        Some(rule) => {
            Err(el.refuse(Reason::NotSchemaValid).detail(format!("attribute {} is missing", rule.name)))
        }
        None => Ok(()),
    }
}

fn only_elements(el: El<'_>) -> Result<(), Refusal> {
    if is_blank(el.text()) { Ok(()) } else { Err(text_not_allowed(el)) }
}

fn no_children(el: El<'_>) -> Result<(), Refusal> {
    el.children().next().map_or(Ok(()), |child| Err(unexpected(child)))
}

/// What is out of place is named without its text: nobody knows whether that is a secret.
pub(in crate::epp) fn unexpected(el: El<'_>) -> Refusal {
    Refusal::new(Reason::UnexpectedElement).at(el.bare_offender())
}

fn missing(parent: El<'_>, name: &'static str) -> Refusal {
    let offender = Offender { name: name.into(), ..parent.bare_offender() };
    Refusal::new(Reason::MissingElement).at(offender)
}

fn text_not_allowed(el: El<'_>) -> Refusal {
    Refusal::new(Reason::NotSchemaValid).at(el.bare_offender()).detail("text is not allowed here")
}

fn attr_not_allowed(el: El<'_>, name: &str) -> Refusal {
    let name: String = name.chars().take(64).collect();
    Refusal::new(Reason::NotSchemaValid)
        .at(el.bare_offender())
        .detail(format!("attribute {name} is not allowed here"))
}
