//! The account's own hitpoints, as far as its staff may change them.

pub mod unblock;
