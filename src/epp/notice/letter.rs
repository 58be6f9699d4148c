//! Notices as mail. What is for machines has a block of KEY: value lines that a program finds by its markers; what is
//! for people has none.

use super::{Audience, Notice};
use crate::clock::Ts;
use crate::epp::types::{Lang, RegistrarId};

/// The line above the pairs.
pub const BEGIN: &str = "-----BEGIN NOTICE-----";
/// The line below them.
pub const END: &str = "-----END NOTICE-----";

/// A mail without its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

impl Notice {
    /// The mail of a notice with that number. Languages come in the registrar's order (S16); the first is that of the
    /// subject.
    #[must_use]
    pub fn letter(&self, of: &RegistrarId, id: i64, at: Ts, langs: &[Lang]) -> Letter {
        let langs = if langs.is_empty() { &[Lang::En] } else { langs };
        let kind = self.kind();
        let texts = langs.iter().map(|lang| self.body(*lang));
        let mut body = distinct(texts).join("\n\n");
        body.push('\n');
        if kind.audience != Audience::Machines {
            return Letter { subject: one_line(self.text(langs[0]).trim_end_matches('.')), body };
        }
        let fields = self.fields();
        let object = fields.iter().find(|(key, _)| matches!(*key, "DOMAIN" | "CONTACT" | "HOST"));
        let object = object.map(|(_, value)| format!(" {value}")).unwrap_or_default();
        let subject = one_line(&format!("{} {}{object}", kind.topic, kind.action).replace('_', " "));
        body.push_str(&format!("\n{BEGIN}\n"));
        let head = [
            ("ID", id.to_string()),
            ("REGISTRAR", of.to_string()),
            ("QUEUED", at.to_string()),
            ("KIND", kind.tag.to_owned()),
            ("TYPE", kind.topic.to_owned()),
            ("ACTION", kind.action.to_owned()),
        ];
        let code = kind.code.map(|code| ("RETURNCODE", code.to_string()));
        for (key, value) in head.into_iter().chain(code).chain(fields) {
            body.push_str(&format!("{key}: {value}\n"));
        }
        body.push_str(END);
        body.push('\n');
        Letter { subject, body }
    }
}

/// A text that is the same in two languages is said once.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

pub(super) fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn machines_find_what_they_look_for_and_people_are_spared_it() {
        let of = RegistrarId::parse("alpha").unwrap();
        for notice in samples() {
            let letter = notice.letter(&of, 7, Ts(0), &[Lang::Fr, Lang::En]);
            assert!(!letter.subject.is_empty() && !letter.subject.contains('\n'), "{letter:?}");
            let lines: Vec<_> = letter.body.lines().collect();
            let block = lines.iter().position(|line| *line == BEGIN);
            assert_eq!(block.is_some(), notice.kind().is_polled(), "{letter:?}");
            let Some(block) = block else { continue };
            assert_eq!(lines.last(), Some(&END));
            assert_eq!(lines[block + 1], "ID: 7");
            for line in &lines[block + 1..lines.len() - 1] {
                assert!(line.split_once(": ").is_some_and(|(key, _)| key.len() > 1), "{line}");
            }
        }
    }

    #[test]
    fn languages_come_in_the_registrars_order() {
        let of = RegistrarId::parse("alpha").unwrap();
        let notice = Notice::Unblocked { by_self: false, points: 0 };
        let body = |langs: &[Lang]| notice.letter(&of, 1, Ts(0), langs).body;
        assert!(body(&[Lang::Fr, Lang::En]).starts_with("Le compte est débloqué"));
        assert!(body(&[Lang::En, Lang::Fr]).starts_with("The account is unblocked"));
        assert!(body(&[Lang::En, Lang::Fr]).contains("\n\nLe compte"));
        assert!(!body(&[Lang::Fr]).contains("account") && body(&[]).starts_with("The account"));
    }
}
