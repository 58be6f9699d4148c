//! `<poll>` (RFC 5730 section 2.9.2.3).

pub mod ack;
pub mod request;
