//! What the registry does to a domain: the statuses it then has, what the sponsor is told, what it costs nobody, and
//! the lock that comes back by itself.

use domesday::clock::Ts;
use domesday::epp::command::{
    Command, DomainCreate, DomainDelete, DomainInfo, DomainTransfer, DomainUpdate, HostsFilter,
};
use domesday::epp::reply::Reply;
use domesday::epp::types::{AuthInfo, DomainStatus, Secret, Status};
use domesday::flow::domain::by_registry::{NotMarked, Order, order};
use domesday::gate::Ended;
use domesday::job::pass;
use domesday::refusal::Reason;
use domesday::store::Db;
use domesday::store::mark::Mark;

use crate::hitpoints::RULES;
use crate::pg::on_both;
use crate::typed::{Client, Registry, name, registrar};

const FOO: &str = "foo.example";

/// Alpha registers a domain.
pub async fn registered(db: &Db, zone: &'static str, accounts: &str) -> Registry {
    let registry = Registry::with_accounts(db, zone, accounts).await;
    let auth = AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None };
    let create = DomainCreate::of(name(FOO), auth);
    registry.client("alpha").does(Command::DomainCreate(create)).await;
    registry
}

/// The registry gives an order.
pub async fn ordered(registry: &Registry, what: Order) -> Result<(), NotMarked> {
    ordered_on(registry, FOO, what).await
}

/// The same on that domain.
pub async fn ordered_on(registry: &Registry, domain: &'static str, what: Order) -> Result<(), NotMarked> {
    registry
        .gate
        .run_registry("cli", "domain:mark", domain.to_owned(), move |cx| {
            let what = what.clone();
            Box::pin(async move { Ok(Ended::Keep(order(cx, &name(domain), &what).await?)) })
        })
        .await
        .unwrap()
}

/// Alpha registers a domain of that name, whose name servers the registry takes.
pub async fn marked_name(registry: &Registry, domain: &'static str) {
    let auth = AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None };
    registry.client("alpha").does(Command::DomainCreate(DomainCreate::of(name(domain), auth))).await;
    ordered_on(registry, domain, set(Mark::RevokedNs)).await.unwrap();
}

async fn statuses(client: &mut Client) -> Vec<&'static str> {
    let info = DomainInfo {
        name: name(FOO),
        hosts: HostsFilter::None,
        auth: None,
        ttl: None,
        allocation: false,
        launch: None,
    };
    let Reply::DomainInfo(data) = client.does(Command::DomainInfo(info)).await else { panic!("an info") };
    let mut seen: Vec<_> =
        data.statuses.iter().map(|(status, _): &(DomainStatus, _)| status.name()).collect();
    seen.retain(|name| name.starts_with("server"));
    seen
}

fn set(mark: Mark) -> Order {
    Order::Set(mark, String::new(), None)
}

const SHUT: [&str; 3] = ["serverDeleteProhibited", "serverTransferProhibited", "serverUpdateProhibited"];

on_both! {
    async fn marks_that_ask_for_the_same_do_not_undo_one_another(db: Db) {
        let registry = registered(&db, "", "").await;
        let mut alpha = registry.client("alpha");
        ordered(&registry, Order::Set(Mark::Hold, "court".to_owned(), None)).await.unwrap();
        assert_eq!(statuses(&mut alpha).await, SHUT);
        let delete = || Command::DomainDelete(DomainDelete { name: name(FOO), on: None, overwrite: false, launch: None });
        assert_eq!(alpha.refused(delete()).await, Reason::StatusProhibits);
        assert_eq!(ordered(&registry, set(Mark::Hold)).await, Err(NotMarked::Already));
        ordered(&registry, set(Mark::Lock)).await.unwrap();
        ordered(&registry, Order::Clear(Mark::Hold)).await.unwrap();
        assert_eq!(statuses(&mut alpha).await, SHUT, "the lock asks for them still");
        ordered(&registry, Order::Clear(Mark::Lock)).await.unwrap();
        assert_eq!(statuses(&mut alpha).await, [""; 0]);
        assert_eq!(ordered(&registry, Order::Clear(Mark::Lock)).await, Err(NotMarked::NotSet));
        // A marked domain goes with its marks.
        ordered(&registry, Order::Set(Mark::Violation, "data".to_owned(), Some(Ts(1)))).await.unwrap();
        alpha.does(delete()).await;
        registry.pass_days(400);
        pass(&registry.gate).await.unwrap();
        assert_eq!(ordered(&registry, set(Mark::Hold)).await, Err(NotMarked::NoDomain));
    }

    async fn what_is_in_dispute_is_not_deleted_on_the_day_that_was_set(db: Db) {
        let rules = "delete.mode = \"scheduled\"\ndelete.date_ext = true\ngrace.add_days = 0";
        let registry = registered(&db, rules, "").await;
        let mut alpha = registry.client("alpha");
        let day = registry.gate.clock().now().plus_days(9).date();
        alpha.does(Command::DomainDelete(DomainDelete { name: name(FOO), on: Some(day), overwrite: false, launch: None })).await;
        ordered(&registry, set(Mark::Hold)).await.unwrap();
        registry.pass_days(12);
        pass(&registry.gate).await.unwrap();
        let life = db.read(|tx| Box::pin(async move { tx.domain_by_name(&name(FOO)).await })).await.unwrap().unwrap().life;
        assert!(life.delete_at.is_none() && life.hold.is_none(), "{life:?}");
    }

    async fn a_lock_comes_back_by_itself(db: Db) {
        let registry = registered(&db, "", "").await;
        let mut alpha = registry.client("alpha");
        ordered(&registry, set(Mark::Lock)).await.unwrap();
        let until = registry.gate.clock().now().plus_days(2);
        ordered(&registry, Order::PauseLock(until)).await.unwrap();
        assert_eq!(statuses(&mut alpha).await, [""; 0]);
        registry.pass_days(1);
        pass(&registry.gate).await.unwrap();
        assert_eq!(statuses(&mut alpha).await, [""; 0]);
        registry.pass_days(1);
        pass(&registry.gate).await.unwrap();
        assert_eq!(statuses(&mut alpha).await, SHUT);
        pass(&registry.gate).await.unwrap();
        let mut told = Vec::new();
        while let Some(message) = alpha.message().await {
            told.push(message.text);
        }
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[2].ends_with("is locked again."), "{told:?}");
    }

    async fn a_zone_may_have_no_lock(db: Db) {
        let registry = registered(&db, "locks.registry_lock = false", "").await;
        assert_eq!(ordered(&registry, set(Mark::Lock)).await, Err(NotMarked::NoLock));
    }

    async fn a_failed_transfer_costs_nothing_while_the_name_servers_are_revoked(db: Db) {
        let exempt = "exempt_domain_flags = [{ op = \"domain.transfer\", flag = \"revoked_ns\" }]\n";
        let registry = registered(&db, "", &format!("{RULES}{exempt}")).await;
        let mut beta = registry.client("beta");
        let wrong = || {
            let auth = Some(AuthInfo { pw: Secret::new("wrong-wrong-1"), roid: None });
            Command::DomainTransferRequest(DomainTransfer { auth, ..transfer() })
        };
        let points = || async {
            let read = db.read(move |tx| Box::pin(async move { tx.hit_state(&registrar("beta")).await }));
            read.await.unwrap().points
        };
        assert_eq!(beta.refused(wrong()).await, Reason::WrongAuthInfo);
        assert_eq!(points().await, 1);
        ordered(&registry, set(Mark::RevokedNs)).await.unwrap();
        assert_eq!(statuses(&mut registry.client("alpha")).await, ["serverHold"]);
        assert_eq!(beta.refused(wrong()).await, Reason::WrongAuthInfo);
        assert_eq!(points().await, 1);
        // Only transfers are exempt.
        let update = Command::DomainUpdate(DomainUpdate { chg: true, ..DomainUpdate::of(name(FOO)) });
        beta.refused(update).await;
        assert_eq!(points().await, 2);
        ordered(&registry, Order::Clear(Mark::RevokedNs)).await.unwrap();
        beta.refused(wrong()).await;
        assert_eq!(points().await, 3);
    }
}

fn transfer() -> DomainTransfer {
    DomainTransfer { name: name(FOO), period: None, auth: None, anew: None, allocation: None, fee: None }
}
