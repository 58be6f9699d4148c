//! The store's contract, on both engines.

mod crash;
mod migration;
