//! A refusal that may cost points: its audit row, its points and its notices are written in one transaction.
//!
//! The command's own transaction was undone before. Refusals of one account take turns here, before they go to the
//! database, so that a burst of faults in one process does not make the engine run transactions again; between
//! processes the engine decides. A command that was on its way when the account was blocked is told so.

use std::sync::Arc;

use super::{
    Crossed, add, blocked, communication, counted, is_scored, knows_limit, limit, lost_race, points,
    rate_points,
};
use crate::clock::Ts;
use crate::epp::notice::Notice;
use crate::epp::types::{ClTrid, DomainName};
use crate::gate::account::{AccountFacts, Owed, Unsettled, admit};
use crate::gate::notice::deliver;
use crate::gate::{Actor, Cx, Gate, effect, internal};
use crate::policy::{BlockScope, HitPolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::hit::{HitEvent, HitRow};
use crate::store::mark::Mark;
use crate::store::{StoreError, Tx};

/// A command, as far as its refusal is concerned.
#[derive(Debug)]
pub(in crate::gate) struct Said<'a> {
    pub command: &'static str,
    pub object: String,
    pub cltrid: Option<ClTrid>,
    pub svtrid: &'a str,
    pub at: Ts,
}

/// A command that was refused.
#[derive(Debug)]
struct Fault {
    actor: Arc<Actor>,
    command: &'static str,
    object: String,
    cltrid: Option<ClTrid>,
    svtrid: String,
    at: Ts,
    refusal: Refusal,
    owed: Owed,
}

/// The refusal of a command that a block keeps out.
pub(in crate::gate) fn barred(facts: &AccountFacts, command: &str, now: Ts) -> Option<Unsettled> {
    let policy = &facts.rules.hit;
    let refusal = kept_out(policy, &facts.hit, command, now)?;
    let owed = if policy.block.refused_extends { Owed::Row } else { Owed::Nothing };
    Some(Unsettled { refusal, owed })
}

/// A refusal by the rules of a command, with what it owes.
pub(in crate::gate) fn owing(
    facts: &AccountFacts,
    actor: &Actor,
    command: &str,
    refusal: Refusal,
) -> Unsettled {
    let hit = &facts.rules.hit;
    let scored = hit.scores_door(actor.source);
    let cost = if scored { points(hit, command, refusal.code(), refusal.reason.tag()) } else { 0 };
    Unsettled { refusal, owed: if cost > 0 { Owed::Row } else { Owed::Nothing } }
}

fn kept_out(policy: &HitPolicy, row: &HitRow, command: &str, now: Ts) -> Option<Refusal> {
    let until = blocked(row, policy, now)?;
    let shut = match policy.block.scope {
        BlockScope::Transforms => is_scored(policy, command),
        BlockScope::AllButSession => {
            // What lifts the block is not kept out by it.
            !matches!(command, "login" | "logout" | "poll:req" | "poll:ack" | "hitpoints:unblock")
        }
    };
    let refusal = Refusal::new(Reason::AccountBlocked).coded(policy.block.code.get());
    shut.then(|| refusal.detail(format!("until {}", policy.zone.show(until))))
}

impl Gate {
    /// Writes what is owed of a refusal and says what the registrar is told.
    pub(in crate::gate) async fn settled(
        &self,
        actor: Option<Arc<Actor>>,
        unsettled: Unsettled,
        said: Said<'_>,
    ) -> Refusal {
        let Unsettled { refusal, owed } = unsettled;
        let Said { command, object, cltrid, svtrid, at } = said;
        let Some(actor) = actor else { return refusal };
        // What no account's rules score costs nobody a look into the database.
        let matters = match owed {
            Owed::Nothing => false,
            Owed::Row => true,
            Owed::Look => self.policies().accounts().any(|rules| is_scored(&rules.hit, command)),
        };
        if !matters {
            return refusal;
        }
        let _turn = self.faults().turn(&actor.registrar).await;
        let fault = Fault { actor, command, object, cltrid, svtrid: svtrid.to_owned(), at, refusal, owed };
        self.score(fault).await.unwrap_or_else(|cause| internal(&cause, command, svtrid))
    }

    async fn score(&self, fault: Fault) -> Result<Refusal, StoreError> {
        let work = Arc::new((self.clone(), fault));
        let asked = Arc::clone(&work);
        // Counted outside the transaction that scores: there it would be in the way of every create.
        let portfolio = self.db().read(move |tx| Box::pin(portfolio(tx, asked))).await?;
        self.db()
            .write(move |tx| {
                let work = Arc::clone(&work);
                Box::pin(async move { settle(tx, &work.0, &work.1, portfolio).await })
            })
            .await
    }
}

/// The domains that give a new day its limit; `None` on a day that has one.
async fn portfolio(tx: &mut Tx, work: Arc<(Gate, Fault)>) -> Result<Option<i64>, StoreError> {
    let (gate, Fault { actor, at, .. }) = &*work;
    let Some(facts) = tx.account_facts(&actor.registrar, &actor.user).await? else { return Ok(None) };
    let policy = &gate.account_rules(facts.profile.as_deref())?.hit;
    if knows_limit(&facts.hit, policy, *at) {
        return Ok(None);
    }
    tx.hit_portfolio(&actor.registrar, policy.limit.domains_that_matter(), policy.portfolio_of(*at))
        .await
        .map(Some)
}

async fn settle(
    tx: &mut Tx,
    gate: &Gate,
    fault: &Fault,
    portfolio: Option<i64>,
) -> Result<Refusal, StoreError> {
    // Taken here, in the order of the points, so that the registrar's messages are in that order too.
    let (of, now) = (&fault.actor.registrar, gate.clock().now().max(fault.at));
    let facts = match admit(tx, gate, &fault.actor).await? {
        Ok(facts) => facts,
        Err(closed) => return Ok(closed),
    };
    let policy = &facts.rules.hit;
    let domains = match portfolio {
        Some(domains) => domains,
        None if knows_limit(&facts.hit, policy, now) => 0,
        None => tx.hit_portfolio(of, policy.limit.domains_that_matter(), policy.portfolio_of(now)).await?,
    };
    let mut row = counted(tx, of, facts.hit, policy, now, domains).await?;
    let (mut refusal, mut cost) = (fault.refusal.clone(), 0);
    match kept_out(policy, &row, fault.command, now) {
        // What could not be read is answered as such, block or not.
        Some(_) if fault.owed == Owed::Look => return Ok(refusal),
        Some(barred) => {
            refusal = barred;
            if policy.block.refused_extends {
                row.blocked_until = Some(now.plus_seconds(policy.block.for_s));
                tx.hit_state_put(of, &row).await?;
            }
        }
        None => cost = price(tx, policy, fault).await?,
    }
    if cost == 0 && fault.owed == Owed::Look {
        return Ok(refusal);
    }
    let mut cx = gate.cx(tx, now, &fault.actor, fault.cltrid.as_ref(), &fault.svtrid);
    let line = effect::Line {
        command: fault.command,
        object: &fault.object,
        cltrid: fault.cltrid.as_ref(),
        svtrid: &fault.svtrid,
    };
    effect::note_refusal(&mut cx, &line, &refusal).await?;
    if cost > 0 {
        charge(&mut cx, policy, fault, row, cost).await?;
    }
    Ok(refusal)
}

/// What the fault costs, a lost race counted in.
async fn price(tx: &mut Tx, policy: &HitPolicy, fault: &Fault) -> Result<i64, StoreError> {
    let (refusal, command) = (&fault.refusal, fault.command);
    let (code, tag) = (refusal.code(), refusal.reason.tag());
    let cost = match refusal.reason {
        // Only a rule that says so sends its refusals here.
        Reason::RateLimited | Reason::RateLimitedEnd => rate_points(policy, command, code, tag),
        _ => points(policy, command, code, tag),
    };
    if cost == 0 || !policy.scores_door(fault.actor.source) {
        return Ok(0);
    }
    if is_exempt(tx, policy, command, &fault.object).await? {
        return Ok(0);
    }
    if command != "domain:create" || refusal.reason != Reason::Exists {
        return Ok(cost);
    }
    let Ok(name) = DomainName::parse(&fault.object) else { return Ok(cost) };
    let winner = tx.domain_by_name(&name).await?;
    let lost = winner.is_some_and(|won| {
        won.creator != fault.actor.registrar && lost_race(policy, won.created_at, fault.at)
    });
    Ok(if lost { 0 } else { cost })
}

/// Whether a command's faults cost nothing on an object, for a mark that it has now.
///
/// # Errors
/// The database's trouble.
pub async fn is_exempt(
    tx: &mut Tx,
    policy: &HitPolicy,
    command: &str,
    object: &str,
) -> Result<bool, StoreError> {
    for exempt in policy.exempt_domain_flags.iter().filter(|exempt| exempt.op.fits(command, true)) {
        if let Some(mark) = Mark::parse(&exempt.flag)
            && tx.has_mark(object, mark).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds the points, notes what they were for and tells the registrar where it has to know.
async fn charge(
    cx: &mut Cx<'_>,
    policy: &HitPolicy,
    fault: &Fault,
    mut row: HitRow,
    cost: i64,
) -> Result<(), StoreError> {
    let of = &fault.actor.registrar;
    let event = HitEvent {
        id: cx.ids.next(),
        registrar: of.clone(),
        at: cx.now,
        object: fault.object.clone(),
        communication: communication(fault.command),
        reference: fault.svtrid.clone(),
        points: cost,
        code: fault.refusal.code().into(),
        reason: fault.refusal.reason.tag().to_owned(),
        source: fault.actor.source.to_owned(),
    };
    cx.tx.hit_event(&event).await?;
    let crossed = add(&mut row, policy, cost, cx.now);
    cx.tx.hit_state_put(of, &row).await?;
    for crossed in crossed {
        deliver(cx, of, &told(crossed, policy, &row)).await?;
    }
    Ok(())
}

fn told(crossed: Crossed, policy: &HitPolicy, row: &HitRow) -> Notice {
    match crossed {
        Crossed::Warning { level } => {
            Notice::HitpointsWarning { level, points: row.points, limit: limit(row) }
        }
        Crossed::Limit { level } => {
            let until = row.blocked_until.map(|until| policy.zone.show(until)).unwrap_or_default();
            Notice::HitpointsReached { level, until }
        }
    }
}
