//! A CA directory under its lock: its holder may change the CA's identity.

use std::path::Path;

use super::{CaDir, LockWait, StoreError, WriteLock};
use crate::files::{FilesError, PUBLIC_MODE, parent_of, read_own_file, stage, stage_like, sync_folder};

/// How often work is begun again whose lock was taken away.
const MAX_REPEATS: usize = 20;

/// A locked CA directory; the lock is released when it is dropped.
pub struct Held<'a> {
    ca_dir: &'a CaDir,
    lock: WriteLock,
}

impl<'a> Held<'a> {
    /// Takes the lock, in a directory that only its owner can change.
    ///
    /// # Errors
    /// [`StoreError::Files`], [`StoreError::Locked`].
    pub fn begin(ca_dir: &'a CaDir, wait: &mut LockWait<'_>) -> Result<Self, StoreError> {
        ca_dir.expect_guarded()?;
        Ok(Self {
            ca_dir,
            lock: WriteLock::acquire(ca_dir, wait)?,
        })
    }

    /// Does something under the lock, and all of it again if the lock was taken away meanwhile.
    ///
    /// # Errors
    /// As [`Held::begin`], and those of `work`.
    pub fn with_lock<T>(
        ca_dir: &'a CaDir,
        wait: &mut LockWait<'_>,
        work: &mut dyn FnMut(&Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut result = work(&Self::begin(ca_dir, wait)?);
        for _ in 0..MAX_REPEATS {
            match result {
                Err(StoreError::LockLost(_)) => result = work(&Self::begin(ca_dir, wait)?),
                result => return result,
            }
        }
        result
    }

    /// Checks, before a decision that was not announced a moment ago, that the lock is still held.
    ///
    /// # Errors
    /// [`StoreError::LockLost`].
    pub fn expect_lock(&self) -> Result<(), StoreError> {
        self.lock.expect_current()
    }

    /// The locked directory.
    pub fn ca_dir(&self) -> &CaDir {
        self.ca_dir
    }

    /// Checks that a file is still what it was when it was opened.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn expect_unchanged(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        let now = read_own_file(path)?;
        if now.as_slice() == content {
            Ok(())
        } else {
            Err(FilesError::ChangedMeanwhile(path.to_owned()).into())
        }
    }

    /// Replaces a key file of the CA: at every moment there is the old one or the new. Owner and mode stay,
    /// but only owner and group get to read the new one.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn replace_key(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        let folder = parent_of(path);
        stage_like(folder, path, content)?.replace(path)?;
        Ok(sync_folder(folder)?)
    }

    /// Gives a CA that waits for it its first `ca_cert.pem`.
    ///
    /// # Errors
    /// [`StoreError::Files`], also when another call was quicker.
    pub fn place_certificate(&self, content: &[u8]) -> Result<(), StoreError> {
        stage(&self.ca_dir.conf(), PUBLIC_MODE, content)?.publish_new(&self.ca_dir.ca_certificate())?;
        Ok(sync_folder(&self.ca_dir.conf())?)
    }
}
