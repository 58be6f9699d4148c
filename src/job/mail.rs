//! Mail from the outbox to where it goes: over SMTP, or into files for development.
//!
//! Any number of servers share one outbox. Whoever sends a mail takes it first, for the time of a lease, in a
//! transaction of its own; what it took is nobody else's until the lease is over. A mail is sent once, then, but for a
//! server that dies between sending it and noting that: another sends it again when the lease is over, with the same
//! Message-ID, by which mail systems know it. What fails is tried again after pauses that double, and given up after a
//! number of tries, with one line in the log.
//!
//! A mail that brings a transfer code has a mark where the code stands. The code is worked out when the mail is sent and
//! is kept nowhere; one that ended since is not sent. Where its address is refused for good, or the mail is given up, the
//! registrar that asked for it is told (N36).

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::{Duration, SystemTime};

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::response::{Category, Severity};
use lettre::{Address, AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::clock::Ts;
use crate::epp::notice::MARK;
use crate::epp::types::Secret;
use crate::flow::token::mail::{self as code, Standing};
use crate::gate::{Ended, Gate};
use crate::store::StoreError;
use crate::store::outbox::Mail;

/// How long a server waits between passes.
const EVERY: Duration = Duration::from_secs(5);
/// How many mails a pass sends; the next goes on.
const BATCH: usize = 100;
/// Seconds for which a mail is its sender's. More than any try takes.
const LEASE_S: i64 = 300;
/// Seconds until the second try; each further pause is twice as long.
const FIRST_PAUSE_S: i64 = 60;
/// No pause is longer.
const LONGEST_PAUSE_S: i64 = 4 * 3600;

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The way.
    pub way: Way,
    /// Who writes: `Name <name@host.example>`.
    pub from: String,
    /// Tries until a mail is given up.
    pub max_tries: i64,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Way {
    /// To a server that takes it further.
    Smtp(SmtpSettings),
    /// Into files of a folder, `*.eml`.
    Folder(PathBuf),
}

/// A server that takes mail further.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// PEM of its authority, where it is none of the public ones.
    pub ca: Option<PathBuf>,
    /// Who logs in.
    pub login: Option<Credentials>,
    /// How long it may take to answer. At most half the lease.
    pub timeout: Duration,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all: for a server on the same machine.
    None,
    /// TLS after STARTTLS, without which nothing is sent.
    StartTls,
    /// TLS from the first octet.
    Tls,
}

/// Sends mail.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: Transport,
    from: Mailbox,
    max_tries: i64,
}

#[derive(Clone, Debug)]
enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(AsyncFileTransport<Tokio1Executor>),
}

/// Why a mail was not sent.
#[derive(Debug)]
struct Failure {
    why: String,
    /// Whether the next mail would fail as well: there is no server.
    all: bool,
    /// Whether this mail is never taken: nobody has the address.
    lasting: bool,
}

impl Failure {
    fn of(why: String) -> Self {
        Self { why, all: false, lasting: true }
    }
}

impl Mailer {
    /// A mailer, which is not connected yet.
    ///
    /// # Errors
    /// What is wrong with the settings, and the key it is about.
    pub fn new(settings: &MailSettings) -> Result<Self, (&'static str, String)> {
        let from: Mailbox = settings.from.parse().map_err(|_| {
            ("from", format!("{:?} is no sender; write it as Name <name@host.example>", settings.from))
        })?;
        let transport = match &settings.way {
            Way::Smtp(smtp) => Transport::Smtp(smtp_transport(smtp)?),
            Way::Folder(folder) => {
                if !folder.is_dir() {
                    return Err(("folder", format!("there is no folder {}", folder.display())));
                }
                Transport::Folder(AsyncFileTransport::new(folder))
            }
        };
        Ok(Self { transport, from, max_tries: settings.max_tries.max(1) })
    }

    async fn send(&self, mail: &Mail, body: &Secret) -> Result<(), Failure> {
        let message = self.message(mail, body).map_err(Failure::of)?;
        match &self.transport {
            Transport::Smtp(smtp) => smtp.send(message).await.map(drop).map_err(|cause| {
                // A server that answered refuses this mail; one that did not would not take the next either.
                let status = cause.status();
                // 55x is about the mail; 53x, for one, is about us (RFC 5321 section 4.2.1, RFC 4954 section 6).
                let lasting = status.is_some_and(|code| {
                    code.severity == Severity::PermanentNegativeCompletion
                        && code.category == Category::MailSystem
                });
                Failure { why: cause_of(&cause), all: status.is_none(), lasting }
            }),
            Transport::Folder(folder) => folder.send(message).await.map(drop).map_err(|cause| Failure {
                why: cause_of(&cause),
                all: true,
                lasting: false,
            }),
        }
    }

    fn message(&self, mail: &Mail, body: &Secret) -> Result<Message, String> {
        let written = SystemTime::UNIX_EPOCH
            + Duration::from_micros(u64::try_from(mail.queued_at.0).unwrap_or_default());
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let mut message = Message::builder()
            .from(self.from.clone())
            .message_id(Some(format!("<{}.notice@{}>", mail.id, self.from.email.domain())))
            .date(written)
            .subject(&mail.subject)
            .header(ContentType::TEXT_PLAIN)
            // No vacation notice answers it (RFC 3834).
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
        if mail.recipients.is_empty() {
            return Err("it has no address".to_owned());
        }
        for recipient in &mail.recipients {
            let address: Address = recipient.parse().map_err(|_| format!("{recipient:?} is no address"))?;
            message = message.to(Mailbox::new(None, address));
        }
        message.body(body.expose().to_owned()).map_err(|cause| cause.to_string())
    }
}

fn smtp_transport(smtp: &SmtpSettings) -> Result<AsyncSmtpTransport<Tokio1Executor>, (&'static str, String)> {
    if smtp.host.is_empty() {
        return Err(("host", "smtp needs a host".to_owned()));
    }
    let tls = match smtp.tls {
        SmtpTls::None => Tls::None,
        SmtpTls::StartTls => Tls::Required(tls_parameters(smtp)?),
        SmtpTls::Tls => Tls::Wrapper(tls_parameters(smtp)?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.host.clone())
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(smtp.timeout));
    if let Some(login) = &smtp.login {
        builder = builder.credentials(login.clone());
    }
    Ok(builder.build())
}

fn tls_parameters(smtp: &SmtpSettings) -> Result<TlsParameters, (&'static str, String)> {
    let mut builder = TlsParameters::builder(smtp.host.clone());
    if let Some(path) = &smtp.ca {
        builder = builder.add_root_certificate(authority(path).map_err(|fault| ("ca", fault))?);
    }
    builder.build().map_err(|cause| ("tls", cause_of(&cause)))
}

fn authority(path: &Path) -> Result<Certificate, String> {
    let told = |cause: &dyn std::error::Error| format!("{}: {cause}", path.display());
    let pem = std::fs::read(path).map_err(|cause| told(&cause))?;
    Certificate::from_pem(&pem).map_err(|cause| told(&cause))
}

/// An error with what is behind it, in one line.
fn cause_of(cause: &dyn std::error::Error) -> String {
    let mut text = cause.to_string();
    let mut behind = cause.source();
    while let Some(source) = behind {
        let more = source.to_string();
        if !text.contains(&more) {
            text.push_str(&format!(": {more}"));
        }
        behind = source.source();
    }
    text.replace(['\r', '\n'], " ")
}

/// Runs passes until `stop` completes, beside all other timed work, which a slow mail server does not hold up. A mail
/// that is being sent is finished.
pub async fn run(gate: Gate, mailer: Mailer, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        if let Err(cause) = pass(&gate, &mailer).await {
            tracing::error!(%cause, "mail could not be taken from the outbox; it is tried again");
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Sends what waits, the oldest first, and says how much that was. A pass ends early where the mail server is not
/// there.
///
/// # Errors
/// When the database cannot be asked.
pub async fn pass(gate: &Gate, mailer: &Mailer) -> Result<usize, StoreError> {
    let now = gate.clock().now();
    let due =
        gate.db().read(move |tx| Box::pin(async move { tx.mails_due(now, BATCH as i64).await })).await?;
    let mut sent = 0;
    for id in due {
        let mail = match take(gate, id).await {
            Ok(Some(mail)) => mail,
            Ok(None) => continue,
            // A row that cannot be read is in no other mail's way.
            Err(StoreError::Shape(why)) => {
                tracing::error!(mail = id, why, "a mail cannot be read; it is left alone for a while");
                let until = gate.clock().now().plus_seconds(LONGEST_PAUSE_S);
                let put =
                    gate.db().write(move |tx| Box::pin(async move { tx.mail_postpone(id, until).await }));
                put.await?;
                continue;
            }
            Err(cause) => return Err(cause),
        };
        let (body, code) = match written(gate, &mail).await {
            Ok(Ok(text)) => text,
            Ok(Err(over)) => {
                give_up(gate, mail, over.why, over.is_told).await?;
                continue;
            }
            // It is tried again when its lease is over, and in no other mail's way until then.
            Err(cause) => {
                tracing::error!(%cause, mail = id, "a mail with a code could not be written");
                continue;
            }
        };
        match mailer.send(&mail, &body).await {
            Ok(()) => {
                sent += 1;
                note_sent(gate, mail).await?;
            }
            Err(mut failure) => {
                // A server may repeat what it refuses.
                if let Some(code) = code {
                    failure.why = failure.why.replace(code.expose(), MARK);
                }
                let all = failure.all;
                note_failed(gate, mailer, mail, failure).await?;
                if all {
                    break;
                }
            }
        }
    }
    Ok(sent)
}

/// Why a mail is not sent at all.
struct Over {
    why: String,
    /// Whether the registrar is told: it waits for the registrant to have the code.
    is_told: bool,
}

/// What a mail says, with the code it brings, if it brings one.
async fn written(gate: &Gate, mail: &Mail) -> Result<Result<(Secret, Option<Secret>), Over>, StoreError> {
    let Some(of) = mail.code.clone() else { return Ok(Ok((Secret::new(&mail.body), None))) };
    let standing = gate.run_registry("job", "mail:code", mail.id.to_string(), move |cx| {
        let of = of.clone();
        Box::pin(async move { Ok(Ended::Undo(code::standing(cx, &of).await?)) })
    });
    Ok(match standing.await? {
        Standing::Alive(code) => Ok((Secret::new(mail.body.replace(MARK, code.expose())), Some(code))),
        Standing::Lost => Err(Over { why: "the code can be told no more".to_owned(), is_told: true }),
        Standing::Ended => Err(Over { why: "the code has ended".to_owned(), is_told: false }),
    })
}

async fn take(gate: &Gate, id: i64) -> Result<Option<Mail>, StoreError> {
    let now = gate.clock().now();
    let until = now.plus_seconds(LEASE_S);
    gate.db().write(move |tx| Box::pin(async move { tx.mail_take(id, now, until).await })).await
}

async fn note_sent(gate: &Gate, mail: Mail) -> Result<(), StoreError> {
    let now = gate.clock().now();
    gate.db()
        .write(move |tx| {
            let mail = mail.clone();
            Box::pin(async move { tx.mail_sent(&mail, now).await.map(drop) })
        })
        .await
}

async fn note_failed(gate: &Gate, mailer: &Mailer, mail: Mail, failure: Failure) -> Result<(), StoreError> {
    let again = (mail.tries < mailer.max_tries).then(|| next_try(gate.clock().now(), mail.tries));
    if mail.code.is_some() && (failure.lasting || again.is_none()) {
        return give_up(gate, mail, failure.why, true).await;
    }
    let (id, registrar, tries) = (mail.id, mail.registrar.to_string(), mail.tries);
    let why = if failure.why.is_empty() { "no reason was given".to_owned() } else { failure.why.clone() };
    gate.db()
        .write(move |tx| {
            let (mail, why) = (mail.clone(), why.clone());
            Box::pin(async move { tx.mail_failed(&mail, again, &why).await.map(drop) })
        })
        .await?;
    match again {
        Some(_) => tracing::debug!(mail = id, registrar, tries, why = failure.why, "a mail was not sent"),
        None => tracing::error!(mail = id, registrar, tries, why = failure.why, "a mail is given up"),
    }
    Ok(())
}

/// A mail with a code is never sent; its registrar is told in the same transaction.
async fn give_up(gate: &Gate, mail: Mail, why: String, is_told: bool) -> Result<(), StoreError> {
    let (id, registrar, tries) = (mail.id, mail.registrar.to_string(), mail.tries);
    let shown = why.clone();
    let work = gate.run_job("mail:bounced", id.to_string(), move |cx| {
        let (mail, why) = (mail.clone(), why.clone());
        Box::pin(async move {
            if !cx.tx.mail_failed(&mail, None, &why).await? {
                return Ok(false);
            }
            if is_told {
                code::bounced(cx, &mail).await?;
            }
            Ok(true)
        })
    });
    if work.await? {
        tracing::warn!(mail = id, registrar, tries, why = shown, "a mail with a code is given up");
    }
    Ok(())
}

/// When a mail that failed so often is tried again.
fn next_try(now: Ts, tries: i64) -> Ts {
    let doublings = u32::try_from(tries.clamp(1, 20) - 1).unwrap_or_default();
    now.plus_seconds((FIRST_PAUSE_S << doublings).min(LONGEST_PAUSE_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_four_hours() {
        let pause = |tries| (next_try(Ts(0), tries).0) / Ts::SECOND;
        assert_eq!([1, 2, 3, 8, 9, 50].map(pause), [60, 120, 240, 7680, 14_400, 14_400]);
    }

    #[test]
    fn a_sender_is_an_address_and_a_folder_is_there() {
        let settings = |from: &str, folder: &str| MailSettings {
            way: Way::Folder(PathBuf::from(folder)),
            from: from.to_owned(),
            max_tries: 1,
        };
        assert!(Mailer::new(&settings("Registry <registry@example.com>", ".")).is_ok());
        assert_eq!(Mailer::new(&settings("Registry", ".")).unwrap_err().0, "from");
        assert_eq!(Mailer::new(&settings("a@example.com", "/nowhere/at/all")).unwrap_err().0, "folder");
    }
}
