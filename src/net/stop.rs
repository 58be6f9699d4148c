//! How a server is told to stop: first politely, then for good.

use tokio::sync::watch;

/// How far the stopping is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Not stopping.
    Running,
    /// Commands in flight are finished; nothing new is begun.
    Stopping,
    /// Whatever is left is dropped.
    Cut,
}

/// The hand on the switch.
#[derive(Debug)]
pub struct Stopper(watch::Sender<Phase>);

/// What everyone else watches. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<Phase>);

impl Stopper {
    /// A switch that is on `Running`, and what watches it.
    #[must_use]
    pub fn new() -> (Self, Stop) {
        let (sender, receiver) = watch::channel(Phase::Running);
        (Self(sender), Stop(receiver))
    }

    /// Goes on to a later phase; never back.
    pub fn advance(&self, phase: Phase) {
        self.0.send_if_modified(|now| {
            let later = phase > *now;
            *now = phase.max(*now);
            later
        });
    }
}

impl Stop {
    /// Whether nothing new is to be begun.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.0.borrow() >= Phase::Stopping
    }

    /// Waits until nothing new is to be begun.
    pub async fn stopping(&mut self) {
        self.reached(Phase::Stopping).await;
    }

    /// Waits until everything is to be dropped.
    pub async fn cut(&mut self) {
        self.reached(Phase::Cut).await;
    }

    /// A switch that is gone counts as thrown.
    async fn reached(&mut self, phase: Phase) {
        let _gone = self.0.wait_for(|now| *now >= phase).await;
    }
}
