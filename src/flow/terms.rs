//! Acceptance of the registry's terms by a holder (S121, S122): said by the command, or asked for.

use crate::clock::Ts;
use crate::policy::{TermsPolicy, TermsToken};
use crate::refusal::{Reason, Refusal};

/// Whether the holder has accepted already; where not, the registry asks.
///
/// # Errors
/// [`Reason::TermsMissing`] where a registration must say it, [`Reason::TermsMoment`] for a moment too far from now.
pub fn accepted(said: Option<Ts>, now: Ts, policy: &TermsPolicy, registers: bool) -> Result<bool, Refusal> {
    let Some(at) = said else {
        return match policy.token {
            TermsToken::Off => Ok(true),
            TermsToken::Required if registers => Err(Reason::TermsMissing.into()),
            TermsToken::Optional | TermsToken::Required => Ok(false),
        };
    };
    let (first, last) = (now.plus_days(-policy.past_days), now.plus_seconds(policy.future_hours * 3600));
    if policy.token == TermsToken::Off || (first..=last).contains(&at) {
        return Ok(true);
    }
    Err(Refusal::new(Reason::TermsMoment).detail(format!("not {at} but {first} to {last}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    #[test]
    fn a_moment_counts_when_it_is_near() {
        let policy = Policies::load(&[]).unwrap().profile("gtld").unwrap().zone.terms.clone();
        let of = |token| TermsPolicy { token, ..policy.clone() };
        let now = Ts::from_timestamp("2026-05-31T12:00:00Z".parse().unwrap());
        let (optional, required) = (of(TermsToken::Optional), of(TermsToken::Required));
        let ask = |said, policy: &TermsPolicy| accepted(said, now, policy, true).map_err(|r| r.reason);
        assert_eq!(ask(None, &policy), Ok(true));
        assert_eq!(ask(None, &optional), Ok(false));
        assert_eq!(ask(None, &required), Err(Reason::TermsMissing));
        assert_eq!(accepted(None, now, &required, false).map_err(|r| r.reason), Ok(false));
        for (seconds, expected) in [
            (-30 * 86_400, Ok(true)),
            (-30 * 86_400 - 1, Err(Reason::TermsMoment)),
            (24 * 3600, Ok(true)),
            (24 * 3600 + 1, Err(Reason::TermsMoment)),
        ] {
            assert_eq!(ask(Some(now.plus_seconds(seconds)), &optional), expected, "{seconds}");
        }
    }
}
