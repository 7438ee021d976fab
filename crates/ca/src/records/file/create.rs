//! Making a CA directory: it is there whole, or not at all.

use std::fs;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use super::attributes::NOT_UNIQUE;
use super::audit_log::not_signed;
use super::serial::number_file;
use crate::files::{
    CA_KEY_MODE, FOLDER_MODE, PRIVATE_MODE, PUBLIC_MODE, TEMPORARY_PREFIX, create_folder, expect_guarded_way,
    parent_of, set_folder_mode_and_owner, stage, sync_folder,
};
use crate::home::{CaDir, StoreError};
use crate::records::audit::chain::{NewLines, first_lines};
use crate::records::{AuditEntry, AuditHead, AuditStamp};
use gsec_pki::x509::SerialNumber;

/// The certificate or request that identifies a new CA, PEM.
#[derive(Clone, Copy)]
pub enum Identity<'a> {
    /// The CA certificate, and those above it.
    Certificates(&'a str),
    /// The request for a certificate, which it waits for.
    Request(&'a str),
}

/// The initial content of a new CA directory.
pub struct NewDirectory<'a> {
    /// Its identity.
    pub identity: Identity<'a>,
    /// The CA's private key as PEM, encrypted or not.
    pub key_pem: Zeroizing<String>,
    /// `ca.conf`.
    pub openssl_configuration: &'a str,
    /// `gsec.toml`.
    pub policy: &'a str,
    /// The first entry of the audit log.
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
    let unfinished = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .tempdir_in(root)
        .map_err(StoreError::io("create a directory in", root))?;
    let audit_head = fill(unfinished.path(), ca_dir, new)?;
    sync_folder(unfinished.path())?;
    match fs::rename(unfinished.path(), ca_dir.conf()) {
        Ok(()) => {
            // The folder has its final name; there is nothing left to remove.
            let _ = unfinished.keep();
            sync_folder(root)?;
            Ok(audit_head)
        }
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::DirectoryNotEmpty
                    | io::ErrorKind::AlreadyExists
                    | io::ErrorKind::NotADirectory
            ) =>
        {
            Err(StoreError::CaExists(ca_dir.conf()))
        }
        Err(error) => Err(StoreError::io("create", &ca_dir.conf())(error)),
    }
}

/// Creates the directory and what is missing above it, each name durable in its own folder.
fn create_with_parents(root: &Path) -> Result<(), StoreError> {
    let missing: Vec<&Path> = root
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
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
    let NewLines {
        text: audit_log,
        head: audit_head,
        signed_head,
    } = first_lines(std::slice::from_ref(new.audit), new.stamp).map_err(not_signed(&ca_dir.audit_log()))?;
    let files: [(std::path::PathBuf, u32, &[u8]); 11] = [
        (ca_dir.ca_key(), CA_KEY_MODE, new.key_pem.as_bytes()),
        (identity_file, PUBLIC_MODE, identity.as_bytes()),
        (ca_dir.index(), PRIVATE_MODE, b""),
        (ca_dir.index_attributes(), PRIVATE_MODE, NOT_UNIQUE.as_bytes()),
        (ca_dir.serial(), PRIVATE_MODE, first_number.as_bytes()),
        (ca_dir.crl_number(), PRIVATE_MODE, first_number.as_bytes()),
        (
            ca_dir.openssl_configuration(),
            PUBLIC_MODE,
            new.openssl_configuration.as_bytes(),
        ),
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
