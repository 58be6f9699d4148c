//! `domesday names`: lists of names from files and by hand.

use std::fmt::Write as _;
use std::path::Path;

use super::run::{Ended, run};

fn registry(dir: &Path) {
    assert_eq!(run(dir, &["migrate", "--database", "sqlite:r.db"]).code, 0);
    asks(dir, &["zone", "add", "example", "--profile", "demo"]);
    asks(dir, &["zone", "add", "other", "--profile", "demo"]);
    asks(dir, &["registrar", "add", "acme", "--name", "Acme", "--with-user", "--generate"]);
}

fn ask(dir: &Path, args: &[&str]) -> Ended {
    run(dir, &[args, &["--database", "sqlite:r.db", "--server-profile", "demo"]].concat())
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
fn a_file_is_compared_loaded_and_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    let file = "name,list,class,reason,from,until\nking,reserved,,\"Crown, kept\",,\ngold,premium,gold,,,\n\
                later,blocked,,,2999-01-01,\nover,blocked,,,,2001-01-01\n";
    std::fs::write(dir.join("names.csv"), file).unwrap();
    let load = ["names", "load", "names.csv", "--zone", "example"];
    let diff = asks(dir, &["names", "diff", "names.csv", "--zone", "example"]).out;
    assert!(diff.contains("+ king.example reserved reason=Crown, kept\n"), "{diff}");
    assert!(diff.ends_with("4 added, 0 changed, 0 removed, 0 as before.\n"), "{diff}");
    let dry = asks(dir, &[&load[..], &["--dry-run"]].concat()).out;
    assert!(dry.contains("4 added") && dry.contains("dry run"), "{dry}");
    assert_eq!(asks(dir, &["names", "list", "--zone", "example", "--json"]).json()["count"], 0);
    asks(dir, &load);
    assert!(asks(dir, &load).out.contains("0 added, 0 changed, 0 removed, 4 as before"));

    // It is in force at once, within its times.
    let refused = create(dir, "king.example").out;
    assert!(refused.contains("2306") && refused.contains("Crown, kept"), "{refused}");
    for name in ["later.example", "over.example", "gold.example", "king.other"] {
        assert_eq!(create(dir, name).code, 0, "{name}");
    }
    // What was printed is the file that was read.
    let printed = asks(dir, &["names", "list", "--zone", "example", "--csv"]).out;
    std::fs::write(dir.join("names.csv"), &printed).unwrap();
    assert!(asks(dir, &load).out.contains("4 as before"), "{printed}");

    let fewer = "name,class\ngold,silver\n";
    std::fs::write(dir.join("fewer.csv"), fewer).unwrap();
    let fewer =
        ["names", "load", "fewer.csv", "--zone", "example", "--list", "premium", "--replace", "--json"];
    let done = asks(dir, &fewer).json();
    assert_eq!((&done["changed"], &done["removed"]), (&1.into(), &0.into()), "other lists are left alone");
    std::fs::write(dir.join("none.csv"), "name,list\n").unwrap();
    let done = asks(dir, &["names", "load", "none.csv", "--zone", "example", "--replace", "--json"]).json();
    assert_eq!(done["removed"], 4);
    assert_eq!(create(dir, "king.example").code, 0);
}

#[test]
fn a_wrong_file_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    std::fs::write(dir.join("bad.csv"), "name,list\nfine,blocked\n-a,blocked\nfoo,premium\n").unwrap();
    ask(dir, &["names", "load", "bad.csv", "--zone", "example"])
        .fails_with(&["line 3", "line 4", "no class"]);
    ask(dir, &["names", "load", "bad.csv", "--zone", "nowhere"]).fails_with(&["no zone nowhere"]);
    ask(dir, &["names", "load", "none.csv", "--zone", "example"]).fails_with(&["none.csv"]);
    assert_eq!(asks(dir, &["names", "list", "--zone", "example", "--json"]).json()["count"], 0);
    assert_eq!(ask(dir, &["names", "load", "bad.csv", "--zone", "example", "--list", "banned"]).code, 2);
}

#[test]
fn an_operator_lists_a_name_by_hand() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    asks(dir, &["names", "add", "foo.example", "blocked", "--reason", "Court", "--dry-run"]);
    assert_eq!(asks(dir, &["names", "list", "--zone", "example", "--json"]).json()["count"], 0);
    asks(dir, &["names", "add", "foo.example", "blocked", "--reason", "Court"]);
    asks(dir, &["names", "add", "foo.example", "blocked", "--reason", "Police", "--until", "2999-01-01"]);
    asks(dir, &["names", "add", "foo.example", "premium", "--class", "gold"]);
    assert!(create(dir, "foo.example").out.contains("Police"));
    let listed = asks(dir, &["names", "list", "--zone", "example", "--name", "foo", "--json"]).json();
    assert_eq!(listed["count"], 2);
    assert!(asks(dir, &["names", "list", "--zone", "example", "--limit", "1"]).out.contains("1 of 2"));
    ask(dir, &["names", "add", "foo.nowhere", "blocked"]).fails_with(&["no zone"]);
    ask(dir, &["names", "add", "a.foo.example", "blocked"]).fails_with(&["not directly below"]);
    ask(dir, &["names", "add", "foo.example", "premium"]).fails_with(&["no class"]);
    ask(dir, &["names", "remove", "foo.example", "reserved"]).fails_with(&["not reserved"]);
    asks(dir, &["names", "remove", "foo.example", "blocked"]);
    assert_eq!(create(dir, "foo.example").code, 0);
}

#[test]
fn a_hundred_thousand_names_are_loaded_in_parts() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir);
    let mut file = "name,list\n".to_owned();
    for n in 0..100_000 {
        writeln!(file, "name-{n},blocked").unwrap();
    }
    std::fs::write(dir.join("many.csv"), &file).unwrap();
    let load = ["names", "load", "many.csv", "--zone", "example", "--replace", "--json"];
    assert_eq!(asks(dir, &load).json()["added"], 100_000);
    assert!(create(dir, "name-99999.example").out.contains("2306"));
    let cut = file.lines().take(99_001).collect::<Vec<_>>().join("\n");
    std::fs::write(dir.join("many.csv"), cut).unwrap();
    let done = asks(dir, &load).json();
    assert_eq!((&done["same"], &done["removed"]), (&99_000.into(), &1_000.into()));
    assert_eq!(create(dir, "name-99999.example").code, 0);
}
