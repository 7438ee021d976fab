//! The records of a CA directory.

use std::collections::HashSet;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::attributes::subjects_are_unique;
use super::host_seen::Seen;
use super::log_seen::LogSeen;
use super::reserve::Hold;
use super::revocations_seen::RevocationsSeen;
use super::serial::next_crl_number;
use super::{
    AuditReader, Commit, HostIndex, IndexPlace, IndexReader, LocatedRecord, RecordFinder, RevokedRecords,
    SerialRoll, audit_end, last_audit_time, last_record, read_signed_head, status,
};
use crate::files::{
    FilesError, OutputFile, check_replaceable_file, check_writable, check_writable_file, write_groups,
    write_new_files,
};
use crate::home::{CaDir, Held, HostFile, LockWait, PreviousFile, StoreError};
use crate::records::{
    AuditEnd, AuditEntry, AuditFields, AuditHead, AuditLine, AuditStamp, ChangedRecord, Changes, Decide,
    Entry, Forbids, HeadFile, Issued, LogExtent, Lookup, MakeCrl, NewRecord, OnLine, Part, PublishedCrls,
    Record, Records, RecordsError, Reservation, RevocationState, Revoked, RevokedLine, Roll, StatusChange,
    Under, Watch,
};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{CrlShard, DistinguishedName, GeneralName, SerialNumber};

/// So much of the end of `ca.db` is looked through for records without a certificate: a crash leaves them there, of a list up to 64 for each
/// worker.
const RECENT_BYTES: u64 = 128 * 1024;
/// For so long a look waits for the lock; whoever holds it longer is at work.
const LOOK_TIMEOUT: Duration = Duration::from_millis(500);

/// The records of a CA directory; nothing of it is open. Clones remember together what was read.
#[derive(Debug, Clone)]
pub struct FileRecords {
    home: CaDir,
    seen: Arc<Seen>,
    log_seen: Arc<LogSeen>,
    revocations_seen: Arc<RevocationsSeen>,
}

impl FileRecords {
    /// The records in a directory.
    pub fn in_home(home: &CaDir) -> Self {
        Self {
            home: home.clone(),
            seen: Arc::default(),
            log_seen: Arc::default(),
            revocations_seen: Arc::default(),
        }
    }

    /// The records in a directory in which they must be.
    ///
    /// # Errors
    /// [`StoreError::Files`] when there is no `ca.db`.
    pub fn open(home: &CaDir) -> Result<Self, StoreError> {
        let index = home.index();
        index.symlink_metadata().map_err(StoreError::io("open", &index))?;
        Ok(Self::in_home(home))
    }

    /// The directory.
    pub fn home(&self) -> &CaDir {
        &self.home
    }

    /// The files of a certificate as they are written.
    fn output(issued: &Issued<'_>) -> Result<Vec<OutputFile>, StoreError> {
        let file = |(file, content): &(HostFile, Zeroizing<Vec<u8>>)| {
            let name = file.name(issued.serial, issued.host).ok_or_else(|| {
                StoreError::HostName(issued.host.map(GeneralName::value).unwrap_or_default())
            })?;
            Ok(OutputFile {
                name,
                access: file.access(),
                content: content.clone(),
            })
        };
        issued.files.iter().map(file).collect()
    }

    /// A file of that serial that appeared meanwhile was made by a program that takes no lock.
    fn serial_taken(error: StoreError, serial: &SerialNumber) -> StoreError {
        match error {
            StoreError::Files(FilesError::WouldReplace(path)) => StoreError::SerialTaken {
                serial: serial.clone(),
                path,
            },
            error => error,
        }
    }

    fn path_of(&self, serial: &SerialNumber, host: Option<&GeneralName>, file: HostFile) -> Option<PathBuf> {
        file.name(serial, host).map(|name| self.home.in_repository(&name))
    }

    pub(super) fn crl_path(&self, former_key: Option<&PublicKey>) -> PathBuf {
        former_key.map_or_else(
            || self.home.crl(),
            |key| self.home.previous_of(key).join(PreviousFile::Crl.name()),
        )
    }

    fn read_if_there(&self, path: &std::path::Path) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        match self.home.read(path) {
            Ok(content) => Ok(Some(content)),
            Err(StoreError::Files(FilesError::Io { source, .. }))
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Records for FileRecords {
    fn reserve(
        &self,
        new: &[NewRecord<'_>],
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
        forbids: Forbids<'_>,
    ) -> Result<Option<Reservation>, RecordsError> {
        self.reserve_unless(new, stamp, wait, forbids)
    }

    /// The files of all certificates are written with one barrier.
    fn complete(
        &self,
        reservation: &Reservation,
        issued: &[Issued<'_>],
        wait: &mut LockWait<'_>,
    ) -> Result<Vec<Result<Vec<PathBuf>, RecordsError>>, RecordsError> {
        let prepared: Vec<Result<Vec<OutputFile>, StoreError>> = issued.iter().map(Self::output).collect();
        let mut groups = Vec::with_capacity(prepared.len());
        let prepared: Vec<Result<(), StoreError>> = prepared
            .into_iter()
            .map(|group| group.map(|group| groups.push(group)))
            .collect();
        let mut written = match self.home.repository_folder() {
            Ok(folder) => write_groups(&folder, &groups)
                .into_iter()
                .map(|written| written.map_err(StoreError::from))
                .collect::<Vec<_>>(),
            Err(error) => groups
                .iter()
                .map(|_| Err(error.again(&self.home.repository())))
                .collect(),
        }
        .into_iter();
        let kept = prepared.into_iter().zip(issued).map(|(prepared, issued)| {
            prepared?;
            let written = written.next().expect("one result for each group");
            written.map_err(|error| Self::serial_taken(error, issued.serial).into())
        });
        let kept = kept.collect();
        if let Some(hold) = reservation.hold.downcast_ref::<Hold>() {
            self.confirm(hold, wait)?;
        }
        Ok(kept)
    }

    fn restore(&self, issued: &Issued<'_>) -> Result<Vec<PathBuf>, RecordsError> {
        let folder = self.home.repository_folder()?;
        Ok(write_new_files(&folder, &Self::output(issued)?).map_err(StoreError::from)?)
    }

    fn expect_writable(&self) -> Result<(), RecordsError> {
        Ok(check_writable(&self.home.repository()).map_err(StoreError::from)?)
    }

    fn expect_recordable(&self) -> Result<(), RecordsError> {
        check_writable(&self.home.conf()).map_err(StoreError::from)?;
        match Held::begin(&self.home, &mut LockWait::silent(LOOK_TIMEOUT)) {
            // Somebody is at work under it.
            Err(StoreError::Locked { .. }) => {}
            held => drop(held?),
        }
        // Of what is missing, or something else, the one who opens it says so.
        let is_file = |path: &PathBuf| path.symlink_metadata().is_ok_and(|found| found.is_file());
        for file in [self.home.index(), self.home.serial()]
            .iter()
            .filter(|path| is_file(path))
        {
            check_replaceable_file(file).map_err(StoreError::from)?;
        }
        let log = Some(self.home.audit_log()).filter(is_file);
        log.map_or(Ok(()), |log| check_writable_file(&log))
            .map_err(StoreError::from)?;
        subjects_are_unique(&self.home)?;
        Ok(())
    }

    fn preview(
        &self,
        serials: &[SerialNumber],
        decide: Decide<'_>,
    ) -> Result<Vec<ChangedRecord>, RecordsError> {
        Ok(status::preview(&self.home, serials, decide)?)
    }

    fn change(
        &self,
        change: &StatusChange<'_>,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<Changes, RecordsError> {
        Ok(status::change(&self.home, change, stamp, wait)?)
    }

    fn publish_crl(
        &self,
        make: &mut dyn MakeCrl,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<PublishedCrls, RecordsError> {
        self.publish(make, stamp, wait)
    }

    fn announce(
        &self,
        entries: &[AuditEntry],
        stamp: &AuditStamp<'_>,
        under: Under<'_, '_>,
    ) -> Result<Option<AuditHead>, RecordsError> {
        Ok(match under {
            Under::Held(held) => Commit::under(held).announce(entries, stamp)?,
            Under::Wait(wait) => Commit::under(&Held::begin(&self.home, wait)?).announce(entries, stamp)?,
        })
    }

    fn next_serial(&self) -> Result<SerialNumber, RecordsError> {
        let next = self.next_in_sequence()?;
        self.after(&next)?;
        Ok(next)
    }

    fn find(&self, serial: &SerialNumber) -> Result<Option<Record>, RecordsError> {
        Ok(RecordFinder::open(&self.home)?
            .find(serial, None)?
            .map(|found| found.record))
    }

    fn by_host(&self, host: &GeneralName) -> Result<Vec<Record>, RecordsError> {
        Ok(records(HostIndex::candidates(
            &self.home,
            &self.seen,
            host,
            &mut |_| {},
        )?))
    }

    fn by_key(&self, key: &PublicKey) -> Result<Vec<Record>, RecordsError> {
        Ok(records(HostIndex::candidates_of_key(
            &self.home, &self.seen, key,
        )?))
    }

    fn lookup(&self) -> Result<Box<dyn Lookup>, RecordsError> {
        Ok(Box::new(HostIndex::open(&self.home, &self.seen, &mut |_| {})?))
    }

    fn last(&self) -> Result<Option<Record>, RecordsError> {
        Ok(last_record(&self.home)?)
    }

    fn recent(&self) -> Result<Vec<Record>, RecordsError> {
        let mut finder = RecordFinder::open(&self.home)?;
        let from = finder.length().saturating_sub(RECENT_BYTES);
        let found = finder
            .records_from(from)?
            .collect::<Result<Vec<LocatedRecord>, StoreError>>();
        Ok(records(found?))
    }

    fn visit(&self, each: &mut dyn FnMut(u64, Entry) -> ControlFlow<()>) -> Result<(), RecordsError> {
        let mut entries = IndexReader::open(&self.home)?;
        while let Some(entry) = entries.next().transpose()? {
            if each(entries.line(), entry).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn visit_subjects(
        &self,
        subjects: &HashSet<String>,
        each: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), RecordsError> {
        Ok(IndexReader::open(&self.home)?.visit_subjects(subjects, each)?)
    }

    fn roll(&self) -> Result<Box<dyn Roll>, RecordsError> {
        Ok(Box::new(SerialRoll::read(&self.home)?))
    }

    fn revoked(&self) -> Result<Box<dyn Revoked>, RecordsError> {
        Ok(Box::new(RevokedRecords::open(&self.home)?))
    }

    fn watch(&self) -> Result<Box<dyn Watch>, RecordsError> {
        Ok(Box::new(IndexPlace::end_of(&self.home)?))
    }

    fn wait_for_others(
        &self,
        wait: &mut LockWait<'_>,
        is_pending: &mut dyn FnMut() -> Result<bool, RecordsError>,
    ) -> Result<bool, RecordsError> {
        self.wait_for_flight(wait, is_pending)
    }

    fn is_quiet(&self) -> bool {
        self.has_none_in_flight()
    }

    fn content(
        &self,
        serial: &SerialNumber,
        host: Option<&GeneralName>,
        file: HostFile,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        self.path_of(serial, host, file)
            .map_or(Ok(None), |path| self.read_if_there(&path))
    }

    fn has(&self, serial: &SerialNumber, host: Option<&GeneralName>, file: HostFile) -> bool {
        self.path_of(serial, host, file)
            .is_some_and(|path| crate::home::exists(&path).unwrap_or(true))
    }

    fn crl(&self, former_key: Option<&PublicKey>) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        self.read_if_there(&self.crl_path(former_key))
    }

    fn crl_shards(&self) -> Result<Vec<CrlShard>, RecordsError> {
        Ok(self.published_shards()?)
    }

    fn crl_shard(&self, shard: CrlShard) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        self.read_if_there(&self.home.crl_shard(shard))
    }

    fn place(&self, part: Part<'_>) -> PathBuf {
        match part {
            Part::Index => self.home.index(),
            Part::AuditLog => self.home.audit_log(),
            Part::Crl(former_key) => self.crl_path(former_key),
            Part::File(serial, host, file) => self.path_of(serial, host, file).unwrap_or_default(),
        }
    }

    fn has_audit_log(&self) -> bool {
        self.home.audit_log().symlink_metadata().is_ok()
    }

    fn must_have_audit_log(&self) -> Result<bool, RecordsError> {
        Ok(self.home.must_have_log()?)
    }

    fn audit_lines(&self, each: &mut dyn FnMut(AuditLine) -> ControlFlow<()>) -> Result<(), RecordsError> {
        for line in AuditReader::open(&self.home)? {
            if each(line?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn audit(&self, each: OnLine<'_>) -> Result<(), RecordsError> {
        Ok(AuditReader::open(&self.home)?.for_each_decoded(each)?)
    }

    fn audit_line(
        &self,
        serial: &SerialNumber,
        at: &RangeInclusive<OffsetDateTime>,
        is_wanted: &dyn Fn(&AuditFields) -> bool,
    ) -> Result<Option<AuditFields>, RecordsError> {
        Ok(AuditReader::find(&self.home, serial, at, is_wanted)?)
    }

    fn audit_lines_of(
        &self,
        actions: &[&str],
        asked: Option<u64>,
        each: &mut dyn FnMut(AuditFields),
    ) -> Result<LogExtent, RecordsError> {
        Ok(AuditReader::kept_lines_of(&self.home, actions, asked, each)?)
    }

    fn audit_lines_with(
        &self,
        texts: &[&str],
        each: &mut dyn FnMut(AuditFields),
    ) -> Result<(), RecordsError> {
        Ok(AuditReader::lines_with(&self.home, texts, each)?)
    }

    fn audit_of_authorities(&self, each: &mut dyn FnMut(AuditFields)) -> Result<(), RecordsError> {
        let told = self
            .log_seen
            .look(&self.home, |known| known.authorities.clone())?;
        told.into_iter().for_each(each);
        Ok(())
    }

    fn audit_was_signed_by(&self, key_identifier: &str) -> Result<bool, RecordsError> {
        Ok(self
            .log_seen
            .look(&self.home, |known| known.keys.contains(key_identifier))?)
    }

    fn revocation_state(&self, crls: &[Option<&PublicKey>]) -> Result<Option<RevocationState>, RecordsError> {
        let crls = crls.iter().map(|key| self.crl_path(*key));
        Ok(self.revocations_seen.state(&self.home, &self.log_seen, crls)?)
    }

    fn next_crl_number(&self) -> Result<Option<SerialNumber>, RecordsError> {
        Ok(next_crl_number(&self.home)?)
    }

    fn audit_end(&self) -> Result<Option<AuditEnd>, RecordsError> {
        Ok(audit_end(&self.home)?)
    }

    fn signed_head(&self) -> Result<HeadFile, RecordsError> {
        Ok(read_signed_head(&self.home)?)
    }

    fn last_audit_time(&self) -> Result<Option<OffsetDateTime>, RecordsError> {
        Ok(last_audit_time(&self.home)?)
    }
}

fn records(found: Vec<LocatedRecord>) -> Vec<Record> {
    found.into_iter().map(|found| found.record).collect()
}

impl Lookup for HostIndex {
    fn by_host(&mut self, host: &GeneralName) -> Result<Vec<Record>, RecordsError> {
        Ok(records(self.find(host)?))
    }

    fn by_key(&mut self, key: &PublicKey) -> Result<Vec<Record>, RecordsError> {
        Ok(records(self.find_key(key)?))
    }

    fn by_ca_name(&mut self, name: &DistinguishedName) -> Result<Vec<Record>, RecordsError> {
        Ok(records(self.find_authority(name)?))
    }

    fn of_unknown_key(&self) -> Vec<Record> {
        records(HostIndex::of_unknown_key(self))
    }

    fn another(&self) -> Result<Box<dyn Lookup>, RecordsError> {
        Ok(Box::new(self.reopened()?))
    }
}

impl Roll for SerialRoll {
    fn records_of(&self, serial: &SerialNumber) -> Result<Vec<(u64, Record)>, RecordsError> {
        Ok(self.in_index(serial)?)
    }

    fn unreadable_revocation(&self) -> Option<RecordsError> {
        self.unreadable_line().map(RecordsError::from)
    }
}

impl Watch for IndexPlace {
    fn advance(&mut self, each: &mut dyn FnMut(&Record)) -> Result<bool, RecordsError> {
        Ok(self.advance_in_index(each)?)
    }
}

impl Revoked for RevokedRecords {
    fn visit(
        &self,
        each: &mut dyn FnMut(RevokedLine<'_>),
    ) -> Result<Vec<crate::records::DamagedLine>, RecordsError> {
        Ok(self.visit_all(each)?)
    }

    fn visit_readable(&self, each: &mut dyn FnMut(&Record)) -> Result<(), RecordsError> {
        Ok(self.visit_with_serial(each)?)
    }
}
