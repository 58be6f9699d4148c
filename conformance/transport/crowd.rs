//! V08: many idle sessions at once.
//!
//! A thousand by default. For ten thousand, each with two descriptors in this one process:
//! `ulimit -n 30000; EPP_CROWD=10000 cargo test --release --test conformance crowd -- --nocapture`.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use super::house::{House, alpha_tls};
use crate::client::{command, frame, trid};

/// Handshakes under way at the same time.
const ABREAST: usize = 32;

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_idle_sessions_is_held() {
    let size: usize = std::env::var("EPP_CROWD").map_or(1000, |text| text.parse().unwrap());
    let house = House::open("[server.session]\nlogin_timeout_s = 0\nidle_timeout_s = 0").await;
    let mut client = house.enter().await;
    let before = resident_kib();

    let tls = TlsConnector::from(alpha_tls(&house.door.ca));
    let places = Arc::new(tokio::sync::Semaphore::new(ABREAST));
    let mut arriving = JoinSet::new();
    for _ in 0..size {
        let (tls, places, address) = (tls.clone(), Arc::clone(&places), house.address());
        arriving.spawn(async move {
            let _place = places.acquire().await.unwrap();
            let tcp = TcpStream::connect(address).await.unwrap();
            let mut stream = tls.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
            read_frame(&mut stream).await;
            stream
        });
    }
    let mut crowd = arriving.join_all().await;
    let grown = resident_kib().saturating_sub(before);
    eprintln!("{size} connections, both ends in this process: {} KiB each", grown / size as u64);

    let check = command("domain:check", "<name>first.example</name>", Some(&trid()));
    assert_eq!(client.ask(&check).await.unwrap().code(), 1000);
    let document = frame("<hello/>");
    for stream in crowd.iter_mut().step_by(100) {
        stream.write_all(&(document.len() as u32 + 4).to_be_bytes()).await.unwrap();
        stream.write_all(document.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        read_frame(stream).await;
    }
    house.close().await;
}

async fn read_frame(stream: &mut (impl tokio::io::AsyncRead + Unpin)) {
    let length = stream.read_u32().await.unwrap() as usize;
    let mut body = vec![0; length - 4];
    stream.read_exact(&mut body).await.unwrap();
}

/// Memory of this process.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
