//! The code points a zone accepts in internationalised labels, and the contextual rules IDNA2008 (RFC 5892
//! appendix A) has beyond UTS 46, which the name's own type has checked already.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use unicode_normalization::is_nfc;

/// A zone's table: single characters and ranges (`"à-ö"`), beside letters, digits and hyphen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct CodePoints {
    written: Vec<String>,
    ranges: Vec<RangeInclusive<char>>,
}

impl TryFrom<Vec<String>> for CodePoints {
    type Error = String;

    fn try_from(written: Vec<String>) -> Result<Self, String> {
        let mut ranges = Vec::with_capacity(written.len());
        for entry in &written {
            let characters: Vec<char> = entry.chars().collect();
            match *characters.as_slice() {
                [one] => ranges.push(one..=one),
                [first, '-', last] if first <= last => ranges.push(first..=last),
                _ => return Err(format!("{entry:?} is neither one character nor a range such as \"à-ö\"")),
            }
        }
        Ok(Self { written, ranges })
    }
}

impl From<CodePoints> for Vec<String> {
    fn from(table: CodePoints) -> Self {
        table.written
    }
}

impl CodePoints {
    /// Whether the zone has internationalised names at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether a U-label is made of the table's code points only, normalised, each where its context allows it.
    #[must_use]
    pub fn accept(&self, label: &str) -> bool {
        let characters: Vec<char> = label.chars().collect();
        is_nfc(label)
            && characters.iter().all(|c| self.has(*c))
            && (0..characters.len()).all(|at| context_fits(&characters, at))
    }

    fn has(&self, c: char) -> bool {
        matches!(c, 'a'..='z' | '0'..='9' | '-') || self.ranges.iter().any(|range| range.contains(&c))
    }
}

/// The rules of RFC 5892 appendix A.3 to A.9; those of the joiners (A.1, A.2) are part of UTS 46.
fn context_fits(label: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|n| label.get(n)).copied();
    let after = label.get(at + 1).copied();
    match label[at] {
        // Middle dot: Catalan, between two l.
        '\u{b7}' => before == Some('l') && after == Some('l'),
        // Greek keraia: before a Greek letter.
        '\u{375}' => after.is_some_and(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}')),
        // Hebrew geresh and gershayim: after a Hebrew letter.
        '\u{5f3}' | '\u{5f4}' => before.is_some_and(|c| matches!(c, '\u{591}'..='\u{5f4}')),
        // Katakana middle dot: in a label with Hiragana, Katakana or Han.
        '\u{30fb}' => label.iter().any(|c| {
            matches!(c, '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
                | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
        }),
        // The two sets of Arabic-Indic digits do not mix.
        '\u{660}'..='\u{669}' => !label.iter().any(|c| matches!(c, '\u{6f0}'..='\u{6f9}')),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(entries: &[&str]) -> CodePoints {
        CodePoints::try_from(entries.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn every_code_point_must_be_in_the_table() {
        let german = table(&["ä", "ö", "ü", "ß"]);
        assert!(german.accept("köln"));
        assert!(german.accept("straße-1"));
        assert!(!german.accept("kølm"));
        assert!(!german.accept("ab\u{308}"), "not normalised, and not in the table");
        let range = table(&["à-ö"]);
        assert!(range.accept("é") && range.accept("à") && range.accept("ö"));
        assert!(!range.accept("ø"));
        assert!(table(&[]).is_empty());
    }

    #[test]
    fn an_entry_is_a_character_or_a_range() {
        for wrong in ["", "ab", "ö-à", "a-bc"] {
            assert!(CodePoints::try_from(vec![wrong.to_owned()]).is_err(), "{wrong}");
        }
        assert!(table(&["-"]).accept("a-b"));
    }

    #[test]
    fn some_code_points_need_their_context() {
        let catalan = table(&["·"]);
        assert!(catalan.accept("paral·lel"));
        assert!(!catalan.accept("a·b"));
        assert!(!catalan.accept("l·"));
        let japanese = table(&["ぁ-ん", "・"]);
        assert!(japanese.accept("あ・い"));
        assert!(!japanese.accept("a・b"));
    }
}
