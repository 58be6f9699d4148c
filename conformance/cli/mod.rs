//! The program's command line, run as people and scripts run it: the real binary, its exit code and its output.

mod allocation;
mod config;
mod copy;
mod demo;
mod desk;
mod domain;
mod epp;
mod hitpoints;
mod idn;
mod ledger;
mod limit;
mod maintenance;
mod names;
mod operator;
mod readme;
pub mod run;
