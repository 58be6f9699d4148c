//! Whether authorization information opens a domain: its own, or its registrant's or a contact's, named by roid
//! (RFC 5731 sections 3.1.2 and 3.2.4).

use crate::epp::ns::Ns;
use crate::epp::types::{AuthInfo, TokenOperation};
use crate::flow::token::{self, Guarded};
use crate::flow::{auth, zone};
use crate::gate::{Cx, Stop};
use crate::policy::CodeKind;
use crate::refusal::{Reason, Refusal};
use crate::store::RoidKind;
use crate::store::domain::DomainRow;
use crate::store::token::TokenRow;

/// Refuses authorization information that does not open the domain. With a roid, the code of the object it names
/// counts and no other. A roid of anything else is refused like a wrong code, so that nobody learns which
/// contacts a domain has. Where the registry makes the codes, the domain's code for transfers counts and no other; it
/// is handed back, to be spent.
///
/// # Errors
/// [`Reason::TooManyWrongCodes`], [`Reason::WrongAuthInfo`]
pub async fn check(cx: &mut Cx<'_>, domain: &DomainRow, given: &AuthInfo) -> Result<Option<TokenRow>, Stop> {
    // A zone that is switched off opens no more to guesses than one that is not.
    let policy = zone::registered_in(cx, &domain.name).await?.policy;
    token::unguessed(cx, Guarded::Domain(&domain.name), policy.auth.max_wrong_per_day).await?;
    let refusal = Refusal::new(Reason::WrongAuthInfo).on(Ns::Domain, "authInfo", "");
    let named = given.roid.as_ref().map(|roid| cx.roid_object(roid));
    if policy.transfer.code.kind != CodeKind::ClientSet {
        let here = named.is_none_or(|object| object == Some((RoidKind::Domain, domain.id)));
        let found = token::fitting(cx, domain.id, TokenOperation::Transfer, &given.pw).await?;
        return Ok(Some(found.filter(|_| here).ok_or(refusal)?));
    }
    let stored = match named {
        None => domain.auth.clone(),
        Some(Some((RoidKind::Domain, id))) if id == domain.id => domain.auth.clone(),
        Some(Some((RoidKind::Contact, id))) => cx.tx.domain_contact_auth(domain.id, id).await?.flatten(),
        Some(_) => None,
    };
    if auth::fits(stored.as_deref(), &given.pw) {
        return Ok(None);
    }
    Err(refusal.into())
}
