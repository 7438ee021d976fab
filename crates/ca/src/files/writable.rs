//! Whether something can be changed at all, before work is done that ends with it.

use std::path::Path;

use super::{FilesError, expect_guarded_way, expect_not_reserved};

/// Checks that files can be created in a folder, before work is done whose results will go there.
///
/// # Errors
/// [`FilesError::Io`].
pub fn check_writable(folder: &Path) -> Result<(), FilesError> {
    let metadata = folder.metadata().map_err(FilesError::io("write into", folder))?;
    if !metadata.is_dir() {
        return Err(FilesError::io("write into", folder)(
            std::io::ErrorKind::NotADirectory.into(),
        ));
    }
    expect_access(folder, true)
        .and_then(|()| expect_replaceable(folder))
        .map_err(FilesError::io("write into", folder))
}

/// Checks that a directory, and what is missing above it, can be made and written, before work is done whose results will go there: that it is in
/// no folder of a CA, and that no other user could put another one in its place.
///
/// # Errors
/// [`FilesError::OwnFolder`], [`FilesError::Writable`], [`FilesError::ForeignOwner`], [`FilesError::Io`].
pub fn expect_creatable_folder(path: &Path) -> Result<(), FilesError> {
    expect_not_reserved(path)?;
    expect_guarded_way(path)?;
    let existing = path.ancestors().find(|folder| folder.symlink_metadata().is_ok());
    check_writable(existing.unwrap_or(Path::new(".")))
}

/// Checks that a file can be written, before work is done that is to be recorded there: not where it may never be changed, or its file system neither.
///
/// # Errors
/// [`FilesError::Io`].
pub fn check_writable_file(file: &Path) -> Result<(), FilesError> {
    expect_access(file, false).map_err(FilesError::io("write", file))
}

/// Checks that a file can be written and replaced: as [`check_writable_file`], and not where it may only be added to either.
///
/// # Errors
/// [`FilesError::Io`].
pub fn check_replaceable_file(file: &Path) -> Result<(), FilesError> {
    check_writable_file(file)?;
    expect_replaceable(file).map_err(FilesError::io("replace", file))
}

/// Linux has a mark (`chattr +a`) with which a directory takes new files and lets none be renamed or removed, and a file takes new bytes alone. The
/// right to write, which `access` tells, is there all the same.
#[cfg(target_os = "linux")]
fn expect_replaceable(path: &Path) -> std::io::Result<()> {
    match chattr(path)? {
        Some(Chattr::AppendOnly) => Err(std::io::Error::new(
            std::io::ErrorKind::PermissionDenied,
            "it is marked append-only (`chattr +a`)",
        )),
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn expect_replaceable(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A mark of the file system, beside owner and mode, that binds root too (chattr(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chattr {
    /// Nothing of it may be changed: `chattr +i`.
    Immutable,
    /// It may be added to, and nothing of it replaced, renamed or removed: `chattr +a`.
    AppendOnly,
}

/// The mark that keeps a file or directory from being changed. `None` where there is none, also where the file system has no marks. Links are followed.
///
/// # Errors
/// Those of `statx`.
#[cfg(target_os = "linux")]
pub fn chattr(path: &Path) -> std::io::Result<Option<Chattr>> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let found = match statx(CWD, path, AtFlags::empty(), StatxFlags::empty()) {
        // Before Linux 4.11, and in some sandboxes.
        Err(rustix::io::Errno::NOSYS) => return Ok(None),
        found => found?.stx_attributes,
    };
    let has = |mark: StatxAttributes| found.intersects(mark);
    Ok(match () {
        () if has(StatxAttributes::IMMUTABLE) => Some(Chattr::Immutable),
        () if has(StatxAttributes::APPEND) => Some(Chattr::AppendOnly),
        () => None,
    })
}

/// Other systems' marks are not read.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn chattr(_path: &Path) -> std::io::Result<Option<Chattr>> {
    Ok(None)
}

#[cfg(unix)]
fn expect_access(path: &Path, is_folder: bool) -> std::io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    let wanted = match is_folder {
        true => Access::WRITE_OK | Access::EXEC_OK,
        false => Access::WRITE_OK,
    };
    Ok(accessat(CWD, path, wanted, AtFlags::EACCESS)?)
}

#[cfg(not(unix))]
fn expect_access(_path: &Path, _is_folder: bool) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::*;

    /// Sets a mark; false where nobody may, such as in a container, or on a file system without marks.
    fn marked(mark: &str, path: &Path) -> bool {
        Command::new("chattr")
            .arg(mark)
            .arg(path)
            .status()
            .is_ok_and(|status| status.success())
    }

    #[test]
    fn what_only_takes_more_can_be_written_and_not_replaced() {
        let folder = tempfile::tempdir().expect("directory");
        let file = folder.path().join("index");
        std::fs::write(&file, "").expect("written");
        assert_eq!(chattr(&file).expect("there"), None);
        check_replaceable_file(&file).expect("without a mark");
        check_writable(folder.path()).expect("without a mark");
        if !marked("+a", &file) {
            return;
        }
        assert_eq!(chattr(&file).expect("there"), Some(Chattr::AppendOnly));
        check_writable_file(&file).expect("it takes more");
        assert!(check_replaceable_file(&file).is_err());
        assert!(marked("-a", &file) && marked("+i", &file));
        assert_eq!(chattr(&file).expect("there"), Some(Chattr::Immutable));
        assert!(check_writable_file(&file).is_err());
        assert!(marked("-i", &file) && marked("+a", folder.path()));
        assert!(
            check_writable(folder.path()).is_err(),
            "nothing in it can be renamed"
        );
        assert!(marked("-a", folder.path()));
    }
}
