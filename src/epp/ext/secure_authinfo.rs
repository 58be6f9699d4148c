//! Secure authorization information for transfers (RFC 9154): it is stored hashed, never returned, and unset by a
//! transfer. A promise only; there is no element of its own.

use super::{Codec, nothing};

pub(super) const CODEC: Codec = Codec {
    name: "secure-authinfo-transfer-1.0",
    uri: "urn:ietf:params:xml:ns:epp:secure-authinfo-transfer-1.0",
    prefix: "secureAuthInfo",
    declaration: "xmlns:secureAuthInfo",
    globals: &[],
    commands: &[],
    secrets: &[],
    answer: nothing,
};
