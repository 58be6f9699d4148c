//! What lets a registrar have a domain of another: its code, or that it serves the domain already.

use crate::epp::command::DomainTransfer;
use crate::epp::ns::Ns;
use crate::flow::domain::{authority, ns_admin};
use crate::flow::management;
use crate::gate::{Cx, Stop};
use crate::policy::{WithoutCode, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::management::Managed;
use crate::store::token::TokenRow;

/// A consent that was found good.
#[derive(Debug)]
pub(super) enum Consent {
    /// The code the sponsor set, or what it set for a contact.
    Code,
    /// A code of the registry's making, to be spent.
    Token(TokenRow),
    /// None is needed.
    NotNeeded,
}

impl Consent {
    /// Whether the loser, or the registrant, gave it.
    pub(super) const fn is_given(&self) -> bool {
        matches!(self, Self::Code | Self::Token(_))
    }
}

/// The consent to a request.
///
/// # Errors
/// [`Reason::AuthInfoMissing`], [`Reason::TooManyWrongCodes`], [`Reason::WrongAuthInfo`], or the database's trouble.
pub(super) async fn given(
    cx: &mut Cx<'_>,
    command: &DomainTransfer,
    domain: &DomainRow,
    policy: &ZonePolicy,
) -> Result<Consent, Stop> {
    if let Some(given) = &command.auth {
        let token = authority::check(cx, domain, given).await?;
        return Ok(token.map_or(Consent::Code, Consent::Token));
    }
    if policy.transfer.without_code == WithoutCode::LinkedNsAdmin
        && movable(cx, domain, policy).await?
        && ns_admin::runs_all(cx, domain, policy).await?
    {
        return Ok(Consent::NotNeeded);
    }
    Err(Refusal::new(Reason::AuthInfoMissing).on(Ns::Domain, "authInfo", "").into())
}

/// Where domains are managed by registrars or by registrants, only the latter go without a code.
async fn movable(cx: &mut Cx<'_>, domain: &DomainRow, policy: &ZonePolicy) -> Result<bool, Stop> {
    let models = &policy.management;
    let managed = management::is_registrants(cx, Managed::Domain, domain.id, models).await?;
    Ok(managed || !management::knows_both(models))
}
