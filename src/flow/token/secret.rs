//! How a code follows from stored chance and the server's key: HMAC-SHA256 (RFC 2104) of both gives octets, and the
//! form of codes says how they are written.

use data_encoding::HEXLOWER;
use rand::Rng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::epp::types::{Secret, TokenOperation, TokenRole};
use crate::policy::{CodeFormat, CodePart};

/// Octets of one block of SHA-256's input.
const BLOCK: usize = 64;

/// New chance, in hex.
pub(super) fn seed() -> String {
    let mut seed = [0_u8; 16];
    rand::rng().fill_bytes(&mut seed);
    HEXLOWER.encode(&seed)
}

/// The code of that chance.
pub(super) fn code(
    key: &Secret,
    seed: &str,
    format: &CodeFormat,
    role: TokenRole,
    operation: TokenOperation,
) -> Secret {
    let purpose = format!("{seed} {} {}", role.name(), operation.name());
    let mut octets = Octets { key, purpose, block: [0; 32], used: 32, count: 0 };
    let mut text = Zeroizing::new(String::new());
    for part in format.parts() {
        match part {
            CodePart::Text(plain) => text.push_str(plain),
            CodePart::Role => text.push_str(role.name()),
            CodePart::Operation => text.push_str(operation.name()),
            CodePart::Hex(n) => {
                (0..*n).for_each(|_| text.push(char::from(b"0123456789abcdef"[octets.below(16)])))
            }
            CodePart::Digits(n) => {
                (0..*n).for_each(|_| text.push(char::from(b"0123456789"[octets.below(10)])))
            }
        }
    }
    Secret::new(text.as_str())
}

/// Octets without end from a key and a purpose.
struct Octets<'a> {
    key: &'a Secret,
    purpose: String,
    block: [u8; 32],
    used: usize,
    count: u32,
}

impl Octets<'_> {
    fn next(&mut self) -> u8 {
        if self.used == self.block.len() {
            self.block =
                hmac(self.key.expose().as_bytes(), format!("{} {}", self.purpose, self.count).as_bytes());
            self.count += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }

    /// A number below `bound`, each as likely as the others: octets that would favour some are passed over.
    fn below(&mut self, bound: u8) -> usize {
        let fair = u8::MAX - (u8::MAX % bound + 1) % bound;
        loop {
            let octet = self.next();
            if octet <= fair {
                return usize::from(octet % bound);
            }
        }
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |with: u8| block.map(|octet| octet ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // RFC 4231, test cases 1, 2 and 6.
        let hex = |octets: [u8; 32]| HEXLOWER.encode(&octets);
        assert_eq!(
            hex(hmac(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn a_code_has_its_form_and_follows_from_all_it_is_made_of() {
        let format = |text: &str| CodeFormat::try_from(text.to_owned()).unwrap();
        let token = format("{role}-{op}-{hex32}");
        let made = |key: &str, seed: &str, role, operation| {
            code(&Secret::new(key), seed, &token, role, operation).expose().to_owned()
        };
        let first = made("key", "00", TokenRole::Registrar, TokenOperation::Transfer);
        let unique = first.strip_prefix("REG-TRANSFER-").unwrap();
        assert!(unique.len() == 32 && unique.bytes().all(|b| b.is_ascii_hexdigit()), "{first}");
        assert_eq!(first, made("key", "00", TokenRole::Registrar, TokenOperation::Transfer));
        for other in [
            made("yek", "00", TokenRole::Registrar, TokenOperation::Transfer),
            made("key", "01", TokenRole::Registrar, TokenOperation::Transfer),
            made("key", "00", TokenRole::Owner, TokenOperation::Transfer),
            made("key", "00", TokenRole::Registrar, TokenOperation::Redelegation),
        ] {
            assert!(!other.ends_with(unique), "{other}");
        }
        let digits = format("{digits3}-{digits3}-{digits3}-{digits3}-{digits3}");
        let mailed = code(&Secret::new(""), &seed(), &digits, TokenRole::Owner, TokenOperation::Transfer);
        let groups: Vec<_> = mailed.expose().split('-').collect();
        assert!(groups.len() == 5 && groups.iter().all(|g| g.len() == 3 && g.parse::<u16>().is_ok()));
    }

    #[test]
    fn every_digit_is_as_likely() {
        let mut octets =
            Octets { key: &Secret::new("k"), purpose: "p".to_owned(), block: [0; 32], used: 32, count: 0 };
        let mut seen = [0_u32; 10];
        (0..10_000).for_each(|_| seen[octets.below(10)] += 1);
        assert!(seen.iter().all(|n| (850..1_150).contains(n)), "{seen:?}");
    }
}
