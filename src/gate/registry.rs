//! Work of the registry itself, by a job or an operator: the same effects and the same audit as a command's.

use std::sync::Arc;

use super::{Actor, Cx, Ended, Gate, Stop, effect};
use crate::clock::Ts;
use crate::epp::reply::Reply;
use crate::epp::types::{Lang, RegistrarId};
use crate::store::{StoreError, Task};

/// A piece of the registry's own work: a closure that may have to run again, in a transaction of its own.
pub trait Work<T>:
    for<'a, 't> Fn(&'a mut Cx<'t>) -> Task<'a, Result<T, Stop>> + Send + Sync + 'static
{
}

impl<T, F> Work<T> for F where
    F: for<'a, 't> Fn(&'a mut Cx<'t>) -> Task<'a, Result<T, Stop>> + Send + Sync + 'static
{
}

impl Gate {
    /// Runs a piece of timed work through the same effects and the same audit as a command. The work says whether
    /// there was anything to do; where there was not, nothing is left, no audit row either.
    ///
    /// # Errors
    /// What kept the work from being durable.
    pub async fn run_job<F>(&self, command: &'static str, object: String, work: F) -> Result<bool, StoreError>
    where
        F: Work<bool>,
    {
        let work = Arc::new(work);
        self.run_registry("job", command, object, move |cx| {
            let work = Arc::clone(&work);
            Box::pin(async move {
                let done = work(cx).await?;
                Ok(if done { Ended::Keep(true) } else { Ended::Undo(false) })
            })
        })
        .await
    }

    /// Runs a piece of timed work as of the moment it was due: by that moment it reckons, and that moment it leaves in
    /// its rows and effects, however late it is done. Work that ends in [`Ended::Undo`] leaves nothing.
    ///
    /// # Errors
    /// What kept the work from being durable.
    pub async fn run_due<T, F>(
        &self,
        at: Ts,
        command: &'static str,
        object: String,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Work<Ended<T>>,
    {
        let by = self.names().registry.clone();
        self.run_as_of(at.min(self.clock().now()), (&by, "job"), command, object, work).await
    }

    /// Runs work of the registry itself that came by that door (`job`, `cli`), through the same effects and the
    /// same audit as a command. Work that ends in [`Ended::Undo`] leaves nothing, no audit row either.
    ///
    /// # Errors
    /// What kept the work from being durable.
    pub async fn run_registry<T, F>(
        &self,
        source: &'static str,
        command: &'static str,
        object: String,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Work<Ended<T>>,
    {
        let by = self.names().registry.clone();
        self.run_as_of(self.clock().now(), (&by, source), command, object, work).await
    }

    /// As [`Self::run_registry`], for a registrar: what the work creates is that registrar's, who asked for it
    /// before. The registry is the user that acts.
    ///
    /// # Errors
    /// What kept the work from being durable.
    pub async fn run_for<T, F>(
        &self,
        registrar: &RegistrarId,
        source: &'static str,
        command: &'static str,
        object: String,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Work<Ended<T>>,
    {
        self.run_as_of(self.clock().now(), (registrar, source), command, object, work).await
    }

    async fn run_as_of<T, F>(
        &self,
        now: Ts,
        (by, source): (&RegistrarId, &'static str),
        command: &'static str,
        object: String,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Work<Ended<T>>,
    {
        let registry = self.names().registry.clone();
        let actor = Actor {
            registrar: by.clone(),
            user: registry,
            source,
            lang: Lang::En,
            objects: Vec::new(),
            extensions: Vec::new(),
        };
        let shared = Arc::new((self.clone(), actor, now, self.ids().svtrid(), object, work));
        self.db()
            .write(move |tx| {
                let shared = Arc::clone(&shared);
                Box::pin(async move {
                    let (gate, actor, now, svtrid, object, work) = &*shared;
                    let mut cx = gate.cx(tx, *now, actor, None, svtrid);
                    let done = match work(&mut cx).await {
                        Ok(Ended::Keep(done)) => done,
                        Ok(Ended::Undo(done)) => return cx.tx.undo().await.map(|()| done),
                        Err(Stop::Store(cause)) => return Err(cause),
                        Err(Stop::Refused(refusal)) => return Err(StoreError::Database(refusal.to_string())),
                    };
                    let line = effect::Line { command, object, cltrid: None, svtrid };
                    effect::conclude(&mut cx, &line, &Ok(Reply::Done)).await?;
                    Ok(done)
                })
            })
            .await
    }
}
