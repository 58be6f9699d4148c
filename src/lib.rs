//! Domesday: a domain registry server. EPP over TLS (RFC 5730 to 5734) on an embedded SQLite file or on Postgres.
//!
//! This page is the architecture map. It names folders and rules, hardly functions, so that it stays true.
//!
//! # One program, two doors, one database
//!
//! ```text
//! registrar's EPP client -- TLS --> net -> epp -+                +-> store -> SQLite (embedded default)
//!                                               +-> gate -> flow-+
//! registrar's staff (desk) ---------------------+    policy      |
//! timed work ---------------------> job --------+                +-> store -> Postgres
//! ```
//!
//! A running server keeps nothing but its open sessions: run one on SQLite, or many on one Postgres. There is no
//! cache server, no message broker and no cron beside it.
//!
//! | layer | knows | never knows |
//! |---|---|---|
//! | `net` | sockets, TLS, frames, connection limits; one task for each connection | XML, rules, SQL |
//! | [`epp`] | namespaces, typed commands and replies, XML both ways; no I/O, no clock | policy, SQL |
//! | [`gate`] | the policy order every command goes through; the seal [`gate::Cx`] | XML, SQL text |
//! | [`flow`] | the rules of one command, one file each | XML, sockets, how effects are written |
//! | [`store`] | SQL, transactions, the two engines | EPP codes, policy |
//! | [`policy`] | profiles: every number and switch as data, with `extends` | who reads them |
//! | `job` | timed work: what is due, through the same flows and effects | sockets |
//! | `cli` | the operator's commands | rules, SQL |
//!
//! # A command's way
//!
//! 1. `net` reads one frame; its size is checked before a byte of it is read.
//! 2. `epp` makes a tree of it, then a typed [`epp::command::Command`] through an ordered cursor. What the schema
//!    refuses is 2001 here; values become types that cannot be wrong.
//! 3. [`gate::Gate::execute`] is one straight function: session state, address, declared services, then the
//!    transaction.
//! 4. The flow reads top down: look up, check in the order existence, sponsorship, status, policy; change; note
//!    effects; return a typed reply.
//! 5. The gate writes effects (messages) and the audit row in the flow's own transaction. A refusal is undone
//!    and leaves its audit row.
//! 6. The reply goes out only after the commit is durable.
//!
//! # Invariants
//!
//! - **No reply before its commit is durable.** On SQLite many commands share one commit; their replies wait for
//!   it together.
//! - **No flow runs ungated**: only the gate can make a [`gate::Cx`].
//! - **One clock**: a command sees one `now`; only `clock.rs` reads the time. Calendar rules name their zone; the wire is UTC.
//! - **Identifiers are ours**: a process number taken once from the database, then a count. Neither a clock that
//!   jumps nor a restart repeats one.
//! - **A secret is never shown**: passwords are Argon2id hashes, authorization information salted digests; both
//!   are masked wherever a frame is logged, and no refusal carries one. A token of the registry's making, which a zone
//!   may show to who may have one made, is worked out each time from stored chance and a key outside the database.
//! - **No registry's name in code**: only knobs are asked.
//! - **Bad input never yields 2400.** Races end as the standard says: a transaction that lost runs again and then
//!   meets the rule that refuses it.
//! - **Adding a command** means its variant in [`epp::command`], its codec or its line in [`epp::words`], its flow and
//!   one line in the table of [`flow`]; what is missing does not compile, and the README's table is checked against it.
//! - **Adding an extension** means one codec file in [`epp::ext`] and one line in its table, which feeds the greeting,
//!   the check of what was named at login, the schema's shapes and the masks of the log; a schema in `schemas/`; a row
//!   in the README. The smallest is `secure_authinfo`, a promise without elements. The smallest with elements is
//!   `rgp`: its `update` puts a [`epp::types::Restore`] into the typed update, and what a reply says in
//!   [`epp::types::RgpStatus`] is written for clients that logged in with it. The flow knows these two types and no
//!   XML. A profile announces it when its rules work.
//!
//! Deliberately absent: global state, plug-in hooks, a generic middleware stack, an ORM, rules in XML code, SQL
//! outside `store`.
//!
//! # Decisions that changed
//!
//! The drivers behind `store`'s facade are rusqlite and tokio-postgres, not sqlx. Measured on this kind of machine
//! before the start, sqlx's thread hand-over cost SQLite three times the write rate and five times the read
//! rate, and it cannot pipeline to Postgres; the SQLite it bundles also lags behind security fixes.
//!
//! `job` calls flows directly: the rules of how a transfer or a deletion ends live there, not in a second place.

pub mod certs;
pub mod cli;
pub mod clock;
pub mod config;
pub mod epp;
pub mod flow;
pub mod gate;
pub mod job;
pub mod net;
pub mod operator;
pub mod policy;
pub mod refusal;
pub mod serve;
pub mod store;
pub mod telemetry;
