//! The program is killed at random moments, with several sessions at work, and started again: every change that was
//! acknowledged is there, the one that was under way is there whole or not at all, and nothing is numbered twice.
//!
//! Each worker has its own domains and sees every answer, so it knows what each of them must look like. Of a command
//! that got no answer it knows both outcomes, and the audit trail must agree with the one that is found.
#![expect(clippy::print_stdout, reason = "a summary for whoever runs it")]

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domesday::args;
use domesday::clock::Ts;
use domesday::store::Db;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::task::JoinSet;

use crate::client::{Account, Client, Door, Reply, command, trid};
use crate::pg::{Cluster, Fsync, Place};
use crate::process::Process;
use crate::{money, seed};

const ROUNDS: usize = 5;
const WORKERS: usize = 3;

/// How long a round may take to get going.
const PATIENCE: Duration = Duration::from_secs(60);

/// The registrars that own and transfer.
const OWNERS: [&str; 2] = ["alpha", "bravo"];

/// A domain as its worker knows it.
#[derive(Clone, Debug, PartialEq)]
struct Domain {
    name: String,
    /// Index into [`OWNERS`].
    sponsor: usize,
    expires: String,
    held: bool,
    asked: bool,
    /// Whether authorization information is set.
    word: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    Create,
    Renew,
    Hold,
    Ask,
    Approve,
    Reject,
    SetWord,
}

/// A command that was sent and not answered.
#[derive(Clone, Debug)]
struct Flight {
    domain: usize,
    deed: Deed,
    cltrid: String,
}

/// What was seen of one registry, over all sessions and restarts.
#[derive(Default)]
struct Witness {
    /// Messages by identifier, as some session read them.
    messages: Mutex<BTreeMap<String, String>>,
    svtrids: Mutex<HashSet<String>>,
    /// Changes acknowledged in this round.
    done: AtomicUsize,
}

impl Witness {
    /// Notes an answer's svTRID, which no other answer may have had.
    fn note(&self, reply: &Reply) {
        let own = reply.root.find("trID").last().and_then(|t| t.child("svTRID")).unwrap().text.clone();
        assert!(self.svtrids.lock().unwrap().insert(own.clone()), "svTRID {own} came twice");
    }
}

/// One worker: its domains and what was in flight when the server went.
struct Worker {
    number: usize,
    rng: StdRng,
    domains: Vec<Domain>,
    flight: Option<Flight>,
    /// svTRIDs of everything that was acknowledged.
    acknowledged: Vec<String>,
}

const WORD: &str = "Domain-Pw-1";

impl Worker {
    fn new(number: usize) -> Self {
        let rng = StdRng::seed_from_u64(42 + number as u64);
        Self { number, rng, domains: Vec::new(), flight: None, acknowledged: Vec::new() }
    }

    /// Works until the connection breaks.
    async fn work(&mut self, door: &Door, accounts: &[Account], witness: &Witness) {
        let mut sessions = Vec::new();
        for account in &accounts[..2] {
            match Client::enter(door, account).await {
                Ok(session) => sessions.push(session),
                Err(_) => return,
            }
        }
        loop {
            let (index, deed) = self.choose();
            let (actor, verb, body) = self.frame(index, deed);
            let cltrid = trid();
            match sessions[actor].ask(&command(verb, &body, Some(&cltrid))).await {
                Err(_) => {
                    self.flight = Some(Flight { domain: index, deed, cltrid });
                    return;
                }
                Ok(reply) => {
                    assert!(reply.code() < 2000, "{deed:?} {:?}: {}", self.domains[index], reply.xml);
                    self.acknowledged.push(reply.text("svTRID").unwrap());
                    witness.note(&reply);
                    witness.done.fetch_add(1, Ordering::Relaxed);
                    self.domains[index] = after(&self.domains[index], deed);
                    if let Some(expires) = reply.text("domain:exDate").filter(|_| deed != Deed::Ask) {
                        self.domains[index].expires = expires;
                    }
                }
            }
        }
    }

    /// What to do next; a new domain is entered into the list before it is created.
    fn choose(&mut self) -> (usize, Deed) {
        if self.domains.len() < 3 || self.rng.random_range(0..6) == 0 {
            let name = format!("w{}-{}.example", self.number, self.domains.len());
            let sponsor = self.rng.random_range(0..2);
            let new = Domain { name, sponsor, expires: String::new(), held: false, asked: false, word: true };
            self.domains.push(new);
            return (self.domains.len() - 1, Deed::Create);
        }
        let index = self.rng.random_range(0..self.domains.len());
        let domain = &self.domains[index];
        let fresh = years_ahead(domain) < 8;
        let deeds: &[Deed] = match (domain.asked, domain.word) {
            (true, _) => &[Deed::Approve, Deed::Reject],
            (false, true) if fresh => &[Deed::Renew, Deed::Hold, Deed::Ask, Deed::Ask],
            (false, false) if fresh => &[Deed::Renew, Deed::Hold, Deed::SetWord],
            (false, _) => &[Deed::Hold],
        };
        (index, deeds[self.rng.random_range(0..deeds.len())])
    }

    /// Who sends what.
    fn frame(&self, index: usize, deed: Deed) -> (usize, &'static str, String) {
        let domain = &self.domains[index];
        let (own, other, name) =
            (domain.sponsor, 1 - domain.sponsor, format!("<name>{}</name>", domain.name));
        match deed {
            Deed::Create => (own, "domain:create", format!("{name}<authInfo><pw>{WORD}</pw></authInfo>")),
            Deed::Renew => {
                let day = &domain.expires[..10];
                (own, "domain:renew", format!("{name}<curExpDate>{day}</curExpDate>"))
            }
            Deed::Hold => {
                let list = if domain.held { "rem" } else { "add" };
                (own, "domain:update", format!("{name}<{list}><status s=\"clientHold\"/></{list}>"))
            }
            Deed::SetWord => {
                (own, "domain:update", format!("{name}<chg><authInfo><pw>{WORD}</pw></authInfo></chg>"))
            }
            Deed::Ask => (
                other,
                "domain:transfer op=\"request\"",
                format!("{name}<authInfo><pw>{WORD}</pw></authInfo>"),
            ),
            Deed::Approve => (own, "domain:transfer op=\"approve\"", name),
            Deed::Reject => (own, "domain:transfer op=\"reject\"", name),
        }
    }

    /// Compares every domain to what the restarted server shows, and takes over what it finds of the one in flight.
    async fn verify(&mut self, sessions: &mut [Client], db: &Db, witness: &Witness) {
        let flight = self.flight.take();
        for index in 0..self.domains.len() {
            let known = self.domains[index].clone();
            let found = look(sessions, &known.name, witness).await;
            let Some(flight) = flight.as_ref().filter(|f| f.domain == index) else {
                assert_eq!(found.as_ref(), Some(&known), "an acknowledged change of {} is gone", known.name);
                continue;
            };
            let before = (flight.deed != Deed::Create).then(|| known.clone());
            let done = audited(db, &flight.cltrid).await;
            let mut then = done.then(|| after(&known, flight.deed)).or(before);
            // Only the server knows the moment of a creation.
            if let (Some(then), Some(found), Deed::Create) = (&mut then, &found, flight.deed) {
                then.expires = found.expires.clone();
            }
            assert_eq!(found, then, "{flight:?} is half done (audit row: {done})");
            if let Some(found) = found {
                self.domains[index] = found;
            }
        }
        // What was not created is nobody's.
        if let Some(flight) = flight.filter(|f| f.deed == Deed::Create)
            && self.domains[flight.domain].expires.is_empty()
        {
            self.domains.remove(flight.domain);
        }
    }
}

/// The domain after a deed.
fn after(domain: &Domain, deed: Deed) -> Domain {
    let mut then = domain.clone();
    let year_later = || ts(&domain.expires).plus_months(12).unwrap().to_string();
    match deed {
        Deed::Create => {}
        Deed::Renew => then.expires = year_later(),
        Deed::Hold => then.held = !domain.held,
        Deed::SetWord => then.word = true,
        Deed::Ask => then.asked = true,
        Deed::Reject => then.asked = false,
        Deed::Approve => {
            then.asked = false;
            then.word = false;
            then.sponsor = 1 - domain.sponsor;
            then.expires = year_later();
        }
    }
    then
}

fn ts(text: &str) -> Ts {
    Ts::from_timestamp(text.parse().unwrap())
}

fn years_ahead(domain: &Domain) -> i16 {
    let year = |at: &str| at[..4].parse::<i16>().unwrap();
    let now = domesday::clock::Clock::system().now().to_string();
    if domain.expires.is_empty() { 0 } else { year(&domain.expires) - year(&now) }
}

/// A domain as the server shows it to its sponsor.
async fn look(sessions: &mut [Client], name: &str, witness: &Witness) -> Option<Domain> {
    for (sponsor, session) in sessions.iter_mut().enumerate() {
        let reply = session.run("domain:info", &format!("<name>{name}</name>")).await.unwrap();
        witness.note(&reply);
        if reply.code() == 2303 {
            return None;
        }
        assert_eq!(reply.code(), 1000, "{}", reply.xml);
        if reply.text("domain:clID").as_deref() != Some(OWNERS[sponsor]) {
            continue;
        }
        let status = |s: &str| reply.root.find("domain:status").iter().any(|n| n.attr("s") == Some(s));
        return Some(Domain {
            name: name.to_owned(),
            sponsor,
            expires: reply.text("domain:exDate").unwrap(),
            held: status("clientHold"),
            asked: status("pendingTransfer"),
            word: reply.text("domain:pw").is_some(),
        });
    }
    panic!("{name} has no sponsor");
}

/// Reads and acknowledges messages until the connection breaks.
async fn read_messages(door: Door, account: Account, witness: Arc<Witness>) {
    let Ok(mut session) = Client::enter(&door, &account).await else { return };
    while let Ok(reply) = session.run("poll op=\"req\"", "").await {
        witness.note(&reply);
        if reply.code() == 1300 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        let id = reply.attr("msgQ", "id").unwrap();
        let said = format!(
            "{} {} {}",
            account.id,
            reply.text("domain:name").unwrap_or_default(),
            reply.text("domain:trStatus").unwrap_or_default()
        );
        let earlier = witness.messages.lock().unwrap().insert(id.clone(), said.clone());
        assert!(earlier.is_none_or(|e| e == said), "message {id} is another one now: {said}");
        match session.run(&format!("poll op=\"ack\" msgID=\"{id}\""), "").await {
            Ok(reply) => witness.note(&reply),
            Err(_) => return,
        }
    }
}

/// Whether the audit trail has that command as done.
async fn audited(db: &Db, cltrid: &str) -> bool {
    let cltrid = cltrid.to_owned();
    let count = db
        .read(|tx| {
            Box::pin(async move {
                const SQL: &str = "SELECT COUNT(*) FROM audit WHERE cltrid = ?1 AND code < 2000";
                tx.one::<i64>(SQL, args![cltrid]).await
            })
        })
        .await;
    count.unwrap() == Some(1)
}

async fn strings(db: &Db, sql: &'static str) -> Vec<String> {
    db.read(|tx| Box::pin(async move { tx.all::<String>(sql, &[]).await })).await.unwrap()
}

/// What must hold in the tables, whenever the server was killed.
async fn hold_together(db: &Db, workers: &[Worker], witness: &Witness) {
    let pending = strings(
        db,
        "SELECT d.name FROM domain d WHERE (d.statuses LIKE '%pendingTransfer%') <> \
         EXISTS (SELECT 1 FROM transfer t WHERE t.object = d.id AND t.status = 'pending')",
    )
    .await;
    assert!(pending.is_empty(), "domain and transfer disagree: {pending:?}");
    let unaudited = strings(
        db,
        "SELECT d.name FROM domain d WHERE NOT EXISTS \
         (SELECT 1 FROM audit a WHERE a.object = d.name AND a.command = 'domain:create' AND a.code = 1000)",
    )
    .await;
    assert!(unaudited.is_empty(), "domains that nobody created: {unaudited:?}");
    let twice = strings(db, "SELECT svtrid FROM audit GROUP BY svtrid HAVING COUNT(*) > 1").await;
    assert!(twice.is_empty(), "svTRIDs given twice: {twice:?}");
    let trail: HashSet<_> =
        strings(db, "SELECT svtrid FROM audit WHERE code < 2000").await.into_iter().collect();
    for svtrid in workers.iter().flat_map(|w| &w.acknowledged) {
        assert!(trail.contains(svtrid), "acknowledged, but not in the audit trail: {svtrid}");
    }
    hold_books(db).await;
    hold_messages(db, witness).await;
}

/// What was done is charged once and nothing else is, whoever was killed when; each open request has its price reserved.
async fn hold_books(db: &Db) {
    assert!(money::agree(db).await > 0, "nothing was charged");
    let wrong = strings(
        db,
        "SELECT a.command || ' ' || a.object FROM audit a WHERE a.code < 2000 \
         AND a.command IN ('domain:create', 'domain:renew', 'domain:transfer-approve') \
         AND (SELECT COUNT(*) FROM ledger l WHERE l.svtrid = a.svtrid AND l.kind = 'charge' AND l.object = a.object) <> 1",
    )
    .await;
    assert!(wrong.is_empty(), "charged twice or not at all: {wrong:?}");
    let for_nothing = strings(
        db,
        "SELECT l.op || ' ' || l.object FROM ledger l WHERE NOT EXISTS \
         (SELECT 1 FROM audit a WHERE a.svtrid = l.svtrid AND a.code < 2000)",
    )
    .await;
    assert!(for_nothing.is_empty(), "charged for nothing: {for_nothing:?}");
    let reserved = strings(
        db,
        "SELECT d.name FROM domain d WHERE (d.statuses LIKE '%pendingTransfer%') <> \
         EXISTS (SELECT 1 FROM ledger_waiting w WHERE w.object = d.name AND w.due_at IS NULL)",
    )
    .await;
    assert!(reserved.is_empty(), "open request and reserve disagree: {reserved:?}");
}

/// Each transfer that was asked for left one message for the one who loses, each that was decided one for the other.
async fn hold_messages(db: &Db, witness: &Witness) {
    let mut messages = witness.messages.lock().unwrap().clone();
    let waiting =
        strings(db, "SELECT CAST(id AS TEXT) || ' ' || registrar || ' ' || data FROM poll_message").await;
    for row in waiting {
        let (id, rest) = row.split_once(' ').unwrap();
        let (registrar, data) = rest.split_once(' ').unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        let transfer = &data["domain_transfer"];
        let said = |key: &str| transfer[key].as_str().unwrap_or_default().to_owned();
        messages.insert(id.to_owned(), format!("{registrar} {} {}", said("name"), said("status")));
    }
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for said in messages.values() {
        let (_, what) = said.split_once(' ').unwrap();
        *told.entry(what.to_owned()).or_default() += 1;
    }
    let mut audited: BTreeMap<String, usize> = BTreeMap::new();
    let commands = strings(db, "SELECT object || ' ' || command FROM audit WHERE code < 2000").await;
    for line in commands {
        let (object, command) = line.split_once(' ').unwrap();
        let status = match command {
            "domain:transfer-request" => "pending",
            "domain:transfer-approve" => "clientApproved",
            "domain:transfer-reject" => "clientRejected",
            _ => continue,
        };
        *audited.entry(format!("{object} {status}")).or_default() += 1;
    }
    assert_eq!(told, audited, "transfers and messages disagree");
}

async fn survive(database: &str) {
    Process::prepare(database).await;
    let db = Db::open(database).await.unwrap();
    let paid = "UPDATE registrar SET profile = 'paid'";
    db.write(move |tx| Box::pin(async move { tx.exec(paid, &[]).await })).await.unwrap();
    db.close().await;
    let accounts = seed::accounts();
    let mut workers: Vec<_> = (0..WORKERS).map(Worker::new).collect();
    let witness = Arc::new(Witness::default());
    let mut rng = StdRng::seed_from_u64(7);
    for round in 0..ROUNDS {
        let mut process = Process::start(database).await;
        let mut tasks = JoinSet::new();
        witness.done.store(0, Ordering::Relaxed);
        for mut worker in std::mem::take(&mut workers) {
            let (door, accounts, witness) = (process.door.clone(), accounts.clone(), Arc::clone(&witness));
            tasks.spawn(async move {
                worker.work(&door, &accounts, &witness).await;
                Some(worker)
            });
        }
        for account in &accounts[..2] {
            let reading = read_messages(process.door.clone(), account.clone(), Arc::clone(&witness));
            tasks.spawn(async move {
                reading.await;
                None
            });
        }
        // Not before everybody is at work, then at any moment.
        let begun = Instant::now();
        while witness.done.load(Ordering::Relaxed) < 10 * WORKERS && begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..500))).await;
        process.kill();
        while let Some(done) = tasks.join_next().await {
            workers.extend(done.unwrap());
        }
        let log = process.log();
        assert!(!log.contains(" ERROR "), "round {round}: {log}");
        workers.sort_by_key(|w| w.number);

        let again = Process::start(database).await;
        let db = Db::open(database).await.unwrap();
        let mut sessions = Vec::new();
        for account in &accounts[..2] {
            sessions.push(Client::enter(&again.door, account).await.unwrap());
        }
        for worker in &mut workers {
            worker.verify(&mut sessions, &db, &witness).await;
        }
        hold_together(&db, &workers, &witness).await;
        db.close().await;
    }
    crate::schema::verify();
    let done: usize = workers.iter().map(|w| w.acknowledged.len()).sum();
    println!("{done} acknowledged changes survived {ROUNDS} kills");
    assert!(done >= ROUNDS * WORKERS * 10, "too little was going on to show anything: {done}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let place = Place::sqlite();
    survive(&place.url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let cluster = Cluster::start(Fsync::On);
    survive(&cluster.database().await).await;
}
