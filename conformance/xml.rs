//! What the tests see of a reply: a small tree, read by its own few lines so that a fault of the server's XML code
//! cannot hide in the test that looks for it.

use std::fmt::Write;

use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub uri: String,
    pub name: String,
    /// Without namespace declarations.
    pub attrs: Vec<(String, String)>,
    pub children: Vec<Node>,
    pub text: String,
}

impl Node {
    /// Reads a document.
    pub fn parse(xml: &str) -> Result<Self, String> {
        let mut reader = NsReader::from_str(xml);
        let mut open: Vec<Node> = Vec::new();
        loop {
            let (ns, event) = reader.read_resolved_event().map_err(|e| format!("{e} in {xml}"))?;
            let uri = match ns {
                ResolveResult::Bound(ns) => String::from_utf8_lossy(ns.into_inner().as_ref()).into_owned(),
                _ => String::new(),
            };
            match event {
                Event::Start(start) => open.push(element(uri, &start)),
                Event::Empty(start) => {
                    let node = element(uri, &start);
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => return Ok(node),
                    }
                }
                Event::End(_) => {
                    let node = open.pop().ok_or("an end without a start")?;
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => return Ok(node),
                    }
                }
                Event::Text(text) => add_text(&mut open, &text.xml10_content()),
                Event::CData(text) => add_text(&mut open, &text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let text = format!("&{};", &*entity);
                    let text = quick_xml::escape::unescape(&text).map_err(|e| e.to_string())?;
                    add_text(&mut open, &text);
                }
                Event::Eof => return Err(format!("the document ends early: {xml}")),
                _ => {}
            }
        }
    }

    /// The prefix the goldens write: the usual one of the namespace, none for EPP itself.
    pub fn prefix(&self) -> &str {
        match self.uri.as_str() {
            "urn:ietf:params:xml:ns:epp-1.0" | "" => "",
            uri => uri.rsplit([':', '/']).next().and_then(|last| last.split('-').next()).unwrap_or(""),
        }
    }

    /// `domain:name`, or `name` for an element of EPP itself.
    pub fn qname(&self) -> String {
        match self.prefix() {
            "" => self.name.clone(),
            prefix => format!("{prefix}:{}", self.name),
        }
    }

    pub fn child(&self, qname: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.qname() == qname)
    }

    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// This element and everything in it, in document order.
    pub fn all(&self) -> Vec<&Node> {
        let mut all = vec![self];
        for child in &self.children {
            all.extend(child.all());
        }
        all
    }

    /// The elements of that name anywhere below.
    pub fn find(&self, qname: &str) -> Vec<&Node> {
        self.all().into_iter().filter(|n| n.qname() == qname).collect()
    }

    /// Lines of XML, indented, with usual prefixes and no declarations: the form of the goldens.
    pub fn render(&self, indent: usize, out: &mut String) {
        let pad = " ".repeat(indent);
        let name = self.qname();
        let mut tag = name.clone();
        for (attr, value) in &self.attrs {
            let _ = write!(tag, " {attr}=\"{}\"", escape(value));
        }
        let _ = match (self.children.is_empty(), self.text.is_empty()) {
            (true, true) => writeln!(out, "{pad}<{tag}/>"),
            (true, false) => writeln!(out, "{pad}<{tag}>{}</{name}>", escape(&self.text)),
            (false, _) => {
                let _ = writeln!(out, "{pad}<{tag}>");
                for child in &self.children {
                    child.render(indent + 2, out);
                }
                writeln!(out, "{pad}</{name}>")
            }
        };
    }
}

fn element(uri: String, start: &quick_xml::events::BytesStart<'_>) -> Node {
    let attrs = start
        .attributes()
        .flatten()
        .filter(|a| !AsRef::<str>::as_ref(&a.key).starts_with("xmlns"))
        .map(|a| {
            let value: &str = a.value.as_ref();
            let value = quick_xml::escape::unescape(value).map(|v| v.into_owned()).unwrap_or_default();
            (AsRef::<str>::as_ref(&a.key).to_owned(), value)
        })
        .collect();
    let name = AsRef::<str>::as_ref(&start.local_name()).to_owned();
    Node { uri, name, attrs, ..Node::default() }
}

fn add_text(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

/// Text as it stands in XML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
