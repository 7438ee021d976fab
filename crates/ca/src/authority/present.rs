//! What a host has, compared with what is wanted: certificate, key and files. What only lacks files is completed, and nothing issued.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::compare::compare;
use super::{Authority, AuthorityError, CompromisedKey, Delivery, Deviation, FoundHost, HostKey, IssuePlan, IssuedFiles, RenewalMargin, Session};
use crate::files::{Access, FileName, FilesError, OutputFile, read_file, write_new_files};
use crate::store::{AuditHead, Commit, HostIndex, LocatedRecord, Record, RecordFinder, RecordStatus, StoreError};
use gsec_pki::key::{PrivateKey, Signer, decode_private_key, encode_private_key};
use gsec_pki::x509::{Certificate, RevocationList, decode_certificates};

/// So much of the end of `ca.db` is looked through for records without a file: a crash leaves them there, of a list up to 64 for each worker.
const RECENT_BYTES: u64 = 128 * 1024;

/// What can be done about deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// There are none.
    Nothing,
    /// Only files are missing, and can be written again.
    Restore,
    /// Only files are wrong, and stand where others would have to be written; nothing is replaced.
    Refuse,
    /// A new certificate.
    Issue,
}

/// The certificate that comes nearest to what is wanted, and what keeps it from it.
pub struct Comparison {
    /// The certificate, with the files that are wanted of it and are there; `None` where the CA has none for the host.
    pub found: Option<FoundHost>,
    /// What is not as it is wanted; empty when all is.
    pub deviations: Vec<Deviation>,
    /// What can be done about it.
    pub remedy: Remedy,
    missing: Vec<MissingFile>,
    key: Option<HeldKey>,
}

/// What was restored.
#[derive(Default)]
pub struct Restored {
    /// The files that were written.
    pub written: Vec<PathBuf>,
    /// All files that are wanted.
    pub files: IssuedFiles,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

/// The three files that a host is handed, and what the CA keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Certificate,
    Key,
    Pfx,
    /// The CA's own copy of the certificate.
    Kept,
}

struct MissingFile {
    path: PathBuf,
    piece: Piece,
}

/// A private key as its file has it.
struct HeldKey {
    key: Arc<PrivateKey>,
    pem: Zeroizing<Vec<u8>>,
}

/// What stands in a place where a file is wanted.
#[derive(PartialEq, Eq)]
enum Found {
    Nothing,
    Right,
    Wrong,
}

impl Authority {
    /// Compares what is wanted for a host with what it has: the newest valid certificate that is as wanted, else the one with the
    /// fewest deviations. Reads the index of hosts and the certificates that name the host. The CA key is not needed.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn compare_host(&self, plan: &IssuePlan<'_>, delivery: &Delivery, margin: RenewalMargin) -> Result<Comparison, AuthorityError> {
        let mut index = HostIndex::open(self.directory(), &mut |_| {})?;
        let records = index.find(&plan.host)?;
        let mut best: Option<Comparison> = None;
        // Valid ones from the newest on; where there is none, the newest.
        let (valid, others): (Vec<_>, Vec<_>) = records.into_iter().rev().partition(|found| found.record.is_valid_at(margin.now));
        let crls = if valid.is_empty() { Vec::new() } else { self.crls_at_hand() };
        let newest_other = others.into_iter().next().filter(|_| valid.is_empty());
        for LocatedRecord { record, .. } in valid.into_iter().chain(newest_other) {
            let Some(certificate) = self.issued_certificate(&record.serial) else { continue };
            let mut deviations = compare(plan, &record, &certificate, self.certificate(), margin, &crls);
            deviations.extend(self.compromised_elsewhere(&mut index, &record, &certificate, &crls)?);
            let comparison = if deviations.is_empty() {
                self.compare_files(plan, delivery, certificate)?
            } else {
                Comparison::to_replace(certificate, deviations)
            };
            if comparison.remedy != Remedy::Issue {
                return Ok(comparison);
            }
            best = [best, Some(comparison)].into_iter().flatten().min_by_key(|comparison| comparison.deviations.len());
        }
        if let Some(left_behind) = self.compare_left_behind(plan, delivery, margin)? {
            return Ok(left_behind);
        }
        match best {
            Some(best) => Ok(best),
            None => {
                Ok(Comparison { found: None, deviations: vec![self.nothing_there(plan)?], remedy: Remedy::Issue, missing: Vec::new(), key: None })
            }
        }
    }

    /// That the key of a certificate which is not revoked was revoked as compromised under another serial number.
    pub(super) fn compromised_elsewhere(
        &self,
        index: &mut HostIndex<'_>,
        record: &Record,
        certificate: &Certificate,
        crls: &[RevocationList],
    ) -> Result<Option<Deviation>, AuthorityError> {
        if record.status == RecordStatus::Revoked {
            return Ok(None);
        }
        let compromised = self.compromised_in(index, certificate.public_key(), crls)?;
        Ok(compromised.map(|CompromisedKey { serial, reason, .. }| Deviation::KeyCompromised { serial, reason }))
    }

    /// Writes the files that a comparison found missing. The audit log tells of it first.
    ///
    /// # Errors
    /// [`AuthorityError::Deviates`] when another file stands where one is wanted; [`AuthorityError::Store`].
    pub fn restore_files(
        &self,
        comparison: Comparison,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Restored, AuthorityError> {
        self.expect_restorable(&comparison, plan, delivery)?;
        let reasons = comparison.codes();
        let Comparison { found: Some(FoundHost { certificate, .. }), missing, key, .. } = comparison else { return Ok(Restored::default()) };
        let contents = missing.iter().map(|missing| self.content_of(missing, &certificate, key.as_ref(), plan, delivery, session));
        let contents = contents.collect::<Result<Vec<_>, _>>()?;
        let entry = self.audit_entry(session, &plan.audit_facts()).about(certificate.serial()).with("restored", missing.len());
        let entry = entry.with("reasons", reasons);
        let audit_head = Commit::begin(self.directory(), &mut session.wait)?.announce(&[entry], &session.stamp(None))?;
        let mut written = Vec::new();
        for (missing, content) in missing.iter().zip(contents) {
            let (Some(folder), Some(file)) = (missing.path.parent(), output_file(missing, content)) else { continue };
            match self.directory().output_folder(folder).and_then(|folder| Ok(write_new_files(&folder, &[file])?)) {
                Ok(paths) => written.extend(paths),
                // Another call has restored it meanwhile.
                Err(StoreError::Files(FilesError::WouldReplace(_))) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let files = self.wanted_files_of(&certificate, plan, delivery);
        Ok(Restored { written, files, audit_head })
    }

    /// Finds out before anything is written whether [`Authority::restore_files`] can do it.
    ///
    /// # Errors
    /// As [`Authority::restore_files`].
    pub fn expect_restorable(&self, comparison: &Comparison, plan: &IssuePlan<'_>, delivery: &Delivery) -> Result<(), AuthorityError> {
        let wrong = comparison.deviations.iter().find(|deviation| matches!(deviation, Deviation::OutputDiffers { .. }));
        match wrong {
            Some(wrong) if comparison.remedy == Remedy::Refuse => Err(AuthorityError::Deviates(wrong.clone())),
            _ => self.expect_deliverable(plan, delivery),
        }
    }

    fn is_own(&self, path: &Path) -> bool {
        path.parent() == Some(self.directory().repository().as_path())
    }

    /// Nobody has been issued for; or a crash has left a record of just this subject without its certificate.
    fn nothing_there(&self, plan: &IssuePlan<'_>) -> Result<Deviation, AuthorityError> {
        let nothing = || Deviation::NoCertificate { host: plan.host.value() };
        Ok(self.unfiled(plan)?.map_or_else(nothing, |record| Deviation::RecordWithoutFile { serial: record.serial }))
    }

    /// The newest of the last records of just this subject that has no certificate: it is being written, or a crash has left it.
    pub(super) fn unfiled(&self, plan: &IssuePlan<'_>) -> Result<Option<Record>, AuthorityError> {
        let subject = plan.subject.openssl_oneline();
        Ok(self.unfiled_records(&|record| record.subject == subject)?.pop())
    }

    /// Those of the last records that are wanted and have no certificate, the newest last.
    pub(super) fn unfiled_records(&self, is_wanted: &dyn Fn(&Record) -> bool) -> Result<Vec<Record>, AuthorityError> {
        let mut finder = RecordFinder::open(self.directory())?;
        let from = finder.length().saturating_sub(RECENT_BYTES);
        let mut unfiled = Vec::new();
        for found in finder.records_from(from)? {
            let record = found?.record;
            if record.revocation.is_none() && is_wanted(&record) && self.file_of(&record.serial).is_none() {
                unfiled.push(record);
            }
        }
        Ok(unfiled)
    }

    /// The files that are wanted of a certificate. They are named after its first name, in the case in which it was typed.
    fn wanted_files_of(&self, certificate: &Certificate, plan: &IssuePlan<'_>, delivery: &Delivery) -> IssuedFiles {
        let host = certificate.subject_alternative_names().and_then(<[_]>::first).unwrap_or(&plan.host);
        self.wanted_files(certificate.serial(), host, !matches!(plan.host_key, HostKey::Certified(_)), delivery)
    }

    /// Compares the files of a certificate that is as wanted.
    pub(super) fn compare_files(&self, plan: &IssuePlan<'_>, delivery: &Delivery, certificate: Certificate) -> Result<Comparison, AuthorityError> {
        let wanted = self.wanted_files_of(&certificate, plan, delivery);
        let key = match self.held_key(plan, delivery, &certificate)? {
            Ok(key) => key,
            Err(deviation) => return Ok(Comparison::to_replace(certificate, vec![deviation])),
        };
        let (mut there, mut deviations, mut missing) = (wanted.clone(), Vec::new(), Vec::new());
        for (piece, path) in places(&wanted) {
            match self.look_at(piece, &path, &certificate)? {
                Found::Right => {}
                Found::Nothing => {
                    there.forget(&path);
                    deviations.push(self.missing(piece, &path));
                    missing.push(MissingFile { path, piece });
                }
                Found::Wrong => deviations.push(Deviation::OutputDiffers { path, serial: certificate.serial().clone() }),
            }
        }
        let remedy = match (deviations.len(), missing.len()) {
            (0, _) => Remedy::Nothing,
            (wrong, missing) if wrong == missing => Remedy::Restore,
            _ => Remedy::Refuse,
        };
        Ok(Comparison { found: Some(FoundHost { certificate, files: there }), deviations, remedy, missing, key })
    }

    /// The private key of a certificate: the one that was given, the one in the repository, or the one in the folder for output.
    /// `None` where only the public half is wanted.
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
                return Ok(Ok(Some(HeldKey { key: key.clone(), pem })));
            }
            HostKey::Generate(_) => {}
        }
        let everywhere = Delivery { pfx: None, key_format: delivery.key_format, out_dir: delivery.out_dir.clone(), keep_key: true };
        let wanted = self.wanted_files_of(certificate, plan, &everywhere);
        let mut missing = None;
        for path in wanted.private_key.iter().chain(wanted.delivered.get(1)) {
            match self.content(path)? {
                Some(content) => match key_of(&content, certificate) {
                    Some(key) => return Ok(Ok(Some(HeldKey { key: Arc::new(key), pem: content }))),
                    None => return Ok(Err(Deviation::KeyFileDiffers { path: path.clone() })),
                },
                None if missing.is_none() || !delivery.keep_key => missing = Some(path.clone()),
                None => {}
            }
        }
        Ok(Err(Deviation::KeyFileMissing { path: missing.unwrap_or_default() }))
    }

    fn look_at(&self, piece: Piece, path: &Path, certificate: &Certificate) -> Result<Found, AuthorityError> {
        let Some(content) = self.content(path)? else { return Ok(Found::Nothing) };
        let is_right = match piece {
            // The intermediates behind it may be older ones.
            Piece::Certificate | Piece::Kept => decode_certificates(&content).is_ok_and(|found| found.first() == Some(certificate)),
            Piece::Key => key_of(&content, certificate).is_some(),
            // Its password may be another one, so that its content is not known.
            Piece::Pfx => true,
        };
        Ok(if is_right { Found::Right } else { Found::Wrong })
    }

    /// The content of a file, `None` where there is none.
    pub(super) fn content(&self, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, AuthorityError> {
        let content = if self.is_own(path) { self.directory().read(path) } else { read_file(path).map_err(StoreError::from) };
        match content {
            Ok(content) => Ok(Some(content)),
            Err(StoreError::Files(FilesError::Io { source, .. })) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn missing(&self, piece: Piece, path: &Path) -> Deviation {
        let path = path.to_owned();
        match piece {
            _ if !self.is_own(&path) => Deviation::OutputMissing { path },
            Piece::Certificate | Piece::Kept => Deviation::HostCertificateMissing { path },
            Piece::Key => Deviation::KeyFileMissing { path },
            Piece::Pfx => Deviation::PfxMissing { path },
        }
    }

    fn content_of(
        &self,
        missing: &MissingFile,
        certificate: &Certificate,
        key: Option<&HeldKey>,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, AuthorityError> {
        match (missing.piece, key, &delivery.pfx) {
            (Piece::Key, Some(key), _) => Ok(key.pem.clone()),
            (Piece::Kept, ..) => Ok(Self::as_kept(certificate.serial(), certificate).content),
            (Piece::Pfx, Some(key), Some(order)) => self.pfx(&key.key, certificate, &plan.friendly_name(), order, session),
            _ => Ok(Zeroizing::new(self.with_intermediates(certificate, session.now).into_bytes())),
        }
    }
}

impl Comparison {
    /// A certificate that a new one is to take the place of.
    fn to_replace(certificate: Certificate, deviations: Vec<Deviation>) -> Self {
        let found = FoundHost { certificate, files: IssuedFiles::default() };
        Self { found: Some(found), deviations, remedy: Remedy::Issue, missing: Vec::new(), key: None }
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

impl IssuedFiles {
    /// Takes out a file that is not there.
    fn forget(&mut self, path: &Path) {
        for kept in [&mut self.private_key, &mut self.pfx] {
            kept.take_if(|kept| kept == path);
        }
        if self.host_certificate == path {
            self.host_certificate = PathBuf::new();
        }
        self.delivered.retain(|delivered| delivered != path);
    }
}

/// Every place where a file is wanted: in the repository, in the folder for output, and last what the CA keeps, as where it is the host has
/// all its files.
fn places(wanted: &IssuedFiles) -> Vec<(Piece, PathBuf)> {
    let pieces = [Piece::Certificate, Piece::Key, Piece::Pfx];
    let kept = [Some(&wanted.host_certificate), wanted.private_key.as_ref(), wanted.pfx.as_ref()];
    let kept = pieces.into_iter().zip(kept).filter_map(|(piece, path)| Some((piece, path?.clone())));
    let delivered = pieces.into_iter().zip(wanted.delivered.iter().cloned());
    kept.chain(delivered).chain([(Piece::Kept, wanted.certificate.clone())]).collect()
}

/// The private key in a file, if it is that of a certificate.
fn key_of(content: &[u8], certificate: &Certificate) -> Option<PrivateKey> {
    decode_private_key(content, None).ok().filter(|key| key.public_key() == certificate.public_key())
}

fn output_file(missing: &MissingFile, content: Zeroizing<Vec<u8>>) -> Option<OutputFile> {
    let access = if matches!(missing.piece, Piece::Certificate | Piece::Kept) { Access::Public } else { Access::Secret };
    Some(OutputFile { name: FileName::new(missing.path.file_name()?.to_str()?)?, access, content })
}
