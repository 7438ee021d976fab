//! Public keys and signatures by their numbers alone, as formats without ASN.1 have them (JSON Web Key and JSON Web Signature, RFC 7518).

use der::asn1::{AnyRef, BitStringRef, Null, UintRef};
use der::{Decode, Encode, Sequence};
use spki::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use super::identifiers::{OID_EC_PUBLIC_KEY, OID_ED25519, OID_P256, OID_P384, OID_P521, OID_RSA};
use super::{KeyError, PublicKey, PublicKeyKind};

/// The numbers of a public key, most significant byte first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyNumbers {
    /// RSA (RFC 8017 §3.1). Without leading zeros.
    Rsa {
        /// The modulus, n.
        modulus: Vec<u8>,
        /// The public exponent, e.
        exponent: Vec<u8>,
    },
    /// A point on a NIST curve (SEC 1 §2.3). Each coordinate has the length of the field: 32, 48 or 66 bytes.
    NistCurve {
        /// Bits of the field: 256, 384 or 521.
        bits: u32,
        /// The first coordinate.
        x: Vec<u8>,
        /// The second coordinate.
        y: Vec<u8>,
    },
    /// Ed25519 (RFC 8032 §5.1.5): 32 bytes as they are.
    Ed25519(Vec<u8>),
}

impl KeyNumbers {
    /// The numbers of a key; `None` where the key is of another kind, or its point is compressed.
    pub fn of(key: &PublicKey) -> Option<Self> {
        match *key.kind() {
            PublicKeyKind::Rsa { .. } if !key.is_pss_only() => {
                let numbers = Vec::<UintRef<'_>>::from_der(key.bits()).ok()?;
                let [modulus, exponent] = numbers.as_slice() else {
                    return None;
                };
                Some(Self::Rsa {
                    modulus: modulus.as_bytes().to_vec(),
                    exponent: exponent.as_bytes().to_vec(),
                })
            }
            PublicKeyKind::NistCurve { bits } => {
                let point = key.bits().strip_prefix(&[4])?;
                let (x, y) = point.split_at_checked(field_bytes(bits))?;
                (x.len() == y.len()).then(|| Self::NistCurve {
                    bits,
                    x: x.to_vec(),
                    y: y.to_vec(),
                })
            }
            PublicKeyKind::Ed25519 => Some(Self::Ed25519(key.bits().to_vec())),
            _ => None,
        }
    }

    /// The key with these numbers. Whether it can be used is another question: [`PublicKey::is_usable`], [`PublicKey::expect_sound`].
    ///
    /// # Errors
    /// [`KeyError::PublicDamaged`] for a curve or lengths that there are not.
    pub fn to_public_key(&self) -> Result<PublicKey, KeyError> {
        let damaged = |error: der::Error| KeyError::PublicDamaged(error.to_string());
        let spki = match self {
            Self::Rsa { modulus, exponent } => {
                let numbers = UintRef::new(modulus).and_then(|n| vec![n, UintRef::new(exponent)?].to_der());
                spki(OID_RSA, Some(AnyRef::from(Null)), &numbers.map_err(damaged)?)
            }
            Self::NistCurve { bits, x, y } => {
                let curve = match bits {
                    256 => OID_P256,
                    384 => OID_P384,
                    521 => OID_P521,
                    other => {
                        return Err(KeyError::PublicDamaged(format!(
                            "there is no curve of {other} bits"
                        )));
                    }
                };
                if x.len() != field_bytes(*bits) || y.len() != field_bytes(*bits) {
                    return Err(KeyError::PublicDamaged(format!(
                        "a coordinate of P-{bits} has {} bytes",
                        field_bytes(*bits)
                    )));
                }
                let point = [&[4], x.as_slice(), y].concat();
                spki(OID_EC_PUBLIC_KEY, Some(AnyRef::from(&curve)), &point)
            }
            Self::Ed25519(bytes) if bytes.len() == 32 => spki(OID_ED25519, None, bytes),
            Self::Ed25519(_) => return Err(KeyError::PublicDamaged("an Ed25519 key has 32 bytes".into())),
        };
        PublicKey::from_spki(&spki.map_err(damaged)?)
    }
}

fn spki(
    oid: der::oid::ObjectIdentifier,
    parameters: Option<AnyRef<'_>>,
    bits: &[u8],
) -> der::Result<Vec<u8>> {
    SubjectPublicKeyInfo {
        algorithm: AlgorithmIdentifier { oid, parameters },
        subject_public_key: BitStringRef::from_bytes(bits)?,
    }
    .to_der()
}

/// ECDSA-Sig-Value, RFC 3279 §2.2.3.
#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// A signature on a curve of this many bits, from r and s one after the other, each as long as the field (RFC 7518 §3.4), to the form that
/// certificates have and [`super::verify_signature`] checks. `None` for any other length.
pub fn ecdsa_signature_from_fixed(signature: &[u8], curve_bits: u32) -> Option<Vec<u8>> {
    let (r, s) = signature.split_at_checked(field_bytes(curve_bits))?;
    if s.len() != r.len() {
        return None;
    }
    let (r, s) = (UintRef::new(r).ok()?, UintRef::new(s).ok()?);
    EcdsaSignature { r, s }.to_der().ok()
}

fn field_bytes(bits: u32) -> usize {
    bits.div_ceil(8) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, PrivateKey, RsaBits, SignatureCheck, Signer, verify_signature};

    #[test]
    fn numbers_make_the_same_key() {
        for algorithm in [
            KeyAlgorithm::Rsa(RsaBits::B2048),
            KeyAlgorithm::P256,
            KeyAlgorithm::P384,
            KeyAlgorithm::P521,
            KeyAlgorithm::Ed25519,
        ] {
            let key = PrivateKey::generate(algorithm).expect("key");
            let numbers = KeyNumbers::of(key.public_key()).expect("numbers");
            assert_eq!(
                numbers.to_public_key().expect("a key"),
                *key.public_key(),
                "{algorithm}"
            );
        }
    }

    #[test]
    fn lengths_that_no_key_has_are_refused() {
        let point = |bits, length| KeyNumbers::NistCurve {
            bits,
            x: vec![1; length],
            y: vec![1; length],
        };
        for numbers in [
            point(256, 31),
            point(256, 33),
            point(521, 65),
            point(255, 32),
            KeyNumbers::Ed25519(vec![1; 31]),
        ] {
            assert!(numbers.to_public_key().is_err(), "{numbers:?}");
        }
    }

    /// r and s of an ECDSA-Sig-Value, each of this length.
    fn fixed(der: &[u8], length: usize) -> Vec<u8> {
        let signature = EcdsaSignature::from_der(der).expect("a signature");
        let padded = |number: UintRef<'_>| {
            [
                vec![0; length - number.as_bytes().len()],
                number.as_bytes().to_vec(),
            ]
            .concat()
        };
        [padded(signature.r), padded(signature.s)].concat()
    }

    #[test]
    fn a_signature_of_fixed_length_is_the_signature() {
        for (algorithm, bits, length) in [
            (KeyAlgorithm::P256, 256, 32),
            (KeyAlgorithm::P384, 384, 48),
            (KeyAlgorithm::P521, 521, 66),
        ] {
            let key = PrivateKey::generate(algorithm).expect("key");
            let identifier = key.signature_algorithm().identifier_der();
            // So many that some have leading zeros.
            for count in 0..64 {
                let message = [count];
                let signature = key.sign(&message).expect("signature");
                let fixed = fixed(&signature, length);
                let der = ecdsa_signature_from_fixed(&fixed, bits).expect("a signature");
                assert_eq!(der, signature);
                let check = verify_signature(key.public_key(), &identifier, &message, &der);
                assert_eq!(check, SignatureCheck::Good);
                assert_eq!(ecdsa_signature_from_fixed(&fixed[1..], bits), None);
                assert_eq!(
                    ecdsa_signature_from_fixed(&[&fixed[..], &[0]].concat(), bits),
                    None
                );
            }
            assert_eq!(ecdsa_signature_from_fixed(&[], bits), None);
        }
    }
}
