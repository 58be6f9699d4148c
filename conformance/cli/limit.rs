//! `domesday limits`, and the commands on address lists that look before they change.

use std::path::Path;

use domesday::clock::{Clock, Ts};
use domesday::epp::types::RegistrarId;
use domesday::store::Db;
use domesday::store::session::SessionRow;

use super::operator::{migrated, on};

#[test]
fn limits_are_shown_set_and_cleared() {
    let dir = migrated();
    let dir = dir.path();
    on(dir, "registrar add acme --name Acme").json();
    let of = |name: &str| {
        let shown = on(dir, "limits show acme").json();
        let all = shown["limits"].as_array().unwrap().clone();
        all.into_iter().find(|limit| limit["limit"] == name).unwrap()
    };
    let protected = of("protected");
    assert_eq!(
        (&protected["max"], &protected["used"], &protected["own"]),
        (&100.into(), &0.into(), &false.into())
    );
    assert_eq!(of("check")["max"], 600);
    on(dir, "limits set acme protected 7 --dry-run").json();
    assert_eq!(of("protected")["max"], 100);
    on(dir, "limits set acme protected 7").json();
    assert_eq!((&of("protected")["max"], &of("protected")["own"]), (&7.into(), &true.into()));
    on(dir, "limits set acme chequ 7").fails_with(&["no limit \"chequ\"", "check, protected"]);
    on(dir, "limits clear acme protected").json();
    on(dir, "limits clear acme protected").fails_with(&["no number of its own"]);
    assert_eq!(of("protected")["max"], 100);
    assert_eq!(on(dir, "limits reset acme").json()["protected"], 0);
    on(dir, "limits show nobody").fails_with(&["no registrar nobody"]);
}

/// Vector 9, the portal's list: a subnet of /64 at most, single IPv4 addresses, each once; empty lets everybody in.
#[test]
fn the_portal_has_a_list_of_its_own() {
    let dir = migrated();
    let dir = dir.path();
    on(dir, "registrar add acme --name Acme").json();
    assert_eq!(on(dir, "allow list acme --kind web").json()["empty_means"], "allow");
    on(dir, "allow add acme 2a00:1450::/63 --kind web").fails_with(&["too wide", "/64"]);
    on(dir, "allow add acme 9.9.9.0/24 --kind web").fails_with(&["too wide", "/32"]);
    on(dir, "allow add acme 2a00:1450::/64 --kind web").json();
    on(dir, "allow add acme 2a00:1450::/64 --kind web").fails_with(&["listed already"]);
    let entries = |kind: &str| on(dir, &format!("allow list acme --kind {kind}")).json()["entries"].clone();
    assert_eq!(entries("web").as_array().map(Vec::len), Some(1));
    assert_eq!(entries("epp").as_array().map(Vec::len), Some(0));
    on(dir, "allow remove acme 2a00:1450::/64 --kind web").json();
    assert_eq!(entries("web").as_array().map(Vec::len), Some(0));
}

#[test]
fn nobody_is_locked_out_by_mistake() {
    let dir = migrated();
    let dir = dir.path();
    on(dir, "registrar add acme --name Acme").json();
    on(dir, "allow add acme 10.1.2.3").fails_with(&["not of the public internet", "public_only"]);
    on(dir, "allow add acme 9.9.9.1 --note office").json();
    on(dir, "allow add acme 9.9.9.2 --expires 2099-01-01").json();
    let tried = on(dir, "allow test 9.9.9.1").json();
    assert_eq!((&tried["accept"], &tried["entries"][0]["note"]), (&"lets it in".into(), &"office".into()));
    assert_eq!(tried["registrars"][0]["login"], "lets it in");
    let tried = on(dir, "allow test 9.9.9.3").json();
    assert_eq!(
        (&tried["accept"], tried["entries"].as_array().map(Vec::len)),
        (&"turns it away".into(), Some(0))
    );
    on(dir, "allow test here").fails_with(&["no address"]);
    log_in(dir, "9.9.9.1");
    on(dir, "allow remove acme 9.9.9.1").fails_with(&["logged in from 9.9.9.1", "could not log in again"]);
    on(dir, "allow remove acme 9.9.9.1 --force").json();
    on(dir, "allow remove acme 9.9.9.2").fails_with(&["no address could connect for acme", "--force"]);
    on(dir, "allow remove acme 9.9.9.2 --force").json();
    assert_eq!(on(dir, "allow refused").json()["refused"].as_array().map(Vec::len), Some(0));
}

/// Writes down that acme is logged in from there.
fn log_in(dir: &Path, address: &str) {
    let url = format!("sqlite:{}", dir.join("registry.db").display());
    let acme = RegistrarId::parse("acme").unwrap();
    let now = Clock::system().now();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Db::open(&url).await.unwrap();
        let process = db.register("somewhere", now).await.unwrap().process();
        let row = SessionRow {
            id: 1,
            process,
            registrar: acme.clone(),
            user: acme,
            address: address.to_owned(),
            tls: "none".to_owned(),
            login_at: now,
        };
        let written = db.write(move |tx| {
            let row = row.clone();
            Box::pin(async move { tx.session_insert(&row, None, Ts(0)).await })
        });
        assert!(written.await.unwrap());
        db.close().await;
    });
}
