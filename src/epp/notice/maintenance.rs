//! Notices of work on the service (N9): words, pairs and samples of them all.

use super::Kind;
use super::fields::{Field, field};
use super::kind;
use crate::clock::Ts;
use crate::epp::types::{
    DomainName, Lang, Maintenance, MaintenanceEnvironment, MaintenanceImpact, MaintenancePoll,
    MaintenanceSystem, MaintenanceText,
};

/// Work on the service, and why it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct MaintenanceNotice {
    /// The work, as it is now.
    pub item: Maintenance,
    /// Why.
    pub poll: MaintenancePoll,
}

impl MaintenanceNotice {
    pub(super) const fn kind(&self) -> &'static Kind {
        match self.poll {
            MaintenancePoll::Create => &kind::MAINTENANCE_ANNOUNCED,
            MaintenancePoll::Update => &kind::MAINTENANCE_CHANGED,
            MaintenancePoll::Delete => &kind::MAINTENANCE_CANCELLED,
            MaintenancePoll::Courtesy => &kind::MAINTENANCE_AHEAD,
            MaintenancePoll::End => &kind::MAINTENANCE_ENDED,
        }
    }

    pub(super) fn text(&self, lang: Lang) -> String {
        let Maintenance { starts, ends, systems, .. } = &self.item;
        let names: Vec<_> = systems.iter().map(|system| system.name.as_str()).collect();
        let of = names.join(", ");
        match (lang, self.poll) {
            (Lang::En, MaintenancePoll::Create) => {
                format!("Maintenance of {of} from {starts} to {ends} is announced.")
            }
            (Lang::En, MaintenancePoll::Update) => {
                format!("Maintenance of {of} has changed: it is from {starts} to {ends}.")
            }
            (Lang::En, MaintenancePoll::Delete) => {
                format!("Maintenance of {of} from {starts} to {ends} does not take place.")
            }
            (Lang::En, MaintenancePoll::Courtesy) => {
                format!("Maintenance of {of} is near: from {starts} to {ends}.")
            }
            (Lang::En, MaintenancePoll::End) => format!("Maintenance of {of} has ended."),
            (Lang::Fr, MaintenancePoll::Create) => {
                format!("Une maintenance de {of} est annoncée du {starts} au {ends}.")
            }
            (Lang::Fr, MaintenancePoll::Update) => {
                format!("La maintenance de {of} a changé : elle a lieu du {starts} au {ends}.")
            }
            (Lang::Fr, MaintenancePoll::Delete) => {
                format!("La maintenance de {of} du {starts} au {ends} n'a pas lieu.")
            }
            (Lang::Fr, MaintenancePoll::Courtesy) => {
                format!("La maintenance de {of} approche : du {starts} au {ends}.")
            }
            (Lang::Fr, MaintenancePoll::End) => format!("La maintenance de {of} est terminée."),
        }
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        let Maintenance { id, starts, ends, systems, emergency, detail, .. } = &self.item;
        let mut fields = vec![
            field("MAINTENANCE", id),
            field("START", starts),
            field("END", ends),
            field("REASON", if *emergency { "emergency" } else { "planned" }),
        ];
        for system in systems {
            fields.extend([field("SYSTEM", &system.name), field("IMPACT", system.impact.name())]);
        }
        fields.extend(detail.iter().map(|detail| field("DETAIL", detail)));
        fields
    }
}

/// Work as one announces it.
#[must_use]
pub fn maintenance_sample(at: Ts) -> Maintenance {
    Maintenance {
        id: "17".to_owned(),
        name: Some("Upgrade".to_owned()),
        types: vec!["Routine Maintenance".to_owned()],
        systems: vec![MaintenanceSystem {
            name: "EPP".to_owned(),
            host: Some("epp.registry.example".to_owned()),
            impact: MaintenanceImpact::Full,
        }],
        environment: MaintenanceEnvironment::Production,
        starts: at.plus_days(30),
        ends: at.plus_days(30).plus_seconds(7200),
        emergency: false,
        detail: Some("https://www.registry.example/notice?123".to_owned()),
        descriptions: vec![MaintenanceText { lang: "en".to_owned(), text: "The database moves.".to_owned() }],
        tlds: DomainName::parse("example").into_iter().collect(),
        intervention: Some((false, false)),
        created: at,
        updated: None,
    }
}

/// One of each.
pub(super) fn samples(at: Ts) -> Vec<super::Notice> {
    let of = |poll: &MaintenancePoll| {
        let updated = matches!(poll, MaintenancePoll::Update | MaintenancePoll::Delete).then_some(at);
        let item = Maintenance { updated, ..maintenance_sample(at) };
        super::Notice::Maintenance(Box::new(MaintenanceNotice { item, poll: *poll }))
    };
    let mut samples: Vec<_> = MaintenancePoll::ALL.iter().map(of).collect();
    let bare = Maintenance { detail: None, ..maintenance_sample(at) };
    for poll in MaintenancePoll::ALL {
        let notice = MaintenanceNotice { item: bare.clone(), poll: *poll };
        samples.push(super::Notice::Maintenance(Box::new(notice)));
    }
    samples
}
