//! What this server offers, and whether a session may ask for it.

use super::{Gate, Login, Session, Spec};
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::reply::Greeting;
use crate::epp::types::Lang;
use crate::policy::{BalanceInfo, PasswordPolicy, Profile};
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;

impl Gate {
    /// Whether this server offers an object service.
    #[must_use]
    pub fn offers(&self, object: Ns) -> bool {
        match object {
            Ns::Balance => self.0.profile.account.bill.balance_info == BalanceInfo::Mapping,
            Ns::Maintenance => self.0.profile.server.maintenance.offered,
            _ => true,
        }
    }

    /// The greeting of this moment (RFC 5730 section 2.4).
    #[must_use]
    pub fn greeting(&self) -> Greeting {
        Greeting {
            server: self.0.names.server.clone(),
            at: self.0.clock.now(),
            langs: self.langs(),
            objects: Ns::OBJECTS.iter().filter(|ns| self.offers(**ns)).map(|ns| ns.uri()).collect(),
            extensions: self.extensions().iter().map(|ext| ext.uri()).collect(),
        }
    }

    /// The rules of an account's passwords for EPP, as far as logins here can carry them: the core has room for 16
    /// characters (RFC 5730, `pwType`), what is longer needs the extension of RFC 8807.
    ///
    /// # Errors
    /// When the account's profile is none this server knows.
    pub fn epp_passwords(&self, profile: Option<&str>) -> Result<PasswordPolicy, StoreError> {
        let mut rules = self.account_rules(profile)?.epp_pw.clone();
        if !self.extensions().contains(&Ext::LoginSec) {
            rules.max_len = rules.max_len.min(16);
        }
        Ok(rules)
    }

    /// The languages that are offered, English among them.
    #[must_use]
    pub fn langs(&self) -> Vec<Lang> {
        offered(self.profile())
    }
}

/// The languages a profile offers.
pub(super) fn offered(profile: &Profile) -> Vec<Lang> {
    let offered = &profile.server.greeting.langs;
    Lang::ALL.iter().copied().filter(|lang| offered.iter().any(|tag| tag == lang.tag())).collect()
}

pub(super) fn check_login(spec: &Spec, session: &Session) -> Result<(), Refusal> {
    match (spec.login, session.actor.is_some()) {
        (Login::Required, false) => Err(Reason::NotLoggedIn.into()),
        (Login::Forbidden, true) => Err(Reason::AlreadyLoggedIn.into()),
        _ => Ok(()),
    }
}

/// The object service must have been named at login (RFC 5730 section 2.9.1.1).
pub(super) fn check_object(gate: &Gate, spec: &Spec, session: &Session) -> Result<(), Refusal> {
    let (Some(ns), Some(actor)) = (spec.object, &session.actor) else { return Ok(()) };
    if !gate.offers(ns) {
        return Err(Refusal::new(Reason::ObjectUnknown).on(ns, "info", ""));
    }
    if actor.objects.contains(&ns) {
        return Ok(());
    }
    Err(Refusal::new(Reason::ObjectNotDeclared).on(Ns::Epp, "objURI", ns.uri()))
}
