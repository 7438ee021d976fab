//! What can be wrong with a key.

use thiserror::Error;

use crate::encoding::sniff::ForeignFile;
use crate::pbe::PbeError;

/// Forms of private keys that gsec does not read, because common tools convert them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignKey {
    /// `BEGIN OPENSSH PRIVATE KEY`.
    OpenSsh,
    /// `BEGIN DSA PRIVATE KEY`.
    Dsa,
    /// A curve by its numbers that are not those of a NIST curve.
    ExplicitCurve,
    /// No key file, or one of another program.
    File(ForeignFile),
}

impl ForeignKey {
    /// What it is, for a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsh => "a private key in OpenSSH format",
            Self::Dsa => "a DSA private key in OpenSSL's old format",
            Self::ExplicitCurve => "an EC key with explicit curve parameters that match no NIST curve",
            Self::File(file) => file.name(),
        }
    }
}

/// What is wrong with a key, a key file or a signature operation.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file holds no private key.
    #[error("it contains no private key: {found}")]
    NoKey {
        /// What was found in its place.
        found: String,
    },
    /// The file holds several private keys.
    #[error("it contains {count} private keys, expected one")]
    SeveralKeys {
        /// How many.
        count: usize,
    },
    /// The key is encrypted and no password was given.
    #[error("the private key is encrypted")]
    Encrypted,
    /// Decryption failed; a wrong password and damage look alike.
    #[error("wrong password, or the file is damaged")]
    WrongPassword,
    /// The way it is encrypted is one that gsec does not read.
    #[error("the private key is encrypted as {scheme}, which gsec does not support")]
    EncryptionUnsupported {
        /// The encryption scheme, by name or object identifier.
        scheme: String,
    },
    /// Encrypting failed.
    #[error("cannot encrypt the private key: {0}")]
    Encryption(String),
    /// Its encryption asks for too much, or has damaged parameters.
    #[error(transparent)]
    Protection(PbeError),
    /// A form of private key that another program converts.
    #[error("it is {}, which gsec cannot read", .0.name())]
    Foreign(ForeignKey),
    /// The key's algorithm is one that gsec does not use.
    #[error("the private key is {found}, which gsec does not support")]
    AlgorithmUnsupported {
        /// The algorithm, by name or object identifier.
        found: String,
    },
    /// The bytes are not a key of the kind they claim to be.
    #[error("the private key is damaged: {0}")]
    Damaged(String),
    /// The bytes are no public key.
    #[error("the public key is damaged: {0}")]
    PublicDamaged(String),
    /// PEM that does not decode.
    #[error(transparent)]
    Pem(#[from] crate::encoding::pem::PemError),
    /// Key generation failed in the cryptographic library.
    #[error("cannot generate a key: the cryptographic library refused")]
    Generation,
    /// The key does not sign: why, as the cryptographic library or the token that has the key says it.
    #[error("cannot sign: {0}")]
    Signing(String),
    /// Whoever has the key has decided not to sign.
    #[error("the signer refused: {reason}")]
    Refused {
        /// The name for scripts of the rule, as [`KeyError::code`] would give it here.
        code: String,
        /// The reason, without a full stop.
        reason: String,
    },
    /// Whoever has the key has signed as many certificates of a profile in an hour as its policy allows. Nothing was signed.
    #[error(
        "`max_per_hour` of profile `{profile}` allows at most {most} certificates an hour, and the signer signs the next one in {again_in} s"
    )]
    TooMany {
        /// The profile.
        profile: String,
        /// So many in an hour.
        most: u32,
        /// So many it would sign now.
        left: u32,
        /// In so many seconds it signs more.
        again_in: u32,
    },
    /// PKCS #1 and SEC 1 exist for RSA and for NIST curves only.
    #[error("{algorithm} keys can only be written as PKCS #8")]
    NoTraditionalForm {
        /// The key's algorithm.
        algorithm: String,
    },
}

impl KeyError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoKey { .. } => "key.none",
            Self::SeveralKeys { .. } => "key.several",
            Self::Encrypted => "key.encrypted",
            Self::WrongPassword => "key.wrong_password",
            Self::EncryptionUnsupported { .. } => "key.encryption_unsupported",
            Self::Encryption(_) => "key.encryption",
            Self::Protection(error) => error.code(),
            Self::Foreign(_) => "key.foreign",
            Self::AlgorithmUnsupported { .. } => "key.algorithm_unsupported",
            Self::Damaged(_) | Self::PublicDamaged(_) | Self::Pem(_) => "key.damaged",
            Self::Generation => "key.generation",
            Self::Signing(_) => "key.signing",
            Self::Refused { .. } => "key.refused",
            Self::TooMany { .. } => "policy.max_per_hour",
            Self::NoTraditionalForm { .. } => "key.no_traditional_form",
        }
    }
}

impl From<PbeError> for KeyError {
    fn from(error: PbeError) -> Self {
        match error {
            PbeError::WrongPassword => Self::WrongPassword,
            PbeError::Unsupported(scheme) => Self::EncryptionUnsupported { scheme },
            other => Self::Protection(other),
        }
    }
}
