//! DNSSEC data of a domain (RFC 5910).

use serde::{Deserialize, Serialize};

/// A delegation signer record, and the key it was made from where that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DsData {
    /// Tag of the key (RFC 4034 appendix B).
    pub key_tag: u16,
    /// Algorithm of the key.
    pub alg: u8,
    /// How the digest was made.
    pub digest_type: u8,
    /// The digest in upper case hexadecimal digits.
    pub digest: String,
    /// The key.
    pub key: Option<KeyData>,
}

impl DsData {
    /// Whether it is the same record; the key tells nothing more about it.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let record = |ds: &Self| (ds.key_tag, ds.alg, ds.digest_type);
        record(self) == record(other) && self.digest == other.digest
    }
}

/// A key of a zone (RFC 4034 section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyData {
    /// Flags.
    pub flags: u16,
    /// Protocol, which is 3.
    pub protocol: u8,
    /// Algorithm.
    pub alg: u8,
    /// The public key in base64 without blanks.
    pub pub_key: String,
}

/// Records in one of the two forms (RFC 5910 section 4), at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecDnsRecords {
    /// `dsData`
    Ds(Vec<DsData>),
    /// `keyData`
    Keys(Vec<KeyData>),
}

impl SecDnsRecords {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Ds(all) => all.len(),
            Self::Keys(all) => all.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a create or the `add` of an update brings (`dsOrKeyType`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecDnsData {
    /// The longest lifetime of signatures that is wished for, in seconds.
    pub max_sig_life: Option<u32>,
    /// The records.
    pub records: SecDnsRecords,
}

/// What an update takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecDnsRemoval {
    /// Whatever there is.
    All,
    /// These records.
    Records(SecDnsRecords),
}

/// A change of DNSSEC data (RFC 5910 section 5.2.5); what is removed goes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecDnsUpdate {
    /// Whether it is to be done before anything else the registry does.
    pub urgent: bool,
    /// What is removed.
    pub rem: Option<SecDnsRemoval>,
    /// What is added.
    pub add: Option<SecDnsData>,
    /// The new lifetime of signatures.
    pub max_sig_life: Option<u32>,
}

impl SecDnsUpdate {
    /// Whether it asks for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rem.is_none() && self.add.is_none() && self.max_sig_life.is_none()
    }
}
