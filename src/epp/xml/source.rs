//! From bytes to characters: UTF-8 with or without a byte order mark, UTF-16 with one (RFC 5730 section 5).

use std::borrow::Cow;

use super::chars;
use crate::refusal::{Reason, Refusal};

/// The encoding a frame is in; its declaration, if it has one, must name this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::epp) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// Whether a declaration may call it that.
    pub(in crate::epp) fn is_called(self, label: &str) -> bool {
        let names: &[&str] = match self {
            Self::Utf8 => &["UTF-8", "UTF8"],
            Self::Utf16Le => &["UTF-16", "UTF-16LE"],
            Self::Utf16Be => &["UTF-16", "UTF-16BE"],
        };
        names.iter().any(|name| name.eq_ignore_ascii_case(label))
    }
}

/// The characters of a frame, all of them characters of XML.
pub(in crate::epp) fn read(frame: &[u8]) -> Result<(Cow<'_, str>, Encoding), Refusal> {
    let (text, encoding) = match frame {
        [0xFF, 0xFE, rest @ ..] => (utf16(rest, encoding_rs::UTF_16LE), Encoding::Utf16Le),
        [0xFE, 0xFF, rest @ ..] => (utf16(rest, encoding_rs::UTF_16BE), Encoding::Utf16Be),
        [0xEF, 0xBB, 0xBF, rest @ ..] => (std::str::from_utf8(rest).ok().map(Cow::Borrowed), Encoding::Utf8),
        _ => (std::str::from_utf8(frame).ok().map(Cow::Borrowed), Encoding::Utf8),
    };
    let Some(text) = text else {
        return Err(
            Refusal::new(Reason::NotWellFormed).detail("the bytes are not UTF-8, nor UTF-16 with a mark")
        );
    };
    match chars::first_bad(&text) {
        None => Ok((text, encoding)),
        Some(at) => Err(Refusal::new(Reason::NotWellFormed)
            .detail(format!("the character at offset {at} is none that XML has"))),
    }
}

fn utf16<'f>(bytes: &'f [u8], encoding: &'static encoding_rs::Encoding) -> Option<Cow<'f, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_ways_to_write_one_text() {
        let le: Vec<u8> =
            std::iter::once(0xFEFF).chain("é😀".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> =
            std::iter::once(0xFEFF).chain("é😀".encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let marked = [b"\xEF\xBB\xBF".as_slice(), "é😀".as_bytes()].concat();
        assert_eq!(read("é😀".as_bytes()).unwrap(), ("é😀".into(), Encoding::Utf8));
        assert_eq!(read(&marked).unwrap(), ("é😀".into(), Encoding::Utf8));
        assert_eq!(read(&le).unwrap(), ("é😀".into(), Encoding::Utf16Le));
        assert_eq!(read(&be).unwrap(), ("é😀".into(), Encoding::Utf16Be));
    }

    #[test]
    fn broken_bytes_are_refused() {
        let lone = [0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00];
        let odd = [0xFF, 0xFE, 0x41];
        let surrogate = [0xED, 0xA0, 0x80];
        for bytes in [&lone[..], &odd[..], &surrogate[..], b"\xC0\xAF", b"\xFF", b"a\0b", b"<\0e\0"] {
            assert_eq!(read(bytes).unwrap_err().reason, Reason::NotWellFormed, "{bytes:?}");
        }
    }
}
