//! How often a transaction runs again, and how long it pauses before.

use std::time::Duration;

/// Runs after the first. With the pauses below this is about ten seconds.
const TRIES: u32 = 30;
const FIRST_PAUSE: Duration = Duration::from_millis(4);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Pauses that grow, each drawn from the upper half of its length so that two that collided do not meet again.
#[derive(Debug, Default)]
pub(super) struct Patience {
    tried: u32,
}

impl Patience {
    /// The next pause, or `None` when it is enough.
    pub(super) fn next(&mut self) -> Option<Duration> {
        if self.tried == TRIES {
            return None;
        }
        let pause = FIRST_PAUSE.saturating_mul(1 << self.tried.min(10)).min(LONGEST_PAUSE);
        self.tried += 1;
        Some(pause.mul_f64(rand::random_range(0.5..1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_ends() {
        let mut patience = Patience::default();
        let pauses: Vec<Duration> = std::iter::from_fn(|| patience.next()).collect();
        assert_eq!(pauses.len(), 30);
        assert!(pauses[0] < Duration::from_millis(5));
        let total: Duration = pauses.iter().sum();
        assert!(total > Duration::from_secs(5) && total < Duration::from_secs(15), "{total:?}");
    }
}
