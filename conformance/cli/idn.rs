//! `domesday idn`.

use std::path::Path;

use super::desk::{on, registry};
use super::run::{Ended, run};

/// A command that needs no registry.
fn alone(dir: &Path, line: &str) -> Ended {
    let words: Vec<&str> = line.split(' ').chain(["--json"]).collect();
    run(dir, &words)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_sees_tables_labels_and_variants() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    registry(dir).await;
    let own = dir.join("own");
    std::fs::create_dir(&own).unwrap();
    let table = "<lgr xmlns=\"urn:ietf:params:xml:ns:lgr-1.0\">\n<data><char cp=\"00E6\"/></data>\n</lgr>";
    std::fs::write(own.join("xx.xml"), table).unwrap();
    let at = format!("--profiles-dir {}", own.display());
    let tables = alone(dir, &format!("idn tables {at}")).json()["tables"].clone();
    let of = |tag: &str| tables.as_array().unwrap().iter().find(|t| t["table"] == tag).cloned().unwrap();
    assert_eq!(of("xx")["code_points"], 1);
    assert!(of("fr-x-accent")["variants"].as_u64().unwrap() > 20);
    std::fs::write(own.join("yy.xml"), table.replace("00E6", "E6")).unwrap();
    alone(dir, &format!("idn tables {at}")).fails_with(&["yy.xml: line 2: \"E6\" is not a code point"]);

    let label = alone(dir, "idn check été --table fr-x-accent").json();
    assert_eq!((&label["a_label"], &label["index"]), (&"xn--t-9fab".into(), &"ete".into()));
    assert_eq!((&label["table"], &label["good"]), (&"fr-x-accent".into(), &true.into()));
    assert!(label["variants"].to_string().contains("activated"), "{label}");
    assert_eq!(alone(dir, "idn check xn--t-9fab --table de").json()["good"], false);
    let heart = alone(dir, "idn check i❤").json();
    assert_eq!(heart["idna2008"], "U+2764 is not allowed in any name");

    on(dir, "zone set example idn.tables=[\"fr-x-accent\"] idn.variants=bundled").json();
    on(dir, "desk alpha domain:create xn--t-9fab.example").json();
    let shown = on(dir, "idn variants ete.example").json();
    assert_eq!(shown["registered"][0]["name"], "xn--t-9fab.example");
    let shown = on(dir, "idn variants été.example").json();
    assert_eq!((&shown["bundled"][0], &shown["index"]), (&"ete.example".into(), &"ete.example".into()));
    assert_eq!(on(dir, "idn reindex example --dry-run").json()["dry_run"], true);
    assert_eq!(on(dir, "idn reindex example").json()["looked_at"], 1);
    assert_eq!(on(dir, "idn reindex example").json()["looked_at"], 0);
    on(dir, "idn reindex nowhere").fails_with(&["there is no zone nowhere"]);
    on(dir, "idn variants foo.nowhere").fails_with(&["in no zone of this registry"]);
}
