//! The keys that the CA had before: what they issued is still this CA's, and they go on signing the CRL for it.

use std::path::{Path, PathBuf};

use thiserror::Error;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::authority::{Authority, AuthorityError, Unlocked};
use crate::files::FilesError;
use crate::home::{CaDir, CaKey, KeySourceError, PreviousFile, StoreError};
use gsec_pki::key::{PublicKey, SignatureCheck, Signer};
use gsec_pki::x509::{Certificate, CertificateError, decode_certificates};

/// A key that the CA had before.
pub struct PreviousKey {
    folder: PathBuf,
    certificate: Certificate,
    /// The certificate of the next key, signed by this one.
    new_with_old: Option<Certificate>,
}

impl PreviousKey {
    /// Its root certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A file of it.
    pub fn file(&self, file: PreviousFile) -> PathBuf {
        self.folder.join(file.name())
    }
}

/// Why a certificate under `previous/` is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unproven {
    /// It does not read, or is not a file of its own.
    #[error("it is not a readable certificate")]
    Unreadable,
    /// RFC 4210 §4.4: a change of key keeps the name.
    #[error("it is for another name than the CA's")]
    OtherName,
    /// The folder is named by another key.
    #[error("its folder is not named by its key identifier")]
    OtherFolder,
    /// A root is signed by its own key.
    #[error("it is not signed by its own key")]
    NotSelfSigned,
    /// `old_with_new.pem` is missing, or not signed by a key of this CA.
    #[error("no key of this CA has certified its key (`old_with_new.pem`)")]
    NotCertified,
}

/// What is under `ca_conf/previous/`.
#[derive(Default)]
pub struct FormerKeys {
    /// The keys that this CA had before.
    pub proven: Vec<PreviousKey>,
    /// Folders with a certificate that is not proven to be of such a key. It is not trusted.
    pub unproven: Vec<(PathBuf, Unproven)>,
}

impl FormerKeys {
    /// Reads what is under `previous/`, and believes nothing that the present key has not certified, by itself or through a key that it
    /// has certified: each change of key leaves the old key's certificate signed by the new one (RFC 4210 §4.4).
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when a folder or file may not be read.
    pub fn read(directory: &CaDir, present: &Certificate) -> Result<Self, AuthorityError> {
        let (mut waiting, mut found) = (Vec::new(), Self::default());
        for folder in directory.previous_keys()? {
            match Candidate::read(directory, &folder, present)? {
                // The folder of a certificate that was renewed for the same key has nothing to add.
                Ok(candidate) if candidate.key.certificate.public_key() == present.public_key() => {}
                Ok(candidate) => waiting.push(candidate),
                Err(problem) => found.unproven.push((folder, problem)),
            }
        }
        let mut certifiers = vec![present.public_key().clone()];
        while let Some(certifier) = certifiers.pop() {
            let (proven, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|candidate: &Candidate| candidate.is_certified_by(&certifier));
            certifiers.extend(proven.iter().map(|candidate| candidate.key.certificate.public_key().clone()));
            found.proven.extend(proven.into_iter().map(|candidate| candidate.key));
            waiting = others;
        }
        found.unproven.extend(waiting.into_iter().map(|candidate| (candidate.key.folder, Unproven::NotCertified)));
        found.proven.sort_by(|one, other| one.folder.cmp(&other.folder));
        Ok(found)
    }
}

/// A folder under `previous/` that looks like one of this CA's.
struct Candidate {
    key: PreviousKey,
    old_with_new: Option<Certificate>,
}

impl Candidate {
    fn read(directory: &CaDir, folder: &Path, present: &Certificate) -> Result<Result<Self, Unproven>, AuthorityError> {
        let read = |file: PreviousFile| match first_certificate(directory, folder.join(file.name())) {
            Ok(certificate) => Ok(certificate),
            Err(AuthorityError::Store(error @ StoreError::Files(FilesError::Io { .. }))) => Err(error),
            Err(_) => Ok(None),
        };
        let Some(certificate) = read(PreviousFile::Certificate)? else { return Ok(Err(Unproven::Unreadable)) };
        let problem = if !certificate.subject().is_same_name(present.subject()) {
            Some(Unproven::OtherName)
        } else if directory.previous_of(certificate.public_key()) != folder {
            Some(Unproven::OtherFolder)
        } else if certificate.verify_signature(certificate.public_key()) == SignatureCheck::Bad {
            Some(Unproven::NotSelfSigned)
        } else {
            None
        };
        if let Some(problem) = problem {
            return Ok(Err(problem));
        }
        let key = PreviousKey { folder: folder.to_owned(), new_with_old: read(PreviousFile::NewWithOld)?, certificate };
        Ok(Ok(Self { key, old_with_new: read(PreviousFile::OldWithNew)? }))
    }

    fn is_certified_by(&self, certifier: &PublicKey) -> bool {
        self.old_with_new.as_ref().is_some_and(|cross| {
            let is_of_key = cross.public_key() == self.key.certificate.public_key() && cross.subject().is_same_name(self.key.certificate.subject());
            is_of_key && cross.verify_signature(certifier) == SignatureCheck::Good
        })
    }
}

/// The content of a file that may be missing.
pub(in crate::authority) fn read_if_there(directory: &CaDir, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    match directory.read(path) {
        Err(StoreError::Files(FilesError::Io { source, .. })) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        content => content.map(Some),
    }
}

/// The first certificate in a file; `None` without the file.
pub(in crate::authority) fn first_certificate(directory: &CaDir, path: PathBuf) -> Result<Option<Certificate>, AuthorityError> {
    let Some(content) = read_if_there(directory, &path)? else { return Ok(None) };
    let wrong = |source: CertificateError| AuthorityError::Certificate { path: path.clone(), source };
    Ok(decode_certificates(&content).map_err(wrong)?.into_iter().next())
}

impl Authority {
    /// The keys that the CA had before.
    pub fn previous(&self) -> &[PreviousKey] {
        &self.previous
    }

    /// What trusts everything that this CA issued: its certificate, those above it, and those of the keys before.
    pub fn trusted(&self) -> impl Iterator<Item = &Certificate> {
        self.path_upwards().chain(self.previous.iter().map(PreviousKey::certificate))
    }

    /// What hosts hand over besides their own certificate while peers still trust a former root: the present key certified by
    /// the one before, that one by the one before it, and so on while their roots are in date. Below a root whose key was changed it is what
    /// the parent CA handed over.
    pub fn changeover(&self, now: OffsetDateTime) -> Vec<&Certificate> {
        let (mut found, mut key) = (Vec::new(), self.certificate().public_key());
        while found.len() < self.previous.len() {
            let certifies = |previous: &&PreviousKey| previous.new_with_old.as_ref().is_some_and(|cross| cross.public_key() == key);
            let Some(step) = self.previous.iter().find(certifies) else { break };
            let Some(cross) = step.new_with_old.as_ref().filter(|cross| cross.not_after() >= now) else { break };
            found.push(cross);
            key = step.certificate.public_key();
        }
        found.extend(self.above_changeover.iter().filter(|cross| cross.not_after() >= now));
        found
    }

    /// Opens the keys that still sign a CRL: those whose root is in date, and whose key file is there. An administrator who takes a
    /// key file away, because the key got out, takes its CRL with it.
    pub(in crate::authority) fn open_previous(
        &self,
        unlocked: &Unlocked,
        now: OffsetDateTime,
    ) -> Result<Vec<(&PreviousKey, Box<dyn Signer>)>, AuthorityError> {
        let in_date = self.previous.iter().filter(|previous| previous.certificate.not_after() >= now);
        let opened = in_date.filter_map(|previous| self.open_key_of(previous, unlocked).transpose().map(|key| Ok((previous, key?))));
        opened.collect()
    }

    fn open_key_of(&self, previous: &PreviousKey, unlocked: &Unlocked) -> Result<Option<Box<dyn Signer>>, AuthorityError> {
        let certified = previous.certificate.public_key();
        let Some(opened) = unlocked.source().open(CaKey::Former(certified)).map_err(|error| match error {
            KeySourceError::Key { place, source } => AuthorityError::Key { path: place, source },
            error => error.into(),
        })?
        else {
            return Ok(None);
        };
        if opened.signer.public_key() != certified {
            let certificate = previous.file(PreviousFile::Certificate);
            return Err(AuthorityError::mismatch(opened.place, opened.signer.public_key(), certificate, certified));
        }
        Ok(Some(opened.signer))
    }
}

/// What peers trust while certificates of former keys are in use, as PEM: the newest root, and the others that have not ended.
pub(in crate::authority) fn bundle<'a>(newest: &'a Certificate, others: impl Iterator<Item = &'a Certificate>, now: OffsetDateTime) -> String {
    std::iter::once(newest).chain(others.filter(|other| other.not_after() >= now)).map(Certificate::to_pem).collect()
}
