//! T08, V08: peers that are slow or silent, at every point, are given up in time and hold nobody up.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;

use super::house::{House, alpha_tls};
use crate::client::{Client, command, frame, trid};

const LIMITS: &str = "[server.session]\nhandshake_timeout_s = 2\nframe_timeout_s = 2\nlogin_timeout_s = 20\n\
                      max_connections = 60";
/// Slow peers of each kind.
const MANY: usize = 10;

/// Waits until the server has closed a connection.
async fn closed(mut tcp: TcpStream) {
    let mut sink = [0; 1024];
    let read = async { while matches!(tcp.read(&mut sink).await, Ok(1..)) {} };
    tokio::time::timeout(Duration::from_secs(60), read).await.unwrap();
}

async fn asks(client: &mut Client) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        let check = command("domain:check", "<name>first.example</name>", Some(&trid()));
        assert_eq!(client.ask(&check).await.unwrap().code(), 1000);
    }
}

#[tokio::test]
async fn silence_in_the_handshake() {
    let house = House::open(LIMITS).await;
    let mut client = house.enter().await;
    let mut peers = Vec::new();
    for octets in [&[][..], &[22], &[22, 3, 1, 2, 0, 1, 0]] {
        for _ in 0..MANY {
            let mut tcp = TcpStream::connect(house.address()).await.unwrap();
            tcp.write_all(octets).await.unwrap();
            peers.push(tcp);
        }
    }
    asks(&mut client).await;
    for peer in peers {
        closed(peer).await;
    }
    asks(&mut client).await;
    house.close().await;
}

#[tokio::test]
async fn silence_in_a_frame() {
    let house = House::open(LIMITS).await;
    let mut client = house.enter().await;
    let mut peers = Vec::new();
    for octets in [&[0][..], &[0, 0, 1, 0], &[0, 0, 1, 0, b'<']] {
        for _ in 0..MANY {
            let mut peer = house.connect().await;
            peer.send_octets(octets).await.unwrap();
            peers.push(peer);
        }
    }
    asks(&mut client).await;
    for mut peer in peers {
        assert!(peer.receive().await.unwrap().is_none());
    }
    asks(&mut client).await;
    house.close().await;
}

/// An octet now and then does not put off the end: the deadline is for the whole frame.
#[tokio::test]
async fn dripping_octets() {
    let house = House::open(LIMITS).await;
    let mut peer = house.connect().await;
    let document = frame(&" ".repeat(2000));
    let mut octets = (document.len() as u32 + 4).to_be_bytes().to_vec();
    octets.extend_from_slice(document.as_bytes());
    let begun = Instant::now();
    let dripped = async {
        for octet in octets.chunks(1) {
            peer.send_octets(octet).await?;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok::<(), io::Error>(())
    };
    assert!(dripped.await.is_err(), "the whole frame was taken");
    assert!(begun.elapsed() < Duration::from_secs(60));
    house.close().await;
}

/// A peer that asks and asks and never reads fills what lies between, and is given up.
#[tokio::test]
async fn answers_that_nobody_takes() {
    let house = House::open(LIMITS).await;
    let mut client = house.enter().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let tcp = socket.connect(house.address()).await.unwrap();
    let tls = TlsConnector::from(alpha_tls(&house.door.ca));
    let mut peer = tls.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
    let document = frame("<hello/>");
    let mut hello = (document.len() as u32 + 4).to_be_bytes().to_vec();
    hello.extend_from_slice(document.as_bytes());
    let hellos = hello.repeat(100);
    let flood = async {
        loop {
            peer.write_all(&hellos).await?;
            peer.flush().await?;
        }
        #[expect(unreachable_code, reason = "it names the loop's error")]
        Ok::<(), io::Error>(())
    };
    let (flooded, ()) = tokio::join!(tokio::time::timeout(Duration::from_secs(60), flood), asks(&mut client));
    assert!(flooded.unwrap().is_err());
    asks(&mut client).await;
    house.close().await;
}
