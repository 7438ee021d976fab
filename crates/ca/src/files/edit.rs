//! Changing a part of a file that others maintain: every byte that is not edited stays, and so do mode, owner and group.

use std::fs::{File, Metadata, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::FilesError;
use super::mode::PRIVATE_MODE;
use super::parent::parent_of;
use super::read::{open_own, read_open};
use super::staged::{stage, stage_as, sync_folder};
use super::trust::{Trusted, expect_guarded_way, expect_plain, exposed_on_the_way};

/// As many backups as are made within a second.
const MAX_BACKUPS: u32 = 100;

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
    edit(path, plan, |_| Ok(()))
}

/// A file that was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// What it was before: a new file beside it, that only its owner can read.
    pub backup: PathBuf,
}

/// Edits a file that a person named, as [`edit_file`] does, and keeps what it was in `NAME.SUFFIX` beside it. Where the name is a symbolic link,
/// the file that it leads to is edited, and the link stays. `None` when nothing was to be changed; then there is no backup either.
///
/// # Errors
/// As [`edit_file`]. A link is followed only through directories that are in the same hands as the file.
pub fn edit_with_backup(
    path: &Path,
    suffix: &str,
    plan: impl FnOnce(&[u8]) -> Vec<Edit>,
) -> Result<Option<Edited>, FilesError> {
    let target = std::fs::canonicalize(path).map_err(FilesError::io("open", path))?;
    let trusted = Trusted::for_directory(parent_of(&target))?;
    let on_the_way = exposed_on_the_way(path, &trusted)?;
    if let Some(exposure) = on_the_way.into_iter().find(|exposure| exposure.path != target) {
        return Err(exposure.into());
    }
    let mut backup = None;
    let written = edit(&target, plan, |content| {
        backup = Some(keep(&target, suffix, content)?);
        Ok(())
    });
    match (written, backup) {
        (Ok(true), Some(backup)) => Ok(Some(Edited { backup })),
        (Ok(_), _) => Ok(None),
        (Err(error), backup) => {
            // The file is as it was, so there is nothing to go back to.
            backup.map(std::fs::remove_file);
            Err(error)
        }
    }
}

/// Writes a content beside a file, under a name that nothing has.
fn keep(path: &Path, suffix: &str, content: &[u8]) -> Result<PathBuf, FilesError> {
    let name = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{suffix}"));
        if number > 1 {
            name.push(format!("-{number}"));
        }
        PathBuf::from(name)
    };
    let folder = parent_of(path);
    for number in 1..=MAX_BACKUPS {
        let backup = name(number);
        match stage(folder, PRIVATE_MODE, content)?.publish_new(&backup) {
            Ok(()) => {
                sync_folder(folder)?;
                return Ok(backup);
            }
            Err(FilesError::WouldReplace(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(FilesError::WouldReplace(name(MAX_BACKUPS)))
}

fn edit(
    path: &Path,
    plan: impl FnOnce(&[u8]) -> Vec<Edit>,
    before_replacing: impl FnOnce(&[u8]) -> Result<(), FilesError>,
) -> Result<bool, FilesError> {
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
    before_replacing(&content)?;
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
    fn what_a_file_was_is_kept_where_only_its_owner_can_read_it() {
        let (folder, path) = file();
        let mut names = Vec::new();
        for _ in 0..2 {
            let edited = edit_with_backup(&path, "gsec-1", |content| {
                let end = content.len();
                vec![Edit {
                    range: end..end,
                    replacement: b"+".to_vec(),
                }]
            });
            let backup = edited.expect("edit").expect("a change").backup;
            let mode = fs::metadata(&backup).expect("metadata").permissions().mode();
            assert_eq!(mode & 0o7777, 0o600);
            names.push(backup.file_name().expect("a name").to_string_lossy().into_owned());
        }
        assert_eq!(names, ["conf.gsec-1", "conf.gsec-1-2"]);
        assert_eq!(
            fs::read(folder.path().join("conf.gsec-1")).expect("read"),
            CONTENT
        );
        assert_eq!(
            fs::read(folder.path().join("conf.gsec-1-2")).expect("read"),
            [CONTENT, b"+"].concat()
        );
        assert_eq!(
            edit_with_backup(&path, "gsec-2", |_| Vec::new()).expect("edit"),
            None
        );
        assert!(!folder.path().join("conf.gsec-2").exists());
    }

    #[test]
    fn link_that_a_person_named_stays_and_what_it_leads_to_is_edited() {
        let (folder, path) = file();
        fs::create_dir(folder.path().join("etc")).expect("directory");
        let link = folder.path().join("etc/link");
        symlink("../conf", &link).expect("link");
        let edited = edit_with_backup(&link, "old", port)
            .expect("edit")
            .expect("a change");
        assert!(link.is_symlink() && edited.backup.ends_with("conf.old"));
        assert!(
            fs::read(&path)
                .expect("read")
                .windows(9)
                .any(|window| window == b"port=8443")
        );
        assert_eq!(fs::read_dir(folder.path().join("etc")).expect("list").count(), 1);
    }

    #[test]
    fn link_in_a_directory_that_everybody_can_write_is_not_followed() {
        let (folder, path) = file();
        let open = folder.path().join("open");
        fs::create_dir(&open).expect("directory");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).expect("mode");
        symlink(&path, open.join("link")).expect("link");
        assert!(matches!(
            edit_with_backup(&open.join("link"), "old", port),
            Err(FilesError::Writable { .. })
        ));
        assert!(!folder.path().join("conf.old").exists());
        is_as_it_was(folder.path(), &path);
    }

    #[test]
    fn no_backup_stays_of_a_file_that_somebody_changed_meanwhile() {
        let (folder, path) = file();
        let written = edit_with_backup(&path, "old", |content| {
            fs::write(&path, b"theirs").expect("write");
            port(content)
        });
        assert!(matches!(written, Err(FilesError::ChangedMeanwhile(_))));
        assert!(!folder.path().join("conf.old").exists());
        assert_eq!(fs::read(&path).expect("read"), b"theirs");
    }

    #[test]
    fn file_in_a_directory_that_everybody_can_write_is_refused() {
        let (folder, path) = file();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("mode");
        assert!(matches!(edit_file(&path, port), Err(FilesError::Writable { .. })));
        is_as_it_was(folder.path(), &path);
    }
}
