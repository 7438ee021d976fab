//! The revoked records, for a CRL: read without the lock, and looked at again under it.

use super::index::{IndexSnapshot, parse_line};
use super::{CaDir, Commit, Record, RecordStatus, StoreError};

/// The revoked records at one moment.
pub struct RevokedRecords {
    snapshot: IndexSnapshot,
}

impl RevokedRecords {
    /// Opens the index as it stands now.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::SymbolicLink`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        Ok(Self { snapshot: IndexSnapshot::open(ca_dir)? })
    }

    /// Calls `visit` with each of them, in the order of the index.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn visit(&self, visit: &mut dyn FnMut(&Record)) -> Result<(), StoreError> {
        self.snapshot.visit(&mut |_, line| {
            // Most lines are of valid certificates, and need not be read to their end.
            if line.first() == Some(&b'R')
                && let Some(record) = parse_line(line)
            {
                visit(&record);
            }
            Ok(())
        })
    }

    /// Under the lock: whether these are still all of them.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn still_hold(&self, commit: &Commit<'_>) -> Result<bool, StoreError> {
        self.snapshot.still_holds(commit.ca_dir(), &|record| record.status != RecordStatus::Revoked)
    }
}
