//! Changes that a sponsor did not make himself (RFC 8590): beside the object that a message of the queue shows, what was
//! done to it, when, by whom and why.

use super::{Codec, Ext};
use crate::epp::reply::Reply;
use crate::epp::types::{CaseKind, ChangeData};
use crate::epp::xml::simple;
use crate::epp::xml::writer::Writer;

/// Characters of a reason (`eppcom:reasonBaseType`).
const MAX_REASON: usize = 32;
/// Characters of who did it (`changePoll:whoType`).
const MAX_WHO: usize = 255;

pub(super) const CODEC: Codec = Codec {
    name: "changePoll-1.0",
    uri: "urn:ietf:params:xml:ns:changePoll-1.0",
    prefix: "changePoll",
    declaration: "xmlns:changePoll",
    globals: &["changeData"],
    commands: &[],
    secrets: &[],
    answer,
};

fn answer(w: &mut Writer, reply: &Reply) {
    let Reply::Message(message) = reply else { return };
    if let Some(change) = &message.change {
        write(w, change);
    }
}

fn write(w: &mut Writer, change: &ChangeData) {
    let declared = (Ext::ChangePoll.declaration(), Ext::ChangePoll.uri());
    w.open("changePoll:changeData", &[("state", &change.state()), (declared.0, &declared.1)]);
    let operation = change.operation.name();
    match &change.op {
        Some(op) => w.leaf_with("changePoll:operation", &[("op", op)], &operation),
        None => w.leaf("changePoll:operation", &operation),
    }
    w.leaf("changePoll:date", &change.at);
    w.leaf("changePoll:svTRID", &change.svtrid);
    let who: String = simple::normalize(&change.who).chars().take(MAX_WHO).collect();
    w.leaf("changePoll:who", &who);
    if let Some(case) = &change.grounds.case {
        match &case.kind {
            CaseKind::Custom(name) => {
                let attrs: [(&str, &dyn std::fmt::Display); 2] =
                    [("type", &case.kind.name()), ("name", name)];
                w.leaf_with("changePoll:caseId", &attrs, &case.id);
            }
            kind => w.leaf_with("changePoll:caseId", &[("type", &kind.name())], &case.id),
        }
    }
    if let Some(reason) = &change.grounds.reason {
        let text: String = simple::collapse(&reason.text).chars().take(MAX_REASON).collect();
        if !text.is_empty() {
            w.leaf_with("changePoll:reason", &[("lang", &reason.lang)], &text.trim_end());
        }
    }
    w.close("changePoll:changeData");
}
