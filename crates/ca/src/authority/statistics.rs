//! What the CA has issued: counted and listed, streaming.

use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use super::host_pattern::HostPattern;
use super::{Authority, AuthorityError};
use crate::files::FileName;
use crate::store::{DamagedLine, IndexEntry, IndexReader, Record, RecordStatus, host_names};
use gsec_pki::x509::{SerialNumber, decode_certificates};

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
        for entry in IndexReader::open(self.directory())? {
            match entry? {
                IndexEntry::Damaged(_) => counts.damaged_lines += 1,
                IndexEntry::Record(record) => {
                    counts.damaged_lines += u64::from(record.is_flawed());
                    // What the CA has issued is not the CA itself, which `openssl ca -selfsign` records as well.
                    if self.own_certificate_of(&record, &own).is_some() {
                        continue;
                    }
                    match status_at(&record, now) {
                        StatusFilter::Revoked => counts.revoked += 1,
                        StatusFilter::Expired => counts.expired += 1,
                        StatusFilter::Valid => {
                            counts.valid += 1;
                            counts.expiring += u64::from(record.expiry - now <= EXPIRING_WITHIN);
                        }
                    }
                }
            }
        }
        Ok(counts)
    }

    /// Streams the records that a filter admits, and the lines that are none, in the order of the index and in bounded memory;
    /// [`Authority::file_of`] finds their files. After as many records as the filter's limit says no more is read.
    ///
    /// A pattern for hosts is compared with the common names in the subject column first; where they do not match, the
    /// certificate is read: some thirty thousand a second, when the system has them in memory.
    ///
    /// # Errors
    /// [`AuthorityError::Store`], from the call and from the iterator.
    pub fn listed(
        &self,
        filter: ListFilter,
        now: OffsetDateTime,
    ) -> Result<impl Iterator<Item = Result<ListedEntry, AuthorityError>> + '_, AuthorityError> {
        let mut entries = IndexReader::open(self.directory())?;
        let own = self.own_certificates()?;
        let mut left = filter.limit.unwrap_or(usize::MAX);
        let mut waiting = None;
        Ok(std::iter::from_fn(move || {
            if let Some(record) = waiting.take() {
                return Some(Ok(record));
            }
            while left > 0 {
                match entries.next()? {
                    Err(error) => return Some(Err(error.into())),
                    Ok(IndexEntry::Damaged(line)) => return Some(Ok(ListedEntry::Damaged(line))),
                    Ok(IndexEntry::Record(record)) => {
                        let status = status_at(&record, now);
                        if filter.admits(&record, status, now) && self.names_admitted_host(&record, &filter) {
                            left -= 1;
                            let is_own = self.own_certificate_of(&record, &own).is_some();
                            let damage = record.flaw.clone().map(|problem| DamagedLine {
                                line: entries.line(),
                                problem,
                                is_revocation: false,
                                is_blank: false,
                            });
                            let listed = ListedEntry::Record { record, status, is_own };
                            return Some(Ok(match damage {
                                Some(damage) => {
                                    waiting = Some(listed);
                                    ListedEntry::Damaged(damage)
                                }
                                None => listed,
                            }));
                        }
                    }
                }
            }
            None
        }))
    }

    /// The file of a certificate in the repository, if it is there.
    pub fn file_of(&self, serial: &SerialNumber) -> Option<PathBuf> {
        self.directory().existing_in_repository(&FileName::certificate(serial))
    }

    /// Whether the certificate of a record names a host that the filter wants; a file that does not read names none.
    fn names_admitted_host(&self, record: &Record, filter: &ListFilter) -> bool {
        let Some(pattern) = &filter.host else { return true };
        if record.readable_common_names().any(|name| pattern.matches(&name)) {
            return true;
        }
        let content = self.directory().read(&self.directory().in_repository(&FileName::certificate(&record.serial)));
        let certificate = content.ok().and_then(|content| decode_certificates(&content).ok()?.into_iter().next());
        certificate.is_some_and(|certificate| host_names(&certificate).iter().any(|name| pattern.matches(&name.value())))
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
