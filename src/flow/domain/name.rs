//! Which names can be registered. Check and create ask the same functions, so they cannot disagree; what tables and
//! variants say is in [`label`](super::label) and [`variants`](super::variants).

use std::borrow::Cow;

use super::on_name;
use crate::epp::types::DomainName;
use crate::flow::zone::Zone;
use crate::policy::NamePolicy;
use crate::refusal::{Reason, Refusal};

/// The zone a name can be registered in, if it can be.
///
/// # Errors
/// [`Reason::NotOurZone`], [`Reason::NameReserved`], [`Reason::NameNotPermitted`]
pub fn registrable(zone: Option<&Zone>, name: &DomainName) -> Result<(), Refusal> {
    let Some(zone) = zone.filter(|zone| name.parent().as_ref() == Some(&zone.name)) else {
        return Err(on_name(Reason::NotOurZone, name));
    };
    judge(&zone.policy.name, name.first_label()).map_err(|fault| {
        let refusal = on_name(fault.reason, name);
        match fault.detail {
            None => refusal,
            Some(detail) => refusal.detail(detail),
        }
    })
}

/// Says in at most 32 characters why a name cannot be had (RFC 5731 section 3.1.1).
#[must_use]
pub const fn short(reason: Reason) -> &'static str {
    match reason {
        Reason::NotOurZone => "Not in a zone of this registry",
        Reason::ZoneOff => "The zone takes no commands now",
        Reason::NameReserved => "Reserved",
        Reason::NameBlocked => "Blocked",
        Reason::FeeMissing => "Fee extension required",
        Reason::ClassUnpriced => "Price not set",
        Reason::NameNotPermitted => "Not permitted in this zone",
        Reason::Exists => "In use",
        Reason::VariantTaken => "A variant is registered",
        Reason::NameOffered => "Offered on the waiting list",
        Reason::AllocationTokenWrong => "Allocation Token mismatch",
        Reason::NoLaunchPhase | Reason::LaunchPhaseMissing => "Not open for registration now",
        Reason::NotInLaunchPhase => "Not in this launch phase",
        _ => "Invalid name",
    }
}

/// Length is counted in characters of the label as people read it.
fn judge(policy: &NamePolicy, label: &str) -> Result<(), Refusal> {
    let read = as_read(label);
    let not_permitted = |why: String| Err(Refusal::new(Reason::NameNotPermitted).detail(why));
    if policy.reserved.iter().any(|r| *r == label || *r == *read) {
        return Err(Reason::NameReserved.into());
    }
    let length = read.chars().count();
    if !(policy.min_len..=policy.max_len).contains(&length) {
        return not_permitted(format!("use {} to {} characters", policy.min_len, policy.max_len));
    }
    Ok(())
}

/// A label as people read it: the U-label of an A-label, which the name's type has found to be one.
#[must_use]
pub fn as_read(label: &str) -> Cow<'_, str> {
    if !label.starts_with("xn--") {
        return Cow::Borrowed(label);
    }
    Cow::Owned(idna::domain_to_unicode(label).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> NamePolicy {
        NamePolicy {
            min_len: 3,
            max_len: 10,
            reserved: vec!["nic".to_owned(), "müll".to_owned()],
            suffix_optional: false,
            overlong_code: 2005.try_into().unwrap(),
        }
    }

    fn reason(policy: &NamePolicy, label: &str) -> Option<Reason> {
        let name = DomainName::parse(&format!("{label}.example")).unwrap();
        judge(policy, name.first_label()).err().map(|r| r.reason)
    }

    #[test]
    fn length_is_counted_as_people_read_it() {
        assert_eq!(reason(&policy(), "abc"), None);
        assert_eq!(reason(&policy(), "ab"), Some(Reason::NameNotPermitted));
        assert_eq!(reason(&policy(), "abcdefghijk"), Some(Reason::NameNotPermitted));
        // döé: three characters, eleven in its A-label.
        assert_eq!(reason(&policy(), "xn--d-bga2b"), None);
    }

    #[test]
    fn reserved_labels_are_reserved_in_both_forms() {
        assert_eq!(reason(&policy(), "NIC"), Some(Reason::NameReserved));
        assert_eq!(reason(&policy(), "xn--mll-hoa"), Some(Reason::NameReserved));
    }

    #[test]
    fn a_check_has_room_for_every_reason() {
        for reason in Reason::ALL {
            assert!(short(*reason).chars().count() <= 32);
        }
    }
}
