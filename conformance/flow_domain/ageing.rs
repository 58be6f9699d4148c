//! What becomes of a registration when it ends, and of everything that was due while no server ran.

use super::*;
use crate::pg::on_both;
use crate::typed::{Registry, registrar};
use domesday::clock::Ts;
use domesday::epp::command::{DomainAutoRenew, DomainUndelete};
use domesday::epp::reply::MessageData;
use domesday::job::pass;

pub(super) fn ts(text: &str) -> Ts {
    Ts::from_timestamp(text.parse().unwrap())
}

/// Moves the clock forward to that moment.
pub(super) fn until(registry: &Registry, moment: &str) {
    let clock = registry.gate.clock();
    clock.advance((ts(moment).0 - clock.now().0) / Ts::SECOND + 1);
}

fn on(domain: &str, day: &str) -> Command {
    Command::DomainDelete(DomainDelete {
        name: name(domain),
        on: Some(day.parse().unwrap()),
        overwrite: false,
        launch: None,
    })
}

pub(super) fn auto_renew(domain: &str, on: bool) -> Command {
    Command::DomainAutoRenew(DomainAutoRenew { name: name(domain), on })
}

on_both! {
    async fn a_registration_that_ends_is_renewed_once(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        alpha.register("lasting.example").await;
        let ends = alpha.info("lasting.example").await.expires.unwrap();
        registry.pass_days(364);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        registry.pass_days(2);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        let seen = alpha.info("lasting.example").await;
        assert_eq!(seen.expires, ends.plus_months(12));
        // As of the moment it was due, by the registry.
        assert_eq!((seen.updated, seen.updater), (Some(ends), Some(registrar("registry"))));
        let message = alpha.message().await.unwrap();
        assert_eq!(message.queued, ends);
        let Some(MessageData::DomainInfo(told)) = message.data else { panic!("no infData") };
        assert_eq!(told.expires, ends.plus_months(12));
        assert_eq!(alpha.message().await, None);
    }

    async fn what_was_missed_for_years_happens_in_its_order(db: Db) {
        let rules = "delete.mode = \"scheduled\"\ndelete.date_ext = true\nhold.days = 40\n\
                     hold.then = \"release\"\nhold.pending_delete_days = 0";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        until(&registry, "2027-03-10T12:00:00Z");
        alpha.register("going.example").await;
        let ends = alpha.info("going.example").await.expires.unwrap();
        alpha.does(on("going.example", "2029-05-01")).await;
        beta.register("staying.example").await;
        let stays = beta.info("staying.example").await.expires.unwrap();
        assert!(alpha.message().await.unwrap().text.contains("2029-05-01T00:00:00.000Z"));

        until(&registry, "2031-01-01T00:00:00Z");
        // Renewed twice each, then deleted and released; the other one renewed twice more.
        assert_eq!(pass(&registry.gate).await.unwrap(), 2 + 2 + 1 + 1 + 1);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        let mut told = Vec::new();
        while let Some(message) = alpha.message().await {
            told.push((message.queued, message.text));
        }
        let moments: Vec<_> = told.iter().map(|(at, _)| *at).collect();
        assert_eq!(moments, [
            ends,
            ends.plus_months(12).unwrap(),
            ts("2029-05-01T00:00:00Z"),
            ts("2029-06-10T00:00:00Z"),
        ]);
        assert!(told[2].1.contains("was deleted"), "{}", told[2].1);
        assert_eq!(told[3].1, "Domain deleted.");
        assert_eq!(alpha.refused(Command::DomainInfo(DomainInfo {
            name: name("going.example"),
            hosts: HostsFilter::All,
            auth: None,
            ttl: None,
            allocation: false,
            launch: None,
        })).await, Reason::NotFound);
        assert_eq!(beta.info("staying.example").await.expires, stays.plus_months(36));
    }

    async fn processes_share_the_work_and_do_nothing_twice(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        let domains: Vec<_> = (0..30).map(|n| format!("shared-{n}.example")).collect();
        for domain in &domains {
            alpha.register(domain).await;
        }
        let ends = alpha.info("shared-0.example").await.expires.unwrap();
        registry.pass_days(366);
        let others: Vec<_> = (2..5)
            .map(|number| Registry::process(&db, number, registry.gate.clock().clone(), "").gate)
            .collect();
        let mut passes = tokio::task::JoinSet::new();
        for gate in others.into_iter().chain([registry.gate.clone()]) {
            passes.spawn(async move { pass(&gate).await.unwrap() });
        }
        assert_eq!(passes.join_all().await.into_iter().sum::<usize>(), domains.len());
        for domain in &domains {
            let seen = alpha.info(domain).await.expires.unwrap();
            assert_eq!(seen.date(), ends.plus_months(12).unwrap().date(), "{domain}");
        }
        let mut told = 0;
        while alpha.message().await.is_some() {
            told += 1;
        }
        assert_eq!(told, domains.len());
    }

    async fn the_months_end_renews_by_the_calendar_there(db: Db) {
        let rules = "expiry.mode = \"month_end\"\ncalendar.zone = \"Europe/Brussels\"";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        until(&registry, "2028-02-29T10:00:00Z");
        alpha.register("leap.example").await;
        until(&registry, "2028-03-10T10:00:00Z");
        alpha.register("summer.example").await;
        for (domain, before, after, ends) in [
            ("leap.example", "2029-02-28T22:59:50Z", "2029-02-28T23:00:00Z", "2030-02-28"),
            // The clocks went forward on the 25th.
            ("summer.example", "2029-03-31T21:59:50Z", "2029-03-31T22:00:00Z", "2030-03-10"),
            ("leap.example", "2030-02-28T22:59:50Z", "2030-02-28T23:00:00Z", "2031-02-28"),
        ] {
            let ended = alpha.info(domain).await.expires.unwrap();
            until(&registry, before);
            pass(&registry.gate).await.unwrap();
            assert_eq!(alpha.info(domain).await.expires, Some(ended), "{domain} before {after}");
            until(&registry, after);
            assert_eq!(pass(&registry.gate).await.unwrap(), 1, "{domain} at {after}");
            let seen = alpha.info(domain).await;
            assert_eq!(seen.expires.unwrap().date().to_string(), ends, "{domain}");
            assert_eq!(seen.updated, Some(ts(after)), "{domain}");
        }
    }

    async fn a_zone_that_comes_to_renew_at_the_months_end_waits_for_it(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        until(&registry, "2027-03-10T12:00:00Z");
        alpha.register("waiting.example").await;
        db.write(|tx| Box::pin(async move {
            let mut zone = tx.zone_of(&name("waiting.example")).await?.unwrap();
            zone.overrides = "expiry.mode = \"month_end\"".to_owned();
            tx.zone_update(&zone).await.map(drop)
        })).await.unwrap();
        until(&registry, "2028-03-31T23:59:00Z");
        pass(&registry.gate).await.unwrap();
        assert_eq!(alpha.info("waiting.example").await.expires.unwrap().date().to_string(), "2028-03-10");
        until(&registry, "2028-04-01T00:00:00Z");
        pass(&registry.gate).await.unwrap();
        assert_eq!(alpha.info("waiting.example").await.expires.unwrap().date().to_string(), "2029-03-10");
    }

    async fn what_is_not_renewed_goes_on_hold_and_then_away(db: Db) {
        let rules = "autorenew.per_domain = true\nexpiry.action_off = \"suspend\"\nhold.days = 30\n\
                     hold.pending_delete_days = 0";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("ending.example").await;
        assert_eq!(beta.refused(auto_renew("ending.example", false)).await, Reason::NotSponsor);
        alpha.does(auto_renew("ending.example", false)).await;
        let ends = alpha.info("ending.example").await.expires.unwrap();
        registry.pass_days(366);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        let seen = alpha.info("ending.example").await;
        assert!(seen.statuses.has(DomainStatus::PendingDelete));
        assert_eq!(seen.expires, Some(ends));
        assert!(alpha.message().await.unwrap().text.contains("is suspended"));
        assert_eq!(alpha.refused(auto_renew("ending.example", true)).await, Reason::StatusProhibits);
        assert_eq!(beta.refused(Command::DomainCreate(create("ending.example"))).await, Reason::Exists);
        let below = make_host("ns1.ending.example", "192.0.2.1");
        assert_eq!(alpha.refused(below).await, Reason::SuperordinateStatus);
        registry.pass_days(30);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        beta.register("ending.example").await;
    }

    async fn an_account_has_its_own_default_of_renewal(db: Db) {
        let registry = Registry::new(&db, "autorenew.account_default = true").await;
        db.write(|tx| Box::pin(async move {
            let mut row = tx.registrar(&registrar("alpha")).await?.unwrap();
            row.auto_renew = Some(false);
            tx.registrar_update(&row).await.map(drop)
        })).await.unwrap();
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("mine.example").await;
        alpha.register("sold.example").await;
        beta.register("yours.example").await;
        beta.does(Command::DomainTransferRequest(transfer("sold.example", Some(PW)))).await;
        alpha.does(Command::DomainTransferApprove(transfer("sold.example", None))).await;
        registry.pass_days(800);
        pass(&registry.gate).await.unwrap();
        let ask = |domain: &str| {
            Command::DomainInfo(DomainInfo { name: name(domain), hosts: HostsFilter::All, auth: None, ttl: None, allocation: false, launch: None })
        };
        assert_eq!(alpha.ask(ask("mine.example")).await.code, 2303);
        assert_eq!(beta.ask(ask("yours.example")).await.code, 1000);
        assert_eq!(beta.ask(ask("sold.example")).await.code, 1000);
    }

    async fn a_scheduled_deletion_can_be_moved_and_taken_back(db: Db) {
        let rules = "delete.mode = \"scheduled\"\ndelete.date_ext = true\ndelete.spread = \"random_hour\"\n\
                     calendar.zone = \"Europe/Brussels\"\ndelete.success_code = 1000\nhold.days = 40\n\
                     hold.then = \"release\"\nhold.pending_delete_days = 0\ngrace.add_days = 0";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        until(&registry, "2027-03-28T05:10:00Z");
        alpha.register("moved.example").await;
        assert_eq!(alpha.does(on("moved.example", "2027-06-01")).await, Reply::Done);
        assert_eq!(alpha.refused(delete("moved.example")).await, Reason::DeletionScheduled);
        let again = Command::DomainDelete(DomainDelete { name: name("moved.example"), on: None, overwrite: true, launch: None });
        alpha.does(again).await;
        let undelete = || Command::DomainUndelete(DomainUndelete { name: name("moved.example") });
        alpha.does(undelete()).await;
        assert_eq!(alpha.refused(undelete()).await, Reason::NoDeletionScheduled);
        registry.pass_days(2);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        assert_eq!(alpha.info("moved.example").await.statuses, [DomainStatus::Inactive].into_iter().collect());

        // A day that is past is today, at a full hour of it that is still to come, by the clocks there.
        alpha.does(on("moved.example", "2020-01-01")).await;
        until(&registry, "2027-03-30T22:00:00Z");
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        let seen = alpha.info("moved.example").await;
        assert!(seen.statuses.has(DomainStatus::PendingDelete));
        let deleted = seen.updated.unwrap();
        assert!(ts("2027-03-30T05:10:00Z") < deleted && deleted <= ts("2027-03-30T22:00:00Z"), "{deleted}");
        assert_eq!(deleted.0 % (3600 * Ts::SECOND), 0, "{deleted}");
        // Released on day 40, at the slot of that very hour.
        until(&registry, &deleted.plus_days(40).plus_seconds(-60).to_string());
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        until(&registry, &deleted.plus_days(40).to_string());
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        registry.client("beta").register("moved.example").await;
    }
}
