//! What the client of a login is told of its security (RFC 8807 section 2.1), whether it is let in or not.
//!
//! Who did not prove who it is learns of its own connection and of nothing else: when a password ends, and how often
//! others tried, is for who knows the password.

use crate::clock::Ts;
use crate::epp::types::{EventKind, EventLevel, Lang, SecurityEvent};
use crate::gate::Peer;
use crate::policy::{Expired, LoginSecPolicy};
use crate::store::login::{LoginFacts, Pin};

/// Most logins that are looked at for failures; so many at least is told as that many.
pub(super) const MOST_COUNTED: i64 = 1000;

/// Who looks, by whose rules, and when.
pub(super) struct Watch<'a> {
    pub rules: &'a LoginSecPolicy,
    pub lang: Lang,
    pub now: Ts,
}

impl Watch<'_> {
    /// When a password that was set then ends.
    pub fn password_ends(&self, set: Ts) -> Option<Ts> {
        let days = self.rules.pw_max_age_days;
        (days > 0).then(|| set.plus_days(days))
    }

    /// Whether such a password opens nothing any more but its own change.
    pub fn is_refused(&self, set: Ts) -> bool {
        self.rules.pw_expired == Expired::Refuse && self.password_ends(set).is_some_and(|end| end <= self.now)
    }

    /// What a client may know of its own connection.
    pub fn of_connection(&self, peer: &Peer) -> Vec<SecurityEvent> {
        let mut found = Vec::new();
        found.extend(peer.certificate_until.and_then(|end| {
            let days = self.rules.certificate_warn_days;
            let text = [
                "The client certificate ends soon; register the next one in time.",
                "Le certificat du client expire bientôt; enregistrez le suivant à temps.",
                "The client certificate has ended.",
                "Le certificat du client a expiré.",
            ];
            self.ending(EventKind::Certificate, None, end, days, text)
        }));
        if self.rules.weak_ciphers.contains(peer.cipher()) {
            let text = [
                "The cipher suite is no longer a good choice.",
                "La suite cryptographique est déconseillée.",
            ];
            let event = self.event(EventKind::Cipher, EventLevel::Warning, text);
            found.push(SecurityEvent { value: Some(peer.cipher().to_owned()), ..event });
        }
        let protocol = peer.protocol();
        if self.rules.weak_protocols.contains(&protocol) {
            let text =
                ["The version of TLS is no longer a good choice.", "La version de TLS est déconseillée."];
            let event = self.event(EventKind::TlsProtocol, EventLevel::Warning, text);
            found.push(SecurityEvent { value: Some(protocol), ..event });
        }
        found
    }

    /// What a client that knows the password may know beside that. Of logins so many failed lately.
    pub fn of_user(&self, facts: &LoginFacts, peer: &Peer, failed: i64) -> Vec<SecurityEvent> {
        let mut found = self.of_connection(peer);
        found.extend(self.password_ends(facts.password_at).and_then(|end| {
            let text = [
                "The password ends soon; change it in time.",
                "Le mot de passe expire bientôt; changez-le à temps.",
                "The password has ended; change it.",
                "Le mot de passe a expiré; changez-le.",
            ];
            self.ending(EventKind::Password, None, end, self.rules.pw_warn_days, text)
        }));
        if self.rules.failed_warn > 0 && failed >= i64::from(self.rules.failed_warn) {
            let text = [
                "Many logins with this name failed lately.",
                "De nombreuses connexions ont échoué récemment.",
            ];
            found.push(SecurityEvent {
                name: Some("failedLogins".to_owned()),
                value: Some(failed.to_string()),
                counted_s: Some(self.rules.failed_window_s),
                ..self.event(EventKind::Stat, EventLevel::Warning, text)
            });
        }
        found.extend(registered_until(&facts.pins, peer, self.now).and_then(|end| {
            let text = [
                "The registration of the client certificate ends soon; ask the registry for the next.",
                "L'enregistrement du certificat expire bientôt; demandez le suivant au registre.",
                "The registration of the client certificate has ended.",
                "L'enregistrement du certificat a expiré.",
            ];
            let days = self.rules.certificate_warn_days;
            self.ending(EventKind::Custom, Some("certificateRegistration"), end, days, text)
        }));
        found.sort_by_key(|event| event.kind);
        found
    }

    /// What is wrong with a new password.
    pub fn of_new_password(&self, why: String) -> SecurityEvent {
        let text = ["", "Le nouveau mot de passe ne suit pas les règles."];
        let mut event = self.event(EventKind::NewPassword, EventLevel::Error, text);
        if event.text.is_empty() {
            event.text = why;
        }
        event
    }

    /// Something that ends: a warning some days before, an error from then on.
    fn ending(
        &self,
        kind: EventKind,
        name: Option<&str>,
        end: Ts,
        warn_days: i64,
        [soon_en, soon_fr, over_en, over_fr]: [&str; 4],
    ) -> Option<SecurityEvent> {
        let (level, text) = match end <= self.now {
            true => (EventLevel::Error, [over_en, over_fr]),
            false if warn_days > 0 && end <= self.now.plus_days(warn_days) => {
                (EventLevel::Warning, [soon_en, soon_fr])
            }
            false => return None,
        };
        let name = name.map(str::to_owned);
        Some(SecurityEvent { name, expires: Some(end), ..self.event(kind, level, text) })
    }

    fn event(&self, kind: EventKind, level: EventLevel, [english, french]: [&str; 2]) -> SecurityEvent {
        let text = match self.lang {
            Lang::En => english,
            Lang::Fr => french,
        };
        SecurityEvent {
            kind,
            name: None,
            level,
            expires: None,
            value: None,
            counted_s: None,
            lang: self.lang,
            text: text.to_owned(),
        }
    }
}

/// Until when the registry knows the certificate that was shown, where that is not for ever.
fn registered_until(pins: &[Pin], peer: &Peer, now: Ts) -> Option<Ts> {
    let shown = peer.certificate?;
    let valid = |pin: &&Pin| pin.sha256 == shown && pin.not_before <= now;
    pins.iter().find(valid).and_then(|pin| pin.not_after)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::epp::types::RegistrarId;
    use crate::policy::{Policies, Service};

    const NOW: Ts = Ts(1_795_514_400_000_000);

    fn rules(change: impl FnOnce(&mut LoginSecPolicy)) -> LoginSecPolicy {
        let mut rules = Policies::load(&[]).unwrap().account("gtld").unwrap().login_sec.clone();
        change(&mut rules);
        rules
    }

    fn peer(certificate_days: i64, tls: &str) -> Peer {
        Peer {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            certificate: Some([7; 32]),
            certificate_until: Some(NOW.plus_days(certificate_days)),
            tls: tls.to_owned(),
        }
    }

    fn facts(password_days: i64, pin_days: Option<i64>) -> LoginFacts {
        let id = RegistrarId::parse("alpha").unwrap();
        let not_after = pin_days.map(|days| NOW.plus_days(days));
        LoginFacts {
            password: String::new(),
            password_at: NOW.plus_days(-password_days),
            user_enabled: true,
            service: Service::Epp,
            registrar: id,
            registrar_enabled: true,
            max_sessions: None,
            profile: None,
            pins: vec![Pin { sha256: vec![7; 32], not_before: Ts(0), not_after }],
        }
    }

    fn told(rules: &LoginSecPolicy, facts: &LoginFacts, peer: &Peer, failed: i64) -> Vec<String> {
        let watch = Watch { rules, lang: Lang::En, now: NOW };
        let short = |e: &SecurityEvent| {
            let value = e.value.as_deref().unwrap_or("-");
            format!("{} {} {value}", e.kind.name(), e.level.name())
        };
        watch.of_user(facts, peer, failed).iter().map(short).collect()
    }

    #[test]
    fn every_kind_of_event_is_told_when_it_is_time() {
        let rules = rules(|rules| {
            rules.pw_max_age_days = 90;
            rules.pw_warn_days = 7;
            rules.certificate_warn_days = 10;
            rules.weak_ciphers = ["TLS13_AES_128_GCM_SHA256".to_owned()].into();
            rules.weak_protocols = ["TLSv1.2".to_owned()].into();
            rules.failed_warn = 3;
        });
        let strong = "TLSv1_3 TLS13_AES_256_GCM_SHA384";
        assert!(told(&rules, &facts(82, None), &peer(11, strong), 2).is_empty());
        assert_eq!(told(&rules, &facts(83, None), &peer(11, strong), 2), ["password warning -"]);
        assert_eq!(told(&rules, &facts(90, None), &peer(11, strong), 2), ["password error -"]);
        assert_eq!(told(&rules, &facts(0, None), &peer(10, strong), 2), ["certificate warning -"]);
        assert_eq!(told(&rules, &facts(0, None), &peer(0, strong), 2), ["certificate error -"]);
        assert_eq!(told(&rules, &facts(0, Some(9)), &peer(11, strong), 2), ["custom warning -"]);
        assert_eq!(
            told(&rules, &facts(85, Some(9)), &peer(3, "TLSv1_2 TLS13_AES_128_GCM_SHA256"), 3),
            [
                "password warning -",
                "certificate warning -",
                "cipher warning TLS13_AES_128_GCM_SHA256",
                "tlsProtocol warning TLSv1.2",
                "stat warning 3",
                "custom warning -",
            ]
        );
    }

    #[test]
    fn an_old_password_is_refused_where_the_profile_says_so() {
        let refuses = |change: fn(&mut LoginSecPolicy), days: i64| {
            let rules = rules(change);
            Watch { rules: &rules, lang: Lang::En, now: NOW }.is_refused(NOW.plus_days(-days))
        };
        assert!(!refuses(|_| {}, 10_000), "where passwords are good for ever");
        assert!(refuses(|rules| rules.pw_max_age_days = 90, 90));
        assert!(!refuses(|rules| rules.pw_max_age_days = 90, 89));
        let warned = |rules: &mut LoginSecPolicy| {
            rules.pw_max_age_days = 90;
            rules.pw_expired = Expired::Warn;
        };
        assert!(!refuses(warned, 90));
    }

    #[test]
    fn who_proved_nothing_learns_of_its_connection_only() {
        let rules = rules(|rules| rules.weak_protocols = ["TLSv1.2".to_owned()].into());
        let watch = Watch { rules: &rules, lang: Lang::Fr, now: NOW };
        let found = watch.of_connection(&peer(3, "TLSv1_2 X"));
        let kinds: Vec<_> = found.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::Certificate, EventKind::TlsProtocol]);
        assert!(found.iter().all(|event| event.lang == Lang::Fr && event.text.starts_with("L")));
    }
}
