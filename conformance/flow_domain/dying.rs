//! Delete and purge.

use super::*;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::epp::command::{DomainAddRem, HostDelete};
use domesday::epp::reply::MessageData;
use domesday::flow::domain::purge;
use domesday::job::pass;

use super::delete as delete_command;

on_both! {
    async fn a_new_domain_is_gone_at_once(db: Db) {
        let registry = Registry::new(&db, "grace.add_days = 5").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("brief.example").await;
        let roid = alpha.info("brief.example").await.roid;
        assert_eq!(beta.refused(delete_command("brief.example")).await, Reason::NotSponsor);
        assert_eq!(beta.refused(delete_command("none.example")).await, Reason::NotFound);
        alpha.does(make_host("ns1.brief.example", "192.0.2.1")).await;
        assert_eq!(alpha.refused(delete_command("brief.example")).await, Reason::HasSubordinates);
        alpha.does(Command::HostDelete(HostDelete { name: name("ns1.brief.example") })).await;
        let locked = |add: bool| {
            let part = Some(DomainAddRem {
                statuses: statuses(&[DomainStatus::ClientDeleteProhibited]),
                ..DomainAddRem::default()
            });
            let (add, rem) = if add { (part, None) } else { (None, part) };
            Command::DomainUpdate(DomainUpdate { add, rem, ..update("brief.example") })
        };
        alpha.does(locked(true)).await;
        assert_eq!(alpha.refused(delete_command("brief.example")).await, Reason::StatusProhibits);
        alpha.does(locked(false)).await;
        assert_eq!(alpha.does(delete_command("brief.example")).await, Reply::Done);
        assert_eq!(alpha.refused(delete_command("brief.example")).await, Reason::NotFound);
        beta.register("brief.example").await;
        assert_ne!(beta.info("brief.example").await.roid, roid);
    }

    async fn an_old_domain_takes_its_time(db: Db) {
        let rules = "grace.add_days = 5\nhold.days = 30\nhold.pending_delete_days = 5";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.does(make_contact("holder", PW)).await;
        alpha.does(make_host("ns.other.test", "")).await;
        let command = DomainCreate {
            registrant: Some(contact("holder")),
            ns: objects(&["ns.other.test"]),
            ..create("old.example")
        };
        alpha.does(Command::DomainCreate(command)).await;
        let day = alpha.info("old.example").await.expires.unwrap().date();
        registry.pass_days(6);
        let answer = alpha.ask(delete_command("old.example")).await;
        assert_eq!(answer.code, 1001);
        let seen = alpha.info("old.example").await;
        assert_eq!(seen.statuses, [DomainStatus::PendingDelete].into_iter().collect());
        assert_eq!(alpha.refused(delete_command("old.example")).await, Reason::StatusProhibits);
        assert_eq!(alpha.refused(renew("old.example", day, None)).await, Reason::StatusProhibits);
        let change = DomainUpdate { auth: Some(None), ..update("old.example") };
        assert_eq!(alpha.refused(Command::DomainUpdate(change)).await, Reason::StatusProhibits);
        let request = || Command::DomainTransferRequest(transfer("old.example", Some(PW)));
        assert_eq!(beta.refused(request()).await, Reason::StatusProhibits);
        assert_eq!(beta.refused(Command::DomainCreate(create("old.example"))).await, Reason::Exists);

        registry.pass_days(34);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        registry.pass_days(1);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        let message = alpha.message().await.unwrap();
        let Some(MessageData::DomainPending(end)) = message.data else { panic!("no panData") };
        assert_eq!((end.name, end.success, end.svtrid), (name("old.example"), true, answer.svtrid));
        assert_eq!(end.cltrid, answer.cltrid.map(|id| id.to_string()));
        assert_eq!(alpha.message().await, None);
        beta.register("old.example").await;
        // Nothing of the old registration is linked any more.
        alpha.does(Command::HostDelete(HostDelete { name: name("ns.other.test") })).await;
        let gone = domesday::epp::command::ContactDelete { id: contact("holder") };
        alpha.does(Command::ContactDelete(gone)).await;
    }

    async fn a_purge_leaves_no_name_server_dangling(db: Db) {
        let registry = Registry::new(&db, "").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("above.example").await;
        alpha.does(make_host("ns1.above.example", "192.0.2.1")).await;
        let uses = DomainCreate { ns: objects(&["ns1.above.example"]), ..create("user.example") };
        beta.does(Command::DomainCreate(uses)).await;
        let own = DomainUpdate {
            add: Some(DomainAddRem { ns: objects(&["ns1.above.example"]), ..DomainAddRem::default() }),
            ..update("above.example")
        };
        alpha.does(Command::DomainUpdate(own)).await;
        // A delete would be refused; the registry itself can purge all the same.
        registry.gate.run_job("domain:purge", "above.example".to_owned(), |cx| {
            Box::pin(async move {
                let domain = cx.tx.domain_by_name(&name("above.example")).await?.unwrap();
                purge::purge(cx, &domain).await.map(|()| true)
            })
        }).await.unwrap();
        assert_eq!(beta.info("user.example").await.statuses, [DomainStatus::Inactive].into_iter().collect());
        let message = beta.message().await.unwrap();
        assert!(message.text.contains("ns1.above.example"), "{}", message.text);
        assert_eq!(alpha.refused(delete_command("above.example")).await, Reason::NotFound);
        // Who had the host is told as well, and is shown it.
        let message = alpha.message().await.unwrap();
        let Some(MessageData::HostInfo(host)) = message.data else { panic!("no infData") };
        assert_eq!(host.name, name("ns1.above.example"));
        assert_eq!(alpha.message().await, None);
    }
}
