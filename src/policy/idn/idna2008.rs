//! Whether a U-label is one at all (RFC 5891 section 4.2): its form, its code points (RFC 5892), what some of them ask of
//! their neighbours, and the direction of its letters (RFC 5893). UTS 46, by which an A-label is decoded, lets more pass:
//! symbols and emoji, and labels of several scripts.

use std::fmt;

use icu_properties::props::{
    BidiClass, CanonicalCombiningClass, ChangesWhenNfkcCasefolded, DefaultIgnorableCodePoint,
    GeneralCategory as Gc, GeneralCategoryGroup, HangulSyllableType, JoiningType, NoncharacterCodePoint,
    Script, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::is_nfc;

use super::script::one_script;
use super::unicode::{bidi, category, combining, joining, script};

/// What a code point is to IDNA2008 (RFC 5892 section 3), by the Unicode version of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// Anywhere.
    Pvalid,
    /// A joiner: only in its context.
    ContextJ,
    /// Another one that needs its context.
    ContextO,
    /// Never.
    Disallowed,
    /// Not a character yet.
    Unassigned,
}

/// Why a text is no U-label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelFault {
    /// Nothing, or more than a label holds.
    Length,
    /// Not in normalisation form C.
    NotNormal,
    /// A hyphen at an end, or in the third and fourth place.
    Hyphen,
    /// The first character combines with the one before it.
    LeadingMark(char),
    /// A code point that no label can have.
    CodePoint(char),
    /// A code point outside its context.
    Context(char),
    /// The bidi rule is broken.
    Direction,
    /// Letters of several scripts that are not written together.
    Scripts,
}

impl fmt::Display for LabelFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => f.write_str("a label has 1 to 63 characters"),
            Self::NotNormal => f.write_str("it is not in normalisation form C"),
            Self::Hyphen => f.write_str("hyphens stand at an end, or in the third and fourth place"),
            Self::LeadingMark(c) => write!(f, "it begins with the combining {}", point(*c)),
            Self::CodePoint(c) => write!(f, "{} is not allowed in any name", point(*c)),
            Self::Context(c) => write!(f, "{} is not allowed where it stands", point(*c)),
            Self::Direction => f.write_str("it breaks the bidi rule of RFC 5893"),
            Self::Scripts => f.write_str("it mixes scripts"),
        }
    }
}

/// A code point as the standards write it: `U+00DF`.
#[must_use]
pub fn point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Checks a label as people read it. `right_to_left` says that another label of the name is written so, which
/// brings this one under the bidi rule as well.
///
/// # Errors
/// The first rule it breaks.
pub fn check(label: &str, right_to_left: bool) -> Result<(), LabelFault> {
    let characters: Vec<char> = label.chars().collect();
    let Some(first) = characters.first().copied().filter(|_| characters.len() <= 63) else {
        return Err(LabelFault::Length);
    };
    if !is_nfc(label) {
        return Err(LabelFault::NotNormal);
    }
    let hyphens = characters.get(2..4) == Some(&['-', '-']);
    if hyphens || first == '-' || characters.last() == Some(&'-') {
        return Err(LabelFault::Hyphen);
    }
    if GeneralCategoryGroup::Mark.contains(category(first)) {
        return Err(LabelFault::LeadingMark(first));
    }
    for (at, c) in characters.iter().copied().enumerate() {
        match derived(c) {
            Derived::Pvalid => {}
            Derived::ContextJ if joins(&characters, at) => {}
            Derived::ContextO if fits(&characters, at) => {}
            Derived::ContextJ | Derived::ContextO => return Err(LabelFault::Context(c)),
            Derived::Disallowed | Derived::Unassigned => return Err(LabelFault::CodePoint(c)),
        }
    }
    if (right_to_left || is_right_to_left(label)) && !runs(&characters) {
        return Err(LabelFault::Direction);
    }
    if one_script(&characters) { Ok(()) } else { Err(LabelFault::Scripts) }
}

/// Whether a label has a letter or number that is written from right to left.
#[must_use]
pub fn is_right_to_left(label: &str) -> bool {
    label.chars().any(|c| {
        matches!(bidi(c), BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber)
    })
}

/// The derived property of a code point.
#[must_use]
pub fn derived(c: char) -> Derived {
    if let Some(exception) = exception(c) {
        return exception;
    }
    let gc = category(c);
    if gc == Gc::Unassigned && !CodePointSetData::new::<NoncharacterCodePoint>().contains(c) {
        return Derived::Unassigned;
    }
    if matches!(c, 'a'..='z' | '0'..='9' | '-') {
        return Derived::Pvalid;
    }
    if matches!(c, '\u{200c}' | '\u{200d}') {
        return Derived::ContextJ;
    }
    let unstable = CodePointSetData::new::<ChangesWhenNfkcCasefolded>().contains(c);
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || CodePointSetData::new::<WhiteSpace>().contains(c)
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(c);
    // Combining Diacritical Marks for Symbols, Musical Symbols, Ancient Greek Musical Notation.
    let blocks = matches!(c, '\u{20d0}'..='\u{20ff}' | '\u{1d100}'..='\u{1d1ff}' | '\u{1d200}'..='\u{1d24f}');
    if unstable || ignorable || blocks || is_old_jamo(c) {
        return Derived::Disallowed;
    }
    match gc {
        Gc::LowercaseLetter
        | Gc::UppercaseLetter
        | Gc::OtherLetter
        | Gc::ModifierLetter
        | Gc::DecimalNumber
        | Gc::NonspacingMark
        | Gc::SpacingMark => Derived::Pvalid,
        _ => Derived::Disallowed,
    }
}

/// RFC 5892 section 2.6.
fn exception(c: char) -> Option<Derived> {
    Some(match c {
        '\u{df}' | '\u{3c2}' | '\u{6fd}' | '\u{6fe}' | '\u{f0b}' | '\u{3007}' => Derived::Pvalid,
        '\u{b7}' | '\u{375}' | '\u{5f3}' | '\u{5f4}' | '\u{30fb}' => Derived::ContextO,
        '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => Derived::ContextO,
        '\u{640}' | '\u{7fa}' | '\u{302e}' | '\u{302f}' | '\u{3031}'..='\u{3035}' | '\u{303b}' => {
            Derived::Disallowed
        }
        _ => return None,
    })
}

fn is_old_jamo(c: char) -> bool {
    use HangulSyllableType as H;
    let kind = CodePointMapData::<HangulSyllableType>::new().get(c);
    kind == H::LeadingJamo || kind == H::VowelJamo || kind == H::TrailingJamo
}

/// The joiners (RFC 5892 appendix A.1 and A.2): behind a virama, and the non-joiner also where a word would join.
fn joins(label: &[char], at: usize) -> bool {
    let virama = |c: &char| combining(*c) == CanonicalCombiningClass::Virama;
    if at.checked_sub(1).and_then(|n| label.get(n)).is_some_and(virama) {
        return true;
    }
    let solid = |c: &&char| joining(**c) != JoiningType::Transparent;
    let before = label[..at].iter().rev().find(solid).map(|c| joining(*c));
    let after = label[at + 1..].iter().find(solid).map(|c| joining(*c));
    label[at] == '\u{200c}'
        && before.is_some_and(|j| j == JoiningType::LeftJoining || j == JoiningType::DualJoining)
        && after.is_some_and(|j| j == JoiningType::RightJoining || j == JoiningType::DualJoining)
}

/// RFC 5892 appendix A.3 to A.9.
fn fits(label: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|n| label.get(n)).copied();
    let after = label.get(at + 1).copied();
    match label[at] {
        // Middle dot: Catalan, between two l.
        '\u{b7}' => before == Some('l') && after == Some('l'),
        // Greek keraia.
        '\u{375}' => after.is_some_and(|c| script(c) == Script::Greek),
        // Hebrew geresh and gershayim.
        '\u{5f3}' | '\u{5f4}' => before.is_some_and(|c| script(c) == Script::Hebrew),
        // Katakana middle dot.
        '\u{30fb}' => {
            label.iter().any(|c| [Script::Hiragana, Script::Katakana, Script::Han].contains(&script(*c)))
        }
        // The two sets of Arabic-Indic digits do not mix.
        '\u{660}'..='\u{669}' => !label.iter().any(|c| matches!(c, '\u{6f0}'..='\u{6f9}')),
        '\u{6f0}'..='\u{6f9}' => !label.iter().any(|c| matches!(c, '\u{660}'..='\u{669}')),
        _ => false,
    }
}

/// The six conditions of RFC 5893 section 2.
fn runs(label: &[char]) -> bool {
    use BidiClass as B;
    let classes: Vec<B> = label.iter().map(|c| bidi(*c)).collect();
    let solid = classes.iter().rev().find(|class| **class != B::NonspacingMark).copied();
    let (Some(first), Some(last)) = (classes.first().copied(), solid) else { return false };
    let rtl = match first {
        B::RightToLeft | B::ArabicLetter => true,
        B::LeftToRight => false,
        _ => return false,
    };
    let both = [
        B::EuropeanNumber,
        B::EuropeanSeparator,
        B::CommonSeparator,
        B::EuropeanTerminator,
        B::OtherNeutral,
        B::BoundaryNeutral,
        B::NonspacingMark,
    ];
    let own: &[B] = if rtl { &[B::RightToLeft, B::ArabicLetter, B::ArabicNumber] } else { &[B::LeftToRight] };
    let ends: &[B] = if rtl {
        &[B::RightToLeft, B::ArabicLetter, B::EuropeanNumber, B::ArabicNumber]
    } else {
        &[B::LeftToRight, B::EuropeanNumber]
    };
    let mixed = classes.contains(&B::EuropeanNumber) && classes.contains(&B::ArabicNumber);
    classes.iter().all(|class| own.contains(class) || both.contains(class))
        && ends.contains(&last)
        && !(rtl && mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(label: &str) -> Option<LabelFault> {
        check(label, false).err()
    }

    #[test]
    fn code_points_have_their_derived_property() {
        for (c, expected) in [
            ('a', Derived::Pvalid),
            ('A', Derived::Disallowed),
            ('-', Derived::Pvalid),
            ('_', Derived::Disallowed),
            ('ß', Derived::Pvalid),
            ('ς', Derived::Pvalid),
            ('é', Derived::Pvalid),
            ('É', Derived::Disallowed),
            ('ﬁ', Derived::Disallowed),
            ('я', Derived::Pvalid),
            ('漢', Derived::Pvalid),
            ('〇', Derived::Pvalid),
            ('·', Derived::ContextO),
            ('٣', Derived::ContextO),
            ('\u{200d}', Derived::ContextJ),
            ('\u{200b}', Derived::Disallowed),
            ('\u{1100}', Derived::Disallowed),
            ('☃', Derived::Disallowed),
            ('😀', Derived::Disallowed),
            ('\u{640}', Derived::Disallowed),
            ('\u{378}', Derived::Unassigned),
            ('\u{fffe}', Derived::Disallowed),
            ('\u{1d165}', Derived::Disallowed),
        ] {
            assert_eq!(derived(c), expected, "{}", point(c));
        }
    }

    #[test]
    fn a_label_has_its_form() {
        for good in [
            "köln",
            "straße",
            "σίγμας",
            "россия",
            "日本語",
            "ヴァイオリン",
            "한국",
            "paral·lel",
            "a-b",
            "été2",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        assert_eq!(fault(""), Some(LabelFault::Length));
        assert_eq!(fault(&"é".repeat(64)), Some(LabelFault::Length));
        assert_eq!(fault("e\u{301}te"), Some(LabelFault::NotNormal));
        assert_eq!(fault("-é"), Some(LabelFault::Hyphen));
        assert_eq!(fault("é-"), Some(LabelFault::Hyphen));
        assert_eq!(fault("éa--b"), Some(LabelFault::Hyphen));
        assert_eq!(fault("\u{327}a"), Some(LabelFault::LeadingMark('\u{327}')));
        assert_eq!(fault("i\u{2764}"), Some(LabelFault::CodePoint('\u{2764}')));
        assert_eq!(fault("😀"), Some(LabelFault::CodePoint('😀')));
    }

    #[test]
    fn some_code_points_need_their_context() {
        for (good, bad, c) in [
            ("l·l", "a·b", '·'),
            ("͵α", "α͵", '͵'),
            ("א׳", "׳א", '׳'),
            ("ア・イ", "・", '・'),
            ("م٣", "م٣۴", '٣'),
            ("\u{915}\u{94d}\u{200d}\u{937}", "\u{915}\u{200d}\u{937}", '\u{200d}'),
            ("\u{628}\u{200c}\u{628}", "a\u{200c}b", '\u{200c}'),
        ] {
            assert_eq!(fault(good), None, "{good}");
            assert_eq!(fault(bad), Some(LabelFault::Context(c)), "{bad}");
        }
    }

    #[test]
    fn letters_run_one_way() {
        assert_eq!(fault("שלום"), None);
        assert_eq!(fault("שלום1"), None);
        assert_eq!(fault("1שלום"), Some(LabelFault::Direction));
        assert_eq!(fault("abc"), None);
        assert_eq!(
            check("1abc", true),
            Err(LabelFault::Direction),
            "below a name that is written from the right"
        );
        assert_eq!(check("abc1", true), Ok(()));
        assert!(is_right_to_left("שלום") && !is_right_to_left("köln"));
    }

    #[test]
    fn scripts_do_not_mix() {
        // The first letter is Cyrillic.
        assert_eq!(fault("\u{430}pple"), Some(LabelFault::Scripts));
        assert_eq!(fault("日本abc"), None, "Japanese is written with Latin letters too");
        assert_eq!(fault("日яя"), Some(LabelFault::Scripts));
    }
}
