//! What can be wrong with a file's contents.

use std::fmt;

use thiserror::Error;

use crate::encoding::pem::PemError;
use crate::encoding::sniff::ForeignFile;
use crate::key::KeyError;
use crate::pkcs12::PfxReadError;
use crate::x509::CertificateError;

/// A position in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the PEM block that starts at this line, counted from 1.
    Line(usize),
    /// It is the whole file.
    Whole,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(out, "PEM block at line {line}: "),
            Self::Whole => Ok(()),
        }
    }
}

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub enum BundleError {
    /// PEM that does not decode.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A private key in it.
    #[error("{place}{source}")]
    Key {
        /// Where.
        place: Place,
        /// What is wrong.
        source: KeyError,
    },
    /// A certificate, request or CRL in it.
    #[error("{place}{source}")]
    Certificate {
        /// Where.
        place: Place,
        /// What is wrong.
        source: CertificateError,
    },
    /// A PKCS #12 file, or more in any file than is read of one.
    #[error(transparent)]
    Pfx(#[from] PfxReadError),
    /// A file of another format, which another program converts.
    #[error("it is {}, which gsec cannot read", .0.name())]
    Foreign(ForeignFile),
    /// The parts, each with its chain, would be larger together than all input that is read.
    #[error("the issuers of its {entries} entries would take more than {} MiB, each in a separate file", super::pem_output::MAX_PARTS_BYTES >> 20)]
    TooLarge {
        /// How many entries.
        entries: usize,
    },
    /// Nothing that gsec knows.
    #[error("it is {0}")]
    Unknown(&'static str),
}

impl BundleError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pem(_) => "pem.damaged",
            Self::Key { source, .. } => source.code(),
            Self::Certificate { source, .. } => source.code(),
            Self::Pfx(error) => error.code(),
            Self::TooLarge { .. } => "convert.too_large",
            Self::Foreign(_) => "input.foreign",
            Self::Unknown(_) => "input.unknown",
        }
    }

    /// Whether a password, or another one, might help.
    pub fn wants_password(&self) -> bool {
        match self {
            Self::Key {
                source: KeyError::Encrypted | KeyError::WrongPassword,
                ..
            } => true,
            Self::Pfx(error) => error.is_wrong_password(),
            _ => false,
        }
    }
}
