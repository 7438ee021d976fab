//! What can go wrong on the disk.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::files::FilesError;
use gsec_pki::key::KeyError;
use gsec_pki::x509::{CertificateError, SerialNumber};

/// What kind of failure it is: what a caller decides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// A serial number, a subject or a file has been taken by another call.
    Taken,
    /// Another call holds what is needed, and did not let go in time.
    Busy,
    /// The records are damaged, and going on could lose something.
    Damaged,
    /// Something that was decided on has changed meanwhile.
    Changed,
    /// The records cannot be reached: disk, network, permissions, a key that does not sign.
    Unavailable,
    /// A function of the caller failed; the error is its own.
    Caller,
}

/// What went wrong in a CA directory.
#[derive(Debug, Error)]
pub enum StoreError {
    /// What [`files`](crate::files) says.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// There is no CA in the directory.
    #[error("no CA in `{}`: `{}` does not exist", directory.display(), missing.display())]
    NoCa {
        /// Where it was looked for.
        directory: PathBuf,
        /// The first file or folder that is missing.
        missing: PathBuf,
    },
    /// The CA in the directory has lost its certificate.
    #[error("`{}` has the key or the records of a CA, but `{}` is missing", directory.display(), missing.display())]
    CertificateLost {
        /// The CA directory.
        directory: PathBuf,
        /// The file that is missing.
        missing: PathBuf,
    },
    /// The CA in the directory has no certificate yet.
    #[error("the CA in `{}` is waiting for its certificate: its CSR is in `{}`", directory.display(), request.display())]
    Waiting {
        /// The directory.
        directory: PathBuf,
        /// Its request.
        request: PathBuf,
    },
    /// There is a CA already, or something in its place.
    #[error("`{}` exists already", .0.display())]
    CaExists(PathBuf),
    /// A change of key that waits to be finished, and was not begun by this CA.
    #[error("`{}` is not a key change that this CA started: {problem}", path.display())]
    ForeignChangeover {
        /// The folder.
        path: PathBuf,
        /// What shows it.
        problem: String,
    },
    /// A change of the passphrase that waits to be finished: what it brings is encrypted, and did not open with the passphrase at hand, if
    /// there was one, so that nothing shows yet that it is the CA's.
    #[error("`{}` contains an encrypted key, as an interrupted change of the passphrase leaves it: it was not opened, so nothing shows that it is the CA's", .0.display())]
    SealedChangeover(PathBuf),
    /// The index is not of bytes as OpenSSL writes them.
    #[error("`{}` is written in {encoding}: no record in it can be read", path.display())]
    IndexEncoding {
        /// The index.
        path: PathBuf,
        /// Its encoding, as `iconv` names it.
        encoding: &'static str,
    },
    /// The lock file was deleted or replaced while it was locked.
    #[error("`{}` was deleted or replaced while this command used it", .0.display())]
    LockLost(PathBuf),
    /// Another process holds the lock.
    #[error("`{}` is locked by {holder}; waited {seconds} s", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// The process that holds it, as far as is known.
        holder: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// `serial.num` does not hold a serial number.
    #[error("`{}` {found}, expected a hexadecimal number", path.display())]
    SerialDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it: a verb and what follows.
        found: String,
        /// A number that no record of `ca.db` has reached.
        proposed: Option<SerialNumber>,
    },
    /// All numbers of 20 bytes are used.
    #[error("no number follows the one in `{}`, or the largest one issued: RFC 5280 permits 20 bytes", .0.display())]
    SerialsExhausted(PathBuf),
    /// Another program used the serial number that was reserved.
    #[error("serial {serial} was issued by another program at the same time: `{}` exists", path.display())]
    SerialTaken {
        /// The serial number.
        serial: SerialNumber,
        /// The file that shows it.
        path: PathBuf,
    },
    /// `ca.db` cannot be appended to in its present state.
    #[error("`{}` is damaged: {problem}", path.display())]
    IndexDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A line of `ca.db` says that a certificate is revoked, or may say so, and not which: a CRL without it would make the certificate
    /// valid again.
    #[error("line {line} of `{}` revokes a certificate or may revoke one, but it is unknown which one: \
         {problem}", path.display())]
    RevocationUnreadable {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// `unique_subject = yes`, and the subject has a valid certificate.
    #[error("`{subject}` already has a valid certificate, serial {serial}, and this CA allows one per \
         subject (`unique_subject = yes` in `{}`)", attributes.display())]
    SubjectTaken {
        /// The subject, in OpenSSL's one-line form.
        subject: String,
        /// The serial number of its certificate.
        serial: String,
        /// The file that says so.
        attributes: PathBuf,
    },
    /// A host whose name is too long for the names of its files.
    #[error("`{0}` is too long for a file name")]
    HostName(String),
    /// The CA key did not sign a line of the audit log.
    #[error("cannot sign a line of `{}`", path.display())]
    NotSigned {
        /// The log.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// A certificate of the CA does not read.
    #[error("`{}`: {source}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: CertificateError,
    },
}

impl StoreError {
    /// What kind of failure it is, for callers that need not know where the records are kept.
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::Files(FilesError::WouldReplace(_))
            | Self::SerialTaken { .. }
            | Self::SubjectTaken { .. }
            | Self::CaExists(_) => FaultKind::Taken,
            Self::Files(FilesError::ChangedMeanwhile(_)) | Self::LockLost(_) => FaultKind::Changed,
            Self::Locked { .. } => FaultKind::Busy,
            Self::SerialDamaged { .. }
            | Self::SerialsExhausted(_)
            | Self::IndexDamaged { .. }
            | Self::IndexEncoding { .. }
            | Self::RevocationUnreadable { .. } => FaultKind::Damaged,
            _ => FaultKind::Unavailable,
        }
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Files(error) => error.code(),
            Self::NoCa { .. } => "store.no_ca",
            Self::CertificateLost { .. } => "store.certificate_lost",
            Self::Waiting { .. } => "store.waiting",
            Self::CaExists(_) => "store.ca_exists",
            Self::ForeignChangeover { .. } => "store.foreign_changeover",
            Self::SealedChangeover(_) => "store.sealed_changeover",
            Self::LockLost(_) => "store.lock_lost",
            Self::Locked { .. } => "store.locked",
            Self::SerialDamaged { .. } => "store.serial_damaged",
            Self::SerialsExhausted(_) => "store.serials_exhausted",
            Self::SerialTaken { .. } => "store.serial_taken",
            Self::IndexDamaged { .. } | Self::IndexEncoding { .. } => "store.index_damaged",
            Self::RevocationUnreadable { .. } => "store.revocation_unreadable",
            Self::SubjectTaken { .. } => "store.subject_taken",
            Self::HostName(_) => "x509.name",
            Self::NotSigned { source, .. } => source.code(),
            Self::Certificate { source, .. } => source.code(),
        }
    }

    /// The same error of the disk again, for each of several things that failed by it.
    pub fn again(&self, path: &Path) -> Self {
        match self {
            Self::Files(error) => Self::Files(error.again(path)),
            other => Self::Files(FilesError::Io {
                action: "write",
                path: path.to_owned(),
                source: io::Error::other(other.to_string()),
            }),
        }
    }

    /// As [`FilesError::io`].
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let join = FilesError::io(action, path);
        move |source| Self::Files(join(source))
    }
}
