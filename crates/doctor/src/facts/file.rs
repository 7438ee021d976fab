//! What is in a file, and who gets at it.

use std::path::{Path, PathBuf};

use crate::checks::file::{FileAccess, FileContent};
use crate::checks::{Appending, Rewriting};
use crate::facts::user::{User, blocked};
use gsec_ca::files::{expect_not_reserved, read_file_within};
use gsec_pki::contents::{Bundle, BundleError, decode_bundle};
use gsec_pki::encoding::pem;
use gsec_pki::encoding::sniff::{FileKind, file_kind};
use gsec_pki::key::{decode_key_document, is_encrypted_block, is_encrypted_key_file};
use gsec_pki::x509::Certificate;

/// Everything in a file. A private key that no password is given for is left out, and the file is called locked.
///
/// # Errors
/// [`BundleError`]: it is not a file of these kinds, or damaged, or a PFX under another password.
pub fn contents(
    path: &Path,
    bytes: &[u8],
    password: Option<&str>,
    user: Option<&User>,
) -> Result<FileContent, BundleError> {
    let (bundle, is_locked) = match decode_bundle(bytes, password) {
        Ok(bundle) => (bundle, false),
        Err(error)
            if error.wants_password() && password.is_none() && file_kind(bytes) != FileKind::Pkcs12 =>
        {
            (without_locked(bytes)?, true)
        }
        Err(error) => return Err(error),
    };
    let is_open = bundle.keys.iter().any(|key| key.encryption.is_none());
    let opens_without_password =
        bundle.pfx.is_some() && password.is_none_or(str::is_empty) && !bundle.keys.is_empty();
    Ok(FileContent {
        path: path.to_owned(),
        has_open_key: is_open || opens_without_password,
        bundle,
        is_locked,
        appending: Appending::of(bytes),
        rewriting: Rewriting::of(bytes),
        access: access(path, user),
        is_of_ca: path
            .parent()
            .is_some_and(|folder| expect_not_reserved(folder).is_err()),
    })
}

/// The most files of a folder that are looked into for a key.
const MAX_LOOKED_INTO: usize = 300;
/// Maximum size of a key file, in bytes.
const MAX_KEY_BYTES: u64 = 64 * 1024;

/// A file with the private key of a certificate, in the first of these folders that has one. Keys under a password are passed over.
pub fn key_of(certificate: &Certificate, folders: &[&Path]) -> Option<PathBuf> {
    folders.iter().find_map(|folder| {
        let entries = std::fs::read_dir(folder).ok()?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        paths
            .into_iter()
            .take(MAX_LOOKED_INTO)
            .find(|path| holds_key_of(certificate, path))
    })
}

fn holds_key_of(certificate: &Certificate, path: &Path) -> bool {
    let Ok(bytes) = read_file_within(path, MAX_KEY_BYTES) else {
        return false;
    };
    if file_kind(&bytes) == FileKind::Pkcs12 || is_encrypted_key_file(&bytes) {
        return false;
    }
    let key = decode_key_document(&bytes, None);
    key.is_ok_and(|key| {
        key.public_key()
            .is_some_and(|key| key.is_pair_of(certificate.public_key()))
    })
}

/// The rest of a file whose private keys cannot be opened.
fn without_locked(bytes: &[u8]) -> Result<Bundle, BundleError> {
    if !pem::is_pem(bytes) {
        return Ok(Bundle::default());
    }
    let blocks = pem::decode_all(bytes)?;
    let oddities = pem::oddities(&blocks).collect();
    let open = blocks
        .into_iter()
        .filter(|block| block.dek_info.is_none() && !is_encrypted_block(block));
    let text: String = open
        .map(|block| pem::encode(&block.label, &block.content))
        .collect();
    let bundle = if text.is_empty() {
        Bundle::default()
    } else {
        decode_bundle(text.as_bytes(), None)?
    };
    Ok(Bundle { oddities, ..bundle })
}

/// Permission bits of a regular file; `None` for anything else, or where modes are unknown.
pub fn mode_of(path: &Path) -> Option<u32> {
    let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    access(path, None).filter(|_| is_file).map(|access| access.mode)
}

#[cfg(unix)]
fn access(path: &Path, user: Option<&User>) -> Option<FileAccess> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some(FileAccess {
        mode: metadata.permissions().mode() & 0o7777,
        blocked: user.and_then(|user| blocked(path, user)),
    })
}

#[cfg(not(unix))]
fn access(_path: &Path, _user: Option<&User>) -> Option<FileAccess> {
    None
}
