//! The notice of a change that its sponsor did not make and no other notice tells of (N21), and of the state before one
//! that another tells of.

use super::fields::{Field, field};
use crate::clock::Ts;
use crate::epp::reply::{DomainData, MessageData};
use crate::epp::types::{CaseId, CaseKind, ChangeData, ChangeOperation, Grounds, Lang, Note};

/// An object, and what was done to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The object as it was, or is.
    pub data: MessageData,
    /// What was done.
    pub change: ChangeData,
}

impl Changed {
    /// The object's name: the key of its pair, and itself.
    fn name(&self) -> (&'static str, String) {
        match &self.data {
            MessageData::DomainInfo(data) => ("DOMAIN", data.name.to_string()),
            MessageData::DomainTransfer(data) => ("DOMAIN", data.name.to_string()),
            MessageData::DomainPending(data) => ("DOMAIN", data.name.to_string()),
            MessageData::ContactInfo(data) => ("CONTACT", data.id.to_string()),
            MessageData::ContactTransfer(data) => ("CONTACT", data.name.to_string()),
            MessageData::ContactPending(data) => ("CONTACT", data.name.to_string()),
            MessageData::HostInfo(data) => ("HOST", data.name.to_string()),
            MessageData::HostPending(data) => ("HOST", data.name.to_string()),
            MessageData::ApplicationEnded(ended) => ("DOMAIN", ended.done.name.to_string()),
            MessageData::Maintenance(work, _) => ("SERVICE", work.id.to_string()),
        }
    }

    pub(super) fn text(&self, lang: Lang) -> String {
        let ((_, name), who) = (self.name(), &self.change.who);
        match (lang, self.change.before) {
            (Lang::En, true) => format!("How {name} was before {who} changed it."),
            (Lang::En, false) => format!("{name} was changed by {who}."),
            (Lang::Fr, true) => format!("{name} avant sa modification par {who}."),
            (Lang::Fr, false) => format!("{name} a été modifié par {who}."),
        }
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        let ((key, name), change) = (self.name(), &self.change);
        let mut fields = vec![
            field(key, name),
            field("STATE", change.state()),
            field("OPERATION", change.operation.name()),
            field("BY", &change.who),
            field("DATE", change.at),
            field("TRANSACTION", &change.svtrid),
        ];
        fields.extend(change.op.as_ref().map(|op| field("KIND_OF_OPERATION", op)));
        fields.extend(change.grounds.case.as_ref().map(|case| field("CASE", &case.id)));
        fields.extend(change.grounds.reason.as_ref().map(|reason| field("REASON", &reason.text)));
        fields
    }
}

/// A domain before and after a change with all that can be said of one, and after one without.
pub(super) fn samples(data: &DomainData, at: Ts) -> Vec<Changed> {
    let data = MessageData::DomainInfo(Box::new(data.clone()));
    let (case, reason) = (
        CaseId { kind: CaseKind::Urs, id: "urs123".to_owned() },
        Note { lang: "en".to_owned(), text: "URS Lock".to_owned() },
    );
    let change = |before| ChangeData {
        before,
        operation: ChangeOperation::Update,
        op: None,
        at,
        svtrid: "DD-1-1".to_owned(),
        who: "registry".to_owned(),
        grounds: Grounds { case: Some(case.clone()), reason: Some(reason.clone()) },
    };
    let bare = ChangeData { grounds: Grounds::default(), ..change(false) };
    let restored =
        ChangeData { operation: ChangeOperation::Restore, op: Some("report".to_owned()), ..bare.clone() };
    [change(true), change(false), bare, restored]
        .map(|change| Changed { data: data.clone(), change })
        .to_vec()
}
