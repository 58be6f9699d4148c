//! What follows from a key: its tag, the digests of it, and whether it can be one of its algorithm (RFC 4034).

use data_encoding::{BASE64, HEXUPPER};
use sha2::{Digest, Sha256, Sha384};

use crate::epp::types::{DomainName, DsData, KeyData};

/// SHA-256, the digest the registry makes of a key.
pub(super) const SHA_256: u8 = 2;
const SHA_384: u8 = 4;

/// Octets of a digest of that type (IANA's registry of DS digest algorithms).
pub(super) fn digest_len(digest_type: u8) -> Option<usize> {
    match digest_type {
        1 => Some(20),
        2 | 3 | 5 | 6 => Some(32),
        4 => Some(48),
        _ => None,
    }
}

/// The delegation signer of a key, and the key with it.
pub(super) fn signer(owner: &DomainName, key: &KeyData) -> DsData {
    let rdata = rdata(key);
    let digest = digest(owner, &rdata, SHA_256).unwrap_or_default();
    DsData { key_tag: tag(&rdata), alg: key.alg, digest_type: SHA_256, digest, key: Some(key.clone()) }
}

/// Whether a delegation signer can be that key's. A digest of a type we do not make is not looked at.
pub(super) fn is_signer_of(owner: &DomainName, ds: &DsData, key: &KeyData) -> bool {
    let rdata = rdata(key);
    let digest = digest(owner, &rdata, ds.digest_type);
    ds.alg == key.alg && ds.key_tag == tag(&rdata) && digest.is_none_or(|digest| digest == ds.digest)
}

/// Whether the public key has a length that keys of its algorithm have. Of an algorithm we do not know any has.
pub(super) fn length_fits(key: &KeyData) -> bool {
    let octets = octets(key);
    match key.alg {
        // RFC 3110, RFC 5702: 1024 bits at least, 4096 at most.
        5 | 7 | 8 | 10 => modulus_len(&octets).is_some_and(|len| (128..=512).contains(&len)),
        // RFC 2536: T, Q, then P, G and Y of 64 + 8 T octets each.
        3 | 6 => {
            octets.first().is_some_and(|t| *t <= 8 && octets.len() == 21 + 3 * (64 + 8 * usize::from(*t)))
        }
        // RFC 5933, RFC 6605, RFC 8080.
        12 | 13 => octets.len() == 64,
        14 => octets.len() == 96,
        15 => octets.len() == 32,
        16 => octets.len() == 57,
        _ => true,
    }
}

/// Octets of the modulus of an RSA key (RFC 3110 section 2), leading zeros left out.
fn modulus_len(octets: &[u8]) -> Option<usize> {
    let (exponent, rest) = match octets {
        [0, high, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
        [len, rest @ ..] => (usize::from(*len), rest),
        [] => return None,
    };
    let modulus = rest.get(exponent..).filter(|_| exponent > 0)?;
    Some(modulus.iter().skip_while(|octet| **octet == 0).count())
}

fn octets(key: &KeyData) -> Vec<u8> {
    BASE64.decode(key.pub_key.as_bytes()).unwrap_or_default()
}

/// RFC 4034 section 2.1.
fn rdata(key: &KeyData) -> Vec<u8> {
    let mut rdata = key.flags.to_be_bytes().to_vec();
    rdata.extend([key.protocol, key.alg]);
    rdata.extend(octets(key));
    rdata
}

/// RFC 4034 appendix B.
fn tag(rdata: &[u8]) -> u16 {
    let part =
        |(at, octet): (usize, &u8)| if at % 2 == 0 { u32::from(*octet) << 8 } else { u32::from(*octet) };
    let sum: u32 = rdata.iter().enumerate().map(part).sum();
    let folded = (sum + (sum >> 16)) & 0xFFFF;
    u16::try_from(folded).unwrap_or_default()
}

/// RFC 4034 section 5.1.4: over the owner's name in canonical form and the key.
fn digest(owner: &DomainName, rdata: &[u8], digest_type: u8) -> Option<String> {
    let mut octets = Vec::new();
    for label in owner.as_str().split('.') {
        octets.push(u8::try_from(label.len()).unwrap_or(0));
        octets.extend(label.bytes().map(|b| b.to_ascii_lowercase()));
    }
    octets.push(0);
    octets.extend(rdata);
    match digest_type {
        SHA_256 => Some(HEXUPPER.encode(&Sha256::digest(&octets))),
        SHA_384 => Some(HEXUPPER.encode(&Sha384::digest(&octets))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(alg: u8, octets: usize) -> KeyData {
        KeyData { flags: 257, protocol: 3, alg, pub_key: BASE64.encode(&vec![1; octets]) }
    }

    /// The examples of RFC 4509 section 2.3, RFC 5702 section 6.1 and RFC 6605 section 6.
    #[test]
    fn tags_and_digests_are_those_of_the_rfcs() {
        let key = |flags, alg, pub_key: &str| KeyData {
            flags,
            protocol: 3,
            alg,
            pub_key: pub_key.replace(' ', ""),
        };
        let owner = DomainName::parse("dskey.example.com").unwrap();
        let rsa = key(
            256,
            5,
            "AQOeiiR0GOMYkDshWoSKz9Xz fwJr1AYtsmx3TGkJaNXVbfi/ 2pHm822aJ5iI9BMzNXxeYCmZ DRD99WYwYqUSdjMmmAphXdvx \
             egXd/M5+X7OrzKBaMbCVdFLU Uh6DhweJBjEVv5f2wwjM9Xzc nOf+EPbtG9DMBmADjFDc2w/r ljwvFw==",
        );
        let ds = signer(&owner, &rsa);
        assert_eq!((ds.key_tag, ds.alg, ds.digest_type), (60485, 5, 2));
        assert_eq!(ds.digest, "D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A");
        let owner = DomainName::parse("example.net").unwrap();
        let p256 = key(
            257,
            13,
            "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
        );
        let ds = signer(&owner, &p256);
        assert_eq!(ds.key_tag, 55648);
        assert_eq!(ds.digest, "B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17");
        assert!(is_signer_of(&owner, &ds, &p256));
        assert!(!is_signer_of(&DomainName::parse("example.org").unwrap(), &ds, &p256));
        let p384 = key(
            257,
            14,
            "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1 w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8 \
             /uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
        );
        let ds = DsData {
            key_tag: 10771,
            alg: 14,
            digest_type: 4,
            digest: "72D7B62976CE06438E9C0BF319013CF801F09ECC84B8D7E9495F27E305C6A9B0563A9B5F4D288405C3008A946DF983D6".into(),
            key: None,
        };
        assert!(is_signer_of(&owner, &ds, &p384));
        assert!(!is_signer_of(&owner, &DsData { key_tag: 1, ..ds.clone() }, &p384));
        assert!(!is_signer_of(&owner, &DsData { digest: ds.digest.replace('7', "8"), ..ds }, &p384));
    }

    #[test]
    fn a_key_has_the_length_of_its_algorithm() {
        for (alg, right) in [(13, 64), (14, 96), (15, 32), (16, 57), (12, 64)] {
            assert!(length_fits(&key(alg, right)), "{alg}");
            assert!(!length_fits(&key(alg, right - 1)) && !length_fits(&key(alg, right + 1)), "{alg}");
        }
        // One octet says how long the exponent is, here one octet.
        assert!(length_fits(&key(8, 130)) && length_fits(&key(8, 514)));
        assert!(!length_fits(&key(8, 129)) && !length_fits(&key(8, 515)) && !length_fits(&key(8, 1)));
        assert!(length_fits(&key(200, 1)));
    }
}
