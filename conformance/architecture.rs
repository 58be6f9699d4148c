//! The invariants of the map in `src/lib.rs` that a compiler does not hold: who may import whom, where SQL, clock and
//! XML live, how long a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer (folder or file under `src`) and what its code may name of `crate::`. The program itself (`main.rs`,
/// `cli`, `operator`, `serve`) puts everything together and may name all.
const LAYERS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("refusal", &["epp"]),
    ("epp", &["clock", "refusal"]),
    ("policy", &["clock"]),
    ("store", &["clock", "epp", "policy"]),
    ("gate", &["clock", "epp", "flow", "policy", "refusal", "store"]),
    ("flow", &["clock", "epp", "gate", "policy", "refusal", "store"]),
    ("job", &["clock", "epp", "flow", "gate", "policy", "refusal", "store"]),
    ("certs", &["clock"]),
    ("config", &["epp", "gate", "net", "policy", "telemetry"]),
    ("telemetry", &[]),
    ("net", &["certs", "clock", "epp", "gate", "policy", "refusal", "telemetry"]),
];

/// The parts that put the program together.
const ASSEMBLY: &[&str] = &["main", "lib", "cli", "operator", "serve"];

const MAX_LINES: usize = 500;

/// The plain profiles every program has: a default and a command, no registry.
const PLAIN: &[&str] = &["gtld", "demo"];

/// The file that puts the built-in profiles' files together.
const SHELF: &str = "src/policy/profile/mod.rs";

/// Registries and their operators, whose names have no place in code.
const REGISTRIES: &[&str] = &[
    "dk hostmaster",
    "dkhm",
    "dns belgium",
    "denic",
    "afnic",
    "nominet",
    "eurid",
    "sidn",
    "punktum",
    "verisign",
    "identity digital",
];

/// A source file of the program.
struct Source {
    path: PathBuf,
    /// `store`, `clock`: the first part of its path.
    layer: String,
    text: String,
    /// Without the tests at its bottom.
    code: String,
}

/// Every Rust file below a folder, in the order of their paths.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let source = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let inside = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let layer = inside.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
        Source { path, layer, text, code }
    };
    let found: Vec<Source> = rust_files(&root).into_iter().map(source).collect();
    assert!(found.len() > 40, "the sources were not found");
    found
}

/// Runs a check over all sources and reports everything it finds at once.
fn hold(check: impl Fn(&Source, &mut Vec<String>)) {
    let mut faults = Vec::new();
    for source in sources() {
        let mut found = Vec::new();
        check(&source, &mut found);
        faults.extend(found.into_iter().map(|f| format!("{}: {f}", source.path.display())));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Lines of code without comments, numbered from 1.
fn code_lines(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.code.lines().enumerate().map(|(i, l)| (i + 1, l));
    lines.filter(|(_, l)| !l.trim_start().starts_with("//"))
}

#[test]
fn layers_import_only_what_the_map_allows() {
    hold(|source, faults| {
        if ASSEMBLY.contains(&source.layer.as_str()) {
            return;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == source.layer) else {
            faults.push("this layer is not in the map".to_owned());
            return;
        };
        for (number, line) in code_lines(source) {
            for (at, _) in line.match_indices("crate::") {
                let rest = &line[at + "crate::".len()..];
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let own = name == source.layer;
                // A macro of the crate's own has no layer in its path.
                let is_macro = rest[name.len()..].starts_with('!');
                if name.is_empty() || own || is_macro || allowed.contains(&name.as_str()) {
                    continue;
                }
                faults.push(format!("line {number}: {} does not import {name}", source.layer));
            }
        }
    });
}

/// Those of the tests too.
#[test]
fn files_are_short_or_say_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for path in ["src", "conformance"].iter().flat_map(|folder| rust_files(&root.join(folder))) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        let says_why = text.lines().take_while(|l| l.starts_with("//!")).any(|l| l.contains("Length:"));
        if lines > MAX_LINES && !says_why {
            faults.push(format!("{}: {lines} lines, and no `Length:` at its top", path.display()));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn sql_lives_in_the_store() {
    hold(|source, faults| {
        if source.layer == "store" {
            return;
        }
        for (number, line) in code_lines(source).filter(|(_, l)| l.contains('"')) {
            for sql in ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE "] {
                if line.contains(&format!("\"{sql}")) || (sql != "UPDATE " && line.contains(sql)) {
                    faults.push(format!("line {number}: SQL outside the store"));
                }
            }
        }
    });
}

#[test]
fn drivers_and_xml_stay_in_their_folders() {
    let homes = [
        ("rusqlite::", "store"),
        ("tokio_postgres::", "store"),
        ("deadpool_postgres::", "store"),
        // The client for people shares nothing with the server's codec, nor do tables of code points, which are XML files.
        ("quick_xml::", "epp cli policy"),
        ("rustls::", "net certs cli store"),
        ("SystemTime::now", "clock"),
        ("Timestamp::now", "clock"),
    ];
    hold(|source, faults| {
        for (number, line) in code_lines(source) {
            for (name, home) in homes {
                let words = line
                    .match_indices(name)
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
                if words && !home.split(' ').any(|h| h == source.layer) {
                    faults.push(format!("line {number}: {name} belongs to {home}"));
                }
            }
        }
    });
}

/// Neither a registry nor a profile that is built in.
#[test]
fn no_registry_is_named() {
    let profiles: Vec<String> = profiles();
    assert!(profiles.len() > 2, "the profiles were not found");
    hold(|source, faults| {
        // The published name of a namespace is data on the wire.
        let text = source.text.to_lowercase().replace("http://www.verisign.com/epp/balance-1.0", "");
        for name in REGISTRIES.iter().filter(|name| text.contains(**name)) {
            faults.push(format!("it names {name}; rules hang on knobs"));
        }
        if source.path.ends_with(SHELF) {
            return;
        }
        // As it is written: a country's code in capitals is none.
        let words = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
        for name in profiles.iter().filter(|name| source.text.split(words).any(|word| word == **name)) {
            faults.push(format!("it names the profile {name}; rules hang on knobs"));
        }
    });
}

/// The names of the built-in profiles of registries, from their files.
fn profiles() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy/profile");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|e| e == "toml"));
    let names = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
    names.filter(|name| !PLAIN.contains(&name.as_str())).collect()
}

#[test]
fn files_are_named_after_ideas() {
    hold(|source, faults| {
        let path = source.path.to_string_lossy();
        for part in ["util", "utils", "helper", "helpers", "common", "misc", "manager"] {
            if path.ends_with(&format!("/{part}.rs")) || path.contains(&format!("/{part}/")) {
                faults.push(format!("{part} is no idea"));
            }
        }
    });
}
