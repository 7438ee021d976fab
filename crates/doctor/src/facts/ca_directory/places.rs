//! Modes, owners and kinds of files, and what killed calls left.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::checks::ca_directory::{Exposed, ExposedPlace, FileType, Leftovers, Link, Place, Role};
use gsec_ca::files::{ExposedBy, Exposure, is_temporary_name};
use gsec_ca::home::{CaDir, LinkTarget, PreviousFile};
use gsec_pki::encoding::sample::Sample;

/// A temporary file that is younger may be of a call that is at work.
const LEFT_AFTER: Duration = Duration::from_secs(60 * 60);
/// What `openssl ca` renames at the end of a call.
const OPENSSL_TEMPORARY: [&str; 4] = ["ca.db.new", "ca.db.attr.new", "serial.num.new", "crl.num.new"];

pub(super) struct FoundPlaces {
    pub(super) places: Vec<Place>,
    pub(super) forbidden: Vec<(PathBuf, u32)>,
    pub(super) exposures: Vec<ExposedPlace>,
    pub(super) leftovers: Leftovers,
}

pub(super) fn look(directory: &CaDir) -> FoundPlaces {
    let mut expected = directory.expected_modes();
    let previous = directory
        .previous_keys()
        .unwrap_or_else(|_| entries_of(&directory.previous()));
    for folder in previous {
        expected.extend(PreviousFile::ALL.map(|file| (folder.join(file.name()), file.mode())));
        expected.push((folder, 0o700));
    }
    let found = expected.iter().filter_map(|(path, mode)| {
        let metadata = path.symlink_metadata().ok()?;
        let folder = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let role = role_of(*mode, path == directory.root());
        // The directory the user names may be a link; the files in it must not be.
        let metadata = if path == directory.root() {
            path.metadata().ok()?
        } else {
            metadata
        };
        let link = directory
            .link_target(path)
            .filter(|_| metadata.is_symlink())
            .map(link);
        Some(Place {
            link,
            ..place(path.clone(), role?, *mode, &folder.metadata().ok()?, &metadata)
        })
    });
    let places = found.collect();
    let forbidden = expected
        .into_iter()
        .map(|(path, _)| path)
        .chain(entries_of(&directory.crl_shards()))
        .filter_map(|path| forbidden_of(&path).map(|owner| (path, owner)))
        .collect();
    FoundPlaces {
        places,
        forbidden,
        exposures: exposures(directory),
        leftovers: leftovers(directory),
    }
}

/// What is in a folder; nothing where it cannot be read, which is reported of the folder.
fn entries_of(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort_unstable();
    paths
}

fn link(target: LinkTarget) -> Link {
    let LinkTarget {
        says,
        end,
        is_file,
        exposed,
    } = target;
    let hands = match (&end, &exposed) {
        (None, _) => "and nothing is there".into(),
        (Some(_), Some(exposure)) => format!("and it is not in trusted hands: {exposure}"),
        (Some(_), None) => "where nobody else can write".into(),
    };
    // What is there is of a process or a device, and is another thing for the next who looks.
    let is_kept = |end: &PathBuf| {
        !["/proc", "/sys", "/dev"]
            .iter()
            .any(|kernel| end.starts_with(kernel))
    };
    Link {
        says,
        trusted_file: end.filter(|end| is_file && exposed.is_none() && is_kept(end)),
        hands,
    }
}

/// The owner of a file or folder that is there and may not be read.
fn forbidden_of(path: &Path) -> Option<u32> {
    let metadata = path.symlink_metadata().ok()?;
    let opened = match metadata.file_type() {
        kind if kind.is_dir() => path.read_dir().map(|_| ()),
        kind if kind.is_file() => std::fs::File::open(path).map(|_| ()),
        _ => Ok(()),
    };
    opened
        .is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
        .then(|| owner(&metadata))
}

/// The role of a place, derived from the mode gsec creates it with. Other users may list the directory itself, but not
/// write to it.
fn role_of(mode: u32, is_root: bool) -> Option<Role> {
    match mode {
        0o700 if is_root => Some(Role::Root),
        0o700 => Some(Role::Folder),
        0o400 => Some(Role::CaKey),
        0o600 => Some(Role::Private),
        _ => Some(Role::Public),
    }
}

/// Facts about one file or directory.
pub(super) fn place(
    path: PathBuf,
    role: Role,
    wanted_mode: u32,
    folder: &Metadata,
    metadata: &Metadata,
) -> Place {
    let kind = metadata.file_type();
    let file_type = match () {
        () if kind.is_symlink() => FileType::SymbolicLink,
        () if kind.is_dir() => FileType::Folder,
        () if kind.is_file() => FileType::File,
        () => FileType::Other,
    };
    Place {
        path,
        role,
        file_type,
        link: None,
        mode: mode(metadata, wanted_mode),
        wanted_mode,
        folder_mode: mode(folder, 0o700),
        owner: owner(metadata),
    }
}

/// Whether anybody but its owner can pass into a folder.
pub(super) fn can_be_entered(folder: &Metadata) -> bool {
    mode(folder, 0o700) & 0o011 != 0
}

#[cfg(unix)]
fn mode(metadata: &Metadata, _wanted: u32) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o7777
}

/// Modes are a matter of UNIX.
#[cfg(not(unix))]
fn mode(_metadata: &Metadata, wanted: u32) -> u32 {
    wanted
}

#[cfg(unix)]
pub(super) fn owner(metadata: &Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(metadata)
}

/// Owners by number are a matter of UNIX.
#[cfg(not(unix))]
pub(super) fn owner(_metadata: &Metadata) -> u32 {
    0
}

/// Through which places another user could exchange the CA or something of it.
fn exposures(directory: &CaDir) -> Vec<ExposedPlace> {
    let exposed = directory.exposures().unwrap_or_default().into_iter().filter_map(
        |Exposure { path, how, is_above }| {
            let how = match how {
                ExposedBy::Owner(owner) => Exposed::Owner(owner),
                ExposedBy::Mode { mode, by } => Exposed::Writable {
                    mode,
                    by,
                    is_roots: is_roots(&path),
                },
                ExposedBy::Link => return None,
            };
            Some(ExposedPlace { path, how, is_above })
        },
    );
    exposed.collect()
}

fn is_roots(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| owner(&metadata) == 0)
}

fn leftovers(directory: &CaDir) -> Leftovers {
    let mut found = Leftovers::default();
    let mut folders = vec![
        directory.root().to_owned(),
        directory.conf(),
        directory.repository(),
    ];
    folders.extend(directory.previous_keys().unwrap_or_default());
    for folder in folders {
        let Ok(entries) = folder.read_dir() else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') || name.ends_with(".new") {
                sort_in(&mut found, &name, &entry);
            }
        }
    }
    found
}

fn sort_in(found: &mut Leftovers, name: &str, entry: &std::fs::DirEntry) {
    let Ok(metadata) = entry.metadata() else { return };
    if OPENSSL_TEMPORARY.contains(&name) && is_old(&metadata) {
        found.openssl.add(entry.path());
    } else if is_temporary_name(name) && is_old(&metadata) {
        let list: &mut Sample<PathBuf> = if metadata.is_file() {
            &mut found.ours
        } else {
            &mut found.folders
        };
        list.add(entry.path());
    } else if name == ".rekey.new" && is_old(&metadata) {
        found.folders.add(entry.path());
    }
}

fn is_old(metadata: &Metadata) -> bool {
    metadata
        .modified()
        .ok()
        .and_then(|time| SystemTime::now().duration_since(time).ok())
        .is_some_and(|age| age >= LEFT_AFTER)
}
