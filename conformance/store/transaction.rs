//! One transaction: all of it or nothing of it.

use domesday::args;
use domesday::store::StoreError;

use super::{add, add_in, names};
use crate::pg::on_both;

on_both! {
    async fn a_work_that_fails_leaves_nothing(db: Db) {
        let done: Result<(), _> = db
            .write(|tx| {
                Box::pin(async {
                    add_in(tx, "one").await?;
                    add_in(tx, "two").await?;
                    Err(StoreError::Shape("changed its mind"))
                })
            })
            .await;
        assert!(matches!(done, Err(StoreError::Shape("changed its mind"))));
        assert_eq!(names(&db).await, Vec::<String>::new());
        add(&db, "three").await.unwrap();
        assert_eq!(names(&db).await, ["three"]);
    }

    async fn a_work_sees_its_own_changes(db: Db) {
        let seen = db
            .write(|tx| {
                Box::pin(async {
                    add_in(tx, "one").await?;
                    assert!(!add_in(tx, "one").await?);
                    tx.registrars().await
                })
            })
            .await
            .unwrap();
        assert_eq!(seen.len(), 1);
    }

    async fn undo_begins_again_in_the_same_work(db: Db) {
        db.write(|tx| {
            Box::pin(async {
                add_in(tx, "gone").await?;
                tx.undo().await?;
                add_in(tx, "stays").await?;
                tx.undo().await?;
                add_in(tx, "stays").await.map(drop)
            })
        })
        .await
        .unwrap();
        assert_eq!(names(&db).await, ["stays"]);
    }

    async fn undo_mends_a_statement_that_failed(db: Db) {
        db.write(|tx| {
            Box::pin(async {
                assert!(tx.exec("UPDATE registrar SET name = NULL", &[]).await.is_ok());
                add_in(tx, "gone").await?;
                let failed = tx.exec("UPDATE registrar SET name = NULL", &[]).await;
                assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
                assert!(tx.registrars().await.is_err(), "nothing works after a failure");
                tx.undo().await?;
                add_in(tx, "stays").await.map(drop)
            })
        })
        .await
        .unwrap();
        assert_eq!(names(&db).await, ["stays"]);
    }

    async fn a_failure_that_is_ignored_still_fails_the_work(db: Db) {
        let done = db
            .write(|tx| {
                Box::pin(async {
                    add_in(tx, "gone").await?;
                    let _ = tx.exec("UPDATE registrar SET name = NULL", &[]).await;
                    Ok(())
                })
            })
            .await;
        assert!(matches!(done, Err(StoreError::Database(_))), "{done:?}");
        assert_eq!(names(&db).await, Vec::<String>::new());
    }

    async fn a_panic_fails_its_work_only(db: Db) {
        for _ in 0..3 {
            let done: Result<(), _> = db
                .write(|tx| {
                    Box::pin(async {
                        add_in(tx, "gone").await?;
                        panic!("in the work")
                    })
                })
                .await;
            assert!(matches!(done, Err(StoreError::Shape("the work panicked"))), "{done:?}");
            let done: Result<(), _> = db.read(|_| panic!("before the work")).await;
            assert!(matches!(done, Err(StoreError::Shape("the work panicked"))), "{done:?}");
        }
        add(&db, "stays").await.unwrap();
        assert_eq!(names(&db).await, ["stays"]);
    }

    async fn a_read_cannot_write(db: Db) {
        let done = db.read(|tx| Box::pin(add_in(tx, "one"))).await;
        assert!(matches!(done, Err(StoreError::Database(_))), "{done:?}");
        assert_eq!(names(&db).await, Vec::<String>::new());
    }

    async fn a_read_sees_one_snapshot(db: Db, place: &Place) {
        add(&db, "one").await.unwrap();
        let other = place.open().await;
        let (before, after) = db
            .read(move |tx| {
                Box::pin(async move {
                    let before = tx.registrars().await?.len();
                    add(&other, "two").await?;
                    Ok((before, tx.registrars().await?.len()))
                })
            })
            .await
            .unwrap();
        assert_eq!((before, after), (1, 1));
        assert_eq!(names(&db).await.len(), 2);
    }

    async fn values_come_back_as_they_went(db: Db) {
        db.write(|tx| {
            Box::pin(async {
                tx.exec("INSERT INTO counter (name, value) VALUES (?1, ?2)", args!["größe 名", i64::MIN]).await?;
                add_in(tx, "one").await?;
                let sql = "INSERT INTO allow_entry (registrar, prefix, first_addr, last_addr, note, expires_at, created_at) \
                           VALUES (?1, ?2, ?3, ?3, '', ?4, 0)";
                tx.exec(sql, args!["one", "", vec![0_u8, 255, 7], None::<i64>]).await
            })
        })
        .await
        .unwrap();
        let (number, bytes, none) = db
            .read(|tx| {
                Box::pin(async {
                    let number = tx.one::<i64>("SELECT value FROM counter WHERE name = ?1", args!["größe 名"]).await?;
                    let bytes = tx.one::<Bytes>("SELECT first_addr FROM allow_entry", &[]).await?;
                    let none = tx.one::<Option<i64>>("SELECT expires_at FROM allow_entry", &[]).await?;
                    Ok((number, bytes, none))
                })
            })
            .await
            .unwrap();
        assert_eq!(number, Some(i64::MIN));
        assert_eq!(bytes.unwrap().0, [0, 255, 7]);
        assert_eq!(none, Some(None));
    }

    async fn an_error_holds_no_value(db: Db) {
        let sql = "INSERT INTO epp_user (id, registrar, password, enabled, created_at, updated_at) \
                   VALUES (?1, ?2, ?3, 1, 0, 0)";
        let done = db
            .write(move |tx| Box::pin(async move { tx.exec(sql, args!["someone", "nobody", "top-secret"]).await }))
            .await;
        let fault = format!("{:?}", done.unwrap_err());
        assert!(fault.to_lowercase().contains("foreign key"), "{fault}");
        assert!(!fault.contains("top-secret") && !fault.contains("nobody"), "{fault}");
    }

    async fn a_closed_database_refuses(db: Db) {
        add(&db, "one").await.unwrap();
        let clone = db.clone();
        db.close().await;
        assert!(matches!(add(&clone, "two").await, Err(StoreError::Database(_))));
        assert!(matches!(clone.ping().await, Err(StoreError::Database(_))));
        db.close().await;
    }
}

struct Bytes(Vec<u8>);

impl domesday::store::Record for Bytes {
    fn read(row: &mut domesday::store::Reader<'_>) -> Result<Self, StoreError> {
        row.get().map(Self)
    }
}
