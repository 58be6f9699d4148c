//! Transfers: one file per operation.

pub mod approve;
pub mod cancel;
pub mod query;
pub mod reject;
pub mod request;
