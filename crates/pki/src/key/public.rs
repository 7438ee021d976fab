//! Public keys as encoded in certificates: SubjectPublicKeyInfo, RFC 5280 §4.1.2.7.

use der::asn1::{AnyRef, BitStringRef, UintRef};
use der::{Decode, Encode, oid::ObjectIdentifier};
use spki::SubjectPublicKeyInfo;

use super::digest::{sha1, sha256};
use super::explicit_curve;
use super::identifiers::{
    self, OID_EC_PUBLIC_KEY, OID_ED25519, OID_P256, OID_P384, OID_P521, OID_RSA, OID_RSA_PSS,
};
use super::signature::is_public_key;
use super::{KeyAlgorithm, KeyError, KeyType};
use crate::encoding::bit_string::{unused_bits, unused_bits_in_words};

/// What a public key is, as far as gsec can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKeyKind {
    /// RSA; the size of the modulus in bits.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
    },
    /// A key on the NIST curve of this size in bits: 256, 384 or 521.
    NistCurve {
        /// Bits of the field.
        bits: u32,
    },
    /// Ed25519.
    Ed25519,
    /// Something else, by object identifier.
    Other {
        /// The algorithm's, or the curve's, object identifier in dotted form.
        oid: String,
    },
}

/// A public key; equal when the SubjectPublicKeyInfo is equal byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    bits: Vec<u8>,
    kind: PublicKeyKind,
    is_pss_only: bool,
}

impl PublicKey {
    /// Parses a SubjectPublicKeyInfo in DER. An unknown algorithm is not an error: it is [`PublicKeyKind::Other`].
    ///
    /// # Errors
    /// [`KeyError::PublicDamaged`] if the bytes are not a SubjectPublicKeyInfo.
    pub fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
        let damaged = |error: der::Error| KeyError::PublicDamaged(error.to_string());
        if let Some(unused) = unused_bits(spki) {
            return Err(KeyError::PublicDamaged(unused_bits_in_words(unused)));
        }
        let info = SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>>::from_der(spki).map_err(damaged)?;
        let bits = info.subject_public_key.raw_bytes().to_vec();
        let curve = info
            .algorithm
            .parameters
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        let kind = kind_of(info.algorithm.oid, curve, &bits);
        Ok(Self {
            spki: spki.to_vec(),
            bits,
            kind,
            is_pss_only: info.algorithm.oid == OID_RSA_PSS,
        })
    }

    /// The SubjectPublicKeyInfo, DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The content of subjectPublicKey: RSAPublicKey, curve point or Ed25519 key.
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// What the key is.
    pub fn kind(&self) -> &PublicKeyKind {
        &self.kind
    }

    /// Whether who has the private key of one has that of the other ([`Self::material`]): for compromise, where one key in another dress is
    /// still the same secret. Whether programs use a private key with a certificate is another question: [`Self::is_pair_of`].
    pub fn is_same_key(&self, other: &Self) -> bool {
        self.bits == other.bits || self.material() == other.material()
    }

    /// Whether programs take the private key of one for the key of a certificate with the other: the same algorithm, curve and numbers.
    /// Encodings that OpenSSL takes for equal are equal (EVP_PKEY_eq): a curve by its numbers or its name, a curve point compressed or not, and
    /// the parameters of RSA and RSASSA-PSS. An RSASSA-PSS key is no pair of an RSA key, nor is one with another public exponent.
    pub fn is_pair_of(&self, other: &Self) -> bool {
        self.spki == other.spki || self.pair_identity() == other.pair_identity()
    }

    /// Equal for two keys exactly if [`Self::is_pair_of`] is true of them.
    pub fn pair_identity(&self) -> Vec<u8> {
        self.normalized().unwrap_or_else(|| self.spki.clone())
    }

    /// Algorithm and numbers without their encoding; `None` where only equal bytes are known to be one key.
    fn normalized(&self) -> Option<Vec<u8>> {
        let info = SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>>::from_der(&self.spki).ok()?;
        let algorithm = info.algorithm.oid.as_bytes();
        match info.algorithm.oid {
            OID_RSA | OID_RSA_PSS => {
                let numbers = Vec::<UintRef<'_>>::from_der(&self.bits).ok()?;
                Some([algorithm, &numbers.to_der().ok()?].concat())
            }
            OID_EC_PUBLIC_KEY if self.is_usable() != Some(false) => {
                let parameters = info.algorithm.parameters?;
                let curve = match parameters.decode_as::<ObjectIdentifier>() {
                    Ok(curve) => curve,
                    Err(_) => explicit_curve::name(&parameters.to_der().ok()?)?,
                };
                let (parity, x) = point_of(&self.bits).filter(|_| identifiers::is_prime_curve(&curve))?;
                Some([algorithm, curve.as_bytes(), &[parity], x].concat())
            }
            _ => None,
        }
    }

    fn modulus(&self) -> Option<&[u8]> {
        let is_rsa = matches!(self.kind, PublicKeyKind::Rsa { .. });
        let numbers = is_rsa
            .then(|| Vec::<UintRef<'_>>::from_der(&self.bits).ok())
            .flatten()?;
        numbers.first().map(|modulus| modulus.as_bytes())
    }

    /// Whether it is an RSA key for RSASSA-PSS signatures only: its algorithm is id-RSASSA-PSS (RFC 4055 §1.2).
    pub fn is_pss_only(&self) -> bool {
        self.is_pss_only
    }

    /// Whether it is a key on a curve that is spelt out in numbers instead of named (RFC 5480 §2.1.1, specifiedCurve).
    pub fn has_explicit_curve(&self) -> bool {
        let info = SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>>::from_der(&self.spki);
        info.is_ok_and(|info| {
            let is_named = |any: AnyRef<'_>| any.decode_as::<ObjectIdentifier>().is_ok();
            info.algorithm.oid == OID_EC_PUBLIC_KEY
                && info
                    .algorithm
                    .parameters
                    .is_some_and(|parameters| !is_named(parameters))
        })
    }

    /// The named curve that such numbers are: `P-256`, `P-384` or `P-521`.
    pub fn explicit_curve(&self) -> Option<&'static str> {
        let info = SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>>::from_der(&self.spki).ok()?;
        match explicit_curve::name(&info.algorithm.parameters?.to_der().ok()?)? {
            OID_P256 => Some("P-256"),
            OID_P384 => Some("P-384"),
            _ => Some("P-521"),
        }
    }

    /// Whether it is a key that can be used, and not a point beside the curve; `None` for kinds that gsec cannot judge.
    pub fn is_usable(&self) -> Option<bool> {
        is_public_key(&self.kind, &self.bits)
    }

    /// SHA-1 of subjectPublicKey: method 1 for key identifiers in RFC 5280 §4.2.1.2, which every peer uses.
    pub fn key_identifier(&self) -> [u8; 20] {
        sha1(&self.bits)
    }

    /// SHA-256 of the SubjectPublicKeyInfo, the SPKI pin of RFC 7469 §2.4.
    pub fn pin(&self) -> [u8; 32] {
        sha256(&self.spki)
    }

    /// SHA-256 of the numbers that define the key, independent of their encoding. Two SubjectPublicKeyInfo of one key differ
    /// if one is restricted to RSASSA-PSS (RFC 4055 §1.2), has another public exponent, or has a compressed curve point (RFC
    /// 5480 §2.2); the private key of one then also gives the other.
    pub fn material(&self) -> [u8; 32] {
        let is_curve_point = matches!(self.kind, PublicKeyKind::NistCurve { .. });
        match self.bits.split_first() {
            Some((4, point)) if is_curve_point => sha256(&point[..point.len() / 2]),
            Some((2 | 3, x)) if is_curve_point => sha256(x),
            _ if self.modulus().is_some() => sha256(self.modulus().unwrap_or_default()),
            _ => sha256(&self.bits),
        }
    }

    /// Its kind; `None` for one that gsec does not make.
    pub fn key_type(&self) -> Option<KeyType> {
        match self.kind {
            PublicKeyKind::Rsa { .. } => Some(KeyType::Rsa),
            PublicKeyKind::NistCurve { bits: 256 } => Some(KeyType::P256),
            PublicKeyKind::NistCurve { bits: 384 } => Some(KeyType::P384),
            PublicKeyKind::NistCurve { bits: 521 } => Some(KeyType::P521),
            PublicKeyKind::Ed25519 => Some(KeyType::Ed25519),
            PublicKeyKind::NistCurve { .. } | PublicKeyKind::Other { .. } => None,
        }
    }

    /// The algorithm, when it is one that gsec makes keys of.
    pub fn algorithm(&self) -> Option<KeyAlgorithm> {
        KeyAlgorithm::new(self.key_type()?, self.size_bits()).ok()
    }

    /// What people and JSON see as the key's kind: `rsa`, `p256`, …, or an object identifier. Compare [`Self::key_type`].
    pub fn type_name(&self) -> String {
        match (&self.kind, self.key_type()) {
            (_, Some(key_type)) => key_type.name().into(),
            (PublicKeyKind::Other { oid }, None) => oid.clone(),
            (_, None) => format!("p{}", self.size_bits().unwrap_or_default()),
        }
    }

    /// The size in bits, where it is known.
    pub fn size_bits(&self) -> Option<u32> {
        match self.kind {
            PublicKeyKind::Rsa { bits } | PublicKeyKind::NistCurve { bits } => Some(bits),
            PublicKeyKind::Ed25519 => Some(256),
            PublicKeyKind::Other { .. } => None,
        }
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            PublicKeyKind::Rsa { bits } if self.is_pss_only => write!(out, "RSA-PSS {bits}"),
            PublicKeyKind::Rsa { bits } => write!(out, "RSA {bits}"),
            PublicKeyKind::NistCurve { bits } => write!(out, "P-{bits}"),
            PublicKeyKind::Ed25519 => out.write_str("Ed25519"),
            PublicKeyKind::Other { .. } if self.has_explicit_curve() => match self.explicit_curve() {
                Some(curve) => write!(out, "EC, explicit parameters (the same as {curve})"),
                None => out.write_str("EC, explicit parameters"),
            },
            PublicKeyKind::Other { oid } => out.write_str(&identifiers::name_of(oid)),
        }
    }
}

/// Whether y is odd, and x, of a point on a curve over a prime field in any of its forms (SEC 1 §2.3.3; the hybrid form of X9.62).
fn point_of(bits: &[u8]) -> Option<(u8, &[u8])> {
    match bits.split_first()? {
        (form @ (2 | 3), x) => Some((form & 1, x)),
        (4 | 6 | 7, both) if both.len() % 2 == 0 => Some((both.last()? & 1, &both[..both.len() / 2])),
        _ => None,
    }
}

fn kind_of(algorithm: ObjectIdentifier, curve: Option<ObjectIdentifier>, bits: &[u8]) -> PublicKeyKind {
    match (algorithm, curve) {
        (OID_RSA | OID_RSA_PSS, _) => PublicKeyKind::Rsa { bits: rsa_bits(bits) },
        (OID_EC_PUBLIC_KEY, Some(OID_P256)) => PublicKeyKind::NistCurve { bits: 256 },
        (OID_EC_PUBLIC_KEY, Some(OID_P384)) => PublicKeyKind::NistCurve { bits: 384 },
        (OID_EC_PUBLIC_KEY, Some(OID_P521)) => PublicKeyKind::NistCurve { bits: 521 },
        (OID_EC_PUBLIC_KEY, Some(curve)) => PublicKeyKind::Other {
            oid: curve.to_string(),
        },
        (OID_ED25519, _) => PublicKeyKind::Ed25519,
        (other, _) => PublicKeyKind::Other {
            oid: other.to_string(),
        },
    }
}

/// RSAPublicKey is a SEQUENCE of modulus and exponent (RFC 8017 A.1.1).
fn rsa_bits(public_key: &[u8]) -> u32 {
    match Vec::<UintRef<'_>>::from_der(public_key) {
        Ok(numbers) => numbers
            .first()
            .map_or(0, |modulus| bit_length(modulus.as_bytes())),
        Err(_) => 0,
    }
}

/// The bit length of a big-endian number.
pub(super) fn bit_length(number: &[u8]) -> u32 {
    let Some(first) = number.iter().position(|byte| *byte != 0) else {
        return 0;
    };
    let bytes = u32::try_from(number.len() - first).unwrap_or(u32::MAX / 8);
    bytes
        .saturating_mul(8)
        .saturating_sub(number[first].leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_length_ignores_leading_zeros() {
        assert_eq!(bit_length(&[0, 0x80, 0]), 16);
        assert_eq!(bit_length(&[0x01]), 1);
        assert_eq!(bit_length(&[]), 0);
    }

    /// SubjectPublicKeyInfo with this AlgorithmIdentifier and this key, both short.
    fn spki(algorithm: &[u8], bits: &[u8]) -> PublicKey {
        let short = |length: usize| u8::try_from(length).expect("short");
        let content = [
            &[0x30, short(algorithm.len())],
            algorithm,
            &[3, short(bits.len() + 1), 0],
            bits,
        ]
        .concat();
        PublicKey::from_spki(&[&[0x30, short(content.len())], &content[..]].concat()).expect("a key")
    }

    #[test]
    fn a_key_in_another_dress_is_the_same_secret_and_no_pair() {
        const RSA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        const PSS: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
        let numbers = |exponent: u8| [0x30, 8, 2, 3, 0x55, 0x66, 0x77, 2, 1, exponent];
        let with_null = [RSA, &[5, 0]].concat();
        let rsa = spki(&with_null, &numbers(3));
        for (other, is_pair) in [
            (spki(RSA, &numbers(3)), true),
            (spki(&with_null, &numbers(5)), false),
            (spki(PSS, &numbers(3)), false),
        ] {
            assert!(rsa.is_same_key(&other), "{other:?}");
            assert_eq!(rsa.is_pair_of(&other), is_pair, "{other:?}");
        }
    }

    #[test]
    fn a_point_on_one_curve_is_no_pair_of_the_same_numbers_on_another() {
        const EC: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
        let on = |curve: &[u8], bits: &[u8]| spki(&[EC, curve].concat(), bits);
        const K1: &[u8] = &[6, 5, 0x2b, 0x81, 4, 0, 10];
        const BRAINPOOL: &[u8] = &[6, 9, 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7];
        const BINARY: &[u8] = &[6, 5, 0x2b, 0x81, 4, 0, 1];
        let (x, y) = ([7; 32], [9; 32]);
        let whole = [&[4], &x[..], &y].concat();
        let compressed = [&[3], &x[..]].concat();
        assert!(on(K1, &whole).is_pair_of(&on(K1, &compressed)));
        assert!(!on(K1, &whole).is_pair_of(&on(K1, &[&[2], &x[..]].concat())));
        assert!(!on(K1, &whole).is_pair_of(&on(BRAINPOOL, &whole)));
        // On a binary curve the first byte tells something else than whether y is odd.
        assert!(!on(BINARY, &whole).is_pair_of(&on(BINARY, &compressed)));
    }

    #[test]
    fn octets_that_are_no_key_are_refused() {
        assert!(PublicKey::from_spki(&[0x30, 0x03, 1, 1, 1]).is_err());
    }
}
