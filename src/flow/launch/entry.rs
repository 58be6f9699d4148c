//! What a create is in the launch of its zone.

use crate::clock::Ts;
use crate::epp::command::DomainCreate;
use crate::epp::types::{ClaimsNotice, LaunchCreate, LaunchPhaseName, Launching};
use crate::flow::zone::Zone;
use crate::gate::{Cx, Stop};
use crate::policy::LaunchForm;
use crate::refusal::Reason;
use crate::store::StoreError;
use crate::store::launch::ApplicationRow;

use super::proof::Proven;
use super::{notice, proof};

/// What a create is.
#[derive(Debug)]
pub enum Entry {
    /// A registration that no phase is noted of.
    Plain,
    /// A registration of a phase.
    Registration(Box<Kept>),
    /// An application.
    Application(Box<Kept>),
    /// An application becomes a registration.
    Granted(Box<ApplicationRow>),
}

impl Entry {
    /// When it was asked for.
    #[must_use]
    pub fn asked_at(&self, now: Ts) -> Ts {
        match self {
            Self::Granted(row) => row.created_at,
            _ => now,
        }
    }
}

/// What is kept of a create in a phase.
#[derive(Debug)]
pub struct Kept {
    /// The phase.
    pub phase: LaunchPhaseName,
    /// Its proofs.
    pub proofs: Vec<Proven>,
    /// Its notices.
    pub notices: Vec<ClaimsNotice>,
}

/// Finds out what a create is, and refuses it where its phase does.
///
/// # Errors
/// The refusals of a create that are named for it, or the database's trouble.
pub async fn entry(cx: &mut Cx<'_>, command: &DomainCreate, zone: &Zone) -> Result<Entry, Stop> {
    let policy = &zone.policy.launch;
    match &command.launch {
        Some(Launching::Granted(id)) => match cx.tx.application_by_id(*id).await? {
            Some(row) => Ok(Entry::Granted(Box::new(row))),
            None => Err(StoreError::Shape("an application is gone while it is allocated").into()),
        },
        Some(Launching::Asked(asked)) => named(cx, command, asked, zone).await,
        None if policy.phases.is_empty() => Ok(Entry::Plain),
        None => {
            let phase = super::plain(policy, &command.name, cx.now)?;
            super::within(phase, &command.name)?;
            notice::judge(cx, &command.name, &[], phase, policy).await?;
            Ok(Entry::Plain)
        }
    }
}

async fn named(
    cx: &mut Cx<'_>,
    command: &DomainCreate,
    asked: &LaunchCreate,
    zone: &Zone,
) -> Result<Entry, Stop> {
    let policy = &zone.policy.launch;
    let phase = super::phase(policy, &asked.phase, cx.now)?;
    if asked.object.is_some_and(|object| object.name() != phase.form.name()) {
        return Err(super::on(Reason::LaunchObjectType, "create", "").detail(phase.form.name()).into());
    }
    super::within(phase, &command.name)?;
    let proofs = proof::judge(cx, &command.name, &asked.proofs, phase, policy).await?;
    notice::judge(cx, &command.name, &asked.notices, phase, policy).await?;
    let kept = Box::new(Kept { phase: asked.phase.clone(), proofs, notices: asked.notices.clone() });
    Ok(match phase.form {
        LaunchForm::Application => Entry::Application(kept),
        LaunchForm::Registration => Entry::Registration(kept),
    })
}
