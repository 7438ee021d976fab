//! The certificates in files that others wrote, by digest: what is not a certificate is passed over.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::TrustError;
use gsec_ca::files::{FilesError, is_temporary_name, read_file_within};
use gsec_pki::encoding::pem;
use gsec_pki::key::sha256;
use gsec_pki::x509::Certificate;

/// The most that is read of a bundle, in bytes: one of 150 CAs has 230 KB.
const MAX_BUNDLE: u64 = 64 * 1024 * 1024;
/// The most that is read of a file that has one certificate in it.
const MAX_CERTIFICATE: u64 = 1024 * 1024;
/// The most files of a directory that are read.
const MAX_ENTRIES: usize = 20_000;

/// A SHA-256.
pub(super) type Digest = [u8; 32];

/// The digests of all certificates in a text, in order.
pub(super) fn certificates_in(text: &[u8]) -> Vec<Digest> {
    encoded_in(text).iter().map(|encoded| sha256(encoded)).collect()
}

/// The certificate of a digest in a text, where it can be read.
pub(super) fn certificate_in(text: &[u8], digest: &Digest) -> Option<Certificate> {
    let found = encoded_in(text)
        .into_iter()
        .find(|encoded| sha256(encoded) == *digest)?;
    Certificate::from_der(&found).ok()
}

/// The same of a file, PEM or DER.
pub(super) fn certificate_of(path: &Path, digest: &Digest) -> Option<Certificate> {
    let content = read_file_within(path, MAX_BUNDLE).ok()?;
    match pem::is_pem(&content) {
        false if sha256(&content) == *digest => Certificate::from_der(&content).ok(),
        _ => certificate_in(&content, digest),
    }
}

/// The DER of all certificates in a text, in order.
fn encoded_in(text: &[u8]) -> Vec<Vec<u8>> {
    let blocks = match pem::decode_all(text) {
        Ok(blocks) => blocks,
        // A damaged block hides no other: programs read the rest too.
        Err(_) => return one_by_one(text),
    };
    let found = blocks.iter().filter(|block| is_certificate(&block.label));
    found.map(|block| block.content.to_vec()).collect()
}

fn is_certificate(label: &str) -> bool {
    ["CERTIFICATE", "X509 CERTIFICATE"].contains(&label)
}

fn one_by_one(text: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(text);
    let parts = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    let blocks = parts.filter_map(|part| part.split_once("-----END CERTIFICATE-----"));
    let whole = blocks.map(|(body, _)| {
        format!("-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----\n").into_bytes()
    });
    let decoded = whole.filter_map(|block| pem::decode_all(&block).ok());
    decoded.flatten().map(|block| block.content.to_vec()).collect()
}

/// The digests of all certificates in a file, PEM or DER; none where there is no such file.
pub(super) fn certificates_of(path: &Path) -> Result<Vec<Digest>, TrustError> {
    read(path, MAX_BUNDLE)
}

fn read(path: &Path, bound: u64) -> Result<Vec<Digest>, TrustError> {
    let content = match read_file_within(path, bound) {
        Ok(content) => content,
        Err(FilesError::Io { source, .. }) if is_absent(&source) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    match pem::is_pem(&content) {
        false if Certificate::from_der(&content).is_ok() => Ok(vec![sha256(&content)]),
        _ => Ok(certificates_in(&content)),
    }
}

/// Whether there is nothing of a name; every other error says nothing of what is there.
pub(super) fn is_absent(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
    )
}

/// What is in a directory and below it, by name; directories themselves are left out, and no link to one is followed. Nothing where there is no
/// such directory.
///
/// # Errors
/// [`TrustError::Files`] for one that cannot be looked into: what is in it is not known.
pub(super) fn entries_below(folder: &Path) -> Result<Vec<PathBuf>, TrustError> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if is_absent(&error) => continue,
            entries => entries.map_err(FilesError::io("read", &folder))?,
        };
        for entry in entries {
            let entry = entry.map_err(FilesError::io("read", &folder))?;
            if found.len() == MAX_ENTRIES {
                break;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => found.push(entry.path()),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files of a directory with the digests of their certificates, by name. What is not a file, and what is too large for a certificate, has none.
///
/// # Errors
/// [`TrustError::Files`] for what cannot be read.
pub(super) fn certificates_below(folder: &Path) -> Result<Vec<(PathBuf, Vec<Digest>)>, TrustError> {
    let mut files = Vec::new();
    for path in entries_below(folder)? {
        match path.metadata() {
            Ok(found) if found.is_file() => {}
            Ok(_) => continue,
            // A link whose target is gone.
            Err(error) if is_absent(&error) => continue,
            Err(error) => return Err(FilesError::io("read", &path)(error).into()),
        }
        let digests = match read(&path, MAX_CERTIFICATE) {
            Err(TrustError::Files(FilesError::TooLarge { .. })) => Vec::new(),
            digests => digests?,
        };
        files.push((path, digests));
    }
    Ok(files)
}

/// The digest of a file's content; `None` where there is no such file.
pub(super) fn digest_of(path: &Path) -> Result<Option<Digest>, TrustError> {
    match read_file_within(path, MAX_BUNDLE) {
        Ok(content) => Ok(Some(sha256(&content))),
        Err(FilesError::Io { source, .. }) if is_absent(&source) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The set of some digests as text, for a comparison.
pub(super) fn as_names(digests: impl IntoIterator<Item = Digest>) -> BTreeSet<String> {
    use gsec_pki::encoding::hex::{Separator, encode};
    digests
        .into_iter()
        .map(|digest| encode(&digest, Separator::None))
        .collect()
}

/// Removes what a call left that was killed before it gave a file its name. Only under the lock: living calls have such files too.
pub(super) fn remove_leftovers(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_left = entry.file_name().to_str().is_some_and(is_temporary_name);
        if is_left && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// A link in the place of another, or of nothing, at once.
pub(super) fn replace_link(path: &Path, target: &Path) -> Result<(), FilesError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".gsec-new");
    let new = PathBuf::from(name);
    let _ = std::fs::remove_file(&new);
    std::os::unix::fs::symlink(target, &new).map_err(FilesError::io("create", &new))?;
    std::fs::rename(&new, path).map_err(FilesError::io("replace", path))
}
