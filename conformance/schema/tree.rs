//! A document as a tree that can be changed, and its text in one of many equivalent forms.

use super::dice::Dice;

pub const EPP: &str = "urn:ietf:params:xml:ns:epp-1.0";
pub const DOMAIN: &str = "urn:ietf:params:xml:ns:domain-1.0";
pub const CONTACT: &str = "urn:ietf:params:xml:ns:contact-1.0";
pub const BALANCE: &str = "http://www.verisign.com/epp/balance-1.0";
pub const HOST: &str = "urn:ietf:params:xml:ns:host-1.0";
pub const RGP: &str = "urn:ietf:params:xml:ns:rgp-1.0";
pub const SEC_DNS: &str = "urn:ietf:params:xml:ns:secDNS-1.1";
pub const CHANGE_POLL: &str = "urn:ietf:params:xml:ns:changePoll-1.0";
pub const LOGIN_SEC: &str = "urn:ietf:params:xml:ns:epp:loginSec-1.0";
pub const ADDL_EMAIL: &str = "urn:ietf:params:xml:ns:epp:addlEmail-1.0";
pub const ALLOCATION_TOKEN: &str = "urn:ietf:params:xml:ns:allocationToken-1.0";
pub const MAINTENANCE: &str = "urn:ietf:params:xml:ns:epp:maintenance-1.0";
pub const TTL: &str = "urn:ietf:params:xml:ns:epp:ttl-1.0";
pub const FEE: &str = "urn:ietf:params:xml:ns:epp:fee-1.0";
pub const LAUNCH: &str = "urn:ietf:params:xml:ns:launch-1.0";
pub const MARK: &str = "urn:ietf:params:xml:ns:mark-1.0";
pub const SMD: &str = "urn:ietf:params:xml:ns:signedMark-1.0";
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// A namespace that the tests declare to the validator and the server does not know.
pub const FOREIGN: &str = "urn:example:foreign-1.0";

/// An element.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub ns: String,
    pub name: String,
    pub attrs: Vec<Attr>,
    pub kids: Vec<Kid>,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attr {
    pub ns: String,
    pub name: String,
    pub value: String,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq)]
pub enum Kid {
    Element(Node),
    Text(String),
    Cdata(String),
    Comment(String),
    Instruction(String),
}

impl Kid {
    fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Text(text) | Self::Cdata(text) => Some(text),
            _ => None,
        }
    }
}

/// Where an element stands: the index of each step's kid.
pub type Path = Vec<usize>;

/// An element without content.
pub fn el(ns: &str, name: &str) -> Node {
    Node { ns: ns.to_owned(), name: name.to_owned(), attrs: Vec::new(), kids: Vec::new() }
}

/// An element with text.
pub fn leaf(ns: &str, name: &str, text: impl Into<String>) -> Node {
    let mut node = el(ns, name);
    node.kids.push(Kid::Text(text.into()));
    node
}

impl Node {
    pub fn attr(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attrs.push(Attr { ns: String::new(), name: name.to_owned(), value: value.into() });
        self
    }

    pub fn kid(mut self, kid: Self) -> Self {
        self.kids.push(Kid::Element(kid));
        self
    }

    pub fn kids(mut self, kids: impl IntoIterator<Item = Self>) -> Self {
        self.kids.extend(kids.into_iter().map(Kid::Element));
        self
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.kids.iter().filter_map(|kid| match kid {
            Kid::Element(node) => Some(node),
            _ => None,
        })
    }

    /// The text directly inside.
    pub fn text(&self) -> String {
        let part = |kid: &Kid| match kid {
            Kid::Text(text) | Kid::Cdata(text) => text.clone(),
            _ => String::new(),
        };
        self.kids.iter().map(part).collect()
    }

    /// Whether this element or one below it is such a one.
    pub fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        test(self) || self.elements().any(|e| e.any(test))
    }

    /// Takes white space off the ends of the text.
    pub fn trim(&mut self) {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        for text in self.kids.iter_mut().filter_map(Kid::text_mut) {
            *text = text.trim_start_matches(blank).to_owned();
            if !text.is_empty() {
                break;
            }
        }
        for text in self.kids.iter_mut().rev().filter_map(Kid::text_mut) {
            *text = text.trim_end_matches(blank).to_owned();
            if !text.is_empty() {
                break;
            }
        }
    }

    /// Where the elements are, this one included.
    pub fn paths(&self) -> Vec<Path> {
        let mut all = vec![Vec::new()];
        for (index, kid) in self.kids.iter().enumerate() {
            if let Kid::Element(node) = kid {
                for mut path in node.paths() {
                    path.insert(0, index);
                    all.push(path);
                }
            }
        }
        all
    }

    /// The element at a place that [`paths`](Self::paths) gave.
    pub fn at(&mut self, path: &[usize]) -> &mut Self {
        match path.split_first() {
            None => self,
            Some((first, rest)) => match &mut self.kids[*first] {
                Kid::Element(node) => node.at(rest),
                _ => panic!("no element there"),
            },
        }
    }
}

/// How namespaces are written.
#[derive(Clone, Copy)]
enum Form {
    /// Prefixes, all declared on the root.
    Root,
    /// Prefixes, declared on each element that needs one.
    Deep,
    /// No prefixes.
    Default,
}

/// The document's octets, in a form that the dice choose; all forms mean the same.
pub fn document(root: &Node, dice: &mut Dice) -> Vec<u8> {
    let form = dice.pick(&[Form::Root, Form::Deep, Form::Default]);
    let mut text = String::new();
    let utf16 = dice.once_in(40);
    text.push_str(match dice.below(4) {
        0 if !utf16 => "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n",
        1 if !utf16 => "<?xml version='1.0' encoding='utf-8'?>",
        2 if utf16 => "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n",
        _ => "",
    });
    if dice.once_in(8) {
        text.push_str("<!-- before --><?before it?>\n");
    }
    write(root, form, &mut Vec::new(), &mut text);
    text.push_str(dice.pick(&["", "\n", "\r\n", "<!-- after -->", "<?after?> \t"]));

    if utf16 {
        let little = dice.once_in(2);
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        return units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect();
    }
    let bom: &[u8] = if dice.once_in(20) { "\u{FEFF}".as_bytes() } else { b"" };
    [bom, text.as_bytes()].concat()
}

/// `scope` holds the namespaces that have a prefix; in the form without prefixes, its last is the default.
fn write(node: &Node, form: Form, scope: &mut Vec<String>, out: &mut String) {
    let depth = scope.len();
    let mut declared = String::new();
    if let (Form::Root, 0) = (form, depth) {
        let mut all = Vec::new();
        collect(node, &mut all);
        scope.push(String::new());
        for ns in all {
            declare(ns, scope, &mut declared);
        }
    }
    let tag = match form {
        Form::Default => {
            if scope.last() != Some(&node.ns) && !(scope.is_empty() && node.ns.is_empty()) {
                declared.push_str(&format!(" xmlns=\"{}\"", escape(&node.ns)));
            }
            scope.push(node.ns.clone());
            node.name.clone()
        }
        Form::Root | Form::Deep => {
            if !node.ns.is_empty() && !scope.contains(&node.ns) {
                declare(&node.ns, scope, &mut declared);
            }
            qualified(&node.ns, &node.name, scope)
        }
    };
    let mut attrs = String::new();
    for (index, attr) in node.attrs.iter().enumerate() {
        let name = match attr.ns.as_str() {
            "" => attr.name.clone(),
            XML => format!("xml:{}", attr.name),
            ns => {
                declared.push_str(&format!(" xmlns:a{index}=\"{}\"", escape(ns)));
                format!("a{index}:{}", attr.name)
            }
        };
        attrs.push_str(&format!(" {name}=\"{}\"", escape(&attr.value)));
    }
    out.push_str(&format!("<{tag}{declared}{attrs}"));
    if node.kids.is_empty() {
        out.push_str("/>");
    } else {
        out.push('>');
        for kid in &node.kids {
            match kid {
                Kid::Element(node) => write(node, form, scope, out),
                Kid::Text(text) => out.push_str(&escape(text)),
                Kid::Cdata(text) => out.push_str(&format!("<![CDATA[{text}]]>")),
                Kid::Comment(text) => out.push_str(&format!("<!--{text}-->")),
                Kid::Instruction(text) => out.push_str(&format!("<?{text}?>")),
            }
        }
        out.push_str(&format!("</{tag}>"));
    }
    scope.truncate(depth);
}

fn declare(ns: &str, scope: &mut Vec<String>, declared: &mut String) {
    declared.push_str(&format!(" xmlns:n{}=\"{}\"", scope.len(), escape(ns)));
    scope.push(ns.to_owned());
}

fn qualified(ns: &str, name: &str, scope: &[String]) -> String {
    match scope.iter().rposition(|known| known == ns) {
        Some(index) if !ns.is_empty() => format!("n{index}:{name}"),
        _ => name.to_owned(),
    }
}

fn collect<'a>(node: &'a Node, all: &mut Vec<&'a str>) {
    if !node.ns.is_empty() && !all.contains(&node.ns.as_str()) {
        all.push(&node.ns);
    }
    for kid in node.elements() {
        collect(kid, all);
    }
}

/// Tabs are references, so that they are still there after attribute normalization; a line break in an attribute is not.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
    out
}
