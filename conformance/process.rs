//! The real program: `domesday serve` as a child process, on a database that tests made ready.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};

use domesday::clock::{Clock, Ts};
use domesday::store::Db;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::Door;
use crate::pg::Place;
use crate::script::Setup;
use crate::seed;
use crate::subject::{Deed, Operator, Subject};

/// A profile for accounts that pay.
const PAID: &str = r#"
id = "paid"
extends = "demo"
[account.bill]
mode = "prepaid"
gated_ops = ["create", "transfer"]
credit_limit = "1000000.00"
[account.bill.prices]
create = "4.00"
renew = "3.00"
transfer = "6.00"
"#;

/// A running `domesday serve`. Killed when dropped.
pub struct Process {
    child: Child,
    /// Held open: a program whose output nobody reads may end for that.
    _output: BufReader<ChildStdout>,
    pub door: Door,
    operator: String,
    /// Configuration and log.
    folder: TempDir,
    /// How far the clock was moved.
    moved: AtomicI64,
}

impl Process {
    /// Makes a database ready: the zone `example`, three registrars.
    pub async fn prepare(database: &str) {
        let db = Db::open(database).await.unwrap();
        db.migrate().await.unwrap();
        seed::plant(&db, &Setup::default(), "demo", Clock::system().now()).await.unwrap();
        db.close().await;
    }

    /// Starts one and waits until it accepts connections.
    pub async fn start(database: &str) -> Self {
        let database = database.to_owned();
        tokio::task::spawn_blocking(move || Self::launch(&database)).await.unwrap()
    }

    fn launch(database: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("domesday.toml");
        let certificates = seed::certificates();
        let rules = folder.path().join("rules");
        std::fs::create_dir(&rules).unwrap();
        std::fs::write(rules.join("paid.toml"), PAID).unwrap();
        let text = format!(
            "listen = \"127.0.0.1:0\"\noperator = \"127.0.0.1:0\"\nsandbox = true\n\
             database = {database:?}\nprofile = \"demo\"\nprofiles_dir = {rules:?}\n\
             [names]\nserver = \"Domesday conformance\"\nrepository = \"TEST\"\nregistry = \"registry\"\n\
             [tls]\ncertificate = {:?}\nkey = {:?}\nclient_ca = {:?}\n",
            certificates.server_cert, certificates.server_key, certificates.ca,
        );
        std::fs::write(&config, text).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_domesday"))
            .args(["serve", "--json", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("domesday serve does not start: {line}\n{log}")
        });
        let address = |key: &str| said[key].as_str().unwrap().to_owned();
        Self {
            door: Door { address: address("epp"), ca: certificates.ca.clone(), from: None },
            operator: address("operator"),
            child,
            _output: output,
            folder,
            moved: AtomicI64::new(0),
        }
    }

    /// Ends it as a power cut would: nothing it holds in memory survives.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its log so far.
    pub fn log(&self) -> String {
        let path: PathBuf = self.folder.path().join("log");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    async fn post(&self, path: &str) -> Result<(), String> {
        let ask = async {
            let mut stream = TcpStream::connect(&self.operator).await?;
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Domesday: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(request.as_bytes()).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = ask.await.map_err(|e| format!("{path}: {e}"))?;
        if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(format!("{path}: {answer}")) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// The program with the database it runs on.
struct Running {
    process: Process,
    _place: Place,
}

impl Operator for Running {
    fn now(&self) -> Ts {
        Clock::system().now().plus_seconds(self.process.moved.load(Ordering::Relaxed))
    }

    fn advance(&self, seconds: i64) -> Deed<'_> {
        Box::pin(async move {
            self.process.moved.fetch_add(seconds, Ordering::Relaxed);
            self.process.post(&format!("/clock?advance={seconds}")).await
        })
    }

    fn operate<'a>(&'a self, _kind: &'a str, _name: &'a str, _value: &'a str, _on: bool) -> Deed<'a> {
        Box::pin(async { Err("the program's database is its own".to_owned()) })
    }

    fn stop(self: Box<Self>) -> Deed<'static> {
        Box::pin(async { Ok(()) })
    }
}

/// The real program as a subject, on a new database.
pub async fn subject(place: Place) -> Subject {
    Process::prepare(&place.url).await;
    let process = Process::start(&place.url).await;
    let door = process.door.clone();
    Subject {
        door,
        second: None,
        accounts: seed::accounts(),
        operator: Box::new(Running { process, _place: place }),
    }
}
