//! `domesday ledger` and `domesday price`.

use std::path::Path;

use domesday::store::Db;

use super::run::{Ended, run};

/// A registry in a file, with a zone and a registrar, whose accounts are prepaid.
fn registry(dir: &Path) {
    std::fs::create_dir(dir.join("rules")).unwrap();
    let own = "id = \"own\"\nextends = \"demo\"\n[account.bill]\nmode = \"prepaid\"\ngated_ops = [\"create\"]\n\
               self_unlock = { per_month = 1, for_days = 3 }\n[account.bill.prices]\ncreate = \"4.00\"\n";
    std::fs::write(dir.join("rules/own.toml"), own).unwrap();
    ok(dir, &["migrate", "--database", "sqlite:r.db"]);
    asks(dir, &["zone", "add", "example", "--profile", "demo"]);
    asks(dir, &["registrar", "add", "acme", "--name", "Acme", "--with-user", "--generate"]);
}

fn ok(dir: &Path, args: &[&str]) -> Ended {
    let ran = run(dir, args);
    assert!(ran.code == 0, "{args:?}: {}{}", ran.out, ran.err);
    ran
}

fn ask(dir: &Path, args: &[&str]) -> Ended {
    let at = ["--database", "sqlite:r.db", "--server-profile", "own", "--profiles-dir", "rules"];
    run(dir, &[args, &at].concat())
}

fn asks(dir: &Path, args: &[&str]) -> Ended {
    let ran = ask(dir, args);
    assert!(ran.code == 0, "{args:?}: {}{}", ran.out, ran.err);
    ran
}

fn create(dir: &Path, name: &str) -> Ended {
    ask(dir, &["desk", "acme", "domain:create", name, "pw=Abcdef-12345"])
}

#[test]
fn an_operator_takes_in_money_and_puts_it_right() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    assert!(create(dir, "one.example").out.contains("2104"));
    assert_eq!(ask(dir, &["ledger", "deposit", "acme", "10.00"]).code, 2, "a reason is needed");
    ask(dir, &["ledger", "deposit", "acme", "0", "--reason", "x"]).fails_with(&["no deposit"]);
    ask(dir, &["ledger", "deposit", "acme", "1.005", "--reason", "x"]).fails_with(&["no amount of EUR"]);
    ask(dir, &["ledger", "deposit", "nobody", "1", "--reason", "x"]).fails_with(&["nobody"]);
    let dry = asks(dir, &["ledger", "deposit", "acme", "10.00", "--reason", "bank 1", "--dry-run"]);
    assert!(dry.out.contains("dry run"), "{}", dry.out);
    let paid = asks(dir, &["ledger", "deposit", "acme", "10.00", "--reason", "bank 1"]).out;
    assert_eq!(paid, "10.00 EUR were taken in for acme. The balance is 10.00 EUR.\n");
    assert_eq!(create(dir, "one.example").code, 0);
    asks(dir, &["ledger", "correct", "acme", "-1.50", "--reason", "fee of the bank"]);

    let back = asks(dir, &["ledger", "refund", "acme", "2", "--reason", "by mistake"]).out;
    assert_eq!(back, "4.00 EUR for create one.example were given back to acme. The balance is 8.50 EUR.\n");
    ask(dir, &["ledger", "refund", "acme", "2", "--reason", "x"]).fails_with(&["given back already"]);
    ask(dir, &["ledger", "refund", "acme", "1", "--reason", "x"]).fails_with(&["is no charge"]);
    ask(dir, &["ledger", "refund", "acme", "9", "--reason", "x"]).fails_with(&["no entry 9"]);

    let statement = asks(dir, &["ledger", "statement", "acme", "--json"]).json();
    let rows: Vec<_> = statement["entries"].as_array().unwrap().iter().rev().collect();
    let seen: Vec<_> = rows
        .iter()
        .map(|r| (r["kind"].as_str().unwrap(), r["amount"].as_str().unwrap(), r["balance"].as_str().unwrap()))
        .collect();
    assert_eq!(
        seen,
        [
            ("deposit", "10.00", "10.00"),
            ("charge", "-4.00", "6.00"),
            ("correction", "-1.50", "4.50"),
            ("refund", "4.00", "8.50")
        ]
    );
    assert_eq!(
        (rows[1]["op"].as_str(), rows[1]["object"].as_str(), rows[1]["source"].as_str()),
        (Some("create"), Some("one.example"), Some("web"))
    );
    assert_eq!(rows[0]["reason"], "bank 1");
    let page = asks(dir, &["ledger", "statement", "acme", "--before", "2", "--json"]).json();
    assert_eq!(page["entries"].as_array().unwrap().len(), 1);
}

#[test]
fn credit_and_an_unlock_let_growth_through() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    asks(dir, &["ledger", "credit", "acme", "4.00"]);
    assert_eq!(create(dir, "one.example").code, 0);
    assert!(create(dir, "two.example").out.contains("2104"));
    let balance = asks(dir, &["ledger", "balance", "acme", "--json"]).json();
    let of = &balance["balances"][0];
    assert_eq!(
        (&of["balance"], &of["available"], &of["short"]),
        (&"-4.00".into(), &"0.00".into(), &true.into())
    );
    asks(dir, &["ledger", "unlock", "acme", "--self"]);
    assert_eq!(create(dir, "two.example").code, 0);
    ask(dir, &["ledger", "unlock", "acme", "--self"]).fails_with(&["nothing waits for funds"]);
    asks(dir, &["ledger", "unlock", "acme", "--days", "10"]);
    let all = asks(dir, &["ledger", "balance"]).out;
    assert!(all.contains("-8.00") && all.contains("open until"), "{all}");
    asks(dir, &["ledger", "credit", "acme"]);
    assert!(asks(dir, &["ledger", "balance", "--json"]).json()["balances"][0]["own_credit_limit"].is_null());
}

#[test]
fn a_price_of_the_operators_holds_from_its_day_on() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    asks(dir, &["ledger", "deposit", "acme", "100", "--reason", "x"]);
    asks(dir, &["price", "set", "create", "7.00", "--zone", "example"]);
    asks(dir, &["price", "set", "create", "9.00", "--zone", "example", "--from", "2999-01-01"]);
    assert_eq!(create(dir, "one.example").code, 0);
    let balance = asks(dir, &["ledger", "balance", "acme", "--json"]).json();
    assert_eq!(balance["balances"][0]["balance"], "93.00");
    asks(dir, &["price", "set", "create", "none", "--zone", "example"]);
    assert_eq!(create(dir, "two.example").code, 0);
    let balance = asks(dir, &["ledger", "balance", "acme", "--json"]).json();
    assert_eq!(balance["balances"][0]["balance"], "89.00");
    ask(dir, &["price", "set", "create", "1", "--zone", "elsewhere"]).fails_with(&["no zone elsewhere"]);
    ask(dir, &["price", "set", "create", "1", "--from", "2001-01-01"]).fails_with(&["has passed", "--past"]);
    ask(dir, &["price", "set", "create", "1.005"]).fails_with(&["no price in EUR"]);
    assert_eq!(ask(dir, &["price", "set", "delete", "1"]).code, 2);
    let listed = asks(dir, &["price", "list"]).out;
    assert!(
        listed.contains("profile own") && listed.contains("2999-01-01") && listed.contains("none"),
        "{listed}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_finds_what_does_not_agree() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    asks(dir, &["ledger", "deposit", "acme", "10.00", "--reason", "x"]);
    assert_eq!(create(dir, "one.example").code, 0);
    asks(dir, &["ledger", "refund", "acme", "2", "--reason", "x"]);
    assert_eq!(asks(dir, &["ledger", "verify"]).out, "Balances and ledger agree: 1 balances, 3 entries.\n");
    let db = Db::open(&format!("sqlite:{}", dir.join("r.db").display())).await.unwrap();
    for (wrong, right, told) in [
        (
            "UPDATE balance SET amount = 999",
            "UPDATE balance SET amount = 1000",
            "the balance is 9.99, the entries make 10.00",
        ),
        (
            "UPDATE ledger SET balance = 1 WHERE entry = 2",
            "UPDATE ledger SET balance = 600 WHERE entry = 2",
            "entry 2: its balance is 0.01",
        ),
        (
            "UPDATE ledger SET entry = 9 WHERE entry = 3",
            "UPDATE ledger SET entry = 3 WHERE entry = 9",
            "entry 3 is missing",
        ),
        (
            "UPDATE ledger SET refunds = 1 WHERE entry = 3",
            "UPDATE ledger SET refunds = (SELECT id FROM ledger WHERE entry = 2) WHERE entry = 3",
            "entry 3: it gives no charge back",
        ),
        ("UPDATE balance SET reserved = 5", "UPDATE balance SET reserved = 0", "0.05 are reserved"),
    ] {
        db.write(move |tx| Box::pin(async move { tx.exec(wrong, &[]).await })).await.unwrap();
        let found = ask(dir, &["ledger", "verify", "acme"]);
        assert_eq!(found.code, 1, "{}", found.out);
        assert!(found.out.contains(told), "{told}: {}", found.out);
        db.write(move |tx| Box::pin(async move { tx.exec(right, &[]).await })).await.unwrap();
    }
    asks(dir, &["ledger", "verify"]);
    db.close().await;
}
