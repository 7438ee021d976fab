//! Changing a part of a file that others maintain: every byte that is not edited stays, and so do mode, owner and group.

use std::fs::{File, Metadata, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::FilesError;
use super::parent::parent_of;
use super::read::{open_own, read_open};
use super::staged::{stage_as, sync_folder};
use super::trust::{Trusted, expect_guarded_way, expect_plain};

/// A part of a file, and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that are replaced; an empty range only inserts.
    pub range: Range<usize>,
    /// What takes their place.
    pub replacement: Vec<u8>,
}

/// Makes edits that are in order and do not overlap; `None` when they are not, or when one is outside of the content.
pub fn apply_edits(content: &[u8], edits: &[Edit]) -> Option<Vec<u8>> {
    let mut edited = Vec::with_capacity(content.len());
    let mut end = 0;
    for edit in edits {
        content.get(edit.range.clone())?;
        edited.extend_from_slice(content.get(end..edit.range.start)?);
        edited.extend_from_slice(&edit.replacement);
        end = edit.range.end;
    }
    edited.extend_from_slice(content.get(end..)?);
    Some(edited)
}

/// Edits a file in one durable step: `plan` sees its content and returns the edits. Returns whether anything was changed; a file that
/// is right already is not written.
///
/// # Errors
/// [`FilesError::SymbolicLink`], [`FilesError::NotAFile`], [`FilesError::SeveralNames`], [`FilesError::ForeignOwner`] or
/// [`FilesError::Writable`] when it is not a file of ours, or another user could exchange it;
/// [`FilesError::ChangedMeanwhile`] when another process changed it meanwhile; [`FilesError::TooLarge`];
/// [`FilesError::Io`]. Then nothing was changed.
pub fn edit_file(path: &Path, plan: impl FnOnce(&[u8]) -> Vec<Edit>) -> Result<bool, FilesError> {
    let folder = parent_of(path);
    expect_guarded_way(folder)?;
    let file = open_own(OpenOptions::new().read(true), path, "read")?;
    let before = file.metadata().map_err(FilesError::io("read", path))?;
    expect_plain(path, &before, &Trusted::for_directory(folder)?)?;
    let content = read_open(&file, path)?;
    let out_of_range = || FilesError::io("edit", path)(std::io::ErrorKind::InvalidInput.into());
    let edited = zeroize::Zeroizing::new(apply_edits(&content, &plan(&content)).ok_or_else(out_of_range)?);
    if *edited == *content {
        return Ok(false);
    }
    let staged = stage_as(folder, &file, &before, &edited)?;
    if !is_unchanged(&file, &before, path) {
        return Err(FilesError::ChangedMeanwhile(path.to_owned()));
    }
    staged.replace(path)?;
    sync_folder(folder)?;
    Ok(true)
}

/// Whether a name is still that of the open file, and the file as it was.
fn is_unchanged(file: &File, before: &Metadata, path: &Path) -> bool {
    let state = |found: Metadata| {
        (
            found.dev(),
            found.ino(),
            found.len(),
            found.mtime(),
            found.mtime_nsec(),
            found.ctime(),
            found.ctime_nsec(),
        )
    };
    let before = state(before.clone());
    [file.metadata(), path.symlink_metadata()]
        .into_iter()
        .all(|found| found.is_ok_and(|found| state(found) == before))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::PathBuf;

    use super::*;

    const CONTENT: &[u8] = b"a=1\r\n\xff\xfe kept \0\nport=1\nno end of line";

    fn file() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("directory");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("mode");
        let path = folder.path().join("conf");
        fs::write(&path, CONTENT).expect("write");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("mode");
        (folder, path)
    }

    /// Writes another port.
    fn port(content: &[u8]) -> Vec<Edit> {
        let at = content
            .windows(6)
            .position(|window| window == b"port=1")
            .expect("port")
            + 5;
        vec![Edit {
            range: at..at + 1,
            replacement: b"8443".to_vec(),
        }]
    }

    fn is_as_it_was(folder: &Path, path: &Path) {
        assert_eq!(fs::read(path).expect("read"), CONTENT);
        let temporary = fs::read_dir(folder).expect("list").filter(|entry| {
            entry
                .as_ref()
                .expect("entry")
                .file_name()
                .to_string_lossy()
                .starts_with('.')
        });
        assert_eq!(temporary.count(), 0, "no temporary file stays");
    }

    #[test]
    fn every_byte_that_is_not_edited_stays_and_so_does_the_mode() {
        let (_folder, path) = file();
        assert!(edit_file(&path, port).expect("edit"));
        assert_eq!(
            fs::read(&path).expect("read"),
            b"a=1\r\n\xff\xfe kept \0\nport=8443\nno end of line"
        );
        assert_eq!(
            fs::metadata(&path).expect("metadata").permissions().mode() & 0o7777,
            0o640
        );
    }

    #[test]
    fn file_that_is_right_already_is_not_written() {
        let (folder, path) = file();
        let inode = fs::metadata(&path).expect("metadata").ino();
        assert!(!edit_file(&path, |_| Vec::new()).expect("edit"));
        assert!(
            !edit_file(&path, |_| vec![Edit {
                range: 0..1,
                replacement: b"a".to_vec()
            }])
            .expect("edit")
        );
        assert_eq!(fs::metadata(&path).expect("metadata").ino(), inode);
        is_as_it_was(folder.path(), &path);
    }

    #[test]
    fn edits_that_overlap_or_are_outside_are_refused() {
        let (folder, path) = file();
        let edit = |range| Edit {
            range,
            replacement: Vec::new(),
        };
        for edits in [
            vec![edit(0..3), edit(2..4)],
            vec![edit(4..5), edit(0..1)],
            vec![edit(0..1000)],
        ] {
            assert!(matches!(edit_file(&path, |_| edits), Err(FilesError::Io { .. })));
            is_as_it_was(folder.path(), &path);
        }
    }

    #[test]
    fn link_and_file_with_several_names_are_refused() {
        let (folder, path) = file();
        let link = folder.path().join("link");
        symlink(&path, &link).expect("link");
        assert!(matches!(edit_file(&link, port), Err(FilesError::SymbolicLink(_))));
        fs::hard_link(&path, folder.path().join("second")).expect("hard link");
        assert!(matches!(edit_file(&path, port), Err(FilesError::SeveralNames(_))));
        is_as_it_was(folder.path(), &path);
    }

    #[test]
    fn file_that_somebody_changes_meanwhile_is_left_to_him() {
        let (folder, path) = file();
        let written = edit_file(&path, |content| {
            fs::write(&path, b"theirs").expect("write");
            port(content)
        });
        assert!(matches!(written, Err(FilesError::ChangedMeanwhile(_))));
        assert_eq!(fs::read(&path).expect("read"), b"theirs");
        fs::write(&path, CONTENT).expect("write");
        let replaced = edit_file(&path, |content| {
            fs::rename(&path, folder.path().join("moved")).expect("rename");
            symlink("moved", &path).expect("link");
            port(content)
        });
        assert!(matches!(replaced, Err(FilesError::ChangedMeanwhile(_))));
        assert!(path.is_symlink());
        is_as_it_was(folder.path(), &folder.path().join("moved"));
    }

    #[test]
    fn file_in_a_directory_that_everybody_can_write_is_refused() {
        let (folder, path) = file();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("mode");
        assert!(matches!(edit_file(&path, port), Err(FilesError::Writable { .. })));
        is_as_it_was(folder.path(), &path);
    }
}
