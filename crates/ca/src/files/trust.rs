//! Whose hands a file is in: which other users could exchange it, or something on the way to it.
//!
//! Where another user can write a folder on the way to a file, every look at that file may be out of date before it is used. After the way
//! from `/` down was found to be in trusted hands, a path stays what it was found to be.

use std::fmt;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use super::FilesError;

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
        /// The users that can write.
        by: &'static str,
    },
    /// It is a symbolic link, where a folder of the CA should be.
    Link,
}

impl fmt::Display for Exposure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        FilesError::from(self.clone()).fmt(out)
    }
}

impl From<Exposure> for FilesError {
    fn from(exposure: Exposure) -> Self {
        let Exposure { path, how, .. } = exposure;
        match how {
            ExposedBy::Owner(owner) => Self::ForeignOwner { path, owner },
            ExposedBy::Mode { mode, by } => Self::Writable { path, mode, by },
            ExposedBy::Link => Self::SymbolicLink(path),
        }
    }
}

/// What a path leads to. At the end of a path, Linux does not follow a link that another user made in a folder like /tmp (`protected_symlinks`,
/// proc(5)), but it does on the way to what is in the folder.
///
/// # Errors
/// As [`Path::metadata`].
pub fn metadata_at_end(path: &Path) -> io::Result<Metadata> {
    path.metadata().or_else(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => path.join(".").metadata(),
        _ => Err(error),
    })
}

#[cfg(unix)]
const WRITABLE_BY_OTHERS: u32 = 0o002;
#[cfg(unix)]
const WRITABLE_BY_GROUP: u32 = 0o020;
#[cfg(unix)]
const STICKY: u32 = 0o1000;
/// The users that can write a file writable by all.
#[cfg(unix)]
pub(crate) const EVERYBODY: &str = "everybody";
/// The users that can write a file writable by its group.
#[cfg(unix)]
pub(crate) const GROUP: &str = "its group";

#[cfg(unix)]
mod unix {
    use std::ffi::OsString;
    use std::os::unix::fs::MetadataExt;
    use std::path::Component;

    use super::super::read::read_file_within;
    use super::*;

    /// As many links as Linux follows in one path.
    const MAX_LINKS: usize = 40;
    /// The most that is read of `/etc/passwd` and `/etc/group`.
    const MAX_ACCOUNTS_OCTETS: u64 = 16 * 1024 * 1024;

    /// Whose hands a CA may be in: root's, those of the user running gsec, and where root works for the owner
    /// of a directory, the owner's.
    pub(crate) struct Trusted([u32; 2]);

    impl Trusted {
        /// For a directory of this owner.
        pub(crate) fn with(owner: u32) -> Self {
            match rustix::process::geteuid().as_raw() {
                0 => Self([0, owner]),
                user => Self([0, user]),
            }
        }

        /// For a directory that is there, or for the nearest one above it that is.
        pub(crate) fn for_directory(path: &Path) -> Result<Self, FilesError> {
            let whole = std::path::absolute(path).map_err(FilesError::io("open", path))?;
            let existing = whole
                .ancestors()
                .find(|folder| folder.symlink_metadata().is_ok())
                .unwrap_or(Path::new("/"));
            let owner = metadata_at_end(existing)
                .map_err(FilesError::io("open", existing))?
                .uid();
            Ok(Self::with(owner))
        }

        pub(crate) fn includes(&self, user: u32) -> bool {
            self.0.contains(&user)
        }

        /// The users besides the trusted ones that could write something of this mode and group.
        pub(crate) fn writers(&self, metadata: &Metadata) -> Option<&'static str> {
            match metadata.mode() {
                mode if mode & WRITABLE_BY_OTHERS != 0 => Some(EVERYBODY),
                mode if mode & WRITABLE_BY_GROUP != 0 && self.has_strangers(metadata.gid()) => Some(GROUP),
                _ => None,
            }
        }

        /// Whether untrusted users are in a group, going by `/etc/passwd` and `/etc/group`. A group that is
        /// not listed there is taken for private where it has a trusted user's number, which is how private
        /// groups are made.
        fn has_strangers(&self, group: u32) -> bool {
            let read = |path: &str| read_file_within(Path::new(path), MAX_ACCOUNTS_OCTETS);
            let (Ok(users), Ok(groups)) = (read("/etc/passwd"), read("/etc/group")) else {
                return true;
            };
            let [users, groups] = [users, groups].map(|text| String::from_utf8_lossy(&text).into_owned());
            self.has_strangers_among(group, &users, &groups)
        }

        pub(crate) fn has_strangers_among(&self, group: u32, users: &str, groups: &str) -> bool {
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
            let listed: Vec<Vec<String>> = groups
                .lines()
                .map(fields)
                .filter(|fields| fields.len() > 3 && number(&fields[2]) == Some(group))
                .collect();
            let members = listed
                .iter()
                .flat_map(|fields| fields[3].split(','))
                .filter(|name| !name.is_empty());
            let is_trusted = |name: &str| {
                users
                    .iter()
                    .any(|(known, user, _)| *known == name && self.includes(*user))
            };
            let has_member = members.into_iter().any(|name| !is_trusted(name));
            let is_primary = users
                .iter()
                .any(|(_, user, primary)| *primary == group && !self.includes(*user));
            has_member || is_primary || (listed.is_empty() && !self.includes(group))
        }
    }

    /// Every folder that is passed on the way to a path, from `/` down, and every symbolic link; the last is the path itself.
    fn steps(path: &Path) -> Result<Vec<(PathBuf, Metadata)>, FilesError> {
        let absolute = std::path::absolute(path).map_err(FilesError::io("open", path))?;
        let mut left: Vec<OsString> = names(&absolute);
        let mut at = PathBuf::from("/");
        let look = |at: &Path| at.symlink_metadata().map_err(FilesError::io("open", at));
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
                return Err(FilesError::SymbolicLink(path.to_owned()));
            }
            let target = std::fs::read_link(&next).map_err(FilesError::io("open", &next))?;
            if target.is_absolute() {
                at = PathBuf::from("/");
            }
            left.extend(names(&target));
            passed.push((next, metadata));
        }
        Ok(passed)
    }

    /// In a user namespace without the users of the machine, `/` and everything of root's there has this
    /// owner: the creator of the namespace vouches for what is outside of it. `None` outside of such a
    /// namespace (user_namespaces(7)).
    fn overflow_user() -> Option<u32> {
        const ALL_USERS: u64 = u32::MAX as u64;
        let map = std::fs::read_to_string("/proc/self/uid_map").ok()?;
        let mapped: u64 = map
            .lines()
            .filter_map(|line| line.split_whitespace().nth(2)?.parse::<u64>().ok())
            .sum();
        let user = || {
            std::fs::read_to_string("/proc/sys/kernel/overflowuid")
                .ok()?
                .trim()
                .parse()
                .ok()
        };
        if mapped < ALL_USERS { user() } else { None }
    }

    /// The owner of something, root's outside of a user namespace included.
    pub(crate) fn owner(metadata: &Metadata) -> u32 {
        let owner = metadata.uid();
        if owner != 0 && Some(owner) == overflow_user() {
            0
        } else {
            owner
        }
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
    /// root's and sticky, as `/tmp` is, so that no user can remove what belongs to another.
    pub(crate) fn exposed_on_the_way(path: &Path, trusted: &Trusted) -> Result<Vec<Exposure>, FilesError> {
        let stands_for_root = overflow_user();
        let found = steps(path)?.into_iter().filter_map(|(path, metadata)| {
            let owner = if Some(metadata.uid()) == stands_for_root {
                0
            } else {
                metadata.uid()
            };
            let how = match trusted.writers(&metadata) {
                _ if !trusted.includes(owner) => ExposedBy::Owner(owner),
                Some(by) if !(metadata.is_symlink() || owner == 0 && metadata.mode() & STICKY != 0) => {
                    ExposedBy::Mode {
                        mode: metadata.mode() & 0o7777,
                        by,
                    }
                }
                _ => return None,
            };
            Some(Exposure {
                path,
                how,
                is_above: true,
            })
        });
        Ok(found.collect())
    }

    /// A file or folder that a mode may be set of.
    pub(crate) fn expect_plain(
        path: &Path,
        metadata: &Metadata,
        trusted: &Trusted,
    ) -> Result<(), FilesError> {
        match () {
            () if metadata.is_symlink() => Err(FilesError::SymbolicLink(path.to_owned())),
            () if !metadata.is_file() && !metadata.is_dir() => Err(FilesError::NotAFile(path.to_owned())),
            // A second name may be anywhere, and belong to anything.
            () if metadata.is_file() && metadata.nlink() > 1 => {
                Err(FilesError::SeveralNames(path.to_owned()))
            }
            () if !trusted.includes(metadata.uid()) => Err(FilesError::ForeignOwner {
                path: path.to_owned(),
                owner: metadata.uid(),
            }),
            () => Ok(()),
        }
    }

    /// Checks that nobody but root and the user who runs gsec could change what is there, or put another thing in its place: whoever owns
    /// it gets no say. It must be there.
    ///
    /// # Errors
    /// [`FilesError::Writable`], [`FilesError::ForeignOwner`], [`FilesError::Io`].
    pub fn expect_own_way(path: &Path) -> Result<(), FilesError> {
        match exposed_on_the_way(path, &Trusted::with(0))?.into_iter().next() {
            Some(exposure) => Err(exposure.into()),
            None => Ok(()),
        }
    }

    /// Checks before something is made that no other user could put another thing in its place.
    ///
    /// # Errors
    /// [`FilesError::Writable`], [`FilesError::ForeignOwner`], [`FilesError::Io`].
    pub(crate) fn expect_guarded_way(root: &Path) -> Result<(), FilesError> {
        let whole = std::path::absolute(root).map_err(FilesError::io("open", root))?;
        let existing = whole
            .ancestors()
            .find(|folder| folder.symlink_metadata().is_ok())
            .unwrap_or(Path::new("/"));
        let trusted = Trusted::for_directory(existing)?;
        match exposed_on_the_way(existing, &trusted)?.into_iter().next() {
            Some(exposure) => Err(exposure.into()),
            None => Ok(()),
        }
    }
}

#[cfg(unix)]
pub use unix::expect_own_way;
#[cfg(unix)]
pub(crate) use unix::{Trusted, expect_guarded_way, expect_plain, exposed_on_the_way, owner};

/// Owners are a matter of UNIX.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn expect_own_way(_path: &Path) -> Result<(), FilesError> {
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn expect_guarded_way(_root: &Path) -> Result<(), FilesError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const USERS: &str =
        "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbob:x:1001:100::/home/bob:/bin/sh\n";
    const GROUPS: &str =
        "root:x:0:\nada:x:1000:\nusers:x:100:\nops:x:50:ada,root\nstaff:x:51:ada,bob\ngone:x:52:carol\n";

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
        // Bob is a member, or has it as his own group; carol is not a known user; 4711 is not known at all.
        for other in [51, 100, 52, 4711] {
            assert!(has_strangers(other), "{other}");
        }
    }
}
