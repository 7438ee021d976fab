//! What can go wrong with files.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use gsec_pki::encoding::visible::system_words;

/// What went wrong with a file or directory.
#[derive(Debug, Error)]
pub enum FilesError {
    /// The operating system refused.
    #[error("cannot {action} `{}`: {}", path.display(), system_words(source))]
    Io {
        /// What was tried: a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file of this name exists, and nothing is replaced.
    #[error("`{}` already exists, and is never replaced", .0.display())]
    WouldReplace(PathBuf),
    /// A file was changed by another call after it was read.
    #[error("`{}` was changed by another command at the same time", .0.display())]
    ChangedMeanwhile(PathBuf),
    /// A symbolic link is where a file of the CA should be.
    #[error("`{}` is a symbolic link, which is not followed", .0.display())]
    SymbolicLink(PathBuf),
    /// Something other than a file is where a file of the CA should be.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// A folder of a CA, where something else was to be written.
    #[error("`{}` is a directory of a CA, and only the CA's own files belong there", .0.display())]
    OwnFolder(PathBuf),
    /// A folder or file of another user, where a secret was to be written.
    #[error("`{}` belongs to user {owner}: a private key or PFX is not written where another user can take it", path.display())]
    ForeignFolder {
        /// The folder, or the file that was to be replaced.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// A directory of another user, in which names were to lead to files.
    #[error("`{}` belongs to user {owner}, who could exchange what the names in it lead to", path.display())]
    ForeignNames {
        /// The directory.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// A directory that others can write, in which names were to lead to files.
    #[error("`{}` can be written by {by} (mode {mode:04o}), who could exchange what the names in it lead to", path.display())]
    WritableNames {
        /// The directory.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The users that can write.
        by: &'static str,
    },
    /// A file that has other names besides.
    #[error("`{}` has several names (hard links), and the owners of the others are unknown", .0.display())]
    SeveralNames(PathBuf),
    /// A folder owned by a user that should not be able to change the CA.
    #[error("`{}` is owned by user {owner}, who could replace the CA's files", path.display())]
    ForeignOwner {
        /// The folder.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// Others could change what the CA's safety rests on.
    #[error("`{}` can be written by {by} (mode {mode:04o})", path.display())]
    Writable {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The users that can write.
        by: &'static str,
    },
    /// A file is larger than anything of its kind.
    #[error("`{}` is larger than {bound} bytes, the most that is read of a file of its kind", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound.
        bound: u64,
    },
}

impl FilesError {
    /// A stable name for scripts. It starts with `store`, as it did when only a CA directory had files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "store.io",
            Self::WouldReplace(_) => "store.would_replace",
            Self::ChangedMeanwhile(_) => "store.changed_meanwhile",
            Self::SymbolicLink(_) => "store.symbolic_link",
            Self::NotAFile(_) => "store.not_a_file",
            Self::ForeignFolder { .. } | Self::ForeignNames { .. } => "store.foreign_folder",
            Self::OwnFolder(_) => "output.own_directory",
            Self::SeveralNames(_) => "store.several_names",
            Self::ForeignOwner { .. } => "store.foreign_owner",
            Self::Writable { .. } | Self::WritableNames { .. } => "store.writable_by_others",
            Self::TooLarge { .. } => "store.too_large",
        }
    }

    /// The same error again, for each of several things that failed by it.
    pub fn again(&self, path: &Path) -> Self {
        match self {
            Self::Io { action, path, source } => Self::Io {
                action,
                path: path.clone(),
                source: io::Error::new(source.kind(), source.to_string()),
            },
            Self::ChangedMeanwhile(path) => Self::ChangedMeanwhile(path.clone()),
            other => Self::Io {
                action: "write",
                path: path.to_owned(),
                source: io::Error::other(other.to_string()),
            },
        }
    }

    /// For `map_err`: joins what was tried and where with what the operating system says.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            // ELOOP is what O_NOFOLLOW answers on a symbolic link; std has no stable ErrorKind for it.
            if source.to_string().contains("symbolic links") {
                return Self::SymbolicLink(path.to_owned());
            }
            Self::Io {
                action,
                path: path.to_owned(),
                source,
            }
        }
    }
}
