//! RECORDS. What a CA remembers: which certificates it has issued, what became of them, and the audit log that announces every change.
//!
//! [`Records`] is all that the CA at work knows of them. `ca.db` and its neighbors are one form ([`mod@file`]), as `openssl ca` keeps them; the
//! form in memory serves tests. A suite of tests (`conformance`) is what every form must pass.

pub mod audit;
mod change;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod crl;
mod error;
pub mod file;
mod joined;
#[cfg(any(test, feature = "conformance"))]
pub mod memory;
mod principal;
mod record;

use std::collections::HashSet;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::PathBuf;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::home::{Held, HostFile, LockWait};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{Certificate, CrlShard, DistinguishedName, GeneralName, SerialNumber};

pub use audit::{
    AuditEnd, AuditEntry, AuditFields, AuditHead, AuditLine, AuditSeal, AuditStamp, BrokenLink, ChainCheck,
    CommitFault, CommitLines, DecodedLine, FOUND, HEAD_LOST, HeadFile, LOG_CUT, LogExtent, REQUEST_ID,
    SIGNED_ACTIONS, SignedHead, Told, ToldRevocation, announces, announces_own_record, takes_over,
};
pub(crate) use audit::{digits_of, hash_of, key_digits};
pub use change::{
    ChangedRecord, Changes, Decide, Forbids, Issued, NewRecord, Reservation, ReservationNote, SerialMode,
    StatusChange,
};
pub use crl::{MakeCrl, NewCrl, NewCrlShard, NewCrls, PublishedCrls, Revoked, RevokedLine};
pub use error::RecordsError;
pub use joined::{Joined, joined};
pub use principal::Principal;
pub use record::{
    DamagedLine, Entry, Record, RecordStatus, RecordedRequest, Revocation, UNKNOWN_EXPIRY,
    UNKNOWN_REVOCATION_DATE, UnreadableLine, fits_record, host_names,
};
use record::{column_end, is_plain_serial, parse_serial};

/// Something that records keep, to be shown to people.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// The records themselves.
    Index,
    /// The audit log.
    AuditLog,
    /// The CRL of a former key, or, with `None`, of the present one.
    Crl(Option<&'a PublicKey>),
    /// A file of a certificate; the name of the host is that its files are named after.
    File(&'a SerialNumber, Option<&'a GeneralName>, HostFile),
}

/// Under which lock something is announced.
pub enum Under<'a, 'b> {
    /// The lock is taken for it.
    Wait(&'a mut LockWait<'b>),
    /// It is held.
    Held(&'a Held<'a>),
}

/// What tells whether revocations are the same as before; see [`Records::revocation_state`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationState {
    /// Of the records.
    index: u64,
    /// Of the audit log.
    log: u64,
    /// Of each CRL that was asked for.
    crls: Vec<Option<[u64; 5]>>,
}

/// Called with every line of the audit log.
pub type OnLine<'a> = &'a mut dyn FnMut(DecodedLine);

/// What a CA remembers. Every change is one commit: the line of the audit log that announces it is durable before it, and the record of a
/// certificate before anything is signed.
///
/// All calls are synchronous, and may come from several threads at once.
pub trait Records: Send + Sync {
    /// Reserves a serial number for each certificate and records them all in one commit, unless `forbids`
    /// says so, which is called under the lock before anything is written. `None` when it does.
    ///
    /// # Errors
    /// [`RecordsError`]; when it is returned before the records are durable, nothing is recorded.
    fn reserve(
        &self,
        new: &[NewRecord<'_>],
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
        forbids: Forbids<'_>,
    ) -> Result<Option<Reservation>, RecordsError>;

    /// Keeps what was issued for a reservation, and looks once more whether its records are in place. Returns for each certificate where its
    /// files are, in their order. Where one fails, its record stays: the serial number is used.
    ///
    /// # Errors
    /// [`RecordsError`] when records are not in place any more and cannot be put there again.
    fn complete(
        &self,
        reservation: &Reservation,
        issued: &[Issued<'_>],
        wait: &mut LockWait<'_>,
    ) -> Result<Vec<Result<Vec<PathBuf>, RecordsError>>, RecordsError>;

    /// Keeps what is missing of a certificate that was issued before. Returns where it is.
    ///
    /// # Errors
    /// [`RecordsError`], of kind [`FaultKind::Taken`](crate::home::FaultKind::Taken) when it is there already.
    fn restore(&self, issued: &Issued<'_>) -> Result<Vec<PathBuf>, RecordsError>;

    /// Checks that certificates could be kept.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn expect_writable(&self) -> Result<(), RecordsError>;

    /// Checks that records and lines of the audit log could be added, for whoever asks before there is one. A call that adds one finds out by itself.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn expect_recordable(&self) -> Result<(), RecordsError> {
        Ok(())
    }

    /// Says what a change would do to records; nothing is changed.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn preview(
        &self,
        serials: &[SerialNumber],
        decide: Decide<'_>,
    ) -> Result<Vec<ChangedRecord>, RecordsError>;

    /// Changes the status of records, all in one commit.
    ///
    /// # Errors
    /// [`RecordsError`]; then nothing is changed.
    fn change(
        &self,
        change: &StatusChange<'_>,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<Changes, RecordsError>;

    /// Makes CRLs of all that is revoked in one consistent view, and publishes them under a number that is never given out again. A
    /// revocation that comes meanwhile is in them.
    ///
    /// # Errors
    /// [`RecordsError`]; then the CRLs are as they were.
    fn publish_crl(
        &self,
        make: &mut dyn MakeCrl,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<PublishedCrls, RecordsError>;

    /// Writes lines of the audit log that announce what comes next, durably. `None` where there is no log.
    ///
    /// # Errors
    /// [`RecordsError`]; then nothing was announced, and nothing may be changed.
    fn announce(
        &self,
        entries: &[AuditEntry],
        stamp: &AuditStamp<'_>,
        under: Under<'_, '_>,
    ) -> Result<Option<AuditHead>, RecordsError>;

    /// The serial number that the next certificate would get in sequence; nothing is reserved.
    ///
    /// # Errors
    /// [`RecordsError`], also where it could not be reserved since no number follows it: RFC 5280 §4.1.2.2 permits 20 bytes.
    fn next_serial(&self) -> Result<SerialNumber, RecordsError>;

    /// The record of a serial number. A revoked one counts before any other: a revocation must not get lost.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn find(&self, serial: &SerialNumber) -> Result<Option<Record>, RecordsError>;

    /// The records of certificates that name a host, the newest last; see [`Lookup::by_host`].
    ///
    /// # Errors
    /// [`RecordsError`].
    fn by_host(&self, host: &GeneralName) -> Result<Vec<Record>, RecordsError>;

    /// The records of certificates of a public key, the newest last; see [`Lookup::by_key`].
    ///
    /// # Errors
    /// [`RecordsError`].
    fn by_key(&self, key: &PublicKey) -> Result<Vec<Record>, RecordsError>;

    /// Opens the records as they are now, for many looks.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn lookup(&self) -> Result<Box<dyn Lookup>, RecordsError>;

    /// The last record; `None` when there is none.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn last(&self) -> Result<Option<Record>, RecordsError>;

    /// The newest records, the newest last: at least as many as calls that were cut off can have left without a certificate.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn recent(&self) -> Result<Vec<Record>, RecordsError>;

    /// Calls `each` with every record, in their order, and with the number of its line or its place among the records, until it breaks.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn visit(&self, each: &mut dyn FnMut(u64, Entry) -> ControlFlow<()>) -> Result<(), RecordsError>;

    /// Calls `each` with every record of these subjects, in their order, until it breaks.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn visit_subjects(
        &self,
        subjects: &HashSet<String>,
        each: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), RecordsError> {
        self.visit(&mut |_, entry| match entry {
            Entry::Record(record) if subjects.contains(&record.subject) => each(record),
            Entry::Record(_) | Entry::Damaged(_) => ControlFlow::Continue(()),
        })
    }

    /// Reads all records once, for queries about any number of serial numbers.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn roll(&self) -> Result<Box<dyn Roll>, RecordsError>;

    /// All that is revoked now.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn revoked(&self) -> Result<Box<dyn Revoked>, RecordsError>;

    /// Starts to watch what is recorded from now on.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn watch(&self) -> Result<Box<dyn Watch>, RecordsError>;

    /// Waits while `is_pending` and another call has reserved certificates that it has not completed. Returns whether there was something to
    /// wait for and it came; `false` also when the call that started it has ended, or the time of the lock is
    /// up.
    ///
    /// # Errors
    /// What `is_pending` returns.
    fn wait_for_others(
        &self,
        wait: &mut LockWait<'_>,
        is_pending: &mut dyn FnMut() -> Result<bool, RecordsError>,
    ) -> Result<bool, RecordsError>;

    /// Whether no call is completing certificates: what is incomplete now was left by a call that has ended.
    fn is_quiet(&self) -> bool;

    /// A file that is kept of a certificate; `None` where there is none.
    ///
    /// # Errors
    /// [`RecordsError`] when it is there and cannot be read.
    fn content(
        &self,
        serial: &SerialNumber,
        host: Option<&GeneralName>,
        file: HostFile,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError>;

    /// Whether a file is kept of a certificate, or may be: where it cannot be looked for.
    fn has(&self, serial: &SerialNumber, host: Option<&GeneralName>, file: HostFile) -> bool;

    /// The certificate of a serial number; `None` where nothing is kept, or something that is not a certificate of this serial number.
    ///
    /// # Errors
    /// [`RecordsError`] when something is kept and cannot be read: which certificate it is remains unknown.
    fn certificate(&self, serial: &SerialNumber) -> Result<Option<Certificate>, RecordsError> {
        let Some(content) = self.content(serial, None, HostFile::OwnCopy)? else {
            return Ok(None);
        };
        let certificates = gsec_pki::x509::decode_certificates(&content).unwrap_or_default();
        let first = certificates.into_iter().next();
        Ok(first.filter(|first| first.serial() == serial))
    }

    /// The CRL that a former key signed, or with `None` the present one; as it is published.
    ///
    /// # Errors
    /// [`RecordsError`] when it is there and cannot be read.
    fn crl(&self, former_key: Option<&PublicKey>) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError>;

    /// Which parts of the CRL are published, in any order.
    ///
    /// # Errors
    /// [`RecordsError`] when that cannot be looked at.
    fn crl_shards(&self) -> Result<Vec<CrlShard>, RecordsError>;

    /// A part of the CRL as it is published, DER; `None` when there is none.
    ///
    /// # Errors
    /// [`RecordsError`] when it is there and cannot be read.
    fn crl_shard(&self, shard: CrlShard) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError>;

    /// Where people find something: a path, or in a form without files a name of that shape.
    fn place(&self, part: Part<'_>) -> PathBuf;

    /// Whether there is an audit log.
    fn has_audit_log(&self) -> bool;

    /// Whether there must be one: in an old directory that was not adopted there need not.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn must_have_audit_log(&self) -> Result<bool, RecordsError>;

    /// Calls `each` with every line of the audit log as it is, in their order, until it breaks.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_lines(&self, each: &mut dyn FnMut(AuditLine) -> ControlFlow<()>) -> Result<(), RecordsError>;

    /// Calls `each` with every line of the audit log and what it says, in their order.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit(&self, each: OnLine<'_>) -> Result<(), RecordsError>;

    /// The first line of the audit log about a serial number of which `is_wanted` holds: among those of a time, or if none of these is, among
    /// all. A wrong time costs only time.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_line(
        &self,
        serial: &SerialNumber,
        at: &RangeInclusive<OffsetDateTime>,
        is_wanted: &dyn Fn(&AuditFields) -> bool,
    ) -> Result<Option<AuditFields>, RecordsError>;

    /// Calls `each` with the content of every whole line of the audit log that contains one of some texts, in
    /// their order. A search for the texts comes first, so that of a large log only such lines are decoded.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_lines_with(
        &self,
        texts: &[&str],
        each: &mut dyn FnMut(AuditFields),
    ) -> Result<(), RecordsError> {
        self.audit_lines(&mut |line| {
            let has_one = texts
                .iter()
                .any(|text| memchr::memmem::find(&line.text, text.as_bytes()).is_some());
            if let Some(fields) = line.fields().filter(|_| has_one && line.is_whole) {
                each(fields);
            }
            ControlFlow::Continue(())
        })
    }

    /// Calls `each` with what every whole line of the audit log of one of some actions says, in their order. No other line but the last is
    /// decoded. Returns how far the log goes, with the hash of line `asked`.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_lines_of(
        &self,
        actions: &[&str],
        asked: Option<u64>,
        each: &mut dyn FnMut(AuditFields),
    ) -> Result<LogExtent, RecordsError> {
        let (mut extent, mut last) = (LogExtent::default(), Vec::new());
        self.audit_lines(&mut |line| {
            if line.is_whole {
                extent.take(&line.text, asked);
                last.clone_from(&line.text);
            }
            if let Some(fields) = line
                .fields()
                .filter(|fields| line.is_whole && actions.contains(&fields.action.as_str()))
            {
                each(fields);
            }
            ControlFlow::Continue(())
        })?;
        extent.finish(&last);
        Ok(extent)
    }

    /// What the audit log tells of revocations and CRLs.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn told(&self) -> Result<Told, RecordsError> {
        // Before the log: a change that is made meanwhile leaves an older head, which the log has as well.
        let head = self.signed_head()?;
        let asked = match &head {
            HeadFile::Read(head) => Some(head.seq),
            HeadFile::Missing | HeadFile::Damaged(_) => None,
        };
        let mut told = Told::default();
        told.has_log = self.has_audit_log();
        told.extent = self.audit_lines_of(Told::actions(), asked, &mut |fields| {
            told.take(&fields);
        })?;
        told.head = Some(head);
        Ok(told)
    }

    /// Calls `each` with what the lines of the audit log about certificates of CAs say, in their order.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_of_authorities(&self, each: &mut dyn FnMut(AuditFields)) -> Result<(), RecordsError> {
        // Only such lines have it.
        self.audit_lines_with(&["\"path_len\":"], &mut |fields| {
            if fields.path_len.is_some() {
                each(fields);
            }
        })
    }

    /// Whether a line of the audit log was signed by a key, by its key identifier in hexadecimal digits.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_was_signed_by(&self, key_identifier: &str) -> Result<bool, RecordsError> {
        let mut was = false;
        self.audit_lines_with(&[&format!("\"key\":\"{key_identifier}\"")], &mut |fields| {
            was |= fields.key.as_deref() == Some(key_identifier);
        })?;
        Ok(was)
    }

    /// What tells without reading whether anything has come that says of a certificate that it is revoked, or is not any more: a record, a
    /// line of the audit log, or a CRL, of the present key for `None`. Two that are equal, of one value of this trait, were had with the same
    /// revocations. `None` where that cannot be told.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn revocation_state(&self, crls: &[Option<&PublicKey>]) -> Result<Option<RevocationState>, RecordsError> {
        let _ = crls;
        Ok(None)
    }

    /// The number of the CRL that is made next, as far as it is known without the CRLs and the audit log; `None` where no number is kept.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn next_crl_number(&self) -> Result<Option<SerialNumber>, RecordsError>;

    /// How the audit log ends; `None` without a log, or with an empty one. A last line that is not whole does not count.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_end(&self) -> Result<Option<AuditEnd>, RecordsError>;

    /// The head of the audit log; `None` without a log, or with an empty one.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn audit_head(&self) -> Result<Option<AuditHead>, RecordsError> {
        Ok(self.audit_end()?.map(|end| end.head))
    }

    /// What the CA key said last of the audit log.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn signed_head(&self) -> Result<HeadFile, RecordsError>;

    /// The time of the last line of the audit log; `None` without a log, or where the line does not say one.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn last_audit_time(&self) -> Result<Option<OffsetDateTime>, RecordsError>;
}

/// Records as they were at one moment, for many looks. Each look says where to look: the caller reads the certificate. A record whose
/// certificate is kept and cannot be read is found by every look that could mean it.
pub trait Lookup: Send + Sync {
    /// The records of certificates that name a host, the newest last. A certificate names every dNSName and iPAddress of its
    /// subjectAltName (see [`host_names`]); a wildcard is a name like any other. Where there is no certificate, the common names of
    /// the record are used.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn by_host(&mut self, host: &GeneralName) -> Result<Vec<Record>, RecordsError>;

    /// The records of certificates of a public key ([`PublicKey::material`]), the newest last.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn by_key(&mut self, key: &PublicKey) -> Result<Vec<Record>, RecordsError>;

    /// The records of CA certificates with a subject, in the same way; and of those of hosts whose common names are not all among the hosts
    /// that they name.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn by_ca_name(&mut self, name: &DistinguishedName) -> Result<Vec<Record>, RecordsError>;

    /// The records that every look for a key finds: their certificate is kept and cannot be read, and nothing says whose key it has.
    fn of_unknown_key(&self) -> Vec<Record>;

    /// Another one over the same records, for another thread.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn another(&self) -> Result<Box<dyn Lookup>, RecordsError>;
}

/// All records as they were at one moment, by serial number.
pub trait Roll {
    /// Every record of a serial number with its line or place, in their order. More than one is a fault of the records.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn records_of(&self, serial: &SerialNumber) -> Result<Vec<(u64, Record)>, RecordsError>;

    /// That there is a line that revokes a certificate, or may, and does not say which.
    fn unreadable_revocation(&self) -> Option<RecordsError>;
}

/// A place among the records up to which they were seen.
pub trait Watch: Send {
    /// Calls `each` with every record that was added since, and moves the place behind them. Returns whether the place was found: `false`
    /// says that the records before it are not those that were there.
    ///
    /// # Errors
    /// [`RecordsError`].
    fn advance(&mut self, each: &mut dyn FnMut(&Record)) -> Result<bool, RecordsError>;
}
