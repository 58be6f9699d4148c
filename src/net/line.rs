//! The one log line of a command, and its numbers.

use std::net::IpAddr;
use std::time::Duration;

use crate::epp::reply::Response;
use crate::gate::Trace;
use crate::telemetry;

/// What is known of a command once its answer is on its way.
pub(super) struct Line<'a> {
    pub(super) session: i64,
    pub(super) peer: IpAddr,
    pub(super) response: &'a Response,
    pub(super) trace: &'a Trace,
    /// From the frame's first octet to its last.
    pub(super) read: Duration,
    pub(super) parse: Duration,
    pub(super) encode: Duration,
    pub(super) write: Duration,
    /// Whether the system took the whole answer.
    pub(super) sent: bool,
}

impl Line<'_> {
    /// Writes it. Texts of the client are quoted and escaped by the subscriber.
    pub(super) fn write(&self) {
        let (trace, response) = (self.trace, self.response);
        tracing::info!(
            target: "domesday::command",
            registrar = trace.registrar.as_deref(),
            user = trace.user.as_deref(),
            session = self.session,
            peer = %self.peer,
            command = trace.command,
            code = response.code,
            reason = trace.reason,
            svtrid = response.svtrid.as_str(),
            cltrid = response.cltrid.as_ref().map(|id| id.as_str()),
            read_us = micros(self.read),
            parse_us = micros(self.parse),
            gate_us = micros(trace.gate),
            store_us = micros(trace.store),
            encode_us = micros(self.encode),
            write_us = micros(self.write),
            sent = self.sent,
        );
        let registrar = trace.registrar.clone().unwrap_or_default();
        let code = response.code.to_string();
        let labels = [("command", trace.command.to_owned()), ("registrar", registrar), ("code", code)];
        metrics::counter!(telemetry::COMMANDS, &labels).increment(1);
        let whole = self.parse + trace.gate + self.encode + self.write;
        metrics::histogram!(telemetry::COMMAND_SECONDS, "command" => trace.command).record(whole);
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
