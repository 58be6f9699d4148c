//! The operator's listener.

use domesday::net::tls::TlsFiles;
use domesday::serve::{ServeError, ServeSettings, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::house::{House, leave};

async fn open(sandbox: bool) -> House {
    House::open_with("", |settings| {
        settings.operator = Some("127.0.0.1:0".parse().unwrap());
        settings.sandbox = sandbox;
    })
    .await
}

/// Status and body.
async fn ask(house: &House, request: &str, headers: &str) -> (u16, String) {
    let address = house.server.operator_addr().unwrap();
    let mut tcp = TcpStream::connect(address).await.unwrap();
    let host = if headers.contains("Host:") { String::new() } else { format!("Host: {address}\r\n") };
    let text = format!("{request} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: 0\r\n\r\n");
    tcp.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tcp.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

const MARK: &str = "X-Domesday: 1\r\n";

#[tokio::test]
async fn health_and_numbers() {
    let house = open(false).await;
    assert_eq!(ask(&house, "GET /healthz", "").await.0, 200);
    assert_eq!(ask(&house, "GET /readyz", "").await.0, 200);
    let mut client = house.enter().await;
    client.run("domain:check", "<name>first.example</name>").await.unwrap();
    let (status, numbers) = ask(&house, "GET /metrics", "").await;
    assert_eq!(status, 200);
    for start in [
        "domesday_commands_total{command=\"domain:check\",registrar=\"alpha\",code=\"1000\"} ",
        "domesday_command_seconds_bucket{command=\"domain:check\",le=\"",
        "domesday_sessions ",
        "domesday_connections ",
    ] {
        assert!(numbers.lines().any(|line| line.starts_with(start)), "{start}\n{numbers}");
    }
    assert!(numbers.lines().all(|line| !line.contains(crate::seed::PASSWORD)));
    house.close().await;
}

#[tokio::test]
async fn a_lost_database_is_not_ready() {
    let house = open(false).await;
    house.server.gate().db().close().await;
    let (status, text) = ask(&house, "GET /readyz", "").await;
    assert_eq!(status, 503, "{text}");
    assert_eq!(ask(&house, "GET /healthz", "").await.0, 200);
    house.close().await;
}

#[tokio::test]
async fn reload_says_how_it_went() {
    let house = open(false).await;
    assert_eq!(ask(&house, "POST /reload", MARK).await.0, 200);
    std::fs::write(&house.certs.crl, "nothing").unwrap();
    let (status, text) = ask(&house, "POST /reload", MARK).await;
    assert_eq!(status, 409);
    assert!(text.contains("crl.pem"), "{text}");
    house.close().await;
}

#[tokio::test]
async fn only_a_sandbox_clock_is_moved() {
    let house = open(false).await;
    assert_eq!(ask(&house, "POST /clock?advance=60", MARK).await.0, 404);
    house.close().await;

    let house = open(true).await;
    let before = house.server.gate().clock().now();
    assert_eq!(ask(&house, "POST /clock?advance=86400", MARK).await.0, 200);
    assert!(house.server.gate().clock().now() >= before.plus_days(1));
    for query in ["", "?advance=-1", "?advance=x", "?advance=99999999999", "?by=1"] {
        assert_eq!(ask(&house, &format!("POST /clock{query}"), MARK).await.0, 400, "{query}");
    }
    leave(house.enter().await).await;
    house.close().await;
}

/// A page in a browser can neither use a name of its own for this address nor send the header.
#[tokio::test]
async fn a_browser_is_kept_out() {
    let house = open(true).await;
    assert_eq!(ask(&house, "POST /reload", "").await.0, 403);
    assert_eq!(ask(&house, "POST /clock?advance=1", "").await.0, 403);
    for host in ["evil.example", "localhost.evil.example:80", "192.0.2.1"] {
        let headers = format!("Host: {host}\r\n{MARK}");
        assert_eq!(ask(&house, "GET /metrics", &headers).await.0, 403, "{host}");
        assert_eq!(ask(&house, "POST /reload", &headers).await.0, 403, "{host}");
    }
    assert_eq!(ask(&house, "GET /healthz", "Host: localhost\r\n").await.0, 200);
    house.close().await;
}

#[tokio::test]
async fn it_is_not_opened_to_the_world() {
    let house = open(false).await;
    let settings = ServeSettings {
        gate: house.server.gate().clone(),
        listen: "127.0.0.1:0".parse().unwrap(),
        tls: TlsFiles::from(&house.certs),
        operator: Some("0.0.0.0:0".parse().unwrap()),
        sandbox: false,
    };
    assert!(matches!(Server::start(settings).await, Err(ServeError::Bind { .. })));
    house.close().await;
}
