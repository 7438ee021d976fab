//! The files of the database: made with their final mode before anything is in them, in trusted hands, open in one process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use gsec_ca::files::{FilesError, expect_own_way, tighten};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::super::StateError;

/// Only the server's user reads and writes it: keys of external accounts are in it.
const MODE: u32 = 0o600;

/// The database file, and the right to open it.
pub(super) struct Place {
    /// The path, without a symbolic link.
    pub(super) path: PathBuf,
    /// Which file that is.
    pub(super) identity: Identity,
    /// Locked as long as the database is open. The database itself must not be opened beside SQLite: closing it would let go of SQLite's own
    /// locks (POSIX, fcntl).
    _lock: File,
}

impl Place {
    /// Takes the place, and makes the file when there is none.
    pub(super) fn take(path: &Path) -> Result<Self, StateError> {
        let path = whole(path)?;
        let lock = taken(&path)?;
        let mut made = OpenOptions::new();
        made.write(true).create_new(true);
        match guarded(&mut made).open(&path) {
            Ok(file) => {
                file.sync_all().map_err(|error| cannot(&path, &error))?;
                sync_folder(&path)?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(cannot(&path, &error)),
        }
        // Of what SQLite keeps beside it the mode is that of the database.
        tighten(&path, MODE)?;
        for beside in ["-wal", "-shm"].map(|end| with_end(&path, end)) {
            if beside.symlink_metadata().is_ok() {
                tighten(&beside, MODE)?;
            }
        }
        let identity = Identity::of(&path).map_err(|error| cannot(&path, &error))?;
        Ok(Self {
            path,
            identity,
            _lock: lock,
        })
    }
}

/// Device and number of a file, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Identity {
    fn of(path: &Path) -> std::io::Result<Self> {
        path.symlink_metadata()
            .map(|found| Self(found.dev(), found.ino()))
    }

    /// Whether that file has the name still. SQLite goes on in a file that was removed, and all of it is lost with the process.
    pub(super) fn is_at(self, path: &Path) -> bool {
        Self::of(path).is_ok_and(|found| found == self)
    }
}

/// A new file of the server's own.
pub(super) fn make_file(path: &Path) -> std::io::Result<()> {
    let mut made = OpenOptions::new();
    made.write(true).create_new(true);
    guarded(&mut made).open(path).map(drop)
}

/// The path in its folder as it really is, which nobody else can change.
fn whole(path: &Path) -> Result<PathBuf, StateError> {
    let no_name = || cannot(path, &ErrorKind::InvalidInput.into());
    let name = path.file_name().ok_or_else(no_name)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    expect_own_way(folder)?;
    let folder = std::fs::canonicalize(folder).map_err(|error| cannot(path, &error))?;
    Ok(folder.join(name))
}

/// The lock that is held as long as the database is open.
fn taken(path: &Path) -> Result<File, StateError> {
    let at = with_end(path, ".lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let lock = guarded(&mut options)
        .open(&at)
        .map_err(|error| cannot(path, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StateError::InUse {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(cannot(path, &error)),
    }
}

fn guarded(options: &mut OpenOptions) -> &OpenOptions {
    let no_link = OFlags::NOFOLLOW.bits().cast_signed();
    options.mode(MODE).custom_flags(no_link)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// So that the new name is there after a power loss.
fn sync_folder(path: &Path) -> Result<(), StateError> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &std::io::Error) -> StateError {
    let path = path.to_owned();
    // What open(2) says of a symbolic link that is not to be followed.
    let is_link = error.raw_os_error() == Some(Errno::LOOP.raw_os_error());
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StateError::Full { path },
        _ if is_link => FilesError::SymbolicLink(path).into(),
        _ => StateError::Unavailable {
            path,
            reason: error.to_string(),
        },
    }
}
