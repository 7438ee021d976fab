//! The keys that the CA had before: what they issued is still this CA's, and they go on signing the CRL for it.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{Authority, AuthorityError, Unlocked};
use crate::key::{PrivateKey, PublicKey, Signer, decode_private_key};
use crate::store::{CaDir, PreviousFile, StoreError, key_file_looseness};
use crate::x509::{Certificate, CertificateError, decode_certificates};

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

/// Reads the keys that were before the present one.
pub(super) fn read_previous(directory: &CaDir, present: &PublicKey) -> Result<Vec<PreviousKey>, AuthorityError> {
    let mut found = Vec::new();
    for folder in directory.previous_keys()? {
        let read = |file: PreviousFile| first_certificate(directory, folder.join(file.name()));
        let Some(certificate) = read(PreviousFile::Certificate)? else { continue };
        if certificate.public_key() != present {
            found.push(PreviousKey { new_with_old: read(PreviousFile::NewWithOld)?, certificate, folder });
        }
    }
    Ok(found)
}

/// The content of a file that may be missing.
pub(super) fn read_if_there(directory: &CaDir, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    match directory.read(path) {
        Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        content => content.map(Some),
    }
}

/// The first certificate in a file; `None` without the file.
fn first_certificate(directory: &CaDir, path: PathBuf) -> Result<Option<Certificate>, AuthorityError> {
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
    /// the one before, that one by the one before it, and so on while their roots are in date.
    pub fn changeover(&self, now: OffsetDateTime) -> Vec<&Certificate> {
        let (mut found, mut key) = (Vec::new(), self.certificate().public_key());
        while found.len() < self.previous.len() {
            let certifies = |previous: &&PreviousKey| previous.new_with_old.as_ref().is_some_and(|cross| cross.public_key() == key);
            let Some(step) = self.previous.iter().find(certifies) else { break };
            let Some(cross) = step.new_with_old.as_ref().filter(|cross| cross.not_after() >= now) else { break };
            found.push(cross);
            key = step.certificate.public_key();
        }
        found
    }

    /// Opens the keys that still sign a CRL: those whose root is in date, and whose key file is there. An administrator who takes a
    /// key file away, because the key got out, takes its CRL with it.
    pub(super) fn open_previous(&self, unlocked: &Unlocked, now: OffsetDateTime) -> Result<Vec<(&PreviousKey, PrivateKey)>, AuthorityError> {
        let in_date = self.previous.iter().filter(|previous| previous.certificate.not_after() >= now);
        let opened = in_date.filter_map(|previous| self.open_key_of(previous, unlocked).transpose().map(|key| Ok((previous, key?))));
        opened.collect()
    }

    fn open_key_of(&self, previous: &PreviousKey, unlocked: &Unlocked) -> Result<Option<PrivateKey>, AuthorityError> {
        let path = previous.file(PreviousFile::Key);
        let Some(content) = read_if_there(self.directory(), &path)? else { return Ok(None) };
        key_file_looseness(&path)?;
        let key = decode_private_key(&content, unlocked.passphrase()).map_err(|source| AuthorityError::Key { path: path.clone(), source })?;
        if key.public_key() != previous.certificate.public_key() {
            return Err(AuthorityError::mismatch(
                path,
                key.public_key(),
                previous.file(PreviousFile::Certificate),
                previous.certificate.public_key(),
            ));
        }
        Ok(Some(key))
    }
}

/// What peers trust while certificates of former keys are in use, as PEM: the newest root, and the others that have not ended.
pub(super) fn bundle<'a>(newest: &'a Certificate, others: impl Iterator<Item = &'a Certificate>, now: OffsetDateTime) -> String {
    std::iter::once(newest).chain(others.filter(|other| other.not_after() >= now)).map(Certificate::to_pem).collect()
}
