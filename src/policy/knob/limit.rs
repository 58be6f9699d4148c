//! How much a registrar may ask for: rates per operation, and the day's count of transactions that change the zone.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::RefusalCode;

/// One rule: so many commands in each window of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRule {
    /// What operators and counters call it; each rule of a profile has a name of its own.
    pub name: String,
    /// The commands that count, as logs name them (`domain:check`); `domain:*` is every command on domains.
    pub ops: Vec<String>,
    /// Only commands in this version of their object's namespace (`1.0`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// What is counted apart.
    pub key: RateKey,
    /// Most commands in one window.
    pub max: u32,
    /// Length of a window; windows follow one another without a gap.
    pub window_s: u32,
    /// Of an IPv6 address so many bits count: whoever has one address mostly has all that begin with them.
    #[serde(default = "site", skip_serializing_if = "is_site")]
    pub v6_prefix: u8,
    /// How a command beyond it is answered.
    #[serde(default)]
    pub code: RateCode,
    /// Whether a command beyond it costs hitpoints as well, where its faults do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub score: bool,
}

const fn site() -> u8 {
    64
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_site(bits: &u8) -> bool {
    *bits == site()
}

/// What a rate rule counts apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateKey {
    /// Each address, whoever comes from it.
    Ip,
    /// Each account, wherever it comes from.
    Account,
}

/// How a command beyond the rate is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum RateCode {
    /// 2308: refused, and the session goes on.
    #[default]
    Refuse,
    /// 2502: refused, and the session ends.
    Close,
}

impl TryFrom<u16> for RateCode {
    type Error = &'static str;

    fn try_from(code: u16) -> Result<Self, Self::Error> {
        match code {
            2308 => Ok(Self::Refuse),
            2502 => Ok(Self::Close),
            _ => Err("a rate answers 2308, or 2502 to end the session"),
        }
    }
}

impl From<RateCode> for u16 {
    fn from(code: RateCode) -> Self {
        match code {
            RateCode::Refuse => 2308,
            RateCode::Close => 2502,
        }
    }
}

impl RateRule {
    /// Whether the rule counts a command of that name and version.
    #[must_use]
    pub fn counts(&self, command: &str, version: Option<&str>) -> bool {
        self.ops.iter().any(|op| covers(op, command))
            && self.variant.as_deref().is_none_or(|variant| version == Some(variant))
    }
}

/// Whether an entry of a list of commands means that command.
#[must_use]
pub fn covers(op: &str, command: &str) -> bool {
    match op.strip_suffix('*') {
        Some(object) => object.ends_with(':') && command.starts_with(object),
        None => op == command,
    }
}

/// Transactions of a day: what many registries hand out in a fixed number to keep one account from moving the whole
/// zone by mistake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedPolicy {
    /// Whether there is a threshold.
    pub enabled: bool,
    /// The commands that count when they are done, and are refused beyond it; `domain:restore-request` is the update
    /// that asks for a restore.
    pub ops: Vec<String>,
    /// Most of them in one day; an account can have a number of its own.
    pub max: u32,
    /// Whose midnight begins the day.
    pub reset_zone: DayZone,
    /// The code beyond it.
    pub code: RefusalCode,
}

/// A time zone of the IANA database, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayZone {
    name: String,
    zone: TimeZone,
}

impl DayZone {
    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.zone
    }
}

impl TryFrom<String> for DayZone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match TimeZone::get(&name) {
            Ok(zone) => Ok(Self { name, zone }),
            Err(_) => Err(format!("{name:?} is no time zone; write it as Europe/Brussels or UTC")),
        }
    }
}

impl From<DayZone> for String {
    fn from(zone: DayZone) -> Self {
        zone.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_counts_what_it_names() {
        assert!(covers("domain:*", "domain:info") && covers("poll:req", "poll:req"));
        assert!(
            !covers("domain:*", "contact:info") && !covers("*", "poll:req") && !covers("poll", "poll:req")
        );
        let text = "name = \"look\"\nops = [\"domain:info\"]\nvariant = \"2.0\"\nkey = \"ip\"\nmax = 9\nwindow_s = 60";
        let rule: RateRule = toml::from_str(text).unwrap();
        assert!(rule.counts("domain:info", Some("2.0")) && !rule.counts("domain:info", Some("1.0")));
        assert_eq!(rule.code, RateCode::Refuse);
    }

    #[test]
    fn a_code_or_zone_that_does_not_exist_is_refused() {
        assert!(RateCode::try_from(2500).is_err() && RateCode::try_from(2502) == Ok(RateCode::Close));
        assert!(DayZone::try_from("Europe/Nowhere".to_owned()).is_err());
    }
}
