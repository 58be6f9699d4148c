//! From nothing to running.

use std::os::unix::fs::PermissionsExt;

use super::run::{demo, run};

#[test]
fn a_demo_runs_from_nothing_and_keeps_its_data() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let first = demo(dir, &[]);
    assert_eq!(first.text("zone"), "example");
    let registrars = first.line["registrars"].as_array().unwrap().clone();
    assert_eq!(registrars.len(), 2);
    for registrar in &registrars {
        let password = registrar["password"].as_str().unwrap();
        assert!((6..=16).contains(&password.chars().count()));
        for file in ["cert", "key"] {
            assert!(std::path::Path::new(registrar[file].as_str().unwrap()).is_file());
        }
    }
    assert!(!first.text("epp").ends_with(":0"));
    let mode = std::fs::metadata(dir.join("var/demo.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds passwords");

    let checked = run(dir, &["epp", "check", "first.example"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    assert!(checked.out.contains("avail=\"1\""), "{checked:?}");
    assert_eq!(run(dir, &["epp", "create", "first.example"]).code, 0);
    assert_eq!(first.stop("-INT"), Some(0));

    let second = demo(dir, &[]);
    assert_eq!(second.line["registrars"].as_array().unwrap(), &registrars);
    let info = run(dir, &["epp", "info", "first.example", "--json"]).json();
    assert_eq!(info["code"], 1000);
    assert_eq!(second.stop("-TERM"), Some(0));
}

#[test]
fn the_other_registrar_logs_in_too_and_a_foreign_certificate_does_not_fit() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let running = demo(dir, &["--profile", "gtld"]);
    let of = |n: usize, key: &str| running.line["registrars"][n][key].as_str().unwrap().to_owned();
    assert_eq!(run(dir, &["epp", "--as", &of(1, "id"), "poll", "--json"]).json()["code"], 1300);
    // The strict profile asks for the pinned certificate.
    let (id, cert, key) = (of(1, "id"), of(0, "cert"), of(0, "key"));
    let refused = run(dir, &["epp", "--as", &id, "--cert", &cert, "--key", &key, "poll", "--json"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.out.contains("\"code\":2200"), "{refused:?}");
}

#[test]
fn both_registrars_log_in_and_can_pay_under_every_profile() {
    for profile in ["gtld", "dnsbe", "dk", "dk-2026"] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let running = demo(dir, &["--profile", profile]);
        for registrar in running.line["registrars"].as_array().unwrap() {
            let id = registrar["id"].as_str().unwrap();
            let checked = run(dir, &["epp", "--as", id, "check", "first.example", "--json"]);
            assert_eq!(checked.json()["code"], 1000, "{profile} {id}: {checked:?}");
        }
        let args = ["ledger", "statement", "registrar-a", "--config", "var/demo.toml"];
        let statement = run(dir, &args).out;
        assert!(statement.contains("play money"), "{profile}: {statement}");
    }
}

#[test]
fn a_password_changed_by_a_login_is_not_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let first = demo(dir, &[]);
    let at = ["--config", "var/demo.toml"];
    let set = ["user", "set-password", "registrar-a", at[0], at[1]];
    assert_eq!(super::run::run_with(dir, &set, "An0ther-One\n").code, 0);
    assert_eq!(first.stop("-INT"), Some(0));
    let _second = demo(dir, &[]);
    let old = run(dir, &["epp", "poll"]);
    assert_eq!(old.code, 1, "{old:?}");
    std::fs::write(dir.join("pw"), "An0ther-One\n").unwrap();
    assert_eq!(run(dir, &["epp", "--password-file", "pw", "poll"]).code, 0);
}

#[test]
fn a_sandbox_lets_its_clock_be_moved_and_others_do_not() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let sandbox = demo(dir, &["--sandbox"]);
    assert_eq!(run(dir, &["epp", "create", "clock.example"]).code, 0);
    let now = run(dir, &["clock", "advance", "10d", "--config", "var/demo.toml", "--json"]).json();
    assert_eq!(now["advanced_s"], 864_000);
    let moved = &now["now"].as_str().unwrap()[..10];
    assert!(run(dir, &["epp", "create", "later.example"]).out.contains(&format!("<domain:crDate>{moved}")));
    let reloaded = run(dir, &["reload", "--operator", sandbox.text("operator"), "--json"]);
    assert_eq!(reloaded.json()["reloaded"], true);
    drop(sandbox);

    let plain = demo(dir, &[]);
    let refused = run(dir, &["clock", "advance", "1d", "--operator", plain.text("operator")]);
    refused.fails_with(&["cannot be moved", "hint: "]);
}
