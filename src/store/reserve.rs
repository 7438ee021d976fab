//! Reserving: a serial number and its record, both durable before anything is signed.

use time::OffsetDateTime;

use super::attributes::subjects_are_unique;
use super::index::{AppendedIndex, IndexTail, rewrite};
use super::serial::{read_serial, write_serial};
use super::{CaDir, FileName, IndexEntry, IndexReader, LockWait, Record, RecordStatus, StoreError, WriteLock};
use crate::x509::{DistinguishedName, SerialNumber};

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
    /// The time by which an older certificate of the subject has expired or not.
    pub now: OffsetDateTime,
}

/// A serial number that no other certificate has, and its record. Both are durable.
pub struct Reservation {
    /// The serial number.
    pub serial: SerialNumber,
    /// What was odd, and mended, on the way.
    pub notes: Vec<ReservationNote>,
    record: Record,
    index: Option<AppendedIndex>,
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
    },
}

/// Where records are kept: a CA directory today; a database could stand behind it.
pub trait RecordStore {
    /// Reserves a serial number and records the certificate to be.
    ///
    /// # Errors
    /// [`StoreError`]; when it is returned before the record is durable, nothing is recorded.
    fn reserve(&self, request: &ReservationRequest<'_>, wait: &mut LockWait<'_>) -> Result<Reservation, StoreError>;

    /// Looks once more whether the record is in place, and puts it there if another program dropped it.
    ///
    /// # Errors
    /// [`StoreError`].
    fn confirm(&self, reservation: &Reservation, wait: &mut LockWait<'_>) -> Result<(), StoreError>;

    /// The serial number that the next certificate would get; nothing is reserved.
    ///
    /// # Errors
    /// [`StoreError`].
    fn next_serial(&self) -> Result<SerialNumber, StoreError>;
}

impl RecordStore for CaDir {
    fn reserve(&self, request: &ReservationRequest<'_>, wait: &mut LockWait<'_>) -> Result<Reservation, StoreError> {
        let _lock = WriteLock::acquire(self, wait)?;
        let expired = self.older_records_of_subject(request)?;
        let tail = IndexTail::open(self)?;
        let mut notes: Vec<_> = tail.torn.clone().map(ReservationNote::TornLine).into_iter().collect();
        let serial = match &request.serial {
            SerialMode::Random(serial) => self.unused(serial)?,
            SerialMode::Sequential => {
                let said = read_serial(self).map_err(|error| self.propose_serial(error))?;
                let serial = self.sequential(&said, tail.last.as_ref())?;
                let next = serial.next().ok_or_else(|| StoreError::SerialsExhausted(self.serial()))?;
                if serial != said {
                    notes.push(ReservationNote::SerialBehind { said });
                }
                write_serial(self, &next)?;
                serial
            }
        };
        let record = Record::issued(&serial, request.expiry, request.subject);
        let index = if expired {
            rewrite(self, |line| expired_line(line, &record.subject, request.now), &record.to_line())?;
            None
        } else {
            Some(tail.append(&record.to_line())?)
        };
        Ok(Reservation { serial, notes, record, index })
    }

    fn confirm(&self, reservation: &Reservation, wait: &mut LockWait<'_>) -> Result<(), StoreError> {
        if reservation.index.as_ref().is_none_or(AppendedIndex::is_current) {
            return Ok(());
        }
        let _lock = WriteLock::acquire(self, wait)?;
        let found = IndexReader::open(self)?.any(|entry| matches!(entry, Ok(IndexEntry::Record(record)) if record.serial == reservation.serial));
        if !found {
            IndexTail::open(self)?.append(&reservation.record.to_line())?;
        }
        Ok(())
    }

    fn next_serial(&self) -> Result<SerialNumber, StoreError> {
        let said = read_serial(self).map_err(|error| self.propose_serial(error))?;
        let mut last = None;
        for entry in IndexReader::open(self)? {
            if let IndexEntry::Record(record) = entry? {
                last = Some(record);
            }
        }
        self.sequential(&said, last.as_ref())
    }
}

impl CaDir {
    /// The largest of what `serial.num` says, the last record + 1, and the first number without a file.
    fn sequential(&self, said: &SerialNumber, last: Option<&Record>) -> Result<SerialNumber, StoreError> {
        let exhausted = || StoreError::SerialsExhausted(self.serial());
        let last = last.map(|record| &record.serial).filter(|serial| serial.content().len() < RANDOM_OCTETS);
        let after_last = last.map(|serial| serial.next().ok_or_else(exhausted)).transpose()?;
        let mut serial = after_last.into_iter().chain([said.clone()]).max().expect("there is one");
        while self.in_repository(&FileName::certificate(&serial)).symlink_metadata().is_ok() {
            serial = serial.next().ok_or_else(exhausted)?;
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

    /// With `unique_subject = yes`: refuses when the subject has a valid certificate, and tells whether it has expired ones.
    ///
    /// This alone reads the whole index. OpenSSL refuses an index in which two `V` lines have one subject.
    fn older_records_of_subject(&self, request: &ReservationRequest<'_>) -> Result<bool, StoreError> {
        if !subjects_are_unique(self)? {
            return Ok(false);
        }
        let subject = request.subject.openssl_oneline();
        let mut has_expired = false;
        for entry in IndexReader::open(self)? {
            let IndexEntry::Record(record) = entry? else { continue };
            if record.status != RecordStatus::Valid || record.subject != subject {
                continue;
            }
            if record.is_valid_at(request.now) {
                let attributes = self.index_attributes();
                return Err(StoreError::SubjectTaken { subject, serial: record.serial.to_string(), attributes });
            }
            has_expired = true;
        }
        Ok(has_expired)
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

/// The line with `E` instead of `V`, if it is an expired certificate of the subject.
fn expired_line(line: &[u8], subject: &str, now: OffsetDateTime) -> Option<String> {
    let text = std::str::from_utf8(line).ok()?;
    let record = Record::parse(text.trim_end_matches('\n')).ok()?;
    let is_meant = record.status == RecordStatus::Valid && !record.is_valid_at(now) && record.subject == subject;
    is_meant.then(|| text.replacen('V', "E", 1))
}
