//! `gsec serve backup`: everything of one moment, encrypted while it is written.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gsec::cli::serve::{BackupOrder, ServerError};
use gsec_ca::authority::Authority;
use gsec_ca::home::{CaDir, Held, LockWait};
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::rfc3339;
use gsec_report::{BackupCounts, ServeBackupReport};
use gsec_signer::JOURNAL_NAME;
use rustix::fs::{CWD, OFlags, RenameFlags, renameat_with};

use super::admin_socket::{Answered, Asked, ask_within};
use super::watch::{self, STORE_NAME};
use super::{admin_socket_of, error, failed, hinted, is_there, state_of};
use crate::backup::{Counts, Cover, Encryptor, EntryPath, FORM, Lock, Recipient, is_key_material};
use crate::state::StateError;
use crate::state::sqlite::Database;

/// How long the lock of the CA directory is waited for, and for those who write certificates.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a copy of the server's state may take.
const COPY_TIMEOUT: Duration = Duration::from_secs(600);
/// Files with keys are not longer.
const MAX_KEY_FILE: u64 = 1024 * 1024;
const MODE: u32 = 0o600;

/// A file as it was when everything else was, too.
struct Taken {
    path: EntryPath,
    relative: PathBuf,
    file: File,
    length: u64,
    mode: u32,
}

/// What is of one moment. Files of the repository are written once and never again, so their names suffice.
#[derive(Default)]
struct Moment {
    files: Vec<Taken>,
    repository: Vec<PathBuf>,
    /// What is there and is not kept: links, and names that are none of the CA's.
    skipped: Vec<String>,
}

/// Backs up.
pub(super) fn run(order: BackupOrder, env: &mut Env) -> Result<ServeBackupReport, ServerError> {
    let lock = lock_of(&order)?;
    let directory = &order.directory;
    let folder = order.out.parent().unwrap_or(Path::new(""));
    directory
        .expect_outside(folder)
        .map_err(|error| failed(error.code(), &error))?;
    if order.out.symlink_metadata().is_ok() {
        let message = format!("`{}` already exists, and is never replaced", order.out.display());
        return Err(error("serve.backup", message));
    }
    let authority = Authority::open(directory.clone()).map_err(|error| failed(error.code(), &error))?;
    if directory
        .changeover()
        .map_err(|error| failed(error.code(), &error))?
        .is_some()
    {
        return Err(hinted(
            error(
                "serve.backup",
                "a change of the CA key was interrupted, and is to be finished first".into(),
            ),
            "`gsec ca show` finishes it",
        ));
    }
    // Before the CA: an order whose certificate is there and not yet noted is completed; one that notes a certificate that is not there is not.
    let state = copied_state(directory, env)?;
    let moment = moment(&authority, directory)?;
    let made = env.clock.now();
    let thumbprint = encode(&authority.certificate().thumbprints().sha256, Separator::None);
    let cover = Cover {
        form: FORM.into(),
        made: rfc3339(made),
        subject: authority.certificate().subject().to_string(),
        sha256: thumbprint,
        has_keys: order.with_keys,
    };
    let mut random = (env.new_random)();
    let mut fill = |out: &mut [u8]| random.fill(out);
    let has_state = state.is_some();
    let has_journal = moment
        .files
        .iter()
        .any(|taken| taken.relative.ends_with(JOURNAL_NAME));
    let mut not_included = moment.skipped.clone();
    if order.with_keys && directory.ca_key().symlink_metadata().is_err() {
        not_included.push("the CA key, which is not in the CA directory".into());
    }
    if has_state && !has_journal {
        not_included.push("the signer's journal, which is not in the CA directory".into());
    }
    let (counts, left_out) = write(&order, &lock, &cover, state, moment, &mut fill)?;
    watch::backup_was_made(directory, made);
    Ok(ServeBackupReport {
        ca_dir: directory.root().display().to_string(),
        file: order.out.display().to_string(),
        subject: cover.subject,
        sha256: cover.sha256,
        made: cover.made,
        has_keys: cover.has_keys,
        has_state,
        counts: counts_of(&counts),
        keys_left_out: left_out,
        not_included,
    })
}

/// Counts for people.
pub(super) fn counts_of(counts: &Counts) -> BackupCounts {
    BackupCounts {
        files: counts.files,
        bytes: counts.bytes,
        private_keys: counts.keys,
        records: counts.records,
        certificates: counts.certificates,
        log_lines: counts.log_lines,
    }
}

fn cannot(path: &Path, cause: &io::Error) -> ServerError {
    ServerError {
        causes: vec![gsec_pki::encoding::visible::system_words(cause)],
        ..error("serve.backup", format!("cannot back up: `{}`", path.display()))
    }
}

fn lock_of(order: &BackupOrder) -> Result<Lock, ServerError> {
    if let Some(passphrase) = &order.passphrase {
        return Ok(Lock::Passphrase(passphrase.clone()));
    }
    let recipients = order.recipients.iter().map(|text| {
        Recipient::parse(text).ok_or_else(|| {
            hinted(
                error(
                    "serve.recipient",
                    format!("`{text}` is not a public key in the age format"),
                ),
                "`age-keygen -o FILE` makes a key, and prints the public one: `age1…`",
            )
        })
    });
    recipients.collect::<Result<_, _>>().map(Lock::Recipients)
}

/// A copy of the server's state, open and without a name. `None` where there is no state.
fn copied_state(directory: &CaDir, env: &Env) -> Result<Option<File>, ServerError> {
    let path = state_of(directory);
    if !is_there(&path)? {
        return Ok(None);
    }
    remove_left_copies(&path);
    let mut random = [0; 16];
    (env.new_random)().fill(&mut random);
    let name = encode(&random, Separator::None);
    let end = Instant::now() + LOCK_TIMEOUT;
    let copy = loop {
        if let Ok(stream) = UnixStream::connect(admin_socket_of(directory)) {
            break by_server(stream, name)?;
        }
        match Database::open(&path) {
            Ok(database) => break alone(&database, &name)?,
            Err(StateError::InUse { .. }) if Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => return Err(failed("serve.state", &error)),
        }
    };
    let opened = opened(&copy);
    let _ = std::fs::remove_file(&copy);
    opened.map(Some).map_err(|error| cannot(&copy, &error))
}

/// Copies of calls that were interrupted. None takes longer than [`COPY_TIMEOUT`].
fn remove_left_copies(state: &Path) {
    let folder = state.parent().map(std::fs::read_dir);
    for entry in folder.into_iter().flatten().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let age = entry
            .metadata()
            .and_then(|found| found.modified())
            .map(|at| at.elapsed());
        let is_old = age.is_ok_and(|age| age.is_ok_and(|age| age > COPY_TIMEOUT));
        if is_old && name.starts_with("server.db.") && name.ends_with(".copy") {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn by_server(stream: UnixStream, name: String) -> Result<PathBuf, ServerError> {
    let refused = |reason: String| ServerError {
        causes: vec![reason],
        ..error(
            "serve.asked",
            "the server that runs does not copy its state".into(),
        )
    };
    match ask_within(COPY_TIMEOUT, stream, &Asked::Copy { name }) {
        Ok(Answered::Copied { path }) => Ok(path),
        Ok(Answered::Refused { reason }) => Err(refused(reason)),
        Ok(_) => Err(refused("it does not answer what was asked".into())),
        Err(error) => Err(refused(error.to_string())),
    }
}

fn alone(database: &Database, name: &str) -> Result<PathBuf, ServerError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| failed("serve.runtime", &error))?;
    let mut path = database.path().as_os_str().to_owned();
    path.push(format!(".{name}.copy"));
    let path = PathBuf::from(path);
    runtime
        .block_on(database.copy_to(path.clone()))
        .map_err(|error| failed("serve.state", &error))?;
    Ok(path)
}

/// Opens a regular file, and nothing else: no link, and no pipe that would be waited for.
fn opened(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// Everything as it is under the lock, when nobody is writing certificates: then each record has its certificate, and the log announces each.
fn moment(authority: &Authority, directory: &CaDir) -> Result<Moment, ServerError> {
    let mut wait = LockWait::silent(LOCK_TIMEOUT);
    let held = Held::begin(directory, &mut wait).map_err(|error| failed(error.code(), &error))?;
    let end = Instant::now() + LOCK_TIMEOUT;
    while !authority.records().is_quiet() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    let (mut repository, mut moment) = (Vec::new(), Moment::default());
    take_folder(directory.root(), Path::new("ca_conf"), &mut moment)?;
    let folder = directory.repository();
    for entry in std::fs::read_dir(&folder).map_err(|error| cannot(&folder, &error))? {
        let entry = entry.map_err(|error| cannot(&folder, &error))?;
        let place = Path::new("repository").join(entry.file_name());
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        match is_file && EntryPath::of_file(&place).is_some() {
            true => repository.push(place),
            false => moment.skip(&place),
        }
    }
    repository.sort();
    moment.repository = repository;
    held.expect_lock().map_err(|error| failed(error.code(), &error))?;
    Ok(moment)
}

impl Moment {
    /// Hidden files are caches, locks and what a call left.
    fn skip(&mut self, place: &Path) {
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| !name.starts_with('.')) {
            self.skipped.push(place.display().to_string());
        }
    }
}

/// What `gsec watch` remembers stays here: it finds again what is so, and a hub drops what comes a second time under a number.
fn is_of_watch(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(STORE_NAME))
}

/// The state is copied in another way.
fn is_state(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("server.db"))
}

fn take_folder(root: &Path, relative: &Path, moment: &mut Moment) -> Result<(), ServerError> {
    let folder = root.join(relative);
    let fails = |error: io::Error| cannot(&folder, &error);
    let mut entries: Vec<_> = std::fs::read_dir(&folder)
        .map_err(fails)?
        .collect::<Result<_, _>>()
        .map_err(fails)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (place, kind) = (
            relative.join(entry.file_name()),
            entry.file_type().map_err(fails)?,
        );
        if kind.is_dir() && EntryPath::of_file(&place.join("x")).is_some() {
            take_folder(root, &place, moment)?;
        } else if kind.is_file()
            && !is_state(&entry.file_name())
            && !is_of_watch(&entry.file_name())
            && let Some(path) = EntryPath::of_file(&place)
        {
            let whole = root.join(&place);
            let file = opened(&whole).map_err(|error| cannot(&whole, &error))?;
            let metadata = file.metadata().map_err(|error| cannot(&whole, &error))?;
            moment.files.push(Taken {
                path,
                relative: place,
                length: metadata.len(),
                mode: metadata.mode(),
                file,
            });
        } else if entry.file_name() == STORE_NAME {
            let why = "found again by `gsec watch`";
            moment.skipped.push(format!("{}, {why}", place.display()));
        } else if !kind.is_socket() && !is_state(&entry.file_name()) && !is_of_watch(&entry.file_name()) {
            moment.skip(&place);
        }
    }
    Ok(())
}

/// The archive while it is written.
struct Archive<W: Write> {
    tar: tar::Builder<Encryptor<W>>,
    counts: Counts,
    with_keys: bool,
    left_out: u64,
}

/// Counts lines while they pass.
struct Counting<'a, R> {
    from: R,
    counts: &'a mut Counts,
    path: &'a Path,
    line: Vec<u8>,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(out)?;
        for piece in out[..read].split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(rest) => {
                    self.line.extend_from_slice(&rest[..rest.len().min(64)]);
                    self.counts.take_line(self.path, &self.line);
                    self.line.clear();
                }
                None => self.line.extend_from_slice(&piece[..piece.len().min(64)]),
            }
        }
        Ok(read)
    }
}

impl<W: Write> Archive<W> {
    fn put(&mut self, taken: Taken) -> io::Result<()> {
        let mut from = BufReader::new(taken.file.take(taken.length));
        let mut first = Vec::new();
        if taken.length <= MAX_KEY_FILE {
            from.read_to_end(&mut first)?;
        }
        let first = zeroize::Zeroizing::new(first);
        let has_key = is_key_material(&taken.relative, &first);
        if has_key && !self.with_keys {
            self.left_out += 1;
            return Ok(());
        }
        self.counts.take(&taken.relative, taken.length, has_key);
        let counting = Counting {
            from: first.as_slice().chain(from),
            counts: &mut self.counts,
            path: &taken.relative,
            line: Vec::new(),
        };
        let header = header(taken.length, taken.mode);
        append(&mut self.tar, &taken.path, header, counting)
    }

    fn put_json(&mut self, path: &EntryPath, value: &impl serde::Serialize) -> io::Result<()> {
        let text = serde_json::to_vec(value)?;
        append(
            &mut self.tar,
            path,
            header(text.len() as u64, MODE),
            text.as_slice(),
        )
    }
}

fn header(length: u64, mode: u32) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(mode & 0o777);
    header.set_mtime(0);
    header
}

/// A file that has become shorter is an error: the archive would be one of another content than it says.
fn append<W: Write>(
    tar: &mut tar::Builder<Encryptor<W>>,
    path: &EntryPath,
    mut header: tar::Header,
    from: impl Read,
) -> io::Result<()> {
    let length = header.size()?;
    let mut from = Exactly { from, left: length };
    tar.append_data(&mut header, path.name(), &mut from)
}

struct Exactly<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let limit = out.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.from.read(&mut out[..limit])?;
        if read == 0 && limit > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// Writes the file under another name, and gives it its own when it is whole and durable.
fn write(
    order: &BackupOrder,
    lock: &Lock,
    cover: &Cover,
    state: Option<File>,
    moment: Moment,
    fill: &mut dyn FnMut(&mut [u8]),
) -> Result<(Counts, u64), ServerError> {
    let mut partial = order.out.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(MODE)
        .open(&partial);
    let out = out.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => hinted(
            cannot(&partial, &error),
            "a backup that was interrupted left it, or another one runs: remove it when none does",
        ),
        _ => cannot(&partial, &error),
    })?;
    let written = fill_file(&out, order, lock, cover, state, moment, fill).and_then(|counts| {
        out.sync_all().map_err(|error| cannot(&partial, &error))?;
        let renamed = renameat_with(CWD, &partial, CWD, &order.out, RenameFlags::NOREPLACE);
        renamed.map_err(|error| cannot(&order.out, &error.into()))?;
        Ok(counts)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    written
}

fn fill_file(
    out: &File,
    order: &BackupOrder,
    lock: &Lock,
    cover: &Cover,
    state: Option<File>,
    moment: Moment,
    fill: &mut dyn FnMut(&mut [u8]),
) -> Result<(Counts, u64), ServerError> {
    let of_out = |error: io::Error| cannot(&order.out, &error);
    let out = BufWriter::with_capacity(256 * 1024, out);
    let encryptor = Encryptor::begin(out, lock, fill).map_err(of_out)?;
    let mut archive = Archive {
        tar: tar::Builder::new(encryptor),
        counts: Counts::default(),
        with_keys: order.with_keys,
        left_out: 0,
    };
    archive.put_json(&EntryPath::Cover, cover).map_err(of_out)?;
    let root = order.directory.root();
    for taken in moment.files {
        let path = root.join(&taken.relative);
        archive.put(taken).map_err(|error| cannot(&path, &error))?;
    }
    let relative = PathBuf::from("ca_conf/server.db");
    if let (Some(file), Some(path)) = (state, EntryPath::of_file(&relative)) {
        let length = file.metadata().map_err(of_out)?.len();
        let taken = Taken {
            path,
            relative,
            file,
            length,
            mode: MODE,
        };
        archive.put(taken).map_err(of_out)?;
    }
    for relative in moment.repository {
        let Some(path) = EntryPath::of_file(&relative) else {
            continue;
        };
        let whole = root.join(&relative);
        let fails = |error: io::Error| cannot(&whole, &error);
        let file = opened(&whole).map_err(fails)?;
        let metadata = file.metadata().map_err(fails)?;
        let taken = Taken {
            path,
            relative,
            length: metadata.len(),
            mode: metadata.mode(),
            file,
        };
        archive.put(taken).map_err(fails)?;
    }
    let counts = archive.counts;
    archive.put_json(&EntryPath::Counts, &counts).map_err(of_out)?;
    let encryptor = archive.tar.into_inner().map_err(of_out)?;
    let mut out = encryptor.finish().map_err(of_out)?;
    out.flush().map_err(of_out)?;
    Ok((counts, archive.left_out))
}
