//! What can go wrong on the disk.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use gsec_pki::encoding::visible::system_words;
use gsec_pki::x509::{CertificateError, SerialNumber};

/// What went wrong in a CA directory, or in writing files next to it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no CA in the directory.
    #[error("no CA in `{}`: `{}` is not there", directory.display(), missing.display())]
    NoCa {
        /// Where it was looked for.
        directory: PathBuf,
        /// The first file or folder that is missing.
        missing: PathBuf,
    },
    /// The CA in the directory has no certificate yet.
    #[error("the CA in `{}` waits for its certificate: what it asks for is in `{}`", directory.display(), request.display())]
    Waiting {
        /// The directory.
        directory: PathBuf,
        /// Its request.
        request: PathBuf,
    },
    /// There is a CA already, or something in its place.
    #[error("`{}` exists already", .0.display())]
    CaExists(PathBuf),
    /// The operating system refused.
    #[error("cannot {action} `{}`: {}", path.display(), system_words(source))]
    Io {
        /// What was tried: a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file of this name exists, and nothing is replaced.
    #[error("`{}` already exists, and nothing is ever replaced in its place", .0.display())]
    WouldReplace(PathBuf),
    /// A file was changed by another call after it was read.
    #[error("`{}` was changed by another call at the same time", .0.display())]
    ChangedMeanwhile(PathBuf),
    /// A symbolic link stands where a file of the CA should be.
    #[error("`{}` is a symbolic link, which is not followed", .0.display())]
    SymbolicLink(PathBuf),
    /// Something else than a file stands where a file of the CA should be.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// A folder or file of another user, where a secret was to be written.
    #[error("`{}` belongs to user {owner}: a private key or PFX is not written where another user can take it", path.display())]
    ForeignFolder {
        /// The folder, or the file that was to be replaced.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// A file that has other names besides.
    #[error("`{}` has several names (hard links), and whose the others are nobody can tell", .0.display())]
    SeveralNames(PathBuf),
    /// A change of key that waits to be finished, and was not begun by this CA.
    #[error("`{}` is not a change of key that this CA began: {problem}", path.display())]
    ForeignChangeover {
        /// The folder.
        path: PathBuf,
        /// What shows it.
        problem: String,
    },
    /// The lock file was deleted or replaced while it was locked.
    #[error("`{}` was deleted or replaced while this command held it", .0.display())]
    LockLost(PathBuf),
    /// A folder that belongs to somebody who should not be able to change the CA.
    #[error("`{}` is owned by user {owner}, who could exchange the CA's files", path.display())]
    ForeignOwner {
        /// The folder.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// Another process holds the lock.
    #[error("`{}` is locked by {holder}; waited {seconds} s", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Who holds it, as far as can be told.
        holder: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// `serial.num` does not hold a serial number.
    #[error("`{}` {found}, and a serial number in hexadecimal is wanted", path.display())]
    SerialDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it: a verb and what follows.
        found: String,
        /// A number that no record of `ca.db` has reached.
        proposed: Option<SerialNumber>,
    },
    /// All numbers of 20 octets are used.
    #[error("there is no serial number after that in `{}`", .0.display())]
    SerialsExhausted(PathBuf),
    /// Another program used the serial number that was reserved.
    #[error("serial {serial} was issued by another program at the same time: `{}` exists", path.display())]
    SerialTaken {
        /// The serial number.
        serial: SerialNumber,
        /// The file that shows it.
        path: PathBuf,
    },
    /// `ca.db` cannot be appended to as it stands.
    #[error("`{}` is damaged: {problem}", path.display())]
    IndexDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A line of `ca.db` says that a certificate is revoked, and not which: a CRL without it would make the certificate valid again.
    #[error("line {line} of `{}` revokes a certificate, and nobody can tell which: {problem}", path.display())]
    RevocationUnreadable {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// `unique_subject = yes`, and the subject has a valid certificate.
    #[error("`{subject}` has a valid certificate already, serial {serial}, and this CA allows one for each subject (`unique_subject = yes` in `{}`)", attributes.display())]
    SubjectTaken {
        /// The subject, in OpenSSL's one-line form.
        subject: String,
        /// The serial number of the certificate that it has.
        serial: String,
        /// The file that says so.
        attributes: PathBuf,
    },
    /// Others could change what the CA's safety rests on.
    #[error("`{}` can be written by {by} (mode {mode:04o})", path.display())]
    Writable {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// Who can write.
        by: &'static str,
    },
    /// A certificate of the CA does not read.
    #[error("`{}`: {source}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: CertificateError,
    },
    /// A file is larger than anything of its kind.
    #[error("`{}` is larger than {bound} octets, the most that is read of a file of its kind", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound.
        bound: u64,
    },
}

impl StoreError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCa { .. } => "store.no_ca",
            Self::Waiting { .. } => "store.waiting",
            Self::CaExists(_) => "store.ca_exists",
            Self::Io { .. } => "store.io",
            Self::WouldReplace(_) => "store.would_replace",
            Self::ChangedMeanwhile(_) => "store.changed_meanwhile",
            Self::SymbolicLink(_) => "store.symbolic_link",
            Self::NotAFile(_) => "store.not_a_file",
            Self::ForeignFolder { .. } => "store.foreign_folder",
            Self::SeveralNames(_) => "store.several_names",
            Self::ForeignChangeover { .. } => "store.foreign_changeover",
            Self::LockLost(_) => "store.lock_lost",
            Self::ForeignOwner { .. } => "store.foreign_owner",
            Self::Locked { .. } => "store.locked",
            Self::SerialDamaged { .. } => "store.serial_damaged",
            Self::SerialsExhausted(_) => "store.serials_exhausted",
            Self::SerialTaken { .. } => "store.serial_taken",
            Self::IndexDamaged { .. } => "store.index_damaged",
            Self::RevocationUnreadable { .. } => "store.revocation_unreadable",
            Self::SubjectTaken { .. } => "store.subject_taken",
            Self::Writable { .. } => "store.writable_by_others",
            Self::Certificate { source, .. } => source.code(),
            Self::TooLarge { .. } => "store.too_large",
        }
    }

    /// The same error of the disk again, for each of several things that failed by it.
    pub fn again(&self, path: &Path) -> Self {
        match self {
            Self::Io { action, path, source } => Self::Io { action, path: path.clone(), source: io::Error::new(source.kind(), source.to_string()) },
            Self::ChangedMeanwhile(path) => Self::ChangedMeanwhile(path.clone()),
            other => Self::Io { action: "write", path: path.to_owned(), source: io::Error::other(other.to_string()) },
        }
    }

    /// For `map_err`: joins what was tried and where with what the operating system says.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            // ELOOP is what O_NOFOLLOW answers on a symbolic link; std has no stable ErrorKind for it.
            if source.to_string().contains("symbolic links") {
                return Self::SymbolicLink(path.to_owned());
            }
            Self::Io { action, path: path.to_owned(), source }
        }
    }
}
