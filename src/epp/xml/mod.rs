//! XML for EPP: frames to a small tree, the tree against the schema's shapes, and text out again.

mod amount;
pub(in crate::epp) mod chars;
pub(in crate::epp) mod lexis;
pub(in crate::epp) mod shape;
pub(in crate::epp) mod simple;
pub(in crate::epp) mod source;
pub(in crate::epp) mod tree;
mod words;
pub(in crate::epp) mod writer;

/// Namespace of `xsi:schemaLocation` and its kin.
pub(in crate::epp) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Namespace of the prefix `xml`.
pub(in crate::epp) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Namespace of the prefix `xmlns`.
pub(in crate::epp) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
