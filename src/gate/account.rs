//! What is known of the account and the user that give a command: read by one statement in the command's own
//! transaction or snapshot, before its rules, and never kept. So whatever an operator changes works at the next
//! command of every session, on every process.

use std::sync::Arc;

use super::Gate;
use super::contract::Actor;
use crate::epp::reply::Reply;
use crate::policy::{AccountPolicy, Policies, Roles};
use crate::refusal::{Reason, Refusal};
use crate::store::hit::HitRow;
use crate::store::{StoreError, Tx};

/// What is known of the acting account.
#[derive(Clone, Debug)]
pub(super) struct AccountFacts {
    /// The rules it is under.
    pub rules: Arc<AccountPolicy>,
    /// The user's meta-roles.
    pub roles: Roles,
    /// How it stands with its hitpoints.
    pub hit: HitRow,
}

/// What is still to be written of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owed {
    /// Nothing.
    Nothing,
    /// Its audit row and its points, if it costs any.
    Row,
    /// It never was a command that ran: a row only if it costs points.
    Look,
}

/// A refusal, and what is still to be written of it.
#[derive(Clone, Debug)]
pub(super) struct Unsettled {
    pub refusal: Refusal,
    pub owed: Owed,
}

/// A query that was refused for a wrong code leaves a row, by which guesses are counted.
pub(super) fn guessing(unsettled: Unsettled) -> Unsettled {
    match unsettled.refusal.reason {
        Reason::WrongAuthInfo => Unsettled { owed: Owed::Row, ..unsettled },
        _ => unsettled,
    }
}

impl From<Refusal> for Unsettled {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, owed: Owed::Nothing }
    }
}

impl From<Reason> for Unsettled {
    fn from(reason: Reason) -> Self {
        Refusal::new(reason).into()
    }
}

/// How a command ended, as far as it is settled.
pub(super) type Ending = Result<Reply, Unsettled>;

/// The rules of an account: those of the profile it was given, else the server's.
pub(super) fn rules_of(
    policies: &Policies,
    server: &str,
    profile: Option<&str>,
) -> Result<Arc<AccountPolicy>, StoreError> {
    policies.account(profile.unwrap_or(server)).map_err(|cause| {
        tracing::error!(%cause, "an account's profile is gone");
        StoreError::Shape("an account's profile is not known")
    })
}

/// The facts of the acting account, or why it gives no commands any more. The refusal's code ends the session.
pub(super) async fn admit(
    tx: &mut Tx,
    gate: &Gate,
    actor: &Actor,
) -> Result<Result<AccountFacts, Refusal>, StoreError> {
    let Some(facts) = tx.account_facts(&actor.registrar, &actor.user).await? else {
        return Ok(Err(Reason::AccountClosed.into()));
    };
    if !facts.registrar_enabled || !facts.user_enabled {
        return Ok(Err(Reason::AccountClosed.into()));
    }
    let rules = gate.account_rules(facts.profile.as_deref())?;
    Ok(Ok(AccountFacts { rules, roles: facts.roles, hit: facts.hit }))
}
