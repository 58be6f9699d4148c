//! `domesday allocation`: tokens are made in batches, shown once, and taken back.

use domesday::clock::Clock;
use domesday::store::Db;

use super::desk::on;
use crate::typed::Registry;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_made_shown_once_and_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let db = Db::open(&format!("sqlite:{}", dir.join("registry.db").display())).await.unwrap();
    db.migrate().await.unwrap();
    db.register("tests", Clock::system().now()).await.unwrap();
    Registry::new(&db, "").await;
    db.close().await;
    let make = "allocation make spring --count 2 --name foo.example --name bar.example --registrar alpha --price 3.00";
    let dry = on(dir, &format!("{make} --dry-run")).json();
    assert!(dry["count"] == 4 && dry["tokens"].as_array().unwrap().is_empty(), "{dry}");
    assert_eq!(on(dir, "allocation list").json()["batches"].as_array().unwrap().len(), 0);
    on(dir, "allocation make spring --registrar nobody").fails_with(&["there is no registrar nobody"]);
    on(dir, "allocation make spring --name foo.elsewhere").fails_with(&["in no zone of this registry"]);
    on(dir, "allocation make spring --price much").fails_with(&["is no price", "50.00"]);
    on(dir, "allocation make spring --from 2027-01-01 --until 2026-01-01")
        .fails_with(&["end before they begin"]);

    let made = on(dir, make).json();
    let tokens = made["tokens"].as_array().unwrap();
    let text = |at: usize| tokens[at]["token"].as_str().unwrap().to_owned();
    assert_eq!(tokens.iter().filter(|token| token["name"] == "foo.example").count(), 2);
    let batch = made["batch"]["id"].as_i64().unwrap();
    let listed = on(dir, &format!("allocation list {batch}"));
    assert_eq!(listed.json()["counts"]["unused"], 4);
    let database = std::fs::read(dir.join("registry.db")).unwrap();
    for at in 0..4 {
        let secret = text(at).split_once('-').unwrap().1.to_owned();
        assert!(!listed.out.contains(&secret), "a token is shown when it is made, and not again");
        assert!(
            !database.windows(secret.len()).any(|part| part == secret.as_bytes()),
            "it is kept as a digest"
        );
    }

    let selector = text(0).split('-').next().unwrap().to_owned();
    assert_eq!(on(dir, &format!("allocation revoke {} --dry-run", text(0))).json()["revoked"], 1);
    assert_eq!(on(dir, &format!("allocation revoke {selector}")).json()["revoked"], 1);
    on(dir, &format!("allocation revoke {selector}")).fails_with(&["revoked already"]);
    on(dir, "allocation revoke NOBODY").fails_with(&["there is no token NOBODY", "allocation list"]);
    assert_eq!(on(dir, &format!("allocation revoke --batch {batch}")).json()["revoked"], 3);
    on(dir, "allocation revoke --batch 1").fails_with(&["there is no batch 1"]);
    on(dir, "allocation list 1").fails_with(&["there is no batch 1"]);
    assert_eq!(on(dir, &format!("allocation list {batch}")).json()["counts"]["revoked"], 4);
}
