//! What is charged when its month ends.

use domesday::job;
use domesday::refusal::Reason;
use tokio::task::JoinSet;

use super::{RULES, agree, at, balance, create, deposit, entries, renew};
use crate::pg::on_both;
use crate::typed::Registry;

fn rules() -> String {
    let nonneg = "gate_rule = \"balance_nonneg\"\nzone = \"Europe/Brussels\"\ngated_ops";
    format!("{}\n[account.bill.charge_when]\nrenew = \"month_end\"\n", RULES.replace("gated_ops", nonneg))
}

on_both! {
    async fn renewals_are_booked_when_their_month_ends(db: Db) {
        let registry = Registry::with_accounts(&db, "", &rules()).await;
        deposit(&registry, "alpha", 800).await;
        let mut alpha = registry.client("alpha");
        at(&registry, "2031-03-05T12:00:00Z").await;
        for domain in ["one.example", "two.example"] {
            alpha.does(create(domain)).await;
        }
        assert_eq!(renew(&registry, &mut alpha, "one.example").await, 1000);
        assert_eq!(renew(&registry, &mut alpha, "two.example").await, 1000);
        // Nothing is charged yet, so the gate is open still.
        assert_eq!(balance(&registry, "alpha").await.amount, 0);
        alpha.does(create("three.example")).await;
        assert_eq!(balance(&registry, "alpha").await.amount, -400);
        assert_eq!(alpha.refused(create("four.example")).await, Reason::FundsShort);
        // Summer time has begun: midnight there is two hours before.
        at(&registry, "2031-03-31T21:59:50Z").await;
        assert_eq!(entries(&registry, "alpha").await.len(), 4);
        at(&registry, "2031-03-31T22:00:00Z").await;
        let booked = entries(&registry, "alpha").await;
        let charged: Vec<_> = booked[4..].iter().map(|e| (e.object.as_str(), e.amount, e.balance)).collect();
        assert_eq!(charged, [("one.example", -400, -800), ("two.example", -400, -1_200)]);
        assert_eq!((booked[4].source.as_str(), booked[4].user.as_str()), ("epp", "alpha"));
        at(&registry, "2031-04-01T12:00:00Z").await;
        assert_eq!(entries(&registry, "alpha").await.len(), 6);
        agree(&db).await;
    }

    /// Two servers come back after months: what was due is booked once and in the order it was due.
    async fn what_was_missed_is_booked_in_order_and_once(db: Db, place: &Place) {
        let one = Registry::with_accounts(&db, "", &rules()).await;
        let elsewhere = place.open().await;
        let two = Registry::process(&elsewhere, 2, one.gate.clock().clone(), &rules());
        deposit(&one, "alpha", 100_000).await;
        let mut alpha = one.client("alpha");
        at(&one, "2031-05-10T12:00:00Z").await;
        const DOMAINS: usize = 130;
        for n in 0..DOMAINS {
            alpha.does(create(&format!("m-{n}.example"))).await;
        }
        // The clock goes on with nobody there to book.
        for n in 0..DOMAINS {
            if n == DOMAINS / 2 {
                one.pass_days(31);
            }
            assert_eq!(renew(&one, &mut alpha, &format!("m-{n}.example")).await, 1000);
        }
        one.pass_days(70);
        let mut running = JoinSet::new();
        for registry in [one.clone(), two.clone()] {
            running.spawn(async move { job::pass(&registry.gate).await });
        }
        let mut total = 0;
        while let Some(done) = running.join_next().await {
            total += done.unwrap().unwrap();
        }
        total += job::pass(&one.gate).await.unwrap();
        assert!(total >= DOMAINS, "a pass says how many charges it booked, not of how many accounts: {total}");
        let booked: Vec<_> = entries(&one, "alpha").await.into_iter().skip(1 + DOMAINS).map(|e| e.object).collect();
        let expected: Vec<_> = (0..DOMAINS).map(|n| format!("m-{n}.example")).collect();
        assert_eq!(booked, expected);
        agree(&db).await;
        elsewhere.close().await;
    }
}
