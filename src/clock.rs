//! The clock. Nothing else in the program reads the time: a command sees one `now`, taken here.
//!
//! A sandbox clock can be moved forward, for tests and rehearsals; the shift is shared by every clone.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00:00Z. This is also its form in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ts(pub i64);

impl Ts {
    /// Microseconds of one second.
    pub const SECOND: i64 = 1_000_000;
    /// Microseconds of one day.
    pub const DAY: i64 = 86_400 * Self::SECOND;

    /// The moment `seconds` later (or earlier, when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(Self::SECOND)))
    }

    /// The moment `days` times 24 hours later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// The same day and time of day `months` later by the UTC calendar; the last day of the month where the
    /// day does not exist there (29 February + 12 months = 28 February). `None` past the calendar's end.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Option<Self> {
        let at = self.timestamp().to_zoned_datetime(TimeZone::UTC);
        let later = at.checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
        Some(Self::from_timestamp(later.timestamp()))
    }

    /// The UTC calendar day, as `domain:curExpDate` names it (RFC 5731 section 3.2.3).
    #[must_use]
    pub fn date(self) -> Date {
        self.timestamp().to_zoned_datetime(TimeZone::UTC).date()
    }

    /// As jiff's type, for calendar rules.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX)
    }

    /// From jiff's type; what is finer than a microsecond is cut off.
    #[must_use]
    pub fn from_timestamp(at: Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}

/// The wire form (xs:dateTime in UTC with `Z`, milliseconds).
impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

/// Where `now` comes from.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    shift: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// The present moment, shifted as far as the clock was moved.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the clock")]
    pub fn now(&self) -> Ts {
        let real = Ts::from_timestamp(Timestamp::now());
        Ts(real.0.saturating_add(self.shift.load(Ordering::Relaxed)))
    }

    /// Moves a sandbox clock by that many seconds, for all clones at once.
    pub fn advance(&self, seconds: i64) {
        self.shift.fetch_add(seconds.saturating_mul(Ts::SECOND), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Ts;

    fn ts(text: &str) -> Ts {
        Ts::from_timestamp(text.parse().unwrap())
    }

    #[test]
    fn years_are_calendar_years() {
        assert_eq!(ts("2028-02-29T10:00:00Z").plus_months(12), Some(ts("2029-02-28T10:00:00Z")));
        assert_eq!(ts("2026-12-31T23:59:59Z").plus_months(24), Some(ts("2028-12-31T23:59:59Z")));
        assert_eq!(ts("9999-06-01T00:00:00Z").plus_months(12), None);
    }

    #[test]
    fn the_wire_form_is_utc_with_milliseconds() {
        assert_eq!(ts("2026-03-01T00:00:00.1234567Z").to_string(), "2026-03-01T00:00:00.123Z");
    }
}
