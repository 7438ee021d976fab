//! What the CA has issued: counted and listed, streaming.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use crate::authority::look::host_pattern::HostPattern;
use crate::authority::status::witnesses::OldCrl;
use crate::authority::{Authority, AuthorityError};
use crate::home::HostFile;
use crate::records::{
    DamagedLine, Entry, Part, Record, RecordStatus, RecordsError, Revocation, Told, host_names,
};
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
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time, of perhaps a million: an allocation for each would cost more"
)]
pub enum ListedEntry {
    /// A record that the filter admits.
    Record {
        /// The record.
        record: Record,
        /// Its status now, as all that can be asked says: a `V` line past its expiry is expired.
        status: StatusFilter,
        /// The revocation that holds.
        revocation: Option<Revocation>,
        /// Whether it is of the CA's own certificate, which old CAs have among what they issued.
        is_own: bool,
    },
    /// A line that is no record, or one that is not as OpenSSL writes it: the record comes next then.
    Damaged(DamagedLine),
}

/// What all that can be asked says of revocations: every line of `ca.db`, the CRLs and the audit log, as [`Authority::standing`] asks them of
/// one certificate. It needs memory for what is revoked alone.
struct KnownRevocations(HashMap<SerialNumber, Known>);

/// What is known of one revocation.
#[derive(Default)]
struct Known {
    /// What `ca.db` says.
    record: Option<Revocation>,
    /// What the CRLs or the audit log say, the strongest.
    other: Option<Revocation>,
}

/// What is odd about a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListDoubts {
    /// Why a source of revocations did not answer.
    pub unread: Vec<String>,
    /// How many listed certificates are revoked by what the CRLs or the audit log say, and not by `ca.db`.
    pub lost_in_records: u64,
    /// Of these, those of which `ca.db` has no record at all; not where a limit ended the list.
    pub without_record: Vec<SerialNumber>,
    /// The certificates that were to be read for the filter, and could not be: they are not listed, and may be meant.
    pub not_read: NotRead,
    /// Why revocations may be unknown; see [`Authority::lost_revocations`].
    pub unknown: Option<String>,
    /// That the CRL is older than the last one in the audit log.
    pub old_crl: Option<OldCrl>,
}

/// Certificates that are in the repository and could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotRead {
    /// How many.
    pub count: u64,
    /// Why the first of them could not, with its file.
    pub first: Option<String>,
}

impl NotRead {
    /// Takes one more.
    pub fn add(&mut self, why: &AuthorityError) {
        self.count += 1;
        self.first.get_or_insert_with(|| why.to_string());
    }

    /// What came of reading a certificate: `None` also where it could not be read, which is counted.
    pub fn noting<T>(&mut self, read: Result<Option<T>, AuthorityError>) -> Option<T> {
        read.unwrap_or_else(|why| {
            self.add(&why);
            None
        })
    }
}

impl Known {
    /// The revocation that holds: the strongest; of several as strong that of `ca.db`, then that of a CRL.
    fn strongest(&self) -> Option<&Revocation> {
        match (&self.record, &self.other) {
            (Some(own), Some(other)) if other.weight() > own.weight() => Some(other),
            (own, other) => own.as_ref().or(other.as_ref()),
        }
    }

    fn is_lost_in_records(&self) -> bool {
        self.record.is_none() && self.other.is_some()
    }
}

impl KnownRevocations {
    fn of(&self, record: &Record) -> Option<&Known> {
        self.0.get(&record.serial)
    }

    /// Serial numbers that the CRLs or the audit log have as revoked.
    fn told_elsewhere(&self) -> impl Iterator<Item = &SerialNumber> {
        self.0
            .iter()
            .filter(|(_, known)| known.other.is_some())
            .map(|(serial, _)| serial)
    }
}

/// The status of a record of whose revocation this is known.
fn status_of(record: &Record, known: Option<&Known>, now: OffsetDateTime) -> StatusFilter {
    match known {
        Some(_) => StatusFilter::Revoked,
        None => status_at(record, now),
    }
}

/// What a CA has issued, with all that is known of revocations: read once, and listed as often as is needed.
pub struct Listing<'a> {
    authority: &'a Authority,
    known: KnownRevocations,
    doubts: ListDoubts,
}

impl Authority {
    /// Reads what is known of revocations, for a listing.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn listing(&self) -> Result<Listing<'_>, AuthorityError> {
        let told = self.records().told();
        let (known, doubts) = self.known_revocations(&told)?;
        let unknown = self.lost_beside(&told)?;
        Ok(Listing {
            authority: self,
            known,
            doubts: ListDoubts {
                unknown: unknown.filter(|why| !doubts.unread.contains(why)),
                ..doubts
            },
        })
    }

    /// Reads what is known of revocations beside what the audit log tells.
    fn known_revocations(
        &self,
        told: &Result<Told, RecordsError>,
    ) -> Result<(KnownRevocations, ListDoubts), AuthorityError> {
        let mut all: HashMap<SerialNumber, Known> = HashMap::new();
        self.records().revoked()?.visit_readable(&mut |record| {
            let said = record.revocation.clone().unwrap_or_else(Revocation::unknown);
            let known = all.entry(record.serial.clone()).or_default();
            known.record = Some(match &known.record {
                Some(earlier) => earlier.joined(&said),
                None => said,
            });
        })?;
        let unread_log = told.as_ref().err().map(ToString::to_string);
        let nothing = Told::default();
        let told = told.as_ref().unwrap_or(&nothing);
        let (listed, mut unread) = self.listed_in_crls(told);
        let logged = told
            .iter()
            .map(|told| (told.serial.clone(), told.revocation.clone()));
        for (serial, revocation) in listed.into_iter().chain(logged) {
            let known = all.entry(serial).or_default();
            match &known.other {
                Some(earlier) if earlier.weight() >= revocation.weight() => {}
                _ => known.other = Some(revocation),
            }
        }
        unread.extend(unread_log);
        let doubts = ListDoubts {
            unread,
            old_crl: self.present_crl()?.and_then(|crl| self.old_crl(&crl, told)),
            ..ListDoubts::default()
        };
        Ok((KnownRevocations(all), doubts))
    }

    /// Counts the records of the index.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn statistics(&self, now: OffsetDateTime) -> Result<Statistics, AuthorityError> {
        let (known, _) = self.known_revocations(&self.records().told())?;
        let mut counts = Statistics::default();
        let own = self.own_certificates()?;
        self.records().visit(&mut |_, entry| {
            match entry {
                Entry::Damaged(_) => counts.damaged_lines += 1,
                Entry::Record(record) => {
                    counts.damaged_lines += u64::from(record.is_flawed());
                    // What the CA has issued is not the CA itself, which `openssl ca -selfsign` records as well.
                    if self.own_certificate_of(&record, &own).is_none() {
                        counts.add(status_of(&record, known.of(&record), now), record.expiry - now);
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(counts)
    }

    /// The file of a certificate in the repository, if it is there.
    pub fn file_of(&self, serial: &SerialNumber) -> Option<PathBuf> {
        self.records()
            .has(serial, None, HostFile::OwnCopy)
            .then(|| self.records().place(Part::File(serial, None, HostFile::OwnCopy)))
    }

    /// Whether the certificate of a record names a host that the filter includes; of one that cannot be read that is not known.
    fn names_admitted_host(&self, record: &Record, filter: &ListFilter, not_read: &mut NotRead) -> bool {
        let Some(pattern) = &filter.host else { return true };
        if record.readable_common_names().any(|name| pattern.matches(&name)) {
            return true;
        }
        not_read
            .noting(self.certificate_in_file_of(&record.serial))
            .is_some_and(|certificate| {
                host_names(&certificate)
                    .iter()
                    .any(|name| pattern.matches(&name.value()))
            })
    }
}

impl Listing<'_> {
    /// Calls `each` with the records that a filter admits, and the lines that are none, in the order of the records and in memory for what is revoked, until
    /// it breaks; [`Authority::file_of`] finds their files. After as many records as the filter's limit says no more is read.
    ///
    /// A pattern for hosts is compared with the common names of the record first; where they do not match, the certificate is read: some
    /// thirty thousand a second, when the system has them in memory.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn visit(
        &self,
        filter: &ListFilter,
        now: OffsetDateTime,
        each: &mut dyn FnMut(ListedEntry) -> ControlFlow<()>,
    ) -> Result<ListDoubts, AuthorityError> {
        let (authority, known, mut doubts) = (self.authority, &self.known, self.doubts.clone());
        let mut left = filter.limit.unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(ListDoubts::default());
        }
        let own = authority.own_certificates()?;
        let mut without_record: HashSet<&SerialNumber> = known.told_elsewhere().collect();
        authority.records().visit(&mut |line, entry| {
            let record = match entry {
                Entry::Damaged(damaged) => return each(ListedEntry::Damaged(damaged)),
                Entry::Record(record) => record,
            };
            let known = known.of(&record);
            if known.is_some() {
                without_record.remove(&record.serial);
            }
            let status = status_of(&record, known, now);
            if !filter.admits(&record, status, now)
                || !authority.names_admitted_host(&record, filter, &mut doubts.not_read)
            {
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
            let is_own = authority.own_certificate_of(&record, &own).is_some();
            doubts.lost_in_records += u64::from(known.is_some_and(Known::is_lost_in_records));
            each(ListedEntry::Record {
                revocation: known.and_then(Known::strongest).cloned(),
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
        if left > 0 {
            let without_record = without_record.into_iter().cloned().collect();
            let without_record = authority.not_to_be_dropped(without_record, now)?;
            self.visit_without_record(&without_record, (filter, now), left, &mut doubts.not_read, each);
            doubts.lost_in_records += without_record.len() as u64;
            doubts.without_record = without_record;
        }
        Ok(doubts)
    }

    /// Calls `each` with the valid records of these subjects, in their order; the CA's own are not among them.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn visit_valid(
        &self,
        subjects: &HashSet<String>,
        now: OffsetDateTime,
        each: &mut dyn FnMut(Record),
    ) -> Result<(), AuthorityError> {
        let own = self.authority.own_certificates()?;
        self.authority.records().visit_subjects(subjects, &mut |record| {
            let is_valid = status_of(&record, self.known.of(&record), now) == StatusFilter::Valid;
            if is_valid && self.authority.own_certificate_of(&record, &own).is_none() {
                each(record);
            }
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Lists certificates that are revoked and have no record, as far as the repository still has them.
    fn visit_without_record(
        &self,
        serials: &[SerialNumber],
        (filter, now): (&ListFilter, OffsetDateTime),
        left: usize,
        not_read: &mut NotRead,
        each: &mut dyn FnMut(ListedEntry) -> ControlFlow<()>,
    ) {
        let listed = serials.iter().filter_map(|serial| {
            let certificate = not_read.noting(self.authority.issued_certificate(serial))?;
            let revocation = self.known.0.get(serial).and_then(|known| known.other.clone());
            let record = Record {
                expiry: certificate.not_after(),
                subject: certificate.subject().openssl_oneline(),
                revocation: revocation.clone(),
                ..Record::lost(serial)
            };
            let status = StatusFilter::Revoked;
            let is_admitted = filter.admits(&record, status, now)
                && self.authority.names_admitted_host(&record, filter, not_read);
            is_admitted.then_some(ListedEntry::Record {
                record,
                status,
                revocation,
                is_own: false,
            })
        });
        for entry in listed.take(left) {
            if each(entry).is_break() {
                return;
            }
        }
    }
}

impl Statistics {
    fn add(&mut self, status: StatusFilter, left: Duration) {
        match status {
            StatusFilter::Revoked => self.revoked += 1,
            StatusFilter::Expired => self.expired += 1,
            StatusFilter::Valid => {
                self.valid += 1;
                self.expiring += u64::from(left <= EXPIRING_WITHIN);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, in_days, now, serial};
    use gsec_pki::x509::{DistinguishedName, NameParts, RevocationReason};

    fn record(status: RecordStatus, ends_in_days: i64) -> Record {
        let name = DistinguishedName::build(&NameParts::new([])).expect("no name");
        Record {
            status,
            ..Record::issued(&serial("2A"), in_days(ends_in_days), &name)
        }
    }

    #[test]
    fn status_now_of_a_record() {
        for (status, days, expected) in [
            (RecordStatus::Valid, 1, StatusFilter::Valid),
            (RecordStatus::Valid, -1, StatusFilter::Expired),
            (RecordStatus::Expired, 1, StatusFilter::Expired),
            (RecordStatus::Revoked, -1, StatusFilter::Revoked),
        ] {
            assert_eq!(
                status_at(&record(status, days), now()),
                expected,
                "{status:?} {days}"
            );
        }
    }

    #[test]
    fn what_a_filter_admits() {
        let within = |days: Option<i64>, status: Option<StatusFilter>| ListFilter {
            status,
            expires_within: days.map(Duration::days),
            ..ListFilter::default()
        };
        let valid = record(RecordStatus::Valid, 30);
        for (filter, is_admitted) in [
            (within(None, None), true),
            (within(Some(30), None), true),
            (within(Some(29), None), false),
            (within(None, Some(StatusFilter::Valid)), true),
            (within(None, Some(StatusFilter::Revoked)), false),
        ] {
            assert_eq!(
                filter.admits(&valid, StatusFilter::Valid, now()),
                is_admitted,
                "{filter:?}"
            );
        }
        assert!(
            !within(Some(30), None).admits(&valid, StatusFilter::Revoked, now()),
            "it will not be missed"
        );
    }

    #[test]
    fn strongest_revocation_holds_wherever_it_is() {
        let revocation = |reason: &str| Revocation {
            reason: Some(reason.to_owned()),
            ..Revocation::unknown()
        };
        let known = |own: Option<&str>, other: Option<&str>| {
            let known = Known {
                record: own.map(revocation),
                other: other.map(revocation),
            };
            let is_known = own.or(other).is_some();
            KnownRevocations(is_known.then(|| (serial("2A"), known)).into_iter().collect())
        };
        let record = record(RecordStatus::Valid, 30);
        for (own, other, expected) in [
            (None, None, None),
            (Some("superseded"), None, Some("superseded")),
            (None, Some("superseded"), Some("superseded")),
            (Some("superseded"), Some("keyCompromise"), Some("keyCompromise")),
            (Some("keyCompromise"), Some("superseded"), Some("keyCompromise")),
            (Some("superseded"), Some("affiliationChanged"), Some("superseded")),
        ] {
            let all = known(own, other);
            let known = all.of(&record);
            let found = known
                .and_then(Known::strongest)
                .and_then(|revocation| revocation.reason.as_deref());
            assert_eq!(found, expected, "{own:?} {other:?}");
            let is_revoked = status_of(&record, known, now()) == StatusFilter::Revoked;
            assert_eq!(is_revoked, expected.is_some());
            let is_lost = own.is_none() && other.is_some();
            assert_eq!(known.is_some_and(Known::is_lost_in_records), is_lost);
            assert_eq!(all.told_elsewhere().count(), usize::from(other.is_some()));
        }
    }

    #[test]
    fn counts_are_of_now() {
        let site = Site::new();
        site.issue("a.example.com");
        let revoked = site.issue("b.example.com");
        site.revoke(&revoked, RevocationReason::Superseded);
        let counts = |days| {
            let counts = site.authority.statistics(in_days(days)).expect("counts");
            [counts.valid, counts.expiring, counts.expired, counts.revoked]
        };
        assert_eq!(counts(0), [1, 0, 0, 1]);
        assert_eq!(counts(70), [1, 1, 0, 1]);
        assert_eq!(counts(101), [0, 0, 1, 1]);
    }
}
