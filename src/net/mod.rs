//! Sockets, TLS and frames (RFC 5734): one task for each connection, deadlines for everything a peer can delay,
//! caps for everything it can multiply. It knows neither rules nor SQL.

pub mod frame;
mod line;
mod seat;
mod server;
mod session;
mod stop;
pub mod tls;

pub use server::Listening;
pub use stop::{Phase, Stop, Stopper};
