//! Rules of the knobs of hosts.

use super::ZonePolicy;
use super::check::{Broken, that};

/// The first rule the rules of hosts in a zone break.
pub(super) fn zone(zone: &ZonePolicy) -> Result<(), Broken> {
    let days = zone.host.ns_admin_days;
    that(days > 0, &["zone.host.ns_admin_days"], || {
        format!("ns_admin_days = {days} leaves nobody any time to agree")
    })
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn whoever_is_asked_has_time() {
        let fault =
            Policies::load(&[]).unwrap().zone("gtld", "host.ns_admin_days = 0").unwrap_err().to_string();
        assert!(fault.contains("line 1: ns_admin_days = 0 leaves nobody any time"), "{fault}");
    }
}
