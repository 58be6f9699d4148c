//! Stopping: idle sessions are told goodbye at once, a command in flight is finished, and it takes bounded time.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domesday::store::Db;
use tokio::net::TcpStream;

use super::house::House;
use crate::client::{command, trid};

/// Keeps the writer busy until the sender is dropped.
async fn hold_writer(db: &Db) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (started, mut running) = tokio::sync::mpsc::unbounded_channel();
    let held = Arc::new(Mutex::new(held));
    let db = db.clone();
    tokio::spawn(async move {
        db.write(move |_| {
            let _told = started.send(());
            let _released = held.lock().unwrap().recv();
            Box::pin(async { Ok(()) })
        })
        .await
    });
    running.recv().await.unwrap();
    release
}

fn create(name: &str) -> String {
    let body = format!("<name>{name}</name><authInfo><pw>Domain-Pw-1</pw></authInfo>");
    command("domain:create", &body, Some(&trid()))
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_sessions_are_told_goodbye() {
    let house = House::open("").await;
    let (mut session, mut greeted) = (house.enter().await, house.connect().await);
    let address = house.address();
    let begun = Instant::now();
    house.close().await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(session.receive().await.unwrap().is_none());
    assert!(greeted.receive().await.unwrap().is_none());
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_flight_is_finished() {
    finished("", 1500).await;
}

/// Where the profile wants codes as they are.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_flight_may_keep_its_code() {
    finished("[server.session]\nshutdown_code_shift = false", 1000).await;
}

async fn finished(knobs: &str, code: u16) {
    let house = House::open(knobs).await;
    let mut client = house.enter().await;
    let db = house.server.gate().db().clone();
    let release = hold_writer(&db).await;
    client.send(create("flight.example").as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;

    let House { server, door, certs, .. } = house;
    let stopping = tokio::spawn(server.shutdown());
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(release);
    let reply = client.receive().await.unwrap().unwrap();
    assert_eq!(reply.code(), code, "{}", reply.xml);
    assert!(client.receive().await.unwrap().is_none());
    stopping.await.unwrap();
    let name = "flight.example".to_owned();
    let found = db
        .read(|tx| {
            Box::pin(async move {
                tx.one::<i64>("SELECT id FROM domain WHERE name = ?1", domesday::args![name]).await
            })
        })
        .await;
    assert!(found.unwrap().is_some());
    drop((door, certs));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_does_not_end_is_cut() {
    let house = House::open("[server.session]\nshutdown_grace_s = 1").await;
    let mut client = house.enter().await;
    let release = hold_writer(house.server.gate().db()).await;
    client.send(create("flight.example").as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    house.server.shutdown().await;
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert!(!matches!(client.receive().await, Ok(Some(_))), "no answer before its commit");
    drop(release);
}
