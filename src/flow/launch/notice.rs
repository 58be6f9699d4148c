//! Claims notices (RFC 8334 section 3.3.2, RFC 9361 section 5.4): whose label has claims registers with the notice
//! that its holder accepted.

use crate::clock::Ts;
use crate::epp::types::{CLEARINGHOUSE, ClaimsNotice, DomainName};
use crate::gate::{Cx, Stop};
use crate::policy::{LaunchPhase, LaunchPolicy};
use crate::refusal::{Reason, Refusal};

/// Judges the notices of a create, and asks for those that the label needs: one of each validator that has a claim.
///
/// # Errors
/// [`Reason::ClaimsNotTaken`], [`Reason::ClaimsNoticeWrong`], [`Reason::ClaimsNoticeOver`],
/// [`Reason::ClaimsAcceptance`], [`Reason::ClaimsNoticeMissing`]
pub(super) async fn judge(
    cx: &mut Cx<'_>,
    name: &DomainName,
    notices: &[ClaimsNotice],
    phase: &LaunchPhase,
    policy: &LaunchPolicy,
) -> Result<(), Stop> {
    if !phase.claims {
        return match notices.first() {
            None => Ok(()),
            Some(notice) => Err(on_notice(Reason::ClaimsNotTaken, notice).into()),
        };
    }
    for notice in notices {
        check(name.first_label(), notice, policy, cx.now)?;
    }
    let claims = cx.tx.claims_among(&[name.first_label().to_owned()]).await?;
    let has = |validator: &str| notices.iter().any(|notice| validator_of(notice) == validator);
    match claims.iter().find(|claim| !has(&claim.validator)) {
        None => Ok(()),
        Some(claim) => {
            let missing = super::on(Reason::ClaimsNoticeMissing, "notice", "");
            Err(missing.detail(format!("of validator {}", claim.validator)).into())
        }
    }
}

fn validator_of(notice: &ClaimsNotice) -> &str {
    notice.validator.as_deref().unwrap_or(CLEARINGHOUSE)
}

fn check(label: &str, notice: &ClaimsNotice, policy: &LaunchPolicy, now: Ts) -> Result<(), Refusal> {
    // How others make their identifiers is between them and their clients.
    if validator_of(notice) == CLEARINGHOUSE && !is_of(label, notice) {
        return Err(on_notice(Reason::ClaimsNoticeWrong, notice));
    }
    if notice.not_after <= now {
        let over = super::on(Reason::ClaimsNoticeOver, "notAfter", notice.not_after.to_string());
        return Err(over);
    }
    let oldest = now.plus_days(-policy.accepted_max_days);
    if notice.accepted > now || notice.accepted < oldest {
        let refusal = super::on(Reason::ClaimsAcceptance, "acceptedDate", notice.accepted.to_string());
        return Err(refusal.detail(format!("at most {} days ago", policy.accepted_max_days)));
    }
    Ok(())
}

/// The clearinghouse begins an identifier with a checksum over the label, the notice's end and the rest of the
/// identifier: eight hexadecimal digits, then nineteen decimal ones.
fn is_of(label: &str, notice: &ClaimsNotice) -> bool {
    let Some((checksum, number)) = notice.id.split_at_checked(8) else { return false };
    let digits = number.len() == 19 && number.bytes().all(|b| b.is_ascii_digit());
    let text = format!("{label}{}{number}", notice.not_after.0.div_euclid(Ts::SECOND));
    let made = format!("{:08x}", crc32(text.as_bytes()));
    digits && checksum.eq_ignore_ascii_case(&made)
}

/// ISO 3309.
fn crc32(octets: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !octets.iter().fold(u32::MAX, |crc, octet| (0..8).fold(crc ^ u32::from(*octet), step))
}

fn on_notice(reason: Reason, notice: &ClaimsNotice) -> Refusal {
    super::on(reason, "noticeID", notice.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    fn at(text: &str) -> Ts {
        Ts::from_timestamp(text.parse().unwrap())
    }

    fn notice(id: &str) -> ClaimsNotice {
        let (not_after, accepted) = (at("2010-08-16T09:00:00Z"), at("2009-08-16T09:00:00Z"));
        ClaimsNotice { id: id.to_owned(), validator: None, not_after, accepted }
    }

    #[test]
    fn an_identifier_is_of_one_label_and_one_time() {
        // The identifier that RFC 9361 works out.
        let good = notice("370d0b7c9223372036854775807");
        assert!(is_of("example-one", &good));
        assert!(is_of("example-one", &notice("370D0B7C9223372036854775807")));
        assert!(!is_of("example-two", &good));
        assert!(!is_of("example-one", &notice("370d0b7c9223372036854775806")));
        assert!(!is_of("example-one", &notice("370d0b7c")));
        assert!(!is_of("example-one", &notice("é")));
        assert!(!is_of("example-one", &ClaimsNotice { not_after: at("2010-08-16T09:00:01Z"), ..good }));
    }

    #[test]
    fn a_notice_has_its_time() {
        let policies = Policies::load(&[]).unwrap();
        let policy = policies.zone("gtld", "launch.accepted_max_days = 400").unwrap();
        let judged = |notice: &ClaimsNotice, now: &str| {
            check("example-one", notice, &policy.launch, at(now)).err().map(|refusal| refusal.reason)
        };
        let good = notice("370d0b7c9223372036854775807");
        assert_eq!(judged(&good, "2010-08-16T08:59:59Z"), None);
        assert_eq!(judged(&good, "2010-08-16T09:00:00Z"), Some(Reason::ClaimsNoticeOver));
        assert_eq!(judged(&good, "2009-08-16T08:59:59Z"), Some(Reason::ClaimsAcceptance));
        let old = ClaimsNotice { accepted: at("2009-01-01T00:00:00Z"), ..good };
        assert_eq!(judged(&old, "2010-08-01T00:00:00Z"), Some(Reason::ClaimsAcceptance));
    }
}
