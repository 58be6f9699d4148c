//! XML as the client sees it: a small tree, to read results from, to show indented, and to cut a stream of
//! documents into frames. Prefixes are kept as they came; nothing is validated here.

use anyhow::{Context, bail};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::cli::out::{Colour, Paint};

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// Its name with its prefix.
    pub name: String,
    /// Attributes in order, namespace declarations included, values as written.
    pub attributes: Vec<(String, String)>,
    /// The text directly in it, references resolved, without white space around it.
    pub text: String,
    /// Elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// Reads a document.
    ///
    /// # Errors
    /// When it is not well-formed.
    pub fn parse(xml: &str) -> anyhow::Result<Self> {
        read_one(xml)?.map(|(element, _)| element).context("no element")
    }

    /// Its name without the prefix.
    #[must_use]
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    /// An attribute's value.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every element of that local name below, in document order.
    #[must_use]
    pub fn all(&self, local: &str) -> Vec<&Self> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.local() == local {
                found.push(child);
            }
            found.extend(child.all(local));
        }
        found
    }

    /// The first element of that local name below.
    #[must_use]
    pub fn first(&self, local: &str) -> Option<&Self> {
        self.all(local).first().copied()
    }

    /// The document indented. The text of passwords is masked where `mask` says so.
    #[must_use]
    pub fn indented(&self, paint: Paint, mask: Mask) -> String {
        let mut out = String::new();
        self.write(&mut out, 0, paint, mask);
        out
    }

    fn write(&self, out: &mut String, depth: usize, paint: Paint, mask: Mask) {
        let pad = "  ".repeat(depth);
        let mut tag = format!("<{}", self.name);
        for (name, value) in &self.attributes {
            tag.push_str(&format!(" {name}=\"{value}\""));
        }
        let dim = |text: &str| paint.paint(Colour::Dim, text);
        if self.children.is_empty() && self.text.is_empty() {
            out.push_str(&format!("{pad}{}\n", dim(&format!("{tag}/>"))));
            return;
        }
        let text = match mask {
            Mask::Secrets if matches!(self.local(), "pw" | "newPW") && !self.text.is_empty() => "***".into(),
            _ => quick_xml::escape::minimal_escape(self.text.as_str()),
        };
        let (open, close) = (dim(&format!("{tag}>")), dim(&format!("</{}>", self.name)));
        if self.children.is_empty() {
            out.push_str(&format!("{pad}{open}{text}{close}\n"));
            return;
        }
        out.push_str(&format!("{pad}{open}\n"));
        if !text.is_empty() {
            out.push_str(&format!("{pad}  {text}\n"));
        }
        for child in &self.children {
            child.write(out, depth + 1, paint, mask);
        }
        out.push_str(&format!("{pad}{close}\n"));
    }
}

/// Whether passwords are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// They are masked.
    Secrets,
    /// Everything is shown.
    Nothing,
}

/// Cuts a text into the documents that stand in it one after another. What is no well-formed document is one
/// piece to the end: whoever sends it wants to see the server's answer to it.
#[must_use]
pub fn documents(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let length = match read_one(rest) {
            Ok(Some((_, length))) => length,
            Ok(None) | Err(_) => rest.len(),
        };
        found.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    found
}

/// The first document of a text and where it ends.
fn read_one(xml: &str) -> anyhow::Result<Option<(Element, usize)>> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let closed = match reader.read_event()? {
            Event::Start(start) => {
                open.push(element(&start)?);
                None
            }
            Event::Empty(start) => Some(element(&start)?),
            Event::End(_) => {
                let mut done = open.pop().context("an end without its beginning")?;
                done.text = done.text.trim().to_owned();
                Some(done)
            }
            Event::Text(text) => {
                match open.last_mut() {
                    Some(element) => element.text.push_str(&text),
                    None if text.trim().is_empty() => {}
                    None => bail!("text outside of an element"),
                }
                None
            }
            Event::CData(text) => {
                open.last_mut().context("text outside of an element")?.text.push_str(&text);
                None
            }
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref()? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::unescape(&format!("&{};", &*reference))?.into_owned(),
                };
                open.last_mut().context("text outside of an element")?.text.push_str(&text);
                None
            }
            Event::Eof if open.is_empty() => return Ok(None),
            Event::Eof => bail!("the document is not complete"),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => None,
        };
        match (closed, open.last_mut()) {
            (Some(element), Some(parent)) => parent.children.push(element),
            (Some(element), None) => {
                let end = usize::try_from(reader.buffer_position()).unwrap_or(xml.len());
                return Ok(Some((element, end)));
            }
            (None, _) => {}
        }
    }
}

fn element(start: &BytesStart<'_>) -> anyhow::Result<Element> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        attributes.push((attribute.key.0.to_owned(), attribute.value.into_owned()));
    }
    Ok(Element { name: start.name().0.to_owned(), attributes, ..Element::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_cut_where_they_end() {
        let text = "<?xml version=\"1.0\"?>\n<a><a/></a>\n\n<!-- x --><?xml version=\"1.0\"?><b/>\n<c>";
        let found = documents(text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].ends_with("</a>") && found[1].ends_with("<b/>") && found[2] == "<c>");
    }

    #[test]
    fn a_document_is_shown_indented_with_its_secrets_masked() {
        let xml = "<e:a xmlns:e='u'><e:pw>se&amp;cret</e:pw><b x=\"1\"/><c>a &lt; b</c></e:a>";
        let element = Element::parse(xml).unwrap();
        let paint = Paint::of(&std::fs::File::open("/dev/null").unwrap());
        assert_eq!(
            element.indented(paint, Mask::Secrets),
            "<e:a xmlns:e=\"u\">\n  <e:pw>***</e:pw>\n  <b x=\"1\"/>\n  <c>a &lt; b</c>\n</e:a>\n"
        );
        assert_eq!(element.first("pw").unwrap().text, "se&cret");
    }
}
