//! A registry in this process, driven with typed commands through the gate: every rule and both engines, without XML
//! and TLS.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use domesday::clock::Clock;
use domesday::epp::command::{Command, Envelope, PollAck, Rejected};
use domesday::epp::ns::Ns;
use domesday::epp::reply::{Message, Outcome, Reply, Response};
use domesday::epp::types::{ClTrid, ContactId, DomainName, Lang, RegistrarId};
use domesday::gate::{Actor, Gate, Names, Peer, Session};
use domesday::policy::Policies;
use domesday::refusal::Reason;
use domesday::store::account::{RegistrarRow, UserRow};
use domesday::store::zone::ZoneRow;
use domesday::store::{Db, Ids};

/// The registrars of every registry here.
pub const REGISTRARS: [&str; 3] = ["alpha", "beta", "gamma"];

/// Two tables whose variants have one letter in common: a is b in one, and à in the other.
fn tables() -> [(String, String); 2] {
    [("x-first", "0062"), ("x-second", "00E0")].map(|(tag, other)| {
        let text = format!(
            "<lgr xmlns=\"urn:ietf:params:xml:ns:lgr-1.0\"><data><char cp=\"0061\"><var cp=\"{other}\" type=\"blocked\"/>\
             </char><char cp=\"{other}\"><var cp=\"0061\" type=\"blocked\"/></char></data></lgr>"
        );
        (tag.to_owned(), text)
    })
}

/// A registry with three registrars and the zone `example`.
#[derive(Clone)]
pub struct Registry {
    pub gate: Gate,
}

impl Registry {
    /// The zone has the rules of the profile `demo`, with these laid over.
    pub async fn new(db: &Db, rules: &'static str) -> Self {
        Self::with_accounts(db, rules, "").await
    }

    /// As [`Self::new`], with accounts under the rules of the profile `demo` with these laid over.
    pub async fn with_accounts(db: &Db, rules: &'static str, accounts: &str) -> Self {
        let clock = Clock::system();
        let now = clock.now();
        db.write(move |tx| {
            Box::pin(async move {
                for id in REGISTRARS {
                    let row = RegistrarRow {
                        id: registrar(id),
                        name: id.to_owned(),
                        email: None,
                        enabled: true,
                        max_sessions: None,
                        profile: None,
                        created_at: now,
                        updated_at: now,
                        auto_renew: None,
                    };
                    assert!(tx.registrar_insert(&row).await?);
                    let user = UserRow::new(registrar(id), registrar(id), now);
                    assert!(tx.user_insert(&user, "").await?);
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        let registry = Self::process(db, 1, clock, accounts);
        registry.add_zone("example", rules).await;
        registry
    }

    /// One more process on the database of a registry.
    pub fn process(db: &Db, number: i64, clock: Clock, accounts: &str) -> Self {
        let names = Names {
            server: "registry of the tests".to_owned(),
            repository: "TEST".to_owned(),
            registry: registrar("registry"),
        };
        let own = ("accounts".to_owned(), format!("id = \"accounts\"\nextends = \"demo\"\n{accounts}"));
        let policies = Policies::load_with(&[own], &tables()).unwrap();
        let ids = Ids::of_process(number);
        Self { gate: Gate::new(db.clone(), ids, clock, policies, "accounts", names).unwrap() }
    }

    /// One more zone.
    pub async fn add_zone(&self, zone: &'static str, rules: &'static str) {
        let now = self.gate.clock().now();
        let row = ZoneRow {
            name: name(zone),
            profile: "demo".to_owned(),
            overrides: rules.to_owned(),
            enabled: true,
            created_at: now,
            updated_at: now,
        };
        let insert = self.gate.db().write(move |tx| {
            let row = row.clone();
            Box::pin(async move { tx.zone_insert(&row).await })
        });
        assert!(insert.await.unwrap());
    }

    /// A session of that registrar.
    pub fn client(&self, id: &str) -> Client {
        let peer = Peer {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            certificate: None,
            certificate_until: None,
            tls: "none".to_owned(),
        };
        let mut session = self.gate.open(peer);
        session.actor = Some(Arc::new(Actor {
            registrar: registrar(id),
            user: registrar(id),
            source: "epp",
            lang: Lang::En,
            objects: Ns::OBJECTS.to_vec(),
            extensions: Vec::new(),
        }));
        Client { gate: self.gate.clone(), session }
    }

    /// A session of that registrar from that address.
    pub fn client_from(&self, id: &str, address: &str) -> Client {
        let mut client = self.client(id);
        client.session.peer.address = address.parse().unwrap();
        client
    }

    /// A connection from that address that is not logged in.
    pub fn visitor_from(&self, address: &str) -> Client {
        let mut client = self.client_from("alpha", address);
        client.session.actor = None;
        client
    }

    /// The same registry as another server sees it that follows other account rules: TOML laid over the profile.
    pub fn beside(&self, db: &Db, process: i64, rules: &str) -> Self {
        let own = [("case".to_owned(), format!("id = \"case\"\nextends = \"demo\"\n{rules}"))];
        let policies = Policies::load(&own).unwrap();
        let (clock, names) = (self.gate.clock().clone(), self.gate.names().clone());
        let gate = Gate::new(db.clone(), Ids::of_process(process), clock, policies, "case", names).unwrap();
        Self { gate }
    }

    /// Gives a registrar a general address.
    pub async fn set_mail(&self, id: &str, address: &'static str) {
        let id = registrar(id);
        let set = self.gate.db().write(move |tx| {
            let id = id.clone();
            Box::pin(async move {
                let row = tx.registrar(&id).await?.unwrap();
                tx.registrar_update(&RegistrarRow { email: Some(address.to_owned()), ..row }).await
            })
        });
        assert!(set.await.unwrap());
    }

    /// Moves the clock.
    pub fn pass_days(&self, days: i64) {
        self.gate.clock().advance(days * 86_400);
    }
}

/// A registrar's session.
pub struct Client {
    gate: Gate,
    session: Session,
}

impl Client {
    /// The answer to a command.
    pub async fn ask(&mut self, command: Command) -> Response {
        let envelope = Envelope {
            command,
            extensions: Vec::new(),
            unknown_extensions: Vec::new(),
            cltrid: Some(ClTrid::parse("test-1").unwrap()),
        };
        self.gate.execute(&mut self.session, Ok(Box::new(envelope))).await.0
    }

    /// The answer to a frame that could not become a command.
    pub async fn reject(&mut self, rejected: Rejected) -> Response {
        self.gate.execute(&mut self.session, Err(Box::new(rejected))).await.0
    }

    /// The reply of a command that must be done, without what it says of fees.
    pub async fn does(&mut self, command: Command) -> Reply {
        match self.does_for_a_fee(command).await {
            Reply::WithFee(reply, _) => *reply,
            reply => reply,
        }
    }

    /// The same with what it says of fees.
    pub async fn does_for_a_fee(&mut self, command: Command) -> Reply {
        let text = format!("{command:?}");
        match self.ask(command).await.outcome {
            Outcome::Done(reply) => reply,
            Outcome::Refused(refusal) => panic!("{text}\nwas refused: {refusal} {:?}", refusal.at),
        }
    }

    /// The reason why a command is refused, which it must be.
    pub async fn refused(&mut self, command: Command) -> Reason {
        let text = format!("{command:?}");
        match self.ask(command).await.outcome {
            Outcome::Done(reply) => panic!("{text}\nwas done: {reply:?}"),
            Outcome::Refused(refusal) => refusal.reason,
        }
    }

    /// Takes the oldest message off the queue.
    pub async fn message(&mut self) -> Option<Message> {
        match self.does(Command::PollRequest).await {
            Reply::NoMessages => None,
            Reply::Message(message) => {
                self.does(Command::PollAck(PollAck { id: Some(message.id.clone()) })).await;
                Some(*message)
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A domain or host name.
pub fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

/// A contact's identifier.
pub fn contact(text: &str) -> ContactId {
    ContactId::parse(text).unwrap()
}

/// A registrar's identifier.
pub fn registrar(text: &str) -> RegistrarId {
    RegistrarId::parse(text).unwrap()
}
