//! `ca.db` from end to end, beside the repository, the audit log and the CRLs.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::authority::FoundAuthority;
use super::names::{Digester, SerialSet};
use super::places::owner;
use super::repository::{Serials, certificate_of, list, raise, serial_of, visit};
use super::unread;
use crate::checks::ca_directory::{
    BadLine, BadLineKind, CompromisedCertificate, Difference, DifferenceKind, Duplicate, EXPIRING_WITHIN,
    Expiring, FoundInstead, Index, LoneCertificate, LoneRecord, LostRecord, LostRevocation, Part,
    RecordedCertificate, RevocationSource,
};
use gsec_ca::authority::{self, Authority, status_in_words};
use gsec_ca::files::FileName;
use gsec_ca::home::{CaDir, HostFile, StoreError};
use gsec_ca::records::file::{AuditReader, IndexReader};
use gsec_ca::records::{
    Entry, Record, RecordStatus, Revocation, UNKNOWN_EXPIRY, announces, announces_own_record, host_names,
    joined,
};
use gsec_env::{cores, parallel_map};
use gsec_pki::contents::decode_bundle;
use gsec_pki::encoding::sample::{MAX_KEPT, Sample};
use gsec_pki::encoding::sniff::holds_pkcs12;
use gsec_pki::key::{decode_key_document, is_encrypted_key_file};
use gsec_pki::x509::path::{Question as PathQuestion, Rule, validate};
use gsec_pki::x509::{Certificate, SerialNumber, decode_certificates, parse_time};

/// If there are more than twice this many certificates, this many of the newest are compared with their records, and a
/// sample of about the same size of the rest.
const MAX_COMPARED: usize = 10_000;
/// Of more certificates that expire soon it is not looked whether there is a newer one.
const MAX_EXPIRING: usize = 100_000;
/// Of more records no PFX is opened, which takes milliseconds each.
const MAX_OPENED_PFX: usize = 200;
/// Size of the sample of lifetimes.
const MAX_LIFETIMES: usize = 1000;

/// What `ca.db` is compared with.
pub(super) struct Question<'a> {
    pub(super) directory: &'a CaDir,
    pub(super) now: OffsetDateTime,
    pub(super) authority: &'a FoundAuthority,
    pub(super) told: &'a Told,
    /// `None` when the folder does not read.
    pub(super) repository: Result<&'a Serials, &'a StoreError>,
    pub(super) subjects_are_unique: bool,
}

/// What the audit log tells of, and `ca.db` does not have.
#[derive(Default)]
pub(super) struct Told {
    /// Revocations.
    pub(super) revocations: Sample<authority::LostRevocation>,
    /// Records.
    pub(super) records: Sample<authority::ToldRecord>,
}

/// Reads it. Returns also which revoked certificates each CRL lacks, in the order of the CRLs.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub(super) fn look(question: &Question<'_>) -> Result<(Index, Vec<CrlGaps>), StoreError> {
    let mut scan = RecordScan::new(question);
    for (_, record) in IndexReader::open(question.directory)?.commented_revocations()? {
        if record.expiry >= question.now {
            scan.commented
                .insert(scan.digester.digest(&record.serial.to_string()));
        }
    }
    let mut reader = IndexReader::open(question.directory)?;
    while let Some(entry) = reader.next() {
        match entry? {
            Entry::Damaged(line) => {
                let kind = match line {
                    _ if line.is_revocation => BadLineKind::UnreadableRevocation,
                    _ if line.is_blank => BadLineKind::Blank,
                    _ => BadLineKind::Unreadable,
                };
                scan.index.bad_lines.add(BadLine {
                    line: line.line,
                    problem: line.problem,
                    kind,
                });
            }
            Entry::Record(record) => {
                if let Some(problem) = record.flaw.clone() {
                    scan.index.bad_lines.add(BadLine {
                        line: reader.line(),
                        problem,
                        kind: BadLineKind::Record(record.serial.clone()),
                    });
                }
                scan.take(record);
            }
        }
        scan.index.torn_counts = reader.is_torn();
    }
    let authority = open_authority(question);
    (scan.index.compromised_keys, scan.index.unknown_compromised) = authority
        .as_ref()
        .map(|authority| compromised_keys(authority, question.now))
        .unwrap_or_default();
    scan.add_lost(authority.as_ref());
    let metadata = question.directory.index().symlink_metadata().ok();
    scan.index.changed = metadata.as_ref().and_then(super::changed);
    scan.index.is_torn = ends_within_a_line(question.directory);
    scan.finish()
}

/// Where the CA does not open, other findings say why. Opening it would finish a change of key that was cut off, which is not doctor's to do.
fn open_authority(question: &Question<'_>) -> Option<Authority> {
    if question
        .directory
        .conf()
        .join(".rekey")
        .symlink_metadata()
        .is_ok()
    {
        return None;
    }
    Authority::open(question.directory.clone()).ok()
}

fn compromised_keys(
    authority: &Authority,
    now: OffsetDateTime,
) -> (Sample<CompromisedCertificate>, Sample<SerialNumber>) {
    let found = authority
        .valid_with_compromised_keys(now)
        .unwrap_or_default()
        .into_iter();
    let in_use = found.map(|(record, compromised)| CompromisedCertificate {
        serial: record.serial,
        revoked: compromised.serial,
    });
    (
        in_use.collect(),
        authority
            .unknown_compromised_keys()
            .unwrap_or_default()
            .into_iter()
            .collect(),
    )
}

fn ends_within_a_line(directory: &CaDir) -> bool {
    let last = std::fs::File::open(directory.index()).and_then(|mut file| {
        file.seek(SeekFrom::End(-1))?;
        let mut byte = [0];
        file.read_exact(&mut byte).map(|()| byte[0])
    });
    last.is_ok_and(|byte| byte != b'\n')
}

/// What a CRL says otherwise than `ca.db`.
#[derive(Default)]
pub(super) struct CrlGaps {
    /// Revoked certificates in date that it lacks.
    pub(super) missing: Sample<SerialNumber>,
    /// Certificates in date that it lists as on hold, and `ca.db` does not.
    pub(super) not_on_hold: Sample<SerialNumber>,
}

/// What is kept of the records while they go by.
struct RecordScan<'a> {
    question: &'a Question<'a>,
    index: Index,
    digester: Digester,
    digests: Vec<u64>,
    subjects: HashSet<u64>,
    expiring: HashMap<u64, (Expiring, u64)>,
    sample: Picked,
    crl_gaps: Vec<CrlGaps>,
    /// Records of revocations that are comments now.
    commented: HashSet<u64>,
    ca_end: Option<OffsetDateTime>,
    own_serials: Vec<SerialNumber>,
}

/// Whom a record is for: what `cert renew` makes has the same host, and may have another subject than what `openssl ca` made.
fn host_or_subject(record: &Record) -> String {
    record.host_names().first().map_or_else(
        || record.subject.clone(),
        |host| host.value().to_ascii_lowercase(),
    )
}

impl<'a> RecordScan<'a> {
    fn new(question: &'a Question<'a>) -> Self {
        let authority = question.authority;
        Self {
            question,
            index: Index {
                highest: question
                    .repository
                    .ok()
                    .and_then(|serials| serials.highest.clone()),
                ..Index::default()
            },
            digester: question
                .repository
                .map_or_else(|_| Digester::default(), |serials| serials.digester.clone()),
            digests: Vec::new(),
            subjects: HashSet::new(),
            expiring: HashMap::new(),
            sample: Picked::default(),
            crl_gaps: authority.crls.iter().map(|_| CrlGaps::default()).collect(),
            commented: HashSet::new(),
            ca_end: authority
                .certificates
                .read()
                .and_then(|all| all.first())
                .map(Certificate::not_after),
            own_serials: authority
                .own()
                .map(|certificate| certificate.serial().clone())
                .collect(),
        }
    }

    fn take(&mut self, record: Record) {
        let text = record.serial.to_string();
        let digest = self.digester.digest(&text);
        self.index.records += 1;
        self.digests.push(digest);
        raise(&mut self.index.highest, &record.serial);
        let has_ended = record.expiry < self.question.now;
        match record.status {
            RecordStatus::Revoked if !has_ended => {
                self.index.revoked += 1;
                self.index.live += 1;
                let is_on_hold = record.revocation.as_ref().is_some_and(Revocation::is_hold);
                self.look_into_crls(&record.serial, &text, Some(is_on_hold));
            }
            RecordStatus::Valid => {
                self.note_subject(&record);
                self.index.expired_valid += u64::from(has_ended);
                if !has_ended {
                    self.index.live += 1;
                    self.look_into_crls(&record.serial, &text, None);
                    self.take_valid(&record, &text, digest);
                }
            }
            RecordStatus::Revoked | RecordStatus::Expired => {}
        }
        // Another finding already reports a damaged line.
        if !record.is_flawed() {
            self.sample.take(record);
        }
    }

    /// Compares what a record says with the CRLs: whether its certificate is revoked, and then whether it is on hold.
    fn look_into_crls(&mut self, serial: &SerialNumber, text: &str, on_hold: Option<bool>) {
        let authority = self.question.authority;
        let digest = authority.digester.digest(text);
        for (listed, gaps) in authority.listed.iter().zip(&mut self.crl_gaps) {
            let Some(listed) = listed else { continue };
            if !listed.all.has(digest) {
                if on_hold.is_some() {
                    gaps.missing.add(serial.clone());
                }
            } else if on_hold != Some(true) && !listed.for_good.has(digest) {
                gaps.not_on_hold.add(serial.clone());
            }
        }
    }

    fn note_subject(&mut self, record: &Record) {
        if self.question.subjects_are_unique && !self.subjects.insert(self.digester.digest(&record.subject)) {
            self.index.duplicate_subjects.add(record.subject.clone());
        }
    }

    fn take_valid(&mut self, record: &Record, text: &str, digest: u64) {
        let Question {
            directory,
            now,
            authority,
            told,
            repository,
            ..
        } = self.question;
        if self.ca_end.is_some_and(|end| record.expiry > end) && record.expiry != UNKNOWN_EXPIRY {
            self.index.outliving.add(record.serial.clone());
        }
        let in_crl = || {
            let digest = authority.digester.digest(text);
            authority
                .listed
                .iter()
                .flatten()
                .any(|listed| listed.for_good.has(digest))
        };
        let source = match () {
            // Added later, with what the log says.
            () if told
                .revocations
                .first
                .iter()
                .any(|lost| lost.serial == record.serial) =>
            {
                None
            }
            () if in_crl() => Some(RevocationSource::Crl),
            () if self.commented.contains(&digest) => Some(RevocationSource::Comment),
            () => None,
        };
        if let Some(source) = source {
            self.index.lost_revocations.add(LostRevocation {
                serial: record.serial.clone(),
                source,
                found: FoundInstead::NotRevoked,
            });
        }
        // Old CAs have their own certificate among the records. A file may have come since the folder was read.
        let is_missing = repository.is_ok_and(|serials| !serials.set.has(digest))
            && !self.own_serials.contains(&record.serial)
            && directory
                .existing_in_repository(&FileName::certificate(&record.serial))
                .is_none();
        if is_missing {
            let (serial, subject) = (record.serial.clone(), record.subject.clone());
            self.index.without_file.add(LoneRecord {
                serial,
                subject,
                copy: None,
                has_files: false,
                announced: None,
            });
        } else if record.expiry - *now <= EXPIRING_WITHIN {
            let expiring = Expiring {
                serial: record.serial.clone(),
                subject: record.subject.clone(),
                expiry: record.expiry,
                is_authority: false,
            };
            self.note_expiring(host_or_subject(record), expiring);
        }
    }

    /// Adds what the audit log tells of and `ca.db` does not have, and what only a CRL lists.
    fn add_lost(&mut self, authority: Option<&Authority>) {
        let Question {
            told,
            repository,
            now,
            ..
        } = self.question;
        let found = |found: &authority::FoundInstead| match found {
            authority::FoundInstead::Nothing => FoundInstead::NoRecord,
            authority::FoundInstead::NotRevoked => FoundInstead::NotRevoked,
            authority::FoundInstead::Weaker(_) => FoundInstead::WeakerReason,
        };
        let lost = &mut self.index.lost_revocations;
        let by_log = told.revocations.first.iter();
        let by_log = by_log.map(|one| LostRevocation {
            serial: one.serial.clone(),
            source: RevocationSource::Log,
            found: found(&one.found),
        });
        by_log.for_each(|one| lost.add(one));
        lost.count += told.revocations.count - told.revocations.first.len() as u64;
        for (serial, status) in authority
            .and_then(|authority| authority.kept_in_crl(*now).ok())
            .unwrap_or_default()
        {
            if !lost.first.iter().any(|one| one.serial == serial) {
                let found = match status {
                    Some(RecordStatus::Revoked) => FoundInstead::WeakerReason,
                    Some(_) => FoundInstead::NotRevoked,
                    None => FoundInstead::NoRecord,
                };
                lost.add(LostRevocation {
                    serial,
                    source: RevocationSource::Crl,
                    found,
                });
            }
        }
        // Certificates that have a file are found beside it.
        let has_file = |serial: &SerialNumber| {
            repository.is_ok_and(|serials| serials.set.has(self.digester.digest(&serial.to_string())))
        };
        let without = told.records.first.iter().filter(|one| !has_file(&one.serial));
        let without: Sample<LostRecord> = without
            .map(|one| LostRecord {
                serial: one.serial.clone(),
                announced: one.announced,
            })
            .collect();
        self.index.lost_records = without;
    }

    /// Keeps the last for each subject, and how many there are.
    fn note_expiring(&mut self, subject: String, expiring: Expiring) {
        let subject = self.digester.digest(&subject);
        if self.expiring.len() < MAX_EXPIRING || self.expiring.contains_key(&subject) {
            let kept = self
                .expiring
                .entry(subject)
                .or_insert_with(|| (expiring.clone(), 0));
            kept.1 += 1;
            if kept.0.expiry <= expiring.expiry {
                kept.0 = expiring;
            }
        } else {
            self.index.expiring.count += 1;
        }
    }

    fn finish(mut self) -> Result<(Index, Vec<CrlGaps>), StoreError> {
        let set = SerialSet::new(std::mem::take(&mut self.digests));
        self.find_duplicates(&set.repeated())?;
        self.find_unrenewed()?;
        if let Ok(serials) = self.question.repository {
            let unrecorded = serials.set.without(&set);
            if !unrecorded.is_empty() || !self.index.without_file.is_empty() {
                self.look_again(&unrecorded)?;
            }
        }
        self.date_lone_records()?;
        self.compare();
        Ok((self.index, self.crl_gaps))
    }

    /// Reads it once more for the lines of serial numbers that are there twice.
    fn find_duplicates(&mut self, repeated: &HashSet<u64>) -> Result<(), StoreError> {
        if repeated.is_empty() {
            return Ok(());
        }
        let mut found: BTreeMap<u64, Vec<(u64, Record)>> = BTreeMap::new();
        let mut reader = IndexReader::open(self.question.directory)?;
        while let Some(entry) = reader.next() {
            let Entry::Record(record) = entry? else { continue };
            let digest = self.digester.digest(&record.serial.to_string());
            let is_named = found.contains_key(&digest) || found.len() < MAX_KEPT;
            if repeated.contains(&digest) && is_named {
                found.entry(digest).or_default().push((reader.line(), record));
            }
        }
        let mut duplicates: Vec<Duplicate> = found.into_values().filter_map(duplicate).collect();
        // Where a line revokes it, the CRL has it, whatever another line says.
        let is_revoked = |serial: &SerialNumber| {
            duplicates
                .iter()
                .any(|one| one.is_revoked && one.serial == *serial)
        };
        let lost = &mut self.index.lost_revocations;
        let before = lost.first.len();
        lost.first.retain(|one| !is_revoked(&one.serial));
        lost.count -= (before - lost.first.len()) as u64;
        duplicates.sort_by(|one, other| one.lines.cmp(&other.lines));
        self.index.duplicates = Sample {
            count: repeated.len() as u64,
            first: duplicates,
        };
        Ok(())
    }

    /// The certificates that expire soon, without those whose subject has a later valid record.
    fn find_unrenewed(&mut self) -> Result<(), StoreError> {
        if self.expiring.is_empty() {
            return Ok(());
        }
        for entry in IndexReader::open(self.question.directory)? {
            let Entry::Record(record) = entry? else { continue };
            if record.status == RecordStatus::Valid && record.expiry - self.question.now > EXPIRING_WITHIN {
                self.expiring
                    .remove(&self.digester.digest(&host_or_subject(&record)));
            }
        }
        let mut left: Vec<Expiring> = std::mem::take(&mut self.expiring)
            .into_values()
            .map(|(last, _)| last)
            .collect();
        left.sort_by(|one, other| (one.expiry, &one.serial).cmp(&(other.expiry, &other.serial)));
        let short_lived = |one: &Expiring| self.is_short_lived(one);
        let (first, rest) = left.split_at(left.len().min(MAX_LIFETIMES));
        let soon: Vec<Expiring> = first
            .iter()
            .filter(|one| !short_lived(one))
            .chain(rest)
            .cloned()
            .collect();
        for one in soon {
            let is_named = self.index.expiring.first.len() < MAX_KEPT;
            let is_authority = is_named
                && self
                    .certificate_of(&one)
                    .is_some_and(|certificate| certificate.is_authority());
            self.index.expiring.add(Expiring { is_authority, ..one });
        }
        Ok(())
    }

    fn certificate_of(&self, one: &Expiring) -> Option<Certificate> {
        certificate_of(
            self.question.directory,
            &self
                .question
                .directory
                .in_repository(&FileName::certificate(&one.serial)),
        )
    }

    /// Whether a certificate lasts so short that more than a third of its lifetime is left.
    fn is_short_lived(&self, one: &Expiring) -> bool {
        self.certificate_of(one).is_some_and(|certificate| {
            one.expiry - self.question.now > (certificate.not_after() - certificate.not_before()) / 3
        })
    }

    /// Goes through the repository again: certificates without a record, and any files that belong to records without a
    /// certificate.
    fn look_again(&mut self, unrecorded: &HashSet<u64>) -> Result<(), StoreError> {
        let Question {
            directory, authority, ..
        } = self.question;
        let (mut lone, digester) = (Sample::default(), &self.digester);
        let records = &mut self.index.without_file.first;
        visit(directory, &mut |entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if let Some(serial) = serial_of(&name) {
                if unrecorded.contains(&digester.digest(&serial.to_string())) {
                    lone.count += 1;
                    if lone.first.len() < MAX_KEPT {
                        lone.first.push(entry.path());
                    }
                }
            } else if let Some((digits, _)) = name.split_once('_')
                && let Some(record) = records
                    .iter_mut()
                    .find(|record| record.serial.to_string() == digits)
            {
                record.has_files = true;
                if name.ends_with("_cert.pem") {
                    record.copy = certificate_of(directory, &entry.path())
                        .filter(|certificate| {
                            *certificate.serial() == record.serial && authority.has_issued(certificate)
                        })
                        .map(|_| entry.path());
                }
            }
        })?;
        lone.first.sort();
        for path in lone.first {
            match lone_certificate(directory, path, authority) {
                Some(found) => self.index.without_record.add(found),
                None => lone.count -= 1,
            }
        }
        self.index.without_record.count = lone.count;
        Ok(())
    }

    /// Finds when the audit log announces records without a file.
    fn date_lone_records(&mut self) -> Result<(), StoreError> {
        if self.index.without_file.is_empty() {
            return Ok(());
        }
        let records = &mut self.index.without_file.first;
        AuditReader::open(self.question.directory)?.for_each_decoded(&mut |decoded| {
            let Some(fields) = decoded
                .fields
                .filter(|fields| announces_own_record(&fields.action))
            else {
                return;
            };
            if let Some(record) = records
                .iter_mut()
                .find(|record| fields.serial.as_deref() == Some(record.serial.to_string().as_str()))
            {
                record.announced = parse_time(&fields.time);
            }
        })
    }

    fn compare(&mut self) {
        let records = std::mem::take(&mut self.sample).records();
        let authority = self.question.authority;
        let own: Vec<&Certificate> = authority.own().chain(&authority.lost_roots).collect();
        let constrained = ConstrainedPath::of(authority);
        let opens_pfx = records.len() <= MAX_OPENED_PFX;
        let now = self.question.now;
        let compare = |record: &Record| {
            let path = self
                .question
                .directory
                .in_repository(&FileName::certificate(&record.serial));
            let content = match self.question.directory.read(&path) {
                Ok(content) => content,
                Err(error) => return Compared::unread(record, path, error),
            };
            let recorded = RecordedCertificate {
                serial: &record.serial,
                expiry: record.expiry,
                subject: &record.subject,
                has_lost_keys: !authority.lost_keys.is_empty() || authority.has_unread_keys,
            };
            let certificate = decode_certificates(&content)
                .ok()
                .and_then(|all| all.into_iter().next());
            let is_valid = record.status == RecordStatus::Valid;
            let is_bound = is_valid
                && record.expiry > now
                && certificate
                    .as_ref()
                    .is_some_and(Certificate::authority_names_issuer_and_serial);
            let has_ca_key = is_valid
                && certificate
                    .as_ref()
                    .is_some_and(|certificate| authority.is_about_ca_key(certificate));
            let mut forbidden = Vec::new();
            let of_host = || {
                let certificate = certificate.as_ref().filter(|_| is_valid && record.expiry > now)?;
                host_file_difference(self.question.directory, certificate, opens_pfx, &mut forbidden)
            };
            let difference = recorded
                .difference(&content, &own)
                .map(|kind| (path, kind))
                .or_else(of_host);
            let difference = difference.map(|(path, kind)| Difference {
                serial: record.serial.clone(),
                aside: free_name(&path),
                copy: None,
                path,
                kind,
            });
            let is_of_lost_key = is_valid
                && record.expiry > now
                && certificate
                    .as_ref()
                    .is_some_and(|certificate| authority.may_be_of_lost_key(certificate));
            let outside = certificate
                .as_ref()
                .filter(|_| is_valid && record.expiry > now)
                .and_then(|certificate| constrained.name_outside(certificate, now))
                .map(|problem| (record.serial.clone(), problem));
            let serial_if = |is_so: bool| is_so.then(|| record.serial.clone());
            Compared {
                is_read: true,
                forbidden,
                difference,
                ca_key: serial_if(has_ca_key),
                of_lost_key: serial_if(is_of_lost_key),
                outside,
                is_bound,
            }
        };
        let found = parallel_map(cores(), records.len(), |index| compare(&records[index]));
        let mut differing = Vec::new();
        for found in found {
            self.index.compared += u64::from(found.is_read);
            self.index.forbidden.extend(found.forbidden);
            differing.extend(found.difference);
            found
                .ca_key
                .into_iter()
                .for_each(|serial| self.index.ca_keys.add(serial));
            found
                .of_lost_key
                .into_iter()
                .for_each(|serial| self.index.of_lost_keys.add(serial));
            found
                .outside
                .into_iter()
                .for_each(|one| self.index.outside_constraints.add(one));
            self.index.has_bound |= found.is_bound;
        }
        self.find_copies(&mut differing, &records, &own);
        self.index.differing = differing.into_iter().collect();
    }
}

/// What came of comparing a record with its certificate.
#[derive(Default)]
struct Compared {
    /// Whether the certificate was read.
    is_read: bool,
    /// Files of it that may not be read, each with the number of its owner.
    forbidden: Vec<(PathBuf, u32)>,
    difference: Option<Difference>,
    ca_key: Option<SerialNumber>,
    of_lost_key: Option<SerialNumber>,
    outside: Option<(SerialNumber, String)>,
    is_bound: bool,
}

impl Compared {
    /// A certificate that was not read. One that is missing, and what is no file, are reported by the look at the folder.
    fn unread(record: &Record, path: PathBuf, error: StoreError) -> Self {
        match unread::<()>(error) {
            Part::Forbidden => Self {
                forbidden: vec![forbidden(path)],
                ..Self::default()
            },
            Part::Unreadable(problem) => Self {
                difference: Some(Difference {
                    serial: record.serial.clone(),
                    aside: free_name(&path),
                    copy: None,
                    path,
                    kind: DifferenceKind::Damaged(problem),
                }),
                ..Self::default()
            },
            Part::Read(()) | Part::Missing | Part::Irregular => Self::default(),
        }
    }
}

fn forbidden(path: PathBuf) -> (PathBuf, u32) {
    let owner = path.symlink_metadata().map_or(0, |metadata| owner(&metadata));
    (path, owner)
}

/// The CA's own path, where a CA of it constrains names.
struct ConstrainedPath {
    between: Vec<Certificate>,
    anchors: Vec<Certificate>,
}

impl ConstrainedPath {
    fn of(authority: &FoundAuthority) -> Self {
        let constrains = |certificate: &Certificate| certificate.name_constraints().is_some();
        let (mut between, mut anchors) = (Vec::new(), Vec::new());
        if authority.signers.iter().any(constrains) {
            (anchors, between) = authority
                .signers
                .iter()
                .cloned()
                .partition(Certificate::is_self_issued);
            // Without a root, the last that is known is as far as can be seen.
            if anchors.is_empty() {
                anchors.extend(between.last().cloned());
            }
        }
        Self { between, anchors }
    }

    /// A name of a certificate that is outside the name constraints of its path, in words.
    fn name_outside(&self, certificate: &Certificate, now: OffsetDateTime) -> Option<String> {
        if self.anchors.is_empty() {
            return None;
        }
        let answer = validate(&PathQuestion {
            untrusted: &self.between,
            anchors: &self.anchors,
            ..PathQuestion::about(certificate, now)
        });
        let is_about_names = |rule: Rule| {
            matches!(
                rule,
                Rule::NameConstraints | Rule::NameConstraintsWildcard | Rule::NameConstraintsUnreadable
            )
        };
        let found = answer
            .findings
            .into_iter()
            .find(|found| is_about_names(found.rule));
        found.map(|found| found.message)
    }
}

/// A name beside a file that nothing has, to move it to.
fn free_name(path: &Path) -> PathBuf {
    let named = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(match number {
            1 => ".before".to_owned(),
            number => format!(".before-{number}"),
        });
        PathBuf::from(name)
    };
    let mut numbers = 1..u32::MAX;
    numbers
        .by_ref()
        .map(named)
        .find(|name| name.symlink_metadata().is_err())
        .unwrap_or_else(|| named(1))
}

impl RecordScan<'_> {
    /// For files that are not the certificate of their record, looks in the repository for a host's file that holds it.
    fn find_copies(&self, differing: &mut [Difference], records: &[Record], own: &[&Certificate]) {
        let is_other = |kind: &DifferenceKind| {
            matches!(
                kind,
                DifferenceKind::Damaged(_)
                    | DifferenceKind::Issuer(_)
                    | DifferenceKind::Signature
                    | DifferenceKind::Serial(_)
            )
        };
        let mut wanted: HashMap<String, (&mut Difference, &Record)> = differing
            .iter_mut()
            .filter(|difference| is_other(&difference.kind))
            .filter_map(|difference| {
                let record = records.iter().find(|record| record.serial == difference.serial)?;
                Some((record.serial.to_string(), (difference, record)))
            })
            .collect();
        if wanted.is_empty() {
            return;
        }
        let directory = self.question.directory;
        // A folder that does not read is another finding.
        let _ = visit(directory, &mut |entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Some((digits, _)) = name.split_once('_').filter(|_| name.ends_with("_cert.pem")) else {
                return;
            };
            let Some((difference, record)) = wanted.get_mut(digits) else {
                return;
            };
            let recorded = RecordedCertificate {
                serial: &record.serial,
                expiry: record.expiry,
                subject: &record.subject,
                has_lost_keys: false,
            };
            let is_it = directory
                .read(&entry.path())
                .is_ok_and(|content| recorded.difference(&content, own).is_none());
            if is_it && !own.is_empty() {
                difference.copy = Some(entry.path());
            }
        });
    }
}

/// A file of the host's in the repository that is there and does not belong to its certificate.
fn host_file_difference(
    directory: &CaDir,
    certificate: &Certificate,
    opens_pfx: bool,
    may_not_read: &mut Vec<(PathBuf, u32)>,
) -> Option<(PathBuf, DifferenceKind)> {
    let host = host_names(certificate).into_iter().next()?;
    let mut unreadable = None;
    let mut content = |file: HostFile| {
        let path = directory.in_repository(&file.name(certificate.serial(), Some(&host))?);
        match directory.read(&path).map_err(unread::<()>) {
            Ok(content) => Some((content, path)),
            Err(Part::Forbidden) => {
                may_not_read.push(forbidden(path));
                None
            }
            Err(Part::Unreadable(_)) => {
                unreadable.get_or_insert((path, DifferenceKind::HostFile("it cannot be read")));
                None
            }
            Err(_) => None,
        }
    };
    let mut found = None;
    if let Some((read, path)) = content(HostFile::Certificate)
        && !decode_certificates(&read).is_ok_and(|all| all.first() == Some(certificate))
    {
        found = Some((
            path,
            DifferenceKind::HostFile("it does not begin with the certificate"),
        ));
    }
    let is_pair = |read: &[u8]| {
        let is_certified = |key: &gsec_pki::key::PublicKey| key.is_pair_of(certificate.public_key());
        decode_key_document(read, None).is_ok_and(|key| key.public_key().is_none_or(is_certified))
    };
    if found.is_none()
        && let Some((read, path)) = content(HostFile::Key)
        && !is_encrypted_key_file(&read)
        && !is_pair(&read)
    {
        found = Some((path, DifferenceKind::HostFile("it does not contain the key")));
    }
    if found.is_none()
        && let Some((read, path)) = content(HostFile::Pfx)
        && !(holds_pkcs12(&read) && (!opens_pfx || is_pfx_of(&read, certificate)))
    {
        found = Some((
            path,
            DifferenceKind::HostFile("it does not contain key and certificate"),
        ));
    }
    found.or(unreadable)
}

/// Whether a PFX holds a certificate and its key, or has a password, so that this is unknown.
fn is_pfx_of(content: &[u8], certificate: &Certificate) -> bool {
    match decode_bundle(content, Some("")) {
        Ok(found) => {
            let has_key = found.keys.iter().any(|key| {
                key.key
                    .public_key()
                    .is_some_and(|key| key.is_pair_of(certificate.public_key()))
            });
            has_key
                && found
                    .certificates
                    .iter()
                    .any(|other| other.certificate == *certificate)
        }
        Err(error) => error.code() != "pkcs12.damaged",
    }
}

fn duplicate(lines: Vec<(u64, Record)>) -> Option<Duplicate> {
    let joined = joined(&lines)?;
    Some(Duplicate {
        serial: joined.record.serial.clone(),
        is_revoked: joined.record.status == RecordStatus::Revoked,
        lines: lines
            .iter()
            .map(|(line, record)| (*line, status_in_words(record)))
            .collect(),
    })
}

/// The highest serial number of a record, a file or an announcement in the audit log that a sequential CA counts on from.
///
/// # Errors
/// [`StoreError`] when index, repository or log cannot be read.
pub(in crate::facts) fn highest_serial(directory: &CaDir) -> Result<Option<SerialNumber>, StoreError> {
    let mut highest = list(directory)?.serials.highest;
    for entry in IndexReader::open(directory)? {
        if let Entry::Record(record) = entry? {
            raise(&mut highest, &record.serial);
        }
    }
    AuditReader::lines_with(directory, &["\"serial\":"], &mut |fields| {
        let serial = fields.serial.filter(|_| announces(&fields.action));
        if let Some(serial) = serial.as_deref().and_then(SerialNumber::parse_hex) {
            raise(&mut highest, &serial);
        }
    })?;
    Ok(highest)
}

/// Certificates in the repository without a record.
pub(in crate::facts) struct Unrecorded {
    digester: Digester,
    digests: HashSet<u64>,
}

impl Unrecorded {
    /// Compares repository and index.
    ///
    /// # Errors
    /// [`StoreError`] when one of them cannot be read.
    pub(in crate::facts) fn find(directory: &CaDir) -> Result<Self, StoreError> {
        let Serials { digester, set, .. } = list(directory)?.serials;
        let mut recorded = Vec::new();
        for entry in IndexReader::open(directory)? {
            if let Entry::Record(record) = entry? {
                recorded.push(digester.digest(&record.serial.to_string()));
            }
        }
        Ok(Self {
            digests: set.without(&SerialSet::new(recorded)),
            digester,
        })
    }

    /// Their files, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`] when the repository cannot be read.
    pub(in crate::facts) fn paths(&self, directory: &CaDir) -> Result<Vec<PathBuf>, StoreError> {
        let mut found = Vec::new();
        visit(directory, &mut |entry| {
            let name = entry.file_name();
            let serial = serial_of(&name.to_string_lossy());
            if serial.is_some_and(|serial| self.digests.contains(&self.digester.digest(&serial.to_string())))
            {
                found.push(entry.path());
            }
        })?;
        found.sort();
        Ok(found)
    }
}

/// A certificate without a record; `None` for the CA's own, which old CAs keep there.
fn lone_certificate(directory: &CaDir, path: PathBuf, authority: &FoundAuthority) -> Option<LoneCertificate> {
    let certificate = certificate_of(directory, &path);
    if certificate
        .as_ref()
        .is_some_and(|certificate| authority.signers.contains(certificate))
    {
        return None;
    }
    let is_ours = certificate
        .as_ref()
        .is_some_and(|certificate| authority.has_issued(certificate));
    // Its owner can no longer be determined.
    if certificate
        .as_ref()
        .is_some_and(|certificate| authority.may_be_of_lost_key(certificate))
    {
        return None;
    }
    Some(LoneCertificate {
        path,
        subject: certificate.map(|certificate| certificate.subject().to_string()),
        is_ours,
    })
}

/// The newest records, and a regular sample of the others.
#[derive(Default)]
struct Picked {
    seen: u64,
    /// Only records whose place in the index this number divides are kept of those that are not new; a power of two.
    stride: u64,
    spread: Vec<(u64, Record)>,
    newest: VecDeque<(u64, Record)>,
}

impl Picked {
    fn take(&mut self, record: Record) {
        self.stride = self.stride.max(1);
        self.newest.push_back((self.seen, record));
        self.seen += 1;
        if self.newest.len() > MAX_COMPARED
            && let Some((place, oldest)) = self.newest.pop_front()
            && place % self.stride == 0
        {
            self.spread.push((place, oldest));
            if self.spread.len() > MAX_COMPARED {
                self.stride *= 2;
                let stride = self.stride;
                self.spread.retain(|(place, _)| place % stride == 0);
            }
        }
    }

    fn records(self) -> Vec<Record> {
        self.spread
            .into_iter()
            .chain(self.newest)
            .map(|(_, record)| record)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample_of(count: u32) -> Vec<SerialNumber> {
        let mut sample = Picked::default();
        for number in 1..=count {
            let line = format!("V\t361031201500Z\t\t{number:08X}\tunknown\t/CN=db1");
            sample.take(Record::decode(line.as_bytes()).expect("a record"));
        }
        sample.records().into_iter().map(|record| record.serial).collect()
    }

    #[test]
    fn of_twenty_thousand_records_all_are_compared_and_of_more_the_newest_and_a_part_of_the_others() {
        let twice = u32::try_from(2 * MAX_COMPARED).expect("small");
        assert_eq!(sample_of(twice).len(), 2 * MAX_COMPARED);
        let found = sample_of(5 * twice);
        assert!(
            found.len() > MAX_COMPARED + MAX_COMPARED / 3 && found.len() <= 2 * MAX_COMPARED,
            "{}",
            found.len()
        );
        let newest: Vec<&SerialNumber> = found.iter().rev().take(MAX_COMPARED).collect();
        assert_eq!(
            Some(newest[0]),
            SerialNumber::parse_hex(&format!("{:X}", 5 * twice)).as_ref()
        );
        assert!(found.is_sorted());
    }
}
