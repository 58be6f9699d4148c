//! A database server that goes away and comes back.

use domesday::clock::Ts;
use domesday::store::{Db, StoreError};

use crate::pg::{Cluster, Fsync};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_crash_of_the_server_and_later_commands_find_it_again() {
    let cluster = Cluster::start(Fsync::On);
    let db = Db::open(&cluster.url("postgres")).await.unwrap();
    db.migrate().await.unwrap();
    let mut last = 0;
    for _ in 0..20 {
        last = db.register("a", Ts(1)).await.unwrap().process();
    }
    cluster.crash();
    cluster.restart();
    // Both find their connections broken; nothing of theirs was sent.
    let next = db.register("a", Ts(2)).await.unwrap().process();
    assert_eq!(next, last + 1);
    db.ping().await.unwrap();
    cluster.crash();
    // A server that stays away is told after a bounded time, as its fault.
    assert!(matches!(db.ping().await, Err(StoreError::Database(_))));
}
