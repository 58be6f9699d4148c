//! The log: one line for each command, and no secret in any line, whatever is logged.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use domesday::telemetry::{LogFormat, subscriber};
use serde_json::Value;

use super::house::{House, alpha};
use crate::client::{command, login_body};
use crate::seed::PASSWORD;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything runs on this test's one thread, so its subscriber sees the server's lines and no others.
#[tokio::test]
async fn one_line_a_command_and_no_secret() {
    const AUTH: &str = "Very-Secret-Auth-1";
    let lines = Lines::default();
    let writer = lines.clone();
    // While a process has one subscriber only, a line's first use on a thread without it (another test's) switches
    // that line off everywhere; a second one, which wants nothing, keeps this from happening.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = subscriber(LogFormat::Json, "trace", move || writer.clone()).unwrap();
    let guard = tracing::subscriber::set_default(subscriber);

    let house = House::open("").await;
    let mut client = house.connect().await;
    let wrong = login_body(&client.greeting, &alpha().id, "Wrong-Horse-77");
    client.ask(&command("login", &wrong, Some("log-1"))).await.unwrap();
    let right = login_body(&client.greeting, &alpha().id, PASSWORD);
    client.ask(&command("login", &right, Some("log-2"))).await.unwrap();
    let body = format!("<name>logged.example</name><authInfo><pw>{AUTH}</pw></authInfo>");
    client.ask(&command("domain:create", &body, Some("log-3"))).await.unwrap();
    client.ask(&format!("<epp><pw>{PASSWORD}</pw>")).await.unwrap();
    client.ask(&command("logout", "", Some("log-5"))).await.unwrap();
    house.close().await;
    drop(guard);

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for secret in [PASSWORD, AUTH, "Wrong-Horse-77"] {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} is in the log: {line:?}");
    }
    assert!(text.lines().any(|line| line.contains("domesday::frame")), "frames are logged when asked for");
    let commands: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["target"] == "domesday::command")
        .collect();
    let told: Vec<_> = commands
        .iter()
        .map(|line| {
            (line["command"].as_str().unwrap(), line["code"].as_u64().unwrap(), line["cltrid"].as_str())
        })
        .collect();
    assert_eq!(told.len(), 5, "{told:?}");
    assert_eq!(told[0], ("login", 2200, Some("log-1")));
    assert_eq!(told[1], ("login", 1000, Some("log-2")));
    assert_eq!(told[2], ("domain:create", 1000, Some("log-3")));
    assert_eq!((told[3].1, told[3].2), (2001, None));
    assert_eq!(told[4], ("logout", 1500, Some("log-5")));
    let create = &commands[2];
    assert_eq!((&create["registrar"], &create["user"]), (&"alpha".into(), &"alpha".into()));
    assert_eq!(create["peer"], "127.0.0.1");
    for part in ["read_us", "parse_us", "gate_us", "store_us", "encode_us", "write_us"] {
        assert!(create[part].is_u64(), "{part} in {create}");
    }
    assert!(create["svtrid"].as_str().unwrap().starts_with("DD-"));
    assert_eq!(commands[0]["reason"], "BadCredentials");
}
