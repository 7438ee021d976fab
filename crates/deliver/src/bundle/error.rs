//! Why there is no bundle.

use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;

use gsec_ca::authority::AuthorityError;
use gsec_ca::files::FilesError;
use gsec_pki::pkcs12::Pkcs12Error;
use gsec_pki::x509::{RevocationReason, rfc3339};

/// Why there is no bundle.
#[derive(Debug, Error)]
pub enum BundleError {
    /// The certificate of a serial number is recorded, and not kept.
    #[error("the CA has no certificate with serial {0}")]
    NotFound(String),
    /// The key is not kept at the CA.
    #[error("the CA does not have the private key of serial {serial}")]
    NoKey {
        /// The certificate.
        serial: String,
        /// What else is known.
        why: String,
    },
    /// The certificate has ended, or has not begun.
    #[error("serial {serial} is valid from {} to {} only", rfc3339(*not_before), rfc3339(*not_after))]
    Expired {
        /// The certificate.
        serial: String,
        /// Begin.
        not_before: OffsetDateTime,
        /// End.
        not_after: OffsetDateTime,
    },
    /// The certificate is revoked, or on hold.
    #[error("serial {serial} is {}", if *reason == Some(RevocationReason::CertificateHold) { "on hold" } else { "revoked" })]
    Revoked {
        /// The certificate.
        serial: String,
        /// Why.
        reason: Option<RevocationReason>,
    },
    /// A name that could mean something in a script or a path.
    #[error(
        "{what} `{}` cannot be used: {rule}",
        gsec_pki::encoding::visible::visible(value)
    )]
    NameUnsafe {
        /// Of what.
        what: &'static str,
        /// The name.
        value: String,
        /// What it must be.
        rule: &'static str,
    },
    /// Something else is where the bundle would be written.
    #[error("`{}` already exists, with other content", .0.display())]
    Exists(PathBuf),
    /// What would be replaced is not a bundle.
    #[error("`{}` is not a bundle that gsec wrote: {why}", path.display())]
    NotABundle {
        /// Where it is.
        path: PathBuf,
        /// What shows it.
        why: String,
    },
    /// Only the site knows which group may read the key.
    #[error("`{0}` needs the group that may read the private key")]
    NeedsGroup(&'static str),
    /// Others could read the key.
    #[error("mode {0:04o} would let everyone read the private key, or lets its owner not read it")]
    KeyMode(u32),
    /// What the target makes is nothing without the key.
    #[error("`{0}` takes a store with the private key, and cannot be made without it")]
    NeedsKey(&'static str),
    /// Which file the key goes to, or which certificate it belongs to, cannot be told on the host.
    #[error(
        "the files of `{0}` cannot be made of a key that is made on the host: one file must hold it, and one its certificate"
    )]
    KeyOnHost(&'static str),
    /// Something that this target does not have.
    #[error("`{option}` is not for `{target}`")]
    NotForTarget {
        /// The option.
        option: &'static str,
        /// The target.
        target: &'static str,
    },
    /// The CA cannot be asked.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A store cannot be made.
    #[error(transparent)]
    Pkcs12(#[from] Pkcs12Error),
    /// Files cannot be written.
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl BundleError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "bundle-not-found",
            Self::NoKey { .. } => "bundle-no-key",
            Self::Expired { .. } => "bundle-expired",
            Self::Revoked { .. } => "bundle-revoked",
            Self::NameUnsafe { .. } => "bundle-name-unsafe",
            Self::Exists(_) => "bundle-exists",
            Self::NotABundle { .. } => "bundle-not-a-bundle",
            Self::NeedsGroup(_) => "bundle-target-needs-group",
            Self::KeyMode(_) => "bundle-key-mode",
            Self::NeedsKey(_) => "bundle-target-needs-key",
            Self::KeyOnHost(_) => "bundle-key-on-host",
            Self::NotForTarget { .. } => "bundle-not-for-target",
            Self::Authority(error) => error.code(),
            Self::Pkcs12(error) => error.code(),
            Self::Files(error) => error.code(),
        }
    }
}
