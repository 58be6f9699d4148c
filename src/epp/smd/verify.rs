//! Whether a signed mark is what it says: its signature, the certificates behind it, its time, and only then what it
//! says (RFC 7848 section 3, RFC 9361 section 5.3).
//!
//! The signature is taken in the one form that signed marks have: enveloped in the element, over the whole of it,
//! SHA-256 and RSA, canonical XML without comments. It may sign its own key information as well. Everything else is
//! refused, not ignored.

use std::time::Duration;

use data_encoding::BASE64;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use sha2::{Digest, Sha256};
use webpki::aws_lc_rs::{
    ECDSA_P256_SHA256, ECDSA_P384_SHA384, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512,
};
use webpki::{
    BorrowedCertRevocationList, CertRevocationList, EndEntityCert, ExpirationPolicy,
    ExtendedKeyUsageValidator, KeyPurposeIdIter, RevocationCheckDepth, RevocationOptions,
    RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert,
};

use super::c14n::{Form, canonical};
use super::dom::{Content, Document};
use super::shape::CONTENT;
use super::{DSIG, MARK, Mark, SMD, SignedMark};
use crate::clock::Ts;
use crate::epp::xml::simple;
use crate::epp::xml::source::Encoding;
use crate::epp::xml::tree::Tree;

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA_256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA_256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
/// Most certificates in one signature.
const MOST_CERTIFICATES: usize = 8;

/// Whom the registry trusts to sign marks.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Root certificates (DER).
    pub roots: Vec<Vec<u8>>,
    /// Lists of revoked certificates (DER).
    pub crls: Vec<Vec<u8>>,
    /// Whether the signer's certificate must be on record as not revoked, by a list that is not over.
    pub crl_required: bool,
}

/// What a signed mark says, from the octets that were signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Its identifier, by which it can be revoked.
    pub id: String,
    /// Who issued it.
    pub issuer: String,
    /// The mark.
    pub mark: Mark,
}

/// Why a signed mark is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmdFault {
    /// It is none.
    #[error("{0}")]
    Form(&'static str),
    /// Its signature does not fit, or is of another form.
    #[error("{0}")]
    Signature(&'static str),
    /// Its signer is not trusted.
    #[error("{0}")]
    Certificate(String),
    /// It is not to be used yet.
    #[error("it is good from {0} on")]
    NotYet(Ts),
    /// It is over.
    #[error("it was good until {0}")]
    Over(Ts),
}

/// Verifies a signed mark, and reads it.
///
/// # Errors
/// Why it is not taken.
pub fn verify(signed: &SignedMark, trust: &Trust, now: Ts) -> Result<Verified, SmdFault> {
    let document = Document::read(&signed.xml)?;
    let content = signed_octets(&document, trust, now)?;
    read(&content, now)
}

/// The octets that somebody who is trusted signed: the element without its signature.
fn signed_octets(document: &Document<'_>, trust: &Trust, now: Ts) -> Result<String, SmdFault> {
    use SmdFault::Signature;
    let root = document.root();
    let element = &document.elements[root];
    if element.uri != SMD || element.name != "signedMark" {
        return Err(SmdFault::Form("it is no signedMark"));
    }
    let signature = only(document, root, "Signature")?;
    let all = document.elements.iter().filter(|element| element.uri == DSIG && element.name == "Signature");
    if all.count() != 1 {
        return Err(Signature("there is more than one signature"));
    }
    let id = document.attr(root, "id").ok_or(SmdFault::Form("it has no id"))?;
    unique_ids(document)?;
    let info = only(document, signature, "SignedInfo")?;
    let form = form_of(document, only(document, info, "CanonicalizationMethod")?)?;
    algorithm(document, only(document, info, "SignatureMethod")?, RSA_SHA_256)?;
    let key_info = only(document, signature, "KeyInfo")?;
    let mut content = None;
    for reference in document.children(info, DSIG, "Reference") {
        let (transforms, enveloped) = transforms(document, reference)?;
        let octets = match document.attr(reference, "URI").and_then(|uri| uri.strip_prefix('#')) {
            Some(target) if target == id && enveloped && content.is_none() => {
                &*content.insert(canonical(document, root, Some(signature), transforms))
            }
            Some(target) if document.attr(key_info, "Id") == Some(target) && !enveloped => {
                &canonical(document, key_info, None, transforms)
            }
            _ => return Err(Signature("it signs something else than the signed mark and its own key")),
        };
        algorithm(document, only(document, reference, "DigestMethod")?, SHA_256)?;
        let digest = octets_of(document, only(document, reference, "DigestValue")?)?;
        if *Sha256::digest(octets.as_bytes()) != *digest {
            return Err(Signature("the digest is not that of what is signed"));
        }
    }
    let content = content.ok_or(Signature("it does not sign the signed mark"))?;
    let signed_info = canonical(document, info, None, form);
    let value = octets_of(document, only(document, signature, "SignatureValue")?)?;
    signer(&certificates(document, key_info)?, signed_info.as_bytes(), &value, trust, now)?;
    Ok(content)
}

/// The one child of that name in the namespace of signatures.
fn only(document: &Document<'_>, of: usize, name: &str) -> Result<usize, SmdFault> {
    match document.children(of, DSIG, name)[..] {
        [one] => Ok(one),
        _ => Err(SmdFault::Signature("a part of the signature is missing, or is there twice")),
    }
}

/// An identifier names one element, or what is verified could be another than what is read.
fn unique_ids(document: &Document<'_>) -> Result<(), SmdFault> {
    let mut seen = std::collections::BTreeSet::new();
    let attrs = document.elements.iter().flat_map(|element| &element.attrs);
    let ids = attrs.filter(|attr| attr.name.eq_ignore_ascii_case("id")).map(|attr| attr.value.trim());
    for id in ids {
        if !seen.insert(id) {
            return Err(SmdFault::Signature("two elements have the same identifier"));
        }
    }
    Ok(())
}

fn algorithm(document: &Document<'_>, at: usize, wanted: &str) -> Result<(), SmdFault> {
    let plain = document.elements[at].content.iter().all(|content| matches!(content, Content::Text(_)));
    if document.attr(at, "Algorithm") == Some(wanted) && plain {
        return Ok(());
    }
    Err(SmdFault::Signature("marks are signed with RSA and SHA-256"))
}

/// A canonical form, without comments and without parameters.
fn form_of(document: &Document<'_>, at: usize) -> Result<Form, SmdFault> {
    let plain = document.elements[at].content.iter().all(|content| matches!(content, Content::Text(_)));
    match document.attr(at, "Algorithm") {
        Some(EXCLUSIVE) if plain => Ok(Form::Exclusive),
        Some(INCLUSIVE) if plain => Ok(Form::Inclusive),
        _ => Err(SmdFault::Signature("the canonical form is one without comments and parameters")),
    }
}

/// How a reference makes octets, and whether it leaves the signature out. Without a canonical form it is the inclusive
/// one (XML Signature section 4.3.3.2).
fn transforms(document: &Document<'_>, reference: usize) -> Result<(Form, bool), SmdFault> {
    let mut all = Vec::new();
    for transforms in document.children(reference, DSIG, "Transforms") {
        all.extend(document.children(transforms, DSIG, "Transform"));
    }
    let enveloped = |at: &usize| document.attr(*at, "Algorithm") == Some(ENVELOPED);
    match all[..] {
        [] => Ok((Form::Inclusive, false)),
        [one] if enveloped(&one) => Ok((Form::Inclusive, true)),
        [one] => Ok((form_of(document, one)?, false)),
        [first, second] if enveloped(&first) => Ok((form_of(document, second)?, true)),
        _ => Err(SmdFault::Signature("a transform is not one of signed marks")),
    }
}

fn octets_of(document: &Document<'_>, at: usize) -> Result<Vec<u8>, SmdFault> {
    BASE64
        .decode(document.packed(at).as_bytes())
        .map_err(|_| SmdFault::Signature("a part of it is not base64"))
}

fn certificates(document: &Document<'_>, key_info: usize) -> Result<Vec<CertificateDer<'static>>, SmdFault> {
    let mut all = Vec::new();
    for data in document.children(key_info, DSIG, "X509Data") {
        for certificate in document.children(data, DSIG, "X509Certificate") {
            all.push(CertificateDer::from(octets_of(document, certificate)?));
        }
    }
    match all.len() {
        0 => Err(SmdFault::Certificate("the signature brings no certificate".to_owned())),
        1..=MOST_CERTIFICATES => Ok(all),
        _ => Err(SmdFault::Certificate("the signature brings too many certificates".to_owned())),
    }
}

/// No purpose is registered for the certificates of signers; what they are for, their root says.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

/// What certificates and their lists may be signed with.
const CHAIN: &[&dyn SignatureVerificationAlgorithm] = &[
    RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512,
    ECDSA_P256_SHA256,
    ECDSA_P384_SHA384,
];

/// One of the certificates has the key of the signature, and leads to a root.
fn signer(
    certificates: &[CertificateDer<'_>],
    signed: &[u8],
    signature: &[u8],
    trust: &Trust,
    now: Ts,
) -> Result<(), SmdFault> {
    for (at, certificate) in certificates.iter().enumerate() {
        let Ok(end) = EndEntityCert::try_from(certificate) else { continue };
        if end.verify_signature(RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok() {
            let others = certificates.iter().enumerate().filter(|(other, _)| *other != at);
            let others: Vec<_> = others.map(|(_, certificate)| certificate.clone()).collect();
            return chain(&end, &others, trust, now);
        }
    }
    Err(SmdFault::Signature("the signature does not fit the key of a certificate it brings"))
}

fn chain(
    end: &EndEntityCert<'_>,
    others: &[CertificateDer<'_>],
    trust: &Trust,
    now: Ts,
) -> Result<(), SmdFault> {
    let refused =
        |what: &str, cause: webpki::Error| SmdFault::Certificate(format!("{what}: {}", said(&cause)));
    let roots: Vec<_> = trust.roots.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let anchors: Vec<_> = roots.iter().filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
    if anchors.is_empty() {
        return Err(SmdFault::Certificate("the registry trusts nobody to sign marks".to_owned()));
    }
    let lists: Vec<CertRevocationList<'_>> = trust
        .crls
        .iter()
        .filter_map(|der| BorrowedCertRevocationList::from_der(der).ok())
        .map(CertRevocationList::from)
        .collect();
    let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
    if trust.crl_required && lists.is_empty() {
        return Err(SmdFault::Certificate("the registry has no list of revoked certificates now".to_owned()));
    }
    let seconds = u64::try_from(now.0.div_euclid(Ts::SECOND)).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let verified = |revocation: Option<RevocationOptions<'_>>| {
        end.verify_for_usage(CHAIN, &anchors, others, time, AnyPurpose, revocation, None).map(drop)
    };
    // Whoever is on a list is out, be it the signer or somebody between it and the root.
    let known = RevocationOptionsBuilder::new(&lists).ok().map(|all| {
        all.with_depth(RevocationCheckDepth::Chain).with_status_policy(UnknownStatusPolicy::Allow).build()
    });
    verified(known).map_err(|cause| refused("the signer is not trusted", cause))?;
    if trust.crl_required {
        let strict = RevocationOptionsBuilder::new(&lists).ok().map(|all| {
            let all = all.with_depth(RevocationCheckDepth::EndEntity);
            let all = all.with_status_policy(UnknownStatusPolicy::Deny);
            all.with_expiration_policy(ExpirationPolicy::Enforce).build()
        });
        verified(strict).map_err(|cause| refused("whether the signer is trusted is not known", cause))?;
    }
    Ok(())
}

/// A library's words for what a registrar can do something about.
fn said(cause: &webpki::Error) -> &'static str {
    match cause {
        webpki::Error::CertRevoked => "its certificate is revoked",
        webpki::Error::CertExpired { .. } => "its certificate is over",
        webpki::Error::CertNotValidYet { .. } => "its certificate is not good yet",
        webpki::Error::UnknownIssuer => "its certificate leads to no root of this registry",
        webpki::Error::CrlExpired { .. } => "the list of revoked certificates is over",
        webpki::Error::UnknownRevocationStatus => "no list covers its certificate",
        _ => "its certificate is not in order",
    }
}

/// Reads what was signed.
fn read(content: &str, now: Ts) -> Result<Verified, SmdFault> {
    const FORM: SmdFault = SmdFault::Form("it does not follow its schema");
    let tree = Tree::read(content, Encoding::Utf8).map_err(|_| FORM)?;
    let root = tree.root();
    CONTENT.check(root).map_err(|_| FORM)?;
    let text = |name| root.need(name).map(|el| el.token().into_owned()).map_err(|_| FORM);
    let time = |name| simple::date_time(&text(name)?).ok_or(FORM);
    let (not_before, not_after) = (time("notBefore")?, time("notAfter")?);
    if now < not_before {
        return Err(SmdFault::NotYet(not_before));
    }
    if not_after <= now {
        return Err(SmdFault::Over(not_after));
    }
    let issuer = root.need("issuerInfo").map_err(|_| FORM)?;
    let mark = root.children().find(|child| child.uri() == MARK).ok_or(FORM)?;
    Ok(Verified {
        id: text("id")?,
        issuer: issuer.attr_token("issuerID").map(|id| id.into_owned()).unwrap_or_default(),
        mark: super::mark(mark).map_err(|_| FORM)?,
    })
}

/// Whether that is a certificate that can be a root.
///
/// # Errors
/// When it is none.
pub fn check_root(der: &[u8]) -> Result<(), SmdFault> {
    let refused = |cause: webpki::Error| SmdFault::Certificate(cause.to_string());
    anchor_from_trusted_cert(&CertificateDer::from(der)).map(drop).map_err(refused)
}

/// Whether that is a list of revoked certificates.
///
/// # Errors
/// When it is none.
pub fn check_crl(der: &[u8]) -> Result<(), SmdFault> {
    let refused = |cause: webpki::Error| SmdFault::Certificate(cause.to_string());
    BorrowedCertRevocationList::from_der(der).map(drop).map_err(refused)
}
