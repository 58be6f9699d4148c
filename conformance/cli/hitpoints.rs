//! `domesday hitpoints` on a database whose faults were scored by a gate.

use std::path::Path;
use std::sync::Arc;

use domesday::clock::Clock;
use domesday::store::Db;

use super::run::{Ended, run};
use crate::hitpoints::{RULES, delete_contact};
use crate::typed::Registry;

fn on(dir: &Path, line: &str) -> Ended {
    let words: Vec<&str> = line.split(' ').collect();
    let at = [
        "--database",
        "sqlite:registry.db",
        "--server-profile",
        "strict",
        "--profiles-dir",
        "profiles",
        "--json",
    ];
    run(dir, &[&words[..], &at[..]].concat())
}

/// A registry on whose account `alpha` that many faults of one point were scored.
async fn with_faults(dir: &Path, faults: usize) {
    std::fs::create_dir(dir.join("profiles")).unwrap();
    let strict = format!("id = \"strict\"\nextends = \"demo\"\n{RULES}\n");
    std::fs::write(dir.join("profiles/strict.toml"), strict).unwrap();
    let harsh = "id = \"harsh\"\nextends = \"strict\"\n[account.hit.limit]\nmin = 10\nmax = 10\n";
    std::fs::write(dir.join("profiles/harsh.toml"), harsh).unwrap();
    let db = Db::open(&format!("sqlite:{}", dir.join("registry.db").display())).await.unwrap();
    db.migrate().await.unwrap();
    db.register("tests", Clock::system().now()).await.unwrap();
    let registry = Registry::with_accounts(&db, "", RULES).await;
    let mut alpha = registry.client("alpha");
    for _ in 0..faults {
        alpha.refused(delete_contact("nobody")).await;
    }
    drop(registry);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_is_seen_lifted_and_lifted_once_by_the_registrar_itself() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    with_faults(dir, 100).await;
    let seen = on(dir, "hitpoints show alpha").json();
    let seen = &seen["hitpoints"];
    assert_eq!((&seen["points"], &seen["limit"], &seen["blocked"]), (&100.into(), &100.into(), &true.into()));
    assert!(seen["blocked_until"].as_str().is_some_and(|at| at.ends_with("+00:00")), "{seen}");
    assert_eq!((&seen["self_unblocks"], &seen["self_unblocks_allowed"]), (&0.into(), &1.into()));
    let history = on(dir, "hitpoints history alpha --limit 2").json();
    let first = &history["events"][0];
    assert_eq!(history["events"].as_array().map(Vec::len), Some(2));
    assert_eq!((&first["object"], &first["communication"]), (&"nobody".into(), &"DEL_CONTACT".into()));
    assert_eq!((&first["hitpoints"], &first["source"]), (&1.into(), &"epp".into()));

    // Who is not blocked does not use up its quota; a dry run lifts nothing.
    on(dir, "hitpoints unblock beta --self").fails_with(&["beta", "not blocked", "hint: "]);
    assert_eq!(on(dir, "hitpoints unblock alpha --self --dry-run").json()["dry_run"], true);
    assert_eq!(on(dir, "hitpoints show alpha").json()["hitpoints"]["blocked"], true);
    let lifted = on(dir, "hitpoints unblock alpha --self").json();
    let lifted = &lifted["hitpoints"];
    assert_eq!((&lifted["points"], &lifted["blocked"]), (&0.into(), &false.into()));
    assert_eq!(lifted["self_unblocks"], 1);

    block_again(dir).await;
    on(dir, "hitpoints unblock alpha --self").fails_with(&["used its unblocks of this month", "operator"]);
    on(dir, "hitpoints unblock alpha").json();
    let history = on(dir, "hitpoints history alpha").json();
    let by: Vec<_> = history["unblocks"].as_array().unwrap().iter().map(|u| u["by"].clone()).collect();
    assert_eq!(by, ["the operator", "the registrar"]);
    let audited = Arc::new(dir.join("registry.db"));
    let db = Db::open(&format!("sqlite:{}", audited.display())).await.unwrap();
    let rows = db.read(|tx| Box::pin(async move { tx.audit_of_object("alpha", 10).await })).await.unwrap();
    let commands: Vec<_> = rows.iter().map(|row| row.command.as_str()).collect();
    assert_eq!(commands, ["hitpoints:unblock", "hitpoints:unblock"]);
    db.close().await;
}

async fn block_again(dir: &Path) {
    let db = Db::open(&format!("sqlite:{}", dir.join("registry.db").display())).await.unwrap();
    let registry = Registry::process(&db, 900, Clock::system(), RULES);
    let mut alpha = registry.client("alpha");
    for _ in 0..100 {
        alpha.refused(delete_contact("nobody")).await;
    }
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_replayed_under_another_profile() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    with_faults(dir, 15).await;
    let replayed = on(dir, "hitpoints simulate alpha --profile harsh").json();
    assert_eq!((&replayed["commands"], &replayed["refused"]), (&15.into(), &5.into()));
    let day = &replayed["days"][0];
    assert_eq!((&day["points"], &day["faults"], &day["limit"]), (&10.into(), &10.into(), &10.into()));
    let events: Vec<_> = day["events"].as_array().unwrap().iter().map(|e| e["event"].clone()).collect();
    assert_eq!(events, ["warned", "reached", "blocked_until"]);
    assert_eq!(replayed["first_refused"][0]["command"], "contact:delete");
    let same = on(dir, "hitpoints simulate alpha --profile strict --from 2020-01-01").json();
    assert_eq!((&same["days"][0]["points"], &same["refused"]), (&15.into(), &0.into()));
    assert_eq!(on(dir, "hitpoints simulate alpha --profile strict --from 2099-01-01").json()["commands"], 0);
    on(dir, "hitpoints simulate alpha --profile none").fails_with(&["no profile named", "hint: "]);
    on(dir, "hitpoints simulate nobody --profile strict").fails_with(&["no registrar nobody"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registrar_may_have_a_limit_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    with_faults(dir, 1).await;
    assert_eq!(on(dir, "hitpoints limit alpha 500").json()["hitpoints"]["limit"], 500);
    assert_eq!(on(dir, "hitpoints show alpha").json()["hitpoints"]["own_limit"], 500);
    assert_eq!(on(dir, "hitpoints limit alpha").json()["hitpoints"]["limit"], 100);
    on(dir, "hitpoints limit nobody 5").fails_with(&["no registrar nobody"]);
}

/// A transfer that fails on a domain whose name servers the registry took costs nothing, in a replay either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_knows_what_costs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    with_faults(dir, 1).await;
    let lenient = "id = \"lenient\"\nextends = \"strict\"\n[[account.hit.exempt_domain_flags]]\nflag = \"revoked_ns\"\nop = \"contact.delete\"\n";
    std::fs::write(dir.join("profiles/lenient.toml"), lenient).unwrap();
    let points = |profile: &str| {
        on(dir, &format!("hitpoints simulate alpha --profile {profile}")).json()["days"][0]["points"].clone()
    };
    assert_eq!((points("strict"), points("lenient")), (1.into(), 1.into()));
    let db = Db::open(&format!("sqlite:{}", dir.join("registry.db").display())).await.unwrap();
    let registry = Registry::process(&db, 900, Clock::system(), RULES);
    crate::marks::marked_name(&registry, "nobody.example").await;
    db.write(|tx| {
        Box::pin(async move {
            tx.exec("UPDATE audit SET object = 'nobody.example' WHERE object = 'nobody'", &[]).await
        })
    })
    .await
    .unwrap();
    db.close().await;
    assert_eq!(points("strict"), 1);
    assert_eq!(
        on(dir, "hitpoints simulate alpha --profile lenient").json()["days"].as_array().map(Vec::len),
        Some(0)
    );
}
