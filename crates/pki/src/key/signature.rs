//! Signature algorithms, and the check of signatures that others made.

use aws_lc_rs::digest as lc_digest;
use aws_lc_rs::signature::{
    self as lc, EcdsaVerificationAlgorithm, RsaParameters, RsaPssSaltLength, VerificationAlgorithm,
};
use der::asn1::{AnyRef, Null};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Tag, TagNumber, Tagged};
use spki::AlgorithmIdentifier;

use super::{PublicKey, PublicKeyKind};

const RSA_MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
const RSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const RSA_SHA224: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.14");
const ECDSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
const ECDSA_SHA224: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");
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
    /// SHA-2, of which the shortest has 224 bits, or inside Ed25519.
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

    /// The algorithm in which gsec signs with a key: the digest goes with the size of the curve (RFC 5758 §3.2); RSA signs
    /// with SHA-256, which everything reads. `None` for keys that gsec does not sign with.
    pub fn made_with(key: &PublicKey) -> Option<Self> {
        match key.kind() {
            PublicKeyKind::Rsa { .. } => Some(Self::RSA_SHA256),
            PublicKeyKind::NistCurve { bits: 256 } => Some(Self::ECDSA_SHA256),
            PublicKeyKind::NistCurve { bits: 384 } => Some(Self::ECDSA_SHA384),
            PublicKeyKind::NistCurve { .. } => Some(Self::ECDSA_SHA512),
            PublicKeyKind::Ed25519 => Some(Self::ED25519),
            PublicKeyKind::Other { .. } => None,
        }
    }

    /// The AlgorithmIdentifier in DER: with NULL parameters for RSA (RFC 4055 §5), without any for the others.
    pub fn identifier_der(self) -> Vec<u8> {
        let parameters = (self == Self::RSA_SHA256).then(|| AnyRef::from(Null));
        AlgorithmIdentifier {
            oid: self.0,
            parameters,
        }
        .to_der()
        .expect("an AlgorithmIdentifier of constants encodes")
    }

    /// The name of the algorithm in an AlgorithmIdentifier, or its object identifier.
    pub fn name(identifier_der: &[u8]) -> String {
        match identifier(identifier_der).map(|found| found.oid) {
            Some(RSA_MD5) => "md5WithRSAEncryption".into(),
            Some(RSA_SHA1) => "sha1WithRSAEncryption".into(),
            Some(RSA_PSS) => "rsassaPss".into(),
            Some(RSA_SHA224) => "sha224WithRSAEncryption".into(),
            Some(RSA_SHA256) => "sha256WithRSAEncryption".into(),
            Some(RSA_SHA384) => "sha384WithRSAEncryption".into(),
            Some(RSA_SHA512) => "sha512WithRSAEncryption".into(),
            Some(ECDSA_SHA1) => "ecdsa-with-SHA1".into(),
            Some(ECDSA_SHA224) => "ecdsa-with-SHA224".into(),
            Some(ECDSA_SHA256) => "ecdsa-with-SHA256".into(),
            Some(ECDSA_SHA384) => "ecdsa-with-SHA384".into(),
            Some(ECDSA_SHA512) => "ecdsa-with-SHA512".into(),
            Some(ED25519) => "ed25519".into(),
            Some(ED448) => "ed448".into(),
            Some(other) => other.to_string(),
            None => "unreadable".into(),
        }
    }

    /// Whether a signature by this algorithm can be of the key; what gsec does not know is not excluded.
    pub fn may_be_made_with(identifier_der: &[u8], key: &PublicKey) -> bool {
        let Some(found) = identifier(identifier_der) else {
            return false;
        };
        // A key for RSASSA-PSS only makes no other signatures (RFC 4055 §1.2).
        if key.is_pss_only() && found.oid != RSA_PSS {
            return false;
        }
        let of_both = KeyFamily::of_signatures(found.oid).zip(KeyFamily::of(key));
        of_both.is_none_or(|(wanted, has)| wanted == has)
    }

    /// Whether an AlgorithmIdentifier is RSASSA-PSS with a salt of another length than its digest, which RFC 4055 §3.1 advises
    /// against.
    pub fn has_odd_salt(identifier_der: &[u8]) -> bool {
        let Some(pss) = identifier(identifier_der).and_then(|found| PssParameters::of(&found)) else {
            return false;
        };
        let digest_bytes = match pss.digest {
            SHA1 => 20,
            SHA256 => 32,
            SHA384 => 48,
            SHA512 => 64,
            _ => return false,
        };
        pss.salt_bytes != digest_bytes
    }

    /// The digest inside the signature algorithm that an AlgorithmIdentifier holds.
    pub fn digest(identifier_der: &[u8]) -> SignatureDigest {
        match identifier(identifier_der)
            .map(|found| (found.oid, PssParameters::of(&found).map(|pss| pss.digest)))
        {
            Some((RSA_MD5, _)) => SignatureDigest::Md5,
            Some((RSA_SHA1 | ECDSA_SHA1, _) | (RSA_PSS, Some(SHA1))) => SignatureDigest::Sha1,
            Some((RSA_SHA224 | RSA_SHA256 | RSA_SHA384 | RSA_SHA512, _)) => SignatureDigest::Strong,
            Some((ECDSA_SHA224 | ECDSA_SHA256 | ECDSA_SHA384 | ECDSA_SHA512 | ED25519, _)) => {
                SignatureDigest::Strong
            }
            Some((RSA_PSS, Some(SHA224 | SHA256 | SHA384 | SHA512))) => SignatureDigest::Strong,
            _ => SignatureDigest::Unknown,
        }
    }
}

/// Keys by whom no other's signatures can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyFamily {
    Rsa,
    Dsa,
    Ec,
    Ed25519,
    Ed448,
    /// They agree upon keys, and sign nothing (RFC 8410 §1).
    Agreement,
}

/// Arcs under which all algorithms sign with one family of keys: PKCS #1 (RFC 8017 Appendix C), ANSI X9.57 and X9.62, TeleTrusT, OIW, and what BSI
/// has for ECDSA (TR-03111).
const FAMILIES: [(&str, KeyFamily); 8] = [
    ("1.2.840.113549.1.1.", KeyFamily::Rsa),
    ("1.2.840.10040.4.", KeyFamily::Dsa),
    ("1.2.840.10045.", KeyFamily::Ec),
    ("1.3.36.3.3.1.", KeyFamily::Rsa),
    ("1.3.36.3.3.2.", KeyFamily::Ec),
    ("0.4.0.127.0.7.1.1.4.1.", KeyFamily::Ec),
    ("1.3.101.112", KeyFamily::Ed25519),
    ("1.3.101.113", KeyFamily::Ed448),
];

impl KeyFamily {
    /// NIST's arc has algorithms of three families in a row; RFC 8692 numbers the same for SHAKE.
    fn of_signatures(algorithm: ObjectIdentifier) -> Option<Self> {
        let text = algorithm.to_string();
        let last_in = |arc: &str| text.strip_prefix(arc)?.parse::<u32>().ok();
        match (last_in("2.16.840.1.101.3.4.3."), last_in("1.3.6.1.5.5.7.6.")) {
            (Some(1..=8), _) => Some(Self::Dsa),
            (Some(9..=12), _) | (_, Some(32 | 33)) => Some(Self::Ec),
            (Some(13..=16), _) | (_, Some(30 | 31)) => Some(Self::Rsa),
            _ => Self::under_an_arc(&text),
        }
    }

    fn of(key: &PublicKey) -> Option<Self> {
        match key.kind() {
            PublicKeyKind::Rsa { .. } => Some(Self::Rsa),
            PublicKeyKind::NistCurve { .. } => Some(Self::Ec),
            PublicKeyKind::Ed25519 => Some(Self::Ed25519),
            PublicKeyKind::Other { .. } => {
                let spki = spki::SubjectPublicKeyInfoRef::try_from(key.spki()).ok()?;
                match spki.algorithm.oid.to_string().as_str() {
                    "1.3.101.110" | "1.3.101.111" => Some(Self::Agreement),
                    other => Self::under_an_arc(other),
                }
            }
        }
    }

    fn under_an_arc(text: &str) -> Option<Self> {
        let is_under = |(arc, _): &&(&str, Self)| match arc.ends_with('.') {
            true => text.starts_with(arc),
            false => text == *arc,
        };
        FAMILIES.iter().find(is_under).map(|(_, family)| *family)
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

/// Checks `signature` over `message` with `key`; `identifier_der` is the signatureAlgorithm of what is signed.
///
/// [`SignatureCheck::Unsupported`], for want of it in the library: RSA with MD5 or SHA-224; RSA with SHA-384 below 2048 bits;
/// any RSA below 1024 or above 8192 bits; RSASSA-PSS with SHA-1, with another digest in its MGF1, or below 2048 bits.
pub fn verify_signature(
    key: &PublicKey,
    identifier_der: &[u8],
    message: &[u8],
    signature: &[u8],
) -> SignatureCheck {
    match identifier(identifier_der).and_then(|algorithm| is_good(key, &algorithm, message, signature)) {
        Some(true) => SignatureCheck::Good,
        Some(false) => SignatureCheck::Bad,
        None => SignatureCheck::Unsupported,
    }
}

fn identifier(der: &[u8]) -> Option<AlgorithmIdentifier<AnyRef<'_>>> {
    AlgorithmIdentifier::from_der(der).ok()
}

/// `None` when it cannot be checked.
fn is_good(
    key: &PublicKey,
    algorithm: &AlgorithmIdentifier<AnyRef<'_>>,
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    match key.kind() {
        // A key for RSASSA-PSS only makes no other signatures (RFC 4055 §1.2).
        PublicKeyKind::Rsa { .. } if key.is_pss_only() && algorithm.oid != RSA_PSS => None,
        PublicKeyKind::Rsa { bits } => Some(
            rsa_verification(*bits, algorithm)?
                .verify_sig(key.bits(), message, signature)
                .is_ok(),
        ),
        PublicKeyKind::NistCurve { bits } => match ecdsa_verification(*bits, algorithm.oid) {
            Some(native) => Some(native.verify_sig(key.bits(), message, signature).is_ok()),
            None => is_good_with_short_digest(*bits, algorithm.oid, key.bits(), message, signature),
        },
        PublicKeyKind::Ed25519 if algorithm.oid == ED25519 => {
            Some(lc::ED25519.verify_sig(key.bits(), message, signature).is_ok())
        }
        _ => None,
    }
}

/// Whether these bytes are a public key of this kind: a point on the curve, numbers within bounds. `None` if the library
/// cannot check it.
pub(super) fn is_public_key(kind: &PublicKeyKind, bits: &[u8]) -> Option<bool> {
    let is_key = |algorithm: &'static dyn lc::VerificationAlgorithm| {
        Some(lc::ParsedPublicKey::new(algorithm, bits).is_ok())
    };
    match kind {
        PublicKeyKind::Rsa { bits: 2048..=8192 } => is_key(&lc::RSA_PKCS1_2048_8192_SHA256),
        PublicKeyKind::NistCurve { bits: 256 } => is_key(&lc::ECDSA_P256_SHA256_ASN1),
        PublicKeyKind::NistCurve { bits: 384 } => is_key(&lc::ECDSA_P384_SHA384_ASN1),
        PublicKeyKind::NistCurve { bits: 521 } => is_key(&lc::ECDSA_P521_SHA512_ASN1),
        PublicKeyKind::Ed25519 => is_key(&lc::ED25519),
        _ => None,
    }
}

fn rsa_verification(bits: u32, identifier: &AlgorithmIdentifier<AnyRef<'_>>) -> Option<RsaParameters> {
    // 1024-bit keys and SHA-1 are checked too: the finding about them must not hide behind "bad signature".
    let parameters = match identifier.oid {
        RSA_SHA1 => lc::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        RSA_SHA256 if bits < 2048 => lc::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        RSA_SHA256 => lc::RSA_PKCS1_2048_8192_SHA256,
        RSA_SHA384 => lc::RSA_PKCS1_2048_8192_SHA384,
        RSA_SHA512 if bits < 2048 => lc::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        RSA_SHA512 => lc::RSA_PKCS1_2048_8192_SHA512,
        RSA_PSS => pss_verification(&PssParameters::of(identifier)?)?,
        _ => return None,
    };
    (parameters.min_modulus_len()..=parameters.max_modulus_len())
        .contains(&bits)
        .then_some(parameters)
}

/// By default OpenSSL 3.0 makes the salt as long as possible, so any length must pass.
fn pss_verification(pss: &PssParameters) -> Option<RsaParameters> {
    let parameters = match pss.digest {
        SHA256 => lc::RSA_PSS_2048_8192_SHA256,
        SHA384 => lc::RSA_PSS_2048_8192_SHA384,
        SHA512 => lc::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    };
    (pss.mask_digest == pss.digest)
        .then(|| parameters.with_pss_salt_length(RsaPssSaltLength::Custom(pss.salt_bytes)))
}

fn ecdsa_verification(bits: u32, algorithm: ObjectIdentifier) -> Option<EcdsaVerificationAlgorithm> {
    match (bits, algorithm) {
        (256, ECDSA_SHA1) => Some(lc::ECDSA_P256_SHA1_ASN1),
        (256, ECDSA_SHA256) => Some(lc::ECDSA_P256_SHA256_ASN1),
        (256, ECDSA_SHA384) => Some(lc::ECDSA_P256_SHA384_ASN1),
        (256, ECDSA_SHA512) => Some(lc::ECDSA_P256_SHA512_ASN1),
        (384, ECDSA_SHA256) => Some(lc::ECDSA_P384_SHA256_ASN1),
        (384, ECDSA_SHA384) => Some(lc::ECDSA_P384_SHA384_ASN1),
        (384, ECDSA_SHA512) => Some(lc::ECDSA_P384_SHA512_ASN1),
        (521, ECDSA_SHA1) => Some(lc::ECDSA_P521_SHA1_ASN1),
        (521, ECDSA_SHA224) => Some(lc::ECDSA_P521_SHA224_ASN1),
        (521, ECDSA_SHA256) => Some(lc::ECDSA_P521_SHA256_ASN1),
        (521, ECDSA_SHA384) => Some(lc::ECDSA_P521_SHA384_ASN1),
        (521, ECDSA_SHA512) => Some(lc::ECDSA_P521_SHA512_ASN1),
        _ => None,
    }
}

/// Pairs of curve and digest that the library does not support directly. ECDSA uses the digest as a number (FIPS 186-5
/// §6.4.2), and leading zeros do not change a number: a digest shorter than the curve is padded to a supported length.
fn is_good_with_short_digest(
    bits: u32,
    algorithm: ObjectIdentifier,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let digest = match algorithm {
        ECDSA_SHA1 => &lc_digest::SHA1_FOR_LEGACY_USE_ONLY,
        ECDSA_SHA224 => &lc_digest::SHA224,
        _ => return None,
    };
    let (verification, carrier) = match bits {
        256 => (lc::ECDSA_P256_SHA256_ASN1, &lc_digest::SHA256),
        384 => (lc::ECDSA_P384_SHA384_ASN1, &lc_digest::SHA384),
        _ => return None,
    };
    let digest = lc_digest::digest(digest, message);
    let zeros = vec![0; carrier.output_len().checked_sub(digest.as_ref().len())?];
    let number = lc_digest::Digest::import_less_safe(&[&zeros, digest.as_ref()].concat(), carrier).ok()?;
    Some(verification.verify_digest_sig(key, &number, signature).is_ok())
}

/// RSASSA-PSS-params, RFC 4055 §3.1.
struct PssParameters {
    digest: ObjectIdentifier,
    mask_digest: ObjectIdentifier,
    salt_bytes: u16,
}

impl PssParameters {
    /// `None` for other algorithms, and if the parameters cannot be decoded. Absent fields mean SHA-1 and a salt of 20
    /// bytes.
    fn of(algorithm: &AlgorithmIdentifier<AnyRef<'_>>) -> Option<Self> {
        let parameters = algorithm.parameters.filter(|_| algorithm.oid == RSA_PSS)?;
        let mut found = Self {
            digest: SHA1,
            mask_digest: SHA1,
            salt_bytes: 20,
        };
        for field in parameters.decode_as::<Vec<AnyRef<'_>>>().ok()? {
            match field.tag() {
                Tag::ContextSpecific {
                    number: TagNumber(0), ..
                } => found.digest = identifier(field.value())?.oid,
                Tag::ContextSpecific {
                    number: TagNumber(1), ..
                } => {
                    // MGF1 has the digest as its parameter.
                    let mask = identifier(field.value())?.parameters?;
                    found.mask_digest = mask.decode_as::<AlgorithmIdentifier<AnyRef<'_>>>().ok()?.oid;
                }
                Tag::ContextSpecific {
                    number: TagNumber(2), ..
                } => found.salt_bytes = u16::from_der(field.value()).ok()?,
                _ => {}
            }
        }
        Some(found)
    }
}
