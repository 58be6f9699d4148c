//! `domesday dev-certs`: a development authority with certificates for a server and for clients.

use std::path::PathBuf;

use clap::Args;
use data_encoding::HEXLOWER;
use serde_json::json;

use super::out::{self, Report};
use crate::certs;

/// Where to, and for whom.
#[derive(Debug, Args)]
pub struct DevCertsArgs {
    /// The folder; what is there already and good for a while is kept
    #[arg(long, value_name = "DIR", default_value = "certs/dev")]
    dir: PathBuf,
    /// Names to make client certificates for
    #[arg(value_name = "NAME", default_values = ["registrar-a", "registrar-b"])]
    clients: Vec<String>,
    /// Put the certificates of these names on the list of revoked ones instead
    #[arg(long)]
    revoke: bool,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Runs it.
///
/// # Errors
/// When the folder cannot be written.
pub fn run(args: &DevCertsArgs) -> anyhow::Result<Report> {
    let dir = args.dir.display();
    let what = if args.revoke { "revoke" } else { "make" };
    if args.dry_run {
        let text = format!("Would {what} the certificates of {} in {dir}.", args.clients.join(", "));
        return Ok(Report::new(json!({ "dry_run": true, "dir": args.dir, "clients": args.clients }), text));
    }
    if args.revoke {
        for name in &args.clients {
            certs::revoke(&args.dir, name)?;
        }
        let text =
            format!("Revoked: {}. A running server learns it by `domesday reload`.", args.clients.join(", "));
        return Ok(Report::new(json!({ "dry_run": false, "revoked": args.clients }), text));
    }
    let names: Vec<&str> = args.clients.iter().map(String::as_str).collect();
    let made = certs::dev(&args.dir, &names)?;
    let mut rows = vec![["authority".to_owned(), made.ca.display().to_string(), String::new()]];
    rows.push([
        "server".to_owned(),
        made.server_cert.display().to_string(),
        made.server_key.display().to_string(),
    ]);
    let mut clients = Vec::new();
    for client in &made.clients {
        let sha256 = HEXLOWER.encode(&certs::fingerprint(&std::fs::read(&client.cert)?)?);
        rows.push([client.name.clone(), client.cert.display().to_string(), client.key.display().to_string()]);
        clients
            .push(json!({ "name": client.name, "cert": client.cert, "key": client.key, "sha256": sha256 }));
    }
    let document = json!({
        "dry_run": false, "ca": made.ca, "crl": made.crl, "clients": clients,
        "server": { "cert": made.server_cert, "key": made.server_key },
    });
    Ok(Report::new(document, out::table(["for", "certificate", "key"], rows)))
}
