//! The README's tables of commands and codes, from the program's own lists.

use clap::ValueEnum;
use serde_json::json;

use super::out::Report;
use crate::flow;
use crate::gate::{Access, Login};
use crate::refusal::Reason;

/// A table of the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Table {
    /// The EPP commands.
    Commands,
    /// The result codes and the reasons for them.
    Codes,
}

/// The table as Markdown, and as data.
#[must_use]
pub fn run(table: Table) -> Report {
    match table {
        Table::Commands => commands(),
        Table::Codes => codes(),
    }
}

fn commands() -> Report {
    let mut text = "| command | session | effect |\n|---|---|---|\n".to_owned();
    let mut rows = Vec::new();
    for spec in flow::ALL {
        let login = match spec.login {
            Login::Required => "logged in",
            Login::Forbidden => "not logged in",
        };
        let access = match spec.access {
            Access::Read => "reads",
            Access::Write => "changes",
        };
        text.push_str(&format!("| `{}` | {login} | {access} |\n", spec.name));
        rows.push(json!({ "command": spec.name, "session": login, "effect": access }));
    }
    Report::new(json!(rows), text)
}

fn codes() -> Report {
    let mut reasons = Reason::ALL.to_vec();
    reasons.sort_by_key(|reason| reason.code());
    let mut text = "| code | reason | what the registrar is told |\n|---|---|---|\n".to_owned();
    for reason in &reasons {
        text.push_str(&format!("| {} | `{}` | {} |\n", reason.code(), reason.tag(), reason.text()));
    }
    let rows: Vec<_> =
        reasons.iter().map(|r| json!({ "code": r.code(), "reason": r.tag(), "text": r.text() })).collect();
    Report::new(json!(rows), text)
}
