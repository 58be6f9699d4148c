//! A document as canonical XML needs it: prefixes, declarations, and text in its place. It is read from a text that
//! [`Tree`] took already, so that what is not well-formed, has a document type or is too large never comes here.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::SmdFault;
use crate::epp::xml::lexis::{Attributes, between, ends_normalised, referenced};
use crate::epp::xml::source::Encoding;
use crate::epp::xml::tree::Tree;
use crate::epp::xml::{XML, chars};

/// A document.
#[derive(Debug)]
pub(super) struct Document<'x> {
    pub(super) elements: Vec<Element<'x>>,
}

/// An element.
#[derive(Debug)]
pub(super) struct Element<'x> {
    pub(super) parent: Option<usize>,
    pub(super) prefix: &'x str,
    pub(super) name: &'x str,
    pub(super) uri: String,
    /// Prefix (empty for the default) and namespace.
    pub(super) declared: Vec<(&'x str, String)>,
    pub(super) attrs: Vec<Attribute<'x>>,
    pub(super) content: Vec<Content<'x>>,
}

/// An attribute that declares no namespace.
#[derive(Debug)]
pub(super) struct Attribute<'x> {
    pub(super) prefix: &'x str,
    pub(super) name: &'x str,
    pub(super) uri: String,
    pub(super) value: String,
}

/// What stands in an element.
#[derive(Debug)]
pub(super) enum Content<'x> {
    Element(usize),
    Text(Cow<'x, str>),
}

impl<'x> Document<'x> {
    /// Reads a document. Comments are left out, as canonical XML without comments does; a processing instruction is
    /// part of what is signed, and no mark has one.
    pub(super) fn read(text: &'x str) -> Result<Self, SmdFault> {
        const BROKEN: SmdFault = SmdFault::Form("it is not well-formed XML");
        Tree::read(text, Encoding::Utf8).map_err(|_| BROKEN)?;
        let mut reader = Reader::from_str(text);
        let mut document = Self { elements: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        loop {
            let from = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|_| BROKEN)?;
            let raw = text.get(from..offset(reader.buffer_position())).unwrap_or("");
            match event {
                Event::Start(_) => {
                    let at = document.start(between(raw, 1, 1), open.last().copied())?;
                    open.push(at);
                }
                Event::Empty(_) => drop(document.start(between(raw, 1, 2), open.last().copied())?),
                Event::End(_) => drop(open.pop()),
                Event::Text(_) => document.text(&open, ends_normalised(raw)),
                Event::CData(_) => document.text(&open, ends_normalised(between(raw, 9, 3))),
                Event::GeneralRef(_) => {
                    let character = referenced(between(raw, 1, 1)).map_err(|_| BROKEN)?;
                    document.text(&open, Cow::Owned(character.into()));
                }
                Event::PI(_) if !open.is_empty() => {
                    return Err(SmdFault::Form("it has a processing instruction"));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::DocType(_) => return Err(BROKEN),
                Event::Eof => return Ok(document),
            }
        }
    }

    /// The outermost element.
    pub(super) fn root(&self) -> usize {
        0
    }

    /// The element of that name that has so many before it in the document.
    pub(super) fn nth(&self, uri: &str, name: &str, before: usize) -> Option<usize> {
        let is = |at: &usize| self.elements[*at].uri == uri && self.elements[*at].name == name;
        (0..self.elements.len()).filter(is).nth(before)
    }

    /// The child elements of that name.
    pub(super) fn children(&self, of: usize, uri: &str, name: &str) -> Vec<usize> {
        let inside = self.elements[of].content.iter().filter_map(|content| match content {
            Content::Element(at) => Some(*at),
            Content::Text(_) => None,
        });
        inside.filter(|at| self.elements[*at].uri == uri && self.elements[*at].name == name).collect()
    }

    /// The text of an element that has no other content, without white space.
    pub(super) fn packed(&self, of: usize) -> String {
        let texts = self.elements[of].content.iter().filter_map(|content| match content {
            Content::Element(_) => None,
            Content::Text(text) => Some(text),
        });
        texts.flat_map(|text| text.chars()).filter(|c| !chars::is_space(*c)).collect()
    }

    /// The value of an attribute in no namespace.
    pub(super) fn attr(&self, of: usize, name: &str) -> Option<&str> {
        let attrs = &self.elements[of].attrs;
        attrs.iter().find(|attr| attr.prefix.is_empty() && attr.name == name).map(|attr| attr.value.as_str())
    }

    /// What a prefix stands for at an element.
    pub(super) fn resolve(&self, at: usize, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let mut next = Some(at);
        while let Some(at) = next {
            let element = &self.elements[at];
            if let Some((_, uri)) = element.declared.iter().find(|(declared, _)| *declared == prefix) {
                return Some(uri);
            }
            next = element.parent;
        }
        prefix.is_empty().then_some("")
    }

    fn start(&mut self, tag: &'x str, parent: Option<usize>) -> Result<usize, SmdFault> {
        const BROKEN: SmdFault = SmdFault::Form("it is not well-formed XML");
        let (qname, rest) = tag.split_at(tag.find(chars::is_space).unwrap_or(tag.len()));
        let (prefix, name) = chars::split_qname(qname).ok_or(BROKEN)?;
        let prefix = prefix.unwrap_or("");
        let (mut declared, mut named) = (Vec::new(), Vec::new());
        let mut scan = Attributes { rest };
        while let Some((qname, value)) = scan.next().map_err(|_| BROKEN)? {
            match qname.strip_prefix("xmlns:") {
                Some(prefix) => declared.push((prefix, value.into_owned())),
                None if qname == "xmlns" => declared.push(("", value.into_owned())),
                None => named.push((chars::split_qname(qname).ok_or(BROKEN)?, value.into_owned())),
            }
        }
        let at = self.elements.len();
        let (uri, attrs, content) = (String::new(), Vec::new(), Vec::new());
        self.elements.push(Element { parent, prefix, name, uri, declared, attrs, content });
        let resolved =
            |document: &Self, prefix: &str| document.resolve(at, prefix).map(str::to_owned).ok_or(BROKEN);
        self.elements[at].uri = resolved(self, prefix)?;
        for ((prefix, name), value) in named {
            // The default namespace does not extend to attributes.
            let uri = prefix.map_or(Ok(String::new()), |prefix| resolved(self, prefix))?;
            self.elements[at].attrs.push(Attribute { prefix: prefix.unwrap_or(""), name, uri, value });
        }
        if let Some(parent) = parent {
            self.elements[parent].content.push(Content::Element(at));
        }
        Ok(at)
    }

    fn text(&mut self, open: &[usize], text: Cow<'x, str>) {
        if let Some(at) = open.last() {
            self.elements[*at].content.push(Content::Text(text));
        }
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
