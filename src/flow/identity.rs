//! Control of holders' identities: who needs one (S156, S160).

use crate::policy::{Checked, VerificationPolicy};
use crate::store::contact::ContactRow;

/// Whether a holder has yet to prove an identity.
#[must_use]
pub fn missing(contact: &ContactRow, policy: &VerificationPolicy) -> bool {
    let home = || {
        let forms = [&contact.postal_loc, &contact.postal_int];
        forms.into_iter().flatten().any(|info| info.addr.cc == policy.home_country)
    };
    contact.identified_at.is_none()
        && match policy.checked {
            Checked::Nobody => false,
            Checked::Home => home(),
            Checked::Everybody => true,
        }
}
