//! Writing results: every file whole, none replaced, all of them durable when it returns.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::files::{Staged, create_folder, parent_of, stage, stage_unsynced, sync_file_system, sync_folder};
use super::mode::{FOLDER_MODE, PRIVATE_MODE, PUBLIC_MODE, SCRIPT_MODE};
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

/// What happens to a file that has the name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and that is an error.
    Keep,
    /// It is replaced, in one step.
    Replace,
}

/// Writes new files into one folder: first all of them under temporary names, so that a full disk leaves none, then
/// all names. Returns their paths in order.
///
/// # Errors
/// [`StoreError::WouldReplace`] when a name is taken, [`StoreError::Io`].
pub fn write_new_files(folder: &Path, files: &[OutputFile]) -> Result<Vec<PathBuf>, StoreError> {
    write_files(folder, files, Existing::Keep)
}

/// Writes files into one folder as [`write_new_files`] does; with [`Existing::Replace`] what has their names is replaced.
///
/// # Errors
/// [`StoreError::WouldReplace`] when a name is taken and may not be, [`StoreError::Io`].
pub fn write_files(folder: &Path, files: &[OutputFile], existing: Existing) -> Result<Vec<PathBuf>, StoreError> {
    let staged = files.iter().map(|file| stage(folder, file.access.mode(), &file.content)).collect::<Result<Vec<_>, _>>()?;
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file.name.as_str())).collect();
    match existing {
        Existing::Keep => publish_new(staged, &paths)?,
        Existing::Replace => {
            paths.iter().try_for_each(|path| expect_no_folder(path))?;
            staged.into_iter().zip(&paths).try_for_each(|(staged, path)| staged.replace(path))?;
        }
    }
    sync_folder(folder)?;
    Ok(paths)
}

/// Writes several groups of new files into one folder, each group whole or not at all, and all with one barrier: a file
/// system takes hundreds of files in the time of two. Returns what came of each group, in order.
pub fn write_groups(folder: &Path, groups: &[Vec<OutputFile>]) -> Vec<Result<Vec<PathBuf>, StoreError>> {
    if let [only] = groups {
        return vec![write_new_files(folder, only)];
    }
    let stage_group = |files: &Vec<OutputFile>| files.iter().map(|file| stage_unsynced(folder, file.access.mode(), &file.content)).collect();
    let staged: Vec<Result<Vec<Staged>, StoreError>> = groups.iter().map(stage_group).collect();
    let all: Vec<&Staged> = staged.iter().flatten().flatten().collect();
    let synced = sync_file_system(folder, &all);
    let published = staged.into_iter().zip(groups).map(|(staged, files)| {
        let staged = staged?;
        synced.as_ref().map_err(|error| error.again(folder))?;
        let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file.name.as_str())).collect();
        publish_new(staged, &paths)?;
        Ok(paths)
    });
    let published: Vec<Result<Vec<PathBuf>, StoreError>> = published.collect();
    match sync_folder(folder) {
        Ok(()) => published,
        Err(error) => published.into_iter().map(|group| group.and_then(|_| Err(error.again(folder)))).collect(),
    }
}

fn publish_new(staged: Vec<Staged>, paths: &[PathBuf]) -> Result<(), StoreError> {
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
    Ok(())
}

/// Whether a path is what standard output goes to, by whatever name.
#[cfg(unix)]
pub fn is_standard_output(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same_file = |open: rustix::fs::Stat| path.metadata().is_ok_and(|named| (named.dev(), named.ino()) == (open.st_dev, open.st_ino));
    rustix::fs::fstat(std::io::stdout()).is_ok_and(same_file)
}

/// Whether a path is what standard output goes to, by whatever name.
#[cfg(not(unix))]
pub fn is_standard_output(_path: &Path) -> bool {
    false
}

/// Whether a path is no place for a file: a pipe or a device, or a name that the system gives to something that is open.
fn is_written_into(path: &Path) -> bool {
    let is_the_systems = |path: &Path| path.starts_with("/dev/fd") || path.starts_with("/proc") || path == Path::new("/dev/stderr");
    let target = std::fs::read_link(path).unwrap_or_default();
    is_the_systems(path) || is_the_systems(&target) || path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

fn expect_no_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() { Err(StoreError::io("write", path)(std::io::ErrorKind::IsADirectory.into())) } else { Ok(()) }
}

/// Writes one file to a path that a person named. What is there and no regular file, such as a pipe or `/dev/stdout`, is
/// written into, and never replaced.
///
/// # Errors
/// [`StoreError::WouldReplace`] when there is a file and it may not be replaced, [`StoreError::Io`].
pub fn write_output(path: &Path, access: Access, content: &[u8], existing: Existing) -> Result<(), StoreError> {
    if is_written_into(path) {
        let mut file = std::fs::OpenOptions::new().write(true).open(path).map_err(StoreError::io("write", path))?;
        return std::io::Write::write_all(&mut file, content).map_err(StoreError::io("write", path));
    }
    expect_no_folder(path)?;
    let folder = parent_of(path);
    let staged = stage(folder, access.mode(), content)?;
    match existing {
        Existing::Keep => staged.publish_new(path)?,
        Existing::Replace => staged.replace(path)?,
    }
    sync_folder(folder)
}

/// Makes a folder for output, readable for its owner only, unless it is there.
///
/// # Errors
/// [`StoreError::Io`].
pub fn create_output_folder(path: &Path) -> Result<(), StoreError> {
    if path.metadata().is_ok_and(|metadata| !metadata.is_dir()) {
        return Err(StoreError::io("write into", path)(std::io::ErrorKind::NotADirectory.into()));
    }
    if create_folder(path, FOLDER_MODE)? { sync_folder(parent_of(path)) } else { Ok(()) }
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
