//! The zone a profile's days and months are counted in: an IANA name or a fixed offset.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::clock::Ts;

/// `Europe/Paris`, `UTC` or `+01:00`. Calendar rules only; what is on the wire stays UTC.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CivilZone {
    written: String,
    zone: TimeZone,
}

impl PartialEq for CivilZone {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl TryFrom<String> for CivilZone {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let zone = match fixed(&written) {
            Some(offset) => TimeZone::fixed(offset),
            None => TimeZone::get(&written).map_err(|_| {
                format!("{written:?} is neither the name of a time zone nor an offset such as \"+01:00\"")
            })?,
        };
        Ok(Self { written, zone })
    }
}

impl From<CivilZone> for String {
    fn from(zone: CivilZone) -> Self {
        zone.written
    }
}

impl CivilZone {
    /// The day of a moment as a number that grows with it: 20260331.
    #[must_use]
    pub fn day(&self, at: Ts) -> i64 {
        self.month(at) * 100 + i64::from(self.date(at).day())
    }

    /// The month of a moment as a number that grows with it: 202603.
    #[must_use]
    pub fn month(&self, at: Ts) -> i64 {
        let date = self.date(at);
        i64::from(date.year()) * 100 + i64::from(date.month())
    }

    /// The first moment of the month after that of a moment; `None` at the calendar's end.
    #[must_use]
    pub fn next_month(&self, at: Ts) -> Option<Ts> {
        Some(self.month_end(at)).filter(|end| *end < Ts(i64::MAX))
    }

    /// The calendar day of a moment.
    #[must_use]
    pub fn date(&self, at: Ts) -> Date {
        at.timestamp().to_zoned_datetime(self.zone.clone()).date()
    }

    /// When that day begins: at its midnight, or right after it where the clocks skip it.
    #[must_use]
    pub fn begins(&self, day: Date) -> Ts {
        match day.to_zoned_datetime(self.zone.clone()) {
            Ok(midnight) => Ts::from_timestamp(midnight.timestamp()),
            Err(_) => Ts(i64::MAX),
        }
    }

    /// When that day ends and the next begins.
    #[must_use]
    pub fn ends(&self, day: Date) -> Ts {
        day.tomorrow().map_or(Ts(i64::MAX), |next| self.begins(next))
    }

    /// The midnight that ends the month of a moment.
    #[must_use]
    pub fn month_end(&self, at: Ts) -> Ts {
        self.ends(self.date(at).last_of_month())
    }

    /// The first of the day's moments at or after `at`, where a day has that many, evenly spread from its beginning;
    /// after the last one the next day's first.
    #[must_use]
    pub fn slot(&self, at: Ts, slots: u16) -> Ts {
        let day = self.date(at);
        let (begins, ends) = (self.begins(day), self.ends(day));
        let step = Ts::DAY / i64::from(slots.max(1));
        let steps = (at.0 - begins.0 + step - 1) / step;
        Ts(begins.0.saturating_add(steps.saturating_mul(step)).min(ends.0))
    }

    /// The full hours of a day that lie after `after`, a day of 23 or 25 hours included; the day's end where none is
    /// left.
    #[must_use]
    pub fn full_hours(&self, day: Date, after: Ts) -> Vec<Ts> {
        let (begins, ends) = (self.begins(day), self.ends(day));
        let mut hours = Vec::new();
        let mut hour = begins;
        while hour < ends {
            if hour > after {
                hours.push(hour);
            }
            hour = hour.plus_seconds(3600);
        }
        if hours.is_empty() { vec![ends] } else { hours }
    }

    /// A moment as clocks there show it, with the offset of that moment.
    #[must_use]
    pub fn show(&self, at: Ts) -> String {
        at.timestamp().to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

/// `+HH:MM` or `-HH:MM`.
fn fixed(written: &str) -> Option<Offset> {
    let (sign, rest) = match written.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes) = rest.split_once(':').filter(|(h, m)| two_digits(h) && two_digits(m))?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(text: &str) -> CivilZone {
        text.to_owned().try_into().unwrap()
    }

    fn ts(text: &str) -> Ts {
        Ts::from_timestamp(text.parse().unwrap())
    }

    #[test]
    fn days_begin_at_midnight_there_in_winter_and_in_summer() {
        let there = zone("Europe/Brussels");
        assert_eq!(there.day(ts("2026-01-31T22:59:59Z")), 20_260_131);
        assert_eq!(there.day(ts("2026-01-31T23:00:00Z")), 20_260_201);
        assert_eq!(there.month(ts("2026-01-31T22:59:59.999999Z")), 202_601);
        assert_eq!(there.month(ts("2026-01-31T23:00:00Z")), 202_602);
        assert_eq!(there.day(ts("2026-07-31T21:59:59Z")), 20_260_731);
        assert_eq!(there.day(ts("2026-07-31T22:00:00Z")), 20_260_801);
        // A fixed offset knows no summer.
        assert_eq!(zone("+01:00").day(ts("2026-07-31T22:30:00Z")), 20_260_731);
        assert_eq!(zone("-03:30").day(ts("2026-07-31T03:29:59Z")), 20_260_730);
    }

    #[test]
    fn the_days_the_clocks_change_are_one_day_each() {
        let there = zone("Europe/Brussels");
        for (first, last, day) in [
            ("2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", 20_260_329),
            ("2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", 20_261_025),
        ] {
            assert_eq!((there.day(ts(first)), there.day(ts(last))), (day, day));
            assert_eq!(there.day(ts(first).plus_seconds(-1)), day - 1);
            assert_eq!(there.day(ts(last).plus_seconds(1)), day + 1);
        }
    }

    #[test]
    fn a_month_ends_at_midnight_there() {
        let there = zone("Europe/Brussels");
        for (at, end) in [
            ("2026-01-31T22:59:59.999999Z", "2026-01-31T23:00:00Z"),
            ("2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z"),
            // Summer time begins within the month, or ends.
            ("2026-03-01T00:00:00Z", "2026-03-31T22:00:00Z"),
            ("2026-10-01T00:00:00Z", "2026-10-31T23:00:00Z"),
            ("2027-12-31T10:00:00Z", "2027-12-31T23:00:00Z"),
        ] {
            assert_eq!(there.next_month(ts(at)), Some(ts(end)), "{at}");
        }
    }

    #[test]
    fn a_moment_is_shown_with_its_offset() {
        let there = zone("Europe/Brussels");
        assert_eq!(there.show(ts("2026-03-28T22:30:00Z")), "2026-03-28T23:30:00+01:00");
        assert_eq!(there.show(ts("2026-03-29T22:30:00Z")), "2026-03-30T00:30:00+02:00");
        assert_eq!(zone("UTC").show(ts("2026-03-29T22:30:00Z")), "2026-03-29T22:30:00+00:00");
    }

    #[test]
    fn months_end_at_midnight_there() {
        let there = zone("Europe/Brussels");
        for (at, end) in [
            ("2027-02-10T12:00:00Z", "2027-02-28T23:00:00Z"),
            ("2028-02-29T22:59:59Z", "2028-02-29T23:00:00Z"),
            // Already the first of March there.
            ("2028-02-29T23:00:00Z", "2028-03-31T22:00:00Z"),
            ("2026-03-01T00:00:00Z", "2026-03-31T22:00:00Z"),
            ("2026-10-05T00:00:00Z", "2026-10-31T23:00:00Z"),
            ("2026-12-31T12:00:00Z", "2026-12-31T23:00:00Z"),
        ] {
            assert_eq!(there.month_end(ts(at)), ts(end), "{at}");
        }
    }

    #[test]
    fn slots_are_full_hours_where_a_day_has_24() {
        let there = zone("Europe/Brussels");
        for (at, slot) in [
            ("2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z"),
            ("2026-06-01T10:00:00.000001Z", "2026-06-01T11:00:00Z"),
            ("2026-06-01T21:30:00Z", "2026-06-01T22:00:00Z"),
            // The day the clocks go back has 25.
            ("2026-10-25T22:30:00Z", "2026-10-25T23:00:00Z"),
        ] {
            assert_eq!(there.slot(ts(at), 24), ts(slot), "{at}");
        }
        assert_eq!(there.slot(ts("2026-06-01T10:00:00Z"), 1), ts("2026-06-01T22:00:00Z"));
    }

    #[test]
    fn a_day_has_its_full_hours() {
        let there = zone("Europe/Brussels");
        let hours = |day: &str, after: &str| there.full_hours(day.parse().unwrap(), ts(after));
        let before = "2026-01-01T00:00:00Z";
        assert_eq!(hours("2026-06-01", before).len(), 24);
        assert_eq!(hours("2026-03-29", before).len(), 23);
        assert_eq!(hours("2026-10-25", before).len(), 25);
        assert_eq!(
            hours("2026-06-01", "2026-06-01T20:00:00Z"),
            [ts("2026-06-01T21:00:00Z")],
            "what has begun is past"
        );
        assert_eq!(hours("2026-06-01", "2026-06-01T21:10:00Z"), [ts("2026-06-01T22:00:00Z")]);
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for text in ["", "Europe/Nowhere", "+1:00", "+25:00", "+01:60", "01:00", "+-1:00", "++1:00", "+01:-1"]
        {
            assert!(CivilZone::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
