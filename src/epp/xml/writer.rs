//! Text out: elements in order, everything escaped, nothing that is not XML.

use std::fmt::{Display, Write as _};

use super::chars;

/// A document under construction. Names are the program's own and written as they are; values are escaped.
#[derive(Debug)]
pub(in crate::epp) struct Writer {
    out: String,
}

impl Writer {
    /// Begins a document: the declaration and the root element's start.
    pub(in crate::epp) fn document() -> Self {
        let mut out = String::with_capacity(1024);
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n");
        Self { out }
    }

    /// Begins a piece of a document.
    pub(in crate::epp) fn fragment() -> Self {
        Self { out: String::new() }
    }

    /// Elements that were written apart.
    pub(in crate::epp) fn elements(&mut self, xml: &str) {
        self.out.push_str(xml);
    }

    /// The text.
    pub(in crate::epp) fn finish(self) -> String {
        self.out
    }

    /// `<name a="..">`
    pub(in crate::epp) fn open(&mut self, name: &str, attrs: &[(&str, &dyn Display)]) {
        self.tag(name, attrs);
        self.out.push('>');
    }

    /// `</name>`
    pub(in crate::epp) fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// `<name/>`
    pub(in crate::epp) fn empty(&mut self, name: &str, attrs: &[(&str, &dyn Display)]) {
        self.tag(name, attrs);
        self.out.push_str("/>");
    }

    /// `<name>text</name>`
    pub(in crate::epp) fn leaf(&mut self, name: &str, text: &dyn Display) {
        self.leaf_with(name, &[], text);
    }

    /// `<name a="..">text</name>`
    pub(in crate::epp) fn leaf_with(
        &mut self,
        name: &str,
        attrs: &[(&str, &dyn Display)],
        text: &dyn Display,
    ) {
        self.open(name, attrs);
        self.text(text);
        self.close(name);
    }

    /// `<name>text</name>`, if there is a text.
    pub(in crate::epp) fn leaf_if<T: Display>(&mut self, name: &str, text: Option<&T>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    /// What is written inside an element, or nothing where nothing is.
    pub(in crate::epp) fn unless_empty(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let before = self.out.len();
        self.open(name, &[]);
        let begun = self.out.len();
        inside(self);
        if self.out.len() == begun {
            self.out.truncate(before);
        } else {
            self.close(name);
        }
    }

    /// Character data.
    pub(in crate::epp) fn text(&mut self, text: &dyn Display) {
        // Writing into a String cannot fail.
        let _ = write!(Escape { out: &mut self.out, attribute: false }, "{text}");
    }

    fn tag(&mut self, name: &str, attrs: &[(&str, &dyn Display)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attrs {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            let _ = write!(Escape { out: &mut self.out, attribute: true }, "{value}");
            self.out.push('"');
        }
    }
}

/// Escapes what is written through it.
struct Escape<'o> {
    out: &'o mut String,
    attribute: bool,
}

impl std::fmt::Write for Escape<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let mut rest = text;
        while let Some(at) = rest
            .find(|c: char| matches!(c, '<' | '>' | '&' | '"' | '\u{0}'..'\u{20}' | '\u{FFFE}'..='\u{FFFF}'))
        {
            let (plain, special) = rest.split_at(at);
            self.out.push_str(plain);
            let mut behind = special.chars();
            match behind.next() {
                Some('<') => self.out.push_str("&lt;"),
                Some('>') => self.out.push_str("&gt;"),
                Some('&') => self.out.push_str("&amp;"),
                Some('"') if self.attribute => self.out.push_str("&quot;"),
                // A reader would turn these into other white space.
                Some('\r') => self.out.push_str("&#13;"),
                Some('\n') if self.attribute => self.out.push_str("&#10;"),
                Some('\t') if self.attribute => self.out.push_str("&#9;"),
                Some(c) if chars::is_char(c) => self.out.push(c),
                // What XML cannot say at all.
                _ => self.out.push('\u{FFFD}'),
            }
            rest = behind.as_str();
        }
        self.out.push_str(rest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_where_they_stand() {
        let mut w = Writer { out: String::new() };
        w.leaf_with("a", &[("b", &"<\"&'>\t\n\r\0")], &"<\"&'>\t\n\r\0\u{FFFE}é😀");
        assert_eq!(
            w.finish(),
            "<a b=\"&lt;&quot;&amp;'&gt;&#9;&#10;&#13;\u{FFFD}\">&lt;\"&amp;'&gt;\t\n&#13;\u{FFFD}\u{FFFD}é😀</a>"
        );
    }
}
