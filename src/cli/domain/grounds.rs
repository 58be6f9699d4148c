//! Why the registry changes a domain: the case and the words that the sponsor is told (RFC 8590).

use clap::Args;

use crate::epp::types::{CaseId, CaseKind, Grounds, Note};

/// The case behind a change.
#[derive(Clone, Debug, Args)]
pub struct Case {
    /// The number of the case behind it
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    case: Option<String>,
    /// By which procedure: udrp, urs, or the name of another
    #[arg(long, value_name = "PROCEDURE", requires = "case", default_value = "udrp")]
    case_type: String,
}

/// The case behind a change, and why.
#[derive(Clone, Debug, Args)]
pub struct Why {
    #[command(flatten)]
    case: Case,
    /// Why, in at most 32 characters for the sponsor's client
    #[arg(long)]
    reason: Option<String>,
    /// The language of --reason
    #[arg(long, value_name = "TAG", requires = "reason", default_value = "en", value_parser = tag)]
    reason_lang: String,
}

impl Case {
    /// With those words in English.
    pub(super) fn grounds(&self, reason: &str) -> Grounds {
        Grounds { case: self.id(), reason: Some(Note { lang: "en".to_owned(), text: reason.to_owned() }) }
    }

    fn id(&self) -> Option<CaseId> {
        self.case.clone().map(|id| CaseId { kind: CaseKind::parse(&self.case_type), id })
    }
}

impl Why {
    pub(super) fn grounds(&self) -> Grounds {
        let reason = self.reason.clone().map(|text| Note { lang: self.reason_lang.clone(), text });
        Grounds { case: self.case.id(), reason }
    }
}

fn number(text: &str) -> Result<String, String> {
    match text.split_whitespace().collect::<Vec<_>>().join(" ") {
        empty if empty.is_empty() => Err("it is empty".to_owned()),
        text => Ok(text),
    }
}

/// `xs:language`
fn tag(text: &str) -> Result<String, String> {
    let part = |at: usize, part: &str| {
        let fits = |b: u8| if at == 0 { b.is_ascii_alphabetic() } else { b.is_ascii_alphanumeric() };
        (1..=8).contains(&part.len()) && part.bytes().all(fits)
    };
    match text.split('-').enumerate().all(|(at, word)| part(at, word)) {
        true => Ok(text.to_owned()),
        false => Err(format!("{text:?} is no language, such as en or fr-CA")),
    }
}
