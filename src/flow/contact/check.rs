//! `<contact:check>` (RFC 5733 section 3.1.1).

use std::collections::HashSet;

use crate::epp::command::ContactCheck;
use crate::epp::ns::Ns;
use crate::epp::reply::{Checked, Reply};
use crate::epp::types::ContactId;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "contact:check", login: Login::Required, access: Access::Read, object: Some(Ns::Contact) };

/// Says of each identifier whether a contact can be created with it, in the order asked.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::TooManyNames`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactCheck, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    if !cx.rules.contact.check {
        return Err(Reason::NotOffered.into());
    }
    let most = cx.rules.check.max_names;
    if command.ids.len() > most {
        return Err(Refusal::new(Reason::TooManyNames).detail(format!("at most {most}")).into());
    }
    let found = cx.tx.contacts_among(&command.ids).await?;
    let taken: HashSet<String> = found.iter().map(|contact| contact.handle.key()).collect();
    let answer = |id: &ContactId| {
        let reserved = super::is_kept(id, &cx.rules.contact).then_some("Reserved");
        let unavailable = if taken.contains(&id.key()) { Some("In use") } else { reserved };
        Checked { name: id.to_string(), unavailable: unavailable.map(str::to_owned) }
    };
    Ok(Reply::ContactChecked(command.ids.iter().map(answer).collect()))
}
