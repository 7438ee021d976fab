//! How a request names a certificate: CertID, RFC 6960 §4.1.1.

use der::asn1::{Any, Int, Null, OctetString};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode};
use spki::AlgorithmIdentifier;

use super::wire::EncodedCertId;
use crate::key::{sha1, sha256};
use crate::x509::{Certificate, SerialNumber};

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// The digest with which a CertID names the issuer; it is no part of any signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertIdDigest {
    /// What clients of RFC 5019 use (§2.1.1), and nearly all others.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl CertIdDigest {
    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => SHA1,
            Self::Sha256 => SHA256,
        }
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1(bytes).to_vec(),
            Self::Sha256 => sha256(bytes).to_vec(),
        }
    }
}

/// A certificate as a request names it: by digests of its issuer's name and key, and its serial number. Equal when the DER is.
#[derive(Debug, Clone)]
pub struct CertId {
    der: Vec<u8>,
    /// `None` for a digest that is not computed here.
    digest: Option<CertIdDigest>,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial: SerialNumber,
}

impl PartialEq for CertId {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for CertId {}

impl CertId {
    /// Names a certificate by SHA-1, which every responder knows (RFC 5019 §2.1.1).
    pub fn of(issuer: &Certificate, serial: &SerialNumber) -> Self {
        Self::with(CertIdDigest::Sha1, issuer, serial)
    }

    /// Names a certificate by the digest that is asked for.
    pub fn with(digest: CertIdDigest, issuer: &Certificate, serial: &SerialNumber) -> Self {
        // The key is digested without tag, length and the count of unused bits (RFC 6960 §4.1.1).
        let name_hash = digest.of(issuer.subject().der());
        let key_hash = digest.of(issuer.public_key().bits());
        let encode = || {
            EncodedCertId {
                algorithm: AlgorithmIdentifier {
                    oid: digest.oid(),
                    parameters: Some(Any::from(Null)),
                },
                name_hash: OctetString::new(name_hash.clone())?,
                key_hash: OctetString::new(key_hash.clone())?,
                serial: Int::new(&serial.content())?,
            }
            .to_der()
        };
        Self {
            der: encode().expect("two digests and a number encode"),
            digest: Some(digest),
            name_hash,
            key_hash,
            serial: serial.clone(),
        }
    }

    pub(super) fn from_encoded(id: &EncodedCertId) -> Result<Self, der::Error> {
        let digest = [CertIdDigest::Sha1, CertIdDigest::Sha256]
            .into_iter()
            .find(|digest| digest.oid() == id.algorithm.oid);
        Ok(Self {
            der: id.to_der()?,
            digest,
            name_hash: id.name_hash.as_bytes().to_vec(),
            key_hash: id.key_hash.as_bytes().to_vec(),
            serial: SerialNumber::from_content(id.serial.as_bytes()),
        })
    }

    pub(super) fn encoded(&self) -> Result<EncodedCertId, der::Error> {
        EncodedCertId::from_der(&self.der)
    }

    /// Exactly as it was read, DER: a response says it again.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its digest; `None` for one that is not known here.
    pub fn digest(&self) -> Option<CertIdDigest> {
        self.digest
    }

    /// The certificate's serial number.
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// Whether both name the same certificate by the same digest. The parameters of the digest, which may be NULL or absent, are not compared.
    pub fn is_same_certificate(&self, other: &Self) -> bool {
        self.digest.is_some()
            && self.digest == other.digest
            && self.name_hash == other.name_hash
            && self.key_hash == other.key_hash
            && self.serial == other.serial
    }
}

/// Whose certificate a CertID names, as one issuer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedIssuer {
    /// This issuer's.
    This,
    /// Another one's: the name or the key differs.
    Another,
    /// That cannot be told: the digest is not known here.
    Undetermined,
}

/// An issuer by all digests that a CertID may name it with.
#[derive(Debug, Clone)]
pub struct CertIdIssuer(Vec<(CertIdDigest, Vec<u8>, Vec<u8>)>);

impl CertIdIssuer {
    /// A CA by its certificate: the one whose key signed the certificates that are asked about.
    pub fn of(issuer: &Certificate) -> Self {
        let hashes = |digest: CertIdDigest| {
            (
                digest,
                digest.of(issuer.subject().der()),
                digest.of(issuer.public_key().bits()),
            )
        };
        Self([CertIdDigest::Sha1, CertIdDigest::Sha256].map(hashes).to_vec())
    }

    /// Whether a CertID names a certificate of this issuer.
    pub fn asked(&self, id: &CertId) -> AskedIssuer {
        let known = self.0.iter().find(|(digest, ..)| Some(*digest) == id.digest);
        match known {
            None => AskedIssuer::Undetermined,
            Some((_, name, key)) if *name == id.name_hash && *key == id.key_hash => AskedIssuer::This,
            Some(_) => AskedIssuer::Another,
        }
    }
}
