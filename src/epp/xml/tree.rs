//! A frame's elements, read once: well-formed XML 1.0 with namespaces, bounded in every direction.
//!
//! quick-xml cuts the text into tokens and matches the tags; what it does not look at is looked at here: names,
//! references, `]]>` in text, `<` in attributes, the declaration, exactly one root, and namespaces. There is no
//! recursion: elements lie in document order in one vector, each with the index behind its last descendant.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

pub(in crate::epp) use element::El;

use super::lexis::{
    Attributes, between, check_declaration, check_instruction, ends_normalised, malformed, referenced,
};
use super::source::Encoding;
use super::{XML, XMLNS, chars};
use crate::epp::ns::Ns;
use crate::refusal::{Reason, Refusal};

mod element;

/// Elements inside each other. The deepest of RFC 5730 to 5733 has eight.
const MAX_DEPTH: usize = 32;
/// Elements of one frame.
const MAX_ELEMENTS: usize = 10_000;
/// Attributes of one element, namespace declarations included.
const MAX_ATTRIBUTES: usize = 64;
/// Namespace declarations in force at one place.
const MAX_BINDINGS: usize = 64;
/// Different namespaces of one frame beside the known ones.
const MAX_NAMESPACES: usize = 64;

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::epp) enum Space {
    /// No namespace.
    None,
    /// One this server knows.
    Known(Ns),
    /// Another one, by its place in [`Tree::uris`].
    Other(u16),
}

#[derive(Debug)]
struct Node<'i> {
    space: Space,
    name: &'i str,
    /// Where its attributes begin; they end where those of the next element begin.
    attrs: usize,
    /// The index behind its last descendant.
    end: usize,
    /// Its character data; blanks behind a child element are left out.
    text: Cow<'i, str>,
}

/// One attribute, its value normalised as XML asks and no further.
#[derive(Debug)]
pub(in crate::epp) struct Attr<'i> {
    pub(in crate::epp) space: Space,
    pub(in crate::epp) name: &'i str,
    pub(in crate::epp) value: Cow<'i, str>,
}

/// A frame's elements.
#[derive(Debug)]
pub(in crate::epp) struct Tree<'i> {
    nodes: Vec<Node<'i>>,
    attrs: Vec<Attr<'i>>,
    uris: Vec<String>,
    /// What it was read from.
    source: &'i str,
}

fn too_much(detail: &'static str) -> Refusal {
    Refusal::new(Reason::XmlLimit).detail(detail)
}

impl<'i> Tree<'i> {
    /// Reads a frame.
    pub(in crate::epp) fn read(text: &'i str, encoding: Encoding) -> Result<Self, Refusal> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        let mut builder = Builder {
            tree: Tree {
                nodes: Vec::with_capacity(32),
                attrs: Vec::with_capacity(8),
                uris: Vec::new(),
                source: text,
            },
            open: Vec::with_capacity(8),
            bindings: Vec::with_capacity(8),
            pending: Vec::new(),
        };
        loop {
            let from = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|_| {
                let at = reader.error_position();
                Refusal::new(Reason::NotWellFormed).detail(format!("the markup at offset {at} is broken"))
            })?;
            // Positions give slices that live as long as the frame, which the event's own do not.
            let raw = text.get(from..offset(reader.buffer_position())).unwrap_or("");
            match event {
                Event::Start(_) => builder.start(between(raw, 1, 1))?,
                Event::Empty(_) => {
                    builder.start(between(raw, 1, 2))?;
                    builder.end();
                }
                Event::End(_) => builder.end(),
                Event::Text(_) if raw.contains("]]>") => return Err(malformed("]]> in text")),
                Event::Text(_) => builder.text(ends_normalised(raw))?,
                Event::CData(_) => {
                    builder.inside()?;
                    builder.text(ends_normalised(between(raw, 9, 3)))?;
                }
                Event::GeneralRef(_) => {
                    builder.inside()?;
                    builder.text(Cow::Owned(referenced(between(raw, 1, 1))?.into()))?;
                }
                Event::Comment(_) => {}
                Event::PI(_) => check_instruction(raw)?,
                Event::Decl(_) if from == 0 => check_declaration(raw, encoding)?,
                Event::Decl(_) => return Err(malformed("the XML declaration comes first or not at all")),
                Event::DocType(_) => return Err(Reason::DoctypeRefused.into()),
                Event::Eof => break,
            }
        }
        if !builder.open.is_empty() {
            return Err(malformed("an element is not closed"));
        }
        if builder.tree.nodes.is_empty() {
            return Err(malformed("there is no element"));
        }
        Ok(builder.tree)
    }

    /// The outermost element.
    pub(in crate::epp) fn root(&self) -> El<'_> {
        El { tree: self, at: 0 }
    }

    fn uri(&self, space: Space) -> &str {
        match space {
            Space::None => "",
            Space::Known(ns) => ns.uri(),
            Space::Other(at) => self.uris.get(usize::from(at)).map_or("", |uri| uri),
        }
    }
}

struct Builder<'i> {
    tree: Tree<'i>,
    /// The open elements, each with the number of bindings that were in force around it.
    open: Vec<(usize, usize)>,
    /// Prefix (empty for the default) and what it stands for, the innermost last.
    bindings: Vec<(&'i str, Space)>,
    /// Attributes of the element at hand, until its own declarations are in force.
    pending: Vec<(&'i str, Cow<'i, str>)>,
}

impl<'i> Builder<'i> {
    fn start(&mut self, tag: &'i str) -> Result<(), Refusal> {
        if self.open.is_empty() && !self.tree.nodes.is_empty() {
            return Err(malformed("there is more than one root element"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(too_much("elements inside elements, 32 deep"));
        }
        if self.tree.nodes.len() == MAX_ELEMENTS {
            return Err(too_much("10000 elements"));
        }
        let (qname, rest) = tag.split_at(tag.find(chars::is_space).unwrap_or(tag.len()));
        let Some((prefix, name)) = chars::split_qname(qname) else {
            return Err(malformed("an element has no valid name"));
        };
        let around = self.bindings.len();
        let attrs = self.tree.attrs.len();
        if !rest.is_empty() {
            self.attributes(rest)?;
        }
        let space = self.resolve(prefix.unwrap_or(""))?;
        let at = self.tree.nodes.len();
        self.tree.nodes.push(Node { space, name, attrs, end: at + 1, text: Cow::Borrowed("") });
        self.open.push((at, around));
        Ok(())
    }

    fn end(&mut self) {
        if let Some((at, around)) = self.open.pop() {
            self.bindings.truncate(around);
            let end = self.tree.nodes.len();
            if let Some(node) = self.tree.nodes.get_mut(at) {
                node.end = end;
            }
        }
    }

    fn inside(&self) -> Result<(), Refusal> {
        if self.open.is_empty() { Err(malformed("text outside the root element")) } else { Ok(()) }
    }

    fn text(&mut self, piece: Cow<'i, str>) -> Result<(), Refusal> {
        let Some(&(at, _)) = self.open.last() else {
            return if chars::is_blank(&piece) {
                Ok(())
            } else {
                Err(malformed("text outside the root element"))
            };
        };
        let last = self.tree.nodes.len() == at + 1;
        let Some(node) = self.tree.nodes.get_mut(at) else { return Ok(()) };
        if node.text.is_empty() && last {
            node.text = piece;
        } else if last || !chars::is_blank(&piece) {
            node.text.to_mut().push_str(&piece);
        }
        Ok(())
    }

    fn attributes(&mut self, rest: &'i str) -> Result<(), Refusal> {
        self.pending.clear();
        let mut scan = Attributes { rest };
        while let Some((qname, value)) = scan.next()? {
            if self.pending.len() == MAX_ATTRIBUTES {
                return Err(too_much("64 attributes in one element"));
            }
            if self.pending.iter().any(|(other, _)| *other == qname) {
                return Err(malformed("an attribute is given twice"));
            }
            if qname == "xmlns" {
                self.declare("", &value)?;
            } else if let Some(prefix) = qname.strip_prefix("xmlns:") {
                if !chars::is_ncname(prefix) {
                    return Err(malformed("a namespace prefix is not a valid name"));
                }
                self.declare(prefix, &value)?;
            }
            self.pending.push((qname, value));
        }
        let first = self.tree.attrs.len();
        let mut pending = std::mem::take(&mut self.pending);
        for (qname, value) in pending.drain(..) {
            if qname == "xmlns" || qname.starts_with("xmlns:") {
                continue;
            }
            let Some((prefix, name)) = chars::split_qname(qname) else {
                return Err(malformed("an attribute has no valid name"));
            };
            // The default namespace does not extend to attributes.
            let space = prefix.map_or(Ok(Space::None), |prefix| self.resolve(prefix))?;
            let own = self.tree.attrs.get(first..).unwrap_or(&[]);
            if space != Space::None && own.iter().any(|a| a.space == space && a.name == name) {
                return Err(malformed("an attribute is given twice"));
            }
            self.tree.attrs.push(Attr { space, name, value });
        }
        self.pending = pending;
        Ok(())
    }

    /// Namespaces in XML 1.0, sections 3 and 5.
    fn declare(&mut self, prefix: &'i str, uri: &str) -> Result<(), Refusal> {
        if (prefix == "xml") != (uri == XML) || prefix == "xmlns" || uri == XMLNS {
            return Err(malformed("xml and xmlns are reserved"));
        }
        if uri.is_empty() && !prefix.is_empty() {
            return Err(malformed("a prefix stands for an empty namespace"));
        }
        if self.bindings.len() == MAX_BINDINGS {
            return Err(too_much("64 namespace declarations"));
        }
        let space = self.intern(uri)?;
        self.bindings.push((prefix, space));
        Ok(())
    }

    fn resolve(&mut self, prefix: &str) -> Result<Space, Refusal> {
        match self.bindings.iter().rev().find(|(bound, _)| *bound == prefix) {
            Some((_, space)) => Ok(*space),
            None if prefix.is_empty() => Ok(Space::None),
            None if prefix == "xml" => self.intern(XML),
            None => Err(malformed("a prefix stands for no namespace")),
        }
    }

    fn intern(&mut self, uri: &str) -> Result<Space, Refusal> {
        if uri.is_empty() {
            return Ok(Space::None);
        }
        if let Some(ns) = Ns::from_uri(uri) {
            return Ok(Space::Known(ns));
        }
        let at = self.tree.uris.iter().position(|known| known == uri).unwrap_or(self.tree.uris.len());
        if at == MAX_NAMESPACES {
            return Err(too_much("64 namespaces"));
        }
        if at == self.tree.uris.len() {
            self.tree.uris.push(uri.to_owned());
        }
        u16::try_from(at).map(Space::Other).map_err(|_| too_much("64 namespaces"))
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
