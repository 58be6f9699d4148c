//! What answers say of a launch, with the worst texts that can reach it.

use domesday::epp::reply::Reply;
use domesday::epp::types::{
    ApplicationStatus, Claimed, ClaimsChecked, LaunchData, LaunchId, LaunchPhaseName, LaunchStatus, PhaseKind,
};

pub fn launch_id() -> LaunchId {
    let phase = LaunchPhaseName { kind: PhaseKind::Custom, name: Some("<&>\"".to_owned()) };
    LaunchId { phase, application: "]]>".to_owned() }
}

pub fn launch_data(text: &str) -> LaunchData {
    let (name, note) = (Some(text.to_owned()), Some(text.to_owned()));
    LaunchData {
        phase: launch_id().phase,
        application: Some(text.to_owned()),
        status: Some(LaunchStatus { status: ApplicationStatus::Custom, name, note }),
        marks: Vec::new(),
    }
}

pub fn claims_checked(names: &[&str]) -> Reply {
    let claimed = |name: &str| Claimed {
        name: name.to_owned(),
        exists: true,
        keys: vec![("tmch".to_owned(), "a/<&>".to_owned()), ("<&>\"".to_owned(), String::new())],
    };
    let names = names.iter().map(|name| claimed(name)).collect();
    Reply::ClaimsChecked(Box::new(ClaimsChecked { phase: Some(launch_id().phase), names }))
}
