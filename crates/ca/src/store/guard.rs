//! Who else could read or write what the CA's safety rests on.
//!
//! Where another user can write a folder on the way to a file, every look at that file may be out of date before it is used. So nothing
//! is signed or written in a CA directory before every folder from `/` down was found to be in trusted hands; after that a path stays
//! what it was found to be.

use std::fmt;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use super::files::parent_of;
use super::{CaDir, StoreError};

/// A file or folder that is more open than it should be, but not so that work must stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looseness {
    /// The file or folder.
    pub path: PathBuf,
    /// Its mode, the lowest 12 bits.
    pub mode: u32,
    /// What others can do: `read` or `write`.
    pub others_can: &'static str,
}

/// A place through which another user could exchange the CA, or something of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The folder, file or link.
    pub path: PathBuf,
    /// What opens it to him.
    pub how: ExposedBy,
    /// Whether it is a folder above the CA directory, or a link on the way to it.
    pub is_above: bool,
}

/// What opens a place to another user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExposedBy {
    /// It belongs to him.
    Owner(u32),
    /// Its mode.
    Mode {
        /// The lowest 12 bits.
        mode: u32,
        /// Who can write.
        by: &'static str,
    },
    /// It is a symbolic link, where a folder of the CA should be.
    Link,
}

/// A file or folder that is more open than gsec makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooseMode {
    /// Where.
    pub path: PathBuf,
    /// Its mode, the lowest 12 bits.
    pub mode: u32,
    /// The mode that is enough.
    pub wanted: u32,
}

/// What is more open than gsec makes it.
#[derive(Debug, Default)]
pub struct LooseModes {
    /// What can be tightened.
    pub loose: Vec<LooseMode>,
    /// What stands in the place of a file of the CA and is not the CA's: why it is left alone.
    pub left_alone: Vec<StoreError>,
}

impl CaDir {
    /// Gives each the mode that is enough.
    ///
    /// # Errors
    /// As [`tighten`](super::tighten).
    pub fn tighten(&self, modes: &[LooseMode]) -> Result<(), StoreError> {
        modes.iter().try_for_each(|loose| super::tighten(&loose.path, loose.wanted))
    }
}

impl fmt::Display for Exposure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        StoreError::from(self.clone()).fmt(out)
    }
}

impl From<Exposure> for StoreError {
    fn from(exposure: Exposure) -> Self {
        let Exposure { path, how, .. } = exposure;
        match how {
            ExposedBy::Owner(owner) => Self::ForeignOwner { path, owner },
            ExposedBy::Mode { mode, by } => Self::Writable { path, mode, by },
            ExposedBy::Link => Self::SymbolicLink(path),
        }
    }
}

#[cfg(unix)]
const WRITABLE_BY_OTHERS: u32 = 0o002;
#[cfg(unix)]
const WRITABLE_BY_GROUP: u32 = 0o020;
#[cfg(unix)]
const READABLE_BY_GROUP_OR_OTHERS: u32 = 0o044;
#[cfg(unix)]
const OTHERS: u32 = 0o077;
#[cfg(unix)]
const STICKY: u32 = 0o1000;
#[cfg(unix)]
const EVERYBODY: &str = "everybody";
#[cfg(unix)]
const GROUP: &str = "its group";

impl CaDir {
    /// Checks that nobody else can exchange the CA's files: see [`CaDir::exposures`].
    ///
    /// # Errors
    /// [`StoreError::Writable`], [`StoreError::ForeignOwner`], [`StoreError::SymbolicLink`], [`StoreError::Io`].
    pub fn expect_guarded(&self) -> Result<(), StoreError> {
        match self.exposures()?.into_iter().next() {
            Some(exposure) => Err(exposure.into()),
            None => Ok(()),
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsString;
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;
    use std::path::Component;

    use super::super::mode::{CA_KEY_MODE, FOLDER_MODE, PRIVATE_MODE};
    use super::*;

    /// As many links as Linux follows in one path.
    const MAX_LINKS: usize = 40;
    /// The most that is read of `/etc/passwd` and `/etc/group`.
    const MAX_ACCOUNTS_OCTETS: u64 = 16 * 1024 * 1024;

    /// Whose hands a CA may be in: root's, those of the user that gsec runs as, and where root works for the owner of a directory, his.
    pub(in super::super) struct Trusted([u32; 2]);

    impl Trusted {
        /// For a directory of this owner.
        pub(in super::super) fn with(owner: u32) -> Self {
            match rustix::process::geteuid().as_raw() {
                0 => Self([0, owner]),
                user => Self([0, user]),
            }
        }

        /// For a directory that is there, or for the nearest one above it that is.
        pub(in super::super) fn for_directory(path: &Path) -> Result<Self, StoreError> {
            let whole = std::path::absolute(path).map_err(StoreError::io("open", path))?;
            let existing = whole.ancestors().find(|folder| folder.symlink_metadata().is_ok()).unwrap_or(Path::new("/"));
            let owner = existing.metadata().map_err(StoreError::io("open", existing))?.uid();
            Ok(Self::with(owner))
        }

        pub(in super::super) fn includes(&self, user: u32) -> bool {
            self.0.contains(&user)
        }

        /// Who could write something of this mode and group beside those who are trusted.
        fn writers(&self, metadata: &Metadata) -> Option<&'static str> {
            match metadata.mode() {
                mode if mode & WRITABLE_BY_OTHERS != 0 => Some(EVERYBODY),
                mode if mode & WRITABLE_BY_GROUP != 0 && self.has_strangers(metadata.gid()) => Some(GROUP),
                _ => None,
            }
        }

        /// Whether users who are not trusted are in a group, going by `/etc/passwd` and `/etc/group`. A group that is not listed there
        /// is taken for private where it has a trusted user's number, which is how private groups are made.
        fn has_strangers(&self, group: u32) -> bool {
            let read = |path: &str| super::super::files::read_file_within(Path::new(path), MAX_ACCOUNTS_OCTETS);
            let (Ok(users), Ok(groups)) = (read("/etc/passwd"), read("/etc/group")) else { return true };
            let [users, groups] = [users, groups].map(|text| String::from_utf8_lossy(&text).into_owned());
            self.has_strangers_among(group, &users, &groups)
        }

        pub(super) fn has_strangers_among(&self, group: u32, users: &str, groups: &str) -> bool {
            let number = |field: &str| field.parse::<u32>().ok();
            let users: Vec<(&str, u32, u32)> = users
                .lines()
                .filter_map(|line| {
                    let mut fields = line.split(':');
                    let name = fields.next()?;
                    Some((name, number(fields.nth(1)?)?, number(fields.next()?)?))
                })
                .collect();
            let fields = |line: &'_ str| line.split(':').map(str::to_owned).collect::<Vec<String>>();
            let listed: Vec<Vec<String>> =
                groups.lines().map(fields).filter(|fields| fields.len() > 3 && number(&fields[2]) == Some(group)).collect();
            let members = listed.iter().flat_map(|fields| fields[3].split(',')).filter(|name| !name.is_empty());
            let is_trusted = |name: &str| users.iter().any(|(known, user, _)| *known == name && self.includes(*user));
            let has_member = members.into_iter().any(|name| !is_trusted(name));
            let is_primary = users.iter().any(|(_, user, primary)| *primary == group && !self.includes(*user));
            has_member || is_primary || (listed.is_empty() && !self.includes(group))
        }
    }

    /// Every folder that is passed on the way to a path, from `/` down, and every symbolic link; the last is the path itself.
    fn steps(path: &Path) -> Result<Vec<(PathBuf, Metadata)>, StoreError> {
        let absolute = std::path::absolute(path).map_err(StoreError::io("open", path))?;
        let mut left: Vec<OsString> = names(&absolute);
        let mut at = PathBuf::from("/");
        let look = |at: &Path| at.symlink_metadata().map_err(StoreError::io("open", at));
        let mut passed = vec![(at.clone(), look(&at)?)];
        let mut links = 0;
        while let Some(name) = left.pop() {
            if name == ".." {
                at.pop();
                continue;
            }
            let next = at.join(&name);
            let metadata = look(&next)?;
            if !metadata.is_symlink() {
                at.clone_from(&next);
                passed.push((next, metadata));
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return Err(StoreError::SymbolicLink(path.to_owned()));
            }
            let target = std::fs::read_link(&next).map_err(StoreError::io("open", &next))?;
            if target.is_absolute() {
                at = PathBuf::from("/");
            }
            left.extend(names(&target));
            passed.push((next, metadata));
        }
        Ok(passed)
    }

    /// In a user namespace without the users of the machine, `/` and everything of root's there has this owner: whoever made the namespace
    /// vouches for what is outside of it. `None` outside of such a namespace (user_namespaces(7)).
    fn overflow_user() -> Option<u32> {
        const ALL_USERS: u64 = u32::MAX as u64;
        let map = std::fs::read_to_string("/proc/self/uid_map").ok()?;
        let mapped: u64 = map.lines().filter_map(|line| line.split_whitespace().nth(2)?.parse::<u64>().ok()).sum();
        let user = || std::fs::read_to_string("/proc/sys/kernel/overflowuid").ok()?.trim().parse().ok();
        if mapped < ALL_USERS { user() } else { None }
    }

    /// The names in a path, the first one last.
    fn names(path: &Path) -> Vec<OsString> {
        let names = path.components().filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            _ => None,
        });
        let mut names: Vec<OsString> = names.collect();
        names.reverse();
        names
    }

    /// What is wrong with the way to a folder, the folder itself included: a folder that others can write is passed only where it is
    /// root's and sticky, as `/tmp` is, so that nobody takes away in it what is somebody else's.
    pub(in super::super) fn exposed_on_the_way(path: &Path, trusted: &Trusted) -> Result<Vec<Exposure>, StoreError> {
        let stands_for_root = overflow_user();
        let found = steps(path)?.into_iter().filter_map(|(path, metadata)| {
            let owner = if Some(metadata.uid()) == stands_for_root { 0 } else { metadata.uid() };
            let how = match trusted.writers(&metadata) {
                _ if !trusted.includes(owner) => ExposedBy::Owner(owner),
                Some(by) if !(metadata.is_symlink() || owner == 0 && metadata.mode() & STICKY != 0) => {
                    ExposedBy::Mode { mode: metadata.mode() & 0o7777, by }
                }
                _ => return None,
            };
            Some(Exposure { path, how, is_above: true })
        });
        Ok(found.collect())
    }

    /// A file or folder that a mode may be set of.
    pub(in super::super) fn expect_plain(path: &Path, metadata: &Metadata, trusted: &Trusted) -> Result<(), StoreError> {
        match () {
            () if metadata.is_symlink() => Err(StoreError::SymbolicLink(path.to_owned())),
            () if !metadata.is_file() && !metadata.is_dir() => Err(StoreError::NotAFile(path.to_owned())),
            // A second name may be anywhere, and belong to anything.
            () if metadata.is_file() && metadata.nlink() > 1 => Err(StoreError::SeveralNames(path.to_owned())),
            () if !trusted.includes(metadata.uid()) => Err(StoreError::ForeignOwner { path: path.to_owned(), owner: metadata.uid() }),
            () => Ok(()),
        }
    }

    impl CaDir {
        /// Files and folders that are more open than gsec makes them. Host certificates are public and stay as they are. What is a link,
        /// has several names or belongs to a third user is not the CA's, and is left alone.
        ///
        /// # Errors
        /// [`StoreError::Io`].
        pub fn loose_modes(&self) -> Result<LooseModes, StoreError> {
            // The folder that a person names may be a link; what is in it may not.
            let root = if self.root().is_symlink() {
                self.root().canonicalize().map_err(StoreError::io("open", self.root()))?
            } else {
                self.root().to_owned()
            };
            let mut most = vec![(root, !(WRITABLE_BY_GROUP | WRITABLE_BY_OTHERS) & 0o7777)];
            most.extend([self.conf(), self.repository()].map(|path| (path, FOLDER_MODE)));
            most.push((self.ca_key(), CA_KEY_MODE));
            most.extend([self.index(), self.index_attributes(), self.serial(), self.crl_number()].map(|path| (path, PRIVATE_MODE)));
            let repository = self.repository();
            for entry in std::fs::read_dir(&repository).map_err(StoreError::io("read", &repository))? {
                let path = entry.map_err(StoreError::io("read", &repository))?.path();
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                if name.ends_with("_priv_key.pem") || name.ends_with(".pfx") {
                    most.push((path, PRIVATE_MODE));
                }
            }
            most.sort();
            let trusted = Trusted::for_directory(self.root())?;
            let mut found = LooseModes::default();
            for (path, most) in most {
                let Ok(metadata) = path.symlink_metadata() else { continue };
                let mode = metadata.mode() & 0o7777;
                match expect_plain(&path, &metadata, &trusted) {
                    Err(error) => found.left_alone.push(error),
                    Ok(()) if mode & !most & OTHERS != 0 => found.loose.push(LooseMode { path, mode, wanted: mode & (most | !OTHERS) }),
                    Ok(()) => {}
                }
            }
            Ok(found)
        }

        /// The places through which somebody else could exchange the CA or something of it: a folder above, a link on the way or a
        /// folder or file of the CA's own that belongs to a third user or that others can write. A third user is neither root, nor the
        /// one that gsec runs as, nor, where that is root, the owner of the CA directory.
        ///
        /// # Errors
        /// [`StoreError::Io`].
        pub fn exposures(&self) -> Result<Vec<Exposure>, StoreError> {
            let trusted = Trusted::for_directory(self.root())?;
            let mut found = exposed_on_the_way(self.root(), &trusted)?;
            let whole = self.root().canonicalize().map_err(StoreError::io("open", self.root()))?;
            for exposure in found.iter_mut().filter(|exposure| exposure.path == whole) {
                // As the person named it.
                (exposure.path, exposure.is_above) = (self.root().to_owned(), false);
            }
            for folder in [self.conf(), self.repository()] {
                let metadata = folder.symlink_metadata().map_err(StoreError::io("open", &folder))?;
                let how = match trusted.writers(&metadata) {
                    _ if metadata.is_symlink() => ExposedBy::Link,
                    _ if !trusted.includes(metadata.uid()) => ExposedBy::Owner(metadata.uid()),
                    Some(by) => ExposedBy::Mode { mode: metadata.mode() & 0o7777, by },
                    None => continue,
                };
                found.push(Exposure { path: folder, how, is_above: false });
            }
            let conf = self.conf().symlink_metadata().map_err(StoreError::io("open", &self.conf()))?;
            found.extend(self.exposed_files(&trusted, &conf));
            Ok(found)
        }

        /// Files of the CA's own, and the folder of former keys, that belong to a third user, or that others can reach and write.
        fn exposed_files(&self, trusted: &Trusted, conf: &Metadata) -> Vec<Exposure> {
            let can_enter = |by| if by == EVERYBODY { conf.mode() & 0o001 != 0 } else { conf.mode() & 0o010 != 0 };
            let files = self.expected_modes().into_iter().map(|(path, _)| path).filter(|path| parent_of(path) == self.conf());
            let found = files.filter_map(|path| {
                let metadata = path.symlink_metadata().ok()?;
                let how = match trusted.writers(&metadata) {
                    _ if !trusted.includes(metadata.uid()) => ExposedBy::Owner(metadata.uid()),
                    Some(by) if !metadata.is_symlink() && can_enter(by) => ExposedBy::Mode { mode: metadata.mode() & 0o7777, by },
                    _ => return None,
                };
                Some(Exposure { path, how, is_above: false })
            });
            found.collect()
        }

        /// The owner of the CA directory, where root works in a directory that is not root's.
        ///
        /// # Errors
        /// [`StoreError::Io`].
        pub fn acts_for(&self) -> Result<Option<u32>, StoreError> {
            let owner = self.root().metadata().map_err(StoreError::io("open", self.root()))?.uid();
            Ok((rustix::process::geteuid().is_root() && owner != 0).then_some(owner))
        }
    }

    /// Checks before a CA directory is made that nobody else could put another in its place.
    ///
    /// # Errors
    /// [`StoreError::Writable`], [`StoreError::ForeignOwner`], [`StoreError::Io`].
    pub(in super::super) fn expect_guarded_way(root: &Path) -> Result<(), StoreError> {
        let whole = std::path::absolute(root).map_err(StoreError::io("open", root))?;
        let existing = whole.ancestors().find(|folder| folder.symlink_metadata().is_ok()).unwrap_or(Path::new("/"));
        let trusted = Trusted::for_directory(existing)?;
        match exposed_on_the_way(existing, &trusted)?.into_iter().next() {
            Some(exposure) => Err(exposure.into()),
            None => Ok(()),
        }
    }

    /// Looks who else can read a private key of the CA's.
    ///
    /// # Errors
    /// [`StoreError::Writable`] when others can write it, [`StoreError::ForeignOwner`] when it belongs to a third user: then nobody
    /// knows whose key it is. [`StoreError::Io`].
    pub fn key_file_looseness(ca_dir: &CaDir, key_file: &Path) -> Result<Option<Looseness>, StoreError> {
        let metadata = key_file.symlink_metadata().map_err(StoreError::io("open", key_file))?;
        let mode = metadata.mode() & 0o7777;
        if mode & (WRITABLE_BY_GROUP | WRITABLE_BY_OTHERS) != 0 {
            let by = if mode & WRITABLE_BY_OTHERS != 0 { EVERYBODY } else { GROUP };
            return Err(StoreError::Writable { path: key_file.to_owned(), mode, by });
        }
        if !Trusted::for_directory(ca_dir.root())?.includes(metadata.uid()) {
            return Err(StoreError::ForeignOwner { path: key_file.to_owned(), owner: metadata.uid() });
        }
        let is_loose = mode & READABLE_BY_GROUP_OR_OTHERS != 0;
        Ok(is_loose.then(|| Looseness { path: key_file.to_owned(), mode, others_can: "read" }))
    }
}

#[cfg(unix)]
pub use unix::key_file_looseness;
#[cfg(unix)]
pub(super) use unix::{Trusted, expect_guarded_way, expect_plain};

#[cfg(not(unix))]
impl CaDir {
    /// Modes are a matter of UNIX.
    ///
    /// # Errors
    /// None.
    pub fn loose_modes(&self) -> Result<LooseModes, StoreError> {
        Ok(LooseModes::default())
    }

    /// Owners and modes are a matter of UNIX.
    ///
    /// # Errors
    /// None.
    pub fn exposures(&self) -> Result<Vec<Exposure>, StoreError> {
        Ok(Vec::new())
    }

    /// Owners are a matter of UNIX.
    ///
    /// # Errors
    /// None.
    pub fn acts_for(&self) -> Result<Option<u32>, StoreError> {
        Ok(None)
    }
}

#[cfg(not(unix))]
pub(super) fn expect_guarded_way(_root: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Looks who else can read the CA's private key; modes are a matter of UNIX.
#[cfg(not(unix))]
pub fn key_file_looseness(_ca_dir: &CaDir, _key_file: &Path) -> Result<Option<Looseness>, StoreError> {
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbob:x:1001:100::/home/bob:/bin/sh\n";
    const GROUPS: &str = "root:x:0:\nada:x:1000:\nusers:x:100:\nops:x:50:ada,root\nstaff:x:51:ada,bob\ngone:x:52:carol\n";

    #[test]
    fn a_group_is_private_when_only_trusted_users_are_in_it() {
        let current = rustix::process::geteuid().as_raw();
        let trusted = Trusted::with(1000);
        if current != 0 {
            return; // whom gsec runs as is trusted, and that may be anybody
        }
        let has_strangers = |group| trusted.has_strangers_among(group, USERS, GROUPS);
        for private in [0, 1000, 50] {
            assert!(!has_strangers(private), "{private}");
        }
        // Bob is a member, or has it as his own group; carol is nobody that is known; 4711 is not known at all.
        for other in [51, 100, 52, 4711] {
            assert!(has_strangers(other), "{other}");
        }
    }
}
