//! Notices of what the registry does to a domain (N42 to N45, N47): words, pairs and samples of them all.

use super::Kind;
use super::fields::{Field, field};
use super::kind;
use crate::clock::Ts;
use crate::epp::types::{DomainName, Lang};

/// What the registry did to a domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// The domain.
    pub domain: DomainName,
    /// What it did.
    pub deed: Deed,
}

/// A deed of the registry.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// N42: a dispute, or what else it is called, stops everything but the renewal.
    Held(String),
    /// N42: it no longer does.
    HoldLifted(String),
    /// N43: that rule is violated; something is to be done until then, if there is an end.
    Violation(String, Option<Ts>),
    /// N44: the registry took the name servers' place.
    NsRevoked,
    /// N44: the domain has its name servers again.
    NsRestored,
    /// N45: the lock is on.
    Locked,
    /// N45: the lock is off.
    Unlocked,
    /// N45: the lock is off until then.
    LockPaused(Ts),
    /// N45: the lock is on again, by itself.
    LockResumed,
    /// N47: the registrar's contract ended; the domain finds another until then, if there is an end.
    OutOfService(Option<Ts>),
}

impl Marked {
    pub(super) const fn kind(&self) -> &'static Kind {
        match self.deed {
            Deed::Held(_) => &kind::HELD,
            Deed::HoldLifted(_) => &kind::HOLD_LIFTED,
            Deed::Violation(..) => &kind::VIOLATION,
            Deed::NsRevoked => &kind::NS_REVOKED,
            Deed::NsRestored => &kind::NS_RESTORED,
            Deed::Locked => &kind::LOCKED,
            Deed::Unlocked => &kind::UNLOCKED,
            Deed::LockPaused(_) => &kind::LOCK_PAUSED,
            Deed::LockResumed => &kind::LOCK_RESUMED,
            Deed::OutOfService(_) => &kind::OUT_OF_SERVICE,
        }
    }

    pub(super) fn text(&self, lang: Lang) -> String {
        let domain = &self.domain;
        match (lang, &self.deed) {
            (Lang::En, Deed::Held(kind)) => format!("{domain} is on hold: {kind}."),
            (Lang::En, Deed::HoldLifted(kind)) => format!("{domain} is no longer on hold: {kind}."),
            (Lang::En, Deed::Violation(rule, by)) => {
                format!("{domain} violates the terms; it is to be put right{}: {rule}.", until(" by", *by))
            }
            (Lang::En, Deed::NsRevoked) => {
                format!("The registry took the place of the name servers of {domain}.")
            }
            (Lang::En, Deed::NsRestored) => format!("{domain} has its name servers again."),
            (Lang::En, Deed::Locked) => format!("{domain} is locked by the registry."),
            (Lang::En, Deed::Unlocked) => format!("{domain} is no longer locked."),
            (Lang::En, Deed::LockPaused(until)) => format!("{domain} is not locked until {until}."),
            (Lang::En, Deed::LockResumed) => format!("{domain} is locked again."),
            (Lang::En, Deed::OutOfService(by)) => {
                let until = until(" until", *by);
                format!("The contract of the registrar of {domain} ended; it can go to another{until}.")
            }
            (Lang::Fr, Deed::Held(kind)) => format!("{domain} est suspendu : {kind}."),
            (Lang::Fr, Deed::HoldLifted(kind)) => format!("{domain} n'est plus suspendu : {kind}."),
            (Lang::Fr, Deed::Violation(rule, by)) => {
                format!("{domain} enfreint les conditions ; à corriger{} : {rule}.", until(" avant le", *by))
            }
            (Lang::Fr, Deed::NsRevoked) => {
                format!("Le registre a remplacé les serveurs de noms de {domain}.")
            }
            (Lang::Fr, Deed::NsRestored) => format!("{domain} a de nouveau ses serveurs de noms."),
            (Lang::Fr, Deed::Locked) => format!("{domain} est verrouillé par le registre."),
            (Lang::Fr, Deed::Unlocked) => format!("{domain} n'est plus verrouillé."),
            (Lang::Fr, Deed::LockPaused(until)) => format!("{domain} n'est pas verrouillé jusqu'au {until}."),
            (Lang::Fr, Deed::LockResumed) => format!("{domain} est de nouveau verrouillé."),
            (Lang::Fr, Deed::OutOfService(by)) => format!(
                "Le contrat du bureau d'enregistrement de {domain} a pris fin ; le domaine peut changer{}.",
                until(" jusqu'au", *by)
            ),
        }
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        let mut fields = vec![field("DOMAIN", &self.domain)];
        match &self.deed {
            Deed::Held(kind) | Deed::HoldLifted(kind) => fields.push(field("HOLD", kind)),
            Deed::Violation(rule, by) => {
                fields.push(field("RULE", rule));
                fields.extend(by.map(|by| field("UNTIL", by)));
            }
            Deed::LockPaused(until) => fields.push(field("UNTIL", until)),
            Deed::OutOfService(until) => fields.extend(until.map(|until| field("UNTIL", until))),
            Deed::NsRevoked | Deed::NsRestored | Deed::Locked | Deed::Unlocked | Deed::LockResumed => {}
        }
        fields
    }
}

/// ` until 2026-..`; nothing where there is no end.
fn until(word: &str, end: Option<Ts>) -> String {
    end.map(|end| format!("{word} {end}")).unwrap_or_default()
}

/// One of each.
pub(super) fn samples(domain: &DomainName, at: Ts) -> Vec<super::Notice> {
    let by = at.plus_days(60);
    let deeds = [
        Deed::Held("dispute".to_owned()),
        Deed::HoldLifted("dispute".to_owned()),
        Deed::Violation("contact data".to_owned(), Some(by)),
        Deed::NsRevoked,
        Deed::NsRestored,
        Deed::Locked,
        Deed::Unlocked,
        Deed::LockPaused(by),
        Deed::LockResumed,
        Deed::OutOfService(Some(by)),
    ];
    deeds.map(|deed| super::Notice::Marked(Marked { domain: domain.clone(), deed })).to_vec()
}
