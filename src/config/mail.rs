//! How mail is sent.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{path, text};

/// How mail is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// The way.
    pub transport: MailTransport,
    /// Who writes.
    #[serde(deserialize_with = "text")]
    pub from: String,
    /// Where files go.
    #[serde(deserialize_with = "path")]
    pub folder: PathBuf,
    /// The mail server's name.
    #[serde(deserialize_with = "text")]
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// Its authority, where it is none of the public ones.
    #[serde(deserialize_with = "path")]
    pub ca: PathBuf,
    /// Who logs in there; empty for nobody.
    #[serde(deserialize_with = "text")]
    pub user: String,
    /// The password.
    pub password: Password,
    /// How long the server may take.
    pub timeout_s: u64,
    /// Tries until a mail is given up.
    pub max_tries: u32,
}

/// A password, which no log shows.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(#[serde(deserialize_with = "text")] pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The way mail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// None: it waits.
    Off,
    /// To a mail server.
    Smtp,
    /// Into files.
    File,
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTls {
    /// Not at all.
    None,
    /// TLS after STARTTLS.
    Starttls,
    /// TLS from the first octet.
    Tls,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            transport: MailTransport::Off,
            from: "Domain registry <registry@localhost>".to_owned(),
            folder: PathBuf::from("var/mail"),
            host: "localhost".to_owned(),
            port: 587,
            tls: MailTls::Starttls,
            ca: PathBuf::new(),
            user: String::new(),
            password: Password::default(),
            timeout_s: 30,
            max_tries: 12,
        }
    }
}

impl MailConfig {
    /// The key that is wrong by itself, and how.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        if !(1..=120).contains(&self.timeout_s) {
            return Err(("mail.timeout_s", format!("1 to 120 seconds, not {}", self.timeout_s)));
        }
        if self.max_tries == 0 {
            return Err(("mail.max_tries", "a mail is tried once at least".to_owned()));
        }
        let local = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.tls == MailTls::None && !self.password.0.is_empty() && !local {
            return Err(("mail.tls", "a password is not sent over a network in the clear".to_owned()));
        }
        Ok(())
    }

    /// The same with its password masked, to be shown.
    pub(super) fn masked(&self) -> Self {
        let password = if self.password.0.is_empty() { "" } else { "***" };
        Self { password: Password(password.to_owned()), ..self.clone() }
    }
}
