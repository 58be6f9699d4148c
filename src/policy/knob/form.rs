//! The forms of what registrars write: transaction identifiers, languages, names, postal information.

use serde::{Deserialize, Serialize};

use super::RefusalCode;

/// Transaction identifiers of clients (RFC 5730 section 2.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CltridPolicy {
    /// The commands that need one (`domain:create`); `domain:*` is every command on domains.
    pub required: Vec<String>,
}

/// The greeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GreetingPolicy {
    /// The languages that are announced and taken at login; English is one of them.
    pub langs: Vec<String>,
}

/// What a frame longer than the bound is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oversize {
    /// Nothing: the connection ends.
    Close,
    /// 2500 with the reason; then the connection ends.
    ReplyThenClose,
}

/// Addresses of hosts below domains of this registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GluePolicy {
    /// The code when a new one has none.
    pub missing_code: RefusalCode,
}

/// Locks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocksPolicy {
    /// Whether the registry locks domains for their holders.
    pub registry_lock: bool,
}

/// In which form postal information is taken (RFC 5733 section 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostalRule {
    /// In either form, or in both.
    Both,
    /// In the internationalised form only.
    Int,
    /// In the localised form only.
    Loc,
    /// Addresses in that country in the localised form, all others in the internationalised one.
    #[serde(untagged)]
    Home {
        /// ISO 3166-1 alpha-2, upper case.
        home: String,
    },
}

/// Which characters postal information may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// All that XML has.
    Utf8,
    /// Those of ISO 8859-1 and ISO 8859-15.
    Latin,
}

impl Charset {
    /// Whether it has that character.
    #[must_use]
    pub fn has(self, c: char) -> bool {
        match self {
            Self::Utf8 => true,
            Self::Latin => {
                matches!(c, ' '..='~' | '\u{a0}'..='ÿ' | '€' | 'Š' | 'š' | 'Ž' | 'ž' | 'Œ' | 'œ' | 'Ÿ')
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_for_postal_forms_is_a_word_or_a_country() {
        let rule = |text: &str| {
            let table: toml::Table = format!("rule = {text}").parse().unwrap();
            table["rule"].clone().try_into::<PostalRule>()
        };
        assert_eq!(rule("\"loc\""), Ok(PostalRule::Loc));
        assert_eq!(rule("{ home = \"XX\" }"), Ok(PostalRule::Home { home: "XX".to_owned() }));
        assert!(rule("\"global\"").is_err());
    }

    #[test]
    fn latin_has_the_letters_of_its_neighbours_and_no_others() {
        assert!("Zoë Šœ € Ÿ".chars().all(|c| Charset::Latin.has(c)));
        assert!(['ł', '東', '\u{85}', '\n'].into_iter().all(|c| !Charset::Latin.has(c)));
    }
}
