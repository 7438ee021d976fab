//! Signature algorithms, and the check of signatures that others made.

use aws_lc_rs::signature::{self as lc, UnparsedPublicKey, VerificationAlgorithm};
use der::asn1::{AnyRef, ContextSpecific, Null};
use der::{Decode, Encode, oid::ObjectIdentifier};
use spki::AlgorithmIdentifier;

use super::{PublicKey, PublicKeyKind};

const RSA_MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
const RSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// The digest inside a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureDigest {
    /// Broken: collisions in seconds.
    Md5,
    /// Broken: chosen-prefix collisions (2020).
    Sha1,
    /// SHA-2 of 256, 384 or 512 bits, or inside Ed25519.
    Strong,
    /// A digest that gsec does not know.
    Unknown,
}

/// A signature algorithm, by the object identifier in its AlgorithmIdentifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureAlgorithm(ObjectIdentifier);

impl SignatureAlgorithm {
    /// sha256WithRSAEncryption, RFC 4055 §5.
    pub const RSA_SHA256: Self = Self(RSA_SHA256);
    /// ecdsa-with-SHA256, RFC 5758 §3.2.
    pub const ECDSA_SHA256: Self = Self(ECDSA_SHA256);
    /// ecdsa-with-SHA384, RFC 5758 §3.2.
    pub const ECDSA_SHA384: Self = Self(ECDSA_SHA384);
    /// ecdsa-with-SHA512, RFC 5758 §3.2.
    pub const ECDSA_SHA512: Self = Self(ECDSA_SHA512);
    /// Ed25519, RFC 8410 §3.
    pub const ED25519: Self = Self(ED25519);

    /// The AlgorithmIdentifier in DER: with NULL parameters for RSA (RFC 4055 §5), without any for the others.
    pub fn identifier_der(self) -> Vec<u8> {
        let parameters = (self == Self::RSA_SHA256).then(|| AnyRef::from(Null));
        AlgorithmIdentifier { oid: self.0, parameters }.to_der().expect("an AlgorithmIdentifier of constants encodes")
    }

    /// The name of the algorithm that an AlgorithmIdentifier holds, or its object identifier.
    pub fn name(identifier_der: &[u8]) -> String {
        match identifier(identifier_der).map(|found| found.oid) {
            Some(RSA_MD5) => "md5WithRSAEncryption".into(),
            Some(RSA_SHA1) => "sha1WithRSAEncryption".into(),
            Some(RSA_PSS) => "rsassaPss".into(),
            Some(RSA_SHA256) => "sha256WithRSAEncryption".into(),
            Some(RSA_SHA384) => "sha384WithRSAEncryption".into(),
            Some(RSA_SHA512) => "sha512WithRSAEncryption".into(),
            Some(ECDSA_SHA1) => "ecdsa-with-SHA1".into(),
            Some(ECDSA_SHA256) => "ecdsa-with-SHA256".into(),
            Some(ECDSA_SHA384) => "ecdsa-with-SHA384".into(),
            Some(ECDSA_SHA512) => "ecdsa-with-SHA512".into(),
            Some(ED25519) => "ed25519".into(),
            Some(other) => other.to_string(),
            None => "unreadable".into(),
        }
    }

    /// The digest inside the signature algorithm that an AlgorithmIdentifier holds.
    pub fn digest(identifier_der: &[u8]) -> SignatureDigest {
        match identifier(identifier_der).map(|found| (found.oid, pss_digest(&found))) {
            Some((RSA_MD5, _)) => SignatureDigest::Md5,
            Some((RSA_SHA1 | ECDSA_SHA1, _) | (RSA_PSS, Some(SHA1))) => SignatureDigest::Sha1,
            Some((RSA_SHA256 | RSA_SHA384 | RSA_SHA512 | ECDSA_SHA256 | ECDSA_SHA384 | ECDSA_SHA512 | ED25519, _)) => SignatureDigest::Strong,
            Some((RSA_PSS, Some(SHA256 | SHA384 | SHA512))) => SignatureDigest::Strong,
            _ => SignatureDigest::Unknown,
        }
    }
}

/// What the check of a signature found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The signature is by this key, over this message.
    Good,
    /// It is not.
    Bad,
    /// The library cannot check signatures of this algorithm with this key, for example MD5.
    Unsupported,
}

/// Checks `signature` over `message` with `key`; `identifier_der` is the certificate's signatureAlgorithm.
pub fn verify_signature(key: &PublicKey, identifier_der: &[u8], message: &[u8], signature: &[u8]) -> SignatureCheck {
    let Some(algorithm) = identifier(identifier_der).and_then(|found| verification_algorithm(key, &found)) else {
        return SignatureCheck::Unsupported;
    };
    match UnparsedPublicKey::new(algorithm, key.bits()).verify(message, signature) {
        Ok(()) => SignatureCheck::Good,
        Err(_) => SignatureCheck::Bad,
    }
}

fn identifier(der: &[u8]) -> Option<AlgorithmIdentifier<AnyRef<'_>>> {
    AlgorithmIdentifier::from_der(der).ok()
}

fn verification_algorithm(key: &PublicKey, identifier: &AlgorithmIdentifier<AnyRef<'_>>) -> Option<&'static dyn VerificationAlgorithm> {
    match key.kind() {
        PublicKeyKind::Rsa { bits } => rsa_verification(*bits, identifier),
        PublicKeyKind::NistCurve { bits } => ecdsa_verification(*bits, identifier.oid),
        PublicKeyKind::Ed25519 if identifier.oid == ED25519 => Some(&lc::ED25519),
        _ => None,
    }
}

fn rsa_verification(bits: u32, identifier: &AlgorithmIdentifier<AnyRef<'_>>) -> Option<&'static dyn VerificationAlgorithm> {
    // 1024-bit keys and SHA-1 are checked too: the finding about them must not hide behind "bad signature".
    match (identifier.oid, pss_digest(identifier)) {
        (RSA_SHA1, _) => Some(&lc::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        (RSA_SHA256, _) if bits < 2048 => Some(&lc::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (RSA_SHA256, _) => Some(&lc::RSA_PKCS1_2048_8192_SHA256),
        (RSA_SHA384, _) => Some(&lc::RSA_PKCS1_2048_8192_SHA384),
        (RSA_SHA512, _) if bits < 2048 => Some(&lc::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        (RSA_SHA512, _) => Some(&lc::RSA_PKCS1_2048_8192_SHA512),
        (RSA_PSS, Some(SHA256)) => Some(&lc::RSA_PSS_2048_8192_SHA256),
        (RSA_PSS, Some(SHA384)) => Some(&lc::RSA_PSS_2048_8192_SHA384),
        (RSA_PSS, Some(SHA512)) => Some(&lc::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn ecdsa_verification(bits: u32, algorithm: ObjectIdentifier) -> Option<&'static dyn VerificationAlgorithm> {
    match (bits, algorithm) {
        (256, ECDSA_SHA1) => Some(&lc::ECDSA_P256_SHA1_ASN1),
        (256, ECDSA_SHA256) => Some(&lc::ECDSA_P256_SHA256_ASN1),
        (256, ECDSA_SHA384) => Some(&lc::ECDSA_P256_SHA384_ASN1),
        (256, ECDSA_SHA512) => Some(&lc::ECDSA_P256_SHA512_ASN1),
        (384, ECDSA_SHA256) => Some(&lc::ECDSA_P384_SHA256_ASN1),
        (384, ECDSA_SHA384) => Some(&lc::ECDSA_P384_SHA384_ASN1),
        (384, ECDSA_SHA512) => Some(&lc::ECDSA_P384_SHA512_ASN1),
        (521, ECDSA_SHA1) => Some(&lc::ECDSA_P521_SHA1_ASN1),
        (521, ECDSA_SHA256) => Some(&lc::ECDSA_P521_SHA256_ASN1),
        (521, ECDSA_SHA384) => Some(&lc::ECDSA_P521_SHA384_ASN1),
        (521, ECDSA_SHA512) => Some(&lc::ECDSA_P521_SHA512_ASN1),
        _ => None,
    }
}

/// The hashAlgorithm of RSASSA-PSS-params (RFC 4055 §3.1), SHA-1 when it is left out; `None` for other algorithms.
fn pss_digest(identifier: &AlgorithmIdentifier<AnyRef<'_>>) -> Option<ObjectIdentifier> {
    if identifier.oid != RSA_PSS {
        return None;
    }
    let parameters = identifier.parameters?;
    // SEQUENCE OF context-specific fields; only [0] is looked at, salt length and MGF go with it in practice.
    let fields = Vec::<AnyRef<'_>>::from_der(&parameters.to_der().ok()?).map(|fields| fields.first().and_then(|first| first.to_der().ok()));
    let Ok(Some(first)) = fields else { return Some(SHA1) };
    match ContextSpecific::<AlgorithmIdentifier<AnyRef<'_>>>::from_der(&first) {
        Ok(field) if field.tag_number == der::TagNumber(0) => Some(field.value.oid),
        _ => Some(SHA1),
    }
}
