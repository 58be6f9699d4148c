//! Everything that speaks to the server over the wire, and the store on both engines.

mod pg;
mod schema;
mod store;
