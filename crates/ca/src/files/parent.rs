//! Where a file stands.

use std::path::{Path, PathBuf};

/// The parent directory of a path.
pub(crate) fn parent_of(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Where a file is, or would be, whatever links lead to its folder: two paths of one file are equal. A link in the place of the file itself is not
/// followed.
pub fn place_of(path: &Path) -> PathBuf {
    let whole = parent_of(path).canonicalize();
    match (whole, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}
