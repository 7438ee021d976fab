//! Fixes faults of a CA directory that doctor found. Every fix takes the lock, checks again whether it is still needed, and is announced in
//! the audit log as every change is. What is to be fixed comes as an argument: nothing is looked for here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::authority::look::log::audit_of_found;
use crate::authority::session::{AuditFacts, audit_entry};
use crate::authority::status::witnesses::is_to_be_kept;
use crate::authority::{Authority, AuthorityError, CrlOrder, Session, foreign_records};
use crate::files::{FileName, FilesError, tighten};
use crate::home::{CaDir, Held, HostFile, PreviousFile, StoreError};
use crate::policy::{Policy, openssl_configuration};
use crate::records::file::{Commit, FileRecords, IndexReader, host_index_is_sound, unique_subject};
use crate::records::{
    AuditEntry, AuditStamp, Entry, FOUND, Record, RecordStatus, Records, Revocation, StatusChange,
    UNKNOWN_EXPIRY, announces_own_record, host_names, key_digits,
};
use gsec_pki::x509::{
    Certificate, RevocationReason, SerialNumber, decode_certificates, decode_crls, parse_time,
};

/// Number of certificates that are recorded in one commit.
const GROUP: usize = 1000;

/// What is to be fixed, with what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Removes what others may do with host keys, and what they may write.
    TightenRepository,
    /// Finishes a change of key that was decided.
    FinishRekey,
    /// Sets aside what follows the last whole line of `ca.db` and `audit.log`.
    SetTornLinesAside,
    /// Writes `unique_subject = no`.
    WriteAttributes,
    /// Writes the number after this one, the highest serial number in use, into `serial.num`; 1 with `None`.
    RaiseSerial(Option<SerialNumber>),
    /// Writes the number after that of the CRL into `crl.num`.
    RaiseCrlNumber,
    /// Makes the CA's copies of these certificates from the hosts' files.
    CopyCertificates(Vec<(SerialNumber, PathBuf)>),
    /// Records these certificates, if one of the CA's own signed them.
    RecordCertificates {
        /// Their files.
        paths: Vec<PathBuf>,
        /// The CA's own certificates, present and former.
        own: Vec<Certificate>,
    },
    /// Rewrites damaged records as OpenSSL would write them; a revoked one stays revoked.
    RepairRecords {
        /// The CA's own certificates, present and former.
        own: Vec<Certificate>,
    },
    /// Leaves one line of each serial number, and makes comments of the others.
    JoinDuplicates,
    /// Writes into these records what their certificates say.
    CorrectRecords {
        /// Their serial numbers.
        serials: Vec<SerialNumber>,
        /// The CA's own certificates, present and former.
        own: Vec<Certificate>,
    },
    /// Revokes these records without any file, which a call left that was killed.
    RevokeLoneRecords(Vec<SerialNumber>),
    /// Revokes these again, as far as the log or a CRL says that they were.
    RevokeAgain(Vec<SerialNumber>),
    /// Adds lines to the audit log for records of which it has none.
    TakeIntoLog {
        /// The CA's own certificates, present and former.
        own: Vec<Certificate>,
    },
    /// Makes a new CRL.
    UpdateCrl,
    /// Writes `ca_bundle.pem` anew.
    WriteBundle,
    /// Removes these temporary files of gsec's.
    RemoveLeftovers(Vec<PathBuf>),
    /// Removes the cache of hosts, if it is damaged.
    RemoveHostIndex,
    /// Writes `ca.conf` where there is none.
    WriteConfiguration,
}

/// Fixes a CA directory. If the fault has disappeared, nothing changes.
///
/// # Errors
/// [`AuthorityError::Store`]; for a CRL, the [`AuthorityError`] of opening the CA and its key. Earlier steps are not undone.
pub fn fix(directory: &CaDir, fix: &Fix, session: &mut Session<'_>) -> Result<(), AuthorityError> {
    let policy = directory
        .read(&directory.policy())
        .ok()
        .and_then(|text| Policy::from_file(&String::from_utf8_lossy(&text)).ok());
    let mut fixing = Fixing {
        directory,
        policy: policy.unwrap_or_else(Policy::unknown),
        session,
    };
    match fix {
        Fix::TightenRepository => Ok(tighten_repository(directory)?),
        Fix::FinishRekey => Ok(directory.finish_changeover(None, &mut fixing.session.wait)?),
        Fix::SetTornLinesAside => fixing.commit(&mut |commit| commit.set_torn_lines_aside()),
        Fix::WriteAttributes => fixing.write_attributes(),
        Fix::RaiseSerial(highest) => fixing.raise_serial(highest.as_ref()),
        Fix::RaiseCrlNumber => fixing.raise_crl_number(),
        Fix::CopyCertificates(copies) => fixing.copy_certificates(copies),
        Fix::RecordCertificates { paths, own } => fixing.record_certificates(paths, own),
        Fix::RepairRecords { own } => fixing.repair_records(own),
        Fix::JoinDuplicates => fixing.join_duplicates(),
        Fix::CorrectRecords { serials, own } => fixing.correct_records(serials, own),
        Fix::RevokeLoneRecords(serials) => fixing.revoke_lone_records(serials),
        Fix::RevokeAgain(serials) => fixing.revoke_again(serials),
        Fix::TakeIntoLog { own } => fixing.take_into_log(own),
        Fix::UpdateCrl => fixing.update_crl(),
        Fix::WriteBundle => Authority::open(directory.clone())?
            .write_bundle(&fixing.about_file("ca_bundle.pem"), fixing.session),
        Fix::RemoveLeftovers(paths) => {
            fixing.commit(&mut |commit| paths.iter().try_for_each(|path| commit.remove_temporary(path)))
        }
        Fix::RemoveHostIndex => fixing.commit(&mut |commit| match host_index_is_sound(directory) {
            Some(false) => commit.remove_host_index(),
            _ => Ok(()),
        }),
        Fix::WriteConfiguration => fixing.write_configuration(),
    }
}

/// One fix in progress.
struct Fixing<'a, 'b> {
    directory: &'a CaDir,
    policy: Policy,
    session: &'a mut Session<'b>,
}

impl Fixing<'_, '_> {
    /// Does something under the lock.
    fn commit(
        &mut self,
        work: &mut dyn FnMut(&Commit<'_>) -> Result<(), StoreError>,
    ) -> Result<(), AuthorityError> {
        let held = Held::begin(self.directory, &mut self.session.wait)?;
        Ok(work(&Commit::under(&held))?)
    }

    fn stamp(&self) -> AuditStamp<'static> {
        AuditStamp {
            time: self.session.now,
            seal: None,
        }
    }

    /// An entry of the audit log, with the requester as far as the log filter permits.
    fn entry(&self, action: &'static str) -> AuditEntry {
        audit_entry(&self.policy, action, self.session, &AuditFacts::default())
    }

    fn about_file(&self, name: &str) -> AuditEntry {
        self.entry("doctor.fix").with("file", name)
    }

    fn write_attributes(&mut self) -> Result<(), AuthorityError> {
        let (directory, stamp, entry) = (self.directory, self.stamp(), self.about_file("ca.db.attr"));
        self.commit(&mut |commit| {
            let says = directory
                .read(&directory.index_attributes())
                .map(|content| unique_subject(&String::from_utf8_lossy(&content)));
            if matches!(says, Ok(Some(_))) {
                return Ok(());
            }
            commit.announce(std::slice::from_ref(&entry), &stamp)?;
            commit.write_attributes()
        })
    }

    fn raise_serial(&mut self, highest: Option<&SerialNumber>) -> Result<(), AuthorityError> {
        let wanted = match highest {
            Some(highest) => highest
                .next()
                .ok_or_else(|| StoreError::SerialsExhausted(self.directory.serial()))?,
            None => SerialNumber::one(),
        };
        let (directory, stamp, entry) = (self.directory, self.stamp(), self.about_file("serial.num"));
        self.commit(&mut |commit| {
            let text = number_in(directory, &directory.serial());
            let said = text.as_deref().and_then(SerialNumber::parse_hex);
            // Random serial numbers leave it behind, which is harmless.
            let next = said
                .filter(|said| said.next().is_some())
                .into_iter()
                .chain([wanted.clone()])
                .max()
                .expect("there is one");
            if text.as_deref() == Some(next.to_string().as_str()) {
                return Ok(());
            }
            commit.announce(&[entry.clone().with("next", next.to_string())], &stamp)?;
            commit.write_serial(&next)
        })
    }

    fn raise_crl_number(&mut self) -> Result<(), AuthorityError> {
        let (directory, stamp, entry) = (self.directory, self.stamp(), self.about_file("crl.num"));
        let told = FileRecords::in_home(directory).told()?.crl_number;
        self.commit(&mut |commit| {
            let last = crl_numbers(directory).into_iter().chain(told.clone()).max();
            let after = last.map_or_else(|| Some(SerialNumber::one()), |last| last.next());
            let after = after.ok_or_else(|| StoreError::SerialsExhausted(directory.crl_number()))?;
            let text = number_in(directory, &directory.crl_number());
            let said = text.as_deref().and_then(SerialNumber::parse_hex);
            let next = said
                .filter(|said| said.next().is_some())
                .into_iter()
                .chain([after])
                .max()
                .expect("there is one");
            if text.as_deref() == Some(next.to_string().as_str()) {
                return Ok(());
            }
            commit.announce(&[entry.clone().with("next", next.to_string())], &stamp)?;
            commit.write_crl_number(&next)
        })
    }

    fn write_configuration(&mut self) -> Result<(), AuthorityError> {
        let content = openssl_configuration(self.policy.serial);
        let (directory, stamp, entry) = (self.directory, self.stamp(), self.about_file("ca.conf"));
        self.commit(&mut |commit| {
            if directory.openssl_configuration().symlink_metadata().is_ok() {
                return Ok(());
            }
            commit.announce(std::slice::from_ref(&entry), &stamp)?;
            commit.write_configuration(&content)
        })
    }

    fn copy_certificates(&mut self, copies: &[(SerialNumber, PathBuf)]) -> Result<(), AuthorityError> {
        for (serial, path) in copies {
            let Some(certificate) = certificate_of(self.directory, path) else {
                continue;
            };
            let entry = self.about_file(&format!("{serial}.pem")).about(serial);
            let (directory, stamp) = (self.directory, self.stamp());
            self.commit(&mut |commit| {
                if directory
                    .existing_in_repository(&FileName::certificate(serial))
                    .is_some()
                {
                    return Ok(());
                }
                commit.announce(std::slice::from_ref(&entry), &stamp)?;
                commit.copy_certificate(serial, &certificate.to_pem())
            })?;
        }
        Ok(())
    }

    fn record_certificates(&mut self, paths: &[PathBuf], own: &[Certificate]) -> Result<(), AuthorityError> {
        if has_unreadable_line(self.directory)? {
            return Ok(());
        }
        let revocations = self.revocations()?;
        let mut group = Vec::new();
        for path in paths {
            let Some(certificate) = certificate_of(self.directory, path) else {
                continue;
            };
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let is_named_so = name == FileName::certificate(certificate.serial()).as_str();
            if !is_named_so
                || own.contains(&certificate)
                || !own.iter().any(|own| certificate.is_issued_by(own))
            {
                continue;
            }
            let record = Record::issued(
                certificate.serial(),
                certificate.not_after(),
                certificate.subject(),
            );
            group.push(match revocations.get(&certificate.serial().to_string()) {
                Some(revocation) => Record {
                    status: RecordStatus::Revoked,
                    revocation: Some(revocation.clone()),
                    ..record
                },
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
        let (directory, stamp, entry) = (self.directory, self.stamp(), self.entry("cert.record"));
        self.commit(&mut |commit| {
            if records
                .iter()
                .any(|record| record.status != RecordStatus::Revoked)
                && has_unreadable_line(directory)?
            {
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
            let entries: Vec<AuditEntry> = records
                .iter()
                .map(|record| audit_of_found(record, entry.clone()))
                .collect();
            commit.announce(&entries, &stamp)?;
            commit.append_records(&records)
        })
    }

    /// What audit log, CRLs and comments in ca.db that were records say of revocations, by serial number; the log, where it says more,
    /// goes first.
    fn revocations(&self) -> Result<HashMap<String, Revocation>, AuthorityError> {
        let mut found: HashMap<String, Revocation> = HashMap::new();
        for (_, record) in IndexReader::open(self.directory)?.commented_revocations()? {
            found.extend(
                record
                    .revocation
                    .map(|revocation| (record.serial.to_string(), revocation)),
            );
        }
        let told = FileRecords::in_home(self.directory).told()?;
        // A hold in a comment may have been taken back since.
        found.retain(|_, known| !known.is_hold());
        for crl in crls(self.directory) {
            for entry in crl.entries().filter(|entry| is_to_be_kept(entry, &crl, &told)) {
                let listed = Revocation::from(&entry);
                found
                    .entry(entry.serial.to_string())
                    .and_modify(|known| *known = known.joined(&listed))
                    .or_insert(listed);
            }
        }
        for told in told.iter() {
            let known = found
                .entry(told.serial.to_string())
                .or_insert_with(|| told.revocation.clone());
            *known = known.joined(&told.revocation);
        }
        Ok(found)
    }

    /// Rewrites damaged records. What a revoked one does not say, the audit log or a CRL may; without a date it stays revoked all the
    /// same. A valid one needs its certificate for an expiry that cannot be read.
    fn repair_records(&mut self, own: &[Certificate]) -> Result<(), AuthorityError> {
        let (revocations, directory, entry) = (self.revocations()?, self.directory, self.about_file("ca.db"));
        let mut serials = Vec::new();
        for entry in IndexReader::open(directory)? {
            if let Entry::Record(record) = entry? {
                serials.extend(record.is_flawed().then_some(record.serial));
            }
        }
        let decide = |record: &Record| {
            let issued = issued_by_one_of(directory, &record.serial, own).map(|certificate| {
                Record::issued(&record.serial, certificate.not_after(), certificate.subject())
            });
            let is_expiry_known = record.expiry != UNKNOWN_EXPIRY;
            let expiry = if is_expiry_known {
                record.expiry
            } else {
                issued.as_ref().map_or(UNKNOWN_EXPIRY, |issued| issued.expiry)
            };
            if !record.is_flawed() || (record.status != RecordStatus::Revoked && expiry == UNKNOWN_EXPIRY) {
                return None;
            }
            let subject = match issued {
                Some(issued) if record.subject.is_empty() => issued.subject,
                _ if record.subject.is_empty() => record.serial.to_string(),
                _ => record.subject.clone(),
            };
            let revocation = record
                .revocation
                .as_ref()
                .filter(|_| record.status == RecordStatus::Revoked)
                .map(|said| {
                    let known = revocations.get(&record.serial.to_string());
                    // An unknown reason may mean a key compromise: it stays unless another source has a known reason.
                    let reason = said.spelled_reason().filter(|_| !said.has_unknown_reason());
                    Revocation {
                        at: known
                            .filter(|_| !said.has_date())
                            .map_or(said.at, |known| known.at),
                        reason: reason
                            .or_else(|| known?.reason.clone())
                            .or_else(|| said.spelled_reason()),
                        extra: said.extra.clone(),
                    }
                });
            Some(Record {
                expiry,
                subject,
                revocation,
                flaw: None,
                ..record.clone()
            })
        };
        self.change(&serials, &decide, &|_| entry.clone())
    }

    fn join_duplicates(&mut self) -> Result<(), AuthorityError> {
        let (stamp, entry) = (self.stamp(), self.about_file("ca.db"));
        self.commit(&mut |commit| commit.join_duplicates(&entry, &stamp).map(|_| ()))
    }

    fn correct_records(
        &mut self,
        serials: &[SerialNumber],
        own: &[Certificate],
    ) -> Result<(), AuthorityError> {
        let entry = self.about_file("ca.db");
        let directory = self.directory;
        let decide = |record: &Record| {
            let certificate = certificate_of(
                directory,
                &directory.in_repository(&FileName::certificate(&record.serial)),
            )?;
            let is_it =
                *certificate.serial() == record.serial && own.iter().any(|own| certificate.is_issued_by(own));
            let Record { expiry, subject, .. } =
                Record::issued(&record.serial, certificate.not_after(), certificate.subject());
            (is_it && (expiry, &subject) != (record.expiry, &record.subject)).then(|| Record {
                expiry,
                subject,
                ..record.clone()
            })
        };
        self.change(serials, &decide, &|_| entry.clone())
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
        FileRecords::in_home(self.directory).change(
            &StatusChange {
                serials,
                decide,
                audit,
            },
            &stamp,
            &mut self.session.wait,
        )?;
        Ok(())
    }

    fn revoke_lone_records(&mut self, serials: &[SerialNumber]) -> Result<(), AuthorityError> {
        let (directory, now, reason) = (
            self.directory,
            self.session.now,
            RevocationReason::CessationOfOperation,
        );
        let decide = |record: &Record| {
            let is_lone = record.status == RecordStatus::Valid
                && directory
                    .existing_in_repository(&FileName::certificate(&record.serial))
                    .is_none();
            is_lone.then(|| record.revoked(Revocation::of(Some(reason), now)))
        };
        let entry = self.entry("cert.revoke").with("reason", reason.name());
        self.change(serials, &decide, &|_| entry.clone())
    }

    /// A record of which neither log nor CRL says that it was revoked for good stays as it is: the log may say that a hold was released.
    fn revoke_again(&mut self, serials: &[SerialNumber]) -> Result<(), AuthorityError> {
        let (revocations, entry) = (self.revocations()?, self.entry("cert.revoke"));
        let of = |serial: &SerialNumber| revocations.get(&serial.to_string());
        let known: Vec<SerialNumber> = serials
            .iter()
            .filter(|serial| of(serial).is_some())
            .cloned()
            .collect();
        let roll = FileRecords::in_home(self.directory).roll()?;
        let (mut recorded, mut lost) = (Vec::new(), Vec::new());
        for serial in known {
            if roll.records_of(&serial)?.is_empty() {
                lost.push(serial)
            } else {
                recorded.push(serial)
            }
        }
        self.record_revoked(&lost, &revocations)?;
        let decide = |record: &Record| {
            let said = of(&record.serial)?;
            match (record.status, &record.revocation) {
                (RecordStatus::Revoked, Some(found)) => {
                    (found.weight() < said.in_index().weight()).then(|| record.revoked(found.joined(said)))
                }
                _ => Some(record.revoked(said.clone())),
            }
        };
        let reason = |record: &Record| {
            let name = record
                .revocation
                .as_ref()
                .and_then(|revocation| RevocationReason::parse(revocation.reason.as_deref()?));
            name.unwrap_or(RevocationReason::Unspecified).name()
        };
        self.change(&recorded, &decide, &|record| {
            entry.clone().with("reason", reason(record))
        })
    }

    /// Records revoked certificates of which `ca.db` has nothing, as far as certificate or audit log say what they were.
    fn record_revoked(
        &mut self,
        serials: &[SerialNumber],
        revocations: &HashMap<String, Revocation>,
    ) -> Result<(), AuthorityError> {
        let mut records: Vec<Record> = serials.iter().map(Record::lost).collect();
        if records.is_empty() {
            return Ok(());
        }
        for record in &mut records {
            record.revocation = revocations.get(&record.serial.to_string()).cloned();
        }
        FileRecords::in_home(self.directory).audit_lines_with(&["\"not_after\""], &mut |fields| {
            let serial = fields
                .serial
                .as_deref()
                .and_then(SerialNumber::parse_any_hex)
                .filter(|_| announces_own_record(&fields.action));
            let Some(record) =
                serial.and_then(|serial| records.iter_mut().find(|record| record.serial == serial))
            else {
                return;
            };
            record.expiry = fields
                .not_after
                .as_deref()
                .and_then(parse_time)
                .unwrap_or(record.expiry);
            // What a name with such characters is in the form of OpenSSL, only the certificate shows.
            let plain = fields
                .subject
                .filter(|subject| subject.contains('=') && !subject.contains([',', '+', '\\', '/', '"']));
            record.subject = plain.map_or(std::mem::take(&mut record.subject), |subject| {
                format!("/{subject}")
            });
        })?;
        for record in &mut records {
            let certificate = certificate_of(
                self.directory,
                &self
                    .directory
                    .in_repository(&FileName::certificate(&record.serial)),
            );
            if let Some(certificate) =
                certificate.filter(|certificate| *certificate.serial() == record.serial)
            {
                let Record { expiry, subject, .. } =
                    Record::issued(&record.serial, certificate.not_after(), certificate.subject());
                (record.expiry, record.subject) = (expiry, subject);
            }
        }
        for group in records.chunks(GROUP) {
            self.append(group.to_vec())?;
        }
        Ok(())
    }

    /// Under the lock, so that no call is between its line and its record.
    /// A line says whose certificate it is, as the line of a certificate that gsec issues does: if its copy cannot be read one day, that is known.
    fn take_into_log(&mut self, own: &[Certificate]) -> Result<(), AuthorityError> {
        let stamp = self.stamp();
        let held = Held::begin(self.directory, &mut self.session.wait)?;
        let commit = Commit::under(&held);
        for group in foreign_records(&FileRecords::in_home(self.directory))?.chunks(GROUP) {
            let entries: Vec<AuditEntry> = group
                .iter()
                .map(|record| audit_of_found(record, self.entry_about(record, own)))
                .collect();
            commit.announce(&entries, &stamp)?;
        }
        Ok(())
    }

    /// An entry with what the certificate of a record says, where it can be read and one of the CA's own signed it.
    fn entry_about(&self, record: &Record, own: &[Certificate]) -> AuditEntry {
        let Some(certificate) = issued_by_one_of(self.directory, &record.serial, own) else {
            return self.entry(FOUND);
        };
        // Without a name in its line, a certificate that cannot be read may have any name.
        let hosts = host_names(&certificate);
        let facts = AuditFacts {
            host: None,
            names: certificate.subject_alternative_names().unwrap_or(&hosts),
            subject: Some(certificate.subject()),
        };
        audit_entry(&self.policy, FOUND, self.session, &facts)
            .with("key_material", key_digits(certificate.public_key()))
    }

    fn update_crl(&mut self) -> Result<(), AuthorityError> {
        let authority = Authority::open(self.directory.clone())?;
        let unlocked = authority.unlock(None)?;
        authority
            .update_crl(CrlOrder::default(), &unlocked, self.session)
            .map(|_| ())
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

/// The certificate of a serial number in the repository, where one of the CA's own signed it.
fn issued_by_one_of(directory: &CaDir, serial: &SerialNumber, own: &[Certificate]) -> Option<Certificate> {
    let path = directory.in_repository(&FileName::certificate(serial));
    certificate_of(directory, &path)
        .filter(|found| found.serial() == serial && own.iter().any(|own| found.is_issued_by(own)))
}

/// The first certificate of a file.
fn certificate_of(directory: &CaDir, path: &Path) -> Option<Certificate> {
    decode_certificates(&directory.read(path).ok()?)
        .ok()?
        .into_iter()
        .next()
}

/// The text of `serial.num` or `crl.num`.
fn number_in(directory: &CaDir, path: &Path) -> Option<String> {
    let content = directory.read(path).ok()?;
    Some(String::from_utf8_lossy(&content).trim().to_owned())
}

/// The CRLs of the CA's keys, those that read.
fn crls(directory: &CaDir) -> Vec<gsec_pki::x509::RevocationList> {
    let previous = directory
        .previous_keys()
        .unwrap_or_default()
        .into_iter()
        .map(|folder| folder.join(PreviousFile::Crl.name()));
    let files = previous.chain([directory.crl()]);
    files
        .filter_map(|path| decode_crls(&directory.read(&path).ok()?).ok())
        .flatten()
        .collect()
}

fn crl_numbers(directory: &CaDir) -> Vec<SerialNumber> {
    crls(directory)
        .iter()
        .filter_map(|crl| crl.number().cloned())
        .collect()
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
        let is_key = HostFile::is_secret_name(&name);
        // What is not ours to change is left, and found again.
        if let Err(error @ FilesError::Io { .. }) =
            tighten(&entry.path(), if is_key { !0o077 } else { !0o022 })
        {
            return Err(error.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Identity, Site, now, serial, session};

    fn apply(site: &Site, what: &Fix) {
        session("doctor.fix", now(), |session| {
            fix(site.authority.directory(), what, session)
        })
        .expect("fixed");
    }

    fn text(path: &Path) -> String {
        std::fs::read_to_string(path).expect("a file")
    }

    fn write(path: &Path, content: &str) {
        std::fs::write(path, content).expect("a file");
    }

    #[test]
    fn serial_number_is_raised_and_never_lowered() {
        let site = Site::new();
        let path = site.authority.directory().serial();
        for (said, highest, expected) in [
            ("02\n", Some("05"), "06"),
            ("09\n", Some("05"), "09"),
            ("06\n", Some("05"), "06"),
            ("next\n", Some("05"), "06"),
            ("", None, "01"),
        ] {
            write(&path, said);
            apply(&site, &Fix::RaiseSerial(highest.map(serial)));
            assert_eq!(text(&path).trim(), expected, "{said:?} {highest:?}");
        }
    }

    #[test]
    fn crl_number_is_raised_above_crl_and_log() {
        let site = Site::new();
        let (path, last) = (site.authority.directory().crl_number(), site.update_crl());
        let last = last.number().expect("a number").clone();
        let next = last.next().expect("a number").to_string();
        write(&path, "01\n");
        apply(&site, &Fix::RaiseCrlNumber);
        assert_eq!(text(&path).trim(), next);
        std::fs::remove_file(site.authority.directory().crl()).expect("removed");
        write(&path, "01\n");
        apply(&site, &Fix::RaiseCrlNumber);
        assert_eq!(text(&path).trim(), next, "the log knows the last one");
        write(&path, "7F\n");
        apply(&site, &Fix::RaiseCrlNumber);
        assert_eq!(text(&path).trim(), "7F", "it is higher already");
    }

    #[test]
    fn settings_are_written_only_where_they_are_missing() {
        let site = Site::new();
        let directory = site.authority.directory();
        let (attributes, configuration) = (directory.index_attributes(), directory.openssl_configuration());
        write(&attributes, "unique_subject = yes\n");
        write(&configuration, "# mine\n");
        let before = text(&directory.audit_log());
        apply(&site, &Fix::WriteAttributes);
        apply(&site, &Fix::WriteConfiguration);
        assert_eq!(
            (text(&attributes).as_str(), text(&configuration).as_str()),
            ("unique_subject = yes\n", "# mine\n")
        );
        assert_eq!(text(&directory.audit_log()), before, "nothing was changed");
        std::fs::remove_file(&attributes).expect("removed");
        std::fs::remove_file(&configuration).expect("removed");
        apply(&site, &Fix::WriteAttributes);
        apply(&site, &Fix::WriteConfiguration);
        assert!(text(&attributes).contains("unique_subject = no") && text(&configuration).contains("[ ca ]"));
        assert_ne!(text(&directory.audit_log()), before);
    }

    /// A CA whose `ca.db` is as it was before a certificate was issued.
    fn without_record() -> (Site, Certificate) {
        let site = Site::new();
        let index = site.authority.directory().index();
        let before = text(&index);
        let certificate = site.issue("a.example.com");
        write(&index, &before);
        (site.reopened(), certificate)
    }

    fn record(site: &Site, path: PathBuf) {
        let own = vec![site.authority.certificate().clone()];
        apply(
            site,
            &Fix::RecordCertificates {
                paths: vec![path],
                own,
            },
        );
    }

    fn status(site: &Site, certificate: &Certificate) -> Option<RecordStatus> {
        let found = site
            .authority
            .records()
            .find(certificate.serial())
            .expect("the records");
        found.map(|record| record.status)
    }

    #[test]
    fn certificates_of_the_ca_are_recorded_with_what_is_known_of_them() {
        let (site, certificate) = without_record();
        let path = site.authority.file_of(certificate.serial()).expect("its file");
        assert_eq!(status(&site, &certificate), None);
        record(&site, path);
        assert_eq!(status(&site, &certificate), Some(RecordStatus::Valid));

        let site = Site::new();
        let index = site.authority.directory().index();
        let before = text(&index);
        let certificate = site.issue("a.example.com");
        site.revoke(&certificate, RevocationReason::Superseded);
        write(&index, &before);
        let site = site.reopened();
        let path = site.authority.file_of(certificate.serial()).expect("its file");
        record(&site, path);
        assert_eq!(
            status(&site, &certificate),
            Some(RecordStatus::Revoked),
            "the log says so"
        );
    }

    #[test]
    fn nothing_is_recorded_that_is_not_the_cas_or_may_be_revoked() {
        let (site, certificate) = without_record();
        let directory = site.authority.directory();
        let own_path = site.authority.file_of(certificate.serial()).expect("its file");
        let index = text(&directory.index());
        let foreign = directory.repository().join("07.pem");
        let stranger = Identity::root("Example CA").host("b.example.com", |params| {
            params.serial_number = Some(rcgen::SerialNumber::from_slice(&[7]));
        });
        write(&foreign, &stranger.certificate.to_pem());
        record(&site, foreign);
        assert_eq!(text(&directory.index()), index, "another key signed it");
        let renamed = directory.repository().join("09.pem");
        write(&renamed, &certificate.to_pem());
        record(&site, renamed);
        assert_eq!(text(&directory.index()), index, "its name is another number");
        let damaged = format!("{index}R\tsomething\n");
        write(&directory.index(), &damaged);
        record(&site, own_path);
        assert_eq!(
            text(&directory.index()),
            damaged,
            "the damaged line may revoke it"
        );
    }

    #[test]
    fn lost_revocation_is_restored_with_day_and_reason() {
        let site = Site::new();
        let index = site.authority.directory().index();
        let (certificate, other) = (site.issue("a.example.com"), site.issue("b.example.com"));
        let before = text(&index);
        site.revoke(&certificate, RevocationReason::KeyCompromise);
        let revoked = text(&index);
        write(&index, &before);
        apply(
            &site,
            &Fix::RevokeAgain(vec![certificate.serial().clone(), other.serial().clone()]),
        );
        assert_eq!(
            text(&index),
            revoked,
            "and the other one stays valid: nothing says that it is revoked"
        );
    }

    #[test]
    fn only_records_without_any_file_are_revoked() {
        let site = Site::new();
        let (lone, whole) = (site.issue("a.example.com"), site.issue("b.example.com"));
        let repository = site.authority.directory().repository();
        for entry in std::fs::read_dir(&repository).expect("the repository") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.starts_with(&lone.serial().to_string()) {
                std::fs::remove_file(path).expect("removed");
            }
        }
        apply(
            &site,
            &Fix::RevokeLoneRecords(vec![lone.serial().clone(), whole.serial().clone()]),
        );
        assert_eq!(status(&site, &lone), Some(RecordStatus::Revoked));
        assert_eq!(status(&site, &whole), Some(RecordStatus::Valid));
    }

    #[test]
    fn reason_without_meaning_is_left_out() {
        let reason = |reason| Revocation::of(reason, now()).reason;
        assert_eq!(reason(None), None);
        assert_eq!(reason(Some(RevocationReason::Unspecified)), None);
        assert_eq!(
            reason(Some(RevocationReason::KeyCompromise)).as_deref(),
            Some("keyCompromise")
        );
    }

    #[test]
    fn several_lines_of_one_certificate_become_one_and_the_revoked_one_stays() {
        let site = Site::new();
        let index = site.authority.directory().index();
        let certificate = site.issue("a.example.com");
        let valid = text(&index);
        site.revoke(&certificate, RevocationReason::Superseded);
        let revoked = text(&index);
        write(&index, &format!("{valid}{revoked}"));
        apply(&site, &Fix::JoinDuplicates);
        let lines = text(&index);
        let records: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(records, [revoked.trim_end()]);
        assert_eq!(lines.lines().count(), 2, "the other one is a comment");
    }

    #[test]
    fn record_is_corrected_from_its_certificate_and_from_no_other() {
        let site = Site::new();
        let index = site.authority.directory().index();
        let certificate = site.issue("a.example.com");
        let right = text(&index);
        let wrong = right.replace("/CN=a.example.com", "/CN=b.example.com");
        let correct = |own: Vec<Certificate>| {
            write(&index, &wrong);
            let serials = vec![certificate.serial().clone()];
            apply(&site, &Fix::CorrectRecords { serials, own });
            text(&index)
        };
        assert_eq!(correct(vec![site.authority.certificate().clone()]), right);
        assert_eq!(
            correct(vec![Identity::root("Example CA").certificate]),
            wrong,
            "no key of the CA signed it"
        );
    }

    #[test]
    fn damaged_record_is_written_again_and_stays_revoked() {
        let site = Site::new();
        let index = site.authority.directory().index();
        let certificate = site.issue("a.example.com");
        site.revoke(&certificate, RevocationReason::Superseded);
        let right = text(&index);
        let own = || vec![site.authority.certificate().clone()];
        // The day of the revocation does not read.
        write(
            &index,
            &right.replace("300327120000Z,superseded", "yesterday,superseded"),
        );
        apply(&site, &Fix::RepairRecords { own: own() });
        assert_eq!(text(&index), right, "the log has the day");
        write(&index, &right);
        apply(&site, &Fix::RepairRecords { own: own() });
        assert_eq!(text(&index), right);
    }

    #[test]
    fn records_without_a_line_in_the_log_get_one() {
        let site = Site::new();
        let directory = site.authority.directory();
        let certificate = site.issue("a.example.com");
        let before = text(&directory.audit_log());
        let take = || Fix::TakeIntoLog {
            own: vec![site.authority.certificate().clone()],
        };
        apply(&site, &take());
        assert_eq!(text(&directory.audit_log()), before, "it has one");
        let foreign = Record::issued(&serial("07"), certificate.not_after(), certificate.subject());
        write(
            &directory.index(),
            &format!("{}{}\n", text(&directory.index()), foreign.to_line()),
        );
        apply(&site, &take());
        let after = text(&directory.audit_log());
        let added: Vec<&str> = after.lines().skip(before.lines().count()).collect();
        assert!(
            added.len() == 1 && added[0].contains("\"serial\":\"07\"") && !added[0].contains("key_material"),
            "of a certificate that is not there, nothing is said: {added:?}"
        );
        apply(&site, &take());
        assert_eq!(text(&directory.audit_log()), after, "once");
    }

    #[test]
    fn line_of_a_found_record_says_whose_certificate_it_is_where_the_ca_signed_it() {
        let line = |copy: Option<Certificate>| {
            let site = Site::new();
            let directory = site.authority.directory();
            let before = text(&directory.audit_log());
            let certificate = site.issue("a.example.com");
            write(&directory.audit_log(), &before);
            if let Some(copy) = copy {
                let path = directory.in_repository(&FileName::certificate(certificate.serial()));
                write(&path, &copy.to_pem());
            }
            let own = vec![site.authority.certificate().clone()];
            apply(&site, &Fix::TakeIntoLog { own });
            let log = text(&directory.audit_log());
            let line = log.lines().last().expect("a line");
            (
                line.contains("[\"dns:a.example.com\"]"),
                line.contains(&key_digits(certificate.public_key())),
                line.contains("\"names\"") || line.contains("\"key_material\""),
            )
        };
        assert_eq!(line(None), (true, true, true));
        let number = |params: &mut rcgen::CertificateParams| params.serial_number = Some(vec![1].into());
        let others = Identity::root("Example CA")
            .host("b.example.com", number)
            .certificate;
        assert_eq!(
            line(Some(others)),
            (false, false, false),
            "another CA signed this copy"
        );
    }
}
