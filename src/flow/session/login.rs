//! `<login>` (RFC 5730 section 2.9.1.1, RFC 5734 section 9).
//!
//! A login is not one transaction: reading who it is, the slow password work and writing the session down are three
//! steps, so that no transaction waits for Argon2. What must not race is guarded where it is written: the cap of
//! sessions by its insert, the password by its old hash.

use std::net::IpAddr;
use std::sync::Arc;

use crate::clock::Ts;
use crate::epp::command;
use crate::epp::ext::Ext;
use crate::epp::notice::Notice;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{EventKind, Lang, RegistrarId, SENTINEL, Secret};
use crate::gate::{Access, Actor, Cx, Gate, Login, Peer, Session, Spec, Stop, internal};
use crate::policy::{AclMoment, Service, TlsPolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::audit::AuditRow;
use crate::store::login::{Attempt, LoginFacts, Pin};
use crate::store::session::SessionRow;
use crate::store::{PROCESS_GONE_SECONDS, StoreError};

use super::event::{self, Watch};
use super::password;
use super::throttle::{self, Throttle};

/// What the command needs.
pub const SPEC: Spec = Spec { name: "login", login: Login::Forbidden, access: Access::Write, object: None };

/// A login while logged in; everything else goes through [`authenticate`], because there is no actor yet.
///
/// # Refusals
/// - [`Reason::AlreadyLoggedIn`]
///
/// # Errors
/// Always.
pub async fn run(_command: &command::Login, _cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Err(Reason::AlreadyLoggedIn.into())
}

/// Logs a session in, or counts a failure; the failure that reaches the profile's number is 2501.
///
/// # Refusals
/// - [`Reason::LanguageNotOffered`], [`Reason::ObjectUnknown`], [`Reason::ExtensionUnknown`]: what is asked for.
/// - [`Reason::LoginSecMissing`], [`Reason::LoginSecUnasked`]: a password stands where the login does not say, or not
///   where it says.
/// - [`Reason::BadCredentials`]: unknown user, wrong password, foreign certificate, switched off, a user of another
///   service; all alike.
/// - [`Reason::LoginThrottled`]: too many of those; told like one of them.
/// - [`Reason::AddressNotAllowed`], [`Reason::PasswordExpired`]: told only to who knows the password.
/// - [`Reason::PasswordPolicy`]: the new password; the login then fails.
/// - [`Reason::TooManyFailures`], [`Reason::TooManySessions`]
///
/// # Errors
/// Its refusals.
pub async fn authenticate(
    gate: &Gate,
    session: &mut Session,
    login: &command::Login,
    svtrid: &str,
) -> Result<Reply, Refusal> {
    let (lang, objects, extensions) = options(gate, login)?;
    let (pw, new_pw) = passwords(gate, login)?;
    let now = gate.clock().now();
    let fault = |cause: StoreError| internal(&cause, SPEC.name, svtrid);
    // Nobody else reads them, and they are not counted for nothing.
    let listens = extensions.contains(&Ext::LoginSec);

    let (facts, throttle, failed_lately) =
        facts(gate, login, session.peer.address, listens, now).await.map_err(fault)?;
    let rules =
        gate.account_rules(facts.as_ref().and_then(|known| known.0.profile.as_deref())).map_err(fault)?;
    let watch = Watch { rules: &rules.login_sec, lang, now };
    let verdict = if throttle.blocked {
        // Without the work of comparing: that is what a throttled client is kept from.
        Err(Reason::LoginThrottled)
    } else {
        let stored = facts.as_ref().map(|known| known.0.password.as_str());
        // The word that stands for a password is none, whatever an old database holds.
        let fits = gate.hasher().fits(stored, pw).await.map_err(fault)? && pw.expose() != SENTINEL;
        judge(gate, &session.peer, facts.as_ref(), fits, now)
    };
    let verdict = verdict.and_then(|()| {
        let set = facts.as_ref().map(|known| known.0.password_at);
        let refused = new_pw.is_none() && set.is_some_and(|set| watch.is_refused(set));
        if refused { Err(Reason::PasswordExpired) } else { Ok(()) }
    });
    let known = |facts: &LoginFacts| match listens {
        true => watch.of_user(facts, &session.peer, failed_lately),
        false => Vec::new(),
    };
    // What is told with a refusal depends on whether the client proved who it is.
    let told = |reason: Reason| match &facts {
        Some((facts, _)) if matches!(reason, Reason::AddressNotAllowed | Reason::PasswordExpired) => {
            known(facts)
        }
        _ if listens => watch.of_connection(&session.peer),
        _ => Vec::new(),
    };

    let attempt = |outcome: &str| Attempt {
        id: gate.ids().next(),
        at: now,
        user: login.user.to_string(),
        registrar: facts.as_ref().map(|known| known.0.registrar.to_string()),
        address: session.peer.address.to_string(),
        outcome: outcome.to_owned(),
        counted: outcome == Reason::BadCredentials.tag(),
        agent: login.sec.as_ref().map(|sec| sec.agent.clone()).unwrap_or_default(),
    };
    let Some((facts, ())) = facts.as_ref().map(|known| &known.0).zip(verdict.as_ref().ok().copied()) else {
        let reason = verdict.err().unwrap_or(Reason::BadCredentials);
        if reason == Reason::AddressNotAllowed {
            gate.login_turned_away(session.peer.address);
        }
        let (attempt, events) = (attempt(reason.tag()), told(reason));
        failed(gate, attempt, reason, svtrid).await.map_err(fault)?;
        return Err(count_failure(gate, session, reason).telling(events));
    };

    let mut events = known(facts);
    let new_hash = match new_pw {
        None => None,
        Some(new) => {
            let rules = gate.epp_passwords(facts.profile.as_deref()).map_err(fault)?;
            if let Err(refusal) = password::check(new, Some(pw), &rules) {
                failed(gate, attempt(refusal.reason.tag()), refusal.reason, svtrid).await.map_err(fault)?;
                if listens {
                    events.push(watch.of_new_password(refusal.text()));
                    events.sort_by_key(|event| event.kind);
                }
                return Err(refusal.telling(events));
            }
            events.retain(|event| event.kind != EventKind::Password);
            Some(gate.hasher().hash(new).await.map_err(fault)?)
        }
    };
    let actor = Arc::new(Actor {
        registrar: facts.registrar.clone(),
        user: login.user.clone(),
        source: "epp",
        lang,
        objects,
        extensions,
    });
    let entry = Entry {
        row: SessionRow {
            id: session.id,
            process: gate.ids().process(),
            registrar: facts.registrar.clone(),
            user: login.user.clone(),
            address: session.peer.address.to_string(),
            tls: session.peer.tls.clone(),
            login_at: now,
        },
        cap: cap(gate, facts),
        old_hash: facts.password.clone(),
        new_hash,
        attempt: attempt("success"),
        failed_before: throttle.failed_before,
        audit: audit(gate, &actor.registrar, &login.user, 1000, "", svtrid, now),
    };
    if let Some(reason) = enter(gate, entry).await.map_err(fault)? {
        failed(gate, attempt(reason.tag()), reason, svtrid).await.map_err(fault)?;
        return Err(Refusal::new(reason).telling(events));
    }
    session.failures = 0;
    session.actor = Some(actor);
    Ok(Reply::LoggedIn(events))
}

/// The password and the new one, from where the login says they stand (RFC 8807 section 4.1). Where the server does not
/// know the extension the word that sends there is a password like any other, which nobody can have.
fn passwords<'a>(
    gate: &Gate,
    login: &'a command::Login,
) -> Result<(&'a Secret, Option<&'a Secret>), Refusal> {
    let knows = gate.extensions().contains(&Ext::LoginSec);
    let beside = |name, reason| Err(Refusal::new(reason).on(Ns::Ext(Ext::LoginSec), name, ""));
    let find = |name, core: Option<&'a Secret>, beyond: Option<&'a Secret>| match (
        core.is_some_and(|core| core.expose() == SENTINEL),
        beyond,
    ) {
        (true, Some(beyond)) => Ok(Some(beyond)),
        (true, None) if knows => beside(name, Reason::LoginSecMissing),
        (false, Some(_)) => beside(name, Reason::LoginSecUnasked),
        (_, None) => Ok(core),
    };
    let sec = login.sec.as_ref();
    let pw = find("pw", Some(&login.pw), sec.and_then(|sec| sec.pw.as_ref()))?;
    let new_pw = find("newPW", login.new_pw.as_ref(), sec.and_then(|sec| sec.new_pw.as_ref()))?;
    Ok((pw.unwrap_or(&login.pw), new_pw))
}

/// Version is the schema's matter; language, objects and extensions must be ones this server offers.
fn options(gate: &Gate, login: &command::Login) -> Result<(Lang, Vec<Ns>, Vec<Ext>), Refusal> {
    let lang = Lang::parse(&login.lang)
        .filter(|lang| gate.langs().contains(lang))
        .ok_or_else(|| Refusal::new(Reason::LanguageNotOffered).on(Ns::Epp, "lang", &login.lang))?;
    let mut objects = Vec::new();
    for uri in &login.objects {
        let ns = Ns::from_uri(uri).filter(|ns| Ns::OBJECTS.contains(ns) && gate.offers(*ns));
        objects.push(ns.ok_or_else(|| Refusal::new(Reason::ObjectUnknown).on(Ns::Epp, "objURI", uri))?);
    }
    let mut extensions = Vec::new();
    for uri in &login.extensions {
        let ext = Ext::from_uri(uri).filter(|ext| gate.extensions().contains(ext));
        extensions
            .push(ext.ok_or_else(|| Refusal::new(Reason::ExtensionUnknown).on(Ns::Epp, "extURI", uri))?);
    }
    Ok((lang, objects, extensions))
}

/// Who logs in, whether the account lists the address, what the throttle says, and how many logins failed lately, where
/// that is wanted.
async fn facts(
    gate: &Gate,
    login: &command::Login,
    address: IpAddr,
    count: bool,
    now: Ts,
) -> Result<(Option<(LoginFacts, bool)>, Throttle, i64), StoreError> {
    let user = login.user.clone();
    let gate = gate.clone();
    gate.db()
        .clone()
        .read(move |tx| {
            Box::pin(async move {
                let facts = tx.login_facts(&user).await?;
                let rules = gate.account_rules(facts.as_ref().and_then(|facts| facts.profile.as_deref()))?;
                let throttle =
                    throttle::ask(tx, &rules.login_throttle, &user, &address.to_string(), now).await?;
                let Some(facts) = facts else { return Ok((None, throttle, 0)) };
                let acl = &rules.epp_acl;
                let listed = !acl.check_at.contains(&AclMoment::Login)
                    || tx.address_allowed(&facts.registrar, address, acl.empty_means, now).await?;
                let sec = &rules.login_sec;
                let since = now.plus_seconds(-sec.failed_window_s);
                let failed = match count && sec.failed_warn > 0 {
                    true => tx.login_failed(&user, since, event::MOST_COUNTED).await?,
                    false => 0,
                };
                Ok((Some((facts, listed)), throttle, failed))
            })
        })
        .await
}

/// Whether the three things that identify a client fit together.
fn judge(
    gate: &Gate,
    peer: &Peer,
    facts: Option<&(LoginFacts, bool)>,
    password_fits: bool,
    now: Ts,
) -> Result<(), Reason> {
    let Some((facts, listed)) = facts.filter(|_| password_fits) else { return Err(Reason::BadCredentials) };
    let certificate_fits = certificate(&gate.profile().server.tls, &facts.pins, peer, now);
    let may = facts.user_enabled && facts.registrar_enabled && facts.service == Service::Epp;
    if !may || !certificate_fits {
        return Err(Reason::BadCredentials);
    }
    if *listed { Ok(()) } else { Err(Reason::AddressNotAllowed) }
}

/// A user with pins comes with one of them while it is valid. A user without comes only where the profile lets it.
fn certificate(policy: &TlsPolicy, pins: &[Pin], peer: &Peer, now: Ts) -> bool {
    if pins.is_empty() {
        return !policy.pin_required;
    }
    let Some(shown) = peer.certificate else { return false };
    let valid = |pin: &&Pin| pin.not_before <= now && pin.not_after.is_none_or(|end| now < end);
    pins.iter().filter(valid).any(|pin| pin.sha256 == shown)
}

/// The cap of the account's sessions: its own where it has one, else the profile's; 0 is none.
fn cap(gate: &Gate, facts: &LoginFacts) -> Option<u32> {
    let own = facts.max_sessions.and_then(|n| u32::try_from(n).ok());
    Some(own.unwrap_or(gate.profile().server.session.max_per_account)).filter(|n| *n > 0)
}

fn count_failure(gate: &Gate, session: &mut Session, reason: Reason) -> Refusal {
    session.failures += 1;
    if session.failures >= gate.profile().server.session.login_attempts_per_connection {
        return Reason::TooManyFailures.into();
    }
    reason.into()
}

/// What a login that was let in writes.
struct Entry {
    row: SessionRow,
    cap: Option<u32>,
    old_hash: String,
    new_hash: Option<String>,
    attempt: Attempt,
    failed_before: bool,
    audit: AuditRow,
}

/// Writes the session down; says why it could not be.
async fn enter(gate: &Gate, entry: Entry) -> Result<Option<Reason>, StoreError> {
    let now = entry.row.login_at;
    let work = Arc::new((gate.clone(), entry));
    gate.db()
        .write(move |tx| {
            let work = Arc::clone(&work);
            Box::pin(async move {
                let (gate, entry) = &*work;
                let live_since = now.plus_seconds(-PROCESS_GONE_SECONDS);
                if !tx.session_insert(&entry.row, entry.cap, live_since).await? {
                    return Ok(Some(Reason::TooManySessions));
                }
                if let Some(new) = &entry.new_hash
                    && !tx.login_password(&entry.row.user, &entry.old_hash, new, now).await?
                {
                    // Another session changed the password since it was compared.
                    tx.undo().await?;
                    return Ok(Some(Reason::BadCredentials));
                }
                if entry.failed_before {
                    tx.login_forget_user(&entry.row.user).await?;
                }
                tx.login_attempt(&entry.attempt).await?;
                tx.audit_insert(&entry.audit).await?;
                if entry.new_hash.is_some() {
                    let user = entry.row.user.clone();
                    let notice = Notice::EppPasswordChanged { by: user.clone(), user };
                    gate.notify(tx, now, &entry.row.registrar, &notice).await?;
                }
                Ok(None)
            })
        })
        .await
}

/// Notes a failed login.
async fn failed(gate: &Gate, attempt: Attempt, reason: Reason, svtrid: &str) -> Result<(), StoreError> {
    let now = attempt.at;
    let user = RegistrarId::parse(&attempt.user).map_err(|_| StoreError::Shape("a login name"))?;
    let account = match &attempt.registrar {
        Some(id) => RegistrarId::parse(id).map_err(|_| StoreError::Shape("an account"))?,
        None => user.clone(),
    };
    let audit = audit(gate, &account, &user, reason.code(), reason.tag(), svtrid, now);
    let rows = Arc::new((attempt, audit));
    gate.db()
        .write(move |tx| {
            let rows = Arc::clone(&rows);
            Box::pin(async move {
                tx.login_attempt(&rows.0).await?;
                tx.audit_insert(&rows.1).await
            })
        })
        .await
}

fn audit(
    gate: &Gate,
    registrar: &RegistrarId,
    user: &RegistrarId,
    code: u16,
    reason: &str,
    svtrid: &str,
    now: Ts,
) -> AuditRow {
    AuditRow {
        id: gate.ids().next(),
        at: now,
        registrar: registrar.to_string(),
        user: user.to_string(),
        source: "epp".to_owned(),
        command: SPEC.name.to_owned(),
        object: user.to_string(),
        code: i64::from(code),
        reason: reason.to_owned(),
        cltrid: None,
        svtrid: svtrid.to_owned(),
        detail: "{}".to_owned(),
    }
}
