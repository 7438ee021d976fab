//! Which other users could read or write what the CA's safety rests on.
//!
//! Where another user can write a folder on the way to a file, every look at that file may be out of date before it is used. So nothing
//! is signed or written in a CA directory before every folder from `/` down was found to be in trusted hands; after that a path stays
//! what it was found to be.

use std::path::{Path, PathBuf};

use super::{CaDir, HostFile, StoreError};
use crate::files::{ExposedBy, Exposure, tighten};
#[cfg(unix)]
use crate::files::{FilesError, parent_of};

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
    /// What is in the place of a file of the CA and is not the CA's: why it is left alone.
    pub left_alone: Vec<StoreError>,
}

/// Where a symbolic link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTarget {
    /// What it says, verbatim.
    pub says: PathBuf,
    /// The file or folder at its end; `None` where there is none.
    pub end: Option<PathBuf>,
    /// Whether that is a regular file.
    pub is_file: bool,
    /// How another user could exchange it, or where it leads; `None` where no other user can.
    pub exposed: Option<Exposure>,
}

impl CaDir {
    /// Where a symbolic link in the place of a file of the CA leads, and in whose hands that is; `None` where
    /// it is not a link.
    pub fn link_target(&self, path: &Path) -> Option<LinkTarget> {
        let says = std::fs::read_link(path).ok()?;
        let end = path.canonicalize().ok();
        let is_file = end.as_ref().is_some_and(|end| end.is_file());
        Some(LinkTarget {
            says,
            is_file,
            exposed: end.as_ref().and_then(|_| self.exposed_link(path)),
            end,
        })
    }

    /// Gives each the mode that is enough.
    ///
    /// # Errors
    /// As [`tighten`].
    pub fn tighten(&self, modes: &[LooseMode]) -> Result<(), StoreError> {
        modes
            .iter()
            .try_for_each(|loose| Ok(tighten(&loose.path, loose.wanted)?))
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

impl CaDir {
    /// Checks that no other user can exchange the CA's files: see [`CaDir::exposures`].
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn expect_guarded(&self) -> Result<(), StoreError> {
        match self.exposures()?.into_iter().next() {
            Some(exposure) => Err(FilesError::from(exposure).into()),
            None => Ok(()),
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::files::{
        CA_KEY_MODE, EVERYBODY, FOLDER_MODE, GROUP, PRIVATE_MODE, Trusted, expect_plain, exposed_on_the_way,
        owner,
    };

    impl CaDir {
        /// Files and folders that are more open than gsec makes them. Host certificates are public and stay as they are. What is a link,
        /// has several names or belongs to a third user is not the CA's, and is left alone.
        ///
        /// # Errors
        /// [`StoreError::Files`].
        pub fn loose_modes(&self) -> Result<LooseModes, StoreError> {
            // A folder named by a person may be a link; what is in it may not.
            let root = if self.root().is_symlink() {
                self.root()
                    .canonicalize()
                    .map_err(StoreError::io("open", self.root()))?
            } else {
                self.root().to_owned()
            };
            let mut most = vec![(root, !(WRITABLE_BY_GROUP | WRITABLE_BY_OTHERS) & 0o7777)];
            most.extend([self.conf(), self.repository()].map(|path| (path, FOLDER_MODE)));
            most.push((self.ca_key(), CA_KEY_MODE));
            most.extend(
                [
                    self.index(),
                    self.index_attributes(),
                    self.serial(),
                    self.crl_number(),
                ]
                .map(|path| (path, PRIVATE_MODE)),
            );
            let repository = self.repository();
            for entry in std::fs::read_dir(&repository).map_err(StoreError::io("read", &repository))? {
                let path = entry.map_err(StoreError::io("read", &repository))?.path();
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                if HostFile::is_secret_name(&name) {
                    most.push((path, PRIVATE_MODE));
                }
            }
            most.sort();
            let trusted = Trusted::for_directory(self.root())?;
            let mut found = LooseModes::default();
            for (path, most) in most {
                let Ok(metadata) = path.symlink_metadata() else {
                    continue;
                };
                let mode = metadata.mode() & 0o7777;
                match expect_plain(&path, &metadata, &trusted) {
                    Err(error) => found.left_alone.push(error.into()),
                    Ok(()) if mode & !most & OTHERS != 0 => found.loose.push(LooseMode {
                        path,
                        mode,
                        wanted: mode & (most | !OTHERS),
                    }),
                    Ok(()) => {}
                }
            }
            Ok(found)
        }

        /// The places through which another user could exchange the CA or something of it: a folder above, a
        /// link on the way or a folder or file of the CA's own that belongs to a third user or that others
        /// can write. A third user is neither root, nor the one that gsec runs as, nor, where that is root,
        /// the owner of the CA directory.
        ///
        /// # Errors
        /// [`StoreError::Files`].
        pub fn exposures(&self) -> Result<Vec<Exposure>, StoreError> {
            let trusted = Trusted::for_directory(self.root())?;
            let mut found = exposed_on_the_way(self.root(), &trusted)?;
            let whole = self
                .root()
                .canonicalize()
                .map_err(StoreError::io("open", self.root()))?;
            for exposure in found.iter_mut().filter(|exposure| exposure.path == whole) {
                // As the person named it.
                (exposure.path, exposure.is_above) = (self.root().to_owned(), false);
            }
            for folder in [self.conf(), self.repository()] {
                let metadata = folder
                    .symlink_metadata()
                    .map_err(StoreError::io("open", &folder))?;
                let how = match trusted.writers(&metadata) {
                    _ if metadata.is_symlink() => ExposedBy::Link,
                    _ if !trusted.includes(metadata.uid()) => ExposedBy::Owner(metadata.uid()),
                    Some(by) => ExposedBy::Mode {
                        mode: metadata.mode() & 0o7777,
                        by,
                    },
                    None => continue,
                };
                found.push(Exposure {
                    path: folder,
                    how,
                    is_above: false,
                });
            }
            let conf = self
                .conf()
                .symlink_metadata()
                .map_err(StoreError::io("open", &self.conf()))?;
            found.extend(self.exposed_files(&trusted, &conf));
            Ok(found)
        }

        /// How another user could exchange what a link leads to. Where that cannot be looked at, the link itself.
        pub(super) fn exposed_link(&self, path: &Path) -> Option<Exposure> {
            let unknown = || {
                Some(Exposure {
                    path: path.to_owned(),
                    how: ExposedBy::Link,
                    is_above: false,
                })
            };
            let Ok(trusted) = Trusted::for_directory(self.root()) else {
                return unknown();
            };
            match exposed_on_the_way(path, &trusted) {
                Ok(found) => found.into_iter().next(),
                Err(_) => unknown(),
            }
        }

        /// Files of the CA's own, and the folder of former keys, that belong to a third user, or that others can reach and write.
        fn exposed_files(&self, trusted: &Trusted, conf: &Metadata) -> Vec<Exposure> {
            let can_enter = |by| {
                if by == EVERYBODY {
                    conf.mode() & 0o001 != 0
                } else {
                    conf.mode() & 0o010 != 0
                }
            };
            let files = self
                .expected_modes()
                .into_iter()
                .map(|(path, _)| path)
                .filter(|path| parent_of(path) == self.conf());
            let found = files.filter_map(|path| {
                let metadata = path.symlink_metadata().ok()?;
                let how = match trusted.writers(&metadata) {
                    _ if !trusted.includes(metadata.uid()) => ExposedBy::Owner(metadata.uid()),
                    Some(by) if !metadata.is_symlink() && can_enter(by) => ExposedBy::Mode {
                        mode: metadata.mode() & 0o7777,
                        by,
                    },
                    _ => return None,
                };
                Some(Exposure {
                    path,
                    how,
                    is_above: false,
                })
            });
            found.collect()
        }

        /// The user whose CA directory this is, where that is neither root nor the one that gsec runs as, nor, where that is root, the user
        /// `root_acts_for`: that user decides what is in it. A directory, a link to it and `ca_conf/` count.
        pub fn owner_elsewhere(&self, root_acts_for: Option<u32>) -> Option<u32> {
            let user = rustix::process::geteuid().as_raw();
            let acts_for = root_acts_for.filter(|_| user == 0).unwrap_or(user);
            let looks = [
                self.root().symlink_metadata(),
                self.root().metadata(),
                self.conf().symlink_metadata(),
            ];
            looks
                .into_iter()
                .flatten()
                .map(|metadata| owner(&metadata))
                .find(|owner| ![0, user, acts_for].contains(owner))
        }

        /// The owner of the CA directory, where root works in a directory that is not root's.
        ///
        /// # Errors
        /// [`StoreError::Files`].
        pub fn acts_for(&self) -> Result<Option<u32>, StoreError> {
            let owner = self
                .root()
                .metadata()
                .map_err(StoreError::io("open", self.root()))?
                .uid();
            Ok((rustix::process::geteuid().is_root() && owner != 0).then_some(owner))
        }
    }

    /// Checks which other users can read a private key of the CA's.
    ///
    /// # Errors
    /// [`StoreError::Files`] when others can write it, [`StoreError::Files`] when it belongs to a third user:
    /// then it is unknown whose key it is. [`StoreError::Files`].
    pub fn key_file_looseness(ca_dir: &CaDir, key_file: &Path) -> Result<Option<Looseness>, StoreError> {
        let metadata = key_file
            .symlink_metadata()
            .map_err(StoreError::io("open", key_file))?;
        let mode = metadata.mode() & 0o7777;
        if mode & (WRITABLE_BY_GROUP | WRITABLE_BY_OTHERS) != 0 {
            let by = if mode & WRITABLE_BY_OTHERS != 0 {
                EVERYBODY
            } else {
                GROUP
            };
            return Err(StoreError::Files(FilesError::Writable {
                path: key_file.to_owned(),
                mode,
                by,
            }));
        }
        if !Trusted::for_directory(ca_dir.root())?.includes(metadata.uid()) {
            return Err(StoreError::Files(FilesError::ForeignOwner {
                path: key_file.to_owned(),
                owner: metadata.uid(),
            }));
        }
        let is_loose = mode & READABLE_BY_GROUP_OR_OTHERS != 0;
        Ok(is_loose.then(|| Looseness {
            path: key_file.to_owned(),
            mode,
            others_can: "read",
        }))
    }
}

#[cfg(unix)]
pub use unix::key_file_looseness;

#[cfg(not(unix))]
impl CaDir {
    /// Owners are a matter of UNIX.
    pub fn owner_elsewhere(&self, _root_acts_for: Option<u32>) -> Option<u32> {
        None
    }

    /// Modes are a matter of UNIX.
    ///
    /// # Errors
    /// None.
    pub fn loose_modes(&self) -> Result<LooseModes, StoreError> {
        Ok(LooseModes::default())
    }

    fn exposed_link(&self, _path: &Path) -> Option<Exposure> {
        None
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

/// Whether gsec runs as root, which can give files to others.
pub fn runs_as_root() -> bool {
    #[cfg(unix)]
    let is_root = rustix::process::geteuid().is_root();
    #[cfg(not(unix))]
    let is_root = false;
    is_root
}

/// Checks which other users can read the CA's private key; modes are a matter of UNIX.
#[cfg(not(unix))]
pub fn key_file_looseness(_ca_dir: &CaDir, _key_file: &Path) -> Result<Option<Looseness>, StoreError> {
    Ok(None)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::tests::Site;

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode");
    }

    #[test]
    fn what_is_more_open_than_gsec_makes_it_is_found_and_tightened() {
        let site = Site::new();
        site.issue("a.example.com");
        let directory = site.authority.directory();
        let loose = || directory.loose_modes().expect("an answer");
        assert!(loose().loose.is_empty() && loose().left_alone.is_empty());
        let key = directory.repository().join("01_a_priv_key.pem");
        for (path, mode, enough) in [
            (directory.ca_key(), 0o444, 0o400),
            (directory.index(), 0o644, 0o600),
            (key.clone(), 0o640, 0o600),
            (directory.conf(), 0o755, 0o700),
        ] {
            set_mode(&path, mode);
            let found = loose().loose;
            let expected = LooseMode {
                path: path.clone(),
                mode,
                wanted: enough,
            };
            assert_eq!(found, [expected]);
            directory.tighten(&found).expect("tightened");
            assert!(loose().loose.is_empty(), "{}", path.display());
        }
        let certificate = directory.repository().join("01_a_cert.pem");
        set_mode(&certificate, 0o644);
        assert!(loose().loose.is_empty(), "certificates are public");
        // A link is not the CA's file, and what it leads to stays as it is.
        let elsewhere = directory.root().join("elsewhere");
        std::fs::rename(&key, &elsewhere).expect("moved");
        std::os::unix::fs::symlink(&elsewhere, &key).expect("a link");
        set_mode(&elsewhere, 0o644);
        let found = loose();
        assert!(found.loose.is_empty() && found.left_alone.len() == 1, "{found:?}");
    }

    #[test]
    fn directory_that_others_can_write_is_exposed() {
        let site = Site::new();
        let directory = site.authority.directory();
        assert_eq!(directory.exposures().expect("an answer"), []);
        for path in [
            directory.conf(),
            directory.repository(),
            directory.root().to_owned(),
        ] {
            let mode = path.metadata().expect("it is there").permissions().mode();
            set_mode(&path, 0o777);
            let found = directory.exposures().expect("an answer");
            assert!(found.iter().any(|exposure| exposure.path == path), "{found:?}");
            assert!(directory.expect_guarded().is_err());
            set_mode(&path, mode & 0o7777);
            directory.expect_guarded().expect("guarded");
        }
    }

    #[test]
    fn link_says_where_it_leads() {
        let site = Site::new();
        let directory = site.authority.directory();
        assert_eq!(directory.link_target(&directory.index()), None);
        let (moved, link) = (directory.root().join("moved"), directory.index());
        std::fs::rename(&link, &moved).expect("moved");
        std::os::unix::fs::symlink("../moved", &link).expect("a link");
        let target = directory.link_target(&link).expect("a link");
        assert_eq!((target.says, target.is_file), (PathBuf::from("../moved"), true));
        assert_eq!(target.exposed, None);
        std::fs::remove_file(moved).expect("the file");
        assert_eq!(directory.link_target(&link).expect("a link").end, None);
    }
}
