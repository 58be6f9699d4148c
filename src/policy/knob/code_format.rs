//! How codes of the registry's making are written.

use serde::{Deserialize, Serialize};

/// Fewest bits of chance in a code: a hundred million guesses meet one in ten thousand.
const LEAST_BITS: f64 = 40.0;
/// Most characters of chance, which is what one digest gives.
const MOST_DIGITS: u32 = 64;

/// A template of codes: text, the issuing role, the operation, and digits of chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeFormat {
    text: String,
    parts: Vec<CodePart>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePart {
    /// As it stands.
    Text(String),
    /// The issuing role: `REG`.
    Role,
    /// The operation: `TRANSFER`.
    Operation,
    /// So many digits of base 16.
    Hex(u32),
    /// So many decimal digits.
    Digits(u32),
}

impl CodeFormat {
    /// Its parts in order.
    #[must_use]
    pub fn parts(&self) -> &[CodePart] {
        &self.parts
    }
}

impl From<CodeFormat> for String {
    fn from(format: CodeFormat) -> Self {
        format.text
    }
}

impl TryFrom<String> for CodeFormat {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (mut parts, mut rest) = (Vec::new(), text.as_str());
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| format!("{text:?} has a {{ without }}"))?;
            if !before.is_empty() {
                parts.push(CodePart::Text(before.to_owned()));
            }
            parts.push(part(name).ok_or_else(|| {
                format!("{{{name}}} is none of {{role}}, {{op}}, {{hexN}} and {{digitsN}} with N from 1 to {MOST_DIGITS}")
            })?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(CodePart::Text(rest.to_owned()));
        }
        let (bits, digits) = chance(&parts);
        if digits > MOST_DIGITS {
            return Err(format!("{text:?} has {digits} digits of chance, more than {MOST_DIGITS}"));
        }
        if bits < LEAST_BITS {
            return Err(format!(
                "{text:?} can be guessed: it has {:.0} bits of chance, {LEAST_BITS} are needed",
                bits.floor()
            ));
        }
        Ok(Self { text, parts })
    }
}

fn part(name: &str) -> Option<CodePart> {
    let count = |digits: &str| digits.parse().ok().filter(|n| (1..=MOST_DIGITS).contains(n));
    match name {
        "role" => Some(CodePart::Role),
        "op" => Some(CodePart::Operation),
        _ => match name.strip_prefix("hex") {
            Some(digits) => count(digits).map(CodePart::Hex),
            None => count(name.strip_prefix("digits")?).map(CodePart::Digits),
        },
    }
}

/// Bits and characters of chance.
fn chance(parts: &[CodePart]) -> (f64, u32) {
    let of = |part: &CodePart| match part {
        CodePart::Hex(n) => (f64::from(*n) * 4.0, *n),
        CodePart::Digits(n) => (f64::from(*n) * 10_f64.log2(), *n),
        CodePart::Text(_) | CodePart::Role | CodePart::Operation => (0.0, 0),
    };
    parts.iter().map(of).fold((0.0, 0), |(bits, digits), (b, d)| (bits + b, digits + d))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<CodeFormat, String> {
        text.to_owned().try_into()
    }

    #[test]
    fn a_template_has_its_parts_and_keeps_its_text() {
        let format = parsed("{role}-{op}-{hex32}").unwrap();
        let dash = || CodePart::Text("-".to_owned());
        assert_eq!(format.parts(), [CodePart::Role, dash(), CodePart::Operation, dash(), CodePart::Hex(32)]);
        assert_eq!(String::from(format), "{role}-{op}-{hex32}");
    }

    #[test]
    fn what_can_be_guessed_or_is_no_template_is_refused() {
        assert!(parsed("{digits3}-{digits3}-{digits3}-{digits3}-{digits3}").is_ok());
        for (text, why) in [
            ("{digits12}", "can be guessed: it has 39"),
            ("plain", "can be guessed: it has 0"),
            ("{hex32", "has a { without }"),
            ("{hex0}{hex32}", "{hex0} is none of"),
            ("{oct32}", "{oct32} is none of"),
            ("{hex40}{hex40}", "80 digits of chance"),
        ] {
            let fault = parsed(text).unwrap_err();
            assert!(fault.contains(why), "{text}: {fault}");
        }
    }
}
