//! One connection after its handshake: greeting, then one answer to each frame, in order (RFC 5730 section 2,
//! RFC 5734 section 3).
//!
//! EPP has no answer that nobody asked for, so a session that runs out of time is closed without one.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant as Deadline, sleep_until};

use super::frame::{self, Frame, ReadError};
use super::line::Line;
use super::stop::Stop;
use crate::epp::command::{Envelope, Rejected, Request};
use crate::epp::reply::{Outcome, Response};
use crate::epp::{self, types::ClTrid};
use crate::gate::{Gate, Session, Trace};
use crate::policy::{Oversize, ServerPolicy};
use crate::refusal::{Reason, Refusal};
use crate::telemetry::{self, Counted};

/// Why a conversation ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ending {
    #[error("the last answer was {0}")]
    Answered(u16),
    #[error("no login in time")]
    NoLogin,
    #[error("idle")]
    Idle,
    #[error("its time was over")]
    Lifetime,
    #[error("the server stops")]
    Stopping,
    #[error(transparent)]
    Frame(#[from] ReadError),
    #[error("an answer was not taken: {0}")]
    NotTaken(io::Error),
    #[error("a fault of the server")]
    Fault,
}

impl Ending {
    /// One word, for the metrics.
    pub(super) fn tag(&self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::NoLogin => "no_login",
            Self::Idle => "idle",
            Self::Lifetime => "lifetime",
            Self::Stopping => "stopping",
            Self::Frame(ReadError::Closed) => "peer",
            Self::Frame(ReadError::Cut | ReadError::Io(_)) => "broken",
            Self::Frame(ReadError::Short(_) | ReadError::Oversize(_)) => "frame_length",
            Self::Frame(ReadError::Slow) => "frame_slow",
            Self::NotTaken(_) => "not_taken",
            Self::Fault => "fault",
        }
    }

    /// Whether the peer may still be sending. A socket that is closed with something unread in it resets the
    /// connection, and the reset can overtake the last answer.
    pub(super) fn may_leave_unread(&self) -> bool {
        matches!(self, Self::Answered(_) | Self::Frame(ReadError::Short(_) | ReadError::Oversize(_)))
    }
}

/// A connection in conversation.
pub(super) struct Conversation<'a, S> {
    gate: &'a Gate,
    policy: &'a ServerPolicy,
    stream: &'a mut S,
    session: &'a mut Session,
    stop: Stop,
    /// There is no place for this one: it is greeted, and its first command is answered by this.
    turned_away: Option<Reason>,
    login_by: Option<Deadline>,
    end_by: Option<Deadline>,
    logged_in: Option<Counted>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Conversation<'a, S> {
    /// A conversation about to begin on a connection that is to end at `end_by`.
    pub(super) fn new(
        gate: &'a Gate,
        policy: &'a ServerPolicy,
        stream: &'a mut S,
        session: &'a mut Session,
        stop: Stop,
        turned_away: Option<Reason>,
        end_by: Option<Deadline>,
    ) -> Self {
        let login_by = after(policy.session.login_timeout_s);
        Self { gate, policy, stream, session, stop, turned_away, login_by, end_by, logged_in: None }
    }

    /// Greets, then answers until something ends it.
    pub(super) async fn run(mut self) -> Ending {
        match self.talk().await {
            Ok(never) => match never {},
            Err(ending) => ending,
        }
    }

    async fn talk(&mut self) -> Result<std::convert::Infallible, Ending> {
        self.greet().await?;
        loop {
            let frame = self.next_frame().await?;
            self.answer(frame).await?;
        }
    }

    async fn next_frame(&mut self) -> Result<Frame, Ending> {
        let (silence, ending) = self.silence_ends();
        let mut stop = self.stop.clone();
        let begun = tokio::select! {
            biased;
            () = stop.stopping() => return Err(Ending::Stopping),
            begun = frame::begin(self.stream) => begun?,
            () = until(silence) => return Err(ending),
        };
        let deadline = earliest([after(self.policy.session.frame_timeout_s), self.login_by(), self.end_by]);
        let frame = tokio::select! {
            biased;
            () = stop.stopping() => return Err(Ending::Stopping),
            frame = frame::finish(self.stream, begun, self.policy.frame_max_bytes, deadline) => frame,
        };
        if matches!(frame, Err(ReadError::Oversize(_)))
            && self.policy.frame_oversize == Oversize::ReplyThenClose
        {
            let refusal = Refusal::new(Reason::XmlLimit).coded(2500);
            let (response, _) = refuse(self.gate, refusal, None, "invalid");
            self.send(&epp::encode::response(&response)).await?;
        }
        Ok(frame?)
    }

    /// Until when the peer may be silent, and what it means if it is.
    fn silence_ends(&self) -> (Option<Deadline>, Ending) {
        let idle = match self.logged_in {
            Some(_) => (after(self.policy.session.idle_timeout_s), Ending::Idle),
            None => (self.login_by, Ending::NoLogin),
        };
        match (idle.0, self.end_by) {
            (Some(idle_at), Some(end)) if end < idle_at => (Some(end), Ending::Lifetime),
            (None, Some(end)) => (Some(end), Ending::Lifetime),
            _ => idle,
        }
    }

    fn login_by(&self) -> Option<Deadline> {
        if self.logged_in.is_some() { None } else { self.login_by }
    }

    async fn answer(&mut self, frame: Frame) -> Result<(), Ending> {
        let read = frame.begun.elapsed();
        log_frame(self.session.id, "in", &frame.body);
        let Some((mut response, trace, parse)) = self.work(frame.body).await else {
            return self.greet().await;
        };
        let over = self.end_by.is_some_and(|end| Deadline::now() >= end);
        let last =
            if self.stop.is_stopping() { Some(Ending::Stopping) } else { over.then_some(Ending::Lifetime) };
        // Of the codes that announce the end, the schema has one for success. The other successes say more than
        // it could (1001, 1301), so they stay as they are.
        if last.is_some() && response.code == 1000 && self.policy.session.shutdown_code_shift {
            response.code = 1500;
        }
        let encoding = Instant::now();
        let document = epp::encode::response(&response);
        let encode = encoding.elapsed();
        let writing = Instant::now();
        let written = self.send(&document).await;
        let write = writing.elapsed();
        Line {
            session: self.session.id,
            peer: self.session.peer.address,
            response: &response,
            trace: &trace,
            read,
            parse,
            encode,
            write,
            sent: written.is_ok(),
        }
        .write();
        written?;
        self.count_login();
        if response.code == 1500 || response.code >= 2500 {
            return Err(Ending::Answered(response.code));
        }
        last.map_or(Ok(()), Err)
    }

    /// Does what a frame asks for. Nothing to a hello, which is answered by a greeting.
    async fn work(&mut self, body: Vec<u8>) -> Option<(Response, Trace, Duration)> {
        let parsing = Instant::now();
        let (mut cltrid, mut parse) = (None, Duration::ZERO);
        let (gate, turned_away, session) = (self.gate, self.turned_away, &mut *self.session);
        let work = async {
            let request = command(epp::decode(&body))?;
            parse = parsing.elapsed();
            drop(body);
            cltrid = cltrid_of(&request).cloned();
            Some(match turned_away {
                Some(reason) => refuse(gate, reason, cltrid.clone(), "turned_away"),
                None => gate.execute(session, request).await,
            })
        };
        let (response, trace) = match contained(work).await {
            Some(done) => done?,
            None => {
                tracing::error!(session = self.session.id, "a command ended in a panic");
                refuse(gate, Reason::Internal, cltrid, "unknown")
            }
        };
        Some((response, trace, parse))
    }

    async fn greet(&mut self) -> Result<(), Ending> {
        let greeting = epp::encode::greeting(&self.gate.greeting());
        self.send(&greeting).await
    }

    async fn send(&mut self, document: &str) -> Result<(), Ending> {
        log_frame(self.session.id, "out", document.as_bytes());
        let deadline = after(self.policy.session.frame_timeout_s);
        frame::write(self.stream, document, deadline).await.map_err(Ending::NotTaken)
    }

    fn count_login(&mut self) {
        if self.session.actor.is_none() {
            self.logged_in = None;
        } else if self.logged_in.is_none() {
            self.logged_in = Some(Counted::one(telemetry::SESSIONS));
        }
    }
}

/// A frame as the gate takes it; none for a hello.
fn command(decoded: Result<Request, Box<Rejected>>) -> Option<Result<Box<Envelope>, Box<Rejected>>> {
    match decoded {
        Ok(Request::Hello) => None,
        Ok(Request::Command(envelope)) => Some(Ok(envelope)),
        Err(rejected) => Some(Err(rejected)),
    }
}

fn cltrid_of(request: &Result<Box<Envelope>, Box<Rejected>>) -> Option<&ClTrid> {
    match request {
        Ok(envelope) => envelope.cltrid.as_ref(),
        Err(rejected) => rejected.cltrid.as_ref(),
    }
}

/// An answer the transport gives by itself.
fn refuse(
    gate: &Gate,
    refusal: impl Into<Refusal>,
    cltrid: Option<ClTrid>,
    command: &'static str,
) -> (Response, Trace) {
    let refusal = refusal.into();
    let (code, reason) = (refusal.code(), refusal.reason);
    let outcome = Outcome::Refused(refusal);
    let svtrid = gate.ids().svtrid();
    let (lang, services) = Default::default();
    let response = Response { outcome, code, cltrid, svtrid, lang, services };
    (response, Trace { command, reason: Some(reason.tag()), ..Trace::default() })
}

/// The work's result, or none when it panicked: a fault in one command is that command's own.
pub(super) async fn contained<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = Box::pin(work);
    std::future::poll_fn(move |cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// The moment that many seconds from now; none for 0, which means never.
pub(super) fn after(seconds: u64) -> Option<Deadline> {
    (seconds > 0).then(|| Deadline::now() + Duration::from_secs(seconds))
}

fn earliest<const N: usize>(deadlines: [Option<Deadline>; N]) -> Option<Deadline> {
    deadlines.into_iter().flatten().min()
}

async fn until(deadline: Option<Deadline>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

fn log_frame(session: i64, way: &str, body: &[u8]) {
    if tracing::enabled!(target: "domesday::frame", tracing::Level::DEBUG) {
        tracing::debug!(target: "domesday::frame", session, way, frame = epp::mask::frame(body));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_contained() {
        assert_eq!(contained(async { 7 }).await, Some(7));
        let late = async {
            tokio::task::yield_now().await;
            panic!("for the test");
        };
        assert_eq!(contained::<()>(late).await, None);
    }

    #[test]
    fn zero_seconds_never_end() {
        assert!(after(0).is_none());
        assert!(earliest([None, None]).is_none());
    }
}
