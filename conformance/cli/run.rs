//! Running the binary: to its end, or as a server until it is told to stop.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Its standard output, which must be one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// It failed, told why in those words and what to do about it, and printed no result.
    #[track_caller]
    pub fn fails_with(&self, words: &[&str]) {
        assert_eq!(self.code, 1, "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        // Log lines may come first, such as a warning of the machine's limits.
        assert!(self.err.lines().any(|line| line.starts_with("error: ")), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} is missing in {self:?}");
        }
    }
}

fn program(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_domesday"));
    command.args(args).current_dir(dir);
    for name in ["DOMESDAY_DATABASE", "DOMESDAY_PROFILE", "DOMESDAY_PASSWORD", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command in that folder to its end.
pub fn run(dir: &Path, args: &[&str]) -> Ended {
    run_with(dir, args, "")
}

/// Runs a command with a standard input.
pub fn run_with(dir: &Path, args: &[&str], input: &str) -> Ended {
    let mut child = program(dir, args).spawn().unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
}

/// A server that runs until it is dropped.
pub struct Running {
    child: Child,
    /// The line it printed once it accepted connections.
    pub line: Value,
}

impl Running {
    /// Starts a server that prints one JSON line.
    #[track_caller]
    pub fn start(dir: &Path, args: &[&str]) -> Self {
        let mut child = program(dir, args).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let (told, line) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let read = lines.read_line(&mut text).map(|_| text);
            // Whatever comes after it is read too, so that the server never waits for us.
            let _ = told.send(read);
            let _ = lines.read_to_end(&mut Vec::new());
        });
        let mut err = child.stderr.take().unwrap();
        let (told_err, all_err) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = err.read_to_string(&mut text);
            let _ = told_err.send(text);
        });
        let text = line.recv_timeout(PATIENCE).unwrap().unwrap();
        let line = serde_json::from_str(&text).unwrap_or_else(|e| {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{e}: {text:?} {:?}", all_err.recv_timeout(PATIENCE))
        });
        Self { child, line }
    }

    /// A text of its line.
    #[track_caller]
    pub fn text(&self, key: &str) -> &str {
        self.line[key].as_str().unwrap_or_else(|| panic!("no {key} in {}", self.line))
    }

    /// Sends a signal and waits for the end; says the exit code.
    pub fn stop(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let begun = std::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not stop");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A demo with free ports, in that folder.
#[track_caller]
pub fn demo(dir: &Path, more: &[&str]) -> Running {
    let mut args = vec!["demo", "--json", "--listen", "127.0.0.1:0", "--log", "warn"];
    args.extend(more);
    Running::start(dir, &args)
}
