//! Any EPP server, named by the environment, instead of ours.
//!
//! ```text
//! EPP_SUBJECT=epp.registry.test:700 EPP_ZONE=test EPP_CA=ca.pem \
//!   EPP_USER1=one EPP_PW1=secret EPP_CERT1=one.pem EPP_KEY1=one.key \
//!   EPP_USER2=.. EPP_USER3=.. sh -c 'cargo test --test conformance elsewhere'
//! ```
//!
//! The cases that need neither a clock nor an operator are played against it, under names of their own so that a run
//! can follow a run (queues of these test accounts are emptied first): `.example` becomes the zone's name behind a mark of the run, and so do contact identifiers.
//! Only codes and the short assertions are compared; texts are every registry's own. Users 2 and 3 may be left out;
//! then the cases that need them are not applicable, and counted so.
#![expect(clippy::print_stdout, reason = "a summary for whoever runs it")]

use std::path::PathBuf;

use domesday::clock::{Clock, Ts};

use crate::cases;
use crate::client::{Account, Client, Door};
use crate::pg::Place;
use crate::play::play;
use crate::process::Process;
use crate::script::{Action, Script};
use crate::seed;
use crate::subject::{Deed, Operator, Subject};

/// A server elsewhere.
struct Elsewhere {
    zone: String,
    /// Six characters of this run.
    mark: String,
}

impl Operator for Elsewhere {
    fn now(&self) -> Ts {
        Clock::system().now()
    }

    fn advance(&self, _seconds: i64) -> Deed<'_> {
        Box::pin(async { Err("the clock of a server elsewhere does not move".to_owned()) })
    }

    fn operate<'a>(&'a self, _kind: &'a str, _name: &'a str, _value: &'a str, _on: bool) -> Deed<'a> {
        Box::pin(async { Err("a server elsewhere has its own operator".to_owned()) })
    }

    fn outgoing(&self, frame: &str) -> String {
        frame
            .replace(".example<", &format!("-{}.{}<", self.mark, self.zone))
            .replace(".elsewhere.test<", &format!(".elsewhere-{}.test<", self.mark))
            .replace(">ct-", &format!(">c{}-", self.mark))
            .replace(">CT-", &format!(">C{}-", self.mark.to_uppercase()))
    }

    fn incoming(&self, frame: &str) -> Option<String> {
        Some(
            frame
                .replace(&format!("-{}.{}<", self.mark, self.zone), ".example<")
                .replace(&format!(".elsewhere-{}.test<", self.mark), ".elsewhere.test<")
                .replace(&format!(">c{}-", self.mark), ">ct-")
                .replace(&format!(">C{}-", self.mark.to_uppercase()), ">CT-"),
        )
    }

    fn exact(&self) -> bool {
        false
    }

    fn stop(self: Box<Self>) -> Deed<'static> {
        Box::pin(async { Ok(()) })
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

fn account(number: usize) -> Option<Account> {
    let part = |name: &str| variable(&format!("{name}{number}"));
    Some(Account {
        id: part("EPP_USER")?,
        password: part("EPP_PW")?,
        cert: PathBuf::from(part("EPP_CERT")?),
        key: PathBuf::from(part("EPP_KEY")?),
    })
}

/// The server elsewhere, if one is named.
fn named(mark: String) -> Option<Subject> {
    let address = variable("EPP_SUBJECT")?;
    let need = |name: &str| variable(name).unwrap_or_else(|| panic!("EPP_SUBJECT needs {name} too"));
    let accounts: Vec<_> = (1..=3).map_while(account).collect();
    assert!(!accounts.is_empty(), "EPP_SUBJECT needs EPP_USER1, EPP_PW1, EPP_CERT1 and EPP_KEY1 too");
    Some(Subject {
        door: Door { address, ca: PathBuf::from(need("EPP_CA")), from: None },
        second: None,
        accounts,
        operator: Box::new(Elsewhere { zone: need("EPP_ZONE"), mark }),
    })
}

/// How many registrars a case has.
fn registrars(script: &Script) -> usize {
    let of = |session: &str| match session.as_bytes().first() {
        Some(b'b') => 2,
        Some(b'c') => 3,
        _ => 1,
    };
    let sessions = script.steps.iter().map(|step| match &step.action {
        Action::Send { session, .. } | Action::Template { session, .. } | Action::Connect { session, .. } => {
            of(session)
        }
        _ => 1,
    });
    sessions.max().unwrap_or(1)
}

/// Takes every message out of a registrar's queue: cases begin with empty queues.
async fn drain(subject: &Subject, account: &Account) -> std::io::Result<()> {
    let mut client = Client::enter(&subject.door, account).await?;
    loop {
        let head = client.run("poll op=\"req\"", "").await?;
        let Some(id) = head.attr("msgQ", "id").filter(|_| head.code() == 1301) else { return Ok(()) };
        client.run(&format!("poll op=\"ack\" msgID=\"{id}\""), "").await?;
    }
}

/// Plays what can be played against a server that `reach` finds.
async fn play_all(reach: impl Fn(String) -> Option<Subject>) -> Option<usize> {
    let start = Clock::system().now().0 / Ts::SECOND;
    let (mut played, mut not_applicable, mut faults) = (0, Vec::new(), Vec::new());
    for (number, file) in cases::files().into_iter().enumerate() {
        let script = Script::read(&file).unwrap();
        // Unique among the cases of this run and among the runs of some weeks, in five letters.
        let mark = base36((start.unsigned_abs() % 400_000) * 100 + number as u64);
        let subject = reach(mark)?;
        if script.needs_operator() || registrars(&script) > subject.accounts.len() {
            not_applicable.push(file);
            continue;
        }
        for account in &subject.accounts {
            if let Err(fault) = drain(&subject, account).await {
                faults.push(format!("{}: the queue of {}: {fault}", file.display(), account.id));
            }
        }
        faults.extend(play(&script, &subject).await.faults);
        played += 1;
    }
    println!("{played} cases played, {} need an operator or more registrars:", not_applicable.len());
    for file in &not_applicable {
        println!("  {}", file.display());
    }
    assert!(faults.is_empty(), "\n\n{}\n", faults.join("\n\n"));
    Some(played)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_elsewhere_answers_alike() {
    if play_all(named).await.is_none() {
        println!("no EPP_SUBJECT is named: the cases were played against this server only");
    }
}

/// The program seen from afar, by nothing but its address: what makes sure that the cases can be played so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn this_server_from_afar() {
    let place = Place::sqlite();
    Process::prepare(&place.url).await;
    let process = Process::start(&place.url).await;
    let reach = |mark| {
        Some(Subject {
            door: process.door.clone(),
            second: None,
            accounts: seed::accounts(),
            operator: Box::new(Elsewhere { zone: "example".to_owned(), mark }),
        })
    };
    assert!(play_all(reach).await.unwrap() > 30);
}

fn base36(mut number: u64) -> String {
    let mut text = String::new();
    while number > 0 {
        text.insert(0, char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
    }
    text
}
