//! Domain and host names: lower-case A-labels (RFC 1035, RFC 5890), never anything else.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Longer than 253 characters.
    #[error("a name has at most 253 characters")]
    TooLong,
    /// An empty label, or no label at all.
    #[error("a label is empty")]
    EmptyLabel,
    /// A label over 63 characters.
    #[error("a label has at most 63 characters")]
    LabelTooLong,
    /// A character outside letters, digits and hyphen.
    #[error("a label is made of letters, digits and hyphens")]
    Character,
    /// A hyphen at an end of a label.
    #[error("a label does not begin or end with a hyphen")]
    Hyphen,
    /// Hyphens in the third and fourth place of a label that is not an A-label.
    #[error("hyphens in the third and fourth place are for internationalised labels only")]
    ReservedLabel,
    /// `xn--` that is not the one ASCII form of a valid internationalised label (RFC 5891).
    #[error("the label is not a valid A-label")]
    ALabel,
    /// A top label made of digits only.
    #[error("the last label cannot be a number")]
    Numeric,
}

/// A fully qualified name in lower case without the final dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DomainName(String);

impl DomainName {
    /// Reads a name as a client sends it: upper case is folded, a final dot is refused.
    ///
    /// # Errors
    /// The first rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, NameFault> {
        if text.len() > 253 {
            return Err(NameFault::TooLong);
        }
        let name = text.to_ascii_lowercase();
        for label in name.split('.') {
            check_label(label)?;
        }
        let top = name.rsplit('.').next().unwrap_or("");
        if top.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NameFault::Numeric);
        }
        Ok(Self(name))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The labels from left to right.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.0.split('.')
    }

    /// The leftmost label.
    #[must_use]
    pub fn first_label(&self) -> &str {
        self.0.split('.').next().unwrap_or("")
    }

    /// The name without its leftmost label; `None` for a single label.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_once('.').map(|(_, rest)| Self(rest.to_owned()))
    }

    /// This name and every name above it, longest first.
    #[must_use]
    pub fn self_and_ancestors(&self) -> Vec<Self> {
        let mut all = vec![self.clone()];
        while let Some(up) = all.last().and_then(Self::parent) {
            all.push(up);
        }
        all
    }

    /// Whether this name lies below `other` (and is not `other` itself).
    #[must_use]
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len()
            && self.0.ends_with(&other.0)
            && self.0.as_bytes()[self.0.len() - other.0.len() - 1] == b'.'
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_label(label: &str) -> Result<(), NameFault> {
    if label.is_empty() {
        return Err(NameFault::EmptyLabel);
    }
    if label.len() > 63 {
        return Err(NameFault::LabelTooLong);
    }
    if !label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(NameFault::Character);
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(NameFault::Hyphen);
    }
    if label.as_bytes().get(2..4) == Some(b"--") {
        if !label.starts_with("xn--") {
            return Err(NameFault::ReservedLabel);
        }
        // IDNA2008 as far as UTS 46 goes: decodes, is not ASCII, and encodes back to the very same label. Which
        // code points a zone accepts is the zone's table, asked by the flows.
        let (unicode, fault) = idna::domain_to_unicode(label);
        if fault.is_err() || unicode.is_ascii() {
            return Err(NameFault::ALabel);
        }
        match idna::domain_to_ascii_strict(&unicode) {
            Ok(back) if back == label => {}
            _ => return Err(NameFault::ALabel),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_checked() {
        assert_eq!(DomainName::parse("EXAMPLE.Tld").unwrap().as_str(), "example.tld");
        for (text, fault) in [
            ("", NameFault::EmptyLabel),
            ("a..b", NameFault::EmptyLabel),
            ("a.b.", NameFault::EmptyLabel),
            ("-a.tld", NameFault::Hyphen),
            ("a-.tld", NameFault::Hyphen),
            ("ab--cd.tld", NameFault::ReservedLabel),
            ("xn--a.tld", NameFault::ALabel),
            ("xn--abc-.tld", NameFault::Hyphen),
            ("exämple.tld", NameFault::Character),
            ("a_b.tld", NameFault::Character),
            ("a.123", NameFault::Numeric),
        ] {
            assert_eq!(DomainName::parse(text), Err(fault), "{text}");
        }
        assert!(DomainName::parse("xn--exmple-cua.tld").is_ok());
        assert!(DomainName::parse(&format!("{}.tld", "a".repeat(63))).is_ok());
        assert_eq!(DomainName::parse(&format!("{}.tld", "a".repeat(64))), Err(NameFault::LabelTooLong));
    }

    #[test]
    fn below_is_by_whole_labels() {
        let zone = DomainName::parse("example").unwrap();
        assert!(DomainName::parse("a.example").unwrap().is_below(&zone));
        assert!(!DomainName::parse("a.myexample").unwrap().is_below(&zone));
        assert!(!zone.is_below(&zone));
    }
}
