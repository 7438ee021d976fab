//! The form of the records in memory: for tests of the layers above them, and the simplest form that keeps
//! every promise.
//!
//! It has crash points: [`Memory::fail_after`] lets a number of steps succeed and none after them, and [`Memory::reopened`] is what the next
//! call finds.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, RangeInclusive};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use thiserror::Error;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::audit::chain::{Position, lines};
use super::audit::head::parse_signed_head;
use super::{
    AuditEnd, AuditEntry, AuditFields, AuditHead, AuditLine, AuditStamp, ChangedRecord, Changes, DamagedLine,
    Decide, DecodedLine, Entry, Forbids, HeadFile, Issued, Lookup, MakeCrl, NewRecord, OnLine, Part,
    PublishedCrls, Record, RecordStatus, RecordedRequest, Records, RecordsError, Reservation, Revoked,
    RevokedLine, Roll, SerialMode, StatusChange, Under, Watch, host_names,
};
use crate::home::{FaultKind, HostFile, LockWait};
use gsec_pki::key::{KeyError, PublicKey};
use gsec_pki::x509::{
    CLOCK_SKEW_ALLOWANCE, Certificate, CrlShard, DistinguishedName, GeneralName, SerialNumber,
    decode_certificates, parse_time,
};

/// Between two looks at a lock.
const PAUSE: Duration = Duration::from_millis(1);

/// What can go wrong in memory.
#[derive(Debug, Error)]
pub enum MemoryError {
    /// A test requested it.
    #[error("the crash that a test asked for")]
    Crash,
    /// Another call holds the lock.
    #[error("the records are locked by another command")]
    Locked,
    /// The serial number is used.
    #[error("serial {0} is taken")]
    SerialTaken(SerialNumber),
    /// A file is there already.
    #[error("{file:?} of serial {serial} already exists")]
    FileTaken {
        /// The serial number.
        serial: SerialNumber,
        /// The file.
        file: HostFile,
    },
    /// A test has taken away what is kept of a certificate.
    #[error("cannot read what is kept of serial {0}")]
    Unreadable(SerialNumber),
    /// There is no further number.
    #[error("there is no further serial number")]
    Exhausted,
    /// The key does not sign.
    #[error("cannot sign a line of the audit log")]
    NotSigned(#[source] KeyError),
}

impl From<MemoryError> for RecordsError {
    fn from(error: MemoryError) -> Self {
        let (kind, code) = match &error {
            MemoryError::Crash => (FaultKind::Unavailable, "memory.crash"),
            MemoryError::Locked => (FaultKind::Busy, "memory.locked"),
            MemoryError::SerialTaken(_) | MemoryError::FileTaken { .. } => (FaultKind::Taken, "memory.taken"),
            MemoryError::Unreadable(_) => (FaultKind::Unavailable, "memory.unreadable"),
            MemoryError::Exhausted => (FaultKind::Damaged, "memory.exhausted"),
            MemoryError::NotSigned(_) => (FaultKind::Unavailable, "memory.not_signed"),
        };
        Self::new(kind, code, error)
    }
}

/// A file of a certificate, with the name of its host.
type Key = (String, HostFile);

/// What survives a crash.
#[derive(Default)]
struct Durable {
    records: Vec<Record>,
    files: BTreeMap<Key, (Option<GeneralName>, Zeroizing<Vec<u8>>)>,
    unreadable: BTreeSet<String>,
    log: Vec<Vec<u8>>,
    signed_head: String,
    crls: Vec<(Option<PublicKey>, Vec<u8>)>,
    shards: BTreeMap<CrlShard, Vec<u8>>,
    next_serial: Option<SerialNumber>,
    next_crl: Option<SerialNumber>,
}

/// Records in memory. A clone is the same records.
#[derive(Clone, Default)]
pub struct Memory {
    durable: Arc<Mutex<Durable>>,
    commit: Arc<Mutex<()>>,
    in_flight: Arc<AtomicUsize>,
    steps_left: Arc<Mutex<Option<u32>>>,
}

/// A call that has reserved and not completed.
struct InFlight(Arc<AtomicUsize>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Memory {
    /// So many steps succeed, and none after them; `None`: all do.
    pub fn fail_after(&self, steps: Option<u32>) {
        *held(&self.steps_left) = steps;
    }

    /// From now on nothing that is kept of a certificate can be read.
    pub fn make_unreadable(&self, serial: &SerialNumber) {
        self.read().unreadable.insert(serial.to_string());
    }

    /// What the next call finds after this one has ended, however it ended.
    #[must_use]
    pub fn reopened(&self) -> Self {
        Self {
            durable: self.durable.clone(),
            ..Self::default()
        }
    }

    fn read(&self) -> MutexGuard<'_, Durable> {
        held(&self.durable)
    }

    /// One durable step, if it is allowed.
    fn step<T>(&self, work: impl FnOnce(&mut Durable) -> T) -> Result<T, MemoryError> {
        let mut left = held(&self.steps_left);
        match *left {
            Some(0) => return Err(MemoryError::Crash),
            Some(steps) => *left = Some(steps - 1),
            None => {}
        }
        Ok(work(&mut self.read()))
    }

    fn lock(&self, wait: &mut LockWait<'_>) -> Result<MutexGuard<'_, ()>, MemoryError> {
        let begin = Instant::now();
        loop {
            match self.commit.try_lock() {
                Ok(held) => return Ok(held),
                Err(std::sync::TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(std::sync::TryLockError::WouldBlock) if begin.elapsed() >= wait.timeout => {
                    return Err(MemoryError::Locked);
                }
                Err(std::sync::TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            }
        }
    }

    fn log(&self, entries: &[AuditEntry], stamp: &AuditStamp<'_>) -> Result<AuditHead, MemoryError> {
        let last = self
            .read()
            .log
            .last()
            .map_or_else(Vec::new, |line| [line.as_slice(), b"\n"].concat());
        let begin = last.is_empty().then(|| AuditEntry::new("log.begin"));
        let all: Vec<&AuditEntry> = begin.iter().chain(entries).collect();
        let new = lines(Position::after(&last), &all, stamp).map_err(MemoryError::NotSigned)?;
        self.step(|durable| {
            durable
                .log
                .extend(new.text.lines().map(|line| line.as_bytes().to_vec()));
            if !new.signed_head.is_empty() {
                durable.signed_head.clone_from(&new.signed_head);
            }
        })?;
        Ok(new.head)
    }

    fn take_serials(&self, new: &[NewRecord<'_>]) -> Result<Vec<SerialNumber>, MemoryError> {
        let mut taken = Vec::with_capacity(new.len());
        let mut next = self.read().next_serial.clone().unwrap_or_else(SerialNumber::one);
        for request in new {
            match &request.serial {
                SerialMode::Random(serial)
                    if self.read().records.iter().any(|record| record.serial == *serial) =>
                {
                    return Err(MemoryError::SerialTaken(serial.clone()));
                }
                SerialMode::Random(serial) => taken.push(serial.clone()),
                SerialMode::Sequential => {
                    let after = next.next().ok_or(MemoryError::Exhausted)?;
                    taken.push(std::mem::replace(&mut next, after));
                }
            }
        }
        self.step(|durable| durable.next_serial = Some(next))?;
        Ok(taken)
    }

    fn keep(&self, issued: &Issued<'_>) -> Result<Vec<PathBuf>, MemoryError> {
        let serial = issued.serial.to_string();
        for (file, content) in &issued.files {
            let key = (serial.clone(), *file);
            if self.read().files.contains_key(&key) {
                return Err(MemoryError::FileTaken {
                    serial: issued.serial.clone(),
                    file: *file,
                });
            }
            self.step(|durable| durable.files.insert(key, (issued.host.cloned(), content.clone())))?;
        }
        Ok(issued
            .files
            .iter()
            .map(|(file, _)| self.place(Part::File(issued.serial, issued.host, *file)))
            .collect())
    }

    fn planned(&self, serials: &[SerialNumber], decide: Decide<'_>) -> Vec<ChangedRecord> {
        let durable = self.read();
        let meant = durable
            .records
            .iter()
            .filter(|record| serials.contains(&record.serial));
        meant
            .map(|before| ChangedRecord {
                before: before.clone(),
                after: decide(before),
            })
            .collect()
    }

    fn snapshot(&self) -> Snapshot {
        let durable = self.read();
        let certificate = |record: &Record| kept_in(&durable, &record.serial);
        Snapshot {
            records: durable
                .records
                .iter()
                .map(|record| (record.clone(), certificate(record)))
                .collect(),
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is kept as the certificate of a record.
#[derive(Clone)]
enum Kept {
    Nothing,
    Certificate(Box<Certificate>),
    Unreadable,
}

fn kept_in(durable: &Durable, serial: &SerialNumber) -> Kept {
    let serial = serial.to_string();
    if durable.unreadable.contains(&serial) {
        return Kept::Unreadable;
    }
    let content = durable.files.get(&(serial, HostFile::OwnCopy));
    let decoded = content.and_then(|(_, content)| decode_certificates(content).ok());
    let first = decoded.and_then(|certificates| certificates.into_iter().next());
    first.map_or(Kept::Nothing, |first| Kept::Certificate(Box::new(first)))
}

impl Records for Memory {
    fn reserve(
        &self,
        new: &[NewRecord<'_>],
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
        forbids: Forbids<'_>,
    ) -> Result<Option<Reservation>, RecordsError> {
        let _commit = self.lock(wait)?;
        if forbids()? {
            return Ok(None);
        }
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        let in_flight = InFlight(self.in_flight.clone());
        let serials = self.take_serials(new)?;
        let entries: Vec<AuditEntry> = new
            .iter()
            .zip(&serials)
            .map(|(request, serial)| request.audit.clone().about(serial))
            .collect();
        let later_entry = self
            .last_audit_time()?
            .filter(|time| *time > stamp.time + CLOCK_SKEW_ALLOWANCE);
        let audit_head = self.log(&entries, stamp)?;
        let records = new.iter().zip(&serials).map(|(request, serial)| {
            let recorded = RecordedRequest {
                profile: request.profile.map(str::to_owned),
                names: request.names.to_vec(),
                requester: request.requester.clone(),
            };
            Record {
                request: Some(Box::new(recorded)),
                ..Record::issued(serial, request.expiry, request.subject)
            }
        });
        let records: Vec<Record> = records.collect();
        self.step(|durable| durable.records.extend(records))?;
        Ok(Some(Reservation {
            serials,
            notes: Vec::new(),
            later_entry,
            audit_head: Some(audit_head),
            hold: Box::new(in_flight),
        }))
    }

    fn complete(
        &self,
        _reservation: &Reservation,
        issued: &[Issued<'_>],
        _wait: &mut LockWait<'_>,
    ) -> Result<Vec<Result<Vec<PathBuf>, RecordsError>>, RecordsError> {
        Ok(issued.iter().map(|issued| Ok(self.keep(issued)?)).collect())
    }

    fn restore(&self, issued: &Issued<'_>) -> Result<Vec<PathBuf>, RecordsError> {
        Ok(self.keep(issued)?)
    }

    fn expect_writable(&self) -> Result<(), RecordsError> {
        Ok(())
    }

    fn preview(
        &self,
        serials: &[SerialNumber],
        decide: Decide<'_>,
    ) -> Result<Vec<ChangedRecord>, RecordsError> {
        Ok(self.planned(serials, decide))
    }

    fn change(
        &self,
        change: &StatusChange<'_>,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<Changes, RecordsError> {
        let _commit = self.lock(wait)?;
        let records = self.planned(change.serials, change.decide);
        let changed: Vec<Record> = records.iter().filter_map(|record| record.after.clone()).collect();
        if changed.is_empty() {
            return Ok(Changes {
                records,
                audit_head: None,
            });
        }
        let entries: Vec<AuditEntry> = changed
            .iter()
            .map(|record| (change.audit)(record).about(&record.serial))
            .collect();
        let audit_head = self.log(&entries, stamp)?;
        self.step(|durable| {
            for record in &mut durable.records {
                if let Some(after) = changed.iter().find(|after| after.serial == record.serial) {
                    record.clone_from(after);
                }
            }
        })?;
        Ok(Changes {
            records,
            audit_head: Some(audit_head),
        })
    }

    fn publish_crl(
        &self,
        make: &mut dyn MakeCrl,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<PublishedCrls, RecordsError> {
        let _commit = self.lock(wait)?;
        make.collect(&self.snapshot())?;
        make.check()?;
        let said = self.read().next_crl.clone().unwrap_or_else(SerialNumber::one);
        let after = make
            .largest_number()
            .map(|largest| largest.next().ok_or(MemoryError::Exhausted))
            .transpose()?;
        let number = after.into_iter().chain([said]).max().expect("there is one");
        let next = number.next().ok_or(MemoryError::Exhausted)?;
        self.step(|durable| durable.next_crl = Some(next))?;
        let new = make.sign(&number)?;
        let audit_head = self.log(&[new.audit], stamp)?;
        for part in new.shards {
            self.step(|durable| drop(durable.shards.insert(part.shard, part.der)))?;
        }
        let mut places = Vec::new();
        for crl in new.crls {
            places.push(self.place(Part::Crl(crl.former_key.as_ref())));
            self.step(|durable| {
                durable.crls.retain(|(key, _)| *key != crl.former_key);
                durable.crls.push((crl.former_key, crl.pem.into_bytes()));
            })?;
        }
        Ok(PublishedCrls {
            places,
            audit_head: Some(audit_head),
        })
    }

    fn announce(
        &self,
        entries: &[AuditEntry],
        stamp: &AuditStamp<'_>,
        under: Under<'_, '_>,
    ) -> Result<Option<AuditHead>, RecordsError> {
        let _commit = match under {
            Under::Wait(wait) => self.lock(wait)?,
            // The lock of the directory does not lock these records.
            Under::Held(_) => self.lock(&mut LockWait::silent(Duration::ZERO))?,
        };
        Ok(Some(self.log(entries, stamp)?))
    }

    fn next_serial(&self) -> Result<SerialNumber, RecordsError> {
        let next = self.read().next_serial.clone().unwrap_or_else(SerialNumber::one);
        next.next().ok_or(MemoryError::Exhausted)?;
        Ok(next)
    }

    fn find(&self, serial: &SerialNumber) -> Result<Option<Record>, RecordsError> {
        Ok(self
            .read()
            .records
            .iter()
            .find(|record| record.serial == *serial)
            .cloned())
    }

    fn by_host(&self, host: &GeneralName) -> Result<Vec<Record>, RecordsError> {
        self.snapshot().by_host(host)
    }

    fn by_key(&self, key: &PublicKey) -> Result<Vec<Record>, RecordsError> {
        self.snapshot().by_key(key)
    }

    fn lookup(&self) -> Result<Box<dyn Lookup>, RecordsError> {
        Ok(Box::new(self.snapshot()))
    }

    fn last(&self) -> Result<Option<Record>, RecordsError> {
        Ok(self.read().records.last().cloned())
    }

    fn recent(&self) -> Result<Vec<Record>, RecordsError> {
        Ok(self.read().records.clone())
    }

    fn visit(&self, each: &mut dyn FnMut(u64, Entry) -> ControlFlow<()>) -> Result<(), RecordsError> {
        let records = self.read().records.clone();
        let _ = (1..)
            .zip(records)
            .try_for_each(|(place, record)| each(place, Entry::Record(record)));
        Ok(())
    }

    fn roll(&self) -> Result<Box<dyn Roll>, RecordsError> {
        Ok(Box::new(self.snapshot()))
    }

    fn revoked(&self) -> Result<Box<dyn Revoked>, RecordsError> {
        Ok(Box::new(self.snapshot()))
    }

    fn watch(&self) -> Result<Box<dyn Watch>, RecordsError> {
        Ok(Box::new(Place {
            records: self.clone(),
            seen: self.read().records.len(),
        }))
    }

    fn wait_for_others(
        &self,
        wait: &mut LockWait<'_>,
        is_pending: &mut dyn FnMut() -> Result<bool, RecordsError>,
    ) -> Result<bool, RecordsError> {
        let (begin, mut waited) = (Instant::now(), false);
        loop {
            let is_quiet = self.is_quiet();
            if !is_pending()? {
                return Ok(waited);
            }
            if is_quiet || begin.elapsed() >= wait.timeout {
                return Ok(false);
            }
            waited = true;
            std::thread::sleep(PAUSE);
        }
    }

    fn is_quiet(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }

    fn content(
        &self,
        serial: &SerialNumber,
        _host: Option<&GeneralName>,
        file: HostFile,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        let durable = self.read();
        if durable.unreadable.contains(&serial.to_string()) {
            return Err(MemoryError::Unreadable(serial.clone()).into());
        }
        let found = durable.files.get(&(serial.to_string(), file));
        Ok(found.map(|(_, content)| content.clone()))
    }

    fn has(&self, serial: &SerialNumber, _host: Option<&GeneralName>, file: HostFile) -> bool {
        self.read().files.contains_key(&(serial.to_string(), file))
    }

    fn crl(&self, former_key: Option<&PublicKey>) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        let durable = self.read();
        let found = durable.crls.iter().find(|(key, _)| key.as_ref() == former_key);
        Ok(found.map(|(_, content)| Zeroizing::new(content.clone())))
    }

    fn crl_shards(&self) -> Result<Vec<CrlShard>, RecordsError> {
        Ok(self.read().shards.keys().copied().collect())
    }

    fn crl_shard(&self, shard: CrlShard) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        Ok(self.read().shards.get(&shard).cloned().map(Zeroizing::new))
    }

    fn place(&self, part: Part<'_>) -> PathBuf {
        match part {
            Part::Index => "memory/records".into(),
            Part::AuditLog => "memory/log".into(),
            Part::Crl(None) => "memory/crl".into(),
            Part::Crl(Some(_)) => "memory/previous/crl".into(),
            Part::File(serial, _, file) => format!("memory/{serial}/{}", file.ending()).into(),
        }
    }

    fn has_audit_log(&self) -> bool {
        !self.read().log.is_empty()
    }

    fn must_have_audit_log(&self) -> Result<bool, RecordsError> {
        Ok(!self.read().records.is_empty())
    }

    fn audit_lines(&self, each: &mut dyn FnMut(AuditLine) -> ControlFlow<()>) -> Result<(), RecordsError> {
        let log = self.read().log.clone();
        let _ = (1..).zip(log).try_for_each(|(number, text)| {
            each(AuditLine {
                number,
                text,
                is_whole: true,
            })
        });
        Ok(())
    }

    fn audit(&self, each: OnLine<'_>) -> Result<(), RecordsError> {
        self.audit_lines(&mut |line| {
            each(DecodedLine::from(line));
            ControlFlow::Continue(())
        })
    }

    fn audit_line(
        &self,
        serial: &SerialNumber,
        _at: &RangeInclusive<OffsetDateTime>,
        is_wanted: &dyn Fn(&AuditFields) -> bool,
    ) -> Result<Option<AuditFields>, RecordsError> {
        let (digits, mut found) = (serial.to_string(), None);
        self.audit(&mut |line| {
            let meant = line
                .fields
                .filter(|fields| fields.serial.as_deref() == Some(&digits) && is_wanted(fields));
            found = found.take().or(meant);
        })?;
        Ok(found)
    }

    fn next_crl_number(&self) -> Result<Option<SerialNumber>, RecordsError> {
        Ok(self.read().next_crl.clone())
    }

    fn audit_end(&self) -> Result<Option<AuditEnd>, RecordsError> {
        let held = self.read();
        Ok(held.log.last().map(|line| AuditEnd {
            seq: held.log.len() as u64,
            head: AuditHead(super::audit::chain::hash_of(line)),
        }))
    }

    fn signed_head(&self) -> Result<HeadFile, RecordsError> {
        let head = self.read().signed_head.clone();
        if head.is_empty() {
            return Ok(HeadFile::Missing);
        }
        Ok(parse_signed_head(head.trim_end().as_bytes())
            .map_or(HeadFile::Damaged("it cannot be read"), HeadFile::Read))
    }

    fn last_audit_time(&self) -> Result<Option<OffsetDateTime>, RecordsError> {
        let last = self.read().log.last().cloned();
        let fields = last.and_then(|text| {
            AuditLine {
                number: 0,
                text,
                is_whole: true,
            }
            .fields()
        });
        Ok(fields.and_then(|fields| parse_time(&fields.time)))
    }
}

/// All records at one moment, with their certificates.
#[derive(Clone)]
struct Snapshot {
    records: Vec<(Record, Kept)>,
}

impl Snapshot {
    fn matching(&self, is_meant: &dyn Fn(&Record, Option<&Certificate>) -> bool) -> Vec<Record> {
        let meant = self.records.iter().filter(|(record, kept)| match kept {
            Kept::Nothing => is_meant(record, None),
            Kept::Certificate(certificate) => is_meant(record, Some(certificate.as_ref())),
            Kept::Unreadable => true,
        });
        meant.map(|(record, _)| record.clone()).collect()
    }
}

impl Lookup for Snapshot {
    fn by_host(&mut self, host: &GeneralName) -> Result<Vec<Record>, RecordsError> {
        Ok(self.matching(&|record, certificate| {
            certificate
                .map_or_else(|| record.host_names(), host_names)
                .contains(host)
        }))
    }

    fn by_key(&mut self, key: &PublicKey) -> Result<Vec<Record>, RecordsError> {
        Ok(self.matching(&|_, certificate| {
            certificate.is_some_and(|certificate| certificate.public_key().is_same_key(key))
        }))
    }

    fn by_ca_name(&mut self, name: &DistinguishedName) -> Result<Vec<Record>, RecordsError> {
        Ok(self
            .matching(&|_, certificate| certificate.is_some_and(|certificate| certificate.subject() == name)))
    }

    fn of_unknown_key(&self) -> Vec<Record> {
        let unread = self
            .records
            .iter()
            .filter(|(_, kept)| matches!(kept, Kept::Unreadable));
        unread.map(|(record, _)| record.clone()).collect()
    }

    fn another(&self) -> Result<Box<dyn Lookup>, RecordsError> {
        Ok(Box::new(self.clone()))
    }
}

impl Roll for Snapshot {
    fn records_of(&self, serial: &SerialNumber) -> Result<Vec<(u64, Record)>, RecordsError> {
        let numbered = (1..)
            .zip(&self.records)
            .filter(|(_, (record, _))| record.serial == *serial);
        Ok(numbered
            .map(|(place, (record, _))| (place, record.clone()))
            .collect())
    }

    fn unreadable_revocation(&self) -> Option<RecordsError> {
        None
    }
}

impl Revoked for Snapshot {
    fn visit(&self, each: &mut dyn FnMut(RevokedLine<'_>)) -> Result<Vec<DamagedLine>, RecordsError> {
        let revoked = (1..)
            .zip(&self.records)
            .filter(|(_, (record, _))| record.status == RecordStatus::Revoked);
        revoked.for_each(|(line, (record, _))| {
            each(RevokedLine {
                line,
                record,
                is_torn: false,
            })
        });
        Ok(Vec::new())
    }

    fn visit_readable(&self, each: &mut dyn FnMut(&Record)) -> Result<(), RecordsError> {
        self.visit(&mut |found| each(found.record)).map(|_| ())
    }
}

/// A place among the records.
struct Place {
    records: Memory,
    seen: usize,
}

impl Watch for Place {
    fn advance(&mut self, each: &mut dyn FnMut(&Record)) -> Result<bool, RecordsError> {
        let records = self.records.read().records.clone();
        records.get(self.seen..).unwrap_or_default().iter().for_each(each);
        let is_known = records.len() >= self.seen;
        self.seen = records.len();
        Ok(is_known)
    }
}
