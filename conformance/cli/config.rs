//! The configuration of `domesday serve`: what is checked, how a fault is told, and a server that runs by it.

use std::fmt::Write as _;
use std::path::Path;

use super::run::{Running, run};

/// A configuration with development certificates, free ports and the lines given.
fn written(dir: &Path, more: &str) {
    let made = run(dir, &["dev-certs", "one", "--json"]).json();
    let mut text = String::from(
        "database = \"sqlite:registry.db\"\nlisten = \"127.0.0.1:0\"\noperator = \"127.0.0.1:0\"\n",
    );
    text.push_str(more);
    let path = |key: &str, name: &str| made[key][name].as_str().unwrap_or_default().to_owned();
    let (cert, key) = (path("server", "cert"), path("server", "key"));
    let (ca, crl) = (made["ca"].as_str().unwrap(), made["crl"].as_str().unwrap());
    write!(text, "\n[tls]\ncertificate = {cert:?}\nkey = {key:?}\nclient_ca = {ca:?}\ncrls = [{crl:?}]\n")
        .unwrap();
    text.push_str("\n[log]\nfilter = \"error\"\n");
    std::fs::write(dir.join("d.toml"), text).unwrap();
}

fn check(dir: &Path) -> super::run::Ended {
    run(dir, &["check-config", "--config", "d.toml"])
}

#[test]
fn the_sample_is_a_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let sample = run(dir, &["config", "sample"]);
    assert_eq!(run(dir, &["serve", "--print-sample"]).out, sample.out);
    std::fs::write(dir.join("d.toml"), &sample.out).unwrap();
    // It names certificates that this machine does not have, and has no other fault.
    check(dir).fails_with(&["/etc/domesday/server.pem"]);
}

#[test]
fn a_fault_names_file_line_and_nearest_key() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    written(dir, "nodes = \"a\"\n");
    check(dir).fails_with(&["d.toml: line 4: unknown key `nodes`; the nearest known key is `node`"]);
    written(dir, "profile = \"none\"\n");
    check(dir).fails_with(&["no profile named \"none\"", "demo, dk, dk-2026, dnsbe, gtld"]);
    std::fs::create_dir(dir.join("rules")).unwrap();
    let own = "id = \"own\"\nextends = \"gtld\"\n\n[server.session]\nidle_timeout = 5\n";
    std::fs::write(dir.join("rules/own.toml"), own).unwrap();
    written(dir, "profile = \"own\"\nprofiles_dir = \"rules\"\n");
    let key = "unknown key `server.session.idle_timeout`; the nearest known key is `idle_timeout_s`";
    check(dir).fails_with(&["rules/own.toml: line 5: ", key]);
    std::fs::write(dir.join("rules/own.toml"), own.replace("idle_timeout", "idle_timeout_s")).unwrap();
    assert_eq!(check(dir).code, 0, "{:?}", check(dir));
}

#[test]
fn an_address_of_another_machine_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    written(dir, "");
    let text = std::fs::read_to_string(dir.join("d.toml")).unwrap();
    std::fs::write(
        dir.join("d.toml"),
        text.replace("listen = \"127.0.0.1:0\"", "listen = \"192.0.2.1:700\""),
    )
    .unwrap();
    check(dir).fails_with(&["listen: 192.0.2.1", "hint: "]);
}

#[test]
fn a_key_of_another_certificate_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    written(dir, "");
    let text = std::fs::read_to_string(dir.join("d.toml")).unwrap();
    std::fs::write(dir.join("d.toml"), text.replace("server.key", "one.key")).unwrap();
    check(dir).fails_with(&["one.key"]);
}

#[test]
fn secrets_come_from_elsewhere_and_are_masked() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    written(dir, "");
    std::fs::write(dir.join("url"), "postgres://u:s3cret@localhost/d\n").unwrap();
    let text = std::fs::read_to_string(dir.join("d.toml")).unwrap();
    std::fs::write(dir.join("d.toml"), text.replace("\"sqlite:registry.db\"", "{ file = \"url\" }")).unwrap();
    let shown = check(dir);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.out.contains("postgres://u:***@localhost/d") && !shown.out.contains("s3cret"), "{shown:?}");
}

#[test]
fn a_server_runs_by_it_and_stops_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    written(dir, "profile = \"demo\"\n");
    let server = Running::start(dir, &["serve", "--config", "d.toml", "--json"]);
    let epp = server.text("epp").to_owned();
    let hello = ["epp", "--server", &epp, "--ca", "certs/dev/ca.pem", "--cert", "certs/dev/one.pem", "--key"];
    let greeted = run(dir, &[&hello[..], &["certs/dev/one.key", "--no-login", "hello"][..]].concat());
    assert!(greeted.out.contains("<svID>domesday</svID>"), "{greeted:?}");
    assert_eq!(
        run(dir, &["registrar", "list", "--config", "d.toml", "--json"]).json()["registrars"],
        serde_json::json!([])
    );

    let text = std::fs::read_to_string(dir.join("d.toml")).unwrap();
    let taken = text.replace("listen = \"127.0.0.1:0\"", &format!("listen = {epp:?}"));
    std::fs::write(dir.join("taken.toml"), taken.replace("sqlite:registry.db", "sqlite:other.db")).unwrap();
    let second = run(dir, &["serve", "--config", "taken.toml"]);
    second.fails_with(&["cannot listen on", "hint: another program listens there"]);
    assert_eq!(server.stop("-TERM"), Some(0));
}

/// Codes of the registry's making are no secret from whoever reads the database where there is no key.
#[test]
fn a_start_without_a_key_for_codes_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let with = |args: &[&str]| run(dir, &[args, &["--config", "d.toml"]].concat());
    // The address is in use, so that each start ends by itself.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("listen = \"{}\"", taken.local_addr().unwrap());
    let warned = |more: &str| {
        written(dir, more);
        let text = std::fs::read_to_string(dir.join("d.toml")).unwrap();
        let text = text.replace("listen = \"127.0.0.1:0\"", &listen);
        std::fs::write(dir.join("d.toml"), text.replace("filter = \"error\"", "filter = \"warn\"")).unwrap();
        let ended = with(&["serve"]);
        ended.fails_with(&["cannot listen on"]);
        ended.err.contains("token_key is empty")
    };
    assert!(!warned(""));
    assert_eq!(with(&["zone", "add", "plain"]).code, 0);
    assert!(!warned(""));
    assert_eq!(with(&["zone", "add", "example", "--profile", "dk"]).code, 0);
    assert!(warned(""));
    assert!(!warned(&format!("token_key = \"{}\"\n", "k".repeat(32))));
}

/// Profiles that zones and registrars picked may be gone, or changed, when a server starts.
#[test]
fn rules_that_are_gone_stop_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::create_dir(dir.join("rules")).unwrap();
    let own = "id = \"own\"\nextends = \"gtld\"\n";
    std::fs::write(dir.join("rules/own.toml"), own).unwrap();
    written(dir, "profiles_dir = \"rules\"\n");
    let with = |args: &[&str]| run(dir, &[args, &["--config", "d.toml"]].concat());
    assert_eq!(with(&["migrate"]).code, 0);
    assert_eq!(with(&["zone", "add", "example", "--profile", "own", "ns.min=5"]).code, 0);
    assert_eq!(with(&["registrar", "add", "acme", "--name", "Acme", "--profile", "own"]).code, 0);

    std::fs::write(dir.join("rules/own.toml"), format!("{own}zone.ns.max = 4\n")).unwrap();
    with(&["serve"])
        .fails_with(&["the rules of zone example", "`zone.ns.min` is 5, more than `zone.ns.max`"]);
    std::fs::remove_file(dir.join("rules/own.toml")).unwrap();
    assert_eq!(with(&["zone", "set", "example", "--profile", "gtld"]).code, 0);
    with(&["serve"]).fails_with(&[
        "the rules of registrar acme",
        "no profile named \"own\"",
        "registrar set acme",
    ]);
}
