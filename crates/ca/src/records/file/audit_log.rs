//! `audit.log`, written: one JSON line for each change, each bound to the line before by its SHA-256.
//!
//! Where the CA key was open, `audit.head` is replaced as well; see [`super::audit_head`].

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use memchr::memmem;
use serde_json::Value;
use time::OffsetDateTime;

use super::audit_head::{read_signed_head, write_signed_head};
use crate::files::{PRIVATE_MODE, fault, open_own, read_range, set_aside, stage, sync_folder};
use crate::home::{CaDir, StoreError, exists};
use crate::records::audit::chain::{MAX_LINE_OCTETS, NOTHING_BEFORE, NewLines, Position, hash_of, lines};
use crate::records::{
    AuditEnd, AuditEntry, AuditFields, AuditHead, AuditStamp, HEAD_LOST, HeadFile, LOG_CUT, SIGNED_ACTIONS,
    SignedHead, announces, announces_own_record,
};
use gsec_pki::key::KeyError;
use gsec_pki::x509::{SerialNumber, parse_time};

/// Of a log of any size, an append reads this much at first, and twice as much again while it holds no whole line.
const TAIL_OCTETS: u64 = 64 * 1024;
/// A last line that a crash cut short, and the whole line before it, are within this many bytes of the end.
const MAX_TAIL_OCTETS: u64 = 2 * (MAX_LINE_OCTETS + 1);

/// A log opened at its end, under the lock.
pub(super) struct AuditTail {
    ca_dir: CaDir,
    path: PathBuf,
    file: File,
    position: Position,
    torn: Option<PathBuf>,
    /// What does not fit `audit.head`.
    contradiction: Option<AuditEntry>,
}

impl AuditTail {
    /// Opens the log. `None` where there must be none: in a directory of the old scripts that has not been
    /// adopted. An unterminated last line, as after a crash, is set aside.
    pub(super) fn open(ca_dir: &CaDir) -> Result<Option<Self>, StoreError> {
        if exists(&ca_dir.audit_log())? || ca_dir.must_have_log()? {
            Self::open_or_begin(ca_dir).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The same in a directory that is to be adopted: the log starts before anything else is changed.
    pub(super) fn open_or_begin(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.audit_log();
        let had_log = ca_dir.must_have_log()?;
        if !exists(&path)? {
            stage(&ca_dir.conf(), PRIVATE_MODE, b"")?.publish_new(&path)?;
            sync_folder(&ca_dir.conf())?;
        }
        let mut file = open_own(OpenOptions::new().read(true).append(true), &path, "open")?;
        let tail = read_tail(&mut file, &path)?;
        let whole = tail
            .iter()
            .rposition(|octet| *octet == b'\n')
            .map_or(0, |last| last + 1);
        let torn = match &tail[whole..] {
            [] => None,
            torn => Some(set_aside(&path, &mut file, torn)?),
        };
        let position = Position::after(&tail[..whole]);
        let contradiction = contradiction(
            &read_signed_head(ca_dir)?,
            &position,
            had_log,
            &mut LinesBack {
                file: &mut file,
                path: &path,
            },
        )?;
        Ok(Self {
            ca_dir: ca_dir.clone(),
            position,
            path,
            file,
            torn,
            contradiction,
        })
    }

    /// Appends the lines of one commit and makes them durable; the last is signed when the stamp has a seal.
    pub(super) fn append(
        mut self,
        entries: &[AuditEntry],
        stamp: &AuditStamp<'_>,
    ) -> Result<AuditHead, StoreError> {
        let cannot = || StoreError::io("write", &self.path);
        let begin = (self.position.sequence == 0).then(|| AuditEntry::new("log.begin"));
        let torn = self
            .torn
            .as_ref()
            .map(|path| AuditEntry::new("log.torn").with("kept", file_name(path)));
        let all: Vec<&AuditEntry> = begin
            .iter()
            .chain(&torn)
            .chain(&self.contradiction)
            .chain(entries)
            .collect();
        let NewLines {
            text,
            head,
            signed_head,
        } = lines(self.position, &all, stamp).map_err(not_signed(&self.path))?;
        fault::step(&self.path)?;
        let start = self.file.seek(SeekFrom::End(0)).map_err(cannot())?;
        if let Err(error) = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_data())
        {
            // A line half written on a full disk is taken back, so that the log stays as it was.
            let _ = self.file.set_len(start);
            return Err(cannot()(error));
        }
        if !signed_head.is_empty() {
            write_signed_head(&self.ca_dir, &signed_head);
        }
        Ok(head)
    }
}

/// The whole lines of a log from the last on.
struct LinesBack<'a> {
    file: &'a mut File,
    path: &'a Path,
}

impl LinesBack<'_> {
    /// Calls `visit` with each line until it breaks. Holds no more than a line and a block.
    fn visit(&mut self, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), StoreError> {
        let cannot = || StoreError::io("read", self.path);
        let mut position = self.file.seek(SeekFrom::End(0)).map_err(cannot())?;
        // What was read of the line that starts before the place reached.
        let mut rest: Vec<u8> = Vec::new();
        while position > 0 {
            let start = position.saturating_sub(TAIL_OCTETS);
            let mut block = read_range(self.file, start..position).map_err(cannot())?;
            block.extend_from_slice(&rest);
            let whole = if start == 0 {
                0
            } else {
                block
                    .iter()
                    .position(|byte| *byte == b'\n')
                    .map_or(block.len(), |feed| feed + 1)
            };
            let lines = block[whole..].strip_suffix(b"\n").unwrap_or(&block[whole..]);
            if !lines.is_empty()
                && lines
                    .rsplit(|byte| *byte == b'\n')
                    .any(|line| visit(line).is_break())
            {
                return Ok(());
            }
            block.truncate(whole);
            rest = block;
            if rest.len() as u64 > MAX_TAIL_OCTETS {
                return Err(too_long(self.path));
            }
            position = start;
        }
        Ok(())
    }
}

/// The largest serial number, below a bound in bytes, that the log announces from the last one on that gsec gave out itself: those
/// before it are smaller. `None` without a log, or where it announces none.
///
/// # Errors
/// [`StoreError::Files`].
pub(super) fn largest_announced(
    ca_dir: &CaDir,
    bytes_below: usize,
) -> Result<Option<SerialNumber>, StoreError> {
    let path = ca_dir.audit_log();
    if !exists(&path)? {
        return Ok(None);
    }
    let mut file = open_own(OpenOptions::new().read(true), &path, "open")?;
    let (mut largest, mut is_signed) = (None, false);
    LinesBack {
        file: &mut file,
        path: &path,
    }
    .visit(&mut |line| {
        // Lines of many revocations, which announce nothing, are passed over quickly.
        if memmem::find(line, b"\"serial\":").is_none() || memmem::find(line, b"\"cert.revoke\"").is_some() {
            is_signed |= memmem::find(line, b"\"signature\":").is_some();
            return ControlFlow::Continue(());
        }
        let Ok(fields) = serde_json::from_slice::<AuditFields>(line) else {
            return ControlFlow::Continue(());
        };
        // A line that must be signed, and that no signature follows, anybody can write; what a crash left so has raised `serial.num` before.
        is_signed |= fields.key.is_some();
        if !is_signed && SIGNED_ACTIONS.contains(&fields.action.as_str()) {
            return ControlFlow::Continue(());
        }
        let serial = fields
            .serial
            .filter(|_| announces(&fields.action))
            .and_then(|digits| SerialNumber::parse_hex(&digits));
        let Some(serial) = serial.filter(|serial| serial.content().len() < bytes_below) else {
            return ControlFlow::Continue(());
        };
        largest = largest.take().max(Some(serial));
        // What doctor or another program recorded may be older than what was given out before.
        let is_given_out = announces_own_record(&fields.action) && fields.action != "cert.record";
        if is_given_out {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(largest)
}

/// What the log says when it is not the one that `audit.head` is about: a cut, or an older log put in its
/// place, would be forgotten with the next `audit.head`.
fn contradiction(
    kept: &HeadFile,
    position: &Position,
    had_log: bool,
    lines: &mut LinesBack<'_>,
) -> Result<Option<AuditEntry>, StoreError> {
    let is_empty = position.sequence == 0 && position.head == NOTHING_BEFORE;
    match kept {
        HeadFile::Read(kept) => {
            let is_there = kept.seq <= position.sequence && has_line(kept, lines)?;
            Ok((!is_there).then(|| {
                AuditEntry::new(LOG_CUT)
                    .with("had", kept.seq)
                    .with("head", kept.head.as_str())
            }))
        }
        // A directory with `gsec.toml` has had a log since it was made.
        _ if is_empty => Ok(had_log.then(|| AuditEntry::new(LOG_CUT).with("found", "no line"))),
        HeadFile::Damaged(_) => loss_without_head(lines, true),
        HeadFile::Missing => loss_without_head(lines, false),
    }
}

/// Whether the log has the line of which `audit.head` speaks.
fn has_line(kept: &SignedHead, lines: &mut LinesBack<'_>) -> Result<bool, StoreError> {
    let mut is_there = false;
    lines.visit(
        &mut |line| match field(line, "seq").and_then(|seq| seq.as_u64()) {
            Some(seq) if seq > kept.seq => ControlFlow::Continue(()),
            None => ControlFlow::Continue(()),
            Some(_) => {
                is_there = hash_of(line) == kept.head;
                ControlFlow::Break(())
            }
        },
    )?;
    Ok(is_there)
}

fn field(line: &[u8], name: &str) -> Option<Value> {
    serde_json::from_slice::<Value>(line)
        .ok()?
        .get_mut(name)
        .map(Value::take)
}

/// What the last lines say of a loss where `audit.head` says nothing. gsec 0.1.0 signed and kept none, so that a missing one is a loss only
/// after a line that says that one was kept. Nothing where the loss is already recorded there, and nothing
/// was signed since.
fn loss_without_head(lines: &mut LinesBack<'_>, is_damaged: bool) -> Result<Option<AuditEntry>, StoreError> {
    let head_lost = || AuditEntry::new(HEAD_LOST);
    let (mut had_to_be_signed, mut found) = (false, None);
    lines.visit(&mut |line| {
        let Ok(line) = serde_json::from_slice::<Value>(line) else {
            return ControlFlow::Continue(());
        };
        let action = line.get("action").and_then(Value::as_str).unwrap_or_default();
        if action == LOG_CUT || action == HEAD_LOST {
            found = Some(None);
        } else if line.get("key").is_some() {
            let was_kept = line.get("signed_head").and_then(Value::as_bool) == Some(true);
            found = Some((is_damaged || was_kept).then(head_lost));
        }
        had_to_be_signed |= SIGNED_ACTIONS.contains(&action);
        if found.is_some() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    let without_signature = || {
        if had_to_be_signed {
            Some(AuditEntry::new(LOG_CUT).with("found", "no signature"))
        } else {
            is_damaged.then(head_lost)
        }
    };
    Ok(found.unwrap_or_else(without_signature))
}

fn too_long(path: &Path) -> StoreError {
    StoreError::IndexDamaged {
        path: path.to_owned(),
        problem: format!("its last line is longer than {MAX_LINE_OCTETS} bytes"),
    }
}

/// That the CA key did not sign what it was opened for.
pub(super) fn not_signed(path: &Path) -> impl FnOnce(KeyError) -> StoreError {
    move |source| StoreError::NotSigned {
        path: path.to_owned(),
        source,
    }
}

/// How a log ends; `None` without a log, or with an empty one.
///
/// # Errors
/// [`StoreError::Files`].
pub fn audit_end(ca_dir: &CaDir) -> Result<Option<AuditEnd>, StoreError> {
    let path = ca_dir.audit_log();
    if !exists(&path)? {
        return Ok(None);
    }
    let mut file = open_own(OpenOptions::new().read(true), &path, "open")?;
    let tail = read_tail(&mut file, &path)?;
    let whole = tail
        .iter()
        .rposition(|octet| *octet == b'\n')
        .map_or(0, |last| last + 1);
    Ok((whole > 0).then(|| {
        let end = Position::after(&tail[..whole]);
        AuditEnd {
            seq: end.sequence,
            head: AuditHead(end.head),
        }
    }))
}

/// The time of the last line of a log; `None` without a log, or where the line does not say one.
///
/// # Errors
/// [`StoreError::Files`].
pub fn last_audit_time(ca_dir: &CaDir) -> Result<Option<OffsetDateTime>, StoreError> {
    let path = ca_dir.audit_log();
    if !exists(&path)? {
        return Ok(None);
    }
    let tail = read_tail(
        &mut open_own(OpenOptions::new().read(true), &path, "open")?,
        &path,
    )?;
    let whole = tail.iter().rposition(|octet| *octet == b'\n').unwrap_or_default();
    let line = tail[..whole]
        .rsplit(|octet| *octet == b'\n')
        .next()
        .unwrap_or_default();
    let fields = serde_json::from_slice::<Value>(line).ok();
    Ok(fields.and_then(|fields| parse_time(fields.get("time")?.as_str()?)))
}

fn read_tail(file: &mut File, path: &Path) -> Result<Vec<u8>, StoreError> {
    let cannot = || StoreError::io("read", path);
    let length = file.seek(SeekFrom::End(0)).map_err(cannot())?;
    let mut wanted = TAIL_OCTETS;
    loop {
        let start = length.saturating_sub(wanted);
        let tail = read_range(file, start..length).map_err(cannot())?;
        // Two line feeds hold a whole line between them.
        if start == 0 || tail.iter().filter(|octet| **octet == b'\n').count() > 1 {
            return Ok(tail);
        }
        if wanted >= MAX_TAIL_OCTETS {
            return Err(too_long(path));
        }
        wanted = wanted.saturating_mul(2).min(MAX_TAIL_OCTETS);
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn directory() -> (tempfile::TempDir, CaDir) {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        std::fs::write(ca_dir.policy(), "").expect("gsec.toml");
        (folder, ca_dir)
    }

    fn stamp() -> AuditStamp<'static> {
        AuditStamp {
            time: datetime!(2026-11-25 10:00:00 UTC),
            seal: None,
        }
    }

    fn append(ca_dir: &CaDir, action: &'static str) -> AuditHead {
        let tail = AuditTail::open(ca_dir)
            .expect("open")
            .expect("an adopted directory has a log");
        tail.append(&[AuditEntry::new(action).with("host", "db1")], &stamp())
            .expect("append")
    }

    fn content(ca_dir: &CaDir) -> String {
        std::fs::read_to_string(ca_dir.audit_log()).expect("audit.log")
    }

    #[test]
    fn each_line_names_the_hash_of_the_line_before() {
        let (_folder, ca_dir) = directory();
        append(&ca_dir, "ca.adopt");
        let head = append(&ca_dir, "cert.revoke");
        let text = content(&ca_dir);
        let lines: Vec<&str> = text.lines().collect();
        let parsed: Vec<Value> = lines
            .iter()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let actions: Vec<&str> = parsed
            .iter()
            .map(|line| line["action"].as_str().expect("action"))
            .collect();
        // There is a gsec.toml and no log, so there was one.
        assert_eq!(actions, ["log.begin", "log.cut", "ca.adopt", "cert.revoke"]);
        assert_eq!(parsed[0]["prev"], NOTHING_BEFORE);
        for (before, line) in lines.iter().zip(&parsed[1..]) {
            assert_eq!(line["prev"], hash_of(before.as_bytes()));
        }
        assert_eq!(parsed[3]["seq"], 4);
        assert_eq!(head.as_str(), hash_of(lines[3].as_bytes()));
        let end = audit_end(&ca_dir).expect("read").expect("a line");
        assert_eq!(end.head, head);
    }

    #[test]
    fn a_torn_line_is_set_aside_and_told() {
        let (_folder, ca_dir) = directory();
        append(&ca_dir, "cert.issue");
        let before = content(&ca_dir);
        std::fs::write(ca_dir.audit_log(), format!("{before}{{\"seq\":3,")).expect("tear");
        append(&ca_dir, "cert.issue");
        assert!(content(&ca_dir).starts_with(&before));
        assert!(
            content(&ca_dir).contains("\"action\":\"log.torn\",\"kept\":\"audit.log.torn-1\""),
            "{}",
            content(&ca_dir)
        );
        assert_eq!(
            std::fs::read_to_string(ca_dir.conf().join("audit.log.torn-1")).expect("kept"),
            "{\"seq\":3,"
        );
    }

    #[test]
    fn an_old_directory_has_no_log_until_it_is_adopted() {
        let (_folder, ca_dir) = directory();
        std::fs::remove_file(ca_dir.policy()).expect("as the old scripts left it");
        assert!(AuditTail::open(&ca_dir).expect("open").is_none());
        assert!(!ca_dir.audit_log().exists());
    }

    #[test]
    fn a_line_longer_than_what_is_read_at_first_is_bound_too() {
        let (_folder, ca_dir) = directory();
        let long = AuditEntry::new("ca.adopt").with("names", "x".repeat(200_000));
        AuditTail::open(&ca_dir)
            .expect("open")
            .expect("log")
            .append(&[long], &stamp())
            .expect("append");
        append(&ca_dir, "cert.issue");
        let text = content(&ca_dir);
        let lines: Vec<&str> = text.lines().collect();
        let last: Value = serde_json::from_str(lines[2]).expect("JSON");
        assert_eq!(
            (last["seq"].as_u64(), last["prev"].as_str()),
            (Some(3), Some(hash_of(lines[1].as_bytes()).as_str()))
        );
    }
}
