//! Rate rules: so many commands in a window of time, counted once over all processes on one database and without a
//! write for each command.
//!
//! A process takes a twentieth of a window's commands at a time, by one guarded statement, and hands them out from
//! memory. So never more than the rule's number are admitted. What one process has taken and not used another does
//! not see: where several share a count, the last of them may be refused early, by less than a twentieth of the number for
//! every other process (and, where several accounts come from one address, for every other account). A process alone
//! is exact. Windows follow one another by the clock; one that is over is forgotten, here and in the database.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use serde_json::json;

use super::account::{Owed, Unsettled};
use super::contract::{Actor, Spec};
use super::{Gate, internal, protected};
use crate::clock::Ts;
use crate::epp::types::{Lang, RegistrarId};
use crate::flow;
use crate::policy::{AccountPolicy, Policies, PolicyError, Profile, RateCode, RateKey, RateRule, covers};
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;
use crate::store::audit::AuditRow;
use crate::store::mark::Mark;
use crate::store::rate::{PROTECTED, Window};

/// Into how many pieces a window's commands are divided.
const PIECES: i64 = 20;

/// Beyond that many windows in memory those that are over are looked for.
const FEW: usize = 1024;

/// What this process has taken and not handed out.
#[derive(Debug, Default)]
pub(super) struct Rates {
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    by_window: HashMap<Key, Arc<tokio::sync::Mutex<Piece>>>,
    /// Look for windows that are over once there are that many.
    tidy_at: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    rule: String,
    /// The address or the account.
    key: String,
    /// Whose number counts.
    registrar: Option<RegistrarId>,
    begins_at: Ts,
    ends_at: Ts,
}

/// Commands that were taken and not handed out.
#[derive(Debug, Default)]
struct Piece {
    left: i64,
    /// The last time there was nothing to take; before writing it is worth a look whether there is now.
    empty: bool,
    /// Whether that was noted.
    noted: bool,
}

/// What a rule says of a command.
enum Verdict {
    Admitted,
    /// The window is used up; that many are all, and whether this process sees it for the first time.
    Beyond(i64, bool),
}

/// Refuses a command that is beyond a rule of the account's profile; before a login, of the server's.
///
/// Whoever comes by the desk has no address here; rules that count addresses are not for them.
pub(super) async fn check(
    gate: &Gate,
    actor: Option<Arc<Actor>>,
    address: Option<IpAddr>,
    spec: &Spec,
    svtrid: &str,
) -> Result<(), Unsettled> {
    let version = spec.object.and_then(|ns| ns.uri().rsplit_once('-')).map(|(_, version)| version);
    let counts = |rule: &&RateRule| rule.counts(spec.name, version);
    if !gate.policies().accounts().any(|rules| rules.rate.iter().any(|rule| counts(&rule))) {
        return Ok(());
    }
    let fault = |cause: StoreError| internal(&cause, spec.name, svtrid);
    let rules = rules(gate, actor.clone()).await.map_err(fault)?;
    for rule in rules.rate.iter().filter(counts) {
        let registrar = actor.as_ref().map(|actor| actor.registrar.clone());
        let key = match (rule.key, address, &registrar) {
            (RateKey::Ip, Some(address), _) => site(address, rule.v6_prefix),
            (RateKey::Account, _, Some(registrar)) => registrar.to_string(),
            (RateKey::Ip, None, _) | (RateKey::Account, _, None) => continue,
        };
        let now = gate.clock().now();
        let (begins_at, ends_at) = window(rule, now);
        let key = Key { rule: rule.name.clone(), key, registrar, begins_at, ends_at };
        let verdict = gate.0.rates.ask(gate, &key, i64::from(rule.max), now).await;
        match verdict.map_err(fault)? {
            Verdict::Admitted => {}
            Verdict::Beyond(max, first) => {
                let refusal = refusal(rule, max, ends_at, now);
                if first {
                    note(gate, &key, actor.as_deref(), spec, &refusal).await.map_err(fault)?;
                }
                return Err(Unsettled { refusal, owed: if rule.score { Owed::Row } else { Owed::Nothing } });
            }
        }
    }
    Ok(())
}

/// The rules a command is under now: an account's profile may have changed since its last one.
async fn rules(gate: &Gate, actor: Option<Arc<Actor>>) -> Result<Arc<AccountPolicy>, StoreError> {
    let Some(actor) = actor else { return gate.account_rules(None) };
    let facts = gate
        .db()
        .read(move |tx| Box::pin(async move { tx.account_facts(&actor.registrar, &actor.user).await }))
        .await?;
    gate.account_rules(facts.and_then(|facts| facts.profile).as_deref())
}

/// What counts of an address: an IPv4 address whole, of an IPv6 address its first bits.
fn site(address: IpAddr, bits: u8) -> String {
    match IpNet::new(address, bits) {
        Ok(net @ IpNet::V6(_)) if bits < 128 => net.trunc().to_string(),
        _ => address.to_string(),
    }
}

/// The window of a rule that holds a moment: its beginning and its end.
#[must_use]
pub fn window(rule: &RateRule, now: Ts) -> (Ts, Ts) {
    let length = i64::from(rule.window_s) * Ts::SECOND;
    let begin = now.0.div_euclid(length) * length;
    (Ts(begin), Ts(begin + length))
}

fn refusal(rule: &RateRule, max: i64, until: Ts, now: Ts) -> Refusal {
    let of = match rule.key {
        RateKey::Ip => "address",
        RateKey::Account => "account",
    };
    let wait = (until.0 - now.0).max(0).div_euclid(Ts::SECOND) + 1;
    let window = rule.window_s;
    let reason = match rule.code {
        RateCode::Refuse => Reason::RateLimited,
        RateCode::Close => Reason::RateLimitedEnd,
    };
    Refusal::new(reason)
        .detail(format!("at most {max} in {window} s for one {of}; again in {wait} s, at {until}"))
}

impl Rates {
    async fn ask(&self, gate: &Gate, key: &Key, max: i64, now: Ts) -> Result<Verdict, StoreError> {
        let piece = self.piece(key, now);
        // Whoever finds nothing left fetches more; the others wait for it rather than fetch as well.
        let mut piece = piece.lock().await;
        if piece.left > 0 {
            piece.left -= 1;
            return Ok(Verdict::Admitted);
        }
        let (window, registrar) = (key.window(), key.registrar.clone());
        if piece.empty {
            let (window, registrar) = (window.clone(), registrar.clone());
            let look = gate.db().read(move |tx| {
                Box::pin(async move { tx.rate_left(&window, registrar.as_ref(), max).await })
            });
            let (left, all) = look.await?;
            if left <= 0 {
                return Ok(Verdict::Beyond(all, !std::mem::replace(&mut piece.noted, true)));
            }
        }
        let asked = Arc::new((window, registrar));
        let (count, all) = gate
            .db()
            .write(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (window, registrar) = &*asked;
                    let (left, all) = tx.rate_left(window, registrar.as_ref(), max).await?;
                    let count = (all / PIECES).max(1).min(left);
                    let had = count > 0 && tx.rate_take(window, count, all).await?;
                    Ok((if had { count } else { 0 }, all))
                })
            })
            .await?;
        piece.empty = count == 0;
        if count == 0 {
            return Ok(Verdict::Beyond(all, !std::mem::replace(&mut piece.noted, true)));
        }
        piece.left = count - 1;
        Ok(Verdict::Admitted)
    }

    fn piece(&self, key: &Key, now: Ts) -> Arc<tokio::sync::Mutex<Piece>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(piece) = taken.by_window.get(key) {
            return Arc::clone(piece);
        }
        if taken.by_window.len() >= taken.tidy_at.max(FEW) {
            taken.by_window.retain(|key, _| key.ends_at > now);
            taken.tidy_at = taken.by_window.len() * 2;
        }
        Arc::clone(taken.by_window.entry(key.clone()).or_default())
    }
}

/// Notes in the audit trail that a window is used up: once, however many commands it then refuses on however many
/// servers.
async fn note(
    gate: &Gate,
    key: &Key,
    actor: Option<&Actor>,
    spec: &Spec,
    refusal: &Refusal,
) -> Result<(), StoreError> {
    let who = |id: fn(&Actor) -> &RegistrarId| actor.map(|actor| id(actor).to_string()).unwrap_or_default();
    let row = AuditRow {
        id: gate.ids().next(),
        at: gate.clock().now(),
        registrar: who(|actor| &actor.registrar),
        user: who(|actor| &actor.user),
        source: actor.map_or("epp", |actor| actor.source).to_owned(),
        command: spec.name.to_owned(),
        object: String::new(),
        code: i64::from(refusal.code()),
        reason: refusal.reason.tag().to_owned(),
        cltrid: None,
        svtrid: gate.ids().svtrid(),
        detail: json!({ "rule": key.rule, "key": key.key, "until": key.ends_at.to_string() }).to_string(),
    };
    let work = Arc::new((key.window(), row));
    gate.db()
        .write(move |tx| {
            let work = Arc::clone(&work);
            Box::pin(async move {
                let (window, row) = &*work;
                if tx.rate_note(window).await? { tx.audit_insert(row).await } else { Ok(()) }
            })
        })
        .await
}

impl Key {
    fn window(&self) -> Window {
        let Self { rule, key, begins_at, ends_at, .. } = self.clone();
        Window { rule, key, begins_at, ends_at }
    }
}

/// Refuses profiles whose limits name commands that do not exist, or name one thing twice.
pub(super) fn check_profiles(policies: &Policies) -> Result<(), PolicyError> {
    for name in policies.names() {
        let profile = policies.profile(name)?;
        fault(&profile).map_err(|fault| PolicyError::Invalid { name: name.to_owned(), fault })?;
    }
    Ok(())
}

fn fault(profile: &Profile) -> Result<(), String> {
    let known = |op: &str| flow::ALL.iter().any(|spec| covers(op, spec.name));
    let account = &profile.account;
    for (at, rule) in account.rate.iter().enumerate() {
        let name = &rule.name;
        if name == PROTECTED || account.rate[..at].iter().any(|other| other.name == *name) {
            return Err(format!("account.rate: the name {name:?} is taken"));
        }
        if rule.window_s == 0 {
            return Err(format!("account.rate {name:?}: a window has at least one second"));
        }
        if let Some(op) = rule.ops.iter().find(|op| !known(op)) {
            return Err(format!("account.rate {name:?}: there is no command {op:?}"));
        }
    }
    if let Some(op) = profile.server.cltrid.required.iter().find(|op| !known(op)) {
        return Err(format!("server.cltrid.required: there is no command {op:?}"));
    }
    let flags = &account.hit.exempt_domain_flags;
    if let Some(exempt) = flags.iter().find(|exempt| Mark::parse(&exempt.flag).is_none()) {
        return Err(format!("account.hit.exempt_domain_flags: there is no mark {:?}", exempt.flag));
    }
    let langs = &profile.server.greeting.langs;
    if let Some(tag) = langs.iter().find(|tag| Lang::ALL.iter().all(|lang| lang.tag() != tag.as_str())) {
        return Err(format!("server.greeting.langs: there are no texts in {tag:?}"));
    }
    if !langs.iter().any(|tag| tag == Lang::En.tag()) {
        return Err("server.greeting.langs: English is always offered".to_owned());
    }
    let protects = |op: &&String| known(op) || covers(op, protected::RESTORE_REQUEST);
    match account.protected.ops.iter().find(|op| !protects(op)) {
        Some(op) => Err(format!("account.protected: there is no command {op:?}")),
        None => Ok(()),
    }
}
