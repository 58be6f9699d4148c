//! Two at once: one wins, the other is told what the standard says, and never 2400 (V01 to V05).

use super::*;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::epp::command::{DomainAddRem, HostDelete};
use tokio::task::JoinSet;

/// Everybody asks at the same moment; the codes in ascending order.
pub(super) async fn together(asks: Vec<(Client, Command)>) -> Vec<u16> {
    let gate = std::sync::Arc::new(tokio::sync::Barrier::new(asks.len()));
    let mut tasks = JoinSet::new();
    for (mut client, command) in asks {
        let gate = std::sync::Arc::clone(&gate);
        tasks.spawn(async move {
            gate.wait().await;
            client.ask(command).await.code
        });
    }
    let mut codes = tasks.join_all().await;
    codes.sort_unstable();
    codes
}

on_both! {
    async fn of_many_who_create_a_name_one_has_it(db: Db) {
        let registry = Registry::new(&db, "").await;
        for round in 0..4 {
            let domain = format!("wanted-{round}.example");
            let ask = |who: &str| (registry.client(who), Command::DomainCreate(create(&domain)));
            let codes = together(["alpha", "beta", "gamma", "alpha"].map(ask).into()).await;
            assert_eq!(codes, [1000, 2302, 2302, 2302]);
        }
    }

    async fn of_two_renews_one_counts(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        alpha.register("renewed.example").await;
        for _ in 0..3 {
            let ends = alpha.info("renewed.example").await.expires.unwrap();
            let ask = |()| (registry.client("alpha"), renew("renewed.example", ends.date(), None));
            assert_eq!(together([(); 3].map(ask).into()).await, [1000, 2306, 2306]);
            assert_eq!(alpha.info("renewed.example").await.expires, ends.plus_months(12));
        }
    }

    async fn of_approve_and_cancel_one_is_done(db: Db) {
        let registry = Registry::new(&db, "").await;
        for round in 0..4 {
            let domain = format!("torn-{round}.example");
            registry.client("alpha").register(&domain).await;
            registry.client("beta").does(Command::DomainTransferRequest(transfer(&domain, Some(PW)))).await;
            let codes = together(vec![
                (registry.client("alpha"), Command::DomainTransferApprove(transfer(&domain, None))),
                (registry.client("beta"), Command::DomainTransferCancel(transfer(&domain, None))),
            ]).await;
            assert_eq!(codes, [1000, 2301]);
            assert!(!registry.client("alpha").info(&domain).await.statuses.has(DomainStatus::PendingTransfer));
        }
    }

    async fn of_two_requests_one_is_under_way(db: Db) {
        let registry = Registry::new(&db, "").await;
        for round in 0..4 {
            let domain = format!("wooed-{round}.example");
            registry.client("alpha").register(&domain).await;
            let ask = |who: &str| {
                (registry.client(who), Command::DomainTransferRequest(transfer(&domain, Some(PW))))
            };
            assert_eq!(together(["beta", "gamma"].map(ask).into()).await, [1001, 2300]);
        }
    }

    async fn a_contact_that_is_deleted_is_never_linked(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        for round in 0..4 {
            let (domain, id) = (format!("held-{round}.example"), format!("holder-{round}"));
            alpha.does(make_contact(&id, PW)).await;
            let holds = DomainCreate {
                registrant: Some(contact(&id)),
                contacts: roles(&[(ContactRole::Tech, &id)]),
                ..create(&domain)
            };
            let gone = domesday::epp::command::ContactDelete { id: contact(&id) };
            let codes = together(vec![
                (registry.client("alpha"), Command::DomainCreate(holds)),
                (registry.client("alpha"), Command::ContactDelete(gone)),
            ]).await;
            assert!(codes == [1000, 2305] || codes == [1000, 2303], "{codes:?}");
        }
    }

    async fn a_host_that_is_deleted_is_never_linked(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        for round in 0..4 {
            let (domain, host) = (format!("links-{round}.example"), format!("ns{round}.other.test"));
            alpha.register(&domain).await;
            alpha.does(make_host(&host, "")).await;
            let adds = DomainUpdate {
                add: Some(DomainAddRem { ns: objects(&[&host]), ..DomainAddRem::default() }),
                ..update(&domain)
            };
            let codes = together(vec![
                (registry.client("alpha"), Command::DomainUpdate(adds)),
                (registry.client("alpha"), Command::HostDelete(HostDelete { name: name(&host) })),
            ]).await;
            // The link came first and the host is in use, or the host went first and is not there.
            assert!(codes == [1000, 2305] || codes == [1000, 2303], "{codes:?}");
            let linked = !alpha.info(&domain).await.ns_objects.is_empty();
            assert_eq!(linked, codes == [1000, 2305]);
        }
    }

    async fn no_update_of_two_is_lost(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        alpha.register("twice.example").await;
        let marks = [
            DomainStatus::ClientHold,
            DomainStatus::ClientDeleteProhibited,
            DomainStatus::ClientRenewProhibited,
            DomainStatus::ClientTransferProhibited,
        ];
        let ask = |status| {
            let add = DomainAddRem { statuses: statuses(&[status]), ..DomainAddRem::default() };
            (registry.client("alpha"), Command::DomainUpdate(DomainUpdate { add: Some(add), ..update("twice.example") }))
        };
        assert_eq!(together(marks.map(ask).into()).await, [1000; 4]);
        let shown = alpha.info("twice.example").await.statuses;
        assert!(marks.iter().all(|status| shown.has(*status)), "{shown:?}");
    }
}
