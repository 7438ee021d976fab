//! Modes, owners and kinds of files.

use std::path::PathBuf;

use gsec_pki::encoding::sample::Sample;

/// What a file or folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The CA directory itself, which others may look at.
    Root,
    /// A folder of the CA.
    Folder,
    /// The CA key, or one that it had before.
    CaKey,
    /// A private key or PFX of a host.
    HostKey,
    /// What the CA alone reads and writes.
    Private,
    /// What may be handed round.
    Public,
}

/// The kind of file that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    SymbolicLink,
    /// A device, a socket or a pipe.
    Other,
}

/// Where a symbolic link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub says: PathBuf,
    /// The regular file at its end, where only users who may change the CA can exchange it.
    pub trusted_file: Option<PathBuf>,
    /// In whose hands that is, in words.
    pub hands: String,
}

/// A file or folder, as `lstat` sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub path: PathBuf,
    /// What for.
    pub role: Role,
    /// The kind of file that was found.
    pub file_type: FileType,
    /// Where it leads, if it is a symbolic link.
    pub link: Option<Link>,
    /// The lowest 12 bits of its mode.
    pub mode: u32,
    /// The mode gsec creates it with.
    pub wanted_mode: u32,
    /// The mode of the directory that contains it.
    pub folder_mode: u32,
    /// The number of its owner.
    pub owner: u32,
}

/// A place through which another user could exchange the CA or something of it, so that gsec refuses to sign or write there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposedPlace {
    /// The folder, file or link.
    pub path: PathBuf,
    /// What opens it to him.
    pub how: Exposed,
    /// Whether it is a folder above the CA directory, or a link on the way to it.
    pub is_above: bool,
}

/// What opens a place to another user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposed {
    /// It belongs to a third user of this number.
    Owner(u32),
    /// Its mode.
    Writable {
        /// The lowest 12 bits.
        mode: u32,
        /// Who can write.
        by: &'static str,
        /// Whether it belongs to root: then the sticky bit closes it.
        is_roots: bool,
    },
}

/// What can be wrong with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceFault {
    /// Not a regular file or a directory.
    Irregular,
    /// World-writable.
    WritableByAll,
    /// Its group can write it.
    WritableByGroup,
    /// Others can read a secret.
    Readable,
    /// Others can look into a folder.
    Open,
}

const BY_ALL: u32 = 0o002;
const BY_GROUP: u32 = 0o020;
const READ_BY_OTHERS: u32 = 0o044;
/// What every other command says of the CA key, too.
const CA_KEY_MODE: u32 = 0o400;
const STICKY: u32 = 0o1000;

impl Place {
    /// What is wrong with its kind or mode.
    pub fn fault(&self) -> Option<PlaceFault> {
        let is_folder = matches!(self.role, Role::Root | Role::Folder);
        let wanted_type = if is_folder {
            FileType::Folder
        } else {
            FileType::File
        };
        if self.file_type != wanted_type {
            return Some(PlaceFault::Irregular);
        }
        // In a sticky directory users cannot remove the files of others, but every user can create files.
        let is_sticky_root = self.role == Role::Root && self.mode & STICKY != 0 && self.owner == 0;
        let reachable = self.mode & self.reach();
        match self.role {
            Role::Root if is_sticky_root => None,
            Role::Root | Role::Folder if self.mode & BY_ALL != 0 => Some(PlaceFault::WritableByAll),
            Role::Root | Role::Folder if self.mode & BY_GROUP != 0 => Some(PlaceFault::WritableByGroup),
            Role::Folder if self.mode & 0o055 != 0 => Some(PlaceFault::Open),
            Role::Root | Role::Folder => None,
            // The key alone is looked at whatever its folder is: it may have been reached while the folder was open.
            Role::CaKey if self.mode & (BY_ALL | BY_GROUP) != 0 => Some(PlaceFault::WritableByAll),
            Role::CaKey if self.mode & READ_BY_OTHERS != 0 => Some(PlaceFault::Readable),
            _ if reachable & BY_ALL != 0 => Some(PlaceFault::WritableByAll),
            _ if reachable & BY_GROUP != 0 => Some(PlaceFault::WritableByGroup),
            Role::HostKey | Role::Private if reachable & READ_BY_OTHERS != 0 => Some(PlaceFault::Readable),
            _ => None,
        }
    }

    /// The bits that take effect: who cannot pass through the folder reaches nothing in it.
    fn reach(&self) -> u32 {
        let group = if self.folder_mode & 0o010 != 0 { 0o070 } else { 0 };
        let others = if self.folder_mode & 0o001 != 0 { 0o007 } else { 0 };
        group | others
    }

    /// The mode that fixes it: the present one without the permissions that other users do not need.
    pub fn tightened(&self) -> u32 {
        match self.role {
            Role::CaKey => CA_KEY_MODE,
            Role::Root => self.mode & !(BY_ALL | BY_GROUP),
            _ => self.mode & (self.wanted_mode | 0o700),
        }
    }
}

/// Files of the repository that are not as they should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryPlaces {
    /// Certificates by their serial number.
    pub certificates: u64,
    /// Symbolic links and the like.
    pub irregular: Sample<PathBuf>,
    /// Keys and PFX files that others can read.
    pub readable: Sample<PathBuf>,
    /// Files that others can write.
    pub writable: Sample<PathBuf>,
    /// Keys and PFX files whose owner is not the owner of the CA directory.
    pub foreign: Sample<PathBuf>,
}

impl RepositoryPlaces {
    /// Takes a file of the repository whose mode was looked at.
    pub fn take(&mut self, place: Place, root_owner: u32) {
        match place.fault() {
            Some(PlaceFault::Irregular) => self.irregular.add(place.path),
            Some(PlaceFault::WritableByAll | PlaceFault::WritableByGroup) => self.writable.add(place.path),
            Some(PlaceFault::Readable | PlaceFault::Open) => self.readable.add(place.path),
            None if place.owner != root_owner => self.foreign.add(place.path),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(role: Role, mode: u32, folder_mode: u32) -> Option<PlaceFault> {
        let file_type = if matches!(role, Role::Root | Role::Folder) {
            FileType::Folder
        } else {
            FileType::File
        };
        Place {
            path: "x".into(),
            role,
            file_type,
            link: None,
            mode,
            wanted_mode: 0o600,
            folder_mode,
            owner: 0,
        }
        .fault()
    }

    #[test]
    fn what_nobody_can_reach_is_not_loose_but_the_ca_key_is() {
        assert_eq!(fault(Role::Private, 0o644, 0o700), None);
        assert_eq!(fault(Role::Private, 0o644, 0o755), Some(PlaceFault::Readable));
        assert_eq!(fault(Role::Private, 0o640, 0o701), None, "the group cannot pass");
        assert_eq!(
            fault(Role::HostKey, 0o666, 0o711),
            Some(PlaceFault::WritableByAll)
        );
        assert_eq!(fault(Role::Public, 0o644, 0o755), None);
        assert_eq!(fault(Role::CaKey, 0o440, 0o700), Some(PlaceFault::Readable));
        assert_eq!(fault(Role::CaKey, 0o420, 0o700), Some(PlaceFault::WritableByAll));
        assert_eq!(fault(Role::CaKey, 0o400, 0o755), None);
    }

    #[test]
    fn folders_are_open_or_writable() {
        assert_eq!(fault(Role::Folder, 0o700, 0o755), None);
        assert_eq!(fault(Role::Folder, 0o750, 0o755), Some(PlaceFault::Open));
        assert_eq!(fault(Role::Folder, 0o777, 0o755), Some(PlaceFault::WritableByAll));
        assert_eq!(
            fault(Role::Folder, 0o1777, 0o755),
            Some(PlaceFault::WritableByAll)
        );
        assert_eq!(fault(Role::Root, 0o1777, 0o755), None, "it is root's, as /tmp is");
        assert_eq!(
            fault(Role::Folder, 0o1770, 0o755),
            Some(PlaceFault::WritableByGroup)
        );
        assert_eq!(fault(Role::Root, 0o755, 0o755), None);
        assert_eq!(fault(Role::Root, 0o757, 0o755), Some(PlaceFault::WritableByAll));
    }
}
