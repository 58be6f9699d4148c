//! Whether authorization information opens a domain: its own, or its registrant's or a contact's, named by roid
//! (RFC 5731 sections 3.1.2 and 3.2.4).

use crate::epp::ns::Ns;
use crate::epp::types::AuthInfo;
use crate::flow::auth;
use crate::gate::{Cx, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::RoidKind;
use crate::store::domain::DomainRow;

/// Refuses authorization information that does not open the domain. With a roid, the code of the object it names
/// counts and no other. A roid of anything else is refused like a wrong code, so that nobody learns which
/// contacts a domain has.
///
/// # Errors
/// [`Reason::WrongAuthInfo`]
pub async fn check(cx: &mut Cx<'_>, domain: &DomainRow, given: &AuthInfo) -> Result<(), Stop> {
    let named = given.roid.as_ref().map(|roid| cx.roid_object(roid));
    let stored = match named {
        None => domain.auth.clone(),
        Some(Some((RoidKind::Domain, id))) if id == domain.id => domain.auth.clone(),
        Some(Some((RoidKind::Contact, id))) => cx.tx.domain_contact_auth(domain.id, id).await?.flatten(),
        Some(_) => None,
    };
    if auth::fits(stored.as_deref(), &given.pw) {
        return Ok(());
    }
    Err(Refusal::new(Reason::WrongAuthInfo).on(Ns::Domain, "authInfo", "").into())
}
