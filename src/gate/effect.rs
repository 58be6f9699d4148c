//! What a command leaves behind besides its own rows: notices and its audit row, in its own transaction.

use serde_json::{Value, json};

use super::change;
use super::contract::{Cx, Effect};
use super::notice::deliver_joined;
use crate::epp::reply::Reply;
use crate::epp::types::ClTrid;
use crate::flow;
use crate::refusal::Refusal;
use crate::store::{StoreError, audit::AuditRow};

/// What the audit row says of the command itself.
pub(super) struct Line<'a> {
    pub command: &'static str,
    pub object: &'a str,
    pub cltrid: Option<&'a ClTrid>,
    pub svtrid: &'a str,
}

/// Writes the effects of a command that was done, or undoes one that was refused, and writes the audit row.
pub(super) async fn conclude(
    cx: &mut Cx<'_>,
    line: &Line<'_>,
    outcome: &Result<Reply, Refusal>,
) -> Result<(), StoreError> {
    let mut effects = cx.take_effects();
    match outcome {
        Ok(reply) => {
            let mut changes = serde_json::Map::new();
            for (notice, change) in change::join(&mut effects) {
                deliver_joined(cx, notice, change).await?;
            }
            for effect in effects {
                if let Effect::Changed { object, detail } = effect {
                    changes.insert(object, detail);
                }
            }
            note(cx, line, reply.code(), "", &Value::Object(changes)).await
        }
        Err(refusal) => {
            cx.tx.undo().await?;
            note_refusal(cx, line, refusal).await
        }
    }
}

/// Writes the audit row of a refusal whose command was undone already.
pub(super) async fn note_refusal(
    cx: &mut Cx<'_>,
    line: &Line<'_>,
    refusal: &Refusal,
) -> Result<(), StoreError> {
    let (by, what) = (&cx.actor.registrar, (line.command, line.object));
    flow::token::count_wrong(cx.tx, by, what, refusal, cx.now).await?;
    note(cx, line, refusal.code(), refusal.reason.tag(), &refused_detail(refusal)).await
}

async fn note(
    cx: &mut Cx<'_>,
    line: &Line<'_>,
    code: u16,
    reason: &str,
    detail: &Value,
) -> Result<(), StoreError> {
    cx.tx
        .audit_insert(&AuditRow {
            id: cx.ids.next(),
            at: cx.now,
            registrar: cx.actor.registrar.to_string(),
            user: cx.actor.user.to_string(),
            source: cx.actor.source.to_owned(),
            command: line.command.to_owned(),
            object: line.object.to_owned(),
            code: i64::from(code),
            reason: reason.to_owned(),
            cltrid: line.cltrid.map(ToString::to_string),
            svtrid: line.svtrid.to_owned(),
            detail: detail.to_string(),
        })
        .await
}

fn refused_detail(refusal: &Refusal) -> Value {
    match &refusal.at {
        None => json!({}),
        Some(at) => json!({ "element": at.name, "value": at.text }),
    }
}
