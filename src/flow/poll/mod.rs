//! `<poll>` (RFC 5730 section 2.9.2.3). The switch is read at every command, so a change of it works in sessions that
//! are open (S31). While it is off the queue stays as it is, and goes on where it was (C15).

pub mod ack;
pub mod request;

use std::sync::Arc;

use crate::gate::{Cx, Stop, notice};
use crate::policy::AccountPolicy;
use crate::refusal::Reason;

/// The rules of the acting account, whose poll must be on.
///
/// # Errors
/// [`Reason::PollOff`], or the database's trouble.
async fn rules(cx: &mut Cx<'_>) -> Result<Arc<AccountPolicy>, Stop> {
    let of = cx.registrar();
    let rules = cx.account_rules(of).await?;
    let settings = cx.tx.mail_settings(of).await?.unwrap_or_default();
    if notice::poll_is_on(&settings, &rules.poll) { Ok(rules) } else { Err(Reason::PollOff.into()) }
}
