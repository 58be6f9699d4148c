//! The throttle of logins: after so many failures with one name, or from one address, within a window, logins are
//! refused untried for a while.
//!
//! What is counted stands in the database, so it holds over connections and processes. Logins that are under way at
//! the same moment do not see one another's failures: as many as that more may be tried, and all of them are
//! counted. A login that was refused untried is not counted, so trying on does not make the wait longer. Names that
//! nobody has are counted alike, so nobody learns which names there are.

use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::policy::{ThrottleKey, ThrottlePolicy};
use crate::store::login::Failures;
use crate::store::{StoreError, Tx};

/// What the throttle says of a login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Throttle {
    /// It is refused untried.
    pub blocked: bool,
    /// The name has failures that a success wipes out.
    pub failed_before: bool,
}

/// Asks the throttle.
pub(super) async fn ask(
    tx: &mut Tx,
    policy: &ThrottlePolicy,
    user: &RegistrarId,
    address: &str,
    now: Ts,
) -> Result<Throttle, StoreError> {
    if policy.max_failures == 0 {
        return Ok(Throttle::default());
    }
    let since = now.plus_seconds(-policy.window_s.saturating_add(policy.block_s));
    let failures = tx.login_failures(user, address, since, i64::from(policy.max_failures)).await?;
    Ok(Throttle { blocked: is_blocked(&failures, policy, now), failed_before: !failures.of_user.is_empty() })
}

fn is_blocked(failures: &Failures, policy: &ThrottlePolicy, now: Ts) -> bool {
    policy.key.iter().any(|key| {
        let newest_first = match key {
            ThrottleKey::User => &failures.of_user,
            ThrottleKey::Address => &failures.from_address,
        };
        // The last failure that was tried is the one that blocks: while blocked, none is.
        let many = newest_first.len() >= usize::try_from(policy.max_failures).unwrap_or(usize::MAX);
        let (Some(last), Some(first), true) = (newest_first.first(), newest_first.last(), many) else {
            return false;
        };
        last.plus_seconds(-policy.window_s) <= *first && now < last.plus_seconds(policy.block_s)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: &[i64]) -> Vec<Ts> {
        seconds.iter().map(|s| Ts(s * Ts::SECOND)).collect()
    }

    #[test]
    fn enough_failures_in_the_window_block_from_the_last_one() {
        let key = [ThrottleKey::User, ThrottleKey::Address].into();
        let policy = ThrottlePolicy { max_failures: 3, window_s: 60, block_s: 100, key };
        let blocked = |user: &[i64], address: &[i64], now: i64| {
            let failures = Failures { of_user: at(user), from_address: at(address) };
            is_blocked(&failures, &policy, Ts(now * Ts::SECOND))
        };
        assert!(!blocked(&[1060, 1000], &[], 1061), "two");
        assert!(blocked(&[1060, 1030, 1000], &[], 1061), "three in the window");
        assert!(!blocked(&[1061, 1030, 1000], &[], 1062), "three in a longer time");
        assert!(blocked(&[1060, 1030, 1000], &[], 1159));
        assert!(!blocked(&[1060, 1030, 1000], &[], 1160), "it ends");
        assert!(blocked(&[], &[1060, 1030, 1000], 1061), "by address");
        let by_user = ThrottlePolicy { key: [ThrottleKey::User].into(), ..policy.clone() };
        let from_address = Failures { of_user: Vec::new(), from_address: at(&[1060, 1030, 1000]) };
        assert!(!is_blocked(&from_address, &by_user, Ts(1061 * Ts::SECOND)));
    }
}
