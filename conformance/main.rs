//! Everything that speaks to the server over the wire, and the store on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "all of this is tests")]

mod pg;
mod schema;
mod store;
