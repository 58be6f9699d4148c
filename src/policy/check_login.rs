//! Rules of the knobs of passwords for EPP and of the security of logins.

use super::check::{Broken, that};
use super::{AccountPolicy, Profile};

/// A password of a login has 6 to 16 characters (RFC 5730, `pwType`).
const PASSWORD: (usize, usize) = (6, 16);
/// What carries longer ones, and how long they are at most: beyond that a password is a lever, not a secret.
const EXTENSION: (&str, usize) = ("loginSec-1.0", 255);

/// The first rule a profile breaks.
pub(super) fn profile(profile: &Profile) -> Result<(), Broken> {
    account(&profile.account)?;
    let (least, (extension, _)) = (profile.account.epp_pw.min_len, EXTENSION);
    let carried = profile.server.ext.announce.iter().any(|name| name == extension);
    that(carried || least <= PASSWORD.1, &["account.epp_pw.min_len", "server.ext.announce"], || {
        format!("a login without {extension} has passwords of {} characters at most, not {least}", PASSWORD.1)
    })
}

fn account(account: &AccountPolicy) -> Result<(), Broken> {
    let AccountPolicy { epp_pw: pw, login_sec: sec, login_log, .. } = account;
    let (least, most) = (PASSWORD.0, EXTENSION.1);
    that(
        pw.min_len >= least && pw.max_len <= most,
        &["account.epp_pw.min_len", "account.epp_pw.max_len"],
        || {
            format!(
                "a login takes passwords of {least} to {most} characters, not {} to {}",
                pw.min_len, pw.max_len
            )
        },
    )?;
    for (key, value) in [
        ("pw_max_age_days", sec.pw_max_age_days),
        ("pw_warn_days", sec.pw_warn_days),
        ("certificate_warn_days", sec.certificate_warn_days),
    ] {
        that(value >= 0, &[&format!("account.login_sec.{key}")], || {
            format!("{key} = {value} lies in the past")
        })?;
    }
    that(
        sec.pw_max_age_days == 0 || sec.pw_warn_days < sec.pw_max_age_days,
        &["account.login_sec.pw_warn_days", "account.login_sec.pw_max_age_days"],
        || {
            format!(
                "a password good for {} days is warned of later than {} days before its end",
                sec.pw_max_age_days, sec.pw_warn_days
            )
        },
    )?;
    that(sec.failed_warn == 0 || sec.failed_window_s > 0, &["account.login_sec.failed_window_s"], || {
        format!("failed logins are counted for at least a second, not {}", sec.failed_window_s)
    })?;
    let kept = login_log.retention_days.saturating_mul(86_400);
    that(
        kept == 0 || sec.failed_warn == 0 || kept >= sec.failed_window_s,
        &["account.login_log.retention_days", "account.login_sec.failed_window_s"],
        || {
            format!(
                "failed logins are counted that are {} seconds old; keep them as long",
                sec.failed_window_s
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn what_no_login_could_follow_is_refused() {
        for (text, expected) in [
            ("account.epp_pw.max_len = 256", "takes passwords of 6 to 255 characters, not 8 to 256"),
            ("account.epp_pw.min_len = 5", "takes passwords of 6 to 255 characters, not 5 to 64"),
            ("server.ext.announce = []\naccount.epp_pw.min_len = 17", "of 16 characters at most, not 17"),
            ("account.login_sec.pw_max_age_days = -1", "lies in the past"),
            ("account.login_sec.pw_max_age_days = 30", "is warned of later than 30 days before its end"),
            ("account.login_sec.failed_window_s = 0", "for at least a second, not 0"),
            (
                "account.login_sec.failed_window_s = 172800\naccount.login_log.retention_days = 1",
                "keep them as long",
            ),
        ] {
            let own = [("own".to_owned(), format!("id = \"own\"\nextends = \"gtld\"\n{text}"))];
            let fault = Policies::load(&own).unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault}");
        }
    }
}
