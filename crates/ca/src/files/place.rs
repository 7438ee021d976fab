//! Where a file or a directory is, whatever names lead there.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::parent::parent_of;

/// What an operating system calls a directory by: on UNIX its device and its number there, which are the same through every link and every mount
/// of it; elsewhere its path without links.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    Number(u64, u64),
    Path(PathBuf),
}

impl Identity {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let found = path.metadata().ok()?;
        Some(Self::Number(found.dev(), found.ino()))
    }

    #[cfg(not(unix))]
    fn of(path: &Path) -> Option<Self> {
        path.canonicalize().ok().map(Self::Path)
    }
}

/// Where a file is, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The nearest directory above it that is there.
    folder: Identity,
    /// What follows.
    names: PathBuf,
}

/// Where a file is, or would be, whatever links and mounts lead to its folder: two paths of one file are equal. A link in the place of the file
/// itself is not followed.
pub fn place_of(path: &Path) -> Place {
    let mut names: Vec<&OsStr> = path.file_name().into_iter().collect();
    for folder in parent_of(path).ancestors() {
        if let Some(found) = Identity::of(here(folder)) {
            return Place {
                folder: found,
                names: names.into_iter().rev().collect(),
            };
        }
        names.extend(folder.components().next_back().map(Component::as_os_str));
    }
    Place {
        folder: Identity::Path(std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
        names: PathBuf::new(),
    }
}

/// A path of nothing is the directory of the process.
pub(super) fn here(folder: &Path) -> &Path {
    match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    }
}

/// Whether a directory, or one that would be made there, is this one or within it, whatever links and mounts lead there.
pub(crate) fn is_within(folder: &Path, outer: &Path) -> bool {
    let Some(found) = Identity::of(outer) else {
        return place_of(folder).is_below(&place_of(outer));
    };
    let is_outer = |one: &Path| Identity::of(one).as_ref() == Some(&found);
    ways_to(folder)
        .iter()
        .any(|way| way.ancestors().any(|folder| is_outer(here(folder))))
}

impl Place {
    fn is_below(&self, outer: &Self) -> bool {
        self.folder == outer.folder && self.names.starts_with(&outer.names)
    }
}

/// The path without links of as much of a directory as there is, and every other one that a mount gives it.
pub(super) fn ways_to(folder: &Path) -> Vec<PathBuf> {
    let existing = folder
        .ancestors()
        .find_map(|folder| here(folder).canonicalize().ok());
    let Some(existing) = existing else {
        return Vec::new();
    };
    let others = other_mounts(&existing);
    std::iter::once(existing).chain(others).collect()
}

/// Where else the file system shows a directory: a part of it can be mounted in several places (`mount --bind`), and then the names above
/// differ. Each is looked at, for another mount may lie over it.
#[cfg(target_os = "linux")]
fn other_mounts(folder: &Path) -> Vec<PathBuf> {
    let table = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    let itself = Identity::of(folder);
    let mut others = other_names(&Mount::all(&table), folder);
    others.retain(|other| other != folder && Identity::of(other) == itself);
    others
}

/// Other systems do not say.
#[cfg(not(target_os = "linux"))]
fn other_mounts(_folder: &Path) -> Vec<PathBuf> {
    Vec::new()
}

/// A line of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
#[cfg(target_os = "linux")]
struct Mount {
    /// `major:minor` of its file system.
    device: Vec<u8>,
    /// The directory of the file system that is mounted.
    root: PathBuf,
    /// Where.
    point: PathBuf,
}

#[cfg(target_os = "linux")]
impl Mount {
    fn all(table: &[u8]) -> Vec<Self> {
        table
            .split(|byte| *byte == b'\n')
            .filter_map(Self::read)
            .collect()
    }

    fn read(line: &[u8]) -> Option<Self> {
        let mut fields = line.split(|byte| *byte == b' ').skip(2);
        Some(Self {
            device: fields.next()?.to_vec(),
            root: unescaped(fields.next()?),
            point: unescaped(fields.next()?),
        })
    }
}

/// A path in which a blank, a tab, a line feed and a backslash are three octal digits after a backslash.
#[cfg(target_os = "linux")]
fn unescaped(field: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut path = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, after @ ..] = rest {
        let octet = after
            .get(..3)
            .filter(|_| *first == b'\\')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        path.push(octet.unwrap_or(*first));
        rest = if octet.is_some() { &after[3..] } else { after };
    }
    std::ffi::OsString::from_vec(path).into()
}

/// The paths at which other mounts of the same file system would have a directory.
#[cfg(target_os = "linux")]
fn other_names(mounts: &[Mount], folder: &Path) -> Vec<PathBuf> {
    // Of several at one place the last one lies above.
    let below = mounts
        .iter()
        .filter(|mount| folder.starts_with(&mount.point))
        .max_by_key(|mount| mount.point.components().count());
    let within = below.and_then(|mount| {
        let names = folder.strip_prefix(&mount.point).ok()?;
        Some((&mount.device, mount.root.join(names)))
    });
    let Some((device, within)) = within else {
        return Vec::new();
    };
    mounts
        .iter()
        .filter(|mount| mount.device == *device)
        .filter_map(|mount| Some(joined(&mount.point, within.strip_prefix(&mount.root).ok()?)))
        .collect()
}

/// Without a slash at the end where there is nothing to add.
#[cfg(target_os = "linux")]
fn joined(point: &Path, names: &Path) -> PathBuf {
    match names.as_os_str().is_empty() {
        true => point.to_owned(),
        false => point.join(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn names_of_one_file_are_one_place() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        std::fs::create_dir_all(at("real/below")).expect("folders");
        std::os::unix::fs::symlink(at("real"), at("link")).expect("a link");
        std::os::unix::fs::symlink("nowhere", at("real/name")).expect("a link");
        for same in ["link/name", "real/below/../name", "./link/./name"] {
            assert_eq!(place_of(&at(same)), place_of(&at("real/name")), "{same}");
        }
        assert_eq!(place_of(&at("link/new/name")), place_of(&at("real/new/name")));
        for other in ["real/Name", "real/below/name", "nowhere", "real/new/name"] {
            assert_ne!(place_of(&at(other)), place_of(&at("real/name")), "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn directory_is_within_another_by_whatever_path_and_before_it_is_there() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        std::fs::create_dir_all(at("real/below")).expect("folders");
        std::os::unix::fs::symlink(at("real/below"), at("link")).expect("a link");
        for within in ["real", "real/below/new", "link", "link/new/newer"] {
            assert!(is_within(&at(within), &at("real")), "{within}");
        }
        for beside in ["", "realm", "new"] {
            assert!(!is_within(&at(beside), &at("real")), "{beside}");
        }
        assert!(is_within(&at("real/new/newer"), &at("real/below/../new")));
        assert!(!is_within(&at("real/newer"), &at("real/new")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn other_mounts_of_a_directory_are_read_from_the_table() {
        let table = br"22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 8:2 / /srv rw,relatime shared:1 - ext4 /dev/sda2 rw
24 22 8:2 /pki\040new/ca/repository /mnt/out rw - ext4 /dev/sda2 rw
25 22 8:3 /pki\040new/ca/repository /mnt/disk rw - ext4 /dev/sda3 rw
26 22 8:2 /pki\040new /mnt/pki rw - ext4 /dev/sda2 rw

half a line";
        let mounts = Mount::all(table);
        let names = |folder: &str| other_names(&mounts, Path::new(folder));
        let own = ["/srv/pki new/ca/repository", "/mnt/out", "/mnt/pki/ca/repository"];
        for one in own {
            assert_eq!(names(one), own.map(PathBuf::from), "{one}");
        }
        assert_eq!(names("/mnt/out/new"), own.map(|own| Path::new(own).join("new")),);
        assert_eq!(names("/mnt/disk"), [PathBuf::from("/mnt/disk")]);
        assert_eq!(names("/home"), [PathBuf::from("/home")]);
    }
}
