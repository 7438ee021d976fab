//! What the CA has issued: counted and listed, streaming.

use std::ops::ControlFlow;
use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use crate::authority::look::host_pattern::HostPattern;
use crate::authority::{Authority, AuthorityError};
use crate::home::HostFile;
use crate::records::{DamagedLine, Entry, Part, Record, RecordStatus, host_names};
use gsec_pki::x509::SerialNumber;

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
    /// Lines that are not as OpenSSL writes them, those that are records all the same included.
    pub damaged_lines: u64,
}

/// Which records are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFilter {
    /// Neither revoked nor expired.
    Valid,
    /// Expired.
    Expired,
    /// Revoked.
    Revoked,
}

impl StatusFilter {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Valid, Self::Expired, Self::Revoked];

    /// The name that `--status` takes and JSON shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// Which records are listed.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Only of certificates that name a host which the pattern matches.
    pub host: Option<HostPattern>,
    /// Only of this status.
    pub status: Option<StatusFilter>,
    /// Only valid ones that expire within this time.
    pub expires_within: Option<Duration>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// What a line of the index is, in a listing.
#[derive(Debug, Clone)]
pub enum ListedEntry {
    /// A record that the filter admits.
    Record {
        /// The record.
        record: Record,
        /// Its status now: a `V` line past its expiry is expired.
        status: StatusFilter,
        /// Whether it is of the CA's own certificate, which old CAs have among what they issued.
        is_own: bool,
    },
    /// A line that is no record, or one that is not as OpenSSL writes it: the record comes next then.
    Damaged(DamagedLine),
}

impl Authority {
    /// Counts the records of the index.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn statistics(&self, now: OffsetDateTime) -> Result<Statistics, AuthorityError> {
        let mut counts = Statistics::default();
        let own = self.own_certificates()?;
        self.records().visit(&mut |_, entry| {
            match entry {
                Entry::Damaged(_) => counts.damaged_lines += 1,
                Entry::Record(record) => {
                    counts.damaged_lines += u64::from(record.is_flawed());
                    // What the CA has issued is not the CA itself, which `openssl ca -selfsign` records as well.
                    if self.own_certificate_of(&record, &own).is_none() {
                        counts.add(&record, now);
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(counts)
    }

    /// Calls `each` with the records that a filter admits, and the lines that are none, in the order of the records and in bounded memory, until
    /// it breaks; [`Authority::file_of`] finds their files. After as many records as the filter's limit says no more is read.
    ///
    /// A pattern for hosts is compared with the common names of the record first; where they do not match, the certificate is read: some
    /// thirty thousand a second, when the system has them in memory.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn list(
        &self,
        filter: &ListFilter,
        now: OffsetDateTime,
        each: &mut dyn FnMut(ListedEntry) -> ControlFlow<()>,
    ) -> Result<(), AuthorityError> {
        let own = self.own_certificates()?;
        let mut left = filter.limit.unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(());
        }
        self.records().visit(&mut |line, entry| {
            let record = match entry {
                Entry::Damaged(damaged) => return each(ListedEntry::Damaged(damaged)),
                Entry::Record(record) => record,
            };
            let status = status_at(&record, now);
            if !filter.admits(&record, status, now) || !self.names_admitted_host(&record, filter) {
                return ControlFlow::Continue(());
            }
            left -= 1;
            if let Some(problem) = record.flaw.clone() {
                each(ListedEntry::Damaged(DamagedLine {
                    line,
                    problem,
                    is_revocation: false,
                    is_blank: false,
                }))?;
            }
            let is_own = self.own_certificate_of(&record, &own).is_some();
            each(ListedEntry::Record {
                record,
                status,
                is_own,
            })?;
            if left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        Ok(())
    }

    /// The file of a certificate in the repository, if it is there.
    pub fn file_of(&self, serial: &SerialNumber) -> Option<PathBuf> {
        self.records()
            .has(serial, None, HostFile::OwnCopy)
            .then(|| self.records().place(Part::File(serial, None, HostFile::OwnCopy)))
    }

    /// Whether the certificate of a record names a host that the filter includes; a file that does not read
    /// names none.
    fn names_admitted_host(&self, record: &Record, filter: &ListFilter) -> bool {
        let Some(pattern) = &filter.host else { return true };
        if record.readable_common_names().any(|name| pattern.matches(&name)) {
            return true;
        }
        self.certificate_in_file_of(&record.serial)
            .is_some_and(|certificate| {
                host_names(&certificate)
                    .iter()
                    .any(|name| pattern.matches(&name.value()))
            })
    }
}

impl Statistics {
    fn add(&mut self, record: &Record, now: OffsetDateTime) {
        match status_at(record, now) {
            StatusFilter::Revoked => self.revoked += 1,
            StatusFilter::Expired => self.expired += 1,
            StatusFilter::Valid => {
                self.valid += 1;
                self.expiring += u64::from(record.expiry - now <= EXPIRING_WITHIN);
            }
        }
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
