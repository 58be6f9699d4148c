//! Change of registrant: deadlines, and two who decide at once.

use super::*;
use crate::marks::ordered;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::clock::Ts;
use domesday::epp::command::ContactDelete;
use domesday::epp::reply::MessageData;
use domesday::flow::domain::by_registry::Order;
use domesday::flow::pending::{self, Decision, Stands};
use domesday::job;
use domesday::store::mark::Mark;
use domesday::store::pending::PendingRow;
use tokio::task::JoinSet;

const RULES: &str = "registrant_change.mode = \"async\"\nterms.token = \"optional\"\nverification.checked = \"everybody\"\nverification.risk = \"green\"";

/// A domain whose holder is to change; what waits is the number of the action.
async fn asked(registry: &Registry, domain: &str) -> i64 {
    let mut alpha = registry.client("alpha");
    for id in ["holder-1", "holder-2"] {
        if alpha.ask(make_contact(id, PW)).await.code != 1000 {
            break;
        }
    }
    let command = DomainCreate { registrant: Some(contact("holder-1")), ..create(domain) };
    alpha.does(Command::DomainCreate(command)).await;
    let change = DomainUpdate { chg: true, registrant: Some(Some(contact("holder-2"))), ..update(domain) };
    assert_eq!(alpha.does(Command::DomainUpdate(change)).await, Reply::Pending);
    waits(registry, domain).await
}

/// The number of the action that waits about a domain.
async fn waits(registry: &Registry, domain: &str) -> i64 {
    let wanted = name(domain);
    let waits = registry.gate.db().read(move |tx| {
        Box::pin(async move {
            let domain = tx.domain_by_name(&wanted).await?.unwrap();
            tx.pending_of(domain.id).await
        })
    });
    waits.await.unwrap()[0].id
}

async fn decide(registry: &Registry, id: i64, decision: Decision) -> Option<Stands> {
    let work = registry.gate.run_registry("cli", "pending:decide", id.to_string(), move |cx| {
        Box::pin(async move { Ok(domesday::gate::Ended::Keep(pending::decide(cx, id, decision).await?)) })
    });
    work.await.unwrap()
}

async fn messages(registry: &Registry) -> Vec<(String, Option<bool>)> {
    let mut alpha = registry.client("alpha");
    let mut all = Vec::new();
    while let Some(message) = alpha.message().await {
        let success = message.data.map(|data| match data {
            MessageData::DomainPending(data) => {
                assert_eq!(data.cltrid.as_deref(), Some("test-1"));
                data.success
            }
            other => panic!("{other:?}"),
        });
        all.push((message.text, success));
    }
    all
}

on_both! {
    async fn of_many_who_decide_at_once_one_does(db: Db) {
        let registry = Registry::new(&db, RULES).await;
        let other = Registry::process(&db, 2, registry.gate.clock().clone(), "");
        for round in 0..3 {
            let id = asked(&registry, &format!("torn-{round}.example")).await;
            let mut tasks = JoinSet::new();
            for n in 0..6 {
                let registry = if n % 2 == 0 { registry.clone() } else { other.clone() };
                let decision = if n < 3 { Decision::Complete(None) } else { Decision::Cancel };
                tasks.spawn(async move { decide(&registry, id, decision).await });
            }
            let ends: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
            assert_eq!(ends.len(), 1, "{ends:?}");
            let told = messages(&registry).await;
            assert_eq!(told.len(), 2, "{told:?}");
            assert_eq!(told[1].1, Some(ends[0] == Stands::Done));
            let holder = if ends[0] == Stands::Done { "holder-2" } else { "holder-1" };
            let info = registry.client("alpha").info(&format!("torn-{round}.example")).await;
            assert_eq!(info.registrant, Some(contact(holder)));
            assert!(!info.statuses.has(DomainStatus::PendingUpdate));
        }
    }

    async fn two_passes_at_once_end_each_action_once_and_in_order(db: Db) {
        let registry = Registry::new(&db, RULES).await;
        let other = Registry::process(&db, 2, registry.gate.clock().clone(), "");
        for n in 0..5 {
            asked(&registry, &format!("late-{n}.example")).await;
        }
        assert_eq!(messages(&registry).await.len(), 5);
        registry.pass_days(14);
        let (one, two) = tokio::join!(job::pass(&registry.gate), job::pass(&other.gate));
        assert_eq!(one.unwrap() + two.unwrap(), 5);
        let told = messages(&registry).await;
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(told.iter().all(|(_, success)| *success == Some(false)), "{told:?}");
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 0);
    }

    async fn actions_that_cannot_be_ended_are_in_nobodys_way(db: Db) {
        let registry = Registry::new(&db, RULES).await;
        let id = asked(&registry, "behind.example").await;
        let waits = registry.gate.db().read(move |tx| Box::pin(tx.pending_by_id(id))).await.unwrap().unwrap();
        // More than are asked for in one go, all of them due before it, none with data anybody can read.
        let broken: Vec<PendingRow> = (0..150)
            .map(|n| PendingRow {
                id: registry.gate.ids().next(),
                object: 0,
                name: format!("broken-{n}.example"),
                deadline: waits.deadline.plus_days(-1),
                data: "{".to_owned(),
                ..waits.clone()
            })
            .collect();
        db.write(move |tx| {
            let broken = broken.clone();
            Box::pin(async move {
                for row in &broken {
                    tx.pending_insert(row).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        registry.pass_days(14);
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 1);
        assert_eq!(decide(&registry, id, Decision::Accept).await, None);
    }

    async fn a_step_ends_on_its_own_deadline(db: Db) {
        let registry = Registry::new(&db, RULES).await;
        let id = asked(&registry, "steps.example").await;
        registry.pass_days(13);
        assert!(matches!(decide(&registry, id, Decision::Accept).await, Some(Stands::Waits(..))));
        registry.pass_days(13);
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 0, "the second step has its own fourteen days");
        registry.pass_days(1);
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 1);
        assert_eq!(decide(&registry, id, Decision::Accept).await, None);
        let texts: Vec<_> = messages(&registry).await.into_iter().map(|(text, _)| text).collect();
        assert!(texts[2].contains("not proven in time"), "{texts:?}");
    }

    async fn a_holder_that_went_is_no_holder(db: Db) {
        let registry = Registry::new(&db, RULES).await;
        let id = asked(&registry, "gone.example").await;
        registry.client("alpha").does(Command::ContactDelete(ContactDelete { id: contact("holder-2") })).await;
        assert_eq!(decide(&registry, id, Decision::Complete(None)).await, Some(Stands::Failed));
        assert_eq!(registry.client("alpha").info("gone.example").await.registrant, Some(contact("holder-1")));
    }

    async fn a_domain_that_ends_has_no_change_that_waits(db: Db) {
        let rules = "registrant_change.mode = \"async\"\nterms.token = \"optional\"\nautorenew.default = false";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        for id in ["holder-1", "holder-2"] {
            alpha.does(make_contact(id, PW)).await;
        }
        let made = DomainCreate { registrant: Some(contact("holder-1")), ..create("ends.example") };
        alpha.does(Command::DomainCreate(made)).await;
        registry.pass_days(363);
        let new = Some(Some(contact("holder-2")));
        let change = DomainUpdate { chg: true, registrant: new, ..update("ends.example") };
        assert_eq!(alpha.does(Command::DomainUpdate(change)).await, Reply::Pending);
        registry.pass_days(3);
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 1);
        let seen = alpha.info("ends.example").await;
        assert_eq!(seen.registrant, Some(contact("holder-1")));
        assert_eq!(seen.statuses, [DomainStatus::Inactive, DomainStatus::PendingDelete].into_iter().collect());
        let mut ends = Vec::new();
        while let Some(message) = alpha.message().await {
            if let Some(MessageData::DomainPending(data)) = message.data {
                ends.push((message.text, data.success));
            }
        }
        assert_eq!(ends, [("Registrant not changed: it was cancelled.".to_owned(), false)]);
        registry.pass_days(14);
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 0, "nothing is left to decide");
    }

    async fn two_reasons_to_hold_a_domain_back_do_not_undo_one_another(db: Db) {
        let rules = "create.mode = \"async\"\nverification.checked = \"everybody\"\nverification.risk = \"blue\"";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        alpha.does(make_contact("holder-1", PW)).await;
        let made = DomainCreate { registrant: Some(contact("holder-1")), ..create("foo.example") };
        alpha.does(Command::DomainCreate(made)).await;
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 1);
        let set = || Order::Set(Mark::RevokedNs, String::new(), None);
        ordered(&registry, set()).await.unwrap();
        ordered(&registry, Order::Clear(Mark::RevokedNs)).await.unwrap();
        let seen = alpha.info("foo.example").await.statuses;
        assert!(seen.has(DomainStatus::ServerHold), "the holder has yet to prove an identity");
        ordered(&registry, set()).await.unwrap();
        let id = waits(&registry, "foo.example").await;
        assert_eq!(decide(&registry, id, Decision::Accept).await, Some(Stands::Done));
        let seen = alpha.info("foo.example").await.statuses;
        assert!(seen.has(DomainStatus::ServerHold), "the registry has the name servers");
        ordered(&registry, Order::Clear(Mark::RevokedNs)).await.unwrap();
        assert!(!alpha.info("foo.example").await.statuses.has(DomainStatus::ServerHold));
    }

    async fn a_registration_is_done_once_and_counts_from_then_on(db: Db) {
        let registry = Registry::new(&db, "create.mode = \"async\"").await;
        let other = Registry::process(&db, 2, registry.gate.clock().clone(), "");
        let mut alpha = registry.client("alpha");
        for n in 0..4 {
            let answer = alpha.ask(Command::DomainCreate(create(&format!("new-{n}.example")))).await;
            assert_eq!(answer.code, 1001);
        }
        assert_eq!(portfolio(&registry).await, 0, "what waits is not registered yet");
        let (one, two) = tokio::join!(job::pass(&registry.gate), job::pass(&other.gate));
        assert_eq!(one.unwrap() + two.unwrap(), 4);
        assert_eq!(portfolio(&registry).await, 4);
        let told = messages(&registry).await;
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told.iter().all(|(_, success)| *success == Some(true)), "{told:?}");
        assert!(alpha.info("new-0.example").await.statuses.has(DomainStatus::Inactive));
    }

    async fn of_two_who_have_a_token_one_uses_it(db: Db) {
        let registry = Registry::new(&db, "waiting_list.enabled = true").await;
        let mut alpha = registry.client("alpha");
        alpha.register("offered.example").await;
        alpha.does(make_contact("wait-1", PW)).await;
        let waits = registry.gate.run_job("waiting:add", "offered.example".to_owned(), |cx| {
            Box::pin(async move { Ok(cx.tx.waiting_insert(1, &name("offered.example"), "wait-1", cx.now).await?) })
        });
        assert!(waits.await.unwrap());
        alpha.does(delete("offered.example")).await;
        alpha.refused_creates(vec![(Reason::NameOffered, create("offered.example"))]).await;
        let accepted = registry.gate.run_job("waiting:accept", "offered.example".to_owned(), |cx| {
            Box::pin(async move {
                let token = Secret::new("00c0ffee");
                Ok(domesday::flow::waiting::accept(cx, &name("offered.example"), &token).await?.is_some())
            })
        });
        assert!(accepted.await.unwrap());
        let mut tasks = JoinSet::new();
        for who in ["alpha", "beta", "gamma", "beta"] {
            let mut client = registry.client(who);
            let command = DomainCreate { auth: auth("00C0FFEE"), ..create("offered.example") };
            tasks.spawn(async move { client.ask(Command::DomainCreate(command)).await.code });
        }
        let mut codes = tasks.join_all().await;
        codes.sort_unstable();
        assert_eq!(codes, [1000, 2302, 2302, 2302]);
        registry.pass_days(14);
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 0, "the offer is done with");
    }

    async fn of_many_who_ask_for_a_name_that_waits_one_has_it(db: Db) {
        let registry = Registry::new(&db, "create.mode = \"async\"").await;
        let mut tasks = JoinSet::new();
        for who in ["alpha", "beta", "gamma", "alpha"] {
            let mut client = registry.client(who);
            tasks.spawn(async move { client.ask(Command::DomainCreate(create("one.example"))).await.code });
        }
        let mut codes = tasks.join_all().await;
        codes.sort_unstable();
        assert_eq!(codes, [1001, 2302, 2302, 2302]);
        assert_eq!(job::pass(&registry.gate).await.unwrap(), 1);
    }
}

async fn portfolio(registry: &Registry) -> i64 {
    let of = crate::typed::registrar("alpha");
    registry
        .gate
        .db()
        .read(move |tx| Box::pin(async move { tx.hit_portfolio(&of, 100, Ts(i64::MAX)).await }))
        .await
        .unwrap()
}
