//! `domesday maintenance`: work on the service is announced, changed and called off, and registrars are told.

use domesday::clock::Clock;
use domesday::store::Db;

use super::desk::on;
use super::run::run;
use crate::typed::Registry;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_on_the_service_has_an_operator() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let url = format!("sqlite:{}", dir.join("registry.db").display());
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    db.register("tests", Clock::system().now()).await.unwrap();
    Registry::new(&db, "").await;
    db.close().await;
    let add = "maintenance add --start 2099-01-01T22:00:00Z --end 2099-01-02 --system EPP=full@epp.registry.example \
               --system RDAP=none --tld example --environment ote --connection true --implementation false";
    assert_eq!(on(dir, &format!("{add} --dry-run")).json()["dry_run"], true);
    assert_eq!(on(dir, "maintenance list").json()["maintenance"].as_array().unwrap().len(), 0);
    for (wrong, told) in [
        ("--start 2099-01-02 --end 2099-01-01 --system EPP=full", "end before it begins"),
        ("--start 2019-01-01 --end 2019-01-02 --system EPP=full", "is over"),
        ("--start 2099-01-01 --end 2099-01-02 --system EPP=full --tld elsewhere", "no zone elsewhere"),
        ("--start 2099-01-01 --end 2099-01-02 --system EPP=full --detail page", "is no page"),
    ] {
        on(dir, &format!("maintenance add {wrong}")).fails_with(&[told]);
    }
    assert_ne!(on(dir, "maintenance add --start 2099-01-01 --end 2099-01-02 --system EPP=much").code, 0);

    let made = on(dir, add).json();
    let id = made["id"].as_i64().unwrap();
    assert_eq!(made["maintenance"]["systems"][0]["host"], "epp.registry.example");
    let change = format!("maintenance change {id}");
    on(dir, &change).fails_with(&["nothing is to be changed"]);
    let args: Vec<&str> = change.split(' ').collect();
    let said =
        ["--description", "en=The database moves.", "--reason", "emergency", "--json", "--database", &url];
    let changed = run(dir, &[&args[..], &said].concat());
    assert_eq!(changed.code, 0, "{}", changed.err);
    let shown = on(dir, "maintenance list").json();
    assert_eq!(shown["maintenance"][0]["maintenance"]["emergency"], true);
    assert_eq!(shown["maintenance"][0]["state"], "ahead");
    assert!(!shown["maintenance"][0]["maintenance"]["updated"].is_null());
    let seen = on(dir, "desk alpha maintenance:info").json();
    assert_eq!(seen["reply"]["maintenance_list"][0]["id"], id.to_string());
    assert_eq!(on(dir, &format!("maintenance cancel {id}")).json()["id"], id);
    on(dir, &format!("maintenance cancel {id}")).fails_with(&["called off"]);
    on(dir, "maintenance cancel 1").fails_with(&["no work 1"]);
    assert_eq!(on(dir, &format!("desk alpha maintenance:info id={id}")).code, 1);
}
