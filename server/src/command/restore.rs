//! `gsec serve restore`: what is in a backup is checked while it is read, and becomes a CA directory whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use gsec::cli::serve::{RestoreOrder, ServerError};
use gsec_ca::authority::{Authority, LogCheck, Signatures};
use gsec_ca::home::{CaDir, LockWait};
use gsec_ca::records::{AuditEntry, AuditStamp, Under};
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyError, Signer, decode_private_key};
use gsec_pki::x509::{SerialNumber, parse_time};
use gsec_report::ServeRestoreReport;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::backup::counts_of;
use super::{error, failed, hinted};
use crate::backup::{
    AgeError, Counts, Cover, Decryptor, EntryPath, FORM, Identity, Opener, is_key_material, mode_of,
};

/// The longest cover, and counts.
const MAX_JSON: u64 = 64 * 1024;
/// Files with keys are not longer.
const MAX_KEY_FILE: u64 = 1024 * 1024;
const FOLDER_MODE: u32 = 0o700;
const CA_KEY: &str = "ca_conf/ca_priv_key.pem";

/// Restores, or verifies.
pub(super) fn run(order: RestoreOrder, env: &mut Env) -> Result<ServeRestoreReport, ServerError> {
    let opener = opener_of(&order)?;
    if let Some(directory) = &order.directory {
        expect_empty(directory)?;
    }
    let mut random = [0; 8];
    (env.new_random)().fill(&mut random);
    let staged = Staged::make(order.directory.as_deref(), &encode(&random, Separator::None))?;
    let file = File::open(&order.file).map_err(|error| cannot_read(&order.file, error))?;
    let from = BufReader::with_capacity(256 * 1024, file);
    let decryptor = Decryptor::open(from, &opener).map_err(|error| does_not_open(&order.file, error))?;
    let mut unpacked = Unpacked::new(&staged.path, order.directory.is_some());
    unpacked.read(decryptor).map_err(|problem| ServerError {
        causes: vec![problem],
        ..error(
            "serve.restore",
            format!("`{}` is not a backup that can be restored", order.file.display()),
        )
    })?;
    let now = env.clock.now();
    let mut report = unpacked.judged(&order, now)?;
    if let Some(directory) = &order.directory {
        if let [first, ..] = report.problems.as_slice() {
            return Err(ServerError {
                causes: report.problems.clone(),
                hints: vec!["`--verify` says everything about a backup, and makes nothing".into()],
                ..error("serve.restore", format!("the backup is not sound: {first}"))
            });
        }
        let (serial, crl) = go_on(&staged.path, &unpacked.cover, now)?;
        (report.next_serial, report.next_crl_number) = (serial, crl);
        staged.publish(directory)?;
    }
    Ok(report)
}

fn cannot_read(path: &Path, cause: io::Error) -> ServerError {
    ServerError {
        causes: vec![gsec_pki::encoding::visible::system_words(&cause)],
        ..error("serve.restore", format!("cannot read `{}`", path.display()))
    }
}

fn cannot_write(path: &Path, cause: &io::Error) -> ServerError {
    ServerError {
        causes: vec![gsec_pki::encoding::visible::system_words(cause)],
        ..error("serve.restore", format!("cannot write `{}`", path.display()))
    }
}

fn does_not_open(path: &Path, cause: AgeError) -> ServerError {
    let hint = match &cause {
        AgeError::OtherLock { has_passphrase: true } => Some("pass `--passphrase-file FILE`"),
        AgeError::OtherLock { .. } => Some("pass `--identity FILE`"),
        _ => None,
    };
    let failure = failed("serve.restore", &cause);
    let failure = ServerError {
        message: format!("cannot open `{}`: {}", path.display(), failure.message),
        ..failure
    };
    hint.into_iter().fold(failure, hinted)
}

fn opener_of(order: &RestoreOrder) -> Result<Opener, ServerError> {
    if let Some(passphrase) = &order.passphrase {
        return Ok(Opener::Passphrase(passphrase.clone()));
    }
    let text = order
        .identities
        .as_ref()
        .map(|text| text.as_str())
        .unwrap_or_default();
    Identity::parse_all(text).map(Opener::Identities).ok_or_else(|| {
        hinted(
            error(
                "serve.identity",
                "the file has no secret keys in the age format".into(),
            ),
            "it has lines `AGE-SECRET-KEY-1…`, as `age-keygen -o FILE` writes them",
        )
    })
}

/// The place of the new directory is free, and is not in a folder of another CA.
fn expect_empty(directory: &Path) -> Result<(), ServerError> {
    let home = CaDir::at(directory);
    home.refuse_nested()
        .map_err(|error| failed(error.code(), &error))?;
    let taken = || {
        hinted(
            error(
                "serve.restore",
                format!(
                    "`{}` is there already, and nothing is replaced",
                    directory.display()
                ),
            ),
            "name a directory that does not exist, or is empty",
        )
    };
    match directory.symlink_metadata() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(cannot_write(directory, &cause)),
        Ok(found) if !found.is_dir() => Err(taken()),
        Ok(_) => match std::fs::read_dir(directory) {
            Ok(mut entries) => match entries.next() {
                None => Ok(()),
                Some(_) => Err(taken()),
            },
            Err(cause) => Err(cannot_write(directory, &cause)),
        },
    }
}

/// A directory under a name of its own, which goes unless it is published.
struct Staged {
    path: PathBuf,
    is_published: bool,
}

impl Staged {
    /// Beside the place where it is to appear; without one, where temporary files are.
    fn make(directory: Option<&Path>, name: &str) -> Result<Self, ServerError> {
        let name = format!(".gsec-restore-{name}");
        let path = match directory {
            Some(directory) => match directory.parent().filter(|parent| *parent != Path::new("")) {
                Some(parent) => parent.join(name),
                None => PathBuf::from(name),
            },
            None => std::env::temp_dir().join(name),
        };
        make_folder(&path).map_err(|cause| cannot_write(&path, &cause))?;
        Ok(Self {
            path,
            is_published: false,
        })
    }

    fn publish(mut self, directory: &Path) -> Result<(), ServerError> {
        sync(&self.path).map_err(|cause| cannot_write(&self.path, &cause))?;
        // An empty directory makes room; one that is not empty any more stays.
        let _ = std::fs::remove_dir(directory);
        let renamed = renameat_with(CWD, &self.path, CWD, directory, RenameFlags::NOREPLACE);
        renamed.map_err(|cause| cannot_write(directory, &cause.into()))?;
        self.is_published = true;
        let parent = directory.parent().filter(|parent| *parent != Path::new(""));
        let _ = sync_folder(parent.unwrap_or(Path::new(".")));
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_published {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(FOLDER_MODE).create(path)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes the names durable; the files are.
fn sync(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync(&entry.path())?;
        }
    }
    sync_folder(folder)
}

/// What was read.
struct Unpacked<'a> {
    root: &'a Path,
    /// Whether all files are written, or only what the log is checked with: no private key then.
    writes_all: bool,
    cover: Cover,
    counts: Counts,
    ca_key: Option<Zeroizing<Vec<u8>>>,
}

impl<'a> Unpacked<'a> {
    fn new(root: &'a Path, writes_all: bool) -> Self {
        Self {
            root,
            writes_all,
            cover: Cover {
                form: String::new(),
                made: String::new(),
                subject: String::new(),
                sha256: String::new(),
                has_keys: false,
            },
            counts: Counts::default(),
            ca_key: None,
        }
    }

    /// Reads all of it, to the end of the file.
    fn read(&mut self, decryptor: impl Read) -> Result<(), String> {
        let text = |error: io::Error| error.to_string();
        let mut archive = tar::Archive::new(decryptor);
        let (mut is_first, mut told) = (true, None);
        for entry in archive.entries().map_err(text)? {
            let mut entry = entry.map_err(text)?;
            let name = entry.path_bytes().into_owned();
            let shown = || gsec_pki::encoding::visible::visible(&String::from_utf8_lossy(&name));
            if entry.header().entry_type() != tar::EntryType::Regular {
                return Err(format!("`{}` is not a regular file", shown()));
            }
            let place = EntryPath::parse(&name)
                .ok_or_else(|| format!("`{}` is not a place in a CA directory", shown()))?;
            if told.is_some() || is_first != (place == EntryPath::Cover) {
                return Err(format!("`{}` is not where it is to be", shown()));
            }
            is_first = false;
            match place {
                EntryPath::Cover => {
                    self.cover = json(&mut entry)?;
                    if self.cover.form != FORM || parse_time(&self.cover.made).is_none() {
                        return Err("it is of another form than this version knows".into());
                    }
                }
                EntryPath::Counts => told = Some(json::<Counts>(&mut entry)?),
                EntryPath::File(relative) => {
                    let (length, mode) = (entry.size(), entry.header().mode().map_err(text)?);
                    self.file(&relative, length, mode, &mut entry)
                        .map_err(|error| format!("`{}`: {error}", shown()))?;
                }
            }
        }
        // What follows the archive must be as it was written too, up to the end that the encryption says.
        io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(text)?;
        match told {
            None => Err("it ends before its end".into()),
            Some(told) if told != self.counts => Err("there is not as much in it as it says".into()),
            Some(_) => Ok(()),
        }
    }

    fn file(&mut self, relative: &Path, length: u64, mode: u32, from: &mut impl Read) -> io::Result<()> {
        let mut first = Zeroizing::new(Vec::new());
        if length <= MAX_KEY_FILE {
            first.reserve(usize::try_from(length).unwrap_or_default());
            from.read_to_end(&mut first)?;
        }
        let has_key = is_key_material(relative, &first);
        if has_key && !self.cover.has_keys {
            return Err(io::Error::other(
                "a private key, and the cover says that there is none",
            ));
        }
        self.counts.take(relative, length, has_key);
        if relative == Path::new(CA_KEY) {
            self.ca_key = Some(first.clone());
        }
        let is_written =
            self.writes_all || (relative.starts_with("ca_conf") && !has_key && !is_state(relative));
        let mut out: Box<dyn Write> = match is_written {
            true => Box::new(io::BufWriter::new(
                self.made(relative, mode_of(relative, mode, has_key))?,
            )),
            false => Box::new(io::sink()),
        };
        let mut lines = Lines {
            counts: &mut self.counts,
            path: relative,
            line: Vec::new(),
        };
        let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
        let mut all = first.as_slice().chain(from);
        loop {
            match all.read(&mut buffer)? {
                0 => break,
                read => {
                    lines.take(&buffer[..read]);
                    out.write_all(&buffer[..read])?;
                }
            }
        }
        out.flush()?;
        drop(out);
        if is_written {
            File::open(self.root.join(relative))?.sync_all()?;
        }
        Ok(())
    }

    /// A new file in folders that are made for it; its mode is right from the beginning.
    fn made(&self, relative: &Path, mode: u32) -> io::Result<File> {
        let path = self.root.join(relative);
        let mut folder = self.root.to_owned();
        for part in relative.parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            match make_folder(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => made?,
            }
        }
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(path)
    }

    /// What the CA that came of it says.
    fn judged(&self, order: &RestoreOrder, now: OffsetDateTime) -> Result<ServeRestoreReport, ServerError> {
        let home = CaDir::at(self.root);
        let repository = home.repository();
        if !repository.exists() {
            make_folder(&repository).map_err(|cause| cannot_write(&repository, &cause))?;
        }
        let authority = Authority::open(home).map_err(|error| failed(error.code(), &error))?;
        let log = authority
            .check_log(None, Signatures::All, now)
            .map_err(|error| failed(error.code(), &error))?;
        let certificate = authority.certificate();
        let sha256 = encode(&certificate.thumbprints().sha256, Separator::None);
        let mut problems = log_problems(&log);
        if sha256 != self.cover.sha256 {
            problems.push("the CA certificate is not the one that the cover names".into());
        }
        let ca_key = match self.ca_key.as_ref().map(|key| decode_private_key(key, None)) {
            None => "absent",
            Some(Ok(key)) if key.public_key() == certificate.public_key() => "matches",
            Some(Ok(_)) => "differs",
            Some(Err(KeyError::Encrypted)) => "encrypted",
            Some(Err(_)) => "differs",
        };
        if ca_key == "differs" {
            problems.push("the private key is not that of the CA certificate".into());
        }
        if ca_key == "absent" && self.cover.has_keys {
            problems.push("the CA's private key is missing".into());
        }
        Ok(ServeRestoreReport {
            file: order.file.display().to_string(),
            ca_dir: order
                .directory
                .as_ref()
                .map(|directory| directory.display().to_string()),
            subject: certificate.subject().to_string(),
            sha256,
            made: self.cover.made.clone(),
            has_keys: self.cover.has_keys,
            ca_key,
            counts: counts_of(&self.counts),
            signed_log_lines: log.signed,
            log_head: log.head,
            next_serial: None,
            next_crl_number: None,
            problems,
        })
    }
}

fn is_state(relative: &Path) -> bool {
    relative == Path::new("ca_conf/server.db")
}

fn json<T: serde::de::DeserializeOwned>(entry: &mut impl Read) -> Result<T, String> {
    let mut text = Vec::new();
    let read = entry.take(MAX_JSON).read_to_end(&mut text);
    read.map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|_| "its cover or its counts cannot be read".to_owned())
}

/// Counts lines of any length.
struct Lines<'a> {
    counts: &'a mut Counts,
    path: &'a Path,
    line: Vec<u8>,
}

impl Lines<'_> {
    fn take(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (rest, ends) = match piece.strip_suffix(b"\n") {
                Some(rest) => (rest, true),
                None => (piece, false),
            };
            self.line.extend_from_slice(&rest[..rest.len().min(64)]);
            if ends {
                self.counts.take_line(self.path, &self.line);
                self.line.clear();
            }
        }
    }
}

fn log_problems(log: &LogCheck) -> Vec<String> {
    let mut problems: Vec<String> = log.problems.iter().take(20).map(ToString::to_string).collect();
    if !log.is_there {
        problems.push("there is no audit log".into());
    }
    problems.extend(log.loss.iter().cloned());
    problems
}

/// The CA goes on where nothing can have been given out since: nobody knows which numbers were used after the backup. The first number is the time
/// in seconds, and 32 bits for those that follow, so that a later restore of the same backup goes on above this one.
fn go_on(
    root: &Path,
    cover: &Cover,
    now: OffsetDateTime,
) -> Result<(Option<String>, Option<String>), ServerError> {
    let home = CaDir::at(root);
    let seconds = u128::try_from(now.unix_timestamp()).unwrap_or_default();
    let serial = raised(&home.serial(), seconds << 32, 4)?;
    let crl = raised(&home.crl_number(), seconds, 2)?;
    let authority = Authority::open(home).map_err(|error| failed(error.code(), &error))?;
    if authority.records().has_audit_log() {
        let entry = AuditEntry::new("ca.restore").with("backup", cover.made.as_str());
        let entry = serial
            .iter()
            .fold(entry, |entry, serial| entry.with("next_serial", serial.as_str()));
        let stamp = AuditStamp {
            time: now,
            seal: None,
        };
        let mut wait = LockWait::silent(Duration::from_secs(10));
        authority
            .records()
            .announce(&[entry], &stamp, Under::Wait(&mut wait))
            .map_err(|error| failed("serve.restore", &error))?;
    }
    Ok((serial, crl))
}

/// A number that is larger by 256 to this power.
fn jumped(number: &SerialNumber, power: usize) -> Option<SerialNumber> {
    let mut bytes = number.content();
    let padding = (power + 1).saturating_sub(bytes.len()) + 1;
    bytes.splice(0..0, std::iter::repeat_n(0, padding));
    for byte in bytes.iter_mut().rev().skip(power) {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    SerialNumber::parse_hex(encode(&bytes, Separator::None).trim_start_matches('0'))
}

/// Writes a number at least so large into a file with the next number, and larger by 256 to this power than what it says, for a clock may be behind.
fn raised(path: &Path, least: u128, power: usize) -> Result<Option<String>, ServerError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cannot_read(path, cause)),
    };
    let said = SerialNumber::parse_hex(text.trim());
    let said = said.and_then(|said| jumped(&said, power));
    let least = SerialNumber::parse_hex(&format!("{least:X}"));
    let Some(number) = said.into_iter().chain(least).max() else {
        return Ok(None);
    };
    let digits = number.to_string();
    std::fs::write(path, format!("{digits}\n")).map_err(|cause| cannot_write(path, &cause))?;
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|cause| cannot_write(path, &cause))?;
    Ok(Some(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_above_those_that_may_have_been_given_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("serial.num");
        let raise = |said: &str, least: u128| {
            std::fs::write(&path, said).expect("written");
            let raised = raised(&path, least, 4).expect("raised");
            let read = std::fs::read_to_string(&path).expect("a number");
            assert_eq!(raised.as_deref(), Some(read.trim()));
            read.trim().to_owned()
        };
        assert_eq!(raise("1F\n", 0x7000_0000 << 32), "7000000000000000");
        assert_eq!(
            raise("7000000100000005\n", 0x7000_0000 << 32),
            "7000000200000005",
            "the clock is behind"
        );
        assert_eq!(raise("FFFFFFFFFF\n", 1), "0100FFFFFFFF");
        assert_eq!(raise("FFFFFFFFFFFFFFFF\n", 1), "0100000000FFFFFFFF");
        assert_eq!(raise("05\n", 1), "0100000005");
    }
}
