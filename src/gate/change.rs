//! Changes that a sponsor did not make himself (RFC 8590), joined to what the sponsor is told of them anyway.
//!
//! A change has a state before and a state after. The message about the state after is the notice of the change, where
//! there is one that has room for the object; so nothing is told twice. Where there is none, the change is told by a
//! notice of its own. The state before, where the profile wants it, stands in front of that.

use super::contract::{Cx, Effect};
use crate::epp::notice::{Changed, Notice};
use crate::epp::reply::MessageData;
use crate::epp::types::{ChangeData, ChangeOperation, RegistrarId};
use crate::store::StoreError;

/// What carries it on the wire, by its name in profiles.
const EXTENSION: &str = "changePoll-1.0";

/// A change, as its flow notes it. One of the states is there at least.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Who is told.
    pub to: RegistrarId,
    /// What was done.
    pub operation: ChangeOperation,
    /// Which kind of that.
    pub op: Option<&'static str>,
    /// The object as it was.
    pub before: Option<MessageData>,
    /// The object as it is; none of what is gone.
    pub after: Option<MessageData>,
}

/// One message about an object: how it was, or is, and what was done.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub data: MessageData,
    pub change: ChangeData,
}

/// What is told of a change: perhaps how it was, then the message that counts.
#[derive(Debug)]
pub(super) struct Told {
    /// A message of its own in front.
    pub first: Option<Notice>,
    /// The object that goes with the notice of the change.
    pub with: State,
}

impl Told {
    /// The notice of the change, where no other is there.
    pub(super) fn own(&self) -> Notice {
        notice(&self.with)
    }
}

impl Cx<'_> {
    /// Whether a registrar is told of such a change of its objects: the server speaks of it, the account's rules name it,
    /// and it is not the registrar's own act.
    ///
    /// # Errors
    /// The database's trouble.
    pub async fn tells(&mut self, of: &RegistrarId, operation: ChangeOperation) -> Result<bool, StoreError> {
        let speaks = self.server_profile().server.ext.announce.iter().any(|name| name == EXTENSION);
        if !speaks || self.registrar() == of {
            return Ok(false);
        }
        let rules = self.account_rules(of).await?;
        Ok(rules.change_poll.told.iter().any(|told| told.name() == operation.name()))
    }

    /// What the sponsor is told of a change, with the moment, the transaction and the grounds of this context.
    pub(super) fn told(&self, change: Change, with_before: bool) -> Option<Told> {
        let state = |data: MessageData, before: bool| State {
            data,
            change: ChangeData {
                before,
                operation: change.operation,
                op: change.op.map(str::to_owned),
                at: self.now,
                svtrid: self.svtrid.to_owned(),
                who: self.registrar().to_string(),
                grounds: self.grounds().clone(),
            },
        };
        match (change.before, change.after) {
            (before, Some(after)) => {
                let first = before.filter(|_| with_before).map(|data| notice(&state(data, true)));
                Some(Told { first, with: state(after, false) })
            }
            (Some(before), None) => Some(Told { first: None, with: state(before, true) }),
            (None, None) => None,
        }
    }
}

fn notice(state: &State) -> Notice {
    Notice::Changed(Box::new(Changed { data: state.data.clone(), change: state.change.clone() }))
}

/// What is told to whom, and the change that it is told of.
type Joined = (Option<(RegistrarId, Box<Notice>)>, Option<Change>);

/// Notices with the changes they tell of, then the changes that no notice tells of.
pub(super) fn join(effects: &mut Vec<Effect>) -> Vec<Joined> {
    let mut changes = Vec::new();
    let mut others = Vec::new();
    for effect in effects.drain(..) {
        match effect {
            Effect::Change(change) => changes.push(*change),
            other => others.push(other),
        }
    }
    let mut joined = Vec::new();
    for effect in others {
        let Effect::Notice { to, notice } = effect else {
            effects.push(effect);
            continue;
        };
        let fits = |change: &Change| {
            let shown = change.after.as_ref().or(change.before.as_ref());
            change.to == to
                && matches!(shown, Some(MessageData::DomainInfo(data)) if notice.changed_domain() == Some(&data.name))
        };
        let change = changes.iter().position(fits).map(|at| changes.remove(at));
        joined.push((Some((to, notice)), change));
    }
    joined.extend(changes.into_iter().map(|change| (None, Some(change))));
    joined
}
