//! `domesday mail`: what is on its way to registrars, and what did not get there.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Halt, Where, fault};
use super::out::{self, Report, hint};
use crate::epp::notice::Audience;
use crate::epp::types::RegistrarId;
use crate::flow::token::mail as code;
use crate::gate::{Cx, notice};
use crate::store::outbox::{Mail, MailState};

/// A command on mail.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// List mail that waits and mail nobody tries to send any more, newest first
    List(List),
    /// Show a mail with what it says
    Show(Show),
    /// Send mail anew, to the addresses the registrar has now
    Retry(Which),
    /// Note that mail came back; who asked for a transfer code that did not arrive is told (N36)
    Bounced(Bounced),
    /// Remove mail that was not sent
    Drop(Which),
}

/// Which.
#[derive(Debug, Args)]
pub struct List {
    /// Only that state
    #[arg(long, value_enum)]
    state: Option<State>,
    /// Only of that registrar, in every state
    #[arg(long, value_name = "ID")]
    registrar: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// How a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum State {
    Waiting,
    Sent,
    Dead,
}

impl From<State> for MailState {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Sent => Self::Sent,
            State::Dead => Self::Dead,
        }
    }
}

/// Which one.
#[derive(Debug, Args)]
pub struct Show {
    id: i64,
    #[command(flatten)]
    at: Where,
}

/// Which ones.
#[derive(Debug, Args)]
pub struct Which {
    /// Their numbers
    #[arg(required_unless_present = "dead")]
    id: Vec<i64>,
    /// Every mail nobody tries to send any more, a thousand at a time
    #[arg(long, conflicts_with = "id")]
    dead: bool,
    #[command(flatten)]
    at: Change,
}

/// Which ones came back.
#[derive(Debug, Args)]
pub struct Bounced {
    /// Their numbers, with which their Message-ID begins
    #[arg(required = true)]
    id: Vec<i64>,
    /// What the other mail server said
    #[arg(long, value_name = "TEXT", default_value = "it came back")]
    why: String,
    #[command(flatten)]
    at: Change,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &MailCommand) -> anyhow::Result<Report> {
    match command {
        MailCommand::List(args) => list(args).await,
        MailCommand::Show(args) => show(args).await,
        MailCommand::Retry(args) => change(args, "mail:retry", "will be sent anew").await,
        MailCommand::Bounced(args) => bounced(args).await,
        MailCommand::Drop(args) => change(args, "mail:drop", "removed").await,
    }
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let of = args.registrar.as_deref().map(given::id).transpose()?;
    let (state, limit) = (args.state.map(MailState::from), args.limit);
    let mails = registry
        .look(move |tx| {
            Box::pin(async move {
                if let Some(of) = of {
                    let all = tx.mails_of(&of, limit).await?;
                    return Ok(all.into_iter().filter(|m| state.is_none_or(|s| s == m.state)).collect());
                }
                if let Some(state) = state {
                    return tx.mails_in(state, limit).await;
                }
                let mut all = tx.mails_in(MailState::Waiting, limit).await?;
                all.extend(tx.mails_in(MailState::Dead, limit).await?);
                all.sort_by_key(|mail| std::cmp::Reverse((mail.queued_at, mail.id)));
                all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                Ok(all)
            })
        })
        .await?;
    let rows = mails.iter().map(|m| {
        let to = m.recipients.join(" ");
        [
            m.id.to_string(),
            m.queued_at.to_string(),
            m.registrar.to_string(),
            m.state.name().to_owned(),
            m.tries.to_string(),
            to,
            m.subject.clone(),
            m.error.clone(),
        ]
    });
    let head = ["id", "queued", "registrar", "state", "tries", "to", "subject", "error"];
    let text = out::table(head, rows);
    Ok(Report::new(json!({ "mails": mails.iter().map(shown).collect::<Vec<_>>() }), text))
}

async fn show(args: &Show) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = args.id;
    let found = registry.look(move |tx| Box::pin(async move { tx.mail(id).await })).await?;
    let Some(mail) = found else {
        return Err(hint(format!("there is no mail {id}"), "`domesday mail list` shows what waits"));
    };
    let mut document = shown(&mail);
    document["body"] = json!(mail.body);
    let sent = mail.sent_at.map_or_else(|| "no".to_owned(), |at| at.to_string());
    let mut text = out::list([
        ("mail", mail.id.to_string()),
        ("registrar", mail.registrar.to_string()),
        ("kind", mail.kind.clone()),
        ("category", mail.category.clone()),
        ("to", mail.recipients.join(" ")),
        ("queued", mail.queued_at.to_string()),
        ("state", mail.state.name().to_owned()),
        ("tries", mail.tries.to_string()),
        ("next", mail.next_at.to_string()),
        ("sent", sent),
        ("error", mail.error.clone()),
        ("subject", mail.subject.clone()),
    ]);
    text.push_str(&format!("\n{}", mail.body));
    Ok(Report::new(json!({ "mail": document }), text))
}

async fn change(args: &Which, command: &'static str, what: &str) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let ids = if args.dead {
        let dead =
            registry.look(|tx| Box::pin(async move { tx.mails_in(MailState::Dead, 1000).await })).await?;
        dead.into_iter().map(|mail| mail.id).collect()
    } else {
        args.id.clone()
    };
    let mut done = Vec::new();
    for id in ids {
        let changed = registry.change(command, id.to_string(), move |cx| {
            Box::pin(async move {
                let Some(mail) = cx.tx.mail(id).await? else {
                    return fault(format!("there is no mail {id}"), "`domesday mail list` shows what waits");
                };
                if mail.state == MailState::Sent && command == "mail:drop" {
                    return fault(format!("mail {id} was sent"), "it is forgotten by itself");
                }
                match command {
                    "mail:retry" => retry(cx, &mail).await?,
                    _ => {
                        cx.tx.mail_delete(id).await?;
                        let detail = json!({ "dropped": { "kind": mail.kind, "registrar": mail.registrar } });
                        cx.changed(id.to_string(), detail);
                    }
                }
                Ok(())
            })
        });
        changed.await?;
        done.push(id);
    }
    let text = registry.done(&format!("{} mails {what}.", done.len()));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "mails": done }), text))
}

async fn bounced(args: &Bounced) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let why = args.why.replace(['\r', '\n'], " ");
    for id in args.id.iter().copied() {
        let why = why.clone();
        let changed = registry.change("mail:bounced", id.to_string(), move |cx| {
            let why = why.clone();
            Box::pin(async move { came_back(cx, id, &why).await })
        });
        changed.await?;
    }
    let text = registry.done(&format!("{} mails did not arrive.", args.id.len()));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "mails": args.id }), text))
}

async fn came_back(cx: &mut Cx<'_>, id: i64, why: &str) -> Result<(), Halt> {
    let Some(mail) = cx.tx.mail(id).await? else {
        return fault(format!("there is no mail {id}"), "`domesday mail list` shows what waits");
    };
    if mail.state == MailState::Waiting {
        return fault(format!("mail {id} was not sent yet"), "what was not sent cannot come back");
    }
    if !cx.tx.mail_give_up(id, why).await? {
        return fault(
            format!("mail {id} is known not to have arrived"),
            "`domesday mail retry` sends it anew",
        );
    }
    match &mail.code {
        Some(_) => code::bounced(cx, &mail).await?,
        None => cx.changed(
            id.to_string(),
            json!({ "bounced": { "kind": mail.kind, "registrar": mail.registrar } }),
        ),
    }
    Ok(())
}

/// The mail may have been dead because its address was wrong: the present one is asked for.
async fn retry(cx: &mut Cx<'_>, mail: &Mail) -> Result<(), Halt> {
    let of: &RegistrarId = &mail.registrar;
    if let Some(code) = &mail.code {
        let Some(to) = code::address(cx, code).await? else {
            return fault(
                format!("the code of mail {} has ended", mail.id),
                "a registrar asks for another with domain:request-code",
            );
        };
        cx.tx.mail_again(mail.id, &[to], cx.now).await?;
        cx.changed(mail.id.to_string(), json!({ "retried": { "registrar": of, "kind": mail.kind } }));
        return Ok(());
    }
    let settings = cx.tx.mail_settings(of).await?.unwrap_or_default();
    let audience = Audience::parse(&mail.category).unwrap_or(Audience::General);
    let to = notice::addresses(cx.tx, of, &settings, audience).await?;
    if to.is_empty() {
        return fault(
            format!("registrar {of} has no address for mail {}", mail.id),
            format!("`domesday registrar mail {of}` sets some"),
        );
    }
    if !cx.tx.mail_again(mail.id, &to, cx.now).await? {
        return fault(
            format!("mail {} is on its way this moment", mail.id),
            format!(
                "`domesday mail show {}` says how that ends; it can be sent anew after {}",
                mail.id, mail.next_at
            ),
        );
    }
    cx.changed(mail.id.to_string(), json!({ "retried": { "registrar": of, "to": to } }));
    Ok(())
}

fn shown(mail: &Mail) -> Value {
    json!({
        "id": mail.id.to_string(), "registrar": mail.registrar.as_str(), "kind": mail.kind,
        "category": mail.category, "to": mail.recipients, "subject": mail.subject,
        "queued_at": mail.queued_at.to_string(), "state": mail.state.name(), "tries": mail.tries,
        "next_at": mail.next_at.to_string(), "sent_at": mail.sent_at.map(|at| at.to_string()),
        "error": mail.error,
    })
}
