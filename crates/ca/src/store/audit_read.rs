//! `audit.log`, read: line by line in bounded memory, and checked as a chain.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Builder, Scope};

use serde::Deserialize;

use super::audit::{MAX_LINE_OCTETS, NOTHING_BEFORE, hash_of, signed_parts};
use super::layout::exists;
use super::{CaDir, StoreError};
use crate::files::{FilesError, open_own};
use gsec_pki::x509::RevocationReason;

/// How much is read at once.
const BLOCK_OCTETS: usize = 256 * 1024;

/// So many lines are handed to a worker at once, and no more than so many octets.
const MAX_BATCH_LINES: usize = 2048;
const MAX_BATCH_OCTETS: usize = 1024 * 1024;

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
    /// [`StoreError::Files`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.audit_log();
        let reader =
            if exists(&path)? { Some(BufReader::with_capacity(BLOCK_OCTETS, open_own(OpenOptions::new().read(true), &path, "read")?)) } else { None };
        Ok(Self { path, reader, number: 0 })
    }

    /// Opens it at a place, and skips what is left of the line there.
    pub(super) fn open_at(ca_dir: &CaDir, offset: u64) -> Result<Self, StoreError> {
        let mut reader = Self::open(ca_dir)?;
        if let Some(file) = reader.reader.as_mut().filter(|_| offset > 0) {
            file.seek(SeekFrom::Start(offset)).map_err(StoreError::io("read", &reader.path))?;
            reader.read_line()?;
        }
        Ok(reader)
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
            return Err(StoreError::Files(FilesError::TooLarge { path: self.path.clone(), bound: MAX_LINE_OCTETS }));
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
    /// Why it was revoked.
    pub reason: Option<String>,
    /// The certificate that it takes the place of.
    pub replaces: Option<String>,
    /// Whether the call that wrote it revokes that one too.
    pub revokes_old: Option<bool>,
    /// SHA-256 of what makes the certified key the key ([`gsec_pki::key::PublicKey::material`]), in hexadecimal digits.
    pub key_material: Option<String>,
    /// The hash of the line before.
    pub prev: String,
    /// Which key signed it.
    pub key: Option<String>,
    /// Whether `audit.head` was kept when it was written.
    pub signed_head: Option<bool>,
    /// How a record stands that the line takes into the log.
    pub status: Option<String>,
}

impl AuditFields {
    /// Whether it tells of a hold, the only revocation that can be taken back (RFC 5280, section 5.3.1).
    pub fn is_hold(&self) -> bool {
        let reason = self.reason.as_deref().unwrap_or_default();
        // As `openssl ca -crl_hold` names it.
        reason == "holdInstruction" || RevocationReason::parse(reason) == Some(RevocationReason::CertificateHold)
    }
}

impl AuditLine {
    /// What it says; `None` when it is no line of gsec's.
    pub fn fields(&self) -> Option<AuditFields> {
        serde_json::from_slice(&self.text).ok()
    }

    /// What is signed, and the signature; `None` for an unsigned line.
    pub fn signature(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        signed_parts(&self.text)
    }
}

/// A line with all that takes time about it.
pub struct DecodedLine {
    /// The line.
    pub line: AuditLine,
    /// What it says; `None` when it is no line of gsec's.
    pub fields: Option<AuditFields>,
    /// The hash that the next line is bound to.
    hash: String,
}

impl From<AuditLine> for DecodedLine {
    fn from(line: AuditLine) -> Self {
        Self { fields: line.fields(), hash: hash_of(&line.text), line }
    }
}

/// A worker's two ends: lines go in, and come out decoded.
struct Decoder {
    lines: SyncSender<Vec<AuditLine>>,
    decoded: Receiver<Vec<DecodedLine>>,
}

impl Decoder {
    /// `None` where the system gives no thread.
    fn spawn<'scope>(scope: &'scope Scope<'scope, '_>) -> Option<Self> {
        let (lines, received) = sync_channel::<Vec<AuditLine>>(1);
        let (sender, decoded) = sync_channel(1);
        let work = move || {
            for batch in received {
                if sender.send(batch.into_iter().map(DecodedLine::from).collect()).is_err() {
                    break;
                }
            }
        };
        Builder::new().spawn_scoped(scope, work).ok().map(|_| Self { lines, decoded })
    }
}

impl AuditReader {
    /// Reads all lines and hands them over in order, decoded on all cores: of a log of a million lines, hashing and decoding are
    /// nearly all the work.
    ///
    /// # Errors
    /// As of the lines themselves: [`StoreError::Files`].
    pub fn for_each_decoded(mut self, on: &mut dyn FnMut(DecodedLine)) -> Result<(), StoreError> {
        let mut batch = self.next_batch()?;
        if batch.len() < MAX_BATCH_LINES {
            // The whole of a short log, which no thread would make faster.
            while !batch.is_empty() {
                batch.into_iter().for_each(|line| on(line.into()));
                batch = self.next_batch()?;
            }
            return Ok(());
        }
        thread::scope(|scope| {
            let count = thread::available_parallelism().map_or(1, NonZero::get);
            let decoders: Vec<Decoder> = (0..count).map_while(|_| Decoder::spawn(scope)).collect();
            if decoders.is_empty() {
                batch.into_iter().for_each(|line| on(line.into()));
                return self.try_for_each(|line| line.map(|line| on(line.into())));
            }
            self.decode_in_turn(batch, &decoders, on)
        })
    }

    /// Gives batches to the decoders one after another, and takes them back in the same order.
    fn decode_in_turn(&mut self, mut batch: Vec<AuditLine>, decoders: &[Decoder], on: &mut dyn FnMut(DecodedLine)) -> Result<(), StoreError> {
        let mut take_back = |decoder: &Decoder| decoder.decoded.recv().expect("a decoder gives back what it takes").into_iter().for_each(&mut *on);
        let mut given = 0;
        while !batch.is_empty() {
            let decoder = &decoders[given % decoders.len()];
            if given >= decoders.len() {
                take_back(decoder);
            }
            decoder.lines.send(batch).expect("a decoder takes what it is given");
            given += 1;
            batch = self.next_batch()?;
        }
        (given.saturating_sub(decoders.len())..given).for_each(|turn| take_back(&decoders[turn % decoders.len()]));
        Ok(())
    }

    /// The next lines; none at the end.
    fn next_batch(&mut self) -> Result<Vec<AuditLine>, StoreError> {
        let (mut batch, mut octets) = (Vec::new(), 0);
        while batch.len() < MAX_BATCH_LINES && octets < MAX_BATCH_OCTETS {
            let Some(line) = self.read_line()? else { break };
            octets += line.text.len();
            batch.push(line);
        }
        Ok(batch)
    }
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
    /// Takes the next line.
    pub fn follow(&mut self, decoded: &DecodedLine) {
        let problem = match &decoded.fields {
            None => Some("it is no line of an audit log".to_owned()),
            Some(fields) if fields.prev != self.expected => Some("the line before it is not the one that it was written after".to_owned()),
            Some(fields) if fields.seq != self.sequence + 1 => Some(format!("it is numbered {}, and {} is due", fields.seq, self.sequence + 1)),
            Some(_) => None,
        };
        if let (None, Some(problem)) = (&self.broken, problem) {
            self.broken = Some(BrokenLink { line: decoded.line.number, problem });
        }
        self.expected.clone_from(&decoded.hash);
        self.sequence = decoded.fields.as_ref().map_or(self.sequence + 1, |fields| fields.seq);
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
        AuditReader::open(&ca_dir).expect("open").for_each_decoded(&mut |line| check.follow(&line)).expect("lines");
        check.broken
    }

    fn three_lines() -> String {
        let entries = ["ca.init", "cert.issue", "cert.revoke"].map(|action| AuditEntry::new(action).with("host", "db1"));
        first_lines(&entries, &AuditStamp { time: time::OffsetDateTime::UNIX_EPOCH, seal: None }).expect("lines").text
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

    #[test]
    fn a_log_of_many_batches_is_followed_in_order() {
        let entries: Vec<AuditEntry> =
            (0..3 * MAX_BATCH_LINES + 7).map(|number| AuditEntry::new("cert.issue").with("serial", number.to_string())).collect();
        let text = first_lines(&entries, &AuditStamp { time: time::OffsetDateTime::UNIX_EPOCH, seal: None }).expect("lines").text;
        assert_eq!(chain(&text), None);
        let at = 2 * MAX_BATCH_LINES + 5;
        let cut: String = text.lines().enumerate().filter(|(index, _)| *index != at).map(|(_, line)| format!("{line}\n")).collect();
        assert_eq!(chain(&cut).map(|broken| broken.line), Some(at as u64 + 1));
    }
}
