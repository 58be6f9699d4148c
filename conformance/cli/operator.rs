//! The operator's commands on a database: what they do, what they refuse, that a dry run leaves nothing and that every
//! change leaves its audit row.

use std::path::Path;

use domesday::clock::Ts;
use domesday::store::Db;
use domesday::store::login::Attempt;
use serde_json::Value;

use super::run::{Ended, run, run_with};

const DB: [&str; 2] = ["--database", "sqlite:registry.db"];

/// Runs a line of words on the database, its answer as JSON.
pub fn on(dir: &Path, line: &str) -> Ended {
    let words: Vec<&str> = line.split(' ').collect();
    run(dir, &[&words[..], &DB[..], &["--json"][..]].concat())
}

pub fn migrated() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let made = on(dir.path(), "migrate").json();
    assert_eq!(made["pending"], 0, "{made}");
    assert!(made["applied"].as_array().is_some_and(|a| !a.is_empty()), "{made}");
    assert_eq!(on(dir.path(), "migrate").json()["applied"].as_array().map(Vec::len), Some(0));
    dir
}

/// The audit rows of operator's commands, oldest first.
fn audited(dir: &Path) -> Vec<String> {
    let url = format!("sqlite:{}", dir.join("registry.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&url).await.unwrap();
        db.read(|tx| {
            Box::pin(async {
                tx.all::<String>("SELECT command FROM audit WHERE source = 'cli' ORDER BY id", &[]).await
            })
        })
        .await
        .unwrap()
    })
}

#[test]
fn registrars_and_users_are_kept() {
    let dir = migrated();
    let dir = dir.path();
    let added = on(
        dir,
        "registrar add acme --name Acme --email ops@acme.example --with-user --generate --profile demo",
    )
    .json();
    assert_eq!(added["registrar"]["name"], "Acme");
    assert_eq!(added["password"].as_str().map(str::len), Some(16));
    on(dir, "registrar add acme --name Again").fails_with(&["acme is there already", "hint: "]);
    on(dir, "registrar add ab --name Short").fails_with(&["\"ab\" is not an identifier", "3 to 16"]);
    on(dir, "registrar set acme").fails_with(&["nothing to change"]);
    on(dir, "registrar set nobody --disable").fails_with(&["no registrar nobody", "registrar list"]);
    let set = on(dir, "registrar set acme --max-sessions 3 --disable").json();
    assert_eq!((&set["registrar"]["max_sessions"], &set["registrar"]["enabled"]), (&3.into(), &false.into()));
    on(dir, "registrar set acme --profile none").fails_with(&["no profile named \"none\"", "known are demo"]);
    let shown = on(dir, "registrar show acme").json();
    assert_eq!(shown["registrar"]["users"][0]["id"], "acme");
    assert_eq!(on(dir, "registrar list").json()["registrars"].as_array().map(Vec::len), Some(1));

    on(dir, "user add acme-2 --registrar nobody --generate").fails_with(&["no registrar nobody"]);
    assert_eq!(on(dir, "user add acme-2 --registrar acme --generate").json()["user"]["registrar"], "acme");
    on(dir, "user add acme-2 --registrar acme --generate").fails_with(&["acme-2 is there already"]);
    assert_eq!(on(dir, "user disable acme-2").json()["enabled"], false);
    let users = on(dir, "user list --registrar acme").json();
    let of = |n: usize| (users["users"][n]["id"].as_str(), users["users"][n]["enabled"].as_bool());
    assert_eq!([of(0), of(1)], [(Some("acme"), Some(true)), (Some("acme-2"), Some(false))]);
    assert_eq!(on(dir, "user enable acme-2").json()["enabled"], true);
    let weak = run_with(dir, &["user", "set-password", "acme", DB[0], DB[1]], "short\n");
    weak.fails_with(&["password rules", "hint: "]);
    assert!(!weak.err.contains("short"), "a password is never shown: {weak:?}");
    assert_eq!(run_with(dir, &["user", "set-password", "acme", DB[0], DB[1]], "Long-Enough1\n").code, 0);
    assert_eq!(
        audited(dir),
        ["registrar:add", "registrar:set", "user:add", "user:disable", "user:enable", "user:set-password"]
    );
}

#[test]
fn users_belong_to_a_service_and_have_roles() {
    let dir = migrated();
    let dir = dir.path();
    on(dir, "registrar add acme --name Acme --with-user --generate --profile demo").json();
    on(dir, "user add acme-2 --registrar acme --generate").json();
    let single = "user add acme-3 --registrar acme --generate";
    assert_eq!(on(dir, "registrar set acme --profile gtld").json()["registrar"]["profile"], "gtld");
    on(dir, single).fails_with(&["has its one EPP user, acme", "account.identity.model is single"]);
    on(dir, "user set acme-2 --service das").fails_with(&["no users of service das", "are epp"]);
    on(dir, "registrar set acme --profile demo").json();
    let duties = on(dir, "user set acme-2 --service das --roles payer,proxy").json();
    assert_eq!(duties["user"]["service"], "das");
    assert_eq!(duties["user"]["roles"], serde_json::json!(["proxy", "payer"]));
    assert_eq!(on(dir, "user show acme-2").json()["user"], duties["user"]);
    on(dir, "user set acme-2").fails_with(&["nothing to change"]);
    assert_eq!(on(dir, "user set acme-2 --roles boss").code, 2);
    assert_eq!(
        on(dir, "user set acme-2 --roles none --service epp").json()["user"]["roles"],
        serde_json::json!([])
    );
    let gone = on(dir, "user add acme-4 --registrar acme --generate --service dsu").json();
    assert_eq!(gone["user"]["service"], "dsu");
    on(dir, "user delete acme-4").json();
    on(dir, "user enable acme-4").fails_with(&["no user acme-4"]);
    on(dir, "user delete acme-4").fails_with(&["no user acme-4"]);
    on(dir, "user add acme-4 --registrar acme --generate")
        .fails_with(&["acme-4 is there already", "deleted"]);
    let listed = |line: &str| on(dir, line).json()["users"].as_array().map(Vec::len);
    assert_eq!((listed("user list"), listed("user list --deleted")), (Some(2), Some(3)));
    assert_eq!(on(dir, "user attempts acme-4").json()["attempts"], Value::Array(Vec::new()));
    assert_eq!(on(dir, "user unthrottle acme --address 192.0.2.1").json()["forgotten"], 0);
    assert_eq!(on(dir, "user unthrottle").code, 2);
}

/// Two logins that were tried, the later one in vain.
fn try_logins(dir: &Path) {
    let url = format!("sqlite:{}", dir.join("registry.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let attempt = |n: i64, outcome: &str| Attempt {
        id: n,
        at: Ts(n * 1_000_000),
        user: "acme".to_owned(),
        registrar: Some("acme".to_owned()),
        address: "192.0.2.1".to_owned(),
        outcome: outcome.to_owned(),
        counted: outcome != "success",
        agent: Default::default(),
    };
    let both = [attempt(1, "success"), attempt(2, "BadCredentials")];
    runtime.block_on(async {
        let db = Db::open(&url).await.unwrap();
        let write = db.write(move |tx| {
            let both = both.clone();
            Box::pin(async move {
                tx.login_attempt(&both[0]).await?;
                tx.login_attempt(&both[1]).await
            })
        });
        write.await.unwrap();
    });
}

#[test]
fn logins_that_were_tried_are_shown_and_forgotten() {
    let dir = migrated();
    let dir = dir.path();
    try_logins(dir);
    let shown = on(dir, "user attempts acme").json();
    let of = |n: usize| (shown["attempts"][n]["status"].as_str(), shown["attempts"][n]["reason"].as_str());
    assert_eq!([of(0), of(1)], [(Some("failure"), Some("BadCredentials")), (Some("success"), None)]);
    assert_eq!(shown["attempts"][0]["date"], "1970-01-01T00:00:02.000Z");
    assert_eq!(shown["attempts"][0]["address"], "192.0.2.1");
    assert_eq!(on(dir, "user attempts acme --limit 1").json()["attempts"].as_array().map(Vec::len), Some(1));
    assert_eq!(on(dir, "user unthrottle acme --dry-run").json()["forgotten"], 1);
    assert_eq!(on(dir, "user unthrottle acme").json()["forgotten"], 1);
    assert_eq!(on(dir, "user unthrottle --address 192.0.2.1").json()["forgotten"], 0);
    assert_eq!(on(dir, "user attempts acme").json()["attempts"][0]["counted"], false);
}

#[test]
fn a_dry_run_checks_everything_and_leaves_nothing() {
    let dir = migrated();
    let dir = dir.path();
    let tried = on(dir, "registrar add acme --name Acme --with-user --generate --dry-run").json();
    assert_eq!(tried["dry_run"], true);
    assert_eq!(on(dir, "registrar list").json()["registrars"], Value::Array(Vec::new()));
    on(dir, "user add acme --registrar acme --generate --dry-run").fails_with(&["no registrar acme"]);
    on(dir, "zone add example ns.mood=1 --dry-run").fails_with(&["`ns.mood`", "`mode`"]);
    assert_eq!(on(dir, "zone add example --dry-run").json()["zone"]["name"], "example");
    assert_eq!(on(dir, "zone list").json()["zones"], Value::Array(Vec::new()));
    assert!(audited(dir).is_empty(), "{:?}", audited(dir));
}

#[test]
fn addresses_follow_the_profile() {
    let dir = migrated();
    let dir = dir.path();
    on(dir, "registrar add acme --name Acme").json();
    on(dir, "allow add acme 192.0.2.0/24").fails_with(&["too wide", "/32"]);
    on(dir, "allow add acme 192.0.2.1/24").fails_with(&["inside a prefix", "192.0.2.0/24"]);
    on(dir, "allow add acme nowhere").fails_with(&["neither an address nor a prefix"]);
    on(dir, "allow add acme 192.0.2.1 --expires 2001-01-01").fails_with(&["in the past"]);
    assert_eq!(on(dir, "allow add acme ::ffff:192.0.2.1").json()["entry"]["prefix"], "192.0.2.1/32");
    on(dir, "allow add acme 192.0.2.1").fails_with(&["listed already"]);
    for n in 2..=20 {
        on(dir, &format!("allow add acme 192.0.2.{n}")).json();
    }
    on(dir, "allow add acme 192.0.2.21").fails_with(&["more than 20 entries", "max_entries"]);
    assert_eq!(on(dir, "allow list acme").json()["entries"].as_array().map(Vec::len), Some(20));
    on(dir, "allow remove acme 192.0.2.1").json();
    on(dir, "allow remove acme 192.0.2.1").fails_with(&["not on the list"]);
}

#[test]
fn certificates_are_pinned_by_file_and_by_digest() {
    let dir = migrated();
    let dir = dir.path();
    on(dir, "registrar add acme --name Acme --with-user --generate").json();
    let made = run(dir, &["dev-certs", "acme", "--json"]).json();
    let digest = made["clients"][0]["sha256"].as_str().unwrap();
    let file = made["clients"][0]["cert"].as_str().unwrap();
    let pinned = on(dir, &format!("cert pin acme --pem {file} --not-after 2099-01-01 --note new")).json();
    assert_eq!(pinned["pin"]["sha256"], digest);
    on(dir, &format!("cert pin acme --sha256 {digest}")).fails_with(&["has this certificate already"]);
    on(dir, "cert pin acme --sha256 abcd").fails_with(&["no SHA-256"]);
    on(dir, &format!("cert pin nobody --sha256 {digest}")).fails_with(&["no user nobody"]);
    let colons: Vec<String> =
        digest.to_uppercase().as_bytes().chunks(2).map(|c| String::from_utf8_lossy(c).into()).collect();
    let listed = on(dir, "cert list acme").json();
    assert_eq!((&listed["pins"][0]["state"], &listed["pins"][0]["note"]), (&"good".into(), &"new".into()));
    on(dir, &format!("cert unpin acme --sha256 {}", colons.join(":"))).json();
    on(dir, &format!("cert unpin acme --sha256 {digest}")).fails_with(&["no such certificate"]);
}

#[test]
fn zones_pick_and_change_their_rules() {
    let dir = migrated();
    let dir = dir.path();
    assert_eq!(
        on(dir, "zone add Example --profile demo ns.mode=host_attr").json()["zone"]["name"],
        "example"
    );
    on(dir, "zone add example").fails_with(&["there already"]);
    on(dir, "zone add other --profile nothing").fails_with(&["no profile named \"nothing\""]);
    let set = on(dir, "zone set example period.max_years=5 ns.mode= --disable").json();
    assert_eq!(
        (&set["zone"]["overrides"], &set["zone"]["enabled"]),
        (&"period.max_years = 5\n".into(), &false.into())
    );
    on(dir, "zone set example period.max_years=five").fails_with(&["invalid type"]);
    on(dir, "zone set example period.max_year=5").fails_with(&["`period.max_year`", "`max_years`"]);
    on(dir, "zone set missing --enable").fails_with(&["no zone missing"]);
    on(dir, "domain show a.example").fails_with(&["no domain a.example"]);
    assert_eq!(on(dir, "sessions").json()["sessions"], Value::Array(Vec::new()));
    on(dir, "poll list nobody").fails_with(&["no registrar nobody"]);
}

#[test]
fn a_registry_is_copied_into_a_new_database_only() {
    let dir = migrated();
    let dir = dir.path();
    on(dir, "registrar add acme --name Acme --with-user --generate").json();
    let copy = ["copy", "--from", "sqlite:registry.db", "--to", "sqlite:new.db", "--json"];
    assert_eq!(run(dir, &[&copy[..], &["--dry-run"][..]].concat()).json()["dry_run"], true);
    assert!(!dir.join("new.db").exists());
    let copied = run(dir, &copy).json();
    let registrars = copied["tables"].as_array().unwrap().iter().find(|t| t["table"] == "registrar").unwrap();
    assert_eq!(registrars["rows"], 1);
    run(dir, &copy).fails_with(&["in use", "hint: "]);
    let listed = run(dir, &["user", "list", "--database", "sqlite:new.db", "--json"]).json();
    assert_eq!(listed["users"][0]["id"], "acme");
}

#[test]
fn a_registry_that_is_not_there_is_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    on(dir, "registrar list").fails_with(&["no database registry.db", "domesday migrate"]);
    assert!(!dir.join("registry.db").exists());
    run(dir, &["registrar", "list"]).fails_with(&["no registry is named", "DOMESDAY_DATABASE"]);
    let wrong = run(dir, &["registrar", "list", "--database", "mysql://x"]);
    wrong.fails_with(&["sqlite:PATH or postgres://"]);
    assert_eq!(run(dir, &["registrar", "lst"]).code, 2, "a command line that is not understood");
}
