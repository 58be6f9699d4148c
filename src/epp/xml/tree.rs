//! A frame's elements, read once: well-formed XML 1.0 with namespaces, bounded in every direction.
//!
//! quick-xml cuts the text into tokens and matches the tags; what it does not look at is looked at here: names,
//! references, `]]>` in text, `<` in attributes, the declaration, exactly one root, and namespaces. There is no
//! recursion: elements lie in document order in one vector, each with the index behind its last descendant.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::source::Encoding;
use super::{XML, XMLNS, XSI, chars, simple};
use crate::epp::ns::Ns;
use crate::refusal::{Offender, Reason, Refusal};

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
/// Characters of an element's text that are shown to whoever sent it.
const SHOWN: usize = 255;

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
}

fn malformed(detail: &'static str) -> Refusal {
    Refusal::new(Reason::NotWellFormed).detail(detail)
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
            tree: Tree { nodes: Vec::with_capacity(32), attrs: Vec::with_capacity(8), uris: Vec::new() },
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
        if !prefix.is_empty() && !chars::is_ncname(prefix) {
            return Err(malformed("a namespace prefix is not a valid name"));
        }
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

/// The attributes of a tag or a declaration, one after another.
struct Attributes<'i> {
    rest: &'i str,
}

impl<'i> Attributes<'i> {
    fn next(&mut self) -> Result<Option<(&'i str, Cow<'i, str>)>, Refusal> {
        let begin = self.rest.trim_start_matches(chars::is_space);
        if begin.is_empty() {
            return Ok(None);
        }
        if begin.len() == self.rest.len() {
            return Err(malformed("attributes are separated by white space"));
        }
        let Some((name, behind)) = begin.split_once('=') else {
            return Err(malformed("an attribute has no value"));
        };
        let behind = behind.trim_start_matches(chars::is_space);
        let quote = match behind.as_bytes().first() {
            Some(b'"') => '"',
            Some(b'\'') => '\'',
            _ => return Err(malformed("a value of an attribute is not quoted")),
        };
        let Some((value, rest)) = behind.get(1..).and_then(|quoted| quoted.split_once(quote)) else {
            return Err(malformed("a value of an attribute does not end"));
        };
        self.rest = rest;
        Ok(Some((name.trim_end_matches(chars::is_space), attribute_value(value)?)))
    }
}

/// XML 1.0 section 3.3.3: white space becomes blanks, references are replaced.
fn attribute_value(raw: &str) -> Result<Cow<'_, str>, Refusal> {
    if !raw.bytes().any(|b| matches!(b, b'&' | b'<' | b'\t' | b'\n' | b'\r')) {
        return Ok(Cow::Borrowed(raw));
    }
    if raw.contains('<') {
        return Err(malformed("< in the value of an attribute"));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        let (plain, special) = rest.split_at(at);
        value.push_str(plain);
        if let Some(named) = special.strip_prefix('&') {
            let Some((name, behind)) = named.split_once(';') else {
                return Err(malformed("& begins a reference, which ends with a semicolon"));
            };
            value.push(referenced(name)?);
            rest = behind;
        } else {
            value.push(' ');
            rest = special.strip_prefix("\r\n").unwrap_or_else(|| special.get(1..).unwrap_or(""));
        }
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

fn referenced(name: &str) -> Result<char, Refusal> {
    chars::reference(name)
        .ok_or_else(|| malformed("only the five entities and characters by number are known"))
}

/// XML 1.0 section 2.11: every line ends with a line feed.
fn ends_normalised(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

fn check_instruction(raw: &str) -> Result<(), Refusal> {
    let inner = between(raw, 2, 2);
    let target = inner.split(chars::is_space).next().unwrap_or("");
    if chars::is_ncname(target) && !target.eq_ignore_ascii_case("xml") {
        Ok(())
    } else {
        Err(malformed("a processing instruction has no valid name"))
    }
}

/// `<?xml version="1.0" encoding=".." standalone=".."?>`, the last two optional, in this order.
fn check_declaration(raw: &str, encoding: Encoding) -> Result<(), Refusal> {
    let mut scan = Attributes { rest: between(raw, 5, 2) };
    let wrong = || malformed("the XML declaration is not one");
    let mut expected: &[&str] = &["version", "encoding", "standalone"];
    while let Some((name, value)) = scan.next()? {
        let at = expected.iter().position(|e| *e == name).ok_or_else(wrong)?;
        let fits = match name {
            "version" => value == "1.0",
            "encoding" => encoding.is_called(&value),
            _ => matches!(&*value, "yes" | "no"),
        };
        if !fits {
            return Err(malformed(match name {
                "version" => "the frame is not XML 1.0",
                "encoding" => "the declared encoding is not the one the frame is in",
                _ => "standalone is yes or no",
            }));
        }
        // The version is not optional.
        if expected.len() == 3 && at != 0 {
            return Err(wrong());
        }
        expected = expected.get(at + 1..).unwrap_or(&[]);
    }
    if expected.len() == 3 { Err(wrong()) } else { Ok(()) }
}

/// A token without so many bytes at its front and its back.
fn between(raw: &str, front: usize, back: usize) -> &str {
    raw.get(front..raw.len().saturating_sub(back)).unwrap_or("")
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// One element of a tree.
#[derive(Clone, Copy, Debug)]
pub(in crate::epp) struct El<'t> {
    tree: &'t Tree<'t>,
    at: usize,
}

impl<'t> El<'t> {
    fn node(self) -> &'t Node<'t> {
        // An El is only made of indices that exist.
        &self.tree.nodes[self.at]
    }

    /// Local name.
    pub(in crate::epp) fn name(self) -> &'t str {
        self.node().name
    }

    /// Namespace.
    pub(in crate::epp) fn space(self) -> Space {
        self.node().space
    }

    /// Namespace URI; empty for none.
    pub(in crate::epp) fn uri(self) -> &'t str {
        self.tree.uri(self.node().space)
    }

    /// Whether it has that name in that namespace.
    pub(in crate::epp) fn is(self, ns: Ns, name: &str) -> bool {
        self.node().space == Space::Known(ns) && self.node().name == name
    }

    /// Character data as it stands.
    pub(in crate::epp) fn text(self) -> &'t str {
        &self.node().text
    }

    /// Its text as `xs:token`.
    pub(in crate::epp) fn token(self) -> Cow<'t, str> {
        simple::collapse(self.text())
    }

    /// Its text as `xs:normalizedString`.
    pub(in crate::epp) fn line(self) -> Cow<'t, str> {
        simple::normalize(self.text())
    }

    /// Child elements.
    pub(in crate::epp) fn children(self) -> impl Iterator<Item = El<'t>> {
        let (tree, end) = (self.tree, self.node().end);
        let first = (self.at + 1 < end).then_some(El { tree, at: self.at + 1 });
        std::iter::successors(first, move |el| {
            let next = el.node().end;
            (next < end).then_some(El { tree, at: next })
        })
    }

    /// The elements inside, at any depth.
    pub(in crate::epp) fn descendants(self) -> impl Iterator<Item = El<'t>> {
        let tree = self.tree;
        (self.at + 1..self.node().end).map(move |at| El { tree, at })
    }

    /// The first child of that name in this element's own namespace.
    pub(in crate::epp) fn child(self, name: &str) -> Option<El<'t>> {
        self.children_named(name).next()
    }

    /// The first child of that name, which the shape says is there.
    pub(in crate::epp) fn need(self, name: &'static str) -> Result<El<'t>, Refusal> {
        let missing = || Offender { name: name.into(), ..self.bare_offender() };
        self.child(name).ok_or_else(|| Refusal::new(Reason::MissingElement).at(missing()))
    }

    /// The children of that name in this element's own namespace.
    pub(in crate::epp) fn children_named<'n>(
        self,
        name: &'n str,
    ) -> impl Iterator<Item = El<'t>> + use<'t, 'n> {
        let space = self.space();
        self.children().filter(move |el| el.name() == name && el.space() == space)
    }

    /// Attributes without the namespace declarations.
    pub(in crate::epp) fn attrs(self) -> &'t [Attr<'t>] {
        let next = self.tree.nodes.get(self.at + 1).map_or(self.tree.attrs.len(), |node| node.attrs);
        self.tree.attrs.get(self.node().attrs..next).unwrap_or(&[])
    }

    /// The value of an attribute in no namespace.
    pub(in crate::epp) fn attr(self, name: &str) -> Option<&'t str> {
        self.attrs().iter().find(|a| a.space == Space::None && a.name == name).map(|a| &*a.value)
    }

    /// The value of an attribute in no namespace, as `xs:token`.
    pub(in crate::epp) fn attr_token(self, name: &str) -> Option<Cow<'t, str>> {
        self.attr(name).map(simple::collapse)
    }

    /// Whether an attribute is one of XML Schema's own, and which.
    pub(in crate::epp) fn schema_attr(self, attr: &Attr<'t>) -> Option<&'t str> {
        (self.tree.uri(attr.space) == XSI).then_some(attr.name)
    }

    /// This element as the one at fault, without its text.
    pub(in crate::epp) fn bare_offender(self) -> Offender {
        let uri = match self.space() {
            Space::Known(ns) => Cow::Borrowed(ns.uri()),
            _ => Cow::Owned(self.uri().to_owned()),
        };
        let name = self.name().chars().take(SHOWN).collect::<String>();
        Offender { uri, name: Cow::Owned(name), text: String::new() }
    }

    /// This element as the one at fault, with its text where that cannot be a secret.
    pub(in crate::epp) fn offender(self) -> Offender {
        let secret = matches!(self.name(), "pw" | "newPW");
        let text = if secret { String::new() } else { self.token().chars().take(SHOWN).collect() };
        Offender { text, ..self.bare_offender() }
    }

    /// A refusal that names this element and its text.
    pub(in crate::epp) fn refuse(self, reason: Reason) -> Refusal {
        Refusal::new(reason).at(self.offender())
    }
}
