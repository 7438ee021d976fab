//! The lock of a CA directory: the operating system's, on a file that is never deleted, so that a killed
//! holder blocks no other process.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{CaDir, StoreError};
use crate::files::{FilesError, PRIVATE_MODE, is_same_file, open_own, stage};

/// A waiting call says so after this long.
const NOTICE_AFTER: Duration = Duration::from_secs(1);
/// The pause between two attempts grows from the first of these to the second; a lock is held for a few milliseconds.
const PAUSES: (Duration, Duration) = (Duration::from_micros(500), Duration::from_millis(20));

/// How long to wait, and whom to tell.
pub struct LockWait<'a> {
    /// When to give up.
    pub timeout: Duration,
    /// Called once, with the holder of the lock, when the wait gets long.
    pub notice: &'a dyn Fn(&str),
}

impl LockWait<'_> {
    /// Reports nothing.
    pub fn silent(timeout: Duration) -> Self {
        Self {
            timeout,
            notice: &|_| {},
        }
    }
}

/// The held lock; let go when dropped.
///
/// A lock whose file has lost its name is none: the next process makes another file and locks that. So the
/// folder is locked as well, where the file system can do that, and this is checked again before anything is
/// decided.
pub struct WriteLock {
    path: PathBuf,
    conf: PathBuf,
    file: File,
    folder: Option<File>,
}

impl WriteLock {
    /// Waits for the lock and takes it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] names the holder when the time is up; [`StoreError::Files`].
    pub fn acquire(ca_dir: &CaDir, wait: &mut LockWait<'_>) -> Result<Self, StoreError> {
        let (path, conf) = (ca_dir.lock(), ca_dir.conf());
        let mut waiting = Waiting {
            wait,
            start: Instant::now(),
            told: false,
        };
        loop {
            let file = open(ca_dir)?;
            waiting
                .lock(&file, &path)?
                .map_err(StoreError::io("lock", &path))?;
            // Network file systems lock no folders.
            let folder = match File::open(&conf) {
                Ok(folder) => waiting.lock(&folder, &path)?.is_ok().then_some(folder),
                Err(_) => None,
            };
            let lock = Self {
                path: path.clone(),
                conf: conf.clone(),
                file,
                folder,
            };
            if lock.is_current() {
                return Ok(lock);
            }
        }
    }

    /// Whether what is locked still bears the names.
    fn is_current(&self) -> bool {
        is_same_file(&self.file, &self.path)
            && self
                .folder
                .as_ref()
                .is_none_or(|folder| is_same_file(folder, &self.conf))
    }

    /// Checks, before anything is decided, that the lock is still one.
    ///
    /// # Errors
    /// [`StoreError::LockLost`].
    pub(super) fn expect_current(&self) -> Result<(), StoreError> {
        if self.is_current() {
            Ok(())
        } else {
            Err(StoreError::LockLost(self.path.clone()))
        }
    }
}

/// One wait for everything that is locked.
struct Waiting<'a, 'b> {
    wait: &'a mut LockWait<'b>,
    start: Instant,
    told: bool,
}

impl Waiting<'_, '_> {
    /// Waits until it can be locked; the inner error is the operating system's, which may not lock such a thing at all.
    fn lock(&mut self, file: &File, path: &Path) -> Result<std::io::Result<()>, StoreError> {
        let mut pause = PAUSES.0;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Ok(())),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => return Ok(Err(source)),
            }
            let (waited, timeout) = (self.start.elapsed(), self.wait.timeout);
            if waited >= timeout {
                return Err(StoreError::Locked {
                    holder: holder(file),
                    path: path.to_owned(),
                    seconds: timeout.as_secs(),
                });
            }
            if waited >= NOTICE_AFTER && !self.told {
                (self.wait.notice)(&holder(file));
                self.told = true;
            }
            std::thread::sleep(pause.min(timeout.saturating_sub(waited)));
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}

/// Opens the file, which is made where it is missing: whole, so that no umask takes its owner's rights away for a moment.
fn open(ca_dir: &CaDir) -> Result<File, FilesError> {
    let path = ca_dir.lock();
    let open = || {
        open_own(
            OpenOptions::new().read(true).write(true),
            &path,
            "open the lock file",
        )
    };
    match open() {
        Err(FilesError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            match stage(&ca_dir.conf(), PRIVATE_MODE, b"")?.publish_new(&path) {
                Ok(()) | Err(FilesError::WouldReplace(_)) => open(),
                Err(error) => Err(error),
            }
        }
        opened => opened,
    }
}

/// The holder of the lock, as the kernel reports it: by the inode of the lock file in /proc/locks, where
/// there is one.
#[cfg(target_os = "linux")]
fn holder(file: &File) -> String {
    use std::os::unix::fs::MetadataExt;
    let inode = file
        .metadata()
        .map(|metadata| metadata.ino().to_string())
        .unwrap_or_default();
    let table = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    // `1: FLOCK  ADVISORY  WRITE 4711 08:01:131077 0 EOF`; a waiting process has `->` after the number.
    let process = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find_map(|fields| match fields.as_slice() {
            [_, "FLOCK", _, _, process, place, ..] if place.ends_with(&format!(":{inode}")) => {
                Some((*process).to_owned())
            }
            _ => None,
        });
    match process.map(|process| (std::fs::read_to_string(format!("/proc/{process}/comm")), process)) {
        Some((Ok(name), process)) => format!(
            "process {process} ({})",
            gsec_pki::encoding::visible::visible(name.trim())
        ),
        Some((Err(_), process)) => format!("process {process}"),
        None => "another process".into(),
    }
}

/// Not known elsewhere.
#[cfg(not(target_os = "linux"))]
fn holder(_file: &File) -> String {
    "another process".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> (tempfile::TempDir, CaDir) {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        (folder, ca_dir)
    }

    fn acquire(ca_dir: &CaDir) -> Result<WriteLock, StoreError> {
        WriteLock::acquire(ca_dir, &mut LockWait::silent(Duration::ZERO))
    }

    #[test]
    fn lock_whose_file_was_deleted_is_none_and_keeps_the_next_holder_out_all_the_same() {
        let (_folder, ca_dir) = directory();
        let held = acquire(&ca_dir).expect("free lock");
        held.expect_current().expect("it has its name");
        std::fs::remove_file(ca_dir.lock()).expect("delete");
        assert!(matches!(held.expect_current(), Err(StoreError::LockLost(_))));
        assert!(
            matches!(acquire(&ca_dir), Err(StoreError::Locked { .. })),
            "the folder is locked as well"
        );
        drop(held);
        acquire(&ca_dir)
            .expect("free again")
            .expect_current()
            .expect("a new file");
    }

    #[test]
    fn lock_of_a_file_without_a_name_blocks_nobody() {
        let (_folder, ca_dir) = directory();
        drop(acquire(&ca_dir).expect("free lock"));
        let other = File::options().write(true).open(ca_dir.lock()).expect("open");
        other.lock().expect("lock");
        assert!(matches!(acquire(&ca_dir), Err(StoreError::Locked { .. })));
        std::fs::remove_file(ca_dir.lock()).expect("delete");
        acquire(&ca_dir).expect("what is locked is not the lock file any more");
    }

    #[test]
    fn second_holder_waits_gives_up_and_names_the_first() {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        let held = WriteLock::acquire(&ca_dir, &mut LockWait::silent(Duration::ZERO)).expect("free lock");
        let second = WriteLock::acquire(&ca_dir, &mut LockWait::silent(Duration::from_millis(5)));
        let error = second.err().expect("it is held");
        assert!(
            error
                .to_string()
                .contains(&format!("process {}", std::process::id())),
            "{error}"
        );
        drop(held);
        WriteLock::acquire(&ca_dir, &mut LockWait::silent(Duration::ZERO)).expect("free again");
    }
}
