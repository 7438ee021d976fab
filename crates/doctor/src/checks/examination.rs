//! What became of one target.

use time::OffsetDateTime;

use super::Diagnosis;
use gsec_pki::x509::Certificate;

/// In [`Examination::not_checked`]: whether a CA between the certificate and what is trusted is revoked. Only the CA above it knows.
pub const CA_REVOCATION: &str = "ca_revocation";
/// In [`Examination::not_checked`]: what a trust store of this machine says, where it could not be looked into.
pub const TRUST_STORES: &str = "trust_stores";

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// A file with certificates, keys, requests or CRLs.
    File,
    /// A CA directory.
    CaDirectory,
    /// A port of a server.
    Server,
    /// The machine on which gsec runs.
    Machine,
    /// Settings of the old platform: a file of a server's, what starts one, or a `transport` value.
    Settings,
    /// The inventory of an environment.
    Inventory,
}

impl TargetKind {
    /// Its name in JSON and labels.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::CaDirectory => "ca_directory",
            Self::Server => "server",
            Self::Machine => "machine",
            Self::Settings => "settings",
            Self::Inventory => "inventory",
        }
    }
}

/// Until when a certificate of a target is valid, for monitoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// Its subject.
    pub subject: String,
    /// Its serial number, as `serial.num` has it.
    pub serial: String,
    /// Its end.
    pub not_after: OffsetDateTime,
}

impl From<&Certificate> for Expiry {
    fn from(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            serial: certificate.serial().to_string(),
            not_after: certificate.not_after(),
        }
    }
}

/// One target, examined.
#[derive(Debug, Clone)]
pub struct Examination {
    /// The target as it was named.
    pub target: String,
    /// What it is.
    pub kind: TargetKind,
    /// What was seen that is worth showing, found or not: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// Expiry dates of the certificates the result depends on.
    pub expiries: Vec<Expiry>,
    /// What is usually looked at and was not, in a word each: `chain`, `revocation`, `signature` of a CRL, [`TRUST_STORES`] or [`CA_REVOCATION`].
    pub not_checked: Vec<&'static str>,
    /// Whether the certificate was not seen though the port speaks TLS, so that whether clients accept it is not known.
    pub is_unseen: bool,
    /// What there is to say of it in one line when it is healthy.
    pub summary: Option<String>,
    /// What was found.
    pub diagnosis: Diagnosis,
}
