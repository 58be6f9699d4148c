//! Races end as the standard says (standards V01 to V05): one wins, the other is told what it would have been told had
//! it come later; never 2400, never half of both. On one server, and on two servers that share a database.
//!
//! Money (V06) is not at stake here: see `money/race.rs`.

use domesday::clock::Clock;
use domesday::policy::Policies;

use crate::client::{Client, Door, Reply, command, trid};
use crate::pg::Place;
use crate::process::Process;
use crate::seed;
use crate::subject::Server;

/// How often each race is run.
const TIMES: usize = 8;

/// Sessions of registrars a and b, two each, on different servers where there are two.
struct Field {
    a: [Client; 2],
    b: [Client; 2],
}

impl Field {
    async fn new(doors: [&Door; 2]) -> Self {
        let accounts = seed::accounts();
        let enter = async |door, account: usize| Client::enter(door, &accounts[account]).await.unwrap();
        Self {
            a: [enter(doors[0], 0).await, enter(doors[1], 0).await],
            b: [enter(doors[1], 1).await, enter(doors[0], 1).await],
        }
    }
}

/// Sends everything before the first answer is read; the answers in the order sent.
async fn at_once(asks: &mut [(&mut Client, &str, String)]) -> Vec<Reply> {
    for (client, verb, body) in asks.iter_mut() {
        client.send(command(verb, body, Some(&trid())).as_bytes()).await.unwrap();
    }
    let mut replies = Vec::new();
    for (client, ..) in asks.iter_mut() {
        let reply = client.receive().await.unwrap().unwrap();
        assert_ne!(reply.code(), 2400, "{}", reply.xml);
        replies.push(reply);
    }
    replies
}

async fn done(client: &mut Client, verb: &str, body: &str) -> Reply {
    let reply = client.run(verb, body).await.unwrap();
    assert!(reply.code() < 2000, "{verb} {body}: {}", reply.xml);
    reply
}

fn codes(replies: &[Reply]) -> Vec<u16> {
    replies.iter().map(Reply::code).collect()
}

/// One 1000, all others that code.
fn one_wins(replies: &[Reply], losers: u16) {
    let mut codes = codes(replies);
    codes.sort_unstable();
    let (winner, rest) = codes.split_first().unwrap();
    assert!(*winner == 1000 && rest.iter().all(|c| *c == losers), "{codes:?}");
}

fn create(name: &str) -> String {
    format!("<name>{name}</name><authInfo><pw>Domain-Pw-1</pw></authInfo>")
}

/// V01: one name, four who want it.
async fn the_same_name(field: &mut Field, name: &str) {
    let Field { a: [a1, a2], b: [b1, b2] } = field;
    let body = create(name);
    let all = [(&mut *a1, &body), (&mut *b1, &body), (&mut *a2, &body), (&mut *b2, &body)];
    one_wins(&at_once(&mut all.map(|(c, b)| (c, "domain:create", b.clone()))).await, 2302);
    let host = format!("<name>ns.{name}.elsewhere.test</name>");
    let all = [a1, b1, a2, b2];
    one_wins(&at_once(&mut all.map(|c| (c, "host:create", host.clone()))).await, 2302);
}

/// V02: two sessions of one registrar update one domain. Each update is refused by what the other did, or came first.
async fn the_same_object(field: &mut Field, name: &str) {
    let [a1, a2] = &mut field.a;
    done(a1, "domain:create", &create(name)).await;
    let add = |status: &str| format!("<name>{name}</name><add><status s=\"{status}\"/></add>");
    let mut both =
        [(&mut *a1, "domain:update", add("clientHold")), (&mut *a2, "domain:update", add("clientHold"))];
    one_wins(&at_once(&mut both).await, 2306);
    let mut both = [
        (&mut *a1, "domain:update", add("clientUpdateProhibited")),
        (&mut *a2, "domain:update", add("clientRenewProhibited")),
    ];
    let codes = codes(&at_once(&mut both).await);
    let info = done(a1, "domain:info", &format!("<name>{name}</name>")).await;
    let has = |status: &str| info.root.find("domain:status").iter().any(|n| n.attr("s") == Some(status));
    assert!(has("clientUpdateProhibited") && codes[0] == 1000, "{codes:?}");
    assert!(matches!(codes[1], 1000 | 2304), "{codes:?}");
    assert_eq!(has("clientRenewProhibited"), codes[1] == 1000, "{codes:?}");
}

/// V03: a host is deleted while a domain comes to use it.
async fn a_host_that_goes(field: &mut Field, name: &str) {
    let [a1, a2] = &mut field.a;
    let host = format!("ns1.{name}.elsewhere.test");
    done(a1, "domain:create", &create(name)).await;
    done(a1, "host:create", &format!("<name>{host}</name>")).await;
    let add = format!("<name>{name}</name><add><ns><hostObj>{host}</hostObj></ns></add>");
    let delete = format!("<name>{host}</name>");
    let mut both = [(&mut *a1, "domain:update", add), (&mut *a2, "host:delete", delete)];
    let codes = codes(&at_once(&mut both).await);
    assert!(codes == [1000, 2305] || codes == [2303, 1000], "{codes:?}");
    let info = done(a1, "domain:info", &format!("<name>{name}</name>")).await;
    assert_eq!(info.text("domain:hostObj").is_some(), codes[0] == 1000);
}

/// The same for a contact, and for a domain that gets a host below it while it is deleted.
async fn what_is_used_while_it_goes(field: &mut Field, name: &str) {
    let [a1, a2] = &mut field.a;
    let id = format!("c-{}", name.split('.').next().unwrap());
    let contact = format!(
        "<id>{id}</id><postalInfo type=\"int\"><name>Ada</name><addr><city>Dublin</city><cc>IE</cc></addr>\
         </postalInfo><email>ada@ada.example</email><authInfo><pw/></authInfo>"
    );
    done(a1, "contact:create", &contact).await;
    let use_it = format!("<name>{name}</name><registrant>{id}</registrant><authInfo><pw/></authInfo>");
    let mut both =
        [(&mut *a1, "domain:create", use_it), (&mut *a2, "contact:delete", format!("<id>{id}</id>"))];
    let got = codes(&at_once(&mut both).await);
    assert!(got == [1000, 2305] || got == [2303, 1000], "{got:?}");

    let above = format!("b-{name}");
    done(a1, "domain:create", &create(&above)).await;
    let below = format!("<name>ns1.{above}</name><addr>9.9.9.9</addr>");
    let mut both =
        [(&mut *a1, "host:create", below), (&mut *a2, "domain:delete", format!("<name>{above}</name>"))];
    let got = codes(&at_once(&mut both).await);
    assert!(got == [1000, 2305] || got == [2303, 1000], "{got:?}");
}

/// V04: the loser approves while the requester cancels.
async fn a_transfer(field: &mut Field, name: &str) {
    let Field { a: [a1, _], b: [b1, b2] } = field;
    done(a1, "domain:create", &create(name)).await;
    // Two who ask at once: one request.
    let both = [&mut *b1, &mut *b2];
    let mut asks = both.map(|c| (c, "domain:transfer op=\"request\"", create(name)));
    let mut got = codes(&at_once(&mut asks).await);
    got.sort_unstable();
    assert_eq!(got, [1001, 2300]);
    let name_only = format!("<name>{name}</name>");
    let mut both = [
        (&mut *a1, "domain:transfer op=\"approve\"", name_only.clone()),
        (&mut *b1, "domain:transfer op=\"cancel\"", name_only.clone()),
    ];
    let replies = at_once(&mut both).await;
    one_wins(&replies, 2301);
    let info = done(b2, "domain:info", &name_only).await;
    let sponsor = if replies[0].code() == 1000 { "bravo" } else { "alpha" };
    assert_eq!(info.text("domain:clID").as_deref(), Some(sponsor));
}

/// V05: the same renew from two sessions renews once.
async fn a_renewal(field: &mut Field, name: &str) {
    let [a1, a2] = &mut field.a;
    let created = done(a1, "domain:create", &create(name)).await;
    let day = created.text("domain:exDate").unwrap()[..10].to_owned();
    let renew = format!("<name>{name}</name><curExpDate>{day}</curExpDate>");
    let mut both = [(&mut *a1, "domain:renew", renew.clone()), (&mut *a2, "domain:renew", renew)];
    one_wins(&at_once(&mut both).await, 2306);
}

/// P08: one queue, however many sessions and servers look at it; a message is taken out once.
async fn the_queue(field: &mut Field) {
    let [a1, a2] = &mut field.a;
    let mut taken = 0;
    loop {
        let heads = at_once(&mut [
            (&mut *a1, "poll op=\"req\"", String::new()),
            (&mut *a2, "poll op=\"req\"", String::new()),
        ])
        .await;
        let ids: Vec<_> = heads.iter().map(|h| h.attr("msgQ", "id")).collect();
        assert_eq!(ids[0], ids[1], "two sessions see two queues");
        let Some(id) = &ids[0] else { break };
        let ack = format!("poll op=\"ack\" msgID=\"{id}\"");
        let acks =
            at_once(&mut [(&mut *a1, ack.as_str(), String::new()), (&mut *a2, ack.as_str(), String::new())])
                .await;
        one_wins(&acks, 2303);
        taken += 1;
    }
    assert!(taken >= TIMES, "{taken} messages");
}

/// All of it.
async fn run(doors: [&Door; 2]) {
    let mut field = Field::new(doors).await;
    for round in 0..TIMES {
        the_same_name(&mut field, &format!("v1-{round}.example")).await;
        the_same_object(&mut field, &format!("v2-{round}.example")).await;
        a_host_that_goes(&mut field, &format!("v3-{round}.example")).await;
        what_is_used_while_it_goes(&mut field, &format!("v3b{round}.example")).await;
        a_transfer(&mut field, &format!("v4-{round}.example")).await;
        a_renewal(&mut field, &format!("v5-{round}.example")).await;
    }
    the_queue(&mut field).await;
    crate::schema::verify();
}

/// A server in this process with a handle of its own on that database.
async fn serve(place: &Place) -> Server {
    Server::start(place.open().await, Clock::system(), Policies::load(&[]).unwrap(), "demo").await.unwrap()
}

/// One server, or two on one database.
async fn here(place: Place, servers: usize) {
    Process::prepare(&place.url).await;
    let first = serve(&place).await;
    let second = if servers == 2 { Some(serve(&place).await) } else { None };
    run([&first.door, second.as_ref().map_or(&first.door, |s| &s.door)]).await;
    first.stop().await;
    if let Some(second) = second {
        second.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_server_on_sqlite() {
    here(Place::sqlite(), 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_server_on_postgres() {
    here(Place::postgres().await, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_sqlite_file() {
    here(Place::sqlite(), 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_postgres() {
    here(Place::postgres().await, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_postgres() {
    let place = Place::postgres().await;
    Process::prepare(&place.url).await;
    let (first, second) = (Process::start(&place.url).await, Process::start(&place.url).await);
    run([&first.door, &second.door]).await;
}
