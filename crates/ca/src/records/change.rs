//! Requests to the records, and their results.

use std::any::Any;
use std::path::PathBuf;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{AuditEntry, AuditHead, Principal, Record, RecordsError};
use crate::home::HostFile;
use gsec_pki::x509::{DistinguishedName, GeneralName, SerialNumber};

/// Where a serial number comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialMode {
    /// The next number, as `openssl ca` counts.
    Sequential,
    /// This number, drawn at random.
    Random(SerialNumber),
}

/// A certificate that is to be recorded.
pub struct NewRecord<'a> {
    /// Where the serial number comes from.
    pub serial: SerialMode,
    /// The certificate's end of validity.
    pub expiry: OffsetDateTime,
    /// Its subject.
    pub subject: &'a DistinguishedName,
    /// Its names.
    pub names: &'a [GeneralName],
    /// The profile it is issued under; `None` for a CA's.
    pub profile: Option<&'a str>,
    /// The principal that requested it.
    pub requester: &'a Principal,
    /// What the audit log says of it; the serial number is added.
    pub audit: AuditEntry,
}

/// Checked under the lock, before anything is written: whether what was decided before no longer holds.
pub type Forbids<'a> = &'a mut dyn FnMut() -> Result<bool, RecordsError>;

/// Serial numbers that no other certificate has, and their records. All are durable.
pub struct Reservation {
    /// The serial numbers, in the order of the requests.
    pub serials: Vec<SerialNumber>,
    /// Faults found and corrected on the way.
    pub notes: Vec<ReservationNote>,
    /// The time of the last entry of the audit log before this one, if it is later than this commit: one of two clocks is wrong.
    pub later_entry: Option<OffsetDateTime>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
    /// What the form of the records needs to complete it.
    pub hold: Box<dyn Any + Send + Sync>,
}

/// A fault that reserving found and corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReservationNote {
    /// A torn last line of the index is now in this file.
    TornLine(PathBuf),
    /// The next serial number was one that is used already.
    SerialBehind {
        /// The number it was.
        said: SerialNumber,
        /// The number that was taken.
        taken: SerialNumber,
    },
}

/// What is kept of an issued certificate.
pub struct Issued<'a> {
    /// Its serial number.
    pub serial: &'a SerialNumber,
    /// The name that its files are named after; `None` for a CA's, of which only the CA's own copy is kept.
    pub host: Option<&'a GeneralName>,
    /// What is kept, in the order in which it is written. Where [`HostFile::OwnCopy`] is, it comes last: once it is there, the certificate
    /// is complete.
    pub files: Vec<(HostFile, Zeroizing<Vec<u8>>)>,
}

/// What becomes of a record; `None` leaves it as it is.
pub type Decide<'a> = &'a dyn Fn(&Record) -> Option<Record>;

/// Which records change, and into what.
pub struct StatusChange<'a> {
    /// Their serial numbers.
    pub serials: &'a [SerialNumber],
    /// What becomes of them. Called again if the records were changed meanwhile.
    pub decide: Decide<'a>,
    /// What the audit log says of a changed record.
    pub audit: &'a dyn Fn(&Record) -> AuditEntry,
}

/// A record that a change was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedRecord {
    /// As it was.
    pub before: Record,
    /// As it is now; `None` if it stayed as it was.
    pub after: Option<Record>,
}

/// What came of a change.
pub struct Changes {
    /// The records that were found, in the order of the records. A serial number that is not among them has none.
    pub records: Vec<ChangedRecord>,
    /// The head of the audit log after it; `None` where there is no log, or nothing was changed.
    pub audit_head: Option<AuditHead>,
}
