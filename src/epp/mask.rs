//! The one place where frames become text for logs: passwords out, control characters escaped, length bounded.
//!
//! This does not parse. A frame that is not well-formed is the one whose log line is wanted, and a parser that gives
//! up gives no line. So the text is scanned for start tags by their look, and in doubt more is hidden than needed:
//! comments always, and everything from a document type declaration or an unfinished tag to the end.

use std::borrow::Cow;

/// Bytes of the text that comes out.
const MAX: usize = 4096;
/// What stands for a secret; its length says nothing.
const HIDDEN: &str = "***";
/// What stands for the rest of a long frame.
const MORE: &str = "...";

/// A frame as it may be logged.
#[must_use]
pub fn frame(bytes: &[u8]) -> String {
    let text = decode(bytes);
    let mut out = Line { text: String::with_capacity(text.len().min(MAX)), full: false };
    let mut rest = &*text;
    while let Some(at) = rest.find('<') {
        let (plain, markup) = rest.split_at(at);
        out.push(plain);
        if out.full {
            break;
        }
        rest = if let Some(comment) = markup.strip_prefix("<!--") {
            out.push("<!--");
            out.push(HIDDEN);
            out.push("-->");
            behind(comment, "-->")
        } else if starts_with_any_case(markup, &["<!DOCTYPE", "<!ENTITY"]) {
            // A declared entity may carry the password that an element only refers to.
            out.push("<!");
            out.push(HIDDEN);
            ""
        } else if let Some((name, tag)) = secret_start(markup) {
            hide(&mut out, name, tag)
        } else {
            out.push("<");
            &markup[1..]
        };
    }
    out.push(rest);
    out.finish()
}

/// Characters, whatever the encoding; NUL is dropped, because UTF-16 without its mark is text full of them.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    };
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { text }
}

fn starts_with_any_case(text: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

/// The name of a start tag whose content is a secret, and what stands behind the name.
fn secret_start(markup: &str) -> Option<(&str, &str)> {
    let inside = markup.strip_prefix('<')?.trim_start();
    let (name, behind) = inside.split_at(inside.find(ends_name).unwrap_or(inside.len()));
    let local = name.rsplit(':').next().unwrap_or(name);
    ["pw", "newPW"].iter().any(|secret| secret.eq_ignore_ascii_case(local)).then_some((name, behind))
}

fn ends_name(c: char) -> bool {
    c.is_whitespace() || matches!(c, '>' | '/' | '<' | '"' | '\'' | '=')
}

/// Writes a secret element without its secret and gives what stands behind its end tag.
fn hide<'t>(out: &mut Line, name: &str, tag: &'t str) -> &'t str {
    out.push("<");
    out.push(name);
    let Some((attrs, content)) = split_tag(tag) else {
        out.push(HIDDEN);
        return "";
    };
    let (attrs, closed) = attrs.strip_suffix('/').map_or((attrs, false), |attrs| (attrs, true));
    out.push(if is_harmless(attrs) { attrs } else { " " });
    if !is_harmless(attrs) {
        out.push(HIDDEN);
    }
    if closed {
        out.push("/>");
        return content;
    }
    out.push(">");
    out.push(HIDDEN);
    match split_content(content, name) {
        None => "",
        Some(behind) => {
            out.push("</");
            out.push(name);
            out.push(">");
            behind
        }
    }
}

/// The rest of a tag up to its `>`, quotes respected, and what stands behind it.
fn split_tag(tag: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let end = tag.find(|c| match (quote, c) {
        (None, '>') => true,
        (None, '"' | '\'') => {
            quote = Some(c);
            false
        }
        (Some(open), c) if open == c => {
            quote = None;
            false
        }
        _ => false,
    })?;
    Some((&tag[..end], &tag[end + 1..]))
}

/// Whether attributes are white space and perhaps one `roid`.
fn is_harmless(attrs: &str) -> bool {
    let Some(rest) = attrs.trim().strip_prefix("roid") else { return attrs.trim().is_empty() };
    let value = rest.trim_start().strip_prefix('=').unwrap_or("").trim_start();
    let inner = ['"', '\''].iter().find_map(|q| value.strip_prefix(*q).and_then(|v| v.strip_suffix(*q)));
    inner.is_some_and(|id| id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')))
}

/// What stands behind the end tag that belongs to an open element of that name: an end tag inside a comment or a
/// CDATA section is none, and elements of the same name inside have their own.
fn split_content<'t>(content: &'t str, name: &str) -> Option<&'t str> {
    let mut depth = 1;
    let mut rest = content;
    while let Some(at) = rest.find('<') {
        let markup = &rest[at..];
        rest = if let Some(comment) = markup.strip_prefix("<!--") {
            comment.split_once("-->")?.1
        } else if let Some(section) = markup.strip_prefix("<![CDATA[") {
            section.split_once("]]>")?.1
        } else if let Some(instruction) = markup.strip_prefix("<?") {
            instruction.split_once("?>")?.1
        } else if let Some(end) = markup.strip_prefix("</") {
            let (end, behind) = end.split_once('>')?;
            if end.trim_end() == name {
                depth -= 1;
            }
            if depth == 0 {
                return Some(behind);
            }
            behind
        } else {
            let (tag, behind) = split_tag(&markup[1..])?;
            let inner = tag.split(ends_name).next().unwrap_or("");
            if inner == name && !tag.ends_with('/') {
                depth += 1;
            }
            behind
        };
    }
    None
}

fn behind<'t>(text: &'t str, end: &str) -> &'t str {
    text.split_once(end).map_or("", |(_, behind)| behind)
}

/// The line that grows, up to its bound.
struct Line {
    text: String,
    full: bool,
}

impl Line {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if self.full {
                return;
            }
            let before = self.text.len();
            if is_odd(c) {
                self.text.extend(c.escape_default());
            } else {
                self.text.push(c);
            }
            if self.text.len() > MAX - MORE.len() {
                self.text.truncate(before);
                self.full = true;
            }
        }
    }

    fn finish(mut self) -> String {
        if self.full {
            self.text.push_str(MORE);
        }
        self.text
    }
}

/// Characters that would break the line, hide text, or turn its direction; and the backslash, which escapes.
fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\\' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
