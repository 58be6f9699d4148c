//! `domesday sessions`: who is logged in, over all processes of the registry.

use clap::Args;
use serde_json::json;

use super::open::Where;
use super::out::{self, Report};
use crate::store::PROCESS_GONE_SECONDS;

/// Which registry.
#[derive(Debug, Args)]
pub struct SessionsArgs {
    /// Only the sessions of this registrar
    #[arg(long, value_name = "ID")]
    registrar: Option<String>,
    /// How many sessions at most
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// Runs it.
///
/// # Errors
/// The database's.
pub async fn run(args: &SessionsArgs) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (since, limit) = (registry.now().plus_seconds(-PROCESS_GONE_SECONDS), args.limit);
    let (mut sessions, processes) = registry
        .look(move |tx| {
            Box::pin(async move { Ok((tx.sessions(since, limit).await?, tx.processes().await?)) })
        })
        .await?;
    if let Some(registrar) = &args.registrar {
        sessions.retain(|s| s.registrar.as_str() == registrar);
    }
    let node =
        |process: i64| processes.iter().find(|p| p.id == process).map(|p| p.node.clone()).unwrap_or_default();
    let rows = sessions.iter().map(|s| {
        let (registrar, user) = (s.registrar.to_string(), s.user.to_string());
        [registrar, user, s.address.clone(), s.login_at.to_string(), s.tls.clone(), node(s.process)]
    });
    let table = out::table(["registrar", "user", "address", "since", "tls", "node"], rows);
    let shown: Vec<_> = sessions
        .iter()
        .map(|s| {
            json!({
                "id": s.id, "registrar": s.registrar.as_str(), "user": s.user.as_str(), "address": s.address,
                "login_at": s.login_at.to_string(), "tls": s.tls, "process": s.process, "node": node(s.process),
            })
        })
        .collect();
    Ok(Report::new(json!({ "sessions": shown }), format!("{table}\n{} logged in.", sessions.len())))
}
