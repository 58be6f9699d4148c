//! T01 to T07: frames in every shape.

use std::time::Duration;

use super::house::House;
use crate::client::{command, frame};

fn framed(document: &str) -> Vec<u8> {
    let mut octets = (document.len() as u32 + 4).to_be_bytes().to_vec();
    octets.extend_from_slice(document.as_bytes());
    octets
}

fn check(cltrid: &str) -> String {
    command("domain:check", "<name>first.example</name>", Some(cltrid))
}

/// T01, T02: connecting reads the greeting, and reading a frame holds the length to its document.
#[tokio::test]
async fn the_greeting_comes_unasked() {
    let house = House::open("").await;
    let client = house.connect().await;
    assert_eq!(client.greeting.root.find("svID").len(), 1, "{}", client.greeting.xml);
    house.close().await;
}

/// T03
#[tokio::test]
async fn a_frame_in_pieces_is_answered_as_if_whole() {
    let house = House::open("").await;
    let mut client = house.enter().await;
    for size in [1, 3, 7] {
        let trid = format!("piece-{size}");
        for (n, piece) in framed(&check(&trid)).chunks(size).enumerate() {
            client.send_octets(piece).await.unwrap();
            if n % 40 == 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
        let reply = client.receive().await.unwrap().unwrap();
        assert_eq!((reply.code(), reply.text("clTRID")), (1000, Some(trid)));
    }
    house.close().await;
}

/// T04, T05
#[tokio::test]
async fn frames_in_one_piece_are_answered_in_order() {
    let house = House::open("").await;
    let mut client = house.enter().await;
    for count in [2, 20] {
        let trids: Vec<String> = (0..count).map(|n| format!("batch-{count}-{n}")).collect();
        let batch: Vec<u8> = trids.iter().flat_map(|trid| framed(&check(trid))).collect();
        client.send_octets(&batch).await.unwrap();
        for trid in trids {
            let reply = client.receive().await.unwrap().unwrap();
            assert_eq!((reply.code(), reply.text("clTRID")), (1000, Some(trid)));
        }
    }
    house.close().await;
}

/// T05: a boundary of records inside the length, inside the document, and a frame and a half in one record.
#[tokio::test]
async fn records_and_frames_do_not_have_to_agree() {
    let house = House::open("").await;
    let mut client = house.enter().await;
    let (first, second) = (framed(&check("record-1")), framed(&check("record-2")));
    let middle = [&first[2..], &second[..40]].concat();
    for record in [&first[..2], &middle, &second[40..]] {
        client.send_octets(record).await.unwrap();
    }
    for trid in ["record-1", "record-2"] {
        let reply = client.receive().await.unwrap().unwrap();
        assert_eq!(reply.text("clTRID").as_deref(), Some(trid));
    }
    house.close().await;
}

/// T06: a length that does not count itself ends the connection; an empty document is answered.
#[tokio::test]
async fn small_lengths() {
    let house = House::open("").await;
    for length in 0..4_u32 {
        let mut client = house.connect().await;
        client.send_octets(&length.to_be_bytes()).await.unwrap();
        assert!(client.receive().await.unwrap().is_none(), "{length}");
    }
    let mut client = house.enter().await;
    client.send_octets(&4_u32.to_be_bytes()).await.unwrap();
    assert_eq!(client.receive().await.unwrap().unwrap().code(), 2001);
    assert_eq!(client.ask(&check("after-empty")).await.unwrap().code(), 1000);
    house.close().await;
}

/// T07: closed at once, by the length alone.
#[tokio::test]
async fn a_length_above_the_cap_ends_the_connection() {
    let house = House::open("[server]\nframe_max_bytes = 4096").await;
    for length in [4097, 0x7FFF_FFFF, 0xFFFF_FFFF_u32] {
        let mut client = house.connect().await;
        client.send_octets(&length.to_be_bytes()).await.unwrap();
        assert!(client.receive().await.unwrap().is_none(), "{length}");
    }
    let mut client = house.enter().await;
    let fill = " ".repeat(4096 - 4 - check("full").len());
    let largest = format!("{}{fill}", check("full"));
    assert_eq!(client.ask(&largest).await.unwrap().code(), 1000);
    house.close().await;
}

/// Where the profile says so, the client is told before the connection ends.
#[tokio::test]
async fn a_length_above_the_cap_may_be_answered() {
    let house = House::open("[server]\nframe_max_bytes = 4096\nframe_oversize = \"reply_then_close\"").await;
    let mut client = house.enter().await;
    client.send_octets(&4097_u32.to_be_bytes()).await.unwrap();
    let last = client.receive().await.unwrap().unwrap();
    assert_eq!(last.code(), 2500);
    assert!(last.xml.contains("larger or deeper"), "{}", last.xml);
    assert!(client.receive().await.unwrap().is_none());
    house.close().await;
}

/// G03: a hello is answered at any time, and bad XML does not end the session.
#[tokio::test]
async fn hello_and_bad_xml_leave_the_session_alone() {
    let house = House::open("").await;
    let mut client = house.connect().await;
    let greeting = client.ask(&frame("<hello/>")).await.unwrap();
    assert_eq!(greeting.root.find("greeting").len(), 1);
    assert_eq!(client.ask("<epp").await.unwrap().code(), 2001);
    assert_eq!(client.login(&super::house::alpha()).await.unwrap().code(), 1000);
    assert_eq!(client.ask("\u{0}").await.unwrap().code(), 2001);
    assert_eq!(client.ask(&frame("<hello/>")).await.unwrap().root.find("greeting").len(), 1);
    assert_eq!(client.ask(&check("still-here")).await.unwrap().code(), 1000);
    house.close().await;
}
