//! S28 to S31: address lists at the door and at login, effective at once.

use domesday::epp::types::RegistrarId;
use domesday::store::access::AllowEntry;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::house::{House, alpha, bravo};
use crate::client::Client;

const STRICT: &str = "[account.epp_acl]\nempty_means = \"deny\"\ncheck_at = [\"accept\", \"login\"]";

async fn list(house: &House, registrar: &str, prefix: &str) {
    let entry = AllowEntry {
        registrar: RegistrarId::parse(registrar).unwrap(),
        prefix: prefix.parse().unwrap(),
        note: String::new(),
        expires_at: None,
        created_at: house.server.gate().clock().now(),
    };
    let db = house.server.gate().db();
    let inserted = db
        .write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move { tx.allow_insert(&entry).await })
        })
        .await;
    assert!(inserted.unwrap());
}

#[tokio::test]
async fn an_address_nobody_lists_is_turned_away_before_tls() {
    let house = House::open(STRICT).await;
    list(&house, "alpha", "192.0.2.0/24").await;
    let mut tcp = TcpStream::connect(house.address()).await.unwrap();
    assert_eq!(tcp.read(&mut [0; 16]).await.unwrap(), 0, "not an octet of TLS");

    list(&house, "alpha", "127.0.0.0/8").await;
    Client::enter(&house.door, &alpha()).await.unwrap();
    let mut other = Client::connect(&house.door, &bravo()).await.unwrap();
    assert_eq!(other.login(&bravo()).await.unwrap().code(), 2200, "another's address");
    house.close().await;
}

/// A client that comes by IPv4 to a socket of both families is known by its IPv4 address.
#[tokio::test]
async fn a_mapped_address_is_an_ipv4_address() {
    let house = House::open_with(STRICT, |settings| settings.listen = "[::]:0".parse().unwrap()).await;
    list(&house, "alpha", "127.0.0.1/32").await;
    let mut door = house.door.clone();
    door.address = format!("127.0.0.1:{}", house.address().port());
    Client::enter(&door, &alpha()).await.unwrap();
    house.close().await;
}
