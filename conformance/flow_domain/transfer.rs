//! Transfer: request, query, approve, reject, cancel, and the end by itself.

use super::*;
use crate::pg::on_both;
use crate::typed::{Registry, registrar};
use domesday::epp::command::{DomainAddRem, HostInfo};
use domesday::epp::reply::{MessageData, TransferData, TransferStatus};
use domesday::epp::types::{DomainName, Management};
use domesday::job::pass;
use domesday::store::Db;
use domesday::store::management::Managed;
use domesday::store::zone::ZoneRow;

fn request(domain: &str, pw: &str) -> Command {
    Command::DomainTransferRequest(transfer(domain, Some(pw)))
}

fn query(domain: &str) -> Command {
    Command::DomainTransferQuery(transfer(domain, None))
}

fn approve(domain: &str) -> Command {
    Command::DomainTransferApprove(transfer(domain, None))
}

fn reject(domain: &str) -> Command {
    Command::DomainTransferReject(transfer(domain, None))
}

fn cancel(domain: &str) -> Command {
    Command::DomainTransferCancel(transfer(domain, None))
}

impl Client {
    async fn transfers(&mut self, command: Command) -> TransferData<DomainName> {
        match self.does(command).await {
            Reply::DomainTransfer(data) => data,
            other => panic!("{other:?}"),
        }
    }

    async fn told(&mut self) -> TransferData<DomainName> {
        match self.message().await.and_then(|m| m.data) {
            Some(MessageData::DomainTransfer(data)) => data,
            other => panic!("{other:?}"),
        }
    }
}

/// Who manages a domain.
async fn manager(db: &Db, domain: &'static str) -> Management {
    let read = db.read(move |tx| {
        Box::pin(async move {
            let row = tx.domain_by_name(&name(domain)).await?.unwrap();
            tx.management(Managed::Domain, row.id).await
        })
    });
    read.await.unwrap()
}

on_both! {
    async fn an_approved_transfer_takes_everything_along(db: Db) {
        let registry = Registry::new(&db, "transfer.auto_approve_days = 5").await;
        let mut alpha = registry.client("alpha");
        let (mut beta, mut gamma) = (registry.client("beta"), registry.client("gamma"));
        alpha.register("moves.example").await;
        alpha.does(make_host("ns1.moves.example", "192.0.2.1")).await;
        let before = alpha.info("moves.example").await;
        assert_eq!(alpha.refused(query("moves.example")).await, Reason::NoTransferKnown);
        assert_eq!(beta.refused(query("moves.example")).await, Reason::NotPartyToTransfer);
        assert_eq!(alpha.refused(approve("moves.example")).await, Reason::NoTransferPending);
        assert_eq!(beta.refused(cancel("moves.example")).await, Reason::NoTransferPending);
        let missing = Command::DomainTransferRequest(transfer("moves.example", None));
        assert_eq!(beta.refused(missing).await, Reason::AuthInfoMissing);
        assert_eq!(beta.refused(request("moves.example", "wrong")).await, Reason::WrongAuthInfo);
        assert_eq!(beta.refused(request("none.example", PW)).await, Reason::NotFound);
        assert_eq!(alpha.refused(request("moves.example", PW)).await, Reason::OwnObject);
        let far = DomainTransfer { period: years(10), ..transfer("moves.example", Some(PW)) };
        assert_eq!(beta.refused(Command::DomainTransferRequest(far)).await, Reason::ExpiryTooFar);

        let answer = beta.ask(request("moves.example", PW)).await;
        assert_eq!(answer.code, 1001);
        let asked = beta.transfers(query("moves.example")).await;
        assert_eq!((asked.status, &asked.requester, &asked.actor),
            (TransferStatus::Pending, &registrar("beta"), &registrar("alpha")));
        assert_eq!(asked.acted, asked.requested.plus_days(5));
        assert_eq!(asked.expires, before.expires.unwrap().plus_months(12));
        assert_eq!(alpha.told().await, asked);
        assert_eq!(alpha.transfers(query("moves.example")).await, asked);
        assert_eq!(gamma.refused(query("moves.example")).await, Reason::NotPartyToTransfer);
        let stranger = |pw| Command::DomainTransferQuery(transfer("moves.example", Some(pw)));
        assert_eq!(gamma.refused(stranger("wrong")).await, Reason::WrongAuthInfo);
        assert_eq!(gamma.transfers(stranger(PW)).await, asked);

        // Pending: nobody changes anything, and only the right party decides.
        let pending = alpha.info("moves.example").await;
        assert!(pending.statuses.has(DomainStatus::PendingTransfer));
        assert_eq!(gamma.refused(request("moves.example", PW)).await, Reason::TransferPending);
        let change = || Command::DomainUpdate(DomainUpdate { auth: Some(None), ..update("moves.example") });
        assert_eq!(alpha.refused(change()).await, Reason::StatusProhibits);
        assert_eq!(alpha.refused(delete("moves.example")).await, Reason::StatusProhibits);
        let day = before.expires.unwrap().date();
        assert_eq!(alpha.refused(renew("moves.example", day, None)).await, Reason::StatusProhibits);
        for client in [&mut beta, &mut gamma] {
            assert_eq!(client.refused(approve("moves.example")).await, Reason::NotSponsor);
            assert_eq!(client.refused(reject("moves.example")).await, Reason::NotSponsor);
        }
        assert_eq!(alpha.refused(cancel("moves.example")).await, Reason::NotRequester);

        let done = alpha.transfers(approve("moves.example")).await;
        assert_eq!((done.status, &done.actor), (TransferStatus::ClientApproved, &registrar("alpha")));
        assert_eq!(beta.told().await, done);
        let after = beta.info("moves.example").await;
        assert_eq!(after.sponsor, registrar("beta"));
        assert_eq!((after.expires, after.transferred), (asked.expires, Some(done.acted)));
        assert_eq!((after.roid, after.auth_set), (before.roid, false));
        assert!(!after.statuses.has(DomainStatus::PendingTransfer));
        let host = HostInfo { name: name("ns1.moves.example"), ttl: None };
        let Reply::HostInfo(host) = alpha.does(Command::HostInfo(host)).await else { panic!("no infData") };
        assert_eq!((host.sponsor, host.transferred), (registrar("beta"), Some(done.acted)));
        // The end is seen by both parties, and decided once.
        for client in [&mut alpha, &mut beta] {
            assert_eq!(client.transfers(query("moves.example")).await, done);
        }
        assert_eq!(beta.refused(cancel("moves.example")).await, Reason::NoTransferPending);
        assert_eq!(beta.refused(approve("moves.example")).await, Reason::NoTransferPending);
        assert_eq!(alpha.refused(request("moves.example", PW)).await, Reason::WrongAuthInfo);
    }

    async fn a_transfer_that_fails_leaves_the_domain_where_it_is(db: Db) {
        let registry = Registry::new(&db, "").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("stays.example").await;
        let before = alpha.info("stays.example").await;
        for (rejected, status) in [(true, TransferStatus::ClientRejected), (false, TransferStatus::ClientCancelled)] {
            beta.does(request("stays.example", PW)).await;
            assert_eq!(alpha.told().await.status, TransferStatus::Pending);
            let done = if rejected {
                let done = alpha.transfers(reject("stays.example")).await;
                assert_eq!(beta.told().await, done);
                done
            } else {
                let done = beta.transfers(cancel("stays.example")).await;
                assert_eq!(alpha.told().await, done);
                done
            };
            assert_eq!((done.status, done.expires), (status, None));
            assert_eq!(alpha.info("stays.example").await, before);
        }
        let locked = DomainUpdate {
            add: Some(DomainAddRem {
                statuses: statuses(&[DomainStatus::ClientTransferProhibited]),
                ..DomainAddRem::default()
            }),
            ..update("stays.example")
        };
        alpha.does(Command::DomainUpdate(locked)).await;
        assert_eq!(beta.refused(request("stays.example", PW)).await, Reason::StatusProhibits);
    }

    async fn nobody_answers_and_the_server_approves(db: Db) {
        let registry = Registry::new(&db, "transfer.auto_approve_days = 5").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("silent.example").await;
        beta.does(request("silent.example", PW)).await;
        alpha.told().await;
        registry.pass_days(4);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        registry.pass_days(1);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        for client in [&mut alpha, &mut beta] {
            let told = client.told().await;
            assert_eq!((told.status, told.actor), (TransferStatus::ServerApproved, registrar("registry")));
        }
        assert_eq!(beta.info("silent.example").await.sponsor, registrar("beta"));
    }

    async fn a_transfer_ends_by_its_zones_rules_also_while_that_is_switched_off(db: Db) {
        let rules = "transfer.contacts = \"clone\"\nauth.max_wrong_per_day = 1";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.does(make_contact("holder", PW)).await;
        let made = DomainCreate { registrant: Some(contact("holder")), ..create("late.example") };
        alpha.does(Command::DomainCreate(made)).await;
        beta.does(request("late.example", PW)).await;
        let off = db.write(|tx| {
            Box::pin(async move {
                let zone = tx.zone_of(&name("late.example")).await?.unwrap();
                tx.zone_update(&ZoneRow { enabled: false, ..zone }).await
            })
        });
        assert!(off.await.unwrap());
        let mut gamma = registry.client("gamma");
        let look = |pw| Command::DomainTransferQuery(transfer("late.example", Some(pw)));
        assert_eq!(gamma.refused(look("wrong")).await, Reason::WrongAuthInfo);
        assert_eq!(gamma.refused(look(PW)).await, Reason::TooManyWrongCodes);
        registry.pass_days(6);
        pass(&registry.gate).await.unwrap();
        let seen = beta.info("late.example").await;
        assert_eq!(seen.sponsor, registrar("beta"));
        let copy = seen.registrant.unwrap();
        assert_ne!(copy, contact("holder"), "the losing registrar keeps its own contact");
    }

    async fn the_gaining_account_says_who_manages_whoever_approves(db: Db) {
        let registry = Registry::new(&db, "management.models = [\"registrar\", \"registrant\"]").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        let set = db.write(|tx| {
            Box::pin(async move {
                tx.account_management_set(&registrar("beta"), Some(Management::Registrant)).await
            })
        });
        set.await.unwrap();
        for (domain, answered) in [("asked.example", true), ("silent.example", false)] {
            alpha.register(domain).await;
            assert_eq!(manager(&db, domain).await, Management::Registrar);
            beta.does(request(domain, PW)).await;
            if answered {
                alpha.does(approve(domain)).await;
            } else {
                registry.pass_days(6);
                assert_eq!(pass(&registry.gate).await.unwrap(), 1);
            }
            assert_eq!(manager(&db, domain).await, Management::Registrant, "{domain}");
        }
    }

    async fn a_zone_may_transfer_at_once_and_lock_what_is_new(db: Db) {
        let rules = "transfer.mode = \"immediate\"\ntransfer.lock_days = 60\ntransfer.adds_years = 0";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("quick.example").await;
        let before = alpha.info("quick.example").await;
        assert_eq!(beta.refused(request("quick.example", PW)).await, Reason::TooNewForTransfer);
        registry.pass_days(61);
        let year = DomainTransfer { period: years(1), ..transfer("quick.example", Some(PW)) };
        assert_eq!(beta.refused(Command::DomainTransferRequest(year)).await, Reason::PeriodOutOfRange);
        let answer = beta.ask(request("quick.example", PW)).await;
        assert_eq!(answer.code, 1000);
        let told = alpha.told().await;
        assert_eq!((told.status, told.expires), (TransferStatus::ClientApproved, None));
        let after = beta.info("quick.example").await;
        assert_eq!((after.sponsor, after.expires), (registrar("beta"), before.expires));
        let set = DomainUpdate { auth: Some(Some(auth(PW))), ..update("quick.example") };
        beta.does(Command::DomainUpdate(set)).await;
        assert_eq!(alpha.refused(request("quick.example", PW)).await, Reason::TooNewForTransfer);
    }

    async fn attribute_hosts_move_with_their_domain(db: Db) {
        let registry = Registry::new(&db, "ns.mode = \"host_attr\"\ntransfer.mode = \"immediate\"").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        let hosts = [("ns.a.example", "192.0.2.1"), ("ns.other.test", "")];
        alpha.does(Command::DomainCreate(DomainCreate { ns: attributes(&hosts), ..create("a.example") })).await;
        beta.does(request("a.example", PW)).await;
        let owners = db.read(|tx| Box::pin(async move {
            let domain = tx.domain_by_name(&name("a.example")).await?.unwrap();
            let mut owners = Vec::new();
            for server in tx.domain_name_servers(domain.id).await? {
                owners.push(tx.host_by_id(server.id).await?.unwrap().registrar);
            }
            Ok(owners)
        })).await.unwrap();
        assert_eq!(owners, [registrar("beta"), registrar("beta")]);
    }
}
