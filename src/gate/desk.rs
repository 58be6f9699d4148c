//! The registrar's desk: a command of a registrar's staff, for whom no EPP session is open. The portal and the
//! operator's `domesday desk` come this way.
//!
//! The order is that of every command: account and user, block, meta-roles, limits of the account, rules, effects,
//! audit row with the source `web`, and points where `account.hit.score_web` says so. Not asked are what belongs to a
//! connection: services named at login, the address list for EPP (the portal has its own), limits by address, and
//! errors in a row.

use std::sync::Arc;
use std::time::Instant;

use super::account::{Ending, Unsettled};
use super::{Actor, Asked, Gate, Login, Trace, hit, internal, rate};
use crate::clock::Ts;
use crate::epp::command::{Command, Envelope};
use crate::epp::ns::Ns;
use crate::epp::reply::{Outcome, Response};
use crate::epp::types::{Lang, RegistrarId};
use crate::flow;
use crate::refusal::{Reason, Refusal};

impl Gate {
    /// Executes a command of that user of that account.
    pub async fn execute_at_desk(
        &self,
        account: &RegistrarId,
        user: &RegistrarId,
        command: Command,
    ) -> (Response, Trace) {
        self.at_desk(account, user, command, false).await
    }

    /// Tries a command out: the answer is what it would be, and nothing is changed, audited, counted or scored. Only a
    /// wrong code is counted: guesses would be free else.
    pub async fn rehearse_at_desk(
        &self,
        account: &RegistrarId,
        user: &RegistrarId,
        command: Command,
    ) -> (Response, Trace) {
        self.at_desk(account, user, command, true).await
    }

    async fn at_desk(
        &self,
        account: &RegistrarId,
        user: &RegistrarId,
        mut command: Command,
        dry: bool,
    ) -> (Response, Trace) {
        let begun = Instant::now();
        let (svtrid, at) = (self.numbered(Some(&command)), self.clock().now());
        let actor = Arc::new(Actor {
            registrar: account.clone(),
            user: user.clone(),
            source: "web",
            lang: Lang::En,
            objects: Ns::OBJECTS.to_vec(),
            extensions: self.extensions().to_vec(),
        });
        let written = self.write_out(&mut command).await;
        let (name, object) = (flow::spec(&command).name, flow::target(&command));
        let mut trace = Trace { command: name, ..Trace::default() };
        (trace.registrar, trace.user) = (Some(account.to_string()), Some(user.to_string()));
        let (extensions, unknown_extensions) = Default::default();
        let envelope = Box::new(Envelope { command, extensions, unknown_extensions, cltrid: None });
        let asked = Asked { envelope, actor: Arc::clone(&actor), now: at, svtrid: svtrid.clone(), dry };
        let ending = match written {
            Ok(()) => self.judge_at_desk(asked).await,
            Err(cause) => Err(internal(&cause, name, &svtrid).into()),
        };
        let outcome = match ending {
            Ok(reply) => Outcome::Done(reply),
            Err(Unsettled { refusal, .. }) if dry => {
                Outcome::Refused(self.guessed(account, (name, &object), refusal, &svtrid, at).await)
            }
            Err(unsettled) => {
                let said = hit::Said { command: name, object, cltrid: None, svtrid: &svtrid, at };
                Outcome::Refused(self.settled(Some(Arc::clone(&actor)), unsettled, said).await)
            }
        };
        let code = match &outcome {
            Outcome::Done(reply) => reply.code(),
            Outcome::Refused(refusal) => {
                trace.reason = Some(refusal.reason.tag());
                refusal.code()
            }
        };
        trace.gate = begun.elapsed();
        let services = actor.services();
        (Response { outcome, code, cltrid: None, svtrid, lang: Lang::En, services }, trace)
    }

    /// Counts a wrong code that was tried out.
    async fn guessed(
        &self,
        account: &RegistrarId,
        (command, object): (&'static str, &str),
        refusal: Refusal,
        svtrid: &str,
        at: Ts,
    ) -> Refusal {
        let tried = Arc::new((account.clone(), object.to_owned(), refusal.clone()));
        let counted = self.db().write(move |tx| {
            let tried = Arc::clone(&tried);
            Box::pin(async move {
                let (account, object, refusal) = &*tried;
                flow::token::count_wrong(tx, account, (command, object), refusal, at).await
            })
        });
        match counted.await {
            Ok(()) => refusal,
            Err(cause) => internal(&cause, command, svtrid),
        }
    }

    /// The policy order, as far as it belongs to no connection.
    async fn judge_at_desk(&self, asked: Asked) -> Ending {
        let spec = flow::spec(&asked.envelope.command);
        // A session is begun and ended where there is one.
        if spec.login == Login::Forbidden || matches!(asked.envelope.command, Command::Logout) {
            return Err(Reason::NotOffered.into());
        }
        if !asked.dry {
            rate::check(self, Some(Arc::clone(&asked.actor)), None, spec, &asked.svtrid).await?;
        }
        self.run(asked).await
    }
}
