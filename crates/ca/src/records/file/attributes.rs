//! `ca.db.attr`: what OpenSSL keeps beside its index.

use std::io;

use crate::files::{FilesError, read_own_file};
use crate::home::{CaDir, StoreError};

/// What gsec writes: a subject may have several valid certificates, or there could be no renewal before expiry.
pub(super) const NOT_UNIQUE: &str = "unique_subject = no\n";

/// Whether the CA allows one valid certificate for each subject. Without the file, and without the line, OpenSSL says yes.
pub(super) fn subjects_are_unique(ca_dir: &CaDir) -> Result<bool, StoreError> {
    match read_own_file(&ca_dir.index_attributes()) {
        Ok(content) => Ok(read_unique_subject(&String::from_utf8_lossy(&content))),
        Err(FilesError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error.into()),
    }
}

fn read_unique_subject(text: &str) -> bool {
    unique_subject(text).unwrap_or(true)
}

/// What the file says; `None` without the line.
///
/// OpenSSL's `parse_yesno`: the first letter decides, `f n 0` (either case) for no, `t y 1` for yes, anything else the default.
pub fn unique_subject(text: &str) -> Option<bool> {
    let value = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == "unique_subject");
    value.map(|(_, value)| !value.trim_start().starts_with(['n', 'N', 'f', 'F', '0']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_openssl_does() {
        assert!(!read_unique_subject(NOT_UNIQUE));
        assert!(!read_unique_subject("unique_subject=No"));
        assert!(read_unique_subject("unique_subject = yes\n"));
        assert!(read_unique_subject(""));
    }
}
