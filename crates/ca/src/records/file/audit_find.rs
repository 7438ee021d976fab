//! Lines of `audit.log`, found without decoding all of it; and one line without reading all: lines are in the
//! order of their times, unless a clock was set back.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::path::Path;

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};
use time::OffsetDateTime;

use super::AuditReader;
use crate::files::{FilesError, open_own};
use crate::home::{CaDir, StoreError, exists};
use crate::records::audit::chain::MAX_LINE_OCTETS;
use crate::records::{AuditFields, LogExtent};
use gsec_pki::x509::{SerialNumber, parse_time};

/// Below so many bytes, reading on is as quick as halving.
const SMALL: u64 = 64 * 1024;
/// The serial number is near the start of a line, after number, time and action.
const HEAD_BYTES: usize = 512;

/// What precedes the action of a line, and within how many bytes of its start.
const ACTION: &[u8] = b"\"action\":\"";
const ACTION_WITHIN: usize = 128;
/// So much is searched at once: it stays in the processor's cache while each text is looked for.
const BLOCK: usize = 256 * 1024;

/// What was read of the log.
pub(super) struct ReadLines {
    pub(super) extent: LogExtent,
    /// The offset behind the last whole line.
    pub(super) end: u64,
    /// The last whole line that was read, without its line feed.
    pub(super) last: Vec<u8>,
}

impl AuditReader {
    /// Calls `each` with the content of every whole line that contains one of some texts, in their order.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn lines_with(
        ca_dir: &CaDir,
        texts: &[&str],
        each: &mut dyn FnMut(AuditFields),
    ) -> Result<(), StoreError> {
        let finders: Vec<Finder<'_>> = texts.iter().map(|text| Finder::new(text.as_bytes())).collect();
        Self::blocks(ca_dir, 0, &mut |lines| decode_hits(lines, &finders, each))
    }

    /// Calls `each` with what every whole line of one of some actions says, in their order. Returns how far the log goes, with the hash of
    /// line `asked`.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn lines_of(
        ca_dir: &CaDir,
        actions: &[&str],
        asked: Option<u64>,
        each: &mut dyn FnMut(AuditFields),
    ) -> Result<LogExtent, StoreError> {
        let read = Self::lines_from(
            ca_dir,
            0,
            LogExtent::default(),
            actions,
            asked,
            &mut |_, fields| {
                each(fields);
            },
        )?;
        let mut extent = read.extent;
        extent.finish(&read.last);
        Ok(extent)
    }

    /// The same from the start of a line on, before which the log is as `before` says; and with the text of each line.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn lines_from(
        ca_dir: &CaDir,
        start: u64,
        before: LogExtent,
        actions: &[&str],
        asked: Option<u64>,
        each: &mut dyn FnMut(&[u8], AuditFields),
    ) -> Result<ReadLines, StoreError> {
        let finder = action_finder();
        let mut read = ReadLines {
            extent: before,
            end: start,
            last: Vec::new(),
        };
        Self::blocks(ca_dir, start, &mut |lines| {
            read.end += lines.len() as u64;
            if let Some(line) = lines.strip_suffix(b"\n") {
                let start = memrchr(b'\n', line).map_or(0, |feed| feed + 1);
                read.last = line[start..].to_vec();
            }
            let mut rest = lines;
            while let Some(feed) = memchr(b'\n', rest) {
                let line = &rest[..feed];
                rest = &rest[feed + 1..];
                read.extent.take(line, asked);
                // A line that has none where it is expected is checked all the same.
                let action = action_of(&finder, line);
                if action.is_some_and(|found| !actions.iter().any(|action| action.as_bytes() == found)) {
                    continue;
                }
                if let Ok(fields) = serde_json::from_slice::<AuditFields>(line)
                    && actions.contains(&fields.action.as_str())
                {
                    each(line, fields);
                }
            }
        })?;
        Ok(read)
    }

    /// Calls `each` with the log from an offset on, some whole lines at a time.
    fn blocks(ca_dir: &CaDir, start: u64, each: &mut dyn FnMut(&[u8])) -> Result<(), StoreError> {
        let path = ca_dir.audit_log();
        if !exists(&path)? {
            return Ok(());
        }
        Self::blocks_of(
            &open_own(OpenOptions::new().read(true), &path, "read")?,
            &path,
            start,
            each,
        )
    }

    /// The same of a log that is open.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn blocks_of(
        mut file: &File,
        path: &Path,
        start: u64,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), StoreError> {
        let length = file.metadata().map_err(StoreError::io("read", path))?.len();
        file.seek(SeekFrom::Start(start))
            .map_err(StoreError::io("read", path))?;
        // Of a few lines no more than they take, and a byte that shows the end.
        let size = usize::try_from(length.saturating_sub(start).saturating_add(1)).unwrap_or(BLOCK);
        let (mut block, mut filled) = (vec![0; size.clamp(1024, BLOCK)], 0);
        loop {
            let read = file
                .read(&mut block[filled..])
                .map_err(StoreError::io("read", path))?;
            filled += read;
            let whole = memrchr(b'\n', &block[..filled]).map_or(0, |feed| feed + 1);
            each(&block[..whole]);
            if read == 0 {
                return Ok(());
            }
            block.copy_within(whole..filled, 0);
            filled -= whole;
            if filled as u64 > MAX_LINE_OCTETS {
                return Err(StoreError::Files(FilesError::TooLarge {
                    path: path.to_owned(),
                    bound: MAX_LINE_OCTETS,
                }));
            }
            if filled * 2 > block.len() {
                block.resize(block.len() * 2, 0);
            }
        }
    }

    /// The first line about a serial number of which `is_meant` holds: among those of a time, or if none of these is, among all. The time
    /// costs nothing but time when it is wrong.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn find(
        ca_dir: &CaDir,
        serial: &SerialNumber,
        at: &RangeInclusive<OffsetDateTime>,
        is_meant: &dyn Fn(&AuditFields) -> bool,
    ) -> Result<Option<AuditFields>, StoreError> {
        if !exists(&ca_dir.audit_log())? {
            return Ok(None);
        }
        let digits = serial.to_string();
        let pattern = format!("\"serial\":\"{digits}\"");
        let is_about = |text: &[u8]| {
            text[..text.len().min(HEAD_BYTES)]
                .windows(pattern.len())
                .any(|window| window == pattern.as_bytes())
        };
        let meant = |fields: &AuditFields| fields.serial.as_deref() == Some(&digits) && is_meant(fields);
        let near = Self::open_at(ca_dir, begin_of(ca_dir, *at.start())?)?;
        for line in near {
            let line = line?;
            if is_about(&line.text)
                && let Some(fields) = line.fields().filter(meant)
            {
                return Ok(Some(fields));
            }
            if time_of(&line.text).is_some_and(|time| time > *at.end()) {
                break;
            }
        }
        for line in Self::open(ca_dir)? {
            let line = line?;
            if is_about(&line.text)
                && let Some(fields) = line.fields().filter(meant)
            {
                return Ok(Some(fields));
            }
        }
        Ok(None)
    }
}

/// Finds what precedes the action of a line.
pub(super) fn action_finder() -> Finder<'static> {
    Finder::new(ACTION)
}

/// The action of a line, where it is expected: after number and time.
pub(super) fn action_of<'l>(finder: &Finder<'_>, line: &'l [u8]) -> Option<&'l [u8]> {
    finder
        .find(&line[..line.len().min(ACTION_WITHIN)])
        .and_then(|at| line[at + ACTION.len()..].split(|byte| *byte == b'"').next())
}

/// Decodes the lines that contain one of the texts.
pub(super) fn decode_hits(lines: &[u8], finders: &[Finder<'_>], each: &mut dyn FnMut(AuditFields)) {
    let mut starts: Vec<usize> = Vec::new();
    for finder in finders {
        let mut from = 0;
        while let Some(at) = finder.find(&lines[from..]) {
            let at = from + at;
            starts.push(memrchr(b'\n', &lines[..at]).map_or(0, |feed| feed + 1));
            from = memchr(b'\n', &lines[at..]).map_or(lines.len(), |feed| at + feed + 1);
        }
    }
    starts.sort_unstable();
    starts.dedup();
    for start in starts {
        let line = lines[start..]
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        if let Ok(fields) = serde_json::from_slice(line) {
            each(fields);
        }
    }
}

/// A place before the first line that is not older than a time, as far as times ascend.
fn begin_of(ca_dir: &CaDir, time: OffsetDateTime) -> Result<u64, StoreError> {
    let path = ca_dir.audit_log();
    let cannot = || StoreError::io("read", &path);
    let mut reader = BufReader::new(open_own(OpenOptions::new().read(true), &path, "read")?);
    let (mut low, mut high) = (0, reader.seek(SeekFrom::End(0)).map_err(cannot())?);
    while high - low > SMALL {
        let middle = low + (high - low) / 2;
        reader.seek(SeekFrom::Start(middle)).map_err(cannot())?;
        let mut line = Vec::new();
        // What is left of the line in the middle, and the next.
        for _ in 0..2 {
            line.clear();
            reader
                .by_ref()
                .take(MAX_LINE_OCTETS)
                .read_until(b'\n', &mut line)
                .map_err(cannot())?;
        }
        match time_of(&line) {
            Some(found) if found < time => low = middle,
            Some(_) => high = middle,
            None => break,
        }
    }
    Ok(low)
}

/// The time of a line, which follows its number.
fn time_of(line: &[u8]) -> Option<OffsetDateTime> {
    const NAME: &[u8] = b"\"time\":\"";
    let at = line[..line.len().min(HEAD_BYTES)]
        .windows(NAME.len())
        .position(|window| window == NAME)?;
    let text = line[at + NAME.len()..].split(|byte| *byte == b'"').next()?;
    parse_time(std::str::from_utf8(text).ok()?)
}
