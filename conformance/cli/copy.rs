//! A registry that was begun with the demo on SQLite goes on on Postgres, and back.

use super::run::{Running, demo, run};
use crate::pg::Cluster;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_moves_to_postgres_and_is_served_there() {
    let postgres = Cluster::shared().database().await;
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let first = demo(dir, &[]);
    for line in
        ["contact create holder --name A --city B --cc BE --email a@example.com", "create moved.example"]
    {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(run(dir, &[&["epp"][..], &words[..]].concat()).code, 0, "{line}");
    }
    assert_eq!(first.stop("-TERM"), Some(0));

    let there = run(dir, &["copy", "--from", "sqlite:var/registry.db", "--to", &postgres, "--json"]).json();
    let config = std::fs::read_to_string(dir.join("var/demo.toml")).unwrap();
    let database = config.lines().find(|line| line.starts_with("database = ")).unwrap().to_owned();
    std::fs::write(dir.join("pg.toml"), config.replace(&database, &format!("database = {postgres:?}")))
        .unwrap();
    let shown = run(dir, &["domain", "show", "moved.example", "--config", "pg.toml", "--json"]).json();
    assert_eq!(shown["registrar"], "registrar-a");
    let back = run(dir, &["copy", "--from", &postgres, "--to", "sqlite:back.db", "--json"]).json();
    // The command that looked took a process number; all else is as it was.
    let rest = |report: &serde_json::Value| {
        let tables = report["tables"].as_array().unwrap().iter().filter(|t| t["table"] != "counter");
        tables.cloned().collect::<Vec<_>>()
    };
    assert_eq!(rest(&there), rest(&back));

    let server = Running::start(dir, &["serve", "--config", "pg.toml", "--json"]);
    let info = run(dir, &["epp", "--server", server.text("epp"), "info", "moved.example", "--json"]).json();
    assert_eq!(info["code"], 1000);
    let sessions = run(dir, &["sessions", "--config", "pg.toml", "--json"]).json();
    assert_eq!(sessions["sessions"], serde_json::json!([]), "a session that ended is not listed");
    assert_eq!(server.stop("-TERM"), Some(0));
}
