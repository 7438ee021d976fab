//! One change of a CA directory: under the lock, and announced in the audit log before it is made.

use std::path::Path;

use super::audit::AuditTail;
use super::serial::take_crl_number;
use super::{AuditEntry, AuditHead, AuditStamp, CaDir, LockWait, StoreError, WriteLock};
use crate::files::{FilesError, PUBLIC_MODE, parent_of, read_own_file, stage, stage_like, sync_folder};
use gsec_pki::x509::SerialNumber;

/// How often a commit is begun again whose lock was taken away.
const MAX_REPEATS: usize = 20;

/// A commit in progress; the lock is let go when it is dropped.
pub struct Commit<'a> {
    ca_dir: &'a CaDir,
    lock: WriteLock,
}

impl<'a> Commit<'a> {
    /// Takes the lock, in a directory that nobody else can change.
    ///
    /// # Errors
    /// [`StoreError::Files`], [`StoreError::Locked`], [`StoreError::Files`].
    pub fn begin(ca_dir: &'a CaDir, wait: &mut LockWait<'_>) -> Result<Self, StoreError> {
        ca_dir.expect_guarded()?;
        Ok(Self { ca_dir, lock: WriteLock::acquire(ca_dir, wait)? })
    }

    /// Does something under the lock, and all of it again where the lock turns out to have been taken away meanwhile.
    ///
    /// # Errors
    /// As [`Commit::begin`], and those of `work`.
    pub(super) fn with_lock<T>(
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

    /// Checks, before something is decided that was not announced a moment ago, that the lock is still one.
    ///
    /// # Errors
    /// [`StoreError::LockLost`].
    pub(super) fn expect_lock(&self) -> Result<(), StoreError> {
        self.lock.expect_current()
    }

    /// The directory that is changed.
    pub(super) fn ca_dir(&self) -> &CaDir {
        self.ca_dir
    }

    /// Writes the lines of the audit log that announce what comes next, durably. `None` where there is no log.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was announced, and nothing may be changed.
    pub fn announce(&self, entries: &[AuditEntry], stamp: &AuditStamp<'_>) -> Result<Option<AuditHead>, StoreError> {
        let tail = AuditTail::open(self.ca_dir)?;
        self.expect_lock()?;
        tail.map(|tail| tail.append(entries, stamp)).transpose()
    }

    /// The same in a directory that is to be adopted, which need not have a log yet: the log comes first, so that an adoption that was cut off
    /// is none. Where it `had_log`, and none is there, the new log says so.
    ///
    /// # Errors
    /// As [`Commit::announce`].
    pub fn announce_adoption(&self, entries: &[AuditEntry], stamp: &AuditStamp<'_>, had_log: bool) -> Result<AuditHead, StoreError> {
        let tail = AuditTail::open_or_begin(self.ca_dir, had_log)?;
        self.expect_lock()?;
        tail.append(entries, stamp)
    }

    /// Takes the number of the next CRL. It is never given out again, whatever becomes of the CRL.
    ///
    /// # Errors
    /// [`StoreError::SerialDamaged`] when `crl.num` holds none, [`StoreError::SerialsExhausted`], [`StoreError::Files`].
    pub fn take_crl_number(&self) -> Result<SerialNumber, StoreError> {
        take_crl_number(self.ca_dir)
    }

    /// Checks that a key file is still what it was when it was opened.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn expect_unchanged(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        let now = read_own_file(path)?;
        if now.as_slice() == content { Ok(()) } else { Err(FilesError::ChangedMeanwhile(path.to_owned()).into()) }
    }

    /// Replaces a key file of the CA's: at every moment there is the old one or the new. Owner and mode stay, but nobody beside
    /// owner and group gets to read the new one.
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
    /// [`StoreError::Files`] when another call was quicker, [`StoreError::Files`].
    pub fn place_certificate(&self, content: &[u8]) -> Result<(), StoreError> {
        stage(&self.ca_dir.conf(), PUBLIC_MODE, content)?.publish_new(&self.ca_dir.ca_certificate())?;
        Ok(sync_folder(&self.ca_dir.conf())?)
    }
}
