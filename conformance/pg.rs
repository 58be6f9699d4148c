//! A throw-away Postgres cluster, one per test process, and fresh databases in it.
//!
//! The cluster lies in a temporary directory, listens on a free port of 127.0.0.1 and never outlives the process: a
//! shell waits at a pipe that only this process holds open, and stops and removes the cluster when it closes, however
//! the process ends. Programs are found in `/usr/lib/postgresql/*/bin`, in `PATH`, or where `DOMESDAY_PG_BIN` says;
//! run by root they run as the user `postgres`. Its texts are sorted by ICU, unlike SQLite's, on purpose.

use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use domesday::store::Db;
use tempfile::TempDir;
use tokio_postgres::NoTls;

const MISSING: &str = "no PostgreSQL programs (15 or later) were found: these tests run on both engines and never skip \
    one. Install them with the test command of the README, or name their folder in DOMESDAY_PG_BIN";

/// How long the cluster may take to answer for the first time.
const START: Duration = Duration::from_secs(60);

/// Whether the cluster syncs to the disk. Only tests that kill it need that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fsync {
    /// As in production.
    On,
    /// Fast.
    Off,
}

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    folder: PathBuf,
    fsync: Fsync,
    /// Closed, by us or by the process's end, it ends the cluster.
    _watchdog: ChildStdin,
}

impl Cluster {
    /// The cluster this process's tests share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Fsync::Off))
    }

    /// A cluster of one's own, to be killed for instance.
    pub fn start(fsync: Fsync) -> Self {
        let programs = programs();
        let folder = output(as_postgres("mktemp").args(["-d", "/tmp/domesday-pg.XXXXXX"]));
        let folder = PathBuf::from(folder.trim());
        let data = folder.join("data");
        output(
            as_postgres(programs.join("initdb"))
                .args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--username=postgres"])
                .args(["--locale=C", "--locale-provider=icu", "--icu-locale=en", "-D"])
                .arg(&data),
        );
        // The port may be taken by somebody else between the look and the start; then another is tried.
        // One watchdog for all tries: when it is let go, the folder goes too.
        let mut cluster = Self { port: 0, fsync, _watchdog: watch(&folder), folder };
        for _ in 0..5 {
            cluster.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            serve(&programs, &cluster.folder, cluster.port, fsync);
            if cluster.answers() {
                return cluster;
            }
        }
        let log = std::fs::read_to_string(cluster.folder.join("log")).unwrap_or_default();
        panic!("Postgres did not start:\n{log}");
    }

    /// The address of a database of this cluster.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable&pool_size=8", self.port)
    }

    /// A new, empty database; its address.
    pub async fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name}")).await;
        self.url(&name)
    }

    /// Runs an administrator's statement.
    pub async fn execute(&self, sql: &str) {
        let address = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", self.port);
        let (client, connection) = tokio_postgres::connect(&address, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
    }

    /// Puts a file of the server's own into its data folder.
    pub fn file(&self, name: &str, text: &str) {
        let mut command = as_postgres("sh");
        command.args(["-c", "umask 077; cat > \"$0\""]).arg(self.folder.join("data").join(name));
        let mut writing = command.stdin(Stdio::piped()).spawn().unwrap();
        writing.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(writing.wait().unwrap().success());
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends the server as a crash does: without a word to its clients, or a checkpoint.
    pub fn crash(&self) {
        let file = self.folder.join("data/postmaster.pid");
        let pid = std::fs::read_to_string(&file).unwrap().lines().next().unwrap().trim().to_owned();
        output(Command::new("kill").args(["-QUIT", &pid]));
        let begun = Instant::now();
        while file.exists() {
            assert!(begun.elapsed() < START, "the server does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts it again after a crash, on the same port.
    pub fn restart(&self) {
        serve(&programs(), &self.folder, self.port, self.fsync);
        assert!(self.answers(), "the server does not come back");
    }

    fn answers(&self) -> bool {
        let begun = Instant::now();
        let isready = programs().join("pg_isready");
        while begun.elapsed() < START {
            let port = self.port.to_string();
            let asked = Command::new(&isready).args(["-q", "-h", "127.0.0.1", "-p", &port]).status().unwrap();
            if asked.success() {
                return true;
            }
            if !self.folder.join("data/postmaster.pid").exists() && begun.elapsed() > Duration::from_secs(5) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

#[expect(clippy::zombie_processes, reason = "whoever crashes it, or the watchdog, ends it")]
fn serve(programs: &Path, folder: &Path, port: u16, fsync: Fsync) {
    let log = File::create(folder.join("log")).unwrap();
    let fsync = if fsync == Fsync::On { "fsync=on" } else { "fsync=off" };
    as_postgres(programs.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder)
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"])
        .args(["-c", fsync, "-c", "shared_buffers=64MB", "-c", "log_min_messages=warning"])
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .process_group(0)
        .spawn()
        .expect("the server starts");
}

/// The shell that ends the server and removes its folder.
#[expect(clippy::zombie_processes, reason = "it outlives this process")]
fn watch(folder: &Path) -> ChildStdin {
    let script = "read -r _; pid=$(head -n 1 \"$0/data/postmaster.pid\") && kill -QUIT \"$pid\"; \
        for _ in 1 2 3 4 5 6 7 8 9 10; do test -e \"$0/data/postmaster.pid\" || break; sleep 0.2; done; \
        rm -rf \"$0\"";
    let watchdog = Command::new("sh")
        .args(["-c", script])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("a shell starts");
    watchdog.stdin.unwrap()
}

/// The folder of the newest PostgreSQL programs.
fn programs() -> PathBuf {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| find_programs().expect(MISSING)).clone()
}

fn find_programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("DOMESDAY_PG_BIN").map(PathBuf::from).into_iter().collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|version| version.path()).collect();
    versions.sort_by_key(|path| path.file_name().and_then(|n| n.to_str()?.parse::<u32>().ok()));
    folders.extend(versions.into_iter().rev().map(|version| version.join("bin")));
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// The server refuses to run as root.
fn as_postgres(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let root = output(Command::new("id").arg("-u")).trim() == "0";
    let mut command = if root { Command::new("runuser") } else { Command::new(program.as_ref()) };
    if root {
        command.args(["-u", "postgres", "--"]).arg(program);
    }
    command.current_dir("/tmp");
    command
}

fn output(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|cause| panic!("{command:?}: {cause}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A place for one test's database, empty at first.
#[derive(Debug)]
pub struct Place {
    /// The address, for further handles.
    pub url: String,
    _folder: Option<TempDir>,
}

impl Place {
    /// A file that is removed afterwards.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("registry.db").display());
        Self { url, _folder: Some(folder) }
    }

    /// A database of the shared cluster.
    pub async fn postgres() -> Self {
        Self { url: Cluster::shared().database().await, _folder: None }
    }

    /// A handle on it.
    pub async fn open(&self) -> Db {
        Db::open(&self.url).await.unwrap()
    }

    /// A handle on it, with every migration applied.
    pub async fn migrated(&self) -> Db {
        let db = self.open().await;
        db.migrate().await.unwrap();
        db
    }
}

/// Tests that run on both engines: `name::sqlite` and `name::postgres`. The test gets a migrated database and, if it
/// asks, the place it lies in.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: Db $(, $place:ident: &Place)?) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing of its module")]
            use super::*;

            async fn run($db: ::domesday::store::Db, _place: &$crate::pg::Place) {
                $(let $place: &$crate::pg::Place = _place;)?
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let place = $crate::pg::Place::sqlite();
                run(place.migrated().await, &place).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let place = $crate::pg::Place::postgres().await;
                run(place.migrated().await, &place).await;
            }
        }
    )*};
}
pub(crate) use on_both;
