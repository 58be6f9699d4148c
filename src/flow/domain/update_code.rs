//! What an update says about a domain's code: one that the sponsor sets, one that the registry is asked to make, and
//! the token with which another registrar changes name servers (S150-S152).
//!
//! Where the registry makes the codes, the authorization information of an update is one of two keywords. From a
//! registrar that does not sponsor the domain it is the token itself: RFC 5731 has no other place for it.

use serde_json::{Value, json};

use super::{info, name_servers, ns_admin, on_name};
use crate::epp::command::{AuthChange, DomainAddRem, DomainUpdate, REDELEGATION_KEYWORD, TRANSFER_KEYWORD};
use crate::epp::notice::Notice;
use crate::epp::ns::Ns;
use crate::epp::types::{AuthInfo, Secret, TokenOperation, TokenRole};
use crate::flow::auth;
use crate::flow::token::{self, Guarded};
use crate::flow::zone::{self, Zone};
use crate::gate::{Cx, Stop};
use crate::policy::{CodeKind, Operation};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::token::TokenRow;

/// The token by which a registrar that is not the sponsor changes name servers, and nothing else.
///
/// # Errors
/// [`Reason::NotSponsor`], [`Reason::TooManyWrongCodes`], [`Reason::WrongAuthInfo`], or the database's trouble.
pub(super) async fn redelegation(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    command: &DomainUpdate,
) -> Result<TokenRow, Stop> {
    let stranger = on_name(Reason::NotSponsor, &domain.name);
    let Some(given) = name_servers_only(command) else { return Err(stranger.into()) };
    let Some(zone) = zone::of(cx, &domain.name).await? else { return Err(stranger.into()) };
    if !zone.policy.transfer.redelegation_token {
        return Err(stranger.into());
    }
    token::unguessed(cx, Guarded::Domain(&domain.name), zone.policy.auth.max_wrong_per_day).await?;
    let found = token::fitting(cx, domain.id, TokenOperation::Redelegation, &given.pw).await?;
    Ok(found.ok_or_else(|| Refusal::new(Reason::WrongAuthInfo).on(Ns::Domain, "authInfo", ""))?)
}

/// The authorization information of an update that changes name servers and has nothing else in it.
fn name_servers_only(command: &DomainUpdate) -> Option<&AuthInfo> {
    let given = command.auth.as_ref()?.as_ref().filter(|auth| !auth.pw.expose().is_empty())?;
    let only = changes_name_servers(command) && command.sec_dns.is_none() && delegation_alone(command);
    only.then_some(given)
}

/// Whether an update adds or removes name servers.
pub(super) fn changes_name_servers(command: &DomainUpdate) -> bool {
    [&command.add, &command.rem].into_iter().flatten().any(|side| side.ns.is_some())
}

/// Whether an update is about nothing but name servers, delegation signers and authorization information.
pub(super) fn delegation_alone(command: &DomainUpdate) -> bool {
    // An application is changed elsewhere.
    let DomainUpdate {
        name: _,
        add,
        rem,
        chg: _,
        registrant,
        auth: _,
        restore,
        terms_accepted,
        sec_dns: _,
        ttl,
        fee: _,
        launch: _,
    } = command;
    let only = |side: &Option<DomainAddRem>| {
        side.as_ref().is_none_or(|side| {
            let DomainAddRem { ns: _, contacts, statuses } = side;
            contacts.is_empty() && statuses.is_empty()
        })
    };
    registrant.is_none()
        && restore.is_none()
        && terms_accepted.is_none()
        && ttl.is_empty()
        && only(add)
        && only(rem)
}

/// Tells the sponsor that another registrar changed the name servers, with a token or as their administrator (N24).
///
/// # Errors
/// The database's trouble.
pub(super) async fn tell_redelegated(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    (add, rem): (&DomainAddRem, &DomainAddRem),
) -> Result<(), Stop> {
    let names = |side: &DomainAddRem| match &side.ns {
        Some(servers) => name_servers::names(servers).into_iter().cloned().collect(),
        None => Vec::new(),
    };
    let notice = Notice::NameServersChanged {
        data: Box::new(info::as_sponsor(cx, domain).await?),
        by: cx.registrar().clone(),
        added: names(add),
        removed: names(rem),
    };
    cx.notify(&domain.registrar, notice);
    Ok(())
}

/// Does what the sponsor's update says about the code, and says for the audit row what that was.
///
/// # Errors
/// [`Reason::RoleMissing`], [`Reason::AuthInfoPolicy`], [`Reason::OneTokenOnly`], [`Reason::TokenKeyword`], or the
/// database's trouble.
pub(super) async fn change(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    change: &AuthChange,
    zone: &Zone,
) -> Result<Value, Stop> {
    let given = change.as_ref().filter(|auth| !auth.pw.expose().is_empty());
    let Some(given) = given else { return retract(cx, domain).await };
    let transfer = &zone.policy.transfer;
    match transfer.code.kind {
        CodeKind::ClientSet => {
            needs(cx, Operation::DomainUpdateAuth)?;
            auth::check(given, &zone.policy.auth, Ns::Domain)?;
            domain.auth = auth::stored(&given.pw);
            Ok(json!({ "what": "set" }))
        }
        CodeKind::MailedCode => {
            let refusal = Refusal::new(Reason::AuthInfoPolicy).on(Ns::Domain, "pw", "");
            Err(refusal.detail("the codes of this zone are mailed to the registrant").into())
        }
        CodeKind::RegistryToken => {
            let (role, operation) = asked(&given.pw, transfer.redelegation_token)?;
            needs(cx, kind(operation))?;
            let role = match operation {
                TokenOperation::Transfer => role,
                TokenOperation::Redelegation => ns_admin::role(cx, domain, &zone.policy).await?,
            };
            let made = token::make(cx, domain, &transfer.code, role, operation).await?;
            Ok(token::told(&made.row, "made"))
        }
    }
}

/// What a keyword asks for, and in whose name: a transfer in the registrar's, a change of name servers in their
/// administrator's.
fn asked(pw: &Secret, redelegation: bool) -> Result<(TokenRole, TokenOperation), Refusal> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '+');
    let words: Vec<&str> = pw.expose().split(separates).filter(|word| !word.is_empty()).collect();
    let refused = |reason| Refusal::new(reason).on(Ns::Domain, "pw", "");
    match words.as_slice() {
        [TRANSFER_KEYWORD] => Ok((TokenRole::Registrar, TokenOperation::Transfer)),
        [REDELEGATION_KEYWORD] if redelegation => {
            Ok((TokenRole::NameServerAdministrator, TokenOperation::Redelegation))
        }
        [TRANSFER_KEYWORD, REDELEGATION_KEYWORD] | [REDELEGATION_KEYWORD, TRANSFER_KEYWORD] => {
            Err(refused(Reason::OneTokenOnly))
        }
        _ if redelegation => {
            Err(refused(Reason::TokenKeyword).detail(format!("{TRANSFER_KEYWORD} or {REDELEGATION_KEYWORD}")))
        }
        _ => Err(refused(Reason::TokenKeyword).detail(TRANSFER_KEYWORD)),
    }
}

/// Takes the code away, whoever made it.
async fn retract(cx: &mut Cx<'_>, domain: &mut DomainRow) -> Result<Value, Stop> {
    if let Some(row) = token::alive(cx, domain.id).await? {
        needs(cx, kind(row.operation))?;
        token::end(cx, domain).await?;
        return Ok(token::told(&row, "retracted"));
    }
    domain.auth = None;
    Ok(json!({ "what": "unset" }))
}

/// Whose duty a code for that is.
pub(super) const fn kind(operation: TokenOperation) -> Operation {
    match operation {
        TokenOperation::Transfer => Operation::DomainUpdateAuth,
        TokenOperation::Redelegation => Operation::DomainUpdateAuthRedelegation,
    }
}

fn needs(cx: &Cx<'_>, operation: Operation) -> Result<(), Refusal> {
    if cx.may(operation) {
        return Ok(());
    }
    Err(Refusal::new(Reason::RoleMissing).detail(operation.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_asks_for_one_token() {
        let reason = |text: &str, redelegation| {
            asked(&Secret::new(text), redelegation).map(|(_, operation)| operation).map_err(|r| r.reason)
        };
        assert_eq!(reason("autotransfer", false), Ok(TokenOperation::Transfer));
        assert_eq!(reason(" autotransfer ", true), Ok(TokenOperation::Transfer));
        assert_eq!(reason("autoredel", true), Ok(TokenOperation::Redelegation));
        assert_eq!(reason("autoredel", false), Err(Reason::TokenKeyword));
        assert_eq!(reason("autotransfer autoredel", true), Err(Reason::OneTokenOnly));
        assert_eq!(reason("autoredel,autotransfer", false), Err(Reason::OneTokenOnly));
        assert_eq!(reason("AUTOTRANSFER", true), Err(Reason::TokenKeyword));
        assert_eq!(reason("autotransfer autotransfer", true), Err(Reason::TokenKeyword));
    }
}
