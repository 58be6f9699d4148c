//! Marks and signed marks (RFC 7848): what a mark says, and whether somebody the registry trusts has signed it.
//!
//! ```text
//! shape    the content models of mark-1.0, signedMark-1.0 and XML signatures
//! dom      a document as canonical XML needs it: prefixes, declarations, text in its place
//! c14n     canonical XML, exclusive and inclusive
//! verify   the signature, its certificates, and then what the signed octets say
//! ```
//!
//! There is no kept library of XML signatures in Rust with a stable release; what RFC 7848 needs of them is little and
//! is written here, over kept ones for everything with a key in it. Such signatures are famous for documents in which
//! one element is verified and another one read. Here what is read of a signed mark is read from the very octets whose
//! digest was signed, by a parser that sees nothing else.

mod c14n;
mod dom;
mod shape;
mod verify;

use std::fmt::Write as _;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

pub use verify::{SmdFault, Trust, Verified, check_crl, check_root, verify};

use super::xml::chars;
use super::xml::source::Encoding;
use super::xml::tree::{El, Tree};
use crate::refusal::{Reason, Refusal};

pub(super) use shape::{ENCODED as ENCODED_SHAPE, MARK as MARK_SHAPE, SIGNED as SIGNED_SHAPE};

/// The namespace of marks.
pub(super) const MARK: &str = "urn:ietf:params:xml:ns:mark-1.0";
/// The namespace of signed marks.
pub(super) const SMD: &str = "urn:ietf:params:xml:ns:signedMark-1.0";
/// The namespace of XML signatures.
pub(super) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// A mark whose form was checked: its element, written in full by this server, and what the registry asks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    xml: String,
    /// The labels that match it, in lower case; none are named: the registry has to know.
    pub labels: Vec<String>,
    /// Identifiers of the marks it lists.
    pub ids: Vec<String>,
}

impl Mark {
    /// The element, with its namespaces declared.
    #[must_use]
    pub fn xml(&self) -> &str {
        &self.xml
    }
}

/// Reads a mark that follows its shape.
pub(super) fn mark(el: El<'_>) -> Result<Mark, Refusal> {
    let of = |name: &'static str| {
        let all = el.descendants().filter(move |inside| inside.uri() == MARK && inside.name() == name);
        all.map(|inside| inside.token().into_owned())
    };
    let mut xml = String::new();
    write(&mut xml, el, true);
    Ok(Mark {
        xml,
        labels: of("label").map(|label| label.to_ascii_lowercase()).collect(),
        ids: of("id").collect(),
    })
}

/// An element of a mark with the prefix of ours. No element has text beside elements.
fn write(xml: &mut String, el: El<'_>, outermost: bool) {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = write!(xml, "<mark:{}", el.name());
    if outermost {
        let _ = write!(xml, " xmlns:mark=\"{MARK}\"");
    }
    for attr in el.attrs().iter().filter(|attr| el.schema_attr(attr).is_none()) {
        let _ = write!(xml, " {}=\"{}\"", attr.name, escaped(&attr.value).replace('"', "&quot;"));
    }
    xml.push('>');
    let before = xml.len();
    el.children().for_each(|child| write(xml, child, false));
    if xml.len() == before {
        xml.push_str(&escaped(&el.token()));
    }
    let _ = write!(xml, "</mark:{}>", el.name());
}

/// A signed mark as it came, of which nothing is verified: a document of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedMark {
    xml: String,
}

/// It is long, and says nothing anybody should rely on.
impl std::fmt::Debug for SignedMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedMark({} octets)", self.xml.len())
    }
}

impl SignedMark {
    /// An element of a frame, taken out of it with the namespaces it uses.
    pub(super) fn inline(el: El<'_>) -> Result<Self, Refusal> {
        let document = dom::Document::read(el.source()).map_err(|fault| at(el, fault))?;
        let node = document
            .nth(SMD, "signedMark", el.nth())
            .ok_or_else(|| at(el, SmdFault::Form("it is not found")))?;
        Ok(Self { xml: c14n::exclusive(&document, node, None) })
    }

    /// An element with one in base64.
    ///
    /// # Errors
    /// [`Reason::SignedMarkForm`]
    pub(super) fn encoded(el: El<'_>) -> Result<Self, Refusal> {
        if el.attr_token("encoding").is_some_and(|encoding| encoding != "base64") {
            return Err(at(el, SmdFault::Form("the encoding is base64")));
        }
        let text: String = el.text().chars().filter(|c| !chars::is_space(*c)).collect();
        let octets =
            BASE64.decode(text.as_bytes()).map_err(|_| at(el, SmdFault::Form("it is not base64")))?;
        Self::document(&octets).map_err(|fault| at(el, fault))
    }

    /// A document: well-formed, with the element on top that RFC 7848 says.
    ///
    /// # Errors
    /// When it is not.
    pub fn document(octets: &[u8]) -> Result<Self, SmdFault> {
        let xml = std::str::from_utf8(octets).map_err(|_| SmdFault::Form("it is not UTF-8"))?;
        let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
        let tree =
            Tree::read(xml, Encoding::Utf8).map_err(|_| SmdFault::Form("it is not well-formed XML"))?;
        let root = tree.root();
        if root.uri() != SMD || root.name() != "signedMark" {
            return Err(SmdFault::Form("it is no signedMark"));
        }
        SIGNED_SHAPE.check(root).map_err(|_| SmdFault::Form("it does not follow its schema"))?;
        Ok(Self { xml: xml.to_owned() })
    }
}

/// Marks are long: the element is named without its text.
fn at(el: El<'_>, fault: SmdFault) -> Refusal {
    Refusal::new(Reason::SignedMarkForm).at(el.bare_offender()).detail(fault.to_string())
}
