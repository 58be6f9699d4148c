//! `domesday domain delete` and `restore`: the registry's own, and the account's default of renewal.

use super::desk::{on, registry};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_deletes_and_restores() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    on(dir, "desk alpha domain:create foo.example").json();
    let shown = || on(dir, "domain show foo.example").json();
    let ends = shown()["expires_at"].clone();
    assert_eq!(shown()["published"], true);
    let delete = "domain delete foo.example --reason fraud";
    assert_eq!(on(dir, &format!("{delete} --dry-run")).json()["dry_run"], true);
    assert!(shown()["hold"].is_null(), "a dry run leaves nothing");
    let deleted = on(dir, delete).json();
    let held = shown();
    assert_eq!((&held["hold"]["cause"], &held["published"]), (&"registry".into(), &false.into()));
    assert!(held["purge_at"].is_string(), "{held}");
    assert_eq!(held["purge_at"], deleted["purge_at"]);
    on(dir, delete).fails_with(&["foo.example is on hold since"]);
    on(dir, "domain delete bar.example --reason fraud").fails_with(&["no domain bar.example"]);
    let told = on(dir, "poll list alpha").json();
    assert!(told.to_string().contains("fraud"), "{told}");
    let restored = on(dir, "domain restore foo.example --reason mistake").json();
    assert_eq!(restored["expires_at"], ends);
    assert!(shown()["hold"].is_null());
    on(dir, "domain restore foo.example --reason mistake").fails_with(&["is not on hold"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_chooses_whether_its_domains_are_renewed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    on(dir, "zone set example autorenew.account_default=true").json();
    let renewed = |name: &str| {
        on(dir, &format!("desk alpha domain:create {name}")).json();
        on(dir, &format!("domain show {name}")).json()["auto_renew"].clone()
    };
    assert_eq!(renewed("one.example"), true);
    assert_eq!(on(dir, "registrar set alpha --renewal expire").json()["registrar"]["auto_renew"], false);
    assert_eq!(renewed("two.example"), false);
    on(dir, "registrar set alpha --renewal profile").json();
    assert_eq!(renewed("three.example"), true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_that_waits_is_not_deleted_but_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    on(dir, "zone set example create.mode=async").json();
    on(dir, "desk alpha domain:create foo.example").json();
    let delete = "domain delete foo.example --reason fraud";
    on(dir, delete).fails_with(&["foo.example is not registered yet", "domesday pending cancel foo.example"]);
    assert_eq!(on(dir, "pending cancel foo.example").json()["state"], "failed");
    on(dir, delete).fails_with(&["no domain foo.example"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_code_that_is_tried_out_is_a_guess_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    on(dir, "zone set example auth.max_wrong_per_day=2").json();
    on(dir, "desk alpha domain:create foo.example pw=2fooBAR-open").json();
    let guess = |how: &str, code: &str| {
        let line = format!("desk beta domain:transfer-request foo.example pw=wrong-PW-1{how}");
        let told = on(dir, &line);
        assert_eq!(told.code, 1);
        assert!(told.out.contains(&format!("\"code\":{code}")), "{}", told.out);
    };
    guess(" --dry-run", "2202");
    guess(" --dry-run", "2202");
    guess(" --dry-run", "2308");
    guess("", "2308");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_asks_for_a_holders_identity() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    on(dir, "desk alpha domain:create foo.example").json();
    let verify = "domain verify foo.example --hold";
    assert_eq!(on(dir, &format!("{verify} --dry-run")).json()["dry_run"], true);
    on(dir, verify).json();
    on(dir, verify).fails_with(&["nothing to do", "domesday pending show"]);
    assert_eq!(on(dir, "domain show foo.example").json()["published"], false);
    on(dir, "domain proven foo.example").fails_with(&["nothing to do", "domesday pending accept"]);
    on(dir, "pending reject foo.example").json();
    on(dir, "domain proven foo.example").json();
    let told = on(dir, "poll list alpha").json().to_string();
    for part in ["is to prove an identity", "could not prove", "is active"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    on(dir, "domain delete foo.example --reason fraud").json();
    on(dir, "domain restore foo.example --reason mistake").json();
    assert!(on(dir, "poll list alpha").json().to_string().contains("was changed by the registry"));
}
