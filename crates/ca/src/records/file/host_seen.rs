//! What a process that lives on remembers of the look before: the certificates of the newest records, and up to where `ca.db` was compared
//! with the cache.

use std::fs::File;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::host_pages::{Coverage, Entry};
use super::{LocatedRecord, RecordFinder};

/// Of more records nothing is remembered: where no cache can be written, they would be all.
const MAX_RECORDS: usize = 2048;

/// What the file of a certificate says.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// The keys of its names and of its public key.
    Read(Vec<u64>),
    /// There is no file, or its certificate does not fit the record; then with the keys of one of the same serial number.
    Hole(Vec<u64>),
    /// There is a file, and it cannot be read: a hole, and nobody knows which names it has.
    Unread,
}

impl Content {
    pub(super) fn is_hole(&self) -> bool {
        matches!(self, Self::Hole(_) | Self::Unread)
    }

    pub(super) fn keys(&self) -> &[u64] {
        match self {
            Self::Read(keys) | Self::Hole(keys) => keys,
            Self::Unread => &[],
        }
    }
}

/// The newest records, which the cache does not cover, with what their certificates say.
#[derive(Debug)]
pub(super) struct Tail {
    /// `ca.db`, open.
    index: File,
    /// Where they begin.
    from: u64,
    /// Where the last of them ends.
    pub(super) end: u64,
    pub(super) records: Vec<(LocatedRecord, Content)>,
    /// Where their keys lead, sorted; `None` as long as a certificate is missing.
    pub(super) entries: Option<Arc<Vec<Entry>>>,
}

impl Tail {
    /// Of a file from an offset on: what was remembered of it, or nothing yet. `None` where the file cannot be kept open.
    pub(super) fn of(index: &RecordFinder, from: u64, before: Option<Self>) -> Option<Self> {
        let is_its =
            |tail: &Self| index.is_of(&tail.index) && tail.from == from && tail.end <= index.length();
        before.filter(is_its).or_else(|| {
            Some(Self {
                index: index.file()?,
                from,
                end: from,
                records: Vec::new(),
                entries: None,
            })
        })
    }

    /// Where the keys lead, if nothing came since.
    pub(super) fn unchanged(&self, index: &RecordFinder) -> Option<Arc<Vec<Entry>>> {
        self.entries.clone().filter(|_| self.end == index.length())
    }

    /// Whether the certificate of each was read.
    pub(super) fn is_whole(&self) -> bool {
        !self.records.iter().any(|(_, content)| content.is_hole())
    }

    /// Takes what comes next. Lines that are not whole may still be being written.
    pub(super) fn take(&mut self, next: impl IntoIterator<Item = (LocatedRecord, Content)>) {
        for (found, content) in next {
            if found.is_whole && found.offset >= self.end {
                self.end = found.end();
                self.records.push((found, content));
            }
        }
    }

    /// Itself, unless it is too long to be remembered.
    pub(super) fn kept(self) -> Option<Self> {
        (self.records.len() <= MAX_RECORDS).then_some(self)
    }
}

/// What the last look has seen. It saves reading, and is never an answer: whoever finds a record by it reads record and certificate.
#[derive(Debug, Default)]
pub(super) struct Seen {
    tail: Mutex<Option<Tail>>,
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
    /// The newest records as they were seen last. Looks wait for each other, so that none reads again what another is reading.
    pub(super) fn tail(&self) -> MutexGuard<'_, Option<Tail>> {
        lock(&self.tail)
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
