//! Amounts and durations as XML Schema part 2 writes them.

/// The sign of a collapsed `xs:decimal`: 1, 0 or -1.
pub(super) fn decimal(text: &str) -> Option<i8> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + part.len() == 0 || !plain(whole) || !plain(part) {
        return None;
    }
    let zero = whole.bytes().chain(part.bytes()).all(|b| b == b'0');
    Some(if zero { 0 } else { sign })
}

/// A collapsed `xs:duration`: at least one number with its letter, in their order, those of a time behind a T.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else { return false };
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    if time.is_some_and(str::is_empty) || (days.is_empty() && time.is_none()) {
        return false;
    }
    in_order(days, &['Y', 'M', 'D']) && time.is_none_or(|time| in_order(time, &['H', 'M', 'S']))
}

/// Numbers, each with one of the letters behind it, in the letters' order; seconds may have a fraction.
fn in_order(text: &str, letters: &[char]) -> bool {
    let (mut rest, mut letters) = (text, letters);
    while let Some(end) = rest.find(|c: char| c.is_ascii_uppercase()) {
        let (number, tail) = rest.split_at(end);
        let letter = tail.chars().next().unwrap_or_default();
        let Some(at) = letters.iter().position(|l| *l == letter) else { return false };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let fits = match number.split_once('.') {
            Some((whole, part)) => letter == 'S' && digits(whole) && digits(part),
            None => digits(number),
        };
        if !fits {
            return false;
        }
        (rest, letters) = (&tail[1..], &letters[at + 1..]);
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use crate::epp::xml::simple::Simple;

    #[test]
    fn amounts_durations_and_currencies() {
        for (text, not_negative, not_positive) in [
            ("10.00", true, false),
            (" 0 ", true, true),
            ("-0.0", true, true),
            ("-.5", false, true),
            ("+5.", true, false),
            (".", false, false),
            ("1e2", false, false),
            ("", false, false),
        ] {
            assert_eq!(Simple::NotNegative.check(text).is_ok(), not_negative, "{text}");
            assert_eq!(Simple::NotPositive.check(text).is_ok(), not_positive, "{text}");
        }
        for (text, ok) in [
            ("P5D", true),
            (" -P1Y2M3DT4H5M6.7S ", true),
            ("PT0S", true),
            ("P", false),
            ("P1DT", false),
            ("P1D1Y", false),
            ("PT1.5H", false),
            ("5D", false),
            ("PT1.S", false),
        ] {
            assert_eq!(Simple::Duration.check(text).is_ok(), ok, "{text}");
        }
        for (text, ok) in [("EUR", true), (" EUR", false), ("eur", false), ("EURO", false)] {
            assert_eq!(Simple::Currency.check(text).is_ok(), ok, "{text}");
        }
    }
}
