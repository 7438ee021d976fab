//! Fixes a CA directory. Every fix takes the lock, checks again whether it is still needed, and is announced in the audit
//! log.

use std::collections::HashMap;
use std::path::Path;

use time::OffsetDateTime;

use super::ca_directory::{Unrecorded, ca_directory, certificate_of, highest_serial, leftovers, own_certificates};
use crate::checks::ca_directory::{CaMend, DifferenceKind, Facts, LoneRecord, MAX_KEPT};
use gsec_ca::authority::{Authority, AuthorityError, CrlOrder, Session, audit_of_foreign, foreign_records};
use gsec_ca::files::{FileName, FilesError, tighten};
use gsec_ca::home::{CaDir, Held, PreviousFile, StoreError};
use gsec_ca::policy::{Policy, SerialSource, openssl_configuration};
use gsec_ca::records::file::{AuditReader, Commit, FileRecords, IndexReader, host_index_is_sound, unique_subject};
use gsec_ca::records::{AuditEntry, AuditFields, AuditStamp, Entry, Record, RecordStatus, Records, Revocation, StatusChange, UNKNOWN_EXPIRY};
use gsec_pki::x509::{RevocationReason, SerialNumber, decode_crls, parse_time};

/// Number of certificates that are recorded in one commit.
const GROUP: usize = 1000;

/// Fixes one fault of a CA directory. If it is already fixed or has disappeared, nothing changes.
///
/// # Errors
/// [`AuthorityError::Store`]; for a CRL, the [`AuthorityError`] of opening the CA and its key. Earlier steps are not undone.
pub(super) fn mend_ca_directory(root: &Path, mend: CaMend, session: &mut Session<'_>) -> Result<(), AuthorityError> {
    let directory = &CaDir::at(root);
    let mut mending = Mending { directory, session };
    match mend {
        CaMend::TightenRepository => Ok(tighten_repository(directory)?),
        CaMend::FinishRekey => Ok(directory.finish_changeover(&mut mending.session.wait)?),
        CaMend::SetTornLinesAside => mending.commit(|commit| commit.set_torn_lines_aside()),
        CaMend::WriteAttributes => mending.write_attributes(),
        CaMend::RaiseSerial => mending.raise_serial(),
        CaMend::RaiseCrlNumber => mending.raise_crl_number(),
        CaMend::CopyCertificates => mending.copy_certificates(),
        CaMend::RecordCertificates => mending.record_certificates(),
        CaMend::RepairRecords => mending.repair_records(),
        CaMend::JoinDuplicates => mending.join_duplicates(),
        CaMend::CorrectRecords => mending.correct_records(),
        CaMend::RevokeLoneRecords => mending.revoke_lone_records(),
        CaMend::RevokeAgain => mending.revoke_again(),
        CaMend::TakeIntoLog => mending.take_into_log(),
        CaMend::UpdateCrl => mending.update_crl(),
        CaMend::RemoveLeftovers => {
            let paths = leftovers(directory).ours.first;
            mending.commit(|commit| paths.iter().try_for_each(|path| commit.remove_temporary(path)))
        }
        CaMend::RemoveHostIndex => mending.commit(|commit| match host_index_is_sound(directory) {
            Some(false) => commit.remove_host_index(),
            _ => Ok(()),
        }),
        CaMend::WriteConfiguration => mending.write_configuration(),
    }
}

/// One fix in progress.
struct Mending<'a, 'b> {
    directory: &'a CaDir,
    session: &'a mut Session<'b>,
}

impl Mending<'_, '_> {
    /// Does something under the lock.
    fn commit(&mut self, work: impl FnOnce(&Commit<'_>) -> Result<(), StoreError>) -> Result<(), AuthorityError> {
        let held = Held::begin(self.directory, &mut self.session.wait)?;
        Ok(work(&Commit::under(&held))?)
    }

    fn stamp(&self) -> AuditStamp<'static> {
        AuditStamp { time: self.session.now, seal: None }
    }

    fn write_attributes(&mut self) -> Result<(), AuthorityError> {
        let (directory, stamp) = (self.directory, self.stamp());
        self.commit(|commit| {
            let says = directory.read(&directory.index_attributes()).map(|content| unique_subject(&String::from_utf8_lossy(&content)));
            if matches!(says, Ok(Some(_))) {
                return Ok(());
            }
            commit.announce(&[about_file("ca.db.attr")], &stamp)?;
            commit.write_attributes()
        })
    }

    fn raise_serial(&mut self) -> Result<(), AuthorityError> {
        let highest = highest_serial(self.directory)?;
        let wanted = match &highest {
            Some(highest) => highest.next().ok_or_else(|| StoreError::SerialsExhausted(self.directory.serial()))?,
            None => SerialNumber::one(),
        };
        let (directory, stamp) = (self.directory, self.stamp());
        self.commit(|commit| {
            let text = number_in(directory, &directory.serial());
            let said = text.as_deref().and_then(SerialNumber::parse_hex);
            // Random serial numbers leave it behind, which is harmless.
            let next = said.into_iter().chain([wanted]).max().expect("there is one");
            if text.as_deref() == Some(next.to_string().as_str()) {
                return Ok(());
            }
            commit.announce(&[about_file("serial.num").with("next", next.to_string())], &stamp)?;
            commit.write_serial(&next)
        })
    }

    fn raise_crl_number(&mut self) -> Result<(), AuthorityError> {
        let (directory, stamp) = (self.directory, self.stamp());
        self.commit(|commit| {
            let last = crl_numbers(directory).into_iter().max();
            let after = last.map_or_else(|| Some(SerialNumber::one()), |last| last.next());
            let after = after.ok_or_else(|| StoreError::SerialsExhausted(directory.crl_number()))?;
            let text = number_in(directory, &directory.crl_number());
            let said = text.as_deref().and_then(SerialNumber::parse_hex);
            let next = said.into_iter().chain([after]).max().expect("there is one");
            if text.as_deref() == Some(next.to_string().as_str()) {
                return Ok(());
            }
            commit.announce(&[about_file("crl.num").with("next", next.to_string())], &stamp)?;
            commit.write_crl_number(&next)
        })
    }

    fn write_configuration(&mut self) -> Result<(), AuthorityError> {
        let policy = self.directory.read(&self.directory.policy()).ok().and_then(|text| Policy::parse(&String::from_utf8_lossy(&text)).ok());
        let content = openssl_configuration(policy.map_or(SerialSource::Sequential, |policy| policy.serial));
        let (directory, stamp) = (self.directory, self.stamp());
        self.commit(|commit| {
            if directory.openssl_configuration().symlink_metadata().is_ok() {
                return Ok(());
            }
            commit.announce(&[about_file("ca.conf")], &stamp)?;
            commit.write_configuration(&content)
        })
    }

    fn facts(&self) -> Result<Facts, StoreError> {
        ca_directory(self.directory, self.session.now)
    }

    fn copy_certificates(&mut self) -> Result<(), AuthorityError> {
        let facts = self.facts()?;
        let records = facts.index.read().map(|index| index.without_file.first.clone()).unwrap_or_default();
        for LoneRecord { serial, copy, .. } in records {
            let Some(certificate) = copy.and_then(|path| certificate_of(self.directory, &path)) else { continue };
            let (directory, stamp) = (self.directory, self.stamp());
            self.commit(|commit| {
                if directory.existing_in_repository(&FileName::certificate(&serial)).is_some() {
                    return Ok(());
                }
                commit.announce(&[AuditEntry::new("doctor.fix").about(&serial).with("file", format!("{serial}.pem"))], &stamp)?;
                commit.copy_certificate(&serial, &certificate.to_pem())
            })?;
        }
        Ok(())
    }

    fn record_certificates(&mut self) -> Result<(), AuthorityError> {
        let own = own_certificates(self.directory);
        if has_unreadable_line(self.directory)? {
            return Ok(());
        }
        let unrecorded = Unrecorded::find(self.directory)?;
        let revocations = self.revocations()?;
        let mut group = Vec::new();
        for path in unrecorded.paths(self.directory)? {
            let Some(certificate) = certificate_of(self.directory, &path) else { continue };
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_named_so = name == FileName::certificate(certificate.serial()).as_str();
            if !is_named_so || own.contains(&certificate) || !own.iter().any(|own| certificate.is_issued_by(own)) {
                continue;
            }
            let record = Record::issued(certificate.serial(), certificate.not_after(), certificate.subject());
            group.push(match revocations.get(&certificate.serial().to_string()) {
                Some(revocation) => Record { status: RecordStatus::Revoked, revocation: Some(revocation.clone()), ..record },
                None => record,
            });
            if group.len() == GROUP {
                self.append(std::mem::take(&mut group))?;
            }
        }
        self.append(group)
    }

    /// Records what is still unrecorded, each announced as a record is.
    fn append(&mut self, mut records: Vec<Record>) -> Result<(), AuthorityError> {
        let (directory, stamp) = (self.directory, self.stamp());
        self.commit(|commit| {
            if has_unreadable_line(directory)? {
                return Ok(());
            }
            for entry in IndexReader::open(directory)? {
                if let Entry::Record(found) = entry? {
                    records.retain(|record| record.serial != found.serial);
                }
            }
            if records.is_empty() {
                return Ok(());
            }
            let entries: Vec<AuditEntry> = records.iter().map(|record| AuditEntry::new("cert.record").about(&record.serial)).collect();
            commit.announce(&entries, &stamp)?;
            commit.append_records(&records)
        })
    }

    /// What audit log, CRLs and comments in ca.db that were records say of revocations, by serial number; the log, where it says more,
    /// goes first.
    fn revocations(&self) -> Result<HashMap<String, Revocation>, StoreError> {
        let mut found = HashMap::new();
        for (_, record) in IndexReader::open(self.directory)?.commented_revocations()? {
            found.extend(record.revocation.map(|revocation| (record.serial.to_string(), revocation)));
        }
        for crl in crls(self.directory) {
            for entry in crl.entries() {
                found.insert(entry.serial.to_string(), revocation(entry.revoked_at, entry.reason));
            }
        }
        for line in AuditReader::open(self.directory)? {
            let Some(AuditFields { serial: Some(serial), action, time, reason, .. }) = line?.fields() else { continue };
            match action.as_str() {
                "cert.revoke" => {
                    let reason = reason.as_deref().and_then(RevocationReason::parse);
                    if reason == Some(RevocationReason::CertificateHold) && found.get(&serial).is_some_and(|known| !is_hold(known)) {
                        continue;
                    }
                    found.insert(serial, revocation(parse_time(&time).unwrap_or(self.session.now), reason));
                }
                // Nothing but a hold is ever taken back, whatever a line says.
                "cert.unhold" if found.get(&serial).is_some_and(is_hold) => {
                    found.remove(&serial);
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Rewrites damaged records. What a revoked one does not say, the audit log or a CRL may; without a date it stays revoked all the
    /// same. A valid one needs its certificate for an expiry that cannot be read.
    fn repair_records(&mut self) -> Result<(), AuthorityError> {
        let (own, revocations, directory) = (own_certificates(self.directory), self.revocations()?, self.directory);
        let mut serials = Vec::new();
        for entry in IndexReader::open(directory)? {
            if let Entry::Record(record) = entry? {
                serials.extend(record.is_flawed().then_some(record.serial));
            }
        }
        let decide = |record: &Record| {
            let certificate = certificate_of(directory, &directory.in_repository(&FileName::certificate(&record.serial)));
            let certificate = certificate.filter(|found| *found.serial() == record.serial && own.iter().any(|own| found.is_issued_by(own)));
            let issued = certificate.map(|certificate| Record::issued(&record.serial, certificate.not_after(), certificate.subject()));
            let is_expiry_known = record.expiry != UNKNOWN_EXPIRY;
            let expiry = if is_expiry_known { record.expiry } else { issued.as_ref().map_or(UNKNOWN_EXPIRY, |issued| issued.expiry) };
            if !record.is_flawed() || (record.status != RecordStatus::Revoked && expiry == UNKNOWN_EXPIRY) {
                return None;
            }
            let subject = match issued {
                Some(issued) if record.subject.is_empty() => issued.subject,
                _ if record.subject.is_empty() => record.serial.to_string(),
                _ => record.subject.clone(),
            };
            let revocation = record.revocation.as_ref().filter(|_| record.status == RecordStatus::Revoked).map(|said| {
                let known = revocations.get(&record.serial.to_string());
                // An unknown reason may mean a key compromise: it stays unless another source has a known reason.
                let reason = said.spelled_reason().filter(|_| !said.has_unknown_reason());
                Revocation {
                    at: known.filter(|_| !said.has_date()).map_or(said.at, |known| known.at),
                    reason: reason.or_else(|| known?.reason.clone()).or_else(|| said.spelled_reason()),
                    extra: said.extra.clone(),
                }
            });
            Some(Record { expiry, subject, revocation, flaw: None, ..record.clone() })
        };
        self.change(&serials, &decide, &|_| about_file("ca.db"))
    }

    fn join_duplicates(&mut self) -> Result<(), AuthorityError> {
        let stamp = self.stamp();
        self.commit(|commit| commit.join_duplicates(&stamp).map(|_| ()))
    }

    fn correct_records(&mut self) -> Result<(), AuthorityError> {
        let facts = self.facts()?;
        let own = own_certificates(self.directory);
        let is_mendable = |kind: &DifferenceKind| matches!(kind, DifferenceKind::Expiry { .. } | DifferenceKind::Subject { .. });
        let differing = facts.index.read().map(|index| index.differing.first.as_slice()).unwrap_or_default();
        let serials: Vec<SerialNumber> = differing.iter().filter(|one| is_mendable(&one.kind)).map(|one| one.serial.clone()).collect();
        let directory = self.directory;
        let decide = |record: &Record| {
            let certificate = certificate_of(directory, &directory.in_repository(&FileName::certificate(&record.serial)))?;
            let is_it = *certificate.serial() == record.serial && own.iter().any(|own| certificate.is_issued_by(own));
            let Record { expiry, subject, .. } = Record::issued(&record.serial, certificate.not_after(), certificate.subject());
            (is_it && (expiry, &subject) != (record.expiry, &record.subject)).then(|| Record { expiry, subject, ..record.clone() })
        };
        self.change(&serials, &decide, &|_| about_file("ca.db"))
    }

    /// Changes records in one commit.
    fn change(
        &mut self,
        serials: &[SerialNumber],
        decide: &dyn Fn(&Record) -> Option<Record>,
        audit: &dyn Fn(&Record) -> AuditEntry,
    ) -> Result<(), AuthorityError> {
        if serials.is_empty() {
            return Ok(());
        }
        let stamp = self.stamp();
        FileRecords::in_home(self.directory).change(&StatusChange { serials, decide, audit }, &stamp, &mut self.session.wait)?;
        Ok(())
    }

    fn revoke_lone_records(&mut self) -> Result<(), AuthorityError> {
        let facts = self.facts()?;
        let lone = facts.index.read().map(|index| index.without_file.first.as_slice()).unwrap_or_default();
        let serials: Vec<SerialNumber> = lone.iter().filter(|record| facts.may_revoke(record)).map(|record| record.serial.clone()).collect();
        let (directory, now, reason) = (self.directory, self.session.now, RevocationReason::CessationOfOperation);
        let decide = |record: &Record| {
            let is_lone = record.status == RecordStatus::Valid && directory.existing_in_repository(&FileName::certificate(&record.serial)).is_none();
            is_lone.then(|| revoked(record, revocation(now, Some(reason))))
        };
        self.change(&serials, &decide, &|_| AuditEntry::new("cert.revoke").with("reason", reason.name()))
    }

    fn revoke_again(&mut self) -> Result<(), AuthorityError> {
        let revocations = self.revocations()?;
        loop {
            let facts = self.facts()?;
            let lost = facts.index.read().map(|index| index.lost_revocations.first.as_slice()).unwrap_or_default();
            let of = |serial: &SerialNumber| revocations.get(&serial.to_string());
            let known: Vec<SerialNumber> = lost.iter().filter(|one| of(&one.serial).is_some()).map(|one| one.serial.clone()).collect();
            // The log says that the hold was released, but a CRL still lists a final revocation: gsec cannot decide which is
            // right.
            if known.is_empty() {
                return Ok(());
            }
            let decide = |record: &Record| Some(revoked(record, of(&record.serial)?.clone())).filter(|_| record.status == RecordStatus::Valid);
            let reason = |record: &Record| {
                let name = record.revocation.as_ref().and_then(|revocation| RevocationReason::parse(revocation.reason.as_deref()?));
                name.unwrap_or(RevocationReason::Unspecified).name()
            };
            let are_all_seen = lost.len() < MAX_KEPT;
            self.change(&known, &decide, &|record| AuditEntry::new("cert.revoke").with("reason", reason(record)))?;
            if are_all_seen {
                return Ok(());
            }
        }
    }

    /// Under the lock, so that no call is between its line and its record.
    fn take_into_log(&mut self) -> Result<(), AuthorityError> {
        let stamp = self.stamp();
        let held = Held::begin(self.directory, &mut self.session.wait)?;
        let commit = Commit::under(&held);
        for group in foreign_records(&FileRecords::in_home(self.directory))?.chunks(GROUP) {
            commit.announce(&group.iter().map(audit_of_foreign).collect::<Vec<_>>(), &stamp)?;
        }
        Ok(())
    }

    fn update_crl(&mut self) -> Result<(), AuthorityError> {
        let authority = Authority::open(self.directory.clone())?;
        let unlocked = authority.unlock(None)?;
        authority.update_crl(CrlOrder::default(), &unlocked, self.session).map(|_| ())
    }
}

/// Whether a line of `ca.db` may be the record of any certificate: one that is recorded as valid meanwhile may be the one it revokes.
fn has_unreadable_line(directory: &CaDir) -> Result<bool, StoreError> {
    for entry in IndexReader::open(directory)? {
        if let Entry::Damaged(line) = entry?
            && !line.is_blank
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn about_file(name: &str) -> AuditEntry {
    AuditEntry::new("doctor.fix").with("file", name)
}

/// The text of `serial.num` or `crl.num`.
fn number_in(directory: &CaDir, path: &Path) -> Option<String> {
    let content = directory.read(path).ok()?;
    Some(String::from_utf8_lossy(&content).trim().to_owned())
}

/// The CRLs of the CA's keys, those that read.
fn crls(directory: &CaDir) -> Vec<gsec_pki::x509::RevocationList> {
    let previous = directory.previous_keys().unwrap_or_default().into_iter().map(|folder| folder.join(PreviousFile::Crl.name()));
    let files = previous.chain([directory.crl()]);
    files.filter_map(|path| decode_crls(&directory.read(&path).ok()?).ok()).flatten().collect()
}

fn crl_numbers(directory: &CaDir) -> Vec<SerialNumber> {
    crls(directory).iter().filter_map(|crl| crl.number().cloned()).collect()
}

fn revocation(at: OffsetDateTime, reason: Option<RevocationReason>) -> Revocation {
    let named = reason.filter(|reason| *reason != RevocationReason::Unspecified);
    Revocation { at, reason: named.and_then(|reason| reason.openssl_name().map(str::to_owned)), extra: None }
}

fn is_hold(revocation: &Revocation) -> bool {
    matches!(revocation.reason.as_deref(), Some("certificateHold" | "holdInstruction"))
}

fn revoked(record: &Record, revocation: Revocation) -> Record {
    Record { status: RecordStatus::Revoked, revocation: Some(revocation), ..record.clone() }
}

/// Removes other users' permissions on keys, and their write permission on everything else. Files of unknown ownership stay
/// unchanged, and doctor keeps reporting them.
fn tighten_repository(directory: &CaDir) -> Result<(), StoreError> {
    let repository = directory.repository();
    for entry in std::fs::read_dir(&repository).map_err(StoreError::io("read", &repository))? {
        let entry = entry.map_err(StoreError::io("read", &repository))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type().is_ok_and(|kind| !kind.is_file()) {
            continue;
        }
        let is_key = name.ends_with("_priv_key.pem") || name.ends_with(".pfx");
        // What is not ours to change is left, and found again.
        if let Err(error @ FilesError::Io { .. }) = tighten(&entry.path(), if is_key { !0o077 } else { !0o022 }) {
            return Err(error.into());
        }
    }
    Ok(())
}
