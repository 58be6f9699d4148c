//! Sockets, TLS and frames (RFC 5734): one task for each connection, deadlines for everything a peer can delay,
//! caps for everything it can multiply. It knows neither rules nor SQL.

pub mod frame;
mod stop;
pub mod tls;

pub use stop::{Phase, Stop, Stopper};
