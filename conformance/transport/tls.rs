//! T09 to T13, T18: which TLS, and whose certificate.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, HandshakeKind, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::house::{House, alpha, alpha_tls, bravo};
use crate::client::{self, Client};

fn only(version: &'static SupportedProtocolVersion, ca: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca).unwrap()).unwrap();
    let account = alpha();
    let chain = vec![CertificateDer::from_pem_file(&account.cert).unwrap()];
    let key = PrivateKeyDer::from_pem_file(&account.key).unwrap();
    let config = ClientConfig::builder_with_protocol_versions(&[version]).with_root_certificates(roots);
    Arc::new(config.with_client_auth_cert(chain, key).unwrap())
}

/// T09
#[tokio::test]
async fn both_modern_versions_work() {
    let house = House::open("").await;
    for version in [&TLS12, &TLS13] {
        let mut client = Client::connect_with(&house.door, only(version, &house.door.ca)).await.unwrap();
        assert_eq!(client.login(&alpha()).await.unwrap().code(), 1000);
    }
    house.close().await;
}

/// T09
#[tokio::test]
async fn a_profile_can_ask_for_the_newest_version() {
    let house = House::open("[server.tls]\nmin_version = \"1.3\"").await;
    assert!(Client::connect_with(&house.door, only(&TLS12, &house.door.ca)).await.is_err());
    assert!(Client::connect_with(&house.door, only(&TLS13, &house.door.ca)).await.is_ok());
    house.close().await;
}

/// T09: TLS 1.0 and 1.1 are refused by an alert.
#[tokio::test]
async fn old_versions_are_refused() {
    let house = House::open("").await;
    const GOOD_SUITE: u16 = 0xC02F;
    for version in [0x0300, 0x0301, 0x0302] {
        assert_alert(&house, &client_hello(version, &[GOOD_SUITE])).await;
    }
    // The same hello with TLS 1.2 gets a handshake, so it is the version that was refused.
    let answer = answer(&house, &client_hello(0x0303, &[GOOD_SUITE, 0xC02B])).await;
    assert_eq!(answer.first(), Some(&22), "{answer:?}");
    house.close().await;
}

/// T10: no RSA key exchange, no CBC, no RC4, NULL, export or anonymous suite.
#[tokio::test]
async fn weak_suites_are_refused() {
    let house = House::open("").await;
    const WEAK: &[u16] = &[
        0x0001, 0x0002, 0x003B, 0x0004, 0x0005, 0x0003, 0x0018, 0x0034, 0x000A, 0x002F, 0x003C, 0x009C,
        0x009E, 0xC009, 0xC013, 0xC023, 0xC027, 0xC018,
    ];
    for suite in WEAK {
        assert_alert(&house, &client_hello(0x0303, &[*suite])).await;
    }
    assert_alert(&house, &client_hello(0x0303, WEAK)).await;
    house.close().await;
}

/// T11
#[tokio::test]
async fn without_a_certificate_there_is_no_service() {
    let house = House::open("").await;
    let config = client::tls(&house.door.ca, None).unwrap();
    assert!(Client::connect_with(&house.door, config.clone()).await.is_err());
    house.close().await;

    let house = House::open("[server.tls]\nclient_cert = \"optional\"").await;
    let config = client::tls(&house.door.ca, None).unwrap();
    let mut client = Client::connect_with(&house.door, config).await.unwrap();
    assert_eq!(
        client.login(&alpha()).await.unwrap().code(),
        2200,
        "a pinned user needs the pinned certificate"
    );
    house.close().await;
}

/// T12
#[tokio::test]
async fn certificates_that_are_not_ours_or_not_good_are_refused() {
    let house = House::open("").await;
    let other = house.file("other");
    let foreign = domesday::certs::dev(&other, &["alpha"]).unwrap();
    let stranger = (foreign.clients[0].cert.clone(), foreign.clients[0].key.clone());
    let not_for_clients = (house.certs.server_cert.clone(), house.certs.server_key.clone());
    for (what, (cert, key)) in [
        ("unknown authority", stranger),
        ("not for client use", not_for_clients),
        ("expired", made(&house, "expired", 2020, 2021)),
        ("not valid yet", made(&house, "future", 2090, 2091)),
    ] {
        let config = client::tls(&house.door.ca, Some((&cert, &key))).unwrap();
        assert!(Client::connect_with(&house.door, config).await.is_err(), "{what}");
    }
    // The same maker with good dates is let in, so it is the dates that were refused.
    let (cert, key) = made(&house, "good", 2020, 2090);
    let config = client::tls(&house.door.ca, Some((&cert, &key))).unwrap();
    assert!(Client::connect_with(&house.door, config).await.is_ok());
    house.close().await;
}

/// T13
#[tokio::test]
async fn another_registrars_certificate_does_not_log_in() {
    let house = House::open("").await;
    let mut client = Client::connect(&house.door, &bravo()).await.unwrap();
    assert_eq!(client.login(&alpha()).await.unwrap().code(), 2200);
    assert_eq!(client.login(&bravo()).await.unwrap().code(), 1000);
    house.close().await;
}

/// T18: nothing is resumed, so there is nothing to send early data with.
#[tokio::test]
async fn sessions_are_not_resumed_and_early_data_is_not_offered() {
    let house = House::open("").await;
    let mut config = (*alpha_tls(&house.door.ca)).clone();
    config.enable_early_data = true;
    let config = Arc::new(config);
    for _ in 0..2 {
        let tcp = TcpStream::connect(house.address()).await.unwrap();
        let name = "localhost".try_into().unwrap();
        let mut stream = TlsConnector::from(Arc::clone(&config)).connect(name, tcp).await.unwrap();
        // Tickets would come before the greeting.
        let mut greeting = [0; 64];
        stream.read_exact(&mut greeting).await.unwrap();
        let (_, tls) = stream.get_ref();
        assert_eq!(tls.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(tls.tls13_tickets_received(), 0);
        assert!(!tls.is_early_data_accepted());
    }
    house.close().await;
}

/// A certificate of the house's authority, valid from one new year to another.
fn made(house: &House, name: &str, from: i32, until: i32) -> (PathBuf, PathBuf) {
    let ca_key = fs::read_to_string(house.certs.dir.join("ca.key")).unwrap();
    let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.distinguished_name = DistinguishedName::new();
    authority.distinguished_name.push(DnType::CommonName, "Domesday development CA");
    let issuer = Issuer::new(authority, KeyPair::from_pem(&ca_key).unwrap());

    let pair = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let (cert, key) = (house.file(&format!("{name}.pem")), house.file(&format!("{name}.key")));
    fs::write(&cert, params.signed_by(&pair, &issuer).unwrap().pem()).unwrap();
    fs::write(&key, pair.serialize_pem()).unwrap();
    (cert, key)
}

/// A ClientHello (RFC 5246 section 7.4.1.2) of at most that version, with those suites and what an elliptic-curve
/// handshake needs beside them.
fn client_hello(version: u16, suites: &[u16]) -> Vec<u8> {
    fn sized<const N: usize>(content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u32).to_be_bytes();
        [&length[4 - N..], content].concat()
    }
    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }
    let extension = |number: u16, content: &[u8]| [&words(&[number])[..], &sized::<2>(content)].concat();
    let name = [&[0][..], &sized::<2>(b"localhost")].concat();
    let extensions = [
        extension(0, &sized::<2>(&name)),
        extension(10, &sized::<2>(&words(&[0x0017, 0x001D]))),
        extension(11, &[1, 0]),
        extension(13, &sized::<2>(&words(&[0x0403, 0x0804, 0x0401, 0x0201]))),
        extension(23, &[]),
    ]
    .concat();
    let body = [
        &words(&[version])[..],
        &[7; 32],
        &[0],
        &sized::<2>(&words(suites)),
        &[1, 0],
        &sized::<2>(&extensions),
    ]
    .concat();
    let handshake = [&[1][..], &sized::<3>(&body)].concat();
    [&[22, 3, 1][..], &sized::<2>(&handshake)].concat()
}

/// Everything the server says to those octets until it waits or closes.
async fn answer(house: &House, octets: &[u8]) -> Vec<u8> {
    let mut tcp = TcpStream::connect(house.address()).await.unwrap();
    tcp.write_all(octets).await.unwrap();
    let mut answer = vec![0; 7];
    let read = tcp.read_exact(&mut answer);
    tokio::time::timeout(std::time::Duration::from_secs(30), read).await.unwrap().unwrap();
    answer
}

/// A fatal alert, and no ServerHello before it.
async fn assert_alert(house: &House, hello: &[u8]) {
    let answer = answer(house, hello).await;
    assert_eq!((answer[0], answer[5]), (21, 2), "{answer:?} to {:04X?}", hello);
}
