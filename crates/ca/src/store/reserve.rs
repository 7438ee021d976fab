//! Reserving: a serial number and its record, both durable before anything is signed.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::attributes::subjects_are_unique;
use super::index::{AppendedIndex, Edit, IndexSnapshot, IndexTail, StagedIndex, last_record};
use super::serial::{read_serial, write_serial};
use super::status::{ChangedRecord, Changes, Decide, StatusChange};
use super::{AuditEntry, AuditHead, AuditStamp, CaDir, Commit, IndexEntry, IndexReader, LockWait, Record, RecordStatus, StoreError, last_audit_time};
use crate::files::{FileName, InFlight};
use gsec_pki::x509::{CLOCK_SKEW_ALLOWANCE, DistinguishedName, SerialNumber};

/// Random serials have 16 octets; a sequential CA does not count on from one that stands in its index.
const RANDOM_OCTETS: usize = 16;

/// Where serial numbers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialMode {
    /// The next number, as `openssl ca` counts.
    Sequential,
    /// This number, drawn at random. `serial.num` stays as it is.
    Random(SerialNumber),
}

/// What is to be recorded.
pub struct ReservationRequest<'a> {
    /// Where the serial number comes from.
    pub serial: SerialMode,
    /// End of validity of the certificate to be.
    pub expiry: OffsetDateTime,
    /// Its subject.
    pub subject: &'a DistinguishedName,
    /// What the audit log says of it; the serial number is added.
    pub audit: AuditEntry,
}

/// Serial numbers that no other certificate has, and their records. All are durable.
pub struct Reservation {
    /// The serial numbers, in the order of the requests.
    pub serials: Vec<SerialNumber>,
    /// What was odd, and mended, on the way.
    pub notes: Vec<ReservationNote>,
    /// The last entry of the audit log before it, if it is later than this commit: one of two clocks is wrong.
    pub later_entry: Option<OffsetDateTime>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
    records: Vec<Record>,
    index: Option<AppendedIndex>,
    /// Others see that the files of these records are still being written.
    _in_flight: InFlight,
}

/// Something odd that reserving met and mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReservationNote {
    /// A torn last line of the index is now in this file.
    TornLine(std::path::PathBuf),
    /// `serial.num` said a number that was used already.
    SerialBehind {
        /// What it said.
        said: SerialNumber,
        /// What was taken.
        taken: SerialNumber,
    },
}

/// Where records are kept: a CA directory today; a database could stand behind it.
///
/// Every change is one commit: the line of the audit log is durable before the change that it announces.
pub trait RecordStore {
    /// Reserves a serial number for each request and records the certificates to be, all in one commit.
    ///
    /// # Errors
    /// [`StoreError`]; when it is returned before the records are durable, nothing is recorded.
    fn reserve(&self, requests: &[ReservationRequest<'_>], stamp: &AuditStamp<'_>, wait: &mut LockWait<'_>) -> Result<Reservation, StoreError> {
        Ok(self.reserve_unless(requests, stamp, wait, &mut || Ok(false))?.expect("nothing forbids it"))
    }

    /// The same, unless `forbids`, which is asked under the lock before anything is written: what was decided before the lock was
    /// taken may not hold any more. `None` when it does not.
    ///
    /// # Errors
    /// As [`RecordStore::reserve`].
    fn reserve_unless(
        &self,
        requests: &[ReservationRequest<'_>],
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
        forbids: &mut dyn FnMut() -> Result<bool, StoreError>,
    ) -> Result<Option<Reservation>, StoreError>;

    /// Looks once more whether the records are in place, and puts those there that another program dropped.
    ///
    /// # Errors
    /// [`StoreError`].
    fn confirm(&self, reservation: &Reservation, wait: &mut LockWait<'_>) -> Result<(), StoreError>;

    /// The serial number that the next certificate would get; nothing is reserved.
    ///
    /// # Errors
    /// [`StoreError`].
    fn next_serial(&self) -> Result<SerialNumber, StoreError>;

    /// Says what a change would do to records; nothing is changed.
    ///
    /// # Errors
    /// [`StoreError`].
    fn preview(&self, serials: &[SerialNumber], decide: Decide<'_>) -> Result<Vec<ChangedRecord>, StoreError>;

    /// Changes the status of records, all in one commit.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing is changed.
    fn change(&self, change: &StatusChange<'_>, stamp: &AuditStamp<'_>, wait: &mut LockWait<'_>) -> Result<Changes, StoreError>;
}

impl RecordStore for CaDir {
    fn reserve_unless(
        &self,
        requests: &[ReservationRequest<'_>],
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
        forbids: &mut dyn FnMut() -> Result<bool, StoreError>,
    ) -> Result<Option<Reservation>, StoreError> {
        Commit::with_lock(self, wait, &mut |commit| self.reserve_under(commit, requests, stamp, forbids))
    }

    fn confirm(&self, reservation: &Reservation, wait: &mut LockWait<'_>) -> Result<(), StoreError> {
        if reservation.index.as_ref().is_none_or(AppendedIndex::is_current) {
            return Ok(());
        }
        let _commit = Commit::begin(self, wait)?;
        let mut missing: Vec<&Record> = reservation.records.iter().collect();
        IndexSnapshot::open(self)?.visit(&mut |line| {
            if let Some(found) = line.record() {
                missing.retain(|record| record.serial != found.serial);
            }
            Ok(())
        })?;
        if !missing.is_empty() {
            let lines: String = missing.into_iter().map(Record::to_line).collect();
            IndexTail::open(self)?.append(&lines)?;
        }
        Ok(())
    }

    fn change(&self, change: &StatusChange<'_>, stamp: &AuditStamp<'_>, wait: &mut LockWait<'_>) -> Result<Changes, StoreError> {
        super::status::change(self, change, stamp, wait)
    }

    fn preview(&self, serials: &[SerialNumber], decide: Decide<'_>) -> Result<Vec<ChangedRecord>, StoreError> {
        super::status::preview(self, serials, decide)
    }

    fn next_serial(&self) -> Result<SerialNumber, StoreError> {
        let said = read_serial(self).map_err(|error| self.propose_serial(error))?;
        self.sequential(&said, last_record(self)?.as_ref())
    }
}

impl CaDir {
    /// Reserves under the lock.
    fn reserve_under(
        &self,
        commit: &Commit<'_>,
        requests: &[ReservationRequest<'_>],
        stamp: &AuditStamp<'_>,
        forbids: &mut dyn FnMut() -> Result<bool, StoreError>,
    ) -> Result<Option<Reservation>, StoreError> {
        if forbids()? {
            return Ok(None);
        }
        let in_flight = InFlight::begin_in(&self.repository());
        let expired = self.expired_records_of(requests, stamp.time)?;
        let tail = IndexTail::open(self)?;
        let mut notes: Vec<_> = tail.torn.clone().map(ReservationNote::TornLine).into_iter().collect();
        let serials = self.take_serials(requests, tail.last.as_ref(), &mut notes)?;
        let entries: Vec<AuditEntry> = requests.iter().zip(&serials).map(|(request, serial)| request.audit.clone().about(serial)).collect();
        let later_entry = last_audit_time(self)?.filter(|time| *time > stamp.time + CLOCK_SKEW_ALLOWANCE);
        let audit_head = commit.announce(&entries, stamp)?;
        let records: Vec<Record> =
            requests.iter().zip(&serials).map(|(request, serial)| Record::issued(serial, request.expiry, request.subject)).collect();
        let lines: String = records.iter().map(Record::to_line).collect();
        let index = match expired {
            Some((snapshot, edits)) => {
                let mut staged = StagedIndex::copy(self, &snapshot, &edits)?;
                staged.append(&lines)?;
                commit.expect_lock()?;
                staged.publish(self)?;
                None
            }
            None => {
                commit.expect_lock()?;
                Some(tail.append(&lines)?)
            }
        };
        Ok(Some(Reservation { serials, notes, later_entry, audit_head, records, index, _in_flight: in_flight }))
    }

    /// A number for each request. `serial.num` is durable before any of them is used.
    fn take_serials(
        &self,
        requests: &[ReservationRequest<'_>],
        last: Option<&Record>,
        notes: &mut Vec<ReservationNote>,
    ) -> Result<Vec<SerialNumber>, StoreError> {
        let wants_next = |request: &&ReservationRequest<'_>| request.serial == SerialMode::Sequential;
        let mut sequential = match requests.iter().filter(wants_next).count() {
            0 => Vec::new(),
            count => self.take_sequential(count, last, notes)?,
        }
        .into_iter();
        let taken = requests.iter().map(|request| match &request.serial {
            SerialMode::Random(serial) => self.unused(serial),
            SerialMode::Sequential => Ok(sequential.next().expect("as many were taken as are wanted")),
        });
        taken.collect()
    }

    fn take_sequential(&self, count: usize, last: Option<&Record>, notes: &mut Vec<ReservationNote>) -> Result<Vec<SerialNumber>, StoreError> {
        let said = read_serial(self).map_err(|error| self.propose_serial(error))?;
        let first = self.sequential(&said, last)?;
        if first != said {
            notes.push(ReservationNote::SerialBehind { said, taken: first.clone() });
        }
        let mut serials = vec![first];
        let mut next = self.after(&serials[0])?;
        while serials.len() < count {
            let free = self.first_free(next)?;
            next = self.after(&free)?;
            serials.push(free);
        }
        write_serial(self, &next)?;
        Ok(serials)
    }

    fn after(&self, serial: &SerialNumber) -> Result<SerialNumber, StoreError> {
        serial.next().ok_or_else(|| StoreError::SerialsExhausted(self.serial()))
    }

    /// The largest of `serial.num` and the last record's successor; then the first number from there that has no file.
    fn sequential(&self, said: &SerialNumber, last: Option<&Record>) -> Result<SerialNumber, StoreError> {
        // A random serial that somebody switched from is no number to count on from.
        let last = last.map(|record| &record.serial).filter(|serial| serial.content().len() < RANDOM_OCTETS);
        let after_last = last.map(|serial| self.after(serial)).transpose()?;
        self.first_free(after_last.into_iter().chain([said.clone()]).max().expect("there is one"))
    }

    fn first_free(&self, mut serial: SerialNumber) -> Result<SerialNumber, StoreError> {
        while self.in_repository(&FileName::certificate(&serial)).symlink_metadata().is_ok() {
            serial = self.after(&serial)?;
        }
        Ok(serial)
    }

    /// Chance does not repeat 128 bits; a random source that fails does.
    fn unused(&self, serial: &SerialNumber) -> Result<SerialNumber, StoreError> {
        let path = self.in_repository(&FileName::certificate(serial));
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::SerialTaken { serial: serial.clone(), path });
        }
        Ok(serial.clone())
    }

    /// With `unique_subject = yes`: refuses when a subject has a valid certificate, and finds the expired ones, whose lines
    /// are to become `E`.
    ///
    /// This alone reads the whole index. OpenSSL refuses an index in which two `V` lines have one subject.
    fn expired_records_of(&self, requests: &[ReservationRequest<'_>], now: OffsetDateTime) -> Result<Option<(IndexSnapshot, Vec<Edit>)>, StoreError> {
        if !subjects_are_unique(self)? {
            return Ok(None);
        }
        let mut subjects = HashSet::new();
        for request in requests {
            let subject = request.subject.openssl_oneline();
            if !subjects.insert(subject.clone()) {
                return Err(StoreError::SubjectTaken { subject, serial: "in the same commit".into(), attributes: self.index_attributes() });
            }
        }
        let (snapshot, mut edits) = (IndexSnapshot::open(self)?, Vec::new());
        snapshot.visit(&mut |line| {
            let Some(record) = line.record().filter(|record| record.status == RecordStatus::Valid && subjects.contains(&record.subject)) else {
                return Ok(());
            };
            if record.is_valid_at(now) {
                let attributes = self.index_attributes();
                return Err(StoreError::SubjectTaken { subject: record.subject, serial: record.serial.to_string(), attributes });
            }
            edits.extend(Edit::of_line(line, &record, &Record { status: RecordStatus::Expired, ..record.clone() }));
            Ok(())
        })?;
        Ok((!edits.is_empty()).then_some((snapshot, edits)))
    }

    /// Adds to the complaint about `serial.num` the number that would be right.
    fn propose_serial(&self, error: StoreError) -> StoreError {
        let largest = IndexReader::open(self).ok().and_then(|reader| {
            let serials = reader.filter_map(|entry| match entry {
                Ok(IndexEntry::Record(record)) if record.serial.content().len() < RANDOM_OCTETS => Some(record.serial),
                _ => None,
            });
            serials.max()
        });
        let said = largest.as_ref().map_or_else(|| Some(SerialNumber::one()), SerialNumber::next);
        match (error, said) {
            (StoreError::SerialDamaged { path, found, .. }, Some(said)) => {
                StoreError::SerialDamaged { path, found, proposed: self.sequential(&said, None).ok() }
            }
            (error, _) => error,
        }
    }
}
