//! The lock of a CA directory: the operating system's, on a file that is never deleted, so that a killed holder blocks nobody.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::files::open_own;
use super::mode::PRIVATE_MODE;
use super::{CaDir, StoreError};

/// Who waits says so after this long.
const NOTICE_AFTER: Duration = Duration::from_secs(1);
/// The pause between two attempts grows from the first of these to the second; a lock is held for a few milliseconds.
const PAUSES: (Duration, Duration) = (Duration::from_micros(500), Duration::from_millis(20));

/// How long to wait, and whom to tell.
pub struct LockWait<'a> {
    /// When to give up.
    pub timeout: Duration,
    /// Called once, with who holds the lock, when the wait gets long.
    pub notice: &'a mut dyn FnMut(&str),
}

/// The held lock; let go when dropped.
pub struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits for the lock and takes it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] names the holder when the time is up; [`StoreError::Io`].
    pub fn acquire(ca_dir: &CaDir, wait: &mut LockWait<'_>) -> Result<Self, StoreError> {
        let path = ca_dir.lock();
        let file = open(&path)?;
        let start = Instant::now();
        let (mut pause, mut told) = (PAUSES.0, false);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", &path)(source)),
            }
            let waited = start.elapsed();
            if waited >= wait.timeout {
                return Err(StoreError::Locked { holder: holder(&file), path, seconds: wait.timeout.as_secs() });
            }
            if waited >= NOTICE_AFTER && !told {
                (wait.notice)(&holder(&file));
                told = true;
            }
            std::thread::sleep(pause.min(wait.timeout.saturating_sub(waited)));
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}

fn open(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE_MODE);
    open_own(&mut options, path, "open the lock file")
}

/// Who holds the lock, as the kernel tells: by the inode of the lock file in /proc/locks, where there is one.
#[cfg(target_os = "linux")]
fn holder(file: &File) -> String {
    use std::os::unix::fs::MetadataExt;
    let inode = file.metadata().map(|metadata| metadata.ino().to_string()).unwrap_or_default();
    let table = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    // `1: FLOCK  ADVISORY  WRITE 4711 08:01:131077 0 EOF`; who waits has `->` after the number.
    let process = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).find_map(|fields| match fields.as_slice() {
        [_, "FLOCK", _, _, process, place, ..] if place.ends_with(&format!(":{inode}")) => Some((*process).to_owned()),
        _ => None,
    });
    match process.map(|process| (std::fs::read_to_string(format!("/proc/{process}/comm")), process)) {
        Some((Ok(name), process)) => format!("process {process} ({})", crate::encoding::visible::visible(name.trim())),
        Some((Err(_), process)) => format!("process {process}"),
        None => "another process".into(),
    }
}

/// Elsewhere nobody tells.
#[cfg(not(target_os = "linux"))]
fn holder(_file: &File) -> String {
    "another process".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_holder_waits_gives_up_and_names_the_first() {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        let mut notice = |_: &str| {};
        let held = WriteLock::acquire(&ca_dir, &mut LockWait { timeout: Duration::ZERO, notice: &mut notice }).expect("free lock");
        let second = WriteLock::acquire(&ca_dir, &mut LockWait { timeout: Duration::from_millis(5), notice: &mut notice });
        let error = second.err().expect("it is held");
        assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
        drop(held);
        WriteLock::acquire(&ca_dir, &mut LockWait { timeout: Duration::ZERO, notice: &mut notice }).expect("free again");
    }
}
