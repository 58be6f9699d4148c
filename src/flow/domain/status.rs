//! The statuses a domain shows (RFC 5731 section 2.3).

use crate::epp::types::{DomainStatus, StatusSet};
use crate::flow::status::compatible;

/// The stored statuses that can stand together, `inactive` beside them where no name server is set, and `ok` where nothing else holds.
#[must_use]
pub fn shown(stored: &StatusSet<DomainStatus>, delegated: bool) -> StatusSet<DomainStatus> {
    let mut shown = compatible(stored);
    if !delegated {
        shown.insert(DomainStatus::Inactive, None);
    }
    if shown.is_empty() {
        shown.insert(DomainStatus::Ok, None);
    }
    shown
}

/// The same statuses without the notes their setters attached.
#[must_use]
pub fn without_notes(statuses: &StatusSet<DomainStatus>) -> StatusSet<DomainStatus> {
    statuses.iter().map(|(status, _)| *status).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use DomainStatus::{ClientHold, Inactive, Ok};

    #[test]
    fn ok_stands_alone() {
        let set = |statuses: &[DomainStatus]| statuses.iter().copied().collect::<StatusSet<_>>();
        assert_eq!(shown(&set(&[]), true), set(&[Ok]));
        assert_eq!(shown(&set(&[]), false), set(&[Inactive]));
        assert_eq!(shown(&set(&[ClientHold]), false), set(&[ClientHold, Inactive]));
        assert_eq!(shown(&set(&[ClientHold]), true), set(&[ClientHold]));
        let locked = [DomainStatus::ServerDeleteProhibited, DomainStatus::PendingDelete];
        assert_eq!(shown(&set(&locked), true), set(&[DomainStatus::PendingDelete]));
    }
}
