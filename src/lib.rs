//! Domesday: a domain registry server.
//!
//! ```text
//! registrar's EPP client -- TLS --> net -> epp -+                +-> store -> SQLite
//!                                               +-> gate -> flow-+
//! timed work ---------------------> job --------+    policy      +-> store -> Postgres
//! ```

pub mod clock;
pub mod epp;
pub mod flow;
pub mod gate;
pub mod policy;
pub mod refusal;
pub mod store;
