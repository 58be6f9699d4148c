//! What extensions tell of logins and of changes, with the worst texts that can reach it.

use domesday::epp::types::{
    CaseId, CaseKind, ChangeData, ChangeOperation, EventKind, EventLevel, Grounds, Lang, Note, SecurityEvent,
};

use super::answers::{HARD, NOW};

/// One security event of each kind, with the hard texts.
pub fn security() -> Vec<SecurityEvent> {
    let event = |(kind, text): (&EventKind, &str)| SecurityEvent {
        kind: *kind,
        name: Some(text.to_owned()),
        level: EventLevel::Error,
        expires: Some(NOW),
        value: Some(text.to_owned()),
        counted_s: Some(90_061),
        lang: Lang::Fr,
        text: text.to_owned(),
    };
    let texts = HARD.iter().copied().chain(["line\r\nline\ttab", ""]);
    let mut all: Vec<_> = EventKind::ALL.iter().cycle().zip(texts).map(event).collect();
    let bare = all[0].clone();
    all.push(SecurityEvent { name: None, expires: None, value: None, counted_s: None, ..bare });
    all
}

/// Changes with the hard texts wherever the operator or a registrar puts one.
pub fn changes() -> Vec<ChangeData> {
    let mut all = Vec::new();
    for (text, operation) in
        HARD.iter().copied().chain([" two  blanks "]).zip(ChangeOperation::ALL.iter().cycle())
    {
        let kinds = [CaseKind::Udrp, CaseKind::Urs, CaseKind::Custom(text.to_owned())];
        for (kind, before) in kinds.into_iter().zip([true, false, false]) {
            let case = Some(CaseId { kind, id: text.to_owned() });
            let reason = Some(Note { lang: "en".to_owned(), text: format!("{text} {}", "é".repeat(40)) });
            all.push(ChangeData {
                before,
                operation: *operation,
                op: Some(text.to_owned()).filter(|_| before),
                at: NOW,
                svtrid: "DD-1-1".to_owned(),
                who: text.to_owned(),
                grounds: Grounds { case, reason },
            });
        }
    }
    let bare = ChangeData { op: None, grounds: Grounds::default(), ..all[0].clone() };
    all.push(bare);
    all
}
