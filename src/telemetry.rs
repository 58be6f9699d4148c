//! What the operator sees: log lines and numbers.
//!
//! One line per command comes from the target `domesday::command` at level info. Whole frames come from
//! `domesday::frame` at level debug, always through the mask. Labels of metrics are bounded: commands and reasons
//! are the program's own words, registrars are those that logged in.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Why there is no telemetry: for the operator.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error("log filter {filter:?}: {fault}")]
    Filter {
        /// As configured.
        filter: String,
        /// What is wrong.
        fault: String,
    },
    /// Lines go somewhere already.
    #[error("logging was set up before")]
    Twice,
}

/// Sends log lines to standard error, once for the program. The filter is one of tracing-subscriber's:
/// `info`, or `info,domesday::frame=debug`.
///
/// # Errors
/// [`TelemetryError`]
pub fn log_to_stderr(format: LogFormat, filter: &str) -> Result<(), TelemetryError> {
    let subscriber = subscriber(format, filter, std::io::stderr)?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Twice)
}

/// What turns events into lines of that form.
///
/// # Errors
/// When the filter is not one.
pub fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
) -> Result<Box<dyn tracing::Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter)
        .map_err(|e| TelemetryError::Filter { filter: filter.to_owned(), fault: e.to_string() })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match format {
        LogFormat::Text => Box::new(lines.with_ansi(false).finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).finish()),
    })
}

/// The program's numbers, in Prometheus' text form. The first call begins the counting.
pub fn metrics() -> &'static Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(|| {
        let recorder = builder().unwrap_or_else(|cause| {
            tracing::error!(%cause, "the buckets of histograms are not used");
            PrometheusBuilder::new()
        });
        let recorder = recorder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::error!("something else counts already; the numbers will stay empty");
        }
        describe();
        for gauge in [SESSIONS, CONNECTIONS] {
            metrics::gauge!(gauge).set(0.0);
        }
        Metrics(handle)
    })
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), SIZES)
}

/// Where the numbers can be read.
#[derive(Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// How often [`Metrics::upkeep`] wants to be called.
    pub const UPKEEP: Duration = Duration::from_secs(5);

    /// The numbers of this moment.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds what was measured into the histograms, so that it does not pile up.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

/// One more of something that a gauge counts, until it is dropped.
#[derive(Debug)]
pub struct Counted(&'static str);

impl Counted {
    /// Counts one more.
    #[must_use]
    pub fn one(gauge: &'static str) -> Self {
        metrics::gauge!(gauge).increment(1.0);
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!(self.0).decrement(1.0);
    }
}

/// Commands answered: by command, registrar and code.
pub const COMMANDS: &str = "domesday_commands_total";
/// From a frame's last octet to its answer in the system's hands: by command.
pub const COMMAND_SECONDS: &str = "domesday_command_seconds";
/// Sessions logged in.
pub const SESSIONS: &str = "domesday_sessions";
/// Connections open.
pub const CONNECTIONS: &str = "domesday_connections";
/// Connections that were given no session: by reason.
pub const REFUSED: &str = "domesday_connections_refused_total";
/// TLS handshakes that failed or did not end: by reason.
pub const HANDSHAKE_FAILURES: &str = "domesday_handshake_failures_total";
/// Connections that ended: by reason.
pub const ENDED: &str = "domesday_connections_ended_total";

const SECONDS: &[f64] = &[0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

fn describe() {
    metrics::describe_counter!(COMMANDS, "Commands answered, by command, registrar and result code.");
    metrics::describe_histogram!(
        COMMAND_SECONDS,
        "From a frame's last octet to its answer sent, by command."
    );
    metrics::describe_gauge!(SESSIONS, "Sessions logged in to this process.");
    metrics::describe_gauge!(CONNECTIONS, "Connections open to this process.");
    metrics::describe_counter!(REFUSED, "Connections that were given no session, by reason.");
    metrics::describe_counter!(HANDSHAKE_FAILURES, "TLS handshakes that failed or did not end, by reason.");
    metrics::describe_counter!(ENDED, "Connections that ended after their handshake, by reason.");
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_json_line_is_one_object() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = subscriber(LogFormat::Json, "info", move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: "domesday::command", command = "domain:check", code = 1000, "command");
            tracing::debug!("not asked for");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!((&line["command"], &line["code"]), (&"domain:check".into(), &1000.into()));
    }

    #[test]
    fn a_bad_filter_is_said() {
        let Err(error) = subscriber(LogFormat::Text, "info,domesday=loud", std::io::stderr) else { panic!() };
        assert!(error.to_string().contains("loud"));
    }

    #[test]
    fn a_gauge_goes_down_again() {
        let shown = || metrics().render().lines().find(|l| l.starts_with("test_things ")).map(str::to_owned);
        metrics();
        let one = Counted::one("test_things");
        assert_eq!(shown().as_deref(), Some("test_things 1"));
        drop(one);
        assert_eq!(shown().as_deref(), Some("test_things 0"));
    }
}
