//! How an account stands: the arithmetic of days, limits, blocks and quotas, without a database.
//!
//! Nothing runs at midnight. A row says which day its points are of, and counts as zero on a later one; so does the
//! quota of a month. A block is a moment in time and knows no calendar: 24 hours are 24 hours on every day.

use crate::clock::Ts;
use crate::policy::{HitPolicy, LimitRecalc, TripAt};
use crate::store::hit::HitRow;

/// What the registrar is told of: a level its points came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossed {
    /// A part of the limit is reached.
    Warning {
        /// The points at which.
        level: i64,
    },
    /// The limit is reached: the account is blocked.
    Limit {
        /// The points at which.
        level: i64,
    },
}

/// Whether the row was read on the day of `now` already, so that its limit is that of today.
#[must_use]
pub fn fresh(row: &HitRow, policy: &HitPolicy, now: Ts) -> bool {
    row.day >= policy.zone.day(now)
}

/// Whether its limit needs no look at the portfolio.
#[must_use]
pub(super) fn knows_limit(row: &HitRow, policy: &HitPolicy, now: Ts) -> bool {
    policy.limit_recalc == LimitRecalc::Daily && fresh(row, policy, now)
}

/// The row as it counts now; `portfolio` gives a new day its limit.
#[must_use]
pub fn rolled(mut row: HitRow, policy: &HitPolicy, now: Ts, portfolio: i64) -> HitRow {
    let (day, month) = (policy.zone.day(now), policy.zone.month(now));
    if row.day < day || policy.limit_recalc == LimitRecalc::OnRead {
        row.day_limit = policy.limit.of(portfolio);
    }
    if row.day < day {
        (row.day, row.points) = (day, 0);
        if policy.block.reset_lifts {
            (row.exceeded_at, row.blocked_until) = (None, None);
        }
    }
    if row.month < month {
        (row.month, row.unblocks) = (month, 0);
    }
    row
}

/// The limit in force.
#[must_use]
pub fn limit(row: &HitRow) -> i64 {
    row.limit_override.unwrap_or(row.day_limit)
}

/// Until when the account is blocked; `None` when it is not. The row need not be rolled.
#[must_use]
pub fn blocked(row: &HitRow, policy: &HitPolicy, now: Ts) -> Option<Ts> {
    let lifted = policy.block.reset_lifts && !fresh(row, policy, now);
    row.blocked_until.filter(|until| policy.enabled && !lifted && *until > now)
}

/// Adds a fault's points to a row that was rolled and is not blocked, and says what the registrar is told.
pub fn add(row: &mut HitRow, policy: &HitPolicy, points: i64, now: Ts) -> Vec<Crossed> {
    let (before, limit) = (row.points, limit(row));
    row.points = before.saturating_add(points);
    let level = |percent: u8| (limit * i64::from(percent) + 99) / 100;
    let mut crossed: Vec<Crossed> = policy
        .warn_at
        .iter()
        .filter(|percent| **percent < 100)
        .map(|percent| level(*percent))
        .filter(|level| before < *level && *level <= row.points)
        .map(|level| Crossed::Warning { level })
        .collect();
    let trips = match policy.trip_at {
        TripAt::Ge => row.points >= limit,
        TripAt::Gt => row.points > limit,
    };
    if trips {
        row.exceeded_at = Some(now);
        row.blocked_until = Some(now.plus_seconds(policy.block.for_s));
        if policy.warn_at.contains(&100) {
            crossed.push(Crossed::Limit { level: limit });
        }
    }
    crossed
}

/// Lifts the block of a row that was rolled.
pub fn lift(row: &mut HitRow, policy: &HitPolicy, by_self: bool) {
    (row.exceeded_at, row.blocked_until) = (None, None);
    if policy.unblock_resets_counter {
        row.points = 0;
    }
    row.unblocks += i64::from(by_self);
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::policy::Policies;

    /// Civil time with a summer, points and notices as the published services have them.
    pub fn policy() -> HitPolicy {
        let own = "id = \"own\"\nextends = \"gtld\"\n[account.hit]\nenabled = true\nzone = \"Europe/Brussels\"\n\
                   scored_ops = [\"contact.*\", \"domain.create\", \"domain.update\", \"domain.transfer\"]\n\
                   race_grace_s = 10\nweights = [{ op = \"domain.create\", code = 2302, points = 10 },\n\
                   { op = \"contact.*\", code = 2005, points = 2 },\n\
                   { op = \"contact.*\", code = 2005, reason = \"BadEmail\", points = 3 }]\n";
        let all = Policies::load(&[("own".to_owned(), own.to_owned())]).unwrap();
        all.profile("own").unwrap().account.hit.clone()
    }

    fn ts(text: &str) -> Ts {
        Ts::from_timestamp(text.parse().unwrap())
    }

    fn at(now: &str) -> HitRow {
        rolled(HitRow::default(), &policy(), ts(now), 0)
    }

    #[test]
    fn the_registrar_is_warned_once_and_blocked_once() {
        let (policy, now) = (policy(), ts("2026-03-10T21:30:00Z"));
        let mut row = at("2026-03-10T21:30:00Z");
        let mut told = Vec::new();
        for _ in 0..10 {
            told.push(add(&mut row, &policy, 10, now));
        }
        let mut expected = vec![Vec::new(); 10];
        expected[7] = vec![Crossed::Warning { level: 80 }];
        expected[9] = vec![Crossed::Limit { level: 100 }];
        assert_eq!(told, expected);
        assert_eq!((row.points, row.exceeded_at), (100, Some(now)));
        assert_eq!(blocked(&row, &policy, now), Some(now.plus_days(1)));
    }

    #[test]
    fn one_fault_may_bring_both_notices() {
        let policy = policy();
        let mut row = HitRow { points: 79, ..at("2026-03-10T21:30:00Z") };
        let told = add(&mut row, &policy, 50, Ts(1));
        assert_eq!(told, [Crossed::Warning { level: 80 }, Crossed::Limit { level: 100 }]);
        let over = HitPolicy { trip_at: TripAt::Gt, ..policy };
        let mut row = HitRow { points: 99, ..at("2026-03-10T21:30:00Z") };
        assert_eq!(add(&mut row, &over, 1, Ts(1)), []);
        assert_eq!(add(&mut row, &over, 1, Ts(1)), [Crossed::Limit { level: 100 }]);
    }

    #[test]
    fn midnight_clears_the_points_and_not_the_block() {
        let policy = policy();
        let mut row = at("2026-03-10T21:30:00Z");
        add(&mut row, &policy, 100, ts("2026-03-10T21:30:00Z"));
        let before = rolled(row.clone(), &policy, ts("2026-03-10T22:59:59Z"), 0);
        assert_eq!(before, row);
        let after = rolled(row.clone(), &policy, ts("2026-03-10T23:00:00Z"), 5_000);
        assert_eq!((after.points, limit(&after)), (0, 500));
        assert!(blocked(&after, &policy, ts("2026-03-10T23:00:00Z")).is_some());
        assert!(blocked(&row, &policy, ts("2026-03-11T21:29:59.999999Z")).is_some());
        assert_eq!(blocked(&row, &policy, ts("2026-03-11T21:30:00Z")), None);
        let mut lifting = policy.clone();
        lifting.block.reset_lifts = true;
        assert!(blocked(&row, &lifting, ts("2026-03-10T22:59:59Z")).is_some());
        assert_eq!(blocked(&row, &lifting, ts("2026-03-10T23:00:00Z")), None);
    }

    #[test]
    fn a_block_lasts_as_long_when_the_clocks_change() {
        let policy = policy();
        for (fault, until) in [
            ("2026-03-28T22:30:00Z", "2026-03-30T00:30:00+02:00"),
            ("2026-10-24T22:30:00Z", "2026-10-25T23:30:00+01:00"),
        ] {
            let mut row = at(fault);
            add(&mut row, &policy, 100, ts(fault));
            assert_eq!(row.blocked_until.map(|until| policy.zone.show(until)).as_deref(), Some(until));
        }
    }

    #[test]
    fn the_quota_is_that_of_the_calendar_month() {
        let policy = policy();
        let mut row = at("2026-01-31T22:00:00Z");
        add(&mut row, &policy, 100, ts("2026-01-31T22:00:00Z"));
        lift(&mut row, &policy, true);
        assert_eq!((row.points, row.unblocks, row.blocked_until), (0, 1, None));
        assert_eq!(rolled(row.clone(), &policy, ts("2026-01-31T22:59:59.999999Z"), 0).unblocks, 1);
        assert_eq!(rolled(row.clone(), &policy, ts("2026-01-31T23:00:00Z"), 0).unblocks, 0);
        // The operator's does not count.
        lift(&mut row, &policy, false);
        assert_eq!(row.unblocks, 1);
    }

    #[test]
    fn a_clock_that_is_behind_does_not_begin_the_day_again() {
        let policy = policy();
        let mut row = at("2026-03-10T23:00:00Z");
        add(&mut row, &policy, 5, ts("2026-03-10T23:00:00Z"));
        assert_eq!(rolled(row.clone(), &policy, ts("2026-03-10T22:59:59Z"), 0), row);
    }

    #[test]
    fn the_limit_of_a_day_is_that_of_its_beginning() {
        let policy = policy();
        let row = rolled(HitRow::default(), &policy, ts("2026-03-10T10:00:00Z"), 50);
        assert_eq!(limit(&row), 100);
        assert_eq!(limit(&rolled(row.clone(), &policy, ts("2026-03-10T11:00:00Z"), 50_000)), 100);
        assert_eq!(limit(&rolled(row.clone(), &policy, ts("2026-03-11T10:00:00Z"), 50_000)), 1_000);
        let own = HitRow { limit_override: Some(7), ..row };
        assert_eq!(limit(&rolled(own, &policy, ts("2026-03-11T10:00:00Z"), 50_000)), 7);
    }
}
