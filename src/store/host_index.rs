//! Which certificates name a host, in a CA of any size: a cache beside `ca.db` for the older records, and a look at the
//! certificates of the newest. The cache may be deleted or damaged at any time; what it says is only where to look.

use std::collections::VecDeque;
use std::io;
use std::num::NonZero;
use std::path::PathBuf;

use super::host_pages::{Coverage, DamagedPage, Entry, SortedPages, digest, merge};
use super::{CaDir, FileName, LocatedRecord, RecordFinder, StoreError};
use crate::x509::{Certificate, GeneralName, SerialNumber, decode_certificates};

/// The newest records are never covered: the file of a reserved serial number may appear a moment later.
const NEVER_COVERED: usize = 64;
/// A record whose file is missing is not covered before so many others follow it.
const WAITS_FOR_FILE: usize = 4096;
/// How many records are covered at once at least: with the newest 64, a tail of 512 is not merged yet.
const MERGED_AT_LEAST: u64 = 449;
/// How many entries are held in memory at most, about, before they are merged: 40 MB.
const MERGED_AT_MOST: usize = 1 << 20;
/// How many records are read before their certificates are, by all cores.
const BATCH: usize = 16 * 1024;
/// Below this, starting threads costs more than it saves.
const WORTH_THREADS: usize = 64;

/// Which certificates name a host, in the index as it is when this is opened. Takes no lock.
pub struct HostIndex<'a> {
    ca_dir: &'a CaDir,
    finder: RecordFinder,
    cache: Option<SortedPages>,
    /// Names of the records that the cache does not cover, by key.
    uncovered: Vec<Entry>,
}

impl<'a> HostIndex<'a> {
    /// Opens the index for many looks: what the cache does not cover is read now, once.
    ///
    /// Keeps `ca_conf/.hosts.idx`, and makes it anew, reading the certificate of every record, when it is missing, damaged, or
    /// of another `ca.db`; `progress` is called with the number of records read so far. That it cannot be written is no error.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the index or `repository/` cannot be read.
    pub fn open(ca_dir: &'a CaDir, progress: &mut dyn FnMut(u64)) -> Result<Self, StoreError> {
        Self::open_for(ca_dir, None, progress)
    }

    /// Another one over the same records, for another thread: nothing is read again.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn reopened(&self) -> Result<Self, StoreError> {
        let finder = RecordFinder::open(self.ca_dir)?;
        let mut other = Self { ca_dir: self.ca_dir, finder, cache: None, uncovered: self.uncovered.clone() };
        if self.cache.is_some() {
            other.cache = other.usable_cache(None)?.0;
        }
        // Somebody has deleted the cache, or put another in its place.
        if other.cache.is_none() && self.cache.is_some() { Self::open(self.ca_dir, &mut |_| {}) } else { Ok(other) }
    }

    /// The records of certificates that name one host; see [`HostIndex::open`] and [`HostIndex::find`].
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn candidates(ca_dir: &CaDir, name: &GeneralName, progress: &mut dyn FnMut(u64)) -> Result<Vec<LocatedRecord>, StoreError> {
        HostIndex::open_for(ca_dir, Some(key_of(name)), progress)?.find(name)
    }

    /// The records of certificates that name a host, as they stood in `ca.db` when this was opened, the newest last. By digest
    /// of the name: the caller looks into the certificates. A certificate names every dNSName and iPAddress of its
    /// subjectAltName (see [`host_names`]); a wildcard is a name like any other.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn find(&mut self, name: &GeneralName) -> Result<Vec<LocatedRecord>, StoreError> {
        let key = key_of(name);
        let covered = match self.cache.as_ref().map(|cache| cache.find(key)) {
            None => Vec::new(),
            Some(Ok(entries)) => entries,
            Some(Err(DamagedPage)) => {
                self.cover(None, 0, Some(key), &mut |_| {})?;
                self.cache.as_ref().and_then(|cache| cache.find(key).ok()).unwrap_or_default()
            }
        };
        let start = self.uncovered.partition_point(|entry| entry.key() < key);
        let uncovered = self.uncovered[start..].iter().take_while(|entry| entry.key() == key);
        let drift = self.cache.as_ref().map_or(0, |cache| cache.covered.drift);
        let mut found = Vec::new();
        for entry in covered.iter().chain(uncovered) {
            found.extend(self.finder.find_moved(&entry.serial(), Some(entry.offset()), drift)?);
        }
        Ok(in_order(found))
    }

    /// Opens it; with a key for looks of this one only, so that a cache that cannot be written costs no memory.
    fn open_for(ca_dir: &'a CaDir, only: Option<u64>, progress: &mut dyn FnMut(u64)) -> Result<Self, StoreError> {
        expect_readable(ca_dir)?;
        let mut index = Self { ca_dir, finder: RecordFinder::open(ca_dir)?, cache: None, uncovered: Vec::new() };
        let (cache, tail) = index.usable_cache(only)?;
        index.cover(cache, tail, only, progress)?;
        Ok(index)
    }

    /// The cache, unless it is of no use, and where the part of `ca.db` begins that it does not cover.
    fn usable_cache(&mut self, only: Option<u64>) -> Result<(Option<SortedPages>, u64), StoreError> {
        let Some(mut cache) = SortedPages::open(&self.ca_dir.host_index()) else { return Ok((None, 0)) };
        let covered = cache.covered.clone();
        let last = self.finder.find(&covered.serial, Some(covered.offset))?;
        let Some(last) = last.filter(|last| identity_of(last) == covered.identity) else { return Ok((None, 0)) };
        // Lines in front of the last one can have moved as far as it has, and no farther.
        cache.covered.drift = covered.drift.saturating_add(last.offset.abs_diff(covered.offset));
        let is_sound = only.is_none_or(|key| cache.find(key).is_ok());
        Ok(if is_sound { (Some(cache), last.end()) } else { (None, 0) })
    }

    /// Reads the certificates of all records from an offset on, and covers those that are old enough.
    fn cover(&mut self, cache: Option<SortedPages>, from: u64, only: Option<u64>, progress: &mut dyn FnMut(u64)) -> Result<(), StoreError> {
        let mut covering = Covering::new(self.ca_dir, cache, only);
        let mut records = self.finder.records_from(from)?;
        let mut done = 0;
        loop {
            let batch = records.by_ref().take(BATCH).collect::<Result<Vec<_>, _>>()?;
            if batch.is_empty() {
                break;
            }
            let keys = read_all_keys(self.ca_dir, &batch)?;
            done += batch.len() as u64;
            batch.iter().zip(keys).for_each(|(record, keys)| covering.hold(record, keys));
            progress(done);
        }
        (self.cache, self.uncovered) = covering.finish();
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

/// The hosts that a certificate names: every dNSName and iPAddress of subjectAltName; without that extension, the common
/// names that parse as a host, as programs of old read them.
pub fn host_names(certificate: &Certificate) -> Vec<GeneralName> {
    let is_host = |name: &&GeneralName| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    match certificate.subject_alternative_names() {
        Some(names) => names.iter().filter(is_host).cloned().collect(),
        None => certificate.subject().common_names().iter().filter_map(|name| GeneralName::parse_host(name).ok()).collect(),
    }
}

impl CaDir {
    /// `ca_conf/.hosts.idx`: a cache that may be deleted at any time.
    pub fn host_index(&self) -> PathBuf {
        self.conf().join(".hosts.idx")
    }

    /// Whether every page of the cache is as it was written; `None` without a cache.
    pub fn host_index_is_sound(&self) -> Option<bool> {
        let path = self.host_index();
        path.symlink_metadata().ok()?;
        Some(SortedPages::open(&path).is_some_and(|cache| cache.is_sound()))
    }
}

/// A folder that cannot be looked into would otherwise be one in which all files are missing.
fn expect_readable(ca_dir: &CaDir) -> Result<(), StoreError> {
    let repository = ca_dir.repository();
    repository.join(".").metadata().map(|_| ()).map_err(StoreError::io("read", &repository))
}

/// A name by the first 64 bits of SHA-256 of its lower-case form with its kind: `dns:db1.example.com`, `ip:10.0.0.5`.
fn key_of(name: &GeneralName) -> u64 {
    digest(name.to_string().to_ascii_lowercase().as_bytes())
}

/// What of a line stays the same whatever becomes of the certificate.
fn identity_of(found: &LocatedRecord) -> u64 {
    digest(format!("{} {}", found.record.expiry.unix_timestamp(), found.record.subject).as_bytes())
}

/// The names of a certificate by their keys; `None` when there is no file that reads.
type Keys = Option<Vec<u64>>;

/// The keys of the names in each record's certificate, read by all cores.
fn read_all_keys(ca_dir: &CaDir, records: &[LocatedRecord]) -> Result<Vec<Keys>, StoreError> {
    let read = |records: &[LocatedRecord]| records.iter().map(|found| read_keys(ca_dir, &found.record.serial)).collect::<Result<Vec<_>, _>>();
    let workers = if records.len() < WORTH_THREADS { 1 } else { std::thread::available_parallelism().map_or(1, NonZero::get) };
    if workers == 1 {
        return read(records);
    }
    let shares = std::thread::scope(|scope| {
        let workers: Vec<_> = records.chunks(records.len().div_ceil(workers)).map(|share| scope.spawn(move || read(share))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(shares.into_iter().flatten().collect())
}

/// The keys of the names in one certificate. A file that is missing, may not be read or does not decode has none: other
/// commands report it. What fails for the whole process, such as too many open files, is an error.
fn read_keys(ca_dir: &CaDir, serial: &SerialNumber) -> Result<Keys, StoreError> {
    let content = match ca_dir.read(&ca_dir.in_repository(&FileName::certificate(serial))) {
        Ok(content) => content,
        Err(StoreError::Io { source, .. }) if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => return Ok(None),
        Err(error @ StoreError::Io { .. }) => return Err(error),
        Err(_) => return Ok(None),
    };
    let certificate = decode_certificates(&content).ok().and_then(|certificates| certificates.into_iter().next());
    Ok(certificate.map(|certificate| host_names(&certificate).iter().map(key_of).collect()))
}

/// A record that was read and is not covered yet.
struct Held {
    serial: SerialNumber,
    offset: u64,
    identity: u64,
    keys: Keys,
}

impl Held {
    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.keys.iter().flatten().map(|key| Entry::new(*key, self.offset, &self.serial))
    }
}

/// Carries the cache forward over records in their order.
struct Covering<'a> {
    ca_dir: &'a CaDir,
    cache: Option<SortedPages>,
    /// Whose entries are kept that are not in the cache; `None` for all.
    only: Option<u64>,
    drift: u64,
    held: VecDeque<Held>,
    entries: Vec<Entry>,
    /// What a cache that cannot be written would have.
    unwritten: Vec<Entry>,
    records: u64,
    last: Option<Coverage>,
    can_write: bool,
}

impl<'a> Covering<'a> {
    fn new(ca_dir: &'a CaDir, cache: Option<SortedPages>, only: Option<u64>) -> Self {
        let drift = cache.as_ref().map_or(0, |cache| cache.covered.drift);
        let (held, entries, unwritten) = (VecDeque::new(), Vec::new(), Vec::new());
        Self { ca_dir, cache, only, drift, held, entries, unwritten, records: 0, last: None, can_write: true }
    }

    /// Takes the next record; the oldest of those that wait is covered whether or not it has a file.
    fn hold(&mut self, found: &LocatedRecord, keys: Keys) {
        self.held.push_back(Held { serial: found.record.serial.clone(), offset: found.offset, identity: identity_of(found), keys });
        if self.held.len() > WAITS_FOR_FILE {
            self.cover_oldest();
        }
        if self.entries.len() >= MERGED_AT_MOST {
            self.merge();
        }
    }

    /// After the last record: covers what is old enough and has a file, and writes the cache when it is worth it. Returns the
    /// cache, and the entries that are not in it, sorted.
    fn finish(mut self) -> (Option<SortedPages>, Vec<Entry>) {
        while self.held.len() > NEVER_COVERED && self.held.front().is_some_and(|oldest| oldest.keys.is_some()) {
            self.cover_oldest();
        }
        if self.records >= MERGED_AT_LEAST {
            self.merge();
        }
        self.entries.extend(self.held.iter().flat_map(Held::entries));
        self.set_unwritten_aside();
        self.unwritten.sort_unstable();
        (self.cache, self.unwritten)
    }

    fn cover_oldest(&mut self) {
        let Some(oldest) = self.held.pop_front() else { return };
        self.records += 1;
        self.entries.extend(oldest.entries());
        self.last = Some(Coverage { serial: oldest.serial, offset: oldest.offset, identity: oldest.identity, drift: self.drift });
    }

    /// Writes the cache. It may well not be possible, in a directory that is read-only: then the records are read again
    /// the next time.
    fn merge(&mut self) {
        self.entries.sort_unstable();
        if let Some(covered) = self.last.take().filter(|_| self.can_write) {
            let path = self.ca_dir.host_index();
            match merge(&path, self.cache.as_ref(), &self.entries, covered) {
                Ok(merged) => {
                    self.cache = Some(merged);
                    self.entries.clear();
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
        self.unwritten.extend(self.entries.drain(..).filter(|entry| only.is_none_or(|key| entry.key() == key)));
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

    /// A certificate of these names, and of this common name.
    fn certificate(common_name: &str, names: &[&str]) -> String {
        let mut params = rcgen::CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).expect("names");
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, common_name);
        let key = rcgen::KeyPair::generate().expect("key");
        params.self_signed(&key).expect("certificate").pem()
    }

    impl Ca {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("folder");
            let ca_dir = CaDir::at(folder.path());
            std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
            std::fs::create_dir(ca_dir.repository()).expect("repository");
            std::fs::write(ca_dir.index(), "").expect("ca.db");
            Self { _folder: folder, ca_dir, issued: 0 }
        }

        /// Records so many certificates; all have the same file content, which signing would take long for.
        fn issue(&mut self, count: u64, pem: &str) {
            let first = self.issued + 1;
            self.record(count);
            (first..=self.issued).for_each(|number| self.put(number, pem));
        }

        fn record(&mut self, count: u64) {
            let mut lines = self.index();
            for number in self.issued + 1..=self.issued + count {
                writeln!(lines, "V\t361031201500Z\t\t{}\tunknown\t/CN=host{number}", serial(number)).expect("a string");
            }
            std::fs::write(self.ca_dir.index(), lines).expect("ca.db");
            self.issued += count;
        }

        fn index(&self) -> String {
            std::fs::read_to_string(self.ca_dir.index()).expect("ca.db")
        }

        fn put(&self, number: u64, pem: &str) {
            std::fs::write(self.ca_dir.in_repository(&FileName::certificate(&serial(number))), pem).expect("certificate");
        }

        /// Serial numbers of the candidates, and how many certificates were read for it.
        fn look(&self, host: &str) -> (Vec<u64>, u64) {
            let mut read = 0;
            let found = HostIndex::candidates(&self.ca_dir, &name(host), &mut |done| read = done).expect("read");
            (found.iter().map(|found| u64::from_str_radix(&found.record.serial.to_string(), 16).expect("small")).collect(), read)
        }

        fn cache(&self) -> PathBuf {
            self.ca_dir.host_index()
        }
    }

    /// 2000 certificates of one name, but number 5 and the last one, which have others; the cache is there.
    fn filled() -> Ca {
        let mut ca = Ca::new();
        ca.issue(1999, &certificate("x", &["bulk.example.com"]));
        ca.put(5, &certificate("x", &["DB5.example.com", "10.0.0.5"]));
        ca.issue(1, &certificate("x", &["new.example.com"]));
        assert_eq!(ca.look("db5.example.com"), (vec![5], 2000), "all were read to make the cache");
        ca
    }

    #[test]
    fn names_are_found_in_the_cache_and_after_it() {
        let ca = filled();
        assert_eq!(ca.look("db5.EXAMPLE.com"), (vec![5], 64), "only the newest are read again");
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
        let revoked = ca.index().replace("V\t361031201500Z\t\t", "R\t361031201500Z\t261121201500Z,keyCompromise\t");
        std::fs::write(ca.ca_dir.index(), "# a long note\n".repeat(20_000) + &revoked).expect("ca.db");
        let found = HostIndex::candidates(&ca.ca_dir, &name("db5.example.com"), &mut |done| assert_eq!(done, 64)).expect("read");
        assert_eq!(found.iter().map(|found| found.record.status).collect::<Vec<_>>(), [crate::store::RecordStatus::Revoked]);
    }

    #[test]
    fn record_that_is_gone_is_no_candidate() {
        let ca = filled();
        std::fs::write(ca.ca_dir.index(), ca.index().replace("host5\n", "host5\tdamaged\n")).expect("ca.db");
        assert_eq!(ca.look("db5.example.com"), (vec![], 64));
    }

    #[test]
    fn cache_that_is_damaged_or_of_another_index_is_made_anew() {
        let ca = filled();
        let sound = std::fs::read(ca.cache()).expect("read");
        for content in [Vec::new(), sound[..5000].to_vec(), vec![0; sound.len()], [&sound[..4096], &vec![0; sound.len() - 4096]].concat()] {
            std::fs::write(ca.cache(), content).expect("write");
            assert_eq!(ca.look("db5.example.com"), (vec![5], 2000));
            assert_eq!(ca.look("db5.example.com"), (vec![5], 64));
        }
        std::fs::write(ca.ca_dir.index(), ca.index().replace("/CN=host", "/CN=other")).expect("ca.db");
        assert_eq!(ca.look("db5.example.com"), (vec![5], 2000), "the same numbers of another CA");
    }

    #[test]
    fn file_that_appears_later_is_found() {
        let mut ca = Ca::new();
        let bulk = certificate("x", &["bulk.example.com"]);
        ca.issue(1000, &bulk);
        ca.record(1);
        ca.issue(1000, &bulk);
        assert_eq!(ca.look("late.example.com"), (vec![], 2001));
        ca.put(1001, &certificate("x", &["late.example.com"]));
        assert_eq!(ca.look("late.example.com"), (vec![1001], 1001), "the cache ends before it");
        assert_eq!(ca.look("late.example.com"), (vec![1001], 64));
    }

    #[test]
    fn file_that_never_appears_does_not_hold_the_cache_back_for_ever() {
        let mut ca = Ca::new();
        ca.record(5000);
        ca.issue(600, &certificate("x", &["new.example.com"]));
        assert_eq!(ca.look("new.example.com").1, 5600);
        assert_eq!(ca.look("new.example.com").1, 4096);
    }

    #[test]
    fn directory_that_cannot_be_written_is_no_error() {
        let mut ca = Ca::new();
        ca.issue(600, &certificate("x", &["bulk.example.com"]));
        // A folder in its place: for root, modes refuse nothing.
        std::fs::create_dir(ca.cache()).expect("folder");
        assert_eq!(ca.look("bulk.example.com").0.len(), 600);
        assert_eq!(std::fs::read_dir(ca.ca_dir.conf()).expect("list").count(), 2, "no temporary file stays");
    }

    #[test]
    fn certificate_without_alternative_names_counts_under_its_common_name() {
        let mut ca = Ca::new();
        ca.issue(1, &certificate("old.example.com", &[]));
        ca.issue(1, &certificate("old.example.com", &["new.example.com"]));
        assert_eq!(ca.look("old.example.com").0, [1]);
        assert_eq!(ca.look("new.example.com").0, [2]);
    }

    #[test]
    fn repository_that_cannot_be_looked_into_is_an_error() {
        let ca = filled();
        std::fs::remove_dir_all(ca.ca_dir.repository()).expect("remove");
        assert!(matches!(HostIndex::candidates(&ca.ca_dir, &name("x"), &mut |_| {}), Err(StoreError::Io { .. })));
    }
}
