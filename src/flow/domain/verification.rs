//! A registered domain whose holder has yet to prove an identity: published meanwhile, or on hold until then.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::epp::notice::{Notice, Waiting};
use crate::epp::types::DomainStatus;
use crate::flow::pending::{self, Decision, Stands};
use crate::gate::{Cx, Stop};
use crate::policy::ZonePolicy;
use crate::store::pending::{PendingKind, PendingRow, Waits};

/// What is to be done: the data of the action.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    /// Whether the domain is on hold for it.
    held: bool,
}

/// Begins to wait for the holder of a domain that was just registered.
///
/// # Errors
/// The database's trouble.
pub(super) async fn begin(
    cx: &mut Cx<'_>,
    registration: &PendingRow,
    held: bool,
    policy: &ZonePolicy,
) -> Result<(), Stop> {
    let object = (registration.object, registration.name.clone());
    let until = cx.now.plus_days(policy.verification.days);
    let row =
        pending::begun(cx, PendingKind::Verification, object, (Waits::Identity, until), &Asked { held })?;
    // The command that asked is the registration's, and so is its registrar.
    let PendingRow { registrar, cltrid, svtrid, .. } = registration.clone();
    Ok(cx.tx.pending_insert(&PendingRow { registrar, cltrid, svtrid, ..row }).await?)
}

/// Whether a domain is on hold until its holder proves an identity.
///
/// # Errors
/// The database's trouble.
pub(super) async fn holds(cx: &mut Cx<'_>, domain: i64) -> Result<bool, Stop> {
    for row in cx.tx.pending_of(domain).await? {
        if row.kind == PendingKind::Verification && pending::data::<Asked>(&row)?.held {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What becomes of the domain after a decision: published, or on hold for good.
///
/// # Errors
/// The database's trouble.
pub(crate) async fn decide(cx: &mut Cx<'_>, row: PendingRow, decision: Decision) -> Result<Stands, Stop> {
    let asked: Asked = pending::data(&row)?;
    cx.tx.pending_delete(row.id).await?;
    let Some(mut domain) = cx.tx.domain_by_id(row.object).await? else { return Ok(Stands::Failed) };
    let proven = matches!(decision, Decision::Accept | Decision::Complete(_) | Decision::Cancel);
    if proven {
        if decision == Decision::Accept
            && let Some(holder) = domain.registrant
        {
            cx.tx.contact_identified(holder, cx.now).await?;
        }
        // Name servers that the registry took stay taken.
        let marks = cx.tx.marks_of(domain.id).await?;
        if asked.held && !marks.iter().any(|row| row.mark.statuses().contains(&DomainStatus::ServerHold)) {
            domain.statuses.remove(DomainStatus::ServerHold);
        }
    } else {
        domain.statuses.insert(DomainStatus::ServerHold, None);
    }
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(&domain).await?;
    let name = domain.name.clone();
    let told = match (proven, asked.held) {
        (true, true) => Waiting::DomainActivated(name),
        (true, false) => Waiting::IdentityProven(name),
        (false, _) => Waiting::IdentityNotProven { domain: name, expired: decision == Decision::TimeOut },
    };
    cx.notify(&domain.registrar, Notice::Waiting(told));
    cx.changed(domain.name.as_str(), json!({ "verification": { "proven": proven } }));
    Ok(if proven { Stands::Done } else { Stands::Failed })
}
