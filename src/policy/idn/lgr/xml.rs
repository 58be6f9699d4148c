//! The XML of a table: elements with the lines they stand on. Well-formed, in the one namespace, without entities or a
//! document type, and bounded in size, depth and number.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Fault;

/// RFC 7940 section 4.1.
const NAMESPACE: &str = "urn:ietf:params:xml:ns:lgr-1.0";

/// Bytes of one table. The largest published ones, of Han, have some two million.
const MAX_BYTES: usize = 8 << 20;
const MAX_DEPTH: usize = 24;
const MAX_ELEMENTS: usize = 250_000;

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    /// Counted from 1.
    pub(super) line: usize,
    attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// A fault of this element.
    pub(super) fn fault(&self, what: impl Into<String>) -> Fault {
        Fault { line: self.line, what: what.into() }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that must be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, Fault> {
        self.attribute(name).ok_or_else(|| self.fault(format!("<{}> has no {name}", self.name)))
    }

    /// The values of a list.
    pub(super) fn words(&self, name: &str) -> Vec<&str> {
        self.attribute(name).map(|text| text.split_whitespace().collect()).unwrap_or_default()
    }

    /// Refuses every attribute that is not one of these; `comment` and `ref` may stand everywhere.
    pub(super) fn only(&self, names: &[&str]) -> Result<(), Fault> {
        let known = |name: &str| names.contains(&name) || matches!(name, "comment" | "ref");
        match self.attributes.iter().find(|(name, _)| !known(name)) {
            Some((name, _)) => Err(self.fault(format!("<{}> takes no attribute {name}", self.name))),
            None => Ok(()),
        }
    }
}

/// Reads a document; its outermost element is `lgr`.
pub(super) fn read(text: &str) -> Result<Element, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(Fault { line: 1, what: format!("a table has at most {MAX_BYTES} bytes") });
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut builder = Builder::default();
    loop {
        let from = offset(reader.buffer_position());
        let line = lines.of(from);
        let fault = |what: &str| Fault { line, what: what.to_owned() };
        let event = reader.read_event().map_err(|cause| fault(&format!("the XML is broken: {cause}")))?;
        match event {
            Event::Start(start) => builder.start(&start, line)?,
            Event::Empty(start) => {
                builder.start(&start, line)?;
                builder.end(line)?;
            }
            Event::End(_) => builder.end(line)?,
            Event::Text(_) => {
                let raw = text.get(from..offset(reader.buffer_position())).unwrap_or("");
                if raw.contains("]]>") {
                    return Err(fault("]]> in text"));
                }
                builder.text(raw, line)?;
            }
            Event::CData(_) => {
                let raw = text.get(from..offset(reader.buffer_position())).unwrap_or("");
                let inner = raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>"));
                builder.text(inner.unwrap_or(""), line)?;
            }
            Event::GeneralRef(_) => {
                let raw = text.get(from..offset(reader.buffer_position())).unwrap_or("");
                let c = referenced(raw.trim_matches(['&', ';']))
                    .ok_or_else(|| fault("only the five entities and characters by number are known"))?;
                builder.text(c.encode_utf8(&mut [0; 4]), line)?;
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Decl(_) if from == 0 => {}
            Event::Decl(_) => return Err(fault("the XML declaration comes first or not at all")),
            Event::DocType(_) => return Err(fault("a document type declaration is not accepted")),
            Event::Eof => break,
        }
    }
    let line = lines.of(text.len());
    match (builder.open.pop(), builder.root) {
        (Some(open), _) => Err(open.fault(format!("<{}> is not closed", open.name))),
        (None, None) => Err(Fault { line, what: "there is no element".to_owned() }),
        (None, Some(root)) => Ok(root),
    }
}

#[derive(Default)]
struct Builder {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    /// With its colon, as the outermost element has it.
    prefix: String,
}

impl Builder {
    fn start(&mut self, start: &BytesStart<'_>, line: usize) -> Result<(), Fault> {
        let fault = |what: String| Fault { line, what };
        if self.root.is_some() {
            return Err(fault("there is more than one outermost element".to_owned()));
        }
        self.elements += 1;
        if self.open.len() == MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(fault(format!(
                "a table is at most {MAX_DEPTH} deep and has {MAX_ELEMENTS} elements"
            )));
        }
        let written = start.name().as_ref().to_owned();
        let mut attributes: Vec<(String, String)> = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|cause| fault(format!("an attribute is broken: {cause}")))?;
            let name = attribute.key.as_ref().to_owned();
            let value =
                unescaped(&attribute.value).ok_or_else(|| fault(format!("the value of {name} is broken")))?;
            attributes.push((name, value));
        }
        if self.open.is_empty() {
            let prefix = written.split_once(':').map_or("", |(prefix, _)| prefix);
            let declared = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            let space = attributes.iter().find(|(name, _)| *name == declared).map(|(_, uri)| uri.as_str());
            if space != Some(NAMESPACE) {
                return Err(fault(format!("the outermost element is not in the namespace {NAMESPACE}")));
            }
            self.prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}:") };
        } else if attributes.iter().any(|(name, _)| name == "xmlns" || name.starts_with("xmlns:")) {
            return Err(fault("namespaces are declared at the outermost element".to_owned()));
        }
        let name = written.strip_prefix(&self.prefix).filter(|name| !name.contains(':'));
        let Some(name) = name else { return Err(fault(format!("<{written}> is in another namespace"))) };
        attributes.retain(|(name, _)| name != "xmlns" && !name.contains(':'));
        self.open.push(Element {
            name: name.to_owned(),
            line,
            attributes,
            text: String::new(),
            children: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, line: usize) -> Result<(), Fault> {
        let done = self.open.pop().ok_or(Fault { line, what: "nothing is open".to_owned() })?;
        match self.open.last_mut() {
            Some(above) => above.children.push(done),
            None => self.root = Some(done),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, line: usize) -> Result<(), Fault> {
        match self.open.last_mut() {
            Some(open) => open.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(Fault { line, what: "text outside the outermost element".to_owned() }),
        }
        Ok(())
    }
}

/// Lines of positions that only grow.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, position: usize) -> usize {
        let passed = self.text.get(self.at..position).unwrap_or("");
        self.line += passed.bytes().filter(|b| *b == b'\n').count();
        self.at = position.max(self.at);
        self.line
    }
}

fn unescaped(raw: &str) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(raw.len()), raw);
    while let Some((before, after)) = rest.split_once('&') {
        let (name, after) = after.split_once(';')?;
        out.push_str(before);
        out.push(referenced(name)?);
        rest = after;
    }
    out.push_str(rest);
    (!out.contains('<') || raw.contains("&lt;")).then_some(out)
}

fn referenced(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?).filter(|c| *c != '\0')?
        }
    })
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(inner: &str) -> String {
        read(&format!("<lgr xmlns=\"{NAMESPACE}\">\n{inner}\n</lgr>")).unwrap_err().to_string()
    }

    #[test]
    fn elements_have_their_lines() {
        let text = format!(
            "<?xml version=\"1.0\"?>\n<l:lgr xmlns:l=\"{NAMESPACE}\">\n<l:data>\n\n <l:char cp=\"61\"/>\n</l:data></l:lgr>"
        );
        let root = read(&text).unwrap();
        assert_eq!((root.name.as_str(), root.line), ("lgr", 2));
        let char = &root.children[0].children[0];
        assert_eq!((char.name.as_str(), char.line, char.attribute("cp")), ("char", 5, Some("61")));
    }

    #[test]
    fn what_a_table_is_not_is_told_with_its_line() {
        assert_eq!(
            read("<lgr/>").unwrap_err().to_string(),
            format!("line 1: the outermost element is not in the namespace {NAMESPACE}")
        );
        assert!(read("").unwrap_err().to_string().contains("no element"));
        assert!(fault("<data>").starts_with("line 3: the XML is broken"));
        assert!(fault("<x:data xmlns:x=\"urn:x\"/>").starts_with("line 2: namespaces are declared"));
        assert!(fault("<x:data/>").contains("line 2: <x:data> is in another namespace"));
        assert!(fault("<a>&e;</a>").contains("only the five entities"));
        assert!(
            read("<!DOCTYPE lgr [<!ENTITY e \"e\">]><lgr/>")
                .unwrap_err()
                .to_string()
                .contains("document type")
        );
        assert!(fault(&"<a>".repeat(MAX_DEPTH)).contains("deep"));
        assert!(read(&" ".repeat(MAX_BYTES + 1)).unwrap_err().to_string().contains("bytes"));
    }
}
