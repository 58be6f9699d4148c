//! Unicode properties by the short names that RFC 7940 section 6.2.2 uses, and those IDNA2008 is derived from.

use icu_properties::props::{
    BidiClass, CanonicalCombiningClass, Deprecated, GeneralCategory, GeneralCategoryGroup,
    IndicSyllabicCategory, JoiningType, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData, PropertyParser};

/// A property and the value a code point must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    /// `gc`: a category, or a group of them.
    Category(GeneralCategoryGroup),
    /// `sc`
    Script(Script),
    /// `ccc`
    Combining(CanonicalCombiningClass),
    /// `bc`
    Bidi(BidiClass),
    /// `jt`
    Joining(JoiningType),
    /// `InSC`
    Indic(IndicSyllabicCategory),
    /// `Dep`
    Deprecated(bool),
}

impl Property {
    /// Reads `sc:Latn`: the properties RFC 7940 requires, names and values in any case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (name, value) = text.split_once(':')?;
        let value = value.trim();
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "gc" => Self::Category(PropertyParser::<GeneralCategoryGroup>::new().get_loose(value)?),
            "sc" => Self::Script(PropertyParser::<Script>::new().get_loose(value)?),
            "ccc" => Self::Combining(match value.parse::<u8>() {
                Ok(number) => CanonicalCombiningClass(number),
                Err(_) => PropertyParser::<CanonicalCombiningClass>::new().get_loose(value)?,
            }),
            "bc" => Self::Bidi(PropertyParser::<BidiClass>::new().get_loose(value)?),
            "jt" => Self::Joining(PropertyParser::<JoiningType>::new().get_loose(value)?),
            "insc" => Self::Indic(PropertyParser::<IndicSyllabicCategory>::new().get_loose(value)?),
            "dep" => Self::Deprecated(match value.to_ascii_lowercase().as_str() {
                "y" | "yes" | "t" | "true" => true,
                "n" | "no" | "f" | "false" => false,
                _ => return None,
            }),
            _ => return None,
        })
    }

    /// Whether the code point has that value.
    pub(super) fn holds(self, c: char) -> bool {
        match self {
            Self::Category(group) => group.contains(category(c)),
            Self::Script(value) => script(c) == value,
            Self::Combining(value) => combining(c) == value,
            Self::Bidi(value) => bidi(c) == value,
            Self::Joining(value) => joining(c) == value,
            Self::Indic(value) => CodePointMapData::<IndicSyllabicCategory>::new().get(c) == value,
            Self::Deprecated(value) => CodePointSetData::new::<Deprecated>().contains(c) == value,
        }
    }
}

/// General category.
pub(super) fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

/// Script.
pub(super) fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

/// Canonical combining class.
pub(super) fn combining(c: char) -> CanonicalCombiningClass {
    CodePointMapData::<CanonicalCombiningClass>::new().get(c)
}

/// Bidi class.
pub(super) fn bidi(c: char) -> BidiClass {
    CodePointMapData::<BidiClass>::new().get(c)
}

/// Joining type.
pub(super) fn joining(c: char) -> JoiningType {
    CodePointMapData::<JoiningType>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_named_as_in_the_standard() {
        for (text, has, lacks) in [
            ("sc:Latn", 'é', 'я'),
            ("gc:Nd", '7', 'a'),
            ("gc:L", 'æ', '7'),
            ("ccc:9", '\u{94d}', 'a'),
            ("ccc:Virama", '\u{94d}', 'a'),
            ("bc:R", 'ש', 'a'),
            ("jt:D", '\u{628}', '\u{627}'),
            ("InSC:Virama", '\u{94d}', '\u{915}'),
            ("Dep:Y", '\u{149}', 'n'),
        ] {
            let property = Property::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert!(property.holds(has) && !property.holds(lacks), "{text}");
        }
        for wrong in ["Latn", "sc:Nowhere", "blk:ASCII", "ccc:300", "Dep:maybe", ""] {
            assert_eq!(Property::parse(wrong), None, "{wrong}");
        }
    }
}
