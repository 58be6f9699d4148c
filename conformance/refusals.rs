//! Every refusal is documented where it is given, and shown by a case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use domesday::refusal::Reason;

use crate::architecture::rust_files;
use crate::script::{Action, Script};
use crate::xml::escape;

/// Reasons no transcript can bring about, and what shows them instead.
const SHOWN_ELSEWHERE: &[(Reason, &str)] = &[
    (Reason::Internal, "no input brings it about: the matrix, the races and the kill test see none"),
    (Reason::RateLimited, "its text says how many seconds are left: limit/rate.rs"),
    (Reason::RateLimitedEnd, "the same: limit/rate.rs"),
    (Reason::SelfUnlocksUsed, "it takes a moment of the month that is sure to be in it: money/rules.rs"),
    (Reason::ProtectedLimit, "its text names the next midnight: limit/protected.rs"),
    (Reason::SignedMarkRevoked, "a mark is signed when the test runs: launch/signed.rs"),
    (Reason::DeletionScheduled, "its text names an hour drawn by lot: flow_domain/ageing.rs"),
    (Reason::NotRenewableYet, "its text names a day that hangs on the calendar: flow_domain/held.rs"),
    (Reason::NotRenewableAnyMore, "between the end and its month's end: flow_domain/held.rs"),
    (
        Reason::NameServerNotUsable,
        "no command makes a host below a domain here without an address; copied data may have some",
    ),
];

/// A flow's file: `domain/create` of `domain:create`, `session/login` of `login`, `poll/request` of `poll op="req"`.
fn flow_of(verb: &str) -> Option<String> {
    let (name, attrs) = verb.split_once(' ').unwrap_or((verb, ""));
    let op = attrs.split('"').nth(1).unwrap_or("");
    match name.split_once(':') {
        Some((object, "transfer")) => Some(format!("{object}/transfer/{op}")),
        Some((object, verb)) => Some(format!("{object}/{verb}")),
        None => match (name, op) {
            ("login" | "logout", _) => Some(format!("session/{name}")),
            ("poll", "req") => Some("poll/request".to_owned()),
            ("poll", "ack") => Some("poll/ack".to_owned()),
            _ => None,
        },
    }
}

/// What the doc comments of a flow list under `# Refusals`.
fn documented(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut listing = false;
    for line in text.lines().map(str::trim) {
        match line.strip_prefix("///").or(line.strip_prefix("//!")) {
            Some(doc) if doc.trim().starts_with("# ") => listing = doc.trim() == "# Refusals",
            Some(doc) if listing => found.extend(names_after(doc, "[`Reason::")),
            Some(_) => {}
            None => listing = false,
        }
    }
    found
}

/// What a file's code names, tests and comments left out.
fn mentioned(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or("");
    let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.flat_map(|l| names_after(l, "Reason::")).filter(|n| n != "ALL").collect()
}

fn names_after(line: &str, mark: &str) -> Vec<String> {
    let after = line.match_indices(mark).map(|(at, _)| &line[at + mark.len()..]);
    after.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect()).collect()
}

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path))
        .unwrap_or_else(|e| panic!("src/{path}: {e}"))
}

/// What all files of a folder of `src` name, files of tests left out.
fn mentioned_below(folder: &str) -> BTreeSet<String> {
    let files = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder));
    let code = files.iter().filter(|path| !path.ends_with("tests.rs"));
    code.flat_map(|path| mentioned(&fs::read_to_string(path).unwrap())).collect()
}

/// The files of every flow, by the name [`flow_of`] gives it.
fn flows() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for spec in domesday::flow::ALL {
        let name = match spec.name {
            "login" | "logout" => format!("session/{}", spec.name),
            "poll:req" => "poll/request".to_owned(),
            name => name.replace(':', "/").replace("transfer-", "transfer/").replace('-', "_"),
        };
        let text = source(&format!("flow/{name}.rs"));
        found.insert(name, text);
    }
    found
}

#[test]
fn a_flow_documents_what_its_code_refuses() {
    let mut faults = Vec::new();
    for (name, text) in flows() {
        let (listed, used) = (documented(&text), mentioned(&text));
        // A check names reasons to say why a name is not available; it does not refuse for them.
        let used = if name.ends_with("/check") { BTreeSet::new() } else { used };
        for missing in used.difference(&listed) {
            faults.push(format!("src/flow/{name}.rs gives {missing} and does not list it under # Refusals"));
        }
        for tag in &listed {
            if !Reason::ALL.iter().any(|r| r.tag() == tag) {
                faults.push(format!("src/flow/{name}.rs lists {tag}, which is no reason"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The reasons that cases show, by flow (`""` for frames that are no command).
fn shown() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut shown: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for path in crate::cases::files() {
        let script = Script::read(&path).unwrap();
        let mut flow = String::new();
        for step in &script.steps {
            match &step.action {
                Action::Send { verb, .. } => flow = flow_of(verb).unwrap_or_default(),
                Action::Desk { words, .. } => {
                    let name = if words[0].contains(':') { words[0].clone() } else { words[..2].join("/") };
                    flow = name.replace(':', "/").replace("transfer-", "transfer/").replace('-', "_");
                    flow = flow.replace("poll/req", "poll/request");
                }
                Action::Template { name, .. } => {
                    flow = format!("{}/create", if name == "external" { "host" } else { name });
                }
                Action::Expect { golden: Some(golden), .. } => {
                    for reason in Reason::ALL {
                        if golden.text.contains(&format!("<reason>{}", escape(reason.text()))) {
                            shown.entry(flow.clone()).or_default().insert(reason.tag());
                        }
                    }
                }
                _ => {}
            }
        }
    }
    shown
}

#[test]
fn every_reason_is_given_somewhere() {
    let given = mentioned_below("");
    let idle: Vec<_> = Reason::ALL.iter().map(|r| r.tag()).filter(|tag| !given.contains(*tag)).collect();
    assert!(idle.is_empty(), "nothing gives {idle:?}");
}

#[test]
fn every_reason_is_shown_by_a_case() {
    let shown: BTreeSet<_> = shown().into_values().flatten().collect();
    let elsewhere = |reason: &Reason| SHOWN_ELSEWHERE.iter().any(|(r, _)| r == reason);
    let missing: Vec<_> =
        Reason::ALL.iter().filter(|r| !elsewhere(r) && !shown.contains(r.tag())).map(|r| r.tag()).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn every_refusal_a_flow_documents_is_shown_by_a_case() {
    let shown = shown();
    // What the decoder and the gate refuse before any flow, no flow lists again.
    let before: BTreeSet<String> =
        ["epp", "gate"].iter().flat_map(|folder| mentioned_below(folder)).collect();
    let mut faults = Vec::new();
    for (name, text) in flows() {
        let seen = shown.get(&name).cloned().unwrap_or_default();
        let listed = documented(&text);
        let elsewhere = |tag: &str| SHOWN_ELSEWHERE.iter().any(|(r, _)| r.tag() == tag);
        let unseen = |tag: &&String| !seen.contains(tag.as_str()) && !elsewhere(tag);
        let missing: Vec<_> = listed.iter().filter(unseen).collect();
        if !missing.is_empty() {
            faults.push(format!("{name}: no case shows {missing:?}"));
        }
        for tag in seen {
            if !before.contains(tag) && !listed.contains(tag) {
                faults.push(format!("{name}: a case shows {tag}, which its # Refusals do not list"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
