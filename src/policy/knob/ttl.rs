//! Lifetimes of records (RFC 9803): the knobs of a zone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Lifetimes that registrars may choose, by record type (`NS`). What is not listed cannot be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TtlPolicy {
    /// Lifetimes of a domain's records that registrars may choose: lowest, the registry's own and highest, in seconds.
    pub domain: BTreeMap<String, TtlBounds>,
    /// The same of the addresses of a host below a domain of the zone.
    pub host: BTreeMap<String, TtlBounds>,
}

/// Bounds of a lifetime, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TtlBounds {
    /// Lowest.
    pub min: u32,
    /// Where none is chosen.
    pub default: u32,
    /// Highest.
    pub max: u32,
}
