//! `domesday desk`: what a registrar's staff asks for, through the gate as a user of the registrar. The portal will sit
//! on the same function.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Registry};
use super::out::{self, Report, hint};
use super::registrar::unknown;
use crate::epp::reply::{Outcome, Reply, Response};
use crate::epp::text;
use crate::epp::types::{Lang, RegistrarId};
use crate::epp::words::{self, FORMS};
use crate::policy::Service;

/// Who asks, and for what.
#[derive(Debug, Args)]
#[command(after_help = forms())]
pub struct DeskArgs {
    registrar: String,
    /// The user that asks; the registrar's only one without it
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// The command, as OBJECT VERB or OBJECT:VERB, with what it takes; pw=- reads from standard input
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    at: Change,
}

/// The list of commands below the help.
fn forms() -> String {
    let rows = FORMS.iter().map(|form| format!("  {} {}\n      {}\n", form.name, form.words, form.about));
    format!("Commands:\n{}", rows.collect::<String>())
}

/// Runs it: 1 is the exit code of a refusal.
///
/// # Errors
/// When the words are no command, or nobody asks.
pub async fn run(args: &DeskArgs, json: bool) -> anyhow::Result<ExitCode> {
    let registry = args.at.open().await?;
    let account = given::id(&args.registrar)?;
    let user = match &args.user {
        Some(user) => given::id(user)?,
        None => only_user(&registry, &account).await?,
    };
    let given = args.words.iter().map(filled).collect::<anyhow::Result<Vec<_>>>()?;
    let command = words::parse(&given)
        .map_err(|why| hint(why.to_string(), "`domesday desk --help` lists the commands"))?;
    let (response, _) = if registry.is_dry() {
        registry.gate.rehearse_at_desk(&account, &user, command).await
    } else {
        registry.gate.execute_at_desk(&account, &user, command).await
    };
    report(&registry, &user, &response).print(json)?;
    Ok(if response.code < 2000 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A word, `-` behind `pw=` replaced by a line from standard input.
fn filled(word: &String) -> anyhow::Result<String> {
    if word != "pw=-" {
        return Ok(word.clone());
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("standard input cannot be read")?;
    Ok(format!("pw={}", line.trim_end_matches(['\r', '\n'])))
}

async fn only_user(registry: &Registry, account: &RegistrarId) -> anyhow::Result<RegistrarId> {
    let of = account.clone();
    let users = registry
        .look(move |tx| {
            Box::pin(async move {
                Ok(match tx.registrar(&of).await? {
                    None => None,
                    Some(_) => Some(tx.users_of(&of).await?),
                })
            })
        })
        .await?;
    let Some(users) = users else { return Err(unknown(account.as_str())) };
    let may = users.iter().filter(|user| user.enabled && user.service == Service::Epp);
    let names: Vec<_> = may.map(|user| &user.id).collect();
    match names.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(hint(
            format!("registrar {account} has no user that may act"),
            "`domesday user list --registrar ID` shows them; the desk acts as one of them",
        )),
        many => Err(hint(
            format!("registrar {account} has {} users", many.len()),
            "say --user ID: what is done is noted under its name and needs its roles",
        )),
    }
}

fn report(registry: &Registry, user: &RegistrarId, response: &Response) -> Report {
    let message = text::of(response.code, Lang::En);
    let mut lines = vec![("code", format!("{} {message}", response.code))];
    let mut document = json!({
        "code": response.code, "message": message, "user": user.as_str(), "svtrid": response.svtrid,
        "dry_run": registry.is_dry(),
    });
    match &response.outcome {
        Outcome::Done(reply) => {
            document["reply"] = serde_json::to_value(reply).unwrap_or(Value::Null);
            // Never written to a message, so it is no part of what is written.
            if let Reply::DomainInfo(data) = reply
                && let Some(token) = &data.token
            {
                document["reply"]["domain_info"]["token"] = json!({
                    "pw": token.pw.expose(), "operation": token.operation.name(),
                    "expires": token.expires.to_string(),
                });
            }
        }
        Outcome::Refused(refusal) => {
            lines.push(("reason", refusal.text()));
            document["reason"] = refusal.reason.tag().into();
            document["text"] = refusal.text().into();
            if let Some(at) = &refusal.at {
                lines.push(("at", format!("{} {}", at.name, at.text).trim().to_owned()));
                document["at"] = json!({ "element": at.name, "value": at.text });
            }
        }
    }
    lines.push(("reference", response.svtrid.clone()));
    let mut text = out::list(lines);
    if let Some(Value::Object(reply)) = document.get("reply") {
        text.push_str(&serde_json::to_string_pretty(reply).unwrap_or_default());
        text.push('\n');
    }
    if registry.is_dry() {
        text.push_str("(dry run: nothing was changed)\n");
    }
    Report::new(document, text)
}
