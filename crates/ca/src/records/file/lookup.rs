//! Finding the line of one serial number in an index of any size: where it is thought to be, else by its order, else in
//! all of it. Whatever leads there, a line counts only when it is a record of that serial number.
//!
//! A revoked line of the serial number counts before any other: of two lines, either may be the valid one,
//! and a revocation must not get lost.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use memchr::{memchr, memmem, memrchr};

use super::host_pages::{Stamp, is_same_file};
use super::index::{Line, Lines, MAX_LINE_OCTETS, open_index};
use crate::home::{CaDir, StoreError};
use crate::records::{Record, RecordStatus};
use gsec_pki::x509::SerialNumber;

/// How far from its hint, either way, a line is looked for first: revoking makes the lines before it longer.
const NEIGHBOURHOOD_OCTETS: u64 = 64 * 1024;
/// What is read at once when all is searched.
const BLOCK_OCTETS: u64 = 512 * 1024;
/// In an index up to this size every revoked line is known before a serial number is looked up; in a larger one, doctor tells of
/// serial numbers that are there twice.
const KNOWS_REVOKED_UP_TO: u64 = 16 * 1024 * 1024;
/// What a step of the search by order reads: some thirty lines, of which it needs one.
const PROBE_OCTETS: u64 = 4096;

/// A record of the index, and where its line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedRecord {
    /// Bytes before its line. A hint only, once the index was replaced.
    pub offset: u64,
    /// Bytes of its line, with the line feed.
    pub length: u64,
    /// Whether it has a line feed; one without may still be being written.
    pub is_whole: bool,
    /// The record.
    pub record: Record,
}

impl LocatedRecord {
    /// Bytes before the line after it.
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.length)
    }
}

/// Finds records in the index as it was when it was opened, even if it is replaced meanwhile. Takes no lock.
pub struct RecordFinder {
    path: PathBuf,
    file: File,
    length: u64,
    /// Where the revoked lines are; `None` until they are first needed, or in an index that is too large.
    revoked: Option<HashMap<SerialNumber, u64>>,
}

/// Bytes of the index, and how many precede them.
#[derive(Default)]
struct Part {
    offset: u64,
    octets: Vec<u8>,
}

impl RecordFinder {
    /// Opens the index of a CA directory.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.index();
        let file = open_index(&path, OpenOptions::new().read(true), "read")?;
        let length = file.metadata().map_err(StoreError::io("read", &path))?.len();
        Ok(Self {
            path,
            file,
            length,
            revoked: None,
        })
    }

    /// Whether both were opened on one file, whatever has its name by now.
    pub(super) fn is_same_file_as(&self, other: &Self) -> bool {
        is_same_file(&self.file, &other.file)
    }

    /// Whether it was opened on this file.
    pub(super) fn is_of(&self, file: &File) -> bool {
        is_same_file(&self.file, file)
    }

    /// The file, to be kept open; `None` where too many are.
    pub(super) fn file(&self) -> Option<File> {
        self.file.try_clone().ok()
    }

    /// Bytes of the index when it was opened.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What tells without reading whether the index is still what it was.
    pub(super) fn stamp(&self) -> Result<Stamp, StoreError> {
        Ok(Stamp::of(
            &self.file.metadata().map_err(StoreError::io("read", &self.path))?,
        ))
    }

    /// Finds the record of a serial number: within 64 KiB of the `hint` (an offset), then by order as far as the serial
    /// numbers ascend, then in the whole index. `None` only when it is in none of its lines.
    ///
    /// Of several lines of one serial number, which OpenSSL refuses an index for, the last revoked one (in an index up to 16 MiB), else
    /// the last one in the first of these places.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn find(
        &mut self,
        serial: &SerialNumber,
        hint: Option<u64>,
    ) -> Result<Option<LocatedRecord>, StoreError> {
        self.find_moved(serial, hint, 0)
    }

    /// Finds the record of a serial number as [`Self::find`] does; before all of the index is read, within
    /// `drift` more bytes of the hint.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn find_moved(
        &mut self,
        serial: &SerialNumber,
        hint: Option<u64>,
        drift: u64,
    ) -> Result<Option<LocatedRecord>, StoreError> {
        let found = self.find_any(serial, hint, drift)?;
        if found
            .as_ref()
            .is_some_and(|found| found.record.status == RecordStatus::Revoked)
        {
            return Ok(found);
        }
        match self.revoked()?.get(serial).copied() {
            Some(offset) => self.line_at(offset),
            None => Ok(found),
        }
    }

    fn find_any(
        &mut self,
        serial: &SerialNumber,
        hint: Option<u64>,
        drift: u64,
    ) -> Result<Option<LocatedRecord>, StoreError> {
        let around = |hint: u64, distance| hint.saturating_sub(distance)..hint.saturating_add(distance);
        if let Some(hint) = hint
            && let Some(found) = self.find_within(serial, around(hint, NEIGHBOURHOOD_OCTETS))?
        {
            return Ok(Some(found));
        }
        let by_order = self.range_by_order(serial)?;
        if let Some(found) = self.find_within(serial, by_order)? {
            return Ok(Some(found));
        }
        if let Some(hint) = hint.filter(|_| drift > 0)
            && let Some(found) =
                self.find_within(serial, around(hint, NEIGHBOURHOOD_OCTETS.saturating_add(drift)))?
        {
            return Ok(Some(found));
        }
        match self.find_within(serial, 0..self.length)? {
            Some(found) => Ok(Some(found)),
            None => self.find_in_any_spelling(serial),
        }
    }

    /// The last record of the serial number in the whole index, line by line: one whose number has a spelling
    /// that is not searched for, or is not in its column.
    fn find_in_any_spelling(&mut self, serial: &SerialNumber) -> Result<Option<LocatedRecord>, StoreError> {
        let mut last = None;
        for found in self.records_from(0)? {
            last = Some(found?)
                .filter(|found| found.record.serial == *serial)
                .or(last);
        }
        Ok(last)
    }

    /// The last revoked line of each serial number that has one, by its offset.
    fn revoked(&mut self) -> Result<&HashMap<SerialNumber, u64>, StoreError> {
        if self.revoked.is_none() {
            let mut revoked = HashMap::new();
            if self.length <= KNOWS_REVOKED_UP_TO {
                let cannot = || StoreError::io("read", &self.path);
                let mut lines = self.lines_from(0)?;
                while let Some(line) = lines.next().map_err(cannot())? {
                    let record = if line.is_plainly_not_revoked() {
                        None
                    } else {
                        line.record()
                    };
                    if let Some(record) = record.filter(|record| record.status == RecordStatus::Revoked) {
                        revoked.insert(record.serial, line.offset);
                    }
                }
            }
            self.revoked = Some(revoked);
        }
        Ok(self.revoked.as_ref().expect("it was just made"))
    }

    fn lines_from(&self, offset: u64) -> Result<Lines<BufReader<&File>>, StoreError> {
        (&self.file)
            .seek(SeekFrom::Start(offset))
            .map_err(StoreError::io("read", &self.path))?;
        Ok(Lines::new(
            BufReader::with_capacity(usize::try_from(BLOCK_OCTETS).unwrap_or(usize::MAX), &self.file),
            offset,
        ))
    }

    /// The record in the line that starts at an offset.
    fn line_at(&self, offset: u64) -> Result<Option<LocatedRecord>, StoreError> {
        let mut lines = self.lines_from(offset)?;
        let line = lines.next().map_err(StoreError::io("read", &self.path))?;
        Ok(line.and_then(|line| located(&line)))
    }

    /// The record at a position in the line that starts at an offset.
    fn record_around(&self, start: u64, position: u64) -> Result<Option<LocatedRecord>, StoreError> {
        let mut lines = self.lines_from(start)?;
        while let Some(line) = lines.next().map_err(StoreError::io("read", &self.path))? {
            if line.after() > position {
                return Ok(located(&line));
            }
        }
        Ok(None)
    }

    /// The records whose lines start at `offset` or after it; lines that are not records are passed over.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn records_from(&mut self, offset: u64) -> Result<RecordsFrom<'_>, StoreError> {
        // Whether a line starts here, or this is the rest of another, only the byte before shows.
        let mut lines = self.lines_from(offset.saturating_sub(1))?;
        if offset > 0 {
            lines.next().map_err(StoreError::io("read", &self.path))?;
        }
        Ok(RecordsFrom {
            path: &self.path,
            lines,
        })
    }

    /// The last record of the serial number whose fourth column starts in a range; from its end backwards,
    /// because the newest are looked up most often.
    fn find_within(
        &mut self,
        serial: &SerialNumber,
        range: Range<u64>,
    ) -> Result<Option<LocatedRecord>, StoreError> {
        let wanted = Wanted::new(serial);
        let (mut part, mut end) = (Part::default(), range.end.min(self.length));
        while end > range.start {
            let start = end.saturating_sub(BLOCK_OCTETS).max(range.start);
            // What starts before the end of a block is read whole.
            self.read(start..end.saturating_add(wanted.length()), &mut part)?;
            for at in wanted.hits(&part.octets).into_iter().rev() {
                if let Some(found) = self.verified(&part, at, serial)? {
                    return Ok(Some(found));
                }
            }
            end = start;
        }
        Ok(None)
    }

    /// The line around a hit as a record, when it is one of the serial number.
    fn verified(
        &mut self,
        part: &Part,
        at: usize,
        serial: &SerialNumber,
    ) -> Result<Option<LocatedRecord>, StoreError> {
        let found = match part.line_around(at) {
            Some(line) => part.record_at(line, at),
            None => {
                // The line crosses the border of the block.
                let position = part.offset.saturating_add(at as u64);
                let mut around = Part::default();
                self.read(position.saturating_sub(MAX_LINE_OCTETS)..position, &mut around)?;
                match around.start_of_last_line() {
                    Some(start) => self.record_around(start, position)?,
                    None => None,
                }
            }
        };
        Ok(found.filter(|found| found.record.serial == *serial))
    }

    /// Where the line of a serial number is if serial numbers ascend: halves the index until little is left. In an index in
    /// which they do not, the line is somewhere else, and not found there.
    fn range_by_order(&mut self, serial: &SerialNumber) -> Result<Range<u64>, StoreError> {
        let mut range = 0..self.length;
        while range.end.saturating_sub(range.start) > 2 * NEIGHBOURHOOD_OCTETS {
            let middle = range.start + (range.end - range.start) / 2;
            match self.first_record_after(middle)? {
                Some(probe) if probe.offset >= range.end => break,
                Some(probe) if *serial < probe.record.serial => range.end = probe.offset,
                Some(probe) => range.start = probe.offset,
                None => break,
            }
        }
        Ok(range)
    }

    /// The first record whose line starts after `offset`, unless there is nothing but damage and comments for
    /// long.
    fn first_record_after(&mut self, offset: u64) -> Result<Option<LocatedRecord>, StoreError> {
        let mut part = Part::default();
        for octets in [PROBE_OCTETS, 2 * MAX_LINE_OCTETS] {
            self.read(offset..offset.saturating_add(octets), &mut part)?;
            if let Some(found) = part.first_record() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn read(&mut self, range: Range<u64>, part: &mut Part) -> Result<(), StoreError> {
        let cannot = || StoreError::io("read", &self.path);
        part.offset = range.start;
        part.octets.clear();
        (&self.file)
            .seek(SeekFrom::Start(range.start))
            .map_err(cannot())?;
        (&self.file)
            .take(range.end.saturating_sub(range.start))
            .read_to_end(&mut part.octets)
            .map_err(cannot())?;
        Ok(())
    }
}

impl Part {
    /// The line to which a byte belongs, when both its ends are here.
    fn line_around(&self, at: usize) -> Option<Range<usize>> {
        let start = match memrchr(b'\n', self.octets.get(..at)?) {
            Some(before) => before + 1,
            None if self.offset == 0 => 0,
            None => return None,
        };
        let end = at + memchr(b'\n', &self.octets[at..])? + 1;
        Some(start..end)
    }

    /// Where the line of the byte after these starts, unless it starts before them.
    fn start_of_last_line(&self) -> Option<u64> {
        match memrchr(b'\n', &self.octets) {
            Some(before) => Some(self.offset + before as u64 + 1),
            None => (self.offset == 0).then_some(0),
        }
    }

    /// The record at a place in a line.
    fn record_at(&self, line: Range<usize>, at: usize) -> Option<LocatedRecord> {
        let position = self.offset + at as u64;
        let mut lines = Lines::new(&self.octets[line.clone()], self.offset + line.start as u64);
        while let Some(line) = lines.next().ok()? {
            if line.after() > position {
                return located(&line);
            }
        }
        None
    }

    /// The first record after the first line feed.
    fn first_record(&self) -> Option<LocatedRecord> {
        let start = memchr(b'\n', &self.octets)? + 1;
        let mut lines = Lines::new(&self.octets[start..], self.offset + start as u64);
        while let Some(line) = lines.next().ok()?.filter(Line::is_whole) {
            if let Some(found) = located(&line) {
                return Some(found);
            }
        }
        None
    }
}

/// What is searched for: the digits without leading zeros, and the tab after the column. OpenSSL as well compares serial
/// numbers as text without leading zeros. Letters may be of either case; a mix of both is found line by line.
struct Wanted {
    spellings: Vec<Vec<u8>>,
}

impl Wanted {
    fn new(serial: &SerialNumber) -> Self {
        let digits = serial.to_string();
        let significant = match digits.trim_start_matches('0') {
            "" => "0",
            significant => significant,
        };
        let mut spellings = vec![
            format!("{significant}\t").into_bytes(),
            format!("{}\t", significant.to_ascii_lowercase()).into_bytes(),
        ];
        spellings.dedup();
        Self { spellings }
    }

    fn length(&self) -> u64 {
        self.spellings[0].len() as u64
    }

    /// Where one of the spellings starts, in ascending order, as far as a column can start there: spares the
    /// parsing of most lines that merely end in the same digits.
    fn hits(&self, octets: &[u8]) -> Vec<usize> {
        let may_begin = |at: &usize| matches!(octets[..*at].last(), None | Some(b'\t' | b'0'));
        let find = |text: &Vec<u8>| {
            memmem::find_iter(octets, text)
                .filter(may_begin)
                .collect::<Vec<usize>>()
        };
        let mut hits: Vec<usize> = self.spellings.iter().flat_map(find).collect();
        hits.sort_unstable();
        hits
    }
}

/// A whole line as a record, if it is one.
fn located(line: &Line<'_>) -> Option<LocatedRecord> {
    line.record().map(|record| LocatedRecord {
        offset: line.offset,
        length: line.length,
        is_whole: line.is_whole(),
        record,
    })
}

/// Streams the records of an index from somewhere to its end, with their places; see [`RecordFinder::records_from`].
pub struct RecordsFrom<'a> {
    path: &'a Path,
    lines: Lines<BufReader<&'a File>>,
}

impl Iterator for RecordsFrom<'_> {
    type Item = Result<LocatedRecord, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.lines.next() {
                Err(error) => return Some(Err(StoreError::io("read", self.path)(error))),
                Ok(None) => return None,
                Ok(Some(line)) => {
                    if let Some(found) = located(&line) {
                        return Some(Ok(found));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(index: &[u8]) -> (tempfile::TempDir, CaDir) {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        std::fs::write(ca_dir.index(), index).expect("ca.db");
        (folder, ca_dir)
    }

    fn serial(number: u64) -> SerialNumber {
        SerialNumber::parse_hex(&format!("{number:X}")).expect("a number")
    }

    fn line(number: u64, subject: &str) -> String {
        format!("V\t361031201500Z\t\t{}\tunknown\t/CN={subject}\n", serial(number))
    }

    /// Offset and subject of what is found; the offset must be that of a line with that content.
    fn find(ca_dir: &CaDir, number: u64, hint: Option<u64>) -> Option<(u64, String)> {
        let found = RecordFinder::open(ca_dir)
            .expect("open")
            .find(&serial(number), hint)
            .expect("read")?;
        let index = std::fs::read(ca_dir.index()).expect("ca.db");
        let (start, end) = (
            usize::try_from(found.offset).expect("small"),
            usize::try_from(found.end()).expect("small"),
        );
        assert_eq!(index[start..end], *found.record.to_line().as_bytes());
        Some((found.offset, found.record.subject))
    }

    fn subject(ca_dir: &CaDir, number: u64, hint: Option<u64>) -> Option<String> {
        find(ca_dir, number, hint).map(|(_, subject)| subject)
    }

    #[test]
    fn every_line_is_found_in_either_order_with_and_without_a_hint() {
        for descending in [false, true] {
            // Some megabytes: more than a block, and far more than a neighbourhood.
            let numbers: Vec<u64> = if descending {
                (1..=40_000).rev().collect()
            } else {
                (1..=40_000).collect()
            };
            let index: String = numbers
                .iter()
                .map(|number| line(*number, &format!("host{number}.example.com")))
                .collect();
            let (_folder, ca_dir) = directory(index.as_bytes());
            for number in [
                1, 2, 9, 15, 16, 255, 256, 257, 4096, 19_999, 20_000, 39_999, 40_000,
            ] {
                let (offset, subject) = find(&ca_dir, number, None).expect("it is there");
                assert_eq!(subject, format!("/CN=host{number}.example.com"));
                for hint in [
                    offset,
                    offset + 50_000,
                    offset.saturating_sub(50_000),
                    0,
                    u64::MAX,
                ] {
                    assert_eq!(
                        find(&ca_dir, number, Some(hint)).map(|(offset, _)| offset),
                        Some(offset),
                        "{number} from {hint}"
                    );
                }
            }
            assert_eq!(find(&ca_dir, 40_001, Some(7)), None);
        }
    }

    #[test]
    fn search_by_order_reaches_the_line_without_reading_all() {
        let index: String = (1..=40_000).map(|number| line(number, "x")).collect();
        let (_folder, ca_dir) = directory(index.as_bytes());
        let mut finder = RecordFinder::open(&ca_dir).expect("open");
        for number in [1, 12_345, 40_000] {
            let range = finder.range_by_order(&serial(number)).expect("read");
            assert!(range.end - range.start <= 2 * NEIGHBOURHOOD_OCTETS, "{range:?}");
            assert!(
                finder
                    .find_within(&serial(number), range)
                    .expect("read")
                    .is_some(),
                "{number}"
            );
        }
    }

    #[test]
    fn number_elsewhere_than_in_the_fourth_column_is_no_hit() {
        let index = format!(
            "# \t0A\tunknown\n{}V\t361031201500Z\t\t0B\t0A\t/CN=file\n{}",
            line(1, "\t0A\t").replace("\t0A", "\\\t0A"),
            line(0x0A0A, "x")
        );
        let (_folder, ca_dir) = directory(index.as_bytes());
        assert_eq!(find(&ca_dir, 0x0A, None), None);
        assert_eq!(find(&ca_dir, 0x0A, Some(0)), None);
    }

    #[test]
    fn of_two_lines_of_a_serial_number_the_last_counts() {
        let index = [line(1, "first"), line(2, "x"), line(1, "last"), line(3, "y")].concat();
        let (_folder, ca_dir) = directory(index.as_bytes());
        assert_eq!(subject(&ca_dir, 1, None).as_deref(), Some("/CN=last"));
        assert_eq!(subject(&ca_dir, 1, Some(0)).as_deref(), Some("/CN=last"));
    }

    #[test]
    fn a_last_line_without_a_line_feed_is_a_record_when_it_has_all_columns() {
        let found = |index: &str, number| {
            let (_folder, ca_dir) = directory(index.as_bytes());
            RecordFinder::open(&ca_dir)
                .expect("open")
                .find(&serial(number), None)
                .expect("read")
        };
        let index = [line(1, "whole"), line(2, "torn")].concat();
        assert_eq!(
            found(index.trim_end(), 2).map(|found| (found.record.subject, found.is_whole)),
            Some(("/CN=torn".into(), false))
        );
        assert_eq!(found(index.trim_end_matches("/CN=torn\n"), 2), None);
    }

    #[test]
    fn line_at_the_border_of_a_block_is_found_wherever_the_border_falls() {
        // Counted from its end, the index is cut into blocks: the filler moves the line sought across a
        // border byte by byte.
        let wanted = line(0x7777, "wanted");
        for filler in 0..=wanted.len() {
            let mut index = wanted.clone().into_bytes();
            let after = usize::try_from(BLOCK_OCTETS).expect("small") - filler;
            index.extend(std::iter::repeat_n(b'x', after - 1));
            index.push(b'\n');
            let (_folder, ca_dir) = directory(&index);
            assert_eq!(
                find(&ca_dir, 0x7777, None),
                Some((0, "/CN=wanted".into())),
                "{filler}"
            );
        }
    }

    #[test]
    fn long_lines_comments_and_damage_do_not_hide_a_record() {
        let long = "x".repeat(60_000);
        let damage = format!("{}\n# \u{e9}\n\n", "\u{7f}".repeat(3 * 1024 * 1024));
        let index = [
            line(1, &long),
            damage.clone(),
            line(2, &long),
            damage,
            line(3, "x"),
        ]
        .concat();
        let (_folder, ca_dir) = directory(index.as_bytes());
        assert_eq!(
            subject(&ca_dir, 1, None).map(|subject| subject.len()),
            Some(60_004)
        );
        assert_eq!(
            subject(&ca_dir, 2, None).map(|subject| subject.len()),
            Some(60_004)
        );
        assert!(subject(&ca_dir, 3, Some(0)).is_some());
    }

    #[test]
    fn numbers_that_are_written_otherwise_are_found_as_openssl_finds_them() {
        let (_folder, ca_dir) = directory(
            b"V\t361031201500Z\t\tA\tunknown\t/CN=odd\nV\t361031201500Z\t\t000B\tunknown\t/CN=zeros\nV\t361031201500Z\t\t00\tunknown\t/CN=zero\n",
        );
        let mut finder = RecordFinder::open(&ca_dir).expect("open");
        for (number, subject) in [(0x0A, "/CN=odd"), (0x0B, "/CN=zeros"), (0, "/CN=zero")] {
            let found = finder
                .find(&serial(number), None)
                .expect("read")
                .expect("it is there");
            assert_eq!(found.record.subject, subject);
        }
    }

    #[test]
    fn records_are_streamed_with_their_places() {
        let index = [
            line(1, "a"),
            "# note\n".into(),
            "y".repeat(100_000),
            "\n".into(),
            line(2, "b"),
            "V\t36".into(),
        ]
        .concat();
        let (_folder, ca_dir) = directory(index.as_bytes());
        let mut finder = RecordFinder::open(&ca_dir).expect("open");
        let all: Vec<LocatedRecord> = finder
            .records_from(0)
            .expect("seek")
            .collect::<Result<_, _>>()
            .expect("read");
        let [first, second] = all.as_slice() else {
            panic!("two records: {all:?}")
        };
        assert_eq!(
            finder.find(&second.record.serial, None).expect("read").as_ref(),
            Some(second)
        );
        let rest: Vec<LocatedRecord> = finder
            .records_from(first.end())
            .expect("seek")
            .collect::<Result<_, _>>()
            .expect("read");
        assert_eq!(rest, std::slice::from_ref(second));
    }
}
