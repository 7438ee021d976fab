//! Making a CA directory: it is there whole, or not at all.

use std::fs;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use super::attributes::NOT_UNIQUE;
use super::audit::{FirstLines, first_lines, not_signed};
use super::layout::exists;
use super::serial::number_file;
use super::{AuditEntry, AuditHead, AuditStamp, CaDir, StoreError};
use crate::files::{
    CA_KEY_MODE, FOLDER_MODE, FilesError, PRIVATE_MODE, PUBLIC_MODE, TEMPORARY_PREFIX, check_writable, create_folder, expect_guarded_way, parent_of,
    read_own_file, replace_file, set_folder_mode_and_owner, stage, sync_folder,
};
use gsec_pki::x509::SerialNumber;

/// What says who a new CA is, PEM.
#[derive(Clone, Copy)]
pub enum Identity<'a> {
    /// The CA certificate, and those above it.
    Certificates(&'a str),
    /// The request for a certificate, which it waits for.
    Request(&'a str),
}

/// What a new CA directory begins with.
pub struct NewDirectory<'a> {
    /// What says who it is.
    pub identity: Identity<'a>,
    /// The CA's private key as PEM, encrypted or not.
    pub key_pem: Zeroizing<String>,
    /// `ca.conf`.
    pub openssl_configuration: &'a str,
    /// `gsec.toml`.
    pub policy: &'a str,
    /// What the audit log begins with.
    pub audit: &'a AuditEntry,
    /// The time of its first line, and the key that signs it.
    pub stamp: &'a AuditStamp<'a>,
}

/// Makes a CA directory. `ca_conf/` is filled under a temporary name and then renamed: whatever is killed when, there is
/// a whole CA or none, and of two calls at once one succeeds. Returns the head of its audit log.
///
/// # Errors
/// [`StoreError::CaExists`] when there is a CA or anything else in its place; [`StoreError::Files`].
pub fn create_directory(ca_dir: &CaDir, new: &NewDirectory<'_>) -> Result<AuditHead, StoreError> {
    ca_dir.refuse_existing()?;
    let root = ca_dir.root();
    expect_guarded_way(root)?;
    create_with_parents(root)?;
    // Its name becomes durable with that of ca_conf/ below.
    create_folder(&ca_dir.repository(), FOLDER_MODE)?;
    let unfinished = tempfile::Builder::new().prefix(TEMPORARY_PREFIX).tempdir_in(root).map_err(StoreError::io("create a folder in", root))?;
    let audit_head = fill(unfinished.path(), ca_dir, new)?;
    sync_folder(unfinished.path())?;
    match fs::rename(unfinished.path(), ca_dir.conf()) {
        Ok(()) => {
            // The folder has its final name; there is nothing left to remove.
            let _ = unfinished.keep();
            sync_folder(root)?;
            Ok(audit_head)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory) => {
            Err(StoreError::CaExists(ca_dir.conf()))
        }
        Err(error) => Err(StoreError::io("create", &ca_dir.conf())(error)),
    }
}

/// Creates the directory and what is missing above it, each name durable in its own folder.
fn create_with_parents(root: &Path) -> Result<(), StoreError> {
    let missing: Vec<&Path> = root.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).collect();
    for folder in missing.into_iter().rev() {
        if create_folder(folder, FOLDER_MODE)? {
            sync_folder(parent_of(folder))?;
        }
    }
    Ok(())
}

fn fill(folder: &Path, ca_dir: &CaDir, new: &NewDirectory<'_>) -> Result<AuditHead, StoreError> {
    set_folder_mode_and_owner(folder, ca_dir.root(), FOLDER_MODE)?;
    let (identity_file, identity) = match new.identity {
        Identity::Certificates(pem) => (ca_dir.ca_certificate(), pem),
        Identity::Request(pem) => (ca_dir.ca_request(), pem),
    };
    let first_number = number_file(&SerialNumber::one());
    let FirstLines { text: audit_log, head: audit_head, signed_head } =
        first_lines(std::slice::from_ref(new.audit), new.stamp).ok_or_else(|| not_signed(&ca_dir.audit_log()))?;
    let files: [(std::path::PathBuf, u32, &[u8]); 11] = [
        (ca_dir.ca_key(), CA_KEY_MODE, new.key_pem.as_bytes()),
        (identity_file, PUBLIC_MODE, identity.as_bytes()),
        (ca_dir.index(), PRIVATE_MODE, b""),
        (ca_dir.index_attributes(), PRIVATE_MODE, NOT_UNIQUE.as_bytes()),
        (ca_dir.serial(), PRIVATE_MODE, first_number.as_bytes()),
        (ca_dir.crl_number(), PRIVATE_MODE, first_number.as_bytes()),
        (ca_dir.openssl_configuration(), PUBLIC_MODE, new.openssl_configuration.as_bytes()),
        (ca_dir.policy(), PUBLIC_MODE, new.policy.as_bytes()),
        (ca_dir.audit_log(), PRIVATE_MODE, audit_log.as_bytes()),
        (ca_dir.signed_head(), PRIVATE_MODE, signed_head.as_bytes()),
        (ca_dir.lock(), PRIVATE_MODE, b""),
    ];
    files.into_iter().try_for_each(|(path, mode, content)| {
        let name = path.file_name().unwrap_or_default();
        stage(folder, mode, content)?.publish_new(&folder.join(name))
    })?;
    Ok(audit_head)
}

/// What `ca adopt` puts into a directory that the old scripts left.
pub struct Adoption<'a> {
    /// `gsec.toml`, where it is missing.
    pub policy: &'a str,
}

impl CaDir {
    /// Checks that nothing is in the place of a CA.
    ///
    /// # Errors
    /// [`StoreError::CaExists`], [`StoreError::Waiting`].
    pub fn refuse_existing(&self) -> Result<(), StoreError> {
        if self.is_waiting()? {
            return Err(StoreError::Waiting { request: self.ca_request(), directory: self.root().to_owned() });
        }
        if exists(&self.conf())? { Err(StoreError::CaExists(self.conf())) } else { Ok(()) }
    }

    /// Checks that the directory can be made, before anything is done for it elsewhere.
    ///
    /// # Errors
    /// [`StoreError::CaExists`], [`StoreError::Files`].
    pub fn expect_creatable(&self) -> Result<(), StoreError> {
        self.refuse_existing()?;
        expect_guarded_way(self.root())?;
        let existing = self.root().ancestors().find(|folder| folder.symlink_metadata().is_ok());
        Ok(check_writable(existing.unwrap_or(Path::new(".")))?)
    }

    /// Names of the files that adopting would add.
    pub fn missing_for_adoption(&self) -> Vec<std::path::PathBuf> {
        let is_missing = |path: &std::path::PathBuf| path.symlink_metadata().is_err();
        let has_no_line = || self.audit_log().symlink_metadata().map_or(true, |metadata| metadata.is_file() && metadata.len() == 0);
        let log = has_no_line().then(|| self.audit_log());
        [self.policy(), self.crl_number()].into_iter().filter(is_missing).chain(log).collect()
    }

    /// Whether the index allows several valid certificates of one subject.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn subjects_are_unique(&self) -> Result<bool, StoreError> {
        super::attributes::subjects_are_unique(self)
    }

    /// Adds what is missing and allows several certificates of one subject. What is changed is kept beside it first.
    /// Under the lock of the caller. Returns the copies that were kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn adopt(&self, adoption: &Adoption<'_>) -> Result<Vec<std::path::PathBuf>, StoreError> {
        let mut kept = Vec::new();
        if self.subjects_are_unique()? {
            kept.extend(self.keep_copy(&self.index_attributes())?);
            replace_file(&self.conf(), &self.index_attributes(), PRIVATE_MODE, NOT_UNIQUE.as_bytes())?;
        }
        let first_number = number_file(&SerialNumber::one());
        let additions = [(self.policy(), PUBLIC_MODE, adoption.policy), (self.crl_number(), PRIVATE_MODE, first_number.as_str())];
        for (path, mode, content) in additions {
            if path.symlink_metadata().is_err() {
                stage(&self.conf(), mode, content.as_bytes())?.publish_new(&path)?;
            }
        }
        sync_folder(&self.conf())?;
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
        match stage(&self.conf(), PRIVATE_MODE, &content)?.publish_new(&copy) {
            Ok(()) | Err(FilesError::WouldReplace(_)) => Ok(Some(copy)),
            Err(error) => Err(error.into()),
        }
    }
}
