//! What the records must provide for a CRL.

use std::path::PathBuf;

use super::{AuditEntry, AuditHead, DamagedLine, Record, RecordsError, Revocation, UNKNOWN_REVOCATION_DATE};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{CrlShard, RevocationReason, RevokedEntry, SerialNumber};

/// A revoked record.
pub struct RevokedLine<'a> {
    /// The number of its line, from 1; in a form without lines its place among the records.
    pub line: u64,
    /// The record.
    pub record: &'a Record,
    /// Whether it is the last line and has no line feed.
    pub is_torn: bool,
}

/// All that is revoked, in one consistent view.
pub trait Revoked {
    /// Calls `each` with every revoked record, in the order of the records. A line that says that a certificate is revoked is one of them
    /// whatever else is wrong with it: a CRL without it would make the certificate valid again. Returns the
    /// lines that are not records and revoke nothing, blank ones excepted.
    ///
    /// # Errors
    /// [`RecordsError`], also for a line that revokes a certificate, or may, and does not say which.
    fn visit(&self, each: &mut dyn FnMut(RevokedLine<'_>)) -> Result<Vec<DamagedLine>, RecordsError>;

    /// As [`Revoked::visit`], without lines that lack a serial number.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn visit_readable(&self, each: &mut dyn FnMut(&Record)) -> Result<(), RecordsError>;
}

/// As `ca.db` would have it, with the reason as `openssl ca` spells it.
impl From<&RevokedEntry> for Revocation {
    fn from(entry: &RevokedEntry) -> Self {
        let reason = entry
            .reason
            .filter(|reason| *reason != RevocationReason::Unspecified);
        Self {
            at: match entry.date_problem {
                None => entry.revoked_at,
                Some(_) => UNKNOWN_REVOCATION_DATE,
            },
            reason: reason.map(|reason| reason.openssl_name().unwrap_or(reason.name()).to_owned()),
            extra: None,
        }
    }
}

/// A signed CRL.
pub struct NewCrl {
    /// The former key that signed it; `None` for the present one.
    pub former_key: Option<PublicKey>,
    /// The CRL, PEM.
    pub pem: String,
}

/// A signed part of the present CRL.
pub struct NewCrlShard {
    /// Which part it is.
    pub shard: CrlShard,
    /// It, DER.
    pub der: Vec<u8>,
}

/// The CRLs of one number, and what the audit log says of them.
pub struct NewCrls {
    /// The entry of the audit log.
    pub audit: AuditEntry,
    /// Parts of the present CRL. They are published before it: what it says is in its parts, whatever is killed when.
    pub shards: Vec<NewCrlShard>,
    /// The CRLs, those of former keys first.
    pub crls: Vec<NewCrl>,
}

/// Makes CRLs from what is revoked.
pub trait MakeCrl {
    /// Collects what is revoked. Called again, from the start, if something was revoked meanwhile.
    ///
    /// # Errors
    /// The caller's own, as [`RecordsError::of_caller`].
    fn collect(&mut self, revoked: &dyn Revoked) -> Result<(), RecordsError>;

    /// Checks under the lock that the CA still has the signing key.
    ///
    /// # Errors
    /// As [`MakeCrl::collect`].
    fn check(&mut self) -> Result<(), RecordsError>;

    /// The largest known CRL number besides the one in the records: that of the present CRL, or of the audit
    /// log. Called after [`MakeCrl::collect`].
    fn largest_number(&self) -> Option<SerialNumber> {
        None
    }

    /// Signs what was collected last.
    ///
    /// # Errors
    /// As [`MakeCrl::collect`].
    fn sign(&mut self, number: &SerialNumber) -> Result<NewCrls, RecordsError>;
}

/// CRLs that are published.
pub struct PublishedCrls {
    /// Where they are, without parts, in the order in which they were made.
    pub places: Vec<PathBuf>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}
