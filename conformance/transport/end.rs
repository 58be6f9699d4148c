//! T14 to T17, S04: how sessions end, and how many there can be.

use std::time::{Duration, Instant};

use domesday::clock::Ts;

use super::house::{House, alpha, bravo, leave};
use crate::client::{Client, command, frame, login_body, trid};

fn check() -> String {
    command("domain:check", "<name>first.example</name>", Some(&trid()))
}

/// Sessions the database knows of, once there are as many as expected.
async fn sessions(house: &House, expected: usize) -> usize {
    let db = house.server.gate().db().clone();
    let begun = Instant::now();
    loop {
        let found = db.read(|tx| Box::pin(tx.sessions(Ts(0), 100))).await.unwrap().len();
        if found == expected || begun.elapsed() > Duration::from_secs(30) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// T14: the answer, close_notify, and the end, by the server; what was sent after the logout is not answered.
#[tokio::test]
async fn logout_ends_the_connection() {
    let house = House::open("").await;
    let mut client = house.enter().await;
    assert_eq!(sessions(&house, 1).await, 1);
    let logout = command("logout", "", Some("bye-1"));
    let both: Vec<u8> = [logout.as_str(), &check()]
        .iter()
        .flat_map(|document| [&(document.len() as u32 + 4).to_be_bytes(), document.as_bytes()].concat())
        .collect();
    client.send_octets(&both).await.unwrap();
    let reply = client.receive().await.unwrap().unwrap();
    assert_eq!((reply.code(), reply.text("clTRID").as_deref()), (1500, Some("bye-1")));
    assert!(client.receive().await.unwrap().is_none());
    assert_eq!(sessions(&house, 0).await, 0);
    house.close().await;
}

/// S04
#[tokio::test]
async fn the_last_failed_login_ends_the_connection() {
    let house = House::open("[server.session]\nlogin_attempts_per_connection = 3").await;
    let mut client = house.connect().await;
    let wrong = login_body(&client.greeting, &alpha().id, "Wrong-Horse-1");
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(client.run("login", &wrong).await.unwrap().code());
    }
    assert_eq!(codes, [2200, 2200, 2501]);
    assert!(client.receive().await.unwrap().is_none());
    house.close().await;
}

/// T15: greeted, told 2502, closed; the others live, and a place that is given back is there again.
#[tokio::test]
async fn the_connection_too_many_is_told_so() {
    for cap in ["max_per_address", "max_connections"] {
        let house = House::open(&format!("[server.session]\n{cap} = 2")).await;
        let mut first = house.enter().await;
        let mut second = house.enter().await;

        let mut third = house.connect().await;
        assert_eq!(third.ask(&frame("<hello/>")).await.unwrap().root.find("greeting").len(), 1);
        let body = login_body(&third.greeting, &alpha().id, &alpha().password);
        let reply = third.ask(&command("login", &body, Some("third"))).await.unwrap();
        assert_eq!((reply.code(), reply.text("clTRID").as_deref()), (2502, Some("third")), "{cap}");
        assert!(third.receive().await.unwrap().is_none());

        assert_eq!(first.ask(&check()).await.unwrap().code(), 1000);
        leave(first).await;
        let again = async {
            loop {
                match Client::enter(&house.door, &bravo()).await {
                    Ok(client) => return client,
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), again).await.unwrap();
        assert_eq!(second.ask(&check()).await.unwrap().code(), 1000);
        house.close().await;
    }
}

/// The cap of an account is told at login.
#[tokio::test]
async fn the_session_too_many_of_an_account_is_told_so() {
    let house = House::open("[server.session]\nmax_per_account = 1").await;
    let first = house.enter().await;
    let mut second = house.connect().await;
    assert_eq!(second.login(&alpha()).await.unwrap().code(), 2502);
    assert!(second.receive().await.unwrap().is_none());
    let other = Client::enter(&house.door, &bravo()).await.unwrap();
    drop((first, other));
    assert_eq!(sessions(&house, 0).await, 0);
    leave(house.enter().await).await;
    house.close().await;
}

/// T16: EPP has no answer that nobody asked for, so it is a plain close with close_notify.
#[tokio::test]
async fn a_session_out_of_time_is_closed() {
    for knob in ["login_timeout_s = 1", "max_lifetime_s = 1"] {
        let house = House::open(&format!("[server.session]\n{knob}")).await;
        let mut greeted = house.connect().await;
        assert!(greeted.receive().await.unwrap().is_none(), "{knob}");
        house.close().await;
    }
    for knob in ["idle_timeout_s = 1", "max_lifetime_s = 3"] {
        let house = House::open(&format!("[server.session]\n{knob}")).await;
        let mut idle = house.enter().await;
        assert!(idle.receive().await.unwrap().is_none(), "{knob}");
        assert_eq!(sessions(&house, 0).await, 0);
        house.close().await;
    }
}

/// A hello or a refused command is no login: the time to log in goes on running.
#[tokio::test]
async fn hellos_do_not_put_off_the_end() {
    let house = House::open("[server.session]\nlogin_timeout_s = 2").await;
    let mut client = house.connect().await;
    let begun = Instant::now();
    while client.ask(&frame("<hello/>")).await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    house.close().await;
}

/// T17: the command is done whole, and the session is gone.
#[tokio::test]
async fn a_peer_that_leaves_before_its_answer_does_no_harm() {
    let house = House::open("").await;
    for n in 0..5 {
        let mut client = house.enter().await;
        let body = format!("<name>left{n}.example</name><authInfo><pw>Domain-Pw-1</pw></authInfo>");
        client.send(command("domain:create", &body, Some(&trid())).as_bytes()).await.unwrap();
        drop(client);
    }
    assert_eq!(sessions(&house, 0).await, 0);
    let mut client = house.enter().await;
    for n in 0..5 {
        let info = client.run("domain:info", &format!("<name>left{n}.example</name>")).await.unwrap();
        let check = client.run("domain:check", &format!("<name>left{n}.example</name>")).await.unwrap();
        let available = check.attr("domain:name", "avail").unwrap();
        assert!(
            matches!((info.code(), available.as_str()), (1000, "0" | "false") | (2303, "1" | "true")),
            "{} {available}",
            info.xml
        );
    }
    house.close().await;
}
