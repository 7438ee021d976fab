//! The lock of a CA directory: the operating system's, on a file that is never deleted, so that a killed holder blocks nobody.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::files::no_follow;
use super::layout::PRIVATE_MODE;
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
        let mut file = open(&path)?;
        let start = Instant::now();
        let (mut pause, mut told) = (PAUSES.0, false);
        loop {
            match file.try_lock() {
                Ok(()) => {
                    // For the message of others only; who cannot write it still holds the lock.
                    let _ = write_holder(&mut file);
                    return Ok(Self { _file: file });
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", &path)(source)),
            }
            let waited = start.elapsed();
            if waited >= wait.timeout {
                return Err(StoreError::Locked { holder: holder(&mut file), path, seconds: wait.timeout.as_secs() });
            }
            if waited >= NOTICE_AFTER && !told {
                (wait.notice)(&holder(&mut file));
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
    no_follow(&mut options).open(path).map_err(StoreError::io("open the lock file", path))
}

fn write_holder(file: &mut File) -> std::io::Result<()> {
    file.rewind()?;
    file.set_len(0)?;
    write!(file, "{}", std::process::id())
}

/// The process that wrote its number last, if there is one; another program's lock has left no number.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let number = file.rewind().and_then(|()| file.read_to_string(&mut text)).ok().and_then(|_| text.trim().parse::<u32>().ok());
    match number.map(|number| (number, std::fs::read_to_string(format!("/proc/{number}/comm")))) {
        Some((number, Ok(name))) => format!("process {number} ({})", crate::encoding::visible::visible(name.trim())),
        Some((number, Err(_))) if !Path::new("/proc/self").exists() => format!("process {number}"),
        _ => "another program".into(),
    }
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
