//! Timed work over several servers on one database: shared by leases, and done once whoever does it.

use domesday::clock::Ts;
use domesday::epp::command::{Command, DomainCreate};
use domesday::epp::types::{AuthInfo, Secret};
use domesday::job::pass;
use domesday::store::Db;
use domesday::store::audit::AuditRow;

use crate::pg::on_both;
use crate::typed::{Registry, name};

/// Seconds of a lease.
const LEASE: i64 = 60;

fn create(domain: &str) -> Command {
    let auth = AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None };
    Command::DomainCreate(DomainCreate::of(name(domain), auth))
}

/// Another server takes the lease of a kind of work, and dies with it.
async fn dead_holder(registry: &Registry, kind: &'static str) {
    let now = registry.gate.clock().now();
    let take = registry.gate.db().write(move |tx| {
        Box::pin(async move { tx.lease_take(kind, 99, now, now.plus_seconds(LEASE)).await })
    });
    assert!(take.await.unwrap());
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read(move |tx| Box::pin(tx.one::<i64>(sql, &[]))).await.unwrap().unwrap()
}

async fn leases(db: &Db) -> i64 {
    count(db, "SELECT COUNT(*) FROM lease").await
}

/// What timed work did to domains, the oldest first.
async fn done(db: &Db) -> Vec<AuditRow> {
    let mut rows = db.read(|tx| Box::pin(tx.audit_after("registry", Ts(0), 0, 10_000))).await.unwrap();
    rows.retain(|row| row.source == "job" && row.command == "domain:due");
    rows.sort_by_key(|row| (row.at, row.id));
    rows
}

on_both! {
    async fn work_of_a_server_that_died_is_taken_over_when_its_time_is_over(db: Db) {
        let registry = Registry::new(&db, "autorenew.default = true").await;
        let mut alpha = registry.client("alpha");
        for domain in ["one.example", "two.example"] {
            alpha.does(create(domain)).await;
        }
        registry.pass_days(366);
        dead_holder(&registry, "due").await;
        assert_eq!(pass(&registry.gate).await.unwrap(), 0, "another server is at it");
        assert_eq!(leases(&db).await, 1);
        registry.gate.clock().advance(LEASE - 2);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        registry.gate.clock().advance(2);
        assert_eq!(pass(&registry.gate).await.unwrap(), 2);
        assert_eq!(leases(&db).await, 0, "it was given back");
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        assert_eq!(done(&db).await.len(), 2);
    }

    async fn a_server_does_what_the_other_is_not_at(db: Db) {
        let registry = Registry::new(&db, "create.mode = \"async\"").await;
        let other = Registry::process(&db, 2, registry.gate.clock().clone(), "");
        let mut alpha = registry.client("alpha");
        for domain in ["one.example", "two.example"] {
            alpha.does(create(domain)).await;
        }
        dead_holder(&registry, "due").await;
        assert_eq!(pass(&other.gate).await.unwrap(), 2, "registrations that wait are another kind");
        assert_eq!(leases(&db).await, 1);
    }

    async fn a_server_that_is_started_again_goes_on_at_once(db: Db) {
        let ids = db.register("east", Ts(1)).await.unwrap();
        let holder = ids.process();
        let take = |holder: i64, now: i64| {
            db.write(move |tx| Box::pin(async move { tx.lease_take("due", holder, Ts(now), Ts(now + 100)).await }))
        };
        assert!(take(holder, 1).await.unwrap());
        assert!(take(holder, 50).await.unwrap(), "its holder goes on with it");
        assert!(!take(holder + 1, 149).await.unwrap());
        assert!(take(holder + 1, 150).await.unwrap());
        assert!(!take(holder, 151).await.unwrap(), "who was taken over from is told so");
        // What is no longer its own it cannot give back.
        db.write(move |tx| Box::pin(async move { tx.lease_give("due", holder).await })).await.unwrap();
        assert_eq!(leases(&db).await, 1);
        let later = db.register("west", Ts(1)).await.unwrap().process();
        assert_eq!((later, leases(&db).await), (holder + 1, 1), "another node leaves it alone");
        db.register("west", Ts(2)).await.unwrap();
        assert_eq!(leases(&db).await, 0);
    }

    async fn passes_of_two_servers_at_once_do_each_piece_once_and_as_of_its_moment(db: Db, place: &Place) {
        let one = Registry::new(&db, "autorenew.default = true").await;
        let elsewhere = place.open().await;
        let two = Registry::process(&elsewhere, 2, one.gate.clock().clone(), "");
        let mut alpha = one.client("alpha");
        const DOMAINS: usize = 12;
        for n in 0..DOMAINS {
            alpha.does(create(&format!("n{n}.example"))).await;
            one.gate.clock().advance(60);
        }
        // Two years without a server.
        one.pass_days(2 * 366);
        for _ in 0..2 {
            let (first, second) = tokio::join!(pass(&one.gate), pass(&two.gate));
            first.unwrap();
            second.unwrap();
        }
        let rows = done(&db).await;
        assert_eq!(rows.len(), 2 * DOMAINS);
        let objects: Vec<&str> = rows.iter().map(|row| row.object.as_str()).collect();
        let once: Vec<String> = (0..DOMAINS).map(|n| format!("n{n}.example")).collect();
        assert_eq!(objects, [once.clone(), once].concat());
        let mut ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), 2 * DOMAINS);
        assert_eq!(leases(&db).await, 0);
        elsewhere.close().await;
    }
}
