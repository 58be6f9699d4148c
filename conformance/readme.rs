//! The README's list of what the greeting announces is the greeting's. Its tables of commands and reasons are checked
//! with the command line, which prints them (see `cli/readme.rs`).

use domesday::epp::ns::{EXTENSIONS, Ns};

const README: &str = include_str!("../README.md");

#[test]
fn announced_services_are_the_ones_listed() {
    let (_, rest) = README.split_once("<!-- services -->\n").unwrap();
    let (table, _) = rest.split_once("<!-- /services -->").unwrap();
    let listed: Vec<_> = table.lines().filter_map(|row| row.strip_prefix("| `")?.split('`').next()).collect();
    let objects = Ns::OBJECTS.iter().map(|ns| ns.uri());
    let announced: Vec<_> = objects.chain(EXTENSIONS.iter().copied()).collect();
    assert_eq!(listed, announced);
}

#[test]
fn the_success_codes_are_the_ones_listed() {
    let (_, section) = README.split_once("## Result codes").unwrap();
    let text = section.split("<!-- codes -->").next().unwrap();
    for code in (1000..2000).filter(|code| crate::codes::text(*code).is_some()) {
        assert!(text.contains(&code.to_string()), "{code} is not in the README");
    }
}
