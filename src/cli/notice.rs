//! `domesday notice send`: what the operator writes to registrars (N9, N10).

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::given;
use super::open::{Change, Halt, fault};
use super::out::{Report, hint};
use crate::epp::notice::{About, Mailing, Notice, Words};
use crate::epp::types::Lang;
use crate::gate::notice;

/// A command on notices.
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// Send a notice by mail to one registrar or to all
    Send(Send),
}

/// What, and to whom.
#[derive(Debug, Args)]
pub struct Send {
    /// What it is about, which says which of a registrar's addresses it goes to
    #[arg(long, value_enum)]
    kind: MailingKind,
    /// A file in a language: its first line is the subject, the rest what it says. One for each language
    #[arg(long, value_name = "LANG=FILE", required = true)]
    text: Vec<Text>,
    /// The registrar; more than one where it comes more than once
    #[arg(long, value_name = "ID", required_unless_present = "all")]
    registrar: Vec<String>,
    /// Every registrar that is not disabled
    #[arg(long, conflicts_with = "registrar")]
    all: bool,
    #[command(flatten)]
    at: Change,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MailingKind {
    Maintenance,
    Newsletter,
    Legal,
    Report,
    Abuse,
    WrongData,
}

impl From<MailingKind> for About {
    fn from(kind: MailingKind) -> Self {
        match kind {
            MailingKind::Maintenance => Self::Maintenance,
            MailingKind::Newsletter => Self::Newsletter,
            MailingKind::Legal => Self::Legal,
            MailingKind::Report => Self::Report,
            MailingKind::Abuse => Self::Abuse,
            MailingKind::WrongData => Self::WrongData,
        }
    }
}

#[derive(Clone, Debug)]
struct Text(Lang, PathBuf);

impl FromStr for Text {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (tag, path) = text.split_once('=').ok_or("write it as LANG=FILE")?;
        let lang = Lang::parse(tag).ok_or_else(|| format!("there is no language {tag:?}"))?;
        Ok(Self(lang, PathBuf::from(path)))
    }
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(NoticeCommand::Send(args): &NoticeCommand) -> anyhow::Result<Report> {
    let mut words = Vec::new();
    for Text(lang, path) in &args.text {
        if words.iter().any(|(known, _)| known == lang) {
            return Err(hint(format!("two texts in {}", lang.tag()), "say one for each language"));
        }
        words.push((*lang, read(path)?));
    }
    let registry = args.at.open().await?;
    let to = if args.all {
        let all = registry.look(|tx| Box::pin(tx.registrars())).await?;
        all.into_iter().filter(|row| row.enabled).map(|row| row.id).collect::<Vec<_>>()
    } else {
        args.registrar.iter().map(|id| given::id(id)).collect::<anyhow::Result<_>>()?
    };
    let notice = Notice::Mailing(Mailing { about: args.kind.into(), words });
    let (audience, tag) = (notice.kind().audience, notice.kind().tag);
    let mut sent = Vec::new();
    let mut nowhere = Vec::new();
    // One transaction each: the operator's letter to thousands must not hold up their commands.
    for id in to {
        let work = (id.clone(), notice.clone());
        let has_address = registry
            .change("notice:send", id.to_string(), move |cx| {
                let (id, notice) = work.clone();
                Box::pin(async move {
                    let Some(settings) = cx.tx.mail_settings(&id).await? else {
                        return fault(
                            format!("there is no registrar {id}"),
                            "`domesday registrar list` shows them all",
                        );
                    };
                    let any = !notice::addresses(cx.tx, &id, &settings, audience).await?.is_empty();
                    cx.changed(id.to_string(), json!({ "notice": tag, "sent": any }));
                    cx.notify(&id, notice);
                    Ok::<_, Halt>(any)
                })
            })
            .await?;
        if has_address { sent.push(id.to_string()) } else { nowhere.push(id.to_string()) }
    }
    let mut text = registry.done(&format!("Written to {} registrars.", sent.len()));
    if !nowhere.is_empty() {
        text.push_str(&format!("\nWithout an address for it: {}", nowhere.join(" ")));
    }
    let document =
        json!({ "dry_run": registry.is_dry(), "kind": tag, "sent": sent, "without_address": nowhere });
    Ok(Report::new(document, text))
}

fn read(path: &Path) -> anyhow::Result<Words> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let (subject, body) = text.split_once('\n').unwrap_or((&text, ""));
    let (subject, body) = (subject.trim(), body.trim());
    if subject.is_empty() || body.is_empty() || subject.chars().any(char::is_control) {
        let fault = format!("{} is no letter", path.display());
        return Err(hint(fault, "its first line is the subject, the rest what it says"));
    }
    Ok(Words { subject: subject.to_owned(), body: body.to_owned() })
}
