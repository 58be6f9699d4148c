//! How long resolvers keep the records of a domain or a host (RFC 9803).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A record type's mnemonic, in upper case: `NS`, `DS`, `AAAA`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RecordType(String);

impl RecordType {
    /// The types the schema knows by name; every other one is `custom` there.
    pub const NAMED: &'static [&'static str] = &["NS", "DS", "DNAME", "A", "AAAA"];

    /// The type of that mnemonic: letters, digits and hyphens, a letter first and no hyphen last (RFC 6895
    /// section 3.1).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let plain = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-';
        let fits = match bytes {
            [only] => *only == b'A',
            [first, .., last] => first.is_ascii_uppercase() && *last != b'-' && bytes.iter().all(plain),
            [] => false,
        };
        fits.then(|| Self(text.to_owned()))
    }

    /// The mnemonic.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the schema knows it by name.
    #[must_use]
    pub fn is_named(&self) -> bool {
        Self::NAMED.contains(&self.as_str())
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RecordType {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a record type has letters, digits and hyphens")
    }
}

/// A lifetime that a create or an update asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ttl {
    /// Of which records.
    pub record: RecordType,
    /// Seconds; `None` is the registry's own.
    pub seconds: Option<u32>,
}

/// Which lifetimes an info asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TtlView {
    /// Those that were set.
    Chosen,
    /// Those of every record type that can be set, with their bounds.
    Policy,
}

/// A lifetime as an info shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TtlShown {
    /// Of which records.
    pub record: RecordType,
    /// Seconds; `None` where nothing was set.
    pub seconds: Option<u32>,
    /// Lowest, the registry's own, and highest, where these were asked for.
    pub bounds: Option<(u32, u32, u32)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_type_is_a_mnemonic() {
        for good in ["A", "NS", "AAAA", "TYPE65534", "NSAP-PTR", "X9"] {
            assert!(RecordType::parse(good).is_some(), "{good}");
        }
        for bad in ["", "B", "ns", "9X", "A-", "-A", "A B", "N_S", "É1"] {
            assert_eq!(RecordType::parse(bad), None, "{bad}");
        }
    }
}
