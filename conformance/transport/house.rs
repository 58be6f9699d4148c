//! A server of a test's own, with its own database, certificates and limits.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use domesday::certs::DevCerts;
use domesday::clock::Clock;
use domesday::epp::types::RegistrarId;
use domesday::gate::{Gate, Names};
use domesday::net::tls::TlsFiles;
use domesday::policy::Policies;
use domesday::serve::{ServeSettings, Server};
use domesday::store::Db;
use rustls::ClientConfig;
use tempfile::TempDir;

use crate::client::{self, Account, Client, Door};
use crate::script::Setup;
use crate::seed;

/// The server and what is needed to reach it.
pub struct House {
    pub server: Server,
    pub door: Door,
    /// This house's own copy of the certificates; clients keep using the originals.
    pub certs: DevCerts,
    folder: TempDir,
}

impl House {
    /// A server with the demo's rules and these knobs laid over them.
    pub async fn open(knobs: &str) -> Self {
        Self::open_with(knobs, |_| {}).await
    }

    /// The same; the settings can be changed before the start.
    pub async fn open_with(knobs: &str, change: impl FnOnce(&mut ServeSettings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certs = copy(seed::certificates(), folder.path().join("certs"));
        let db = Db::open(&format!("sqlite:{}", folder.path().join("test.db").display())).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Clock::system();
        seed::plant(&db, &Setup::default(), "house", clock.now()).await.unwrap();
        let ids = db.register("house", clock.now()).await.unwrap();
        let profile = format!("id = \"house\"\nextends = \"demo\"\n{knobs}");
        let policies = Policies::load(&[("house".to_owned(), profile)]).unwrap();
        let names = Names {
            server: "transport test".to_owned(),
            repository: "TEST".to_owned(),
            registry: RegistrarId::parse("registry").unwrap(),
        };
        let gate = Gate::new(db, ids, clock, policies, "house", names).unwrap();
        let mut settings = ServeSettings {
            gate,
            listen: "127.0.0.1:0".parse().unwrap(),
            tls: TlsFiles::from(&certs),
            operator: None,
            sandbox: false,
        };
        change(&mut settings);
        let server = Server::start(settings).await.unwrap();
        let door = Door { address: server.local_addr().to_string(), ca: certs.ca.clone(), from: None };
        Self { server, door, certs, folder }
    }

    /// Where EPP clients connect.
    pub fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// A place for a test's own files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A connection with alpha's certificate, its greeting read.
    pub async fn connect(&self) -> Client {
        Client::connect(&self.door, &alpha()).await.unwrap()
    }

    /// A session of alpha's.
    pub async fn enter(&self) -> Client {
        Client::enter(&self.door, &alpha()).await.unwrap()
    }

    /// Stops the server and takes the folder away. What it sent must have been valid.
    pub async fn close(self) {
        let db = self.server.gate().db().clone();
        self.server.shutdown().await;
        db.close().await;
        crate::schema::verify();
    }
}

/// Logs out and waits for the end of the connection.
pub async fn leave(mut client: Client) {
    assert_eq!(client.run("logout", "").await.unwrap().code(), 1500);
    assert!(client.receive().await.unwrap().is_none());
}

/// The first registrar.
pub fn alpha() -> Account {
    seed::accounts().swap_remove(0)
}

/// The second registrar.
pub fn bravo() -> Account {
    seed::accounts().swap_remove(1)
}

/// How alpha connects.
pub fn alpha_tls(ca: &std::path::Path) -> Arc<ClientConfig> {
    let alpha = alpha();
    client::tls(ca, Some((&alpha.cert, &alpha.key))).unwrap()
}

fn copy(made: &DevCerts, to: PathBuf) -> DevCerts {
    fs::create_dir(&to).unwrap();
    for entry in fs::read_dir(&made.dir).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, to.join(from.file_name().unwrap())).unwrap();
    }
    let names: Vec<&str> = made.clients.iter().map(|c| c.name.as_str()).collect();
    domesday::certs::dev(&to, &names).unwrap()
}
