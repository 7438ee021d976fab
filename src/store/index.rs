//! `ca.db` as a file: streamed from the start, or appended to at its end.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::files::{TEMPORARY_PREFIX, open_own, set_aside, sync_folder};
use super::{CaDir, Record, StoreError};

/// Of an index of any size, an append reads this much at most.
const TAIL_OCTETS: u64 = 64 * 1024;
/// The longest line that is read as a record: a subject is a few kilobytes at the very most.
pub(super) const MAX_LINE_OCTETS: u64 = 64 * 1024;
/// What is read at once of an index that is streamed.
const READ_OCTETS: usize = 256 * 1024;
/// How often an append is repeated when another program replaces the file meanwhile.
const MAX_REPEATS: usize = 100;

/// A line of the index that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: String,
}

/// What a line of the index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexEntry {
    /// A record.
    Record(Record),
    /// Something else; it is left alone, and told.
    Damaged(DamagedLine),
}

/// Streams an index in bounded memory. Takes no lock: a commit in progress shows as an unterminated last line, which is
/// passed over, as OpenSSL does.
pub struct IndexReader {
    path: PathBuf,
    reader: BufReader<File>,
    line: u64,
    /// Memory of the last line, for the next one.
    spare: Vec<u8>,
}

impl IndexReader {
    /// Opens the index of a CA directory.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::SymbolicLink`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let file = open_own(OpenOptions::new().read(true), &path, "read")?;
        Ok(Self { path, reader: BufReader::with_capacity(READ_OCTETS, file), line: 0, spare: Vec::new() })
    }

    /// The number of the line that was read last, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next line with its number and whether it is whole, comments included.
    fn next_line(&mut self) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let mut line = std::mem::take(&mut self.spare);
        line.clear();
        let read = self.reader.by_ref().take(MAX_LINE_OCTETS).read_until(b'\n', &mut line).map_err(StoreError::io("read", &self.path))?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') && read as u64 == MAX_LINE_OCTETS {
            self.skip_line()?;
            line.push(b'\n');
        }
        self.line += 1;
        Ok(Some((self.line, line)))
    }

    fn skip_line(&mut self) -> Result<(), StoreError> {
        self.reader.skip_until(b'\n').map(|_| ()).map_err(StoreError::io("read", &self.path))
    }
}

impl Iterator for IndexReader {
    type Item = Result<IndexEntry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next_line() {
                Err(error) => return Some(Err(error)),
                Ok(None) => return None,
                Ok(Some((_, line))) if line.first() == Some(&b'#') || line.last() != Some(&b'\n') => {}
                Ok(Some((line, content))) => {
                    let entry = read_line(line, &content);
                    self.spare = content;
                    return Some(Ok(entry));
                }
            }
        }
    }
}

fn read_line(line: u64, content: &[u8]) -> IndexEntry {
    let text = String::from_utf8_lossy(content);
    match Record::parse(text.trim_end_matches(['\n', '\r'])) {
        Ok(record) => IndexEntry::Record(record),
        Err(problem) => IndexEntry::Damaged(DamagedLine { line, problem }),
    }
}

/// An index opened at its end, under the lock.
pub(super) struct IndexTail {
    path: PathBuf,
    file: File,
    /// The last record.
    pub(super) last: Option<Record>,
    /// Where a torn last line was set aside.
    pub(super) torn: Option<PathBuf>,
}

impl IndexTail {
    /// Opens the index, and sets a torn last line aside, so that the next line begins at the start of a line.
    pub(super) fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let mut file = open_for_append(&path)?;
        let tail = read_tail(&mut file, &path)?;
        let whole = tail.iter().rposition(|octet| *octet == b'\n').map_or(0, |last| last + 1);
        let torn = &tail[whole..];
        let set_aside = if torn.is_empty() { None } else { Some(set_aside(ca_dir, &path, &mut file, torn)?) };
        let last = last_record_in(&tail[..whole]);
        Ok(Self { path, file, last, torn: set_aside })
    }

    /// Appends a line and makes it durable, in the file that bears the name at the end: `openssl ca` takes no lock and
    /// replaces the file, and what was appended to the old one would be lost.
    pub(super) fn append(mut self, line: &str) -> Result<AppendedIndex, StoreError> {
        let cannot = || StoreError::io("write", &self.path);
        for _ in 0..MAX_REPEATS {
            let start = self.file.seek(SeekFrom::End(0)).map_err(cannot())?;
            if let Err(error) = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data()) {
                // A line half written on a full disk is taken back, so that the file stays as it was.
                let _ = self.file.set_len(start);
                return Err(cannot()(error));
            }
            if is_same_file(&self.file, &self.path) {
                return Ok(AppendedIndex { path: self.path, file: self.file });
            }
            self.file = open_for_append(&self.path)?;
        }
        Err(StoreError::IndexDamaged { path: self.path, problem: "another program keeps replacing it".into() })
    }
}

/// The index after an append, to look again later whether the line is still in the file that bears the name.
pub(super) struct AppendedIndex {
    path: PathBuf,
    file: File,
}

impl AppendedIndex {
    /// Whether the file that was appended to is still the index.
    pub(super) fn is_current(&self) -> bool {
        is_same_file(&self.file, &self.path)
    }
}

/// The last record of an index, from its last 64 KiB; the line of a commit in progress is passed over.
pub(super) fn last_record(ca_dir: &CaDir) -> Result<Option<Record>, StoreError> {
    let path = ca_dir.index();
    let mut file = open_own(OpenOptions::new().read(true), &path, "read")?;
    let tail = read_tail(&mut file, &path)?;
    let whole = tail.iter().rposition(|octet| *octet == b'\n').map_or(0, |last| last + 1);
    Ok(last_record_in(&tail[..whole]))
}

/// The last line may be a comment or damaged; the last record counts.
fn last_record_in(lines: &[u8]) -> Option<Record> {
    lines.rsplit(|octet| *octet == b'\n').find_map(parse_line)
}

fn open_for_append(path: &Path) -> Result<File, StoreError> {
    open_own(OpenOptions::new().read(true).append(true), path, "open")
}

fn read_tail(file: &mut File, path: &Path) -> Result<Vec<u8>, StoreError> {
    let cannot = || StoreError::io("read", path);
    let length = file.seek(SeekFrom::End(0)).map_err(cannot())?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_OCTETS))).map_err(cannot())?;
    let mut tail = Vec::new();
    file.take(TAIL_OCTETS).read_to_end(&mut tail).map_err(cannot())?;
    if length >= TAIL_OCTETS && !tail.contains(&b'\n') {
        return Err(StoreError::IndexDamaged { path: path.to_owned(), problem: format!("its last line is longer than {TAIL_OCTETS} octets") });
    }
    Ok(tail)
}

/// One line of the index that is to be replaced.
pub(super) struct LineEdit {
    /// Where the line begins.
    pub(super) start: u64,
    /// Its length with the line feed.
    pub(super) length: u64,
    /// What stands there then, with the line feed.
    pub(super) line: String,
}

/// The index as it will be, written and durable under a temporary name.
pub(super) struct StagedIndex {
    path: PathBuf,
    temporary: tempfile::NamedTempFile,
    /// What it was made from, and how much of it.
    source: File,
    copied: u64,
}

impl StagedIndex {
    /// Copies the index with some lines changed, in the order of the file. Takes no lock: what is appended meanwhile is taken
    /// over by [`StagedIndex::catch_up`].
    pub(super) fn copy(ca_dir: &CaDir, snapshot: &IndexSnapshot, edits: &[LineEdit]) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let conf = ca_dir.conf();
        let mut temporary =
            tempfile::Builder::new().prefix(TEMPORARY_PREFIX).tempfile_in(&conf).map_err(StoreError::io("create a file in", &conf))?;
        keep_mode(temporary.as_file(), &path)?;
        let mut source = snapshot.file.try_clone().map_err(StoreError::io("open", &path))?;
        let mut copied = 0;
        for edit in edits {
            copy_range(&mut source, temporary.as_file_mut(), copied..edit.start, &path)?;
            temporary.as_file_mut().write_all(edit.line.as_bytes()).map_err(StoreError::io("write", &path))?;
            copied = edit.start + edit.length;
        }
        copy_range(&mut source, temporary.as_file_mut(), copied..snapshot.length, &path)?;
        temporary.as_file().sync_all().map_err(StoreError::io("write", &path))?;
        Ok(Self { path, temporary, source, copied: snapshot.length })
    }

    /// Under the lock: adds what was appended since the copy was begun. Tells whether the copy still stands; it does not when
    /// the file was replaced or cut meanwhile.
    pub(super) fn catch_up(&mut self) -> Result<bool, StoreError> {
        let cannot = || StoreError::io("read", &self.path);
        if !is_same_file(&self.source, &self.path) {
            return Ok(false);
        }
        let length = self.source.metadata().map_err(cannot())?.len();
        if length > self.copied {
            copy_range(&mut self.source, self.temporary.as_file_mut(), self.copied..length, &self.path)?;
            self.temporary.as_file().sync_all().map_err(StoreError::io("write", &self.path))?;
            self.copied = length;
        }
        Ok(length == self.copied)
    }

    /// Appends lines to the copy.
    pub(super) fn append(&mut self, lines: &str) -> Result<(), StoreError> {
        self.temporary.as_file_mut().write_all(lines.as_bytes()).map_err(StoreError::io("write", &self.path))?;
        self.temporary.as_file().sync_all().map_err(StoreError::io("write", &self.path))
    }

    /// Gives it the name of the index, durably.
    pub(super) fn publish(self, ca_dir: &CaDir) -> Result<(), StoreError> {
        self.temporary.persist(&self.path).map_err(|refused| StoreError::io("replace", &self.path)(refused.error))?;
        sync_folder(&ca_dir.conf())
    }
}

/// Copies within the kernel where it can.
fn copy_range(source: &mut File, target: &mut File, range: std::ops::Range<u64>, path: &Path) -> Result<(), StoreError> {
    source.seek(SeekFrom::Start(range.start)).map_err(StoreError::io("read", path))?;
    let wanted = range.end.saturating_sub(range.start);
    let copied = std::io::copy(&mut source.take(wanted), target).map_err(StoreError::io("write", path))?;
    if copied == wanted {
        Ok(())
    } else {
        Err(StoreError::IndexDamaged { path: path.to_owned(), problem: "it became shorter while it was read".into() })
    }
}

/// Called with the place and the content, line feed included, of a line.
pub(super) type VisitLine<'a> = &'a mut dyn FnMut(u64, &[u8]) -> Result<(), StoreError>;

/// The whole lines of an index at one moment: later appends and replacements do not show in it.
pub(super) struct IndexSnapshot {
    path: PathBuf,
    file: File,
    /// Octets up to the end of the last whole line.
    length: u64,
}

impl IndexSnapshot {
    /// Opens the index as it stands now.
    pub(super) fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let mut file = open_own(OpenOptions::new().read(true), &path, "read")?;
        let length = file.metadata().map_err(StoreError::io("read", &path))?.len();
        let tail = read_tail(&mut file, &path)?;
        let torn = tail.iter().rev().take_while(|octet| **octet != b'\n').count();
        Ok(Self { path, file, length: length.saturating_sub(torn as u64) })
    }

    /// Calls `visit` with the place and the content, line feed included, of each line.
    pub(super) fn visit(&self, visit: VisitLine<'_>) -> Result<(), StoreError> {
        self.visit_from(0, visit)
    }

    fn visit_from(&self, start: u64, visit: VisitLine<'_>) -> Result<(), StoreError> {
        let cannot = || StoreError::io("read", &self.path);
        let mut file = self.file.try_clone().map_err(cannot())?;
        file.seek(SeekFrom::Start(start)).map_err(cannot())?;
        let mut reader = BufReader::with_capacity(READ_OCTETS, file.take(self.length.saturating_sub(start)));
        let (mut at, mut line) = (start, Vec::new());
        loop {
            line.clear();
            let read = reader.by_ref().take(MAX_LINE_OCTETS).read_until(b'\n', &mut line).map_err(cannot())?;
            if read == 0 {
                return Ok(());
            }
            if line.last() == Some(&b'\n') {
                visit(at, &line)?;
            }
            at += read as u64;
        }
    }

    /// Under the lock: whether nothing but lines that `is_harmless` admits came to the index since.
    pub(super) fn still_holds(&self, ca_dir: &CaDir, is_harmless: &dyn Fn(&Record) -> bool) -> Result<bool, StoreError> {
        if !is_same_file(&self.file, &self.path) {
            return Ok(false);
        }
        let now = Self::open(ca_dir)?;
        let mut harmless = now.length >= self.length;
        now.visit_from(self.length, &mut |_, line| {
            harmless &= parse_line(line).is_none_or(|record| is_harmless(&record));
            Ok(())
        })?;
        Ok(harmless)
    }
}

/// The record in a line with its line feed, if it is one.
pub(super) fn parse_line(line: &[u8]) -> Option<Record> {
    let text = std::str::from_utf8(line).ok()?;
    Record::parse(text.trim_end_matches(['\n', '\r'])).ok()
}

fn keep_mode(file: &File, path: &Path) -> Result<(), StoreError> {
    let permissions = std::fs::metadata(path).map_err(StoreError::io("read", path))?.permissions();
    file.set_permissions(permissions).map_err(StoreError::io("write", path))
}

#[cfg(unix)]
pub(super) fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), path.metadata()) {
        (Ok(ours), Ok(named)) => (ours.dev(), ours.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
pub(super) fn is_same_file(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "V\t361031201500Z\t\t0A\tunknown\t/CN=db1\n";

    fn directory(index: &str) -> (tempfile::TempDir, CaDir) {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        std::fs::write(ca_dir.index(), index).expect("ca.db");
        (folder, ca_dir)
    }

    fn content(ca_dir: &CaDir) -> String {
        std::fs::read_to_string(ca_dir.index()).expect("ca.db")
    }

    #[test]
    fn append_continues_after_the_last_line() {
        let (_folder, ca_dir) = directory(LINE);
        let tail = IndexTail::open(&ca_dir).expect("open");
        assert_eq!(tail.last.as_ref().map(|record| record.serial.to_string()), Some("0A".into()));
        tail.append("second\n").expect("append");
        assert_eq!(content(&ca_dir), format!("{LINE}second\n"));
    }

    #[test]
    fn torn_last_line_is_set_aside() {
        let (_folder, ca_dir) = directory(&format!("{LINE}V\t3610"));
        let tail = IndexTail::open(&ca_dir).expect("open");
        let aside = tail.torn.clone().expect("set aside");
        assert_eq!(std::fs::read_to_string(aside).expect("read"), "V\t3610");
        tail.append(LINE).expect("append");
        assert_eq!(content(&ca_dir), LINE.repeat(2));
    }

    #[test]
    fn a_file_replaced_meanwhile_gets_the_line_too() {
        let (_folder, ca_dir) = directory(LINE);
        let tail = IndexTail::open(&ca_dir).expect("open");
        std::fs::rename(ca_dir.index(), ca_dir.conf().join("ca.db.old")).expect("as openssl ca does");
        std::fs::write(ca_dir.index(), LINE).expect("and writes anew");
        let appended = tail.append("second\n").expect("append");
        assert!(appended.is_current());
        assert_eq!(content(&ca_dir), format!("{LINE}second\n"));
    }

    #[test]
    fn reader_tells_damaged_lines_and_passes_comments_and_a_torn_tail() {
        let (_folder, ca_dir) = directory(&format!("# note\n{LINE}garbage\n\n{LINE}V\t36"));
        let entries: Vec<_> = IndexReader::open(&ca_dir).expect("open").map(|entry| entry.expect("read")).collect();
        let damaged: Vec<u64> = entries
            .iter()
            .filter_map(|entry| match entry {
                IndexEntry::Damaged(damaged) => Some(damaged.line),
                IndexEntry::Record(_) => None,
            })
            .collect();
        assert_eq!((entries.len(), damaged), (4, vec![3, 4]));
    }

    #[test]
    fn a_copy_changes_only_the_lines_that_it_is_asked_to() {
        let (_folder, ca_dir) = directory(&format!("# note\n{LINE}garbage\nV\t36"));
        let snapshot = IndexSnapshot::open(&ca_dir).expect("open");
        let edit = LineEdit { start: 7, length: LINE.len() as u64, line: LINE.replacen('V', "E", 1) };
        let mut staged = StagedIndex::copy(&ca_dir, &snapshot, &[edit]).expect("copy");
        staged.append("last\n").expect("append");
        staged.publish(&ca_dir).expect("publish");
        assert_eq!(content(&ca_dir), format!("# note\n{}garbage\nlast\n", LINE.replacen('V', "E", 1)));
    }

    #[test]
    fn a_copy_takes_over_what_is_appended_meanwhile_and_gives_up_when_the_file_is_replaced() {
        let (_folder, ca_dir) = directory(LINE);
        let snapshot = IndexSnapshot::open(&ca_dir).expect("open");
        let mut staged = StagedIndex::copy(&ca_dir, &snapshot, &[]).expect("copy");
        IndexTail::open(&ca_dir).expect("open").append("second\n").expect("append");
        assert!(staged.catch_up().expect("catch up"));
        staged.publish(&ca_dir).expect("publish");
        assert_eq!(content(&ca_dir), format!("{LINE}second\n"));
        let snapshot = IndexSnapshot::open(&ca_dir).expect("open");
        let mut staged = StagedIndex::copy(&ca_dir, &snapshot, &[]).expect("copy");
        std::fs::rename(ca_dir.index(), ca_dir.conf().join("ca.db.old")).expect("as openssl ca does");
        std::fs::write(ca_dir.index(), LINE).expect("and writes anew");
        assert!(!staged.catch_up().expect("look"));
    }

    #[test]
    fn a_snapshot_holds_as_long_as_only_harmless_lines_come() {
        let (_folder, ca_dir) = directory(LINE);
        let snapshot = IndexSnapshot::open(&ca_dir).expect("open");
        let holds = |ca_dir: &CaDir| snapshot.still_holds(ca_dir, &|record| record.revocation.is_none()).expect("look");
        IndexTail::open(&ca_dir).expect("open").append(LINE).expect("append");
        assert!(holds(&ca_dir));
        IndexTail::open(&ca_dir).expect("open").append("R\t361031201500Z\t261121201500Z\t11\tunknown\t/CN=x\n").expect("append");
        assert!(!holds(&ca_dir));
    }

    #[test]
    fn an_endless_line_is_damage_and_not_memory() {
        let (_folder, ca_dir) = directory(&format!("{}\n{LINE}", "x".repeat(200_000)));
        let entries: Vec<_> = IndexReader::open(&ca_dir).expect("open").map(|entry| entry.expect("read")).collect();
        assert!(matches!(entries.as_slice(), [IndexEntry::Damaged(_), IndexEntry::Record(_)]));
    }
}
