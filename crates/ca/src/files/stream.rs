//! Files of any length, read and written piece by piece.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::parent::parent_of;
use super::staged::{Owner, stage_empty, sync_folder};
use super::unnamed::Unnamed;
use super::{FilesError, PRIVATE_MODE, expect_not_reserved};

/// How much is written at once.
const WRITTEN_BYTES: usize = 64 * 1024;
/// What a copy may give to others of what a file gives them: reading.
const READABLE: u32 = 0o644;

/// Opens a file to read it piece by piece. A named pipe waits for its writer.
///
/// # Errors
/// [`FilesError::Io`], also for a directory.
pub fn open_to_read(path: &Path) -> Result<File, FilesError> {
    let file = File::open(path).map_err(FilesError::io("read", path))?;
    let is_folder = file.metadata().is_ok_and(|metadata| metadata.is_dir());
    if is_folder {
        return Err(FilesError::io("read", path)(
            std::io::ErrorKind::IsADirectory.into(),
        ));
    }
    Ok(file)
}

/// The mode of a file that is made from another one: readable for those who can read that, writable for its owner only.
#[cfg(unix)]
pub fn mode_of_copy(original: &File) -> u32 {
    use std::os::unix::fs::MetadataExt;
    let mode = |metadata: std::fs::Metadata| metadata.mode() & READABLE | PRIVATE_MODE;
    let regular = original.metadata().ok().filter(std::fs::Metadata::is_file);
    regular.map_or(PRIVATE_MODE, mode)
}

/// Modes are a matter of UNIX.
#[cfg(not(unix))]
pub fn mode_of_copy(_original: &File) -> u32 {
    PRIVATE_MODE
}

/// Writes a new file to a path that a person named, piece by piece, with its final mode from the first moment. It gets its name when `write` has returned, whole and durable;
/// where that fails, nothing is left of it. Nor is anything where the process ends before, on Linux.
///
/// # Errors
/// [`FilesError::OwnFolder`]; [`FilesError::WouldReplace`] when there is one of that name, [`FilesError::Io`], and those of `write`, whose own failures to write are `Io` too.
pub fn write_stream<E: From<FilesError>>(
    path: &Path,
    mode: u32,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let folder = parent_of(path);
    expect_not_reserved(folder)?;
    if path.symlink_metadata().is_ok() {
        return Err(FilesError::WouldReplace(path.to_owned()).into());
    }
    let owner = Owner::of(folder).map_err(FilesError::io("create a file in", folder))?;
    if let Some(mut unnamed) = Unnamed::create(folder, owner, mode) {
        written(folder, unnamed.writer(), write)?;
        unnamed.sync(folder)?;
        unnamed.publish_new(path)?;
    } else {
        let mut staged = stage_empty(folder, owner, mode)?;
        written(folder, &mut staged.writer(), write)?;
        staged.sync(folder)?;
        staged.publish_new(path)?;
    }
    Ok(sync_folder(folder)?)
}

fn written<E: From<FilesError>>(
    folder: &Path,
    file: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let mut writer = BufWriter::with_capacity(WRITTEN_BYTES, file);
    write(&mut writer)?;
    Ok(writer
        .flush()
        .map_err(FilesError::io("write a file in", folder))?)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    #[test]
    fn file_appears_whole_with_its_mode_or_not_at_all() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("log");
        let failed = write_stream(&path, 0o640, |out| {
            out.write_all(b"half").map_err(FilesError::io("write", &path))?;
            Err(FilesError::NotAFile(path.clone()))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 0);
        let write = |text: &'static [u8]| {
            write_stream(&path, 0o640, |out| {
                out.write_all(text).map_err(FilesError::io("write", &path))
            })
        };
        write(b"whole").expect("a file");
        assert_eq!(path.metadata().expect("metadata").mode() & 0o7777, 0o640);
        assert!(matches!(write(b"again"), Err(FilesError::WouldReplace(_))));
        assert_eq!(std::fs::read(&path).expect("read"), b"whole");
    }

    #[test]
    fn file_is_not_written_into_a_folder_of_a_ca() {
        let folder = tempfile::tempdir().expect("folder");
        let conf = folder.path().join("ca_conf");
        std::fs::create_dir(&conf).expect("a folder");
        std::fs::write(conf.join("ca.db"), "").expect("a file");
        let mut is_called = false;
        let refused = write_stream(&conf.join("log"), 0o640, |_| {
            is_called = true;
            Ok(())
        });
        assert!(matches!(refused, Err(FilesError::OwnFolder(_))) && !is_called);
        assert_eq!(std::fs::read_dir(&conf).expect("list").count(), 1);
    }

    #[test]
    fn copy_is_readable_for_no_more_users() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("log");
        for (mode, copied) in [
            (0o600, 0o600),
            (0o664, 0o644),
            (0o755, 0o644),
            (0o440, 0o640),
            (0o200, 0o600),
        ] {
            std::fs::write(&path, "x").expect("write");
            let file = File::open(&path).expect("open");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("mode");
            assert_eq!(mode_of_copy(&file), copied, "{mode:o}");
            std::fs::remove_file(&path).expect("remove");
        }
    }
}
