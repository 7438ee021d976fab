//! The revoked records, for a CRL: read without the lock, and looked at again under it.

use super::index::IndexSnapshot;
use crate::home::{CaDir, StoreError};
use crate::records::{DamagedLine, Record, RecordStatus, RevokedLine};

/// Called with each line that is not a record.
type OnUnreadable<'a> = &'a mut dyn FnMut(DamagedLine) -> Result<(), StoreError>;

/// The revoked records at one moment.
pub struct RevokedRecords {
    snapshot: IndexSnapshot,
}

impl RevokedRecords {
    /// Opens the present index.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        Ok(Self {
            snapshot: IndexSnapshot::open(ca_dir)?,
        })
    }

    /// Calls `visit` with each of them, in the order of the index. A line that says that a certificate is revoked is one of them whatever
    /// else is wrong with it: a CRL without it would make the certificate valid again. Returns the lines that
    /// are not records and revoke nothing, blank ones excepted.
    ///
    /// # Errors
    /// [`StoreError::RevocationUnreadable`] for a revocation without a serial number, and for what may be one; [`StoreError::Files`].
    pub fn visit_all(&self, visit: &mut dyn FnMut(RevokedLine<'_>)) -> Result<Vec<DamagedLine>, StoreError> {
        let mut unreadable = Vec::new();
        self.visit_lines(visit, &mut |found| {
            if found.is_revocation {
                let path = self.snapshot.path().to_owned();
                return Err(StoreError::RevocationUnreadable {
                    path,
                    line: found.line,
                    problem: found.problem,
                });
            }
            if !found.is_blank {
                unreadable.push(found);
            }
            Ok(())
        })?;
        Ok(unreadable)
    }

    /// As [`Self::visit_all`], without those that have no serial number.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn visit_with_serial(&self, visit: &mut dyn FnMut(&Record)) -> Result<(), StoreError> {
        self.visit_lines(&mut |found| visit(found.record), &mut |_| Ok(()))
    }

    fn visit_lines(
        &self,
        visit: &mut dyn FnMut(RevokedLine<'_>),
        unreadable: OnUnreadable<'_>,
    ) -> Result<(), StoreError> {
        self.snapshot.visit(&mut |line| {
            // Most lines are of valid certificates, and need not be read to their end.
            if line.is_plainly_not_revoked() {
                return Ok(());
            }
            match line.entry() {
                Some(Ok(record)) if record.status == RecordStatus::Revoked => {
                    visit(RevokedLine {
                        line: line.number,
                        record: &record,
                        is_torn: !line.is_whole(),
                    });
                }
                Some(Err(found)) => unreadable(DamagedLine::of(line.number, found))?,
                _ => {}
            }
            Ok(())
        })
    }

    /// Under the lock: whether these are still all of them.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn still_hold(&self, ca_dir: &CaDir) -> Result<bool, StoreError> {
        self.snapshot
            .still_holds(ca_dir, &|line| line.is_plainly_not_revoked())
    }
}
