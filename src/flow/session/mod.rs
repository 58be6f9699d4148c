//! Login, logout and passwords (RFC 5730 section 2.9.1).

mod event;
pub mod login;
pub mod logout;
pub mod password;
mod throttle;
