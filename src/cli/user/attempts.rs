//! The logins that were tried (S85), and the throttle that counts the failed ones.

use std::net::IpAddr;

use clap::Args;
use serde_json::json;

use crate::cli::given;
use crate::cli::open::{Change, Halt, Where};
use crate::cli::out::{self, Report};
use crate::store::login::Attempt;

/// Whose attempts.
#[derive(Debug, Args)]
pub struct Attempts {
    /// The login name that was given, whether anybody has it or not
    id: String,
    /// How many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    at: Where,
}

/// What to forget.
#[derive(Debug, Args)]
pub struct Unthrottle {
    /// The failures with this login name
    #[arg(required_unless_present = "address")]
    id: Option<String>,
    /// The failures from this address
    #[arg(long)]
    address: Option<IpAddr>,
    #[command(flatten)]
    at: Change,
}

pub(super) async fn list(args: &Attempts) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let (id, limit) = (given::id(&args.id)?, args.limit);
    let user = id.to_string();
    let found =
        registry.look(move |tx| Box::pin(async move { tx.login_attempts(&user, limit).await })).await?;
    let status = |a: &Attempt| if a.outcome == "success" { "success" } else { "failure" };
    let reason = |a: &Attempt| if a.outcome == "success" { String::new() } else { a.outcome.clone() };
    let rows = found
        .iter()
        .map(|a| [a.at.to_string(), a.address.clone(), status(a).to_owned(), reason(a), program(a)]);
    let table = out::table(["date", "address", "status", "reason", "program"], rows);
    let attempts: Vec<_> = found
        .iter()
        .map(|a| {
            let reason = Some(reason(a)).filter(|reason| !reason.is_empty());
            json!({
                "date": a.at.to_string(), "address": a.address, "status": status(a), "reason": reason,
                "registrar": a.registrar, "counted": a.counted,
                "program": { "app": a.agent.app, "tech": a.agent.tech, "os": a.agent.os },
            })
        })
        .collect();
    Ok(Report::new(json!({ "user": id.as_str(), "attempts": attempts }), table))
}

/// What the client says it is (RFC 8807).
fn program(attempt: &Attempt) -> String {
    let parts = [&attempt.agent.app, &attempt.agent.tech, &attempt.agent.os];
    parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
}

pub(super) async fn unthrottle(args: &Unthrottle) -> anyhow::Result<Report> {
    let registry = args.at.open().await?;
    let id = args.id.as_deref().map(given::id).transpose()?;
    let address = args.address.map(|address| address.to_canonical().to_string());
    let whom = [id.as_ref().map(ToString::to_string), address.clone()];
    let whom = whom.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let (user, from, object) = (id.clone(), address.clone(), whom.clone());
    let forgotten = registry
        .change("user:unthrottle", whom.clone(), move |cx| {
            let (user, from, object) = (user.clone(), from.clone(), object.clone());
            Box::pin(async move {
                let mut forgotten = 0;
                if let Some(user) = &user {
                    forgotten += cx.tx.login_forget_user(user).await?;
                }
                if let Some(from) = &from {
                    forgotten += cx.tx.login_forget_address(from).await?;
                }
                cx.changed(object, json!({ "forgotten": forgotten }));
                Ok::<_, Halt>(forgotten)
            })
        })
        .await?;
    let text = registry.done(&format!("{forgotten} failed logins of {whom} count no longer."));
    let document = json!({
        "dry_run": registry.is_dry(), "user": id.as_ref().map(|id| id.as_str()), "address": address,
        "forgotten": forgotten,
    });
    Ok(Report::new(document, text))
}
