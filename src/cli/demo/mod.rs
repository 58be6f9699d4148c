//! `domesday demo`: from nothing to a running registry with one command. Started again, it goes on with what it has.

mod seed;
mod state;

use std::net::SocketAddr;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use self::seed::Seeded;
pub use self::state::State;
use super::out::{self, Colour, Paint};
use super::serve;
use crate::certs;
use crate::config::{Config, LogFormat, NamesConfig, TlsConfig};
use crate::serve::ServeSettings;
use crate::telemetry;

/// The registrars of the demo.
const REGISTRARS: [&str; 2] = ["registrar-a", "registrar-b"];
/// Its zone.
const ZONE: &str = "example";

/// Where, and by which rules.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "var")]
    dir: PathBuf,
    /// The folder of the development certificates
    #[arg(long, value_name = "DIR", default_value = "certs/dev")]
    certs: PathBuf,
    /// Where to serve EPP; port 0 takes any that is free
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:7700")]
    listen: SocketAddr,
    /// Where the operator's listener is; the port above that of --listen without it
    #[arg(long, value_name = "ADDR:PORT")]
    operator: Option<SocketAddr>,
    /// The rules; those of the last start without it, `demo` at the first
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// A folder of your own profiles
    #[arg(long, value_name = "DIR")]
    profiles_dir: Option<PathBuf>,
    /// Let `domesday clock advance` move the clock
    #[arg(long)]
    sandbox: bool,
    /// What is logged to standard error: error, warn, info, debug
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log: String,
}

/// Runs the demo until it is told to stop.
///
/// # Errors
/// What keeps it from starting.
pub async fn run(args: &DemoArgs, as_json: bool) -> anyhow::Result<ExitCode> {
    telemetry::log_to_stderr(LogFormat::Text, &args.log)?;
    std::fs::create_dir_all(&args.dir).with_context(|| args.dir.display().to_string())?;
    let before = State::load(&args.dir)?;
    let made = certs::dev(&args.certs, &REGISTRARS)?;
    let mut config = config(args, &made, before.as_ref())?;
    let gate = serve::gate(&config).await?;
    let clients: Vec<_> =
        made.clients.iter().map(|c| (c.name.as_str(), c.cert.as_path(), c.key.as_path())).collect();
    let Seeded { registrars, changed_passwords } = seed::run(&gate, ZONE, &clients, before.as_ref()).await?;
    let settings = ServeSettings {
        gate,
        listen: config.listen,
        tls: config.tls_files(),
        operator: Some(config.operator),
        sandbox: config.sandbox,
    };
    let server = serve::start(settings).await?;
    config.listen = server.local_addr();
    config.operator = server.operator_addr().unwrap_or(config.operator);
    let state = State {
        epp: config.listen.to_string(),
        operator: config.operator.to_string(),
        ca: absolute(&made.ca)?,
        zone: ZONE.to_owned(),
        registrars,
    };
    state.save(&args.dir)?;
    state::write(&args.dir.join("demo.toml"), &format!("{HEAD}{}", toml::to_string(&config)?))?;
    let shown = if as_json {
        serde_json::to_string(&state)?
    } else {
        welcome(args, &config, &state, &changed_passwords)
    };
    out::line(&shown)?;
    server.run_until_signal().await?;
    Ok(ExitCode::SUCCESS)
}

const HEAD: &str =
    "# Written by `domesday demo` at every start, for the operator's commands: --config FILE.\n";

/// The configuration a server like this demo would have.
fn config(args: &DemoArgs, made: &certs::DevCerts, before: Option<&State>) -> anyhow::Result<Config> {
    let old = before.and_then(|_| Config::load(&args.dir.join("demo.toml")).ok());
    let profile =
        args.profile.clone().or(old.map(|config| config.profile)).unwrap_or_else(|| "demo".to_owned());
    let operator = args.operator.unwrap_or_else(|| {
        let port = match args.listen.port() {
            0 => 0,
            port => port.checked_add(1).unwrap_or(0),
        };
        SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, port))
    });
    let profiles_dir = args.profiles_dir.as_ref().map(absolute).transpose()?.unwrap_or_default();
    let mut config = Config {
        listen: args.listen,
        node: "demo".to_owned(),
        database: format!("sqlite:{}", absolute(args.dir.join("registry.db"))?.display()),
        profile,
        profiles_dir,
        operator,
        sandbox: args.sandbox,
        names: NamesConfig {
            server: "domesday demo".to_owned(),
            repository: "DEMO".to_owned(),
            ..NamesConfig::default()
        },
        tls: TlsConfig {
            certificate: absolute(&made.server_cert)?,
            key: absolute(&made.server_key)?,
            client_ca: absolute(&made.ca)?,
            crls: vec![absolute(&made.crl)?],
        },
        ..Config::default()
    };
    config.log.filter = args.log.clone();
    Ok(config)
}

/// What a person needs to go on.
fn welcome(args: &DemoArgs, config: &Config, state: &State, changed_passwords: &[String]) -> String {
    let paint = Paint::of(&std::io::stdout());
    let here = |path: &Path| shortened(path).display().to_string();
    let program = std::env::current_exe().map_or_else(|_| "domesday".to_owned(), |path| here(&path));
    let dir =
        if args.dir == Path::new("var") { String::new() } else { format!(" --dir {}", args.dir.display()) };
    let mut text = format!("Zone {} is served by the rules of profile {}.\n\n", state.zone, config.profile);
    text.push_str(&out::list([
        ("EPP", format!("{} (TLS)", state.epp)),
        ("authority", here(&state.ca)),
        ("operator", format!("http://{}/metrics", state.operator)),
        ("data", here(&args.dir)),
    ]));
    for registrar in &state.registrars {
        let password = if changed_passwords.contains(&registrar.id) {
            "changed since by a login".to_owned()
        } else {
            registrar.password.clone()
        };
        text.push('\n');
        text.push_str(&out::list([
            ("registrar", registrar.id.clone()),
            ("password", password),
            ("certificate", here(&registrar.cert)),
            ("key", here(&registrar.key)),
        ]));
    }
    let paste = |line: String| format!("  {}\n", paint.paint(Colour::Green, &line));
    text.push_str("\nIn another terminal, log in and check a name:\n");
    text.push_str(&paste(format!("{program} epp{dir} check first.{}", state.zone)));
    text.push_str("Look at it as the operator:\n");
    text.push_str(&paste(format!("{program} registrar list --config {}", here(&args.dir.join("demo.toml")))));
    text.push_str("See the greeting with nothing but openssl:\n");
    if let Some(first) = state.registrars.first() {
        let (ca, cert, key) = (here(&state.ca), here(&first.cert), here(&first.key));
        let line =
            format!("openssl s_client -quiet -connect {} -CAfile {ca} -cert {cert} -key {key}", state.epp);
        text.push_str(&paste(line));
    }
    text.push_str("\nCtrl-C stops it; started again, it keeps its data.");
    text
}

/// A path as seen from here, where that is shorter.
fn shortened(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    below.unwrap_or_else(|| path.to_owned())
}
