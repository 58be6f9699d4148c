//! A token made or taken back by the registry's own hand, in the name of whoever came to it: the registrant, the proxy.

use super::{find, on_name, zone_of};
use crate::epp::notice::Notice;
use crate::epp::types::{DomainName, TokenOperation, TokenRole};
use crate::flow::token::{self, Made};
use crate::gate::{Cx, Stop};
use crate::policy::CodeKind;
use crate::refusal::Reason;
use crate::store::token::TokenRow;

/// Makes a token in the place of the one the domain had. Its sponsor is told that there is one (N37).
///
/// # Errors
/// [`Reason::NotFound`], [`Reason::ZoneOff`], [`Reason::NotOffered`] where the zone has no such tokens, or the
/// database's trouble.
pub async fn run(
    cx: &mut Cx<'_>,
    name: &DomainName,
    role: TokenRole,
    operation: TokenOperation,
) -> Result<Made, Stop> {
    let domain = find(cx, name).await?;
    let zone = zone_of(cx, &domain).await?;
    let transfer = &zone.policy.transfer;
    let offered = transfer.code.kind == CodeKind::RegistryToken
        && (operation == TokenOperation::Transfer || transfer.redelegation_token);
    if !offered {
        return Err(on_name(Reason::NotOffered, name).into());
    }
    let made = token::make(cx, &domain, &transfer.code, role, operation).await?;
    token::notice(cx, &domain, &made.row, Notice::TokenIssued);
    cx.changed(domain.name.as_str(), serde_json::json!({ "code": token::told(&made.row, "issued") }));
    Ok(made)
}

/// Takes the domain's code back. Says whether there was one.
///
/// # Errors
/// [`Reason::NotFound`], or the database's trouble.
pub async fn retract(cx: &mut Cx<'_>, name: &DomainName) -> Result<Option<TokenRow>, Stop> {
    let domain = find(cx, name).await?;
    let ended = token::end(cx, &domain).await?;
    if let Some(row) = &ended {
        // A mailed code is between the registry and the registrant.
        if row.mails == 0 {
            token::notice(cx, &domain, row, Notice::TokenRetracted);
        }
        cx.changed(domain.name.as_str(), serde_json::json!({ "code": token::told(row, "retracted") }));
    }
    Ok(ended)
}
