//! The launch of a zone (RFC 8334): which phase holds, who needs a claims notice or a proof of a trademark, and the
//! applications of which the registry chooses.
//!
//! ```text
//! check        claims, trademark and availability checks
//! entry        what a create is: plain, a registration of a phase, or an application
//! proof        proofs of trademarks
//! notice       claims notices
//! application  applications: made, shown, withdrawn
//! change       applications: changed
//! decide       what the registry decides about them
//! list         lists of claims and of revoked marks, and whom the registry trusts
//! ```
//!
//! A zone without phases is open to everybody, and knows nothing of all this.

mod application;
mod change;
pub mod check;
pub mod decide;
mod entry;
pub mod list;
mod notice;
mod proof;

pub use application::{delete, info, registration};
pub use change::update;
pub use entry::{Entry, entry};

use crate::clock::Ts;
use crate::epp::command::DomainCreate;
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{DomainName, LaunchPhaseName};
use crate::gate::{Cx, Stop};
use crate::policy::{LaunchForm, LaunchPhase, LaunchPhaseKind, LaunchPolicy, ProofRule};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::launch::RegistrationRow;
use crate::store::link::Named;

/// The phase that a client names, while it is in force.
///
/// # Errors
/// [`Reason::WrongLaunchPhase`]
pub(super) fn phase<'p>(
    policy: &'p LaunchPolicy,
    asked: &LaunchPhaseName,
    now: Ts,
) -> Result<&'p LaunchPhase, Refusal> {
    let found = policy.phases.iter().find(|phase| is(phase, asked) && phase.covers(now));
    found.ok_or_else(|| on_phase(Reason::WrongLaunchPhase, asked))
}

fn is(phase: &LaunchPhase, asked: &LaunchPhaseName) -> bool {
    phase.is(asked.kind.name(), asked.name.as_deref())
}

/// The phase by which somebody registers who names none.
///
/// # Errors
/// [`Reason::NoLaunchPhase`], [`Reason::LaunchPhaseMissing`]
pub(super) fn plain<'p>(
    policy: &'p LaunchPolicy,
    name: &DomainName,
    now: Ts,
) -> Result<&'p LaunchPhase, Refusal> {
    let mut held = policy.phases.iter().filter(|phase| phase.covers(now)).peekable();
    if held.peek().is_none() {
        return Err(super::domain::on_name(Reason::NoLaunchPhase, name));
    }
    let open = |phase: &&LaunchPhase| {
        matches!(phase.phase, LaunchPhaseKind::Open | LaunchPhaseKind::Claims)
            && phase.form == LaunchForm::Registration
            && phase.proof != ProofRule::Required
    };
    held.find(open).ok_or_else(|| super::domain::on_name(Reason::LaunchPhaseMissing, name))
}

/// Whether a name can be had in a phase.
///
/// # Errors
/// [`Reason::NotInLaunchPhase`]
pub(super) fn within(phase: &LaunchPhase, name: &DomainName) -> Result<(), Refusal> {
    if phase.labels.is_empty() || phase.labels.iter().any(|label| label == name.first_label()) {
        return Ok(());
    }
    Err(super::domain::on_name(Reason::NotInLaunchPhase, name))
}

/// Makes an application of a create that is one; everything else goes on.
///
/// # Errors
/// What keeps it from being made.
pub async fn apply(
    cx: &mut Cx<'_>,
    command: &DomainCreate,
    domain: &DomainRow,
    found: &Named,
    (entry, months): (&Entry, i32),
) -> Result<Option<Reply>, Stop> {
    match entry {
        Entry::Application(kept) => {
            application::apply(cx, command, domain, found, (kept, months)).await.map(Some)
        }
        Entry::Plain | Entry::Registration(_) | Entry::Granted(_) => Ok(None),
    }
}

/// Notes in which phase a domain was registered; one that was applied for gets the authorization information of its
/// application.
///
/// # Errors
/// The database's trouble.
pub async fn registered(cx: &mut Cx<'_>, domain: &mut DomainRow, entry: &Entry) -> Result<(), Stop> {
    let row = match entry {
        Entry::Plain | Entry::Application(_) => return Ok(()),
        Entry::Registration(kept) => {
            let (phase, proofs) = (kept.phase.clone(), application::written(&kept.proofs)?);
            RegistrationRow { phase, application: None, proofs }
        }
        Entry::Granted(row) => {
            if row.auth.is_some() {
                domain.auth.clone_from(&row.auth);
                cx.tx.domain_update(domain).await?;
            }
            let proofs = application::written(&application::data(row)?.proofs)?;
            RegistrationRow { phase: row.phase.clone(), application: Some(row.id), proofs }
        }
    };
    Ok(cx.tx.launch_registered(domain.id, &row).await?)
}

/// A refusal that names the phase.
pub(super) fn on_phase(reason: Reason, phase: &LaunchPhaseName) -> Refusal {
    on(reason, "phase", phase.kind.name())
}

/// A refusal that names an element of the extension.
fn on(reason: Reason, element: &'static str, text: impl Into<String>) -> Refusal {
    Refusal::new(reason).on(Ns::Ext(Ext::Launch), element, text)
}
