//! `audit.log`, read: line by line in bounded memory, and checked as a chain.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use serde::Deserialize;

use super::audit::{NOTHING_BEFORE, SIGNATURE, hash_of};
use super::files::open_own;
use super::layout::exists;
use super::{CaDir, StoreError};
use crate::encoding::hex;

/// The longest line that is read; a line with a hundred long names has some 30 KiB.
const MAX_LINE_OCTETS: u64 = 1024 * 1024;
/// How much is read at once.
const BLOCK_OCTETS: usize = 256 * 1024;

/// A line of the log as it stands.
pub struct AuditLine {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The line without its line feed.
    pub text: Vec<u8>,
    /// Whether it ends in a line feed; only the last may not, after a crash.
    pub is_whole: bool,
}

/// Streams the log; empty where there is none.
pub struct AuditReader {
    path: PathBuf,
    reader: Option<BufReader<File>>,
    number: u64,
}

impl AuditReader {
    /// Opens the log of a CA directory.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::SymbolicLink`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.audit_log();
        let reader =
            if exists(&path)? { Some(BufReader::with_capacity(BLOCK_OCTETS, open_own(OpenOptions::new().read(true), &path, "read")?)) } else { None };
        Ok(Self { path, reader, number: 0 })
    }

    fn read_line(&mut self) -> Result<Option<AuditLine>, StoreError> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let mut text = Vec::new();
        let read = reader.by_ref().take(MAX_LINE_OCTETS).read_until(b'\n', &mut text).map_err(StoreError::io("read", &self.path))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = text.last() == Some(&b'\n');
        if is_whole {
            text.pop();
        } else if read as u64 == MAX_LINE_OCTETS {
            return Err(StoreError::TooLarge { path: self.path.clone(), bound: MAX_LINE_OCTETS });
        }
        Ok(Some(AuditLine { number: self.number, text, is_whole }))
    }
}

impl Iterator for AuditReader {
    type Item = Result<AuditLine, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_line().transpose()
    }
}

/// What every line says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditFields {
    /// Its number in the log, from 1.
    pub seq: u64,
    /// When, RFC 3339.
    pub time: String,
    /// What, named as the command.
    pub action: String,
    /// The certificate that it is about.
    pub serial: Option<String>,
    /// The profile that it was issued under.
    pub profile: Option<String>,
    /// The hash of the line before.
    pub prev: String,
    /// Which key signed it.
    pub key: Option<String>,
}

impl AuditLine {
    /// What it says; `None` when it is no line of gsec's.
    pub fn fields(&self) -> Option<AuditFields> {
        serde_json::from_slice(&self.text).ok()
    }

    /// What is signed, and the signature; `None` for an unsigned line.
    pub fn signature(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let at = last_position_of(&self.text, SIGNATURE.as_bytes())?;
        let digits = self.text.get(at + SIGNATURE.len()..)?.strip_suffix(b"\"}")?;
        let signature = hex::decode(std::str::from_utf8(digits).ok()?)?;
        Some(([&self.text[..at], b"}"].concat(), signature))
    }
}

fn last_position_of(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).rposition(|window| window == wanted)
}

/// Where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong there.
    pub problem: String,
}

/// Follows the chain from line to line.
pub struct ChainCheck {
    expected: String,
    sequence: u64,
    /// The first place where it does not hold.
    pub broken: Option<BrokenLink>,
}

impl Default for ChainCheck {
    fn default() -> Self {
        Self { expected: NOTHING_BEFORE.into(), sequence: 0, broken: None }
    }
}

impl ChainCheck {
    /// Takes the next line, and returns what it says.
    pub fn follow(&mut self, line: &AuditLine) -> Option<AuditFields> {
        let fields = line.fields();
        let problem = match &fields {
            None => Some("it is no line of an audit log".to_owned()),
            Some(fields) if fields.prev != self.expected => Some("the line before it is not the one that it was written after".to_owned()),
            Some(fields) if fields.seq != self.sequence + 1 => Some(format!("it is numbered {}, and {} is due", fields.seq, self.sequence + 1)),
            Some(_) => None,
        };
        if let (None, Some(problem)) = (&self.broken, problem) {
            self.broken = Some(BrokenLink { line: line.number, problem });
        }
        self.expected = hash_of(&line.text);
        self.sequence = fields.as_ref().map_or(self.sequence + 1, |fields| fields.seq);
        fields
    }

    /// The hash of the last line that was taken.
    pub fn head(&self) -> &str {
        &self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::super::audit::{AuditEntry, AuditStamp, first_lines};
    use super::*;

    fn chain(text: &str) -> Option<BrokenLink> {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        std::fs::write(ca_dir.audit_log(), text).expect("audit.log");
        let mut check = ChainCheck::default();
        for line in AuditReader::open(&ca_dir).expect("open") {
            check.follow(&line.expect("line"));
        }
        check.broken
    }

    fn three_lines() -> String {
        let entries = ["ca.init", "cert.issue", "cert.revoke"].map(|action| AuditEntry::new(action).with("host", "db1"));
        first_lines(&entries, &AuditStamp { time: time::OffsetDateTime::UNIX_EPOCH, seal: None }).0
    }

    #[test]
    fn a_chain_as_it_was_written_holds() {
        assert_eq!(chain(&three_lines()), None);
        assert_eq!(chain(""), None);
    }

    #[test]
    fn a_changed_a_missing_and_a_swapped_line_are_found() {
        let text = three_lines();
        let lines: Vec<&str> = text.lines().collect();
        let broken_at = |lines: &[&str]| chain(&format!("{}\n", lines.join("\n"))).map(|broken| broken.line);
        assert_eq!(broken_at(&[lines[0], &lines[1].replace("db1", "db2"), lines[2]]), Some(3));
        assert_eq!(broken_at(&[lines[0], lines[2]]), Some(2));
        assert_eq!(broken_at(&[lines[1], lines[2]]), Some(1));
        assert_eq!(broken_at(&[lines[0], "{}", lines[1]]), Some(2));
        assert_eq!(broken_at(&lines[..2]), None, "a chain that was cut holds; only a head that was kept tells");
    }
}
