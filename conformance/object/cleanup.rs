//! Contacts that no domain has: when the registry removes them, and what keeps them.

use domesday::epp::command::{
    Command, ContactInfo, ContactRole, DomainAddRem, DomainCreate, DomainDelete, DomainTransfer, DomainUpdate,
};
use domesday::epp::reply::MessageData;
use domesday::epp::types::{AuthInfo, Secret};
use domesday::flow::domain::purge::purge;
use domesday::job::pass;
use domesday::refusal::Reason;
use domesday::store::Db;
use domesday::store::idle::IdleContact;

use super::new_contact;
use crate::pg::on_both;
use crate::typed::{Client, Registry, contact, name};

/// Contacts belong to no zone: the server's profile has their rules.
const RULES: &str = "zone.contact.cleanup = { never_used_days = 30, unused_days = 60 }";

fn create(domain: &str, holder: &str) -> Command {
    let auth = AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None };
    let registrant = Some(contact(holder));
    Command::DomainCreate(DomainCreate { registrant, ..DomainCreate::of(name(domain), auth) })
}

async fn is_there(client: &mut Client, id: &str) -> bool {
    let info = ContactInfo { id: contact(id), auth: None };
    client.ask(Command::ContactInfo(info)).await.code == 1000
}

async fn idle(db: &Db, id: &'static str) -> Option<IdleContact> {
    let read = db.read(move |tx| {
        Box::pin(async move {
            let Some(row) = tx.contact_by_handle(&contact(id)).await? else { return Ok(None) };
            tx.contact_idle(row.id).await
        })
    });
    read.await.unwrap()
}

/// Has the registry purge a domain.
async fn purged(registry: &Registry, domain: &'static str) {
    let done = registry.gate.run_job("domain:purge", domain.to_owned(), move |cx| {
        Box::pin(async move {
            let row = cx.tx.domain_by_name(&name(domain)).await?.unwrap();
            purge(cx, &row).await.map(|()| true)
        })
    });
    assert!(done.await.unwrap());
}

on_both! {
    async fn a_contact_that_was_never_used_is_removed_once_and_its_registrar_told(db: Db) {
        let registry = Registry::with_accounts(&db, "", RULES).await;
        let other = registry.beside(&db, 2, RULES);
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        for n in 0..120 {
            alpha.does(new_contact(&format!("idle-{n}"))).await;
        }
        beta.does(new_contact("theirs")).await;
        registry.pass_days(29);
        pass(&registry.gate).await.unwrap();
        assert!(is_there(&mut alpha, "idle-0").await);
        registry.pass_days(1);
        let (one, two) = tokio::join!(pass(&registry.gate), pass(&other.gate));
        one.unwrap();
        two.unwrap();
        pass(&registry.gate).await.unwrap();
        for n in [0, 50, 99, 100, 119] {
            assert!(!is_there(&mut alpha, &format!("idle-{n}")).await, "{n}");
        }
        let mut told = 0;
        while let Some(message) = alpha.message().await {
            assert!(matches!(&message.data, Some(MessageData::ContactInfo(gone)) if gone.id.as_str().starts_with("idle-")));
            told += 1;
        }
        assert_eq!(told, 120);
        assert!(beta.message().await.is_some() && beta.message().await.is_none());
        let audit = db.read(|tx| Box::pin(tx.audit_of_object("idle-7", 10))).await.unwrap();
        let removed: Vec<_> = audit.iter().filter(|row| row.command == "contact:clean-up").collect();
        assert_eq!(removed.len(), 1, "{audit:?}");
        assert!(removed[0].detail.contains("\"deleted\":true"), "{}", removed[0].detail);
    }

    async fn the_time_of_one_that_was_used_begins_when_the_last_domain_gives_it_up(db: Db) {
        let registry = Registry::with_accounts(&db, "", RULES).await;
        let mut alpha = registry.client("alpha");
        alpha.does(new_contact("holder")).await;
        alpha.does(create("one.example", "holder")).await;
        alpha.does(create("two.example", "holder")).await;
        registry.pass_days(100);
        pass(&registry.gate).await.unwrap();
        // Nothing is noted of what is in use.
        assert_eq!(idle(&db, "holder").await, None);
        purged(&registry, "one.example").await;
        registry.pass_days(61);
        pass(&registry.gate).await.unwrap();
        assert!(is_there(&mut alpha, "holder").await);
        assert_eq!(idle(&db, "holder").await, None);
        purged(&registry, "two.example").await;
        assert!(idle(&db, "holder").await.is_some_and(|idle| idle.used));
        registry.pass_days(59);
        pass(&registry.gate).await.unwrap();
        assert!(is_there(&mut alpha, "holder").await);
        registry.pass_days(1);
        pass(&registry.gate).await.unwrap();
        assert!(!is_there(&mut alpha, "holder").await);
        assert_eq!(alpha.refused(create("three.example", "holder")).await, Reason::NoSuchContact);
    }

    async fn every_way_out_of_a_domain_is_noted(db: Db) {
        let registry = Registry::with_accounts(&db, "transfer.mode = \"immediate\"\ntransfer.contacts = \"clone\"\ngrace.add_days = 5", RULES).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        for id in ["changed", "taken", "tech", "moved", "gone"] {
            alpha.does(new_contact(id)).await;
        }
        // An update, of the holder and of another contact.
        let mut made = DomainCreate::of(name("one.example"), AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None });
        made.registrant = Some(contact("changed"));
        made.contacts = vec![(ContactRole::Tech, contact("tech"))];
        alpha.does(Command::DomainCreate(made)).await;
        let rem = DomainAddRem { contacts: vec![(ContactRole::Tech, contact("tech"))], ..DomainAddRem::default() };
        let update = DomainUpdate {
            rem: Some(rem), chg: true, registrant: Some(Some(contact("taken"))), ..DomainUpdate::of(name("one.example"))
        };
        alpha.does(Command::DomainUpdate(update)).await;
        // A transfer that copies the contacts.
        alpha.does(create("two.example", "moved")).await;
        let auth = Some(AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None });
        let request = DomainTransfer { name: name("two.example"), period: None, auth, anew: None, allocation: None, fee: None };
        beta.does(Command::DomainTransferRequest(request)).await;
        // A delete in the first days.
        alpha.does(create("three.example", "gone")).await;
        alpha.does(Command::DomainDelete(DomainDelete { name: name("three.example"), on: None, overwrite: false, launch: None })).await;
        for id in ["changed", "tech", "moved", "gone"] {
            assert!(idle(&db, id).await.is_some_and(|idle| idle.used), "{id}");
        }
        registry.pass_days(60);
        pass(&registry.gate).await.unwrap();
        for id in ["changed", "tech", "moved", "gone"] {
            assert!(!is_there(&mut alpha, id).await, "{id}");
        }
        assert!(is_there(&mut alpha, "taken").await);
    }

    async fn where_the_rule_is_off_nothing_is_removed(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        alpha.does(new_contact("idle")).await;
        registry.pass_days(10_000);
        pass(&registry.gate).await.unwrap();
        assert!(is_there(&mut alpha, "idle").await);
        // It counts as soon as there is a rule.
        pass(&registry.beside(&db, 2, RULES).gate).await.unwrap();
        assert!(!is_there(&mut alpha, "idle").await);
    }
}
