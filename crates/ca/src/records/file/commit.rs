//! One change of a CA directory: under the lock, and announced in the audit log before it is made.

use super::audit_log::AuditTail;
use super::serial::take_crl_number;
use crate::home::{CaDir, Held, LockWait, StoreError};
use crate::records::{AuditEntry, AuditHead, AuditStamp};
use gsec_pki::x509::SerialNumber;

/// A commit in progress, under the lock of the directory.
pub struct Commit<'a> {
    held: &'a Held<'a>,
}

impl<'a> Commit<'a> {
    /// A commit under a lock that is held.
    pub fn under(held: &'a Held<'a>) -> Self {
        Self { held }
    }

    /// Takes the lock and does something under it, and all of it again if the lock was taken away meanwhile.
    ///
    /// # Errors
    /// As [`Held::begin`], and those of `work`.
    pub fn with_lock<T>(
        ca_dir: &CaDir,
        wait: &mut LockWait<'_>,
        work: &mut dyn FnMut(&Commit<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        Held::with_lock(ca_dir, wait, &mut |held| work(&Commit { held }))
    }

    /// As [`Held::expect_lock`].
    pub(super) fn expect_lock(&self) -> Result<(), StoreError> {
        self.held.expect_lock()
    }

    /// The directory that is changed.
    pub(super) fn ca_dir(&self) -> &CaDir {
        self.held.ca_dir()
    }

    /// Writes the lines of the audit log that announce what comes next, durably. `None` where there is no log.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was announced, and nothing may be changed.
    pub fn announce(
        &self,
        entries: &[AuditEntry],
        stamp: &AuditStamp<'_>,
    ) -> Result<Option<AuditHead>, StoreError> {
        let tail = AuditTail::open(self.ca_dir())?;
        self.expect_lock()?;
        tail.map(|tail| tail.append(entries, stamp)).transpose()
    }

    /// The same in a directory that is to be adopted, which need not have a log yet: the log comes first, so that an adoption that was cut off
    /// is none.
    ///
    /// # Errors
    /// As [`Commit::announce`].
    pub fn announce_adoption(
        &self,
        entries: &[AuditEntry],
        stamp: &AuditStamp<'_>,
    ) -> Result<AuditHead, StoreError> {
        let tail = AuditTail::open_or_begin(self.ca_dir())?;
        self.expect_lock()?;
        tail.append(entries, stamp)
    }

    /// Takes the number of the next CRL, which is larger than `largest`. It is never given out again, whatever becomes of the CRL.
    ///
    /// # Errors
    /// [`StoreError::SerialDamaged`] when `crl.num` holds none, [`StoreError::SerialsExhausted`], [`StoreError::Files`].
    pub fn take_crl_number(&self, largest: Option<&SerialNumber>) -> Result<SerialNumber, StoreError> {
        take_crl_number(self.ca_dir(), largest)
    }
}
