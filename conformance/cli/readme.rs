//! What the README says is so: its tables are the program's own, and its command lines are understood.
//!
//! `GOLDEN=write cargo test --test conformance readme` writes the tables anew.

use std::process::Command;

use super::run::run;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

#[test]
fn its_tables_are_the_programs_own() {
    let dir = tempfile::tempdir().unwrap();
    let before = std::fs::read_to_string(PATH).unwrap();
    let mut after = before.clone();
    for name in ["commands", "codes"] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (head, rest) = after.split_once(&begin).unwrap();
        let (_, tail) = rest.split_once(&end).unwrap();
        let own = run(dir.path(), &["tables", name]).out;
        after = format!("{head}{begin}{own}{end}{tail}");
    }
    if std::env::var("GOLDEN").is_ok_and(|v| v == "write") {
        std::fs::write(PATH, &after).unwrap();
    } else {
        assert!(before == after, "a table of the README is not the program's; GOLDEN=write writes it anew");
    }
}

#[test]
fn its_command_lines_are_understood() {
    let dir = tempfile::tempdir().unwrap();
    let readme = std::fs::read_to_string(PATH).unwrap();
    let blocks = readme.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("sh\n"));
    let text = blocks.collect::<String>().replace("\\\n", " ");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("domesday ")).collect();
    assert!(lines.len() > 15, "{lines:?}");
    for line in lines {
        // With --help at its end a command does nothing, but every word before it must be known.
        let script = format!("domesday() {{ \"$PROGRAM\" \"$@\" --help; }}\n{line}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).env("PROGRAM", env!("CARGO_BIN_EXE_domesday")).current_dir(dir.path());
        let done = shell.output().unwrap();
        assert!(done.status.success(), "{line}\n{}", String::from_utf8_lossy(&done.stderr));
    }
}
