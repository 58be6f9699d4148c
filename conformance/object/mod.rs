//! Contacts and hosts through the gate, on both engines: the main ways, the refusals on them, and who wins when two
//! commands meet.

mod cleanup;
mod contact;
mod host;
mod race;
mod transfer;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use domesday::clock::Clock;
use domesday::epp::command::{
    Command, ContactCreate, ContactInfo, ContactTransfer, DomainAddRem, DomainCreate, DomainUpdate, Envelope,
    HostCreate, HostInfo, HostUpdate, NameServers,
};
use domesday::epp::ns::Ns;
use domesday::epp::reply::{ContactData, HostData, Outcome, Reply};
use domesday::epp::types::{
    AuthInfo, ClTrid, ContactId, DomainName, HostAddrs, Lang, Postal, PostalForm, PostalInfo, RegistrarId,
    Secret,
};
use domesday::gate::{Actor, Gate, Names, Peer, Session};
use domesday::policy::Policies;
use domesday::refusal::Reason;
use domesday::store::Db;
use domesday::store::account::{RegistrarRow, UserRow};
use domesday::store::zone::ZoneRow;

/// A registry with the zone `tld` and three registrars.
#[derive(Clone)]
pub struct Registry {
    pub gate: Gate,
    pub clock: Clock,
}

pub const ALPHA: &str = "alpha";
pub const BETA: &str = "beta1";
pub const GAMMA: &str = "gamma";
/// Authorization information that follows the demo profile's rules.
pub const SECRET: &str = "2fooBAR-";

impl Registry {
    /// By the built-in rules for demonstrations.
    pub async fn new(db: Db) -> Self {
        Self::with_rules(db, "").await
    }

    /// With a piece of TOML laid over those rules.
    pub async fn with_rules(db: Db, rules: &str) -> Self {
        let clock = Clock::system();
        let now = clock.now();
        let ids = db.register("test", now).await.unwrap();
        db.write(move |tx| {
            Box::pin(async move {
                for id in [ALPHA, BETA, GAMMA, "registry"] {
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
                let zone = ZoneRow {
                    name: name("tld"),
                    profile: "own".to_owned(),
                    overrides: String::new(),
                    enabled: true,
                    created_at: now,
                    updated_at: now,
                };
                assert!(tx.zone_insert(&zone).await?);
                Ok(())
            })
        })
        .await
        .unwrap();
        let own = ("own".to_owned(), format!("id = \"own\"\nextends = \"demo\"\n{rules}"));
        let names = Names {
            server: "Test".to_owned(),
            repository: "TEST".to_owned(),
            registry: registrar("registry"),
        };
        let policies = Policies::load(&[own]).unwrap();
        let gate = Gate::new(db, ids, clock.clone(), policies, "own", names).unwrap();
        Self { gate, clock }
    }

    /// Runs a command as a registrar.
    pub async fn run(&self, as_registrar: &str, command: Command) -> Result<Reply, Reason> {
        let actor = Actor {
            registrar: registrar(as_registrar),
            user: registrar(as_registrar),
            source: "epp",
            lang: Lang::En,
            objects: Ns::OBJECTS.to_vec(),
            extensions: Vec::new(),
        };
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let peer = Peer { address, certificate: None, certificate_until: None, tls: String::new() };
        let mut session = Session { actor: Some(Arc::new(actor)), ..self.gate.open(peer) };
        let envelope = Envelope {
            command,
            extensions: Vec::new(),
            unknown_extensions: Vec::new(),
            cltrid: Some(ClTrid::parse("CL-1").unwrap()),
        };
        let (response, _) = self.gate.execute(&mut session, Ok(Box::new(envelope))).await;
        match response.outcome {
            Outcome::Done(reply) => Ok(reply),
            Outcome::Refused(refusal) => Err(refusal.reason),
        }
    }

    /// Runs a command that must succeed.
    pub async fn done(&self, as_registrar: &str, command: Command) -> Reply {
        let told = format!("{command:?}");
        self.run(as_registrar, command).await.unwrap_or_else(|reason| panic!("{reason:?} to {told}"))
    }

    /// Runs a command that must be refused.
    pub async fn refused(&self, as_registrar: &str, command: Command) -> Reason {
        let told = format!("{command:?}");
        self.run(as_registrar, command).await.err().unwrap_or_else(|| panic!("done: {told}"))
    }

    /// What a registrar sees of a contact of its own.
    pub async fn contact(&self, of: &str, id: &str) -> ContactData {
        let info = Command::ContactInfo(ContactInfo { id: contact(id), auth: None });
        match self.done(of, info).await {
            Reply::ContactInfo(data) => *data,
            other => panic!("{other:?}"),
        }
    }

    /// What everybody sees of a host.
    pub async fn host(&self, host: &str) -> HostData {
        match self.done(GAMMA, Command::HostInfo(HostInfo { name: name(host), ttl: None })).await {
            Reply::HostInfo(data) => *data,
            other => panic!("{other:?}"),
        }
    }

    /// Takes the oldest message out of a queue: its words and data.
    pub async fn message(&self, of: &str) -> Option<domesday::epp::reply::Message> {
        let message = match self.done(of, Command::PollRequest).await {
            Reply::Message(message) => *message,
            Reply::NoMessages => return None,
            other => panic!("{other:?}"),
        };
        let ack = domesday::epp::command::PollAck { id: Some(message.id.clone()) };
        self.done(of, Command::PollAck(ack)).await;
        Some(message)
    }
}

pub fn registrar(id: &str) -> RegistrarId {
    RegistrarId::parse(id).unwrap()
}

pub fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

pub fn contact(id: &str) -> ContactId {
    ContactId::parse(id).unwrap()
}

pub fn auth(pw: &str) -> AuthInfo {
    AuthInfo { pw: Secret::new(pw), roid: None }
}

pub fn create_contact(id: &str) -> ContactCreate {
    let addr = Postal { city: "Dulles".to_owned(), cc: "US".to_owned(), ..Postal::default() };
    let info = PostalInfo { name: "John Doe".to_owned(), org: None, addr };
    ContactCreate {
        id: contact(id),
        postal: vec![(PostalForm::Int, info)],
        voice: None,
        fax: None,
        email: "jdoe@example.com".to_owned(),
        auth: auth(SECRET),
        disclose: None,
        management: None,
        addl_email: None,
    }
}

pub fn new_contact(id: &str) -> Command {
    Command::ContactCreate(create_contact(id))
}

pub fn transfer(id: &str, pw: Option<&str>) -> ContactTransfer {
    ContactTransfer { id: contact(id), auth: pw.map(auth) }
}

pub fn new_host(host: &str, addrs: &str) -> Command {
    Command::HostCreate(HostCreate::of(name(host), HostAddrs::from_text(addrs)))
}

pub fn rename(host: &str, new_name: &str) -> Command {
    let new_name = Some(name(new_name));
    Command::HostUpdate(HostUpdate { new_name, ..HostUpdate::of(name(host)) })
}

pub fn new_domain(domain: &str, registrant: Option<&str>, hosts: &[&str]) -> Command {
    let servers: Vec<DomainName> = hosts.iter().map(|host| name(host)).collect();
    Command::DomainCreate(DomainCreate {
        ns: (!servers.is_empty()).then_some(NameServers::Objects(servers)),
        registrant: registrant.map(contact),
        ..DomainCreate::of(name(domain), auth(SECRET))
    })
}

pub fn add_host(domain: &str, host: &str) -> Command {
    let add = DomainAddRem { ns: Some(NameServers::Objects(vec![name(host)])), ..DomainAddRem::default() };
    Command::DomainUpdate(DomainUpdate { add: Some(add), ..DomainUpdate::of(name(domain)) })
}
