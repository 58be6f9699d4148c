//! Lists of claims, of revoked marks and of revoked certificates, and roots: loaded from files.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use serde_json::json;

use crate::cli::open::{Change, Where};
use crate::cli::out::{self, Report, hint};
use crate::epp::smd;
use crate::epp::types::CLEARINGHOUSE;
use crate::flow::launch::list::{self, List};
use crate::store::claim::Difference;

/// Which list, of whom.
#[derive(Debug, Args)]
pub struct LoadDnl {
    /// The validator whose list it is
    #[arg(long, value_name = "ID", default_value = CLEARINGHOUSE)]
    validator: String,
    #[command(flatten)]
    file: LoadFile,
}

/// Which file.
#[derive(Debug, Args)]
pub struct LoadFile {
    file: PathBuf,
    #[command(flatten)]
    at: Change,
}

impl LoadFile {
    fn text(&self) -> anyhow::Result<String> {
        std::fs::read_to_string(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))
    }

    fn list(&self, read: fn(&str) -> Result<List, String>) -> anyhow::Result<List> {
        read(&self.text()?).map_err(|why| {
            hint(format!("{}: {why}", self.file.display()), "load the file as it was published")
        })
    }
}

pub(super) async fn claims(args: &LoadDnl) -> anyhow::Result<Report> {
    let registry = args.file.at.open().await?;
    let list = args.file.list(list::read_claims)?;
    let validator = args.validator.clone();
    let by = registry
        .change("launch:load-dnl", validator.clone(), move |cx| {
            let (validator, list) = (validator.clone(), list.clone());
            Box::pin(async move { Ok(list::load_claims(cx, &validator, &list).await?) })
        })
        .await?;
    Ok(told(
        &by,
        registry.is_dry(),
        &registry.done(&format!("Claims of {}: {}.", args.validator, counted(&by))),
    ))
}

pub(super) async fn revoked(args: &LoadFile) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let list = args.list(list::read_revoked)?;
    let by = registry
        .change("launch:load-revoked", "revoked marks", move |cx| {
            let list = list.clone();
            Box::pin(async move { Ok(list::load_revoked(cx, &list).await?) })
        })
        .await?;
    Ok(told(&by, registry.is_dry(), &registry.done(&format!("Revoked marks: {}.", counted(&by)))))
}

fn counted(by: &Difference) -> String {
    format!("{} added, {} changed, {} removed", by.added.len(), by.changed.len(), by.removed.len())
}

/// With the first of what is new, which tells somebody at a dry run whether it is the right file.
fn told(by: &Difference, dry: bool, text: &str) -> Report {
    let first: Vec<_> = by.added.iter().take(10).map(|(_, of, ..)| of.as_str()).collect();
    let document = json!({
        "dry_run": dry, "added": by.added.len(), "changed": by.changed.len(), "removed": by.removed.len(),
        "first_added": first,
    });
    let more =
        if first.is_empty() { String::new() } else { format!("\nNew among others: {}", first.join(", ")) };
    Report::new(document, format!("{text}{more}"))
}

pub(super) async fn roots(args: &LoadFile) -> anyhow::Result<Report> {
    let text = args.text()?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let all: Vec<Vec<u8>> = all.map_err(|_| bad(args))?.into_iter().map(|der| der.to_vec()).collect();
    let checked = all.iter().try_for_each(|der| smd::check_root(der));
    checked.map_err(|why| hint(format!("{}: {why}", args.file.display()), "it holds certificates in PEM"))?;
    trust(args, "root", all).await
}

pub(super) async fn crls(args: &LoadFile) -> anyhow::Result<Report> {
    let octets =
        std::fs::read(&args.file).with_context(|| format!("{} cannot be read", args.file.display()))?;
    let all: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(&octets).collect();
    let mut all: Vec<Vec<u8>> = all.map_err(|_| bad(args))?.into_iter().map(|der| der.to_vec()).collect();
    // They are published in DER as well.
    if all.is_empty() {
        all.push(octets);
    }
    let checked = all.iter().try_for_each(|der| smd::check_crl(der));
    checked.map_err(|why| {
        hint(format!("{}: {why}", args.file.display()), "it holds lists in PEM, or one in DER")
    })?;
    trust(args, "crl", all).await
}

fn bad(args: &LoadFile) -> anyhow::Error {
    hint(format!("{} is no PEM", args.file.display()), "load the file as it was published")
}

async fn trust(args: &LoadFile, kind: &'static str, all: Vec<Vec<u8>>) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let digests = registry
        .change("launch:load-trust", kind, move |cx| {
            let all = all.clone();
            Box::pin(async move { Ok(list::load_trust(cx, kind, &all).await?) })
        })
        .await?;
    let what = if kind == "root" { "root certificates" } else { "lists of revoked certificates" };
    let text = registry.done(&format!("{} {what} are in force.", digests.len()));
    Ok(Report::new(json!({ "dry_run": registry.is_dry(), "kind": kind, "sha256": digests }), text))
}

pub(super) async fn lists(at: &Where) -> anyhow::Result<Report> {
    let registry = at.open().await?;
    let rows = registry.look(|tx| Box::pin(tx.launch_lists())).await?;
    let cells = rows.iter().map(|row| {
        [row.kind.clone(), row.entries.to_string(), row.made_at.to_string(), row.loaded_at.to_string()]
    });
    let table = out::table(["list", "entries", "made", "loaded"], cells);
    let all: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "list": row.kind, "entries": row.entries, "made_at": row.made_at.to_string(),
                    "loaded_at": row.loaded_at.to_string() })
        })
        .collect();
    Ok(Report::new(json!({ "lists": all }), table))
}
