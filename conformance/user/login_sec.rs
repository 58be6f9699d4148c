//! The security of logins (RFC 8807): what a client says it is, and what it is told of its certificate.

use domesday::clock::{Clock, Ts};
use domesday::epp::command::{self, Command, Envelope};
use domesday::epp::ext::Ext;
use domesday::epp::reply::{Outcome, Reply};
use domesday::epp::types::{EventKind, EventLevel, LoginSec, Secret, SecurityEvent, UserAgent};
use domesday::gate::{Gate, Peer};

use super::{PW, gate, password};
use crate::pg::on_both;
use crate::typed::{Registry, registrar};

fn agent() -> UserAgent {
    let part = |text: &str| Some(text.to_owned());
    UserAgent { app: part("EPP SDK 1.0.0"), tech: None, os: part("x86_64") }
}

/// A login with a certificate that is good until then; whether it was let in, and what it was told.
async fn login(gate: &Gate, pw: &str, until: Ts) -> (bool, Vec<SecurityEvent>) {
    let mut session = gate.open(Peer {
        address: "192.0.2.1".parse().unwrap(),
        certificate: Some([7; 32]),
        certificate_until: Some(until),
        tls: "TLSv1_3 TLS13_AES_256_GCM_SHA384".to_owned(),
    });
    let login = command::Login {
        user: registrar("alpha"),
        pw: Secret::new("[LOGIN-SECURITY]"),
        new_pw: None,
        version: "1.0".to_owned(),
        lang: "en".to_owned(),
        objects: Vec::new(),
        extensions: vec![Ext::LoginSec.uri().to_owned()],
        sec: Some(LoginSec { agent: agent(), pw: Some(Secret::new(pw)), new_pw: None }),
    };
    let envelope = Envelope {
        command: Command::Login(login),
        extensions: Vec::new(),
        unknown_extensions: Vec::new(),
        cltrid: None,
    };
    let outcome = gate.execute(&mut session, Ok(Box::new(envelope))).await.0.outcome;
    gate.close(session).await.unwrap();
    match outcome {
        Outcome::Done(Reply::LoggedIn(events)) => (true, events),
        Outcome::Refused(refusal) => (false, refusal.events),
        Outcome::Done(other) => panic!("{other:?}"),
    }
}

on_both! {
    async fn the_end_of_a_certificate_is_told_to_who_shows_it(db: Db) {
        Registry::new(&db, "").await;
        password(&db, "alpha").await;
        let clock = Clock::system();
        let gate = gate(&db, 1, &clock, "account.login_sec.certificate_warn_days = 10");
        let soon = clock.now().plus_days(9);
        let (done, events) = login(&gate, PW, soon).await;
        assert!(done);
        let event = &events[0];
        assert_eq!((event.kind, event.level, event.expires), (EventKind::Certificate, EventLevel::Warning, Some(soon)));
        assert_eq!(login(&gate, PW, clock.now().plus_days(11)).await, (true, Vec::new()));
        // Who fails is told as well: it is its own certificate.
        let (done, events) = login(&gate, "a wrong and long password", soon).await;
        assert_eq!((done, events.len(), events[0].kind), (false, 1, EventKind::Certificate));
    }

    async fn what_a_client_says_it_is_stands_in_the_log_of_logins(db: Db) {
        Registry::new(&db, "").await;
        password(&db, "alpha").await;
        let gate = gate(&db, 1, &Clock::system(), "");
        let far = gate.clock().now().plus_days(1000);
        assert_eq!(login(&gate, PW, far).await, (true, Vec::new()));
        assert!(!login(&gate, "a wrong and long password", far).await.0);
        let log = db.read(|tx| Box::pin(tx.login_attempts("alpha", 10))).await.unwrap();
        assert_eq!(log.iter().map(|attempt| &attempt.agent).collect::<Vec<_>>(), [&agent(), &agent()]);
    }

    /// A database may hold a hash of the word from before the extension was known.
    async fn the_word_that_stands_for_a_password_never_fits(db: Db) {
        Registry::new(&db, "").await;
        let word = Secret::new("[LOGIN-SECURITY]");
        let hash = domesday::flow::session::password::Hasher::default().hash(&word).await.unwrap();
        db.write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move { tx.user_password(&registrar("alpha"), &hash, Ts(1)).await })
        }).await.unwrap();
        let far = Clock::system().now().plus_days(1000);
        let knows = gate(&db, 1, &Clock::system(), "");
        assert!(!login(&knows, "[LOGIN-SECURITY]", far).await.0);
        let knows_not = gate(&db, 2, &Clock::system(), "server.ext.announce = []");
        let refusal = crate::user::login(&knows_not, "alpha", "[LOGIN-SECURITY]", "192.0.2.1").await.unwrap();
        assert_eq!(refusal.code(), 2200);
    }
}
