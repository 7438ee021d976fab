//! `ca.db` as a file: streamed from the start, or appended to at its end. [`Lines`] alone finds where its
//! lines start and end.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::files::{
    TEMPORARY_PREFIX, fault, give_to_owner_of, is_same_file, open_own, parent_of, read_range, set_aside,
    sync_folder,
};
use crate::home::{CaDir, StoreError};
use crate::records::{
    DamagedLine, Entry, Record, RecordStatus, UnreadableLine, column_end, is_plain_serial, parse_serial,
};

/// Of an index of any size, an append reads this much at most.
const TAIL_OCTETS: u64 = 64 * 1024;
/// So much of a line is kept; a subject is a few kilobytes at the very most, and a comment may be of any length.
pub(super) const MAX_LINE_OCTETS: u64 = 64 * 1024;
/// What is read at once of an index that is streamed.
const READ_OCTETS: usize = 256 * 1024;
/// How often an append is repeated when another program replaces the file meanwhile.
const MAX_REPEATS: usize = 100;

/// Opens an index, if its lines are bytes as OpenSSL writes them. In a file that an editor made UTF-16 nothing is a record for any reader, and
/// what is appended would be lost in it.
pub(super) fn open_index(
    path: &Path,
    options: &mut OpenOptions,
    action: &'static str,
) -> Result<File, StoreError> {
    let mut file = open_own(options, path, action)?;
    let mut first = Vec::new();
    Read::by_ref(&mut file)
        .take(4)
        .read_to_end(&mut first)
        .and_then(|_| file.rewind())
        .map_err(StoreError::io("read", path))?;
    let encoding = match first.as_slice() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        [1..=255, 0, 1..=255, 0] => "UTF-16LE",
        [0, 1..=255, 0, 1..=255] => "UTF-16BE",
        _ => return Ok(file),
    };
    Err(StoreError::IndexEncoding {
        path: path.to_owned(),
        encoding,
    })
}

/// How a line of an index ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// In a line feed.
    LineFeed,
    /// In a carriage return alone, as editors of old wrote it: OpenSSL takes it and what follows for one line.
    CarriageReturn,
    /// In the next row: the line feed between the two is lost.
    Row,
    /// Not at all: it is the last one. OpenSSL passes over it.
    Missing,
}

/// A line of an index, or a row in a line that holds several.
pub(super) struct Line<'a> {
    /// Its number, from 1, where reading began at the start.
    pub(super) number: u64,
    /// Bytes before it.
    pub(super) offset: u64,
    /// Its length in bytes with what ends it.
    pub(super) length: u64,
    /// Its content without what ends it; of a longer one the first [`MAX_LINE_OCTETS`].
    pub(super) content: &'a [u8],
    /// How it ends.
    end: LineEnd,
    /// Whether it starts where a line starts for OpenSSL.
    is_first: bool,
    /// Whether there is more of it than what is kept.
    is_cut: bool,
}

impl Line<'_> {
    /// The record in it, or why there is none; `None` for a comment, and for a last line that is still being written.
    pub(super) fn entry(&self) -> Option<Result<Record, UnreadableLine>> {
        if self.content.first() == Some(&b'#') && (!self.is_cut || self.is_first) {
            return None;
        }
        if self.is_cut {
            // What is not read may be anything.
            let problem = format!("it is longer than {MAX_LINE_OCTETS} bytes");
            return Some(Err(UnreadableLine {
                problem,
                is_revocation: true,
                is_blank: false,
            }));
        }
        if !self.is_whole() {
            let problem = || "it does not end with a line feed, and is not complete".to_owned();
            let unreadable = || UnreadableLine {
                problem: problem(),
                is_revocation: true,
                is_blank: false,
            };
            return Record::torn(self.content)
                .map(Ok)
                .or_else(|| Record::is_revocation(self.content).then(|| Err(unreadable())));
        }
        let marked = |record: Record| Record {
            flaw: Some(
                record
                    .flaw
                    .unwrap_or_else(|| "it is not on a line of its own".to_owned()),
            ),
            ..record
        };
        Some(Record::decode(self.content).map(|record| if self.is_alone() { record } else { marked(record) }))
    }

    /// The record in it, if it is one.
    pub(super) fn record(&self) -> Option<Record> {
        self.entry()?.ok()
    }

    /// Whether it can be skipped in a search for revocations: a comment, or a record of a certificate that is
    /// not revoked.
    pub(super) fn is_plainly_not_revoked(&self) -> bool {
        !self.is_cut && Record::is_plainly_not_revoked(self.content)
    }

    /// The serial number of such a line, which need not be read further.
    pub(super) fn plain_serial(&self) -> Option<gsec_pki::x509::SerialNumber> {
        let column = Record::plain_serial(self.content).filter(|_| !self.is_cut && self.is_whole())?;
        parse_serial(column)
    }

    /// The subject in such a line as its record has it, where it is there as it is written.
    fn plain_subject(&self) -> Option<&str> {
        let (_, subject) = Record::plain_columns(self.content).filter(|_| !self.is_cut && self.is_whole())?;
        let is_as_written = memchr::memchr2(b'\\', b'\r', self.content).is_none();
        std::str::from_utf8(subject).ok().filter(|_| is_as_written)
    }

    /// Whether something ends it.
    pub(super) fn is_whole(&self) -> bool {
        self.end != LineEnd::Missing
    }

    /// Bytes before the one after it.
    pub(super) fn after(&self) -> u64 {
        self.offset.saturating_add(self.length)
    }

    /// Whether OpenSSL too takes it for a line.
    pub(super) fn is_alone(&self) -> bool {
        self.is_first && matches!(self.end, LineEnd::LineFeed | LineEnd::Missing)
    }

    /// The revocation that was made into a comment, or that was appended to a comment without a line feed, if
    /// it is one.
    fn commented_revocation(&self) -> Option<Record> {
        let comment = self.content.strip_prefix(b"#").filter(|_| self.is_whole())?;
        let content = comment.trim_ascii_start();
        let content = content.strip_prefix(b"#").unwrap_or(content);
        let revoked = |content: &[u8]| {
            Record::decode(content)
                .ok()
                .filter(|record| record.status == RecordStatus::Revoked && content.contains(&b'\t'))
        };
        revoked(content)
    }
}

/// A row in the line that was read last.
struct Row {
    start: usize,
    content_end: usize,
    after: u64,
    end: LineEnd,
}

/// Lines of an index one by one, in bounded memory.
pub(super) struct Lines<R> {
    reader: R,
    number: u64,
    offset: u64,
    kept: Vec<u8>,
    /// The rows of the line that was read last which are still to come, the next one last.
    rows: Vec<Row>,
    /// Where that line starts, and whether there is more of it than what is kept.
    start: u64,
    is_cut: bool,
}

impl<R: BufRead> Lines<R> {
    /// Lines of a reader positioned at an offset of the index. Unless a line starts there, the first is what
    /// is left of one.
    pub(super) fn new(reader: R, offset: u64) -> Self {
        Self {
            reader,
            number: 0,
            offset,
            kept: Vec::new(),
            rows: Vec::new(),
            start: offset,
            is_cut: false,
        }
    }

    /// The next line.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Line<'_>>> {
        if self.rows.is_empty() && !self.read()? {
            return Ok(None);
        }
        let Some(Row {
            start,
            content_end,
            after,
            end,
        }) = self.rows.pop()
        else {
            return Ok(None);
        };
        let content = &self.kept[start..content_end];
        let is_cut = self.is_cut && self.rows.is_empty();
        let (offset, length) = (self.start + start as u64, after - start as u64);
        Ok(Some(Line {
            number: self.number,
            offset,
            length,
            content,
            end,
            is_first: start == 0,
            is_cut,
        }))
    }

    /// Reads the next line, and finds its rows. Returns whether there is one.
    fn read(&mut self) -> std::io::Result<bool> {
        self.kept.clear();
        let mut length = self
            .reader
            .by_ref()
            .take(MAX_LINE_OCTETS)
            .read_until(b'\n', &mut self.kept)? as u64;
        if length == 0 {
            return Ok(false);
        }
        let mut is_whole = self.kept.last() == Some(&b'\n');
        if !is_whole && length == MAX_LINE_OCTETS {
            let (skipped, found) = skip_line(&mut self.reader)?;
            (length, is_whole) = (length + skipped, found);
        }
        self.is_cut = length > MAX_LINE_OCTETS;
        (self.start, self.offset, self.number) = (self.offset, self.offset + length, self.number + 1);
        let content_end = self.kept.len() - usize::from(self.kept.last() == Some(&b'\n'));
        self.find_rows(Row {
            start: 0,
            content_end,
            after: length,
            end: if is_whole {
                LineEnd::LineFeed
            } else {
                LineEnd::Missing
            },
        });
        Ok(true)
    }

    fn find_rows(&mut self, line: Row) {
        let content = &self.kept[..line.content_end];
        // Nearly all of perhaps a million lines are one row.
        let is_one_piece = memchr::memchr(b'\r', content).is_none_or(|at| at + 1 == content.len());
        if is_one_piece && further_rows(content).is_empty() {
            self.rows.push(line);
            return;
        }
        let mut pieces = Vec::new();
        let mut start = 0;
        for at in memchr::memchr_iter(b'\r', content)
            .filter(|at| content.get(at + 1).is_some_and(|next| *next != b'\r'))
        {
            pieces.push(Row {
                start,
                content_end: at,
                after: at as u64 + 1,
                end: LineEnd::CarriageReturn,
            });
            start = at + 1;
        }
        pieces.push(Row { start, ..line });
        for piece in pieces.into_iter().rev() {
            let further = further_rows(&content[piece.start..piece.content_end]);
            let (mut content_end, mut after, mut end) = (piece.content_end, piece.after, piece.end);
            for start in further.into_iter().rev().map(|at| piece.start + at) {
                self.rows.push(Row {
                    start,
                    content_end,
                    after,
                    end,
                });
                (content_end, after, end) = (start, start as u64, LineEnd::Row);
            }
            self.rows.push(Row {
                start: piece.start,
                content_end,
                after,
                end,
            });
        }
    }
}

/// Where further rows start in a piece of a line.
fn further_rows(piece: &[u8]) -> Vec<usize> {
    match piece.first() {
        Some(b'#') => Vec::new(),
        _ => Record::further_rows(piece),
    }
}

/// Passes over the rest of a line: how many bytes, and whether it ends in a line feed.
fn skip_line(reader: &mut impl BufRead) -> std::io::Result<(u64, bool)> {
    let mut skipped = 0;
    loop {
        let buffered = reader.fill_buf()?;
        let (found, used) = match memchr::memchr(b'\n', buffered) {
            Some(at) => (true, at + 1),
            None => (false, buffered.len()),
        };
        reader.consume(used);
        skipped += used as u64;
        if found || used == 0 {
            return Ok((skipped, found));
        }
    }
}

/// Streams an index in bounded memory. Takes no lock: a commit in progress shows as an unterminated last line, which is
/// passed over, as OpenSSL does.
pub struct IndexReader {
    path: PathBuf,
    lines: Lines<BufReader<File>>,
    line: u64,
    is_torn: bool,
}

impl IndexReader {
    /// Opens the index of a CA directory.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let file = open_index(&path, OpenOptions::new().read(true), "read")?;
        Ok(Self {
            path,
            lines: Lines::new(BufReader::with_capacity(READ_OCTETS, file), 0),
            line: 0,
            is_torn: false,
        })
    }

    /// The number of the line that was read last, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Whether what was read last has no line feed, and counts all the same.
    pub fn is_torn(&self) -> bool {
        self.is_torn
    }

    /// Calls `each` with every record that has one of these subjects, until it breaks. The others are not decoded.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn visit_subjects(
        mut self,
        subjects: &HashSet<String>,
        each: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        while let Some(line) = self.lines.next().map_err(StoreError::io("read", &self.path))? {
            if line
                .plain_subject()
                .is_some_and(|subject| !subjects.contains(subject))
            {
                continue;
            }
            if let Some(record) = line.record().filter(|record| subjects.contains(&record.subject))
                && each(record).is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// The revocations that were made into comments, with their lines: as `#R…` they are in no CRL any more.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn commented_revocations(mut self) -> Result<Vec<(u64, Record)>, StoreError> {
        let mut found = Vec::new();
        while let Some(line) = self.lines.next().map_err(StoreError::io("read", &self.path))? {
            found.extend(line.commented_revocation().map(|record| (line.number, record)));
        }
        Ok(found)
    }
}

impl Iterator for IndexReader {
    type Item = Result<Entry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.lines.next() {
                Err(error) => return Some(Err(StoreError::io("read", &self.path)(error))),
                Ok(line) => line?,
            };
            let entry = line.entry();
            (self.line, self.is_torn) = (line.number, !line.is_whole() && entry.is_some());
            match entry {
                None => {}
                Some(Ok(record)) => return Some(Ok(Entry::Record(record))),
                Some(Err(found)) => return Some(Ok(Entry::Damaged(DamagedLine::of(line.number, found)))),
            }
        }
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
    /// Opens the index, and sets a torn last line aside, so that the next record is on a line of its own. A
    /// record that lacks only its line feed gets one, and so does what may be a revocation: an editor may
    /// have left it so, and aside it would be in no CRL.
    pub(super) fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let mut file = open_for_append(&path)?;
        let tail = read_tail(&mut file, &path)?;
        let torn = tail.torn();
        if counts_without_end(torn) {
            file.write_all(b"\n")
                .and_then(|()| file.sync_data())
                .map_err(StoreError::io("write", &path))?;
            return Ok(Self {
                path,
                file,
                last: tail.last_record(),
                torn: None,
            });
        }
        let set_aside = if torn.is_empty() {
            None
        } else {
            Some(set_aside(&path, &mut file, torn)?)
        };
        let last = tail.last_record();
        Ok(Self {
            path,
            file,
            last,
            torn: set_aside,
        })
    }

    /// Appends a line and makes it durable, in the file that bears the name at the end: `openssl ca` takes no lock and
    /// replaces the file, and what was appended to the old one would be lost.
    pub(super) fn append(mut self, line: &str) -> Result<AppendedIndex, StoreError> {
        let cannot = || StoreError::io("write", &self.path);
        fault::step(&self.path)?;
        for _ in 0..MAX_REPEATS {
            let start = self.file.seek(SeekFrom::End(0)).map_err(cannot())?;
            if let Err(error) = self
                .file
                .write_all(line.as_bytes())
                .and_then(|()| self.file.sync_data())
            {
                // A line half written on a full disk is taken back, so that the file stays as it was.
                let _ = self.file.set_len(start);
                return Err(cannot()(error));
            }
            if is_same_file(&self.file, &self.path) {
                return Ok(AppendedIndex {
                    path: self.path,
                    file: self.file,
                });
            }
            self.file = open_for_append(&self.path)?;
        }
        Err(StoreError::IndexDamaged {
            path: self.path,
            problem: "another program keeps replacing it".into(),
        })
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
///
/// # Errors
/// [`StoreError::Files`], [`StoreError::IndexDamaged`].
pub fn last_record(ca_dir: &CaDir) -> Result<Option<Record>, StoreError> {
    let path = ca_dir.index();
    let mut file = open_index(&path, OpenOptions::new().read(true), "read")?;
    Ok(read_tail(&mut file, &path)?.last_record())
}

/// The records in the last 64 KiB of an index, in their order: the newest ones, found in the same time however long the index is. Of
/// several lines of one serial number each is told.
///
/// # Errors
/// [`StoreError::Files`], [`StoreError::IndexDamaged`].
pub fn last_records(ca_dir: &CaDir) -> Result<Vec<Record>, StoreError> {
    let path = ca_dir.index();
    let mut file = open_index(&path, OpenOptions::new().read(true), "read")?;
    Ok(read_tail(&mut file, &path)?.records())
}

/// The end of an index.
struct Tail {
    /// Whether it is all of the index, so that its first line is a whole one.
    is_all: bool,
    bytes: Vec<u8>,
}

impl Tail {
    /// Bytes up to the end of the last whole line.
    fn whole(&self) -> usize {
        memchr::memrchr(b'\n', &self.bytes).map_or(0, |last| last + 1)
    }

    /// What follows the last line feed.
    fn torn(&self) -> &[u8] {
        &self.bytes[self.whole()..]
    }

    /// The last line may be a comment or damaged; the last record counts.
    fn last_record(&self) -> Option<Record> {
        self.records().pop()
    }

    /// The records on whole lines.
    fn records(&self) -> Vec<Record> {
        let first_end = || memchr::memchr(b'\n', &self.bytes).map(|end| end + 1);
        let start = if self.is_all { Some(0) } else { first_end() };
        let bytes = start.and_then(|start| self.bytes.get(start..));
        let mut lines = Lines::new(bytes.unwrap_or_default(), 0);
        let mut found = Vec::new();
        while let Ok(Some(line)) = lines.next() {
            found.extend(line.record());
        }
        found
    }
}

/// Whether a last line without a line feed is kept all the same.
fn counts_without_end(torn: &[u8]) -> bool {
    let mut lines = Lines::new(torn, 0);
    let mut counts = false;
    while let Ok(Some(line)) = lines.next() {
        counts |= line.entry().is_some();
    }
    counts
}

fn open_for_append(path: &Path) -> Result<File, StoreError> {
    open_index(path, OpenOptions::new().read(true).append(true), "open")
}

fn read_tail(file: &mut File, path: &Path) -> Result<Tail, StoreError> {
    let cannot = || StoreError::io("read", path);
    let length = file.seek(SeekFrom::End(0)).map_err(cannot())?;
    let bytes = read_range(file, length.saturating_sub(TAIL_OCTETS)..length).map_err(cannot())?;
    if length >= TAIL_OCTETS && !bytes.contains(&b'\n') {
        return Err(StoreError::IndexDamaged {
            path: path.to_owned(),
            problem: format!("its last line is longer than {TAIL_OCTETS} bytes"),
        });
    }
    Ok(Tail {
        is_all: length <= TAIL_OCTETS,
        bytes,
    })
}

/// Some bytes of the index that are to be replaced; all others stay as they are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Where they start.
    pub(super) start: u64,
    /// How many they are.
    pub(super) length: u64,
    /// The content there then.
    pub(super) bytes: Vec<u8>,
}

impl Edit {
    /// What has to be replaced in a line so that it says of a record what `after` says: the columns that differ. A line without
    /// six columns is written again as OpenSSL would write it, and stays above as a comment.
    pub(super) fn of_line(line: &Line<'_>, before: &Record, after: &Record) -> Vec<Self> {
        let mut ends = Vec::with_capacity(6);
        while let Some(end) = column_end(&line.content[ends.last().map_or(0, |last| last + 1)..]) {
            ends.push(end + ends.last().map_or(0, |last| last + 1));
        }
        let has_serial_in_place =
            || parse_serial(&line.content[ends[2] + 1..ends[3]]).as_ref() == Some(&before.serial);
        let begin: &[u8] = if line.is_first { b"" } else { b"\n" };
        if ends.len() != 5 || !has_serial_in_place() {
            let content = line.content.strip_suffix(b"\r").unwrap_or(line.content);
            let mut bytes = [begin, b"#", content, b"\n", after.to_line().as_bytes()].concat();
            if matches!(line.end, LineEnd::Row | LineEnd::Missing) {
                bytes.pop();
            }
            return vec![Self {
                start: line.offset,
                length: line.length,
                bytes,
            }];
        }
        let column = |number: usize, text: &str| {
            let start = if number == 0 { 0 } else { ends[number - 1] + 1 };
            let length = ends
                .get(number)
                .map_or(line.content.len() as u64, |end| *end as u64)
                - start as u64;
            Self {
                start: line.offset + start as u64,
                length,
                bytes: text.replace('\t', "\\\t").into_bytes(),
            }
        };
        let [status, expiry, revocation, serial, _, subject] = after.columns();
        let serial = (!is_plain_serial(&line.content[ends[2] + 1..ends[3]])).then(|| column(3, &serial));
        let status = (before.status != after.status || before.flaw.is_some()).then(|| column(0, &status));
        let expiry = (before.expiry != after.expiry).then(|| column(1, &expiry));
        let revocation =
            (before.revocation != after.revocation || before.flaw.is_some()).then(|| column(2, &revocation));
        let subject = (before.subject != after.subject).then(|| column(5, &subject));
        // Each record gets a line of its own: the next one starts with its line feed.
        let begin = (!line.is_first).then(|| Self {
            start: line.offset,
            length: 0,
            bytes: begin.to_vec(),
        });
        let end = line.offset + line.content.len() as u64;
        let end = (line.end == LineEnd::CarriageReturn).then(|| Self {
            start: end,
            length: 1,
            bytes: Vec::new(),
        });
        [begin, status, expiry, revocation, serial, subject, end]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// The index as it will be, written and durable under a temporary name.
pub(super) struct StagedIndex {
    path: PathBuf,
    temporary: tempfile::NamedTempFile,
    /// What it was made from, and how much of it.
    source: File,
    copied: u64,
    /// Whether its last line had no line feed, and has one in the copy.
    is_torn: bool,
}

impl StagedIndex {
    /// Copies the index with some bytes changed, in the order of the file. Takes no lock: what is appended meanwhile is taken
    /// over by [`StagedIndex::catch_up`].
    pub(super) fn copy(ca_dir: &CaDir, snapshot: &IndexSnapshot, edits: &[Edit]) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let conf = ca_dir.conf();
        let mut temporary = tempfile::Builder::new()
            .prefix(TEMPORARY_PREFIX)
            .tempfile_in(&conf)
            .map_err(StoreError::io("create a file in", &conf))?;
        keep_mode(temporary.as_file(), &path)?;
        let mut source = snapshot.file.try_clone().map_err(StoreError::io("open", &path))?;
        let mut copied = 0;
        for edit in edits {
            copy_range(&mut source, temporary.as_file_mut(), copied..edit.start, &path)?;
            temporary
                .as_file_mut()
                .write_all(&edit.bytes)
                .map_err(StoreError::io("write", &path))?;
            copied = edit.start + edit.length;
        }
        copy_range(
            &mut source,
            temporary.as_file_mut(),
            copied..snapshot.length,
            &path,
        )?;
        if snapshot.is_torn {
            temporary
                .as_file_mut()
                .write_all(b"\n")
                .map_err(StoreError::io("write", &path))?;
        }
        temporary
            .as_file()
            .sync_all()
            .map_err(StoreError::io("write", &path))?;
        Ok(Self {
            path,
            temporary,
            source,
            copied: snapshot.length,
            is_torn: snapshot.is_torn,
        })
    }

    /// Under the lock: adds what was appended since the copy was started. Returns whether the copy is still
    /// good; it is not when the file was replaced or cut meanwhile.
    pub(super) fn catch_up(&mut self) -> Result<bool, StoreError> {
        let cannot = || StoreError::io("read", &self.path);
        if !is_same_file(&self.source, &self.path) {
            return Ok(false);
        }
        let length = self.source.metadata().map_err(cannot())?.len();
        if length > self.copied && self.is_torn {
            return Ok(false);
        }
        if length > self.copied {
            copy_range(
                &mut self.source,
                self.temporary.as_file_mut(),
                self.copied..length,
                &self.path,
            )?;
            self.temporary
                .as_file()
                .sync_all()
                .map_err(StoreError::io("write", &self.path))?;
            self.copied = length;
        }
        Ok(length == self.copied)
    }

    /// Appends lines to the copy.
    pub(super) fn append(&mut self, lines: &str) -> Result<(), StoreError> {
        self.temporary
            .as_file_mut()
            .write_all(lines.as_bytes())
            .map_err(StoreError::io("write", &self.path))?;
        self.temporary
            .as_file()
            .sync_all()
            .map_err(StoreError::io("write", &self.path))
    }

    /// Gives it the name of the index, durably.
    pub(super) fn publish(self, ca_dir: &CaDir) -> Result<(), StoreError> {
        fault::step(&self.path)?;
        self.temporary
            .persist(&self.path)
            .map_err(|refused| StoreError::io("replace", &self.path)(refused.error))?;
        Ok(sync_folder(&ca_dir.conf())?)
    }
}

/// Copies within the kernel where it can.
fn copy_range(
    source: &mut File,
    target: &mut File,
    range: std::ops::Range<u64>,
    path: &Path,
) -> Result<(), StoreError> {
    source
        .seek(SeekFrom::Start(range.start))
        .map_err(StoreError::io("read", path))?;
    let wanted = range.end.saturating_sub(range.start);
    let copied = std::io::copy(&mut source.take(wanted), target).map_err(StoreError::io("write", path))?;
    if copied == wanted {
        Ok(())
    } else {
        Err(StoreError::IndexDamaged {
            path: path.to_owned(),
            problem: "it became shorter while it was read".into(),
        })
    }
}

/// Called with a line.
pub(super) type VisitLine<'a> = &'a mut dyn FnMut(&Line<'_>) -> Result<(), StoreError>;

/// The whole lines of an index at one moment: later appends and replacements do not show in it.
pub(super) struct IndexSnapshot {
    path: PathBuf,
    file: File,
    /// Bytes up to the end of the last line that counts.
    length: u64,
    /// Whether that one has no line feed.
    is_torn: bool,
}

impl IndexSnapshot {
    /// Opens the present index.
    pub(super) fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let mut file = open_index(&path, OpenOptions::new().read(true), "read")?;
        let length = file.metadata().map_err(StoreError::io("read", &path))?.len();
        let tail = read_tail(&mut file, &path)?;
        let (torn, is_torn) = (tail.torn().len(), counts_without_end(tail.torn()));
        Ok(Self {
            path,
            file,
            length: if is_torn {
                length
            } else {
                length.saturating_sub(torn as u64)
            },
            is_torn,
        })
    }

    /// Calls `visit` with each line.
    pub(super) fn visit(&self, visit: VisitLine<'_>) -> Result<(), StoreError> {
        self.visit_from(0, visit)
    }

    fn visit_from(&self, start: u64, visit: VisitLine<'_>) -> Result<(), StoreError> {
        let cannot = || StoreError::io("read", &self.path);
        let mut file = self.file.try_clone().map_err(cannot())?;
        file.seek(SeekFrom::Start(start)).map_err(cannot())?;
        let reader = BufReader::with_capacity(READ_OCTETS, file.take(self.length.saturating_sub(start)));
        let mut lines = Lines::new(reader, start);
        while let Some(line) = lines.next().map_err(cannot())? {
            visit(&line)?;
        }
        Ok(())
    }

    /// Under the lock: whether nothing but lines that `is_harmless` admits came to the index since.
    pub(super) fn still_holds(
        &self,
        ca_dir: &CaDir,
        is_harmless: &dyn Fn(&Line<'_>) -> bool,
    ) -> Result<bool, StoreError> {
        if !is_same_file(&self.file, &self.path) {
            return Ok(false);
        }
        let now = Self::open(ca_dir)?;
        let mut harmless = now.length == self.length || (now.length > self.length && !self.is_torn);
        now.visit_from(self.length, &mut |line| {
            harmless &= is_harmless(line);
            Ok(())
        })?;
        Ok(harmless)
    }

    /// The file, to read parts of it.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// The index it describes.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The mode stays as it was; the owner is that of the folder, whichever user calls.
fn keep_mode(file: &File, path: &Path) -> Result<(), StoreError> {
    let permissions = std::fs::metadata(path)
        .map_err(StoreError::io("read", path))?
        .permissions();
    give_to_owner_of(file, parent_of(path))
        .and_then(|()| file.set_permissions(permissions))
        .map_err(StoreError::io("write", path))
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
        assert_eq!(
            tail.last.as_ref().map(|record| record.serial.to_string()),
            Some("0A".into())
        );
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
    fn records_of_a_subject_are_found_whatever_their_lines_look_like() {
        let row = |serial: &str, subject: &str| format!("V\t361031201500Z\t\t{serial}\tunknown\t{subject}");
        let rows = [
            row("01", "/CN=a\n"),
            row("02", "/CN=b\r\n"),
            row("3", "/CN=a\n"),
            row("04", "/CN=a\\\tb\n"),
            row("05", "/CN=a\r"),
            row("06", &row("07", "/CN=b\n")),
            "# /CN=a\nR\t361031201500Z\t261121201500Z\t08\tunknown\t/CN=a\ngarbage\n".into(),
            "V\t361031201500Z\t\t09\t/CN=a\n".into(),
            row("0A", "/CN=a"),
        ];
        let (_folder, ca_dir) = directory(&rows.concat());
        let open = || IndexReader::open(&ca_dir).expect("open");
        let all: Vec<Record> = open()
            .filter_map(|entry| match entry.expect("read") {
                Entry::Record(record) => Some(record),
                Entry::Damaged(_) => None,
            })
            .collect();
        assert!(all.len() > 7, "{all:?}");
        for wanted in all.iter().map(|record| &record.subject) {
            let mut found = Vec::new();
            open()
                .visit_subjects(&HashSet::from([wanted.clone()]), &mut |record| {
                    found.push(record);
                    ControlFlow::Continue(())
                })
                .expect("read");
            let expected = all.iter().filter(|record| record.subject == *wanted);
            assert_eq!(found, expected.cloned().collect::<Vec<_>>(), "{wanted}");
        }
    }

    #[test]
    fn reader_tells_damaged_lines_and_passes_comments_and_a_torn_tail() {
        let (_folder, ca_dir) = directory(&format!("# note\n{LINE}garbage\n\n{LINE}V\t36"));
        let entries: Vec<_> = IndexReader::open(&ca_dir)
            .expect("open")
            .map(|entry| entry.expect("read"))
            .collect();
        let damaged: Vec<u64> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Damaged(damaged) => Some(damaged.line),
                Entry::Record(_) => None,
            })
            .collect();
        assert_eq!((entries.len(), damaged), (4, vec![3, 4]));
    }

    #[test]
    fn a_copy_changes_only_the_lines_that_it_is_asked_to() {
        let (_folder, ca_dir) = directory(&format!("# note\n{LINE}garbage\nV\t36"));
        let snapshot = IndexSnapshot::open(&ca_dir).expect("open");
        let edit = Edit {
            start: 7,
            length: 1,
            bytes: b"E".to_vec(),
        };
        let mut staged = StagedIndex::copy(&ca_dir, &snapshot, &[edit]).expect("copy");
        staged.append("last\n").expect("append");
        staged.publish(&ca_dir).expect("publish");
        assert_eq!(
            content(&ca_dir),
            format!("# note\n{}garbage\nlast\n", LINE.replacen('V', "E", 1))
        );
    }

    #[test]
    fn a_copy_takes_over_what_is_appended_meanwhile_and_gives_up_when_the_file_is_replaced() {
        let (_folder, ca_dir) = directory(LINE);
        let snapshot = IndexSnapshot::open(&ca_dir).expect("open");
        let mut staged = StagedIndex::copy(&ca_dir, &snapshot, &[]).expect("copy");
        IndexTail::open(&ca_dir)
            .expect("open")
            .append("second\n")
            .expect("append");
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
        let holds = |ca_dir: &CaDir| {
            snapshot
                .still_holds(ca_dir, &|line| line.is_plainly_not_revoked())
                .expect("look")
        };
        IndexTail::open(&ca_dir)
            .expect("open")
            .append(LINE)
            .expect("append");
        assert!(holds(&ca_dir));
        IndexTail::open(&ca_dir)
            .expect("open")
            .append("R\t361031201500Z\t261121201500Z\t11\tunknown\t/CN=x\n")
            .expect("append");
        assert!(!holds(&ca_dir));
    }

    #[test]
    fn an_endless_line_is_damage_and_not_memory() {
        let (_folder, ca_dir) = directory(&format!("{}\n{LINE}", "x".repeat(200_000)));
        let entries: Vec<_> = IndexReader::open(&ca_dir)
            .expect("open")
            .map(|entry| entry.expect("read"))
            .collect();
        assert!(matches!(
            entries.as_slice(),
            [Entry::Damaged(_), Entry::Record(_)]
        ));
    }
}
