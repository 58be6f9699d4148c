//! What quick-xml leaves unread inside its tokens: attributes, references, line ends, the XML declaration.

use std::borrow::Cow;

use super::chars;
use super::source::Encoding;
use crate::refusal::{Reason, Refusal};

pub(in crate::epp) fn malformed(detail: &'static str) -> Refusal {
    Refusal::new(Reason::NotWellFormed).detail(detail)
}

/// The attributes of a tag or a declaration, one after another.
pub(in crate::epp) struct Attributes<'i> {
    pub(in crate::epp) rest: &'i str,
}

impl<'i> Attributes<'i> {
    /// The next one: its name as it stands and its value normalised.
    pub(in crate::epp) fn next(&mut self) -> Result<Option<(&'i str, Cow<'i, str>)>, Refusal> {
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
pub(in crate::epp) fn attribute_value(raw: &str) -> Result<Cow<'_, str>, Refusal> {
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

pub(in crate::epp) fn referenced(name: &str) -> Result<char, Refusal> {
    chars::reference(name)
        .ok_or_else(|| malformed("only the five entities and characters by number are known"))
}

/// XML 1.0 section 2.11: every line ends with a line feed.
pub(in crate::epp) fn ends_normalised(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

pub(in crate::epp) fn check_instruction(raw: &str) -> Result<(), Refusal> {
    let inner = between(raw, 2, 2);
    let target = inner.split(chars::is_space).next().unwrap_or("");
    if chars::is_ncname(target) && !target.eq_ignore_ascii_case("xml") {
        Ok(())
    } else {
        Err(malformed("a processing instruction has no valid name"))
    }
}

/// `<?xml version="1.0" encoding=".." standalone=".."?>`, the last two optional, in this order.
pub(in crate::epp) fn check_declaration(raw: &str, encoding: Encoding) -> Result<(), Refusal> {
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
pub(in crate::epp) fn between(raw: &str, front: usize, back: usize) -> &str {
    raw.get(front..raw.len().saturating_sub(back)).unwrap_or("")
}
