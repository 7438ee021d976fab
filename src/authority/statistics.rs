//! What the CA has issued: counted and listed, streaming.

use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use super::{Authority, AuthorityError};
use crate::store::{DamagedLine, FileName, IndexEntry, IndexReader, Record, RecordStatus};

/// What counts as about to expire.
const EXPIRING_WITHIN: Duration = Duration::days(30);

/// Counts of the index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Neither revoked nor expired.
    pub valid: u64,
    /// Of these, expiring within 30 days.
    pub expiring: u64,
    /// Expired, and not revoked before.
    pub expired: u64,
    /// Revoked.
    pub revoked: u64,
    /// Lines that are no record.
    pub damaged_lines: u64,
}

/// Which records are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFilter {
    /// Neither revoked nor expired.
    Valid,
    /// Expired.
    Expired,
    /// Revoked.
    Revoked,
}

/// Which records are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListFilter {
    /// Only of this status.
    pub status: Option<StatusFilter>,
    /// Only valid ones that expire within this time.
    pub expires_within: Option<Duration>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// One listed record.
#[derive(Debug, Clone)]
pub struct ListedRecord {
    /// The record.
    pub record: Record,
    /// Its status now: a `V` line past its expiry is expired.
    pub status: StatusFilter,
    /// Its file in the repository, if it is there.
    pub file: Option<PathBuf>,
}

impl Authority {
    /// Counts the records of the index.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn statistics(&self, now: OffsetDateTime) -> Result<Statistics, AuthorityError> {
        let mut counts = Statistics::default();
        for entry in IndexReader::open(self.directory())? {
            match entry? {
                IndexEntry::Damaged(_) => counts.damaged_lines += 1,
                IndexEntry::Record(record) => match status_at(&record, now) {
                    StatusFilter::Revoked => counts.revoked += 1,
                    StatusFilter::Expired => counts.expired += 1,
                    StatusFilter::Valid => {
                        counts.valid += 1;
                        counts.expiring += u64::from(record.expiry - now <= EXPIRING_WITHIN);
                    }
                },
            }
        }
        Ok(counts)
    }

    /// Lists the records that a filter admits, and the lines that are none.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn list(&self, filter: ListFilter, now: OffsetDateTime) -> Result<(Vec<ListedRecord>, Vec<DamagedLine>), AuthorityError> {
        let (mut listed, mut damaged) = (Vec::new(), Vec::new());
        for entry in IndexReader::open(self.directory())? {
            match entry? {
                IndexEntry::Damaged(line) => damaged.push(line),
                IndexEntry::Record(record) => {
                    let status = status_at(&record, now);
                    if filter.limit.is_none_or(|limit| listed.len() < limit) && filter.admits(&record, status, now) {
                        let file = self.directory().existing_in_repository(&FileName::certificate(&record.serial));
                        listed.push(ListedRecord { record, status, file });
                    }
                }
            }
        }
        Ok((listed, damaged))
    }
}

impl ListFilter {
    fn admits(&self, record: &Record, status: StatusFilter, now: OffsetDateTime) -> bool {
        let expires_soon = |within| status == StatusFilter::Valid && record.expiry - now <= within;
        self.status.is_none_or(|wanted| wanted == status) && self.expires_within.is_none_or(expires_soon)
    }
}

fn status_at(record: &Record, now: OffsetDateTime) -> StatusFilter {
    match record.status {
        RecordStatus::Revoked => StatusFilter::Revoked,
        RecordStatus::Valid if record.is_valid_at(now) => StatusFilter::Valid,
        RecordStatus::Valid | RecordStatus::Expired => StatusFilter::Expired,
    }
}
