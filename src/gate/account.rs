//! What is known of the account and the user that give a command: read by one statement in the command's own
//! transaction or snapshot, before its rules, and never kept. So whatever an operator changes works at the next
//! command of every session, on every process.

use super::contract::Actor;
use crate::refusal::{Reason, Refusal};
use crate::store::account::AccountRow;
use crate::store::{StoreError, Tx};

/// The facts of the acting account, or why it gives no commands any more. The refusal's code ends the session.
pub(super) async fn admit(tx: &mut Tx, actor: &Actor) -> Result<Result<AccountRow, Refusal>, StoreError> {
    let facts = tx.account_facts(&actor.registrar, &actor.user).await?;
    Ok(match facts {
        Some(facts) if facts.registrar_enabled && facts.user_enabled => Ok(facts),
        _ => Err(Reason::AccountClosed.into()),
    })
}
