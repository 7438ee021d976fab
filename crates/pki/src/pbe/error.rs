//! What can be wrong with something under a password.

use thiserror::Error;

use super::{MAX_ITERATIONS, MAX_ITERATIONS_IN_ALL, MAX_SCRYPT_BYTES};

/// Why something under a password cannot be opened.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PbeError {
    /// Decryption gave nothing sensible; a wrong password and damage look alike.
    #[error("wrong password, or the file is damaged")]
    WrongPassword,
    /// An algorithm that gsec does not read.
    #[error("it is protected with {0}, which gsec does not support")]
    Unsupported(String),
    /// One key derivation asks for more than [`MAX_ITERATIONS`].
    #[error("it requires {found} iterations of key derivation, and gsec does at most {MAX_ITERATIONS}")]
    TooManyIterations {
        /// What it asks for; saturated.
        found: u64,
    },
    /// All key derivations of a file together ask for more than [`MAX_ITERATIONS_IN_ALL`].
    #[error(
        "its parts together require more than {MAX_ITERATIONS_IN_ALL} iterations of key derivation, the most \
         that gsec does for one file"
    )]
    TooMuchWork,
    /// scrypt with more memory than [`MAX_SCRYPT_BYTES`].
    #[error("its key derivation (scrypt) requires more than {} MiB of memory, the most that gsec uses", MAX_SCRYPT_BYTES >> 20)]
    TooMuchMemory,
    /// Parameters that cannot be.
    #[error("its encryption parameters are damaged: {0}")]
    Malformed(String),
}

impl PbeError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongPassword => "password.wrong",
            Self::Unsupported(_) => "password.unsupported",
            Self::TooManyIterations { .. } | Self::TooMuchWork | Self::TooMuchMemory => {
                "password.too_much_work"
            }
            Self::Malformed(_) => "password.damaged",
        }
    }
}

impl From<der::Error> for PbeError {
    fn from(error: der::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}
