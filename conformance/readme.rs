//! The README's lists of what the greeting announces are the program's. Its tables of commands and reasons are checked
//! with the command line, which prints them (see `cli/readme.rs`).

use std::path::Path;

use domesday::epp::ext::Ext;
use domesday::epp::ns::Ns;

const README: &str = include_str!("../README.md");

/// The cells of a marked table's rows, without the marks of code around them.
fn rows(mark: &str) -> Vec<Vec<String>> {
    let (_, rest) = README.split_once(&format!("<!-- {mark} -->\n")).unwrap();
    let (table, _) = rest.split_once(&format!("<!-- /{mark} -->")).unwrap();
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    table.lines().filter(|row| row.starts_with("| `")).map(cells).collect()
}

#[test]
fn the_objects_of_the_greeting_are_the_ones_listed() {
    let listed: Vec<_> = rows("services").iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    assert_eq!(listed, Ns::OBJECTS.iter().map(|ns| ns.uri()).collect::<Vec<_>>());
}

#[test]
fn every_extension_is_listed_with_its_tests() {
    let rows = rows("extensions");
    let listed: Vec<_> =
        rows.iter().map(|row| (row[0].trim_matches('`'), row[1].trim_matches('`'))).collect();
    assert_eq!(listed, Ext::ALL.iter().map(|ext| (ext.name(), ext.uri())).collect::<Vec<_>>());
    for row in &rows {
        let tests: Vec<_> = row[3].split(", ").map(|path| path.trim_matches('`')).collect();
        for test in tests {
            assert!(exists(test), "{}: {test} is not there", row[0]);
        }
    }
}

/// Whether there is a file of that path, whose name may end with `*`.
fn exists(path: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
    let begin = name.to_string_lossy().trim_end_matches('*').to_owned();
    let fits = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(&begin))
    };
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.any(fits))
}

#[test]
fn every_extension_with_elements_has_its_schema() {
    let all = include_str!("../schemas/all.xsd");
    let readme = include_str!("../schemas/README.md");
    for ext in Ext::ALL.iter().filter(|ext| !ext.globals().is_empty()) {
        assert!(all.contains(&format!("namespace=\"{}\"", ext.uri())), "{ext:?} is not in schemas/all.xsd");
        assert!(readme.contains(&format!("`{}`", ext.uri())), "{ext:?} is not in schemas/README.md");
    }
}

#[test]
fn the_success_codes_are_the_ones_listed() {
    let (_, section) = README.split_once("## Result codes").unwrap();
    let text = section.split("<!-- codes -->").next().unwrap();
    for code in (1000..2000).filter(|code| crate::codes::text(*code).is_some()) {
        assert!(text.contains(&code.to_string()), "{code} is not in the README");
    }
}
