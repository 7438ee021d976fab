//! One line for each signature, each bound to the one before by its SHA-256. A line is durable before the signature leaves the process.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::StatVfsMountFlags;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::OffsetDateTime;

use crate::message::digits;
use gsec_ca::files::{Chattr, chattr};
use gsec_pki::key::sha256;
use gsec_pki::x509::{parse_time, rfc3339};

/// What the first line is bound to.
const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The longest line that is read.
const MAX_LINE_BYTES: u64 = 1024 * 1024;
/// So much of the end is read when the process starts.
const MAX_TAIL_BYTES: u64 = 16 * 1024 * 1024;
/// What a line about a certificate has, and how far from its beginning at most.
const CERTIFICATE_MARK: &[u8] = b"\"signed\":\"certificate\"";
const MAX_MARK_AT: usize = 128;
/// With less room than this on its disk there may be none for the lines of one request.
const MIN_ROOM_BYTES: u64 = 64 * 1024;
/// For the owner alone.
const MODE: u32 = 0o600;

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "signed", rename_all = "snake_case")]
pub enum Entry {
    /// The last line of a commit of the audit log.
    Seal {
        /// Its number.
        log_seq: u64,
        /// The head of the log with it.
        log_head: String,
        /// The head of the log before its commit; empty in lines of earlier versions, whose place nothing takes.
        #[serde(default)]
        log_prev: String,
        /// What its commit announces: serial numbers, each with the digest of the intent.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        announced: Vec<(String, String)>,
        /// Serial numbers of it, each with the request that it is for, as the line calls it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        requests: Vec<(String, String)>,
    },
    /// A certificate.
    Certificate {
        /// Its serial number.
        serial: String,
        /// The digest of the intent.
        intent: String,
        /// SHA-256 of its DER.
        sha256: String,
        /// Its profile, by which it counts; lines of earlier versions have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// Which request it is for, as the line of the log calls it that announces it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<String>,
    },
    /// A CRL.
    Crl {
        /// Its number.
        number: String,
        /// SHA-256 of its DER.
        sha256: String,
        /// The key identifier of the key that signed it.
        key: String,
        /// Which part it is, as in its address; the whole CRL without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shard: Option<String>,
    },
    /// Nothing: a request that was refused.
    Refused {
        /// What was asked: the serial number of a certificate, or what else.
        asked: String,
        /// Why not.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Line {
    seq: u64,
    time: String,
    /// The user who asked, as the socket says; lines of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<u32>,
    #[serde(flatten)]
    entry: Entry,
    prev: String,
}

/// Why the journal cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The disk.
    #[error("cannot {verb} `{}`", path.display())]
    Io {
        /// What was tried.
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file that is open has its name no more, or not all that was written to it.
    #[error("`{}` was removed, replaced or changed while the signer has it open: nothing is signed any more; restore it, and start the signer again", .0.display())]
    Replaced(PathBuf),
    /// It is there, and takes no more lines.
    #[error("`{}` takes no more lines: {problem}; nothing is signed", path.display())]
    Full {
        /// The file.
        path: PathBuf,
        /// What keeps it from being written.
        problem: &'static str,
    },
    /// Something that is no journal of this user is in its place.
    #[error("`{}` is not a regular file of this user alone", .0.display())]
    NotOwn(PathBuf),
    /// A line that does not read, or is not bound to the one before.
    #[error("line {line} of `{}` {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong, as the rest of a sentence.
        problem: &'static str,
    },
}

/// The journal, open for appending.
pub struct Journal {
    file: File,
    path: PathBuf,
    /// Device and number of the file.
    identity: (u64, u64),
    /// How long it is by what was read of it and written to it.
    length: u64,
    /// The hash of the first line; empty before there is one.
    first: String,
    seq: u64,
    head: String,
}

/// A journal that was opened, with what it says of the past.
pub(crate) struct Opened {
    pub(crate) journal: Journal,
    /// The entries at its end, the newest last.
    pub(crate) entries: Vec<(OffsetDateTime, Entry)>,
    /// The serial numbers of all certificates before those.
    pub(crate) earlier: Vec<String>,
    /// Of those certificates, when the last ones were signed, and with which profile.
    pub(crate) recent: Vec<(OffsetDateTime, String)>,
}

impl Journal {
    /// Opens a journal, or begins one. What is recent was signed after a time.
    ///
    /// A last line that was cut off when the machine stopped is taken away: nothing was answered for it.
    ///
    /// # Errors
    /// [`JournalError`].
    pub(crate) fn open(path: &Path, since: OffsetDateTime) -> Result<Opened, JournalError> {
        let fails = |verb| {
            move |source| JournalError::Io {
                verb,
                path: path.to_owned(),
                source,
            }
        };
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::CLOEXEC;
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(MODE)
            .custom_flags(flags.bits().cast_signed())
            .open(path)
            .map_err(fails("open"))?;
        let metadata = file.metadata().map_err(fails("look at"))?;
        let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
        if !metadata.is_file() || !is_own || metadata.mode() & 0o077 != 0 || metadata.nlink() != 1 {
            return Err(JournalError::NotOwn(path.to_owned()));
        }
        file.try_lock().map_err(|_| JournalError::Io {
            verb: "lock",
            path: path.to_owned(),
            source: io::Error::other("another signer uses it"),
        })?;
        let length = metadata.len();
        let start = length.saturating_sub(MAX_TAIL_BYTES);
        let (earlier, recent) = certified_before(&file, start, since).map_err(fails("read"))?;
        file.seek(SeekFrom::Start(start)).map_err(fails("read"))?;
        let mut tail = Vec::new();
        (&file)
            .take(length - start)
            .read_to_end(&mut tail)
            .map_err(fails("read"))?;
        let mut journal = Self {
            file,
            path: path.to_owned(),
            identity: (metadata.dev(), metadata.ino()),
            length,
            first: String::new(),
            seq: 0,
            head: NOTHING_BEFORE.into(),
        };
        journal.first = first_line(&journal.file).map_err(fails("read"))?;
        // What was read from the middle of a line on says nothing.
        let whole = match start {
            0 => &tail[..],
            _ => tail
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(&[][..], |at| &tail[at + 1..]),
        };
        let entries = journal.take(whole)?;
        let torn = tail.iter().rev().take_while(|byte| **byte != b'\n').count() as u64;
        if torn > 0 {
            journal.length = length - torn;
            journal.file.set_len(journal.length).map_err(fails("write"))?;
        }
        if length == 0 {
            let folder = path
                .parent()
                .filter(|parent| !parent.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(fails("write"))?;
        }
        Ok(Opened {
            journal,
            entries,
            earlier,
            recent,
        })
    }

    fn take(&mut self, lines: &[u8]) -> Result<Vec<(OffsetDateTime, Entry)>, JournalError> {
        let mut entries = Vec::new();
        for (number, line) in (1..).zip(lines.split_inclusive(|byte| *byte == b'\n')) {
            let Some(line) = line.strip_suffix(b"\n") else {
                break;
            };
            let damaged = |problem| JournalError::Damaged {
                path: self.path.clone(),
                line: number,
                problem,
            };
            let read: Line = serde_json::from_slice(line).map_err(|_| damaged("is none of a journal"))?;
            if self.seq != 0 && (read.seq != self.seq + 1 || read.prev != self.head) {
                return Err(damaged("does not follow the one before it"));
            }
            self.seq = read.seq;
            self.head = digest(line);
            entries.extend(parse_time(&read.time).map(|time| (time, read.entry)));
        }
        Ok(entries)
    }

    /// The hash of its first line, by which it is told from any other; empty before there is one.
    pub(crate) fn first(&self) -> &str {
        &self.first
    }

    /// Whether it is under its name still, and as long as it was. What is written to a file that was removed is in no journal; where somebody cut it off,
    /// as some programs do with logs, nobody could tell what it said.
    pub(crate) fn expect_in_place(&self) -> Result<(), JournalError> {
        let found = self.path.symlink_metadata();
        let is_same =
            |found: &Metadata| (found.dev(), found.ino()) == self.identity && found.len() == self.length;
        match found.as_ref().is_ok_and(is_same) {
            true => Ok(()),
            false => Err(JournalError::Replaced(self.path.clone())),
        }
    }

    /// Whether a line could be added, for whoever asks before there is one.
    ///
    /// # Errors
    /// [`JournalError::Replaced`], [`JournalError::Full`].
    pub(crate) fn expect_writable(&self) -> Result<(), JournalError> {
        self.expect_in_place()?;
        let full = |problem| JournalError::Full {
            path: self.path.clone(),
            problem,
        };
        // It was opened before: what is marked since then keeps even root from writing.
        if chattr(&self.path).is_ok_and(|mark| mark == Some(Chattr::Immutable)) {
            return Err(full("it is marked immutable (`chattr +i`)"));
        }
        match rustix::fs::fstatvfs(&self.file) {
            Ok(disk) if disk.f_flag.contains(StatVfsMountFlags::RDONLY) => {
                Err(full("its file system is read-only"))
            }
            Ok(disk) if disk.f_bavail.saturating_mul(disk.f_frsize) < MIN_ROOM_BYTES => {
                Err(full("its disk is full"))
            }
            _ => Ok(()),
        }
    }

    /// Appends what came of one request of a user, durably.
    ///
    /// # Errors
    /// [`JournalError::Io`], [`JournalError::Replaced`]; then nothing of what they are about may be answered.
    pub fn append(
        &mut self,
        entries: Vec<Entry>,
        user: Option<u32>,
        now: OffsetDateTime,
    ) -> Result<(), JournalError> {
        self.expect_in_place()?;
        let (mut seq, mut head, mut text) = (self.seq, self.head.clone(), Vec::new());
        let mut first = self.first.clone();
        let time = rfc3339(now);
        for entry in entries {
            seq += 1;
            let line = Line {
                seq,
                time: time.clone(),
                user,
                entry,
                prev: head,
            };
            let line = serde_json::to_vec(&line).expect("texts are written as JSON");
            head = digest(&line);
            if seq == 1 {
                first.clone_from(&head);
            }
            text.extend(line);
            text.push(b'\n');
        }
        self.write(&text).map_err(|source| JournalError::Io {
            verb: "write",
            path: self.path.clone(),
            source,
        })?;
        (self.seq, self.head, self.first) = (seq, head, first);
        self.length += text.len() as u64;
        self.expect_in_place()
    }

    /// Where not all could be written, what was written is taken back, so that the next line begins where this one would have.
    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        let before = self.file.metadata()?.len();
        let written = self.file.write_all(text).and_then(|()| self.file.sync_data());
        if written.is_err() {
            let _ = self.file.set_len(before);
        }
        written
    }
}

/// The hash of the first line of a journal; empty where there is none.
fn first_line(mut file: &File) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut line = Vec::new();
    BufReader::new(file.take(MAX_LINE_BYTES)).read_until(b'\n', &mut line)?;
    Ok(line.strip_suffix(b"\n").map(digest).unwrap_or_default())
}

/// Serial numbers, and times with profiles.
type Certified = (Vec<String>, Vec<(OffsetDateTime, String)>);

/// The serial numbers of the certificates before a place in a journal, and the times and profiles of those that were signed after `since`. Whether its
/// lines follow each other, `check_journal` says.
fn certified_before(mut file: &File, end: u64, since: OffsetDateTime) -> io::Result<Certified> {
    let (mut serials, mut recent) = (Vec::new(), Vec::new());
    if end == 0 {
        return Ok((serials, recent));
    }
    // The line that is there at that place belongs to neither part.
    let (mut begin, tail, end) = (0, end, end + MAX_LINE_BYTES);
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(1024 * 1024, file.take(end));
    let mut line = Vec::new();
    while {
        begin += line.len() as u64;
        line.clear();
        reader.read_until(b'\n', &mut line)? > 0
    } {
        // Of nine lines in ten the beginning says that they are of something else.
        if !line
            .windows(CERTIFICATE_MARK.len())
            .take(MAX_MARK_AT)
            .any(|part| part == CERTIFICATE_MARK)
        {
            continue;
        }
        if let Ok(Line {
            entry: Entry::Certificate { serial, profile, .. },
            time,
            ..
        }) = serde_json::from_slice(&line)
        {
            serials.push(serial);
            // What begins later is read with the tail.
            let profile = profile.filter(|_| begin <= tail);
            let signed = profile.and_then(|profile| Some((parse_time(&time)?, profile)));
            recent.extend(signed.filter(|(time, _)| *time > since));
        }
    }
    Ok((serials, recent))
}

fn digest(line: &[u8]) -> String {
    digits(&sha256(line))
}

/// What a journal comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct JournalCheck {
    /// How many lines it has.
    pub lines: u64,
    /// The serial numbers of certificates that were signed, each with the SHA-256 of its DER.
    pub certificates: Vec<(String, String)>,
    /// Seals: the number of a line of the audit log, and the head of the log with it.
    pub seals: Vec<(u64, String)>,
    /// How many requests were refused.
    pub refused: u64,
    /// When the last one was.
    pub last_refused: Option<OffsetDateTime>,
}

/// Reads a whole journal, and follows it from its first line to the last.
///
/// # Errors
/// [`JournalError::Io`]; [`JournalError::Damaged`] names the first line that does not follow.
pub fn check_journal(path: &Path) -> Result<JournalCheck, JournalError> {
    let mut check = JournalCheck::default();
    follow(path, &mut |entry, time| {
        check.lines += 1;
        match entry {
            Entry::Seal {
                log_seq, log_head, ..
            } => check.seals.push((log_seq, log_head)),
            Entry::Certificate { serial, sha256, .. } => check.certificates.push((serial, sha256)),
            Entry::Crl { .. } => {}
            Entry::Refused { .. } => {
                check.refused += 1;
                check.last_refused = time.or(check.last_refused);
            }
        }
    })?;
    Ok(check)
}

/// Calls `each` with every entry, up to the first line that does not follow. The line before that one may be the one that was altered, and counts for
/// nothing either.
///
/// # Errors
/// As [`check_journal`].
pub(crate) fn follow(
    path: &Path,
    each: &mut dyn FnMut(Entry, Option<OffsetDateTime>),
) -> Result<(), JournalError> {
    let fails = |source| JournalError::Io {
        verb: "read",
        path: path.to_owned(),
        source,
    };
    let mut reader = BufReader::new(File::open(path).map_err(fails)?);
    let (mut seq, mut head) = (0, NOTHING_BEFORE.to_owned());
    let (mut line, mut waiting) = (Vec::new(), None);
    loop {
        line.clear();
        if (&mut reader)
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(fails)?
            == 0
        {
            if let Some((entry, time)) = waiting {
                each(entry, time);
            }
            return Ok(());
        }
        let damaged = |problem| JournalError::Damaged {
            path: path.to_owned(),
            line: seq + 1,
            problem,
        };
        let text = line.strip_suffix(b"\n").ok_or_else(|| damaged("is cut off"))?;
        let read: Line = serde_json::from_slice(text).map_err(|_| damaged("is none of a journal"))?;
        if read.seq != seq + 1 || read.prev != head {
            return Err(damaged("does not follow the one before it"));
        }
        (seq, head) = (read.seq, digest(text));
        let said = (read.entry, parse_time(&read.time));
        waiting
            .replace(said)
            .into_iter()
            .for_each(|(entry, time)| each(entry, time));
    }
}
