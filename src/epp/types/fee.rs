//! Fees (RFC 8748): what a client asks for and agrees to, and what it is told.

use serde::{Deserialize, Serialize};

use super::Period;

/// An amount of money as a client writes it, in millionths of the currency's unit. What is finer is cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeeAmount(pub i128);

/// Digits behind the point that are read.
const DIGITS: usize = 6;
/// Digits before the point beyond which an amount is the largest there is.
const MOST: usize = 24;

impl FeeAmount {
    /// The amount of an `xs:decimal`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + part.len() == 0 || !plain(whole) || !plain(part) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > MOST {
            return Some(Self(sign * 10_i128.pow(MOST as u32 + DIGITS as u32)));
        }
        let part: String = part.chars().chain(std::iter::repeat('0')).take(DIGITS).collect();
        format!("0{whole}{part}").parse::<i128>().ok().map(|amount| Self(sign * amount))
    }
}

/// What a client agrees to pay (`fee:create` and its kin).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeGiven {
    /// In what; the account's currency where it is not said.
    pub currency: Option<String>,
    /// Fees and credits together.
    pub total: FeeAmount,
    /// The first fee as it was written.
    pub written: String,
}

/// What is asked about (`fee:commandEnum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the schema's names")]
pub enum FeeVerb {
    Create,
    Delete,
    Renew,
    Update,
    Transfer,
    Restore,
    Custom,
}

impl FeeVerb {
    /// In the schema's order.
    pub const ALL: &'static [Self] =
        &[Self::Create, Self::Delete, Self::Renew, Self::Update, Self::Transfer, Self::Restore, Self::Custom];

    /// The attribute's value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Renew => "renew",
            Self::Update => "update",
            Self::Transfer => "transfer",
            Self::Restore => "restore",
            Self::Custom => "custom",
        }
    }

    /// The command of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verb| verb.name() == name)
    }
}

/// A command whose fee is asked (`fee:command`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeCommand {
    /// Which.
    pub verb: FeeVerb,
    /// The name of one that RFC 8748 does not know.
    pub custom: Option<String>,
    /// The phase of the zone.
    pub phase: Option<String>,
    /// A part of that phase.
    pub subphase: Option<String>,
    /// For how long.
    pub period: Option<Period>,
}

/// What a check asks of fees (`fee:check`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeCheck {
    /// In what.
    pub currency: Option<String>,
    /// In the order asked.
    pub commands: Vec<FeeCommand>,
}

/// A fee that is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// How much.
    pub amount: String,
    /// What for.
    pub description: String,
    /// Days within which a delete gives it back; 0 for never.
    pub grace_days: i64,
    /// Whether it is charged later.
    pub delayed: bool,
}

/// What one command would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeQuoted {
    /// Which, with the period that is reckoned with.
    pub command: FeeCommand,
    /// Whether that is the price of every name.
    pub standard: bool,
    /// Its fees.
    pub fees: Vec<FeeLine>,
    /// What it gives back, less than nothing.
    pub credit: Option<String>,
    /// Why it has no price.
    pub reason: Option<String>,
}

/// What a check says of one name (`fee:cd`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeChecked {
    /// The name as it is compared.
    pub name: String,
    /// Its class.
    pub class: Option<String>,
    /// What each command would cost.
    pub commands: Vec<FeeQuoted>,
    /// Why there are no prices.
    pub unavailable: Option<String>,
}

/// What a command cost (`fee:creData` and its kin).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeTaken {
    /// Which command.
    pub verb: FeeVerb,
    /// In what.
    pub currency: String,
    /// For how many years.
    pub years: Option<u8>,
    /// Its fees.
    pub fees: Vec<FeeLine>,
    /// What it gave back, less than nothing.
    pub credit: Option<String>,
    /// What the account has afterwards.
    pub balance: Option<String>,
    /// How far below zero that may be.
    pub credit_limit: Option<String>,
}

/// What an answer says of fees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeAnswer {
    /// To a check.
    Checked {
        /// In what.
        currency: String,
        /// In the order asked.
        names: Vec<FeeChecked>,
    },
    /// To a command that was done.
    Taken(FeeTaken),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_the_schema_writes_them() {
        for (text, millionths) in [
            ("10", 10_000_000),
            ("10.", 10_000_000),
            (".5", 500_000),
            ("+0010.50", 10_500_000),
            ("-0.000001", -1),
            ("0.0000019", 1),
            ("0", 0),
        ] {
            assert_eq!(FeeAmount::parse(text), Some(FeeAmount(millionths)), "{text}");
        }
        for text in ["", ".", "-", "1e3", "1,5", "--1", "1.2.3", "INF"] {
            assert_eq!(FeeAmount::parse(text), None, "{text}");
        }
        let huge = FeeAmount::parse(&"9".repeat(100)).unwrap();
        assert!(huge > FeeAmount(i128::from(i64::MAX) * 1_000_000));
    }
}
