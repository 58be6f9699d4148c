//! What the types of the DNSSEC knobs do not say.

use super::check::{Broken, that};
use super::{DnssecInterface, DnssecPolicy};

/// Digest types whose length is known: SHA-1, SHA-256, GOST R 34.11-94, SHA-384, GOST R 34.11-2012, SM3.
const DIGESTS: &[u8] = &[1, 2, 3, 4, 5, 6];
/// What the registry makes of a key.
const MADE: u8 = 2;

/// The first rule a zone's DNSSEC knobs break.
pub(super) fn dnssec(dnssec: &DnssecPolicy) -> Result<(), Broken> {
    let unknown = dnssec.digests.iter().find(|digest| !DIGESTS.contains(digest));
    that(unknown.is_none(), &["zone.dnssec.digests"], || {
        format!("the length of digests of type {} is not known", unknown.copied().unwrap_or_default())
    })?;
    that(!dnssec.algs.contains(&0), &["zone.dnssec.algs"], || {
        "algorithm 0 takes a delegation's signers away (RFC 8078); it is none of a key".to_owned()
    })?;
    for (key, none) in [
        ("algs", dnssec.algs.is_empty()),
        ("digests", dnssec.digests.is_empty()),
        ("key_flags", dnssec.key_flags.is_empty()),
    ] {
        that(dnssec.max_records == 0 || !none, &[&format!("zone.dnssec.{key}")], || {
            format!("with no {key} no record is taken; max_records = 0 says so")
        })?;
    }
    that(
        dnssec.interface == DnssecInterface::Ds || dnssec.digests.contains(&MADE),
        &["zone.dnssec.digests", "zone.dnssec.interface"],
        || format!("delegation signers of keys are made with digest type {MADE}, which is not listed"),
    )
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn dnssec_knobs_hold_together() {
        let policies = Policies::load(&[]).unwrap();
        for (rules, expected) in [
            ("dnssec.digests = [2, 7]", "digests of type 7"),
            ("dnssec.algs = [0, 8]", "algorithm 0"),
            ("dnssec.algs = []", "with no algs"),
            ("dnssec.interface = \"key\"\ndnssec.digests = [4]", "made with digest type 2"),
        ] {
            let fault = policies.zone("gtld", rules).unwrap_err().to_string();
            assert!(fault.contains(expected), "{rules}: {fault}");
        }
        assert!(policies.zone("gtld", "dnssec = { max_records = 0, algs = [] }").is_ok());
    }
}
