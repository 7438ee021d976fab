//! Carries out what mends a finding.

use std::path::Path;

use super::ca_mend::mend_ca_directory;
use crate::authority::{AuthorityError, Session};
use crate::doctor::Mend;
use crate::store::StoreError;

/// Mends one finding.
///
/// # Errors
/// [`StoreError::Io`]; [`StoreError::SymbolicLink`] where a link stands now, which might lead to somebody else's file; what keeps a CA
/// directory from being mended.
pub fn mend(mend: &Mend, session: &mut Session<'_>) -> Result<(), AuthorityError> {
    match mend {
        Mend::SetMode { path, mode } => Ok(set_mode(path, *mode)?),
        Mend::CaDirectory { root, mend } => mend_ca_directory(root, *mend, session),
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.symlink_metadata().map_err(StoreError::io("open", path))?;
    if metadata.is_symlink() {
        return Err(StoreError::SymbolicLink(path.to_owned()));
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(StoreError::io("change the mode of", path))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> Result<(), StoreError> {
    Ok(())
}
