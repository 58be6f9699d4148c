//! The server put together: EPP listener, operator's listener, heartbeat and timed work over one gate, and the way
//! they all stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::{Instant as Deadline, MissedTickBehavior, interval, sleep};

use crate::gate::Gate;
use crate::job::{self, mail::Mailer};
use crate::net::frame::within;
use crate::net::tls::{Tls, TlsError, TlsFiles};
use crate::net::{Listening, Phase, Stop, Stopper};
use crate::operator::{self, Operator};
use crate::telemetry::{self, Metrics};

/// How often a process says that it is alive, and looks for those that are not.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Descriptors for everything but EPP connections.
const OWN_DESCRIPTORS: usize = 256;
/// For tasks to end once everything was cut.
const LAST_MOMENT: Duration = Duration::from_secs(5);

/// What a server is made from.
#[derive(Debug)]
pub struct ServeSettings {
    /// The registry, its database open and migrated.
    pub gate: Gate,
    /// Where EPP clients connect. Port 0 takes any.
    pub listen: SocketAddr,
    /// Certificates and keys.
    pub tls: TlsFiles,
    /// Where the operator looks; a loopback address.
    pub operator: Option<SocketAddr>,
    /// Whether the clock may be moved through the operator's listener.
    pub sandbox: bool,
}

/// Why a server does not start: for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An address cannot be bound.
    #[error("cannot listen on {address}: {cause}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        cause: io::Error,
    },
    /// TLS material cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Signals cannot be awaited.
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    gate: Gate,
    tls: Tls,
    address: SocketAddr,
    operator: Option<SocketAddr>,
    stopper: Stopper,
    stop: Stop,
    /// What ends by itself once the server stops.
    tasks: JoinSet<()>,
    /// What goes on until the server has stopped.
    watchers: JoinSet<()>,
}

impl Server {
    /// Starts everything. Connections are accepted when this returns.
    ///
    /// # Errors
    /// [`ServeError`]
    pub async fn start(settings: ServeSettings) -> Result<Self, ServeError> {
        let ServeSettings { gate, listen, tls, operator, sandbox } = settings;
        let tls = Tls::load(tls, &gate.profile().server.tls)?;
        let (stopper, stop) = Stopper::new();
        telemetry::metrics();
        crate::store::describe_metrics();
        warn_of_few_descriptors(gate.profile().server.session.max_connections);
        let failed = |address| move |cause| ServeError::Bind { address, cause };
        let epp = Listening::bind(listen, gate.clone(), tls.clone(), stop.clone()).map_err(failed(listen))?;
        let address = epp.local_addr().map_err(failed(listen))?;
        let (mut tasks, mut watchers) = (JoinSet::new(), JoinSet::new());
        let mut operator_address = None;
        if let Some(wanted) = operator {
            let listener = Operator::bind(wanted).await.map_err(failed(wanted))?;
            operator_address = Some(listener.local_addr().map_err(failed(wanted))?);
            let view = Operator { gate: gate.clone(), tls: tls.clone(), stop: stop.clone(), sandbox };
            watchers.spawn(watch(view, listener));
        }
        watchers.spawn(upkeep());
        tasks.spawn(epp.run());
        tasks.spawn(heartbeat(gate.clone(), stop.clone()));
        tasks.spawn(timed_work(gate.clone(), stop.clone()));
        tracing::info!(%address, operator = operator_address.map(tracing::field::display), "serving EPP");
        Ok(Self { gate, tls, address, operator: operator_address, stopper, stop, tasks, watchers })
    }

    /// Sends mail from the outbox from now on, until the server stops.
    pub fn send_mail(&mut self, mailer: Mailer) {
        let (gate, mut stop) = (self.gate.clone(), self.stop.clone());
        self.tasks.spawn(async move { job::mail::run(gate, mailer, stop.stopping()).await });
    }

    /// Where EPP clients connect.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Where the operator looks.
    #[must_use]
    pub fn operator_addr(&self) -> Option<SocketAddr> {
        self.operator
    }

    /// The registry.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Reads certificates, keys and lists of revoked certificates anew; on any fault the old ones stay in use.
    ///
    /// # Errors
    /// What is wrong with the new ones.
    pub async fn reload(&self) -> Result<(), String> {
        operator::reload_tls(&self.tls).await
    }

    /// Stops: nothing new is begun, commands in flight are finished and answered, every connection is told goodbye.
    /// What has not ended after the profile's grace is cut. The database stays open.
    pub async fn shutdown(self) {
        self.stop(std::future::pending()).await;
    }

    /// Serves until SIGINT or SIGTERM, then stops; a second one cuts what is left. SIGHUP reloads.
    ///
    /// # Errors
    /// When signals cannot be awaited.
    pub async fn run_until_signal(self) -> Result<(), ServeError> {
        let listen = |kind| signal(kind).map_err(ServeError::Signals);
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        let mut hang_up = listen(SignalKind::hangup())?;
        loop {
            tokio::select! {
                _ = interrupt.recv() => break,
                _ = terminate.recv() => break,
                // What is wrong is logged where it was found.
                _ = hang_up.recv() => drop(self.reload().await),
            }
        }
        let again = async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        self.stop(again).await;
        Ok(())
    }

    async fn stop(mut self, hurry: impl Future<Output = ()>) {
        let grace = Duration::from_secs(self.gate.profile().server.session.shutdown_grace_s);
        tracing::info!("stopping");
        self.stopper.advance(Phase::Stopping);
        tokio::select! {
            () = join(&mut self.tasks) => {}
            () = sleep(grace) => tracing::warn!("commands in flight took too long and are cut"),
            () = hurry => tracing::warn!("told to stop again; what is left is cut"),
        }
        self.stopper.advance(Phase::Cut);
        let last_moment = Some(Deadline::now() + LAST_MOMENT);
        within(last_moment, join(&mut self.tasks)).await;
        within(last_moment, self.say_gone()).await;
        self.tasks.shutdown().await;
        self.watchers.shutdown().await;
        tracing::info!("stopped");
    }

    async fn say_gone(&self) {
        if let Err(cause) = self.gate.db().process_gone(self.gate.ids().process()).await {
            tracing::error!(%cause, "the sessions of this process count until others notice that it is gone");
        }
    }
}

/// A connection takes a descriptor; beyond the system's limit none is accepted, whatever the profile says.
fn warn_of_few_descriptors(connections: usize) {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    if let Some(descriptors) = soft.filter(|soft| *soft < connections.saturating_add(OWN_DESCRIPTORS)) {
        tracing::warn!(descriptors, connections, "fewer descriptors than connections: raise ulimit -n");
    }
}

async fn join(tasks: &mut JoinSet<()>) {
    while let Some(ended) = tasks.join_next().await {
        if let Err(cause) = ended {
            tracing::error!(%cause, "a task of the server failed");
        }
    }
}

async fn watch(view: Operator, listener: TcpListener) {
    if let Err(cause) = view.serve(listener).await {
        tracing::error!(%cause, "the operator's listener failed");
    }
}

/// Says now and then that this process is there, and clears away after those that are not.
async fn heartbeat(gate: Gate, mut stop: Stop) {
    let mut beat = ticks(HEARTBEAT);
    loop {
        tokio::select! {
            () = stop.stopping() => return,
            _ = beat.tick() => {}
        }
        let (db, now) = (gate.db(), gate.clock().now());
        match db.process_seen(gate.ids().process(), now).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::error!("others took this process for gone; its sessions do not count any more")
            }
            Err(cause) => tracing::error!(%cause, "the database was not told that this process is there"),
        }
        match db.processes_sweep(now).await {
            Ok(0) => {}
            Ok(sessions) => tracing::warn!(sessions, "sessions of processes that are gone were removed"),
            Err(cause) => tracing::error!(%cause, "processes that are gone could not be looked for"),
        }
    }
}

async fn timed_work(gate: Gate, mut stop: Stop) {
    job::run(gate, stop.stopping()).await;
}

async fn upkeep() {
    let mut beat = ticks(Metrics::UPKEEP);
    loop {
        beat.tick().await;
        telemetry::metrics().upkeep();
    }
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
