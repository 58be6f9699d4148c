//! `domesday epp`: short forms, files, standard input, what is shown and how it exits.

use super::run::{demo, run, run_with};

const HELLO: &str = "<epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\"><hello/></epp>";

#[test]
fn every_short_form_is_a_frame_the_server_understands() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let _running = demo(dir, &[]);
    let contact = "contact create jd-1 --name Jo --street Road --city Town --cc BE --email jo@example.com";
    let steps: &[(&str, &str, u64)] = &[
        ("registrar-a", "hello", 0),
        ("registrar-a", "contact check jd-1", 1000),
        ("registrar-a", contact, 1000),
        (
            "registrar-a",
            "contact update jd-1 --add-status clientDeleteProhibited --voice +32.1 --pw Abc123!x",
            1000,
        ),
        ("registrar-a", "contact info jd-1", 1000),
        (
            "registrar-a",
            "create one.example --period 2y --registrant jd-1 --contact admin=jd-1 --pw Abc123!x",
            1000,
        ),
        ("registrar-a", "host create ns1.one.example --addr 192.0.2.1 --addr 2001:db8::1", 1000),
        ("registrar-a", "host create ns1.elsewhere.test", 1000),
        ("registrar-a", "host check ns1.elsewhere.test", 1000),
        ("registrar-a", "host info ns1.elsewhere.test", 1000),
        ("registrar-a", "host update ns1.elsewhere.test --add-status clientDeleteProhibited", 1000),
        ("registrar-a", "update one.example --add-ns ns1.elsewhere.test --add-status clientHold", 1000),
        ("registrar-a", "update one.example --rem-status clientHold --pw Zyx987!w", 1000),
        ("registrar-a", "info one.example --hosts all", 1000),
        ("registrar-a", "check one.example two.example", 1000),
        ("registrar-b", "transfer request one.example --period 1y --pw wrong-1X", 2202),
        ("registrar-b", "transfer request one.example --pw Zyx987!w", 1001),
        ("registrar-a", "transfer query one.example", 1000),
        ("registrar-a", "poll", 1301),
        ("registrar-a", "transfer reject one.example", 1000),
        ("registrar-a", "renew one.example --exp 2001-01-01", 2306),
        ("registrar-a", "delete nothing.example", 2303),
        ("registrar-a", "host delete ns1.elsewhere.test", 2304),
        ("registrar-a", "contact delete jd-1", 2304),
        ("registrar-a", "ack 1", 2303),
    ];
    for (who, line, code) in steps {
        let words = line.split(' ').collect::<Vec<_>>();
        let ended = run(dir, &[&["epp", "--json", "--as", who][..], &words[..]].concat());
        let answer: serde_json::Value =
            serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{line}: {e}: {ended:?}"));
        assert_eq!(answer["code"].as_u64().unwrap_or(0), *code, "{line}: {answer}");
        assert_eq!(ended.code, i32::from(*code >= 2000), "{line}");
    }
}

#[test]
fn frames_come_from_files_and_from_standard_input() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let _running = demo(dir, &[]);
    let poll = "<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'><command><poll op='req'/></command></epp>";
    let both = run_with(dir, &["epp", "--json"], &format!("<?xml version='1.0'?>{HELLO}\n\n{poll}"));
    let answers = both.json();
    assert_eq!(answers.as_array().map(Vec::len), Some(2), "{answers}");
    assert!(answers[0]["xml"].as_str().unwrap().contains("<greeting>"));
    assert_eq!(answers[1]["code"], 1300);

    std::fs::write(dir.join("bad.xml"), "<epp").unwrap();
    let bad = run(dir, &["epp", "raw", "bad.xml"]);
    assert_eq!(bad.code, 1, "{bad:?}");
    assert!(bad.out.contains("2001 "), "{bad:?}");
    run(dir, &["epp", "raw", "missing.xml"]).fails_with(&["missing.xml", "cause: "]);
    let early = run(dir, &["epp", "--no-login", "poll"]);
    assert!(early.out.contains("2002 "), "{early:?}");
}

#[test]
fn passwords_are_masked_where_frames_are_shown() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let running = demo(dir, &[]);
    let shown = run(dir, &["epp", "--show-frames", "create", "shown.example", "--pw", "Abc123!x"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.err.contains("<domain:pw>***</domain:pw>"), "{shown:?}");
    let password = running.line["registrars"][0]["password"].as_str().unwrap();
    for secret in [password, "Abc123!x"] {
        assert!(!shown.err.contains(secret) && !shown.out.contains(secret), "{shown:?}");
    }
    assert!(!shown.out.contains('\u{1b}'), "no colours where nobody looks");
}

#[test]
fn without_a_server_it_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &["epp", "check", "a.example"])
        .fails_with(&["no demo in var", "hint: start `domesday demo`"]);
}
