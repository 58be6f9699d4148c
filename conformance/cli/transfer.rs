//! `domesday domain token` and `domesday domain transfer-undo`: what the registry does about transfers by hand.

use domesday::clock::Clock;
use domesday::store::Db;

use super::desk::on;
use crate::typed::Registry;

const TOKENS: &str = "transfer.mode = \"immediate\"\ntransfer.code.kind = \"registry_token\"\n\
    transfer.code.format = \"{role}-{op}-{hex32}\"";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_and_transfers_have_an_operator() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let db = Db::open(&format!("sqlite:{}", dir.join("registry.db").display())).await.unwrap();
    db.migrate().await.unwrap();
    db.register("tests", Clock::system().now()).await.unwrap();
    Registry::new(&db, TOKENS).await.add_zone("plain", "").await;
    db.close().await;
    for domain in ["foo.example", "foo.plain"] {
        assert_eq!(on(dir, &format!("desk alpha domain:create {domain}")).json()["code"], 1000);
    }
    let issue = "domain token issue foo.example --operation transfer";
    let dry = on(dir, &format!("{issue} --dry-run")).json();
    assert!(dry["token"].is_null() && dry["dry_run"] == true, "{dry}");
    on(dir, "domain token retract foo.example").fails_with(&["foo.example has no token"]);
    on(dir, "domain token issue foo.plain --operation transfer").fails_with(&["does not offer", "policy show"]);
    on(dir, "domain token issue foo.example --operation redelegation").fails_with(&["does not offer"]);
    on(dir, "domain token issue no.example --operation transfer").fails_with(&["no such object"]);
    let first = on(dir, issue).json();
    let first = first["token"].as_str().unwrap();
    assert!(first.starts_with("OWN-TRANSFER-") && first.len() == "OWN-TRANSFER-".len() + 32, "{first}");
    assert_eq!(on(dir, "domain token retract foo.example").json()["domain"], "foo.example");
    let second = on(dir, &format!("{issue} --as proxy")).json();
    let second = second["token"].as_str().unwrap();
    assert!(second.starts_with("PXY-TRANSFER-"), "{second}");
    let shown = on(dir, "domain show foo.example");
    assert_eq!(shown.json()["token"]["role"], "PXY");
    assert!(!shown.out.contains(second), "a token is shown when it is made, and not again");

    // The sponsor's staff reads it at its desk; another registrar's does not.
    let read = on(dir, "desk alpha domain:info foo.example").json();
    assert_eq!(read["reply"]["domain_info"]["token"]["pw"], second);
    assert!(!on(dir, "desk beta domain:info foo.example").out.contains(second));

    on(dir, "domain transfer-undo foo.example").fails_with(&["never transferred", "domain show"]);
    let take = |token: &str| on(dir, &format!("desk beta domain:transfer-request foo.example pw={token}"));
    assert_eq!(take(first).code, 1, "it was taken back");
    assert_eq!(take(second).json()["code"], 1000);
    assert_eq!(on(dir, "domain show foo.example").json()["registrar"], "beta");
    assert_eq!(on(dir, "domain transfer-undo foo.example --dry-run").json()["registrar"], "alpha");
    assert_eq!(on(dir, "domain show foo.example").json()["registrar"], "beta");
    assert_eq!(on(dir, "domain transfer-undo foo.example").json()["lost_by"], "beta");
    assert_eq!(on(dir, "domain show foo.example").json()["registrar"], "alpha");
}
