//! Statuses of domains, hosts and contacts (RFC 5731 and 5732 section 2.3, RFC 5733 section 2.2): what they
//! prohibit, what a client may change about them, and which follow from the rest. The standard's names carry the
//! rules: `client` and `server` say who sets a status, `..Prohibited` what it stops, `pending` that nothing else
//! may happen.

use crate::epp::ns::Ns;
use crate::epp::types::{Note, Status, StatusSet};
use crate::refusal::{Reason, Refusal};

/// Statuses as a command names them.
pub type Named<S> = [(S, Option<Note>)];

/// What a status can prohibit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `..DeleteProhibited`
    Delete,
    /// `..RenewProhibited`
    Renew,
    /// `..TransferProhibited`
    Transfer,
    /// `..UpdateProhibited`
    Update,
}

impl Verb {
    const fn prohibited(self) -> &'static str {
        match self {
            Self::Delete => "DeleteProhibited",
            Self::Renew => "RenewProhibited",
            Self::Transfer => "TransferProhibited",
            Self::Update => "UpdateProhibited",
        }
    }
}

/// The first status that keeps a command from being done: its own `..Prohibited`, or any pending action.
#[must_use]
pub fn obstacle<S: Status>(set: &StatusSet<S>, verb: Verb) -> Option<S> {
    let stops = |s: S| s.name().ends_with(verb.prohibited()) || s.name().starts_with("pending");
    set.iter().map(|(s, _)| *s).find(|s| stops(*s))
}

/// Refuses a command that a status prohibits.
///
/// # Errors
/// [`Reason::StatusProhibits`]
pub fn permit<S: Status>(set: &StatusSet<S>, verb: Verb, ns: Ns) -> Result<(), Refusal> {
    match obstacle(set, verb) {
        None => Ok(()),
        Some(status) => Err(prohibits(status, ns)),
    }
}

/// What an update says about statuses.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a, S> {
    /// To be added.
    pub add: &'a Named<S>,
    /// To be removed; removed before anything is added.
    pub rem: &'a Named<S>,
    /// Whether the update changes anything that is not a status.
    pub more: bool,
}

impl<S: Status> Change<'_, S> {
    /// Refuses an update that a status prohibits. `clientUpdateProhibited` lets the one update through that
    /// removes it and does nothing else.
    ///
    /// # Errors
    /// [`Reason::StatusProhibits`]
    pub fn permit(&self, set: &StatusSet<S>, ns: Ns) -> Result<(), Refusal> {
        let lifts = |s: S| {
            s.client_settable()
                && !self.more
                && self.add.is_empty()
                && self.rem.len() == 1
                && self.rem[0].0 == s
        };
        // The client's own comes first in the schema's order; another obstacle behind it stands all the same.
        let mut stands = set.clone();
        if let Some(own) = obstacle(&stands, Verb::Update).filter(|s| lifts(*s)) {
            stands.remove(own);
        }
        permit(&stands, Verb::Update, ns)
    }

    /// The statuses after the update.
    ///
    /// # Errors
    /// [`Reason::DuplicateInCommand`], [`Reason::StatusNotSettable`], [`Reason::NotThere`],
    /// [`Reason::AlreadyThere`]
    pub fn apply(
        &self,
        set: &StatusSet<S>,
        settable: impl Fn(S) -> bool,
        ns: Ns,
    ) -> Result<StatusSet<S>, Refusal> {
        let refused = |reason, s: S| Err(Refusal::new(reason).on(ns, "status", s.name()));
        for named in [self.rem, self.add] {
            for (at, (status, _)) in named.iter().enumerate() {
                if named[..at].iter().any(|(earlier, _)| earlier == status) {
                    return refused(Reason::DuplicateInCommand, *status);
                }
                if !status.client_settable() || !settable(*status) {
                    return refused(Reason::StatusNotSettable, *status);
                }
            }
        }
        let mut after = set.clone();
        for (status, _) in self.rem {
            if !after.remove(*status) {
                return refused(Reason::NotThere, *status);
            }
        }
        for (status, note) in self.add {
            if after.has(*status) {
                return refused(Reason::AlreadyThere, *status);
            }
            after.insert(*status, note.clone());
        }
        Ok(after)
    }
}

/// The stored statuses without those that may not stand beside what is pending: where an action is (`pendingDelete`),
/// what would prohibit its kind (`serverDeleteProhibited`) is not shown, and is there again when it ends.
#[must_use]
pub fn compatible<S: Status>(stored: &StatusSet<S>) -> StatusSet<S> {
    let pending = |s: &S| {
        let kind = s
            .name()
            .strip_suffix("Prohibited")
            .and_then(|name| name.strip_prefix("client").or_else(|| name.strip_prefix("server")));
        kind.is_some_and(|kind| {
            stored.iter().any(|(other, _)| other.name().strip_prefix("pending") == Some(kind))
        })
    };
    let mut shown = stored.clone();
    for (status, _) in stored.iter().filter(|(status, _)| pending(status)) {
        shown.remove(*status);
    }
    shown
}

/// The statuses a host or contact shows: the stored ones that can stand together, or `ok` where there is none, and beside either `linked`.
#[must_use]
pub fn shown<S: Status>(stored: &StatusSet<S>, ok: S, linked: Option<S>) -> StatusSet<S> {
    let mut shown = compatible(stored);
    if shown.is_empty() {
        shown.insert(ok, None);
    }
    if let Some(linked) = linked {
        shown.insert(linked, None);
    }
    shown
}

/// The refusal of a command that a status prohibits.
pub(crate) fn prohibits<S: Status>(status: S, ns: Ns) -> Refusal {
    Refusal::new(Reason::StatusProhibits).on(ns, "status", status.name()).detail(status.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::types::ContactStatus as C;

    fn set(statuses: &[C]) -> StatusSet<C> {
        statuses.iter().copied().collect()
    }

    fn change(add: &[C], rem: &[C], more: bool, run: impl FnOnce(Change<'_, C>)) {
        let named = |s: &[C]| s.iter().map(|s| (*s, None)).collect::<Vec<_>>();
        run(Change { add: &named(add), rem: &named(rem), more });
    }

    fn code(result: Result<impl Sized, Refusal>) -> Option<Reason> {
        result.err().map(|r| r.reason)
    }

    #[test]
    fn each_command_has_its_obstacles() {
        assert_eq!(
            obstacle(&set(&[C::ServerDeleteProhibited]), Verb::Delete),
            Some(C::ServerDeleteProhibited)
        );
        assert_eq!(obstacle(&set(&[C::ServerDeleteProhibited]), Verb::Update), None);
        for verb in [Verb::Delete, Verb::Renew, Verb::Transfer, Verb::Update] {
            assert_eq!(obstacle(&set(&[C::PendingTransfer]), verb), Some(C::PendingTransfer));
        }
    }

    #[test]
    fn client_update_prohibited_passes_only_its_own_removal() {
        let locked = set(&[C::ClientUpdateProhibited]);
        let own = [C::ClientUpdateProhibited];
        change(&[], &own, false, |c| assert_eq!(code(c.permit(&locked, Ns::Contact)), None));
        let stopped = Some(Reason::StatusProhibits);
        change(&[], &own, true, |c| assert_eq!(code(c.permit(&locked, Ns::Contact)), stopped));
        change(&[C::ClientDeleteProhibited], &own, false, |c| {
            assert_eq!(code(c.permit(&locked, Ns::Contact)), stopped);
        });
        change(&[], &[], true, |c| assert_eq!(code(c.permit(&locked, Ns::Contact)), stopped));
        let twice = set(&[C::ClientUpdateProhibited, C::ServerUpdateProhibited]);
        change(&[], &own, false, |c| assert_eq!(code(c.permit(&twice, Ns::Contact)), stopped));
        let pending = set(&[C::ClientUpdateProhibited, C::PendingTransfer]);
        change(&[], &own, false, |c| assert_eq!(code(c.permit(&pending, Ns::Contact)), stopped));
        let servers = set(&[C::ServerUpdateProhibited]);
        change(&[], &[C::ServerUpdateProhibited], false, |c| {
            assert_eq!(code(c.permit(&servers, Ns::Contact)), stopped);
        });
    }

    #[test]
    fn removal_comes_before_addition() {
        let before = set(&[C::ClientDeleteProhibited]);
        let apply = |c: Change<'_, C>| c.apply(&before, |_| true, Ns::Contact);
        let own = [C::ClientDeleteProhibited];
        change(&own, &own, false, |c| assert_eq!(apply(c).unwrap(), before));
        change(&own, &[], false, |c| assert_eq!(code(apply(c)), Some(Reason::AlreadyThere)));
        change(&[], &[C::ClientTransferProhibited], false, |c| {
            assert_eq!(code(apply(c)), Some(Reason::NotThere));
        });
        change(&[C::ServerDeleteProhibited], &[], false, |c| {
            assert_eq!(code(apply(c)), Some(Reason::StatusNotSettable));
        });
        change(&[C::ClientTransferProhibited; 2], &[], false, |c| {
            assert_eq!(code(apply(c)), Some(Reason::DuplicateInCommand));
        });
    }

    #[test]
    fn linked_stands_beside_ok() {
        assert_eq!(shown(&set(&[]), C::Ok, Some(C::Linked)), set(&[C::Linked, C::Ok]));
        let locked = set(&[C::ClientUpdateProhibited]);
        assert_eq!(shown(&locked, C::Ok, None), locked);
    }

    #[test]
    fn what_is_pending_is_not_prohibited_beside_it() {
        let moving = set(&[
            C::ClientTransferProhibited,
            C::ServerTransferProhibited,
            C::ClientUpdateProhibited,
            C::PendingTransfer,
        ]);
        assert_eq!(compatible(&moving), set(&[C::ClientUpdateProhibited, C::PendingTransfer]));
        assert_eq!(shown(&moving, C::Ok, None), compatible(&moving));
        let locked = set(&[C::ServerTransferProhibited]);
        assert_eq!(compatible(&locked), locked);
    }
}
