//! Simple types of the schemas: white space, lengths, patterns (XML Schema part 2).
//!
//! Length: every value type of the schemas in one list, each a few lines with its test.

use std::borrow::Cow;

use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};

use super::amount::{decimal, is_duration};
use super::chars::is_space;
use super::words;
use crate::clock::Ts;
use crate::epp::types::{RecordType, RoId};

/// The simple types of RFC 5730 to 5733 and of the extensions.
#[derive(Clone, Copy, Debug)]
pub(in crate::epp) enum Simple {
    /// `xs:token` of so many characters.
    Token(usize, usize),
    /// `xs:normalizedString` of so many characters.
    Line(usize, usize),
    /// `xs:token`, one of these.
    OneOf(&'static [&'static str]),
    /// `xs:boolean`
    Boolean,
    /// `xs:language`
    Language,
    /// `xs:date`
    Date,
    /// `xs:dateTime`
    DateTime,
    /// `epp:versionType` before its enumeration: any pair of numbers.
    Version,
    /// A whole number up to that one: `xs:unsignedByte`, `xs:unsignedShort`.
    Unsigned(u32),
    /// `xs:int` of 1 and more.
    Positive,
    /// `xs:hexBinary`
    Hex,
    /// `xs:base64Binary` of one octet and more.
    Base64,
    /// `eppcom:roidType`
    RoId,
    /// `domain:pLimitType`: 1 to 99.
    Count,
    /// `contact:e164StringType`
    Phone,
    /// `ttl:ttlOrNull`: nothing, or seconds up to 2147483647.
    Seconds,
    /// `ttl:customRRType`
    Mnemonic,
    /// `fee:currencyType`: three capital letters and nothing else.
    Currency,
    /// `xs:decimal` of 0 and more.
    NotNegative,
    /// `xs:decimal` of 0 and less.
    NotPositive,
    /// `xs:duration`
    Duration,
    /// `xs:integer`
    Integer,
    /// `xs:NCName`, as `xs:ID`.
    NcName,
    /// `mark:idType`
    MarkId,
    /// `mark:labelType`
    MarkLabel,
}

/// No bound on a length.
pub(in crate::epp) const ANY: usize = usize::MAX;

impl Simple {
    /// Whether the text is of the type; else what the type asks for.
    pub(in crate::epp) fn check(self, raw: &str) -> Result<(), Cow<'static, str>> {
        let text = match self {
            // Only lengths matter here, and every character counts: replacing one blank by another changes none.
            Self::Line(..) | Self::Currency => Cow::Borrowed(raw),
            _ => collapse(raw),
        };
        let (ok, wanted) = match self {
            Self::Token(min, max) | Self::Line(min, max) => return check_length(&text, min, max),
            Self::OneOf(values) => {
                if values.iter().any(|value| *value == text) {
                    return Ok(());
                }
                return Err(format!("one of {}", values.join(", ")).into());
            }
            Self::Boolean => (boolean(&text).is_some(), "true, false, 1 or 0"),
            Self::Language => (is_language(&text), "a language tag"),
            Self::Date => (date(&text).is_some(), "a date, written YYYY-MM-DD"),
            Self::DateTime => (date_time(&text).is_some(), "a date and time, written YYYY-MM-DDThh:mm:ssZ"),
            Self::Unsigned(most) => {
                if unsigned(&text).is_some_and(|n| n <= most) {
                    return Ok(());
                }
                return Err(format!("a number from 0 to {most}").into());
            }
            Self::Positive => (positive(&text).is_some(), "a number from 1 to 2147483647"),
            Self::Hex => (HEXUPPER_PERMISSIVE.decode(text.as_bytes()).is_ok(), "pairs of hexadecimal digits"),
            Self::Base64 => (is_base64(&text), "octets in base64, at least one"),
            Self::Version => (is_version(&text), "a version number"),
            Self::RoId => {
                (RoId::parse(&text).is_ok(), "a repository identifier, local part, hyphen, repository")
            }
            Self::Currency => {
                let capital = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
                (capital(&text), "a currency of three capital letters")
            }
            Self::NotNegative => (decimal(&text).is_some_and(|sign| sign >= 0), "an amount, not below zero"),
            Self::NotPositive => (decimal(&text).is_some_and(|sign| sign <= 0), "an amount, not above zero"),
            Self::Duration => (is_duration(&text), "a duration, written P5D"),
            Self::Count => (count(&text).is_some(), "a number from 1 to 99"),
            Self::Seconds => {
                (text.is_empty() || seconds(&text).is_some(), "nothing, or seconds from 0 to 2147483647")
            }
            Self::Mnemonic => (RecordType::parse(&text).is_some(), "a record type in upper case"),
            Self::Integer => (words::is_integer(&text), "a whole number"),
            Self::NcName => (super::chars::is_ncname(&text), "a name without a colon"),
            Self::MarkId => (words::is_mark_id(&text), "two numbers with a hyphen between them"),
            Self::MarkLabel => (words::is_mark_label(&text), "a label of letters, digits and hyphens"),
            Self::Phone => {
                (is_phone(&text), "a telephone number, written +country.number, 17 characters at most")
            }
        };
        if ok { Ok(()) } else { Err(wanted.into()) }
    }
}

fn check_length(text: &str, min: usize, max: usize) -> Result<(), Cow<'static, str>> {
    if min == 0 && max == ANY {
        return Ok(());
    }
    let length = text.chars().count();
    if (min..=max).contains(&length) {
        return Ok(());
    }
    Err(match (min, max) {
        (_, ANY) => format!("at least {min} characters").into(),
        (0, _) => format!("at most {max} characters").into(),
        _ if min == max => format!("{min} characters").into(),
        _ => format!("{min} to {max} characters").into(),
    })
}

/// White space as `xs:token` has it: none at the ends, single blanks inside.
pub(in crate::epp) fn collapse(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim_matches(is_space);
    let bytes = trimmed.as_bytes();
    let double = bytes.windows(2).any(|pair| pair == b"  ");
    if !double && !bytes.iter().any(|b| matches!(b, b'\t' | b'\n' | b'\r')) {
        return Cow::Borrowed(trimmed);
    }
    let mut text = String::with_capacity(trimmed.len());
    for word in trimmed.split(is_space).filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    Cow::Owned(text)
}

/// White space as `xs:normalizedString` has it: each such character is a blank, and none is taken away.
pub(in crate::epp) fn normalize(raw: &str) -> Cow<'_, str> {
    if raw.bytes().any(|b| matches!(b, b'\t' | b'\n' | b'\r')) {
        Cow::Owned(raw.replace(['\t', '\n', '\r'], " "))
    } else {
        Cow::Borrowed(raw)
    }
}

/// A collapsed `xs:boolean`.
pub(in crate::epp) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// A collapsed `xs:unsignedShort` from 1 to 99: digits, of which any number may be leading zeros.
pub(in crate::epp) fn count(text: &str) -> Option<u8> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.trim_start_matches('0').parse().ok().filter(|n| (1..=99).contains(n))
}

/// Collapsed digits as a number: `xs:unsignedByte` and its kin, of which the caller knows the bound.
pub(in crate::epp) fn unsigned(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = text.trim_start_matches('0');
    if digits.is_empty() { Some(0) } else { digits.parse().ok() }
}

/// A collapsed `xs:int` of 1 and more.
pub(in crate::epp) fn positive(text: &str) -> Option<u32> {
    let seconds = unsigned(text.strip_prefix('+').unwrap_or(text))?;
    (1..=2_147_483_647).contains(&seconds).then_some(seconds)
}

/// A collapsed `xs:nonNegativeInteger` up to 2147483647. Zero may have either sign.
pub(in crate::epp) fn seconds(text: &str) -> Option<u32> {
    match text.strip_prefix('-') {
        Some(zeros) => unsigned(zeros).filter(|n| *n == 0),
        None => unsigned(text.strip_prefix('+').unwrap_or(text)).filter(|n| *n <= 2_147_483_647),
    }
}

/// A collapsed `xs:base64Binary` that is not empty; blanks may stand anywhere in it.
fn is_base64(text: &str) -> bool {
    let text = text.replace(' ', "");
    // Padding ends it: the library would take one encoding behind another.
    let inside = text.trim_end_matches('=');
    !text.is_empty() && !inside.contains('=') && BASE64.decode(text.as_bytes()).is_ok()
}

/// A collapsed `xs:date`. A time zone is read and left out: the day counts as it is written. A year that no
/// registration reaches becomes a day on which none ends.
pub(in crate::epp) fn date(text: &str) -> Option<jiff::civil::Date> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (year, rest) = rest.split_once('-')?;
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let leading = year.len() > 4 && year.starts_with('0');
    if year.len() < 4 || !digits(year) || leading || year.bytes().all(|b| b == b'0') || !rest.is_ascii() {
        return None;
    }
    let (day, zone) = rest.split_at_checked(5)?;
    let (month, day) = day.split_once('-')?;
    if month.len() != 2 || !digits(month) || !digits(day) || !is_zone(zone) {
        return None;
    }
    // The calendar repeats after 400 years; that is enough to know whether the day exists.
    let within = year.get(year.len() - 4..)?.parse::<i16>().ok()?;
    let astronomical = if negative { -(within - 1).rem_euclid(400) } else { within };
    let model =
        jiff::civil::Date::new(astronomical.rem_euclid(400) + 2000, month.parse().ok()?, day.parse().ok()?)
            .ok()?;
    if negative || year.len() > 4 {
        return Some(jiff::civil::Date::MIN);
    }
    jiff::civil::Date::new(within, model.month(), model.day()).ok()
}

/// A collapsed `xs:dateTime`, in UTC where it names no time zone. A year that no registration reaches becomes
/// the beginning of time.
pub(in crate::epp) fn date_time(text: &str) -> Option<Ts> {
    let (day, time) = text.split_once('T')?;
    if day.contains(['Z', '+', ':']) {
        return None;
    }
    let day = date(day)?;
    let (clock, rest) = time.split_at_checked(8)?;
    let [hour, minute, second] = clock_of(clock)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            rest.split_at(end)
        }
    };
    let midnight = hour == 24 && minute == 0 && second == 0 && fraction.bytes().all(|b| b == b'0');
    if !(hour < 24 || midnight) || minute > 59 || second > 59 || !is_zone(zone) {
        return None;
    }
    let micros: i64 = fraction.bytes().chain(*b"000000").take(6).fold(0, |n, b| n * 10 + i64::from(b - b'0'));
    let seconds = (hour * 60 + minute) * 60 + second - distance(zone);
    let start = jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(jiff::Timestamp::MIN);
    Some(Ts(Ts::from_timestamp(start).plus_seconds(seconds).0.saturating_add(micros)))
}

/// `hh:mm:ss`
fn clock_of(text: &str) -> Option<[i64; 3]> {
    let part = |at: usize| {
        let digits = text.get(at..at + 2).filter(|s| s.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<i64>().ok()
    };
    let colon = |at: usize| text.get(at..=at) == Some(":");
    if colon(2) && colon(5) { Some([part(0)?, part(3)?, part(6)?]) } else { None }
}

/// Seconds of a time zone that is one.
fn distance(zone: &str) -> i64 {
    let number = |at: usize| zone.get(at..at + 2).and_then(|s| s.parse::<i64>().ok()).unwrap_or(0);
    let seconds = (number(1) * 60 + number(4)) * 60;
    if zone.starts_with('-') { -seconds } else { seconds }
}

/// Nothing, `Z`, or a distance of 14 hours at most.
fn is_zone(zone: &str) -> bool {
    let Some(distance) = zone.strip_prefix(['+', '-']) else { return matches!(zone, "" | "Z") };
    let two = |s: &str| {
        if s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit()) { s.parse::<u16>().ok() } else { None }
    };
    match distance.split_once(':').map(|(h, m)| (two(h), two(m))) {
        Some((Some(14), Some(0))) => true,
        Some((Some(hours), Some(minutes))) => hours < 14 && minutes < 60,
        _ => false,
    }
}

/// `[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*`
fn is_language(text: &str) -> bool {
    text.split('-').enumerate().all(|(at, part)| {
        (1..=8).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphabetic() || (at > 0 && b.is_ascii_digit()))
    })
}

/// `[1-9]+\.[0-9]+`
fn is_version(text: &str) -> bool {
    text.split_once('.').is_some_and(|(major, minor)| {
        !major.is_empty()
            && major.bytes().all(|b| matches!(b, b'1'..=b'9'))
            && !minor.is_empty()
            && minor.bytes().all(|b| b.is_ascii_digit())
    })
}

/// `(\+[0-9]{1,3}\.[0-9]{1,14})?`, 17 characters at most.
fn is_phone(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let digits = |s: &str, max| (1..=max).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    let parts = text.strip_prefix('+').and_then(|rest| rest.split_once('.'));
    text.len() <= 17 && parts.is_some_and(|(country, number)| digits(country, 3) && digits(number, 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_the_schema_s() {
        assert_eq!(collapse(" \r\n a \t b  c\n"), "a b c");
        assert!(matches!(collapse("  a b "), Cow::Borrowed("a b")));
        // A no-break space is not white space to XML.
        assert_eq!(collapse("\u{A0}a\u{A0}"), "\u{A0}a\u{A0}");
        assert_eq!(normalize("\ta\r\nb "), " a  b ");
        assert_eq!(collapse(" \n"), "");
    }

    #[test]
    fn lengths_count_characters_after_normalisation() {
        assert!(Simple::Token(3, 3).check("  ä ö ").is_ok());
        assert!(Simple::Token(1, 3).check(" \t ").is_err());
        assert!(Simple::Line(1, 255).check(" ").is_ok());
        assert!(Simple::Line(0, 3).check("äöü").is_ok());
        assert!(Simple::Line(0, 3).check("äöü ").is_err());
        assert_eq!(Simple::Token(3, 16).check("ab").unwrap_err(), "3 to 16 characters");
    }

    #[test]
    fn dates_are_those_of_xml_schema() {
        let day = |y, m, d| Some(jiff::civil::Date::constant(y, m, d));
        assert_eq!(date("2028-02-29"), day(2028, 2, 29));
        assert_eq!(date("2027-01-31Z"), day(2027, 1, 31));
        assert_eq!(date("2027-01-31+14:00"), day(2027, 1, 31));
        assert_eq!(date("2027-01-31-00:00"), day(2027, 1, 31));
        assert_eq!(date("0001-01-01"), day(1, 1, 1));
        for odd in ["12026-02-28", "99999999999-01-01", "-0001-01-01", "-2026-12-31"] {
            assert_eq!(date(odd), Some(jiff::civil::Date::MIN), "{odd}");
        }
        for bad in [
            "",
            "2026",
            "2026-02-29",
            "2100-02-29",
            "12100-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-1-01",
            "2026-01-1",
            "02026-01-01",
            "0000-01-01",
            "226-01-01",
            "+2026-01-01",
            "2026-01-01z",
            "2026-01-01+14:01",
            "2026-01-01+1:00",
            "2026-01-01T00:00:00Z",
            "2026-01-01+13:60",
            "2026-01-01 ",
            "2026-0é-01",
            "--2026-01-01",
        ] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_and_octets_are_those_of_xml_schema() {
        assert_eq!((unsigned("0"), unsigned("007"), unsigned("255")), (Some(0), Some(7), Some(255)));
        assert_eq!((positive("1"), positive("+2147483647")), (Some(1), Some(2_147_483_647)));
        for bad in ["", "-1", "+1", "1.0", "1 0", "٣", "4294967296"] {
            assert_eq!(unsigned(bad), None, "{bad}");
        }
        for bad in ["", "0", "-1", "++1", "2147483648"] {
            assert_eq!(positive(bad), None, "{bad}");
        }
        assert!(Simple::Unsigned(255).check(" 255 ").is_ok() && Simple::Unsigned(255).check("256").is_err());
        for (text, ok) in
            [("", true), ("0a", true), (" AbCd ", true), ("a", false), ("0g", false), ("0 a", false)]
        {
            assert_eq!(Simple::Hex.check(text).is_ok(), ok, "{text}");
        }
        for (text, ok) in [
            ("AQPJ", true),
            (" A Q\nP J ", true),
            ("AQ==", true),
            ("AR==", false),
            ("AQ=", false),
            ("AQ", false),
            ("", false),
            ("A===", false),
            ("AQ==AQ==", false),
            ("AQP_", false),
        ] {
            assert_eq!(Simple::Base64.check(text).is_ok(), ok, "{text}");
        }
    }

    #[test]
    fn moments_are_those_of_xml_schema() {
        let at = |text: &str| Some(Ts::from_timestamp(text.parse().unwrap()));
        for (text, expected) in [
            ("2026-07-10T22:00:00.0Z", "2026-07-10T22:00:00Z"),
            ("2026-07-10T22:00:00", "2026-07-10T22:00:00Z"),
            ("2026-07-10T24:00:00.00+02:00", "2026-07-10T22:00:00Z"),
            ("2028-02-29T00:00:00.1234567-05:30", "2028-02-29T05:30:00.123456Z"),
        ] {
            assert_eq!(date_time(text), at(expected), "{text}");
        }
        assert!(date_time("99999-01-01T00:00:00Z").is_some_and(|at| at.0 < 0));
        for bad in [
            "",
            "2026-07-10",
            "2026-07-10ZT22:00:00",
            "2026-07-10+01:00T22:00:00",
            "2026-07-10T22:00",
            "2026-07-10T22:00:60Z",
            "2026-07-10T22:60:00Z",
            "2026-07-10T24:00:01Z",
            "2026-07-10T24:00:00.1Z",
            "2026-07-10T25:00:00Z",
            "2026-07-10T22:00:00.Z",
            "2026-07-10T22:00:00z",
            "2026-07-10 22:00:00Z",
            "2026-07-10T2é:00:00Z",
            "2026-02-30T22:00:00Z",
            "2026-07-10T22:00:00+14:01",
            "2026-07-10T+2:00:00Z",
        ] {
            assert_eq!(date_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_booleans_languages_versions_phones() {
        assert_eq!((count("1"), count("0099"), count("99")), (Some(1), Some(99), Some(99)));
        for bad in ["", "0", "100", "+1", "-1", "1.0", "١", "1 "] {
            assert_eq!(count(bad), None, "{bad}");
        }
        assert_eq!((boolean("1"), boolean("false"), boolean("True")), (Some(true), Some(false), None));
        for (text, ok) in [
            ("en", true),
            ("en-GB-x1", true),
            ("a23", false),
            ("", false),
            ("en-", false),
            ("abcdefghi", false),
            ("en_GB", false),
        ] {
            assert_eq!(is_language(text), ok, "{text}");
        }
        for (text, ok) in [
            ("1.0", true),
            ("12.34", true),
            ("0.9", false),
            ("10.0", false),
            ("1", false),
            ("1.", false),
            ("1.0.0", false),
        ] {
            assert_eq!(is_version(text), ok, "{text}");
        }
        for (text, ok) in [
            ("", true),
            ("+1.7035555555", true),
            ("+123.4567890123456", false),
            ("+123.456789012345", true),
            ("+12.34567890123456", false),
            ("1.23", false),
            ("+1234.5", false),
            ("+1.", false),
            ("+.1", false),
            ("+1.23x", false),
        ] {
            assert_eq!(is_phone(text), ok, "{text}");
        }
    }
}
