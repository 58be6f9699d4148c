//! Registration periods and where a registration ends (RFC 5731 section 2.9, calendar months by UTC).

use crate::clock::Ts;
use crate::epp::ns::Ns;
use crate::epp::types::{Period, PeriodUnit};
use crate::policy::PeriodPolicy;
use crate::refusal::{Reason, Refusal};

/// The period of a create or renew in months, the zone's default where the command names none.
///
/// # Errors
/// [`Reason::PeriodUnit`], [`Reason::PeriodOutOfRange`]
pub fn months(asked: Option<Period>, policy: &PeriodPolicy) -> Result<i32, Refusal> {
    let Some(period) = asked else { return Ok(i32::from(policy.default_years) * 12) };
    let refused = |reason| Refusal::new(reason).on(Ns::Domain, "period", period.count.to_string());
    let months = period.months();
    if period.unit == PeriodUnit::Months && !(policy.months_accepted && months % 12 == 0) {
        return Err(refused(Reason::PeriodUnit));
    }
    let (min, max) = (policy.min_years, policy.max_years);
    if !(i32::from(min) * 12..=i32::from(max) * 12).contains(&months) {
        let refusal = refused(Reason::PeriodOutOfRange).detail(format!("{min} to {max} years"));
        return Err(refusal.coded(policy.range_code.get()));
    }
    Ok(months)
}

/// A period in years, as it is charged: one that has begun counts.
#[must_use]
pub fn years(months: i32) -> u8 {
    u8::try_from((months + 11) / 12).unwrap_or(0)
}

/// The end of a registration that runs that many months from `start`.
///
/// # Errors
/// [`Reason::ExpiryTooFar`]
pub fn end(start: Ts, months: i32, now: Ts, policy: &PeriodPolicy) -> Result<Ts, Refusal> {
    let latest = now.plus_months(policy.max_ahead_months);
    match (start.plus_months(months), latest) {
        (Some(end), Some(latest)) if end <= latest => Ok(end),
        _ => Err(Refusal::new(Reason::ExpiryTooFar)
            .on(Ns::Domain, "period", (months / 12).to_string())
            .detail(format!("at most {} months from now", policy.max_ahead_months))
            .coded(policy.ahead_code.get())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static POLICY: LazyLock<PeriodPolicy> = LazyLock::new(|| PeriodPolicy {
        min_years: 1,
        max_years: 10,
        default_years: 2,
        months_accepted: true,
        max_ahead_months: 120,
        ahead_code: 2306.try_into().unwrap(),
        range_code: 2005.try_into().unwrap(),
        number_code: 2001.try_into().unwrap(),
    });

    fn asked(count: u8, unit: PeriodUnit, policy: &PeriodPolicy) -> Result<i32, Reason> {
        months(Some(Period { count, unit }), policy).map_err(|r| r.reason)
    }

    fn ts(text: &str) -> Ts {
        Ts::from_timestamp(text.parse().unwrap())
    }

    #[test]
    fn months_are_taken_in_whole_years() {
        assert_eq!(months(None, &POLICY), Ok(24));
        assert_eq!(asked(10, PeriodUnit::Years, &POLICY), Ok(120));
        assert_eq!(asked(24, PeriodUnit::Months, &POLICY), Ok(24));
        assert_eq!(asked(13, PeriodUnit::Months, &POLICY), Err(Reason::PeriodUnit));
        assert_eq!(asked(11, PeriodUnit::Years, &POLICY), Err(Reason::PeriodOutOfRange));
        assert_eq!(asked(99, PeriodUnit::Years, &POLICY), Err(Reason::PeriodOutOfRange));
        let years = PeriodPolicy { months_accepted: false, min_years: 2, ..POLICY.clone() };
        assert_eq!(asked(12, PeriodUnit::Months, &years), Err(Reason::PeriodUnit));
        assert_eq!(asked(1, PeriodUnit::Years, &years), Err(Reason::PeriodOutOfRange));
    }

    #[test]
    fn the_limit_is_counted_from_now() {
        let now = ts("2026-03-01T12:00:00Z");
        assert_eq!(end(now, 120, now, &POLICY), Ok(ts("2036-03-01T12:00:00Z")));
        let running = ts("2027-02-28T00:00:00Z");
        assert_eq!(end(running, 108, now, &POLICY), Ok(ts("2036-02-28T00:00:00Z")));
        assert_eq!(end(running, 120, now, &POLICY).map_err(|r| r.reason), Err(Reason::ExpiryTooFar));
        // A leap day has its year's last day of February as its anniversary, and stays there.
        let leap = ts("2028-02-29T08:00:00Z");
        assert_eq!(end(leap, 12, leap, &POLICY), Ok(ts("2029-02-28T08:00:00Z")));
    }
}
