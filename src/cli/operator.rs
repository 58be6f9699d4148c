//! `domesday reload` and `domesday clock advance`: what a running server is asked through its operator's listener.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::out::{Report, hint};
use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(30);

/// Which server.
#[derive(Debug, Args)]
pub struct Running {
    /// The server's configuration, which says where its operator's listener is
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The operator's listener itself; the default port of this machine without either
    #[arg(long, value_name = "ADDR:PORT", conflicts_with = "config")]
    operator: Option<SocketAddr>,
}

/// A command on the clock of a sandbox.
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Move the clock forward, as 90s, 15m, 6h, 5d or 2w
    Advance(Advance),
}

/// How far.
#[derive(Debug, Args)]
pub struct Advance {
    by: String,
    #[command(flatten)]
    at: Running,
}

impl Running {
    fn address(&self) -> anyhow::Result<SocketAddr> {
        match (&self.config, self.operator) {
            (Some(path), _) => Ok(Config::load(path)?.operator),
            (None, Some(address)) => Ok(address),
            (None, None) => Ok(Config::default().operator),
        }
    }
}

/// Asks the server to read its certificates and revocation lists anew.
///
/// # Errors
/// When there is no server, or what it read cannot be used.
pub async fn reload(at: &Running) -> anyhow::Result<Report> {
    let (status, text) = post(at.address()?, "/reload").await?;
    match status {
        200 => Ok(Report::new(
            json!({ "reloaded": true }),
            "The certificates and revocation lists were read anew.",
        )),
        _ => Err(hint(text.trim(), "the server goes on with what it had")),
    }
}

/// Moves the clock.
///
/// # Errors
/// When there is no server, or it is no sandbox.
pub async fn clock(ClockCommand::Advance(args): &ClockCommand) -> anyhow::Result<Report> {
    let seconds = seconds(&args.by).ok_or_else(|| {
        hint(format!("{:?} is no stretch of time", args.by), "write it as 90s, 15m, 6h, 5d or 2w")
    })?;
    let (status, text) = post(args.at.address()?, &format!("/clock?advance={seconds}")).await?;
    let now = text.trim();
    match status {
        200 => Ok(Report::new(json!({ "advanced_s": seconds, "now": now }), format!("It is {now} now."))),
        404 => Err(hint("the server's clock cannot be moved", "it must be started as a sandbox")),
        _ => bail!("{now}"),
    }
}

fn seconds(text: &str) -> Option<i64> {
    let (count, unit) = match text.find(|c: char| !c.is_ascii_digit()) {
        Some(at) => text.split_at(at),
        None => (text, "s"),
    };
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    count.parse::<i64>().ok()?.checked_mul(unit)
}

/// One request without a body; the server closes after its answer.
async fn post(address: SocketAddr, path: &str) -> anyhow::Result<(u16, String)> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nX-Domesday: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        std::io::Result::Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    let answer = match tokio::time::timeout(PATIENCE, exchange).await {
        Err(_) => bail!("{address} takes longer than {} seconds", PATIENCE.as_secs()),
        Ok(Err(e)) if e.kind() == std::io::ErrorKind::ConnectionRefused => {
            return Err(hint(
                format!("no server listens on {address}"),
                "say --config FILE or --operator ADDR:PORT",
            ));
        }
        Ok(answer) => answer.with_context(|| address.to_string())?,
    };
    let (head, body) = answer.split_once("\r\n\r\n").context("the answer is not HTTP")?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).context("the answer is not HTTP")?;
    Ok((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_time_has_a_unit() {
        assert_eq!(
            ["90", "90s", "15m", "6h", "5d", "2w"].map(seconds),
            [90, 90, 900, 21_600, 432_000, 1_209_600].map(Some)
        );
        assert_eq!(["", "d", "5y", "-3d", "9999999999999999999d"].map(seconds), [None; 5]);
    }
}
