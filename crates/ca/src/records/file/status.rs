//! Revoking, and taking a revocation back: the status of records changes, everything else in the index stays as it is.

use std::collections::HashSet;

use super::Commit;
use super::index::{Edit, IndexSnapshot, StagedIndex};
use crate::home::{CaDir, LockWait, StoreError};
use crate::records::{AuditEntry, AuditStamp, ChangedRecord, Changes, Decide, StatusChange};
use gsec_pki::x509::SerialNumber;

/// The changes as they would be in one state of the index.
struct Planned {
    snapshot: IndexSnapshot,
    edits: Vec<Edit>,
    records: Vec<ChangedRecord>,
}

impl Planned {
    /// Whether something is decided: a hold that only the log or a CRL has is taken back without another line in the index.
    fn is_change(&self) -> bool {
        self.records.iter().any(|record| record.after.is_some())
    }
}

/// Finds the records and rewrites the index. The index is copied without the lock; under it only what was appended
/// meanwhile is added and the copy takes the name. When the index was replaced meanwhile, all is done again, locked.
pub(super) fn change(
    ca_dir: &CaDir,
    change: &StatusChange<'_>,
    stamp: &AuditStamp<'_>,
    wait: &mut LockWait<'_>,
) -> Result<Changes, StoreError> {
    let mut planned = plan(ca_dir, change.serials, change.decide)?;
    if !planned.is_change() {
        return Ok(Changes {
            records: planned.records,
            audit_head: None,
        });
    }
    let mut copied = Some(StagedIndex::copy(ca_dir, &planned.snapshot, &planned.edits)?);
    Commit::with_lock(ca_dir, wait, &mut |commit| {
        // Where the lock was lost, another process may have changed the index.
        let mut staged = copied.take();
        if !staged.as_mut().map_or(Ok(false), StagedIndex::catch_up)? {
            planned = plan(ca_dir, change.serials, change.decide)?;
            if !planned.is_change() {
                return Ok(Changes {
                    records: std::mem::take(&mut planned.records),
                    audit_head: None,
                });
            }
            staged = Some(StagedIndex::copy(ca_dir, &planned.snapshot, &planned.edits)?);
        }
        let changed = planned.records.iter().filter_map(|record| record.after.as_ref());
        let entries: Vec<AuditEntry> = changed
            .map(|record| (change.audit)(record).about(&record.serial))
            .collect();
        let audit_head = commit.announce(&entries, stamp)?;
        commit.expect_lock()?;
        staged.map_or(Ok(()), |staged| staged.publish(ca_dir))?;
        Ok(Changes {
            records: std::mem::take(&mut planned.records),
            audit_head,
        })
    })
}

/// What a change would do.
pub(super) fn preview(
    ca_dir: &CaDir,
    serials: &[SerialNumber],
    decide: Decide<'_>,
) -> Result<Vec<ChangedRecord>, StoreError> {
    Ok(plan(ca_dir, serials, decide)?.records)
}

fn plan(ca_dir: &CaDir, serials: &[SerialNumber], decide: Decide<'_>) -> Result<Planned, StoreError> {
    let wanted: HashSet<&SerialNumber> = serials.iter().collect();
    let (snapshot, mut edits, mut records) = (IndexSnapshot::open(ca_dir)?, Vec::new(), Vec::new());
    snapshot.visit(&mut |line| {
        if !may_be_meant(line.content, &wanted) {
            return Ok(());
        }
        let Some(before) = line.record().filter(|record| wanted.contains(&record.serial)) else {
            return Ok(());
        };
        let after = decide(&before);
        if let Some(after) = &after {
            edits.extend(Edit::of_line(line, &before, after));
        }
        records.push(ChangedRecord { before, after });
        Ok(())
    })?;
    Ok(Planned {
        snapshot,
        edits,
        records,
    })
}

/// Whether a line may be of one of the serial numbers. Most lines are not: the column in which OpenSSL has the number says so before
/// anything else is read. A line in which that column holds something else is read whole.
fn may_be_meant(line: &[u8], wanted: &HashSet<&SerialNumber>) -> bool {
    let column = line
        .split(|octet| *octet == b'\t')
        .nth(3)
        .and_then(|column| std::str::from_utf8(column).ok());
    column
        .and_then(SerialNumber::parse_hex)
        .is_none_or(|serial| wanted.contains(&serial))
}
