//! Who else can read or write what the CA's safety rests on.

use std::path::{Path, PathBuf};

use super::mode::{CA_KEY_MODE, FOLDER_MODE, PRIVATE_MODE, set_mode};
use super::{CaDir, StoreError};

/// A file or folder that is more open than it should be, but not so that work must stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looseness {
    /// The file or folder.
    pub path: PathBuf,
    /// Its mode, the lowest 12 bits.
    pub mode: u32,
    /// What others can do: `read` or `write`.
    pub others_can: &'static str,
}

#[cfg(unix)]
const WRITABLE_BY_OTHERS: u32 = 0o002;
#[cfg(unix)]
const WRITABLE_BY_GROUP_OR_OTHERS: u32 = 0o022;
#[cfg(unix)]
const READABLE_BY_GROUP_OR_OTHERS: u32 = 0o044;
#[cfg(unix)]
const STICKY: u32 = 0o1000;
#[cfg(unix)]
const OWNER: u32 = 0o7700;

impl CaDir {
    /// Checks that nobody else can exchange the CA's files: its folders must not be writable by everybody.
    ///
    /// Returns folders above that are writable by everybody without the sticky bit: whoever can rename the CA directory
    /// can put another in its place.
    ///
    /// # Errors
    /// [`StoreError::Writable`], [`StoreError::ForeignOwner`], [`StoreError::SymbolicLink`], [`StoreError::Io`].
    pub fn check_folders(&self) -> Result<Vec<Looseness>, StoreError> {
        for folder in [self.conf(), self.repository()] {
            let metadata = folder.symlink_metadata().map_err(StoreError::io("open", &folder))?;
            if metadata.is_symlink() {
                return Err(StoreError::SymbolicLink(folder));
            }
            refuse_if_writable(&folder)?;
            refuse_foreign_owner(&folder, self.root())?;
        }
        refuse_if_writable(self.root())?;
        Ok(loose_parents(self.root()))
    }
}

impl CaDir {
    /// Files and folders that are more open than gsec makes them: path, mode now, mode that is enough. Host certificates
    /// are public and stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    #[cfg(unix)]
    pub fn loose_modes(&self) -> Result<Vec<(PathBuf, u32, u32)>, StoreError> {
        let mut wanted = vec![(self.conf(), FOLDER_MODE), (self.repository(), FOLDER_MODE), (self.ca_key(), CA_KEY_MODE)];
        wanted.extend([self.index(), self.index_attributes(), self.serial(), self.crl_number()].map(|path| (path, PRIVATE_MODE)));
        let repository = self.repository();
        for entry in std::fs::read_dir(&repository).map_err(StoreError::io("read", &repository))? {
            let path = entry.map_err(StoreError::io("read", &repository))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.ends_with("_priv_key.pem") || name.ends_with(".pfx") {
                wanted.push((path, PRIVATE_MODE));
            }
        }
        wanted.sort();
        let modes = wanted.into_iter().filter_map(|(path, wanted)| Some((mode_of(&path).ok()?, path, wanted)));
        Ok(modes.filter(|(mode, _, wanted)| mode & !wanted & !OWNER != 0).map(|(mode, path, wanted)| (path, mode, wanted)).collect())
    }

    /// Gives each its wanted mode.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    #[cfg(unix)]
    pub fn tighten(&self, modes: &[(PathBuf, u32, u32)]) -> Result<(), StoreError> {
        modes.iter().try_for_each(|(path, _, wanted)| set_mode(path, *wanted))
    }

    /// Modes are a matter of UNIX.
    ///
    /// # Errors
    /// None.
    #[cfg(not(unix))]
    pub fn loose_modes(&self) -> Result<Vec<(PathBuf, u32, u32)>, StoreError> {
        Ok(Vec::new())
    }

    /// Modes are a matter of UNIX.
    ///
    /// # Errors
    /// None.
    #[cfg(not(unix))]
    pub fn tighten(&self, _modes: &[(PathBuf, u32, u32)]) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Refuses a folder in which everybody may exchange files.
#[cfg(unix)]
fn refuse_if_writable(folder: &Path) -> Result<(), StoreError> {
    let mode = mode_of(folder)?;
    if mode & WRITABLE_BY_OTHERS != 0 && mode & STICKY == 0 {
        return Err(StoreError::Writable { path: folder.to_owned(), mode, by: "everybody" });
    }
    Ok(())
}

/// Refuses a folder that belongs neither to us, nor to root, nor to whom the CA directory belongs.
#[cfg(unix)]
fn refuse_foreign_owner(folder: &Path, root: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt;
    let owner_of = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.uid()).map_err(StoreError::io("open", path));
    let owner = owner_of(folder)?;
    let trusted = [0, rustix::process::geteuid().as_raw(), owner_of(root)?];
    if trusted.contains(&owner) { Ok(()) } else { Err(StoreError::ForeignOwner { path: folder.to_owned(), owner }) }
}

#[cfg(unix)]
fn loose_parents(root: &Path) -> Vec<Looseness> {
    let Ok(root) = root.canonicalize() else { return Vec::new() };
    let modes = root.ancestors().skip(1).filter_map(|folder| Some((folder.to_owned(), mode_of(folder).ok()?)));
    modes
        .filter(|(_, mode)| mode & WRITABLE_BY_OTHERS != 0 && mode & STICKY == 0)
        .map(|(path, mode)| Looseness { path, mode, others_can: "write" })
        .collect()
}

/// Looks who else can read the CA's private key.
///
/// # Errors
/// [`StoreError::Writable`] when others can write it: then nobody knows whose key it is. [`StoreError::Io`].
#[cfg(unix)]
pub fn key_file_looseness(key_file: &Path) -> Result<Option<Looseness>, StoreError> {
    let mode = mode_of(key_file)?;
    if mode & WRITABLE_BY_GROUP_OR_OTHERS != 0 {
        let by = if mode & WRITABLE_BY_OTHERS != 0 { "everybody" } else { "its group" };
        return Err(StoreError::Writable { path: key_file.to_owned(), mode, by });
    }
    let is_loose = mode & READABLE_BY_GROUP_OR_OTHERS != 0;
    Ok(is_loose.then(|| Looseness { path: key_file.to_owned(), mode, others_can: "read" }))
}

#[cfg(unix)]
fn mode_of(path: &Path) -> Result<u32, StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).map_err(StoreError::io("open", path))?;
    Ok(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn refuse_if_writable(_folder: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(not(unix))]
fn refuse_foreign_owner(_folder: &Path, _root: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(not(unix))]
fn loose_parents(_root: &Path) -> Vec<Looseness> {
    Vec::new()
}

/// Looks who else can read the CA's private key; modes are a matter of UNIX.
#[cfg(not(unix))]
pub fn key_file_looseness(_key_file: &Path) -> Result<Option<Looseness>, StoreError> {
    Ok(None)
}
