//! Files that have no name until they are whole: whatever ends the process before, nothing is left of them.

use std::fs::File;
use std::path::Path;

use super::staged::Owner;
use super::{FilesError, fault};

/// A file in a folder, without a name.
pub(super) struct Unnamed(File);

#[cfg(target_os = "linux")]
impl Unnamed {
    /// Makes one with its final owner and mode; `None` where the file system or the system cannot.
    pub(super) fn create(folder: &Path, owner: Owner, mode: u32) -> Option<Self> {
        use rustix::fs::{Mode, OFlags, open};
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        let file = File::from(open(folder, flags, Mode::RUSR | Mode::WUSR).ok()?);
        owner.take(&file, mode).ok()?;
        let unnamed = Self(file);
        unnamed.as_path().exists().then_some(unnamed)
    }

    /// Gives it its name; what has that name already stays, and is an error.
    pub(super) fn publish_new(self, path: &Path) -> Result<(), FilesError> {
        use rustix::fs::{AtFlags, CWD, linkat};
        use rustix::io::Errno;
        fault::step(path)?;
        linkat(CWD, self.as_path(), CWD, path, AtFlags::SYMLINK_FOLLOW).map_err(|error| match error {
            Errno::EXIST => FilesError::WouldReplace(path.to_owned()),
            error => FilesError::io("create", path)(error.into()),
        })
    }

    /// By which it is found as long as it is open (open(2), O_TMPFILE).
    fn as_path(&self) -> std::path::PathBuf {
        use std::os::fd::AsRawFd;
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }
}

#[cfg(not(target_os = "linux"))]
impl Unnamed {
    /// Only Linux has them.
    pub(super) fn create(_folder: &Path, _owner: Owner, _mode: u32) -> Option<Self> {
        None
    }

    /// Gives it its name.
    pub(super) fn publish_new(self, path: &Path) -> Result<(), FilesError> {
        fault::step(path)
    }
}

impl Unnamed {
    /// What its content is written to.
    pub(super) fn writer(&mut self) -> &mut File {
        &mut self.0
    }

    /// Makes its content durable.
    pub(super) fn sync(&self, folder: &Path) -> Result<(), FilesError> {
        let cannot = FilesError::io("make durable a file in", folder);
        self.0.sync_all().map_err(cannot)
    }
}
