//! The smaller values of commands and replies.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
use zeroize::Zeroizing;

/// Why a text is not such a value: a sentence for the registrar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub &'static str);

/// A text that is never shown: not in logs, not in replies, not in `Debug`. Wiped when dropped.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text in.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for hashing and comparing only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Identifiers of the shape `eppcom:clIDType`: 3 to 16 characters after token collapse.
macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident, $min:literal ..= $max:literal, $fault:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes a collapsed token.
            ///
            /// # Errors
            /// When its length is outside the type's bounds.
            pub fn parse(text: &str) -> Result<Self, Fault> {
                if ($min..=$max).contains(&text.chars().count()) { Ok(Self(text.to_owned())) } else { Err(Fault($fault)) }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )*};
}

identifiers! {
    /// A registrar's identifier, also a login name.
    RegistrarId, 3..=16, "an identifier has 3 to 16 characters";
    /// A contact's identifier, kept as the client wrote it and compared without regard to case.
    ContactId, 3..=16, "an identifier has 3 to 16 characters";
    /// The client's transaction identifier, echoed as it came.
    ClTrid, 3..=64, "a clTRID has 3 to 64 characters";
}

impl ContactId {
    /// The form by which identifiers are compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.as_str().to_lowercase()
    }
}

/// A repository object identifier, `(\w|_){1,80}-\w{1,8}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoId(String);

impl RoId {
    /// Reads one.
    ///
    /// # Errors
    /// When it does not follow the pattern of RFC 5730.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        // In XML Schema \w is all but punctuation (an underscore is that), separators and others: symbols are in.
        let word = |c: char| {
            use GeneralCategoryGroup::{Letter, Mark, Number, Symbol};
            matches!(c.general_category_group(), Letter | Mark | Number | Symbol)
        };
        let sized = |s: &str, max| (1..=max).contains(&s.chars().count());
        match text.rsplit_once('-') {
            Some((local, repository))
                if sized(local, 80)
                    && sized(repository, 8)
                    && local.chars().all(|c| word(c) || c == '_')
                    && repository.chars().all(word) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Fault("a roid is written as local identifier, hyphen, repository identifier")),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Unit of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeriodUnit {
    /// `y`
    Years,
    /// `m`
    Months,
}

/// A registration period as sent: 1 to 99 of a unit (RFC 5731 section 2.9... `domain:periodType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// 1 to 99.
    pub count: u8,
    /// Years or months.
    pub unit: PeriodUnit,
}

impl Period {
    /// The period in calendar months.
    #[must_use]
    pub fn months(self) -> i32 {
        match self.unit {
            PeriodUnit::Years => i32::from(self.count) * 12,
            PeriodUnit::Months => i32::from(self.count),
        }
    }
}

/// Authorization information as sent: a password, or its removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthInfo {
    /// The password; an empty one unsets (RFC 9154).
    pub pw: Secret,
    /// The object the password belongs to, when not the one named.
    pub roid: Option<RoId>,
}

/// A language of standard texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// English, always offered.
    #[default]
    En,
    /// French.
    Fr,
}

impl Lang {
    /// The languages of the greeting.
    pub const ALL: &'static [Self] = &[Self::En, Self::Fr];

    /// The language tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language of a tag, compared without regard to case (RFC 5646 section 2.1.1).
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.tag().eq_ignore_ascii_case(tag))
    }
}

/// An address of a host.
pub type HostAddr = IpAddr;

/// Addresses of a host in the order given; the database form is separated by blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HostAddrs(pub Vec<HostAddr>);

impl HostAddrs {
    /// The database form.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// Reads the database form.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.split_ascii_whitespace().filter_map(|a| a.parse().ok()).collect())
    }
}

/// A telephone number, `(\+[0-9]{1,3}\.[0-9]{1,14})?` with an optional extension (RFC 5733 section 2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number; may be empty.
    pub number: String,
    /// The `x` attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
}

/// Which of the two forms a postal address is in (RFC 5733 section 2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PostalForm {
    /// Internationalised: ASCII only.
    Int,
    /// Localised: any UTF-8.
    Loc,
}

impl PostalForm {
    /// The attribute's value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Loc => "loc",
        }
    }
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postal {
    /// None to three lines.
    #[serde(default)]
    pub street: Vec<String>,
    /// City.
    pub city: String,
    /// State or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sp: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pc: Option<String>,
    /// ISO 3166-1 alpha-2 country code, upper case.
    pub cc: String,
}

/// Name, organisation and address in one form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalInfo {
    /// Name of the person or role.
    pub name: String,
    /// Organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// Address.
    pub addr: Postal,
}

/// One element of a disclose preference, in the schema's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscloseField {
    /// `contact:name`
    Name(PostalForm),
    /// `contact:org`
    Org(PostalForm),
    /// `contact:addr`
    Addr(PostalForm),
    /// `contact:voice`
    Voice,
    /// `contact:fax`
    Fax,
    /// `contact:email`
    Email,
}

/// A disclose preference (RFC 5733 section 2.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclose {
    /// Whether the named elements may be disclosed.
    pub flag: bool,
    /// The elements.
    pub fields: Vec<DiscloseField>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roid_is_made_of_letters_marks_digits_and_symbols() {
        for good in ["JD1234-REP", "_A_-R", "東-é", "A$+<~-R", "🦀-R", "e\u{301}-R", "²-R"] {
            assert!(RoId::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "-",
            "A-",
            "-R",
            "A-B-R",
            "A-R_P",
            "A.B-R",
            "A R-R",
            "A\u{a0}-R",
            "A@-R",
            "A\u{200b}-R",
            "A-REPREPREP",
        ] {
            assert!(RoId::parse(bad).is_err(), "{bad}");
        }
    }
}
