//! What lets a registrar have a domain of another: its code, or that it serves the domain already.

use crate::epp::command::DomainTransfer;
use crate::epp::ns::Ns;
use crate::flow::domain::authority;
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
        && serves(cx, domain).await?
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

/// Whether every name server of the domain, of which there is one at least, is the acting registrar's host.
async fn serves(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<bool, Stop> {
    let servers = cx.tx.domain_name_servers(domain.id).await?;
    for server in &servers {
        let host = cx.tx.host_by_id(server.id).await?;
        if host.is_none_or(|host| host.registrar != *cx.registrar()) {
            return Ok(false);
        }
    }
    Ok(!servers.is_empty())
}
