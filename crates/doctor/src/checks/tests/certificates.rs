//! Certificates for the tests: good ones, and what a test changes in them.

use std::sync::OnceLock;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PublicKeyData, SerialNumber, SignatureAlgorithm, SigningKey,
};
use time::{Duration, OffsetDateTime};

use gsec_pki::key::PublicKey;
use gsec_pki::x509::Certificate;

/// When everything is looked at.
pub fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(22_000)
}

/// A number of days after [`now`], or before it.
pub fn in_days(days: i64) -> OffsetDateTime {
    now() + Duration::days(days)
}

/// What a test changes in a good certificate.
pub type Change = fn(&mut CertificateParams);

/// A certificate with its key.
pub struct Identity {
    /// The certificate.
    pub certificate: Certificate,
    params: CertificateParams,
    key: KeyPair,
}

/// A CA certificate that everything accepts: ten years from a year ago.
fn authority(name: &str) -> CertificateParams {
    let mut params = named(name, 0x10);
    (params.not_before, params.not_after) = (in_days(-365), in_days(3285));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A host certificate that everything accepts: a year from thirty days ago.
fn host(name: &str) -> CertificateParams {
    let mut params = named(name, 0x2a);
    (params.not_before, params.not_after) = (in_days(-30), in_days(335));
    params.subject_alt_names = CertificateParams::new(vec![name.to_owned()])
        .expect("a host")
        .subject_alt_names;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    params
}

fn named(name: &str, serial: u8) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from_slice(&[serial]));
    params.use_authority_key_identifier_extension = true;
    params
}

fn read(certificate: &rcgen::Certificate) -> Certificate {
    Certificate::from_der(certificate.der()).expect("a certificate")
}

impl Identity {
    /// A root CA.
    pub fn root(name: &str) -> Self {
        Self::root_with(name, |_| {})
    }

    /// A root CA with something changed.
    pub fn root_with(name: &str, change: Change) -> Self {
        Self::self_signed(authority(name), change)
    }

    /// The certificate of a host that signed itself.
    pub fn self_signed_host(name: &str, change: Change) -> Self {
        Self::self_signed(host(name), change)
    }

    fn self_signed(mut params: CertificateParams, change: Change) -> Self {
        params.use_authority_key_identifier_extension = false;
        params.serial_number = Some(SerialNumber::from_slice(&[1]));
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = read(&params.self_signed(&key).expect("a certificate"));
        Self {
            certificate,
            params,
            key,
        }
    }

    /// A CA below this one.
    pub fn below(&self, name: &str, change: Change) -> Self {
        self.issued(authority(name), change)
    }

    /// A host's certificate from this CA.
    pub fn host(&self, name: &str) -> Self {
        self.host_with(name, |_| {})
    }

    /// A host's certificate from this CA with something changed.
    pub fn host_with(&self, name: &str, change: Change) -> Self {
        self.issued(host(name), change)
    }

    fn issued(&self, mut params: CertificateParams, change: Change) -> Self {
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = self.sign(&params, &key);
        Self {
            certificate,
            params,
            key,
        }
    }

    fn sign(&self, params: &CertificateParams, key: &impl PublicKeyData) -> Certificate {
        let issuer = Issuer::from_params(&self.params, &self.key);
        read(&params.signed_by(key, &issuer).expect("a certificate"))
    }

    /// A root of the same name and key with something changed.
    pub fn again(&self, change: Change) -> Self {
        let mut params = self.params.clone();
        change(&mut params);
        let key = KeyPair::try_from(self.key.serialized_der()).expect("the key");
        Self {
            certificate: read(&params.self_signed(&key).expect("a certificate")),
            params,
            key,
        }
    }

    /// The certificate of a host from this CA, for a key of another kind.
    pub fn host_of_key(&self, name: &str, key: &impl PublicKeyData) -> Certificate {
        self.sign(&host(name), key)
    }

    /// The same for an RSA key of this many bits, a multiple of 8; nobody has the other half.
    pub fn host_of_rsa_key(&self, name: &str, bits: usize) -> Certificate {
        self.host_of_key(name, &RsaKey(rsa_key(bits)))
    }

    /// The certificate of a host from this CA, for a key for RSASSA-PSS alone, RFC 4055 §1.2.
    pub fn host_of_pss_key(&self, name: &str) -> Certificate {
        let der = self.host_of_rsa_key(name, 2048).der().to_vec();
        // rsaEncryption becomes id-RSASSA-PSS; nobody checks the signature.
        replaced(der, &RSA_ENCRYPTION, RSASSA_PSS)
    }

    /// The public key.
    pub fn public_key(&self) -> &PublicKey {
        self.certificate.public_key()
    }

    /// The certificate as a PEM block.
    pub fn pem(&self) -> String {
        self.certificate.to_pem()
    }

    /// The key as a PEM block, not encrypted.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// A request for this key.
    pub fn request_pem(&self) -> String {
        let mut params = self.params.clone();
        params.use_authority_key_identifier_extension = false;
        params.serial_number = None;
        params
            .serialize_request(&self.key)
            .expect("a request")
            .pem()
            .expect("PEM")
    }

    /// A CRL of this CA.
    pub fn crl(&self, change: impl FnOnce(&mut rcgen::CertificateRevocationListParams)) -> Vec<u8> {
        let mut params = rcgen::CertificateRevocationListParams {
            this_update: in_days(-1),
            next_update: in_days(29),
            crl_number: SerialNumber::from_slice(&[7]),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        change(&mut params);
        let issuer = Issuer::from_params(&self.params, &self.key);
        params.signed_by(&issuer).expect("a CRL").der().to_vec()
    }
}

/// An entry of a CRL.
pub fn revoked(serial: u8) -> rcgen::RevokedCertParams {
    rcgen::RevokedCertParams {
        serial_number: SerialNumber::from_slice(&[serial]),
        revocation_time: in_days(-2),
        reason_code: None,
        invalidity_date: None,
    }
}

/// The root that most tests need, made once.
pub fn root() -> &'static Identity {
    static ROOT: OnceLock<Identity> = OnceLock::new();
    ROOT.get_or_init(|| Identity::root("Example CA"))
}

/// RSAPublicKey, RFC 8017 A.1.1.
fn rsa_key(bits: usize) -> Vec<u8> {
    let wrapped = |tag: u8, content: &[u8]| {
        let length = content.len().to_be_bytes();
        let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
        let head = match content.len() {
            0..0x80 => vec![tag],
            _ => vec![tag, 0x80 | u8::try_from(length.len()).expect("a short length")],
        };
        [head, length, content.to_vec()].concat()
    };
    let modulus = [vec![0], vec![0xb7; bits / 8]].concat();
    let numbers = [wrapped(2, &modulus), vec![2, 3, 1, 0, 1]].concat();
    wrapped(0x30, &numbers)
}

struct RsaKey(Vec<u8>);

impl PublicKeyData for RsaKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

/// A signer that says SHA-256 with RSA, and whose signatures nobody can check.
struct Forger(RsaKey);

impl PublicKeyData for Forger {
    fn der_bytes(&self) -> &[u8] {
        self.0.der_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl SigningKey for Forger {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(vec![0; 256])
    }
}

/// A CA certificate that says that it is signed with SHA-1: a root, or one below [`root`].
pub fn signed_with_sha1(is_root: bool) -> Certificate {
    let (params, root) = (authority("Old CA"), root());
    let subject = KeyPair::generate().expect("a key");
    let forger = Forger(RsaKey(rsa_key(2048)));
    let made = if is_root {
        params.self_signed(&forger)
    } else {
        params.signed_by(&subject, &Issuer::from_params(&root.params, &forger))
    };
    replaced(
        made.expect("a certificate").der().to_vec(),
        &SHA256_WITH_RSA,
        SHA1_WITH_RSA,
    )
}

/// Object identifiers of PKCS #1, RFC 8017 A.1 and A.2.4; they differ in the last byte.
const RSA_ENCRYPTION: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const SHA256_WITH_RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b];
const SHA1_WITH_RSA: u8 = 5;
const RSASSA_PSS: u8 = 0x0a;

/// A certificate with another object identifier wherever this one stands.
fn replaced(mut der: Vec<u8>, oid: &[u8], last: u8) -> Certificate {
    for place in 0..der.len() - oid.len() {
        if der[place..].starts_with(oid) {
            der[place + oid.len() - 1] = last;
        }
    }
    Certificate::from_der(&der).expect("a certificate")
}

/// The TLS feature status_request (must-staple), RFC 7633.
pub fn must_staple() -> CustomExtension {
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 24], vec![0x30, 3, 2, 1, 5])
}

/// basicConstraints CA:TRUE, not critical.
pub fn uncritical_basic_constraints() -> CustomExtension {
    CustomExtension::from_oid_content(&[2, 5, 29, 19], vec![0x30, 3, 1, 1, 0xff])
}
