//! Rate rules, alone and over several servers on one database.

use domesday::epp::command::{Command, DomainInfo, HostsFilter};
use domesday::epp::reply::{Outcome, Response};
use domesday::job::pass;
use domesday::refusal::Reason;
use domesday::store::Db;
use tokio::task::JoinSet;

use super::{allow, to_window};
use crate::pg::on_both;
use crate::typed::{Client, Registry, name, registrar};

/// 180 looks at domains in a minute from one address.
const LOOKS: &str = r#"
[[account.rate]]
name = "look"
ops = ["domain:info"]
key = "ip"
max = 180
window_s = 60
"#;

/// What two servers may refuse early: less than the twentieth of 180 that the other one took.
const EARLY: usize = 9;

fn look() -> Command {
    Command::DomainInfo(DomainInfo {
        name: name("none.example"),
        hosts: HostsFilter::All,
        auth: None,
        ttl: None,
        allocation: false,
        launch: None,
    })
}

fn limited(response: &Response) -> bool {
    match &response.outcome {
        Outcome::Refused(refusal) => refusal.reason == Reason::RateLimited,
        Outcome::Done(_) => false,
    }
}

/// Asks until the rule refuses, and says how often it did not.
async fn until_limited(client: &mut Client) -> usize {
    for count in 0..1000 {
        if limited(&client.ask(look()).await) {
            return count;
        }
    }
    panic!("a thousand and no end");
}

on_both! {
    /// Vector 17 of the requirements.
    async fn the_181st_look_in_a_minute_is_refused(db: Db) {
        let registry = Registry::new(&db, "").await.beside(&db, 2, LOOKS);
        to_window(&registry, 60);
        let mut here = registry.client_from("alpha", "192.0.2.1");
        for _ in 0..180 {
            assert_eq!(here.ask(look()).await.code, 2303);
        }
        let refused = here.ask(look()).await;
        assert_eq!(refused.code, 2308);
        let Outcome::Refused(refusal) = refused.outcome else { panic!("{refused:?}") };
        let text = refusal.text();
        assert!(text.contains("at most 180 in 60 s for one address; again in "), "{text}");
        // It stays so, for everybody there; elsewhere, and for other commands, nothing changed.
        assert_eq!(here.refused(look()).await, Reason::RateLimited);
        assert_eq!(registry.client_from("beta", "192.0.2.1").refused(look()).await, Reason::RateLimited);
        assert_eq!(registry.client_from("alpha", "192.0.2.2").ask(look()).await.code, 2303);
        assert_eq!(here.ask(Command::PollRequest).await.code, 1300);
        // The next window begins afresh, and the last one is forgotten.
        registry.gate.clock().advance(60);
        assert_eq!(here.ask(look()).await.code, 2303);
        registry.gate.clock().advance(180);
        pass(&registry.gate).await.unwrap();
        let kept = "SELECT COUNT(*) FROM rate_window";
        assert_eq!(db.read(move |tx| Box::pin(tx.one::<i64>(kept, &[]))).await.unwrap(), Some(0));
    }

    async fn two_servers_count_once(db: Db, place: &Place) {
        let first = Registry::new(&db, "").await.beside(&db, 2, LOOKS);
        let other = place.open().await;
        let second = first.beside(&other, 3, LOOKS);
        to_window(&first, 3600);
        let mut servers = JoinSet::new();
        for registry in [&first, &second] {
            for _ in 0..3 {
                let mut client = registry.client_from("alpha", "192.0.2.1");
                servers.spawn(async move { until_limited(&mut client).await });
            }
        }
        let admitted: usize = servers.join_all().await.into_iter().sum();
        assert!((180 - EARLY + 1..=180).contains(&admitted), "{admitted} of 180");
    }

    async fn what_is_counted_is_written_by_the_piece(db: Db) {
        let registry = Registry::new(&db, "").await.beside(&db, 2, LOOKS);
        to_window(&registry, 60);
        let mut client = registry.client_from("alpha", "192.0.2.1");
        let used = || async {
            let sql = "SELECT used FROM rate_window";
            db.read(move |tx| Box::pin(tx.one::<i64>(sql, &[]))).await.unwrap()
        };
        for expected in [9, 9, 9, 9, 9, 9, 9, 9, 9, 18] {
            client.ask(look()).await;
            assert_eq!(used().await, Some(expected));
        }
    }

    async fn a_registrar_has_a_number_of_its_own(db: Db) {
        let rules = LOOKS.replace("max = 180", "max = 3").replace("\"ip\"", "\"account\"");
        let registry = Registry::new(&db, "").await.beside(&db, 2, &rules);
        to_window(&registry, 60);
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        assert_eq!((until_limited(&mut alpha).await, until_limited(&mut beta).await), (3, 3));
        // It counts from the next command on, in the middle of a window.
        allow(&db, registrar("alpha"), "look", 5).await;
        assert_eq!((until_limited(&mut alpha).await, until_limited(&mut beta).await), (2, 0));
        allow(&db, registrar("alpha"), "look", 0).await;
        registry.gate.clock().advance(60);
        assert_eq!((until_limited(&mut alpha).await, until_limited(&mut beta).await), (0, 3));
    }

    async fn addresses_of_one_site_count_together(db: Db) {
        let registry = Registry::new(&db, "").await.beside(&db, 2, &LOOKS.replace("max = 180", "max = 3"));
        to_window(&registry, 60);
        let asked = |address: &'static str| registry.client_from("alpha", address);
        assert_eq!(until_limited(&mut asked("2001:db8:1:2::1")).await, 3);
        assert_eq!(until_limited(&mut asked("2001:db8:1:2:ffff::9")).await, 0);
        assert_eq!(until_limited(&mut asked("2001:db8:1:3::1")).await, 3);
        let single = LOOKS.replace("max = 180", "max = 3\nv6_prefix = 128").replace("look\"", "one\"");
        let registry = registry.beside(&db, 3, &single);
        let asked = |address: &'static str| registry.client_from("alpha", address);
        assert_eq!(until_limited(&mut asked("2001:db8:1:2::1")).await, 3);
        assert_eq!(until_limited(&mut asked("2001:db8:1:2::2")).await, 3);
    }

    async fn a_window_that_is_used_up_is_noted_once(db: Db, place: &Place) {
        let first = Registry::new(&db, "").await.beside(&db, 2, LOOKS);
        let elsewhere = place.open().await;
        let second = first.beside(&elsewhere, 3, LOOKS);
        to_window(&first, 60);
        for registry in [&first, &second, &first] {
            let mut client = registry.client_from("alpha", "192.0.2.1");
            until_limited(&mut client).await;
            for _ in 0..5 {
                assert!(limited(&client.ask(look()).await));
            }
        }
        let rows = db.read(move |tx| {
            Box::pin(async move { tx.audit_of_registrar("alpha", 100).await })
        });
        let noted: Vec<_> = rows.await.unwrap().into_iter().filter(|row| row.reason == "RateLimited").collect();
        assert_eq!(noted.len(), 1, "{noted:?}");
        assert_eq!((noted[0].code, noted[0].command.as_str()), (2308, "domain:info"));
        assert!(noted[0].detail.contains("\"rule\":\"look\""), "{noted:?}");
        elsewhere.close().await;
    }

    async fn a_rule_may_end_the_session(db: Db) {
        let rules = LOOKS.replace("max = 180", "max = 0\ncode = 2502");
        let registry = Registry::new(&db, "").await.beside(&db, 2, &rules);
        let answer = registry.client("alpha").ask(look()).await;
        assert_eq!(answer.code, 2502);
        let Outcome::Refused(refusal) = answer.outcome else { panic!("{answer:?}") };
        assert_eq!(refusal.reason, Reason::RateLimitedEnd);
    }
}

#[test]
fn a_rule_that_cannot_be_is_told_at_the_start() {
    let faults = [
        (LOOKS.replace("domain:info", "domain:look"), "there is no command \"domain:look\""),
        (LOOKS.replace("window_s = 60", "window_s = 0"), "at least one second"),
        (LOOKS.replace("\"look\"", "\"protected\""), "the name \"protected\" is taken"),
        (format!("{LOOKS}{LOOKS}"), "the name \"look\" is taken"),
    ];
    for (rules, expected) in faults {
        let fault = start(&rules).unwrap_err();
        assert!(fault.contains("profile \"case\"") && fault.contains(expected), "{fault}");
    }
    start(LOOKS).unwrap();
}

/// Opens a gate under those rules.
fn start(rules: &str) -> Result<(), String> {
    let own = [("case".to_owned(), format!("id = \"case\"\nextends = \"demo\"\n{rules}"))];
    let policies = domesday::policy::Policies::load(&own).map_err(|e| e.to_string())?;
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("registry.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&url).await.map_err(|e| e.to_string())?;
        let names = domesday::gate::Names {
            server: "registry of the tests".to_owned(),
            repository: "TEST".to_owned(),
            registry: registrar("registry"),
        };
        let ids = domesday::store::Ids::of_process(1);
        let clock = domesday::clock::Clock::system();
        let opened = domesday::gate::Gate::new(db.clone(), ids, clock, policies, "case", names);
        db.close().await;
        opened.map(drop).map_err(|e| e.to_string())
    })
}
