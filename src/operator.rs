//! The operator's listener: health, numbers, reload. Loopback only, plain HTTP.
//!
//! A browser on the same machine can be made to send requests here by any page it shows. So every request must name
//! a loopback host (a page's rebound name does not), and what changes something must carry the header
//! `X-Domesday: 1`, which a page cannot add without asking first.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::gate::Gate;
use crate::job;
use crate::net::Stop;
use crate::net::tls::Tls;
use crate::telemetry;

/// How long the database may take to say it is there.
const PING: Duration = Duration::from_secs(2);
/// How far a sandbox clock is moved by one request, at most: a hundred years.
const FURTHEST: i64 = 100 * 366 * 86_400;

/// What the listener shows and moves.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The registry.
    pub gate: Gate,
    /// What a reload reads anew.
    pub tls: Tls,
    /// Whether the server is going down.
    pub stop: Stop,
    /// Whether the clock may be moved.
    pub sandbox: bool,
}

impl Operator {
    /// Binds. Port 0 takes any.
    ///
    /// # Errors
    /// When the address is not a loopback address, or cannot be bound.
    pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
        if !address.ip().is_loopback() {
            let fault = format!("{address}: the operator's listener takes a loopback address only");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, fault));
        }
        TcpListener::bind(address).await
    }

    /// Serves until everything else has ended, so that the end can be watched too.
    ///
    /// # Errors
    /// The listener's.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let mut stop = self.stop.clone();
        let cut = async move { stop.cut().await };
        axum::serve(listener, self.routes()).with_graceful_shutdown(cut).await
    }

    fn routes(self) -> Router {
        let routes = Router::new()
            .route("/metrics", get(async || telemetry::metrics().render()))
            .route("/healthz", get(async || "alive\n"))
            .route("/readyz", get(ready))
            .route("/reload", post(reload));
        let routes = if self.sandbox { routes.route("/clock", post(advance_clock)) } else { routes };
        routes.layer(middleware::from_fn(guard)).with_state(self)
    }
}

async fn ready(State(operator): State<Operator>) -> Response {
    if operator.stop.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n").into_response();
    }
    match timeout(PING, operator.gate.db().ping()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(cause)) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("the database does not answer: {cause}\n"))
                .into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer in time\n").into_response(),
    }
}

async fn reload(State(operator): State<Operator>) -> Response {
    match reload_tls(&operator.tls).await {
        Ok(()) => "reloaded\n".into_response(),
        Err(fault) => (StatusCode::CONFLICT, format!("{fault}\n")).into_response(),
    }
}

/// Reads the TLS files anew; on any fault what was in use stays in use.
///
/// # Errors
/// What is wrong with the new material.
pub async fn reload_tls(tls: &Tls) -> Result<(), String> {
    let tls = tls.clone();
    let reloaded = tokio::task::spawn_blocking(move || tls.reload().map_err(|e| e.to_string())).await;
    let outcome = reloaded.unwrap_or_else(|e| Err(e.to_string()));
    match &outcome {
        Ok(()) => tracing::info!("TLS files reloaded"),
        Err(fault) => tracing::error!(%fault, "TLS files not reloaded; the old ones stay in use"),
    }
    outcome
}

async fn advance_clock(State(operator): State<Operator>, uri: Uri) -> Response {
    let seconds = uri
        .query()
        .and_then(|query| query.strip_prefix("advance="))
        .and_then(|seconds| seconds.parse().ok())
        .filter(|seconds| (0..=FURTHEST).contains(seconds));
    let Some(seconds) = seconds else {
        return (StatusCode::BAD_REQUEST, "say advance=SECONDS, forward only\n").into_response();
    };
    operator.gate.clock().advance(seconds);
    // By the moved clock this process was last seen long ago.
    let (db, process) = (operator.gate.db(), operator.gate.ids().process());
    if let Err(cause) = db.process_seen(process, operator.gate.clock().now()).await {
        tracing::error!(%cause, "the database was not told that this process is there");
    }
    // Whoever moves the clock wants to see what is then due.
    if let Err(cause) = job::pass(&operator.gate).await {
        let text = format!("the clock was moved, but timed work failed: {cause}\n");
        return (StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
    }
    format!("{}\n", operator.gate.clock().now()).into_response()
}

async fn guard(request: Request, next: Next) -> Response {
    if !names_loopback(request.headers()) {
        return (StatusCode::FORBIDDEN, "name a loopback address as the host\n").into_response();
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && request.headers().get("x-domesday").is_none_or(|value| value != "1") {
        return (StatusCode::FORBIDDEN, "send the header X-Domesday: 1\n").into_response();
    }
    next.run(request).await
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let Some(authority) = host.and_then(|host| host.parse::<Authority>().ok()) else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, name.parse().unwrap())])
    }

    #[test]
    fn only_loopback_names_are_hosts() {
        for name in ["localhost", "localhost:9", "127.0.0.1:9", "[::1]:9", "127.1.2.3"] {
            assert!(names_loopback(&host(name)), "{name}");
        }
        for name in ["example.com", "localhost.example.com", "192.0.2.1:9", "127.0.0.1.example", "", "[::2]"]
        {
            assert!(!names_loopback(&host(name)), "{name}");
        }
        assert!(!names_loopback(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn other_addresses_are_not_bound() {
        let error = Operator::bind("0.0.0.0:0".parse().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains("loopback"));
    }
}
