//! Notices of applications in a launch (RFC 8334 section 2.5).

use super::fields::{Field, field, pending};
use super::{Kind, kind};
use crate::clock::Ts;
use crate::epp::reply::{ApplicationEnd, DomainData, MessageData, PendingData};
use crate::epp::types::{
    ApplicationStatus, DomainName, DomainStatus, Lang, LaunchData, LaunchPhaseName, LaunchStatus, PhaseKind,
    RegistrarId, RoId,
};

/// How an application goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum ApplicationNotice {
    /// N56: its status changed, and it is not decided yet. The application is shown as a domain that is to be.
    Changed(Box<DomainData>),
    /// N56, N57: it is allocated, or rejected.
    Ended(Box<ApplicationEnd>),
}

impl ApplicationNotice {
    /// Its kind.
    pub(super) const fn kind(&self) -> &'static Kind {
        match self {
            Self::Changed(_) => &kind::APPLICATION_CHANGED,
            Self::Ended(ended) if ended.done.success => &kind::APPLICATION_ALLOCATED,
            Self::Ended(_) => &kind::APPLICATION_REJECTED,
        }
    }

    /// The object a poll message of it carries.
    pub(super) fn data(&self) -> MessageData {
        match self {
            Self::Changed(data) => MessageData::DomainInfo(data.clone()),
            Self::Ended(ended) => MessageData::ApplicationEnded(ended.clone()),
        }
    }

    /// What it says, as pairs.
    pub(super) fn fields(&self) -> Vec<Field> {
        match self {
            Self::Changed(data) => {
                let mut fields = vec![field("DOMAIN", &data.name)];
                fields.extend(data.launch.iter().flat_map(launch));
                fields
            }
            Self::Ended(ended) => {
                let mut fields = pending(&ended.done);
                fields.extend(launch(&ended.launch));
                fields
            }
        }
    }

    /// What happened, in one line of that language.
    pub(super) fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Changed(data), Lang::En) => format!("Application {}.", status(data.launch.as_ref())),
            (Self::Changed(data), Lang::Fr) => {
                format!("Demande dans l'état {}.", status(data.launch.as_ref()))
            }
            (Self::Ended(ended), Lang::En) if ended.done.success => "Application allocated.".to_owned(),
            (Self::Ended(ended), Lang::Fr) if ended.done.success => "Demande acceptée.".to_owned(),
            (Self::Ended(_), Lang::En) => "Application rejected.".to_owned(),
            (Self::Ended(_), Lang::Fr) => "Demande rejetée.".to_owned(),
        }
    }
}

fn status(launch: Option<&LaunchData>) -> &str {
    let status = launch.and_then(|launch| launch.status.as_ref());
    status.map_or("", |status| status.name.as_deref().unwrap_or(status.status.name()))
}

fn launch(launch: &LaunchData) -> Vec<Field> {
    let mut fields = vec![field("PHASE", &launch.phase)];
    fields.extend(launch.application.iter().map(|id| field("APPLICATION", id)));
    if let Some(status) = &launch.status {
        fields.push(field("STATUS", status.status.name()));
        fields.extend(status.note.iter().map(|note| field("REASON", note)));
    }
    fields
}

/// One of each kind.
pub(super) fn samples(name: &DomainName, at: Ts) -> Vec<ApplicationNotice> {
    let (Ok(registrar), Ok(roid)) = (RegistrarId::parse("sponsor"), RoId::parse("D2-EXAMPLE")) else {
        return Vec::new();
    };
    let launch = |status, note: Option<&str>| LaunchData {
        phase: LaunchPhaseName { kind: PhaseKind::Sunrise, name: None },
        application: Some("4711".to_owned()),
        status: Some(LaunchStatus { status, name: None, note: note.map(str::to_owned) }),
        marks: Vec::new(),
    };
    let ended = |success, status, note| {
        let (cltrid, svtrid) = (Some("ABC-12345".to_owned()), "DD-1-1".to_owned());
        let done = PendingData { name: name.clone(), success, cltrid, svtrid, at };
        ApplicationNotice::Ended(Box::new(ApplicationEnd { done, launch: launch(status, note) }))
    };
    let changed = DomainData {
        name: name.clone(),
        roid,
        statuses: [DomainStatus::PendingCreate].into_iter().collect(),
        registrant: None,
        contacts: Vec::new(),
        ns_objects: Vec::new(),
        ns_attributes: Vec::new(),
        hosts: Vec::new(),
        creator: Some(registrar.clone()),
        sponsor: registrar,
        created: Some(at),
        updater: None,
        updated: None,
        expires: None,
        transferred: None,
        auth_set: false,
        token: None,
        ttl: Vec::new(),
        launch: Some(launch(ApplicationStatus::PendingAllocation, None)),
        sec_dns: None,
        rgp: Vec::new(),
    };
    vec![
        ApplicationNotice::Changed(Box::new(changed)),
        ended(true, ApplicationStatus::Allocated, None),
        ended(false, ApplicationStatus::Rejected, Some("the mark is not valid")),
    ]
}
