//! Everything that speaks to the server over the wire, and the store on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "all of this is tests")]

mod architecture;
mod cases;
mod cli;
mod client;
mod codes;
mod elsewhere;
mod flow_domain;
mod foreign;
mod golden;
mod hitpoints;
mod kill;
mod limit;
mod mail;
mod matrix;
mod money;
mod notices;
mod object;
mod octets;
mod pg;
mod play;
mod process;
mod profiles;
mod races;
mod readme;
mod real;
mod refusals;
mod schema;
mod script;
mod seed;
mod store;
mod subject;
mod transport;
mod typed;
mod user;
mod xml;
