//! Users: their service, their meta-roles, their sessions, the throttle of their logins. On both engines.

mod login;
mod login_sec;
mod matrix;
mod password;
mod token;

use std::net::IpAddr;

use domesday::clock::Clock;
use domesday::epp::command::{self, Command, Envelope};
use domesday::epp::reply::Outcome;
use domesday::epp::types::Secret;
use domesday::gate::{Gate, Names, Peer};
use domesday::policy::Policies;
use domesday::refusal::Refusal;
use domesday::store::{Db, Ids};

use crate::typed::registrar;

/// The password of the user [`password`] gives one.
const PW: &str = "Correct-Horse-1";

/// A gate whose accounts are under the rules of the profile `demo`, with these laid over.
fn gate(db: &Db, process: i64, clock: &Clock, rules: &str) -> Gate {
    let own = [("own".to_owned(), format!("id = \"own\"\nextends = \"demo\"\n{rules}"))];
    let names = Names {
        server: "registry of the tests".to_owned(),
        repository: "TEST".to_owned(),
        registry: registrar("registry"),
    };
    let policies = Policies::load(&own).unwrap();
    Gate::new(db.clone(), Ids::of_process(process), clock.clone(), policies, "own", names).unwrap()
}

/// Gives a user a password.
async fn password(db: &Db, user: &'static str) {
    let hash = domesday::flow::session::password::Hasher::default().hash(&Secret::new(PW)).await.unwrap();
    let done = db.write(move |tx| {
        let hash = hash.clone();
        Box::pin(async move { tx.user_password(&registrar(user), &hash, domesday::clock::Ts(1)).await })
    });
    assert!(done.await.unwrap());
}

/// Puts an account under the rules of a profile, or back under the server's.
async fn under(db: &Db, account: &'static str, profile: Option<&'static str>) {
    let done = db.write(move |tx| {
        Box::pin(async move {
            let mut row = tx.registrar(&registrar(account)).await?.unwrap();
            row.profile = profile.map(str::to_owned);
            tx.registrar_update(&row).await
        })
    });
    assert!(done.await.unwrap());
}

/// A login on a connection of its own; why it was refused.
async fn login(gate: &Gate, user: &str, pw: &str, address: &str) -> Option<Refusal> {
    let address: IpAddr = address.parse().unwrap();
    let mut session =
        gate.open(Peer { address, certificate: None, certificate_until: None, tls: "none".to_owned() });
    let login = command::Login {
        user: registrar(user),
        pw: Secret::new(pw),
        new_pw: None,
        version: "1.0".to_owned(),
        lang: "en".to_owned(),
        objects: Vec::new(),
        extensions: Vec::new(),
        sec: None,
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
        Outcome::Done(_) => None,
        Outcome::Refused(refusal) => Some(refusal),
    }
}
