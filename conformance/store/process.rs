//! Process numbers and what a server leaves behind.

use std::collections::HashSet;

use domesday::clock::Ts;
use domesday::store::session::SessionRow;
use domesday::store::{Db, Process};
use tokio::task::JoinSet;

use super::id;
use crate::pg::on_both;

on_both! {
    async fn numbers_are_never_given_twice(db: Db, place: &Place) {
        let mut starting = JoinSet::new();
        for n in 0..12_i64 {
            let place = place.url.clone();
            starting.spawn(async move {
                let db = Db::open(&place).await.unwrap();
                let ids = if n % 3 == 0 {
                    db.ids().await.unwrap()
                } else {
                    db.register(&format!("node{}", n % 2), Ts(n)).await.unwrap()
                };
                db.close().await;
                ids.process()
            });
        }
        let numbers: HashSet<i64> = starting.join_all().await.into_iter().collect();
        assert_eq!(numbers.len(), 12);
        // A program that starts later, after all of them ended, still gets another.
        assert!(!numbers.contains(&db.register("later", Ts(9)).await.unwrap().process()));
    }

    async fn a_server_that_starts_again_clears_what_it_left(db: Db) {
        let (first, other) = (process(&db, "a").await, process(&db, "b").await);
        session(&db, 1, first).await;
        session(&db, 2, other).await;
        let second = process(&db, "a").await;
        assert!(second > first);
        assert_eq!(sessions(&db).await, [2]);
        let running: Vec<i64> = processes(&db).await.into_iter().map(|process| process.id).collect();
        assert_eq!(running, [other, second]);
        assert!(!db.process_seen(first, Ts(5)).await.unwrap());
    }

    async fn a_server_that_ends_takes_its_sessions_along(db: Db) {
        let (first, other) = (process(&db, "a").await, process(&db, "b").await);
        session(&db, 1, first).await;
        session(&db, 2, other).await;
        db.process_gone(first).await.unwrap();
        assert_eq!(sessions(&db).await, [2]);
        assert_eq!(processes(&db).await.len(), 1);
    }

    async fn a_server_that_is_not_seen_is_swept(db: Db) {
        let (first, other) = (process(&db, "a").await, process(&db, "b").await);
        session(&db, 1, first).await;
        session(&db, 2, other).await;
        assert!(db.process_seen(other, Ts(0).plus_seconds(100)).await.unwrap());
        assert_eq!(db.processes_sweep(Ts(0).plus_seconds(50)).await.unwrap(), 0);
        assert_eq!(db.processes_sweep(Ts(0).plus_seconds(120)).await.unwrap(), 1);
        assert_eq!(sessions(&db).await, [2]);
    }
}

async fn process(db: &Db, node: &str) -> i64 {
    db.register(node, Ts(0)).await.unwrap().process()
}

async fn processes(db: &Db) -> Vec<Process> {
    db.read(|tx| Box::pin(tx.processes())).await.unwrap()
}

async fn session(db: &Db, session: i64, process: i64) {
    let row = SessionRow {
        id: session,
        process,
        registrar: id("reg"),
        user: id("user"),
        address: "192.0.2.1".to_owned(),
        tls: "TLSv1_3".to_owned(),
        login_at: Ts(session),
    };
    let new = db
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { tx.session_insert(&row, None, Ts(0)).await })
        })
        .await
        .unwrap();
    assert!(new);
}

async fn sessions(db: &Db) -> Vec<i64> {
    let rows = db.read(|tx| Box::pin(tx.sessions(Ts(0), 100))).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}
