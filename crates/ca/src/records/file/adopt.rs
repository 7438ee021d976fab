//! Adopting a CA directory that the old scripts left: adding what is missing.

use std::path::Path;

use super::FileRecords;
use super::attributes::{NOT_UNIQUE, subjects_are_unique};
use super::serial::number_file;
use crate::files::{FilesError, PRIVATE_MODE, PUBLIC_MODE, read_own_file, replace_file, stage, sync_folder};
use crate::home::StoreError;
use gsec_pki::x509::SerialNumber;

/// What `ca adopt` puts into a directory that the old scripts left.
pub struct Adoption<'a> {
    /// `gsec.toml`, where it is missing.
    pub policy: &'a str,
}

impl FileRecords {
    /// Names of the files that adopting would add.
    pub fn missing_for_adoption(&self) -> Vec<std::path::PathBuf> {
        let is_missing = |path: &std::path::PathBuf| path.symlink_metadata().is_err();
        let has_no_line = || {
            self.home()
                .audit_log()
                .symlink_metadata()
                .map_or(true, |metadata| metadata.is_file() && metadata.len() == 0)
        };
        let log = has_no_line().then(|| self.home().audit_log());
        [self.home().policy(), self.home().crl_number()]
            .into_iter()
            .filter(is_missing)
            .chain(log)
            .collect()
    }

    /// Whether the index allows several valid certificates of one subject.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn subjects_are_unique(&self) -> Result<bool, StoreError> {
        subjects_are_unique(self.home())
    }

    /// Adds what is missing and allows several certificates of one subject. What is changed is kept beside it first.
    /// Under the lock of the caller. Returns the copies that were kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn adopt(&self, adoption: &Adoption<'_>) -> Result<Vec<std::path::PathBuf>, StoreError> {
        let mut kept = Vec::new();
        if self.subjects_are_unique()? {
            kept.extend(self.keep_copy(&self.home().index_attributes())?);
            replace_file(
                &self.home().conf(),
                &self.home().index_attributes(),
                PRIVATE_MODE,
                NOT_UNIQUE.as_bytes(),
            )?;
        }
        let first_number = number_file(&SerialNumber::one());
        let additions = [
            (self.home().policy(), PUBLIC_MODE, adoption.policy),
            (self.home().crl_number(), PRIVATE_MODE, first_number.as_str()),
        ];
        for (path, mode, content) in additions {
            if path.symlink_metadata().is_err() {
                stage(&self.home().conf(), mode, content.as_bytes())?.publish_new(&path)?;
            }
        }
        sync_folder(&self.home().conf())?;
        Ok(kept)
    }

    fn keep_copy(&self, path: &Path) -> Result<Option<std::path::PathBuf>, StoreError> {
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let content = read_own_file(path)?;
        let mut copy = path.as_os_str().to_owned();
        copy.push(".before-adopt");
        let copy = std::path::PathBuf::from(copy);
        match stage(&self.home().conf(), PRIVATE_MODE, &content)?.publish_new(&copy) {
            Ok(()) | Err(FilesError::WouldReplace(_)) => Ok(Some(copy)),
            Err(error) => Err(error.into()),
        }
    }
}
