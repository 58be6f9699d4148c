//! What a fault costs, from the command, its result code and its reason.

use crate::clock::Ts;
use crate::flow;
use crate::gate::Access;
use crate::policy::HitPolicy;
use crate::refusal::Reason;

/// Refusals by the house's own rules of access and its operator's hand, which are never the fault of the command.
const NEVER: &[Reason] = &[
    Reason::AccountBlocked,
    Reason::AccountClosed,
    Reason::AddressNotAllowed,
    Reason::RateLimited,
    Reason::RateLimitedEnd,
    Reason::ProtectedLimit,
    Reason::TooManyWrongCodes,
    Reason::ZoneOff,
];

/// Whether the faults of a command (`domain:create`) cost points, and a block keeps it out.
#[must_use]
pub fn is_scored(policy: &HitPolicy, command: &str) -> bool {
    let spec = flow::ALL.iter().find(|spec| spec.name == command);
    let changes = spec.is_some_and(|spec| spec.access == Access::Write && spec.object.is_some());
    policy.enabled && policy.scored_ops.iter().any(|pattern| pattern.fits(command, changes))
}

/// What a fault costs, a lost race left aside.
#[must_use]
pub fn points(policy: &HitPolicy, command: &str, code: u16, reason: &str) -> i64 {
    if NEVER.iter().any(|known| known.tag() == reason) {
        return 0;
    }
    weight(policy, command, code, reason)
}

/// What a command beyond a rate costs where its rule says that it does.
#[must_use]
pub fn rate_points(policy: &HitPolicy, command: &str, code: u16, reason: &str) -> i64 {
    weight(policy, command, code, reason)
}

fn weight(policy: &HitPolicy, command: &str, code: u16, reason: &str) -> i64 {
    if policy.unscored_codes.contains(&code) || !is_scored(policy, command) {
        return 0;
    }
    let fits = |w: &&crate::policy::HitWeight| {
        w.code == code && w.op.fits(command, true) && w.reason.as_deref().is_none_or(|r| r == reason)
    };
    let named = policy.weights.iter().filter(|w| w.reason.is_some()).find(fits);
    let weight = named.or_else(|| policy.weights.iter().find(fits));
    weight.map_or(policy.default_weight, |w| w.points).into()
}

/// Whether a name that was taken was lost in a race: another registrar registered it a moment ago.
#[must_use]
pub fn lost_race(policy: &HitPolicy, created_at: Ts, now: Ts) -> bool {
    policy.race_grace_s > 0 && now < created_at.plus_seconds(policy.race_grace_s)
}

/// What a command is called in the history (S69): `NEW_DOMAIN`, `UPD_CONTACT`, `TRANSFER_DOMAIN`.
#[must_use]
pub fn communication(command: &str) -> String {
    if command == "domain:request-code" {
        return "REQUEST_CODE".to_owned();
    }
    let (object, verb) = command.split_once(':').unwrap_or(("", command));
    let verb = match verb.split_once('-').map_or(verb, |(verb, _)| verb) {
        "create" => "new",
        "update" => "upd",
        "delete" => "del",
        verb => verb,
    };
    format!("{verb}_{object}").to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::super::count::tests::policy;
    use super::*;

    #[test]
    fn a_fault_costs_what_the_profile_says() {
        let policy = policy();
        for (command, reason, cost) in [
            ("domain:create", Reason::Exists, 10),
            ("domain:create", Reason::BadName, 1),
            ("domain:update", Reason::NotSchemaValid, 1),
            ("domain:update", Reason::Internal, 0),
            ("contact:create", Reason::Exists, 1),
            ("contact:create", Reason::BadEmail, 3),
            ("contact:create", Reason::BadCountry, 2),
            ("domain:transfer-request", Reason::WrongAuthInfo, 1),
            ("domain:transfer-query", Reason::NotFound, 0),
            ("domain:renew", Reason::NotFound, 0),
            ("domain:check", Reason::TooManyNames, 0),
            ("host:create", Reason::Exists, 0),
            ("login", Reason::BadCredentials, 0),
            ("poll:ack", Reason::NoSuchMessage, 0),
            ("invalid", Reason::NotWellFormed, 0),
            ("domain:create", Reason::AccountBlocked, 0),
        ] {
            assert_eq!(points(&policy, command, reason.code(), reason.tag()), cost, "{command} {reason:?}");
        }
        let off = HitPolicy { enabled: false, ..policy };
        assert_eq!(points(&off, "domain:create", 2302, "Exists"), 0);
    }

    #[test]
    fn a_race_is_lost_within_the_grace_only() {
        let (policy, won) = (policy(), Ts(1_000_000_000));
        for (after, lost) in
            [(-1, true), (0, true), (9_999_000, true), (10_000_000, false), (10_001_000, false)]
        {
            assert_eq!(lost_race(&policy, won, Ts(won.0 + after)), lost, "{after}");
        }
        let none = HitPolicy { race_grace_s: 0, ..policy };
        assert!(!lost_race(&none, won, won));
    }

    #[test]
    fn commands_have_the_names_of_the_history() {
        for (command, name) in [
            ("domain:create", "NEW_DOMAIN"),
            ("domain:update", "UPD_DOMAIN"),
            ("contact:delete", "DEL_CONTACT"),
            ("domain:transfer-request", "TRANSFER_DOMAIN"),
            ("domain:request-code", "REQUEST_CODE"),
        ] {
            assert_eq!(communication(command), name);
        }
    }
}
