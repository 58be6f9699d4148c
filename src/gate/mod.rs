//! The policy order every command goes through, whichever door it came by.
//!
//! [`Gate::execute`] is that order, read from top to bottom. What it hands a flow, the [`Cx`], can be made nowhere
//! else, so no flow runs ungated. A refused command is undone and leaves its audit row; a command that is done
//! writes its effects and its audit row in its own transaction, so they cannot disagree.
//!
//! Length: the order is one piece, and is read as one.

mod account;
mod change;
mod contract;
mod desk;
mod door;
mod effect;
mod ext;
pub mod hit;
pub mod notice;
mod number;
pub mod protected;
pub mod rate;
mod registry;
mod role;
mod service;
mod short_name;
mod streak;
mod turn;

use std::sync::Arc;
use std::time::{Duration, Instant};

use account::{Ending, Owed, Unsettled};
pub use change::Change;
pub use contract::{Access, Actor, Cx, Effect, Ended, Login, Peer, Session, Spec, Stop};
pub use registry::Work;
use service::{check_login, check_object};
pub use streak::Streak;

use crate::clock::{Clock, Ts};
use crate::epp::command::{Command, Envelope, Rejected};
use crate::epp::ext::Ext;
use crate::epp::ns::{Ns, Services};
use crate::epp::reply::{Outcome, Reply, Response};
use crate::epp::types::{ClTrid, Lang, Secret};
use crate::flow;
use crate::policy::{AccountPolicy, Policies, Profile, covers};
use crate::refusal::{Reason, Refusal};
use crate::store::{Db, Ids, StoreError};

/// One registry in one process: its database, rules, clock and identifiers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    ids: Ids,
    clock: Clock,
    policies: Policies,
    profile: Arc<Profile>,
    names: Names,
    /// The extensions the server speaks.
    extensions: Vec<Ext>,
    hasher: flow::session::password::Hasher,
    rates: rate::Rates,
    turned_away: door::TurnedAway,
    /// Accounts' refusals, one after the other.
    faults: turn::Lines,
    turns: turn::Turns,
    token_key: Secret,
}

/// What this registry calls itself.
#[derive(Clone, Debug)]
pub struct Names {
    /// `svID` of the greeting, 3 to 64 characters.
    pub server: String,
    /// What stands behind the hyphen of a roid, 1 to 8 word characters.
    pub repository: String,
    /// The identifier that acts when the registry itself does, as `upID` and `acID` show it.
    pub registry: crate::epp::types::RegistrarId,
}

/// What a command cost and who gave it: for the one log line and the metrics.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// `object:verb`.
    pub command: &'static str,
    /// The account, once known.
    pub registrar: Option<String>,
    /// The user, once known.
    pub user: Option<String>,
    /// Tag of the reason of a refusal.
    pub reason: Option<&'static str>,
    /// From the gate's first line to its last.
    pub gate: Duration,
    /// The part of it in the database, the wait for it and the commit included.
    pub store: Duration,
}

/// A command of somebody who is known, as it goes to the database.
struct Asked {
    envelope: Box<Envelope>,
    actor: Arc<Actor>,
    now: Ts,
    svtrid: String,
    /// Whether nothing of it is kept.
    dry: bool,
}

impl Gate {
    /// A gate in front of that database. The profile rules the server and its accounts; zones name their own.
    ///
    /// # Errors
    /// When the profile is unknown.
    pub fn new(
        db: Db,
        ids: Ids,
        clock: Clock,
        policies: Policies,
        profile: &str,
        names: Names,
    ) -> Result<Self, crate::policy::PolicyError> {
        let profile = policies.profile(profile)?;
        rate::check_profiles(&policies)?;
        notice::check_profiles(&policies)?;
        let extensions = ext::announced(&policies, &profile)?;
        let hasher = flow::session::password::Hasher::default();
        let (rates, faults, turns) = <(rate::Rates, turn::Lines, turn::Turns)>::default();
        let turned_away = door::TurnedAway::default();
        let inner = Inner {
            db,
            ids,
            clock,
            policies,
            profile,
            names,
            extensions,
            hasher,
            rates,
            faults,
            turns,
            turned_away,
            token_key: Secret::default(),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The gate with the key that codes of the registry's making are worked out with; all servers on a database have
    /// the same. For a gate that was not cloned yet.
    #[must_use]
    pub fn with_token_key(mut self, key: Secret) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.token_key = key;
        }
        self
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Where identifiers come from.
    #[must_use]
    pub fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The profile of the server and its accounts.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.0.profile
    }

    /// The rules of an account: those of the profile it was given, else the server's.
    ///
    /// # Errors
    /// When its profile is none this server knows: it was taken away since.
    pub fn account_rules(&self, profile: Option<&str>) -> Result<Arc<AccountPolicy>, StoreError> {
        account::rules_of(self.policies(), &self.profile().id, profile)
    }

    /// Every profile.
    #[must_use]
    pub fn policies(&self) -> &Policies {
        &self.0.policies
    }

    /// What this registry calls itself.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.0.names
    }

    /// The extensions the server speaks, in the order of the greeting.
    #[must_use]
    pub fn extensions(&self) -> &[Ext] {
        &self.0.extensions
    }

    pub(crate) fn hasher(&self) -> &flow::session::password::Hasher {
        &self.0.hasher
    }

    fn faults(&self) -> &turn::Lines {
        &self.0.faults
    }

    /// A session for a connection that finished its handshake.
    #[must_use]
    pub fn open(&self, peer: Peer) -> Session {
        Session { id: self.ids().next(), peer, actor: None, failures: 0, streak: Streak::default() }
    }

    /// Ends a session: it no longer counts against its account.
    ///
    /// # Errors
    /// When the database cannot be asked; the row is then swept once this process is gone.
    pub async fn close(&self, session: Session) -> Result<(), StoreError> {
        if session.actor.is_none() {
            return Ok(());
        }
        let id = session.id;
        self.db().write(move |tx| Box::pin(async move { tx.session_delete(id).await })).await
    }

    /// Executes one command, or answers the frame that could not become one.
    pub async fn execute(
        &self,
        session: &mut Session,
        request: Result<Box<Envelope>, Box<Rejected>>,
    ) -> (Response, Trace) {
        let begun = Instant::now();
        let (svtrid, at) =
            (self.numbered(request.as_deref().ok().map(|envelope| &envelope.command)), self.clock().now());
        let mut trace = Trace::default();
        let mut of_login = Services::default();
        let (ending, object, cltrid) = match request {
            Ok(mut envelope) => {
                of_login = ext::of_login(self.extensions(), &envelope.command);
                let written = self.write_out(&mut envelope.command).await;
                let (object, cltrid) = (flow::target(&envelope.command), envelope.cltrid.clone());
                trace.command = flow::spec(&envelope.command).name;
                let ending = match written {
                    Ok(()) => self.judge(session, envelope, &svtrid, at, &mut trace).await,
                    Err(cause) => Err(internal(&cause, trace.command, &svtrid).into()),
                };
                (ending, object, cltrid)
            }
            Err(rejected) => {
                trace.command = rejected.name;
                let refusal = number::refuse_frame(
                    session,
                    rejected.name,
                    self.recoded(rejected.name, rejected.refusal),
                );
                (Err(Unsettled { refusal, owed: Owed::Look }), String::new(), rejected.cltrid)
            }
        };
        let (lang, services) = match session.actor.as_deref() {
            None => (Lang::default(), of_login),
            Some(actor) => ext::reader(self.extensions(), actor),
        };
        let mut outcome = match ending {
            Ok(reply) => Outcome::Done(reply),
            Err(unsettled) => {
                let said =
                    hit::Said { command: trace.command, object, cltrid: cltrid.clone(), svtrid: &svtrid, at };
                let asked = Instant::now();
                let refusal = self.settled(session.actor.clone(), unsettled, said).await;
                trace.store += asked.elapsed();
                Outcome::Refused(refusal)
            }
        };
        let most = self.profile().server.session.same_error_disconnect;
        let last = session.streak.ending(&mut outcome, most);
        let code = last.unwrap_or_else(|| match &outcome {
            Outcome::Done(reply) => reply.code(),
            Outcome::Refused(refusal) => refusal.code(),
        });
        if let Outcome::Refused(refusal) = &outcome {
            trace.reason = Some(refusal.reason.tag());
        }
        if let Some(actor) = &session.actor {
            trace.registrar = Some(actor.registrar.to_string());
            trace.user = Some(actor.user.to_string());
        }
        if matches!(outcome, Outcome::Done(Reply::LoggedOut)) {
            self.log_out(session).await;
        }
        trace.gate = begun.elapsed();
        (Response { outcome, code, cltrid, svtrid, lang, services }, trace)
    }

    /// The policy order.
    async fn judge(
        &self,
        session: &mut Session,
        envelope: Box<Envelope>,
        svtrid: &str,
        now: Ts,
        trace: &mut Trace,
    ) -> Ending {
        let spec = flow::spec(&envelope.command);
        check_login(spec, session)?;
        self.check_address(session, svtrid).await?;
        self.check_cltrid(spec, &envelope)?;
        rate::check(self, session.actor.clone(), Some(session.peer.address), spec, svtrid).await?;
        ext::check(self.extensions(), session, &envelope)
            .and_then(|()| check_object(self, spec, session))
            .map_err(|refusal| Unsettled { refusal, owed: Owed::Look })?;
        match (&envelope.command, session.actor.clone()) {
            (Command::Login(login), _) => {
                Ok(flow::session::login::authenticate(self, session, login, svtrid).await?)
            }
            (_, None) => Err(Reason::NotLoggedIn.into()),
            (_, Some(actor)) => {
                let asked = Instant::now();
                let done =
                    self.run(Asked { envelope, actor, now, svtrid: svtrid.to_owned(), dry: false }).await;
                trace.store = asked.elapsed();
                done
            }
        }
    }

    /// Some commands need a clTRID where the server's profile says so.
    fn check_cltrid(&self, spec: &Spec, envelope: &Envelope) -> Result<(), Refusal> {
        let needs = || self.profile().server.cltrid.required.iter().any(|op| covers(op, spec.name));
        if envelope.cltrid.is_none() && needs() {
            return Err(Refusal::new(Reason::ClTridMissing).on(Ns::Epp, "clTRID", ""));
        }
        Ok(())
    }

    /// A frame that could not be read says by itself which zone it is of as little as it says a name; the rules of
    /// the server's profile hold.
    fn recoded(&self, command: &str, refusal: Refusal) -> Refusal {
        if refusal.reason == Reason::NameTooLong && command.starts_with("domain:") {
            return refusal.coded(self.profile().zone.name.overlong_code.get());
        }
        let is_period =
            refusal.at.as_ref().is_some_and(|at| at.name == "period" && at.uri == Ns::Domain.uri());
        if refusal.reason == Reason::BadValue && is_period {
            return refusal.coded(self.profile().zone.period.number_code.get());
        }
        refusal
    }

    /// Runs a command of an account past what is known of it, its limits and its rules.
    async fn run(&self, asked: Asked) -> Ending {
        match flow::spec(&asked.envelope.command).access {
            Access::Read => self.run_read(asked).await,
            Access::Write => self.run_write(asked).await,
        }
    }

    /// Runs a command that changes nothing, on a snapshot.
    async fn run_read(&self, asked: Asked) -> Ending {
        let gate = self.clone();
        let (name, svtrid) = (flow::spec(&asked.envelope.command).name, asked.svtrid.clone());
        let result = self
            .db()
            .read(move |tx| {
                Box::pin(async move {
                    let Asked { envelope, actor, now, svtrid, .. } = &asked;
                    let facts = match account::admit(tx, &gate, actor).await? {
                        Ok(facts) => facts,
                        Err(closed) => return Ok(Err(closed.into())),
                    };
                    if let Some(barred) = hit::barred(&facts, name, *now) {
                        return Ok(Err(barred));
                    }
                    if let Err(missing) = role::check(&envelope.command, &facts.rules.roles, &facts.roles) {
                        return Ok(Err(hit::owing(&facts, actor, name, missing)));
                    }
                    let mut cx = gate.cx(tx, *now, actor, envelope.cltrid.as_ref(), svtrid);
                    cx.admit(&facts);
                    let outcome = settle(flow::run(&envelope.command, &mut cx).await)?;
                    let owing = |refusal| hit::owing(&facts, actor, name, refusal);
                    Ok(outcome.map_err(owing).map_err(account::guessing))
                })
            })
            .await;
        result.unwrap_or_else(|cause| Err(internal(&cause, name, &svtrid).into()))
    }

    /// Runs a command that may change something: its rows, its effects and its audit row, or its refusal's. A dry run
    /// leaves nothing, and what it is refused costs nothing.
    async fn run_write(&self, asked: Asked) -> Ending {
        let (name, svtrid) = (flow::spec(&asked.envelope.command).name, asked.svtrid.clone());
        let _turn = match self.db().runs_side_by_side() {
            true => self.0.turns.turn(&asked.actor.registrar, name).await,
            false => None,
        };
        let work = Arc::new((self.clone(), asked));
        let result = self
            .db()
            .write(move |tx| {
                let work = Arc::clone(&work);
                Box::pin(async move {
                    let (gate, Asked { envelope, actor, now, svtrid, dry }) = &*work;
                    let cltrid = envelope.cltrid.as_ref();
                    let admitted = account::admit(tx, gate, actor).await?;
                    let mut cx = gate.cx(tx, *now, actor, cltrid, svtrid);
                    if let Ok(facts) = &admitted {
                        cx.admit(facts);
                    }
                    let ending = match &admitted {
                        Err(closed) => Err(closed.clone().into()),
                        Ok(facts) => through(facts, &envelope.command, &mut cx).await?,
                    };
                    if *dry {
                        let told = ending.map_err(|unsettled| unsettled.refusal.into());
                        return cx.tx.undo().await.map(|()| told);
                    }
                    let outcome = match ending {
                        Err(unsettled) if unsettled.owed != Owed::Nothing => {
                            return cx.tx.undo().await.map(|()| Err(unsettled));
                        }
                        Err(Unsettled { refusal, .. }) => Err(refusal),
                        Ok(reply) => Ok(reply),
                    };
                    let target = flow::target(&envelope.command);
                    let line = effect::Line { command: name, object: &target, cltrid, svtrid };
                    effect::conclude(&mut cx, &line, &outcome).await?;
                    if cx.has_charged() {
                        gate.0.turns.charged(&actor.registrar, name);
                    }
                    Ok(outcome.map_err(Unsettled::from))
                })
            })
            .await;
        result.unwrap_or_else(|cause| Err(internal(&cause, name, &svtrid).into()))
    }

    fn cx<'t>(
        &'t self,
        tx: &'t mut crate::store::Tx,
        now: Ts,
        actor: &'t Actor,
        cltrid: Option<&'t ClTrid>,
        svtrid: &'t str,
    ) -> Cx<'t> {
        let Inner { ids, policies, profile, names, token_key, .. } = &*self.0;
        Cx::new(tx, now, actor, policies, profile, ids, cltrid, svtrid, names, token_key)
    }

    async fn log_out(&self, session: &mut Session) {
        let id = session.id;
        if session.actor.take().is_some()
            && let Err(cause) =
                self.db().write(move |tx| Box::pin(async move { tx.session_delete(id).await })).await
        {
            tracing::error!(%cause, session = id, "a session's row was not removed");
        }
    }
}

/// Runs a command of an account past its block, its roles and its limits.
async fn through(
    facts: &account::AccountFacts,
    command: &Command,
    cx: &mut Cx<'_>,
) -> Result<Ending, StoreError> {
    let name = flow::spec(command).name;
    if let Some(barred) = hit::barred(facts, name, cx.now) {
        return Ok(Err(barred));
    }
    if let Err(missing) = role::check(command, &facts.rules.roles, &facts.roles) {
        return Ok(Err(hit::owing(facts, cx.actor, name, missing)));
    }
    let of = &cx.actor.registrar;
    match protected::count(cx.tx, cx.now, of, command, &facts.rules.protected).await? {
        Ok(Some(last)) => cx.notify(of, last),
        Ok(None) => {}
        Err(limited) => return Ok(Err(limited.into())),
    }
    let done = settle(flow::run(command, cx).await)?;
    Ok(done.map_err(|refusal| hit::owing(facts, cx.actor, name, refusal)))
}

/// A refusal is an outcome; only the database's own troubles are errors, because they may ask for another run.
fn settle(result: Result<Reply, Stop>) -> Result<Result<Reply, Refusal>, StoreError> {
    match result {
        Ok(reply) => Ok(Ok(reply)),
        Err(Stop::Refused(refusal)) => Ok(Err(*refusal)),
        Err(Stop::Store(cause)) => Err(cause),
    }
}

/// The one place an internal error is logged; the registrar sees 2400 without detail.
pub(crate) fn internal(cause: &StoreError, command: &str, svtrid: &str) -> Refusal {
    tracing::error!(%cause, command, svtrid, "a command failed inside the server");
    Reason::Internal.into()
}
