//! What the commands print: a table or a few lines for people, one JSON document for programs, errors with their
//! cause and a hint. Standard output carries results only; everything else goes to standard error.

use std::fmt;
use std::io::{IsTerminal, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

/// What a command has to say, in both forms.
#[derive(Clone, Debug)]
pub struct Report {
    /// For programs.
    pub json: Value,
    /// For people.
    pub text: String,
}

impl Report {
    /// Both forms.
    pub fn new(json: Value, text: impl Into<String>) -> Self {
        Self { json, text: text.into() }
    }

    /// Prints the form that was asked for.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print(&self, json: bool) -> std::io::Result<()> {
        if json { line(&self.json.to_string()) } else { line(&self.text) }
    }
}

/// A fault with what to do about it.
#[derive(Debug)]
pub struct Hint {
    fault: String,
    hint: String,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fault)
    }
}

impl std::error::Error for Hint {}

/// A fault with what to do about it.
pub fn hint(fault: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Hint { fault: fault.into(), hint: hint.into() }.into()
}

/// Prints a line to standard output. A reader that went away, as `head` does, is no fault.
///
/// # Errors
/// When standard output cannot be written.
pub fn line(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Prints a remark to standard error.
pub fn note(text: &str) {
    // Nothing is left to tell it to when standard error is gone.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints an error with its causes and its hint to standard error.
pub fn error(error: &anyhow::Error) {
    let red = Paint::of(&std::io::stderr());
    note(&format!("{} {error}", red.paint(Colour::Red, "error:")));
    let mut told = error.to_string();
    for cause in error.chain().skip(1) {
        let text = cause.to_string();
        if !told.contains(&text) {
            note(&format!("  cause: {text}"));
        }
        told = text;
    }
    if let Some(hint) = error.chain().find_map(|e| e.downcast_ref::<Hint>()) {
        note(&format!("  hint: {}", hint.hint));
    }
}

/// A table for people.
#[must_use]
pub fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head.map(str::to_uppercase));
    for row in rows {
        table.add_row(row);
    }
    table.trim_fmt()
}

/// Names and values below each other.
#[must_use]
pub fn list<'a>(rows: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

/// A colour of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Bad.
    Red,
    /// Good.
    Green,
    /// Worth a look.
    Yellow,
    /// Less important.
    Dim,
}

/// Whether colours are wanted there: only on a terminal, and not where `NO_COLOR` is set (no-color.org).
#[derive(Clone, Copy, Debug)]
pub struct Paint(bool);

impl Paint {
    /// For that stream.
    pub fn of(stream: &impl IsTerminal) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        Self(stream.is_terminal() && !refused && !dumb)
    }

    /// The text in that colour, where colours are wanted.
    #[must_use]
    pub fn paint(self, colour: Colour, text: &str) -> String {
        let code = match colour {
            Colour::Red => "31",
            Colour::Green => "32",
            Colour::Yellow => "33",
            Colour::Dim => "2",
        };
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_only_where_they_are_wanted() {
        assert_eq!(Paint(false).paint(Colour::Red, "x"), "x");
        assert_eq!(Paint(true).paint(Colour::Red, "x"), "\x1b[31mx\x1b[0m");
    }

    #[test]
    fn a_hint_is_found_behind_its_context() {
        let error = hint("no", "try yes").context("while asking");
        assert!(error.chain().any(|e| e.downcast_ref::<Hint>().is_some_and(|h| h.hint == "try yes")));
    }
}
