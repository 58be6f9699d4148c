//! Contacts of a domain: which roles a zone uses, and how many of each.

use crate::epp::command::ContactRole;
use crate::epp::ns::Ns;
use crate::epp::types::ContactId;
use crate::policy::ContactsPolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::link::Named;

/// Refuses a contact that is named twice in one role, and roles the zone does not use: unlisted, or at most 0.
///
/// # Errors
/// [`Reason::DuplicateInCommand`], [`Reason::ContactRoleNotUsed`]
pub fn check_named(named: &[(ContactRole, ContactId)], policy: &ContactsPolicy) -> Result<(), Refusal> {
    for (at, (role, id)) in named.iter().enumerate() {
        if policy.roles.get(role.name()).is_none_or(|bounds| bounds.max == 0) {
            return Err(on_contact(Reason::ContactRoleNotUsed, id).detail(role.name()));
        }
        if named[..at].iter().any(|(r, other)| r == role && other.key() == id.key()) {
            return Err(on_contact(Reason::DuplicateInCommand, id));
        }
    }
    Ok(())
}

/// Refuses too few or too many contacts of a role, and a missing registrant.
///
/// # Errors
/// [`Reason::RegistrantMissing`], [`Reason::ContactMissing`], [`Reason::TooManyContacts`]
pub fn check_bounds(
    has_registrant: bool,
    roles: &[ContactRole],
    policy: &ContactsPolicy,
) -> Result<(), Refusal> {
    if policy.registrant_required && !has_registrant {
        return Err(Refusal::new(Reason::RegistrantMissing).on(Ns::Domain, "registrant", ""));
    }
    for role in ContactRole::ALL {
        let Some(bounds) = policy.roles.get(role.name()) else { continue };
        let count = roles.iter().filter(|r| *r == role).count();
        let refused = |reason, limit: &str, count: usize| {
            let text = format!("{limit} {count} {}", role.name());
            Err(Refusal::new(reason).on(Ns::Domain, "contact", "").detail(text))
        };
        if count < bounds.min {
            return refused(Reason::ContactMissing, "at least", bounds.min);
        }
        if count > bounds.max {
            return refused(Reason::TooManyContacts, "at most", bounds.max);
        }
    }
    Ok(())
}

/// The numbers of the contacts a command names.
///
/// # Errors
/// [`Reason::NoSuchContact`]
pub fn resolve(
    named: &[(ContactRole, ContactId)],
    found: &Named,
) -> Result<Vec<(ContactRole, i64)>, Refusal> {
    let number = |(role, id): &(ContactRole, ContactId)| {
        found.contact(id).map(|number| (*role, number)).ok_or_else(|| on_contact(Reason::NoSuchContact, id))
    };
    named.iter().map(number).collect()
}

/// The number of the registrant a command names.
///
/// # Errors
/// [`Reason::NoSuchContact`]
pub fn resolve_registrant(id: &ContactId, found: &Named) -> Result<i64, Refusal> {
    found
        .contact(id)
        .ok_or_else(|| Refusal::new(Reason::NoSuchContact).on(Ns::Domain, "registrant", id.as_str()))
}

/// A refusal that names a contact.
pub(super) fn on_contact(reason: Reason, id: &ContactId) -> Refusal {
    Refusal::new(reason).on(Ns::Domain, "contact", id.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::policy::RoleBounds;

    fn policy() -> ContactsPolicy {
        let bounds = |min, max| RoleBounds { min, max };
        let roles = [("admin", bounds(1, 2)), ("tech", bounds(0, 1)), ("billing", bounds(0, 0))];
        let roles = roles.map(|(role, bounds)| (role.to_owned(), bounds));
        ContactsPolicy { registrant_required: true, roles: BTreeMap::from(roles) }
    }

    fn named(list: &[(ContactRole, &str)]) -> Option<Reason> {
        let list: Vec<_> = list.iter().map(|(r, id)| (*r, ContactId::parse(id).unwrap())).collect();
        check_named(&list, &policy()).err().map(|r| r.reason)
    }

    #[test]
    fn a_contact_has_a_role_once() {
        use ContactRole::{Admin, Billing, Tech};
        assert_eq!(named(&[(Admin, "abc"), (Tech, "abc"), (Admin, "abd")]), None);
        assert_eq!(named(&[(Admin, "abc"), (Admin, "ABC")]), Some(Reason::DuplicateInCommand));
        assert_eq!(named(&[(Billing, "abc")]), Some(Reason::ContactRoleNotUsed));
    }

    #[test]
    fn each_role_has_its_bounds() {
        use ContactRole::{Admin, Tech};
        let check =
            |registrant, roles: &[_]| check_bounds(registrant, roles, &policy()).err().map(|r| r.reason);
        assert_eq!(check(true, &[Admin]), None);
        assert_eq!(check(false, &[Admin]), Some(Reason::RegistrantMissing));
        assert_eq!(check(true, &[Tech]), Some(Reason::ContactMissing));
        assert_eq!(check(true, &[Admin, Tech, Tech]), Some(Reason::TooManyContacts));
    }
}
