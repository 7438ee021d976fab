//! Carries out what mends a finding.

use std::path::Path;

use super::ca_mend::mend_ca_directory;
use crate::authority::{AuthorityError, Session};
use crate::doctor::Mend;
use crate::store::{StoreError, set_mode};

/// Mends one finding.
///
/// # Errors
/// [`StoreError::Io`]; [`StoreError::SymbolicLink`] where a link stands now, which might lead to somebody else's file; what keeps a CA
/// directory from being mended.
pub fn mend(mend: &Mend, session: &mut Session<'_>) -> Result<(), AuthorityError> {
    match mend {
        Mend::SetMode { path, mode } => Ok(set_mode_of_file(path, *mode)?),
        Mend::CaDirectory { root, mend } => mend_ca_directory(root, *mend, session),
    }
}

fn set_mode_of_file(path: &Path, mode: u32) -> Result<(), StoreError> {
    if path.symlink_metadata().map_err(StoreError::io("open", path))?.is_symlink() {
        return Err(StoreError::SymbolicLink(path.to_owned()));
    }
    set_mode(path, mode)
}
