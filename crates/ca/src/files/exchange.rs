//! A whole directory that takes the place of another in one step, so that no process ever sees half of one
//! and half of the other.

use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use super::mode::FOLDER_MODE;
use super::parent::parent_of;
use super::staged::{TEMPORARY_PREFIX, set_folder_mode_and_owner, sync_file_system, sync_folder};
use super::trust::expect_guarded_way;
use super::{FilesError, expect_not_reserved, fault};

#[cfg(target_os = "linux")]
pub use at_once::Exchanged;

/// A directory under a temporary name, beside the one whose place it takes. It is removed when it is dropped before that.
pub struct StagedFolder {
    folder: TempDir,
    target: PathBuf,
}

impl StagedFolder {
    /// Makes an empty directory beside `target`, with its final mode, owned as its parent directory.
    ///
    /// # Errors
    /// [`FilesError::OwnFolder`]; [`FilesError::Writable`], [`FilesError::ForeignOwner`] when another user could exchange what is in that directory; [`FilesError::Io`].
    pub fn beside(target: &Path, mode: u32) -> Result<Self, FilesError> {
        let parent = parent_of(target);
        expect_not_reserved(parent)?;
        expect_guarded_way(parent)?;
        Self::inside(parent, target, mode)
    }

    /// Makes it in a directory of the same file system that is known to be in trusted hands, as that of `target` is.
    pub(crate) fn inside(parent: &Path, target: &Path, mode: u32) -> Result<Self, FilesError> {
        let mut builder = Builder::new();
        builder.prefix(TEMPORARY_PREFIX).suffix(".tmp");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(FOLDER_MODE));
        #[cfg(not(unix))]
        let _ = FOLDER_MODE;
        let folder = builder
            .tempdir_in(parent)
            .map_err(FilesError::io("create a directory in", parent))?;
        set_folder_mode_and_owner(folder.path(), parent, mode)?;
        Ok(Self {
            folder,
            target: target.to_owned(),
        })
    }

    /// Where it is until then: files are written into it as into any other directory.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives it its name where nothing has that name.
    ///
    /// # Errors
    /// [`FilesError::WouldReplace`], [`FilesError::Io`].
    pub fn publish_new(self) -> Result<(), FilesError> {
        sync_folder(self.folder.path())?;
        let target = self.target.clone();
        self.publish_unsynced()?;
        sync_folder(parent_of(&target))
    }

    /// The same, but not durable: for many directories that are made durable together.
    ///
    /// # Errors
    /// As [`StagedFolder::publish_new`].
    pub(crate) fn publish_unsynced(self) -> Result<(), FilesError> {
        let Self { folder, target } = self;
        fault::step(&target)?;
        match rename_new(folder.path(), &target) {
            Ok(()) => {
                drop(folder.keep());
                Ok(())
            }
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::DirectoryNotEmpty
                ) =>
            {
                Err(FilesError::WouldReplace(target))
            }
            Err(error) => Err(FilesError::io("create", &target)(error)),
        }
    }
}

/// Gives directories their names, all of them durable with one barrier before and one after: each takes the place of the directory that has
/// its name, or of nothing. Returns what came of each: where the directory is now that was there before, which is the caller's to remove.
///
/// # Errors
/// As [`StagedFolder::exchange`] and [`StagedFolder::publish_new`].
pub fn publish_folders(staged: Vec<StagedFolder>) -> Vec<Result<Option<PathBuf>, FilesError>> {
    let Some(target) = staged.first().map(|first| first.target.clone()) else {
        return Vec::new();
    };
    let parent = parent_of(&target).to_owned();
    let barrier = || sync_file_system(&parent, &[]);
    let before = barrier();
    let publish = |one: StagedFolder| {
        before.as_ref().map_err(|error| error.again(&one.target))?;
        match one.target.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                one.publish_unsynced().map(|()| None)
            }
            _ => one.take_place(false),
        }
    };
    let published: Vec<Result<Option<PathBuf>, FilesError>> = staged.into_iter().map(publish).collect();
    match barrier() {
        Ok(()) => published,
        Err(error) => {
            let again =
                |one: Result<Option<PathBuf>, FilesError>| one.and_then(|_| Err(error.again(&parent)));
            published.into_iter().map(again).collect()
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl StagedFolder {
    /// Other systems have no call that exchanges two directories.
    fn take_place(self, _is_durable: bool) -> Result<Option<PathBuf>, FilesError> {
        std::fs::remove_dir_all(&self.target).map_err(FilesError::io("remove", &self.target))?;
        self.publish_unsynced().map(|()| None)
    }
}

/// Gives something a name that nothing has.
#[cfg(target_os = "linux")]
fn rename_new(from: &Path, to: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

/// Other systems do not say in one call that a name is taken; that of a directory with something in it is never replaced.
#[cfg(not(target_os = "linux"))]
fn rename_new(from: &Path, to: &Path) -> std::io::Result<()> {
    match to.symlink_metadata() {
        Ok(_) => Err(std::io::ErrorKind::AlreadyExists.into()),
        Err(_) => std::fs::rename(from, to),
    }
}

#[cfg(target_os = "linux")]
mod at_once {
    use std::fs::File;

    use rustix::fs::{AtFlags, FileType, RenameFlags, Stat, renameat, renameat_with, statat};
    use rustix::io::Errno;

    use super::super::trust::Trusted;
    use super::*;

    /// A directory that took the place of another.
    #[derive(Debug)]
    pub struct Exchanged {
        /// Where the directory is now that was there before. It is the caller's to keep or to remove.
        pub former: PathBuf,
        /// Whether there was a whole directory of the name at every moment. Where the file system cannot exchange two names, there was none
        /// between two renames.
        pub was_atomic: bool,
    }

    impl StagedFolder {
        /// Takes the place of the directory that has the name.
        ///
        /// # Errors
        /// [`FilesError::SymbolicLink`], [`FilesError::ForeignOwner`] or [`FilesError::Io`] when what has the name is not a directory of ours;
        /// [`FilesError::ChangedMeanwhile`] when another call put another one there. Then nothing was changed.
        pub fn exchange(self) -> Result<Exchanged, FilesError> {
            self.exchange_with(true)
        }

        /// As [`StagedFolder::exchange`]; returns where the former directory is.
        pub(super) fn take_place(self, is_durable: bool) -> Result<Option<PathBuf>, FilesError> {
            self.exchange_with(is_durable)
                .map(|exchanged| Some(exchanged.former))
        }

        fn exchange_with(self, is_durable: bool) -> Result<Exchanged, FilesError> {
            let Self { folder, target } = self;
            let staged = folder.path().to_owned();
            let places = Places::of(&staged, &target)?;
            if is_durable {
                sync_folder(&staged)?;
            }
            // From here on what has the temporary name may be what was there before.
            drop(folder.keep());
            let exchanged = match places.at_once() {
                Err(error) if is_unsupported(&error) => places.in_two_steps(),
                Ok(()) => Ok(Exchanged {
                    former: staged.clone(),
                    was_atomic: true,
                }),
                Err(error) => Err(error),
            };
            match exchanged {
                Ok(exchanged) if is_durable => sync_folder(parent_of(&target)).map(|()| exchanged),
                Ok(exchanged) => Ok(exchanged),
                Err(error) => {
                    // Where an exchange could not be undone, the temporary name is that of another user's
                    // directory.
                    if places.is_still(&staged, &places.own).unwrap_or(false) {
                        drop(std::fs::remove_dir_all(&staged));
                    }
                    Err(error)
                }
            }
        }
    }

    /// Whether the kernel or the file system cannot exchange two names (renameat2(2)).
    fn is_unsupported(error: &FilesError) -> bool {
        let unsupported =
            [Errno::NOSYS, Errno::INVAL, Errno::OPNOTSUPP].map(|errno| Some(errno.raw_os_error()));
        matches!(error, FilesError::Io { source, .. } if unsupported.contains(&source.raw_os_error()))
    }

    /// Two names in one directory, which is open, so that both are of the same one whatever happens to its own name.
    struct Places<'a> {
        parent: File,
        staged: &'a Path,
        target: &'a Path,
        /// The directory that has the name, as it was looked at.
        former: Stat,
        /// What was staged.
        own: Stat,
    }

    impl<'a> Places<'a> {
        fn of(staged: &'a Path, target: &'a Path) -> Result<Self, FilesError> {
            let folder = parent_of(target);
            expect_guarded_way(folder)?;
            let parent = File::open(folder).map_err(FilesError::io("open", folder))?;
            let former = look(&parent, target)?;
            match FileType::from_raw_mode(former.st_mode) {
                FileType::Symlink => return Err(FilesError::SymbolicLink(target.to_owned())),
                FileType::Directory => {}
                _ => {
                    return Err(FilesError::io("replace", target)(
                        std::io::ErrorKind::NotADirectory.into(),
                    ));
                }
            }
            if !Trusted::for_directory(folder)?.includes(former.st_uid) {
                return Err(FilesError::ForeignOwner {
                    path: target.to_owned(),
                    owner: former.st_uid,
                });
            }
            let own = look(&parent, staged)?;
            Ok(Self {
                parent,
                staged,
                target,
                former,
                own,
            })
        }

        fn at_once(&self) -> Result<(), FilesError> {
            let exchange = || {
                renameat_with(
                    &self.parent,
                    name(self.staged),
                    &self.parent,
                    name(self.target),
                    RenameFlags::EXCHANGE,
                )
                .map_err(|error| FilesError::io("replace", self.target)(error.into()))
            };
            exchange()?;
            if self.is_still(self.staged, &self.former)? {
                return Ok(());
            }
            exchange()?;
            Err(FilesError::ChangedMeanwhile(self.target.to_owned()))
        }

        /// Moves the former directory aside first. When the second step fails, the first is undone.
        fn in_two_steps(&self) -> Result<Exchanged, FilesError> {
            let folder = parent_of(self.target);
            let aside = Builder::new()
                .prefix(TEMPORARY_PREFIX)
                .suffix(".tmp")
                .tempdir_in(folder);
            let aside = aside
                .map_err(FilesError::io("create a directory in", folder))?
                .keep();
            let rename = |from: &Path, to: &Path| {
                renameat(&self.parent, name(from), &self.parent, name(to))
                    .map_err(|error| FilesError::io("replace", self.target)(error.into()))
            };
            let undo = |error: FilesError| rename(&aside, self.target).and(Err(error));
            if let Err(error) = rename(self.target, &aside) {
                drop(std::fs::remove_dir(&aside));
                return Err(error);
            }
            match self.is_still(&aside, &self.former) {
                Ok(true) => rename(self.staged, self.target).or_else(undo)?,
                Ok(false) => undo(FilesError::ChangedMeanwhile(self.target.to_owned()))?,
                Err(error) => undo(error)?,
            }
            Ok(Exchanged {
                former: aside,
                was_atomic: false,
            })
        }

        /// Whether a name is that of a directory that was looked at.
        fn is_still(&self, path: &Path, looked_at: &Stat) -> Result<bool, FilesError> {
            let found = look(&self.parent, path)?;
            Ok((found.st_dev, found.st_ino) == (looked_at.st_dev, looked_at.st_ino))
        }
    }

    fn look(parent: &File, path: &Path) -> Result<Stat, FilesError> {
        statat(parent, name(path), AtFlags::SYMLINK_NOFOLLOW)
            .map_err(|error| FilesError::io("open", path)(error.into()))
    }

    /// The last part of a path; a path that ends in `..` has none, and names no directory that could be exchanged.
    fn name(path: &Path) -> &Path {
        path.file_name().map_or(Path::new(""), Path::new)
    }

    #[cfg(test)]
    mod tests {
        use std::fs;
        use std::os::unix::fs::{PermissionsExt, symlink};

        use super::*;

        /// A directory in trusted hands, with `site` in it that holds the file `old`.
        fn site() -> (TempDir, PathBuf) {
            let parent = tempfile::tempdir().expect("directory");
            fs::set_permissions(parent.path(), fs::Permissions::from_mode(0o755)).expect("mode");
            let target = parent.path().join("site");
            fs::create_dir(&target).expect("site");
            fs::write(target.join("old"), "old").expect("write");
            (parent, target)
        }

        fn staged(target: &Path) -> StagedFolder {
            let staged = StagedFolder::beside(target, 0o750).expect("staged");
            fs::write(staged.path().join("new"), "new").expect("write");
            staged
        }

        fn names(folder: &Path) -> Vec<String> {
            let entries = fs::read_dir(folder)
                .expect("list")
                .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
            let mut names: Vec<String> = entries.collect();
            names.sort();
            names
        }

        #[test]
        fn directory_takes_the_place_of_another_whole_and_the_former_one_is_kept() {
            let (parent, target) = site();
            let exchanged = staged(&target).exchange().expect("exchange");
            assert_eq!(
                (names(&target), names(&exchanged.former)),
                (vec!["new".to_owned()], vec!["old".to_owned()])
            );
            assert_eq!(
                fs::metadata(&target).expect("metadata").permissions().mode() & 0o7777,
                0o750
            );
            assert_eq!(names(parent.path()).len(), 2);
        }

        #[test]
        fn where_names_cannot_be_exchanged_two_renames_do_it_and_say_so() {
            let (parent, target) = site();
            let staged = staged(&target);
            let exchanged = Places::of(staged.path(), &target)
                .expect("places")
                .in_two_steps()
                .expect("two steps");
            assert!(!exchanged.was_atomic);
            assert_eq!(
                (names(&target), names(&exchanged.former)),
                (vec!["new".to_owned()], vec!["old".to_owned()])
            );
            assert_eq!(names(parent.path()).len(), 2);
        }

        #[test]
        fn second_of_two_steps_that_fails_undoes_the_first() {
            let (parent, target) = site();
            let staged = staged(&target);
            let places = Places::of(staged.path(), &target).expect("places");
            fs::remove_dir_all(staged.path()).expect("remove");
            assert!(places.in_two_steps().is_err());
            assert_eq!(
                (names(&target), names(parent.path())),
                (vec!["old".to_owned()], vec!["site".to_owned()])
            );
        }

        #[test]
        fn link_in_the_place_of_the_directory_is_neither_followed_nor_exchanged() {
            let (parent, target) = site();
            let staged = staged(&target);
            let elsewhere = parent.path().join("elsewhere");
            fs::rename(&target, &elsewhere).expect("rename");
            symlink(&elsewhere, &target).expect("link");
            assert!(matches!(staged.exchange(), Err(FilesError::SymbolicLink(_))));
            assert!(target.is_symlink());
            assert_eq!(
                (names(&elsewhere), names(parent.path())),
                (
                    vec!["old".to_owned()],
                    vec!["elsewhere".to_owned(), "site".to_owned()]
                )
            );
        }

        #[test]
        fn directory_that_another_call_put_there_meanwhile_stays() {
            let (parent, target) = site();
            let staged = staged(&target);
            let places = Places::of(staged.path(), &target).expect("places");
            fs::rename(&target, parent.path().join("first")).expect("rename");
            fs::create_dir(&target).expect("another one");
            fs::write(target.join("theirs"), "theirs").expect("write");
            for refused in [places.at_once(), places.in_two_steps().map(drop)] {
                assert!(matches!(refused, Err(FilesError::ChangedMeanwhile(_))));
                assert_eq!(
                    (names(&target), names(staged.path())),
                    (vec!["theirs".to_owned()], vec!["new".to_owned()])
                );
            }
        }

        #[test]
        fn nothing_is_staged_where_everybody_can_write() {
            let (parent, target) = site();
            fs::set_permissions(parent.path(), fs::Permissions::from_mode(0o777)).expect("mode");
            assert!(matches!(
                StagedFolder::beside(&target, 0o755).map(drop),
                Err(FilesError::Writable { .. })
            ));
            assert_eq!(names(parent.path()), ["site"]);
        }

        #[test]
        fn new_directory_replaces_nothing() {
            let (parent, target) = site();
            assert!(matches!(
                staged(&target).publish_new(),
                Err(FilesError::WouldReplace(_))
            ));
            assert_eq!(
                (names(&target), names(parent.path())),
                (vec!["old".to_owned()], vec!["site".to_owned()])
            );
            let second = parent.path().join("second");
            staged(&second).publish_new().expect("publish");
            assert_eq!(names(&second), ["new"]);
        }
    }
}
