//! Writing results: every file whole, none replaced, all of them durable when it returns.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::files::{stage, sync_folder};
use super::layout::{PRIVATE_MODE, PUBLIC_MODE, SCRIPT_MODE};
use super::{CaDir, FileName, StoreError};

/// Who may do what with a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// 0600: it holds a secret.
    Secret,
    /// 0644: it may be handed round.
    Public,
    /// 0755: a script.
    Executable,
}

impl Access {
    fn mode(self) -> u32 {
        match self {
            Self::Secret => PRIVATE_MODE,
            Self::Public => PUBLIC_MODE,
            Self::Executable => SCRIPT_MODE,
        }
    }
}

/// A file to be written.
pub struct OutputFile {
    /// Its name in the folder.
    pub name: FileName,
    /// Its mode.
    pub access: Access,
    /// Its content.
    pub content: Zeroizing<Vec<u8>>,
}

/// Writes new files into one folder: first all of them under temporary names, so that a full disk leaves none, then
/// all names. Returns their paths in order.
///
/// # Errors
/// [`StoreError::WouldReplace`] when a name is taken, [`StoreError::Io`].
pub fn write_new_files(folder: &Path, files: &[OutputFile]) -> Result<Vec<PathBuf>, StoreError> {
    let staged = files.iter().map(|file| stage(folder, file.access.mode(), &file.content)).collect::<Result<Vec<_>, _>>()?;
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file.name.as_str())).collect();
    if let Some(taken) = paths.iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(StoreError::WouldReplace(taken.clone()));
    }
    for (index, staged) in staged.into_iter().enumerate() {
        if let Err(error) = staged.publish_new(&paths[index]) {
            // Somebody took the name a moment ago: what this call wrote before goes again, so that nothing is half done.
            paths.iter().take(index).for_each(|path| drop(std::fs::remove_file(path)));
            return Err(error);
        }
    }
    sync_folder(folder)?;
    Ok(paths)
}

/// Checks that files can be created in a folder, before work is done whose results shall go there.
///
/// # Errors
/// [`StoreError::Io`].
pub fn check_writable(folder: &Path) -> Result<(), StoreError> {
    let metadata = folder.metadata().map_err(StoreError::io("write into", folder))?;
    if !metadata.is_dir() {
        return Err(StoreError::io("write into", folder)(std::io::ErrorKind::NotADirectory.into()));
    }
    #[cfg(unix)]
    {
        use rustix::fs::{AtFlags, CWD, accessat};
        let wanted = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
        accessat(CWD, folder, wanted, AtFlags::EACCESS).map_err(|error| StoreError::io("write into", folder)(error.into()))?;
    }
    Ok(())
}

impl CaDir {
    /// Writes new files into `repository/`.
    ///
    /// # Errors
    /// As [`write_new_files`].
    pub fn write_to_repository(&self, files: &[OutputFile]) -> Result<Vec<PathBuf>, StoreError> {
        write_new_files(&self.repository(), files)
    }
}
