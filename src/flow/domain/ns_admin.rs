//! What the administrator of a domain's name servers does to the domain, sponsor or not (S119, S150, 3.2.10): it changes
//! the name servers and the delegation signers, and has the token made that lets another do so.

use super::update_code;
use crate::epp::command::{DomainUpdate, REDELEGATION_KEYWORD};
use crate::epp::types::{TokenOperation, TokenRole};
use crate::flow::token;
use crate::gate::{Cx, Stop};
use crate::policy::ZonePolicy;
use crate::store::domain::DomainRow;
use crate::store::link::NameServer;

/// Whether the acting registrar administers every name server of the domain, of which there is one at least.
///
/// # Errors
/// The database's trouble.
pub(super) async fn runs_all(cx: &mut Cx<'_>, domain: &DomainRow, policy: &ZonePolicy) -> Result<bool, Stop> {
    let servers = cx.tx.domain_name_servers(domain.id).await?;
    Ok(runs(cx, &servers, policy.host.ns_admin))
}

/// Whether the acting registrar administers all of those, of which there is one at least. Where a zone has no
/// administrators, their sponsors do.
pub(super) fn runs(cx: &Cx<'_>, servers: &[NameServer], ns_admin: bool) -> bool {
    let by = |server: &NameServer| {
        let server = &server.server;
        let by = if ns_admin { server.run_by() } else { Some(&server.sponsor) };
        by == Some(cx.registrar())
    };
    !servers.is_empty() && servers.iter().all(by)
}

/// Whether an update is one that the acting registrar gives as the administrator of the domain's name servers.
///
/// # Errors
/// The database's trouble.
pub(super) async fn gives(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    command: &DomainUpdate,
    policy: &ZonePolicy,
) -> Result<bool, Stop> {
    if !policy.host.ns_admin || !delegation_only(command) {
        return Ok(false);
    }
    // A token for a transfer is none of the administrator's: neither does it take that back, nor make one in its place.
    if let Some(change) = &command.auth {
        let retracts = change.as_ref().is_none_or(|auth| auth.pw.expose().is_empty());
        let for_name_servers = match token::alive(cx, domain.id).await? {
            None => !retracts,
            Some(row) => row.operation == TokenOperation::Redelegation,
        };
        if !for_name_servers {
            return Ok(false);
        }
    }
    runs_all(cx, domain, policy).await
}

/// Whether an update is about nothing but name servers, delegation signers and the token for them.
fn delegation_only(command: &DomainUpdate) -> bool {
    let words = command.auth.as_ref().map(|auth| auth.as_ref().map_or("", |auth| auth.pw.expose()));
    let token_only = words.is_none_or(|words| matches!(words, "" | REDELEGATION_KEYWORD));
    let changes = update_code::changes_name_servers(command) || command.sec_dns.is_some() || words.is_some();
    token_only && changes && update_code::delegation_alone(command)
}

/// In whose name a token for name servers is made: their administrator's, or the proxy's that the sponsor is.
///
/// # Errors
/// The database's trouble.
pub(super) async fn role(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    policy: &ZonePolicy,
) -> Result<TokenRole, Stop> {
    if policy.host.ns_admin && !runs_all(cx, domain, policy).await? {
        return Ok(TokenRole::Proxy);
    }
    Ok(TokenRole::NameServerAdministrator)
}
