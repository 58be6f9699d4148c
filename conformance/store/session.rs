//! The cap of sessions holds over all processes.

use domesday::clock::Ts;
use domesday::store::Db;
use domesday::store::session::SessionRow;
use tokio::task::JoinSet;

use super::id;
use crate::pg::on_both;

on_both! {
    async fn of_many_logins_at_once_only_as_many_as_may(db: Db, place: &Place) {
        let (first, second) = (db.register("a", Ts(50)).await.unwrap(), db.register("b", Ts(50)).await.unwrap());
        let other = place.open().await;
        let mut logins = JoinSet::new();
        for n in 0..12_i64 {
            let (db, process) = if n % 2 == 0 { (&db, first.process()) } else { (&other, second.process()) };
            let (db, row) = (db.clone(), row(n, process));
            logins.spawn(async move { insert(&db, row, Some(5), Ts(0)).await });
        }
        assert_eq!(logins.join_all().await.into_iter().filter(|in_time| *in_time).count(), 5);
        // Sessions of servers that were not seen since do not count.
        assert!(insert(&db, row(100, first.process()), Some(5), Ts(60)).await);
        assert!(!insert(&db, row(101, first.process()), Some(0), Ts(60)).await);
        let left = db.read(|tx| Box::pin(tx.sessions(Ts(0), 100))).await.unwrap();
        assert_eq!(left.len(), 6);
        let gone = left[0].id;
        db.write(move |tx| Box::pin(tx.session_delete(gone))).await.unwrap();
        assert_eq!(db.read(|tx| Box::pin(tx.sessions(Ts(0), 100))).await.unwrap().len(), 5);
    }
}

fn row(number: i64, process: i64) -> SessionRow {
    SessionRow {
        id: number,
        process,
        registrar: id("reg"),
        user: id("user"),
        address: "2001:db8::1".to_owned(),
        tls: "TLSv1_3".to_owned(),
        login_at: Ts(number),
    }
}

async fn insert(db: &Db, row: SessionRow, cap: Option<u32>, live_since: Ts) -> bool {
    db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move { tx.session_insert(&row, cap, live_since).await })
    })
    .await
    .unwrap()
}
