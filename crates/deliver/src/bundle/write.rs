//! A bundle as a directory, which appears whole or not at all.

use std::path::{Path, PathBuf};

use super::manifest::is_manifest;
use super::{Bundle, BundleError, BundleFile};
use gsec_ca::files::{
    Access, FileName, FilesError, OutputFile, OutputFolder, StagedFolder, publish_folders, read_file_within,
    write_new_files, write_unsynced,
};

/// Everybody else stays out of a directory with a key.
const FOLDER_MODE: u32 = 0o700;
/// What says that a directory is a bundle.
const MANIFEST: &str = "manifest.json";
/// More than any file of a bundle has.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is there now.
    Created,
    /// It took the place of another bundle.
    Replaced,
    /// It was there already, byte for byte.
    Unchanged,
}

/// What is where a bundle is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderState {
    /// Nothing.
    Absent,
    /// The bundle, byte for byte.
    Same,
    /// Another bundle, which differs in these files.
    Differs(Vec<String>),
}

/// Compares a bundle with what is in a directory.
///
/// # Errors
/// [`BundleError::NotABundle`] where something else is there, [`BundleError::Files`].
pub fn compare_folder(bundle: &Bundle, path: &Path) -> Result<FolderState, BundleError> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(FolderState::Absent),
        Err(error) => Err(FilesError::io("open", path)(error).into()),
        Ok(_) if is_same(bundle, path)? => Ok(FolderState::Same),
        Ok(_) => {
            let there = expect_bundle(path)?;
            let differs = |file: &&BundleFile| !is_same_file(file, path);
            let own: Vec<String> = bundle
                .files
                .iter()
                .filter(differs)
                .map(|file| file.path.clone())
                .collect();
            let is_gone = |name: &String| !bundle.files.iter().any(|file| file.path == *name);
            Ok(FolderState::Differs(
                own.into_iter().chain(there.into_iter().filter(is_gone)).collect(),
            ))
        }
    }
}

/// Checks that a bundle may be written to a path: nothing is there, or another bundle.
///
/// # Errors
/// [`BundleError::NotABundle`], [`BundleError::Files`].
pub fn expect_replaceable(path: &Path) -> Result<(), BundleError> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FilesError::io("open", path)(error).into()),
        Ok(_) => expect_bundle(path).map(drop),
    }
}

/// Whether a directory is a bundle that gsec wrote, with nothing else in it.
pub fn is_bundle(path: &Path) -> bool {
    expect_bundle(path).is_ok()
}

/// Writes bundles as directories, each whole or not at all, and durable with one barrier for all. Other bundles that have their names are
/// replaced. Returns what came of each.
///
/// # Errors
/// [`BundleError::NotABundle`] where something else has a name, [`BundleError::Files`].
pub fn write_folders(bundles: &[(&Bundle, &Path)]) -> Vec<Result<Written, BundleError>> {
    let stage_one = |(bundle, path): &(&Bundle, &Path)| match compare_folder(bundle, path)? {
        FolderState::Same => Ok((Written::Unchanged, None)),
        FolderState::Absent => Ok((Written::Created, Some(stage_with(bundle, path, &write_unsynced)?))),
        FolderState::Differs(_) => Ok((
            Written::Replaced,
            Some(stage_with(bundle, path, &write_unsynced)?),
        )),
    };
    let (mut staged, mut folders) = (Vec::new(), Vec::new());
    for one in bundles {
        let one: Result<(Written, Option<StagedFolder>), BundleError> = stage_one(one);
        staged.push(one.map(|(written, folder)| {
            let is_staged = folder.is_some();
            folders.extend(folder);
            (written, is_staged)
        }));
    }
    let mut published = publish_folders(folders).into_iter();
    let finish = |one: Result<(Written, bool), BundleError>| {
        let (written, is_staged) = one?;
        if is_staged && let Some(former) = published.next() {
            remove_former(former?.as_deref())?;
        }
        Ok(written)
    };
    staged.into_iter().map(finish).collect()
}

fn remove_former(former: Option<&Path>) -> Result<(), FilesError> {
    former.map_or(Ok(()), |former| {
        std::fs::remove_dir_all(former).map_err(FilesError::io("remove", former))
    })
}

/// Writes a bundle as a directory.
///
/// # Errors
/// [`BundleError::Exists`] where something else has the name, and it may not be replaced; [`BundleError::NotABundle`] where it may, and is
/// none; [`BundleError::Files`].
pub fn write_folder(bundle: &Bundle, path: &Path, may_replace: bool) -> Result<Written, BundleError> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            stage(bundle, path)?.publish_new()?;
            Ok(Written::Created)
        }
        Err(error) => Err(FilesError::io("open", path)(error).into()),
        Ok(_) if is_same(bundle, path)? => Ok(Written::Unchanged),
        Ok(_) if !may_replace => Err(BundleError::Exists(path.to_owned())),
        Ok(_) => replace(bundle, path),
    }
}

fn stage(bundle: &Bundle, path: &Path) -> Result<StagedFolder, BundleError> {
    stage_with(bundle, path, &|folder, files| {
        write_new_files(folder, files).map(drop)
    })
}

/// Writes the files of a directory.
type WriteFiles<'a> = &'a dyn Fn(&OutputFolder, &[OutputFile]) -> Result<(), FilesError>;

fn stage_with(bundle: &Bundle, path: &Path, write: WriteFiles<'_>) -> Result<StagedFolder, BundleError> {
    let staged = StagedFolder::beside(path, FOLDER_MODE)?;
    let mut folders: Vec<&str> = bundle.files.iter().map(|file| folder_of(&file.path)).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let inside = staged.path().join(folder);
        std::fs::create_dir_all(&inside).map_err(FilesError::io("create", &inside))?;
        let files: Vec<OutputFile> = bundle
            .files
            .iter()
            .filter(|file| folder_of(&file.path) == folder)
            .map(output)
            .collect();
        write(&OutputFolder::named(&inside)?, &files)?;
    }
    Ok(staged)
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn output(file: &BundleFile) -> OutputFile {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    OutputFile {
        name: FileName::new(name).expect("names of bundles are file names"),
        access: match file.mode {
            0o600 => Access::Secret,
            0o755 => Access::Executable,
            _ => Access::Public,
        },
        content: zeroize::Zeroizing::new(file.content.to_vec()),
    }
}

/// All files below a directory, by their paths in it; links and the like too.
fn listed(folder: &Path) -> Result<Vec<String>, FilesError> {
    let mut found = Vec::new();
    let mut left = vec![PathBuf::new()];
    while let Some(below) = left.pop() {
        let at = folder.join(&below);
        for entry in std::fs::read_dir(&at).map_err(FilesError::io("open", &at))? {
            let entry = entry.map_err(FilesError::io("open", &at))?;
            let path = below.join(entry.file_name());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                left.push(path);
            } else {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether the directory is this bundle, byte for byte, and the key is closed.
fn is_same(bundle: &Bundle, path: &Path) -> Result<bool, BundleError> {
    if !path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(false);
    }
    let own: Vec<&str> = bundle.files.iter().map(|file| file.path.as_str()).collect();
    if listed(path)? != own {
        return Ok(false);
    }
    Ok(bundle.files.iter().all(|file| is_same_file(file, path)))
}

fn is_same_file(file: &BundleFile, folder: &Path) -> bool {
    let at = folder.join(&file.path);
    let is_closed = !file.is_secret() || is_private(&at);
    is_closed && read_file_within(&at, MAX_BYTES).is_ok_and(|content| *content == *file.content)
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 == 0)
}

/// Modes are a matter of UNIX.
#[cfg(not(unix))]
fn is_private(_path: &Path) -> bool {
    true
}

/// Puts it in the place of another bundle. What gsec did not write is never removed with it.
fn replace(bundle: &Bundle, path: &Path) -> Result<Written, BundleError> {
    expect_bundle(path)?;
    exchange(stage(bundle, path)?, path)?;
    Ok(Written::Replaced)
}

/// The files of a directory that gsec made: it has the manifest of a bundle, and only files that its SHA256SUMS names.
fn expect_bundle(path: &Path) -> Result<Vec<String>, BundleError> {
    let refused = |why: String| BundleError::NotABundle {
        path: path.to_owned(),
        why,
    };
    if !path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(refused("it is not a directory".into()));
    }
    let there = listed(path)?;
    let manifest = read_file_within(&path.join(MANIFEST), MAX_BYTES).ok();
    if !manifest.is_some_and(|manifest| is_manifest(&manifest)) {
        return Err(refused("it has no manifest.json of a bundle".into()));
    }
    let sums = read_file_within(&path.join("SHA256SUMS"), MAX_BYTES)
        .ok()
        .and_then(|content| String::from_utf8(content.to_vec()).ok())
        .ok_or_else(|| refused("it has no SHA256SUMS".into()))?;
    let known = |file: &str| {
        file == "SHA256SUMS"
            || sums
                .lines()
                .any(|line| line.split_once("  ").is_some_and(|(_, name)| name == file))
    };
    if let Some(foreign) = there.iter().find(|file| !known(file)) {
        return Err(refused(format!(
            "`{}` is not one of its files",
            gsec_pki::encoding::visible::visible(foreign)
        )));
    }
    Ok(there)
}

#[cfg(target_os = "linux")]
fn exchange(staged: StagedFolder, _path: &Path) -> Result<(), FilesError> {
    let exchanged = staged.exchange()?;
    std::fs::remove_dir_all(&exchanged.former).map_err(FilesError::io("remove", &exchanged.former))
}

/// Other systems have no call that exchanges two directories.
#[cfg(not(target_os = "linux"))]
fn exchange(staged: StagedFolder, path: &Path) -> Result<(), FilesError> {
    std::fs::remove_dir_all(path).map_err(FilesError::io("remove", path))?;
    staged.publish_new()
}
