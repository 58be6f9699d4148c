//! Canonical XML without comments: exclusive (W3C xml-exc-c14n, 2002), and inclusive (xml-c14n 1.0, 2001) for signers
//! that name none. One element is written with everything in it, but for one that is left out: the signature that it
//! envelops.

use super::dom::{Content, Document};

/// Which declarations of namespaces are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Those that an element or an attribute of it uses.
    Exclusive,
    /// All that are in force.
    Inclusive,
}

/// An element in exclusive form.
pub(super) fn exclusive(document: &Document<'_>, at: usize, without: Option<usize>) -> String {
    canonical(document, at, without, Form::Exclusive)
}

/// An element in that form.
pub(super) fn canonical(document: &Document<'_>, at: usize, without: Option<usize>, form: Form) -> String {
    let mut out = String::new();
    write(document, at, without, form, &mut Vec::new(), &mut out);
    out
}

/// The depth of the tree, which the parser bounds, bounds the recursion. `written` holds the declarations in force in
/// what is written, the innermost last.
fn write(
    document: &Document<'_>,
    at: usize,
    without: Option<usize>,
    form: Form,
    written: &mut Vec<(String, String)>,
    out: &mut String,
) {
    let element = &document.elements[at];
    let around = written.len();
    let mut used: Vec<&str> = match form {
        Form::Exclusive => {
            let attrs = element.attrs.iter().map(|attr| attr.prefix).filter(|prefix| !prefix.is_empty());
            std::iter::once(element.prefix).chain(attrs).collect()
        }
        Form::Inclusive => in_force(document, at),
    };
    // By prefix, the default first: an empty one.
    used.sort_unstable();
    used.dedup();
    out.push('<');
    name(out, element.prefix, element.name);
    for prefix in used.into_iter().filter(|prefix| *prefix != "xml") {
        let uri = document.resolve(at, prefix).unwrap_or("");
        let known = written.iter().rev().find(|(written, _)| written == prefix).map_or("", |(_, uri)| uri);
        if known == uri {
            continue;
        }
        out.push_str(" xmlns");
        if !prefix.is_empty() {
            out.push(':');
            out.push_str(prefix);
        }
        out.push_str("=\"");
        value(out, uri);
        out.push('"');
        written.push((prefix.to_owned(), uri.to_owned()));
    }
    let mut attrs: Vec<_> = element.attrs.iter().collect();
    attrs.sort_by(|a, b| (&a.uri, a.name).cmp(&(&b.uri, b.name)));
    for attr in attrs {
        out.push(' ');
        name(out, attr.prefix, attr.name);
        out.push_str("=\"");
        value(out, &attr.value);
        out.push('"');
    }
    out.push('>');
    for content in &element.content {
        match content {
            Content::Element(inside) if Some(*inside) == without => {}
            Content::Element(inside) => write(document, *inside, without, form, written, out),
            Content::Text(piece) => text(out, piece),
        }
    }
    out.push_str("</");
    name(out, element.prefix, element.name);
    out.push('>');
    written.truncate(around);
}

/// The prefixes that stand for something at an element.
fn in_force<'x>(document: &Document<'x>, at: usize) -> Vec<&'x str> {
    let mut all = Vec::new();
    let mut next = Some(at);
    while let Some(at) = next {
        let element = &document.elements[at];
        all.extend(element.declared.iter().map(|(prefix, _)| *prefix));
        next = element.parent;
    }
    all
}

fn name(out: &mut String, prefix: &str, name: &str) {
    if !prefix.is_empty() {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(name);
}

fn text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
}

fn value(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(xml: &str, name: &str, form: Form) -> String {
        let document = Document::read(xml).unwrap();
        let at = (0..document.elements.len()).find(|at| document.elements[*at].name == name).unwrap();
        canonical(&document, at, None, form)
    }

    /// Both expected texts are what libxml2 writes (`xmllint --c14n`, `--exc-c14n`).
    #[test]
    fn the_canonical_forms_are_those_of_other_programs() {
        let xml = "<?xml version='1.0'?>\n<a:r xmlns:a='urn:a' xmlns='urn:d' xmlns:u='urn:u' b='2' a='1' a:z='\"&#9;&lt;'>\
                   <!-- c --><e/>t&#13;&gt;<![CDATA[<&]]><f xmlns=''><g a:k=\"'\"/></f><u:h xmlns:u='urn:u'/></a:r>";
        assert_eq!(
            written(xml, "r", Form::Exclusive),
            "<a:r xmlns:a=\"urn:a\" a=\"1\" b=\"2\" a:z=\"&quot;&#x9;&lt;\"><e xmlns=\"urn:d\"></e>t&#xD;&gt;&lt;&amp;<f>\
             <g a:k=\"'\"></g></f><u:h xmlns:u=\"urn:u\"></u:h></a:r>"
        );
        assert_eq!(
            written(xml, "r", Form::Inclusive),
            "<a:r xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:u=\"urn:u\" a=\"1\" b=\"2\" a:z=\"&quot;&#x9;&lt;\"><e></e>t&#xD;\
             &gt;&lt;&amp;<f xmlns=\"\"><g a:k=\"'\"></g></f><u:h></u:h></a:r>"
        );
    }

    #[test]
    fn a_part_brings_the_namespaces_it_needs() {
        let xml = "<r xmlns='urn:d' xmlns:p='urn:p' xmlns:q='urn:q'><p:x><y q:a='1'/></p:x></r>";
        assert_eq!(
            written(xml, "x", Form::Exclusive),
            "<p:x xmlns:p=\"urn:p\"><y xmlns=\"urn:d\" xmlns:q=\"urn:q\" q:a=\"1\"></y></p:x>"
        );
        assert_eq!(
            written(xml, "x", Form::Inclusive),
            "<p:x xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:q=\"urn:q\"><y q:a=\"1\"></y></p:x>"
        );
    }
}
