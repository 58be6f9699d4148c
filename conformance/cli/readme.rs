//! What the README says is so: its tables are the program's own, and its command lines are understood.

use std::process::Command;

use super::run::run;

const README: &str = include_str!("../../README.md");

#[test]
fn its_tables_are_the_programs_own() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["commands", "codes"] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let table = README.split_once(&begin).unwrap().1.split_once(&end).unwrap().0;
        let own = run(dir.path(), &["tables", name]).out;
        assert!(table == own, "put the output of `domesday tables {name}` between the marks:\n{own}");
    }
}

#[test]
fn its_command_lines_are_understood() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = README.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("sh\n"));
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
