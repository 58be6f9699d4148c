//! Hitpoints over both engines: what costs, what blocks, what lifts a block, and that a burst of faults on two
//! processes counts each exactly once.

use domesday::clock::{Clock, Ts};
use domesday::epp::command::{
    Command, ContactDelete, DomainCheck, DomainCreate, DomainDelete, DomainUpdate, Rejected,
};
use domesday::epp::reply::Reply;
use domesday::epp::types::{AuthInfo, Secret};
use domesday::gate::hit;
use domesday::policy::HitPolicy;
use domesday::refusal::Reason;
use domesday::store::Db;
use domesday::store::hit::{HitEvent, HitRow};
use tokio::task::JoinSet;

use crate::pg::on_both;
use crate::typed::{Client, Registry, contact, name, registrar};

/// Midnight in UTC, ten points for a name that is taken, ten seconds for a race.
pub const RULES: &str = r#"
[account.hit]
enabled = true
scored_ops = ["contact.*", "domain.create", "domain.update", "domain.delete", "domain.transfer"]
weights = [{ op = "domain.create", code = 2302, points = 10 }]
race_grace_s = 10
limit = { per_domain = 0.1, min = 100, max = 1000 }
"#;

fn create(domain: &str) -> Command {
    let auth = AuthInfo { pw: Secret::new("Abcdef-12345"), roid: None };
    Command::DomainCreate(DomainCreate::of(name(domain), auth))
}

fn delete(domain: &str) -> Command {
    Command::DomainDelete(DomainDelete { name: name(domain), on: None, overwrite: false, launch: None })
}

pub fn delete_contact(id: &str) -> Command {
    Command::ContactDelete(ContactDelete { id: contact(id) })
}

/// A registry at half past ten in the evening, so that no test meets a midnight it does not move to.
async fn registry(db: &Db, more: &str) -> Registry {
    let registry = Registry::with_accounts(db, "", &format!("{RULES}{more}")).await;
    let clock = registry.gate.clock();
    let today = clock.now().0.rem_euclid(Ts::DAY) / Ts::SECOND;
    clock.advance(86_400 - today + 22 * 3600 + 1800);
    registry
}

fn policy(registry: &Registry) -> HitPolicy {
    registry.gate.profile().account.hit.clone()
}

/// How an account stands now.
async fn standing(registry: &Registry, of: &str) -> HitRow {
    let (of, policy, now) = (registrar(of), policy(registry), registry.gate.clock().now());
    let read = registry
        .gate
        .db()
        .read(move |tx| Box::pin(async move { hit::standing(tx, &of, &policy, now).await }));
    read.await.unwrap()
}

async fn events(registry: &Registry, of: &str) -> Vec<HitEvent> {
    let of = registrar(of);
    let read = registry.gate.db().read(move |tx| Box::pin(async move { tx.hit_events(&of, 10_000).await }));
    read.await.unwrap()
}

/// Takes the name and lets the race for it be over.
async fn taken(registry: &Registry, domain: &str) {
    registry.client("beta").does(create(domain)).await;
    registry.gate.clock().advance(11);
}

async fn blocked(client: &mut Client) -> bool {
    match client.ask(delete_contact("nobody")).await.code {
        2308 => true,
        2303 => false,
        code => panic!("{code}"),
    }
}

on_both! {
    async fn at_the_limit_the_account_is_blocked_for_a_day(db: Db) {
        let registry = registry(&db, "").await;
        taken(&registry, "taken.example").await;
        let mut alpha = registry.client("alpha");
        for fault in 1..=8 {
            assert!(alpha.message().await.is_none(), "before fault {fault}");
            assert_eq!(alpha.refused(create("taken.example")).await, Reason::Exists);
        }
        let warning = alpha.message().await.unwrap();
        assert!(warning.text.contains("warning, level=80"), "{}", warning.text);
        for _ in 0..2 {
            assert_eq!(alpha.refused(create("taken.example")).await, Reason::Exists);
        }
        let reached = alpha.message().await.unwrap();
        assert!(reached.text.contains("reached, level=100"), "{}", reached.text);
        assert!(alpha.message().await.is_none());

        // The eleventh is refused for the block alone: no points, no row.
        assert_eq!(alpha.refused(create("taken.example")).await, Reason::AccountBlocked);
        assert_eq!(alpha.refused(create("free.example")).await, Reason::AccountBlocked);
        let row = standing(&registry, "alpha").await;
        assert_eq!((row.points, hit::limit(&row)), (100, 100));
        let seen = events(&registry, "alpha").await;
        assert_eq!(seen.len(), 10);
        let first = seen.last().unwrap();
        assert_eq!((first.object.as_str(), first.communication.as_str()), ("taken.example", "NEW_DOMAIN"));
        assert_eq!((first.points, first.code, first.reason.as_str()), (10, 2302, "Exists"));
        assert!(first.reference.starts_with("DD-"));

        // Queries go on; at midnight the points are gone and the block is not; after 24 hours it is.
        let check = Command::DomainCheck(DomainCheck { names: Vec::new(), allocation: None, fee: None, launch: None });
        assert!(matches!(alpha.does(check).await, Reply::DomainChecked(_)));
        registry.gate.clock().advance(2 * 3600);
        assert_eq!(standing(&registry, "alpha").await.points, 0);
        assert!(blocked(&mut alpha).await);
        registry.gate.clock().advance(22 * 3600 - 60);
        assert!(blocked(&mut alpha).await);
        registry.gate.clock().advance(60);
        alpha.does(create("free.example")).await;
    }

    async fn a_lost_race_costs_nothing_for_ten_seconds(db: Db) {
        let registry = registry(&db, "").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        beta.does(create("race.example")).await;
        assert_eq!(alpha.refused(create("race.example")).await, Reason::Exists);
        assert_eq!(standing(&registry, "alpha").await.points, 0);
        assert!(events(&registry, "alpha").await.is_empty());
        // Against oneself there is no race.
        assert_eq!(beta.refused(create("race.example")).await, Reason::Exists);
        assert_eq!(standing(&registry, "beta").await.points, 10);
        registry.gate.clock().advance(10);
        assert_eq!(alpha.refused(create("race.example")).await, Reason::Exists);
        assert_eq!(standing(&registry, "alpha").await.points, 10);
    }

    async fn points_follow_command_code_and_reason(db: Db) {
        let registry = registry(&db, "").await;
        let mut alpha = registry.client("alpha");
        alpha.refused(delete("missing.example")).await;
        assert_eq!(standing(&registry, "alpha").await.points, 1);
        // A frame that could not be read but is recognisably an update.
        let refusal = Reason::NotSchemaValid.into();
        alpha.reject(Rejected { refusal, cltrid: None, name: "domain:update" }).await;
        let refusal = Reason::NotWellFormed.into();
        alpha.reject(Rejected { refusal, cltrid: None, name: "invalid" }).await;
        assert_eq!(standing(&registry, "alpha").await.points, 2);
        let last = events(&registry, "alpha").await.remove(0);
        assert_eq!((last.communication.as_str(), last.reason.as_str()), ("UPD_DOMAIN", "NotSchemaValid"));
        // What is not in the list costs nothing.
        let empty = DomainUpdate { chg: true, ..DomainUpdate::of(name("missing.example")) };
        alpha.refused(Command::DomainUpdate(empty)).await;
        alpha.refused(Command::PollAck(domesday::epp::command::PollAck { id: None })).await;
        assert_eq!(standing(&registry, "alpha").await.points, 3);
    }

    async fn a_burst_on_two_processes_counts_each_fault_once(db: Db, place: &Place) {
        const FAULTS: i64 = 24;
        let more = "unscored_codes = [2400]\nself_unblocks_per_month = 0\n";
        let one = registry(&db, more).await;
        taken(&one, "taken.example").await;
        let elsewhere = place.open().await;
        let clock: Clock = one.gate.clock().clone();
        let two = Registry::process(&elsewhere, 2, clock, &format!("{RULES}{more}"));
        let mut running = JoinSet::new();
        for n in 0..FAULTS {
            let mut alpha = if n % 2 == 0 { one.client("alpha") } else { two.client("alpha") };
            running.spawn(async move { alpha.refused(create("taken.example")).await });
        }
        let mut told = Vec::new();
        while let Some(reason) = running.join_next().await {
            told.push(reason.unwrap());
        }
        let count = |reason| told.iter().filter(|r| **r == reason).count() as i64;
        // Ten faults reach the limit; whatever was on its way is told of the block.
        assert_eq!((count(Reason::Exists), count(Reason::AccountBlocked)), (10, FAULTS - 10), "{told:?}");
        let row = standing(&one, "alpha").await;
        assert_eq!(row.points, 100);
        assert!(row.blocked_until.is_some());
        assert_eq!(events(&two, "alpha").await.len(), 10);
        let mut alpha = two.client("alpha");
        let mut texts = Vec::new();
        while let Some(message) = alpha.message().await {
            texts.push(message.text);
        }
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(texts[0].contains("level=80") && texts[1].contains("level=100"), "{texts:?}");
        elsewhere.close().await;
    }

    async fn every_fault_below_the_limit_counts(db: Db, place: &Place) {
        let one = registry(&db, "").await;
        let elsewhere = place.open().await;
        let two = Registry::process(&elsewhere, 2, one.gate.clock().clone(), RULES);
        let mut running = JoinSet::new();
        for n in 0..30 {
            let mut alpha = if n % 2 == 0 { one.client("alpha") } else { two.client("alpha") };
            running.spawn(async move { alpha.refused(delete_contact("nobody")).await });
        }
        while let Some(reason) = running.join_next().await {
            assert_eq!(reason.unwrap(), Reason::NotFound);
        }
        assert_eq!(standing(&one, "alpha").await.points, 30);
        assert_eq!(events(&one, "alpha").await.len(), 30);
        elsewhere.close().await;
    }

    async fn a_refused_command_may_begin_the_block_again(db: Db) {
        let more = "[account.hit.block]\nrefused_extends = true\nscope = \"all_but_session\"\n";
        let registry = registry(&db, more).await;
        taken(&registry, "taken.example").await;
        let mut alpha = registry.client("alpha");
        for _ in 0..10 {
            alpha.refused(create("taken.example")).await;
        }
        let first = standing(&registry, "alpha").await.blocked_until.unwrap();
        registry.gate.clock().advance(3600);
        assert!(blocked(&mut alpha).await);
        let again = standing(&registry, "alpha").await.blocked_until.unwrap();
        assert!(again >= first.plus_seconds(3600), "{first} {again}");
        // In this scope queries are kept out as well; the queue is not.
        let check = Command::DomainCheck(DomainCheck { names: Vec::new(), allocation: None, fee: None, launch: None });
        assert_eq!(alpha.refused(check).await, Reason::AccountBlocked);
        assert!(alpha.message().await.is_some());
    }

    async fn old_faults_are_forgotten(db: Db) {
        let registry = registry(&db, "log_retention_days = 30\n").await;
        let mut alpha = registry.client("alpha");
        alpha.refused(delete_contact("nobody")).await;
        registry.pass_days(29);
        alpha.refused(delete_contact("nobody")).await;
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(events(&registry, "alpha").await.len(), 2);
        registry.pass_days(2);
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(events(&registry, "alpha").await.len(), 1);
    }

    async fn points_may_go_one_day_after_their_fault(db: Db) {
        let registry = registry(&db, "counter_reset = \"rolling\"\n").await;
        taken(&registry, "taken.example").await;
        let mut alpha = registry.client("alpha");
        for _ in 0..5 {
            assert_eq!(alpha.refused(create("taken.example")).await, Reason::Exists);
        }
        // Midnight is in between and does not matter.
        registry.gate.clock().advance(20 * 3600);
        for _ in 0..4 {
            assert_eq!(alpha.refused(create("taken.example")).await, Reason::Exists);
        }
        assert_eq!(standing(&registry, "alpha").await.points, 90);
        registry.gate.clock().advance(5 * 3600);
        assert_eq!(alpha.refused(create("taken.example")).await, Reason::Exists);
        assert_eq!(standing(&registry, "alpha").await.points, 50, "the first five are a day old");
        for _ in 0..5 {
            assert_eq!(alpha.refused(create("taken.example")).await, Reason::Exists);
        }
        assert!(blocked(&mut alpha).await);
        alpha.does(Command::HitpointsUnblock).await;
        assert_eq!(alpha.refused(create("taken.example")).await, Reason::Exists);
        assert_eq!(standing(&registry, "alpha").await.points, 10, "what was before the block was lifted is gone");
    }

    async fn the_limit_may_follow_the_portfolio_at_once(db: Db) {
        let rules = "limit_recalc = \"on_read\"\nlimit = { per_domain = 10.0, min = 30, max = 1000 }\n";
        let strict = RULES.replace("limit = { per_domain = 0.1, min = 100, max = 1000 }\n", "");
        let registry = Registry::with_accounts(&db, "", &format!("{strict}{rules}")).await;
        taken(&registry, "taken.example").await;
        let mut alpha = registry.client("alpha");
        alpha.refused(create("taken.example")).await;
        assert_eq!(hit::limit(&standing(&registry, "alpha").await), 30);
        for n in 0..5 {
            alpha.does(create(&format!("own-{n}.example"))).await;
        }
        alpha.refused(create("taken.example")).await;
        assert_eq!(hit::limit(&standing(&registry, "alpha").await), 50);
    }

    async fn a_rate_may_cost_points(db: Db) {
        let rules = "[[account.rate]]\nname = \"deletes\"\nops = [\"domain:delete\"]\nkey = \"account\"\nmax = 1\n\
                     window_s = 86400\nscore = true\n";
        let registry = registry(&db, rules).await;
        let mut alpha = registry.client("alpha");
        assert_eq!(alpha.refused(delete("missing.example")).await, Reason::NotFound);
        assert_eq!(alpha.refused(delete("missing.example")).await, Reason::RateLimited);
        assert_eq!(standing(&registry, "alpha").await.points, 2);
        let events = events(&registry, "alpha").await;
        assert_eq!((events[0].code, events[0].reason.as_str()), (2308, "RateLimited"));
    }
}
