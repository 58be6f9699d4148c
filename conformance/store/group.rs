//! Many writes at once: each is answered after it is durable, and one that fails takes no other with it.

use std::sync::{Arc, Mutex};

use domesday::store::StoreError;
use tokio::task::JoinSet;

use super::{add, add_in, names};
use crate::pg::{Place, on_both};

on_both! {
    async fn a_work_that_fails_is_undone_alone(db: Db) {
        let mut works = JoinSet::new();
        for n in 0..120_u32 {
            let db = db.clone();
            works.spawn(async move {
                let done = db
                    .write(move |tx| {
                        Box::pin(async move {
                            add_in(tx, &format!("r{n:03}")).await?;
                            match n % 4 {
                                0 => Err(StoreError::Shape("on purpose")),
                                1 if n % 8 == 1 => panic!("on purpose"),
                                _ => Ok(()),
                            }
                        })
                    })
                    .await;
                (n, done.is_ok())
            });
        }
        let mut done: Vec<u32> =
            works.join_all().await.into_iter().filter_map(|(n, ok)| ok.then_some(n)).collect();
        done.sort_unstable();
        let expected: Vec<u32> = (0..120).filter(|n| n % 4 != 0 && n % 8 != 1).collect();
        assert_eq!(done, expected);
        let stored: Vec<String> = expected.iter().map(|n| format!("r{n:03}")).collect();
        assert_eq!(names(&db).await, stored);
    }

    async fn an_answer_comes_after_the_commit(db: Db, place: &Place) {
        let mut works = JoinSet::new();
        for n in 0..40_u32 {
            let (db, other) = (db.clone(), place.open().await);
            works.spawn(async move {
                let name = format!("r{n:03}");
                assert!(add(&db, &name).await.unwrap());
                // Another handle, with connections of its own, sees it at once.
                assert!(names(&other).await.contains(&name));
                other.close().await;
            });
        }
        works.join_all().await;
    }

    async fn a_work_whose_caller_left_harms_nobody(db: Db) {
        for n in 0..20_u32 {
            let name = format!("left{n:03}");
            let write = add(&db, &name);
            let _ = tokio::time::timeout(std::time::Duration::from_micros(u64::from(n) * 40), write).await;
        }
        add(&db, "stays").await.unwrap();
        assert!(names(&db).await.contains(&"stays".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_works_that_queue_during_a_commit_share_the_next() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    let path = place.url.trim_start_matches("sqlite:").to_owned();
    let (running, is_running) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel();
    let gates = Arc::new((Mutex::new(running), Mutex::new(released)));
    let holding = db.clone();
    let first = tokio::spawn(async move {
        holding
            .write(move |tx| {
                let gates = Arc::clone(&gates);
                Box::pin(async move {
                    gates.0.lock().unwrap().send(()).unwrap();
                    gates.1.lock().unwrap().recv().unwrap();
                    add_in(tx, "first").await
                })
            })
            .await
    });
    is_running.recv().unwrap();
    // While the first work holds the writer, ten others queue: being polled once is what queues them.
    let mut works: Vec<_> = (0..10_u32)
        .map(|n| {
            let path = path.clone();
            Box::pin(db.write(move |tx| {
                let path = path.clone();
                Box::pin(async move {
                    add_in(tx, &format!("r{n:03}")).await?;
                    Ok(committed(&path))
                })
            }))
        })
        .collect();
    for work in &mut works {
        tokio::select! {
            biased;
            _ = work => panic!("it was answered before it ran"),
            () = std::future::ready(()) => {}
        }
    }
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    for work in works {
        assert_eq!(work.await.unwrap(), 1, "only the first work was committed while the others ran");
    }
    assert_eq!(names(&db).await.len(), 11);
}

fn committed(path: &str) -> usize {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.query_row("SELECT COUNT(*) FROM registrar", [], |row| row.get::<_, i64>(0)).unwrap() as usize
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_refused_is_answered_to_every_work_and_the_writer_goes_on() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    // A reference that is checked at commit: the savepoint takes the row, the commit of the group refuses it.
    let conn = rusqlite::Connection::open(place.url.trim_start_matches("sqlite:")).unwrap();
    conn.execute_batch(
        "CREATE TABLE late (id TEXT NOT NULL REFERENCES registrar (id) DEFERRABLE INITIALLY DEFERRED) STRICT",
    )
    .unwrap();
    drop(conn);
    let mut works = JoinSet::new();
    for _ in 0..5 {
        let db = db.clone();
        works.spawn(async move {
            db.write(|tx| Box::pin(tx.exec("INSERT INTO late (id) VALUES ('nobody')", &[]))).await
        });
    }
    for done in works.join_all().await {
        assert!(matches!(done, Err(StoreError::Database(_))), "{done:?}");
    }
    add(&db, "stays").await.unwrap();
    assert_eq!(names(&db).await, ["stays"]);
}
