//! Writing results: every file whole, none replaced, all of them durable when it returns.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::in_flight::{InFlight, is_surely_quiet};
use super::mode::{FOLDER_MODE, PRIVATE_MODE, PUBLIC_MODE, SCRIPT_MODE};
use super::parent::parent_of;
use super::read::{PatientPipe, is_inherited, read_own_file, read_own_within};
use super::staged::{
    Owner, Staged, create_folder, is_temporary_name, stage_for, sync_file_system, sync_folder,
};
use super::trust::expect_guarded_way;
use super::{FileName, FilesError, check_writable, expect_not_reserved};

/// Of a file without its name at most so many bytes are read.
const MAX_UNNAMED_BYTES: u64 = 64 * 1024;

/// The access rights of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// 0600: it holds a secret.
    Secret,
    /// 0644: it may be handed round.
    Public,
    /// 0755: a script.
    Executable,
    /// Any other mode, and to whom it belongs.
    Exact(Mode),
}

/// Mode, owner and group of a file, where a program asks for certain ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    /// The lowest 12 bits.
    pub bits: u32,
    /// The owner's number; `None`: as everything that is written in the directory.
    pub owner: Option<u32>,
    /// The group's number; `None`: as everything that is written in the directory.
    pub group: Option<u32>,
}

impl Access {
    fn mode(self) -> u32 {
        match self {
            Self::Secret => PRIVATE_MODE,
            Self::Public => PUBLIC_MODE,
            Self::Executable => SCRIPT_MODE,
            Self::Exact(mode) => mode.bits,
        }
    }

    /// Whether others than its owner and its group may not read it.
    fn is_secret(self) -> bool {
        self.mode() & 0o004 == 0
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

/// A folder for output, and to whom what is written there belongs.
pub struct OutputFolder {
    path: PathBuf,
    owner: Owner,
    /// Whether the folder is root's, or of the user running gsec, or of the owner for whom root works on the
    /// directory.
    is_ours: bool,
}

impl OutputFolder {
    /// A folder that a person named.
    ///
    /// # Errors
    /// [`FilesError::OwnFolder`], [`FilesError::Io`].
    pub fn named(path: &Path) -> Result<Self, FilesError> {
        expect_not_reserved(path)?;
        Self::of(path, None, None)
    }

    /// A CA's own folder, or one that was looked at before: root, where it works for the owner of a directory, may write secrets into it if it is
    /// his.
    ///
    /// # Errors
    /// [`FilesError::Io`].
    pub(crate) fn for_owner_of(directory: &Path, path: &Path) -> Result<Self, FilesError> {
        Self::of(path, Some(directory), None)
    }

    /// A directory that a person named, and that root, where it works for a user, may write secrets into if it is that user's.
    ///
    /// # Errors
    /// [`FilesError::OwnFolder`], [`FilesError::Io`].
    pub fn for_user(user: Option<u32>, path: &Path) -> Result<Self, FilesError> {
        expect_not_reserved(path)?;
        Self::of(path, None, user)
    }

    fn of(path: &Path, owned_like: Option<&Path>, user: Option<u32>) -> Result<Self, FilesError> {
        let owner = Owner::of(path).map_err(FilesError::io("write into", path))?;
        Ok(Self {
            path: path.to_owned(),
            owner,
            is_ours: is_trusted(owner, owned_like, user)?,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Another user for whom root acts here: what is written there is that user's.
    pub fn acts_for(&self) -> Option<u32> {
        let is_own = is_trusted(self.owner, None, None).unwrap_or(true);
        (self.is_ours && !is_own).then_some(self.owner.user)
    }

    /// Checks before anything is made that a secret may be written there.
    ///
    /// # Errors
    /// [`FilesError::ForeignFolder`].
    pub fn expect_for_secrets(&self) -> Result<(), FilesError> {
        if self.is_ours {
            Ok(())
        } else {
            Err(FilesError::ForeignFolder {
                path: self.path.clone(),
                owner: self.owner.user,
            })
        }
    }

    /// Checks that names in it, and what they lead to, stay what they are: no other user can exchange them.
    ///
    /// # Errors
    /// [`FilesError::ForeignNames`], [`FilesError::WritableNames`], [`FilesError::Io`].
    pub fn expect_for_names(&self) -> Result<(), FilesError> {
        if !self.is_ours {
            return Err(FilesError::ForeignNames {
                path: self.path.clone(),
                owner: self.owner.user,
            });
        }
        expect_guarded_way(&self.path).map_err(|error| match error {
            FilesError::ForeignOwner { path, owner } => FilesError::ForeignNames { path, owner },
            FilesError::Writable { path, mode, by } => FilesError::WritableNames { path, mode, by },
            other => other,
        })
    }

    /// A directory in it, which has the same owner.
    pub(super) fn inside(&self, path: PathBuf) -> Self {
        Self {
            path,
            owner: self.owner,
            is_ours: self.is_ours,
        }
    }

    /// To whom what is made in it belongs.
    pub(super) fn owner(&self) -> Owner {
        self.owner
    }

    /// Says to other calls that this one has begun to write files that belong together, until the result is dropped.
    pub fn begin(&self) -> InFlight {
        InFlight::begin_in(&self.path)
    }

    /// Whether what is unfinished here was left by a call that has ended: no living one has started
    /// ([`OutputFolder::begin`]). `false` also where the file system cannot tell.
    pub fn is_quiet(&self) -> bool {
        is_surely_quiet(&self.path)
    }

    /// Files that calls left in this folder that were cut off before they gave them their names, with their
    /// contents. Any user with write access there may have made them, and living calls have such files too.
    pub fn left_unnamed(&self) -> Vec<(PathBuf, Zeroizing<Vec<u8>>)> {
        let entries = std::fs::read_dir(&self.path).into_iter().flatten().flatten();
        let named = entries
            .filter(|entry| entry.file_name().to_str().is_some_and(is_temporary_name))
            .map(|entry| entry.path());
        named
            .filter_map(|path| {
                read_own_within(&path, MAX_UNNAMED_BYTES)
                    .ok()
                    .map(|content| (path, content))
            })
            .collect()
    }

    fn expect_for(&self, access: Access) -> Result<(), FilesError> {
        if access.is_secret() {
            self.expect_for_secrets()
        } else {
            Ok(())
        }
    }

    pub(super) fn stage_unsynced(&self, access: Access, content: &[u8]) -> Result<Staged, FilesError> {
        self.expect_for(access)?;
        let staged = stage_for(
            &self.path,
            self.owner,
            if matches!(access, Access::Exact(_)) {
                PRIVATE_MODE
            } else {
                access.mode()
            },
            content,
        )?;
        if let Access::Exact(Mode { bits, owner, group }) = access {
            staged
                .give(owner, group, bits)
                .map_err(FilesError::io("create a file in", &self.path))?;
        }
        Ok(staged)
    }

    pub(super) fn stage(&self, access: Access, content: &[u8]) -> Result<Staged, FilesError> {
        let staged = self.stage_unsynced(access, content)?;
        staged.sync(&self.path)?;
        Ok(staged)
    }

    /// Checks that what has a name may be replaced: a regular file, and where a secret takes its place, no other user's.
    pub(crate) fn expect_replaceable(&self, path: &Path, access: Access) -> Result<(), FilesError> {
        let metadata = match path.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            metadata => metadata.map_err(FilesError::io("replace", path))?,
        };
        match () {
            () if metadata.is_dir() => Err(FilesError::io("write", path)(
                std::io::ErrorKind::IsADirectory.into(),
            )),
            () if metadata.is_symlink() => Err(FilesError::SymbolicLink(path.to_owned())),
            () if !metadata.is_file() => Err(FilesError::NotAFile(path.to_owned())),
            () if access.is_secret() => expect_own_file(path, &metadata, self.owner),
            () => Ok(()),
        }
    }
}

#[cfg(unix)]
fn is_trusted(owner: Owner, owned_like: Option<&Path>, user: Option<u32>) -> Result<bool, FilesError> {
    use super::trust::Trusted;
    let of_user = || Ok(Trusted::with(user.unwrap_or(0)));
    let trusted = owned_like.map_or_else(of_user, Trusted::for_directory)?;
    Ok(trusted.includes(owner.user))
}

/// Owners are a matter of UNIX.
#[cfg(not(unix))]
fn is_trusted(_owner: Owner, _owned_like: Option<&Path>, _user: Option<u32>) -> Result<bool, FilesError> {
    Ok(true)
}

#[cfg(unix)]
fn expect_own_file(path: &Path, metadata: &std::fs::Metadata, folder: Owner) -> Result<(), FilesError> {
    use std::os::unix::fs::MetadataExt;
    let is_ours = super::trust::Trusted::with(folder.user).includes(metadata.uid());
    if is_ours {
        Ok(())
    } else {
        Err(FilesError::ForeignFolder {
            path: path.to_owned(),
            owner: metadata.uid(),
        })
    }
}

/// Owners are a matter of UNIX.
#[cfg(not(unix))]
fn expect_own_file(_path: &Path, _metadata: &std::fs::Metadata, _folder: Owner) -> Result<(), FilesError> {
    Ok(())
}

/// Writes new files into one folder: first all of them under temporary names, so that a full disk leaves none, then
/// all names. Returns their paths in order.
///
/// # Errors
/// [`FilesError::WouldReplace`] when a name is taken, [`FilesError::Io`].
pub fn write_new_files(folder: &OutputFolder, files: &[OutputFile]) -> Result<Vec<PathBuf>, FilesError> {
    write_files(folder, files, Existing::Keep)
}

/// Writes files into one folder as [`write_new_files`] does; with [`Existing::Replace`] what has their names is replaced.
///
/// # Errors
/// [`FilesError::WouldReplace`] when a name is taken and may not be, [`FilesError::Io`].
pub fn write_files(
    folder: &OutputFolder,
    files: &[OutputFile],
    existing: Existing,
) -> Result<Vec<PathBuf>, FilesError> {
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|file| folder.path.join(file.name.as_str()))
        .collect();
    let is_left = if existing == Existing::Keep {
        left_to_do(&paths, files)
    } else {
        vec![true; files.len()]
    };
    let left: Vec<(&OutputFile, &PathBuf)> = files
        .iter()
        .zip(&paths)
        .zip(is_left)
        .filter(|(_, is_left)| *is_left)
        .map(|(pair, _)| pair)
        .collect();
    let staged = left
        .iter()
        .map(|(file, _)| folder.stage(file.access, &file.content))
        .collect::<Result<Vec<_>, _>>()?;
    match existing {
        Existing::Keep => publish_new(
            staged,
            &left.iter().map(|(_, path)| (*path).clone()).collect::<Vec<_>>(),
        )?,
        Existing::Replace => {
            left.iter()
                .try_for_each(|(file, path)| folder.expect_replaceable(path, file.access))?;
            staged
                .into_iter()
                .zip(&paths)
                .try_for_each(|(staged, path)| staged.replace(path))?;
        }
    }
    sync_folder(&folder.path)?;
    Ok(paths)
}

/// A file for a path that a person named.
pub struct NamedFile {
    /// The path.
    pub path: PathBuf,
    /// Its mode.
    pub access: Access,
    /// Its content.
    pub content: Zeroizing<Vec<u8>>,
}

/// Writes files to the paths that a person named, in their order, and in the place of what has the names: first all of them under temporary
/// names, so that a full disk changes none. `folder` gives the directory of a path.
///
/// # Errors
/// [`FilesError::OwnFolder`]; [`FilesError::SymbolicLink`], [`FilesError::NotAFile`] and [`FilesError::ForeignFolder`] where nothing may be replaced; [`FilesError::Io`].
pub fn write_named(
    files: &[NamedFile],
    folder: &dyn Fn(&Path) -> Result<OutputFolder, FilesError>,
) -> Result<(), FilesError> {
    let mut staged = Vec::with_capacity(files.len());
    for file in files {
        expect_not_reserved(parent_of(&file.path))?;
        let folder = folder(parent_of(&file.path))?;
        folder.expect_replaceable(&file.path, file.access)?;
        staged.push((folder.stage(file.access, &file.content)?, &file.path, folder));
    }
    let mut folders = Vec::new();
    for (staged, path, folder) in staged {
        staged.replace(path)?;
        if !folders.contains(&folder.path) {
            folders.push(folder.path);
        }
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

/// Which of some files are still to be written: where a call was cut off between the first and the last of them, the same call again writes
/// the rest. All of them, where none is there as it should be, or nothing is left.
fn left_to_do(paths: &[PathBuf], files: &[OutputFile]) -> Vec<bool> {
    let is_written = |(path, file): (&PathBuf, &OutputFile)| {
        has_mode(path, file.access) && read_own_file(path).is_ok_and(|content| *content == *file.content)
    };
    let left: Vec<bool> = paths.iter().zip(files).map(|pair| !is_written(pair)).collect();
    if left.contains(&true) {
        left
    } else {
        vec![true; left.len()]
    }
}

/// Whether a file is readable by no more users than if it were written now.
#[cfg(unix)]
pub(super) fn has_mode(path: &Path, access: Access) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.mode() & 0o777 & !access.mode() == 0)
}

/// Modes are a matter of UNIX.
#[cfg(not(unix))]
pub(super) fn has_mode(_path: &Path, _access: Access) -> bool {
    true
}

/// Writes new files that are not durable yet, into a folder that has only a temporary name: [`publish_folders`](super::publish_folders) makes
/// them durable, those of many folders with one barrier.
///
/// # Errors
/// [`FilesError::WouldReplace`] when a name is taken, [`FilesError::Io`].
pub fn write_unsynced(folder: &OutputFolder, files: &[OutputFile]) -> Result<(), FilesError> {
    files.iter().try_for_each(|file| {
        let staged = folder.stage_unsynced(file.access, &file.content)?;
        staged.publish_new(&folder.path.join(file.name.as_str()))
    })
}

/// Writes several groups of new files into one folder, each group whole or not at all, and all with one barrier: a file
/// system takes hundreds of files in the time of two. Returns what came of each group, in order.
pub fn write_groups(
    folder: &OutputFolder,
    groups: &[Vec<OutputFile>],
) -> Vec<Result<Vec<PathBuf>, FilesError>> {
    if let [only] = groups {
        return vec![write_new_files(folder, only)];
    }
    let stage_group = |files: &Vec<OutputFile>| {
        files
            .iter()
            .map(|file| folder.stage_unsynced(file.access, &file.content))
            .collect()
    };
    let staged: Vec<Result<Vec<Staged>, FilesError>> = groups.iter().map(stage_group).collect();
    let all: Vec<&Staged> = staged.iter().flatten().flatten().collect();
    let folder = &folder.path;
    let synced = sync_file_system(folder, &all);
    let published = staged.into_iter().zip(groups).map(|(staged, files)| {
        let staged = staged?;
        synced.as_ref().map_err(|error| error.again(folder))?;
        let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file.name.as_str())).collect();
        publish_new(staged, &paths)?;
        Ok(paths)
    });
    let published: Vec<Result<Vec<PathBuf>, FilesError>> = published.collect();
    match sync_folder(folder) {
        Ok(()) => published,
        Err(error) => published
            .into_iter()
            .map(|group| group.and_then(|_| Err(error.again(folder))))
            .collect(),
    }
}

fn publish_new(staged: Vec<Staged>, paths: &[PathBuf]) -> Result<(), FilesError> {
    if let Some(taken) = paths.iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(FilesError::WouldReplace(taken.clone()));
    }
    for (index, staged) in staged.into_iter().enumerate() {
        if let Err(error) = staged.publish_new(&paths[index]) {
            // Another process took the name a moment ago: what this call wrote before goes again, so that
            // nothing is half done.
            paths
                .iter()
                .take(index)
                .for_each(|path| drop(std::fs::remove_file(path)));
            return Err(error);
        }
    }
    Ok(())
}

/// Whether a path is what standard output goes to, by whatever name.
#[cfg(unix)]
pub fn is_standard_output(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same_file = |open: rustix::fs::Stat| {
        path.metadata()
            .is_ok_and(|named| (named.dev(), named.ino()) == (open.st_dev, open.st_ino))
    };
    rustix::fs::fstat(std::io::stdout()).is_ok_and(same_file)
}

/// Whether a path is what standard output goes to, by whatever name.
#[cfg(not(unix))]
pub fn is_standard_output(_path: &Path) -> bool {
    false
}

/// Writes one file to a path that a person named, and that is not in a folder of a CA. What this process was started with, such as `/dev/stdout`, is written into; so is a
/// pipe or a device, but not with a secret, which would be whose the other end is. A link is never followed.
///
/// # Errors
/// [`FilesError::WouldReplace`] when there is a file and it may not be replaced; [`FilesError::SymbolicLink`], [`FilesError::NotAFile`]
/// [`FilesError::OwnFolder`] and [`FilesError::ForeignFolder`] where nothing may be; [`FilesError::Io`].
pub fn write_output(
    path: &Path,
    access: Access,
    content: &[u8],
    existing: Existing,
) -> Result<(), FilesError> {
    if !is_inherited(path) {
        expect_not_reserved(parent_of(path))?;
    }
    write_own(path, access, content, existing)
}

/// Finds out before a result is made that [`write_output`] would not write it there as a new file. What a device does with it, nobody knows before.
///
/// # Errors
/// As [`write_output`].
pub fn expect_new_output(path: &Path) -> Result<(), FilesError> {
    let found = path.symlink_metadata();
    if is_inherited(path) || found.as_ref().is_ok_and(is_special) {
        return Ok(());
    }
    expect_not_reserved(parent_of(path))?;
    expect_absent(path)?;
    check_writable(parent_of(path))
}

fn expect_absent(path: &Path) -> Result<(), FilesError> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    expect_no_folder(path)?;
    Err(FilesError::WouldReplace(path.to_owned()))
}

/// A pipe or a device.
fn is_special(found: &Metadata) -> bool {
    !found.is_file() && !found.is_dir() && !found.is_symlink()
}

/// The same of a file that a CA keeps itself.
///
/// # Errors
/// As [`write_output`], but for [`FilesError::OwnFolder`].
pub fn write_own(path: &Path, access: Access, content: &[u8], existing: Existing) -> Result<(), FilesError> {
    if is_inherited(path) {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(FilesError::io("write", path))?;
        return std::io::Write::write_all(&mut file, content).map_err(FilesError::io("write", path));
    }
    if path.symlink_metadata().as_ref().is_ok_and(is_special) {
        return if access.is_secret() && !is_null_device(path) {
            Err(FilesError::NotAFile(path.to_owned()))
        } else {
            write_into(path, content)
        };
    }
    let folder = OutputFolder::of(parent_of(path), None, None)?;
    if existing == Existing::Replace {
        folder.expect_replaceable(path, access)?;
    } else {
        expect_absent(path)?;
    }
    let staged = folder.stage(access, content)?;
    match existing {
        Existing::Keep => staged.publish_new(path)?,
        Existing::Replace => staged.replace(path)?,
    }
    sync_folder(&folder.path)
}

/// Whether a path is `/dev/null`, where writing a secret discloses it to no one: on Linux the device 1:3.
#[cfg(unix)]
fn is_null_device(path: &Path) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let null = rustix::fs::makedev(1, 3);
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.file_type().is_char_device() && metadata.rdev() == null)
}

/// Devices have no names in the file system.
#[cfg(not(unix))]
fn is_null_device(_path: &Path) -> bool {
    false
}

fn expect_no_folder(path: &Path) -> Result<(), FilesError> {
    if path.is_dir() {
        Err(FilesError::io("write", path)(
            std::io::ErrorKind::IsADirectory.into(),
        ))
    } else {
        Ok(())
    }
}

/// Writes into a pipe or a device, which must have a reader.
fn write_into(path: &Path, content: &[u8]) -> Result<(), FilesError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    let file = options.open(path).map_err(FilesError::io("write", path))?;
    std::io::Write::write_all(&mut PatientPipe::new(&file), content).map_err(FilesError::io("write", path))
}

/// Makes a folder for output, readable for its owner only, unless it is there, and writes into it. Where that fails, a folder that was made
/// for it and is empty is removed again.
///
/// # Errors
/// [`FilesError::OwnFolder`], [`FilesError::Io`], and those of `write`.
pub fn in_output_folder<T>(
    path: &Path,
    write: impl FnOnce(&OutputFolder) -> Result<T, FilesError>,
) -> Result<T, FilesError> {
    expect_not_reserved(path)?;
    if path.metadata().is_ok_and(|metadata| !metadata.is_dir()) {
        return Err(FilesError::io("write into", path)(
            std::io::ErrorKind::NotADirectory.into(),
        ));
    }
    let is_new = create_folder(path, FOLDER_MODE)?;
    if is_new {
        sync_folder(parent_of(path))?;
    }
    let written = OutputFolder::named(path).and_then(|folder| write(&folder));
    if is_new && written.is_err() {
        // What is in it by now belongs to another process or user.
        let _ = std::fs::remove_dir(path);
    }
    written
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    #[test]
    fn file_has_exactly_the_mode_owner_and_group_that_were_asked_for() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("key.pem");
        let own = folder.path().metadata().expect("metadata");
        let is_root = rustix::process::geteuid().is_root();
        let group = if is_root { 4711 } else { own.gid() };
        let access = Access::Exact(Mode {
            bits: 0o640,
            owner: Some(own.uid()),
            group: Some(group),
        });
        write_output(&path, access, b"key", Existing::Keep).expect("write");
        let found = path.metadata().expect("metadata");
        assert_eq!(
            (found.permissions().mode() & 0o7777, found.uid(), found.gid()),
            (0o640, own.uid(), group)
        );
    }

    #[test]
    fn owner_who_may_not_be_given_leaves_nothing_behind() {
        if rustix::process::geteuid().is_root() {
            return; // root may give files to anybody
        }
        let folder = tempfile::tempdir().expect("directory");
        let access = Access::Exact(Mode {
            bits: 0o640,
            owner: Some(0),
            group: None,
        });
        assert!(matches!(
            write_output(&folder.path().join("key.pem"), access, b"key", Existing::Keep),
            Err(FilesError::Io { .. })
        ));
        assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 0);
    }
}
