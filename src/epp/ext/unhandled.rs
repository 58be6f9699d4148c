//! Unhandled namespaces (RFC 9038): what a message holds in a namespace that its reader did not name at login stands in an
//! `extValue` of the result, and nothing of a message is lost. The encoder does it; there is no element of its own.

use super::{Codec, nothing};

pub(super) const CODEC: Codec = Codec {
    name: "unhandled-namespaces-1.0",
    uri: "urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0",
    prefix: "unhandledNamespaces",
    declaration: "xmlns:unhandledNamespaces",
    globals: &[],
    commands: &[],
    secrets: &[],
    answer: nothing,
};
