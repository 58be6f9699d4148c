//! New certificates and new lists of revoked ones, without a restart.

use std::fs;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::house::{House, alpha, alpha_tls, bravo};
use crate::client::{Client, command, trid};

/// The certificate the server shows.
async fn shown(house: &House) -> Vec<u8> {
    let tcp = TcpStream::connect(house.address()).await.unwrap();
    let tls = TlsConnector::from(alpha_tls(&house.door.ca));
    let stream = tls.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
    let (_, tls) = stream.get_ref();
    tls.peer_certificates().unwrap()[0].to_vec()
}

#[tokio::test]
async fn a_new_server_certificate_is_shown_to_the_next_connection() {
    let house = House::open("").await;
    let mut session = house.enter().await;
    let before = shown(&house).await;
    house.server.reload().await.unwrap();
    assert_eq!(shown(&house).await, before);

    fs::remove_file(&house.certs.server_cert).unwrap();
    domesday::certs::dev(&house.certs.dir, &[]).unwrap();
    house.server.reload().await.unwrap();
    let after = shown(&house).await;
    assert_ne!(after, before);
    let check = command("domain:check", "<name>first.example</name>", Some(&trid()));
    assert_eq!(session.ask(&check).await.unwrap().code(), 1000, "open sessions stay");

    fs::copy(house.certs.dir.join("ca.key"), &house.certs.server_key).unwrap();
    let fault = house.server.reload().await.unwrap_err();
    assert!(fault.contains("server.key"), "{fault}");
    assert_eq!(shown(&house).await, after, "what was in use stays in use");
    house.close().await;
}

#[tokio::test]
async fn a_revoked_certificate_gets_no_further_connection() {
    let house = House::open("").await;
    Client::connect(&house.door, &alpha()).await.unwrap();
    domesday::certs::revoke(&house.certs.dir, &alpha().id).unwrap();
    Client::connect(&house.door, &alpha()).await.unwrap();
    house.server.reload().await.unwrap();
    assert!(Client::connect(&house.door, &alpha()).await.is_err());
    Client::enter(&house.door, &bravo()).await.unwrap();
    house.close().await;
}
