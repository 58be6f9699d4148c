//! Profiles: every number and switch of a registry as data.
//!
//! A profile is a TOML document that may extend another; what it says is laid over what it extends, key by key.
//! The files under `profile/` are built in; an operator's own files stand beside them under their names. A zone
//! may lay a piece of TOML over its profile's `zone` part.

mod check;
mod check_bill;
mod check_contact;
mod check_dnssec;
mod check_host;
mod check_idn;
mod check_launch;
mod check_login;
mod check_notice;
mod check_pending;
mod check_transfer;
mod check_ttl;
mod civil;
pub mod fault;
pub mod idn;
mod knob;
mod money;
mod origin;
mod profile;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use civil::CivilZone;
pub use idn::{Tables, ZoneTables};
pub use knob::*;
pub use money::{Currency, Decimal};
pub use origin::{Knob, Said};

/// How deep `extends` may go.
const MAX_DEPTH: usize = 8;

/// Why a profile cannot be used: for the operator.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// No file of that name.
    #[error("there is no profile named {0:?}")]
    Unknown(String),
    /// The file is wrong.
    #[error("profile {name:?}: {fault}")]
    Invalid {
        /// The profile.
        name: String,
        /// Line and reason.
        fault: String,
    },
    /// A table of code points is wrong.
    #[error("table {tag:?}: {fault}")]
    Table {
        /// Its tag.
        tag: String,
        /// Line and reason.
        fault: String,
    },
}

/// Rules by profile and overrides.
type ZoneRules = BTreeMap<(String, String), Arc<ZonePolicy>>;

/// Every profile the server knows.
#[derive(Clone, Debug)]
pub struct Policies {
    sources: Arc<BTreeMap<String, Source>>,
    profiles: Arc<BTreeMap<String, Arc<Profile>>>,
    /// The account part of each profile.
    accounts: Arc<BTreeMap<String, Arc<AccountPolicy>>>,
    /// The tables zones may name.
    tables: Arc<Tables>,
    /// Rules of zones by profile and overrides, worked out once.
    zones: Arc<Mutex<ZoneRules>>,
}

/// One file: its text, for the lines of its faults, and what it says.
#[derive(Clone, Debug)]
struct Source {
    text: String,
    table: toml::Table,
}

impl Policies {
    /// The built-in profiles and the operator's own: (name, text) pairs.
    ///
    /// # Errors
    /// The first profile that does not hold together.
    pub fn load(own: &[(String, String)]) -> Result<Self, PolicyError> {
        Self::load_with(own, &[])
    }

    /// The same, with the operator's own tables of code points: (tag, text) pairs.
    ///
    /// # Errors
    /// The first table or profile that does not hold together.
    pub fn load_with(own: &[(String, String)], tables: &[(String, String)]) -> Result<Self, PolicyError> {
        let tables = Tables::load(tables)
            .map_err(|(tag, fault)| PolicyError::Table { tag, fault: fault.to_string() })?;
        let mut sources = BTreeMap::new();
        let built_in = profile::BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        for (name, text) in built_in.chain(own.iter().cloned()) {
            let table = text.parse::<toml::Table>().map_err(|e| PolicyError::Invalid {
                name: name.clone(),
                fault: fault::describe(&text, &e),
            })?;
            sources.insert(name, Source { text, table });
        }
        let (mut profiles, mut accounts) = (BTreeMap::new(), BTreeMap::new());
        for name in sources.keys() {
            let table = merged(&sources, name, 0)?;
            let mut profile = table.try_into::<Profile>().map_err(|e| invalid(&sources, name, &e))?;
            if profile.id != *name {
                let fault =
                    format!("line 1: the file {name:?} has the id {:?}; they must be the same", profile.id);
                return Err(PolicyError::Invalid { name: name.clone(), fault });
            }
            let held = check_idn::read(&mut profile.zone.idn, &tables);
            held.and_then(|()| check::profile(&profile)).map_err(|broken| {
                let (at, fault) = broken.describe(&chain(&sources, name), "");
                PolicyError::Invalid { name: at.unwrap_or(name).to_owned(), fault }
            })?;
            accounts.insert(name.clone(), Arc::new(profile.account.clone()));
            profiles.insert(name.clone(), Arc::new(profile));
        }
        Ok(Self {
            sources: Arc::new(sources),
            profiles: Arc::new(profiles),
            accounts: Arc::new(accounts),
            tables: Arc::new(tables),
            zones: Arc::default(),
        })
    }

    /// The names of all profiles.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The profile of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn profile(&self, name: &str) -> Result<Arc<Profile>, PolicyError> {
        self.profiles.get(name).cloned().ok_or_else(|| PolicyError::Unknown(name.to_owned()))
    }

    /// The tables zones may name.
    #[must_use]
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The rules of accounts under that profile.
    ///
    /// # Errors
    /// When there is none.
    pub fn account(&self, profile: &str) -> Result<Arc<AccountPolicy>, PolicyError> {
        self.accounts.get(profile).cloned().ok_or_else(|| PolicyError::Unknown(profile.to_owned()))
    }

    /// The rules of accounts of all profiles.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountPolicy> {
        self.accounts.values().map(|rules| &**rules)
    }

    /// The rules of a zone: its profile's, with its own overrides laid over.
    ///
    /// # Errors
    /// When the profile is unknown or the overrides do not fit.
    pub fn zone(&self, profile: &str, overrides: &str) -> Result<Arc<ZonePolicy>, PolicyError> {
        let key = (profile.to_owned(), overrides.to_owned());
        if let Some(known) = self.zones.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let policy = Arc::new(self.zone_rules(profile, overrides)?);
        self.zones.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&policy));
        Ok(policy)
    }

    fn zone_rules(&self, profile: &str, overrides: &str) -> Result<ZonePolicy, PolicyError> {
        let invalid = |fault: String| PolicyError::Invalid { name: profile.to_owned(), fault };
        let over = overrides.parse::<toml::Table>().map_err(|e| invalid(fault::describe(overrides, &e)))?;
        let mut table = merged(&self.sources, profile, 0)?;
        let zone = table.get_mut("zone").and_then(toml::Value::as_table_mut);
        let zone = zone.ok_or_else(|| invalid("it has no zone part".to_owned()))?;
        lay_over(zone, over);
        let fault = |e: toml::de::Error| invalid(fault::describe_merged(&[("", overrides)], &e).1);
        let mut policy: ZonePolicy = std::mem::take(zone).try_into().map_err(fault)?;
        let held = check_idn::read(&mut policy.idn, &self.tables);
        held.and_then(|()| check::zone(&policy))
            .map_err(|broken| invalid(broken.describe(&[("", overrides)], "zone.").1))?;
        Ok(policy)
    }
}

/// The fault of a profile, told of the file in its `extends` chain that the key at fault stands in.
fn invalid(sources: &BTreeMap<String, Source>, name: &str, error: &toml::de::Error) -> PolicyError {
    let (at, fault) = fault::describe_merged(&chain(sources, name), error);
    PolicyError::Invalid { name: at.unwrap_or(name).to_owned(), fault }
}

/// Names and texts of a profile and of everything it extends, the nearest first.
fn chain<'a>(sources: &'a BTreeMap<String, Source>, name: &str) -> Vec<(&'a str, &'a str)> {
    let mut texts = Vec::new();
    let mut next = Some(name);
    while let Some((name, source)) = next.and_then(|name| sources.get_key_value(name)) {
        texts.push((name.as_str(), source.text.as_str()));
        next = source.table.get("extends").and_then(toml::Value::as_str);
    }
    texts
}

/// A profile's table laid over everything it extends.
fn merged(sources: &BTreeMap<String, Source>, name: &str, depth: usize) -> Result<toml::Table, PolicyError> {
    let source = sources.get(name).ok_or_else(|| PolicyError::Unknown(name.to_owned()))?;
    let mut table = source.table.clone();
    let Some(base) = table.remove("extends") else { return Ok(table) };
    let fault = |fault: &str| PolicyError::Invalid { name: name.to_owned(), fault: fault.to_owned() };
    let base = base.as_str().ok_or_else(|| fault("extends names a profile"))?;
    if depth == MAX_DEPTH {
        return Err(fault("extends goes round in a circle, or too deep"));
    }
    let mut whole = merged(sources, base, depth + 1)?;
    lay_over(&mut whole, table);
    Ok(whole)
}

/// Tables are laid over key by key; everything else replaces.
fn lay_over(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_laid_over_what_it_extends() {
        let all = Policies::load(&[]).unwrap();
        let (gtld, demo) = (all.profile("gtld").unwrap(), all.profile("demo").unwrap());
        assert_eq!(demo.id, "demo");
        assert_eq!(demo.zone.period, gtld.zone.period);
        assert_ne!(demo.account.epp_acl, gtld.account.epp_acl);
    }

    #[test]
    fn a_zone_lays_its_own_rules_over() {
        let all = Policies::load(&[]).unwrap();
        assert_eq!(all.zone("gtld", "ns.mode = \"host_attr\"").unwrap().ns.mode, NsMode::HostAttr);
        let fault = all.zone("gtld", "ns.modus = 1").unwrap_err().to_string();
        assert!(fault.contains("modus"), "{fault}");
    }

    #[test]
    fn an_unknown_key_is_told_with_its_file_line_and_nearest_key() {
        let own = [
            ("base", "id = \"base\"\nextends = \"gtld\"\n\n[zone.ns]\nmaximum = 4\n"),
            ("above", "id = \"above\"\nextends = \"base\"\n"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(
            Policies::load(&own).unwrap_err().to_string(),
            "profile \"base\": line 5: unknown key `zone.ns.maximum`; the nearest known key is `max`"
        );
    }

    #[test]
    fn a_circle_is_refused() {
        let own =
            [("a", "b"), ("b", "a")].map(|(n, e)| (n.to_owned(), format!("id = {n:?}\nextends = {e:?}")));
        assert!(Policies::load(&own).unwrap_err().to_string().contains("circle"));
    }
}
