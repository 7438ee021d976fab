//! The modes of what is in a CA directory.

use std::path::Path;

use super::StoreError;

/// Mode of the folders, which hold keys.
pub(super) const FOLDER_MODE: u32 = 0o700;
/// Mode of the CA's private key.
pub(super) const CA_KEY_MODE: u32 = 0o400;
/// Mode of what the CA alone reads and writes, and of host keys.
pub(super) const PRIVATE_MODE: u32 = 0o600;
/// Mode of what may be handed round.
pub(super) const PUBLIC_MODE: u32 = 0o644;
/// Mode of a script.
pub(super) const SCRIPT_MODE: u32 = 0o755;

/// Gives a file or folder that is there another mode. A link is followed: who must not, looks first.
///
/// # Errors
/// [`StoreError::Io`].
#[cfg(unix)]
pub fn set_mode(path: &Path, mode: u32) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(StoreError::io("change the mode of", path))
}

/// Modes are a matter of UNIX.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn set_mode(_path: &Path, _mode: u32) -> Result<(), StoreError> {
    Ok(())
}
