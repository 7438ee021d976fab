//! Which certificates name a host, and which are of a key, in a CA of any size: a cache beside `ca.db` for the older records, and a
//! look at the certificates of the newest.
//!
//! The cache costs time when it is missing, stale or wrong, and never an answer:
//! - each page has its digest, and the header says which `ca.db` is covered, how far, and the sum of all that is covered: after any
//!   change of `ca.db` it is compared, and on any difference the cache is made again;
//! - a record whose certificate was missing or could not be read is listed as a hole, and its file is looked for again each time;
//! - where a file is there and cannot be read, its record is found by every look that it could be meant by: the audit log says which names and key
//!   its certificate has, and where it does not, all are possible;
//! - what the cache says is only where to look: the caller reads record and certificate.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::sync::Arc;

use super::host_pages::{Coverage, DamagedPage, Entry, SortedPages, Stamp, digest, digest_of_name, merge};
use super::host_seen::{Content, Seen, Tail};
use super::unread::{Unread, unread};
use super::{LocatedRecord, RecordFinder};
use crate::files::{FileName, FilesError};
use crate::home::{CaDir, StoreError};
use crate::records::{Record, fits_record, host_names};
use gsec_env::{cores, parallel_map};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{
    Certificate, DistinguishedName, GeneralName, SerialNumber, TypedSubject, decode_certificates,
};

/// The newest records are never covered: the file of a reserved serial number may appear a moment later.
const NEVER_COVERED: usize = 64;
/// How many records are covered at once at least: with the newest 64, a tail of 512 is not merged yet.
const MERGED_AT_LEAST: u64 = 449;
/// How many entries are held in memory at most, about, before they are merged: 40 MB.
const MERGED_AT_MOST: usize = 1 << 20;
/// How many records are read before their certificates are, by all cores.
const BATCH: usize = 16 * 1024;
/// Below this, starting threads costs more than it saves.
const WORTH_THREADS: usize = 64;
/// The key of the entries of holes: records whose certificate could not be read when they were covered. A name that has this key by
/// chance is read once more each time.
const HOLE: u64 = 0;

/// Which certificates name a host or are of a key, in the index as it is when this is opened. Takes no lock.
pub struct HostIndex {
    ca_dir: CaDir,
    finder: RecordFinder,
    cache: Option<SortedPages>,
    /// Names and keys of the records outside the cache, and of its holes that have a certificate now, by key.
    uncovered: Arc<Vec<Entry>>,
    /// Records whose certificate is there and cannot be read.
    unread: Arc<Vec<Unread>>,
    /// What the look before has read.
    seen: Arc<Seen>,
}

impl HostIndex {
    /// Opens the index for many looks: what the cache does not cover is read now, once.
    ///
    /// Keeps `ca_conf/.hosts.idx`, and makes it anew, reading the certificate of every record, when it is missing, damaged, or
    /// of another `ca.db`; `progress` is called with the number of records read so far. That it cannot be
    /// written is not an error.
    ///
    /// # Errors
    /// [`StoreError::Files`] when the index or `repository/` cannot be read.
    pub(super) fn open(
        ca_dir: &CaDir,
        seen: &Arc<Seen>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, StoreError> {
        Self::open_for(ca_dir, seen, None, progress)
    }

    /// Another one over the same records, for another thread: nothing is read again.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn reopened(&self) -> Result<Self, StoreError> {
        let finder = RecordFinder::open(&self.ca_dir)?;
        let mut other = Self {
            ca_dir: self.ca_dir.clone(),
            finder,
            cache: None,
            uncovered: self.uncovered.clone(),
            unread: self.unread.clone(),
            seen: self.seen.clone(),
        };
        if self.cache.is_some() {
            other.cache = other.usable_cache(None)?.0;
        }
        // The cache was deleted, or another was put in its place.
        if other.cache.is_none() && self.cache.is_some() {
            Self::open(&self.ca_dir, &self.seen, &mut |_| {})
        } else {
            Ok(other)
        }
    }

    /// The records of certificates that name one host; see [`HostIndex::open`] and [`HostIndex::find`].
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn candidates(
        ca_dir: &CaDir,
        seen: &Arc<Seen>,
        name: &GeneralName,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Vec<LocatedRecord>, StoreError> {
        HostIndex::open_for(ca_dir, seen, Some(key_of(name)), progress)?.find(name)
    }

    /// The records of certificates of one key; see [`HostIndex::open`] and [`HostIndex::find_key`].
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn candidates_of_key(
        ca_dir: &CaDir,
        seen: &Arc<Seen>,
        key: &PublicKey,
    ) -> Result<Vec<LocatedRecord>, StoreError> {
        HostIndex::open_for(ca_dir, seen, Some(key_of_key(key)), &mut |_| {})?.find_key(key)
    }

    /// The records of certificates that name a host, as they were in `ca.db` when this was opened, the newest
    /// last. By digest of the name: the caller looks into the certificates. A certificate names every dNSName
    /// and iPAddress of its subjectAltName (see [`host_names`]); a wildcard is a name like any other. Where
    /// there is no certificate, the common names in `ca.db` are used.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn find(&mut self, name: &GeneralName) -> Result<Vec<LocatedRecord>, StoreError> {
        let key = key_of(name);
        self.find_entries(key, &|unread| unread.may_have_name(key))
    }

    /// The records of certificates of a public key ([`PublicKey::material`]), as they were in `ca.db` when
    /// this was opened, the newest last. By digest: the caller looks into the certificates.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn find_key(&mut self, key: &PublicKey) -> Result<Vec<LocatedRecord>, StoreError> {
        self.find_entries(key_of_key(key), &|unread| unread.may_have_key(key))
    }

    /// The records of CA certificates with a subject, in the same way; and of those of hosts whose common names are not all among the hosts
    /// that they name.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn find_authority(&mut self, name: &DistinguishedName) -> Result<Vec<LocatedRecord>, StoreError> {
        let subject = TypedSubject::parse(&name.openssl_oneline());
        self.find_entries(key_of_authority(name), &|unread| {
            unread.may_have_subject(subject.as_ref())
        })
    }

    /// The records that [`HostIndex::find_key`] finds for every key: their certificate cannot be read, and the audit log does not have its key.
    pub fn of_unknown_key(&self) -> Vec<LocatedRecord> {
        let unknown = self.unread.iter().filter(|unread| !unread.has_known_key());
        unknown.map(|unread| unread.found.clone()).collect()
    }

    /// The records under a key, and those that cannot be read and may be meant.
    fn find_entries(
        &mut self,
        key: u64,
        may_be_meant: &dyn Fn(&Unread) -> bool,
    ) -> Result<Vec<LocatedRecord>, StoreError> {
        let covered = match self.cache.as_ref().map(|cache| cache.find(key)) {
            None => Vec::new(),
            Some(Ok(entries)) => entries,
            Some(Err(DamagedPage)) => {
                self.cover(None, 0, Some(key), &mut |_| {})?;
                self.cache
                    .as_ref()
                    .and_then(|cache| cache.find(key).ok())
                    .unwrap_or_default()
            }
        };
        let start = self.uncovered.partition_point(|entry| entry.key() < key);
        let uncovered = self.uncovered[start..]
            .iter()
            .take_while(|entry| entry.key() == key);
        let drift = self.cache.as_ref().map_or(0, |cache| cache.covered.drift);
        let mut found = Vec::new();
        for entry in covered.iter().chain(uncovered) {
            found.extend(
                self.finder
                    .find_moved(&entry.serial(), Some(entry.offset()), drift)?,
            );
        }
        let possible = self.unread.iter().filter(|unread| may_be_meant(unread));
        found.extend(possible.map(|unread| unread.found.clone()));
        Ok(in_order(found))
    }

    /// Opens it; with a key for looks of this one only, so that a cache that cannot be written costs no memory.
    fn open_for(
        ca_dir: &CaDir,
        seen: &Arc<Seen>,
        only: Option<u64>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, StoreError> {
        expect_readable(ca_dir)?;
        let mut index = Self {
            ca_dir: ca_dir.clone(),
            finder: RecordFinder::open(ca_dir)?,
            cache: None,
            uncovered: Arc::default(),
            unread: Arc::default(),
            seen: seen.clone(),
        };
        let (cache, tail) = index.usable_cache(only)?;
        index.cover(cache, tail, only, progress)?;
        Ok(index)
    }

    /// The cache, unless it is of no use, and where the part of `ca.db` starts that it does not cover.
    fn usable_cache(&mut self, only: Option<u64>) -> Result<(Option<SortedPages>, u64), StoreError> {
        let path = self.ca_dir.host_index();
        let Some(mut cache) = SortedPages::open(&path) else {
            return Ok((None, 0));
        };
        let covered = cache.covered.clone();
        let last = self.finder.find(&covered.serial, Some(covered.offset))?;
        let Some(last) = last.filter(|last| identity_of(&last.record) == covered.identity) else {
            return Ok((None, 0));
        };
        let stamp = self.finder.stamp()?;
        let was_compared = self.seen.was_compared(&self.finder, &covered, last.offset);
        let is_unchanged = was_compared || (stamp.is_known() && stamp == covered.stamp);
        if !is_unchanged && !self.covers_all_before(&covered, last.end())? {
            return Ok((None, 0));
        }
        // Lines in front of the last one can have moved as far as it has, and no farther.
        cache.covered.drift = covered.drift.saturating_add(last.offset.abs_diff(covered.offset));
        let is_sound = cache.find(HOLE).is_ok() && only.is_none_or(|key| cache.find(key).is_ok());
        if !is_sound {
            return Ok((None, 0));
        }
        self.seen.compared(&self.finder, &covered, last.offset);
        if stamp != covered.stamp && !was_compared {
            cache.restamp(
                &path,
                Coverage {
                    offset: last.offset,
                    drift: cache.covered.drift,
                    stamp,
                    ..covered
                },
            );
        }
        Ok((Some(cache), last.end()))
    }

    /// Whether the records before an offset are those that the cache covers, and no others.
    fn covers_all_before(&mut self, covered: &Coverage, end: u64) -> Result<bool, StoreError> {
        let (mut records, mut sum) = (0_u64, 0_u64);
        for found in self.finder.records_from(0)? {
            let found = found?;
            if found.offset >= end {
                break;
            }
            records += 1;
            sum = sum.wrapping_add(identity_of(&found.record));
        }
        Ok((records, sum) == (covered.records, covered.digest))
    }

    /// Reads the certificates of all records from an offset on, and those of the holes of the cache, and covers those that are old
    /// enough.
    fn cover(
        &mut self,
        cache: Option<SortedPages>,
        from: u64,
        only: Option<u64>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), StoreError> {
        let stamp = self.finder.stamp()?;
        let covered_before = cache.as_ref().map(|cache| cache.covered.records);
        let seen = self.seen.clone();
        let mut remembered = seen.tail();
        let mut tail = Tail::of(&self.finder, from, remembered.take());
        let has_holes = |cache: &SortedPages| cache.find(HOLE).map_or(true, |holes| !holes.is_empty());
        if let Some(entries) = tail.as_ref().and_then(|tail| tail.unchanged(&self.finder))
            && !cache.as_ref().is_some_and(has_holes)
        {
            (self.cache, self.uncovered, *remembered) = (cache, entries, tail);
            self.unread = Arc::default();
            return Ok(());
        }
        let mut covering = Covering::new(&self.ca_dir, cache, only, stamp);
        covering.fill_holes(&mut self.finder)?;
        let mut done = 0;
        if let Some(tail) = &mut tail {
            look_again(&self.ca_dir, &mut tail.records)?;
            tail.records
                .iter()
                .for_each(|(found, content)| covering.hold(found, content.clone()));
            done = tail.records.len() as u64;
            if done > 0 {
                progress(done);
            }
        }
        let mut records = self
            .finder
            .records_from(tail.as_ref().map_or(from, |tail| tail.end))?;
        loop {
            let batch = records.by_ref().take(BATCH).collect::<Result<Vec<_>, _>>()?;
            if batch.is_empty() {
                break;
            }
            let contents = read_all(
                &self.ca_dir,
                &batch.iter().map(|found| &found.record).collect::<Vec<_>>(),
            )?;
            done += batch.len() as u64;
            let read = batch.into_iter().zip(contents);
            tail = match tail {
                Some(mut tail) => {
                    let read: Vec<_> = read.collect();
                    read.iter()
                        .for_each(|(found, content)| covering.hold(found, content.clone()));
                    tail.take(read);
                    tail.kept()
                }
                None => {
                    read.for_each(|(found, content)| covering.hold(&found, content));
                    None
                }
            };
            progress(done);
        }
        self.unread = Arc::new(unread(&self.ca_dir, std::mem::take(&mut covering.unread)));
        let (cache, uncovered) = covering.finish();
        (self.cache, self.uncovered) = (cache, Arc::new(uncovered));
        if let Some(tail) = &mut tail {
            let is_of_all = only.is_none() && tail.is_whole();
            tail.entries = is_of_all.then(|| self.uncovered.clone());
        }
        *remembered = tail;
        drop(remembered);
        if let Some(merged) = self
            .cache
            .as_ref()
            .map(|cache| &cache.covered)
            .filter(|covered| Some(covered.records) != covered_before)
        {
            self.seen.compared(&self.finder, merged, merged.offset);
        }
        Ok(())
    }
}

/// What was found, the newest last; of several lines of one serial number the last.
fn in_order(mut found: Vec<LocatedRecord>) -> Vec<LocatedRecord> {
    found.sort_by(|one, other| (&one.record.serial, other.offset).cmp(&(&other.record.serial, one.offset)));
    found.dedup_by(|later, kept| later.record.serial == kept.record.serial);
    found.sort_by_key(|found| found.offset);
    found
}

/// Whether every page of the cache is as it was written; `None` without a cache.
pub fn host_index_is_sound(ca_dir: &CaDir) -> Option<bool> {
    let path = ca_dir.host_index();
    path.symlink_metadata().ok()?;
    Some(SortedPages::open(&path).is_some_and(|cache| cache.is_sound()))
}

/// A folder that cannot be looked into would otherwise be one in which all files are missing.
fn expect_readable(ca_dir: &CaDir) -> Result<(), StoreError> {
    let repository = ca_dir.repository();
    repository
        .join(".")
        .metadata()
        .map(|_| ())
        .map_err(StoreError::io("read", &repository))
}

/// A name by the first 64 bits of SHA-256 of its lower-case form with its kind: `dns:db1.example.com`, `ip:10.0.0.5`.
fn key_of(name: &GeneralName) -> u64 {
    digest_of_name(&name.to_string())
}

/// A public key in the same way: `key:` and its digest.
fn key_of_key(key: &PublicKey) -> u64 {
    digest(&[&b"key:"[..], &key.material()].concat())
}

/// The name of a CA in the same way: `ca:` and what comparison leaves of it.
fn key_of_authority(name: &DistinguishedName) -> u64 {
    digest(format!("ca:{}", name.folded()).as_bytes())
}

/// What of a line stays the same whatever becomes of the certificate.
fn identity_of(record: &Record) -> u64 {
    let content = record.serial.content();
    let expiry = record.expiry.unix_timestamp().to_be_bytes();
    [content.as_slice(), &expiry, record.subject.as_bytes()]
        .into_iter()
        .fold(0, mixed)
}

/// A number that depends on every byte: quick, because a million records are compared, and no defense against
/// an attacker, who could as well write another `ca.db`.
fn mixed(start: u64, bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(step(start, bytes.len() as u64), |sum, word| {
        step(sum, u64::from_le_bytes(*word))
    });
    rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}

/// The certificates of records, read by all cores.
fn read_all(ca_dir: &CaDir, records: &[&Record]) -> Result<Vec<Content>, StoreError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let issuer = ca_dir
        .read(&ca_dir.ca_certificate())
        .ok()
        .and_then(|content| decode_certificates(&content).ok()?.into_iter().next());
    let issuer = issuer.as_ref().map(Certificate::subject);
    let workers = if records.len() < WORTH_THREADS { 1 } else { cores() };
    parallel_map(workers, records.len(), |index| {
        read_content(ca_dir, records[index], issuer)
    })
    .into_iter()
    .collect()
}

/// Looks again for the certificates that were missing.
fn look_again(ca_dir: &CaDir, records: &mut [(LocatedRecord, Content)]) -> Result<(), StoreError> {
    let holes: Vec<&mut (LocatedRecord, Content)> = records
        .iter_mut()
        .filter(|(_, content)| content.is_hole())
        .collect();
    let contents = read_all(
        ca_dir,
        &holes.iter().map(|(found, _)| &found.record).collect::<Vec<_>>(),
    )?;
    for ((_, content), now) in holes.into_iter().zip(contents) {
        *content = now;
    }
    Ok(())
}

/// The keys of one certificate. A file that is missing or does not decode has none: other commands report it. What fails for the whole
/// process, such as too many open files, is an error.
fn read_content(
    ca_dir: &CaDir,
    record: &Record,
    issuer: Option<&DistinguishedName>,
) -> Result<Content, StoreError> {
    let content = match ca_dir.read(&ca_dir.in_repository(&FileName::certificate(&record.serial))) {
        Ok(content) => content,
        Err(StoreError::Files(FilesError::Io { source, .. })) if source.kind() == io::ErrorKind::NotFound => {
            return Ok(Content::Hole(Vec::new()));
        }
        Err(error @ StoreError::Files(FilesError::Io { .. })) if !is_not_permitted(&error) => {
            return Err(error);
        }
        Err(_) => return Ok(Content::Unread),
    };
    let certificate = decode_certificates(&content)
        .ok()
        .and_then(|certificates| certificates.into_iter().next());
    let Some(certificate) = certificate.filter(|certificate| *certificate.serial() == record.serial) else {
        return Ok(Content::Hole(Vec::new()));
    };
    // Of hosts, only a subject that does not say itself under which name it is found.
    let is_found_by_name = !certificate.is_authority() && is_named_by_common_names(&certificate);
    let authority = (!is_found_by_name).then(|| key_of_authority(certificate.subject()));
    let keys = host_names(&certificate)
        .iter()
        .map(key_of)
        .chain([key_of_key(certificate.public_key())])
        .chain(authority)
        .collect();
    let is_ours = issuer.is_none_or(|issuer| certificate.issuer() == issuer);
    Ok(if is_ours && fits_record(&certificate, record) {
        Content::Read(keys)
    } else {
        Content::Hole(keys)
    })
}

fn is_not_permitted(error: &StoreError) -> bool {
    matches!(error, StoreError::Files(FilesError::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied)
}

fn is_named_by_common_names(certificate: &Certificate) -> bool {
    let (common_names, hosts) = (certificate.subject().common_names(), host_names(certificate));
    !common_names.is_empty()
        && common_names
            .iter()
            .all(|name| GeneralName::parse_host(name).is_ok_and(|name| hosts.contains(&name)))
}

/// A record that was read and is not covered yet.
struct Held {
    serial: SerialNumber,
    offset: u64,
    identity: u64,
    content: Content,
    /// The keys of the common names in the record, for a hole.
    recorded: Vec<u64>,
}

impl Held {
    /// Where its keys lead.
    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.content
            .keys()
            .iter()
            .chain(&self.recorded)
            .map(|key| Entry::new(*key, self.offset, &self.serial))
    }

    /// That it is a hole.
    fn hole(&self) -> Option<Entry> {
        self.content
            .is_hole()
            .then(|| Entry::new(HOLE, self.offset, &self.serial))
    }
}

/// Carries the cache forward over records in their order.
struct Covering<'a> {
    ca_dir: &'a CaDir,
    cache: Option<SortedPages>,
    /// Whose entries are kept that are not in the cache; `None` for all.
    only: Option<u64>,
    stamp: Stamp,
    held: VecDeque<Held>,
    entries: Vec<Entry>,
    /// Holes of the cache that have a certificate now, with what it says.
    filled: Vec<(Entry, Vec<Entry>)>,
    /// What a cache that cannot be written would have.
    unwritten: Vec<Entry>,
    /// Records whose certificate is there and cannot be read.
    unread: Vec<LocatedRecord>,
    /// How many records are to be covered that are not yet.
    waiting: u64,
    /// What is covered with them.
    last: Option<Coverage>,
    /// How many records are covered, and their sum.
    covered: (u64, u64),
    can_write: bool,
}

impl<'a> Covering<'a> {
    fn new(ca_dir: &'a CaDir, cache: Option<SortedPages>, only: Option<u64>, stamp: Stamp) -> Self {
        let covered = cache
            .as_ref()
            .map_or((0, 0), |cache| (cache.covered.records, cache.covered.digest));
        let (held, entries, filled, unwritten) = (VecDeque::new(), Vec::new(), Vec::new(), Vec::new());
        Self {
            ca_dir,
            cache,
            only,
            stamp,
            held,
            entries,
            filled,
            unwritten,
            unread: Vec::new(),
            waiting: 0,
            last: None,
            covered,
            can_write: true,
        }
    }

    /// Looks again for the certificates that were missing. One that does not fit its record is found this time, and stays a hole.
    fn fill_holes(&mut self, finder: &mut RecordFinder) -> Result<(), StoreError> {
        let Some(cache) = &self.cache else { return Ok(()) };
        let (mut holes, mut records): (Vec<Entry>, Vec<LocatedRecord>) = (Vec::new(), Vec::new());
        // A repository without its old certificates has holes by the thousand: what has no file costs no more than a look for it.
        let has_file = |hole: &Entry| {
            self.ca_dir
                .in_repository(&FileName::certificate(&hole.serial()))
                .symlink_metadata()
                .map_or_else(|error| error.kind() != io::ErrorKind::NotFound, |_| true)
        };
        for hole in cache.find(HOLE).unwrap_or_default().into_iter().filter(has_file) {
            if let Some(found) =
                finder.find_moved(&hole.serial(), Some(hole.offset()), cache.covered.drift)?
            {
                holes.push(hole);
                records.push(found);
            }
        }
        let contents = read_all(
            self.ca_dir,
            &records.iter().map(|found| &found.record).collect::<Vec<_>>(),
        )?;
        for ((hole, found), content) in holes.into_iter().zip(records).zip(contents) {
            let (offset, serial) = (hole.offset(), hole.serial());
            let entries = content.keys().iter().map(|key| Entry::new(*key, offset, &serial));
            match content {
                Content::Read(_) => self.filled.push((hole, entries.collect())),
                Content::Hole(_) => self
                    .unwritten
                    .extend(entries.filter(|entry| self.only.is_none_or(|key| entry.key() == key))),
                Content::Unread => self.unread.push(found),
            }
        }
        Ok(())
    }

    /// Takes the next record.
    fn hold(&mut self, found: &LocatedRecord, content: Content) {
        let record = &found.record;
        if matches!(content, Content::Unread) {
            self.unread.push(found.clone());
        }
        let recorded = if content.is_hole() {
            record.host_names().iter().map(key_of).collect()
        } else {
            Vec::new()
        };
        self.held.push_back(Held {
            serial: record.serial.clone(),
            offset: found.offset,
            identity: identity_of(record),
            content,
            recorded,
        });
        if self.held.len() > NEVER_COVERED {
            self.cover_oldest();
        }
        if self.entries.len() >= MERGED_AT_MOST {
            self.merge();
        }
    }

    /// After the last record: writes the cache when it is worth it. Returns the cache, and the entries that are not in it, sorted.
    fn finish(mut self) -> (Option<SortedPages>, Vec<Entry>) {
        if self.waiting.saturating_add(self.filled.len() as u64) >= MERGED_AT_LEAST {
            self.merge();
        }
        self.entries.extend(self.held.iter().flat_map(Held::entries));
        self.entries
            .extend(self.filled.drain(..).flat_map(|(_, entries)| entries));
        self.set_unwritten_aside();
        self.unwritten.sort_unstable();
        (self.cache, self.unwritten)
    }

    fn cover_oldest(&mut self) {
        let Some(oldest) = self.held.pop_front() else {
            return;
        };
        self.waiting += 1;
        self.covered = (self.covered.0 + 1, self.covered.1.wrapping_add(oldest.identity));
        self.entries.extend(oldest.entries().chain(oldest.hole()));
        let (records, digest) = self.covered;
        let drift = self.cache.as_ref().map_or(0, |cache| cache.covered.drift);
        let Held {
            serial,
            offset,
            identity,
            ..
        } = oldest;
        self.last = Some(Coverage {
            serial,
            offset,
            identity,
            drift,
            records,
            digest,
            stamp: self.stamp,
        });
    }

    /// Writes the cache. It may well not be possible, in a directory that is read-only: then the records are read again
    /// the next time.
    fn merge(&mut self) {
        let covered = self.last.take().or_else(|| {
            self.cache.as_ref().map(|cache| Coverage {
                stamp: self.stamp,
                ..cache.covered.clone()
            })
        });
        if let Some(covered) = covered.filter(|_| self.can_write) {
            let gone: HashSet<Entry> = self.filled.iter().map(|(hole, _)| *hole).collect();
            let mut new: Vec<Entry> = self
                .filled
                .iter()
                .flat_map(|(_, entries)| entries)
                .chain(&self.entries)
                .copied()
                .collect();
            new.sort_unstable();
            let path = self.ca_dir.host_index();
            match merge(&path, self.cache.as_ref(), &new, &gone, covered) {
                Ok(merged) => {
                    self.cache = Some(merged);
                    self.entries.clear();
                    self.filled.clear();
                    self.waiting = 0;
                }
                Err(error) => {
                    self.can_write = false;
                    if error.kind() == io::ErrorKind::InvalidData {
                        // The next look makes it anew.
                        let _ = std::fs::remove_file(&path);
                    }
                }
            }
        }
        self.set_unwritten_aside();
    }

    fn set_unwritten_aside(&mut self) {
        let only = self.only;
        self.unwritten.extend(
            self.entries
                .drain(..)
                .filter(|entry| entry.key() != HOLE && only.is_none_or(|key| entry.key() == key)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    struct Ca {
        _folder: tempfile::TempDir,
        ca_dir: CaDir,
        issued: u64,
    }

    fn serial(number: u64) -> SerialNumber {
        SerialNumber::parse_hex(&format!("{number:X}")).expect("a number")
    }

    fn name(text: &str) -> GeneralName {
        GeneralName::parse_host(text).expect("a host")
    }

    /// Certificates of one key, of these names and this common name; for `x` that of the record.
    struct Model {
        params: rcgen::CertificateParams,
        key: rcgen::KeyPair,
        is_as_recorded: bool,
    }

    impl Model {
        fn pem(&self, number: u64) -> String {
            let mut params = self.params.clone();
            params.not_after = time::OffsetDateTime::from_unix_timestamp(2_109_096_900).expect("a time");
            if self.is_as_recorded {
                params
                    .distinguished_name
                    .push(rcgen::DnType::CommonName, format!("host{number}"));
            }
            params.serial_number = Some(rcgen::SerialNumber::from_slice(&serial(number).content()));
            params.self_signed(&self.key).expect("certificate").pem()
        }
    }

    fn certificate(common_name: &str, names: &[&str]) -> Model {
        let mut params =
            rcgen::CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
                .expect("names");
        params.distinguished_name = rcgen::DistinguishedName::new();
        let is_as_recorded = common_name == "x";
        if !is_as_recorded {
            params
                .distinguished_name
                .push(rcgen::DnType::CommonName, common_name);
        }
        Model {
            params,
            key: rcgen::KeyPair::generate().expect("key"),
            is_as_recorded,
        }
    }

    impl Ca {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("folder");
            let ca_dir = CaDir::at(folder.path());
            std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
            std::fs::create_dir(ca_dir.repository()).expect("repository");
            std::fs::write(ca_dir.index(), "").expect("ca.db");
            Self {
                _folder: folder,
                ca_dir,
                issued: 0,
            }
        }

        /// Records so many certificates.
        fn issue(&mut self, count: u64, model: &Model) {
            let first = self.issued + 1;
            self.record(count);
            (first..=self.issued).for_each(|number| self.put(number, model));
        }

        fn record(&mut self, count: u64) {
            let mut lines = self.index();
            for number in self.issued + 1..=self.issued + count {
                writeln!(
                    lines,
                    "V\t361031201500Z\t\t{}\tunknown\t/CN=host{number}",
                    serial(number)
                )
                .expect("a string");
            }
            std::fs::write(self.ca_dir.index(), lines).expect("ca.db");
            self.issued += count;
        }

        fn index(&self) -> String {
            std::fs::read_to_string(self.ca_dir.index()).expect("ca.db")
        }

        fn put(&self, number: u64, model: &Model) {
            std::fs::write(
                self.ca_dir.in_repository(&FileName::certificate(&serial(number))),
                model.pem(number),
            )
            .expect("certificate");
        }

        /// Serial numbers of the candidates, and how many certificates were read for it.
        fn look(&self, host: &str) -> (Vec<u64>, u64) {
            self.look_again(&Arc::default(), host)
        }

        /// The same by a process that has looked before.
        fn look_again(&self, seen: &Arc<Seen>, host: &str) -> (Vec<u64>, u64) {
            let mut read = 0;
            let found = HostIndex::candidates(&self.ca_dir, seen, &name(host), &mut |done| read = done)
                .expect("read");
            (
                found
                    .iter()
                    .map(|found| u64::from_str_radix(&found.record.serial.to_string(), 16).expect("small"))
                    .collect(),
                read,
            )
        }

        fn cache(&self) -> std::path::PathBuf {
            self.ca_dir.host_index()
        }
    }

    /// 2000 certificates of one name, but number 5 and the last one, which have others; the cache is there.
    fn filled() -> Ca {
        let mut ca = Ca::new();
        ca.issue(1999, &certificate("x", &["bulk.example.com"]));
        ca.put(5, &certificate("x", &["DB5.example.com", "10.0.0.5"]));
        ca.issue(1, &certificate("x", &["new.example.com"]));
        assert_eq!(
            ca.look("db5.example.com"),
            (vec![5], 2000),
            "all were read to make the cache"
        );
        ca
    }

    #[test]
    fn names_are_found_in_the_cache_and_after_it() {
        let ca = filled();
        assert_eq!(
            ca.look("db5.EXAMPLE.com"),
            (vec![5], 64),
            "only the newest are read again"
        );
        assert_eq!(ca.look("10.0.0.5"), (vec![5], 64));
        assert_eq!(ca.look("new.example.com"), (vec![2000], 64));
        assert_eq!(ca.look("other.example.com"), (vec![], 64));
        assert_eq!(ca.look("bulk.example.com").0.len(), 1998);
    }

    #[test]
    fn small_ca_has_no_cache() {
        let mut ca = Ca::new();
        ca.issue(512, &certificate("x", &["bulk.example.com"]));
        assert_eq!(ca.look("bulk.example.com").0.len(), 512);
        assert!(!ca.cache().exists());
        ca.issue(1, &certificate("x", &["new.example.com"]));
        assert_eq!(ca.look("new.example.com"), (vec![513], 513));
        assert!(ca.cache().exists());
    }

    #[test]
    fn records_after_the_cache_are_merged_into_it_when_they_are_many() {
        let mut ca = filled();
        ca.issue(500, &certificate("x", &["later.example.com"]));
        assert_eq!(ca.look("db5.example.com"), (vec![5], 564));
        assert_eq!(ca.look("db5.example.com"), (vec![5], 64));
        let later: Vec<u64> = (2001..=2500).collect();
        assert_eq!(ca.look("later.example.com"), (later, 64));
    }

    #[test]
    fn lines_that_moved_and_changed_are_found_as_they_are_now() {
        let ca = filled();
        let revoked = ca.index().replace(
            "V\t361031201500Z\t\t",
            "R\t361031201500Z\t261121201500Z,keyCompromise\t",
        );
        std::fs::write(ca.ca_dir.index(), "# a long note\n".repeat(20_000) + &revoked).expect("ca.db");
        let found = HostIndex::candidates(
            &ca.ca_dir,
            &Arc::default(),
            &name("db5.example.com"),
            &mut |done| assert_eq!(done, 64),
        )
        .expect("read");
        assert_eq!(
            found.iter().map(|found| found.record.status).collect::<Vec<_>>(),
            [crate::records::RecordStatus::Revoked]
        );
    }

    #[test]
    fn record_that_is_gone_is_no_candidate() {
        let ca = filled();
        std::fs::write(
            ca.ca_dir.index(),
            ca.index().replace("05\tunknown\t/CN=host5\n", "gone\n"),
        )
        .expect("ca.db");
        assert_eq!(
            ca.look("db5.example.com"),
            (vec![], 1999),
            "the cache is from another index"
        );
    }

    #[test]
    fn cache_that_is_damaged_or_of_another_index_is_made_anew() {
        let ca = filled();
        let sound = std::fs::read(ca.cache()).expect("read");
        for content in [
            Vec::new(),
            sound[..5000].to_vec(),
            vec![0; sound.len()],
            [&sound[..4096], &vec![0; sound.len() - 4096]].concat(),
        ] {
            std::fs::write(ca.cache(), content).expect("write");
            assert_eq!(ca.look("db5.example.com"), (vec![5], 2000));
            assert_eq!(ca.look("db5.example.com"), (vec![5], 64));
        }
        std::fs::write(ca.ca_dir.index(), ca.index().replace("/CN=host", "/CN=other")).expect("ca.db");
        assert_eq!(
            ca.look("db5.example.com"),
            (vec![5], 2000),
            "the same numbers of another CA"
        );
    }

    #[test]
    fn files_that_appear_later_are_found_however_old_their_records_are() {
        let mut ca = Ca::new();
        let bulk = certificate("x", &["bulk.example.com"]);
        ca.issue(1000, &bulk);
        ca.record(2);
        ca.issue(5000, &bulk);
        assert_eq!(ca.look("late.example.com"), (vec![], 6002));
        ca.put(1001, &certificate("x", &["late.example.com"]));
        assert_eq!(
            ca.look("late.example.com"),
            (vec![1001], 64),
            "the cache says that it was missing"
        );
        std::fs::write(
            ca.ca_dir.in_repository(&FileName::certificate(&serial(1002))),
            "damaged",
        )
        .expect("write");
        assert_eq!(ca.look("late.example.com"), (vec![1001], 64));
        ca.put(1002, &certificate("x", &["late.example.com"]));
        assert_eq!(ca.look("late.example.com"), (vec![1001, 1002], 64));
    }

    #[test]
    fn many_files_that_appear_later_are_merged_into_the_cache() {
        let mut ca = Ca::new();
        ca.record(1000);
        ca.issue(64, &certificate("x", &["bulk.example.com"]));
        assert_eq!(ca.look("late.example.com"), (vec![], 1064));
        let late = certificate("x", &["late.example.com"]);
        (1..=1000).for_each(|number| ca.put(number, &late));
        assert_eq!(ca.look("late.example.com").0.len(), 1000);
        std::fs::remove_dir_all(ca.ca_dir.repository()).expect("remove");
        std::fs::create_dir(ca.ca_dir.repository()).expect("repository");
        assert_eq!(ca.look("late.example.com").0.len(), 1000, "the cache has them");
    }

    #[test]
    fn record_without_a_file_counts_under_its_common_name() {
        let mut ca = Ca::new();
        ca.record(600);
        assert_eq!(ca.look("host7").0, [7]);
        assert_eq!(ca.look("host599").0, [599]);
    }

    #[test]
    fn file_of_another_serial_number_is_looked_at_again() {
        let mut ca = Ca::new();
        ca.issue(600, &certificate("x", &["bulk.example.com"]));
        let six = certificate("x", &["six.example.com"]);
        std::fs::write(
            ca.ca_dir.in_repository(&FileName::certificate(&serial(6))),
            six.pem(7),
        )
        .expect("write");
        assert!(ca.look("seven.example.com").0.is_empty());
        ca.put(6, &certificate("x", &["seven.example.com"]));
        assert_eq!(ca.look("seven.example.com"), (vec![6], 64));
    }

    #[test]
    fn file_of_another_authority_with_the_same_serial_number_is_looked_at_again() {
        let mut ca = Ca::new();
        ca.issue(600, &certificate("x", &["bulk.example.com"]));
        let (wrong, right) = (
            certificate("other", &["wrong.example.com"]),
            certificate("x", &["right.example.com"]),
        );
        ca.put(6, &wrong);
        assert!(ca.look("right.example.com").0.is_empty());
        assert_eq!(
            (ca.look("wrong.example.com").0, ca.look("host6").0),
            (vec![6], vec![6])
        );
        ca.put(6, &right);
        assert_eq!(ca.look("right.example.com"), (vec![6], 64));
        // The other way round: the cache knows the right one, and a hole that is filled by what does not fit is found, too.
        ca.record(1);
        ca.issue(600, &certificate("x", &["bulk.example.com"]));
        assert!(ca.look("spelled.example.com").0.is_empty());
        ca.put(601, &certificate("spelled", &["spelled.example.com"]));
        assert_eq!(ca.look("spelled.example.com").0, [601]);
        assert_eq!(ca.look("spelled.example.com").0, [601]);
    }

    #[test]
    fn cache_of_an_index_into_which_lines_were_put_is_made_anew() {
        let ca = filled();
        assert_eq!(ca.look("early.example.com"), (vec![], 64));
        let line = "V\t361031201500Z\t\t0FFF\tunknown\t/CN=early\n";
        let index = ca.index();
        let middle = index.match_indices('\n').nth(100).expect("a line").0 + 1;
        std::fs::write(
            ca.ca_dir.index(),
            format!("{}{line}{}", &index[..middle], &index[middle..]),
        )
        .expect("ca.db");
        ca.put(0xFFF, &certificate("x", &["early.example.com"]));
        assert_eq!(ca.look("early.example.com"), (vec![0xFFF], 2001));
        assert_eq!(ca.look("early.example.com"), (vec![0xFFF], 64));
    }

    #[test]
    fn process_that_lives_on_reads_each_certificate_once_and_sees_every_new_one() {
        let mut ca = filled();
        let seen = Arc::default();
        assert_eq!(ca.look_again(&seen, "new.example.com").0, [2000]);
        // What was read is not read again.
        std::fs::remove_file(ca.ca_dir.in_repository(&FileName::certificate(&serial(2000)))).expect("a file");
        assert_eq!(ca.look_again(&seen, "new.example.com").0, [2000]);
        assert_eq!(
            ca.look("new.example.com").0,
            [0; 0],
            "another process finds a hole"
        );
        // The record comes first, and its certificate a moment later.
        ca.record(1);
        assert_eq!(ca.look_again(&seen, "late.example.com").0, [0; 0]);
        ca.put(2001, &certificate("x", &["late.example.com"]));
        assert_eq!(ca.look_again(&seen, "late.example.com").0, [2001]);
        // More than the cache is merged for.
        ca.issue(600, &certificate("x", &["many.example.com"]));
        assert_eq!(ca.look_again(&seen, "many.example.com").0.len(), 600);
        assert_eq!(ca.look_again(&seen, "late.example.com"), (vec![2001], 64));
    }

    #[test]
    fn process_that_lives_on_notices_lines_that_were_put_between_others_and_another_file() {
        let ca = filled();
        let seen = Arc::default();
        assert_eq!(ca.look_again(&seen, "early.example.com"), (vec![], 64));
        let (index, line) = (ca.index(), "V\t361031201500Z\t\t0FFF\tunknown\t/CN=early\n");
        let middle = index.match_indices('\n').nth(100).expect("a line").0 + 1;
        let with_line = format!("{}{line}{}", &index[..middle], &index[middle..]);
        std::fs::write(ca.ca_dir.index(), &with_line).expect("ca.db");
        ca.put(0xFFF, &certificate("x", &["early.example.com"]));
        assert_eq!(ca.look_again(&seen, "early.example.com"), (vec![0xFFF], 2001));
        // Another file with another line of the same length.
        let other = with_line.replace("0FFF", "0FFE");
        std::fs::write(ca.ca_dir.conf().join("new"), other).expect("a file");
        std::fs::rename(ca.ca_dir.conf().join("new"), ca.ca_dir.index()).expect("renamed");
        ca.put(0xFFE, &certificate("x", &["other.example.com"]));
        assert_eq!(ca.look_again(&seen, "other.example.com"), (vec![0xFFE], 2001));
    }

    #[test]
    fn certificates_of_a_key_are_found_in_the_cache_and_after_it() {
        let mut ca = Ca::new();
        let one = certificate("x", &["one.example.com"]);
        let key = decode_certificates(one.pem(1).as_bytes()).expect("PEM")[0]
            .public_key()
            .clone();
        ca.issue(1, &one);
        ca.issue(700, &certificate("x", &["bulk.example.com"]));
        ca.issue(1, &one);
        let find = |ca: &Ca| {
            HostIndex::candidates_of_key(&ca.ca_dir, &Arc::default(), &key)
                .expect("read")
                .into_iter()
                .map(|found| found.record.serial)
                .collect::<Vec<_>>()
        };
        assert_eq!(find(&ca), [serial(1), serial(702)]);
        assert_eq!(find(&ca), [serial(1), serial(702)]);
        assert_eq!(ca.look("one.example.com").0, [1, 702]);
    }

    #[test]
    fn directory_that_cannot_be_written_is_no_error() {
        let mut ca = Ca::new();
        ca.issue(600, &certificate("x", &["bulk.example.com"]));
        // A folder in its place: for root, modes refuse nothing.
        std::fs::create_dir(ca.cache()).expect("folder");
        assert_eq!(ca.look("bulk.example.com").0.len(), 600);
        assert_eq!(
            std::fs::read_dir(ca.ca_dir.conf()).expect("list").count(),
            2,
            "no temporary file stays"
        );
    }

    #[test]
    fn certificate_without_alternative_names_counts_under_its_common_name() {
        let mut ca = Ca::new();
        ca.issue(1, &certificate("old.example.com", &[]));
        ca.issue(1, &certificate("old.example.com", &["new.example.com"]));
        assert_eq!(ca.look("old.example.com").0, [1]);
        assert_eq!(ca.look("new.example.com").0, [2]);
    }

    /// Puts a directory in the place of a certificate.
    fn hide(ca: &Ca, number: u64) {
        let path = ca.ca_dir.in_repository(&FileName::certificate(&serial(number)));
        std::fs::remove_file(&path).expect("a file");
        std::fs::create_dir(path).expect("a directory");
    }

    #[test]
    fn certificate_that_cannot_be_read_is_found_by_every_look_that_may_mean_it() {
        let mut ca = filled();
        hide(&ca, 2000);
        assert_eq!(
            ca.look("other.example.com").0,
            [2000],
            "nothing says that it is not meant"
        );
        let log = |names: &str| {
            let line = format!(
                "{{\"serial\":\"{}\",{names}\"key_material\":\"00\"}}\n",
                serial(2000)
            );
            std::fs::write(ca.ca_dir.audit_log(), line).expect("audit.log");
        };
        log(r#""names":["dns:new.example.com"],"#);
        assert_eq!(ca.look("other.example.com").0, [] as [u64; 0]);
        assert_eq!(ca.look("new.example.com").0, [2000]);
        let many: Vec<String> = (0..100)
            .map(|number| format!("\"dns:h{number}.example.com\""))
            .collect();
        for hidden in [
            "",
            r#""names":"[hidden]","#,
            &format!("\"names\":[{}],", many.join(",")),
        ] {
            log(hidden);
            assert_eq!(ca.look("other.example.com").0, [2000], "{hidden}");
        }
        // That of a CA has none.
        log(r#""path_len":0,"#);
        assert_eq!(ca.look("other.example.com").0, [] as [u64; 0]);
        let key = |ca: &Ca| {
            let key = decode_certificates(certificate("x", &[]).pem(1).as_bytes()).expect("PEM")[0]
                .public_key()
                .clone();
            let found = HostIndex::candidates_of_key(&ca.ca_dir, &Arc::default(), &key);
            found.expect("read").len()
        };
        assert_eq!(key(&ca), 0, "the log says that it has another key");
        std::fs::remove_file(ca.ca_dir.audit_log()).expect("audit.log");
        assert_eq!(key(&ca), 1);
        // Covered by the cache while it could not be read, it is looked for again each time.
        ca.issue(1000, &certificate("x", &["bulk.example.com"]));
        let seen = Arc::default();
        for _ in 0..2 {
            assert_eq!(ca.look_again(&seen, "other.example.com").0, [2000]);
        }
        std::fs::remove_dir(ca.ca_dir.in_repository(&FileName::certificate(&serial(2000)))).expect("removed");
        ca.put(2000, &certificate("x", &["other.example.com"]));
        assert_eq!(ca.look_again(&seen, "other.example.com").0, [2000]);
        assert_eq!(ca.look_again(&seen, "another.example.com").0, [] as [u64; 0]);
    }

    #[test]
    fn repository_that_cannot_be_looked_into_is_an_error() {
        let ca = filled();
        std::fs::remove_dir_all(ca.ca_dir.repository()).expect("remove");
        assert!(matches!(
            HostIndex::candidates(&ca.ca_dir, &Arc::default(), &name("x"), &mut |_| {}),
            Err(StoreError::Files(FilesError::Io { .. }))
        ));
    }
}
