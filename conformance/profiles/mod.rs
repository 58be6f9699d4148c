//! Profiles: the values the registries publish, what the operator is shown of them, and the tables of
//! `src/policy/profile/README.md`.

mod knobs;
mod published;

use domesday::policy::Policies;
use published::PUBLISHED;
use serde_json::Value;

use crate::cli::run::run;

fn toml(text: &str) -> Value {
    let table: toml::Table = format!("value = {text}").parse().unwrap();
    serde_json::to_value(&table["value"]).unwrap()
}

fn tree(policies: &Policies, profile: &str) -> Value {
    serde_json::to_value(&*policies.profile(profile).unwrap()).unwrap()
}

fn at<'a>(tree: &'a Value, key: &str) -> Option<&'a Value> {
    tree.pointer(&format!("/{}", key.replace('.', "/")))
}

#[test]
fn each_profile_has_the_published_values() {
    let policies = Policies::load(&[]).unwrap();
    let mut faults = Vec::new();
    for (profile, values) in PUBLISHED {
        let tree = tree(&policies, profile);
        for (key, expected) in *values {
            let found = at(&tree, key);
            if found != Some(&toml(expected)) {
                faults.push(format!("{profile}: {key} is {found:?}, not {expected}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What the specification of 2026 changes is data, and only what it changes.
#[test]
fn an_overlay_changes_only_what_it_says() {
    let policies = Policies::load(&[]).unwrap();
    let (old, new) = (policies.knobs("dk").unwrap(), policies.knobs("dk-2026").unwrap());
    let differ: Vec<&str> = new
        .iter()
        .filter(|n| old.iter().all(|o| o.value != n.value || o.key != n.key))
        .map(|n| n.key.as_str())
        .collect();
    assert!(differ.contains(&"zone.period.max_years"), "{differ:?}");
    for knob in &new {
        let own = knob.said.as_ref().is_some_and(|said| said.profile == "dk-2026");
        assert_eq!(own, differ.contains(&knob.key.as_str()), "{}", knob.key);
    }
}

#[test]
fn the_operator_sees_where_a_value_was_said() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("rules")).unwrap();
    let own = "id = \"own\"\nextends = \"dk\"\n\n[zone.ns]\nmin = 3\n";
    std::fs::write(dir.path().join("rules/own.toml"), own).unwrap();
    let shown = run(dir.path(), &["policy", "show", "own", "--profiles-dir", "rules"]).out;
    let line = |key: &str| {
        let line = shown.lines().find(|line| line.split_whitespace().next() == Some(key)).unwrap();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert!(shown.starts_with("Profile own over dk over gtld\n"), "{shown}");
    assert_eq!(line("zone.ns.min"), "3 own:5");
    assert!(line("zone.ns.max").starts_with("7 dk:"), "{shown}");
    assert!(line("zone.check.max_names").starts_with("50 gtld:"), "{shown}");

    let diff =
        run(dir.path(), &["policy", "show", "--diff", "dk", "own", "--profiles-dir", "rules", "--json"])
            .json();
    let rows = diff["differences"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{diff}");
    assert_eq!((&rows[0]["key"], &rows[0]["right"]["value"]), (&toml("'zone.ns.min'"), &toml("3")));
    let same = run(dir.path(), &["policy", "show", "--diff", "dk", "dk"]).out;
    assert_eq!(same, "dk and dk say the same.\n");

    run(dir.path(), &["policy", "show", "none"]).fails_with(&["no profile named \"none\"", "gtld"]);
    assert!(run(dir.path(), &["policy", "check", "--profiles-dir", "rules"]).out.contains("own"));
    std::fs::write(dir.path().join("rules/own.toml"), own.replace('3', "8")).unwrap();
    let key = "own.toml: line 5: `zone.ns.min` is 8, more than `zone.ns.max`, which is 7";
    run(dir.path(), &["policy", "check", "--profiles-dir", "rules"]).fails_with(&[key]);
}
