//! What is where a tool is about to write, in memory: where the tool fails, gsec puts it back itself. The tool is not asked for that: it is what
//! failed, and on a full disk Debian's begins with removing the links to every CA.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::TrustError;
use super::files::{Digest, certificates_below, entries_below, replace_link};
use gsec_ca::files::{FilesError, read_file_within};

/// The most that is kept of a file, in bytes.
const MAX_KEPT: u64 = 64 * 1024 * 1024;
/// What a tool needs beside what is there already, in bytes.
const ROOM: u64 = 64 * 1024;

/// What is at a path.
#[derive(PartialEq, Eq)]
enum There {
    Nothing,
    Link(PathBuf),
    File(Kept),
    /// A directory, a device, or what cannot be read: no tool of a store writes it.
    Other,
}

/// A file as it was.
#[derive(PartialEq, Eq)]
struct Kept {
    content: Zeroizing<Vec<u8>>,
    mode: u32,
    user: u32,
    group: u32,
}

/// What was where a tool writes.
pub(super) struct Before {
    paths: Vec<(PathBuf, There)>,
    folders: Vec<PathBuf>,
    /// The certificates to which links in these directories led.
    linked: BTreeSet<Digest>,
    /// A file that this call makes, with its content.
    made: Option<(PathBuf, Vec<u8>)>,
}

impl Before {
    /// Keeps these files, and everything in these directories.
    ///
    /// # Errors
    /// [`TrustError::Files`] where a file of the first kind cannot be read: what is not known could not be put back.
    pub(super) fn of(files: &[PathBuf], folders: &[PathBuf]) -> Result<Self, TrustError> {
        let mut paths = Vec::new();
        for path in files {
            paths.push((path.clone(), found_at(path)?));
        }
        for folder in folders {
            for path in entries_below(folder)? {
                if !files.contains(&path) {
                    let there = found_at(&path).unwrap_or(There::Other);
                    paths.push((path, there));
                }
            }
        }
        Ok(Self {
            paths,
            linked: linked_from(folders)?,
            folders: folders.to_vec(),
            made: None,
        })
    }

    /// With a file that this call makes: it goes again, if it is still what this call wrote.
    pub(super) fn making(self, path: PathBuf, content: Vec<u8>) -> Self {
        Self {
            made: Some((path, content)),
            ..self
        }
    }

    /// Certificates to which no link leads any more.
    ///
    /// # Errors
    /// [`TrustError::Files`].
    pub(super) fn without_links(&self) -> Result<Vec<Digest>, TrustError> {
        let now = linked_from(&self.folders)?;
        Ok(self.linked.difference(&now).copied().collect())
    }

    /// Puts everything back, and says what could not be, with the reason.
    pub(super) fn put_back(&self) -> Vec<String> {
        let made = self
            .made
            .iter()
            .map(|(path, content)| (path, unmake(path, content)));
        let made: Vec<_> = made.collect();
        let kept = self
            .paths
            .iter()
            .filter(|(path, _)| self.made.as_ref().is_none_or(|(made, _)| made != path))
            .map(|(path, there)| (path, there.put_back(path)));
        let failed = |(path, result): (&PathBuf, io::Result<()>)| {
            let error = result.err()?;
            Some(format!("`{}` ({})", path.display(), words(&error)))
        };
        let left = made.into_iter().chain(kept).filter_map(failed).collect();
        self.remove_new_links();
        left
    }

    /// Links of the tool's that lead nowhere now, because the file of this CA is gone again.
    fn remove_new_links(&self) {
        let is_new = |path: &PathBuf| !self.paths.iter().any(|(known, _)| known == path);
        let leads_nowhere = |path: &PathBuf| path.is_symlink() && !path.exists();
        loop {
            let new = self
                .folders
                .iter()
                .flat_map(|folder| entries_below(folder).unwrap_or_default());
            let gone = new.filter(|path| is_new(path) && leads_nowhere(path));
            // A link to a link leads nowhere only when that one is gone.
            if gone.filter(|path| fs::remove_file(path).is_ok()).count() == 0 {
                return;
            }
        }
    }
}

/// Checks that a tool has room to write these files once more, each in its directory: most of them leave half of a store where they have not.
///
/// # Errors
/// [`TrustError::Files`].
pub(super) fn expect_room(files: &[PathBuf]) -> Result<(), TrustError> {
    let mut held = Vec::new();
    for path in files {
        let Some(folder) = path.parent().filter(|folder| folder.is_dir()) else {
            continue;
        };
        let length = path.metadata().map_or(0, |found| found.len());
        // It has no name, so nothing of it is left by a call that is killed.
        let file = tempfile::tempfile_in(folder).map_err(FilesError::io("create a file in", folder))?;
        match rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, length + ROOM) {
            Err(error @ (rustix::io::Errno::NOSPC | rustix::io::Errno::DQUOT | rustix::io::Errno::FBIG)) => {
                return Err(FilesError::io("create a file in", folder)(error.into()).into());
            }
            // Not every file system can be asked.
            _ => held.push(file),
        }
    }
    Ok(())
}

fn linked_from(folders: &[PathBuf]) -> Result<BTreeSet<Digest>, TrustError> {
    let mut linked = BTreeSet::new();
    for folder in folders {
        let links = certificates_below(folder)?.into_iter();
        let links = links.filter(|(path, _)| path.is_symlink());
        linked.extend(links.flat_map(|(_, digests)| digests));
    }
    Ok(linked)
}

fn found_at(path: &Path) -> Result<There, FilesError> {
    let found = match path.symlink_metadata() {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(There::Nothing),
        Err(error) => return Err(FilesError::io("read", path)(error)),
    };
    if found.is_symlink() {
        return Ok(There::Link(
            fs::read_link(path).map_err(FilesError::io("read", path))?,
        ));
    }
    if !found.is_file() {
        return Ok(There::Other);
    }
    let content = read_file_within(path, MAX_KEPT)?;
    Ok(There::File(Kept {
        content: Zeroizing::new(content.to_vec()),
        mode: found.mode() & 0o7777,
        user: found.uid(),
        group: found.gid(),
    }))
}

/// Removes what this call wrote, and nothing else that has the name: no link, and no other content.
fn unmake(path: &Path, content: &[u8]) -> io::Result<()> {
    match found_at(path) {
        Ok(There::File(now)) if now.content.as_slice() == content => fs::remove_file(path),
        _ => Ok(()),
    }
}

impl There {
    fn put_back(&self, path: &Path) -> io::Result<()> {
        let now = found_at(path).unwrap_or(Self::Other);
        if *self == now {
            return Ok(());
        }
        match (self, now) {
            (Self::Other, _) => Ok(()),
            (Self::Nothing, Self::File(_)) => fs::remove_file(path),
            (Self::Nothing, _) => Ok(()),
            (Self::Link(target), Self::Nothing | Self::Link(_)) => {
                replace_link(path, target).map_err(io::Error::other)
            }
            (Self::File(kept), Self::Nothing | Self::Link(_) | Self::File(_)) => kept.put_back(path),
            _ => Err(io::Error::other("something else is there now")),
        }
    }
}

impl Kept {
    /// As a whole; where there is no room for that, over what the tool left, which is of no use to anybody.
    fn put_back(&self, path: &Path) -> io::Result<()> {
        self.replace(path).or_else(|error| match path.symlink_metadata() {
            Ok(found) if found.is_file() => self.overwrite(path),
            _ => Err(error),
        })
    }

    fn replace(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        let mut new = tempfile::Builder::new()
            .prefix(".gsec-")
            .suffix(".tmp")
            .tempfile_in(folder)?;
        new.write_all(&self.content)?;
        self.finish(new.as_file())?;
        new.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    fn overwrite(&self, path: &Path) -> io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .truncate(true)
            .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
            .open(path)?;
        file.write_all(&self.content)?;
        self.finish(&file)
    }

    fn finish(&self, file: &fs::File) -> io::Result<()> {
        // Who is not root has files of their own only, and may give them to nobody.
        let found = file.metadata()?;
        if (found.uid(), found.gid()) != (self.user, self.group) {
            std::os::unix::fs::fchown(file, Some(self.user), Some(self.group))?;
        }
        file.set_permissions(fs::Permissions::from_mode(self.mode))?;
        file.sync_all()
    }
}

/// What the operating system says, without the number that std adds.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}
