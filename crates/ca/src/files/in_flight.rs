//! Calls in flight: what they write into a folder belongs together, and is not all there yet.
//!
//! Such a call holds a shared lock (flock) on the folder until its files are there. A call that finds
//! something unfinished requests the exclusive lock. No file is needed for it, and a killed call holds
//! nothing.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(1);
/// The shared lock is refused only for the moment of such a check; a longer refusal is not waited for.
const MAX_ATTEMPTS: u32 = 100;

/// Held while a call writes files that belong together.
pub struct InFlight {
    _folder: Option<File>,
}

impl InFlight {
    /// Starts. Where the file system has no such locks, nothing is held.
    pub(crate) fn begin_in(folder: &Path) -> Self {
        let take = || {
            let folder = File::open(folder).ok()?;
            for _ in 0..MAX_ATTEMPTS {
                match folder.try_lock_shared() {
                    Ok(()) => return Some(folder),
                    Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                    Err(TryLockError::Error(_)) => return None,
                }
            }
            None
        };
        Self { _folder: take() }
    }
}

/// Whether it is certain that no living call writes into a folder what belongs together.
pub(super) fn is_surely_quiet(folder: &Path) -> bool {
    File::open(folder).is_ok_and(|folder| folder.try_lock().is_ok())
}
