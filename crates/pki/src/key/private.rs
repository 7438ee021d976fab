//! Private keys, and the trait that signing goes through.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self as lc, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RsaKeyPair,
};
use der::{Decode, oid::ObjectIdentifier};
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::identifiers::{self, OID_EC_PUBLIC_KEY, OID_ED25519, OID_P256, OID_P384, OID_P521, OID_RSA};
use super::{KeyAlgorithm, KeyError, PublicKey, RsaBits, SignatureAlgorithm, forms};

/// Something that can sign for one public key: a key file today, a token tomorrow.
///
/// The whole message is handed over; digesting it is the signer's business.
pub trait Signer: Send + Sync {
    /// The public key that verifies what is signed.
    fn public_key(&self) -> &PublicKey;

    /// The algorithm of every signature made.
    fn signature_algorithm(&self) -> SignatureAlgorithm;

    /// Returns the signature over `message` in the form of a certificate's signatureValue (RFC 5280 §4.1.1.3).
    ///
    /// # Errors
    /// [`KeyError::Signing`] with the reason.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// A private key that gsec can use, held as PKCS #8 in zeroized memory. It does not implement `Debug`, so that it cannot be
/// printed.
pub struct PrivateKey {
    pair: Pair,
    pkcs8: Zeroizing<Vec<u8>>,
    public: PublicKey,
    signature_algorithm: SignatureAlgorithm,
}

/// The cryptographic library gives no reason.
fn refused_to_sign() -> KeyError {
    KeyError::Signing("the cryptographic library refused".into())
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// Generates a key with the operating system's randomness.
    ///
    /// # Errors
    /// [`KeyError::Generation`] when the library refuses.
    pub fn generate(algorithm: KeyAlgorithm) -> Result<Self, KeyError> {
        let pair = match algorithm {
            KeyAlgorithm::Rsa(size) => RsaKeyPair::generate(library_size(size)).map(Pair::Rsa),
            KeyAlgorithm::P256 => {
                EcdsaKeyPair::generate(&lc::ECDSA_P256_SHA256_ASN1_SIGNING).map(Pair::Ecdsa)
            }
            KeyAlgorithm::P384 => {
                EcdsaKeyPair::generate(&lc::ECDSA_P384_SHA384_ASN1_SIGNING).map(Pair::Ecdsa)
            }
            KeyAlgorithm::P521 => {
                EcdsaKeyPair::generate(&lc::ECDSA_P521_SHA512_ASN1_SIGNING).map(Pair::Ecdsa)
            }
            KeyAlgorithm::Ed25519 => Ed25519KeyPair::generate().map(Pair::Ed25519),
        };
        Self::from_pair(pair.map_err(|_| KeyError::Generation)?)
    }

    /// Reads a PKCS #8 private key, version 1 or 2 (RFC 5958 §2).
    ///
    /// # Errors
    /// [`KeyError::AlgorithmUnsupported`] names the algorithm gsec does not use, or RSA below 2048 bits;
    /// [`KeyError::Damaged`] if the bytes are not such a key.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let info =
            PrivateKeyInfoRef::from_der(pkcs8).map_err(|error| KeyError::Damaged(error.to_string()))?;
        match info.algorithm.oid {
            OID_RSA => Self::from_pkcs1(info.private_key.as_bytes()),
            OID_EC_PUBLIC_KEY => {
                let curve = info
                    .algorithm
                    .parameters_oid()
                    .map_err(|_| unsupported("an EC key with explicit parameters"))?;
                let pair = EcdsaKeyPair::from_pkcs8(curve_algorithm(curve)?, pkcs8).map_err(rejected)?;
                Self::from_pair(Pair::Ecdsa(pair))
            }
            OID_ED25519 => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(rejected)?;
                Self::from_pair(Pair::Ed25519(pair))
            }
            other => Err(unsupported(&format!(
                "of {}",
                identifiers::algorithm_name(&other)
            ))),
        }
    }

    /// Reads a PKCS #1 RSAPrivateKey (RFC 8017 A.1.2).
    ///
    /// # Errors
    /// As [`PrivateKey::from_pkcs8`].
    pub fn from_pkcs1(pkcs1: &[u8]) -> Result<Self, KeyError> {
        let (modulus_bits, primes) = forms::rsa_shape(pkcs1)?;
        if primes > 2 {
            return Err(unsupported("RSA with more than two primes"));
        }
        if modulus_bits < RsaBits::B2048.bits() {
            return Err(unsupported(&format!(
                "RSA with {modulus_bits} bits (minimum 2048)"
            )));
        }
        if modulus_bits > RsaBits::B8192.bits() {
            return Err(unsupported(&format!(
                "RSA with {modulus_bits} bits (maximum 8192)"
            )));
        }
        let pair = RsaKeyPair::from_der(pkcs1).map_err(rejected)?;
        Self::from_pair(Pair::Rsa(pair))
    }

    fn from_pair(pair: Pair) -> Result<Self, KeyError> {
        let refused = |_| KeyError::Damaged("the cryptographic library cannot write it".into());
        // Version 1 for Ed25519 too: OpenSSL 3.0 and GnuTLS 3.7 cannot read the version 2 of RFC 5958.
        let (pkcs8, spki) = match &pair {
            Pair::Rsa(pair) => (
                AsDer::<Pkcs8V1Der>::as_der(pair).map(|der| der.as_ref().to_vec()),
                spki_of(pair.public_key()),
            ),
            Pair::Ecdsa(pair) => (
                pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
                spki_of(pair.public_key()),
            ),
            Pair::Ed25519(pair) => (
                pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
                spki_of(pair.public_key()),
            ),
        };
        let pkcs8 = Zeroizing::new(pkcs8.map_err(refused)?);
        let public = PublicKey::from_spki(&spki.map_err(refused)?)?;
        let signature_algorithm = SignatureAlgorithm::made_with(&public).ok_or_else(refused_to_sign)?;
        Ok(Self {
            pair,
            pkcs8,
            public,
            signature_algorithm,
        })
    }

    /// The key as PKCS #8 version 1, DER.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }
}

impl Signer for PrivateKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.signature_algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&lc::RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| refused_to_sign())?;
                Ok(signature)
            }
            Pair::Ecdsa(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| refused_to_sign())?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Ed25519(pair) => {
                let signature = pair.try_sign(message).map_err(|_| refused_to_sign())?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

fn spki_of<K: AsDer<PublicKeyX509Der<'static>>>(key: &K) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
    key.as_der().map(|der| der.as_ref().to_vec())
}

fn library_size(size: RsaBits) -> aws_lc_rs::rsa::KeySize {
    match size {
        RsaBits::B2048 => aws_lc_rs::rsa::KeySize::Rsa2048,
        RsaBits::B3072 => aws_lc_rs::rsa::KeySize::Rsa3072,
        RsaBits::B4096 => aws_lc_rs::rsa::KeySize::Rsa4096,
        RsaBits::B8192 => aws_lc_rs::rsa::KeySize::Rsa8192,
    }
}

fn curve_algorithm(curve: ObjectIdentifier) -> Result<&'static EcdsaSigningAlgorithm, KeyError> {
    match curve {
        OID_P256 => Ok(&lc::ECDSA_P256_SHA256_ASN1_SIGNING),
        OID_P384 => Ok(&lc::ECDSA_P384_SHA384_ASN1_SIGNING),
        OID_P521 => Ok(&lc::ECDSA_P521_SHA512_ASN1_SIGNING),
        other => Err(unsupported(&format!(
            "on the elliptic curve {}",
            identifiers::algorithm_name(&other)
        ))),
    }
}

fn unsupported(found: &str) -> KeyError {
    KeyError::AlgorithmUnsupported {
        found: found.to_owned(),
    }
}

fn rejected(error: aws_lc_rs::error::KeyRejected) -> KeyError {
    KeyError::Damaged(format!("the cryptographic library refuses it: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{SignatureCheck, verify_signature};

    const QUICK: [KeyAlgorithm; 5] = [
        KeyAlgorithm::Rsa(RsaBits::B2048),
        KeyAlgorithm::P256,
        KeyAlgorithm::P384,
        KeyAlgorithm::P521,
        KeyAlgorithm::Ed25519,
    ];

    #[test]
    fn every_algorithm_signs_and_reloads_as_the_same_key() {
        for algorithm in QUICK {
            let key = PrivateKey::generate(algorithm).expect("generate");
            let again = PrivateKey::from_pkcs8(key.pkcs8()).expect("own PKCS #8");
            assert_eq!(key.public_key().spki(), again.public_key().spki(), "{algorithm}");
            let signature = again.sign(b"message").expect("sign");
            let check = |message: &[u8]| {
                verify_signature(
                    key.public_key(),
                    &key.signature_algorithm().identifier_der(),
                    message,
                    &signature,
                )
            };
            assert_eq!(check(b"message"), SignatureCheck::Good, "{algorithm}");
            assert_eq!(check(b"another"), SignatureCheck::Bad, "{algorithm}");
        }
    }

    #[test]
    fn octets_that_are_no_key_are_refused() {
        assert!(matches!(
            PrivateKey::from_pkcs8(b"nonsense"),
            Err(KeyError::Damaged(_))
        ));
        assert!(matches!(
            PrivateKey::from_pkcs1(&[0x30, 0]),
            Err(KeyError::Damaged(_))
        ));
    }
}
