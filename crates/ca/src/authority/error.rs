//! Why the CA could not do it.

use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;

use crate::authority::{
    AcceptError, Deviation, LaterThanNow, OutNames, RenewalError, RequestError, SubordinateError,
};
use crate::files::FilesError;
use crate::home::{FaultKind, KeySourceError, StoreError};
use crate::policy::{PolicyError, Refusal};
use crate::records::RecordsError;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::key::{KeyError, PublicKey};
use gsec_pki::pkcs12::Pkcs12Error;
use gsec_pki::x509::{
    CertificateError, CertreqInfError, CrlShard, IssueError, NameError, SerialNumber, rfc3339,
};

/// Why a CA could not be opened, or would not issue.
#[derive(Debug, Error)]
pub enum AuthorityError {
    /// The disk, or what is on it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What a process that has no key announced: a part of it cannot be certified.
    #[error("the intent cannot be certified as announced: {0}")]
    Intent(String),
    /// The records, or where they are kept.
    #[error(transparent)]
    Records(RecordsError),
    /// A certificate file that does not read.
    #[error("cannot use `{}`", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: CertificateError,
    },
    /// A key file that does not read.
    #[error("cannot use `{}`", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: KeyError,
    },
    /// The CA's key is of a kind that the cryptographic library does not sign with: RSA below 2048 bits, most likely.
    #[error("`{}` cannot be used to sign here, so this CA directory is read-only for gsec", path.display())]
    KeyUnusable {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        source: KeyError,
    },
    /// Key and certificate are not a pair.
    #[error("private key `{}` does not belong to certificate `{}`", key_path.display(), certificate_path.display())]
    KeyMismatch {
        /// The key file.
        key_path: PathBuf,
        /// The certificate file.
        certificate_path: PathBuf,
        /// SHA-256 of the key's SubjectPublicKeyInfo.
        key_pin: String,
        /// SHA-256 of the certificate's SubjectPublicKeyInfo.
        certificate_pin: String,
    },
    /// `gsec.toml` does not read.
    #[error("cannot use `{}`", path.display())]
    PolicyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: PolicyError,
    },
    /// `gsec.toml` is missing in a CA that had one.
    #[error("`{}` is missing, but this CA had one (`{sign}` shows it): nothing is issued without its rules", path.display())]
    PolicyMissing {
        /// The file.
        path: PathBuf,
        /// What shows that it was there.
        sign: &'static str,
    },
    /// A profile that is not there.
    #[error(transparent)]
    Profile(PolicyError),
    /// The key is not the one that policy has decided about.
    #[error("the key is not the one that was to be certified; nothing was signed")]
    OtherKey,
    /// The policy refuses.
    #[error("{}", if source.is_setting() { format!("refused by `{}`", path.display()) } else { "this certificate must not be issued".into() })]
    Refused {
        /// The file whose rule it is.
        path: PathBuf,
        /// The rule.
        source: Box<Refusal>,
    },
    /// A request is not certified.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Windows' `certreq` cannot request it.
    #[error("no certreq file can be written")]
    CertreqInf(#[from] CertreqInfError),
    /// The CA certificate is not in date.
    #[error("the CA certificate is not valid now: it is valid from {} to {}", rfc3339(*not_before), rfc3339(*not_after))]
    NotInDate {
        /// Start.
        not_before: OffsetDateTime,
        /// End.
        not_after: OffsetDateTime,
    },
    /// The certificate says that it is no CA.
    #[error("`{}` is not a CA certificate: {problem}", path.display())]
    NotAnAuthority {
        /// The file.
        path: PathBuf,
        /// What it lacks.
        problem: &'static str,
    },
    /// A part of the CRL that is neither published nor one of those that `gsec.toml` asks for.
    #[error("no certificate names part {0} of the CRL")]
    UnknownShard(CrlShard),
    /// The keyUsage of the CA certificate has no cRLSign.
    #[error("the keyUsage of `{}` does not have cRLSign, so no client would accept a CRL of this CA", path.display())]
    CannotSignCrls {
        /// The file.
        path: PathBuf,
        /// Whether the CA can issue a new certificate to itself.
        is_root: bool,
    },
    /// The CA is certified by another, and only that one can do what was requested.
    #[error("`{}` was issued by `{issuer}`, and only a root CA can do this on its own", path.display())]
    NotARoot {
        /// The file.
        path: PathBuf,
        /// The CA that issued it.
        issuer: String,
    },
    /// Valid certificates name the CA certificate by its serial number.
    #[error("{} by its serial number {serial}, and would not verify with one that has another number: {}{}", counted(bound.count), bound.named().join(", "), if bound.unnamed() > 0 { ", …" } else { "" })]
    BoundToSerial {
        /// The CA certificate's serial number.
        serial: SerialNumber,
        /// The certificates.
        bound: Sample<String>,
    },
    /// A certificate cannot be issued as requested.
    #[error("cannot issue the certificate: {0}")]
    Issue(#[from] IssueError),
    /// A certificate is not this CA's.
    #[error(transparent)]
    Accept(#[from] AcceptError),
    /// No such CA can be below this one.
    #[error(transparent)]
    Subordinate(#[from] SubordinateError),
    /// Something that only key files have was requested for another key.
    #[error("the CA key is not in a file, so it has no gsec passphrase")]
    KeyNotInFile,
    /// A key operation failed.
    #[error(transparent)]
    KeyOperation(#[from] KeyError),
    /// A PFX cannot be written as requested.
    #[error(transparent)]
    Pkcs12(#[from] Pkcs12Error),
    /// A name cannot be used.
    #[error("`{text}`: {source}")]
    Name {
        /// The name.
        text: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// Something in the CA directory was made later than this machine says it is now.
    #[error("this machine's clock says {}, but {later}: {consequence}", rfc3339(*now))]
    ClockBehind {
        /// What the clock says.
        now: OffsetDateTime,
        /// What is later.
        later: LaterThanNow,
        /// What would come of going on.
        consequence: &'static str,
    },
    /// What was revoked may be unknown, and a CRL made now would make it valid again.
    #[error(
        "{problem}, and no later CRL is here: a CRL from now could leave out what was revoked, and clients would accept it again"
    )]
    RevocationsUnknown {
        /// The directory with the audit log and the CRL.
        conf: PathBuf,
        /// What shows that.
        problem: String,
    },
    /// The key of a CA below this one was revoked.
    #[error("the CA's certificate, serial {serial}, was revoked as {reason}: its key is not certified again")]
    CompromisedAuthority {
        /// The certificate that was revoked.
        serial: SerialNumber,
        /// Why.
        reason: String,
    },
    /// A certificate of the key was revoked because another party has, or may have, the key.
    #[error(
        "the key is compromised: serial {serial} has it and was revoked ({reason}), and no certificate is issued for it again"
    )]
    KeyCompromised {
        /// The certificate that was revoked.
        serial: SerialNumber,
        /// The reason, as the index has it.
        reason: String,
    },
    /// A hold was to be taken back, and the revocation is none.
    #[error(
        "serial {serial} was permanently revoked ({reason}){}: only a hold can be released",
        if *is_recorded { "" } else { ", according to the CRL or the audit log, but ca.db has lost it" }
    )]
    RevokedForGood {
        /// The CA directory.
        ca_dir: PathBuf,
        /// The certificate.
        serial: SerialNumber,
        /// The reason.
        reason: String,
        /// Whether `ca.db` says so; otherwise a CRL or the audit log does.
        is_recorded: bool,
    },
    /// The record is of the CA's own certificate.
    #[error(
        "serial {serial} is the CA's own certificate, `{subject}`: a CA cannot revoke itself, because no \
         client that trusts it would believe its CRL about it"
    )]
    OwnCertificate {
        /// The serial number.
        serial: SerialNumber,
        /// The CA.
        subject: String,
        /// Whether it is the present one, and not one that the CA had before.
        is_present: bool,
    },
    /// A certificate is not renewed.
    #[error(transparent)]
    Renewal(#[from] RenewalError),
    /// What is there is in the way.
    #[error(transparent)]
    Deviates(Deviation),
    /// A file of another host has the name that one of this host would get.
    #[error("`{}` belongs to `{other}`, and a file of `{host}` would replace it", path.display())]
    NameTaken {
        /// The name.
        path: PathBuf,
        /// Whose it is.
        other: String,
        /// For whom it was wanted.
        host: String,
        /// How the names are made.
        names: OutNames,
    },
    /// Two hosts of one list would get files of the same names.
    #[error("`{first}` and `{second}` would both be written to `{}`", path.display())]
    SameNames {
        /// One of the names.
        path: PathBuf,
        /// The host that comes first.
        first: String,
        /// The other one.
        second: String,
        /// How the names are made.
        names: OutNames,
    },
    /// A single file has the name of one in the directory for output.
    #[error("`{}` is also the name of what is written to `{}`", path.display(), folder.display())]
    SameFile {
        /// The single file.
        path: PathBuf,
        /// The directory.
        folder: PathBuf,
    },
    /// Something that is not an earlier file of this host is where a file was to be written.
    #[error("`{}` exists and is not {expected}, so it is not replaced", path.display())]
    NotReplaced {
        /// Where.
        path: PathBuf,
        /// What would be replaced.
        expected: String,
    },
    /// The certificate is recorded, and then writing failed.
    #[error("serial {serial} is recorded, but not all of its files are written")]
    AfterRecord {
        /// The serial number.
        serial: SerialNumber,
        /// What failed.
        source: Box<AuthorityError>,
    },
}

/// That there are too many certificates of a profile in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourlyLimit<'a> {
    /// The profile.
    pub profile: &'a str,
    /// So many in an hour.
    pub most: u32,
    /// So many would be signed now.
    pub left: u32,
    /// In so many seconds there are more.
    pub again_in: u32,
}

impl AuthorityError {
    /// The name, for scripts, of the reason for which another process that has the key did not sign; `None` for everything else.
    pub fn refused_as(&self) -> Option<&str> {
        match self {
            Self::KeyOperation(KeyError::Refused { code, .. }) => Some(code),
            Self::KeyOperation(error @ KeyError::TooMany { .. }) => Some(error.code()),
            Self::AfterRecord { source, .. } => source.refused_as(),
            _ => None,
        }
    }

    /// Of which profile another process that has the key has signed as many certificates as it does in an hour; `None` for everything else.
    pub fn too_many(&self) -> Option<HourlyLimit<'_>> {
        match self {
            Self::KeyOperation(KeyError::TooMany {
                profile,
                most,
                left,
                again_in,
            }) => Some(HourlyLimit {
                profile,
                most: *most,
                left: *left,
                again_in: *again_in,
            }),
            Self::AfterRecord { source, .. } => source.too_many(),
            _ => None,
        }
    }

    /// Key and certificate are not a pair.
    pub(super) fn mismatch(
        key_path: PathBuf,
        key: &PublicKey,
        certificate_path: PathBuf,
        certified: &PublicKey,
    ) -> Self {
        let pin = |key: &PublicKey| encode(&key.pin(), Separator::None);
        Self::KeyMismatch {
            key_path,
            certificate_path,
            key_pin: pin(key),
            certificate_pin: pin(certified),
        }
    }

    /// What went wrong in the CA directory, if it went wrong there: in the home, or in the file form of the records.
    pub fn in_directory(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Records(error) => error.cause(),
            _ => None,
        }
    }

    /// Takes out what went wrong in the CA directory, if it went wrong there.
    ///
    /// # Errors
    /// The error itself, when it is another.
    pub fn into_directory(self) -> Result<StoreError, Self> {
        match self {
            Self::Store(error) => Ok(error),
            Self::Records(error) => error.into_cause().map(|error| *error).map_err(Self::Records),
            other => Err(other),
        }
    }

    /// Whether what was decided on was changed by another call meanwhile.
    pub fn is_changed_meanwhile(&self) -> bool {
        self.fault() == Some(FaultKind::Changed)
    }

    /// What kind of failure of home or records it is; `None` for any other.
    pub(super) fn fault(&self) -> Option<FaultKind> {
        match self {
            Self::Store(error) => Some(error.kind()),
            Self::Records(error) => Some(error.kind()),
            _ => None,
        }
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Intent(_) => "authority.intent",
            Self::Records(error) => error.code(),
            Self::Certificate { source, .. } => source.code(),
            Self::Key { source, .. } | Self::KeyOperation(source) => source.code(),
            Self::KeyUnusable { .. } => "authority.read_only",
            Self::KeyMismatch { .. } => "store.key_mismatch",
            Self::PolicyFile { source, .. } | Self::Profile(source) => source.code(),
            Self::PolicyMissing { .. } => "policy.missing",
            Self::OtherKey => "authority.other_key",
            Self::Refused { source, .. } => source.code(),
            Self::Request(error) => error.code(),
            Self::CertreqInf(_) => "request.certreq_inf",
            Self::NotInDate { .. } => "authority.not_in_date",
            Self::NotAnAuthority { .. } => "authority.not_a_ca",
            Self::CannotSignCrls { .. } => "authority.no_crl_sign",
            Self::UnknownShard(_) => "authority.unknown_shard",
            Self::NotARoot { .. } => "authority.not_a_root",
            Self::BoundToSerial { .. } => "authority.bound_to_serial",
            Self::Issue(error) => error.code(),
            Self::Accept(error) => error.code(),
            Self::Subordinate(error) => error.code(),
            Self::KeyNotInFile => "authority.key_not_in_file",
            Self::Pkcs12(error) => error.code(),
            Self::Name { .. } => "x509.name",
            Self::ClockBehind { .. } => "authority.clock_behind",
            Self::RevocationsUnknown { .. } => "authority.revocations_unknown",
            Self::RevokedForGood { .. } => "authority.revoked_for_good",
            Self::KeyCompromised { .. } | Self::CompromisedAuthority { .. } => "authority.key_compromised",
            Self::OwnCertificate { .. } => "authority.own_certificate",
            Self::Renewal(error) => error.code(),
            Self::Deviates(deviation) => deviation.code(),
            Self::NameTaken { .. } | Self::SameNames { .. } => "output.name_taken",
            Self::SameFile { .. } => "output.same_file",
            Self::NotReplaced { .. } => "output.not_replaced",
            Self::AfterRecord { .. } => "authority.after_record",
        }
    }
}

fn counted(certificates: u64) -> String {
    match certificates {
        1 => "1 valid certificate references the CA certificate".into(),
        count => format!("{count} valid certificates reference the CA certificate"),
    }
}

impl From<KeySourceError> for AuthorityError {
    fn from(error: KeySourceError) -> Self {
        match error {
            KeySourceError::Store(error) => Self::Store(error),
            KeySourceError::Key { place, source }
                if matches!(source, KeyError::AlgorithmUnsupported { .. }) =>
            {
                Self::KeyUnusable { path: place, source }
            }
            KeySourceError::Key { place, source } => Self::Key { path: place, source },
        }
    }
}

impl From<RecordsError> for AuthorityError {
    /// What a function of the CA's own answered to the records comes back as it was.
    fn from(error: RecordsError) -> Self {
        error.into_cause::<Self>().map_or_else(Self::Records, |own| *own)
    }
}

impl From<AuthorityError> for RecordsError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Records(error) => error,
            AuthorityError::Store(error) => error.into(),
            own => Self::of_caller(own),
        }
    }
}

impl From<FilesError> for AuthorityError {
    fn from(error: FilesError) -> Self {
        Self::Store(error.into())
    }
}
