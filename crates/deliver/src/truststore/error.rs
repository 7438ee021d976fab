//! What can go wrong with trust stores.

use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;

use gsec_ca::files::FilesError;
use gsec_env::ProgramError;
use gsec_pki::x509::{CertificateError, rfc3339};

/// Why a CA is not put into a trust store, not taken out, or not looked for.
#[derive(Debug, Error)]
pub enum TrustError {
    /// The certificate is not a CA's.
    #[error("the certificate of `{subject}` is not a CA certificate: {reason}")]
    NotCa {
        /// Its subject.
        subject: String,
        /// What it lacks.
        reason: &'static str,
    },
    /// It is not valid any more.
    #[error("the certificate of `{subject}` expired at {}", rfc3339(*not_after))]
    Expired {
        /// Its subject.
        subject: String,
        /// When.
        not_after: OffsetDateTime,
    },
    /// It is not valid yet.
    #[error("the certificate of `{subject}` is not valid before {}", rfc3339(*not_before))]
    NotYetValid {
        /// Its subject.
        subject: String,
        /// When it is.
        not_before: OffsetDateTime,
    },
    /// The file has a private key in it, which does not belong on the machines that trust a CA.
    #[error("the file contains a private key")]
    PrivateKey,
    /// The file has several certificates: which one is meant, nobody said.
    #[error("the file contains {0} certificates, and a trust store takes one CA at a time")]
    Several(usize),
    /// The file has none.
    #[error("the file contains no certificate")]
    NoCertificate,
    /// A program wants the certificate, and only its SHA-256 was given.
    #[error("the certificate itself is needed here, and only its SHA-256 was given")]
    OnlyDigest,
    /// What is in the file is not a certificate.
    #[error("cannot read the certificate: {0}")]
    Unreadable(#[from] CertificateError),
    /// No trust store of a kind that gsec knows.
    #[error("no trust store of the system was found below `{}`", root.display())]
    NoSystemStore {
        /// Where it was looked for.
        root: PathBuf,
    },
    /// No database of a browser.
    #[error("no NSS database of a browser of this user was found")]
    NoDatabase,
    /// What was named is not a store.
    #[error("`{}` is not {what}", path.display())]
    NotAStore {
        /// What was named.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
    },
    /// The store of Java that the system's tools write.
    #[error("`{}` is written by the tools of the system's trust store", .0.display())]
    OfTheSystem(PathBuf),
    /// The program that changes a store is not installed.
    #[error("`{program}` is not installed, and only it can read and change `{}`", store.display())]
    NoProgram {
        /// Its name.
        program: &'static str,
        /// The store.
        store: PathBuf,
    },
    /// Only root may change the store of the system.
    #[error("only root can change `{}`", .0.display())]
    NeedsRoot(PathBuf),
    /// A link on the way to something below another root directory could lead out of it.
    #[error("`{}` is a symbolic link, which could lead out of the directory", .0.display())]
    Link(PathBuf),
    /// Another user can write what the system trusts.
    #[error("another user can change what this store trusts: {0}")]
    Exposed(#[source] FilesError),
    /// Something in the way of a tool that works on a directory that is not `/`.
    #[error("`{}` {why}, so no tool of this machine is run there", path.display())]
    NotPlain {
        /// What.
        path: PathBuf,
        /// Why not.
        why: &'static str,
    },
    /// A program failed.
    #[error("`{program}` failed on `{}`{}", store.display(), said(words.as_deref()))]
    Failed {
        /// The program.
        program: String,
        /// The store.
        store: PathBuf,
        /// What it said last.
        words: Option<String>,
    },
    /// A store has a password, and it was not given or is another one.
    #[error("`{}` has a password, and the right one was not given", .0.display())]
    Password(PathBuf),
    /// The store says that the CA is not to be trusted: its administrator, or its user, said so.
    #[error("`{}` says that this CA is not to be trusted: {by}", store.display())]
    Distrusted {
        /// The store.
        store: PathBuf,
        /// What says so.
        by: String,
    },
    /// A program was run and the store still does not trust the CA.
    #[error("`{}` does not contain the CA after `{program}`", output.display())]
    NotEffective {
        /// What programs read.
        output: PathBuf,
        /// What was run.
        program: String,
    },
    /// A program was run and the store still trusts the CA.
    #[error("`{}` still contains the CA", output.display())]
    StillTrusted {
        /// What programs read.
        output: PathBuf,
    },
    /// The file by which a CA would be put in has a name that something else has.
    #[error("`{}` {why}, so this CA cannot be put there", path.display())]
    Occupied {
        /// Its path.
        path: PathBuf,
        /// What is there.
        why: &'static str,
    },
    /// Something failed, and what it had changed could not all be put back.
    #[error("{error}; not put back as it was before: {}", left.join(", "))]
    NotPutBack {
        /// What failed.
        error: Box<TrustError>,
        /// What is not as it was, with the reason.
        left: Vec<String>,
    },
    /// Another call works on the same stores.
    #[error("another `gsec trust` is changing trust stores at the moment")]
    Busy,
    /// A program could not be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A file could not be read or written.
    #[error(transparent)]
    Files(#[from] FilesError),
}

fn said(words: Option<&str>) -> String {
    words.map_or_else(String::new, |words| format!(": {words}"))
}

impl TrustError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCa { .. } => "trust-not-ca",
            Self::Expired { .. } => "trust-expired",
            Self::NotYetValid { .. } => "trust-not-yet-valid",
            Self::PrivateKey => "trust-private-key",
            Self::Several(_) => "trust-several-certificates",
            Self::NoCertificate | Self::OnlyDigest => "trust-no-certificate",
            Self::Unreadable(error) => error.code(),
            Self::NoSystemStore { .. } | Self::NoDatabase => "trust-no-store",
            Self::NotAStore { .. } => "trust-not-a-store",
            Self::OfTheSystem(_) => "trust-of-the-system",
            Self::NoProgram { .. } => "trust-no-program",
            Self::NeedsRoot(_) => "trust-needs-root",
            Self::Link(_) => "trust-link",
            Self::Exposed(_) => "trust-exposed",
            Self::NotPlain { .. } => "trust-not-plain",
            Self::Failed { .. } | Self::Program(_) => "trust-program-failed",
            Self::Password(_) => "trust-password",
            Self::Distrusted { .. } => "trust-distrusted",
            Self::NotEffective { .. } => "trust-not-effective",
            Self::StillTrusted { .. } => "trust-still-trusted",
            Self::Occupied { .. } => "trust-occupied",
            Self::NotPutBack { .. } => "trust-not-put-back",
            Self::Busy => "trust-busy",
            Self::Files(error) => error.code(),
        }
    }
}
