//! The revoked records, for a CRL: read without the lock, and looked at again under it.

use super::index::IndexSnapshot;
use super::{CaDir, Commit, Record, RecordStatus, StoreError};

/// Called with the number of a line and what is wrong with it.
type OnUnreadable<'a> = &'a dyn Fn(u64, String) -> Result<(), StoreError>;

/// The revoked records at one moment.
pub struct RevokedRecords {
    snapshot: IndexSnapshot,
}

impl RevokedRecords {
    /// Opens the index as it stands now.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        Ok(Self { snapshot: IndexSnapshot::open(ca_dir)? })
    }

    /// Calls `visit` with each of them and the number of its line, in the order of the index. A line that says that a certificate is
    /// revoked is one of them whatever else is wrong with it: a CRL without it would make the certificate valid again.
    ///
    /// # Errors
    /// [`StoreError::RevocationUnreadable`] for a revocation without a serial number; [`StoreError::Files`].
    pub fn visit(&self, visit: &mut dyn FnMut(u64, &Record)) -> Result<(), StoreError> {
        let path = || self.snapshot.path().to_owned();
        self.visit_lines(visit, &|line, problem| Err(StoreError::RevocationUnreadable { path: path(), line, problem }))
    }

    /// As [`Self::visit`], without those that have no serial number.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn visit_readable(&self, visit: &mut dyn FnMut(u64, &Record)) -> Result<(), StoreError> {
        self.visit_lines(visit, &|_, _| Ok(()))
    }

    fn visit_lines(&self, visit: &mut dyn FnMut(u64, &Record), unreadable: OnUnreadable<'_>) -> Result<(), StoreError> {
        let mut last = 0;
        self.snapshot.visit(&mut |line| {
            last = line.number;
            // Most lines are of valid certificates, and need not be read to their end.
            if !line.is_revocation() {
                return Ok(());
            }
            match line.entry() {
                Some(Ok(record)) if record.status == RecordStatus::Revoked => visit(line.number, &record),
                Some(Err(found)) => unreadable(line.number, found.problem)?,
                _ => {}
            }
            Ok(())
        })?;
        if let Some(record) = self.snapshot.torn_revocation() {
            let flaw = record.flaw.clone().or_else(|| Some("it does not end in a line feed".to_owned()));
            visit(last + 1, &Record { flaw, ..record.clone() });
        }
        Ok(())
    }

    /// Under the lock: whether these are still all of them.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn still_hold(&self, commit: &Commit<'_>) -> Result<bool, StoreError> {
        self.snapshot.still_holds(commit.ca_dir(), &|line| !line.is_revocation())
    }
}
