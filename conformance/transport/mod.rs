//! The transport (RFC 5734): frames, TLS, deadlines, caps, the end of sessions, over real connections.

mod address;
mod crowd;
mod end;
mod frames;
mod house;
mod log;
mod operator;
mod reload;
mod slow;
mod stop;
mod tls;
