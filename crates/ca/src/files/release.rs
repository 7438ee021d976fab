//! Files that change together under names that stay. A set of them is whole in `releases/ID`; a link, such as `current`, says which set
//! counts; and each name leads through that link. One rename of the link exchanges the set, so that no reader ever finds files of two sets.
//!
//! A directory may have several such links, each with names of its own. What was replaced stays in `releases/`.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::{Builder, NamedTempFile};

use super::exchange::StagedFolder;
use super::mode::FOLDER_MODE;
use super::output::{OutputFile, OutputFolder, has_mode};
#[cfg(unix)]
use super::parent::parent_of;
use super::read::read_own_file;
use super::staged::{
    Owner, TEMPORARY_PREFIX, create_folder, is_same_file, set_folder_mode_and_owner, sync_file_system,
    sync_folder,
};
use super::{FileName, FilesError, fault};

/// The link of a directory that has one set of files.
pub const CURRENT: &str = "current";
/// Where the sets are.
pub(crate) const RELEASES: &str = "releases";
/// Where sets and links are made, beside the sets. What is in it was left by a call that was killed.
const UNFINISHED: &str = ".new";
/// Everybody may pass: what is secret in a set has a mode of its own.
const RELEASE_MODE: u32 = 0o755;
/// Between two attempts to get the lock.
const PAUSE: Duration = Duration::from_millis(2);
/// A set that was damaged is made again under its name with a number, of which there are so many.
const MAX_SAME: u32 = 1000;

/// What is where a link of this layout is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// Nothing.
    Nothing,
    /// Such a link.
    To(FileName),
    /// Something else, which is never replaced.
    Other,
}

/// The set that a link leads to.
///
/// # Errors
/// [`FilesError::Io`].
pub fn linked_release(folder: &Path, link: &FileName) -> Result<Linked, FilesError> {
    linked(&folder.join(link.as_str()), |target| {
        target.strip_prefix(RELEASES)?.strip_prefix('/')
    })
}

/// The link through which a name leads to the file of this name in a set.
///
/// # Errors
/// [`FilesError::Io`].
pub fn linked_through(folder: &Path, name: &FileName) -> Result<Linked, FilesError> {
    linked(&folder.join(name.as_str()), |target| {
        target.strip_suffix(name.as_str())?.strip_suffix('/')
    })
}

fn linked(path: &Path, to: impl Fn(&str) -> Option<&str>) -> Result<Linked, FilesError> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Linked::Nothing),
        Err(error) => return Err(FilesError::io("open", path)(error)),
        Ok(metadata) if !metadata.is_symlink() || !is_trusted(path, &metadata)? => return Ok(Linked::Other),
        Ok(_) => {}
    }
    let target = std::fs::read_link(path).map_err(FilesError::io("open", path))?;
    let name = target.to_str().and_then(to).and_then(FileName::new);
    Ok(name.map_or(Linked::Other, Linked::To))
}

/// Whether a link is not another user's: in a directory such as `/tmp`, who owns a link can exchange it.
#[cfg(unix)]
fn is_trusted(path: &Path, metadata: &std::fs::Metadata) -> Result<bool, FilesError> {
    let folder = parent_of(path).metadata().map_err(FilesError::io("open", path))?;
    Ok(super::trust::Trusted::with(super::owner(&folder)).includes(super::owner(metadata)))
}

/// Owners are a matter of UNIX.
#[cfg(not(unix))]
fn is_trusted(_path: &Path, _metadata: &std::fs::Metadata) -> Result<bool, FilesError> {
    Ok(true)
}

/// Where a set is.
pub fn release_folder(folder: &Path, release: &FileName) -> PathBuf {
    folder.join(RELEASES).join(release.as_str())
}

/// The sets of a directory, in no order.
pub fn releases_in(folder: &Path) -> Vec<FileName> {
    let entries = std::fs::read_dir(folder.join(RELEASES))
        .into_iter()
        .flatten()
        .flatten();
    entries
        .filter_map(|entry| FileName::new(entry.file_name().to_str()?))
        .collect()
}

/// What the names of one set lead to from now on.
pub struct Exchange {
    /// The link.
    pub link: FileName,
    /// The set.
    pub release: FileName,
    /// The names of its files.
    pub names: Vec<FileName>,
    /// Names that led through the link, and that the set does not have.
    pub gone: Vec<FileName>,
}

/// A directory with such sets, which no other call of gsec changes until this is dropped.
pub struct Releases {
    folder: OutputFolder,
    sets: OutputFolder,
    unfinished: PathBuf,
    _lock: Option<File>,
}

impl Releases {
    /// Checks before anything is made that sets can be kept in a directory, and that no other user can exchange them.
    ///
    /// # Errors
    /// [`FilesError::ForeignNames`], [`FilesError::WritableNames`], [`FilesError::SymbolicLink`], [`FilesError::Io`].
    pub fn expect_possible(folder: &OutputFolder) -> Result<(), FilesError> {
        folder.expect_for_names()?;
        expect_own(&folder.path().join(RELEASES), folder.owner())
    }

    /// Waits until no other call of gsec changes the directory. What a killed call left unfinished there is removed.
    ///
    /// # Errors
    /// As [`Releases::expect_possible`]; [`FilesError::Io`] when the time is up.
    pub fn take(folder: OutputFolder, timeout: Duration) -> Result<Self, FilesError> {
        Self::expect_possible(&folder)?;
        let path = folder.path().join(RELEASES);
        if create_folder(&path, RELEASE_MODE)? {
            sync_folder(folder.path())?;
        }
        Self::expect_possible(&folder)?;
        let lock = lock_folder(&path, timeout)?;
        let unfinished = path.join(UNFINISHED);
        if unfinished.symlink_metadata().is_err() {
            // A call that was killed after it had made the directory may have left it with the mode of the umask.
            set_folder_mode_and_owner(&path, folder.path(), RELEASE_MODE)?;
            create_folder(&unfinished, FOLDER_MODE)?;
        }
        let sets = folder.inside(path);
        expect_own(&unfinished, sets.owner())?;
        if lock.is_some() {
            remove_all_in(&unfinished);
        }
        Ok(Self {
            folder,
            sets,
            unfinished,
            _lock: lock,
        })
    }

    /// Makes sets, each whole and durable before it has its name, all of them with one barrier. One that is there already, whole, stays as
    /// it is. Returns for each what it is called in the end: where something else has its name, a number comes after it.
    ///
    /// # Errors
    /// [`FilesError::Io`]; [`FilesError::WouldReplace`] when there is no name left.
    pub fn add(&self, sets: &[(FileName, Vec<OutputFile>)]) -> Vec<Result<FileName, FilesError>> {
        let is_alone = sets.len() == 1 || !cfg!(target_os = "linux");
        let staged = sets.iter().map(|(name, files)| self.stage(name, files, is_alone));
        let staged: Vec<Result<(FileName, Option<StagedFolder>), FilesError>> = staged.collect();
        let synced = if is_alone {
            Ok(())
        } else {
            sync_file_system(self.sets.path(), &[])
        };
        let named = staged.into_iter().map(|staged| {
            let (name, folder) = staged?;
            synced.as_ref().map_err(|error| error.again(self.sets.path()))?;
            if let Some(folder) = folder {
                if is_alone {
                    sync_folder(folder.path())?;
                }
                folder.publish_unsynced()?;
            }
            Ok(name)
        });
        let named: Vec<Result<FileName, FilesError>> = named.collect();
        match sync_folder(self.sets.path()) {
            Ok(()) => named,
            Err(error) => named
                .into_iter()
                .map(|name| name.and_then(|_| Err(error.again(self.sets.path()))))
                .collect(),
        }
    }

    /// A set under a temporary name, unless it is there.
    fn stage(
        &self,
        name: &FileName,
        files: &[OutputFile],
        is_durable: bool,
    ) -> Result<(FileName, Option<StagedFolder>), FilesError> {
        for number in 1..MAX_SAME {
            let name = match number {
                1 => name.clone(),
                _ => match FileName::new(&format!("{name}.{number}")) {
                    Some(name) => name,
                    None => break,
                },
            };
            let path = self.sets.path().join(name.as_str());
            if path.symlink_metadata().is_ok() {
                if is_whole(&path, files) {
                    return Ok((name, None));
                }
                continue;
            }
            let staged = StagedFolder::inside(&self.unfinished, &path, RELEASE_MODE)?;
            let inside = self.sets.inside(staged.path().to_owned());
            for file in files {
                let one = if is_durable {
                    inside.stage(file.access, &file.content)?
                } else {
                    inside.stage_unsynced(file.access, &file.content)?
                };
                one.publish_new(&inside.path().join(file.name.as_str()))?;
            }
            return Ok((name, Some(staged)));
        }
        Err(FilesError::WouldReplace(self.sets.path().join(name.as_str())))
    }

    /// Has names lead to other sets; each set is exchanged in one rename, after the names that are new. Returns what came of each.
    ///
    /// # Errors
    /// [`FilesError::WouldReplace`] when something else has one of the names, [`FilesError::Io`].
    pub fn exchange(&self, all: &[Exchange]) -> Vec<Result<(), FilesError>> {
        let done: Vec<Result<(), FilesError>> = all.iter().map(|one| self.exchange_one(one)).collect();
        match sync_folder(self.folder.path()) {
            Ok(()) => done,
            Err(error) => done
                .into_iter()
                .map(|one| one.and_then(|()| Err(error.again(self.folder.path()))))
                .collect(),
        }
    }

    fn exchange_one(&self, one: &Exchange) -> Result<(), FilesError> {
        let folder = self.folder.path();
        let (link, release) = (one.link.as_str(), one.release.as_str());
        for name in &one.names {
            let found = linked_through(folder, name)?;
            self.set(name, found, &one.link, &format!("{link}/{name}"))?;
        }
        let found = linked_release(folder, &one.link)?;
        self.set(&one.link, found, &one.release, &format!("{RELEASES}/{release}"))?;
        for name in &one.gone {
            if linked_through(folder, name)? == Linked::To(one.link.clone()) {
                let path = folder.join(name.as_str());
                fault::step(&path)?;
                std::fs::remove_file(&path).map_err(FilesError::io("remove", &path))?;
            }
        }
        Ok(())
    }

    /// Makes a name a link to `target`, which is what it leads to where it leads `to`.
    fn set(&self, name: &FileName, found: Linked, to: &FileName, target: &str) -> Result<(), FilesError> {
        let path = self.folder.path().join(name.as_str());
        let is_new = match found {
            Linked::To(there) if there == *to => return Ok(()),
            Linked::To(_) => false,
            Linked::Nothing => true,
            Linked::Other => return Err(FilesError::WouldReplace(path)),
        };
        let staged = stage_link(&self.unfinished, self.folder.owner(), target)?;
        fault::step(&path)?;
        let named = if is_new {
            staged.persist_noclobber(&path)
        } else {
            staged.persist(&path)
        };
        match named {
            Ok(()) => Ok(()),
            Err(refused) if is_new && refused.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(FilesError::WouldReplace(path))
            }
            Err(refused) => Err(FilesError::io("create", &path)(refused.error)),
        }
    }
}

/// Checks of a directory in one of `owner` that it is a directory, if it is there, and that no other user can exchange what is in it.
fn expect_own(path: &Path, owner: Owner) -> Result<(), FilesError> {
    let metadata = match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata.map_err(FilesError::io("open", path))?,
    };
    match () {
        () if metadata.is_symlink() => Err(FilesError::SymbolicLink(path.to_owned())),
        () if !metadata.is_dir() => Err(FilesError::io("write into", path)(
            std::io::ErrorKind::NotADirectory.into(),
        )),
        () => expect_own_directory(path, &metadata, owner),
    }
}

#[cfg(unix)]
fn expect_own_directory(path: &Path, metadata: &std::fs::Metadata, owner: Owner) -> Result<(), FilesError> {
    use std::os::unix::fs::MetadataExt;
    let trusted = super::trust::Trusted::with(owner.user);
    let path = path.to_owned();
    match trusted.writers(metadata) {
        _ if !trusted.includes(super::owner(metadata)) => Err(FilesError::ForeignNames {
            path,
            owner: super::owner(metadata),
        }),
        Some(by) => Err(FilesError::WritableNames {
            path,
            mode: metadata.mode() & 0o7777,
            by,
        }),
        None => Ok(()),
    }
}

/// Owners are a matter of UNIX.
#[cfg(not(unix))]
fn expect_own_directory(
    _path: &Path,
    _metadata: &std::fs::Metadata,
    _owner: Owner,
) -> Result<(), FilesError> {
    Ok(())
}

/// Removes what a call that was killed left. What cannot be removed stays, and is in nobody's way.
fn remove_all_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed = if is_folder {
            std::fs::remove_dir_all(entry.path())
        } else {
            std::fs::remove_file(entry.path())
        };
        drop(removed);
    }
}

/// Whether a set has these files, with no more open modes.
fn is_whole(folder: &Path, files: &[OutputFile]) -> bool {
    files.iter().all(|file| {
        let path = folder.join(file.name.as_str());
        has_mode(&path, file.access) && read_own_file(&path).is_ok_and(|content| *content == *file.content)
    })
}

/// A symbolic link under a temporary name.
fn stage_link(folder: &Path, owner: Owner, target: &str) -> Result<tempfile::TempPath, FilesError> {
    let made: std::io::Result<NamedTempFile<()>> = Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(".tmp")
        .make_in(folder, |path| symlink(target, path));
    let cannot = || FilesError::io("create a link in", folder);
    let staged = made.map_err(cannot())?.into_temp_path();
    owner.give_link(&staged).map_err(cannot())?;
    Ok(staged)
}

#[cfg(unix)]
fn symlink(target: &str, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Elsewhere a link needs rights that users do not have.
#[cfg(not(unix))]
fn symlink(_target: &str, _path: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Takes the lock of a directory; `None` where the file system has none. It lasts until what is returned is dropped.
///
/// # Errors
/// [`FilesError::Io`], of kind `TimedOut` when another call holds it for longer than `timeout`.
pub fn lock_folder(path: &Path, timeout: Duration) -> Result<Option<File>, FilesError> {
    let start = Instant::now();
    loop {
        let file = File::open(path).map_err(FilesError::io("open", path))?;
        match file.try_lock() {
            Ok(()) if is_same_file(&file, path) => return Ok(Some(file)),
            Ok(()) => {}
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if start.elapsed() >= timeout => {
                return Err(FilesError::io("lock", path)(std::io::ErrorKind::TimedOut.into()));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use zeroize::Zeroizing;

    use super::*;
    use crate::files::Access;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn name(text: &str) -> FileName {
        FileName::new(text).expect("a name")
    }

    fn directory() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("directory");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("mode");
        folder
    }

    fn file(called: &str, access: Access, content: &str) -> OutputFile {
        OutputFile {
            name: name(called),
            access,
            content: Zeroizing::new(content.as_bytes().to_vec()),
        }
    }

    /// A pair of files that says which pair it is.
    fn pair(content: &str) -> Vec<OutputFile> {
        vec![
            file("a.key", Access::Secret, content),
            file("a.pem", Access::Public, content),
        ]
    }

    fn publish(
        folder: &Path,
        id: &str,
        files: Vec<OutputFile>,
        gone: &[&str],
    ) -> Result<FileName, FilesError> {
        let releases = Releases::take(OutputFolder::named(folder)?, PATIENCE)?;
        let names = files.iter().map(|file| file.name.clone()).collect();
        let release = releases.add(&[(name(id), files)]).remove(0)?;
        let exchange = Exchange {
            link: name(CURRENT),
            release: release.clone(),
            names,
            gone: gone.iter().map(|gone| name(gone)).collect(),
        };
        releases.exchange(&[exchange]).remove(0)?;
        Ok(release)
    }

    fn read(folder: &Path, file: &str) -> Option<String> {
        fs::read_to_string(folder.join(file)).ok()
    }

    fn link(folder: &Path, file: &str) -> String {
        fs::read_link(folder.join(file))
            .expect("a link")
            .display()
            .to_string()
    }

    fn listed(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder)
            .expect("list")
            .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    }

    #[test]
    fn names_stay_and_lead_to_the_new_set_and_the_old_one_stays_too() {
        let folder = directory();
        let folder = folder.path();
        publish(folder, "one", pair("1"), &[]).expect("first");
        publish(folder, "two", pair("2"), &[]).expect("second");
        assert_eq!(listed(folder), ["a.key", "a.pem", "current", "releases"]);
        assert_eq!(
            ["a.key", "a.pem", "current"].map(|file| link(folder, file)),
            ["current/a.key", "current/a.pem", "releases/two"]
        );
        assert_eq!(read(folder, "a.key").as_deref(), Some("2"));
        assert_eq!(read(folder, "releases/one/a.key").as_deref(), Some("1"));
        let mode = |file: &str| {
            fs::metadata(folder.join(file))
                .expect("metadata")
                .permissions()
                .mode()
                & 0o7777
        };
        assert_eq!(
            ["releases", "releases/two", "a.key", "a.pem"].map(mode),
            [0o755, 0o755, 0o600, 0o644]
        );
    }

    #[test]
    fn repeating_makes_nothing_new_and_a_damaged_set_is_made_again() {
        let folder = directory();
        let folder = folder.path();
        publish(folder, "one", pair("1"), &[]).expect("first");
        let before = fs::metadata(folder.join("current"))
            .expect("metadata")
            .modified()
            .ok();
        publish(folder, "one", pair("1"), &[]).expect("again");
        assert_eq!(listed(&folder.join("releases")), [".new", "one"]);
        assert_eq!(
            fs::metadata(folder.join("current"))
                .expect("metadata")
                .modified()
                .ok(),
            before
        );
        fs::remove_file(folder.join("current/a.key")).expect("remove");
        assert_eq!(
            publish(folder, "one", pair("1"), &[]).expect("made again"),
            name("one.2")
        );
        assert_eq!(read(folder, "a.key").as_deref(), Some("1"));
    }

    #[test]
    fn name_that_a_set_does_not_have_any_more_goes() {
        let folder = directory();
        let folder = folder.path();
        publish(folder, "one", pair("1"), &[]).expect("first");
        let alone = vec![file("a.pem", Access::Public, "2")];
        publish(folder, "two", alone, &["a.key", "a.pfx"]).expect("second");
        assert_eq!(listed(folder), ["a.pem", "current", "releases"]);
    }

    /// Puts something in the place of a path.
    type Plant = fn(&Path);

    #[test]
    fn what_is_not_of_this_layout_stays() {
        let plant: [(&str, Plant); 4] = [
            ("a.pem", |path| fs::write(path, "mine").expect("write")),
            ("a.pem", |path| symlink("/etc/passwd", path).expect("link")),
            ("current", |path| fs::create_dir(path).expect("directory")),
            ("current", |path| symlink("releases/../..", path).expect("link")),
        ];
        for (planted, make) in plant {
            let folder = directory();
            let folder = folder.path();
            make(&folder.join(planted));
            let before = folder
                .join(planted)
                .symlink_metadata()
                .expect("metadata")
                .modified()
                .ok();
            assert!(
                matches!(publish(folder, "one", pair("1"), &[]), Err(FilesError::WouldReplace(path)) if path.ends_with(planted)),
                "{planted}"
            );
            assert_eq!(
                folder
                    .join(planted)
                    .symlink_metadata()
                    .expect("metadata")
                    .modified()
                    .ok(),
                before
            );
        }
    }

    #[test]
    fn nothing_is_made_where_others_could_exchange_it() {
        let open = directory();
        fs::set_permissions(open.path(), fs::Permissions::from_mode(0o777)).expect("mode");
        let inside = directory();
        fs::create_dir(inside.path().join("releases")).expect("directory");
        fs::set_permissions(inside.path().join("releases"), fs::Permissions::from_mode(0o777)).expect("mode");
        let linked = directory();
        symlink(open.path(), linked.path().join("releases")).expect("link");
        for folder in [&open, &inside] {
            assert!(matches!(
                publish(folder.path(), "one", pair("1"), &[]),
                Err(FilesError::WritableNames { .. })
            ));
        }
        assert!(matches!(
            publish(linked.path(), "one", pair("1"), &[]),
            Err(FilesError::SymbolicLink(_))
        ));
        assert_eq!(listed(open.path()), Vec::<String>::new());
        assert_eq!(
            (listed(inside.path()), listed(linked.path())),
            (vec!["releases".to_owned()], vec!["releases".to_owned()])
        );
    }

    #[test]
    fn cut_off_at_any_step_readers_find_one_set_and_the_next_call_finishes() {
        for steps in 0.. {
            let folder = directory();
            let folder = folder.path();
            publish(folder, "one", pair("1"), &[]).expect("first");
            fs::remove_file(folder.join("a.pem")).expect("a name that is missing");
            fault::fail_after(Some(steps));
            let cut_off = publish(folder, "two", pair("2"), &[]);
            fault::fail_after(None);
            let (key, certificate) = (read(folder, "a.key"), read(folder, "a.pem"));
            assert!(
                certificate.is_none() || certificate == key,
                "{steps}: {key:?} {certificate:?}"
            );
            publish(folder, "two", pair("2"), &[]).expect("again");
            assert_eq!(read(folder, "a.key").as_deref(), Some("2"), "{steps}");
            assert_eq!(
                listed(folder),
                ["a.key", "a.pem", "current", "releases"],
                "{steps}"
            );
            assert_eq!(
                listed(&folder.join("releases")),
                [".new", "one", "two"],
                "{steps}"
            );
            assert_eq!(
                listed(&folder.join("releases/.new")),
                Vec::<String>::new(),
                "{steps}"
            );
            if cut_off.is_ok() {
                assert!(steps > 3, "only {steps} steps");
                break;
            }
        }
    }

    #[test]
    fn what_a_killed_call_left_is_removed_and_files_of_other_calls_are_not() {
        let folder = directory();
        let folder = folder.path();
        publish(folder, "one", pair("1"), &[]).expect("first");
        fs::create_dir(folder.join("releases/.new/.gsec-abcdef.tmp")).expect("directory");
        fs::write(folder.join("releases/.new/.gsec-abcdef.tmp/a.key"), "secret").expect("write");
        symlink("releases/two", folder.join("releases/.new/.gsec-abcdeg.tmp")).expect("link");
        fs::write(folder.join(".gsec-abcdeh.tmp"), "of another command").expect("write");
        publish(folder, "one", pair("1"), &[]).expect("again");
        assert_eq!(
            listed(folder),
            [".gsec-abcdeh.tmp", "a.key", "a.pem", "current", "releases"]
        );
        assert_eq!(listed(&folder.join("releases/.new")), Vec::<String>::new());
        assert_eq!(listed(&folder.join("releases")), [".new", "one"]);
    }

    #[test]
    fn killed_before_the_directory_had_its_mode_the_next_call_gives_it() {
        let folder = directory();
        let path = folder.path().join("releases");
        fs::create_dir(&path).expect("directory");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("mode");
        publish(folder.path(), "one", pair("1"), &[]).expect("first");
        let mode = || fs::metadata(&path).expect("metadata").permissions().mode() & 0o7777;
        assert_eq!(mode(), 0o755);
        // Who takes rights away later means it.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).expect("mode");
        publish(folder.path(), "two", pair("2"), &[]).expect("second");
        assert_eq!(mode(), 0o750);
    }

    #[test]
    fn link_or_directory_of_another_user_is_none_of_gsecs() {
        if !rustix::process::geteuid().is_root() {
            return; // only root can make one
        }
        let folder = directory();
        publish(folder.path(), "one", pair("1"), &[]).expect("first");
        let releases = folder.path().join("releases");
        std::os::unix::fs::chown(&releases, Some(65534), None).expect("owner");
        assert!(matches!(
            publish(folder.path(), "two", pair("2"), &[]),
            Err(FilesError::ForeignNames { .. })
        ));
        std::os::unix::fs::chown(&releases, Some(0), None).expect("owner");
        std::os::unix::fs::lchown(folder.path().join("a.pem"), Some(65534), Some(65534)).expect("owner");
        assert_eq!(
            linked_through(folder.path(), &name("a.pem")).expect("looked at"),
            Linked::Other
        );
        assert!(matches!(
            publish(folder.path(), "two", pair("2"), &[]),
            Err(FilesError::WouldReplace(_))
        ));
        assert_eq!(read(folder.path(), "a.pem").as_deref(), Some("1"));
    }
}
