//! E-mail addresses as contacts have them (RFC 5322 section 3.4.1, RFC 5321 section 4.5.3.1).

use super::DomainName;

/// Whether the text is an address: a local part of 64 characters at most, and a domain name with a dot. A domain
/// may be written with its own letters; the local part is ASCII (other ones are [`is_international`], RFC 9873's second address).
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    text.len() <= 254 && is_local(local) && is_domain(domain)
}

/// Whether the text is an address in which the local part may have characters of any script (RFC 6531 section 3.3).
#[must_use]
pub fn is_international(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let wide = |c: char| !c.is_ascii() && !c.is_control() && !c.is_whitespace();
    // What is beyond ASCII may stand wherever a letter may.
    let narrow: String = local.chars().map(|c| if wide(c) { 'x' } else { c }).collect();
    text.len() <= 254 && local.len() <= 64 && is_local(&narrow) && is_domain(domain)
}

fn is_local(local: &str) -> bool {
    if local.is_empty() || local.len() > 64 {
        return false;
    }
    match local.strip_prefix('"') {
        None => local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte)),
        Some(quoted) => quoted.strip_suffix('"').is_some_and(is_quoted),
    }
}

fn is_atom_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b)
}

/// The inside of a quoted string: printable, each quote and backslash behind a backslash.
fn is_quoted(inside: &str) -> bool {
    let mut escaped = false;
    for b in inside.bytes() {
        match b {
            _ if !matches!(b, b' '..=b'~') => return false,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return false,
            _ => {}
        }
    }
    !escaped
}

fn is_domain(domain: &str) -> bool {
    if domain.is_ascii() {
        return domain.contains('.') && DomainName::parse(domain).is_ok();
    }
    // U-labels stand for the A-labels they encode to, and only those that IDNA knows do.
    idna::domain_to_ascii_strict(domain)
        .is_ok_and(|ascii| ascii.contains('.') && DomainName::parse(&ascii).is_ok())
}

#[cfg(test)]
mod tests {
    use super::{is_address, is_international};

    #[test]
    fn international_addresses_have_letters_of_any_script() {
        for good in ["麥克風@example.com", "jörg.müller@exämple.com", "a@b.example", "\"ж ж\"@example.com"]
        {
            assert!(is_international(good), "{good}");
        }
        let long = format!("{}@example.com", "é".repeat(33));
        for bad in [
            "",
            "é",
            "@example.com",
            "é@localhost",
            ".é@example.com",
            "é é@example.com",
            "é\u{a0}@b.example",
            &long,
        ] {
            assert!(!is_international(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_are_told_from_what_is_none() {
        for good in [
            "a@b.example",
            "john.doe+tag@example.com",
            "O'Brien@EXAMPLE.COM",
            "\"john doe\"@example.com",
            "\"a@b\"@example.com",
            "user@xn--exmple-cua.com",
            "user@exämple.com",
        ] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "a",
            "@example.com",
            "a@",
            "a@localhost",
            "a@example..com",
            "a@-example.com",
            "a@example.com.",
            ".a@example.com",
            "a.@example.com",
            "a..b@example.com",
            "a b@example.com",
            "a@b@example.com",
            "jö@example.com",
            "a@exa mple.com",
            "a@[192.0.2.1]",
            "a@192.0.2.1",
            "\"a\"b\"@example.com",
            "\"a\\\"@example.com",
            "\"@example.com",
            "a@☃☃☃.-",
            "a@xn--a.com",
            &long,
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(is_address(&format!("{}@example.com", "a".repeat(64))));
    }
}
