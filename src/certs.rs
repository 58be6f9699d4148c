//! A development certificate authority: what `domesday dev-certs` and `demo` make, and what tests connect with.
//!
//! What is there already is kept; only what is missing or near its end is made. Keys are readable by their owner
//! alone. A registry in service brings its own authority.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{CertificateRevocationList, FromDer, ParsedExtension, X509Certificate};

use crate::clock::{Clock, Ts};

const CA_DAYS: i64 = 3653;
const LEAF_DAYS: i64 = 365;
const CA_NAME: &str = "Domesday development CA";
/// A certificate with less than this left is made anew.
const RENEW_DAYS: i64 = 30;

/// Why there are no certificates: for the operator.
#[derive(Debug, thiserror::Error)]
pub enum CertError {
    /// A file cannot be read or written.
    #[error("{path}: {cause}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {fault}", path = .path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: String,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
}

/// Where everything is.
#[derive(Clone, Debug)]
pub struct DevCerts {
    /// The folder.
    pub dir: PathBuf,
    /// The authority's certificate, which both sides trust.
    pub ca: PathBuf,
    /// The server's certificate.
    pub server_cert: PathBuf,
    /// The server's key.
    pub server_key: PathBuf,
    /// Certificates taken back.
    pub crl: PathBuf,
    /// One for each name asked for.
    pub clients: Vec<ClientCert>,
}

/// A client's certificate.
#[derive(Clone, Debug)]
pub struct ClientCert {
    /// The name it was made for.
    pub name: String,
    /// The certificate.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Makes what is missing: an authority, a server certificate for this machine's loopback names, an empty list of
/// revoked certificates, and a certificate for each client.
///
/// # Errors
/// [`CertError`]
pub fn dev(dir: &Path, clients: &[&str]) -> Result<DevCerts, CertError> {
    fs::create_dir_all(dir).map_err(|cause| file(dir, cause))?;
    if let Some(name) = clients.iter().find(|name| !is_file_name(name)) {
        return Err(content(dir, format!("{name:?} is not good for a file's name")));
    }
    let authority = Authority::open(dir)?;
    let names = ["localhost", "127.0.0.1", "::1"];
    let (server_cert, server_key) =
        authority.leaf("server", "localhost", &names, ExtendedKeyUsagePurpose::ServerAuth)?;
    let mut made = Vec::new();
    for name in clients {
        let (cert, key) = authority.leaf(name, name, &[], ExtendedKeyUsagePurpose::ClientAuth)?;
        made.push(ClientCert { name: (*name).to_owned(), cert, key });
    }
    let crl = dir.join("crl.pem");
    if !crl.exists() || authority.new {
        authority.write_crl(&crl, Vec::new())?;
    }
    Ok(DevCerts { dir: dir.to_owned(), ca: dir.join("ca.pem"), server_cert, server_key, crl, clients: made })
}

/// Takes a client's certificate back: puts it on the list of revoked ones. A server reads the list anew on reload.
///
/// # Errors
/// [`CertError`]
pub fn revoke(dir: &Path, name: &str) -> Result<(), CertError> {
    let (crl, cert) = (dir.join("crl.pem"), dir.join(format!("{name}.pem")));
    let der = CertificateDer::from_pem_slice(read(&cert)?.as_bytes()).map_err(|e| content(&cert, e))?;
    let (_, parsed) = X509Certificate::from_der(&der).map_err(|e| content(&cert, e))?;
    let mut serials = revoked(&crl)?;
    let serial = parsed.raw_serial().to_vec();
    if !serials.contains(&serial) {
        serials.push(serial);
    }
    Authority::open(dir)?.write_crl(&crl, serials)
}

/// SHA-256 of the first certificate in a PEM text: what a user is pinned to.
///
/// # Errors
/// When there is none.
pub fn fingerprint(pem: &[u8]) -> Result<[u8; 32], CertError> {
    let der = CertificateDer::from_pem_slice(pem).map_err(|e| content(Path::new("certificate"), e))?;
    Ok(digest(&der))
}

/// SHA-256 of a certificate.
#[must_use]
pub fn digest(der: &CertificateDer<'_>) -> [u8; 32] {
    Sha256::digest(der.as_ref()).into()
}

/// Until when a certificate is good; `None` for what is none.
#[must_use]
pub fn good_until(der: &CertificateDer<'_>) -> Option<Ts> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    Some(Ts(parsed.validity().not_after.timestamp().saturating_mul(Ts::SECOND)))
}

/// The development authority, with its key.
struct Authority {
    dir: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    key_id: Vec<u8>,
    today: Ts,
    new: bool,
}

impl Authority {
    /// The one in the folder, or a new one.
    fn open(dir: &Path) -> Result<Self, CertError> {
        let (cert, key) = (dir.join("ca.pem"), dir.join("ca.key"));
        let today = Clock::system().now();
        let mut params = params(CA_NAME, today, CA_DAYS)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let new = !usable(&cert, &key, today, None)?;
        if new {
            let pair = KeyPair::generate()?;
            write(&key, &pair.serialize_pem(), 0o600)?;
            write(&cert, &params.self_signed(&pair)?.pem(), 0o644)?;
        }
        let pair = KeyPair::from_pem(&read(&key)?)?;
        let key_id = params.key_identifier(&pair);
        Ok(Self { dir: dir.to_owned(), issuer: Issuer::new(params, pair), key_id, today, new })
    }

    /// The certificate and key of that file name, made if they are missing, near their end, or another
    /// authority's.
    fn leaf(
        &self,
        file_name: &str,
        common_name: &str,
        names: &[&str],
        usage: ExtendedKeyUsagePurpose,
    ) -> Result<(PathBuf, PathBuf), CertError> {
        let cert = self.dir.join(format!("{file_name}.pem"));
        let key = self.dir.join(format!("{file_name}.key"));
        if !usable(&cert, &key, self.today, Some(&self.key_id))? {
            let pair = KeyPair::generate()?;
            let mut params = params(common_name, self.today, LEAF_DAYS)?;
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![usage];
            params.use_authority_key_identifier_extension = true;
            let pem = params.signed_by(&pair, &self.issuer)?.pem();
            write(&key, &pair.serialize_pem(), 0o600)?;
            write(&cert, &pem, 0o644)?;
        }
        Ok((cert, key))
    }

    fn write_crl(&self, path: &Path, serials: Vec<Vec<u8>>) -> Result<(), CertError> {
        let (from, until) = (ymd(self.today.plus_days(-1)), ymd(self.today.plus_days(CA_DAYS)));
        let revoked_certs = serials
            .iter()
            .map(|serial| RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial),
                revocation_time: date_time_ymd(from.0, from.1, from.2),
                reason_code: None,
                invalidity_date: None,
            })
            .collect();
        let crl = CertificateRevocationListParams {
            this_update: date_time_ymd(from.0, from.1, from.2),
            next_update: date_time_ymd(until.0, until.1, until.2),
            crl_number: SerialNumber::from_slice(&self.today.0.to_be_bytes()),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        write(path, &crl.signed_by(&self.issuer)?.pem()?, 0o644)
    }
}

fn params(common_name: &str, today: Ts, days: i64) -> Result<CertificateParams, CertError> {
    let (from, until) = (ymd(today.plus_days(-1)), ymd(today.plus_days(days)));
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(from.0, from.1, from.2);
    params.not_after = date_time_ymd(until.0, until.1, until.2);
    Ok(params)
}

/// Year, month and day: how rcgen is told a moment without naming the crate its time type is from.
fn ymd(at: Ts) -> (i32, u8, u8) {
    let date = at.date();
    (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// Whether a certificate and its key are there, signed by the key of that identifier, and good for a while yet.
fn usable(cert: &Path, key: &Path, today: Ts, issuer: Option<&[u8]>) -> Result<bool, CertError> {
    if !cert.exists() || !key.exists() {
        return Ok(false);
    }
    let der = CertificateDer::from_pem_slice(read(cert)?.as_bytes()).map_err(|e| content(cert, e))?;
    let (_, parsed) = X509Certificate::from_der(&der).map_err(|e| content(cert, e))?;
    let until = Ts(parsed.validity().not_after.timestamp().saturating_mul(Ts::SECOND));
    let signed_by = parsed.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(id) => id.key_identifier.as_ref().map(|id| id.0),
        _ => None,
    });
    Ok(until > today.plus_days(RENEW_DAYS) && issuer.is_none_or(|issuer| signed_by == Some(issuer)))
}

/// Serial numbers on a list of revoked certificates.
fn revoked(path: &Path) -> Result<Vec<Vec<u8>>, CertError> {
    let der =
        CertificateRevocationListDer::from_pem_slice(read(path)?.as_bytes()).map_err(|e| content(path, e))?;
    let (_, list) = CertificateRevocationList::from_der(&der).map_err(|e| content(path, e))?;
    Ok(list.iter_revoked_certificates().map(|entry| entry.raw_serial().to_vec()).collect())
}

fn is_file_name(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|file| file == name)
}

fn read(path: &Path) -> Result<String, CertError> {
    fs::read_to_string(path).map_err(|cause| file(path, cause))
}

/// Writes beside and renames, so that a reader never sees half a file.
fn write(path: &Path, text: &str, mode: u32) -> Result<(), CertError> {
    let beside = path.with_extension("new");
    let written = || -> io::Result<()> {
        if beside.exists() {
            fs::remove_file(&beside)?;
        }
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&beside)?
            .write_all(text.as_bytes())?;
        fs::rename(&beside, path)
    };
    written().map_err(|cause| file(path, cause))
}

fn file(path: &Path, cause: io::Error) -> CertError {
    CertError::File { path: path.to_owned(), cause }
}

fn content(path: &Path, fault: impl std::fmt::Display) -> CertError {
    CertError::Content { path: path.to_owned(), fault: fault.to_string() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_second_run_keeps_what_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let first = dev(dir.path(), &["alpha"]).unwrap();
        let before = fs::read(&first.clients[0].cert).unwrap();
        let second = dev(dir.path(), &["alpha", "beta"]).unwrap();
        assert_eq!(fs::read(&second.clients[0].cert).unwrap(), before);
        assert!(second.clients[1].key.exists());
        let mode = fs::metadata(&second.clients[0].key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_ne!(fingerprint(&before).unwrap(), fingerprint(&fs::read(&second.ca).unwrap()).unwrap());
    }

    #[test]
    fn a_new_authority_signs_everything_anew() {
        let dir = tempfile::tempdir().unwrap();
        let first = dev(dir.path(), &["alpha"]).unwrap();
        revoke(dir.path(), "alpha").unwrap();
        let before = fs::read(&first.clients[0].cert).unwrap();
        fs::remove_file(&first.ca).unwrap();
        let second = dev(dir.path(), &["alpha"]).unwrap();
        assert_ne!(fs::read(&second.clients[0].cert).unwrap(), before);
        assert_eq!(revoked(&second.crl).unwrap().len(), 0);
    }

    #[test]
    fn revoked_certificates_add_up() {
        let dir = tempfile::tempdir().unwrap();
        let made = dev(dir.path(), &["alpha", "beta"]).unwrap();
        for name in ["alpha", "beta", "alpha"] {
            revoke(dir.path(), name).unwrap();
        }
        assert_eq!(revoked(&made.crl).unwrap().len(), 2);
        assert!(dev(dir.path(), &["../alpha"]).is_err());
    }
}
