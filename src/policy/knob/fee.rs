//! Fees that a client agrees to (RFC 8748): the knobs of a zone.

use serde::{Deserialize, Serialize};

use super::user::named;

/// Fees that a client agrees to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeePolicy {
    /// Which commands need the fee said, where the server announces `fee-1.0`: a check without fees then says of a name
    /// that its create would not do.
    pub required: FeeRequired,
}

named! {
    /// Which commands need the fee said.
    #[derive(Default)]
    FeeRequired {
        /// None.
        #[default]
        Never = "never",
        /// Those that have a price of a premium class.
        Premium = "premium",
        /// Every one that costs something.
        Always = "always",
    }
}
