//! `domesday serve`: the server, from its configuration to the signal that ends it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::out::{self, hint};
use crate::clock::Clock;
use crate::config::{Config, SAMPLE, masked_url};
use crate::epp::types::Secret;
use crate::gate::Gate;
use crate::policy::{CodeKind, Policies};
use crate::serve::{ServeError, ServeSettings, Server};
use crate::store::Db;
use crate::telemetry;

/// The configuration.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The configuration
    #[arg(long, value_name = "FILE", required_unless_present = "print_sample")]
    config: Option<PathBuf>,
    /// Print a configuration that shows every key with its default
    #[arg(long)]
    print_sample: bool,
}

/// Serves until it is told to stop.
///
/// # Errors
/// What keeps it from starting.
pub async fn run(args: &ServeArgs, as_json: bool) -> anyhow::Result<ExitCode> {
    let Some(path) = args.config.as_ref().filter(|_| !args.print_sample) else {
        out::line(SAMPLE)?;
        return Ok(ExitCode::SUCCESS);
    };
    let config = Config::load(path)?;
    telemetry::log_to_stderr(config.log.format, &config.log_filter())?;
    let mailer = super::post::mailer(&config.mail)?;
    let gate = gate(&config).await?;
    let settings = ServeSettings {
        gate,
        listen: config.listen,
        tls: config.tls_files(),
        operator: Some(config.operator),
        sandbox: config.sandbox,
    };
    let mut server = start(settings).await?;
    if let Some(mailer) = mailer {
        server.send_mail(mailer);
    }
    if as_json {
        let operator = server.operator_addr().map(|at| at.to_string());
        out::line(&json!({ "epp": server.local_addr().to_string(), "operator": operator }).to_string())?;
    }
    server.run_until_signal().await?;
    Ok(ExitCode::SUCCESS)
}

/// The gate in front of a database whose tables are up to date and that knows of this process.
pub(super) async fn gate(config: &Config) -> anyhow::Result<Gate> {
    let policies = config.policies()?;
    // Whether there is such a profile is known before anything is touched.
    policies.profile(&config.profile)?;
    let shown = || format!("the database {}", masked_url(&config.database));
    let db = Db::open(&config.database).await.with_context(shown)?;
    db.migrate().await.with_context(shown)?;
    hold_together(&db, &policies, config).await?;
    let clock = Clock::system();
    let ids = db.register(&config.node_name(), clock.now()).await.with_context(shown)?;
    let gate = Gate::new(db, ids, clock, policies, &config.profile, config.gate_names()?)?;
    Ok(gate.with_token_key(Secret::new(&config.token_key)))
}

/// Whether the rules that the database picks for zones and registrars are there and hold together: a profile's file may
/// have changed since they were picked. Says where codes of the registry's making lack a key.
async fn hold_together(db: &Db, policies: &Policies, config: &Config) -> anyhow::Result<()> {
    let (zones, registrars) =
        db.read(|tx| Box::pin(async move { Ok((tx.zone_list().await?, tx.registrars().await?)) })).await?;
    let mut making = Vec::new();
    for zone in zones {
        let rules = policies.zone(&zone.profile, &zone.overrides);
        let rules = rules.map_err(|fault| {
            let advice = format!("`domesday zone set {}` changes its rules", zone.name);
            hint(format!("the rules of zone {}: {fault}", zone.name), advice)
        })?;
        if rules.transfer.code.kind != CodeKind::ClientSet {
            making.push(zone.name.to_string());
        }
    }
    if !making.is_empty() && config.token_key.is_empty() {
        let zones = making.join(" ");
        tracing::warn!(%zones, "token_key is empty: whoever reads the database can work out transfer codes");
    }
    for registrar in registrars {
        let Some(profile) = &registrar.profile else { continue };
        policies.account(profile).map_err(|fault| {
            let advice = format!("`domesday registrar set {} --profile NAME` gives it another", registrar.id);
            hint(format!("the rules of registrar {}: {fault}", registrar.id), advice)
        })?;
    }
    Ok(())
}

/// Starts a server, with advice where it does not.
pub(super) async fn start(settings: ServeSettings) -> anyhow::Result<Server> {
    Server::start(settings).await.map_err(|fault| match &fault {
        ServeError::Bind { cause, .. } => match cause.kind() {
            std::io::ErrorKind::AddrInUse => hint(fault.to_string(), "another program listens there; choose another port"),
            std::io::ErrorKind::PermissionDenied => hint(
                fault.to_string(),
                "ports below 1024 need a privilege: setcap cap_net_bind_service=+ep, or systemd's AmbientCapabilities",
            ),
            _ => fault.into(),
        },
        ServeError::Tls(_) => hint(fault.to_string(), "the files are those of [tls]; `domesday check-config` checks them"),
        ServeError::Signals(_) => fault.into(),
    })
}
