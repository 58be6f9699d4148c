//! Rules of the knobs of notices.

use super::AccountPolicy;
use super::check::{Broken, that};

/// The codes an acknowledgement of a message that is not there can have.
const MISSING_ACK: &[u16] = &[2303, 2005];

/// The first rule the rules of an account break.
pub(super) fn account(account: &AccountPolicy) -> Result<(), Broken> {
    let AccountPolicy { poll, login_log, login_throttle, .. } = account;
    for (key, days) in [
        ("poll.retention_days", poll.retention_days),
        ("poll.unack_reminder_days", poll.unack_reminder_days),
        ("login_log.retention_days", login_log.retention_days),
    ] {
        that(days >= 0, &[&format!("account.{key}")], || format!("{key} = {days} lies in the past"))?;
    }
    that(MISSING_ACK.contains(&poll.missing_ack_code), &["account.poll.missing_ack_code"], || {
        format!("a message that is not there is 2303 or 2005, not {}", poll.missing_ack_code)
    })?;
    let counted = login_throttle.window_s.max(login_throttle.block_s);
    let kept = login_log.retention_days.saturating_mul(86_400);
    that(
        kept == 0 || login_throttle.max_failures == 0 || kept >= counted,
        &["account.login_log.retention_days", "account.login_throttle.window_s"],
        || format!("the throttle of logins counts what is {counted} seconds old; keep it as long"),
    )
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn what_is_counted_is_kept_and_codes_are_known() {
        for (text, expected) in [
            ("account.poll.retention_days = -1", "lies in the past"),
            ("account.poll.missing_ack_code = 2400", "is 2303 or 2005, not 2400"),
            (
                "account.login_throttle.window_s = 172800\naccount.login_log.retention_days = 1",
                "keep it as long",
            ),
        ] {
            let own = [("own".to_owned(), format!("id = \"own\"\nextends = \"gtld\"\n{text}"))];
            let fault = Policies::load(&own).unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault}");
        }
    }
}
