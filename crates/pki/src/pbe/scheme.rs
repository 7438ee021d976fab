//! How something is encrypted under a password: read from its AlgorithmIdentifier, or chosen for writing.

use der::asn1::OctetString;
use der::oid::ObjectIdentifier;
use der::{Any, Encode};
use zeroize::Zeroizing;

use super::algorithms;
use super::derive::{self, Purpose};
use super::identifier::{Algorithm, PbeParameters, Pbes2Parameters, Pbkdf2Parameters, ScryptParameters};
use super::identifier::{encoded_iterations, initialisation_vector, iterations, iterations_in_words};
use super::{Cipher, Digest, Effort, MAX_SCRYPT_BYTES, Password, PbeError};

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
const PKCS12_TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");

/// How a key is made from a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyDerivation {
    /// PBKDF2 with HMAC, RFC 8018 §5.2.
    Pbkdf2 {
        /// The digest of its HMAC.
        prf: Digest,
        /// Iterations.
        iterations: u32,
    },
    /// scrypt, RFC 7914.
    Scrypt {
        /// Cost parameter N.
        cost: u64,
        /// Block size r.
        block_size: u32,
        /// Parallelization p.
        parallelization: u32,
    },
    /// That of PKCS #12 with SHA-1, RFC 7292 B.2.
    Pkcs12 {
        /// Iterations.
        iterations: u32,
    },
    /// PBKDF1, RFC 8018 §5.1.
    Pbkdf1 {
        /// Its digest.
        digest: Digest,
        /// Iterations.
        iterations: u32,
    },
}

/// One way of encrypting under a password, with all its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptionScheme {
    derivation: KeyDerivation,
    salt: Vec<u8>,
    cipher: Cipher,
    /// Empty where it is derived from the password.
    iv: Vec<u8>,
}

impl EncryptionScheme {
    /// PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256.
    pub fn modern(iterations: u32, salt: &[u8], iv: [u8; 16]) -> Self {
        let derivation = KeyDerivation::Pbkdf2 {
            prf: Digest::Sha256,
            iterations,
        };
        Self {
            derivation,
            salt: salt.to_vec(),
            cipher: Cipher::Aes256,
            iv: iv.to_vec(),
        }
    }

    /// pbeWithSHAAnd3-KeyTripleDES-CBC.
    pub fn compat(iterations: u32, salt: &[u8]) -> Self {
        Self {
            derivation: KeyDerivation::Pkcs12 { iterations },
            salt: salt.to_vec(),
            cipher: Cipher::TripleDes,
            iv: Vec::new(),
        }
    }

    /// Reads an AlgorithmIdentifier in DER.
    ///
    /// # Errors
    /// [`PbeError::Unsupported`] names what gsec does not read; [`PbeError::TooManyIterations`] and
    /// [`PbeError::TooMuchMemory`] for what it would not compute; [`PbeError::Malformed`].
    pub fn from_algorithm(der: &[u8]) -> Result<Self, PbeError> {
        let algorithm = Algorithm::parse(der)?;
        if algorithm.oid == PBES2 {
            return Self::from_pbes2(&algorithm);
        }
        if let Some(cipher) = algorithms::pkcs12_cipher(&algorithm.oid) {
            return Self::with_all_derived(&algorithm, cipher, |iterations| KeyDerivation::Pkcs12 {
                iterations,
            });
        }
        if let Some((digest, cipher)) = algorithms::pbes1_cipher(&algorithm.oid) {
            return Self::with_all_derived(&algorithm, cipher, |iterations| KeyDerivation::Pbkdf1 {
                digest,
                iterations,
            });
        }
        Err(PbeError::Unsupported(algorithms::name(&algorithm.oid)))
    }

    /// A scheme whose parameters are salt and iterations, and whose initialisation vector comes from the password too.
    fn with_all_derived(
        algorithm: &Algorithm,
        cipher: Cipher,
        derivation: impl Fn(u32) -> KeyDerivation,
    ) -> Result<Self, PbeError> {
        let parameters: PbeParameters = algorithm.parameters()?;
        let derivation = derivation(iterations(&parameters.iterations)?);
        Ok(Self {
            derivation,
            salt: parameters.salt.as_bytes().to_vec(),
            cipher,
            iv: Vec::new(),
        })
    }

    fn from_pbes2(algorithm: &Algorithm) -> Result<Self, PbeError> {
        let parameters: Pbes2Parameters = algorithm.parameters()?;
        let oid = parameters.encryption.oid;
        let cipher =
            algorithms::pbes2_cipher(&oid).ok_or_else(|| PbeError::Unsupported(algorithms::name(&oid)))?;
        let iv = initialisation_vector(&parameters.encryption)?;
        if iv.len() != cipher.iv_length() {
            return Err(PbeError::Malformed(format!(
                "the initialization vector has {} bytes",
                iv.len()
            )));
        }
        let (derivation, salt, key_length) = match parameters.key_derivation.oid {
            PBKDF2 => pbkdf2_of(&parameters.key_derivation)?,
            SCRYPT => scrypt_of(&parameters.key_derivation)?,
            other => return Err(PbeError::Unsupported(format!("the key derivation {other}"))),
        };
        if key_length.is_some_and(|length| usize::try_from(length) != Ok(cipher.key_length())) {
            return Err(PbeError::Malformed(
                "the key length does not match the cipher".into(),
            ));
        }
        Ok(Self {
            derivation,
            salt,
            cipher,
            iv,
        })
    }

    /// The cipher.
    pub fn cipher(&self) -> Cipher {
        self.cipher
    }

    /// How the key is derived.
    pub fn derivation(&self) -> &KeyDerivation {
        &self.derivation
    }

    /// The AlgorithmIdentifier of one of the two schemes that gsec writes, DER.
    ///
    /// # Errors
    /// [`PbeError::Unsupported`] for any other; [`PbeError::Malformed`] when it cannot be encoded.
    pub fn algorithm_der(&self) -> Result<Vec<u8>, PbeError> {
        let algorithm = match (&self.derivation, self.cipher) {
            (KeyDerivation::Pbkdf2 { prf, iterations }, Cipher::Aes256) => {
                let encryption = Algorithm::with(AES_256_CBC, &OctetString::new(self.iv.as_slice())?)?;
                Algorithm::with(
                    PBES2,
                    &Pbes2Parameters {
                        key_derivation: pbkdf2_algorithm(*prf, &self.salt, *iterations, None)?,
                        encryption,
                    },
                )?
            }
            (KeyDerivation::Pkcs12 { iterations }, Cipher::TripleDes) => {
                let parameters = PbeParameters {
                    salt: OctetString::new(self.salt.as_slice())?,
                    iterations: encoded_iterations(*iterations)?,
                };
                Algorithm::with(PKCS12_TRIPLE_DES, &parameters)?
            }
            _ => return Err(PbeError::Unsupported(format!("{self} for writing"))),
        };
        Ok(algorithm.to_der()?)
    }

    /// Encrypts `plain`.
    ///
    /// # Errors
    /// [`PbeError::Unsupported`] for a scheme that gsec only reads.
    pub fn encrypt(&self, password: &Password<'_>, plain: &[u8]) -> Result<Vec<u8>, PbeError> {
        self.encryptor(password)?.encrypt(plain)
    }

    /// Derives the key, for one content or several.
    ///
    /// # Errors
    /// As [`EncryptionScheme::encrypt`].
    pub fn encryptor(&self, password: &Password<'_>) -> Result<Encryptor, PbeError> {
        let bytes = if matches!(self.derivation, KeyDerivation::Pkcs12 { .. }) {
            password.bmp_string()
        } else {
            Zeroizing::new(password.utf8().to_vec())
        };
        let (key, iv) = self.key_and_iv(&bytes, &mut Effort::new())?;
        Ok(Encryptor {
            scheme: self.clone(),
            key,
            iv,
        })
    }

    /// Decrypts, with each encoding of the password that writers of such files use, until `is_sensible` says of the result
    /// that it is one: a cipher alone cannot tell.
    ///
    /// # Errors
    /// [`PbeError::WrongPassword`] when no encoding gives anything sensible; [`PbeError::TooMuchWork`].
    pub fn decrypt(
        &self,
        password: &Password<'_>,
        encrypted: &[u8],
        effort: &mut Effort,
        is_sensible: &dyn Fn(&[u8]) -> bool,
    ) -> Result<Zeroizing<Vec<u8>>, PbeError> {
        let encodings = match self.derivation {
            KeyDerivation::Pkcs12 { .. } => password.bmp_encodings(),
            _ => password.byte_encodings(),
        };
        for bytes in encodings {
            let (key, iv) = self.key_and_iv(&bytes, effort)?;
            match self.cipher.decrypt(&key, &iv, encrypted) {
                Ok(plain) if is_sensible(&plain) => return Ok(plain),
                Ok(_) | Err(PbeError::WrongPassword) => {}
                Err(error) => return Err(error),
            }
        }
        Err(PbeError::WrongPassword)
    }

    fn key_and_iv(
        &self,
        password: &[u8],
        effort: &mut Effort,
    ) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), PbeError> {
        let bytes = self.cipher.key_length();
        match self.derivation {
            KeyDerivation::Pbkdf2 { prf, iterations } => {
                effort.spend(iterations.into(), bytes.div_ceil(prf.bytes()))?;
                Ok((
                    derive::pbkdf2(prf, password, &self.salt, iterations, bytes),
                    self.iv.clone(),
                ))
            }
            KeyDerivation::Scrypt {
                cost,
                block_size,
                parallelization,
            } => {
                let mut key = Zeroizing::new(vec![0; bytes]);
                let parameters = scrypt_parameters(cost, block_size, parallelization)?;
                // scrypt takes N × r × p steps, each of which costs about what four iterations of PBKDF2 do.
                let steps = cost
                    .saturating_mul(block_size.into())
                    .saturating_mul(parallelization.into());
                effort.spend(steps.saturating_mul(4), 1)?;
                scrypt::scrypt(password, &self.salt, &parameters, &mut key)
                    .map_err(|error| PbeError::Malformed(error.to_string()))?;
                Ok((key, self.iv.clone()))
            }
            KeyDerivation::Pkcs12 { iterations } => {
                let blocks = |bytes: usize| bytes.div_ceil(Digest::Sha1.bytes());
                effort.spend(iterations.into(), blocks(bytes) + blocks(self.cipher.iv_length()))?;
                let key = derive::pkcs12(
                    Digest::Sha1,
                    password,
                    &self.salt,
                    Purpose::Encryption,
                    iterations,
                    bytes,
                );
                let iv = match self.cipher.iv_length() {
                    0 => Vec::new(),
                    bytes => {
                        derive::pkcs12(Digest::Sha1, password, &self.salt, Purpose::Iv, iterations, bytes)
                            .to_vec()
                    }
                };
                Ok((key, iv))
            }
            KeyDerivation::Pbkdf1 { digest, iterations } => {
                effort.spend(iterations.into(), 1)?;
                let both = derive::pbkdf1(digest, password, &self.salt, iterations);
                let (key, iv) = both.split_at(bytes.min(both.len()));
                Ok((Zeroizing::new(key.to_vec()), iv.to_vec()))
            }
        }
    }
}

impl std::fmt::Display for EncryptionScheme {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cipher = self.cipher.name();
        match &self.derivation {
            KeyDerivation::Pbkdf2 { prf, iterations } => {
                write!(
                    out,
                    "PBES2: {cipher}, PBKDF2 with {}, {}",
                    prf.hmac_name(),
                    iterations_in_words(*iterations)
                )
            }
            KeyDerivation::Scrypt {
                cost,
                block_size,
                parallelization,
            } => {
                write!(
                    out,
                    "PBES2: {cipher}, scrypt with N={cost}, r={block_size}, p={parallelization}"
                )
            }
            KeyDerivation::Pkcs12 { iterations } => write!(
                out,
                "PKCS #12 PBE: {cipher}, SHA-1, {}",
                iterations_in_words(*iterations)
            ),
            KeyDerivation::Pbkdf1 { digest, iterations } => write!(
                out,
                "PBES1: {cipher}, {}, {}",
                digest.name(),
                iterations_in_words(*iterations)
            ),
        }
    }
}

/// A scheme with the key derived from a password. The derivation is nearly all the work.
pub struct Encryptor {
    scheme: EncryptionScheme,
    key: Zeroizing<Vec<u8>>,
    iv: Vec<u8>,
}

impl Encryptor {
    /// With what it encrypts, to be written beside the content.
    pub fn scheme(&self) -> &EncryptionScheme {
        &self.scheme
    }

    /// The same key for another content of a PBES2 scheme, whose initialisation vector is drawn and not derived: under CBC each
    /// content needs its own (NIST SP 800-38A Appendix C).
    #[must_use]
    pub fn with_iv(&self, iv: [u8; 16]) -> Self {
        Self {
            scheme: EncryptionScheme {
                iv: iv.to_vec(),
                ..self.scheme.clone()
            },
            key: self.key.clone(),
            iv: iv.to_vec(),
        }
    }

    /// Encrypts `plain`.
    ///
    /// # Errors
    /// [`PbeError::Unsupported`] for a scheme that gsec only reads.
    pub fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, PbeError> {
        self.scheme.cipher.encrypt(&self.key, &self.iv, plain)
    }
}

/// Reads PBKDF2-params: the derivation, its salt, and the length of the key, when it says it.
pub(super) fn pbkdf2_of(algorithm: &Algorithm) -> Result<(KeyDerivation, Vec<u8>, Option<u32>), PbeError> {
    if algorithm.oid != PBKDF2 {
        return Err(PbeError::Unsupported(format!(
            "the key derivation {}",
            algorithm.oid
        )));
    }
    let parameters: Pbkdf2Parameters = algorithm.parameters()?;
    let prf = match &parameters.prf {
        // The default of RFC 8018 A.2.
        None => Digest::Sha1,
        Some(prf) => {
            prf.expect_no_parameters()?;
            Digest::from_hmac_oid(&prf.oid)
                .ok_or_else(|| PbeError::Unsupported(format!("PBKDF2 with {}", algorithms::name(&prf.oid))))?
        }
    };
    let derivation = KeyDerivation::Pbkdf2 {
        prf,
        iterations: iterations(&parameters.iterations)?,
    };
    Ok((
        derivation,
        parameters.salt.as_bytes().to_vec(),
        parameters.key_length,
    ))
}

/// PBKDF2 as it is written.
pub(super) fn pbkdf2_algorithm(
    prf: Digest,
    salt: &[u8],
    iterations: u32,
    key_length: Option<u32>,
) -> der::Result<Algorithm> {
    let prf = Some(Algorithm {
        oid: prf.hmac_oid(),
        parameters: Some(Any::null()),
    });
    Algorithm::with(
        PBKDF2,
        &Pbkdf2Parameters {
            salt: OctetString::new(salt)?,
            iterations: encoded_iterations(iterations)?,
            key_length,
            prf,
        },
    )
}

fn scrypt_of(algorithm: &Algorithm) -> Result<(KeyDerivation, Vec<u8>, Option<u32>), PbeError> {
    let parameters: ScryptParameters = algorithm.parameters()?;
    let ScryptParameters {
        salt,
        cost,
        block_size,
        parallelization,
        key_length,
    } = parameters;
    let bytes = cost.saturating_mul(128).saturating_mul(block_size.into()).max(
        u64::from(parallelization)
            .saturating_mul(128)
            .saturating_mul(block_size.into()),
    );
    if bytes > MAX_SCRYPT_BYTES {
        return Err(PbeError::TooMuchMemory);
    }
    scrypt_parameters(cost, block_size, parallelization)?;
    Ok((
        KeyDerivation::Scrypt {
            cost,
            block_size,
            parallelization,
        },
        salt.as_bytes().to_vec(),
        key_length,
    ))
}

/// A key of 32 bytes from a password by scrypt (RFC 7914) with `r = 8` and `p = 1`: 2 to the power of `log_n`, at most 20, is its cost, and 1 KiB
/// times that the memory that it takes. `None` for more.
pub fn scrypt_key(password: &[u8], salt: &[u8], log_n: u8) -> Option<zeroize::Zeroizing<[u8; 32]>> {
    let parameters = scrypt::Params::new(Some(log_n).filter(|log_n| (1..=20).contains(log_n))?, 8, 1).ok()?;
    let mut key = zeroize::Zeroizing::new([0; 32]);
    scrypt::scrypt(password, salt, &parameters, key.as_mut_slice()).ok()?;
    Some(key)
}

fn scrypt_parameters(cost: u64, block_size: u32, parallelization: u32) -> Result<scrypt::Params, PbeError> {
    let malformed = || PbeError::Malformed("the parameters of scrypt".into());
    if !cost.is_power_of_two() || cost < 2 {
        return Err(malformed());
    }
    let log_n = u8::try_from(cost.trailing_zeros()).map_err(|_| malformed())?;
    scrypt::Params::new(log_n, block_size, parallelization).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anything(_: &[u8]) -> bool {
        true
    }

    #[test]
    fn what_is_written_is_read_back_under_its_password_only() {
        for scheme in [
            EncryptionScheme::modern(3, &[7; 16], [9; 16]),
            EncryptionScheme::compat(3, &[7; 8]),
        ] {
            let again =
                EncryptionScheme::from_algorithm(&scheme.algorithm_der().expect("encode")).expect("read");
            assert_eq!(again, scheme);
            for password in ["", "secret", "mit Blank ä"] {
                let encrypted = scheme
                    .encrypt(&Password::new(password), b"plain")
                    .expect("encrypt");
                let decrypt = |password| {
                    scheme.decrypt(
                        &Password::new(password),
                        &encrypted,
                        &mut Effort::new(),
                        &|plain| plain == b"plain",
                    )
                };
                assert_eq!(decrypt(password).expect("decrypt").as_slice(), b"plain");
                assert_eq!(decrypt("another").err(), Some(PbeError::WrongPassword));
            }
        }
    }

    #[test]
    fn every_cipher_that_is_read_is_described() {
        let scheme = EncryptionScheme::modern(2048, &[0; 8], [0; 16]);
        assert_eq!(
            scheme.to_string(),
            "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256, 2048 iterations"
        );
        assert_eq!(
            EncryptionScheme::compat(2048, &[0; 8]).to_string(),
            "PKCS #12 PBE: 3DES-CBC, SHA-1, 2048 iterations"
        );
    }

    #[test]
    fn effort_is_counted_for_every_encoding_that_is_tried() {
        let scheme = EncryptionScheme::modern(5_000_000, &[7; 16], [9; 16]);
        let mut effort = Effort::new();
        effort.spend(19_999_999, 1).expect("within the bound");
        assert_eq!(
            scheme
                .decrypt(&Password::new("x"), &[0; 16], &mut effort, &anything)
                .err(),
            Some(PbeError::TooMuchWork)
        );
    }

    #[test]
    fn unknown_algorithms_are_named() {
        let camellia = Algorithm {
            oid: ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.1"),
            parameters: None,
        }
        .to_der()
        .expect("DER");
        assert_eq!(
            EncryptionScheme::from_algorithm(&camellia).err(),
            Some(PbeError::Unsupported("PBES1 with MD2 and DES".into()))
        );
    }
}
