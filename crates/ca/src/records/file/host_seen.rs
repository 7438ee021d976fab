//! What a process that lives on remembers of the look before: the certificates of the newest records, and up to where `ca.db` was compared
//! with the cache.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use super::RecordFinder;
use super::host_pages::Coverage;
use crate::records::Record;
use gsec_pki::x509::SerialNumber;

/// Of more records nothing is remembered: where no cache can be written, they would be all.
const MAX_CERTIFICATES: usize = 2048;

/// What stays the same of a record whatever becomes of the certificate.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity {
    serial: SerialNumber,
    expiry: OffsetDateTime,
    subject: String,
}

impl Identity {
    fn of(record: &Record) -> Self {
        Self {
            serial: record.serial.clone(),
            expiry: record.expiry,
            subject: record.subject.clone(),
        }
    }
}

/// What the last look has seen. It saves reading, and is never an answer: whoever finds a record by it reads record and certificate.
#[derive(Debug, Default)]
pub(super) struct Seen {
    certificates: Mutex<HashMap<Identity, Vec<u64>>>,
    compared: Mutex<Option<Compared>>,
}

/// That `ca.db` was compared with the cache.
#[derive(Debug)]
struct Compared {
    /// It, open: as long as it is, no other file has its inode.
    index: File,
    length: u64,
    covered: Covered,
}

/// Which records the cache had when they were compared.
#[derive(Debug, PartialEq, Eq)]
struct Covered {
    records: u64,
    digest: u64,
    /// Where the last of them is now: it moves when lines before it come, go or change their length.
    offset: u64,
}

impl Covered {
    fn of(covered: &Coverage, offset: u64) -> Self {
        Self {
            records: covered.records,
            digest: covered.digest,
            offset,
        }
    }
}

impl Seen {
    /// The keys of a certificate that was read before.
    pub(super) fn keys_of(&self, record: &Record) -> Option<Vec<u64>> {
        lock(&self.certificates).get(&Identity::of(record)).cloned()
    }

    /// Remembers the certificates that were read, in the place of those before.
    pub(super) fn read<'a>(&self, certificates: impl ExactSizeIterator<Item = (&'a Record, &'a [u64])>) {
        let mut kept = lock(&self.certificates);
        kept.clear();
        if certificates.len() <= MAX_CERTIFICATES {
            kept.extend(certificates.map(|(record, keys)| (Identity::of(record), keys.to_vec())));
        }
    }

    /// Remembers that the cache covers the records of `ca.db` up to the line at this offset, and that there are no others before it.
    pub(super) fn compared(&self, index: &RecordFinder, covered: &Coverage, offset: u64) {
        let mut compared = lock(&self.compared);
        let kept = compared.take().map(|known| known.index);
        let file = kept.filter(|kept| index.is_of(kept)).or_else(|| index.file());
        *compared = file.map(|file| Compared {
            index: file,
            length: index.length(),
            covered: Covered::of(covered, offset),
        });
    }

    /// Whether `ca.db` was compared with what the cache covers, and has at most grown since: records are appended, and every other change
    /// of gsec's and of `openssl ca`'s puts another file in its place.
    pub(super) fn was_compared(&self, index: &RecordFinder, covered: &Coverage, offset: u64) -> bool {
        lock(&self.compared).as_ref().is_some_and(|known| {
            index.is_of(&known.index)
                && index.length() >= known.length
                && known.covered == Covered::of(covered, offset)
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
