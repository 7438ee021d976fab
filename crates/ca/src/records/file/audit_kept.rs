//! The lines of `audit.log` about revocations, kept beside it: a cache, because a long log takes seconds to read.
//!
//! The cache costs time when it is missing, stale or wrong, and never an answer. It counts only where the log has, at the offset up to which
//! lines are kept, the line that was there: each line is bound to all lines before it. What comes after is read from the log.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::AuditReader;
use super::audit_find::ReadLines;
use crate::files::{FilesError, PRIVATE_MODE, open_own, parent_of, stage_unsynced};
use crate::home::{CaDir, StoreError, exists};
use crate::records::audit::chain::{MAX_LINE_OCTETS, hash_of};
use crate::records::{AuditFields, LogExtent};

/// A log of so many bytes is read in a few milliseconds.
const WORTH_KEEPING: u64 = 1024 * 1024;
/// The cache is written again when so many bytes of the log are not covered.
const WRITTEN_AFTER: u64 = 256 * 1024;
/// The form of the cache; another one is made anew.
const VERSION: u8 = 1;

/// The first line of the cache; the lines of the log follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    version: u8,
    /// The actions of the lines that are kept.
    actions: Vec<String>,
    /// Bytes of the log that are covered, up to the end of a line.
    end: u64,
    /// The number of those lines.
    lines: u64,
    /// The length in bytes of the last of them, without its line feed.
    last: u64,
    /// The hash of the last of them.
    hash: String,
    /// SHA-256 of the kept lines: the cache is written without waiting for the disk.
    kept: String,
}

/// What the cache has, of a log that has its last line.
struct Kept {
    header: Header,
    /// The lines, each with its line feed.
    text: Vec<u8>,
    /// The last line of the log that is covered.
    last: Vec<u8>,
}

impl AuditReader {
    /// As [`AuditReader::lines_of`]; of a long log what `ca_conf/.audit.idx` covers is taken from there. Keeps that file, if it can be
    /// written.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn kept_lines_of(
        ca_dir: &CaDir,
        actions: &[&str],
        asked: Option<u64>,
        each: &mut dyn FnMut(AuditFields),
    ) -> Result<LogExtent, StoreError> {
        let path = ca_dir.audit_log();
        if !exists(&path)? {
            return Self::lines_of(ca_dir, actions, asked, each);
        }
        let mut log = open_own(OpenOptions::new().read(true), &path, "read")?;
        let length = log.metadata().map_err(StoreError::io("read", &path))?.len();
        if length < WORTH_KEEPING {
            return Self::lines_of(ca_dir, actions, asked, each);
        }
        let known = Kept::read(&ca_dir.audit_index(), actions, &mut log, length)
            .filter(|kept| asked.is_none_or(|asked| asked >= kept.header.lines));
        let (before, start, mut text, last) = match known {
            Some(kept) => (kept.extent(asked), kept.header.end, kept.text, kept.last),
            None => Default::default(),
        };
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            if let Ok(fields) = serde_json::from_slice(line) {
                each(fields);
            }
        }
        let mut read = Self::lines_from(ca_dir, start, before, actions, asked, &mut |line, fields| {
            text.extend_from_slice(line);
            text.push(b'\n');
            each(fields);
        })?;
        if read.last.is_empty() {
            read.last = last;
        }
        // Where most lines are about revocations, the log is as quick.
        if read.end - start >= WRITTEN_AFTER && text.len() as u64 <= read.end / 2 {
            // That it cannot be written is no error.
            let _ = keep(&ca_dir.audit_index(), actions, &read, &text);
        }
        let mut extent = read.extent;
        extent.finish(&read.last);
        Ok(extent)
    }
}

impl Kept {
    /// `None` where there is none, or it is of no use for this log.
    fn read(path: &Path, actions: &[&str], log: &mut File, length: u64) -> Option<Self> {
        let mut file = open_own(OpenOptions::new().read(true), path, "read").ok()?;
        // No more than half of what it covers is kept.
        if file.metadata().ok()?.len() > length {
            return None;
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content).ok()?;
        let feed = memchr::memchr(b'\n', &content)?;
        let header: Header = serde_json::from_slice(&content[..feed]).ok()?;
        let text = content.split_off(feed + 1);
        let is_sound = header.version == VERSION
            && header.actions == actions
            && header.end <= length
            && header.last < MAX_LINE_OCTETS
            && header.kept == hash_of(&text);
        if !is_sound {
            return None;
        }
        let last = line_before(log, header.end, header.last)?;
        (hash_of(&last) == header.hash).then_some(Self { header, text, last })
    }

    /// How far the log goes that is covered.
    fn extent(&self, asked: Option<u64>) -> LogExtent {
        LogExtent {
            lines: self.header.lines,
            last: None,
            hash: (asked == Some(self.header.lines)).then(|| self.header.hash.clone()),
        }
    }
}

/// The line of a length that ends, with its line feed, at an offset.
pub(super) fn line_before(log: &mut File, end: u64, length: u64) -> Option<Vec<u8>> {
    let start = end.checked_sub(length + 1)?;
    // The line feed of the line before is read as well.
    let (from, has_before) = (start.saturating_sub(1), start > 0);
    log.seek(SeekFrom::Start(from)).ok()?;
    let mut bytes = vec![0; usize::try_from(end - from).ok()?];
    log.read_exact(&mut bytes).ok()?;
    let bytes = match has_before {
        true => bytes.strip_prefix(b"\n")?,
        false => &bytes[..],
    };
    bytes.strip_suffix(b"\n").map(<[u8]>::to_vec)
}

/// Writes the cache in place of whatever has its name. Nothing is made durable.
fn keep(path: &Path, actions: &[&str], read: &ReadLines, text: &[u8]) -> Result<(), FilesError> {
    let header = Header {
        version: VERSION,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        end: read.end,
        lines: read.extent.lines,
        last: read.last.len() as u64,
        hash: hash_of(&read.last),
        kept: hash_of(text),
    };
    let header = serde_json::to_string(&header).expect("a header is JSON");
    let content = [header.as_bytes(), b"\n", text].concat();
    stage_unsynced(parent_of(path), PRIVATE_MODE, &content)?.replace(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Told;

    const PADDING: usize = 400;

    struct Log {
        _folder: tempfile::TempDir,
        ca_dir: CaDir,
        lines: Vec<String>,
    }

    impl Log {
        /// A log that is long enough, with a revocation in the middle.
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("folder");
            let ca_dir = CaDir::at(folder.path());
            std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
            let mut log = Self {
                _folder: folder,
                ca_dir,
                lines: Vec::new(),
            };
            for number in 0..2500 {
                log.add(if number == 1000 {
                    "cert.revoke"
                } else {
                    "cert.issue"
                });
            }
            log.write();
            log
        }

        fn add(&mut self, action: &str) {
            let prev = self
                .lines
                .last()
                .map(|line| hash_of(line.as_bytes()))
                .unwrap_or_default();
            let seq = self.lines.len() + 1;
            let padding = "x".repeat(PADDING);
            self.lines.push(format!(
                "{{\"seq\":{seq},\"time\":\"2030-03-26T12:00:00Z\",\"action\":\"{action}\",\"serial\":\"{seq:04X}\",\"reason\":\"keyCompromise\",\"host\":\"{padding}\",\"prev\":\"{prev}\"}}"
            ));
        }

        fn write(&self) {
            std::fs::write(self.ca_dir.audit_log(), self.lines.join("\n") + "\n").expect("audit.log");
        }

        /// What both ways say, which must be the same: the serial numbers of lines about revocations.
        fn serials(&self, asked: Option<u64>) -> Vec<String> {
            let (mut kept, mut whole) = (Vec::new(), Vec::new());
            let take =
                |list: &mut Vec<String>, fields: AuditFields| list.push(fields.serial.unwrap_or_default());
            let by_cache = AuditReader::kept_lines_of(&self.ca_dir, Told::actions(), asked, &mut |fields| {
                take(&mut kept, fields)
            });
            let by_log = AuditReader::lines_of(&self.ca_dir, Told::actions(), asked, &mut |fields| {
                take(&mut whole, fields)
            });
            assert_eq!(by_cache.expect("read"), by_log.expect("read"));
            assert_eq!(kept, whole);
            kept
        }

        /// How many bytes of the log the cache covers.
        fn covered(&self) -> Option<u64> {
            let content = std::fs::read_to_string(self.ca_dir.audit_index()).ok()?;
            let header: Header = serde_json::from_str(content.lines().next()?).ok()?;
            Some(header.end)
        }
    }

    #[test]
    fn cache_and_log_say_the_same_whatever_becomes_of_either() {
        let mut log = Log::new();
        let revoked = vec!["03E9".to_owned()];
        assert_eq!(log.serials(None), revoked);
        let covered = log.covered().expect("it is kept");
        assert_eq!(
            covered,
            log.lines.iter().map(|line| line.len() as u64 + 1).sum::<u64>()
        );
        for asked in [1, 1001, 2499, 2500, 2501] {
            assert_eq!(log.serials(Some(asked)), revoked, "{asked}");
        }
        log.add("cert.revoke");
        log.write();
        assert_eq!(log.serials(Some(2501)), ["03E9", "09C5"], "a line came");
        assert_eq!(log.covered(), Some(covered), "it is not written for one line");
        (0..700).for_each(|_| log.add("cert.issue"));
        log.write();
        assert_eq!(log.serials(None).len(), 2);
        assert!(log.covered() > Some(covered), "many lines came");
        // An older log was put back, and went on.
        log.lines.truncate(2499);
        log.write();
        assert_eq!(log.serials(None), revoked, "it is shorter");
        (0..900).for_each(|_| log.add("crl.update"));
        log.write();
        assert_eq!(log.serials(None).len(), 901, "it went on otherwise");
        for damage in ["", "{}", "nonsense\n", "{\"version\":1}\n"] {
            std::fs::write(log.ca_dir.audit_index(), damage).expect("damaged");
            assert_eq!(log.serials(None).len(), 901, "{damage:?}");
        }
        let mut content = std::fs::read(log.ca_dir.audit_index()).expect("kept");
        let middle = content.len() / 2;
        content.truncate(middle);
        std::fs::write(log.ca_dir.audit_index(), content).expect("cut");
        assert_eq!(log.serials(None).len(), 901, "it is cut off");
    }

    #[cfg(unix)]
    #[test]
    fn cache_has_its_mode_and_follows_no_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let log = Log::new();
        let target = log.ca_dir.conf().join("elsewhere");
        std::fs::write(&target, "somebody's").expect("target");
        symlink(&target, log.ca_dir.audit_index()).expect("a link");
        log.serials(None);
        assert_eq!(std::fs::read(&target).expect("target"), b"somebody's");
        let kept = log.ca_dir.audit_index().symlink_metadata().expect("kept");
        assert!(kept.is_file());
        assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn short_logs_and_missing_ones_have_no_cache() {
        let mut log = Log::new();
        log.lines.truncate(3);
        log.write();
        log.serials(None);
        assert_eq!(log.covered(), None);
        std::fs::remove_file(log.ca_dir.audit_log()).expect("removed");
        assert_eq!(log.serials(Some(1)), Vec::<String>::new());
    }
}
