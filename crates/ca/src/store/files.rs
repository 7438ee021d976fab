//! Files that appear whole or not at all, with their final mode from the first moment.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::{Builder, NamedTempFile};
use zeroize::Zeroizing;

use super::mode::{CA_KEY_MODE, PRIVATE_MODE};
use super::{CaDir, StoreError};
use gsec_pki::encoding::bounded::read_to_end;

/// Who reads or writes a named pipe waits so long for the other end.
const PIPE_PATIENCE: Duration = Duration::from_secs(10);
/// And looks again so often.
const PIPE_PAUSE: Duration = Duration::from_millis(5);
/// The most octets that are read of a certificate, key or settings file.
pub const MAX_FILE_OCTETS: u64 = 16 * 1024 * 1024;
/// The most octets that are read of a list of hosts.
pub const MAX_LIST_OCTETS: u64 = 256 * 1024 * 1024;
/// What the names of files begin with that are not whole yet.
pub(super) const TEMPORARY_PREFIX: &str = ".gsec-";

/// What owner and group may do.
#[cfg(unix)]
const OWNER_AND_GROUP: u32 = 0o770;

/// A file that is written and durable, under a temporary name.
pub(super) struct Staged(NamedTempFile);

/// Writes `content` under a temporary name in `folder`, with its final `mode` whatever the umask, and makes it durable.
pub(super) fn stage(folder: &Path, mode: u32, content: &[u8]) -> Result<Staged, StoreError> {
    let staged = stage_unsynced(folder, mode, content)?;
    // An empty file has nothing but its name, which the folder makes durable.
    if !content.is_empty() {
        staged.sync(folder)?;
    }
    Ok(staged)
}

/// Writes what shall take the place of a secret file: durable, under a temporary name, with its owner and its mode, but that others
/// can do nothing with it.
pub(super) fn stage_like(folder: &Path, path: &Path, content: &[u8]) -> Result<Staged, StoreError> {
    let staged = stage_unsynced(folder, CA_KEY_MODE, content)?;
    #[cfg(unix)]
    take_over(staged.0.as_file(), path).map_err(StoreError::io("create a file in", folder))?;
    staged.0.as_file().sync_all().map_err(StoreError::io("make durable a file in", folder))?;
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

/// As [`stage`], but not durable: for many files that [`sync_file_system`] makes durable together.
pub(super) fn stage_unsynced(folder: &Path, mode: u32, content: &[u8]) -> Result<Staged, StoreError> {
    stage_for(folder, Owner::of(folder).map_err(StoreError::io("create a file in", folder))?, mode, content)
}

/// As [`stage_unsynced`], for an owner who was found out before: what has the name of the folder may be another a moment later.
pub(super) fn stage_for(folder: &Path, owner: Owner, mode: u32, content: &[u8]) -> Result<Staged, StoreError> {
    let cannot_create = || StoreError::io("create a file in", folder);
    // Made 0600 by tempfile, so never more open than at the end; then given its final mode before the first octet.
    let mut file = Builder::new().prefix(TEMPORARY_PREFIX).suffix(".tmp").tempfile_in(folder).map_err(cannot_create())?;
    owner.take(file.as_file(), mode).map_err(cannot_create())?;
    file.write_all(content).map_err(StoreError::io("write a file in", folder))?;
    Ok(Staged(file))
}

/// Makes everything durable that was written to the file system on which a folder lies: one barrier for many files.
#[cfg(target_os = "linux")]
pub(super) fn sync_file_system(folder: &Path, _staged: &[&Staged]) -> Result<(), StoreError> {
    let open = File::open(folder).map_err(StoreError::io("open", folder))?;
    rustix::fs::syncfs(&open).map_err(|error| StoreError::io("make durable files in", folder)(error.into()))
}

/// Makes files durable, one by one: other systems do not say when a whole file system is.
#[cfg(not(target_os = "linux"))]
pub(super) fn sync_file_system(folder: &Path, staged: &[&Staged]) -> Result<(), StoreError> {
    staged.iter().try_for_each(|staged| staged.0.as_file().sync_all().map_err(StoreError::io("make durable a file in", folder)))
}

impl Staged {
    /// Makes its content durable.
    pub(super) fn sync(&self, folder: &Path) -> Result<(), StoreError> {
        self.0.as_file().sync_all().map_err(StoreError::io("make durable a file in", folder))
    }

    /// Gives the file its name; what has that name already stays, and is an error.
    pub(super) fn publish_new(self, path: &Path) -> Result<(), StoreError> {
        match self.0.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Err(StoreError::WouldReplace(path.to_owned())),
            Err(refused) => Err(StoreError::io("create", path)(refused.error)),
        }
    }

    /// Gives the file its name in place of what has it.
    pub(super) fn replace(self, path: &Path) -> Result<(), StoreError> {
        self.0.persist(path).map(|_| ()).map_err(|refused| StoreError::io("replace", path)(refused.error))
    }
}

/// Moves what follows the last whole line of a file, as a crash leaves it, into a file of its own beside it:
/// `<name>.torn-<number>`. Under the lock.
pub(super) fn set_aside(ca_dir: &CaDir, path: &Path, file: &mut File, torn: &[u8]) -> Result<PathBuf, StoreError> {
    let staged = stage(&ca_dir.conf(), PRIVATE_MODE, torn)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names = (1..).map(|number| ca_dir.conf().join(format!("{name}.torn-{number}")));
    let aside = names.into_iter().find(|candidate| candidate.symlink_metadata().is_err()).expect("numbers do not end");
    staged.publish_new(&aside)?;
    sync_folder(&ca_dir.conf())?;
    let length = file.seek(SeekFrom::End(0)).map_err(StoreError::io("read", path))?;
    file.set_len(length.saturating_sub(torn.len() as u64)).map_err(StoreError::io("write", path))?;
    Ok(aside)
}

/// Replaces a file in one durable step: at every moment there is the old content or the new.
pub(super) fn replace_file(folder: &Path, path: &Path, mode: u32, content: &[u8]) -> Result<(), StoreError> {
    stage(folder, mode, content)?.replace(path)?;
    sync_folder(folder)
}

/// Makes names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let open = File::open(folder).map_err(StoreError::io("open", folder))?;
    open.sync_all().map_err(StoreError::io("make durable", folder))
}

/// Reads a whole file of bounded size.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::TooLarge`].
pub fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    read_file_within(path, MAX_FILE_OCTETS)
}

/// Reads a whole file of at most so many octets.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::TooLarge`].
pub fn read_file_within(path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let file = open_input(path).map_err(StoreError::io("read", path))?;
    let is_regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
    if is_regular || is_inherited(path) || !is_pipe(&file) {
        return read_bounded(&file, path, bound);
    }
    read_whole(&mut PatientPipe::new(&file), None, path, bound)
}

/// Whether a path names something that this process was started with, as `<(…)` in a shell does: who started it sees to it that it ends.
pub(super) fn is_inherited(path: &Path) -> bool {
    ["/dev/stdin", "/dev/stdout", "/dev/stderr"].map(Path::new).contains(&path)
        || ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.parent() == Some(Path::new(folder)))
}

/// Opens what a person named. Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
#[cfg(unix)]
fn open_input(path: &Path) -> io::Result<File> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use std::os::unix::fs::OpenOptionsExt;
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if is_inherited(path) || !is_pipe(&file) {
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn open_input(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn is_pipe(file: &File) -> bool {
    use std::os::unix::fs::FileTypeExt;
    file.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_file: &File) -> bool {
    false
}

/// A named pipe that does not block, read or written until nothing has moved for [`PIPE_PATIENCE`].
pub(super) struct PatientPipe<'a> {
    file: &'a File,
    /// Whether there was anybody at the other end.
    is_joined: bool,
    moved: Instant,
}

impl<'a> PatientPipe<'a> {
    pub(super) fn new(file: &'a File) -> Self {
        Self { file, is_joined: false, moved: Instant::now() }
    }

    fn wait(&self) -> io::Result<()> {
        if self.moved.elapsed() >= PIPE_PATIENCE {
            let problem = format!("nothing moved in the pipe for {} s", PIPE_PATIENCE.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, problem));
        }
        std::thread::sleep(PIPE_PAUSE);
        Ok(())
    }
}

impl Read for PatientPipe<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.file.read(buffer) {
                // Nobody has opened it for writing yet.
                Ok(0) if !self.is_joined => self.wait()?,
                Ok(read) => {
                    (self.is_joined, self.moved) = (true, Instant::now());
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.is_joined = true;
                    self.wait()?;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Write for PatientPipe<'_> {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        loop {
            match self.file.write(content) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait()?,
                written => {
                    self.moved = Instant::now();
                    return written;
                }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a whole file of a CA directory; a symbolic link in its place is not followed.
pub(super) fn read_own_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    read_own_within(path, MAX_FILE_OCTETS)
}

/// The same of at most so many bytes.
pub(super) fn read_own_within(path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    read_bounded(&open_own(OpenOptions::new().read(true), path, "read")?, path, bound)
}

/// Opens a file of a CA directory: a regular file, and no symbolic link to one.
///
/// Without O_NONBLOCK, opening a named pipe that somebody put there would wait for ever.
pub(super) fn open_own(options: &mut OpenOptions, path: &Path, action: &'static str) -> Result<File, StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    let file = options.open(path).map_err(StoreError::io(action, path))?;
    let is_regular = file.metadata().map_err(StoreError::io(action, path))?.is_file();
    if is_regular { Ok(file) } else { Err(StoreError::NotAFile(path.to_owned())) }
}

fn read_bounded(mut file: &File, path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let expected = file.metadata().ok().map(|metadata| metadata.len()).filter(|length| *length > 0);
    read_whole(&mut file, expected, path, bound)
}

fn read_whole(source: &mut dyn Read, expected: Option<u64>, path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let content = read_to_end(source, expected, bound).map_err(StoreError::io("read", path))?;
    if content.len() as u64 > bound {
        return Err(StoreError::TooLarge { path: path.to_owned(), bound });
    }
    Ok(content)
}

/// Creates a folder with its final mode; one that is there already stays as it is. Tells whether it was made, so that the
/// caller can make its name durable.
pub(super) fn create_folder(path: &Path, mode: u32) -> Result<bool, StoreError> {
    match folder_builder(mode).create(path) {
        Ok(()) => {
            set_folder_mode_and_owner(path, parent_of(path), mode)?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(false),
        Err(error) => Err(StoreError::io("create", path)(error)),
    }
}

/// The folder that a path is in.
pub(super) fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives a new folder its final mode, which the umask may have cut, and the owner of the folder that it is in.
pub(super) fn set_folder_mode_and_owner(path: &Path, parent: &Path, mode: u32) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(StoreError::io("create", path))?;
    }
    let open = File::open(path).map_err(StoreError::io("open", path))?;
    set_mode_and_owner(&open, parent, mode).map_err(StoreError::io("create", path))
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
pub(super) fn set_mode_and_owner(file: &File, folder: &Path, mode: u32) -> io::Result<()> {
    Owner::of(folder)?.take(file, mode)
}

/// Under sudo, what is made belongs to whom the folder belongs, or the administrator's next call without sudo fails.
pub(super) fn give_to_owner_of(file: &File, folder: &Path) -> io::Result<()> {
    Owner::of(folder)?.give(file)
}

/// To whom a folder belongs, and what is made in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) user: u32,
    #[cfg(unix)]
    group: u32,
}

#[cfg(unix)]
impl Owner {
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = fs::metadata(folder)?;
        Ok(Self { user: metadata.uid(), group: metadata.gid() })
    }

    fn give(self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt, fchown};
        if file.metadata()?.uid() == 0 && self.user != 0 { fchown(file, Some(self.user), Some(self.group)) } else { Ok(()) }
    }

    fn take(self, file: &File, mode: u32) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        self.give(file)?;
        file.set_permissions(fs::Permissions::from_mode(mode))
    }
}

/// Owners are a matter of UNIX.
#[cfg(not(unix))]
impl Owner {
    pub(super) fn of(_folder: &Path) -> io::Result<Self> {
        Ok(Self { user: 0 })
    }

    fn give(self, _file: &File) -> io::Result<()> {
        Ok(())
    }

    fn take(self, _file: &File, _mode: u32) -> io::Result<()> {
        Ok(())
    }
}

/// Whether an open file, or folder, still is what bears a name.
#[cfg(unix)]
pub(super) fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), path.metadata()) {
        (Ok(ours), Ok(named)) => (ours.dev(), ours.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// Elsewhere nobody tells.
#[cfg(not(unix))]
pub(super) fn is_same_file(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_replaced_unasked() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a");
        stage(folder.path(), 0o644, b"one").and_then(|staged| staged.publish_new(&path)).expect("first");
        let second = stage(folder.path(), 0o644, b"two").and_then(|staged| staged.publish_new(&path));
        assert!(matches!(second, Err(StoreError::WouldReplace(_))));
        assert_eq!(fs::read(&path).expect("read"), b"one");
        assert_eq!(fs::read_dir(folder.path()).expect("list").count(), 1, "no temporary file stays");
    }

    #[cfg(unix)]
    #[test]
    fn mode_is_exact() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("folder");
        for mode in [0o400, 0o600, 0o644] {
            let path = folder.path().join(format!("{mode:o}"));
            stage(folder.path(), mode, b"x").and_then(|staged| staged.publish_new(&path)).expect("create");
            assert_eq!(fs::metadata(&path).expect("metadata").permissions().mode() & 0o7777, mode);
        }
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("folder");
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "secret").expect("write");
        std::os::unix::fs::symlink(&target, &link).expect("link");
        assert!(matches!(read_own_file(&link), Err(StoreError::SymbolicLink(_))));
    }
}
