//! Signed marks as a clearinghouse makes them: written in canonical form, so that what is signed is what stands here.

use std::sync::OnceLock;

use data_encoding::BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RevokedCertParams, RsaKeySize, SerialNumber, SigningKey,
    date_time_ymd,
};
use sha2::{Digest, Sha256};

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A root, or a signer below one.
pub struct Signer {
    pub der: Vec<u8>,
    pub key: KeyPair,
    params: CertificateParams,
}

fn params(name: &str, serial: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2099, 1, 1);
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = params(name, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A root with a key of its own.
pub fn root(name: &str) -> Signer {
    let (key, params) = (KeyPair::generate().unwrap(), authority(name));
    Signer { der: params.self_signed(&key).unwrap().der().to_vec(), key, params }
}

impl Signer {
    fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }

    /// Somebody it lets sign marks.
    pub fn signer(&self, name: &str, serial: u64) -> Signer {
        self.below(
            params(name, serial),
            KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap(),
        )
    }

    /// An authority between it and signers.
    pub fn between(&self, name: &str) -> Signer {
        self.below(authority(name), KeyPair::generate().unwrap())
    }

    /// A signer whose certificate is over.
    pub fn expired(&self) -> Signer {
        let mut params = params("expired", 9);
        params.not_after = date_time_ymd(2021, 1, 1);
        self.below(params, KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap())
    }

    fn below(&self, params: CertificateParams, key: KeyPair) -> Signer {
        let der = params.signed_by(&key, &self.issuer()).unwrap().der().to_vec();
        Signer { der, key, params }
    }

    /// A list of revoked certificates that is over in that year.
    pub fn crl(&self, serials: &[u64], until: i32) -> Vec<u8> {
        let revoked = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2020, 2, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 2),
            next_update: date_time_ymd(until, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer()).unwrap().der().to_vec()
    }
}

/// The root, a signer it trusts, and its list of revoked certificates, on which the signer with serial 7 is.
pub struct House {
    pub root: Signer,
    pub signer: Signer,
    pub revoked: Signer,
    pub crl: Vec<u8>,
}

/// Made once: RSA keys take their time.
pub fn house() -> &'static House {
    static MADE: OnceLock<House> = OnceLock::new();
    MADE.get_or_init(|| {
        let root = root("Clearinghouse of the tests");
        let (signer, revoked) = (root.signer("Validator", 6), root.signer("Validator that was", 7));
        let crl = root.crl(&[7], 2098);
        House { root, signer, revoked, crl }
    })
}

/// A mark before it is signed.
pub struct Draft {
    pub id: &'static str,
    pub label: &'static str,
    pub not_before: &'static str,
    pub not_after: &'static str,
    /// How the signed element is named in the signature; its own `id` is `_m1`.
    pub target: &'static str,
    /// Transforms of the reference to it.
    pub transforms: String,
    pub signature_method: &'static str,
}

impl Draft {
    pub fn of(label: &'static str) -> Self {
        Self {
            id: "0000001751513179-65535",
            label,
            not_before: "2020-01-01T00:00:00.000Z",
            not_after: "2098-01-01T00:00:00.000Z",
            target: "#_m1",
            transforms: transforms(&["http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXCLUSIVE]),
            signature_method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        }
    }

    /// What is signed: in canonical form.
    pub fn content(&self) -> String {
        let Self { id, label, not_before, not_after, .. } = self;
        format!(
            "<smd:signedMark xmlns:smd=\"urn:ietf:params:xml:ns:signedMark-1.0\" id=\"_m1\"><smd:id>{id}</smd:id>\
             <smd:issuerInfo issuerID=\"65535\"><smd:org>Tests &amp; Co</smd:org><smd:email>a@b.test</smd:email></smd:issuerInfo>\n\
             <smd:notBefore>{not_before}</smd:notBefore><smd:notAfter>{not_after}</smd:notAfter>\
             <mark:mark xmlns:mark=\"urn:ietf:params:xml:ns:mark-1.0\"><mark:trademark><mark:id>1-65535</mark:id>\
             <mark:markName>Märk &lt;One&gt;</mark:markName><mark:holder entitlement=\"owner\"><mark:org>Holder</mark:org>\
             <mark:addr><mark:street>Street 1</mark:street><mark:city>City</mark:city><mark:cc>US</mark:cc></mark:addr>\
             </mark:holder><mark:jurisdiction>US</mark:jurisdiction><mark:label>{label}</mark:label>\
             <mark:goodsAndServices>Things</mark:goodsAndServices><mark:regNum>1</mark:regNum>\
             <mark:regDate>2010-01-01T00:00:00.000Z</mark:regDate></mark:trademark></mark:mark></smd:signedMark>"
        )
    }

    /// The whole document, signed, with the certificates of a chain.
    pub fn signed(&self, by: &Signer, chain: &[&Signer]) -> String {
        self.signed_over(by, chain, &self.content())
    }

    /// The same with a signature over another content than its own.
    pub fn signed_over(&self, by: &Signer, chain: &[&Signer], content: &str) -> String {
        let certificates: String = std::iter::once(&by)
            .chain(chain)
            .map(|one| format!("<ds:X509Certificate>{}</ds:X509Certificate>", BASE64.encode(&one.der)))
            .collect();
        let key_info = |declared: &str| {
            format!("<ds:KeyInfo{declared} Id=\"_k1\"><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>")
        };
        let xmlns = " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
        let reference = |target: &str, transforms: &str, octets: &str| {
            format!(
                "<ds:Reference URI=\"{target}\">{transforms}<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">\
                 </ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>",
                BASE64.encode(&Sha256::digest(octets.as_bytes()))
            )
        };
        let info = |declared: &str| {
            format!(
                "<ds:SignedInfo{declared}><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
                 <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>{}{}</ds:SignedInfo>",
                self.signature_method,
                reference(self.target, &self.transforms, content),
                reference("#_k1", &transforms(&[EXCLUSIVE]), &key_info(xmlns)),
            )
        };
        let value = BASE64.encode(&by.key.sign(info(xmlns).as_bytes()).unwrap());
        // In lines, as signers write it.
        let value: Vec<_> =
            value.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let signature = format!(
            "<ds:Signature{xmlns}>{}<ds:SignatureValue>{}</ds:SignatureValue>{}</ds:Signature>",
            info(""),
            value.join("\n"),
            key_info("")
        );
        let whole = self.content();
        let (head, end) = whole.split_at(whole.len() - "</smd:signedMark>".len());
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}{signature}{end}\n")
    }
}

pub fn transforms(all: &[&str]) -> String {
    let each = |one: &&str| format!("<ds:Transform Algorithm=\"{one}\"></ds:Transform>");
    format!("<ds:Transforms>{}</ds:Transforms>", all.iter().map(each).collect::<String>())
}
