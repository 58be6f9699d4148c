//! The one place where frames become text for logs: passwords out, control characters escaped, length bounded.
//!
//! This does not parse. A frame that is not well-formed is the one whose log line is wanted, and a parser that gives
//! up gives no line. So the text is scanned for start tags by their look, and in doubt more is hidden than needed:
//! comments always, and everything from a document type declaration or an unfinished tag to the end.

use std::borrow::Cow;

use super::ext::Ext;

/// Local names of elements whose content is a secret, in whatever namespace: passwords, and authorization
/// information in a form that this server does not take. Extensions name theirs in their codecs.
const SECRETS: &[&str] = &["pw", "newPW", "ext"];
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
            after(comment, "-->")
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
    is_secret(local).then_some((name, behind))
}

/// Whether the content of an element of that local name is a secret.
pub(super) fn is_secret(local: &str) -> bool {
    SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(local)) || Ext::is_secret(local)
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

fn after<'t>(text: &'t str, end: &str) -> &'t str {
    text.split_once(end).map_or("", |(_, rest)| rest)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::epp::xml::source;
    use crate::epp::xml::tree::{El, Tree};

    fn text(frame: &str) -> String {
        super::frame(frame.as_bytes())
    }

    #[test]
    fn passwords_are_hidden_and_the_rest_is_as_sent() {
        assert_eq!(
            text(
                "<epp xmlns=\"urn:x\"><login><clID>abc</clID><pw>foo-BAR2</pw><newPW>x&amp;y</newPW></login></epp>"
            ),
            "<epp xmlns=\"urn:x\"><login><clID>abc</clID><pw>***</pw><newPW>***</newPW></login></epp>"
        );
        assert_eq!(text("<d:pw roid='A-B'>s</d:pw>x"), "<d:pw roid='A-B'>***</d:pw>x");
        assert_eq!(
            text("<s:loginSec><s:pw>a long one</s:pw><s:newPW>another\n</s:newPW></s:loginSec>"),
            "<s:loginSec><s:pw>***</s:pw><s:newPW>***</s:newPW></s:loginSec>"
        );
        assert_eq!(text("<pw/><pw />a"), "<pw/><pw />a");
        assert_eq!(text("<x:ext><y>s</y></x:ext>"), "<x:ext>***</x:ext>");
        assert_eq!(text("<pwx>a</pwx><clID/>"), "<pwx>a</pwx><clID/>");
    }

    #[test]
    fn end_tags_that_are_none_end_nothing() {
        for hidden in [
            "<pw><![CDATA[a</pw>S]]></pw>",
            "<pw>a<!-- </pw> -->S</pw>",
            "<pw>a<?p </pw>?>S</pw>",
            "<pw>a<pw>b</pw>S</pw>",
            "<a:pw>a</b:pw>S</a:pw>",
            "<pw>a<x y=\"</pw>\">S</x></pw>",
            "<pw y='>S'>S</pw >",
            "<PW>S</PW>",
            "< pw>S</pw>",
        ] {
            let shown = text(&format!("<a>{hidden}</a>"));
            assert!(!shown.contains('S'), "{hidden} became {shown}");
            assert!(shown.ends_with("</a>"), "{hidden} became {shown}");
        }
    }

    #[test]
    fn broken_frames_lose_more_rather_than_less() {
        for broken in [
            "<pw>S",
            "<pw>S</pw",
            "<pw>S</p w></a>",
            "<pw S",
            "<pw a=\"S</pw>",
            "<pw>a<![CDATA[S</pw>",
            "<pw>a<!--S</pw>",
            "<!-- <pw>S</pw> -->",
            "<!-- <pw>S",
            "<x a='<pw>S</pw>'/>",
            "<![CDATA[<pw>S</pw>]]>",
            "<!DOCTYPE a [<!ENTITY s 'S'>]><a><pw>&s;</pw></a>",
            "<!doctype S",
            "<a><pw>a</newPW>S</a>",
        ] {
            assert!(!text(broken).contains('S'), "{broken} became {}", text(broken));
        }
    }

    #[test]
    fn every_encoding_is_read() {
        let frame = "<pw>SECRET</pw>";
        let le: Vec<u8> = frame.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = frame.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            [b"\xFF\xFE".as_slice(), &le].concat(),
            [b"\xFE\xFF".as_slice(), &be].concat(),
            [b"\xEF\xBB\xBF".as_slice(), frame.as_bytes()].concat(),
            le,
            be,
        ] {
            assert_eq!(super::frame(&bytes), "<pw>***</pw>");
        }
    }

    #[test]
    fn a_line_stays_one_line_and_short() {
        assert_eq!(text("<a>\r\n\t\u{1b}[0m\u{202e}\\</a>"), r"<a>\r\n\t\u{1b}[0m\u{202e}\\</a>");
        let long = text(&"é".repeat(5000));
        assert!(long.len() <= MAX && long.len() > MAX - 8 && long.ends_with(MORE), "{}", long.len());
        assert_eq!(text(&"a".repeat(MAX - MORE.len())).len(), MAX - MORE.len());
    }

    /// How often the secret stands in text that is not inside an element whose content is secret.
    fn open_secrets(el: El<'_>) -> usize {
        if SECRETS.contains(&el.name()) {
            return 0;
        }
        el.text().matches("SECRET").count() + el.children().map(open_secrets).sum::<usize>()
    }

    /// Well-formed content, full of what looks like the end of a secret element and is none.
    fn content() -> impl Strategy<Value = String> {
        let pieces = [
            "SECRET",
            "&lt;",
            "<pw/>",
            "<![CDATA[</pw>SECRET]]>",
            "<![CDATA[<pw>]]>",
            "<!-- </pw><pw> -->",
            "<?p </pw><pw>?>",
        ];
        let tags = [
            ("<pw>", "</pw>"),
            ("<a:pw b='>'>", "</a:pw >"),
            ("<newPW\nb=\"/\">", "</newPW>"),
            ("<b:ext>", "</b:ext>"),
            ("<a b=\"'>\">", "</a>"),
        ];
        proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned).prop_recursive(
            4,
            24,
            5,
            move |inner| {
                let tag = proptest::sample::select(tags.to_vec());
                (tag, proptest::collection::vec(inner, 0..5))
                    .prop_map(|((start, end), inside)| format!("{start}{}{end}", inside.concat()))
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_give_a_line(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let line = super::frame(&bytes);
            prop_assert!(line.len() <= MAX && !line.contains(char::is_control));
        }

        #[test]
        fn what_a_parser_finds_in_a_secret_element_is_not_shown(inner in content()) {
            let frame = format!("<r xmlns:a='urn:a' xmlns:b='urn:b'>{inner}</r>");
            let (text, encoding) = source::read(frame.as_bytes()).unwrap();
            let tree = Tree::read(&text, encoding).unwrap();
            let shown = super::frame(frame.as_bytes());
            prop_assert!(shown.matches("SECRET").count() <= open_secrets(tree.root()), "{} became {}", frame, shown);
        }
    }
}
