//! Files that appear whole or not at all, with their final mode from the first moment.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::mode::{CA_KEY_MODE, FOLDER_MODE, PRIVATE_MODE};
use super::parent::parent_of;
use super::{FilesError, expect_not_reserved, fault};

/// The prefix of the names of files that are not whole yet.
pub(crate) const TEMPORARY_PREFIX: &str = ".gsec-";

/// What owner and group may do.
#[cfg(unix)]
const OWNER_AND_GROUP: u32 = 0o770;

/// A file that is written and durable, under a temporary name.
pub(crate) struct Staged(NamedTempFile);

/// Writes `content` under a temporary name in `folder`, with its final `mode` whatever the umask, and makes it durable.
pub(crate) fn stage(folder: &Path, mode: u32, content: &[u8]) -> Result<Staged, FilesError> {
    let staged = stage_unsynced(folder, mode, content)?;
    // An empty file has nothing but its name, which the folder makes durable.
    if !content.is_empty() {
        staged.sync(folder)?;
    }
    Ok(staged)
}

/// Writes the replacement for a secret file: durable, under a temporary name, with its owner and its mode,
/// but without any rights for others.
pub(crate) fn stage_like(folder: &Path, path: &Path, content: &[u8]) -> Result<Staged, FilesError> {
    let staged = stage_unsynced(folder, CA_KEY_MODE, content)?;
    #[cfg(unix)]
    take_over(staged.0.as_file(), path).map_err(FilesError::io("create a file in", folder))?;
    staged
        .0
        .as_file()
        .sync_all()
        .map_err(FilesError::io("make durable a file in", folder))?;
    Ok(staged)
}

/// Gives a file the owner of another, and its mode without what others may do.
#[cfg(unix)]
fn take_over(file: &File, model: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (ours, theirs) = (file.metadata()?, fs::metadata(model)?);
    if (ours.uid(), ours.gid()) != (theirs.uid(), theirs.gid()) {
        fchown(file, Some(theirs.uid()), Some(theirs.gid()))?;
    }
    file.set_permissions(fs::Permissions::from_mode(theirs.mode() & OWNER_AND_GROUP))
}

/// Writes the replacement for an open file: durable, under a temporary name, with its owner, group, mode and
/// access list.
#[cfg(unix)]
pub(crate) fn stage_as(
    folder: &Path,
    file: &File,
    model: &fs::Metadata,
    content: &[u8],
) -> Result<Staged, FilesError> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let cannot = || FilesError::io("create a file in", folder);
    let mut staged = Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(cannot())?;
    staged
        .write_all(content)
        .map_err(FilesError::io("write a file in", folder))?;
    let open = staged.as_file();
    let ours = open.metadata().map_err(cannot())?;
    if (ours.uid(), ours.gid()) != (model.uid(), model.gid()) {
        fchown(open, Some(model.uid()), Some(model.gid())).map_err(cannot())?;
    }
    open.set_permissions(fs::Permissions::from_mode(model.mode() & 0o7777))
        .map_err(cannot())?;
    copy_access_list(file, open).map_err(cannot())?;
    open.sync_all()
        .map_err(FilesError::io("make durable a file in", folder))?;
    Ok(Staged(staged))
}

/// Without its access list the bits of a file's group would be those of the list's mask, and might grant more (acl(5)).
#[cfg(target_os = "linux")]
fn copy_access_list(from: &File, to: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fgetxattr, fsetxattr};
    use rustix::io::Errno;
    const ACCESS_LIST: &str = "system.posix_acl_access";
    // The most that Linux keeps in one attribute (XATTR_SIZE_MAX).
    let mut list = vec![0; 64 * 1024];
    match fgetxattr(from, ACCESS_LIST, list.as_mut_slice()) {
        Ok(length) => Ok(fsetxattr(to, ACCESS_LIST, &list[..length], XattrFlags::empty())?),
        Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn copy_access_list(_from: &File, _to: &File) -> io::Result<()> {
    Ok(())
}

/// As [`stage`], but not durable: for many files that [`sync_file_system`] makes durable together.
pub(crate) fn stage_unsynced(folder: &Path, mode: u32, content: &[u8]) -> Result<Staged, FilesError> {
    stage_for(
        folder,
        Owner::of(folder).map_err(FilesError::io("create a file in", folder))?,
        mode,
        content,
    )
}

/// As [`stage_unsynced`], for an owner that was determined before: a moment later, the name of the folder may
/// lead to another one.
pub(crate) fn stage_for(
    folder: &Path,
    owner: Owner,
    mode: u32,
    content: &[u8],
) -> Result<Staged, FilesError> {
    let mut staged = stage_empty(folder, owner, mode)?;
    staged
        .0
        .write_all(content)
        .map_err(FilesError::io("write a file in", folder))?;
    Ok(staged)
}

/// A file without content under a temporary name, with its final owner and mode.
pub(super) fn stage_empty(folder: &Path, owner: Owner, mode: u32) -> Result<Staged, FilesError> {
    let cannot_create = || FilesError::io("create a file in", folder);
    // Made 0600 by tempfile, so never more open than at the end; then given its final mode before the first
    // byte.
    let file = Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(cannot_create())?;
    owner.take(file.as_file(), mode).map_err(cannot_create())?;
    Ok(Staged(file))
}

/// Makes everything durable that was written to the file system on which a folder lies: one barrier for many files.
#[cfg(target_os = "linux")]
pub(crate) fn sync_file_system(folder: &Path, _staged: &[&Staged]) -> Result<(), FilesError> {
    let open = File::open(folder).map_err(FilesError::io("open", folder))?;
    rustix::fs::syncfs(&open).map_err(|error| FilesError::io("make durable files in", folder)(error.into()))
}

/// Makes files durable, one by one: other systems do not say when a whole file system is.
#[cfg(not(target_os = "linux"))]
pub(crate) fn sync_file_system(folder: &Path, staged: &[&Staged]) -> Result<(), FilesError> {
    staged.iter().try_for_each(|staged| {
        staged
            .0
            .as_file()
            .sync_all()
            .map_err(FilesError::io("make durable a file in", folder))
    })
}

impl Staged {
    /// Gives it to an owner and a group, and then its mode, so that no other user gets access before.
    #[cfg(unix)]
    pub(crate) fn give(&self, owner: Option<u32>, group: Option<u32>, bits: u32) -> io::Result<()> {
        use std::os::unix::fs::{PermissionsExt, fchown};
        let file = self.0.as_file();
        if owner.is_some() || group.is_some() {
            fchown(file, owner, group)?;
        }
        file.set_permissions(fs::Permissions::from_mode(bits))
    }

    /// Owners and modes are a matter of UNIX.
    #[cfg(not(unix))]
    pub(crate) fn give(&self, _owner: Option<u32>, _group: Option<u32>, _bits: u32) -> io::Result<()> {
        Ok(())
    }

    /// What its content is written to.
    pub(super) fn writer(&mut self) -> impl Write + '_ {
        self.0.as_file_mut()
    }

    /// Makes its content durable.
    pub(crate) fn sync(&self, folder: &Path) -> Result<(), FilesError> {
        self.0
            .as_file()
            .sync_all()
            .map_err(FilesError::io("make durable a file in", folder))
    }

    /// Gives the file its name; what has that name already stays, and is an error.
    pub(crate) fn publish_new(self, path: &Path) -> Result<(), FilesError> {
        fault::step(path)?;
        match self.0.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(FilesError::WouldReplace(path.to_owned()))
            }
            Err(refused) => Err(FilesError::io("create", path)(refused.error)),
        }
    }

    /// Gives the file its name in place of what has it.
    pub(crate) fn replace(self, path: &Path) -> Result<(), FilesError> {
        fault::step(path)?;
        self.0
            .persist(path)
            .map(|_| ())
            .map_err(|refused| FilesError::io("replace", path)(refused.error))
    }
}

/// Moves what follows the last whole line of a file, as a crash leaves it, into a file of its own beside it:
/// `<name>.torn-<number>`. Under the lock.
pub(crate) fn set_aside(path: &Path, file: &mut File, torn: &[u8]) -> Result<PathBuf, FilesError> {
    let folder = parent_of(path);
    let staged = stage(folder, PRIVATE_MODE, torn)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names = (1..).map(|number| folder.join(format!("{name}.torn-{number}")));
    let aside = names
        .into_iter()
        .find(|candidate| candidate.symlink_metadata().is_err())
        .expect("numbers do not end");
    staged.publish_new(&aside)?;
    sync_folder(folder)?;
    let length = file
        .seek(SeekFrom::End(0))
        .map_err(FilesError::io("read", path))?;
    file.set_len(length.saturating_sub(torn.len() as u64))
        .map_err(FilesError::io("write", path))?;
    Ok(aside)
}

/// Replaces a file in one durable step: at every moment there is the old content or the new.
pub(crate) fn replace_file(folder: &Path, path: &Path, mode: u32, content: &[u8]) -> Result<(), FilesError> {
    stage(folder, mode, content)?.replace(path)?;
    sync_folder(folder)
}

/// Makes names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), FilesError> {
    let open = File::open(folder).map_err(FilesError::io("open", folder))?;
    open.sync_all().map_err(FilesError::io("make durable", folder))
}

/// Creates a folder with its final mode; one that is there already stays as it is. Tells whether it was made, so that the
/// caller can make its name durable.
pub(crate) fn create_folder(path: &Path, mode: u32) -> Result<bool, FilesError> {
    match folder_builder(mode).create(path) {
        Ok(()) => {
            set_folder_mode_and_owner(path, parent_of(path), mode)?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(false),
        Err(error) => Err(FilesError::io("create", path)(error)),
    }
}

/// Makes a directory that a person named, and those above it that are missing, open to their owner alone, and durable.
///
/// # Errors
/// [`FilesError::OwnFolder`], [`FilesError::Io`].
pub fn make_folders(path: &Path) -> Result<(), FilesError> {
    expect_not_reserved(path)?;
    make_with_parents(path)
}

fn make_with_parents(path: &Path) -> Result<(), FilesError> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = parent_of(path);
    make_with_parents(parent)?;
    match create_folder(path, FOLDER_MODE)? {
        true => sync_folder(parent),
        false => Ok(()),
    }
}

/// Gives a new folder its final mode, which the umask may have cut, and the owner of its parent folder.
pub(crate) fn set_folder_mode_and_owner(path: &Path, parent: &Path, mode: u32) -> Result<(), FilesError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .map_err(FilesError::io("create", path))?;
    }
    let open = File::open(path).map_err(FilesError::io("open", path))?;
    set_mode_and_owner(&open, parent, mode).map_err(FilesError::io("create", path))
}

fn folder_builder(mode: u32) -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, mode);
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

/// Gives a file its final mode, and its owner as [`give_to_owner_of`] says.
pub(crate) fn set_mode_and_owner(file: &File, folder: &Path, mode: u32) -> io::Result<()> {
    Owner::of(folder)?.take(file, mode)
}

/// Under sudo, what is made belongs to whom the folder belongs, or the administrator's next call without sudo fails.
pub(crate) fn give_to_owner_of(file: &File, folder: &Path) -> io::Result<()> {
    Owner::of(folder)?.give(file)
}

/// To whom a folder belongs, and what is made in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) user: u32,
    #[cfg(unix)]
    group: u32,
}

#[cfg(unix)]
impl Owner {
    pub(crate) fn of(folder: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = fs::metadata(folder)?;
        Ok(Self {
            user: metadata.uid(),
            group: metadata.gid(),
        })
    }

    fn give(self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt, fchown};
        if file.metadata()?.uid() == 0 && self.user != 0 {
            fchown(file, Some(self.user), Some(self.group))
        } else {
            Ok(())
        }
    }

    /// Gives a symbolic link, which is not followed, as [`Owner::give`] does a file.
    pub(crate) fn give_link(self, path: &Path) -> io::Result<()> {
        use rustix::fs::{AtFlags, CWD, Gid, Uid, chownat};
        use std::os::unix::fs::MetadataExt;
        if path.symlink_metadata()?.uid() != 0 || self.user == 0 {
            return Ok(());
        }
        let (user, group) = (Uid::from_raw(self.user), Gid::from_raw(self.group));
        Ok(chownat(
            CWD,
            path,
            Some(user),
            Some(group),
            AtFlags::SYMLINK_NOFOLLOW,
        )?)
    }

    pub(super) fn take(self, file: &File, mode: u32) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        self.give(file)?;
        file.set_permissions(fs::Permissions::from_mode(mode))
    }
}

/// Owners are a matter of UNIX.
#[cfg(not(unix))]
impl Owner {
    pub(crate) fn of(_folder: &Path) -> io::Result<Self> {
        Ok(Self { user: 0 })
    }

    fn give(self, _file: &File) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn take(self, _file: &File, _mode: u32) -> io::Result<()> {
        Ok(())
    }
}

/// Whether an open file, or folder, still is what bears a name.
#[cfg(unix)]
pub(crate) fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), path.metadata()) {
        (Ok(ours), Ok(named)) => (ours.dev(), ours.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// Not known elsewhere.
#[cfg(not(unix))]
pub(crate) fn is_same_file(_file: &File, _path: &Path) -> bool {
    true
}

/// Letters and digits that tempfile puts into a name.
const RANDOM_CHARACTERS: usize = 6;

/// Whether a name is that of a file, or of a folder, that gsec makes before it gives it its own name.
pub fn is_temporary_name(name: &str) -> bool {
    let random = name
        .strip_prefix(TEMPORARY_PREFIX)
        .map(|rest| rest.strip_suffix(".tmp").unwrap_or(rest));
    random.is_some_and(|random| {
        random.len() == RANDOM_CHARACTERS && random.bytes().all(|octet| octet.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::super::read::read_own_file;
    use super::*;

    #[test]
    fn nothing_is_replaced_unasked() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a");
        stage(folder.path(), 0o644, b"one")
            .and_then(|staged| staged.publish_new(&path))
            .expect("first");
        let second = stage(folder.path(), 0o644, b"two").and_then(|staged| staged.publish_new(&path));
        assert!(matches!(second, Err(FilesError::WouldReplace(_))));
        assert_eq!(fs::read(&path).expect("read"), b"one");
        assert_eq!(
            fs::read_dir(folder.path()).expect("list").count(),
            1,
            "no temporary file stays"
        );
    }

    #[cfg(unix)]
    #[test]
    fn mode_is_exact() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("folder");
        for mode in [0o400, 0o600, 0o644] {
            let path = folder.path().join(format!("{mode:o}"));
            stage(folder.path(), mode, b"x")
                .and_then(|staged| staged.publish_new(&path))
                .expect("create");
            assert_eq!(
                fs::metadata(&path).expect("metadata").permissions().mode() & 0o7777,
                mode
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("folder");
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "secret").expect("write");
        std::os::unix::fs::symlink(&target, &link).expect("link");
        assert!(matches!(read_own_file(&link), Err(FilesError::SymbolicLink(_))));
    }

    #[test]
    fn only_names_that_gsec_makes_are_temporary() {
        assert!(is_temporary_name(".gsec-a1B2c3") && is_temporary_name(".gsec-abcdef.tmp"));
        for name in [
            ".gsec-",
            ".gsec-mine.tmp",
            "gsec-abcdef.tmp",
            ".gsec-abcdefg",
            ".gsec-abc.ef",
            ".hosts.idx",
        ] {
            assert!(!is_temporary_name(name), "{name}");
        }
    }
}
