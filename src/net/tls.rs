//! TLS of the EPP listener (RFC 5734 section 9, RFC 9325): certificates in, one swappable configuration out.
//!
//! Every suite offered has forward secrecy and authenticated encryption; it is the provider's own list. Sessions
//! are never resumed, so that a certificate taken back is noticed by the next connection, and no early data is
//! taken. A client that names no application protocol, or any, gets in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};

use crate::certs::DevCerts;
use crate::clock::{Clock, Ts};
use crate::policy::{ClientCert, TlsPolicy, TlsVersion};

/// The files TLS is made from; all PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The server's certificate and what lies between it and its root.
    pub cert: PathBuf,
    /// The server's key.
    pub key: PathBuf,
    /// The authorities that client certificates come from. Needed unless no client certificate is asked for.
    pub client_ca: Option<PathBuf>,
    /// Lists of revoked client certificates. Where there is one, every authority of a client certificate's chain
    /// needs one: what no list speaks of is refused.
    pub crls: Vec<PathBuf>,
}

impl From<&DevCerts> for TlsFiles {
    fn from(made: &DevCerts) -> Self {
        Self {
            cert: made.server_cert.clone(),
            key: made.server_key.clone(),
            client_ca: Some(made.ca.clone()),
            crls: vec![made.crl.clone()],
        }
    }
}

/// Why TLS material cannot be used: for the operator.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or holds something else.
    #[error("{path}: {fault}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        fault: String,
    },
    /// The certificate does not belong to the key, or is not one that can serve.
    #[error("{cert} with {key}: {cause}", cert = .cert.display(), key = .key.display())]
    Pair {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// Why they do not fit.
        cause: rustls::Error,
    },
    /// Client certificates are asked for and nothing says whose.
    #[error("client certificates are asked for, but no client CA file is named")]
    NoClientCa,
    /// The authorities and lists do not make a verifier.
    #[error("client certificates cannot be verified: {0}")]
    Verifier(String),
}

/// The configuration new connections get. Cheap to clone; clones share it.
#[derive(Clone, Debug)]
pub struct Tls {
    files: Arc<TlsFiles>,
    policy: Arc<TlsPolicy>,
    current: Arc<ArcSwap<ServerConfig>>,
}

impl Tls {
    /// Reads the files and checks that they fit together.
    ///
    /// # Errors
    /// [`TlsError`]
    pub fn load(files: TlsFiles, policy: &TlsPolicy) -> Result<Self, TlsError> {
        let config = config(&files, policy)?;
        Ok(Self {
            files: Arc::new(files),
            policy: Arc::new(policy.clone()),
            current: Arc::new(ArcSwap::from_pointee(config)),
        })
    }

    /// Reads the files again. Connections that are open stay as they are; the next one gets the new material. When
    /// anything is wrong with it, what was in use stays in use.
    ///
    /// # Errors
    /// [`TlsError`]
    pub fn reload(&self) -> Result<(), TlsError> {
        let config = config(&self.files, &self.policy)?;
        self.current.store(Arc::new(config));
        Ok(())
    }

    /// The configuration for the next connection.
    #[must_use]
    pub fn current(&self) -> Arc<ServerConfig> {
        self.current.load_full()
    }
}

fn config(files: &TlsFiles, policy: &TlsPolicy) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let chain = certificates(&files.cert)?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|e| unreadable(&files.key, &e))?;
    warn_of_validity(&files.cert, &chain);
    let pair =
        |cause: rustls::Error| TlsError::Pair { cert: files.cert.clone(), key: files.key.clone(), cause };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions(policy.min_version))
        .map_err(pair)?;
    let builder = match client_verifier(files, policy, provider)? {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    // Refuses a key that does not belong to the certificate.
    let mut config = builder.with_single_cert(chain, key).map_err(pair)?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(config)
}

fn versions(oldest: TlsVersion) -> &'static [&'static SupportedProtocolVersion] {
    static NEWEST_FIRST: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
    match oldest {
        TlsVersion::V12 => &NEWEST_FIRST,
        TlsVersion::V13 => &NEWEST_FIRST[..1],
    }
}

fn client_verifier(
    files: &TlsFiles,
    policy: &TlsPolicy,
    provider: Arc<CryptoProvider>,
) -> Result<Option<Arc<dyn ClientCertVerifier>>, TlsError> {
    if policy.client_cert == ClientCert::None {
        return Ok(None);
    }
    let path = files.client_ca.as_ref().ok_or(TlsError::NoClientCa)?;
    let mut roots = RootCertStore::empty();
    let authorities = certificates(path)?;
    warn_of_validity(path, &authorities);
    for authority in authorities {
        roots.add(authority).map_err(|e| unreadable(path, &e))?;
    }
    let mut crls = Vec::new();
    for path in &files.crls {
        let list = CertificateRevocationListDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|e| unreadable(path, &e))?;
        if list.is_empty() {
            return Err(unreadable(path, &"it holds no list of revoked certificates"));
        }
        warn_of_old_lists(path, &list);
        crls.extend(list);
    }
    let mut builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).with_crls(crls);
    if policy.client_cert == ClientCert::Optional {
        builder = builder.allow_unauthenticated();
    }
    builder.build().map(Some).map_err(|e| TlsError::Verifier(e.to_string()))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Result<Vec<_>, pem::Error> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let found = found.map_err(|e| unreadable(path, &e))?;
    if found.is_empty() {
        return Err(unreadable(path, &"it holds no certificate"));
    }
    Ok(found)
}

/// A certificate out of its time is loaded all the same: the clients judge it, and they may know better.
fn warn_of_validity(path: &Path, certificates: &[CertificateDer<'_>]) {
    let now = Clock::system().now();
    for der in certificates {
        let Ok((_, certificate)) = X509Certificate::from_der(der) else { continue };
        let from = Ts(certificate.validity().not_before.timestamp().saturating_mul(Ts::SECOND));
        let until = Ts(certificate.validity().not_after.timestamp().saturating_mul(Ts::SECOND));
        let (path, subject) = (path.display(), certificate.subject());
        if now > until {
            tracing::warn!(%path, %subject, %until, "a certificate has expired");
        } else if now < from {
            tracing::warn!(%path, %subject, %from, "a certificate is not valid yet");
        } else if until < now.plus_days(14) {
            tracing::warn!(%path, %subject, %until, "a certificate is about to expire");
        }
    }
}

/// An old list is still used: to refuse every client because a list came late would do more harm.
fn warn_of_old_lists(path: &Path, lists: &[CertificateRevocationListDer<'_>]) {
    let now = Clock::system().now();
    for der in lists {
        let Ok((_, list)) = CertificateRevocationList::from_der(der) else { continue };
        let Some(next) = list.next_update() else { continue };
        let next = Ts(next.timestamp().saturating_mul(Ts::SECOND));
        if now > next {
            tracing::warn!(path = %path.display(), %next, "a list of revoked certificates is out of date");
        }
    }
}

fn unreadable(path: &Path, fault: &dyn std::fmt::Display) -> TlsError {
    TlsError::File { path: path.to_owned(), fault: fault.to_string() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::certs;

    fn policy() -> TlsPolicy {
        TlsPolicy { min_version: TlsVersion::V12, client_cert: ClientCert::Required, pin_required: true }
    }

    #[test]
    fn only_forward_secret_authenticated_suites_are_offered() {
        let dir = tempfile::tempdir().unwrap();
        let made = certs::dev(dir.path(), &[]).unwrap();
        let tls = Tls::load(TlsFiles::from(&made), &policy()).unwrap();
        for suite in &tls.current().crypto_provider().cipher_suites {
            let name = format!("{:?}", suite.suite());
            assert!(name.starts_with("TLS13_") || name.starts_with("TLS_ECDHE_"), "{name}");
            assert!(name.contains("_GCM_") || name.contains("_POLY1305"), "{name}");
        }
        assert_eq!(tls.current().max_early_data_size, 0);
    }

    #[test]
    fn a_bad_reload_keeps_what_was_in_use() {
        let dir = tempfile::tempdir().unwrap();
        let made = certs::dev(dir.path(), &["alpha"]).unwrap();
        let tls = Tls::load(TlsFiles::from(&made), &policy()).unwrap();
        let before = tls.current();

        fs::copy(&made.clients[0].key, &made.server_key).unwrap();
        let fault = tls.reload().unwrap_err().to_string();
        assert!(fault.contains("server.pem") && fault.contains("server.key"), "{fault}");
        fs::write(&made.crl, "nothing").unwrap();
        assert!(tls.reload().is_err());
        assert!(Arc::ptr_eq(&before, &tls.current()));
    }

    #[test]
    fn client_certificates_need_an_authority() {
        let dir = tempfile::tempdir().unwrap();
        let made = certs::dev(dir.path(), &[]).unwrap();
        let files = TlsFiles { client_ca: None, ..TlsFiles::from(&made) };
        assert!(matches!(Tls::load(files.clone(), &policy()), Err(TlsError::NoClientCa)));
        let none = TlsPolicy { client_cert: ClientCert::None, ..policy() };
        assert!(Tls::load(files, &none).is_ok());
    }
}
