//! What the registry decides about applications: whether they follow its rules, and which of them becomes the
//! registration. Whoever applied is told of each step (RFC 8334 section 2.5).

use serde_json::json;

use super::application::{charge, data, launch_of, object, shown};
use crate::epp::notice::{ApplicationNotice, Notice};
use crate::epp::reply::{ApplicationEnd, PendingData, Reply};
use crate::epp::types::{ApplicationStatus, LaunchStatus, Launching};
use crate::flow::{domain, money};
use crate::gate::{Cx, Stop};
use crate::refusal::Refusal;
use crate::store::launch::ApplicationRow;

/// Why a decision is not made.
#[derive(Debug)]
pub enum Undecided {
    /// There is no such application.
    Gone,
    /// It was decided, or stands otherwise than the step asks.
    Stands(ApplicationStatus),
    /// It cannot be registered now.
    Refused(Refusal),
}

/// How a decision went.
pub type Decided<T> = Result<T, Undecided>;

/// From where a step of the registry leads to a status that is not final.
fn permits(from: ApplicationStatus, to: ApplicationStatus) -> bool {
    use ApplicationStatus as S;
    match to {
        S::PendingValidation => matches!(from, S::Invalid | S::Custom),
        S::Validated => matches!(from, S::PendingValidation | S::Invalid | S::Custom),
        S::Invalid => !from.is_final() && from != S::Invalid,
        S::PendingAllocation => matches!(from, S::Validated | S::Custom),
        S::Custom => !from.is_final(),
        S::Allocated | S::Rejected => false,
    }
}

/// Moves an application to a status that is not final.
///
/// # Errors
/// The database's trouble.
pub async fn step(cx: &mut Cx<'_>, id: i64, to: LaunchStatus) -> Result<Decided<ApplicationRow>, Stop> {
    let Some(mut row) = cx.tx.application_by_id(id).await? else { return Ok(Err(Undecided::Gone)) };
    if !permits(row.status.status, to.status) {
        return Ok(Err(Undecided::Stands(row.status.status)));
    }
    move_to(cx, &mut row, to).await?;
    let data = Box::new(shown(cx, &row)?);
    cx.notify(&row.registrar, Notice::Application(ApplicationNotice::Changed(data)));
    Ok(Ok(row))
}

/// Rejects an application; what it reserved is free again.
///
/// # Errors
/// The database's trouble.
pub async fn reject(cx: &mut Cx<'_>, id: i64, note: Option<String>) -> Result<Decided<ApplicationRow>, Stop> {
    let Some(row) = cx.tx.application_by_id(id).await? else { return Ok(Err(Undecided::Gone)) };
    if row.status.status.is_final() {
        return Ok(Err(Undecided::Stands(row.status.status)));
    }
    end(cx, row, ApplicationStatus::Rejected, note).await.map(Ok)
}

/// Allocates an application: its domain is registered as if its registrar asked for it now, in the name of whom this
/// is run. The other applications for the name are rejected. Says how many.
///
/// # Errors
/// The database's trouble.
pub async fn allocate(cx: &mut Cx<'_>, id: i64) -> Result<Decided<(ApplicationRow, usize)>, Stop> {
    use ApplicationStatus as S;
    let Some(row) = cx.tx.application_by_id(id).await? else { return Ok(Err(Undecided::Gone)) };
    if !matches!(row.status.status, S::Validated | S::PendingAllocation | S::Custom) {
        return Ok(Err(Undecided::Stands(row.status.status)));
    }
    // What it reserved is there for the charge of the registration.
    money::failure(cx, &charge(&row, 0, &object(&row)), row.created_at).await?;
    let mut create = data(&row)?.create(&row.name);
    create.launch = Some(Launching::Granted(row.id));
    match domain::create::run(&create, cx).await {
        Ok(reply) if matches!(reply.plain(), Reply::DomainCreated { .. }) => {}
        Ok(_) => return Ok(Err(Undecided::Stands(row.status.status))),
        Err(Stop::Refused(refusal)) => return Ok(Err(Undecided::Refused(*refusal))),
        Err(stop) => return Err(stop),
    }
    let name = row.name.clone();
    let row = end(cx, row, S::Allocated, None).await?;
    let mut others = 0;
    for other in cx.tx.applications_of(&name).await? {
        if !other.status.status.is_final() {
            let why = "the name was allocated to another application".to_owned();
            end(cx, other, S::Rejected, Some(why)).await?;
            others += 1;
        }
    }
    Ok(Ok((row, others)))
}

/// An application ends: nothing is reserved or linked any more, and whoever applied is told.
async fn end(
    cx: &mut Cx<'_>,
    mut row: ApplicationRow,
    status: ApplicationStatus,
    note: Option<String>,
) -> Result<ApplicationRow, Stop> {
    if status == ApplicationStatus::Rejected {
        money::failure(cx, &charge(&row, 0, &object(&row)), row.created_at).await?;
    }
    move_to(cx, &mut row, LaunchStatus { status, name: None, note }).await?;
    cx.tx.application_link(row.id, &[]).await?;
    let done = PendingData {
        name: row.name.clone(),
        success: status == ApplicationStatus::Allocated,
        cltrid: row.cltrid.clone(),
        svtrid: row.svtrid.clone(),
        at: cx.now,
    };
    let ended = Box::new(ApplicationEnd { done, launch: launch_of(&row) });
    cx.notify(&row.registrar, Notice::Application(ApplicationNotice::Ended(ended)));
    Ok(row)
}

async fn move_to(cx: &mut Cx<'_>, row: &mut ApplicationRow, to: LaunchStatus) -> Result<(), Stop> {
    let before = std::mem::replace(&mut row.status, to);
    row.updater = Some(cx.registry.clone());
    row.updated_at = Some(cx.now);
    cx.tx.application_update(row).await?;
    cx.changed(
        object(row),
        json!({ "status": { "before": before.status.name(), "after": row.status.status.name(),
                            "name": row.status.name, "note": row.status.note } }),
    );
    Ok(())
}
