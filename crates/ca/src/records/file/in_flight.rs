//! Certificates in flight: records whose files a living call is still writing.
//!
//! Such a call holds a shared lock (flock) on the folder `repository/` from before the record until its files
//! are there. A call that finds a record without a file requests the exclusive lock: once it gets that, it
//! knows that the call that made the record has ended. No file is needed for it, and a killed call holds
//! nothing.

use std::fs::{File, TryLockError};
use std::time::{Duration, Instant};

use super::FileRecords;
use crate::home::{CaDir, LockWait};
use crate::records::RecordsError;

/// Between two looks.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));
/// After so long it is said that there is a wait.
const NOTICE_AFTER: Duration = Duration::from_secs(1);
/// What is waited for, in the place of the lock's holder.
const HOLDER: &str = "another command that issues for the same host";

/// Whether no living call has certificates in flight, as far as this file system tells.
fn is_quiet(ca_dir: &CaDir) -> bool {
    let Ok(folder) = File::open(ca_dir.repository()) else {
        return true;
    };
    !matches!(folder.try_lock(), Err(TryLockError::WouldBlock))
}

impl FileRecords {
    /// Whether what is without a file now was left by a call that has ended: no living call is writing certificates.
    pub(super) fn has_none_in_flight(&self) -> bool {
        is_quiet(self.home())
    }

    /// As [`crate::records::Records::wait_for_others`].
    pub(super) fn wait_for_flight(
        &self,
        wait: &mut LockWait<'_>,
        is_pending: &mut dyn FnMut() -> Result<bool, RecordsError>,
    ) -> Result<bool, RecordsError> {
        let (begin, mut pause, mut told, mut waited) = (Instant::now(), PAUSES.0, false, false);
        loop {
            // In this order: what is still pending when no call is in flight was left by one that has ended.
            let is_quiet = is_quiet(self.home());
            if !is_pending()? {
                return Ok(waited);
            }
            if is_quiet || begin.elapsed() >= wait.timeout {
                return Ok(false);
            }
            waited = true;
            if begin.elapsed() >= NOTICE_AFTER && !told {
                (wait.notice)(HOLDER);
                told = true;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}
