//! Protected transactions: a threshold for what one account may change in a zone in one day.
//!
//! A command counts in its own transaction, before its rules: a command that is refused is undone and its count with
//! it, so the count is of successes, exact on any number of processes.

use crate::clock::Ts;
use crate::epp::command::{Command, DomainUpdate};
use crate::epp::notice::Notice;
use crate::epp::types::{RegistrarId, Restore};
use crate::flow;
use crate::policy::{ProtectedPolicy, covers};
use crate::refusal::{Reason, Refusal};
use crate::store::rate::DayCount;
use crate::store::{StoreError, Tx};

/// What a request for a restore is called in `protected.ops`: on the wire it is an update (RFC 3915 section 4.2.5).
pub(super) const RESTORE_REQUEST: &str = "domain:restore-request";

/// Whether an entry of `protected.ops` means that command.
fn means(op: &str, command: &Command) -> bool {
    let restores =
        matches!(command, Command::DomainUpdate(DomainUpdate { restore: Some(Restore::Request), .. }));
    covers(op, flow::spec(command).name) || (restores && covers(op, RESTORE_REQUEST))
}

/// Counts a command if it is a protected one, or refuses it; with what the registrar is told where it was the day's
/// last.
pub(super) async fn count(
    tx: &mut Tx,
    now: Ts,
    registrar: &RegistrarId,
    command: &Command,
    policy: &ProtectedPolicy,
) -> Result<Result<Option<Notice>, Refusal>, StoreError> {
    if !policy.enabled || !policy.ops.iter().any(|op| means(op, command)) {
        return Ok(Ok(None));
    }
    let (day, next) = day(now, policy)?;
    if let Some(DayCount { used, max }) = tx.protected_count(registrar, day, i64::from(policy.max)).await? {
        return Ok(Ok((used >= max).then_some(Notice::ProtectedReached { max, until: next })));
    }
    Ok(Err(Refusal::new(Reason::ProtectedLimit)
        .coded(policy.code.get())
        .detail(format!("again from {next}"))))
}

/// The beginning of the day and of the next.
///
/// # Errors
/// At the calendar's end.
pub fn day(now: Ts, policy: &ProtectedPolicy) -> Result<(Ts, Ts), StoreError> {
    let local = now.timestamp().to_zoned_datetime(policy.reset_zone.rules().clone());
    let days = local.start_of_day().and_then(|begin| Ok((begin, local.tomorrow()?.start_of_day()?)));
    let (begin, next) = days.map_err(|_| StoreError::Shape("a day at the calendar's end"))?;
    Ok((Ts::from_timestamp(begin.timestamp()), Ts::from_timestamp(next.timestamp())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::DayZone;

    #[test]
    fn a_day_is_as_long_as_its_zone_says() {
        let zone = |name: &str| ProtectedPolicy {
            enabled: true,
            ops: Vec::new(),
            max: 1,
            reset_zone: DayZone::try_from(name.to_owned()).unwrap(),
            code: 2308.try_into().unwrap(),
        };
        let ts = |text: &str| Ts::from_timestamp(text.parse().unwrap());
        let at = ts("2026-03-29T12:00:00Z");
        let utc = (ts("2026-03-29T00:00:00Z"), ts("2026-03-30T00:00:00Z"));
        assert_eq!(day(at, &zone("UTC")).unwrap(), utc);
        // The night summer time begins: twenty-three hours.
        let brussels = (ts("2026-03-28T23:00:00Z"), ts("2026-03-29T22:00:00Z"));
        assert_eq!(day(at, &zone("Europe/Brussels")).unwrap(), brussels);
    }
}
