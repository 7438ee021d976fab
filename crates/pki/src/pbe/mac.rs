//! The MAC of a PKCS #12 file: with the key derivation of PKCS #12 (RFC 7292 §4), or PBMAC1 (RFC 9579).

use der::oid::ObjectIdentifier;
use der::{Decode, Encode};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use zeroize::Zeroizing;

use super::algorithms;
use super::derive::{self, Purpose};
use super::digest::with_digest;
use super::identifier::{Algorithm, Pbmac1Parameters, iterations, iterations_in_words};
use super::scheme::pbkdf2_of;
use super::{Digest, Effort, KeyDerivation, Password, PbeError};

const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");
/// Lengths of PBMAC1 keys, in bytes: a shorter key could be guessed without the password (RFC 9579 §9); no known program
/// writes one longer than the longest digest, and each further block would cost all iterations again.
const KEY_BYTES: std::ops::RangeInclusive<u32> = 20..=64;

/// Which of the two kinds of MAC it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MacKind {
    /// HMAC under a key derived as PKCS #12 has it.
    Pkcs12,
    /// PBMAC1: HMAC under a key from PBKDF2.
    Pbmac1 {
        /// The digest of PBKDF2's HMAC.
        prf: Digest,
        /// Length of the derived key.
        key_length: u32,
    },
}

/// A MAC under a password, with all its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacScheme {
    kind: MacKind,
    digest: Digest,
    salt: Vec<u8>,
    iterations: u32,
}

impl MacScheme {
    /// HMAC with the key derivation of PKCS #12.
    pub fn pkcs12(digest: Digest, salt: &[u8], iterations: u32) -> Self {
        Self {
            kind: MacKind::Pkcs12,
            digest,
            salt: salt.to_vec(),
            iterations,
        }
    }

    /// Reads the AlgorithmIdentifier of a MacData's DigestInfo in DER, with the salt beside it, and the INTEGER of the
    /// iterations, whose default is 1 (RFC 7292 §4). PBMAC1 has its own in its parameters, and those beside it do not count
    /// (RFC 9579 §5).
    ///
    /// # Errors
    /// [`PbeError`], as its variants say.
    pub fn from_algorithm(der: &[u8], salt: &[u8], iteration_count: Option<&[u8]>) -> Result<Self, PbeError> {
        let algorithm = Algorithm::parse(der)?;
        if algorithm.oid == PBMAC1 {
            return Self::from_pbmac1(&algorithm);
        }
        let digest = Digest::from_oid(&algorithm.oid)
            .ok_or_else(|| PbeError::Unsupported(format!("a MAC with digest {}", algorithm.oid)))?;
        algorithm.expect_no_parameters()?;
        let count = iteration_count
            .map(|count| iterations(&der::Any::from_der(count)?))
            .transpose()?;
        Ok(Self::pkcs12(digest, salt, count.unwrap_or(1)))
    }

    fn from_pbmac1(algorithm: &Algorithm) -> Result<Self, PbeError> {
        let parameters: Pbmac1Parameters = algorithm.parameters()?;
        let oid = parameters.authentication.oid;
        let digest = Digest::from_hmac_oid(&oid)
            .ok_or_else(|| PbeError::Unsupported(format!("PBMAC1 with {}", algorithms::name(&oid))))?;
        parameters.authentication.expect_no_parameters()?;
        let (derivation, salt, key_length) = pbkdf2_of(&parameters.key_derivation)?;
        let KeyDerivation::Pbkdf2 { prf, iterations } = derivation else {
            return Err(PbeError::Malformed("PBMAC1 without PBKDF2".into()));
        };
        // RFC 9579 §7: a key length must be there, or files of different meaning would have the same MAC.
        let key_length =
            key_length.ok_or_else(|| PbeError::Malformed("PBMAC1 without a key length".into()))?;
        if !KEY_BYTES.contains(&key_length) {
            return Err(PbeError::Malformed(format!(
                "PBMAC1 with a key of {key_length} bytes"
            )));
        }
        Ok(Self {
            kind: MacKind::Pbmac1 { prf, key_length },
            digest,
            salt,
            iterations,
        })
    }

    /// Which kind it is.
    pub fn kind(&self) -> &MacKind {
        &self.kind
    }

    /// The digest of the HMAC.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Iterations of the key derivation.
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// The salt.
    pub fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// The AlgorithmIdentifier of the digest, DER.
    ///
    /// # Errors
    /// [`PbeError::Malformed`] when it cannot be encoded.
    pub fn algorithm_der(&self) -> Result<Vec<u8>, PbeError> {
        Ok(Algorithm {
            oid: self.digest.oid(),
            parameters: Some(der::Any::null()),
        }
        .to_der()?)
    }

    /// The MAC over `content`, with the first encoding of the password.
    ///
    /// # Errors
    /// [`PbeError`] when the key cannot be derived.
    pub fn authenticate(&self, password: &Password<'_>, content: &[u8]) -> Result<Vec<u8>, PbeError> {
        let key = self.key(&password.bmp_string(), &mut Effort::new())?;
        Ok(with_digest!(self.digest, hmac(&key, content)))
    }

    /// Checks a MAC, with each encoding of the password that writers of such files use.
    ///
    /// # Errors
    /// [`PbeError::WrongPassword`] when none gives this value; [`PbeError::TooMuchWork`].
    pub fn verify(
        &self,
        password: &Password<'_>,
        content: &[u8],
        value: &[u8],
        effort: &mut Effort,
    ) -> Result<(), PbeError> {
        let encodings = match self.kind {
            MacKind::Pkcs12 => password.bmp_encodings(),
            MacKind::Pbmac1 { .. } => password.byte_encodings(),
        };
        for bytes in encodings {
            let key = self.key(&bytes, effort)?;
            if with_digest!(self.digest, is_hmac(&key, content, value)) {
                return Ok(());
            }
        }
        Err(PbeError::WrongPassword)
    }

    fn key(&self, password: &[u8], effort: &mut Effort) -> Result<Zeroizing<Vec<u8>>, PbeError> {
        match self.kind {
            MacKind::Pkcs12 => {
                effort.spend(self.iterations.into(), 1)?;
                Ok(derive::pkcs12(
                    self.digest,
                    password,
                    &self.salt,
                    Purpose::Mac,
                    self.iterations,
                    self.digest.bytes(),
                ))
            }
            MacKind::Pbmac1 { prf, key_length } => {
                let bytes = usize::try_from(key_length).map_err(|_| PbeError::TooMuchMemory)?;
                effort.spend(self.iterations.into(), bytes.div_ceil(prf.bytes()))?;
                Ok(derive::pbkdf2(prf, password, &self.salt, self.iterations, bytes))
            }
        }
    }
}

impl std::fmt::Display for MacScheme {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (hmac, iterations) = (self.digest.hmac_name(), iterations_in_words(self.iterations));
        match &self.kind {
            MacKind::Pkcs12 => write!(out, "{hmac}, PKCS #12 key derivation, {iterations}"),
            MacKind::Pbmac1 { prf, .. } => write!(
                out,
                "PBMAC1: {hmac}, PBKDF2 with {}, {iterations}",
                prf.hmac_name()
            ),
        }
    }
}

fn hmac<D: EagerHash>(key: &[u8], content: &[u8]) -> Vec<u8> {
    keyed::<D>(key, content).finalize().into_bytes().to_vec()
}

/// In constant time.
fn is_hmac<D: EagerHash>(key: &[u8], content: &[u8], value: &[u8]) -> bool {
    keyed::<D>(key, content).verify_slice(value).is_ok()
}

fn keyed<D: EagerHash>(key: &[u8], content: &[u8]) -> Hmac<D> {
    Hmac::<D>::new_from_slice(key)
        .expect("HMAC takes keys of any length")
        .chain_update(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mac_fits_its_password_and_content_only() {
        let scheme = MacScheme::pkcs12(Digest::Sha256, &[7; 8], 3);
        for password in ["", "secret"] {
            let value = scheme
                .authenticate(&Password::new(password), b"content")
                .expect("MAC");
            let verify = |password, content: &[u8]| {
                scheme.verify(&Password::new(password), content, &value, &mut Effort::new())
            };
            assert_eq!(verify(password, b"content"), Ok(()));
            assert_eq!(verify(password, b"Content"), Err(PbeError::WrongPassword));
            assert_eq!(verify("another", b"content"), Err(PbeError::WrongPassword));
        }
    }

    #[test]
    fn both_encodings_of_the_empty_password_are_tried() {
        let scheme = MacScheme::pkcs12(Digest::Sha1, &[7; 8], 3);
        let key = scheme.key(&[], &mut Effort::new()).expect("key");
        let value = hmac::<sha1::Sha1>(&key, b"content");
        assert_eq!(
            scheme.verify(&Password::new(""), b"content", &value, &mut Effort::new()),
            Ok(())
        );
    }

    #[test]
    fn iterations_are_bounded_and_default_to_one() {
        let sha1 = MacScheme::pkcs12(Digest::Sha1, &[], 1)
            .algorithm_der()
            .expect("DER");
        assert!(MacScheme::from_algorithm(&sha1, &[], Some(&[2, 1, 0])).is_err());
        let too_many = MacScheme::from_algorithm(&sha1, &[], Some(&[2, 4, 0x7f, 0xff, 0xff, 0xff]));
        assert_eq!(too_many, Err(PbeError::TooManyIterations { found: 0x7fff_ffff }));
        assert_eq!(
            MacScheme::from_algorithm(&sha1, &[], None).map(|scheme| scheme.iterations()),
            Ok(1)
        );
    }
}
