//! Domains and transfers whose time has come, in the order in which it came.
//!
//! Renewals, deletions, purges and unanswered transfers bear on one another: who sponsors a domain when it is
//! renewed, whether it is still there. So they stand in one line, sorted by the moment each is due, and what follows
//! from one piece takes its own place in that line: after months without a server, a domain is renewed as often as it
//! would have been, and then deleted on its day.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::lease::Lease;
use super::{BATCH, MOST, START, done};
use crate::clock::Ts;
use crate::flow;
use crate::gate::{Ended, Gate};
use crate::store::transfer::TransferKind;
use crate::store::{StoreError, Tx};

/// What is due, in the order of pieces of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    DomainTransfer,
    ContactTransfer,
    Domain,
}

/// A thing that is due; the first fields decide the order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    at: Ts,
    work: Work,
    id: i64,
    name: String,
}

/// How far each of the two lists was read: moment and number of its last piece.
#[derive(Clone, Copy)]
struct Read {
    domains: (Ts, i64),
    transfers: (Ts, i64),
}

/// Does what is due, bounded, and says how many pieces that were.
pub(super) async fn work(gate: &Gate, lease: &mut Lease) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let mut read = Read { domains: START, transfers: START };
    let mut total = 0;
    loop {
        let from = read;
        let (pieces, until, more) =
            gate.db().read(move |tx| Box::pin(async move { some(tx, from, now).await })).await?;
        for piece in &pieces {
            let last = if piece.work == Work::Domain { &mut read.domains } else { &mut read.transfers };
            *last = (*last).max((piece.at, piece.id));
        }
        let mut line: BinaryHeap<_> = pieces.into_iter().map(Reverse).collect();
        while let Some(Reverse(piece)) = line.pop() {
            if !lease.held().await? {
                return Ok(total);
            }
            let Some(step) = perform(gate, &piece).await else { continue };
            total += usize::from(step.done);
            // What is due later than this part of the line is read with its next part.
            if let Some(at) = step.next.filter(|at| step.done && *at <= until) {
                line.push(Reverse(Piece { at, ..piece }));
            }
            if total >= MOST {
                return Ok(total);
            }
        }
        if !more {
            return Ok(total);
        }
    }
}

/// The next pieces of both lists, up to the moment to which both were read; whether there are more.
async fn some(tx: &mut Tx, read: Read, now: Ts) -> Result<(Vec<Piece>, Ts, bool), StoreError> {
    let limit = BATCH as i64;
    let domains = tx.domains_due(read.domains, now, limit).await?;
    let transfers = tx.transfers_due(read.transfers, now, limit).await?;
    let full = |length: usize, last: Option<Ts>| last.filter(|_| length == BATCH);
    let ends = [
        full(domains.len(), domains.last().map(|d| d.at)),
        full(transfers.len(), transfers.last().and_then(|t| t.due_at)),
    ];
    let until = ends.iter().flatten().min().copied();
    let within = |at: Ts| until.is_none_or(|until| at <= until);
    let mut pieces = Vec::new();
    for domain in domains.into_iter().filter(|d| within(d.at)) {
        let name = domain.name.to_string();
        pieces.push(Piece { at: domain.at, work: Work::Domain, id: domain.id, name });
    }
    for row in transfers {
        let Some(at) = row.due_at.filter(|at| within(*at)) else { continue };
        let id = row.object;
        let (work, name) = match row.kind {
            TransferKind::Domain => {
                let found = tx.domain_by_id(id).await;
                (Work::DomainTransfer, found.map(|found| found.map(|domain| domain.name.to_string())))
            }
            TransferKind::Contact => {
                let found = tx.contact_by_id(id).await;
                (Work::ContactTransfer, found.map(|found| found.map(|contact| contact.handle.to_string())))
            }
        };
        let name = match name {
            // An object that cannot be read fails its own piece, and is in no other's way.
            Err(StoreError::Shape(_)) => String::new(),
            name => name?.unwrap_or_default(),
        };
        pieces.push(Piece { at, work, id, name });
    }
    Ok((pieces, until.unwrap_or(now), until.is_some()))
}

/// What came of a piece.
#[derive(Clone, Copy)]
struct Step {
    done: bool,
    next: Option<Ts>,
}

async fn perform(gate: &Gate, piece: &Piece) -> Option<Step> {
    let (work, id) = (piece.work, piece.id);
    let command = match work {
        Work::DomainTransfer | Work::ContactTransfer => "transfer:time-out",
        Work::Domain => "domain:due",
    };
    let result = gate
        .run_due(piece.at, command, piece.name.clone(), move |cx| {
            Box::pin(async move {
                let step = match work {
                    Work::DomainTransfer => {
                        Step { done: flow::domain::transfer::time_out(cx, id).await?, next: None }
                    }
                    Work::ContactTransfer => {
                        Step { done: flow::contact::transfer::time_out(cx, id).await?, next: None }
                    }
                    Work::Domain => match flow::domain::due::step(cx, id).await? {
                        None => Step { done: false, next: None },
                        Some(next) => Step { done: true, next },
                    },
                };
                Ok(if step.done { Ended::Keep(step) } else { Ended::Undo(step) })
            })
        })
        .await;
    done(command, &piece.name, result)
}
