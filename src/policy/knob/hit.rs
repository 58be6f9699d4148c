//! Hitpoints: what faulty commands cost, and what happens when they cost too much.

use serde::{Deserialize, Serialize};

use super::RefusalCode;
use crate::clock::Ts;
use crate::policy::CivilZone;

/// Hitpoints (S63-S77). Days and months are those of `zone`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HitPolicy {
    /// Whether commands are scored at all.
    pub enabled: bool,
    /// Where midnight is: `Europe/Paris`, `+01:00`.
    pub zone: CivilZone,
    /// Points of a scored command's fault that no weight names.
    pub default_weight: u32,
    /// Whether faults of the registrar's staff at its desk cost as much as those of its programs (C11).
    pub score_web: bool,
    /// The commands whose faults cost points. `contact.*` means every command that changes contacts; a query is
    /// scored only where it is named.
    pub scored_ops: Vec<OpPattern>,
    /// Points of single faults; of several that fit, the one that names the reason, then the first.
    pub weights: Vec<HitWeight>,
    /// Codes that never cost anything.
    pub unscored_codes: Vec<u16>,
    /// Seconds after another registrar registered a name in which losing the race for it costs nothing.
    pub race_grace_s: i64,
    /// Faults that cost nothing while the domain has a mark of the registry.
    pub exempt_domain_flags: Vec<HitExempt>,
    /// How many points a day may cost.
    pub limit: HitLimit,
    /// When the limit follows the portfolio.
    pub limit_recalc: LimitRecalc,
    /// What the points are counted in.
    pub counter_reset: CounterReset,
    /// Whether the limit itself blocks.
    pub trip_at: TripAt,
    /// Per cent of the limit at which the registrar is told.
    pub warn_at: Vec<u8>,
    /// What happens at the limit.
    pub block: HitBlock,
    /// How often in a calendar month a registrar may lift its own block.
    pub self_unblocks_per_month: u32,
    /// Whether lifting a block sets the points to zero.
    pub unblock_resets_counter: bool,
    /// Days a fault is kept in the history.
    pub log_retention_days: i64,
}

impl HitPolicy {
    /// Whether faults of commands that came by that door cost anything.
    #[must_use]
    pub fn scores_door(&self, source: &str) -> bool {
        self.score_web || source != "web"
    }
}

/// What one fault costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HitWeight {
    /// The commands.
    pub op: OpPattern,
    /// The result code.
    pub code: u16,
    /// The reason's tag; any without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The points; 0 costs nothing.
    pub points: u32,
}

/// A command whose faults cost nothing on domains with a mark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HitExempt {
    /// The commands.
    pub op: OpPattern,
    /// The mark: `revoked_ns`, `hold`.
    pub flag: String,
}

/// The limit from the number of registered domains: `clamp(domains * per_domain, min, max)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "RawLimit")]
pub struct HitLimit {
    /// Points for each domain.
    pub per_domain: f64,
    /// At least this.
    pub min: u32,
    /// At most this.
    pub max: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLimit {
    per_domain: f64,
    min: u32,
    max: u32,
}

impl HitPolicy {
    /// Before which moment a domain has to have come so that it counts for the limit at `now`: with one limit a day, the
    /// midnight that began the day.
    #[must_use]
    pub fn portfolio_of(&self, now: Ts) -> Ts {
        match self.limit_recalc {
            LimitRecalc::Daily => self.zone.begins(self.zone.date(now)),
            LimitRecalc::OnRead => Ts(i64::MAX),
        }
    }
}

impl TryFrom<RawLimit> for HitLimit {
    type Error = String;

    fn try_from(RawLimit { per_domain, min, max }: RawLimit) -> Result<Self, String> {
        if min == 0 || min > max {
            return Err(format!("a limit from {min} to {max} points is none"));
        }
        if !(0.0..=1_000.0).contains(&per_domain) {
            return Err(format!("{per_domain} points for each domain is out of range"));
        }
        Ok(Self { per_domain, min, max })
    }
}

impl HitLimit {
    /// The limit of a portfolio of that many domains.
    #[must_use]
    pub fn of(&self, domains: i64) -> i64 {
        let (min, max) = (i64::from(self.min), i64::from(self.max));
        // A hair is added so that 0.1 times 5000 is 500 in binary too.
        ((domains as f64 * self.per_domain + 1e-6) as i64).clamp(min, max)
    }

    /// Domains beyond this number change nothing, so nobody counts further.
    #[must_use]
    pub fn domains_that_matter(&self) -> i64 {
        if self.per_domain == 0.0 { 0 } else { (f64::from(self.max) / self.per_domain).ceil() as i64 }
    }
}

/// When the limit follows the portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitRecalc {
    /// At midnight: a day has one limit.
    Daily,
    /// Whenever it is asked for.
    OnRead,
}

/// What points are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CounterReset {
    /// A day of the zone.
    Daily,
    /// The last 24 hours: each fault's points go one day after it.
    Rolling,
}

/// Whether the limit itself blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TripAt {
    /// Points equal to the limit block.
    Ge,
    /// Only more than the limit does.
    Gt,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HitBlock {
    /// Seconds from the last fault.
    pub for_s: i64,
    /// What is refused while it lasts.
    pub scope: BlockScope,
    /// The code it is refused by.
    pub code: RefusalCode,
    /// Whether midnight ends it too.
    pub reset_lifts: bool,
    /// Whether a command that is refused for it makes it begin again.
    pub refused_extends: bool,
}

/// What is refused during a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockScope {
    /// The scored commands.
    Transforms,
    /// Everything but login, logout and poll.
    AllButSession,
}

/// Objects that commands name, in this registry or in a dialect of it.
const OBJECTS: &[&str] = &["domain", "contact", "host", "nsgroup", "keygroup"];
/// Verbs of commands, those of dialects included.
const VERBS: &[&str] = &[
    "*",
    "create",
    "update",
    "delete",
    "renew",
    "transfer",
    "undelete",
    "reactivate",
    "restore",
    "request_code",
    "withdraw",
    "check",
    "info",
];

/// `domain.create`, `contact.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpPattern(String);

impl TryFrom<String> for OpPattern {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        match written.split_once('.') {
            Some((object, verb)) if OBJECTS.contains(&object) && VERBS.contains(&verb) => Ok(Self(written)),
            _ => Err(format!(
                "{written:?} names no commands; write object.verb, such as domain.create or contact.*"
            )),
        }
    }
}

impl From<OpPattern> for String {
    fn from(pattern: OpPattern) -> Self {
        pattern.0
    }
}

impl OpPattern {
    /// Whether it means that command (`domain:transfer-request`). A star and `transfer` mean what changes something.
    #[must_use]
    pub fn fits(&self, command: &str, changes: bool) -> bool {
        let (Some((object, verb)), Some((on, does))) = (self.0.split_once('.'), command.split_once(':'))
        else {
            return false;
        };
        let verb = verb.replace('_', "-");
        let verb = verb.as_str();
        let plain = does.split_once('-').map_or(does, |(verb, _)| verb);
        object == on
            && if verb == "*" || verb == "transfer" {
                changes && (verb == "*" || plain == verb)
            } else {
                does == verb
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> OpPattern {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn a_pattern_means_what_changes_something() {
        for (text, command, changes, fits) in [
            ("domain.create", "domain:create", true, true),
            ("domain.create", "contact:create", true, false),
            ("domain.*", "domain:renew", true, true),
            ("domain.*", "domain:check", false, false),
            ("domain.transfer", "domain:transfer-request", true, true),
            ("domain.transfer", "domain:transfer-query", false, false),
            ("domain.check", "domain:check", false, true),
            ("domain.request_code", "domain:request-code", true, true),
            ("contact.*", "poll:ack", true, false),
            ("contact.*", "login", true, false),
        ] {
            assert_eq!(pattern(text).fits(command, changes), fits, "{text} {command}");
        }
        for text in ["create", "domain.craete", "domain:create", "*.create"] {
            assert!(OpPattern::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_limit_follows_the_portfolio_between_its_bounds() {
        let limit = HitLimit { per_domain: 0.1, min: 100, max: 1_000 };
        for (domains, points) in
            [(0, 100), (50, 100), (1_009, 100), (1_010, 101), (5_000, 500), (9_999, 999), (50_000, 1_000)]
        {
            assert_eq!(limit.of(domains), points, "{domains}");
        }
        assert_eq!(limit.domains_that_matter(), 10_000);
        assert!(HitLimit::try_from(RawLimit { per_domain: 0.1, min: 100, max: 99 }).is_err());
    }
}
