//! Amounts of money: decimals as people write them, integers of the currency's smallest unit everywhere else.

use serde::{Deserialize, Serialize};

/// A currency by its letters (ISO 4217).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

/// Currencies without a smaller unit, and those with thousandths; all others have hundredths.
const WHOLE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
    "XOF", "XPF",
];
const THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(letters: String) -> Result<Self, String> {
        if letters.len() == 3 && letters.bytes().all(|b| b.is_ascii_uppercase()) {
            return Ok(Self(letters));
        }
        Err(format!("{letters:?} is no currency; write its three letters, such as EUR"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Currency {
    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Digits behind the point.
    #[must_use]
    pub fn digits(&self) -> u32 {
        match self.0.as_str() {
            letters if WHOLE.contains(&letters) => 0,
            letters if THOUSANDTHS.contains(&letters) => 3,
            _ => 2,
        }
    }

    /// An amount of smallest units as people read it: `-3.50`.
    #[must_use]
    pub fn show(&self, minor: i64) -> String {
        let one = 10_u64.pow(self.digits());
        let (whole, part) = (minor.unsigned_abs() / one, minor.unsigned_abs() % one);
        let sign = if minor < 0 { "-" } else { "" };
        match self.digits() as usize {
            0 => format!("{sign}{whole}"),
            digits => format!("{sign}{whole}.{part:0digits$}"),
        }
    }
}

/// An amount as people write it: `4.00`, `-12`, with at most three digits behind the point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    thousandths: i64,
}

/// The largest amount anybody writes; sums of very many of them still fit.
const MOST: i64 = 1_000_000_000_000;

impl TryFrom<String> for Decimal {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        Self::parse(&written)
            .ok_or_else(|| format!("{written:?} is no amount; write digits and a point: \"4.00\""))
    }
}

impl From<Decimal> for String {
    fn from(amount: Decimal) -> Self {
        amount.to_string()
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (self.thousandths.unsigned_abs() / 1000, self.thousandths.unsigned_abs() % 1000);
        let sign = if self.thousandths < 0 { "-" } else { "" };
        if part % 10 == 0 {
            write!(f, "{sign}{whole}.{:02}", part / 10)
        } else {
            write!(f, "{sign}{whole}.{part:03}")
        }
    }
}

impl Decimal {
    /// The amount somebody wrote.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let (sign, digits) = written.strip_prefix('-').map_or((1, written), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(part) || part.len() > 3 {
            return None;
        }
        let thousandths = whole
            .parse::<i64>()
            .ok()
            .filter(|whole| *whole <= MOST)?
            .checked_mul(1000)?
            .checked_add(format!("{part:0<3}").parse().ok()?)?;
        Some(Self { thousandths: sign * thousandths })
    }

    /// The amount in the currency's smallest unit; `None` where the currency has no such unit.
    #[must_use]
    pub fn minor(self, currency: &Currency) -> Option<i64> {
        let unit = 10_i64.pow(3 - currency.digits());
        (self.thousandths % unit == 0).then_some(self.thousandths / unit)
    }

    /// Whether it is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.thousandths < 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(letters: &str) -> Currency {
        letters.to_owned().try_into().unwrap()
    }

    #[test]
    fn amounts_are_read_and_shown_exactly() {
        let (euro, yen, dinar) = (currency("EUR"), currency("JPY"), currency("KWD"));
        for (written, minor, shown) in [
            ("4", 400, "4.00"),
            ("4.5", 450, "4.50"),
            ("0.05", 5, "0.05"),
            ("-0.05", -5, "-0.05"),
            ("-12.34", -1234, "-12.34"),
            ("1000000000000.99", 100_000_000_000_099, "1000000000000.99"),
        ] {
            let amount = Decimal::parse(written).unwrap();
            assert_eq!(amount.minor(&euro), Some(minor), "{written}");
            assert_eq!((euro.show(minor), amount.to_string()), (shown.to_owned(), shown.to_owned()));
        }
        assert_eq!(Decimal::parse("7").unwrap().minor(&yen), Some(7));
        assert_eq!(Decimal::parse("7.5").unwrap().minor(&yen), None);
        assert_eq!(Decimal::parse("1.005").unwrap().minor(&euro), None);
        assert_eq!(Decimal::parse("1.005").unwrap().minor(&dinar), Some(1005));
        assert_eq!((yen.show(-7), dinar.show(1005)), ("-7".to_owned(), "1.005".to_owned()));
    }

    #[test]
    fn what_is_no_amount_or_currency_is_refused() {
        for written in ["", "-", ".5", "5.", "1,5", "1.2345", "+1", "1e3", "--1", "1000000000001"] {
            assert_eq!(Decimal::parse(written), None, "{written}");
        }
        for letters in ["", "EU", "eur", "EURO", "€€€"] {
            assert!(Currency::try_from(letters.to_owned()).is_err(), "{letters}");
        }
    }
}
