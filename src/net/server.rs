//! The EPP listener: from accept to the end of each connection.
//!
//! An arriving connection takes a place at once, so that what is not let in yet counts too. Where no place is left
//! a few are still led through the handshake and greeted, because EPP has no other way to say it: the first
//! command is answered 2502 and the connection closed. Beyond those few it is closed without a word.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant as Deadline, sleep};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::frame::within;
use super::seat::{Admission, Seat, Seats};
use super::session::{Conversation, Ending, after, contained};
use super::stop::Stop;
use super::tls::Tls;
use crate::certs;
use crate::gate::{Gate, Peer};
use crate::policy::ServerPolicy;
use crate::refusal::Reason;
use crate::telemetry::{self, Counted};

/// Connections the system may hold for us before they are accepted.
const BACKLOG: u32 = 1024;
/// For saying goodbye to a peer that may not listen.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long accepting rests when the system has no more descriptors or memory.
const RESPITE: Duration = Duration::from_millis(250);
/// Between the signal to cut and the end of tasks that did not heed it.
const LAST_MOMENT: Duration = Duration::from_secs(3);

/// An EPP listener that does not accept yet.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    door: Arc<Door>,
    stop: Stop,
}

/// What every connection needs.
#[derive(Debug)]
struct Door {
    gate: Gate,
    tls: Tls,
    policy: ServerPolicy,
    seats: Seats,
}

impl Listening {
    /// Binds. Port 0 takes any.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn bind(address: SocketAddr, gate: Gate, tls: Tls, stop: Stop) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let policy = gate.profile().server.clone();
        let seats = Seats::new(policy.session.max_connections, policy.session.max_per_address);
        Ok(Self { listener, door: Arc::new(Door { gate, tls, policy, seats }), stop })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Accepts until told to stop, then waits until every connection has ended.
    pub async fn run(self) {
        let Self { listener, door, mut stop } = self;
        let watched = stop.clone();
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = stop.stopping() => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, from)) => {
                        if let Some(connection) = arrive(&door, stream, from, &watched) {
                            connections.spawn(connection);
                        }
                    }
                    Err(cause) => rest_after(cause).await,
                },
                Some(ended) = connections.join_next() => note(ended),
            }
        }
        drop(listener);
        let all = async {
            while let Some(ended) = connections.join_next().await {
                note(ended);
            }
        };
        tokio::select! {
            () = all => {}
            () = async { stop.cut().await; sleep(LAST_MOMENT).await } => {
                tracing::warn!("connections did not end in time and were dropped");
            }
        }
        connections.shutdown().await;
    }
}

/// What is to be done with an arriving connection; nothing when even saying no is too much.
fn arrive(
    door: &Arc<Door>,
    stream: TcpStream,
    from: SocketAddr,
    stop: &Stop,
) -> Option<impl Future<Output = ()> + use<>> {
    let address = from.ip().to_canonical();
    let (seat, turned_away) = match door.seats.take(address) {
        Admission::Seat(seat) => (seat, None),
        Admission::Courtesy { seat, why } => {
            refused(address, why);
            (seat, Some(Reason::TooManySessions))
        }
        Admission::Full => {
            // Whoever fills the last places should not fill the log as well.
            metrics::counter!(telemetry::REFUSED, "why" => "full").increment(1);
            return None;
        }
    };
    let arrival = Arrival { door: Arc::clone(door), address, turned_away, stop: stop.clone(), seat };
    Some(arrival.serve(stream))
}

/// A connection that has a place.
struct Arrival {
    door: Arc<Door>,
    address: IpAddr,
    turned_away: Option<Reason>,
    stop: Stop,
    seat: Seat,
}

impl Arrival {
    async fn serve(self, stream: TcpStream) {
        let _counted = Counted::one(telemetry::CONNECTIONS);
        let end_by = after(self.door.policy.session.max_lifetime_s);
        // Answers are whole when they are written; waiting for more would only delay them.
        let _best_effort = stream.set_nodelay(true);
        if let Some(stream) = self.let_in(stream).await {
            self.attend(stream, end_by).await;
        }
        drop(self.seat);
    }

    /// The address check and the handshake, within one deadline.
    async fn let_in(&self, stream: TcpStream) -> Option<Box<TlsStream<TcpStream>>> {
        let deadline = after(self.door.policy.session.handshake_timeout_s);
        let mut stop = self.stop.clone();
        let entered = tokio::select! {
            () = stop.stopping() => return None,
            entered = within(deadline, Box::pin(self.shake_hands(stream))) => entered,
        };
        match entered {
            Some(stream) => stream,
            None => {
                failed_handshake(self.address, "timeout", &"it did not end in time");
                None
            }
        }
    }

    async fn shake_hands(&self, stream: TcpStream) -> Option<Box<TlsStream<TcpStream>>> {
        match self.door.gate.admits(self.address).await {
            Ok(true) => {}
            Ok(false) => {
                refused(self.address, "not_listed");
                return None;
            }
            Err(cause) => {
                tracing::error!(%cause, address = %self.address, "an address could not be looked up");
                refused(self.address, "fault");
                return None;
            }
        }
        match TlsAcceptor::from(self.door.tls.current()).accept(stream).into_fallible().await {
            Ok(stream) => Some(Box::new(stream)),
            Err((cause, stream)) => {
                failed_handshake(self.address, "tls", &cause);
                linger(stream).await;
                None
            }
        }
    }

    /// The conversation, and the goodbye after it.
    async fn attend(&self, mut stream: Box<TlsStream<TcpStream>>, end_by: Option<Deadline>) {
        let gate = &self.door.gate;
        let mut session = gate.open(peer(self.address, &stream));
        let id = session.id;
        tracing::debug!(session = id, address = %self.address, tls = session.peer.tls, "connection open");
        let (mut stop, watched) = (self.stop.clone(), self.stop.clone());
        let talk = Conversation::new(
            gate,
            &self.door.policy,
            &mut *stream,
            &mut session,
            watched,
            self.turned_away,
            end_by,
        );
        let ending = tokio::select! {
            ending = contained(talk.run()) => Some(ending.unwrap_or(Ending::Fault)),
            () = stop.cut() => None,
        };
        if let Err(cause) = gate.close(session).await {
            tracing::error!(%cause, session = id, "a session's row was not removed");
        }
        let Some(ending) = ending else {
            metrics::counter!(telemetry::ENDED, "why" => "cut").increment(1);
            tracing::warn!(session = id, address = %self.address, "connection cut");
            return;
        };
        metrics::counter!(telemetry::ENDED, "why" => ending.tag()).increment(1);
        tracing::debug!(session = id, address = %self.address, reason = %ending, "connection closed");
        goodbye(stream, ending.may_leave_unread()).await;
    }
}

/// close_notify and the end of our half; then, where it may matter, what the peer still sends is thrown away.
async fn goodbye(mut stream: Box<TlsStream<TcpStream>>, more_may_come: bool) {
    let parting = async {
        if stream.shutdown().await.is_ok() && more_may_come {
            let (stream, _) = stream.into_inner();
            drain(stream).await;
        }
    };
    within(Some(Deadline::now() + GOODBYE), parting).await;
}

/// Lets an alert reach the peer before the socket goes.
async fn linger(mut stream: TcpStream) {
    let parting = async {
        if stream.shutdown().await.is_ok() {
            drain(stream).await;
        }
    };
    within(Some(Deadline::now() + GOODBYE), parting).await;
}

/// Reads and forgets until the peer closes too.
async fn drain(mut stream: TcpStream) {
    let mut sink = [0; 1024];
    while matches!(stream.read(&mut sink).await, Ok(1..)) {}
}

fn peer(address: IpAddr, stream: &TlsStream<TcpStream>) -> Peer {
    let (_, tls) = stream.get_ref();
    let shown = tls.peer_certificates().and_then(|chain| chain.first());
    let certificate = shown.map(certs::digest);
    let certificate_until = shown.and_then(certs::good_until);
    let version = tls.protocol_version().and_then(|v| v.as_str()).unwrap_or("TLS");
    let suite = tls.negotiated_cipher_suite().and_then(|s| s.suite().as_str()).unwrap_or("unknown suite");
    Peer { address, certificate, certificate_until, tls: format!("{version} {suite}") }
}

async fn rest_after(cause: io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    if !matches!(cause.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
        tracing::warn!(%cause, "connections cannot be accepted; trying again");
        sleep(RESPITE).await;
    }
}

fn refused(address: IpAddr, why: &'static str) {
    metrics::counter!(telemetry::REFUSED, "why" => why).increment(1);
    tracing::info!(%address, why, "connection refused");
}

fn failed_handshake(address: IpAddr, why: &'static str, cause: &dyn std::fmt::Display) {
    metrics::counter!(telemetry::HANDSHAKE_FAILURES, "why" => why).increment(1);
    tracing::info!(%address, %cause, "handshake failed");
}

fn note(ended: Result<(), JoinError>) {
    if let Err(cause) = ended
        && cause.is_panic()
    {
        tracing::error!(%cause, "a connection's task failed");
    }
}
