//! Protected transactions: a threshold a day, exact over several servers.

use std::sync::Arc;

use domesday::clock::Ts;
use domesday::epp::command::{Command, DomainAddRem, DomainCreate, DomainDelete, DomainUpdate};
use domesday::epp::reply::Outcome;
use domesday::epp::types::{AuthInfo, DomainStatus, Restore, Secret};
use domesday::refusal::Reason;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{allow, to_window};
use crate::pg::on_both;
use crate::typed::{Registry, name, registrar};

fn rules(max: u32) -> String {
    format!("[account.protected]\nenabled = true\nmax = {max}\n")
}

fn create(domain: &str) -> Command {
    let auth = AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None };
    Command::DomainCreate(DomainCreate::of(name(domain), auth))
}

fn update(domain: &str) -> Command {
    let statuses = vec![(DomainStatus::ClientHold, None)];
    let add = DomainAddRem { ns: None, contacts: Vec::new(), statuses };
    let add = Some(add);
    Command::DomainUpdate(DomainUpdate { add, ..DomainUpdate::of(name(domain)) })
}

fn delete(domain: &str) -> Command {
    Command::DomainDelete(DomainDelete { name: name(domain), on: None, overwrite: false, launch: None })
}

/// The clock just after a day's beginning in UTC.
fn to_morning(registry: &Registry) {
    to_window(registry, Ts::DAY / Ts::SECOND);
}

on_both! {
    /// Vector 18 of the requirements.
    async fn the_101st_of_a_day_waits_for_midnight(db: Db) {
        let registry = Registry::new(&db, "").await.beside(&db, 2, &rules(100));
        to_morning(&registry);
        let mut alpha = registry.client("alpha");
        for n in 0..100 {
            alpha.does(create(&format!("n{n}.example"))).await;
            if n == 50 {
                // What is refused does not count.
                assert_eq!(alpha.refused(create("n0.example")).await, Reason::Exists);
            }
        }
        let refused = alpha.ask(create("late.example")).await;
        assert_eq!(refused.code, 2308);
        let Outcome::Refused(refusal) = refused.outcome else { panic!("{refused:?}") };
        let midnight = registry.gate.clock().now().plus_days(1).0.div_euclid(Ts::DAY) * Ts::DAY;
        assert!(refusal.text().ends_with(&format!("again from {}", Ts(midnight))), "{refusal}");
        assert_eq!(refusal.reason, Reason::ProtectedLimit);
        // Even what would be refused anyway; other commands and other accounts go on.
        assert_eq!(alpha.refused(create("n0.example")).await, Reason::ProtectedLimit);
        assert_eq!(alpha.refused(delete("n0.example")).await, Reason::ProtectedLimit);
        alpha.does(update("n0.example")).await;
        registry.client("beta").does(create("beta.example")).await;
        registry.pass_days(1);
        alpha.does(create("late.example")).await;
    }

    async fn two_servers_count_exactly(db: Db, place: &Place) {
        let first = Registry::new(&db, "").await.beside(&db, 2, &rules(12));
        let second = first.beside(&place.open().await, 3, &rules(12));
        to_morning(&first);
        let together = Arc::new(Barrier::new(4));
        let mut sessions = JoinSet::new();
        for session in 0..4 {
            let registry = if session % 2 == 0 { &first } else { &second };
            let (mut client, together) = (registry.client("alpha"), Arc::clone(&together));
            sessions.spawn(async move {
                together.wait().await;
                let mut codes = Vec::new();
                for n in 0..5 {
                    codes.push(client.ask(create(&format!("s{session}-{n}.example"))).await.code);
                }
                codes
            });
        }
        let mut codes: Vec<u16> = sessions.join_all().await.into_iter().flatten().collect();
        codes.sort_unstable();
        assert_eq!(codes, [[1000; 12].as_slice(), &[2308; 8]].concat());
    }

    async fn a_registrar_has_a_number_of_its_own_and_can_be_reset(db: Db) {
        let registry = Registry::new(&db, "").await.beside(&db, 2, &rules(1));
        to_morning(&registry);
        let mut alpha = registry.client("alpha");
        alpha.does(create("a.example")).await;
        assert_eq!(alpha.refused(create("b.example")).await, Reason::ProtectedLimit);
        allow(&db, registrar("alpha"), "protected", 2).await;
        alpha.does(create("b.example")).await;
        assert_eq!(alpha.refused(create("c.example")).await, Reason::ProtectedLimit);
        let day = Ts(registry.gate.clock().now().0.div_euclid(Ts::DAY) * Ts::DAY);
        let id = registrar("alpha");
        db.write(move |tx| {
            let id = id.clone();
            Box::pin(async move { tx.protected_reset(&id, day).await })
        })
        .await
        .unwrap();
        alpha.does(create("c.example")).await;
        allow(&db, registrar("beta"), "protected", 0).await;
        assert_eq!(registry.client("beta").refused(create("d.example")).await, Reason::ProtectedLimit);
    }

    async fn a_restore_that_is_asked_for_counts(db: Db) {
        let zone = "grace.add_days = 0\nhold.days = 30\nhold.pending_delete_days = 5\nrestore.mode = \"rgp2\"";
        let registry = Registry::new(&db, zone).await.beside(&db, 2, &rules(6));
        to_morning(&registry);
        let mut alpha = registry.client("alpha");
        alpha.does(create("third.example")).await;
        for domain in ["first.example", "second.example"] {
            alpha.does(create(domain)).await;
            alpha.does(delete(domain)).await;
        }
        let restore = |domain: &str, restore| {
            Command::DomainUpdate(DomainUpdate { restore: Some(restore), ..DomainUpdate::of(name(domain)) })
        };
        // What is refused does not count, and five commands were done.
        assert_eq!(alpha.refused(restore("none.example", Restore::Request)).await, Reason::NotFound);
        alpha.does(restore("first.example", Restore::Request)).await;
        assert_eq!(alpha.refused(restore("second.example", Restore::Request)).await, Reason::ProtectedLimit);
        assert_eq!(alpha.refused(create("fourth.example")).await, Reason::ProtectedLimit);
        // Any other update goes on.
        alpha.does(update("third.example")).await;
    }
}
