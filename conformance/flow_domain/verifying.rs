//! Control of holders' identities on registered domains: who is asked, what a hold outlives, and what it ends with.

use super::*;
use crate::marks::ordered_on;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::epp::types::Status;
use domesday::flow::domain::by_registry::Order;
use domesday::flow::domain::verification;
use domesday::flow::pending::{self, Decision};
use domesday::job::pass;
use domesday::store::Db;
use domesday::store::mark::Mark;

const FOO: &str = "foo.example";
const HELD: &str = "verification.checked = \"everybody\"\nverification.risk = \"blue\"";
const ACTIVE: &str = "verification.checked = \"everybody\"\nverification.risk = \"yellow\"";

/// alpha registers a domain for its contact holder-1.
async fn registered(db: &Db, rules: &'static str) -> Registry {
    let registry = Registry::new(db, rules).await;
    let mut alpha = registry.client("alpha");
    for id in ["holder-1", "holder-2"] {
        alpha.does(make_contact(id, PW)).await;
    }
    let registrant = Some(contact("holder-1"));
    alpha.does(Command::DomainCreate(DomainCreate { registrant, ..create(FOO) })).await;
    registry
}

/// Decides what waits about the domain.
async fn decided(registry: &Registry, decision: Decision) {
    let done = registry.gate.run_job("pending:decide", FOO.to_owned(), move |cx| {
        Box::pin(async move {
            let domain = cx.tx.domain_by_name(&name(FOO)).await?.unwrap();
            let waits = cx.tx.pending_of(domain.id).await?;
            Ok(pending::decide(cx, waits[0].id, decision).await?.is_some())
        })
    });
    assert!(done.await.unwrap());
}

/// The registry does that with the domain; says whether there was anything to do.
async fn by_hand(registry: &Registry, what: &'static str) -> bool {
    let done = registry.gate.run_job("domain:verify", FOO.to_owned(), move |cx| {
        Box::pin(async move {
            let domain = cx.tx.domain_by_name(&name(FOO)).await?.unwrap();
            match what {
                "proven" => verification::proven_late(cx, domain).await,
                "ask" => verification::ask(cx, domain, false).await,
                _ => verification::ask(cx, domain, true).await,
            }
        })
    });
    done.await.unwrap()
}

async fn texts(client: &mut Client) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(message) = client.message().await {
        texts.push(message.text);
    }
    texts
}

async fn is_held(client: &mut Client) -> bool {
    client.info(FOO).await.statuses.iter().any(|(status, _)| status.name() == "serverHold")
}

async fn identified(db: &Db, id: &'static str) -> bool {
    let read = db.read(move |tx| Box::pin(async move { tx.contact_by_handle(&contact(id)).await }));
    read.await.unwrap().unwrap().identified_at.is_some()
}

async fn change_holder(client: &mut Client) {
    let change = DomainUpdate { chg: true, registrant: Some(Some(contact("holder-2"))), ..update(FOO) };
    client.does(Command::DomainUpdate(change)).await;
}

on_both! {
    async fn a_registration_at_once_waits_for_its_holder_as_the_zone_says(db: Db) {
        let registry = registered(&db, HELD).await;
        let mut alpha = registry.client("alpha");
        let told = texts(&mut alpha).await;
        assert!(told.len() == 1 && told[0].contains("is on hold until then"), "{told:?}");
        assert!(is_held(&mut alpha).await);
        decided(&registry, Decision::Accept).await;
        assert!(!is_held(&mut alpha).await && identified(&db, "holder-1").await);
        assert_eq!(texts(&mut alpha).await, ["Domain foo.example is active."]);
        // Who proved it once is not asked again.
        let again = DomainCreate { registrant: Some(contact("holder-1")), ..create("bar.example") };
        alpha.does(Command::DomainCreate(again)).await;
        assert!(texts(&mut alpha).await.is_empty());
    }

    async fn a_hold_for_a_missing_identity_outlives_name_servers_that_come_back(db: Db) {
        let registry = registered(&db, ACTIVE).await;
        let mut alpha = registry.client("alpha");
        assert!(!is_held(&mut alpha).await);
        registry.pass_days(15);
        pass(&registry.gate).await.unwrap();
        assert!(is_held(&mut alpha).await);
        let told = texts(&mut alpha).await;
        assert!(told[1].contains("proved no identity in time"), "{told:?}");
        ordered_on(&registry, FOO, Order::Set(Mark::RevokedNs, String::new(), None)).await.unwrap();
        ordered_on(&registry, FOO, Order::Clear(Mark::RevokedNs)).await.unwrap();
        assert!(is_held(&mut alpha).await, "its holder has still proven nothing");
        assert!(!by_hand(&registry, "ask").await, "it was asked for, in vain");
        assert!(by_hand(&registry, "proven").await && !by_hand(&registry, "proven").await);
        assert!(!is_held(&mut alpha).await && identified(&db, "holder-1").await);
    }

    async fn another_holder_has_its_own_time_and_proves_its_own_identity(db: Db) {
        let registry = registered(&db, HELD).await;
        let mut alpha = registry.client("alpha");
        registry.pass_days(10);
        change_holder(&mut alpha).await;
        assert!(is_held(&mut alpha).await);
        registry.pass_days(10);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0, "the first holder's time is nothing to the second");
        decided(&registry, Decision::Accept).await;
        assert!(!is_held(&mut alpha).await);
        assert!(identified(&db, "holder-2").await && !identified(&db, "holder-1").await);
    }

    async fn a_known_holder_ends_what_was_asked_of_the_one_before(db: Db) {
        let registry = registered(&db, HELD).await;
        let mut alpha = registry.client("alpha");
        registry.pass_days(15);
        pass(&registry.gate).await.unwrap();
        let known = db.write(|tx| Box::pin(async move {
            let holder = tx.contact_by_handle(&contact("holder-2")).await?.unwrap();
            tx.contact_identified(holder.id, domesday::clock::Ts(1)).await
        }));
        known.await.unwrap();
        texts(&mut alpha).await;
        change_holder(&mut alpha).await;
        assert!(!is_held(&mut alpha).await);
        let told = texts(&mut alpha).await;
        assert!(told.len() == 1 && told[0].contains("no longer asked for"), "{told:?}");
    }

    async fn what_is_taken_back_was_not_proven(db: Db) {
        let registry = registered(&db, "").await;
        let mut alpha = registry.client("alpha");
        assert!(by_hand(&registry, "ask").await && !by_hand(&registry, "hold").await);
        let told = texts(&mut alpha).await;
        assert!(told.len() == 1 && told[0].contains("is to prove an identity by"), "{told:?}");
        decided(&registry, Decision::Cancel).await;
        let told = texts(&mut alpha).await;
        assert!(told.len() == 1 && told[0].contains("no longer asked for"), "{told:?}");
        assert!(!identified(&db, "holder-1").await);
        assert!(by_hand(&registry, "hold").await);
        assert!(is_held(&mut alpha).await);
    }
}
