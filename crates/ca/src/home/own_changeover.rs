//! Whether a change of key that waits to be finished is one that this CA began.
//!
//! Whoever could put a folder `.rekey` into `ca_conf/` would else give the CA a key of his own. What tells is the certificate of the new
//! key that the old one signed (RFC 4210 §4.4): nobody else can make it.

use std::path::Path;

use super::changeover::DECIDED;
use super::exists;
use super::{CaDir, PreviousFile, StoreError};
use crate::files::{FilesError, read_own_file};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{SignatureCheck, Signer, decode_private_key, is_encrypted_key_file};
use gsec_pki::x509::{Certificate, decode_certificates};

impl CaDir {
    /// Whether a change of key waits to be finished.
    ///
    /// # Errors
    /// [`StoreError::Files`]; [`StoreError::ForeignChangeover`] when it is not this CA's.
    pub fn has_own_changeover(&self) -> Result<bool, StoreError> {
        let decided = self.conf().join(DECIDED);
        if !exists(&decided)? {
            return Ok(false);
        }
        let wrong = |problem: String| StoreError::ForeignChangeover { path: decided.clone(), problem };
        expect_owned(self, &decided).map_err(|error| wrong(error.to_string()))?;
        match self.problem_of(&decided)? {
            Some(problem) => Err(wrong(problem)),
            None => Ok(true),
        }
    }

    /// Why what is staged does not follow from the present key. When the new certificate has gone to its place, everything has: an
    /// empty folder may be left, and a key that goes nowhere.
    fn problem_of(&self, decided: &Path) -> Result<Option<String>, StoreError> {
        let new_path = decided.join(PreviousFile::Certificate.name());
        let key_path = decided.join(PreviousFile::Key.name());
        if !exists(&new_path)? {
            return self.problem_of_keys(decided);
        }
        let (new, present) = (first_certificate(&new_path)?, first_certificate(&self.ca_certificate())?);
        if new.subject() != present.subject() {
            return Ok(Some(format!("its certificate is for `{}`, and this CA is `{}`", new.subject(), present.subject())));
        }
        let folder = encode(&present.public_key().key_identifier(), Separator::None);
        let staged = decided.join("previous");
        if exists(&staged)? {
            for entry in std::fs::read_dir(&staged).map_err(StoreError::io("read", &staged))? {
                let name = entry.map_err(StoreError::io("read", &staged))?.file_name();
                if name.to_str() != Some(folder.as_str()) {
                    return Ok(Some("it has a former key that is not the present one".into()));
                }
            }
        }
        let places = [staged.join(&folder), self.previous().join(&folder)].map(|place| place.join(PreviousFile::NewWithOld.name()));
        let mut is_certified = false;
        for place in places {
            is_certified |= exists(&place)? && certifies(&present, &new, &first_certificate(&place)?);
        }
        if !is_certified {
            return Ok(Some("its key is not certified by the present one".into()));
        }
        if exists(&key_path)? {
            let content = read_own_file(&key_path)?;
            let is_other = || decode_private_key(&content, None).map_or(true, |key| key.public_key() != new.public_key());
            if !is_encrypted_key_file(&content) && is_other() {
                return Ok(Some("its key and its certificate are no pair".into()));
            }
        }
        Ok(None)
    }
}

impl CaDir {
    /// As [`CaDir::problem_of`] where there is no new certificate: then it is the CA's own keys that are written again, under another
    /// passphrase. What is encrypted says nothing; before it is used, the key is compared with its certificate.
    fn problem_of_keys(&self, decided: &Path) -> Result<Option<String>, StoreError> {
        let mut left = vec![(decided.to_owned(), self.conf())];
        while let Some((folder, place)) = left.pop() {
            for entry in std::fs::read_dir(&folder).map_err(StoreError::io("read", &folder))? {
                let entry = entry.map_err(StoreError::io("read", &folder))?;
                let (path, target) = (entry.path(), place.join(entry.file_name()));
                if path.is_dir() {
                    left.push((path, target));
                    continue;
                }
                if entry.file_name() != PreviousFile::Key.name() {
                    return Ok(Some("there is no certificate of the new key in it".into()));
                }
                let content = read_own_file(&path)?;
                let certificate = first_certificate(&place.join(PreviousFile::Certificate.name()))?;
                let is_other = || decode_private_key(&content, None).map_or(true, |key| key.public_key() != certificate.public_key());
                if !is_encrypted_key_file(&content) && is_other() {
                    return Ok(Some("it has a key that is not the CA's".into()));
                }
            }
        }
        Ok(None)
    }
}

/// Whether the present key says of the new certificate's key that it is the next.
fn certifies(present: &Certificate, new: &Certificate, cross: &Certificate) -> bool {
    cross.public_key() == new.public_key() && cross.verify_signature(present.public_key()) == SignatureCheck::Good
}

fn first_certificate(path: &Path) -> Result<Certificate, StoreError> {
    let wrong = |source| StoreError::Certificate { path: path.to_owned(), source };
    let first = decode_certificates(&read_own_file(path)?).map_err(wrong)?.into_iter().next();
    first.ok_or_else(|| wrong(gsec_pki::x509::CertificateError::NoCertificate { found: "nothing".into() }))
}

/// Checks that the folder and all that is in it belong to those who may change the CA, and that nobody else can write there.
#[cfg(unix)]
fn expect_owned(ca_dir: &CaDir, folder: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt;

    use crate::files::{Trusted, expect_plain};
    let trusted = Trusted::for_directory(ca_dir.root())?;
    let mut left = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        let metadata = path.symlink_metadata().map_err(StoreError::io("open", &path))?;
        expect_plain(&path, &metadata, &trusted)?;
        let mode = metadata.mode() & 0o7777;
        if mode & 0o022 != 0 {
            let by = if mode & 0o002 != 0 { "everybody" } else { "its group" };
            return Err(StoreError::Files(FilesError::Writable { path, mode, by }));
        }
        if metadata.is_dir() {
            for entry in std::fs::read_dir(&path).map_err(StoreError::io("read", &path))? {
                left.push(entry.map_err(StoreError::io("read", &path))?.path());
            }
        }
    }
    Ok(())
}

/// Owners and modes are a matter of UNIX.
#[cfg(not(unix))]
fn expect_owned(_ca_dir: &CaDir, _folder: &Path) -> Result<(), StoreError> {
    Ok(())
}
