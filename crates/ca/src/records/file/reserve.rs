//! Reserving: a serial number and its record, both durable before anything is signed.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::attributes::subjects_are_unique;
use super::audit_log::largest_announced;
use super::index::{AppendedIndex, Edit, IndexSnapshot, IndexTail, StagedIndex};
use super::serial::{read_serial, write_serial};
use super::{Commit, FileRecords, IndexReader, last_audit_time, last_record};
use crate::files::{FileName, InFlight};
use crate::home::{Held, LockWait, StoreError};
use crate::records::{
    AuditEntry, AuditStamp, Entry, Forbids, NewRecord, Record, RecordStatus, RecordsError, Reservation,
    ReservationNote, SerialMode,
};
use gsec_pki::x509::{CLOCK_SKEW_ALLOWANCE, SerialNumber};

/// Random serials have 16 bytes; a sequential CA does not count on from one in its index.
const RANDOM_OCTETS: usize = 16;

/// What the file form needs to complete a reservation.
pub(super) struct Hold {
    records: Vec<Record>,
    index: Option<AppendedIndex>,
    /// Other calls see that the files of these records are still being written.
    _in_flight: InFlight,
}

impl FileRecords {
    pub(super) fn reserve_unless(
        &self,
        requests: &[NewRecord<'_>],
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
        forbids: Forbids<'_>,
    ) -> Result<Option<Reservation>, RecordsError> {
        Commit::with_lock(self.home(), wait, &mut |commit| match forbids() {
            Ok(false) => self
                .reserve_under(commit, requests, stamp)
                .map(|reservation| Ok(Some(reservation))),
            Ok(true) => Ok(Ok(None)),
            Err(error) => Ok(Err(error)),
        })?
    }

    /// Looks once more whether the records of a reservation are in place, and puts those there that another program dropped.
    pub(super) fn confirm(&self, hold: &Hold, wait: &mut LockWait<'_>) -> Result<(), StoreError> {
        if hold.index.as_ref().is_none_or(AppendedIndex::is_current) {
            return Ok(());
        }
        let _held = Held::begin(self.home(), wait)?;
        let mut missing: Vec<&Record> = hold.records.iter().collect();
        IndexSnapshot::open(self.home())?.visit(&mut |line| {
            if let Some(found) = line.record() {
                missing.retain(|record| record.serial != found.serial);
            }
            Ok(())
        })?;
        if !missing.is_empty() {
            let lines: String = missing.into_iter().map(Record::to_line).collect();
            IndexTail::open(self.home())?.append(&lines)?;
        }
        Ok(())
    }

    pub(super) fn next_in_sequence(&self) -> Result<SerialNumber, StoreError> {
        let said = read_serial(self.home()).map_err(|error| self.propose_serial(error))?;
        self.sequential(&said, last_record(self.home())?.as_ref())
    }

    /// Reserves under the lock.
    fn reserve_under(
        &self,
        commit: &Commit<'_>,
        requests: &[NewRecord<'_>],
        stamp: &AuditStamp<'_>,
    ) -> Result<Reservation, StoreError> {
        let in_flight = InFlight::begin_in(&self.home().repository());
        let expired = self.expired_records_of(requests, stamp.time)?;
        let tail = IndexTail::open(self.home())?;
        let mut notes: Vec<_> = tail
            .torn
            .clone()
            .map(ReservationNote::TornLine)
            .into_iter()
            .collect();
        let serials = self.take_serials(requests, tail.last.as_ref(), &mut notes)?;
        let entries: Vec<AuditEntry> = requests
            .iter()
            .zip(&serials)
            .map(|(request, serial)| request.audit.clone().about(serial))
            .collect();
        let later_entry =
            last_audit_time(self.home())?.filter(|time| *time > stamp.time + CLOCK_SKEW_ALLOWANCE);
        let audit_head = commit.announce(&entries, stamp)?;
        let records: Vec<Record> = requests
            .iter()
            .zip(&serials)
            .map(|(request, serial)| Record::issued(serial, request.expiry, request.subject))
            .collect();
        let lines: String = records.iter().map(Record::to_line).collect();
        let index = match expired {
            Some((snapshot, edits)) => {
                let mut staged = StagedIndex::copy(self.home(), &snapshot, &edits)?;
                staged.append(&lines)?;
                commit.expect_lock()?;
                staged.publish(self.home())?;
                None
            }
            None => {
                commit.expect_lock()?;
                Some(tail.append(&lines)?)
            }
        };
        let hold = Box::new(Hold {
            records,
            index,
            _in_flight: in_flight,
        });
        Ok(Reservation {
            serials,
            notes,
            later_entry,
            audit_head,
            hold,
        })
    }

    /// A number for each request. `serial.num` is durable before any of them is used.
    fn take_serials(
        &self,
        requests: &[NewRecord<'_>],
        last: Option<&Record>,
        notes: &mut Vec<ReservationNote>,
    ) -> Result<Vec<SerialNumber>, StoreError> {
        let wants_next = |request: &&NewRecord<'_>| request.serial == SerialMode::Sequential;
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

    fn take_sequential(
        &self,
        count: usize,
        last: Option<&Record>,
        notes: &mut Vec<ReservationNote>,
    ) -> Result<Vec<SerialNumber>, StoreError> {
        let said = read_serial(self.home()).map_err(|error| self.propose_serial(error))?;
        let first = self.sequential(&said, last)?;
        if first != said {
            notes.push(ReservationNote::SerialBehind {
                said,
                taken: first.clone(),
            });
        }
        let mut serials = vec![first];
        let mut next = self.after(&serials[0])?;
        while serials.len() < count {
            let free = self.first_free(next)?;
            next = self.after(&free)?;
            serials.push(free);
        }
        write_serial(self.home(), &next)?;
        Ok(serials)
    }

    pub(super) fn after(&self, serial: &SerialNumber) -> Result<SerialNumber, StoreError> {
        serial
            .next()
            .ok_or_else(|| StoreError::SerialsExhausted(self.home().serial()))
    }

    /// The largest of `serial.num`, the last record's successor and that of what the audit log announced last: a copy of `ca.db` and
    /// `serial.num` that was restored gives no number out again. Then the first number from there that has no file.
    fn sequential(&self, said: &SerialNumber, last: Option<&Record>) -> Result<SerialNumber, StoreError> {
        // A random serial, from before a switch to sequential ones, is not a number to count on from.
        let last = last
            .map(|record| &record.serial)
            .filter(|serial| serial.content().len() < RANDOM_OCTETS);
        let announced = largest_announced(self.home(), RANDOM_OCTETS)?;
        let after = last
            .into_iter()
            .chain(&announced)
            .map(|serial| self.after(serial))
            .collect::<Result<Vec<_>, _>>()?;
        self.first_free(
            after
                .into_iter()
                .chain([said.clone()])
                .max()
                .expect("there is one"),
        )
    }

    fn first_free(&self, mut serial: SerialNumber) -> Result<SerialNumber, StoreError> {
        while self
            .home()
            .in_repository(&FileName::certificate(&serial))
            .symlink_metadata()
            .is_ok()
        {
            serial = self.after(&serial)?;
        }
        Ok(serial)
    }

    /// Chance does not repeat 128 bits; a random source that fails does.
    fn unused(&self, serial: &SerialNumber) -> Result<SerialNumber, StoreError> {
        let path = self.home().in_repository(&FileName::certificate(serial));
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::SerialTaken {
                serial: serial.clone(),
                path,
            });
        }
        Ok(serial.clone())
    }

    /// With `unique_subject = yes`: refuses when a subject has a valid certificate, and finds the expired ones, whose lines
    /// are to become `E`.
    ///
    /// This alone reads the whole index. OpenSSL refuses an index in which two `V` lines have one subject.
    fn expired_records_of(
        &self,
        requests: &[NewRecord<'_>],
        now: OffsetDateTime,
    ) -> Result<Option<(IndexSnapshot, Vec<Edit>)>, StoreError> {
        if !subjects_are_unique(self.home())? {
            return Ok(None);
        }
        let mut subjects = HashSet::new();
        for request in requests {
            let subject = request.subject.openssl_oneline();
            if !subjects.insert(subject.clone()) {
                return Err(StoreError::SubjectTaken {
                    subject,
                    serial: "in the same commit".into(),
                    attributes: self.home().index_attributes(),
                });
            }
        }
        let (snapshot, mut edits) = (IndexSnapshot::open(self.home())?, Vec::new());
        snapshot.visit(&mut |line| {
            let Some(record) = line
                .record()
                .filter(|record| record.status == RecordStatus::Valid && subjects.contains(&record.subject))
            else {
                return Ok(());
            };
            if record.is_valid_at(now) {
                let attributes = self.home().index_attributes();
                return Err(StoreError::SubjectTaken {
                    subject: record.subject,
                    serial: record.serial.to_string(),
                    attributes,
                });
            }
            edits.extend(Edit::of_line(
                line,
                &record,
                &Record {
                    status: RecordStatus::Expired,
                    ..record.clone()
                },
            ));
            Ok(())
        })?;
        Ok((!edits.is_empty()).then_some((snapshot, edits)))
    }

    /// Adds to the complaint about `serial.num` the number that would be right.
    fn propose_serial(&self, error: StoreError) -> StoreError {
        let largest = IndexReader::open(self.home()).ok().and_then(|reader| {
            let serials = reader.filter_map(|entry| match entry {
                Ok(Entry::Record(record)) if record.serial.content().len() < RANDOM_OCTETS => {
                    Some(record.serial)
                }
                _ => None,
            });
            serials.max()
        });
        let said = largest
            .as_ref()
            .map_or_else(|| Some(SerialNumber::one()), SerialNumber::next);
        match (error, said) {
            (StoreError::SerialDamaged { path, found, .. }, Some(said)) => StoreError::SerialDamaged {
                path,
                found,
                proposed: self.sequential(&said, None).ok(),
            },
            (error, _) => error,
        }
    }
}
