//! A registry to test against: its zones, three registrars with a user and a pinned certificate each, and what an
//! operator does to them during a case.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use domesday::args;
use domesday::certs::{self, DevCerts};
use domesday::clock::Ts;
use domesday::epp::notice::maintenance_sample;
use domesday::epp::types::{
    ApplicationStatus, ContactStatus, DomainName, DomainStatus, HostStatus, LaunchStatus, Maintenance,
    RegistrarId, Secret, Status, StatusSet,
};
use domesday::flow::launch::decide;
use domesday::flow::launch::list::{self, List};
use domesday::flow::pending::{self, Decision};
use domesday::flow::session::password::Hasher;
use domesday::flow::{allocation, maintenance, money, waiting};
use domesday::gate::{Ended, Gate};
use domesday::policy::{Decimal, Risk};
use domesday::store::allocation::{AllocationOp, AllocationPrice, Terms};
use domesday::store::ledger::EntryKind;
use domesday::store::listed::{ListKind, ListedRow};
use domesday::store::mail::MailSettings;
use domesday::store::{Db, StoreError, Tx};
use tokio::sync::OnceCell;

use crate::client::Account;
use crate::script::Setup;

/// The registrars; cases name them by their first letter.
pub const REGISTRARS: &[&str] = &["alpha", "bravo", "carol"];

/// Every user's password.
pub const PASSWORD: &str = "Correct-Horse-1";

/// Certificates for every test of this run, made once.
pub fn certificates() -> &'static DevCerts {
    static MADE: OnceLock<(tempfile::TempDir, DevCerts)> = OnceLock::new();
    let make = || {
        let dir = tempfile::tempdir().unwrap();
        let made = certs::dev(&dir.path().join("certs"), REGISTRARS).unwrap();
        (dir, made)
    };
    &MADE.get_or_init(make).1
}

/// The registrars as a client knows them.
pub fn accounts() -> Vec<Account> {
    let account = |client: &certs::ClientCert| Account {
        id: client.name.clone(),
        password: PASSWORD.to_owned(),
        cert: client.cert.clone(),
        key: client.key.clone(),
    };
    certificates().clients.iter().map(account).collect()
}

/// Writes zones and registrars into an empty database.
pub async fn plant(db: &Db, setup: &Setup, profile: &str, now: Ts) -> Result<(), StoreError> {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash =
        HASH.get_or_try_init(|| async { Hasher::default().hash(&Secret::new(PASSWORD)).await }).await?;
    let zones = setup.zones.clone();
    let work = Arc::new((hash.clone(), zones, profile.to_owned()));
    db.write(move |tx| {
        let work = Arc::clone(&work);
        Box::pin(async move {
            let (hash, zones, profile) = &*work;
            for (name, overrides) in zones {
                tx.exec(
                    "INSERT INTO zone (name, profile, overrides, enabled, created_at, updated_at) \
                     VALUES (?1, ?2, ?3, 1, ?4, ?4)",
                    args![name, profile, overrides, now],
                )
                .await?;
            }
            for account in accounts() {
                plant_account(tx, &account, hash, now).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn plant_account(tx: &mut Tx, account: &Account, hash: &str, now: Ts) -> Result<(), StoreError> {
    let id = &account.id;
    tx.exec(
        "INSERT INTO registrar (id, name, email, enabled, max_sessions, created_at, updated_at) \
         VALUES (?1, ?1, NULL, 1, NULL, ?2, ?2)",
        args![id, now],
    )
    .await?;
    tx.exec(
        "INSERT INTO epp_user (id, registrar, password, enabled, created_at, updated_at) \
         VALUES (?1, ?1, ?2, 1, ?3, ?3)",
        args![id, hash, now],
    )
    .await?;
    let pin = pin(&account.cert);
    tx.exec(
        "INSERT INTO cert_pin (user_id, sha256, not_before, not_after, note, created_at) \
         VALUES (?1, ?2, ?3, NULL, '', ?3)",
        args![id, pin, now.plus_days(-1)],
    )
    .await
    .map(drop)
}

fn pin(cert: &Path) -> Vec<u8> {
    certs::fingerprint(&std::fs::read(cert).unwrap()).unwrap().to_vec()
}

/// Sets or takes away a status, switches an account on or off, or gives it a profile, past all rules.
pub async fn operate(db: &Db, kind: &str, name: &str, value: &str, on: bool) -> Result<(), String> {
    let work = Arc::new((kind.to_owned(), name.to_owned(), value.to_owned()));
    db.write(move |tx| {
        let work = Arc::clone(&work);
        Box::pin(async move {
            let (kind, name, value) = &*work;
            match kind.as_str() {
                "registrar" => {
                    let sql = "UPDATE registrar SET enabled = ?2 WHERE id = ?1";
                    touched(tx.exec(sql, args![full(name), value == "on"]).await?)
                }
                "profile" => {
                    let sql = "UPDATE registrar SET profile = ?2 WHERE id = ?1";
                    let profile = on.then_some(value.as_str());
                    touched(tx.exec(sql, args![full(name), profile]).await?)
                }
                "waiting" => {
                    let id = 1 + tx.waiting_list(1000).await?.len() as i64;
                    let wanted = DomainName::parse(name).map_err(|_| StoreError::Shape("a name"))?;
                    tx.waiting_insert(id, &wanted, &value.to_lowercase(), Ts(id)).await.map(drop)
                }
                "listed" => {
                    let (list, word) = value.split_once(':').unwrap_or((value, ""));
                    let listed = DomainName::parse(name).map_err(|_| StoreError::Shape("a name"))?;
                    let list = ListKind::parse(list).ok_or(StoreError::Shape("a list"))?;
                    if !on {
                        return touched(tx.listed_delete(&[(listed, list)]).await?);
                    }
                    let premium = list == ListKind::Premium;
                    let row = ListedRow {
                        // Cases list a few names, each once.
                        id: name
                            .bytes()
                            .chain(value.bytes())
                            .fold(7, |n, b| (n * 31 + i64::from(b)) % 1_000_003),
                        zone: listed.parent().ok_or(StoreError::Shape("a name below a zone"))?,
                        name: listed,
                        list,
                        class: if premium { word.to_owned() } else { String::new() },
                        reason: if premium { String::new() } else { word.replace('_', " ") },
                        from: None,
                        until: None,
                    };
                    tx.listed_put(&[row]).await
                }
                "roles" => {
                    let sql = "UPDATE epp_user SET roles = ?2 WHERE id = ?1";
                    let roles = if value == "none" { String::new() } else { value.replace(',', " ") };
                    touched(tx.exec(sql, args![full(name), roles]).await?)
                }
                "management" => {
                    let sql = "UPDATE registrar SET management = ?2 WHERE id = ?1";
                    touched(tx.exec(sql, args![full(name), value.as_str()]).await?)
                }
                "poll" => {
                    let id = RegistrarId::parse(full(name)).map_err(|_| StoreError::Shape("a registrar"))?;
                    let settings = tx.mail_settings(&id).await?.unwrap_or_default();
                    let settings = MailSettings { poll: Some(value == "on"), ..settings };
                    tx.mail_settings_put(&id, &settings).await
                }
                "address" => {
                    let entry = domesday::store::access::AllowEntry {
                        registrar: RegistrarId::parse(full(name))
                            .map_err(|_| StoreError::Shape("a registrar"))?,
                        prefix: value
                            .parse::<std::net::IpAddr>()
                            .map_err(|_| StoreError::Shape("an address"))?
                            .into(),
                        note: String::new(),
                        expires_at: None,
                        created_at: Ts(1),
                    };
                    tx.allow_insert(&entry).await.map(drop)
                }
                "zone" => {
                    let sql = "UPDATE zone SET enabled = ?2 WHERE name = ?1";
                    touched(tx.exec(sql, args![name, value == "on"]).await?)
                }
                "domain" => {
                    const READ: &str = "SELECT statuses FROM domain WHERE name = ?1";
                    const WRITE: &str = "UPDATE domain SET statuses = ?2 WHERE name = ?1";
                    mark::<DomainStatus>(tx, READ, WRITE, &lower(name), value, on).await
                }
                "host" => {
                    const READ: &str = "SELECT statuses FROM host WHERE name = ?1";
                    const WRITE: &str = "UPDATE host SET statuses = ?2 WHERE name = ?1";
                    mark::<HostStatus>(tx, READ, WRITE, &lower(name), value, on).await
                }
                "contact" => {
                    const READ: &str = "SELECT statuses FROM contact WHERE handle_key = ?1";
                    const WRITE: &str = "UPDATE contact SET statuses = ?2 WHERE handle_key = ?1";
                    mark::<ContactStatus>(tx, READ, WRITE, &name.to_lowercase(), value, on).await
                }
                _ => Err(StoreError::Shape("set domain, host, contact, zone, registrar or profile")),
            }
        })
    })
    .await
    .map_err(|e| format!("set {kind} {name} {value}: {e}"))
}

/// The registrar that a case names by its first letter.
fn full(letter: &str) -> &str {
    REGISTRARS.iter().find(|r| r.starts_with(letter)).copied().unwrap_or(letter)
}

/// What an operator changes is there.
fn touched(rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Shape("no such object")) }
}

/// Pays in for a registrar, in the currency of its rules.
pub async fn deposit(gate: &Gate, of: &str, amount: &str) -> Result<(), String> {
    let id = RegistrarId::parse(full(of)).map_err(|e| e.to_string())?;
    let amount = Decimal::parse(amount).ok_or("an amount is written 100.00")?;
    let minor = amount.minor(&gate.profile().account.bill.currency).ok_or("no amount of that currency")?;
    let work = gate.run_registry("cli", "ledger:deposit", id.to_string(), move |cx| {
        let id = id.clone();
        Box::pin(async move {
            Ok(Ended::Keep(money::adjust(cx, &id, EntryKind::Deposit, minor, "the case").await?))
        })
    });
    match work.await.map_err(|e| e.to_string())? {
        Some(_) => Ok(()),
        None => Err(format!("set deposit {of}: its rules know no money")),
    }
}

fn lower(name: &str) -> String {
    DomainName::parse(name).map_or_else(|_| name.to_owned(), |n| n.to_string())
}

async fn mark<S: Status>(
    tx: &mut Tx,
    read: &'static str,
    write: &'static str,
    name: &str,
    value: &str,
    on: bool,
) -> Result<(), StoreError> {
    let text: String = tx.one(read, args![name]).await?.ok_or(StoreError::Shape("no such object"))?;
    let mut statuses = StatusSet::<S>::from_text(&text);
    let status = S::parse(value).ok_or(StoreError::Shape("no such status"))?;
    if on {
        statuses.insert(status, None);
    } else if !statuses.remove(status) {
        return Err(StoreError::Shape("the status was not set"));
    }
    tx.exec(write, args![name, statuses.to_text()]).await.map(drop)
}

/// Decides the one thing that waits about a domain or host, as `domesday pending` does: accept, reject, complete, cancel.
pub async fn decide(gate: &Gate, name: &str, value: &str) -> Result<(), String> {
    let decision = match value {
        "accept" => Decision::Accept,
        "reject" => Decision::Reject,
        "complete" => Decision::Complete(None),
        "cancel" => Decision::Cancel,
        risk if Risk::parse(risk).is_some() => Decision::Complete(Risk::parse(risk)),
        _ => return Err(format!("nothing that waits is decided by {value:?}")),
    };
    let wanted = DomainName::parse(name).map_err(|e| e.to_string())?;
    let work = gate.run_job("pending:decide", name.to_owned(), move |cx| {
        let wanted = wanted.clone();
        Box::pin(async move {
            let domain = cx.tx.domain_by_name(&wanted).await?.map(|domain| domain.id);
            let host = cx.tx.host_by_name(&wanted).await?.map(|host| host.id);
            let offer = cx.tx.waiting_offered(&wanted).await?.map(|offer| offer.id);
            let mut waits = Vec::new();
            for id in domain.into_iter().chain(host).chain(offer) {
                waits.extend(cx.tx.pending_of(id).await?);
            }
            let [only] = &waits[..] else { return Ok(false) };
            Ok(pending::decide(cx, only.id, decision).await?.is_some())
        })
    });
    if work.await.map_err(|e| e.to_string())? { Ok(()) } else { Err(format!("nothing waits about {name}")) }
}

/// The holder of an offered name accepts and has that token.
pub async fn accept_offer(gate: &Gate, name: &str, token: &str) -> Result<(), String> {
    let wanted = DomainName::parse(name).map_err(|e| e.to_string())?;
    let token = Secret::new(token);
    let work = gate.run_job("waiting:accept", name.to_owned(), move |cx| {
        let (wanted, token) = (wanted.clone(), token.clone());
        Box::pin(async move { Ok(waiting::accept(cx, &wanted, &token).await?.is_some()) })
    });
    if work.await.map_err(|e| e.to_string())? { Ok(()) } else { Err(format!("{name} is offered to nobody")) }
}

/// Makes an allocation token that says that, bound to a name (`*`: to none), or takes it back. What stands behind it is
/// `op=`, `registrar=`, `years=`, `price=` in euros, or `until=` in days from now.
pub async fn allocate(gate: &Gate, name: &str, value: &str, on: bool) -> Result<(), String> {
    let mut words = value.split(',');
    let token = Secret::new(words.next().unwrap_or_default());
    let name = (name != "*").then(|| DomainName::parse(name)).transpose().map_err(|e| e.to_string())?;
    let mut terms = Terms {
        operations: vec![AllocationOp::Create],
        zones: Vec::new(),
        named: name.is_some(),
        registrars: Vec::new(),
        years: Vec::new(),
        price: None,
        from: None,
        until: None,
    };
    for (key, value) in words.filter_map(|word| word.split_once('=')) {
        match key {
            "op" => terms.operations = AllocationOp::parse(value).into_iter().collect(),
            "registrar" => {
                terms.registrars.push(RegistrarId::parse(full(value)).map_err(|e| e.to_string())?);
            }
            "years" => terms.years.push(value.parse().map_err(|_| "years")?),
            "price" => {
                let currency = gate.profile().account.bill.currency.clone();
                let amount = Decimal::parse(value).and_then(|amount| amount.minor(&currency));
                let amount = amount.ok_or("a price")?;
                terms.price = Some(AllocationPrice { amount, currency: currency.to_string() });
            }
            "until" => {
                terms.until = Some(gate.clock().now().plus_days(value.parse().map_err(|_| "days")?));
            }
            _ => return Err(format!("{key} is nothing of a token")),
        }
    }
    let work = gate.run_job("allocation:make", String::new(), move |cx| {
        let (token, name, terms) = (token.clone(), name.clone(), terms.clone());
        Box::pin(async move {
            if on {
                allocation::make(cx, "case", terms, &[(token, name)]).await?;
                return Ok(true);
            }
            let selector = token.expose().split('-').next().unwrap_or_default().to_owned();
            match cx.tx.allocation_by_selector(&selector).await? {
                Some(row) => Ok(cx.tx.allocation_revoke(row.id, cx.now).await?),
                None => Ok(false),
            }
        })
    });
    if work.await.map_err(|e| e.to_string())? { Ok(()) } else { Err(format!("no such token: {value}")) }
}

/// Announces work of that name on the service, in so many days, or changes when it is; or calls it off.
pub async fn maintain(gate: &Gate, name: &str, days: &str, on: bool) -> Result<(), String> {
    let (name, days) = (name.to_owned(), days.parse::<i64>().map_err(|_| "days")?);
    let hours = gate.profile().server.maintenance.courtesy_hours;
    let work = gate.run_job("maintenance:set", name.clone(), move |cx| {
        let name = name.clone();
        Box::pin(async move {
            let starts = cx.now.plus_days(days);
            let ends = starts.plus_seconds(7200);
            let rows = cx.tx.maintenance_list(1000).await?;
            let known = rows.into_iter().find(|row| row.item.name.as_ref() == Some(&name));
            match known {
                Some(row) if !on => drop(maintenance::cancel(cx, row).await?),
                Some(mut row) => {
                    (row.item.starts, row.item.ends) = (starts, ends);
                    maintenance::change(cx, &row, hours).await?;
                }
                None => {
                    let item = Maintenance { name: Some(name), starts, ends, ..maintenance_sample(cx.now) };
                    maintenance::announce(cx, item, hours).await?;
                }
            }
            Ok(true)
        })
    });
    work.await.map(drop).map_err(|e| e.to_string())
}

/// Lists a label with a claim, or decides the first open application for a name, as `domesday launch` does.
pub async fn launch(gate: &Gate, kind: &str, name: &str, value: &str) -> Result<(), String> {
    if kind == "claim" {
        let entries = vec![(name.to_owned(), format!("2013041500/2/6/9/{name}"), Ts(0))];
        let (validator, list) = (value.to_owned(), List { made_at: Ts(0), entries });
        let work = gate.run_job("launch:load-dnl", name.to_owned(), move |cx| {
            let (validator, list) = (validator.clone(), list.clone());
            Box::pin(async move { list::load_claims(cx, &validator, &list).await.map(|_| true) })
        });
        return work.await.map(drop).map_err(|e| e.to_string());
    }
    let status = ApplicationStatus::parse(value).ok_or_else(|| format!("no application is {value:?}"))?;
    let wanted = DomainName::parse(name).map_err(|e| e.to_string())?;
    let rows = gate.db().read(|tx| Box::pin(async move { tx.applications_of(&wanted).await })).await;
    let rows = rows.map_err(|e| e.to_string())?;
    let Some(row) = rows.into_iter().find(|row| !row.status.status.is_final()) else {
        return Err(format!("there is no application for {name}"));
    };
    let registrar = row.registrar.clone();
    let work = gate.run_for(&registrar, "cli", "launch:decide", name.to_owned(), move |cx| {
        let id = row.id;
        Box::pin(async move {
            let done = match status {
                ApplicationStatus::Allocated => decide::allocate(cx, id).await?.is_ok(),
                ApplicationStatus::Rejected => decide::reject(cx, id, Some("no".to_owned())).await?.is_ok(),
                status => {
                    decide::step(cx, id, LaunchStatus { status, name: None, note: None }).await?.is_ok()
                }
            };
            Ok(if done { Ended::Keep(true) } else { Ended::Undo(false) })
        })
    });
    if work.await.map_err(|e| e.to_string())? { Ok(()) } else { Err(format!("{name} is not {value}")) }
}
