//! The real program over TLS: the cases that need no operator, and one in which its clock moves.

use std::time::{Duration, Instant};

use crate::cases;
use crate::pg::Place;
use crate::play::play;
use crate::process;
use crate::script::Script;

/// A few cases of each kind; the whole set is played against the same code in this process.
const CASES: &[&str] = &[
    "contact/life",
    "contact/transfer-approve",
    "domain/auth",
    "domain/info",
    "domain/renew",
    "domain/transfer-approve",
    "domain/transfer-refused",
    "frame/forms",
    "frame/schema",
    "host/rename",
    "poll/queue",
    "session/credentials",
    "session/login",
];

/// How long due work may take to be done.
const PATIENCE: Duration = Duration::from_secs(60);

async fn smoke(fresh: impl AsyncFn() -> Place) {
    let mut faults = Vec::new();
    for name in CASES {
        let file = cases::files().into_iter().find(|f| f.with_extension("").ends_with(name));
        let script = Script::read(&file.unwrap_or_else(|| panic!("there is no case {name}"))).unwrap();
        let subject = process::subject(fresh().await).await;
        faults.extend(play(&script, &subject).await.faults);
        subject.stop().await;
    }
    crate::schema::verify();
    assert!(faults.is_empty(), "\n\n{}\n", faults.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_on_sqlite() {
    smoke(async || Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_on_postgres() {
    smoke(Place::postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_happens_by_itself() {
    let subject = process::subject(Place::sqlite()).await;
    let (mut a, mut b) = (subject.enter("a").await, subject.enter("b").await);
    let create = "<name>foo.example</name><authInfo><pw>Domain-Pw-1</pw></authInfo>";
    assert_eq!(a.run("domain:create", create).await.unwrap().code(), 1000);
    let asked = b.run("domain:transfer op=\"request\"", create).await.unwrap();
    assert_eq!(asked.code(), 1001);
    subject.operator.advance(6 * 86_400).await.unwrap();
    let begun = Instant::now();
    loop {
        let seen = b.run("domain:info", "<name>foo.example</name>").await.unwrap();
        if seen.text("domain:clID").as_deref() == Some("bravo") {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "nobody approved: {}", seen.xml);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    subject.stop().await;
    crate::schema::verify();
}
