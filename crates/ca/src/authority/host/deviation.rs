//! What keeps a certificate from being the required one.

use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;

use gsec_pki::key::KeyType;
use gsec_pki::x509::{GeneralName, SerialNumber, rfc3339};

/// One point in which what is there differs from what is required. The facts of both sides.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Deviation {
    /// The CA has issued nothing for the host.
    #[error("there is no certificate for {host}")]
    NoCertificate {
        /// The host.
        host: String,
    },
    /// A crash between record and certificate left a record only.
    #[error("serial {serial} is recorded, but its certificate was never written")]
    RecordWithoutFile {
        /// The serial number.
        serial: SerialNumber,
    },
    /// It was revoked.
    #[error("it was revoked at {}{}", rfc3339(*at), reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default())]
    Revoked {
        /// When.
        at: OffsetDateTime,
        /// Why, by the reason's name in OpenSSL.
        reason: Option<String>,
    },
    /// Its key is compromised: another certificate of the key was revoked for that.
    #[error("its key is compromised: serial {serial} has it too and was revoked ({reason})")]
    KeyCompromised {
        /// The certificate that was revoked.
        serial: SerialNumber,
        /// The reason, as the index has it.
        reason: String,
    },
    /// It has not begun: it was issued by a clock that was ahead, or for later.
    #[error("it is not valid before {}", rfc3339(*not_before))]
    NotYetValid {
        /// Its start.
        not_before: OffsetDateTime,
    },
    /// It has ended.
    #[error("it expired at {}", rfc3339(*not_after))]
    Expired {
        /// Its end.
        not_after: OffsetDateTime,
    },
    /// It ends soon.
    #[error("it expires at {}, and renewal is due from {}", rfc3339(*not_after), rfc3339(*due))]
    NearExpiry {
        /// Its end.
        not_after: OffsetDateTime,
        /// From when on it is to be renewed.
        due: OffsetDateTime,
    },
    /// It lacks required names.
    #[error("it does not have {}", GeneralName::in_words(names))]
    NamesMissing {
        /// These.
        names: Vec<GeneralName>,
    },
    /// It has names that are not required.
    #[error("no longer requested: {}", GeneralName::in_words(names))]
    NamesExtra {
        /// These.
        names: Vec<GeneralName>,
    },
    /// Another subject.
    #[error("its subject is `{found}`, expected `{wanted}`")]
    Subject {
        /// What is required.
        wanted: String,
        /// What it has.
        found: String,
    },
    /// Another extKeyUsage: of another profile, or of one that was changed.
    #[error(
        "its extended key usage is {}, but profile `{profile}` has {}",
        listed(found),
        listed(wanted)
    )]
    ExtendedKeyUsage {
        /// The profile.
        profile: String,
        /// What the profile says.
        wanted: Vec<String>,
        /// What it has.
        found: Vec<String>,
    },
    /// Another keyUsage.
    #[error(
        "its key usage is {}, but profile `{profile}` has {}",
        listed(found),
        listed(wanted)
    )]
    KeyUsage {
        /// The profile.
        profile: String,
        /// What the profile says, as far as the key can do it.
        wanted: Vec<String>,
        /// What it has.
        found: Vec<String>,
    },
    /// Another kind of key.
    #[error("its key type is {found}, expected {wanted}")]
    KeyType {
        /// What is required.
        wanted: KeyType,
        /// What it has, as people see it: it may be a kind that gsec does not make.
        found: String,
    },
    /// Another size of key.
    #[error("its key has {found} bits, expected {wanted}")]
    KeySize {
        /// What is required.
        wanted: u32,
        /// What it has.
        found: u32,
    },
    /// Another key than the one that was given.
    #[error("it contains another key (sha256 {found}) than the given one (sha256 {wanted})")]
    OtherKey {
        /// SHA-256 of the SubjectPublicKeyInfo of the key that was given.
        wanted: String,
        /// SHA-256 of its SubjectPublicKeyInfo.
        found: String,
    },
    /// Not signed by the CA's current key.
    #[error("it was not signed with the CA's present key (key identifier {wanted}{})", found.as_deref().map(|found| format!("; it references {found}")).unwrap_or_default())]
    OtherIssuer {
        /// The key identifier of the CA's key.
        wanted: String,
        /// Its authorityKeyIdentifier.
        found: Option<String>,
    },
    /// The private key is not where it is required.
    #[error("its private key `{}` is missing", path.display())]
    KeyFileMissing {
        /// The file.
        path: PathBuf,
    },
    /// The file of the private key holds another key, or none that reads.
    #[error("`{}` does not contain its private key", path.display())]
    KeyFileDiffers {
        /// The file.
        path: PathBuf,
    },
    /// The host certificate with its intermediates is not there.
    #[error("`{}` is missing", path.display())]
    HostCertificateMissing {
        /// The file.
        path: PathBuf,
    },
    /// The PFX is not where it is required.
    #[error("its PFX `{}` is missing", path.display())]
    PfxMissing {
        /// The file.
        path: PathBuf,
    },
    /// A file is missing in the folder for output.
    #[error("`{}` is missing", path.display())]
    OutputMissing {
        /// The file.
        path: PathBuf,
    },
    /// A file in the folder for output has the name, and other content.
    #[error("`{}` exists, but does not belong to serial {serial}", path.display())]
    OutputDiffers {
        /// The file.
        path: PathBuf,
        /// The serial number of the certificate.
        serial: SerialNumber,
    },
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "none".into()
    } else {
        names.join(", ")
    }
}

impl Deviation {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCertificate { .. } => "no_certificate",
            Self::RecordWithoutFile { .. } => "record_without_file",
            Self::Revoked { .. } => "revoked",
            Self::KeyCompromised { .. } => "key_compromised",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::Expired { .. } => "expired",
            Self::NearExpiry { .. } => "near_expiry",
            Self::NamesMissing { .. } => "names_missing",
            Self::NamesExtra { .. } => "names_extra",
            Self::Subject { .. } => "subject",
            Self::ExtendedKeyUsage { .. } => "extended_key_usage",
            Self::KeyUsage { .. } => "key_usage",
            Self::KeyType { .. } => "key_type",
            Self::KeySize { .. } => "key_size",
            Self::OtherKey { .. } => "other_key",
            Self::OtherIssuer { .. } => "other_issuer",
            Self::KeyFileMissing { .. } => "key_file_missing",
            Self::KeyFileDiffers { .. } => "key_file_differs",
            Self::HostCertificateMissing { .. } => "host_certificate_missing",
            Self::PfxMissing { .. } => "pfx_missing",
            Self::OutputMissing { .. } => "output_missing",
            Self::OutputDiffers { .. } => "output_differs",
        }
    }
}
