//! `domesday desk`: what a registrar's staff asks for, with its exit code, its dry run and its trace.

use std::path::Path;

use domesday::clock::Clock;
use domesday::store::Db;

use super::run::{Ended, run, run_with};
use crate::typed::Registry;

const AT: &[&str] = &["--database", "sqlite:registry.db", "--server-profile", "demo", "--json"];

/// Runs a line of words on the registry in that folder.
pub fn on(dir: &Path, line: &str) -> Ended {
    let words: Vec<&str> = line.split(' ').collect();
    run(dir, &[&words[..], AT].concat())
}

/// A registry in that folder, with its registrars and the zone `example`.
pub async fn registry(dir: &Path) {
    let db = Db::open(&format!("sqlite:{}", dir.join("registry.db").display())).await.unwrap();
    db.migrate().await.unwrap();
    db.register("tests", Clock::system().now()).await.unwrap();
    drop(Registry::new(&db, "").await);
    db.close().await;
}

#[track_caller]
fn refused(ended: &Ended) -> (u64, String) {
    assert_eq!(ended.code, 1, "{ended:?}");
    let said: serde_json::Value =
        serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {ended:?}"));
    (said["code"].as_u64().unwrap_or(0), said["reason"].as_str().unwrap_or("").to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_obeys_the_rules_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    let create = "desk alpha domain create foo.example years=2";
    assert_eq!(on(dir, &format!("{create} --dry-run")).json()["code"], 1000);
    assert_eq!(refused(&on(dir, "desk alpha domain:info foo.example")).0, 2303, "a dry run leaves nothing");
    let made = on(dir, create).json();
    assert_eq!((&made["code"], &made["user"]), (&1000.into(), &"alpha".into()));
    assert_eq!(made["reply"]["domain_created"]["name"], "foo.example");
    let other = on(dir, "desk beta domain:delete foo.example");
    assert_eq!(refused(&other), (2201, "NotSponsor".to_owned()));
    on(dir, "desk alpha domain:destroy foo.example")
        .fails_with(&["no command domain:destroy", "desk --help"]);
    on(dir, "desk alpha domain:delete foo.example on=never").fails_with(&["\"never\" is no day"]);
    on(dir, "desk alpha domain:delete foo.example frob=1").fails_with(&["does not take \"frob\""]);
    on(dir, "desk nobody domain:delete foo.example").fails_with(&["no registrar nobody"]);
    let stranger = on(dir, "desk alpha --user beta domain:delete foo.example");
    assert_eq!(refused(&stranger), (2501, "AccountClosed".to_owned()));
    // A secret may come by standard input.
    let words = ["desk", "alpha", "domain:update", "foo.example", "pw=-"];
    let changed = run_with(dir, &[&words[..], AT].concat(), "Domain-Pw-9\n");
    assert_eq!(changed.json()["code"], 1000);
    let asked = run_with(
        dir,
        &[&["desk", "beta", "domain:transfer-request", "foo.example", "pw=-"][..], AT].concat(),
        "Domain-Pw-9\n",
    );
    assert_eq!(asked.json()["code"], 1001);
    // What the registry does to the domain: its registrar's desk meets it.
    assert_eq!(on(dir, "domain hold foo.example --kind court --dry-run").json()["dry_run"], true);
    on(dir, "domain hold foo.example --kind court").json();
    on(dir, "domain hold foo.example").fails_with(&["it is that already"]);
    assert_eq!(refused(&on(dir, "desk alpha domain:delete foo.example")).1, "StatusProhibits");
    assert_eq!(on(dir, "domain show foo.example").json()["marks"][0]["detail"], "court");
    on(dir, "domain lift foo.example").json();
    on(dir, "domain violation foo.example data --deadline 2000-01-01").fails_with(&["lies in the past"]);
    on(dir, "domain violation foo.example data --deadline 2999-01-01").json();
    on(dir, "domain settle foo.example").json();
    on(dir, "domain revoke-ns foo.example").json();
    on(dir, "domain restore-ns foo.example").json();
    on(dir, "domain lock foo.example").json();
    on(dir, "domain unlock foo.example --until 2999-01-01").json();
    on(dir, "domain unlock foo.example").json();
    on(dir, "domain out-of-service foo.example").json();
    on(dir, "domain in-service foo.example").json();
    on(dir, "domain in-service foo.example").fails_with(&["it is not that"]);
    let help = run(dir, &["desk", "--help"]);
    assert!(help.out.contains("hitpoints:unblock"), "{help:?}");
}

/// What no XML carries of a host, the desk and the operator see.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_administrator_of_a_name_server_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    let rules = "id = \"own\"\nextends = \"demo\"\n[zone.host]\nns_admin = true\n";
    std::fs::create_dir(dir.join("profiles")).unwrap();
    std::fs::write(dir.join("profiles/own.toml"), rules).unwrap();
    std::fs::write(
        dir.join("domesday.toml"),
        "database = \"sqlite:registry.db\"\nprofile = \"own\"\nprofiles_dir = \"profiles\"\n",
    )
    .unwrap();
    let own = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let at = ["--config", "domesday.toml", "--json"];
        run(dir, &[&words[..], &at[..]].concat())
    };
    own("desk beta contact:create nsa-1 name=Ada city=Gent cc=BE email=a@b.example").json();
    let made = own("desk alpha host:create ns1.elsewhere.test admin=nsa-1").json();
    assert_eq!(made["code"], 1001, "{made}");
    let waits = own("host show ns1.elsewhere.test").json();
    assert_eq!(
        (&waits["administrator"], &waits["pending"][0]["waits_for"]),
        (&().into(), &"administrator".into())
    );
    assert_eq!(own("desk beta host:accept ns1.elsewhere.test").json()["code"], 1000);
    let shown = own("host show ns1.elsewhere.test").json();
    assert_eq!((&shown["registrar"], &shown["administrator"]), (&"alpha".into(), &"nsa-1".into()));
    assert_eq!((&shown["administered_by"], &shown["management"]), (&"beta".into(), &"registrar".into()));
    let seen = own("desk alpha host:info ns1.elsewhere.test").json();
    assert_eq!(seen["reply"]["host_info"]["admin"], "nsa-1", "{seen}");
    own("host show ns2.elsewhere.test").fails_with(&["no host"]);
}
