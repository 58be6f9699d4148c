//! Many sessions of one account on two processes.

use std::collections::BTreeMap;

use domesday::epp::command::Command;
use tokio::task::JoinSet;

use super::{RULES, agree, balance, create, deposit, entries, transfer};
use crate::pg::on_both;
use crate::typed::Registry;

on_both! {
    /// As many creates succeed as the balance pays, whoever is first, and the others are told why not.
    async fn a_small_balance_pays_for_as_many_as_it_covers(db: Db, place: &Place) {
        const CREATES: usize = 240;
        const PAID: usize = 37;
        let one = Registry::with_accounts(&db, "", RULES).await;
        let elsewhere = place.open().await;
        let two = Registry::process(&elsewhere, 2, one.gate.clock().clone(), RULES);
        deposit(&one, "alpha", PAID as i64 * 400 + 399).await;
        let mut running = JoinSet::new();
        for n in 0..CREATES {
            let mut alpha = if n % 2 == 0 { one.client("alpha") } else { two.client("alpha") };
            running.spawn(async move { alpha.ask(create(&format!("race-{n}.example"))).await.code });
        }
        let mut codes = BTreeMap::new();
        while let Some(code) = running.join_next().await {
            *codes.entry(code.unwrap()).or_insert(0) += 1;
        }
        assert_eq!(codes, BTreeMap::from([(1000, PAID), (2104, CREATES - PAID)]));
        let row = balance(&one, "alpha").await;
        assert_eq!((row.amount, row.reserved, row.entries), (399, 0, PAID as i64 + 1));
        let charged = entries(&one, "alpha").await;
        let mut objects: Vec<_> = charged.iter().skip(1).map(|entry| entry.object.clone()).collect();
        objects.sort();
        objects.dedup();
        assert_eq!(objects.len(), PAID, "no name is charged twice");
        for object in objects {
            let wanted = crate::typed::name(&object);
            let there = db.read(move |tx| Box::pin(async move { tx.domain_by_name(&wanted).await })).await.unwrap();
            assert!(there.is_some(), "{object} was charged");
        }
        agree(&db).await;
        elsewhere.close().await;
    }

    /// Open requests take no more than there is, and each ends by what it asked for.
    async fn open_requests_reserve_what_they_cost(db: Db, place: &Place) {
        const ASKED: usize = 12;
        let one = Registry::with_accounts(&db, "transfer.mode = \"pending\"", RULES).await;
        let elsewhere = place.open().await;
        let two = Registry::process(&elsewhere, 2, one.gate.clock().clone(), RULES);
        deposit(&one, "alpha", 10_000).await;
        deposit(&one, "beta", 5 * 600).await;
        for n in 0..ASKED {
            one.client("alpha").does(create(&format!("asked-{n}.example"))).await;
        }
        let mut running = JoinSet::new();
        for n in 0..ASKED {
            let mut beta = if n % 2 == 0 { one.client("beta") } else { two.client("beta") };
            let command = Command::DomainTransferRequest(transfer(&format!("asked-{n}.example")));
            running.spawn(async move { (n, beta.ask(command).await.code) });
        }
        let (mut open, mut short) = (Vec::new(), 0);
        while let Some(done) = running.join_next().await {
            match done.unwrap() {
                (n, 1001) => open.push(n),
                (_, 2104) => short += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((open.len(), short), (5, ASKED - 5));
        let row = balance(&one, "beta").await;
        assert_eq!((row.amount, row.reserved), (3_000, 3_000));
        agree(&db).await;
        let mut alpha = two.client("alpha");
        for (index, n) in open.iter().enumerate() {
            let mut answer = transfer(&format!("asked-{n}.example"));
            answer.auth = None;
            let command = match index {
                0 => Command::DomainTransferReject(answer),
                _ => Command::DomainTransferApprove(answer),
            };
            alpha.does(command).await;
        }
        let row = balance(&one, "beta").await;
        assert_eq!((row.amount, row.reserved, row.entries), (600, 0, 5));
        agree(&db).await;
        elsewhere.close().await;
    }
}
