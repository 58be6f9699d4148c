//! Frames whose octets are the matter: encodings, characters, sizes (standards X01, X02, X08, X10, X11, X14). Whatever
//! comes, it is answered, in reasonable time, and the session lives on.

use std::time::{Duration, Instant};

use crate::client::{Client, frame};
use crate::script::Setup;
use crate::subject::{Engine, Subject};

const EPP: &str = "urn:ietf:params:xml:ns:epp-1.0";

/// Sends octets as one frame and says what is answered; the next command must still work.
async fn answered(client: &mut Client, octets: &[u8]) -> u16 {
    let begun = Instant::now();
    client.send(octets).await.unwrap();
    let code = client.receive().await.unwrap().expect("an answer instead of the end").code();
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?} for an answer", begun.elapsed());
    let alive = client.run("poll op=\"req\"", "").await.unwrap();
    assert_eq!(alive.code(), 1300, "{}", alive.xml);
    code
}

async fn with_session(work: impl AsyncFn(&mut Client)) {
    let subject = Subject::here(Engine::Sqlite, &Setup::default()).await.unwrap();
    let mut client = subject.enter("a").await;
    work(&mut client).await;
    subject.stop().await;
    crate::schema::verify();
}

fn poll() -> String {
    frame("<command><poll op=\"req\"/></command>")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn encodings_a_client_may_use() {
    with_session(async |client| {
        let declared = poll();
        let plain = declared.split_once("?>").unwrap().1.trim_start().to_owned();
        assert_eq!(answered(client, declared.as_bytes()).await, 1300);
        assert_eq!(answered(client, plain.as_bytes()).await, 1300);
        assert_eq!(answered(client, format!("\u{feff}{declared}").as_bytes()).await, 1300);
        assert_eq!(answered(client, format!("{declared}\r\n\t ").as_bytes()).await, 1300);
        assert_eq!(answered(client, declared.replace('\n', "\r\n").as_bytes()).await, 1300);
        let wide = format!("\u{feff}{}", declared.replace("UTF-8", "UTF-16"));
        let little: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(answered(client, &little).await, 1300);
        assert_eq!(answered(client, &big).await, 1300);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn octets_that_are_no_text() {
    with_session(async |client| {
        let poll = poll();
        let latin = poll.replace("UTF-8", "ISO-8859-1");
        let hostile: [&[u8]; 9] = [
            b"\0\0\0\0",
            b"\xff\xfe",
            b"\xff\xfe\x3c",
            b"\xef\xbb\xbf",
            b"<epp>\xc3\x28</epp>",
            b"<epp>\xed\xa0\x80</epp>",
            b"<?xml version=\"1.1\"?><epp/>",
            b"<epp>\x00</epp>",
            "<epp>\u{fffe}</epp>".as_bytes(),
        ];
        for octets in hostile {
            assert_eq!(answered(client, octets).await, 2001, "{octets:?}");
        }
        // An encoding nobody asked for, and one that is not what the octets are.
        assert_eq!(answered(client, latin.as_bytes()).await, 2001);
        let name = frame("<command><check><check xmlns=\"urn:ietf:params:xml:ns:domain-1.0\"><name>\u{b}</name></check></check></command>");
        assert_eq!(answered(client, name.as_bytes()).await, 2001);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sizes_nobody_needs() {
    with_session(async |client| {
        let nested = format!("<epp xmlns=\"{EPP}\">{}{}</epp>", "<a>".repeat(20_000), "</a>".repeat(20_000));
        assert_eq!(answered(client, nested.as_bytes()).await, 2001);
        let open = format!("<epp xmlns=\"{EPP}\">{}", "<a>".repeat(50_000));
        assert_eq!(answered(client, open.as_bytes()).await, 2001);
        let attributes: String = (0..15_000).map(|n| format!(" a{n}=\"\"")).collect();
        assert_eq!(answered(client, format!("<epp xmlns=\"{EPP}\"{attributes}/>").as_bytes()).await, 2001);
        let namespaces: String = (0..5000).map(|n| format!(" xmlns:a{n}=\"urn:x:{n}\"")).collect();
        assert_eq!(answered(client, format!("<epp xmlns=\"{EPP}\"{namespaces}/>").as_bytes()).await, 2001);
        let long = "a".repeat(200_000);
        assert_eq!(answered(client, format!("<{long} xmlns=\"{EPP}\"/>").as_bytes()).await, 2001);
        assert_eq!(answered(client, format!("<epp xmlns=\"{long}\"/>").as_bytes()).await, 2001);
        let check = |name: &str| {
            let ns = "urn:ietf:params:xml:ns:domain-1.0";
            frame(&format!(
                "<command><check><check xmlns=\"{ns}\"><name>{name}</name></check></check></command>"
            ))
        };
        assert!(matches!(answered(client, check(&long).as_bytes()).await, 2001 | 2005));
        let comment = format!("<!--{}-->", "-x".repeat(100_000));
        assert_eq!(answered(client, check(&format!("foo{comment}.example")).as_bytes()).await, 1000);
        let siblings = "<a/>".repeat(50_000);
        assert_eq!(answered(client, format!("<epp xmlns=\"{EPP}\">{siblings}</epp>").as_bytes()).await, 2001);
    })
    .await;
}
