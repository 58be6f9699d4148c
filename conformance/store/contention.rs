//! Works that collide are run again until each is as if it had been alone.

use domesday::args;
use domesday::store::{Db, StoreError};
use tokio::task::JoinSet;

use super::{add, names};
use crate::pg::on_both;

/// Reads a number and writes it back one higher, which loses counts wherever two may do it at once.
async fn count_up(db: &Db) -> Result<(), StoreError> {
    db.write(|tx| {
        Box::pin(async {
            let n =
                tx.one::<i64>("SELECT value FROM counter WHERE name = 'process'", &[]).await?.unwrap_or(0);
            tx.exec("UPDATE counter SET value = ?1 WHERE name = 'process'", args![n + 1]).await.map(drop)
        })
    })
    .await
}

on_both! {
    async fn no_count_is_lost_between_two_handles(db: Db, place: &Place) {
        let other = place.open().await;
        let mut works = JoinSet::new();
        for n in 0..8 {
            let db = if n % 2 == 0 { db.clone() } else { other.clone() };
            works.spawn(async move {
                for _ in 0..10 {
                    count_up(&db).await.unwrap();
                }
            });
        }
        works.join_all().await;
        let counted = db
            .read(|tx| Box::pin(tx.one::<i64>("SELECT value FROM counter WHERE name = 'process'", &[])))
            .await
            .unwrap();
        assert_eq!(counted, Some(80));
    }

    async fn of_many_that_want_one_name_one_gets_it(db: Db, place: &Place) {
        let other = place.open().await;
        let mut works = JoinSet::new();
        for n in 0..16 {
            let db = if n % 2 == 0 { db.clone() } else { other.clone() };
            works.spawn(async move { add(&db, "wanted").await.unwrap() });
        }
        let won = works.join_all().await.into_iter().filter(|new| *new).count();
        assert_eq!(won, 1);
        assert_eq!(names(&db).await, ["wanted"]);
    }

    async fn a_rule_over_two_rows_holds(db: Db) {
        // Each work may take one of the two rows only while the other is there: write skew, which snapshots allow
        // and serialisable transactions do not.
        add(&db, "one").await.unwrap();
        add(&db, "two").await.unwrap();
        let mut works = JoinSet::new();
        for name in ["one", "two"] {
            let db = db.clone();
            works.spawn(async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        let there = tx.one::<i64>("SELECT COUNT(*) FROM registrar", &[]).await?.unwrap_or(0);
                        if there < 2 {
                            return Ok(0);
                        }
                        tx.exec("DELETE FROM registrar WHERE id = ?1", args![name]).await
                    })
                })
                .await
                .unwrap()
            });
        }
        assert_eq!(works.join_all().await.into_iter().sum::<u64>(), 1);
        assert_eq!(names(&db).await.len(), 1);
    }
}
