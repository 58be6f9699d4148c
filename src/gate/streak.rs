//! The same error again and again on one connection: a client that does not read its answers is let go.

use crate::epp::reply::Outcome;

/// How often the last error came in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Streak {
    code: u16,
    count: u32,
}

impl Streak {
    /// Counts an answer. The one that makes the profile's number says so in its reason, and comes in the form that
    /// ends the session (RFC 5730 section 3 has three): 2501 where the client could not prove who it is, else 2500.
    pub(super) fn ending(&mut self, outcome: &mut Outcome, most: u32) -> Option<u16> {
        let refusal = match outcome {
            Outcome::Refused(refusal) if refusal.code() < 2500 => refusal,
            _ => {
                *self = Self::default();
                return None;
            }
        };
        let code = refusal.code();
        // A fault of the server is nobody else's.
        *self = match code {
            2400 => Self::default(),
            _ if code == self.code => Self { code, count: self.count + 1 },
            _ => Self { code, count: 1 },
        };
        if most == 0 || self.count < most {
            return None;
        }
        let hint = format!("the same error {most} times in a row ends the session");
        refusal.detail = Some(match refusal.detail.take() {
            None => hint.into(),
            Some(detail) => format!("{detail}; {hint}").into(),
        });
        Some(if code == 2200 { 2501 } else { 2500 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::reply::Reply;
    use crate::refusal::Reason;

    fn codes(answers: &[Option<Reason>]) -> Vec<Option<u16>> {
        let mut streak = Streak::default();
        let outcome = |answer: &Option<Reason>| match answer {
            None => Outcome::Done(Reply::Done),
            Some(reason) => Outcome::Refused((*reason).into()),
        };
        answers.iter().map(|answer| streak.ending(&mut outcome(answer), 3)).collect()
    }

    #[test]
    fn the_third_of_three_equal_errors_ends_the_session() {
        let (missing, wrong) = (Some(Reason::NotFound), Some(Reason::BadCredentials));
        assert_eq!(codes(&[missing, missing, missing]), [None, None, Some(2500)]);
        assert_eq!(codes(&[wrong, wrong, wrong]), [None, None, Some(2501)]);
        assert_eq!(codes(&[missing, missing, None, missing, missing]), [None; 5]);
        assert_eq!(codes(&[missing, wrong, missing, wrong, missing]), [None; 5]);
        assert_eq!(codes(&[Some(Reason::Internal); 4]), [None; 4]);
    }

    #[test]
    fn the_reason_says_why_and_zero_never_ends() {
        let mut streak = Streak::default();
        let mut outcome = Outcome::Refused(Reason::NotFound.into());
        assert_eq!(streak.ending(&mut outcome, 0), None);
        let mut streak = Streak::default();
        assert_eq!(streak.ending(&mut outcome, 1), Some(2500));
        let Outcome::Refused(refusal) = outcome else { panic!("a refusal stays one") };
        assert_eq!(refusal.text(), "no such object: the same error 1 times in a row ends the session");
    }
}
