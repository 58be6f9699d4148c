//! `domesday cert`: the client certificates a user may come with. A user has several while certificates roll.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Where, fault};
use super::out::{self, Report, hint};
use crate::clock::Ts;
use crate::store::pin::PinRow;

/// A command on pinned certificates.
#[derive(Debug, Subcommand)]
pub enum CertCommand {
    /// Let a user come with a certificate
    Pin(Pin),
    /// Let a user no longer come with a certificate
    Unpin(Unpin),
    /// List a user's certificates
    List(List),
}

/// Which certificate.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// The certificate, PEM
    #[arg(long, value_name = "FILE")]
    pem: Option<PathBuf>,
    /// Its SHA-256, hexadecimal, with or without colons
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
}

/// A certificate to pin.
#[derive(Debug, Args)]
pub struct Pin {
    user: String,
    #[command(flatten)]
    which: Which,
    /// From when it is taken: a day or a moment; now without it
    #[arg(long, value_name = "WHEN")]
    not_before: Option<String>,
    /// Until when it is taken
    #[arg(long, value_name = "WHEN")]
    not_after: Option<String>,
    /// In your words
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    at: Change,
}

/// A certificate to unpin.
#[derive(Debug, Args)]
pub struct Unpin {
    user: String,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: Change,
}

/// Whose certificates.
#[derive(Debug, Args)]
pub struct List {
    user: String,
    #[command(flatten)]
    at: Where,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(command: &CertCommand) -> anyhow::Result<Report> {
    match command {
        CertCommand::Pin(args) => pin(args).await,
        CertCommand::Unpin(args) => unpin(args).await,
        CertCommand::List(args) => list(args).await,
    }
}

async fn pin(args: &Pin) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let now = registry.now();
    let row = PinRow {
        user: given::id(&args.user)?,
        sha256: args.which.digest()?,
        not_before: args.not_before.as_deref().map(given::moment).transpose()?.unwrap_or(now),
        not_after: args.not_after.as_deref().map(given::moment).transpose()?,
        note: args.note.clone(),
        created_at: now,
    };
    if row.not_after.is_some_and(|end| end <= row.not_before) {
        return Err(hint("the certificate would never be taken", "--not-after lies before --not-before"));
    }
    let new = row.clone();
    registry
        .change("cert:pin", row.user.to_string(), move |cx| {
            let row = new.clone();
            Box::pin(async move {
                if cx.tx.user(&row.user).await?.is_none() {
                    return fault(
                        format!("there is no user {}", row.user),
                        "`domesday user list` shows them all",
                    );
                }
                if !cx.tx.pin_insert(&row).await? {
                    return fault(
                        format!("user {} has this certificate already", row.user),
                        "to change its time, unpin it first",
                    );
                }
                cx.changed(row.user.to_string(), json!({ "pinned": shown(&row, cx.now) }));
                Ok(())
            })
        })
        .await?;
    let text = registry.done(&format!("User {} may come with {}.", row.user, HEXLOWER.encode(&row.sha256)));
    let document =
        json!({ "dry_run": registry.is_dry(), "user": row.user.as_str(), "pin": shown(&row, now) });
    Ok(Report::new(document, text))
}

async fn unpin(args: &Unpin) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (user, digest) = (given::id(&args.user)?, args.which.digest()?);
    let (of, sha256) = (user.clone(), digest.clone());
    registry
        .change("cert:unpin", user.to_string(), move |cx| {
            let (user, digest) = (of.clone(), sha256.clone());
            Box::pin(async move {
                if !cx.tx.pin_delete(&user, &digest).await? {
                    return fault(
                        format!("user {user} has no such certificate"),
                        format!("`domesday cert list {user}` shows them all"),
                    );
                }
                cx.changed(user.to_string(), json!({ "unpinned": HEXLOWER.encode(&digest) }));
                Ok(())
            })
        })
        .await?;
    let digest = HEXLOWER.encode(&digest);
    let text = registry.done(&format!("User {user} may no longer come with {digest}."));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "user": user.as_str(), "unpinned": digest }), text))
}

async fn list(args: &List) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (user, now) = (given::id(&args.user)?, registry.now());
    let of = user.clone();
    let found = registry
        .look(move |tx| {
            Box::pin(async move {
                let known = tx.user(&of).await?.is_some();
                Ok(if known { Some(tx.pins(&of).await?) } else { None })
            })
        })
        .await?;
    let Some(pins) = found else {
        return Err(hint(format!("there is no user {user}"), "`domesday user list` shows them all"));
    };
    let rows = pins.iter().map(|p| {
        let end = p.not_after.map_or_else(|| "for ever".to_owned(), |end| end.to_string());
        [HEXLOWER.encode(&p.sha256), state(p, now).to_owned(), p.not_before.to_string(), end, p.note.clone()]
    });
    let table = out::table(["sha256", "state", "from", "until", "note"], rows);
    let shown: Vec<_> = pins.iter().map(|p| shown(p, now)).collect();
    Ok(Report::new(json!({ "user": user.as_str(), "pins": shown }), table))
}

impl Which {
    fn digest(&self) -> anyhow::Result<Vec<u8>> {
        if let Some(path) = &self.pem {
            let pem = std::fs::read(path).with_context(|| path.display().to_string())?;
            let digest = crate::certs::fingerprint(&pem);
            return Ok(digest.with_context(|| path.display().to_string())?.to_vec());
        }
        let text = self.sha256.as_deref().unwrap_or_default().replace(':', "").to_lowercase();
        match HEXLOWER.decode(text.as_bytes()) {
            Ok(digest) if digest.len() == 32 => Ok(digest),
            _ => Err(hint("this is no SHA-256", "write its 32 octets as 64 hexadecimal digits")),
        }
    }
}

fn state(pin: &PinRow, now: Ts) -> &'static str {
    if now < pin.not_before {
        "not yet"
    } else if pin.not_after.is_some_and(|end| end <= now) {
        "over"
    } else {
        "good"
    }
}

fn shown(pin: &PinRow, now: Ts) -> Value {
    json!({
        "sha256": HEXLOWER.encode(&pin.sha256), "state": state(pin, now), "not_before": pin.not_before.to_string(),
        "not_after": pin.not_after.map(|end| end.to_string()), "note": pin.note,
        "created_at": pin.created_at.to_string(),
    })
}
