//! The server under test: one in this process (the default), the real program (see `real.rs`), or any server at all
//! (see `elsewhere.rs`).

use std::future::Future;
use std::pin::Pin;

use domesday::clock::{Clock, Ts};
use domesday::epp::types::RegistrarId;
use domesday::gate::{Gate, Names};
use domesday::job;
use domesday::net::tls::{Tls, TlsFiles};
use domesday::net::{Listening, Phase, Stopper};
use domesday::policy::Policies;
use domesday::store::Db;
use tokio::task::JoinHandle;

use crate::client::{Account, Client, Door};
use crate::pg::{Cluster, Place};
use crate::script::Setup;
use crate::{post, seed};

/// A database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What a case asks of a server besides EPP; boxed, so that servers of every kind can stand behind one name.
pub type Deed<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// What a deed answers.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>>;

/// The hand that holds a server.
pub trait Operator: Send + Sync {
    /// The server's clock.
    fn now(&self) -> Ts;
    /// Moves the server's clock and does what is then due.
    fn advance(&self, seconds: i64) -> Deed<'_>;
    /// Sets or takes away a status, or switches an account on or off.
    fn operate<'a>(&'a self, kind: &'a str, name: &'a str, value: &'a str, on: bool) -> Deed<'a>;
    /// What a registrar's staff asks for at its desk; the answer as a frame would say it.
    fn desk<'a>(&'a self, _account: &'a str, _words: &'a [String]) -> Answer<'a> {
        Box::pin(async { Err("only a server in this process has a desk".to_owned()) })
    }
    /// Sends the mail that waits; the transfer code in the newest to that address.
    fn mailed<'a>(&'a self, _to: &'a str) -> Answer<'a> {
        Box::pin(async { Err("only the mail of a server in this process can be read".to_owned()) })
    }
    /// Names in frames as the server knows them; only a server elsewhere has others than the cases.
    fn outgoing(&self, frame: &str) -> String {
        frame.to_owned()
    }
    /// And back; `None` where nothing changes.
    fn incoming(&self, _frame: &str) -> Option<String> {
        None
    }
    /// Whether answers are compared to the goldens, or only their codes.
    fn exact(&self) -> bool {
        true
    }
    /// Ends the server and removes its database.
    fn stop(self: Box<Self>) -> Deed<'static>;
}

/// A server and who may log in to it.
pub struct Subject {
    pub door: Door,
    /// That of a second server on the same database.
    pub second: Option<Door>,
    pub accounts: Vec<Account>,
    pub operator: Box<dyn Operator>,
}

impl Subject {
    /// A server in this process, on a new database.
    pub async fn here(engine: Engine, setup: &Setup) -> Result<Self, String> {
        let place = match engine {
            Engine::Sqlite => Place::sqlite(),
            Engine::Postgres => Place::postgres().await,
        };
        let db = place.migrated().await;
        let clock = Clock::system();
        if let Some(start) = setup.start {
            clock.advance((start.0 - clock.now().0).div_euclid(Ts::SECOND) + 1);
        }
        let (policies, profile) = policies(setup)?;
        seed::plant(&db, setup, &profile, clock.now()).await.map_err(|e| e.to_string())?;
        let server = Server::start(db, clock.clone(), policies.clone(), &profile).await?;
        let second = match setup.two_servers {
            false => None,
            true => Some(Server::start(place.open().await, clock, policies, &profile).await?),
        };
        Ok(Self {
            door: server.door.clone(),
            second: second.as_ref().map(|s| s.door.clone()),
            accounts: seed::accounts(),
            operator: Box::new(Here { server, second, place, engine }),
        })
    }

    /// Where a session enters: by the second server, where there is one, if its name ends in an even digit.
    pub fn door(&self, session: &str) -> &Door {
        let even = session.chars().last().and_then(|c| c.to_digit(10)).is_some_and(|d| d % 2 == 0);
        self.second.as_ref().filter(|_| even).unwrap_or(&self.door)
    }

    /// The registrar a session's name begins with.
    pub fn account(&self, session: &str) -> &Account {
        let index = match session.as_bytes().first() {
            Some(b'b') => 1,
            Some(b'c') => 2,
            _ => 0,
        };
        &self.accounts[index]
    }

    /// A session of the registrar of that letter.
    pub async fn enter(&self, session: &str) -> Client {
        Client::enter(&self.door, self.account(session)).await.unwrap()
    }

    /// Ends it.
    pub async fn stop(self) {
        self.operator.stop().await.unwrap();
    }
}

/// The built-in profiles and, where a case lays something over one, that one under the name `case`.
fn policies(setup: &Setup) -> Result<(Policies, String), String> {
    if setup.overlay.is_empty() {
        return Ok((Policies::load(&[]).map_err(|e| e.to_string())?, setup.profile.clone()));
    }
    let text = format!("id = \"case\"\nextends = {:?}\n{}", setup.profile, setup.overlay);
    let own = [("case".to_owned(), text)];
    Ok((Policies::load(&own).map_err(|e| e.to_string())?, "case".to_owned()))
}

/// A registry's front half on some database: several of them on one are several servers.
pub struct Server {
    pub gate: Gate,
    pub door: Door,
    stopper: Stopper,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts one.
    pub async fn start(db: Db, clock: Clock, policies: Policies, profile: &str) -> Result<Self, String> {
        let ids = db.register("conformance", clock.now()).await.map_err(|e| e.to_string())?;
        let names = Names {
            server: "Domesday conformance".to_owned(),
            repository: "TEST".to_owned(),
            registry: RegistrarId::parse("registry").map_err(|e| e.to_string())?,
        };
        let gate = Gate::new(db, ids, clock, policies, profile, names).map_err(|e| e.to_string())?;
        let files = TlsFiles::from(seed::certificates());
        let tls = Tls::load(files, &gate.profile().server.tls).map_err(|e| e.to_string())?;
        let (stopper, stop) = Stopper::new();
        let listening =
            Listening::bind("127.0.0.1:0".parse().map_err(|_| "address")?, gate.clone(), tls, stop)
                .map_err(|e| e.to_string())?;
        let address = listening.local_addr().map_err(|e| e.to_string())?.to_string();
        let door = Door { address, ca: seed::certificates().ca.clone(), from: None };
        Ok(Self { gate, door, stopper, task: tokio::spawn(listening.run()) })
    }

    /// Ends it; its database stays.
    pub async fn stop(self) {
        self.stopper.advance(Phase::Cut);
        self.task.await.unwrap();
        self.gate.db().close().await;
    }
}

struct Here {
    server: Server,
    second: Option<Server>,
    place: Place,
    engine: Engine,
}

impl Operator for Here {
    fn now(&self) -> Ts {
        self.server.gate.clock().now()
    }

    fn advance(&self, seconds: i64) -> Deed<'_> {
        Box::pin(async move {
            self.server.gate.clock().advance(seconds);
            job::pass(&self.server.gate).await.map(drop).map_err(|e| e.to_string())
        })
    }

    fn operate<'a>(&'a self, kind: &'a str, name: &'a str, value: &'a str, on: bool) -> Deed<'a> {
        if kind == "pending" {
            return Box::pin(seed::decide(&self.server.gate, name, value));
        }
        if kind == "bounced" {
            return Box::pin(post::bounced(&self.server.gate, name, value));
        }
        if kind == "deposit" {
            return Box::pin(seed::deposit(&self.server.gate, name, value));
        }
        if kind == "allocation" {
            return Box::pin(seed::allocate(&self.server.gate, name, value, on));
        }
        if kind == "maintenance" {
            return Box::pin(seed::maintain(&self.server.gate, name, value, on));
        }
        if matches!(kind, "claim" | "application") {
            return Box::pin(seed::launch(&self.server.gate, kind, name, value));
        }
        if kind == "token" {
            return Box::pin(seed::accept_offer(&self.server.gate, name, value));
        }
        Box::pin(seed::operate(self.server.gate.db(), kind, name, value, on))
    }

    fn desk<'a>(&'a self, account: &'a str, words: &'a [String]) -> Answer<'a> {
        Box::pin(async move {
            let command = domesday::epp::words::parse(words).map_err(|e| e.to_string())?;
            let account = RegistrarId::parse(account).map_err(|e| e.to_string())?;
            let (response, _) = self.server.gate.execute_at_desk(&account, &account, command).await;
            Ok(domesday::epp::encode::response(&response))
        })
    }

    fn mailed<'a>(&'a self, to: &'a str) -> Answer<'a> {
        Box::pin(async move {
            let letters = post::sent(&self.server.gate).await?;
            let newest = letters.iter().rev().find(|letter| letter.to == to);
            newest
                .and_then(post::Letter::code)
                .ok_or_else(|| format!("no code was sent to {to}: {letters:?}"))
        })
    }

    fn stop(self: Box<Self>) -> Deed<'static> {
        Box::pin(async move {
            self.server.stop().await;
            if let Some(second) = self.second {
                second.stop().await;
            }
            if self.engine == Engine::Postgres {
                drop_database(&self.place.url).await;
            }
            Ok(())
        })
    }
}

/// A run makes some hundred databases of eight megabytes each.
async fn drop_database(url: &str) {
    let name = url.rsplit('/').next().and_then(|n| n.split('?').next()).unwrap_or_default();
    Cluster::shared().execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
}
