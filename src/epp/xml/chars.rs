//! Character classes of XML 1.0 (fifth edition) and Namespaces in XML 1.0, and the five entities.

/// `Char`: what may stand in a document at all.
pub(in crate::epp) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// `S`: the four white space characters; nothing else is white space to XML.
pub(in crate::epp) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Whether there is nothing but white space in it.
pub(in crate::epp) fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// The first character that XML does not have; one pass over the bytes, because every frame takes it.
pub(in crate::epp) fn first_bad(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().position(|(at, &b)| match b {
        0x20..=0xEE => false,
        b'\t' | b'\n' | b'\r' => false,
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
        0xEF => bytes.get(at + 1) == Some(&0xBF) && matches!(bytes.get(at + 2), Some(0xBE | 0xBF)),
        0xF0.. => false,
        _ => true,
    })
}

fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// `NCName`: a name without a colon.
pub(in crate::epp) fn is_ncname(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// `QName` in its parts: the prefix, if there is one, and the local name.
pub(in crate::epp) fn split_qname(text: &str) -> Option<(Option<&str>, &str)> {
    let (prefix, local) = match text.split_once(':') {
        None => (None, text),
        Some((prefix, local)) => (Some(prefix), local),
    };
    (is_ncname(local) && prefix.is_none_or(is_ncname)).then_some((prefix, local))
}

/// What stands between `&` and `;`: one of the five entities, or a character by its number.
pub(in crate::epp) fn reference(name: &str) -> Option<char> {
    let number = match name {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "quot" => return Some('"'),
        _ => name.strip_prefix('#')?,
    };
    // A sign, which from_str_radix would take, is not part of a reference.
    let code = match number.strip_prefix('x') {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
        _ => return None,
    };
    char::from_u32(code).filter(|c| is_char(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_those_of_xml() {
        for bad in ["\0", "a\u{1}", "\u{B}", "\u{1F}", "\u{FFFE}", "é\u{FFFF}"] {
            assert!(first_bad(bad).is_some(), "{bad:?}");
            assert!(!bad.chars().all(is_char), "{bad:?}");
        }
        for good in ["", "\t\r\n ~\u{7F}\u{80}", "\u{D7FF}\u{E000}\u{FFFD}\u{10FFFF}", "\u{EFFF}\u{F8FF}"] {
            assert_eq!(first_bad(good), None, "{good:?}");
            assert!(good.chars().all(is_char), "{good:?}");
        }
    }

    #[test]
    fn names_have_one_colon_at_most() {
        assert_eq!(split_qname("a"), Some((None, "a")));
        assert_eq!(split_qname("a:b"), Some((Some("a"), "b")));
        for bad in ["", ":", "a:", ":a", "a:b:c", "1a", "a:1", "-a", "a b", "a<", "·a"] {
            assert_eq!(split_qname(bad), None, "{bad}");
        }
        assert!(is_ncname("é-1.·_"));
    }

    #[test]
    fn references_are_five_entities_and_numbers() {
        assert_eq!(reference("amp"), Some('&'));
        assert_eq!(reference("#65"), Some('A'));
        assert_eq!(reference("#x1F600"), Some('😀'));
        for bad in [
            "",
            "#",
            "#x",
            "#0",
            "#1",
            "#xD800",
            "#xFFFE",
            "#+65",
            "#x+41",
            "#X41",
            "nbsp",
            "AMP",
            "#99999999999",
        ] {
            assert_eq!(reference(bad), None, "{bad}");
        }
    }
}
