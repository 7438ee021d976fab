//! The modes of what is written.

use std::path::Path;

use super::FilesError;

/// Mode of folders that hold keys.
pub(crate) const FOLDER_MODE: u32 = 0o700;
/// Mode of a private key that nothing is written to again.
pub(crate) const CA_KEY_MODE: u32 = 0o400;
/// Mode of what its owner alone reads and writes.
pub(crate) const PRIVATE_MODE: u32 = 0o600;
/// Mode of what may be handed round.
pub(crate) const PUBLIC_MODE: u32 = 0o644;
/// Mode of a script.
pub(crate) const SCRIPT_MODE: u32 = 0o755;

/// Takes rights away from a file or folder: of its mode, no more than `most` stays.
///
/// What was looked at is what is changed: the mode is set of an open file, and never of a link, of a file that has other names besides,
/// or of a third user's , in whose folder another file may have the name a moment later.
///
/// # Errors
/// [`FilesError::SymbolicLink`], [`FilesError::NotAFile`], [`FilesError::SeveralNames`], [`FilesError::ForeignOwner`],
/// [`FilesError::Io`]; then nothing was changed.
#[cfg(unix)]
pub fn tighten(path: &Path, most: u32) -> Result<(), FilesError> {
    use std::os::unix::fs::MetadataExt;

    use super::parent::parent_of;
    use super::trust::{Trusted, expect_plain};
    let cannot = || FilesError::io("change the mode of", path);
    let handle = open_without_rights(path).map_err(cannot())?;
    let metadata = handle.metadata().map_err(cannot())?;
    expect_plain(path, &metadata, &Trusted::for_directory(parent_of(path))?)?;
    let mode = metadata.mode() & 0o7777;
    if mode & most == mode {
        Ok(())
    } else {
        set_mode(&handle, mode & most).map_err(cannot())
    }
}

/// Opens what has a name, and no link's target, without the right to read it: its owner may have taken that from himself.
#[cfg(target_os = "linux")]
fn open_without_rights(path: &Path) -> std::io::Result<std::fs::File> {
    use rustix::fs::{Mode, OFlags};
    Ok(rustix::fs::open(
        path,
        OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC,
        Mode::empty(),
    )?
    .into())
}

/// A handle without rights takes no fchmod, but the name given to it by the kernel leads to nothing else.
#[cfg(target_os = "linux")]
fn set_mode(handle: &std::fs::File, mode: u32) -> std::io::Result<()> {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(
        format!("/proc/self/fd/{}", handle.as_raw_fd()),
        std::fs::Permissions::from_mode(mode),
    )
}

/// Opens what has a name, and no link's target.
#[cfg(all(unix, not(target_os = "linux")))]
fn open_without_rights(path: &Path) -> std::io::Result<std::fs::File> {
    use rustix::fs::{Mode, OFlags};
    Ok(rustix::fs::open(
        path,
        OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC,
        Mode::empty(),
    )?
    .into())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn set_mode(handle: &std::fs::File, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    handle.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// Modes are a matter of UNIX.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn tighten(_path: &Path, _most: u32) -> Result<(), FilesError> {
    Ok(())
}

/// Whether the mode of a file lets every user read it, links followed. Who can reach its folder is not looked at.
#[cfg(unix)]
pub fn is_readable_by_all(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.metadata().is_ok_and(|found| found.mode() & 0o004 != 0)
}

/// Modes are a matter of UNIX.
#[cfg(not(unix))]
pub fn is_readable_by_all(_path: &Path) -> bool {
    false
}
