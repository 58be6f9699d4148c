//! Result codes as knobs: where registries answer the same refusal by different codes.

use serde::{Deserialize, Serialize};

/// A code of RFC 5730 section 3 that refuses a command and leaves the session alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct RefusalCode(u16);

impl RefusalCode {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for RefusalCode {
    type Error = String;

    fn try_from(code: u16) -> Result<Self, String> {
        match code {
            2000..=2005 | 2100..=2106 | 2200..=2202 | 2300..=2308 => Ok(Self(code)),
            _ => Err(format!("{code} is no code that refuses a command; RFC 5730 section 3 lists them")),
        }
    }
}

impl From<RefusalCode> for u16 {
    fn from(code: RefusalCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_of_the_standard() {
        assert_eq!(RefusalCode::try_from(2308).map(RefusalCode::get), Ok(2308));
        for code in [1000, 2006, 2400, 2500, 2502] {
            assert!(RefusalCode::try_from(code).is_err(), "{code}");
        }
    }
}
