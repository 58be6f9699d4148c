//! DNSSEC data of domains: the knobs of a zone.

use serde::{Deserialize, Serialize};

/// DNSSEC data of domains (RFC 5910).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnssecPolicy {
    /// Whether registrars bring delegation signers, or keys of which the registry makes them.
    pub interface: DnssecInterface,
    /// Most records of one domain; 0 takes none.
    pub max_records: usize,
    /// Algorithms of keys, by their IANA numbers.
    pub algs: Vec<u8>,
    /// Digest types, by their IANA numbers.
    pub digests: Vec<u8>,
    /// Flags of keys.
    pub key_flags: Vec<u16>,
    /// Whether a change of a domain's name servers removes what is there; what the same command adds stays.
    pub flush_on_ns_change: bool,
}

/// The form of DNSSEC data (RFC 5910 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DnssecInterface {
    /// `secDNS:dsData`
    Ds,
    /// `secDNS:keyData`
    Key,
}
