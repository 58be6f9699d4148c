//! The wire language: frames' XML to typed commands and typed replies to XML (RFC 5730 to 5733).
//!
//! Pure: no input or output, no clock, no store.

pub mod command;
mod decode;
pub mod encode;
pub mod ext;
pub mod mask;
pub mod notice;
pub mod ns;
pub mod reply;
pub mod smd;
pub mod text;
pub mod types;
pub mod words;
mod xml;

pub use decode::decode;
