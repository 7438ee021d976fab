//! The forms that there are keep every promise, and a form that records after the certificate does not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;

use super::*;
use crate::files::{FileName, fault};
use crate::home::CaDir;
use crate::records::file::FileRecords;
use crate::records::memory::Memory;
use crate::records::{
    AuditEnd, AuditFields, AuditHead, AuditLine, ChangedRecord, Changes, Decide, Forbids, Lookup, OnLine,
    PublishedCrls, Roll, Watch,
};

struct InMemory;

impl Form for InMemory {
    type Store = Memory;

    fn empty(&self) -> Memory {
        Memory::default()
    }

    fn open(&self, store: &Memory) -> Box<dyn Records> {
        Box::new(store.clone())
    }

    fn fail_after(&self, store: &Memory, _records: &dyn Records, steps: Option<u32>) {
        store.fail_after(steps);
    }

    fn make_unreadable(&self, store: &Memory, serial: &SerialNumber) {
        store.make_unreadable(serial);
    }
}

struct InFiles;

impl Form for InFiles {
    type Store = (tempfile::TempDir, CaDir);

    fn empty(&self) -> Self::Store {
        let folder = tempfile::tempdir().expect("a folder");
        let home = CaDir::at(folder.path());
        for path in [home.conf(), home.repository()] {
            std::fs::create_dir(path).expect("a folder");
        }
        let files = [
            (home.index(), ""),
            (home.index_attributes(), "unique_subject = no\n"),
            (home.serial(), "01\n"),
            (home.crl_number(), "01\n"),
            (home.policy(), ""),
        ];
        for (path, content) in files {
            std::fs::write(path, content).expect("a file");
        }
        (folder, home)
    }

    fn open(&self, (_, home): &Self::Store) -> Box<dyn Records> {
        Box::new(FileRecords::in_home(home))
    }

    fn fail_after(&self, _store: &Self::Store, _records: &dyn Records, steps: Option<u32>) {
        fault::fail_after(steps);
    }

    fn make_unreadable(&self, (_, home): &Self::Store, serial: &SerialNumber) {
        let copy = home.in_repository(&FileName::certificate(serial));
        std::fs::remove_file(&copy).expect("the copy");
        std::fs::create_dir(copy).expect("a folder in its place");
    }
}

#[test]
fn memory_keeps_every_promise() {
    holds(&InMemory);
}

#[test]
fn files_keep_every_promise() {
    holds(&InFiles);
}

/// Gives numbers out of its memory, and records when the certificate is there.
#[derive(Default)]
struct RecordsAfterwards {
    inner: Memory,
    waiting: Mutex<Vec<SerialNumber>>,
}

struct Late;

impl Form for Late {
    type Store = Memory;

    fn empty(&self) -> Memory {
        Memory::default()
    }

    fn open(&self, store: &Memory) -> Box<dyn Records> {
        Box::new(RecordsAfterwards {
            inner: store.clone(),
            waiting: Mutex::default(),
        })
    }

    fn fail_after(&self, store: &Memory, _records: &dyn Records, steps: Option<u32>) {
        store.fail_after(steps);
    }

    fn make_unreadable(&self, store: &Memory, serial: &SerialNumber) {
        store.make_unreadable(serial);
    }
}

#[test]
fn a_form_that_records_after_the_certificate_breaks_a_promise() {
    let broken = catch_unwind(AssertUnwindSafe(|| holds(&Late))).expect_err("it is found out");
    let said = broken.downcast_ref::<String>().expect("what is broken");
    assert_eq!(said, "serial 01 is recorded before anything is signed for it");
}

impl Records for RecordsAfterwards {
    fn reserve(
        &self,
        new: &[NewRecord<'_>],
        stamp: &AuditStamp<'_>,
        _wait: &mut LockWait<'_>,
        forbids: Forbids<'_>,
    ) -> Result<Option<Reservation>, RecordsError> {
        if forbids()? {
            return Ok(None);
        }
        let mut next = self.inner.next_serial()?;
        let mut serials = Vec::new();
        for _ in new {
            serials.push(next.clone());
            next = next.next().expect("there is one");
        }
        let entries: Vec<AuditEntry> = new
            .iter()
            .zip(&serials)
            .map(|(request, serial)| request.audit.clone().about(serial))
            .collect();
        let audit_head = wait(|wait| self.inner.announce(&entries, stamp, Under::Wait(wait)))?;
        self.waiting.lock().expect("no panic").extend(serials.clone());
        Ok(Some(Reservation {
            serials,
            notes: Vec::new(),
            later_entry: None,
            audit_head,
            hold: Box::new(()),
        }))
    }

    fn complete(
        &self,
        reservation: &Reservation,
        issued: &[Issued<'_>],
        wait: &mut LockWait<'_>,
    ) -> Result<Vec<Result<Vec<PathBuf>, RecordsError>>, RecordsError> {
        self.inner.complete(reservation, issued, wait)
    }

    fn restore(&self, issued: &Issued<'_>) -> Result<Vec<PathBuf>, RecordsError> {
        self.inner.restore(issued)
    }

    fn expect_writable(&self) -> Result<(), RecordsError> {
        self.inner.expect_writable()
    }

    fn preview(
        &self,
        serials: &[SerialNumber],
        decide: Decide<'_>,
    ) -> Result<Vec<ChangedRecord>, RecordsError> {
        self.inner.preview(serials, decide)
    }

    fn change(
        &self,
        change: &StatusChange<'_>,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<Changes, RecordsError> {
        self.inner.change(change, stamp, wait)
    }

    fn publish_crl(
        &self,
        make: &mut dyn MakeCrl,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<PublishedCrls, RecordsError> {
        self.inner.publish_crl(make, stamp, wait)
    }

    fn announce(
        &self,
        entries: &[AuditEntry],
        stamp: &AuditStamp<'_>,
        under: Under<'_, '_>,
    ) -> Result<Option<AuditHead>, RecordsError> {
        self.inner.announce(entries, stamp, under)
    }

    fn next_serial(&self) -> Result<SerialNumber, RecordsError> {
        self.inner.next_serial()
    }

    fn find(&self, serial: &SerialNumber) -> Result<Option<Record>, RecordsError> {
        self.inner.find(serial)
    }

    fn by_host(&self, host: &GeneralName) -> Result<Vec<Record>, RecordsError> {
        self.inner.by_host(host)
    }

    fn by_key(&self, key: &PublicKey) -> Result<Vec<Record>, RecordsError> {
        self.inner.by_key(key)
    }

    fn lookup(&self) -> Result<Box<dyn Lookup>, RecordsError> {
        self.inner.lookup()
    }

    fn last(&self) -> Result<Option<Record>, RecordsError> {
        self.inner.last()
    }

    fn recent(&self) -> Result<Vec<Record>, RecordsError> {
        self.inner.recent()
    }

    fn visit(&self, each: &mut dyn FnMut(u64, Entry) -> ControlFlow<()>) -> Result<(), RecordsError> {
        self.inner.visit(each)
    }

    fn roll(&self) -> Result<Box<dyn Roll>, RecordsError> {
        self.inner.roll()
    }

    fn revoked(&self) -> Result<Box<dyn Revoked>, RecordsError> {
        self.inner.revoked()
    }

    fn watch(&self) -> Result<Box<dyn Watch>, RecordsError> {
        self.inner.watch()
    }

    fn wait_for_others(
        &self,
        wait: &mut LockWait<'_>,
        is_pending: &mut dyn FnMut() -> Result<bool, RecordsError>,
    ) -> Result<bool, RecordsError> {
        self.inner.wait_for_others(wait, is_pending)
    }

    fn is_quiet(&self) -> bool {
        self.inner.is_quiet()
    }

    fn content(
        &self,
        serial: &SerialNumber,
        host: Option<&GeneralName>,
        file: HostFile,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        self.inner.content(serial, host, file)
    }

    fn has(&self, serial: &SerialNumber, host: Option<&GeneralName>, file: HostFile) -> bool {
        self.inner.has(serial, host, file)
    }

    fn crl(&self, former_key: Option<&PublicKey>) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        self.inner.crl(former_key)
    }

    fn crl_shards(&self) -> Result<Vec<CrlShard>, RecordsError> {
        self.inner.crl_shards()
    }

    fn crl_shard(&self, shard: CrlShard) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
        self.inner.crl_shard(shard)
    }

    fn place(&self, part: Part<'_>) -> PathBuf {
        self.inner.place(part)
    }

    fn has_audit_log(&self) -> bool {
        self.inner.has_audit_log()
    }

    fn must_have_audit_log(&self) -> Result<bool, RecordsError> {
        self.inner.must_have_audit_log()
    }

    fn audit_lines(&self, each: &mut dyn FnMut(AuditLine) -> ControlFlow<()>) -> Result<(), RecordsError> {
        self.inner.audit_lines(each)
    }

    fn audit(&self, each: OnLine<'_>) -> Result<(), RecordsError> {
        self.inner.audit(each)
    }

    fn audit_line(
        &self,
        serial: &SerialNumber,
        at: &std::ops::RangeInclusive<OffsetDateTime>,
        is_wanted: &dyn Fn(&AuditFields) -> bool,
    ) -> Result<Option<AuditFields>, RecordsError> {
        self.inner.audit_line(serial, at, is_wanted)
    }

    fn next_crl_number(&self) -> Result<Option<SerialNumber>, RecordsError> {
        self.inner.next_crl_number()
    }

    fn audit_end(&self) -> Result<Option<AuditEnd>, RecordsError> {
        self.inner.audit_end()
    }

    fn signed_head(&self) -> Result<HeadFile, RecordsError> {
        self.inner.signed_head()
    }

    fn last_audit_time(&self) -> Result<Option<OffsetDateTime>, RecordsError> {
        self.inner.last_audit_time()
    }
}
