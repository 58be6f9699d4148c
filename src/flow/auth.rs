//! Authorization information of objects (RFC 9154): stored as a salted digest, compared in constant time, never
//! returned. An empty password is no password: it unsets, and it never fits.

use data_encoding::HEXLOWER;
use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::epp::ns::Ns;
use crate::epp::types::{AuthInfo, Secret};
use crate::policy::{AuthPolicy, CharClass};
use crate::refusal::{Reason, Refusal};

/// What to store for a password: `None` for the empty one, else `salt$digest` in hex.
#[must_use]
pub fn stored(pw: &Secret) -> Option<String> {
    if pw.expose().is_empty() {
        return None;
    }
    let mut salt = [0_u8; 16];
    rand::rng().fill_bytes(&mut salt);
    Some(format!("{}${}", HEXLOWER.encode(&salt), HEXLOWER.encode(&digest(&salt, pw))))
}

/// Whether a password fits what is stored. Takes the same time whether or not anything is stored.
#[must_use]
pub fn fits(stored: Option<&str>, pw: &Secret) -> bool {
    let parts = stored.and_then(|s| s.split_once('$'));
    let (salt, expected) = parts.unwrap_or((UNSET_SALT, UNSET_DIGEST));
    let Ok(salt) = HEXLOWER.decode(salt.as_bytes()) else { return false };
    let given = HEXLOWER.encode(&digest(&salt, pw));
    let same = bool::from(given.as_bytes().ct_eq(expected.as_bytes()));
    same && parts.is_some() && !pw.expose().is_empty()
}

/// Refuses a password that does not follow the zone's rules. The empty one always does: it unsets.
///
/// # Errors
/// [`Reason::AuthInfoPolicy`], with what to do and without the password.
pub fn check(auth: &AuthInfo, policy: &AuthPolicy, ns: Ns) -> Result<(), Refusal> {
    let pw = auth.pw.expose();
    let length = pw.chars().count();
    if pw.is_empty() {
        return Ok(());
    }
    let refused = |text: String| Refusal::new(Reason::AuthInfoPolicy).on(ns, "pw", "").detail(text);
    if !(policy.min_len..=policy.max_len).contains(&length) {
        return Err(refused(format!("use {} to {} characters", policy.min_len, policy.max_len)));
    }
    if classes(pw) < policy.min_classes {
        let text = "of upper case, lower case, digits and other characters use at least";
        return Err(refused(format!("{text} {} kinds", policy.min_classes)));
    }
    Ok(())
}

/// How many of upper case, lower case, digits and other characters a password has.
#[must_use]
pub fn classes(pw: &str) -> u8 {
    CharClass::ALL.iter().map(|class| u8::from(has(pw, *class))).sum()
}

/// Whether a password has a character of that kind.
#[must_use]
pub fn has(pw: &str, class: CharClass) -> bool {
    pw.chars().any(|c| match class {
        CharClass::Upper => c.is_uppercase(),
        CharClass::Lower => c.is_lowercase(),
        CharClass::Digit => c.is_ascii_digit(),
        CharClass::Special => !c.is_alphabetic() && !c.is_ascii_digit(),
    })
}

/// Compared against when nothing is stored, so that an unset password costs the same time as a set one.
const UNSET_SALT: &str = "00000000000000000000000000000000";
const UNSET_DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn digest(salt: &[u8], pw: &Secret) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(pw.expose().as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_password_fits() {
        let stored = stored(&Secret::new("2fooBAR"));
        assert!(fits(stored.as_deref(), &Secret::new("2fooBAR")));
        assert!(!fits(stored.as_deref(), &Secret::new("2foobar")));
        assert!(!fits(stored.as_deref(), &Secret::new("2fooBAR ")));
        assert!(!fits(stored.as_deref(), &Secret::new("")));
    }

    #[test]
    fn nothing_fits_where_none_is_set() {
        assert_eq!(stored(&Secret::new("")), None);
        assert!(!fits(None, &Secret::new("")));
        assert!(!fits(None, &Secret::new("x")));
    }

    #[test]
    fn classes_are_counted_once_each() {
        assert_eq!(classes("aaaa"), 1);
        assert_eq!(classes("aA1-"), 4);
        assert_eq!(classes(""), 0);
    }
}
