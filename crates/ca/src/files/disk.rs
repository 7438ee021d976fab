//! The file system that a directory is on.

use std::path::Path;

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// Bytes that the caller can still write.
    pub free_octets: u64,
    /// Files that can still be made; `None` on a file system without such a bound.
    pub free_files: Option<u64>,
    /// Whether it is read-only.
    pub is_read_only: bool,
}

/// Looks how much room there is; `None` when the system does not tell.
#[cfg(unix)]
pub fn disk_space(path: &Path) -> Option<DiskSpace> {
    let found = rustix::fs::statvfs(path).ok()?;
    Some(DiskSpace {
        free_octets: found.f_bavail.saturating_mul(found.f_frsize),
        free_files: (found.f_files > 0).then_some(found.f_favail),
        is_read_only: found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY),
    })
}

/// Looks how much room there is; `None` when the system does not tell.
#[cfg(not(unix))]
pub fn disk_space(_path: &Path) -> Option<DiskSpace> {
    None
}
