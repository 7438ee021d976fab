//! What a host has, compared with what is required: certificate, key and files. What only lacks files is
//! completed, and nothing issued.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::authority::host::compare::compare;
use crate::authority::host::delivery::{DeliveredFile, Place};
use crate::authority::host::stable_names::{Contents, StableNames};
use crate::authority::status::witnesses::{LazyWitnesses, Witnesses};
use crate::authority::{
    Authority, AuthorityError, CompromisedKey, Delivery, Deviation, FoundHost, HostKey, IssuePlan,
    IssuedFiles, RenewalMargin, Session,
};
use crate::files::{FileName, OutputFile, is_readable_by_all, write_new_files};
use crate::home::{FaultKind, HostFile};
use crate::records::{AuditHead, Issued, Lookup, Record, RecordStatus, Under};
use gsec_pki::key::{PrivateKey, Signer, decode_private_key, encode_private_key};
use gsec_pki::pkcs12::{PfxReadError, decode_pfx};
use gsec_pki::x509::{Certificate, GeneralName, decode_certificates};

/// What can be done about deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// There are none.
    Nothing,
    /// Only files are missing, and can be written again.
    Restore,
    /// Only files are wrong, and are where others would have to be written; nothing is replaced.
    Refuse,
    /// A new certificate.
    Issue,
}

/// The certificate closest to what is required, and how it deviates.
pub struct Comparison {
    /// The certificate, with its required files that are there; `None` where the CA has none for the host.
    pub found: Option<FoundHost>,
    /// What is not as required; empty when all is.
    pub deviations: Vec<Deviation>,
    /// What can be done about it.
    pub remedy: Remedy,
    /// PFX files that do not open with the available password, so that they were not examined.
    pub unopened: Vec<PathBuf>,
    /// Files outside the CA directory with a private key that every user can read; whom the administrator lets read them is his, and not compared.
    pub readable: Vec<PathBuf>,
    /// Why it may have been revoked without anything that is at hand saying so; only of one that is as required.
    pub unknown: Option<String>,
    missing: Vec<WantedFile>,
    key: Option<HeldKey>,
}

/// What was restored.
#[derive(Default)]
pub struct Restored {
    /// The files that were written.
    pub written: Vec<PathBuf>,
    /// All required files.
    pub files: IssuedFiles,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

/// A place where a file is required.
pub(in crate::authority) struct WantedFile {
    file: HostFile,
    pub(in crate::authority) path: PathBuf,
    place: Place,
}

/// A private key as its file has it.
struct HeldKey {
    key: Arc<PrivateKey>,
    pem: Zeroizing<Vec<u8>>,
}

/// What is in a place where a file is required.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::authority) enum Found {
    Nothing,
    Right,
    Wrong,
    /// A PFX that does not open with the available password, or is protected in a way that gsec does not
    /// read.
    Unopened,
}

impl Authority {
    /// Compares what is required for a host with what it has: the newest valid certificate that is as
    /// required, else the one with the fewest deviations. Reads the index of hosts and the certificates that
    /// name the host. The CA key is not needed.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn compare_host(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        margin: RenewalMargin,
    ) -> Result<Comparison, AuthorityError> {
        self.compare_host_by(plan, delivery, margin, &|_, deviations| deviations.len())
    }

    /// As [`Authority::compare_host`]; where none is as required, with the one of the lowest rank, of several the newest.
    pub(in crate::authority) fn compare_host_by<R: Ord>(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        margin: RenewalMargin,
        rank: &dyn Fn(&Certificate, &[Deviation]) -> R,
    ) -> Result<Comparison, AuthorityError> {
        let mut index = self.records().lookup()?;
        let records = index.by_host(plan.host())?;
        let mut best = None;
        // Valid ones from the newest on; where there is none, the newest.
        let (valid, others): (Vec<_>, Vec<_>) = records
            .into_iter()
            .rev()
            .partition(|record| record.is_valid_at(margin.now));
        let witnesses = LazyWitnesses::default();
        let newest_other = others.into_iter().next().filter(|_| valid.is_empty());
        for record in valid.into_iter().chain(newest_other) {
            let Some(certificate) = self.issued_certificate(&record.serial)? else {
                continue;
            };
            let witnesses = witnesses.get(self)?;
            let mut deviations = compare(plan, &record, &certificate, self.certificate(), margin, witnesses);
            deviations.extend(self.compromised_elsewhere(
                index.as_mut(),
                &record,
                &certificate,
                witnesses,
            )?);
            let comparison = if deviations.is_empty() {
                self.compare_files(plan, delivery, certificate)?
            } else {
                Comparison::to_replace(certificate, deviations)
            };
            if comparison.remedy != Remedy::Issue {
                return Ok(Comparison {
                    unknown: self.evidently_lost(&witnesses.told)?,
                    ..comparison
                });
            }
            let ranked = comparison
                .found
                .as_ref()
                .map(|found| rank(&found.certificate, &comparison.deviations));
            best = [best, Some((ranked, comparison))]
                .into_iter()
                .flatten()
                .min_by(|(one, _), (other, _)| one.cmp(other));
        }
        if let Some(left_behind) = self.compare_left_behind(plan, delivery, margin)? {
            return Ok(left_behind);
        }
        match best {
            Some((_, best)) => Ok(best),
            None => Ok(Comparison {
                found: None,
                deviations: vec![self.nothing_there(plan)?],
                remedy: Remedy::Issue,
                unopened: Vec::new(),
                readable: Vec::new(),
                unknown: None,
                missing: Vec::new(),
                key: None,
            }),
        }
    }

    /// That the key of a certificate which is not revoked was revoked as compromised under another serial number.
    pub(in crate::authority) fn compromised_elsewhere(
        &self,
        index: &mut dyn Lookup,
        record: &Record,
        certificate: &Certificate,
        witnesses: &Witnesses,
    ) -> Result<Option<Deviation>, AuthorityError> {
        if record.status == RecordStatus::Revoked {
            return Ok(None);
        }
        let compromised = self.compromised_in(index, certificate.public_key(), witnesses)?;
        Ok(compromised
            .map(|CompromisedKey { serial, reason, .. }| Deviation::KeyCompromised { serial, reason }))
    }

    /// Writes the files that a comparison found missing. It is recorded in the audit log first.
    ///
    /// # Errors
    /// [`AuthorityError::Deviates`] when another file is where one is required; [`AuthorityError::Store`].
    pub fn restore_files(
        &self,
        comparison: Comparison,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Restored, AuthorityError> {
        self.expect_restorable(&comparison, plan, delivery)?;
        let reasons = comparison.codes();
        let Comparison {
            found: Some(FoundHost { certificate, .. }),
            missing,
            key,
            ..
        } = comparison
        else {
            return Ok(Restored::default());
        };
        let (linked, missing): (Vec<WantedFile>, Vec<WantedFile>) = missing
            .into_iter()
            .partition(|missing| missing.place == Place::Linked);
        let contents = missing.iter().map(|missing| {
            self.content_of(missing.file, &certificate, key.as_ref(), plan, delivery, session)
        });
        let contents = contents.collect::<Result<Vec<_>, _>>()?;
        let linked_contents = match linked.is_empty() {
            true => Vec::new(),
            false => self.linked_contents(&certificate, key.as_ref(), plan, delivery, session)?,
        };
        let entry = self
            .audit_entry(session, &plan.audit_facts())
            .about(certificate.serial())
            .with("restored", missing.len() + linked.len());
        let entry = entry.with("reasons", reasons);
        let audit_head =
            self.records()
                .announce(&[entry], &session.stamp(None), Under::Wait(&mut session.wait))?;
        let mut written = Vec::new();
        if let Some(folder) = delivery.out_dir.as_deref().filter(|_| !linked.is_empty()) {
            let host = host_of(&certificate, plan);
            let hosts = vec![(host, linked_contents)];
            self.publish(folder, hosts, delivery, session.wait.timeout)
                .into_iter()
                .collect::<Result<(), _>>()?;
            written.extend(linked.into_iter().map(|linked| linked.path));
        }
        let (single, others): (Vec<_>, Vec<_>) = missing
            .into_iter()
            .zip(contents)
            .partition(|(missing, _)| missing.place == Place::Single);
        let contents: Contents = single
            .iter()
            .map(|(missing, content)| (missing.file, content.clone()))
            .collect();
        let single: Vec<DeliveredFile> = single
            .into_iter()
            .map(|(WantedFile { file, path, place }, _)| DeliveredFile { file, path, place })
            .collect();
        self.write_single(&single, &contents)?;
        written.extend(single.into_iter().map(|single| single.path));
        // The CA's own copy comes last among these.
        for (missing, content) in others {
            match self.restore_file(&missing, &certificate, plan, content) {
                Ok(paths) => written.extend(paths),
                // Another call has restored it meanwhile.
                Err(error) if error.fault() == Some(FaultKind::Taken) => {}
                Err(error) => return Err(error),
            }
        }
        let files = self.wanted_files_of(&certificate, plan, delivery);
        Ok(Restored {
            written,
            files,
            audit_head,
        })
    }

    /// Writes what is missing of the files of a certificate that the host has, as [`Authority::restore_files`] does.
    ///
    /// # Errors
    /// As [`Authority::restore_files`]; [`AuthorityError::Deviates`] when the private key is required and is not here.
    pub fn deliver_present(
        &self,
        certificate: Certificate,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Restored, AuthorityError> {
        let mut comparison = self.compare_files(plan, delivery, certificate)?;
        match (comparison.remedy, comparison.deviations.pop()) {
            (Remedy::Issue | Remedy::Refuse, Some(deviation)) => Err(AuthorityError::Deviates(deviation)),
            (_, None) => Ok(Restored {
                files: comparison.found.map(|found| found.files).unwrap_or_default(),
                ..Restored::default()
            }),
            (_, Some(deviation)) => {
                comparison.deviations.push(deviation);
                self.restore_files(comparison, plan, delivery, session)
            }
        }
    }

    /// Finds out before anything is written whether [`Authority::restore_files`] can do it.
    ///
    /// # Errors
    /// As [`Authority::restore_files`].
    pub fn expect_restorable(
        &self,
        comparison: &Comparison,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
    ) -> Result<(), AuthorityError> {
        let wrong = comparison
            .deviations
            .iter()
            .find(|deviation| matches!(deviation, Deviation::OutputDiffers { .. }));
        match wrong {
            Some(wrong) if comparison.remedy == Remedy::Refuse => {
                Err(AuthorityError::Deviates(wrong.clone()))
            }
            _ => self.expect_deliverable(plan, delivery),
        }
    }

    fn restore_file(
        &self,
        missing: &WantedFile,
        certificate: &Certificate,
        plan: &IssuePlan<'_>,
        content: Zeroizing<Vec<u8>>,
    ) -> Result<Vec<PathBuf>, AuthorityError> {
        if missing.place == Place::Kept {
            let host = Some(host_of(certificate, plan));
            return Ok(self.records().restore(&Issued {
                serial: certificate.serial(),
                host,
                files: vec![(missing.file, content)],
            })?);
        }
        let (Some(folder), Some(name)) = (
            missing.path.parent(),
            missing
                .path
                .file_name()
                .and_then(|name| FileName::new(name.to_str()?)),
        ) else {
            return Ok(Vec::new());
        };
        let folder = self.directory().output_folder(folder)?;
        Ok(write_new_files(
            &folder,
            &[OutputFile {
                name,
                access: missing.file.access(),
                content,
            }],
        )?)
    }

    /// Nothing has been issued for the host; or a crash has left a record of just this subject without its
    /// certificate.
    fn nothing_there(&self, plan: &IssuePlan<'_>) -> Result<Deviation, AuthorityError> {
        let nothing = || Deviation::NoCertificate {
            host: plan.host().value(),
        };
        Ok(self
            .unfiled(plan)?
            .map_or_else(nothing, |record| Deviation::RecordWithoutFile {
                serial: record.serial,
            }))
    }

    /// The newest of the last records of just this subject that has no certificate: it is being written, or a crash has left it.
    pub(in crate::authority) fn unfiled(
        &self,
        plan: &IssuePlan<'_>,
    ) -> Result<Option<Record>, AuthorityError> {
        let subject = plan.subject.openssl_oneline();
        Ok(self.unfiled_records(&|record| record.subject == subject)?.pop())
    }

    /// Those of the last records that are required and have no certificate, the newest last.
    pub(in crate::authority) fn unfiled_records(
        &self,
        is_wanted: &dyn Fn(&Record) -> bool,
    ) -> Result<Vec<Record>, AuthorityError> {
        let is_unfiled = |record: &Record| !self.records().has(&record.serial, None, HostFile::OwnCopy);
        let recent = self.records().recent()?.into_iter();
        Ok(recent
            .filter(|record| record.revocation.is_none() && is_wanted(record) && is_unfiled(record))
            .collect())
    }

    /// The required files of a certificate. They are named after its first name, in the case in which it was
    /// typed.
    fn wanted_files_of(
        &self,
        certificate: &Certificate,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
    ) -> IssuedFiles {
        self.wanted_files(
            certificate.serial(),
            host_of(certificate, plan),
            !matches!(plan.host_key, HostKey::Certified(_)),
            delivery,
        )
    }

    /// Compares the files of a certificate that is as required.
    pub(in crate::authority) fn compare_files(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        certificate: Certificate,
    ) -> Result<Comparison, AuthorityError> {
        let wanted = self.wanted_files_of(&certificate, plan, delivery);
        let host = host_of(&certificate, plan).clone();
        if let Some(names) = StableNames::of(delivery, &host)? {
            names.look(delivery.handed(!matches!(plan.host_key, HostKey::Certified(_))))?;
        }
        let key = match self.held_key(plan, delivery, &certificate)? {
            Ok(key) => key,
            Err(deviation) => return Ok(Comparison::to_replace(certificate, vec![deviation])),
        };
        let (mut there, mut deviations, mut missing, mut unopened) =
            (wanted.clone(), Vec::new(), Vec::new(), Vec::new());
        for place in places(&wanted) {
            match self.look_at(&place, &certificate, &host, delivery)? {
                Found::Right => {}
                Found::Unopened => unopened.push(place.path),
                Found::Nothing => {
                    there.forget(&place.path);
                    deviations.push(missing_deviation(&place));
                    missing.push(place);
                }
                Found::Wrong => {
                    deviations.push(Deviation::OutputDiffers {
                        path: place.path.clone(),
                        serial: certificate.serial().clone(),
                    });
                    if self.is_earlier(&place, &host, delivery)? {
                        missing.push(place);
                    }
                }
            }
        }
        let readable = places(&wanted)
            .into_iter()
            .filter(|place| {
                place.file.is_secret() && place.place != Place::Kept && is_readable_by_all(&place.path)
            })
            .map(|place| place.path)
            .collect();
        let remedy = match (deviations.len(), missing.len()) {
            (0, _) => Remedy::Nothing,
            (wrong, missing) if wrong == missing => Remedy::Restore,
            _ => Remedy::Refuse,
        };
        Ok(Comparison {
            found: Some(FoundHost {
                certificate,
                files: there,
            }),
            deviations,
            remedy,
            unopened,
            readable,
            unknown: None,
            missing,
            key,
        })
    }

    /// Whether what is in a place is an earlier file of the same host, which another takes the place of.
    fn is_earlier(
        &self,
        place: &WantedFile,
        host: &GeneralName,
        delivery: &Delivery,
    ) -> Result<bool, AuthorityError> {
        match place.place {
            Place::Kept | Place::Numbered => Ok(false),
            Place::Linked => Ok(true),
            Place::Single => match self.expect_earlier(place.file, &place.path, host, delivery) {
                Ok(()) => Ok(true),
                Err(AuthorityError::NotReplaced { .. }) => Ok(false),
                Err(error) => Err(error),
            },
        }
    }

    /// The private key of a certificate: the one that was given, the one in the repository, or the one in the
    /// folder for output. `None` where only the public half is required.
    fn held_key(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        certificate: &Certificate,
    ) -> Result<Result<Option<HeldKey>, Deviation>, AuthorityError> {
        match &plan.host_key {
            HostKey::Certified(_) => return Ok(Ok(None)),
            HostKey::Given(key) => {
                let pem = Zeroizing::new(encode_private_key(key, delivery.key_format)?.as_bytes().to_vec());
                return Ok(Ok(Some(HeldKey {
                    key: key.clone(),
                    pem,
                })));
            }
            HostKey::Generate(_) => {}
        }
        let everywhere = Delivery {
            pfx: None,
            key_format: delivery.key_format,
            out_dir: delivery.out_dir.clone(),
            out_names: delivery.out_names,
            out_files: delivery.out_files.clone(),
            keep_key: true,
        };
        let wanted = places(&self.wanted_files_of(certificate, plan, &everywhere));
        let mut missing = None;
        for place in wanted.into_iter().filter(|place| place.file == HostFile::Key) {
            let host = host_of(certificate, plan);
            let content = match place.place {
                // Also where the names lead to another certificate by now.
                Place::Linked => StableNames::of(delivery, host)?
                    .and_then(|names| names.content_with(certificate, HostFile::Key)),
                _ => self.content_at(&place, certificate, host, delivery)?,
            };
            match content {
                Some(content) => match key_of(&content, certificate) {
                    Some(key) => {
                        return Ok(Ok(Some(HeldKey {
                            key: Arc::new(key),
                            pem: content,
                        })));
                    }
                    None => return Ok(Err(Deviation::KeyFileDiffers { path: place.path })),
                },
                None if missing.is_none() || !delivery.keep_key => missing = Some(place.path),
                None => {}
            }
        }
        Ok(Err(Deviation::KeyFileMissing {
            path: missing.unwrap_or_default(),
        }))
    }

    /// Looks into a file of a certificate whose files are named after a host.
    pub(in crate::authority) fn look_at(
        &self,
        place: &WantedFile,
        certificate: &Certificate,
        host: &GeneralName,
        delivery: &Delivery,
    ) -> Result<Found, AuthorityError> {
        let content = self.content_at(place, certificate, host, delivery)?;
        Ok(content.map_or(Found::Nothing, |content| {
            judge(place.file, &content, certificate, delivery)
        }))
    }

    /// The content of a file, `None` where there is none.
    fn content_at(
        &self,
        place: &WantedFile,
        certificate: &Certificate,
        host: &GeneralName,
        delivery: &Delivery,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, AuthorityError> {
        match place.place {
            Place::Kept => Ok(self
                .records()
                .content(certificate.serial(), Some(host), place.file)?),
            Place::Linked => match StableNames::of(delivery, host)? {
                Some(names) => names.content(place.file),
                None => Ok(None),
            },
            Place::Numbered | Place::Single => self.delivered_content(&place.path),
        }
    }

    /// What a certificate's names lead to: what a set with this certificate has already, then what the records keep, then what is made anew.
    fn linked_contents(
        &self,
        certificate: &Certificate,
        key: Option<&HeldKey>,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Contents, AuthorityError> {
        let host = host_of(certificate, plan);
        let names = StableNames::of(delivery, host)?;
        let mut contents = Vec::new();
        for file in delivery.handed(key.is_some()) {
            let is_kept = |content: &Zeroizing<Vec<u8>>| {
                matches!(
                    judge(file, content, certificate, delivery),
                    Found::Right | Found::Unopened
                )
            };
            let there = names
                .as_ref()
                .and_then(|names| names.content_with(certificate, file))
                .filter(is_kept);
            let kept = || {
                let kept = self
                    .records()
                    .content(certificate.serial(), Some(host), file)
                    .ok()??;
                Some(kept).filter(|_| file == HostFile::Pfx).filter(is_kept)
            };
            let content = match there.or_else(kept) {
                Some(content) => content,
                None => self.content_of(file, certificate, key, plan, delivery, session)?,
            };
            contents.push((file, content));
        }
        Ok(contents)
    }

    fn content_of(
        &self,
        file: HostFile,
        certificate: &Certificate,
        key: Option<&HeldKey>,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, AuthorityError> {
        match (file, key, &delivery.pfx) {
            (HostFile::Key, Some(key), _) => Ok(key.pem.clone()),
            (HostFile::OwnCopy, ..) => Ok(Self::own_copy(certificate).1),
            (HostFile::Chain, ..) => Ok(Zeroizing::new(self.chain_pem(session.now).into_bytes())),
            (HostFile::Pfx, Some(key), Some(order)) => {
                self.pfx(&key.key, certificate, &plan.friendly_name(), order, session)
            }
            _ => Ok(Zeroizing::new(
                self.with_intermediates(certificate, session.now).into_bytes(),
            )),
        }
    }
}

impl Comparison {
    /// A certificate that a new one is to take the place of.
    fn to_replace(certificate: Certificate, deviations: Vec<Deviation>) -> Self {
        let found = FoundHost {
            certificate,
            files: IssuedFiles::default(),
        };
        Self {
            found: Some(found),
            deviations,
            remedy: Remedy::Issue,
            unopened: Vec::new(),
            readable: Vec::new(),
            unknown: None,
            missing: Vec::new(),
            key: None,
        }
    }

    /// Whether nothing is missing but what is delivered outside of the repository, and can be written again.
    pub(in crate::authority) fn lacks_delivered_files_only(&self) -> bool {
        self.remedy == Remedy::Restore && self.missing.iter().all(|missing| missing.place != Place::Kept)
    }

    /// The files that [`Authority::restore_files`] would write.
    pub fn missing_files(&self) -> impl Iterator<Item = &Path> {
        self.missing.iter().map(|missing| missing.path.as_path())
    }

    /// The codes of the deviations, as the audit log has them.
    pub fn codes(&self) -> Vec<&'static str> {
        self.deviations.iter().map(Deviation::code).collect()
    }
}

/// Every place where a file is required: where the records keep it, in the folder for output, and last the
/// CA's own copy: once it is there, the host has all its files.
pub(in crate::authority) fn places(wanted: &IssuedFiles) -> Vec<WantedFile> {
    let (own_copy, of_host): (Vec<_>, Vec<_>) = wanted
        .kept
        .iter()
        .map(|(file, path)| WantedFile {
            file: *file,
            path: path.clone(),
            place: Place::Kept,
        })
        .partition(|place| place.file == HostFile::OwnCopy);
    let delivered = wanted.delivered.iter().map(|delivered| WantedFile {
        file: delivered.file,
        path: delivered.path.clone(),
        place: delivered.place,
    });
    of_host.into_iter().chain(delivered).chain(own_copy).collect()
}

fn missing_deviation(place: &WantedFile) -> Deviation {
    let path = place.path.clone();
    match place.file {
        _ if place.place != Place::Kept => Deviation::OutputMissing { path },
        HostFile::Certificate | HostFile::Chain | HostFile::OwnCopy => {
            Deviation::HostCertificateMissing { path }
        }
        HostFile::Key => Deviation::KeyFileMissing { path },
        HostFile::Pfx => Deviation::PfxMissing { path },
    }
}

/// The name used for the files of a certificate: its first name, in the case in which it was typed.
fn host_of<'a>(certificate: &'a Certificate, plan: &'a IssuePlan<'_>) -> &'a GeneralName {
    certificate
        .subject_alternative_names()
        .and_then(<[_]>::first)
        .unwrap_or(plan.host())
}

/// Whether a content is what a file of a certificate must have.
fn judge(file: HostFile, content: &[u8], certificate: &Certificate, delivery: &Delivery) -> Found {
    let is_right = match file {
        // The intermediates behind it may be older ones.
        HostFile::Certificate | HostFile::OwnCopy => {
            decode_certificates(content).is_ok_and(|found| found.first() == Some(certificate))
        }
        HostFile::Chain => decode_certificates(content)
            .is_ok_and(|found| found.first().is_some_and(|first| certificate.is_issued_by(first))),
        HostFile::Key => key_of(content, certificate).is_some(),
        HostFile::Pfx => {
            let password = delivery.pfx.as_ref().map_or("", |order| &order.password);
            return in_pfx(content, certificate, password);
        }
    };
    if is_right { Found::Right } else { Found::Wrong }
}

/// Whether a PFX holds a certificate with its key, as far as the password opens it.
fn in_pfx(content: &[u8], certificate: &Certificate, password: &str) -> Found {
    match decode_pfx(content, password) {
        Ok(contents) => {
            let has_certificate = contents
                .certificates
                .iter()
                .any(|found| found.certificate == *certificate);
            let has_key = contents.keys.iter().any(|found| {
                found
                    .key
                    .public_key()
                    .is_some_and(|key| key.is_pair_of(certificate.public_key()))
            });
            if has_certificate && has_key {
                Found::Right
            } else {
                Found::Wrong
            }
        }
        Err(PfxReadError::Encoding(_) | PfxReadError::Structure { .. } | PfxReadError::Version(_)) => {
            Found::Wrong
        }
        Err(_) => Found::Unopened,
    }
}

/// The private key in a file, if it is that of a certificate.
fn key_of(content: &[u8], certificate: &Certificate) -> Option<PrivateKey> {
    decode_private_key(content, None)
        .ok()
        .filter(|key| key.public_key().is_pair_of(certificate.public_key()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, delivery, in_days, now, order};
    use gsec_pki::x509::RevocationReason;
    use time::Duration;

    fn compared(site: &Site, delivery: &Delivery, at: time::OffsetDateTime) -> (Remedy, Vec<&'static str>) {
        let plan = site
            .authority
            .plan_host(order("a.example.com"), at)
            .expect("a plan");
        let margin = RenewalMargin {
            now: at,
            renew_before: Duration::days(30),
        };
        let found = site
            .authority
            .compare_host(&plan, delivery, margin)
            .expect("an answer");
        let codes = found.deviations.iter().map(Deviation::code).collect();
        (found.remedy, codes)
    }

    #[test]
    fn what_is_done_about_what_a_host_has() {
        let site = Site::new();
        let ask = |at| compared(&site, &delivery(), at);
        assert_eq!(ask(now()), (Remedy::Issue, vec!["no_certificate"]));
        let certificate = site.issue("a.example.com");
        assert_eq!(ask(now()), (Remedy::Nothing, vec![]));
        assert_eq!(ask(in_days(69)), (Remedy::Nothing, vec![]));
        assert_eq!(ask(in_days(70)), (Remedy::Issue, vec!["near_expiry"]));
        assert_eq!(ask(in_days(101)), (Remedy::Issue, vec!["expired"]));
        site.revoke(&certificate, RevocationReason::Superseded);
        assert_eq!(ask(now()), (Remedy::Issue, vec!["revoked"]));
        site.issue("a.example.com");
        assert_eq!(
            ask(now()),
            (Remedy::Nothing, vec![]),
            "the newest valid one counts"
        );
    }

    #[test]
    fn files_that_are_missing_are_restored_and_nothing_is_replaced() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        let path = |file: HostFile| {
            let host = order("a.example.com").host;
            site.authority
                .directory()
                .in_repository(&file.name(certificate.serial(), host.as_ref()).expect("a name"))
        };
        std::fs::remove_file(path(HostFile::Certificate)).expect("removed");
        assert_eq!(
            compared(&site, &delivery(), now()),
            (Remedy::Restore, vec!["host_certificate_missing"])
        );
        std::fs::remove_file(path(HostFile::Key)).expect("removed");
        assert_eq!(
            compared(&site, &delivery(), now()),
            (Remedy::Issue, vec!["key_file_missing"]),
            "a key cannot be made again"
        );
    }

    #[test]
    fn file_of_another_in_the_folder_for_output_stays() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        let folder = tempfile::tempdir().expect("a folder");
        let there = Delivery {
            out_dir: Some(folder.path().to_owned()),
            ..delivery()
        };
        let missing = compared(&site, &there, now());
        assert_eq!(missing.0, Remedy::Restore);
        assert!(
            missing.1.iter().all(|code| *code == "output_missing"),
            "{missing:?}"
        );
        let host = order("a.example.com").host;
        let name = HostFile::Certificate
            .name(certificate.serial(), host.as_ref())
            .expect("a name");
        std::fs::write(
            folder.path().join(name.as_str()),
            site.authority.certificate().to_pem(),
        )
        .expect("a file");
        let (remedy, codes) = compared(&site, &there, now());
        assert!(
            remedy == Remedy::Refuse && codes.contains(&"output_differs"),
            "{codes:?}"
        );
    }
}
