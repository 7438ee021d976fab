//! What stores were before a CA was put into them: a line for each store and CA, and copies of the files that hold more than that CA.
//!
//! No tool undoes what it did byte for byte: NSS and Java write their files anew, and so does Debian's hook. So a copy is put back, if nobody
//! has changed the file since. A copy may hold keys (`key4.db`): all of it is 0600 in a directory of 0700.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::files::{Digest, digest_of, remove_leftovers};
use super::password::Passwords;
use super::shared::Shared;
use super::{Anchor, Machine, Store, TrustError};
use gsec_ca::files::{
    Access, Edit, Existing, FileName, FilesError, OutputFile, OutputFolder, edit_file, expect_own_way,
    read_file_within, write_files,
};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::sha256;

/// The form of a line.
const FORM: &str = "gsec/trust-journal/1";
/// The most that is read of a line or a copy, in bytes.
const MAX_COPY: u64 = 64 * 1024 * 1024;
const LOCK: &str = "lock";
const PAUSE: Duration = Duration::from_millis(20);

/// The journal of the machine, or of a user, while this call holds it.
pub struct Journal {
    folder: PathBuf,
    _lock: File,
}

/// How far a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// Copies are taken; the store is about to be changed.
    Adding,
    /// The store has the CA, and was seen to trust it.
    Added,
    /// The CA is being taken out.
    Removing,
}

/// A file that a tool changes, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copied {
    path: PathBuf,
    /// SHA-256 of its content before; absent where there was no such file.
    before: Option<String>,
    /// SHA-256 of its content when the store had the CA.
    after: Option<String>,
    /// The name of the copy.
    copy: Option<String>,
}

/// Files that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) files: Vec<Copied>,
    /// When the CA is taken out: whether they were still as this CA's call left them.
    pub(super) is_untouched: bool,
}

/// What is kept of one CA in one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    form: String,
    store: String,
    path: PathBuf,
    sha256: String,
    pub(super) stage: Stage,
    pub(super) groups: Vec<Group>,
    /// Files in the place of links: Debian's tool makes them links, of the same content.
    plain: Vec<PlainFile>,
}

/// A file that a tool replaces by a link to the same content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PlainFile {
    path: PathBuf,
    sha256: String,
    mode: u32,
}

impl Journal {
    /// Where it is: of the machine where root runs gsec, whatever variables say, else of the user.
    pub fn place(state_home: Option<PathBuf>, home: Option<&Path>) -> Option<PathBuf> {
        if rustix::process::geteuid().is_root() {
            return Some(PathBuf::from("/var/lib/gsec/trust"));
        }
        let state = state_home
            .filter(|path| path.is_absolute())
            .or_else(|| Some(home?.join(".local/state")))?;
        Some(state.join("gsec/trust"))
    }

    /// Opens it, and waits so long for another call that has it.
    ///
    /// # Errors
    /// [`TrustError::Busy`], [`TrustError::Exposed`] when another user could change it, [`TrustError::Files`].
    pub fn open(folder: &Path, patience: Duration) -> Result<Self, TrustError> {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        let mut builder = fs::DirBuilder::new();
        builder
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(FilesError::io("create", folder))?;
        expect_own_way(folder).map_err(TrustError::Exposed)?;
        let path = folder.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(FilesError::io("open", &path))?;
        // A tool that outlives a call that was killed holds the lock until it has ended, too.
        rustix::io::fcntl_setfd(&lock, rustix::io::FdFlags::empty())
            .map_err(|error| FilesError::io("open", &path)(error.into()))?;
        let deadline = Instant::now() + patience;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(TrustError::Busy),
                Err(TryLockError::Error(error)) => return Err(FilesError::io("lock", &path)(error).into()),
            }
        }
        remove_leftovers(folder);
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    /// A directory where no other user looks, for files that tools read.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is kept of a CA in a store. What is damaged, or about something else, is nothing.
    pub(super) fn entry(&self, store: &Store, anchor: &Anchor) -> Option<Entry> {
        let line = read_file_within(&self.folder.join(name_of(store, anchor)), MAX_COPY).ok()?;
        let entry: Entry = serde_json::from_slice(&line).ok()?;
        let is_meant = entry.form == FORM
            && entry.store == store.kind().name()
            && entry.path == store.path()
            && entry.sha256 == anchor.digits()
            && files_of(&entry.groups) == files_in(&store.shared_files());
        is_meant.then_some(entry)
    }

    /// Takes copies, and says what is about to happen.
    pub(super) fn begin(&self, store: &Store, anchor: &Anchor, stage: Stage) -> Result<Entry, TrustError> {
        self.forget_named(&name_of(store, anchor));
        let mut groups = Vec::new();
        for shared in store.shared_files() {
            let files = shared.files.iter().map(|path| self.copied(path, store, anchor));
            groups.push(Group {
                files: files.collect::<Result<_, _>>()?,
                is_untouched: false,
            });
        }
        let entry = Entry {
            form: FORM.into(),
            store: store.kind().name().into(),
            path: store.path().to_owned(),
            sha256: anchor.digits(),
            stage,
            groups,
            plain: store
                .plain_files()
                .iter()
                .filter_map(|path| plain(path))
                .collect(),
        };
        self.write(&entry, store, anchor)?;
        Ok(entry)
    }

    fn copied(&self, path: &Path, store: &Store, anchor: &Anchor) -> Result<Copied, TrustError> {
        let absent = Copied {
            path: path.to_owned(),
            before: None,
            after: None,
            copy: None,
        };
        if digest_of(path)?.is_none() {
            return Ok(absent);
        }
        let content = read_file_within(path, MAX_COPY)?;
        // A directory of its own, so that the program that reads the original reads the copy.
        let name = format!("{}.copy", stem_of(store, anchor));
        let folder = self.folder.join(&name);
        make_folder(&folder)?;
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        self.write_file(&folder, &file, &content)?;
        Ok(Copied {
            before: Some(hex(&sha256(&content))),
            copy: Some(format!("{name}/{file}")),
            ..absent
        })
    }

    fn write_file(&self, folder: &Path, name: &str, content: &[u8]) -> Result<(), TrustError> {
        let name = FileName::new(name).ok_or_else(|| TrustError::NotAStore {
            path: folder.join(name),
            what: "a file with a plain name",
        })?;
        let file = OutputFile {
            name,
            access: Access::Secret,
            content: content.to_vec().into(),
        };
        write_files(&OutputFolder::named(folder)?, &[file], Existing::Replace)?;
        Ok(())
    }

    /// Says what is known of a CA in a store, in the place of what was said before.
    pub(super) fn write(&self, entry: &Entry, store: &Store, anchor: &Anchor) -> Result<(), TrustError> {
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        self.write_file(&self.folder, &name_of(store, anchor), &line)
    }

    /// The store has the CA: what the files are now is what they are when nobody else changes them.
    pub(super) fn added(&self, mut entry: Entry, store: &Store, anchor: &Anchor) -> Result<(), TrustError> {
        entry.stage = Stage::Added;
        for file in entry.groups.iter_mut().flat_map(|group| &mut group.files) {
            file.after = digest_of(&file.path)?.as_ref().map(hex);
        }
        self.write(&entry, store, anchor)
    }

    /// The CA is taken out now: keeps which files are as they were left, before a tool changes them.
    pub(super) fn removing(
        &self,
        mut entry: Entry,
        is_in_use: bool,
        store: &Store,
        anchor: &Anchor,
    ) -> Result<Entry, TrustError> {
        for group in &mut entry.groups {
            group.is_untouched = !is_in_use && self.has_copies(group) && group.is_as_left()?;
        }
        entry.stage = Stage::Removing;
        self.write(&entry, store, anchor)?;
        Ok(entry)
    }

    /// Whether the copies of a group differ from its files by one certificate alone, as far as their programs tell: then whoever
    /// changed the files since has changed nothing that a copy would undo.
    pub(super) fn differs_by_one(
        &self,
        group: &Group,
        shared: &Shared,
        except: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> bool {
        if !self.has_copies(group) {
            return false;
        }
        let copies: Vec<PathBuf> = group.files.iter().filter_map(|file| self.copy_of(file)).collect();
        let others = |files: &[PathBuf]| shared.others(files, except, machine, passwords);
        match (others(&shared.files), others(&copies)) {
            (Ok(now), Ok(before)) => now == before,
            _ => false,
        }
    }

    /// Whether the files of a group say nothing any more, and their copies do.
    pub(super) fn is_emptied(
        &self,
        group: &Group,
        shared: &Shared,
        except: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> bool {
        let is_same =
            |file: &Copied| digest_of(&file.path).is_ok_and(|now| now.as_ref().map(hex) == file.before);
        if group.files.iter().all(is_same) || !self.has_copies(group) {
            return false;
        }
        let copies: Vec<PathBuf> = group.files.iter().filter_map(|file| self.copy_of(file)).collect();
        let has_others = |files: &[PathBuf]| {
            let others = shared.others(files, except, machine, passwords);
            others.is_ok_and(|others| !others.is_empty())
        };
        !has_others(&shared.files) && has_others(&copies)
    }

    /// Puts copies back where a program was cut off in the middle of a file, so that nothing can read it any more.
    pub(super) fn repair(
        &self,
        entry: &Entry,
        shared: &[Shared],
        except: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<(), TrustError> {
        for (group, shared) in entry.groups.iter().zip(shared) {
            let copies: Vec<PathBuf> = group.files.iter().filter_map(|file| self.copy_of(file)).collect();
            let is_readable = |files: &[PathBuf]| shared.others(files, except, machine, passwords).is_ok();
            if self.has_copies(group) && !is_readable(&shared.files) && is_readable(&copies) {
                self.put_back(group)?;
            }
        }
        Ok(())
    }

    fn copy_of(&self, file: &Copied) -> Option<PathBuf> {
        Some(self.folder.join(file.copy.as_deref()?))
    }

    /// Whether every copy still is what was copied.
    pub(super) fn has_copies(&self, group: &Group) -> bool {
        group.files.iter().all(|file| match self.copy_of(file) {
            None => file.before.is_none(),
            Some(copy) => digest_of(&copy).is_ok_and(|found| found.as_ref().map(hex) == file.before),
        })
    }

    /// Puts the copies of a group in the place of its files, with the modes and owners that the files have.
    pub(super) fn put_back(&self, group: &Group) -> Result<(), TrustError> {
        if !self.has_copies(group) {
            return Err(TrustError::NotAStore {
                path: self.folder.clone(),
                what: "a journal with the copies that were made",
            });
        }
        for file in &group.files {
            let now = digest_of(&file.path)?.as_ref().map(hex);
            match self.copy_of(file) {
                _ if now == file.before => {}
                Some(copy) => {
                    let content = read_file_within(&copy, MAX_COPY)?;
                    edit_file(&file.path, |present| {
                        vec![Edit {
                            range: 0..present.len(),
                            replacement: content.to_vec(),
                        }]
                    })?;
                }
                None => fs::remove_file(&file.path).map_err(FilesError::io("remove", &file.path))?,
            }
        }
        Ok(())
    }

    /// Makes files again of what a tool made links of, where the content is the same.
    pub(super) fn put_back_plain_files(entry: &Entry) -> Result<(), TrustError> {
        for file in &entry.plain {
            let is_link = file.path.symlink_metadata().is_ok_and(|found| found.is_symlink());
            if !is_link || digest_of(&file.path)?.as_ref().map(hex).as_ref() != Some(&file.sha256) {
                continue;
            }
            let content = read_file_within(&file.path, MAX_COPY)?;
            let folder = file.path.parent().unwrap_or(Path::new("/"));
            let cannot = || FilesError::io("create a file in", folder);
            let new = tempfile::Builder::new()
                .prefix(".gsec-")
                .suffix(".tmp")
                .tempfile_in(folder)
                .map_err(cannot())?;
            fs::write(new.path(), &*content).map_err(cannot())?;
            let mode = std::os::unix::fs::PermissionsExt::from_mode(file.mode);
            new.as_file().set_permissions(mode).map_err(cannot())?;
            new.persist(&file.path)
                .map_err(|error| FilesError::io("replace", &file.path)(error.error))?;
        }
        Ok(())
    }

    /// Forgets a CA in a store, with the copies.
    pub(super) fn forget(&self, store: &Store, anchor: &Anchor) {
        self.forget_named(&name_of(store, anchor));
    }

    fn forget_named(&self, name: &str) {
        let _ = fs::remove_file(self.folder.join(name));
        let copies = name.strip_suffix(".json").unwrap_or(name);
        let _ = fs::remove_dir_all(self.folder.join(format!("{copies}.copy")));
    }
}

impl Copied {
    /// Whether the CA was put in while this was kept.
    pub(super) fn has_after(&self) -> bool {
        self.after.is_some()
    }
}

impl Group {
    /// Whether nobody changed the files since the CA was put in.
    fn is_as_left(&self) -> Result<bool, TrustError> {
        for file in &self.files {
            if digest_of(&file.path)?.as_ref().map(hex) != file.after {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn plain(path: &Path) -> Option<PlainFile> {
    use std::os::unix::fs::MetadataExt;
    Some(PlainFile {
        path: path.to_owned(),
        sha256: hex(&digest_of(path).ok()??),
        mode: path.symlink_metadata().ok()?.mode() & 0o7777,
    })
}

fn make_folder(folder: &Path) -> Result<(), TrustError> {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = fs::DirBuilder::new();
    match builder.mode(0o700).create(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(FilesError::io("create", folder)(error).into())
        }
        _ => Ok(()),
    }
}

fn hex(digest: &Digest) -> String {
    encode(digest, Separator::None)
}

/// The name of what is kept: half of two digests, so that no path and no subject gets into it.
fn stem_of(store: &Store, anchor: &Anchor) -> String {
    let mut place = store.kind().name().as_bytes().to_vec();
    place.push(0);
    place.extend_from_slice(store.path().as_os_str().as_encoded_bytes());
    format!("{}-{}", &anchor.digits()[..32], &hex(&sha256(&place))[..32])
}

fn name_of(store: &Store, anchor: &Anchor) -> String {
    format!("{}.json", stem_of(store, anchor))
}

fn files_of(groups: &[Group]) -> Vec<&Path> {
    groups
        .iter()
        .flat_map(|group| &group.files)
        .map(|file| file.path.as_path())
        .collect()
}

fn files_in(shared: &[Shared]) -> Vec<&Path> {
    shared
        .iter()
        .flat_map(|shared| &shared.files)
        .map(PathBuf::as_path)
        .collect()
}
