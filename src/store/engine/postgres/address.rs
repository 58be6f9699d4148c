//! The database's address: the driver's own URL and three parameters of ours.

use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::store::StoreError;

/// Connections per core when the address does not say; more only contend.
const POOL_PER_CORE: usize = 4;

/// How the server proves itself, in libpq's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verify {
    /// `sslmode=disable`: no TLS.
    Off,
    /// `prefer`, `require`: encrypted, whoever it is.
    Nothing,
    /// `verify-ca`: a certificate of that authority.
    Authority,
    /// `verify-full`: and in the host's name.
    Full,
}

/// Where the database is.
#[derive(Debug)]
pub(super) struct Address {
    pub config: Config,
    pub verify: Verify,
    pub root: Option<PathBuf>,
    pub pool_size: usize,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut verify, mut ssl_mode) = (Verify::Nothing, SslMode::Prefer);
        let (mut root, mut theirs) = (None, Vec::new());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut pool_size = POOL_PER_CORE * cores;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').unwrap_or((pair, "")) {
                ("sslmode", mode) => (verify, ssl_mode) = tls_mode(mode)?,
                ("sslrootcert", path) => root = Some(PathBuf::from(decoded(path)?)),
                ("pool_size", n) => {
                    pool_size = n
                        .parse()
                        .ok()
                        .filter(|n| (1..=1_000).contains(n))
                        .ok_or_else(|| fault("pool_size is a number from 1 to 1000"))?;
                }
                _ => theirs.push(pair),
            }
        }
        // As libpq: naming an authority asks for its certificates.
        if verify == Verify::Nothing && ssl_mode == SslMode::Require && root.is_some() {
            verify = Verify::Authority;
        }
        if matches!(verify, Verify::Authority | Verify::Full) && root.is_none() {
            return Err(fault("sslmode=verify-ca and verify-full need sslrootcert=FILE"));
        }
        let rest = if theirs.is_empty() { base.to_owned() } else { format!("{base}?{}", theirs.join("&")) };
        // The driver's error names the key that is wrong, never the password.
        let mut config: Config = rest.parse().map_err(|cause| fault(&super::fault::text(&cause)))?;
        config.ssl_mode(ssl_mode);
        if config.get_application_name().is_none() {
            config.application_name("domesday");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(super::CONNECT_WAIT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(20));
        }
        Ok(Self { config, verify, root, pool_size })
    }
}

fn tls_mode(mode: &str) -> Result<(Verify, SslMode), StoreError> {
    match mode {
        "disable" => Ok((Verify::Off, SslMode::Disable)),
        "prefer" => Ok((Verify::Nothing, SslMode::Prefer)),
        "require" => Ok((Verify::Nothing, SslMode::Require)),
        "verify-ca" => Ok((Verify::Authority, SslMode::Require)),
        "verify-full" => Ok((Verify::Full, SslMode::Require)),
        _ => Err(fault("sslmode is disable, prefer, require, verify-ca or verify-full")),
    }
}

/// A value of the query with its `%XX` undone.
fn decoded(text: &str) -> Result<String, StoreError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = digits.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.ok_or_else(|| fault("a % is followed by two hexadecimal digits"))?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).map_err(|_| fault("a path is UTF-8"))
}

fn fault(text: &str) -> StoreError {
    StoreError::Database(format!("the database's address: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_are_told_apart() {
        let url = "postgres://me:secret@db.example/reg?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&pool_size=3\
                   &options=-csearch_path%3Dmine";
        let address = Address::parse(url).unwrap();
        assert_eq!(address.verify, Verify::Full);
        assert_eq!(address.root, Some(PathBuf::from("/etc/ca.pem")));
        assert_eq!(address.pool_size, 3);
        assert_eq!(address.config.get_options(), Some("-csearch_path=mine"));
        assert_eq!(address.config.get_ssl_mode(), SslMode::Require);
    }

    #[test]
    fn a_wrong_address_is_explained_without_its_password() {
        for url in [
            "postgres://me:secret@db/reg?sslmode=maybe",
            "postgres://me:secret@db/reg?sslmode=verify-full",
            "postgres://me:secret@db/reg?pool_size=0",
            "postgres://me:secret@db/reg?colour=blue",
            "postgres://me:secret@db:port/reg",
        ] {
            let fault = Address::parse(url).unwrap_err().to_string();
            assert!(fault.contains("address") && !fault.contains("secret"), "{fault}");
        }
    }
}
