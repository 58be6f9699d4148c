//! `domesday epp`: an EPP client for people. It logs in, sends frames from files, from standard input or from short
//! forms, and shows the answers indented. It exits with 1 when an answer's code is 2000 or more.

pub mod client;
pub mod document;
pub mod frame;
mod short;
mod short_ext;
mod short_objects;
mod short_token;
mod short_ttl;

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};

use self::client::{Answer, Client, Endpoint};
use self::document::{Element, Mask, documents};
use self::short::Form;
use super::out::{self, Colour, Paint, hint};
use super::secret::{self, PasswordFrom};

/// Where to connect, as whom, and what to send.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --server, the running `domesday demo` of this folder is used, with its certificates and passwords.
A password comes from --password-file, from the environment (DOMESDAY_PASSWORD), or is asked for on standard input.

Examples:
  domesday epp check first.example
  domesday epp --as registrar-b info first.example
  domesday epp raw create.xml
  domesday epp < frames.xml")]
pub struct EppArgs {
    /// The server
    #[arg(long, value_name = "HOST:PORT")]
    server: Option<String>,
    /// The name the server's certificate must be good for; the host of --server without it
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
    /// The authority of the server's certificate, PEM
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The client's certificate, PEM
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// The client's key, PEM
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// Who logs in; the demo's first registrar without it
    #[arg(long = "as", value_name = "ID")]
    user: Option<String>,
    /// The file the password stands in
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The data folder of the demo
    #[arg(long, value_name = "DIR", default_value = "var")]
    dir: PathBuf,
    /// Language of the answers
    #[arg(long, default_value = "en")]
    lang: String,
    /// Send without logging in first
    #[arg(long)]
    no_login: bool,
    /// Show what is sent as well, with passwords masked
    #[arg(long)]
    show_frames: bool,
    #[command(subcommand)]
    form: Option<Form>,
}

/// Everything needed to connect and log in.
struct Login {
    endpoint: Endpoint,
    user: Option<(String, zeroize::Zeroizing<String>)>,
}

/// Runs the client.
///
/// # Errors
/// When the connection, not a command, fails.
pub async fn run(args: EppArgs, as_json: bool) -> anyhow::Result<ExitCode> {
    let frames = frames(args.form.as_ref())?;
    let login = login(&args)?;
    let mut client = Client::connect(&login.endpoint).await?;
    let mut shown = Shown::new(as_json, args.show_frames);
    if client.greeting.code().is_some() {
        // A server that is full says so instead of a greeting.
        shown.answer(&client.greeting)?;
        shown.finish()?;
        return Ok(ExitCode::FAILURE);
    }
    if let Some((user, password)) = &login.user {
        let answer = client.login(user, password, &args.lang).await?;
        if answer.code() != Some(1000) {
            shown.answer(&answer)?;
            shown.finish()?;
            return Ok(ExitCode::FAILURE);
        }
        for event in answer.document.all("event") {
            out::note(&format!("{}: {}", event.attribute("level").unwrap_or("event"), event.text));
        }
    }
    for frame in &frames {
        shown.sent(frame);
        let answer = client.exchange(frame).await?;
        shown.answer(&answer)?;
        if answer.code().is_some_and(ends_session) {
            break;
        }
    }
    // The server has done what it was asked; a connection that is gone already needs no goodbye.
    if login.user.is_some() && client.exchange(frame::logout().as_bytes()).await.is_ok() {
        let _ = client.close().await;
    }
    shown.finish()?;
    Ok(if shown.refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// 1500 and the x5xx codes after which the server closes.
fn ends_session(code: u16) -> bool {
    code == 1500 || (2500..2600).contains(&code)
}

/// The frames to send, in order.
fn frames(form: Option<&Form>) -> anyhow::Result<Vec<Vec<u8>>> {
    match form {
        None => {
            if std::io::stdin().is_terminal() {
                return Err(hint(
                    "nothing to send",
                    "name a command (domesday epp --help), or pipe frames in",
                ));
            }
            standard_input()
        }
        Some(Form::Raw { files }) => {
            let mut frames = Vec::new();
            for file in files {
                if file == Path::new("-") {
                    frames.extend(standard_input()?);
                } else {
                    frames.push(std::fs::read(file).with_context(|| file.display().to_string())?);
                }
            }
            Ok(frames)
        }
        Some(form) => Ok(form.frame()?.map(String::into_bytes).into_iter().collect()),
    }
}

/// Whole documents one after another; what is no text is one frame.
fn standard_input() -> anyhow::Result<Vec<Vec<u8>>> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("standard input")?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(documents(text).into_iter().map(String::into_bytes).collect()),
        Err(_) => Ok(vec![bytes]),
    }
}

/// What the options say, completed by what the demo of the folder left.
fn login(args: &EppArgs) -> anyhow::Result<Login> {
    let demo = match super::demo::State::load(&args.dir) {
        Ok(demo) => demo,
        Err(_) if args.server.is_some() => None,
        Err(fault) => return Err(fault),
    };
    let registrar = demo.as_ref().and_then(|demo| match &args.user {
        Some(user) => demo.registrars.iter().find(|r| r.id == *user),
        None => demo.registrars.first(),
    });
    let (Some(server), Some(ca)) = (
        args.server.clone().or_else(|| demo.as_ref().map(|d| d.epp.clone())),
        args.ca.clone().or_else(|| demo.as_ref().map(|d| d.ca.clone())),
    ) else {
        return Err(hint(
            format!("there is no demo in {}, and no --server and --ca", args.dir.display()),
            "start `domesday demo`, or say --server, --ca, --cert, --key and --as",
        ));
    };
    let identity = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => Some((cert.clone(), key.clone())),
        _ => registrar.map(|r| (r.cert.clone(), r.key.clone())),
    };
    let user = if args.no_login {
        None
    } else {
        let name = args.user.clone().or_else(|| registrar.map(|r| r.id.clone()));
        let name = name.ok_or_else(|| hint("nobody to log in as", "say --as ID, or --no-login"))?;
        let from = PasswordFrom {
            file: args.password_file.as_deref(),
            otherwise: registrar.map(|r| r.password.as_str()),
        };
        let password = secret::password(&from, &format!("Password of {name}: "))?;
        Some((name, password))
    };
    Ok(Login { endpoint: Endpoint { server, server_name: args.server_name.clone(), ca, identity }, user })
}

/// What is shown of the frames that go and come.
struct Shown {
    json: Option<Vec<Value>>,
    sent: bool,
    paint: Paint,
    refused: bool,
}

impl Shown {
    fn new(json: bool, sent: bool) -> Self {
        let paint = Paint::of(&std::io::stdout());
        Self { json: json.then(Vec::new), sent, paint, refused: false }
    }

    fn sent(&self, frame: &[u8]) {
        if !self.sent {
            return;
        }
        let paint = Paint::of(&std::io::stderr());
        let text = String::from_utf8_lossy(frame);
        // What cannot be read cannot be masked, so it is not shown.
        let shown = Element::parse(&text).map(|document| document.indented(paint, Mask::Secrets));
        out::note(&shown.unwrap_or_else(|_| format!("({} octets that are no XML document)", frame.len())));
    }

    fn answer(&mut self, answer: &Answer) -> std::io::Result<()> {
        let code = answer.code();
        self.refused |= code.is_some_and(|code| code >= 2000);
        if let Some(answers) = &mut self.json {
            answers.push(json!({
                "code": code, "message": answer.message(), "svTRID": answer.svtrid(), "xml": answer.xml,
            }));
            return Ok(());
        }
        out::line(&answer.document.indented(self.paint, Mask::Nothing))?;
        let Some(code) = code else { return Ok(()) };
        let colour = match code {
            1001 | 1300..=1399 => Colour::Yellow,
            1000..2000 => Colour::Green,
            _ => Colour::Red,
        };
        let reasons = answer.document.first("result").map(|result| result.all("reason")).unwrap_or_default();
        let reasons: String = reasons.iter().map(|r| format!("; {}", r.text)).collect();
        out::line(&format!("{} {}{reasons}", self.paint.paint(colour, &code.to_string()), answer.message()))
    }

    /// One answer is one object, several are a list.
    fn finish(&mut self) -> std::io::Result<()> {
        match self.json.take() {
            None => Ok(()),
            Some(mut one) if one.len() == 1 => out::line(&one.remove(0).to_string()),
            Some(answers) => out::line(&Value::Array(answers).to_string()),
        }
    }
}
