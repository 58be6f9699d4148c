//! The account's balance as an object of its own: the mapping `balance-1.0`, where the server's profile offers it.

pub mod info;
