//! What transfers of domains and contacts have in common (RFC 5730 section 2.9.3.4): who may do what, how a
//! transfer comes to its end, and who is told.

use std::fmt::Display;

use crate::clock::Ts;
use crate::epp::notice::{Notice, Transferred};
use crate::epp::ns::Ns;
use crate::epp::reply::{TransferData, TransferStatus};
use crate::epp::types::{AuthInfo, RegistrarId};
use crate::gate::Cx;
use crate::policy::{TransferMode, TransferOp};
use crate::refusal::{Reason, Refusal};
use crate::store::transfer::{TransferKind, TransferRow};

/// How a pending transfer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// By the losing registrar.
    Approve,
    /// By the losing registrar.
    Reject,
    /// By the registrar that asked.
    Cancel,
    /// By the server, because nobody answered in time.
    TimeOut,
    /// By the server, because the object is deleted.
    Stop,
}

impl Decision {
    const fn status(self) -> TransferStatus {
        match self {
            Self::Approve => TransferStatus::ClientApproved,
            Self::Reject => TransferStatus::ClientRejected,
            Self::Cancel => TransferStatus::ClientCancelled,
            Self::TimeOut => TransferStatus::ServerApproved,
            Self::Stop => TransferStatus::ServerCancelled,
        }
    }

    /// The command that makes it; the server's own has none.
    #[must_use]
    pub const fn op(self) -> Option<TransferOp> {
        match self {
            Self::Approve => Some(TransferOp::Approve),
            Self::Reject => Some(TransferOp::Reject),
            Self::Cancel => Some(TransferOp::Cancel),
            Self::TimeOut | Self::Stop => None,
        }
    }

    /// Whether the object goes to the registrar that asked.
    #[must_use]
    pub const fn moves(self) -> bool {
        matches!(self, Self::Approve | Self::TimeOut)
    }
}

/// A request must come from another registrar than the sponsor, and with authorization information, which is
/// handed back to be compared.
///
/// # Errors
/// [`Reason::OwnObject`] about what `on` names, [`Reason::AuthInfoMissing`]
pub fn check_requester<'a>(
    by: &RegistrarId,
    sponsor: &RegistrarId,
    auth: Option<&'a AuthInfo>,
    ns: Ns,
    on: impl Fn(Reason) -> Refusal,
) -> Result<&'a AuthInfo, Refusal> {
    if by == sponsor {
        return Err(on(Reason::OwnObject));
    }
    auth.ok_or_else(|| Refusal::new(Reason::AuthInfoMissing).on(ns, "authInfo", ""))
}

/// Two transfers cannot be under way.
///
/// # Errors
/// [`Reason::TransferPending`]
pub fn check_none_pending(last: Option<&TransferRow>, on: impl Fn(Reason) -> Refusal) -> Result<(), Refusal> {
    match last {
        Some(row) if row.is_pending() => Err(on(Reason::TransferPending)),
        _ => Ok(()),
    }
}

/// The pending transfer of an object, for the registrar that may decide on it: approval and rejection are the
/// sponsor's, cancellation is the requester's. A refusal names the object as `on` does.
///
/// # Errors
/// [`Reason::NotSponsor`], [`Reason::NoTransferPending`], [`Reason::NotRequester`]
pub fn check_decision(
    last: Option<TransferRow>,
    decision: Decision,
    by: &RegistrarId,
    sponsor: &RegistrarId,
    on: impl Fn(Reason) -> Refusal,
) -> Result<TransferRow, Refusal> {
    if matches!(decision, Decision::Approve | Decision::Reject) && by != sponsor {
        return Err(on(Reason::NotSponsor));
    }
    let pending = last.filter(TransferRow::is_pending).ok_or_else(|| on(Reason::NoTransferPending))?;
    if decision == Decision::Cancel && *by != pending.requester {
        return Err(on(Reason::NotRequester));
    }
    Ok(pending)
}

/// Whether a registrar sees how a transfer stands or ended without authorization information: the sponsor and
/// both parties of the last transfer do.
#[must_use]
pub fn is_party(last: Option<&TransferRow>, by: &RegistrarId, sponsor: &RegistrarId) -> bool {
    by == sponsor || last.is_some_and(|row| *by == row.requester || *by == row.loser)
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The object's number.
    pub object: i64,
    /// What it is.
    pub kind: TransferKind,
    /// The sponsor.
    pub loser: &'a RegistrarId,
    /// Months added to the registration.
    pub months: i64,
    /// Where it then ends.
    pub expires_at: Option<Ts>,
    /// Whether the request waits for the loser.
    pub mode: TransferMode,
    /// Days until the server approves by itself.
    pub auto_approve_days: i64,
    /// Whether the loser, or the registrant, gave consent: a code (C29).
    pub consented: bool,
}

/// The transfer of a request by the acting registrar, to be stored: pending, or approved at once where the
/// authorization information is consent enough; by the server where none is needed.
#[must_use]
pub fn requested(cx: &Cx<'_>, asked: &Asked<'_>) -> TransferRow {
    let due = cx.now.plus_days(asked.auto_approve_days);
    let (status, actor, acted_at, due_at) = match asked.mode {
        TransferMode::Pending => (TransferStatus::Pending, asked.loser, due, Some(due)),
        TransferMode::Immediate if asked.consented => {
            (TransferStatus::ClientApproved, asked.loser, cx.now, None)
        }
        TransferMode::Immediate => (TransferStatus::ServerApproved, cx.registry, cx.now, None),
    };
    TransferRow {
        object: asked.object,
        kind: asked.kind,
        status,
        requester: cx.registrar().clone(),
        requested_at: cx.now,
        loser: asked.loser.clone(),
        actor: actor.clone(),
        acted_at,
        months: asked.months,
        expires_at: asked.expires_at,
        cltrid: cx.cltrid.map(ToString::to_string),
        svtrid: cx.svtrid.to_owned(),
        due_at,
        before_it: None,
    }
}

/// The same transfer after its end.
#[must_use]
pub fn decided(pending: TransferRow, decision: Decision, by: &RegistrarId, now: Ts) -> TransferRow {
    TransferRow { status: decision.status(), actor: by.clone(), acted_at: now, due_at: None, ..pending }
}

/// Tells each party but the one that acts, which sees it in its reply. Who gains an object at once is told all the
/// same (N32): an account has more machines than the one that asked.
pub fn tell<N: Display>(
    cx: &mut Cx<'_>,
    row: &TransferRow,
    name: impl Fn() -> N,
    wrap: fn(TransferData<N>) -> Transferred,
) {
    let acting = cx.registrar().clone();
    for (party, gains) in [(&row.loser, false), (&row.requester, true)] {
        if *party != acting || gains && row.is_immediate() && row.loser != row.requester {
            let what = wrap(row.data(name()));
            cx.notify(party, notice(row, gains)(what));
        }
    }
}

/// What a party is told: one that `gains` the object, or loses it.
fn notice(row: &TransferRow, gains: bool) -> fn(Transferred) -> Notice {
    match row.status {
        TransferStatus::Pending => Notice::TransferRequested,
        _ if row.is_immediate() && gains => Notice::TransferredIn,
        _ if row.is_immediate() => Notice::TransferredAway,
        TransferStatus::ClientApproved => Notice::TransferApproved,
        TransferStatus::ClientRejected => Notice::TransferRejected,
        TransferStatus::ClientCancelled | TransferStatus::ServerCancelled => Notice::TransferCancelled,
        TransferStatus::ServerApproved => Notice::TransferAutoApproved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> RegistrarId {
        RegistrarId::parse(text).unwrap()
    }

    fn pending() -> TransferRow {
        TransferRow {
            object: 1,
            kind: TransferKind::Contact,
            status: TransferStatus::Pending,
            requester: id("gaining"),
            requested_at: Ts(10),
            loser: id("losing"),
            actor: id("losing"),
            acted_at: Ts(20),
            months: 0,
            expires_at: None,
            cltrid: None,
            svtrid: "DD-1-1".to_owned(),
            due_at: Some(Ts(20)),
            before_it: None,
        }
    }

    fn refusal(last: Option<TransferRow>, decision: Decision, by: &str) -> Option<Reason> {
        check_decision(last, decision, &id(by), &id("losing"), Refusal::new).err().map(|r| r.reason)
    }

    #[test]
    fn each_decision_has_its_own_party() {
        for decision in [Decision::Approve, Decision::Reject] {
            assert_eq!(refusal(Some(pending()), decision, "losing"), None);
            assert_eq!(refusal(Some(pending()), decision, "gaining"), Some(Reason::NotSponsor));
            assert_eq!(refusal(None, decision, "losing"), Some(Reason::NoTransferPending));
        }
        assert_eq!(refusal(Some(pending()), Decision::Cancel, "gaining"), None);
        assert_eq!(refusal(Some(pending()), Decision::Cancel, "losing"), Some(Reason::NotRequester));
        assert_eq!(refusal(None, Decision::Cancel, "gaining"), Some(Reason::NoTransferPending));
    }

    #[test]
    fn an_end_is_dated_and_signed_and_no_longer_due() {
        let ended = decided(pending(), Decision::TimeOut, &id("registry"), Ts(30));
        assert_eq!(ended.status, TransferStatus::ServerApproved);
        assert_eq!((ended.actor.clone(), ended.acted_at, ended.due_at), (id("registry"), Ts(30), None));
        assert_eq!(refusal(Some(ended), Decision::Approve, "losing"), Some(Reason::NoTransferPending));
    }

    #[test]
    fn strangers_are_no_party() {
        let last = pending();
        assert!(is_party(Some(&last), &id("gaining"), &id("other")));
        assert!(is_party(Some(&last), &id("losing"), &id("other")));
        assert!(!is_party(Some(&last), &id("third"), &id("other")));
        assert!(!is_party(None, &id("gaining"), &id("losing")));
    }
}
