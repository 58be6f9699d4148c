//! The configuration of `domesday serve`: one TOML file, read once, every fault told with its line.

mod mail;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::epp::types::RegistrarId;
use crate::gate::Names;
use crate::net::tls::TlsFiles;
use crate::policy::{Policies, PolicyError, fault};
pub use crate::telemetry::LogFormat;
pub use mail::{MailConfig, MailTls, MailTransport};

/// Fewest octets of a key.
const LEAST_KEY: usize = 32;

/// A file that shows every key with a comment and its default.
pub const SAMPLE: &str = include_str!("config/sample.toml");

/// Everything the file can say; what it does not say is as [`SAMPLE`] shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where EPP is served.
    pub listen: SocketAddr,
    /// This process's name; see [`Config::node_name`].
    #[serde(deserialize_with = "text")]
    pub node: String,
    /// `sqlite:PATH` or `postgres://..`.
    #[serde(deserialize_with = "text")]
    pub database: String,
    /// The profile that rules the server and its accounts.
    #[serde(deserialize_with = "text")]
    pub profile: String,
    /// The operator's own profiles; empty for none.
    #[serde(deserialize_with = "path")]
    pub profiles_dir: PathBuf,
    /// Metrics, health and reload.
    pub operator: SocketAddr,
    /// Whether the clock can be moved.
    pub sandbox: bool,
    /// What transfer codes of the registry's making are worked out with; a secret.
    #[serde(deserialize_with = "text")]
    pub token_key: String,
    /// What the registry calls itself.
    pub names: NamesConfig,
    /// Certificates.
    pub tls: TlsConfig,
    /// Logs.
    pub log: LogConfig,
    /// How mail is sent.
    pub mail: MailConfig,
}

/// What the registry calls itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NamesConfig {
    /// `svID` of the greeting.
    #[serde(deserialize_with = "text")]
    pub server: String,
    /// What stands behind the hyphen of a roid.
    #[serde(deserialize_with = "text")]
    pub repository: String,
    /// Who acts when the registry itself does.
    #[serde(deserialize_with = "text")]
    pub registry: String,
}

/// Certificates: paths of PEM files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// The server's certificate with its chain.
    #[serde(deserialize_with = "path")]
    pub certificate: PathBuf,
    /// Its key.
    #[serde(deserialize_with = "path")]
    pub key: PathBuf,
    /// The authorities of client certificates; empty for none.
    #[serde(deserialize_with = "path")]
    pub client_ca: PathBuf,
    /// Their revocation lists.
    pub crls: Vec<PathBuf>,
}

/// Logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// How a line is written.
    pub format: LogFormat,
    /// What is logged.
    #[serde(deserialize_with = "text")]
    pub filter: String,
    /// Whether frames are logged.
    pub frames: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, 700)),
            node: String::new(),
            database: "sqlite:/var/lib/domesday/registry.db".to_owned(),
            profile: "gtld".to_owned(),
            profiles_dir: PathBuf::new(),
            operator: SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 7701)),
            sandbox: false,
            token_key: String::new(),
            names: NamesConfig::default(),
            tls: TlsConfig::default(),
            log: LogConfig::default(),
            mail: MailConfig::default(),
        }
    }
}

impl Default for NamesConfig {
    fn default() -> Self {
        Self {
            server: "domesday".to_owned(),
            repository: "DOMESDAY".to_owned(),
            registry: "registry".to_owned(),
        }
    }
}

impl Default for TlsConfig {
    fn default() -> Self {
        let file = |name| PathBuf::from("/etc/domesday").join(name);
        Self {
            certificate: file("server.pem"),
            key: file("server.key"),
            client_ca: file("client-ca.pem"),
            crls: Vec::new(),
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned(), frames: false }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or folder that cannot be read.
    #[error("{path}: {cause}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// A fault in the file, told with its line where it has one.
    #[error("{path}: {fault}")]
    Faulty {
        /// Which.
        path: String,
        /// What is wrong.
        fault: String,
    },
    /// A profile that does not hold together.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

impl Config {
    /// The process's name in the database: the one that is said, else the machine's with the port it serves, which no
    /// other running server has.
    #[must_use]
    pub fn node_name(&self) -> String {
        if !self.node.is_empty() {
            return self.node.clone();
        }
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        match self.listen.port() {
            // Any port: nothing of an earlier run can be known by it.
            0 => format!("{}/{}", machine.trim(), std::process::id()),
            port => format!("{}:{port}", machine.trim()),
        }
    }

    /// Reads the file and checks what can be checked without touching anything else.
    ///
    /// # Errors
    /// The first fault.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::parse(&read(path)?, &path.display().to_string())
    }

    /// Reads a text that came from there.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse(text: &str, from: &str) -> Result<Self, ConfigError> {
        let faulty = |fault: String| ConfigError::Faulty { path: from.to_owned(), fault };
        let config: Self = toml::from_str(text).map_err(|e| faulty(fault::describe(text, &e)))?;
        config.check().map_err(|(key, fault)| {
            let path: Vec<String> = key.split('.').map(str::to_owned).collect();
            match fault::line_of_path(text, &path) {
                Some(line) => faulty(format!("line {line}: {key}: {fault}")),
                None => faulty(format!("{key}: {fault}")),
            }
        })?;
        Ok(config)
    }

    /// What types alone do not say: the key and its fault.
    fn check(&self) -> Result<(), (&'static str, String)> {
        if !self.operator.ip().is_loopback() {
            let fault = "the operator's listener has no password, so it takes a loopback address only";
            return Err(("operator", fault.to_owned()));
        }
        if !(3..=64).contains(&self.names.server.chars().count()) {
            return Err(("names.server", "svID has 3 to 64 characters (RFC 5730)".to_owned()));
        }
        let repository = &self.names.repository;
        let word = repository.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !(1..=8).contains(&repository.len()) || !word {
            let fault = "a repository identifier is 1 to 8 letters, digits and underscores (RFC 5730)";
            return Err(("names.repository", fault.to_owned()));
        }
        if !self.token_key.is_empty() && self.token_key.len() < LEAST_KEY {
            return Err((
                "token_key",
                format!("a key has {LEAST_KEY} octets or more; `openssl rand -hex 32` makes one"),
            ));
        }
        RegistrarId::parse(&self.names.registry).map_err(|e| ("names.registry", e.to_string()))?;
        self.mail.check()
    }

    /// The built-in profiles and those of `profiles_dir`.
    ///
    /// # Errors
    /// When the folder cannot be read, or the first profile that does not hold together.
    pub fn policies(&self) -> Result<Policies, ConfigError> {
        policies(&self.profiles_dir)
    }

    /// What the registry calls itself, as the gate takes it.
    ///
    /// # Errors
    /// When the registry's identifier is none.
    pub fn gate_names(&self) -> Result<Names, crate::epp::types::Fault> {
        Ok(Names {
            server: self.names.server.clone(),
            repository: self.names.repository.clone(),
            registry: RegistrarId::parse(&self.names.registry)?,
        })
    }

    /// The files TLS is made from.
    #[must_use]
    pub fn tls_files(&self) -> TlsFiles {
        let tls = self.tls.clone();
        let client_ca = Some(tls.client_ca).filter(|path| !path.as_os_str().is_empty());
        TlsFiles { cert: tls.certificate, key: tls.key, client_ca, crls: tls.crls }
    }

    /// What is logged, in the form telemetry takes.
    #[must_use]
    pub fn log_filter(&self) -> String {
        let frames = if self.log.frames { ",domesday::frame=debug" } else { "" };
        format!("{}{frames}", self.log.filter)
    }

    /// The configuration with its secrets masked, to be shown.
    #[must_use]
    pub fn masked(&self) -> Self {
        let token_key = if self.token_key.is_empty() { "" } else { "***" }.to_owned();
        let (database, mail) = (masked_url(&self.database), self.mail.masked());
        Self { database, mail, token_key, ..self.clone() }
    }
}

/// The built-in profiles and every `NAME.toml` of the folder, with the tables `TAG.xml` beside them; an empty path has none.
///
/// # Errors
/// When the folder cannot be read, or the first profile that does not hold together.
pub fn policies(dir: &Path) -> Result<Policies, ConfigError> {
    let (mut own, mut tables) = (Vec::new(), Vec::new());
    if !dir.as_os_str().is_empty() {
        let unreadable = |cause| ConfigError::Unreadable { path: dir.display().to_string(), cause };
        for entry in std::fs::read_dir(dir).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let Some(name) = path.file_stem().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
            match path.extension().and_then(|e| e.to_str()) {
                Some("toml") => own.push((name, read(&path)?)),
                Some("xml") => tables.push((name, read(&path)?)),
                _ => {}
            }
        }
        own.sort();
        tables.sort();
    }
    Policies::load_with(&own, &tables).map_err(|fault| match fault {
        PolicyError::Invalid { name, fault } if own.iter().any(|(own, _)| *own == name) => {
            let path = dir.join(format!("{name}.toml")).display().to_string();
            ConfigError::Faulty { path, fault }
        }
        PolicyError::Table { tag, fault } if tables.iter().any(|(own, _)| *own == tag) => {
            let path = dir.join(format!("{tag}.xml")).display().to_string();
            ConfigError::Faulty { path, fault }
        }
        fault => ConfigError::Policy(fault),
    })
}

/// A database's address without its password, wherever it stands in it. When in doubt more is masked.
#[must_use]
pub fn masked_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (user, rest) = match rest.rsplit_once('@') {
        Some((user, rest)) => match user.split_once(':') {
            Some((name, _)) => (format!("{name}:***@"), rest),
            None => (format!("{user}@"), rest),
        },
        None => (String::new(), rest),
    };
    let Some((place, query)) = rest.split_once('?') else { return format!("{scheme}://{user}{rest}") };
    let shown = |pair: &str| match pair.split_once('=') {
        Some(("password", _)) => "password=***".to_owned(),
        _ => pair.to_owned(),
    };
    let query: Vec<_> = query.split('&').map(shown).collect();
    format!("{scheme}://{user}{place}?{}", query.join("&"))
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map_err(|cause| ConfigError::Unreadable { path: path.display().to_string(), cause })
}

/// A text as it is, or from where it points to.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    from.deserialize_any(TextVisitor)
}

fn path<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
    text(from).map(PathBuf::from)
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text, { file = \"/path\" } or { env = \"NAME\" }")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        const KEYS: &[&str] = &["file", "env"];
        let found = match map.next_entry::<String, String>()? {
            Some((key, path)) if key == "file" => std::fs::read_to_string(&path)
                .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
                .map_err(|cause| de::Error::custom(format!("{path}: {cause}")))?,
            Some((key, name)) if key == "env" => std::env::var(&name)
                .map_err(|_| de::Error::custom(format!("the environment has no text named {name}")))?,
            Some((key, _)) => return Err(de::Error::unknown_field(&key, KEYS)),
            None => return Err(de::Error::custom("say file or env")),
        };
        match map.next_key::<String>()? {
            None => Ok(found),
            Some(_) => Err(de::Error::custom("say file or env, not both")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_shows_every_key_with_its_default() {
        assert_eq!(Config::parse(SAMPLE, "sample").unwrap(), Config::default());
        let shown: toml::Table = SAMPLE.parse().unwrap();
        assert_eq!(toml::Table::try_from(Config::default()).unwrap(), shown);
    }

    #[test]
    fn a_fault_is_told_with_file_line_and_nearest_key() {
        let fault = |text| Config::parse(text, "x.toml").unwrap_err().to_string();
        assert_eq!(
            fault("node = \"a\"\n[tls]\ncertifcate = \"a\"\n"),
            "x.toml: line 3: unknown key `certifcate`; the nearest known key is `certificate`"
        );
        assert!(fault("\nlisten = \"here\"\n").starts_with("x.toml: line 2: "));
        assert!(fault("\n\noperator = \"0.0.0.0:7701\"").starts_with("x.toml: line 3: operator: "));
        assert!(
            fault("[names]\nrepository = \"TOO-LONG\"").starts_with("x.toml: line 2: names.repository: ")
        );
        assert!(
            fault("database = { env = \"NOBODY_SETS_THIS\" }").contains("line 1: the environment has no")
        );
        assert!(fault("database = { fil = \"x\" }").contains("`file`"));
    }

    #[test]
    fn a_text_can_stand_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("database");
        std::fs::write(&path, "postgres://u:p@h/d\n").unwrap();
        let config = Config::parse(&format!("database = {{ file = {path:?} }}"), "x.toml").unwrap();
        assert_eq!(config.database, "postgres://u:p@h/d");
        assert_eq!(config.masked().database, "postgres://u:***@h/d");
    }

    #[test]
    fn a_password_is_masked_and_nothing_else() {
        assert_eq!(masked_url("postgres://u:p@s@h:1/d?x=y"), "postgres://u:***@h:1/d?x=y");
        assert_eq!(masked_url("postgres://u@h/d"), "postgres://u@h/d");
        assert_eq!(masked_url("postgres://h/d?x=1&password=p"), "postgres://h/d?x=1&password=***");
        assert_eq!(masked_url("sqlite:a@b:c"), "sqlite:a@b:c");
    }

    #[test]
    fn a_profile_of_the_folder_is_told_by_its_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("mine.toml"), "id = \"mine\"\nextends = \"gtld\"\nzon.x = 1\n")
            .unwrap();
        let fault = policies(dir.path()).unwrap_err().to_string();
        assert!(fault.contains("mine.toml: line 3: ") && fault.contains("`zone`"), "{fault}");
    }
}
