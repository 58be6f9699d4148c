//! Codes of the registry's making (S146-S152): tokens that the sponsor hands over, and codes that are mailed to the
//! registrant. A domain has one at a time; a new one ends the old, and so do its use, a change of registrant or of
//! name servers, and its time.
//!
//! The code itself is stored nowhere. It is worked out from chance that is stored with it and the server's key, each
//! time it is shown or mailed; a salted digest is what one that comes back is compared with. So whoever reads the
//! table without the key learns no code, and a server whose key was changed still takes those that are out.

mod guess;
pub mod mail;
mod secret;

use serde_json::json;

pub use guess::{Guarded, unguessed};
pub(crate) use guess::{count as count_wrong, day};

use crate::clock::Ts;
use crate::epp::notice::{Notice, TokenOf};
use crate::epp::types::{Secret, TokenOperation, TokenRole};
use crate::flow::auth;
use crate::gate::{Cx, Stop};
use crate::policy::CodePolicy;
use crate::store::domain::DomainRow;
use crate::store::token::TokenRow;

/// A code that was made: how it is stored, and what it says.
#[derive(Debug)]
pub struct Made {
    /// Its row, stored already.
    pub row: TokenRow,
    /// Its text.
    pub code: Secret,
}

/// Makes a domain's code in the place of the one it had.
///
/// # Errors
/// The database's trouble.
pub async fn make(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    policy: &CodePolicy,
    role: TokenRole,
    operation: TokenOperation,
) -> Result<Made, Stop> {
    let seed = secret::seed();
    let code = secret::code(cx.token_key, &seed, &policy.format, role, operation);
    let expires_at = cx.now.plus_days(policy.ttl_days);
    let row = TokenRow {
        object: domain.id,
        operation,
        role,
        issuer: cx.registrar().clone(),
        seed,
        digest: auth::stored(&code).unwrap_or_default(),
        mails: 0,
        created_at: cx.now,
        expires_at,
        used_at: None,
        retracted_at: None,
        due_at: Some(expires_at),
    };
    cx.tx.token_put(&row).await?;
    Ok(Made { row, code })
}

/// The code of a domain that is alive.
///
/// # Errors
/// The database's trouble.
pub async fn alive(cx: &mut Cx<'_>, domain: i64) -> Result<Option<TokenRow>, Stop> {
    Ok(cx.tx.token_of(domain).await?.filter(|row| row.is_alive(cx.now)))
}

/// What a code says, to be shown or mailed once more. `None` where the server's key or the form of codes is another
/// than when it was made.
#[must_use]
pub fn text(cx: &Cx<'_>, row: &TokenRow, policy: &CodePolicy) -> Option<Secret> {
    let code = secret::code(cx.token_key, &row.seed, &policy.format, row.role, row.operation);
    auth::fits(Some(&row.digest), &code).then_some(code)
}

/// The domain's code, if it is alive, is for that, and is what was given. Takes the same time whatever does not fit.
///
/// # Errors
/// The database's trouble.
pub async fn fitting(
    cx: &mut Cx<'_>,
    domain: i64,
    operation: TokenOperation,
    given: &Secret,
) -> Result<Option<TokenRow>, Stop> {
    let row = alive(cx, domain).await?.filter(|row| row.operation == operation);
    let fits = auth::fits(row.as_ref().map(|row| row.digest.as_str()), given);
    Ok(row.filter(|_| fits))
}

/// A code was used for what it is for, and is so no more.
///
/// # Errors
/// The database's trouble.
pub async fn spend(cx: &mut Cx<'_>, row: TokenRow) -> Result<(), Stop> {
    Ok(cx.tx.token_put(&TokenRow { used_at: Some(cx.now), due_at: None, ..row }).await?)
}

/// Ends a domain's code, if it has one: it was taken back, or what it was for is not as it was.
///
/// # Errors
/// The database's trouble.
pub async fn end(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<Option<TokenRow>, Stop> {
    let Some(row) = alive(cx, domain.id).await? else { return Ok(None) };
    let ended = TokenRow { retracted_at: Some(cx.now), due_at: None, ..row };
    cx.tx.token_put(&ended).await?;
    Ok(Some(ended))
}

/// Notes that a code's time is over. Says whether there was anything to do.
///
/// # Errors
/// The database's trouble.
pub async fn expire(cx: &mut Cx<'_>, domain: i64) -> Result<bool, Stop> {
    let due = |row: &TokenRow| row.due_at.is_some_and(|at: Ts| at <= cx.now);
    let Some(row) = cx.tx.token_of(domain).await?.filter(due) else { return Ok(false) };
    cx.tx.token_put(&TokenRow { due_at: None, ..row.clone() }).await?;
    if let Some(domain) = cx.tx.domain_by_id(domain).await? {
        cx.changed(domain.name.as_str(), json!({ "code": told(&row, "expired") }));
        // A mailed code is between the registry and the registrant.
        if row.mails == 0 {
            notice(cx, &domain, &row, Notice::TokenExpired);
        }
    }
    Ok(true)
}

/// Tells the sponsor what became of a token, where it did not do so itself (N37).
pub fn notice(cx: &mut Cx<'_>, domain: &DomainRow, row: &TokenRow, what: fn(TokenOf) -> Notice) {
    let (domain, to) = (domain.name.clone(), &domain.registrar);
    let token = TokenOf { domain, role: row.role, operation: row.operation, expires: row.expires_at };
    cx.notify(to, what(token));
}

/// A code for the audit row: everything about it but what it says.
#[must_use]
pub fn told(row: &TokenRow, what: &str) -> serde_json::Value {
    json!({
        "what": what,
        "role": row.role.name(),
        "operation": row.operation.name(),
        "expires": row.expires_at.to_string(),
    })
}
