//! What the types of the knobs of contacts do not say.

use super::ZonePolicy;
use super::check::{Broken, that};

/// The first rule the rules of contacts break.
pub(super) fn zone(zone: &ZonePolicy) -> Result<(), Broken> {
    let cleanup = &zone.contact.cleanup;
    let all = [("never_used_days", cleanup.never_used_days), ("unused_days", cleanup.unused_days)];
    for (key, days) in all {
        that((0..=36_525).contains(&days), &[&format!("zone.contact.cleanup.{key}")], || {
            format!("{key} = {days}: from 0, which is never, to a hundred years")
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn a_time_of_no_length_is_refused() {
        let policies = Policies::load(&[]).unwrap();
        let fault = |text: &str| policies.zone("gtld", text).unwrap_err().to_string();
        assert!(fault("contact.cleanup.unused_days = -1").contains("unused_days = -1: from 0"));
        assert!(fault("contact.cleanup.never_used_days = 40000").contains("never_used_days = 40000"));
        assert!(policies.zone("gtld", "contact.cleanup.unused_days = 14").is_ok());
    }
}
